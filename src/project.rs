//! `kiln.toml`: what a project says of its programs, read with every problem reported at its place.
//!
//! [`load`] reads the file through a [`Reader`], so that the build rests on it; [`resolve`] turns what was asked for
//! into one [`Program`]. This module knows nothing of languages, of how linking is done, or of the command line.

mod compile;
mod path;
mod product;
mod resolve;
mod sources;

pub use compile::Compile;
pub use path::{normalise, relative_to};
pub use product::{Executable, Kind};
pub use resolve::{Program, resolve};
pub use sources::expand;

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
    /// All products, libraries too.
    pub executables: Vec<Executable>,
    /// How all sources of other languages are compiled.
    pub compile: Compile,
    pub link: Link,
    /// Code generation for builds without `--release`.
    pub dev: OptLevel,
    /// Code generation for `--release`.
    pub release: OptLevel,
    /// What `[library.*]` say of their functions.
    pub functions: Vec<FunctionsRule>,
    /// Flags for compilers, likewise.
    pub dev_flags: Vec<String>,
    pub release_flags: Vec<String>,
    /// `[cache] dir`: where the state lies, relative to the project or absolute.
    pub cache: Option<Utf8PathBuf>,
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
            compile: Compile::default(),
            link: Link::default(),
            dev: OptLevel::None,
            release: OptLevel::Speed,
            functions: Vec::new(),
            dev_flags: Vec::new(),
            release_flags: Vec::new(),
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
            .and_then(|name| product::product_name(name, &mut problems));
        package.finish(&mut problems);
    }
    project.executables = product::products(&mut top, project.name.as_ref(), root, &mut problems);
    if let Some(compile) = top.table("compile", &mut problems) {
        project.compile = compile::table(compile, &mut problems);
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
        for (name, level, flags) in [
            ("dev", &mut project.dev, &mut project.dev_flags),
            ("release", &mut project.release, &mut project.release_flags),
        ] {
            if let Some(mut profile) = profiles.table(name, &mut problems) {
                *level = profile
                    .string("opt-level", &mut problems)
                    .and_then(|text| opt_level(&text, &mut problems))
                    .unwrap_or(*level);
                let written = profile.strings("flags", &mut problems);
                compile::refuse_empty(&written, &mut problems);
                *flags = values(written);
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
