//! `kiln.toml`: what a project says of its programs, read with every problem reported at its place.
//!
//! [`load`] reads the file through a [`Reader`], so that the build rests on it, and the rule files that it lists;
//! [`resolve`] turns what was asked for into one [`Program`]. This module knows nothing of languages, of how linking is
//! done, or of the command line.

mod compile;
mod path;
mod product;
mod resolve;
mod rules;
mod sources;

pub use crate::document::normalise;
pub use compile::Compile;
pub use path::relative_to;
pub use product::{Executable, Kind};
pub use resolve::{Program, facts, resolve};
pub use rules::RuleFile;
pub use sources::{expand, fits};

use crate::document::shape::Noted;
use crate::document::{Problems, Section, Spanned, document};
use crate::error::{Error, Result};
use crate::frontend::OptLevel;
use crate::observe::{Reader, Role};
use crate::rule::{ActionRule, Libraries, Loaded, Place, Reading, Rules};
use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;
use std::sync::Arc;
use toml::de::DeTable;

const OPT_LEVELS: &[(&str, OptLevel)] = &[("none", OptLevel::None), ("speed", OptLevel::Speed)];

/// The configuration file, relative to the project.
pub const FILE: &str = "kiln.toml";

/// What `kiln.toml` says, or what holds without one.
#[derive(Clone, Debug)]
pub struct Project {
    /// Whether there is a `kiln.toml`.
    pub present: bool,
    /// `[package] name`.
    pub name: Option<String>,
    pub executables: Vec<Executable>,
    /// How sources are compiled, whichever product they are of.
    pub compile: Compile,
    pub link: Link,
    /// Code generation for builds without `--release`.
    pub dev: OptLevel,
    /// Code generation for `--release`.
    pub release: OptLevel,
    /// Flags for compilers, likewise.
    pub dev_flags: Vec<String>,
    pub release_flags: Vec<String>,
    /// `[cache] dir`: where the state lies, relative to the project or absolute.
    pub cache: Option<Utf8PathBuf>,
    /// `[options]`: named choices, with the values that hold unless a request says otherwise.
    pub options: IndexMap<String, String>,
    /// The rules of native libraries.
    pub libraries: Arc<Libraries>,
    /// The commands that make files.
    pub actions: IndexMap<String, ActionRule>,
    /// The rules of compilers, linkers and drivers that replace shipped ones or stand beside them, and the environments that
    /// they name.
    pub tools: Rules,
    /// `rules`: the files that say more of them, in their order.
    pub rule_files: Vec<RuleFile>,
    /// Of each rule that stands in several files: where it stands in those that do not count.
    pub overridden: IndexMap<String, Vec<Place>>,
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
            compile: Compile::default(),
            dev_flags: Vec::new(),
            release_flags: Vec::new(),
            actions: IndexMap::new(),
            tools: Rules::default(),
            cache: None,
            options: IndexMap::new(),
            libraries: Arc::default(),
            rule_files: Vec::new(),
            overridden: IndexMap::new(),
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
    with_rules(text, &root, reader)
}

/// Reads the text of a `kiln.toml`, and the files that it lists.
fn with_rules(
    text: &str,
    root: &dyn Fn() -> Option<Utf8PathBuf>,
    reader: &Reader<'_>,
) -> Result<Project> {
    let mut reading = Reading::new(FILE, text, None);
    let (mut project, mut own) = parse(text, root, &mut reading);
    let mut problems = reading.problems.take();
    let options = std::mem::take(&mut reading.options_used);
    rules::load(&mut project, &mut own, options, reader, &mut problems)?;
    match problems.is_empty() {
        true => Ok(project),
        false => Err(rules::wrong(problems)),
    }
}

/// Reads the text of a `kiln.toml`, and the rules in it. `root` gives the absolute path of the project.
fn parse(
    text: &str,
    root: &dyn Fn() -> Option<Utf8PathBuf>,
    reading: &mut Reading<'_>,
) -> (Project, Own) {
    let document = document(text, &mut reading.problems);
    let mut top = Section::new("the top level of kiln.toml", &document);
    let read = read(&mut top, root, reading);
    top.finish(&mut reading.problems);
    read
}

/// All keys of a `kiln.toml`, as its reader knows them.
pub fn shape() -> Noted {
    let noted = Noted::default();
    let empty = DeTable::new();
    let mut top = Section::describing(&empty, &noted);
    read(&mut top, &|| None, &mut Reading::new(FILE, "", None));
    noted
}

/// What a `kiln.toml` says of rules.
#[derive(Default)]
struct Own {
    rules: Loaded,
    listed: Vec<rules::Listed>,
    /// `[allow] packages`.
    allowed: Vec<Spanned<String>>,
}

/// Reads the top level of a `kiln.toml`.
fn read(
    top: &mut Section<'_>,
    root: &dyn Fn() -> Option<Utf8PathBuf>,
    reading: &mut Reading<'_>,
) -> (Project, Own) {
    let mut project = Project {
        present: true,
        ..Project::default()
    };
    if let Some(mut package) = top.table("package", &mut reading.problems) {
        project.name = package
            .string("name", &mut reading.problems)
            .and_then(|name| product::product_name(name, &mut reading.problems));
        package.finish(&mut reading.problems);
    }
    project.executables = product::products(top, project.name.as_ref(), root, reading);
    if let Some(compile) = top.table("compile", &mut reading.problems) {
        project.compile = compile::table(compile, &mut reading.problems);
    }
    let mut own = Own {
        listed: rules::listed(top, reading),
        ..Own::default()
    };
    if let Some(mut allow) = top.table("allow", &mut reading.problems) {
        own.allowed = allow.strings("packages", &mut reading.problems);
        allow.finish(&mut reading.problems);
    }
    own.rules.libraries(top, reading);
    own.rules.tools(top, reading);
    let problems = &mut reading.problems;
    if let Some(options) = top.table("options", problems) {
        let pairs = options.pairs(problems).into_iter();
        project.options = pairs
            .map(|(name, value)| (name.value, value.value))
            .collect();
    }
    if let Some(mut link) = top.table("link", problems) {
        let defaults = Link::default();
        let filled =
            |name: Option<Spanned<String>>, default| name.map_or(default, |name| name.value);
        project.link = Link {
            linker: filled(link.filled_string("linker", problems), defaults.linker),
            driver: filled(link.filled_string("driver", problems), defaults.driver),
            args: values(link.strings("args", problems)),
            search: paths(link.strings("search", problems), problems),
        };
        link.finish(problems);
    }
    if let Some(mut profiles) = top.table("profile", problems) {
        for (name, level, flags) in [
            ("dev", &mut project.dev, &mut project.dev_flags),
            ("release", &mut project.release, &mut project.release_flags),
        ] {
            if let Some(mut profile) = profiles.table(name, problems) {
                *level = profile
                    .choice("opt-level", OPT_LEVELS, problems)
                    .unwrap_or(*level);
                let written = profile.strings("flags", problems);
                compile::refuse_empty(&written, problems);
                *flags = values(written);
                profile.finish(problems);
            }
        }
        profiles.finish(problems);
    }
    if let Some(mut cache) = top.table("cache", problems) {
        project.cache = cache
            .filled_string("dir", problems)
            .map(|dir| dir.value.into());
        cache.finish(problems);
    }
    (project, own)
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
