//! `kiln.toml`: what a project says of its programs, read with every problem reported at its place.
//!
//! [`load`] reads the file through a [`Reader`], so that the build rests on it; [`resolve`] turns what was asked for
//! into one [`Program`]. This module knows nothing of languages, of how linking is done, or of the command line.

mod path;
mod resolve;

pub use path::{normalise, relative_to};
pub use resolve::{Program, check_entry, resolve};

use crate::document::{Problems, Section, Spanned, document};
use crate::error::{Error, Result};
use crate::frontend::OptLevel;
use crate::observe::{Reader, Role};
use crate::rule::{FunctionsRule, library_functions};
use camino::{Utf8Path, Utf8PathBuf};

/// The configuration file, relative to the project.
pub const FILE: &str = "kiln.toml";

/// What `kiln.toml` says, or what holds without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Whether there is a `kiln.toml`.
    pub present: bool,
    /// `[package] name`.
    pub name: Option<String>,
    pub executables: Vec<Executable>,
    pub link: Link,
    /// Code generation for builds without `--release`.
    pub dev: OptLevel,
    /// Code generation for `--release`.
    pub release: OptLevel,
    /// What `[library.*]` say of their functions.
    pub functions: Vec<FunctionsRule>,
    /// `[cache] dir`: where the state lies, relative to the project or absolute.
    pub cache: Option<Utf8PathBuf>,
}

/// One `[[executable]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executable {
    pub name: String,
    /// Relative to the project and normalised, or absolute if it lies outside.
    pub entry: Utf8PathBuf,
    /// Where the program goes; `None` is the default place.
    pub output: Option<Utf8PathBuf>,
    /// Names of system libraries, as for `-l`.
    pub libraries: Vec<String>,
}

/// `[link]`: the linker, the compiler driver that knows the start files, and what they are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// A name or a path; `auto` chooses.
    pub linker: String,
    /// A name or a path; `auto` chooses.
    pub driver: String,
    pub args: Vec<String>,
    /// Directories to search for libraries, relative to the project or absolute.
    pub search: Vec<Utf8PathBuf>,
}

impl Default for Link {
    fn default() -> Self {
        Self {
            linker: "auto".to_owned(),
            driver: "auto".to_owned(),
            args: Vec::new(),
            search: Vec::new(),
        }
    }
}

impl Default for Project {
    fn default() -> Self {
        Self {
            present: false,
            name: None,
            executables: Vec::new(),
            link: Link::default(),
            dev: OptLevel::None,
            release: OptLevel::Speed,
            functions: Vec::new(),
            cache: None,
        }
    }
}

/// Reads `kiln.toml`; its absence is recorded too, and then the defaults hold.
///
/// # Errors
/// If the file cannot be read, or with a place for each problem in it.
pub fn load(reader: &Reader<'_>) -> Result<Project> {
    let file = Utf8Path::new(FILE);
    let bytes = reader
        .bytes(file, Role::Configuration, "")
        .map_err(|cause| Error::world("cannot read the configuration", file, cause))?;
    let Some(bytes) = bytes else {
        return Ok(Project::default());
    };
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let mut problems = Problems::new(FILE);
            let at = error.valid_up_to();
            problems.add("config-syntax", at..at, "this file is not valid UTF-8");
            return Err(problems.into_error());
        }
    };
    // Only an absolute entry needs to know where the project is.
    let root = || reader.world().host().real_path(Utf8Path::new(".")).ok();
    parse(text, &root)
}

/// Reads the text of a `kiln.toml`. `root` gives the absolute path of the project.
fn parse(text: &str, root: &dyn Fn() -> Option<Utf8PathBuf>) -> Result<Project> {
    let mut problems = Problems::new(FILE);
    let document = document(text, &mut problems);
    let mut top = Section::new("the top level of kiln.toml", &document);
    let mut project = Project {
        present: true,
        ..Project::default()
    };

    if let Some(mut package) = top.table("package", &mut problems) {
        project.name = package
            .string("name", &mut problems)
            .and_then(|name| program_name(name, &mut problems));
        package.finish(&mut problems);
    }
    let sections = top.tables("executable", &mut problems);
    let only = sections.len() == 1;
    for section in sections {
        let inherited = project.name.clone().filter(|_| only);
        let read = executable(section, inherited, root, &mut problems);
        project.executables.extend(read);
    }
    if let Some(mut link) = top.table("link", &mut problems) {
        let defaults = Link::default();
        let filled =
            |name: Option<Spanned<String>>, default| name.map_or(default, |name| name.value);
        project.link = Link {
            linker: filled(link.filled_string("linker", &mut problems), defaults.linker),
            driver: filled(link.filled_string("driver", &mut problems), defaults.driver),
            args: values(link.strings("args", &mut problems)),
            search: paths(link.strings("search", &mut problems), &mut problems),
        };
        link.finish(&mut problems);
    }
    if let Some(mut profiles) = top.table("profile", &mut problems) {
        for (name, level) in [("dev", &mut project.dev), ("release", &mut project.release)] {
            if let Some(mut profile) = profiles.table(name, &mut problems) {
                *level = profile
                    .string("opt-level", &mut problems)
                    .and_then(|text| opt_level(&text, &mut problems))
                    .unwrap_or(*level);
                profile.finish(&mut problems);
            }
        }
        profiles.finish(&mut problems);
    }
    if let Some(mut cache) = top.table("cache", &mut problems) {
        project.cache = cache
            .filled_string("dir", &mut problems)
            .map(|dir| dir.value.into());
        cache.finish(&mut problems);
    }
    if let Some(libraries) = top.table("library", &mut problems) {
        for (name, mut library) in libraries.entries(&mut problems) {
            // How a library is had does not matter to its functions.
            for key in ["path", "system", "sources", "why"] {
                library.span_of(key);
            }
            let name = name.value;
            let read = library_functions(FILE, text, &name, &mut library, &mut problems);
            library.finish(&mut problems);
            project.functions.push(read);
        }
    }
    for rules in ["rules", "linker", "driver", "compiler", "action"] {
        if let Some(span) = top.span_of(rules) {
            let message = format!("`{rules}` needs rule files, which are not supported yet");
            let help = "system libraries go to `libraries` of an [[executable]]";
            problems.add_with_help("config-unsupported", span, message, help);
        }
    }
    top.finish(&mut problems);
    problems.into_result(project)
}

/// One `[[executable]]`; `None` where it lacks something, which is reported.
fn executable(
    mut section: Section<'_>,
    inherited: Option<String>,
    root: &dyn Fn() -> Option<Utf8PathBuf>,
    problems: &mut Problems,
) -> Option<Executable> {
    let name = match section.string("name", problems) {
        Some(written) => {
            let span = written.span.clone();
            let name = program_name(written, problems);
            if let Some(name) = &name {
                problems.unique("executables", "name", name, span);
            }
            name
        }
        None => inherited.filter(|_| !section.has("name")),
    };
    if name.is_none() && !section.has("name") {
        problems.add_with_help(
            "config-missing",
            section.heading(),
            "this executable has no name",
            "add `name = \"…\"`",
        );
    }
    let entry = section.filled_string("entry", problems);
    if entry.is_none() && !section.has("entry") {
        problems.add_with_help(
            "config-missing",
            section.heading(),
            "this executable has no entry",
            "add `entry = \"src/main.ts\"`: the module that runs first",
        );
    }
    let output = section.filled_string("output", problems);
    if let Some(output) = &output {
        if output.value.ends_with('/') {
            problems.add(
                "config-value",
                output.span.clone(),
                "`output` must name a file, not a folder",
            );
        }
        problems.unique(
            "executables",
            "output",
            normalise(output.value.as_str().into()).as_str(),
            output.span.clone(),
        );
    }
    let sources = section.strings("sources", problems);
    if let Some(first) = sources.first() {
        problems.add_with_help(
            "config-unsupported",
            first.span.clone(),
            "`sources` is not supported yet: only the modules that the entry imports are compiled",
            "compile these files apart, and name the library they make under `libraries`",
        );
    }
    let libraries = section.strings("libraries", problems);
    for library in &libraries {
        let bare = library.value.trim_start_matches("-l");
        if library.value.is_empty() || library.value.starts_with('-') {
            let help = if bare.is_empty() || bare.starts_with('-') {
                "options for the linker belong to `args` of [link]".to_owned()
            } else {
                format!("write \"{bare}\"")
            };
            problems.add_with_help(
                "config-value",
                library.span.clone(),
                "this is no library name",
                help,
            );
        }
    }
    section.finish(problems);
    Some(Executable {
        name: name?,
        entry: relative_entry(&entry?.value, root),
        output: output.map(|output| normalise(output.value.as_str().into())),
        libraries: values(libraries),
    })
}

/// The entry as the engine spells it: relative to the project where it lies inside.
fn relative_entry(entry: &str, root: &dyn Fn() -> Option<Utf8PathBuf>) -> Utf8PathBuf {
    let entry = normalise(Utf8Path::new(entry));
    if !entry.is_absolute() {
        return entry;
    }
    match root().and_then(|root| entry.strip_prefix(root).map(Utf8Path::to_owned).ok()) {
        Some(inside) => inside,
        None => entry,
    }
}

/// A name that can be the last part of a path.
fn program_name(name: Spanned<String>, problems: &mut Problems) -> Option<String> {
    let text = &name.value;
    if text.is_empty() || text == "." || text == ".." || text.contains(['/', '\0']) {
        problems.add_with_help(
            "config-value",
            name.span,
            "a name must be usable as a file name",
            "use letters, digits, `-` and `_`; `output` says where the program goes",
        );
        return None;
    }
    Some(name.value)
}

fn opt_level(level: &Spanned<String>, problems: &mut Problems) -> Option<OptLevel> {
    match level.value.as_str() {
        "none" => Some(OptLevel::None),
        "speed" => Some(OptLevel::Speed),
        other => {
            let message = format!("unknown opt-level \"{other}\"");
            problems.add_with_help(
                "config-value",
                level.span.clone(),
                message,
                "use \"none\" or \"speed\"",
            );
            None
        }
    }
}

fn values(strings: Vec<Spanned<String>>) -> Vec<String> {
    strings.into_iter().map(|string| string.value).collect()
}

fn paths(strings: Vec<Spanned<String>>, problems: &mut Problems) -> Vec<Utf8PathBuf> {
    for empty in strings.iter().filter(|string| string.value.is_empty()) {
        problems.add(
            "config-value",
            empty.span.clone(),
            "a path may not be empty",
        );
    }
    values(strings).into_iter().map(Utf8PathBuf::from).collect()
}

#[cfg(test)]
mod tests;
