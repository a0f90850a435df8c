//! Rules: what is known of linkers, of the drivers that run them, and of native libraries, as data in TOML files.
//!
//! [`Rules::shipped`] are those in `rules/` about tools, which are part of the program; [`Rules::with`] adds a file, whose
//! entries replace those of the same name. Then, in the order of a link: [`Rules::recognise`] says which rule a program
//! falls under, [`Rules::environment`] which variables it is given, and [`Rules::examine`] what its command line means.
//! [`Libraries`] are the rules of native libraries. Nothing here looks at the world: what is needed of it is handed in.

mod command;
mod definition;
pub mod describe;
mod environment;
mod examine;
pub mod library;
mod load;
mod pattern;
mod recognise;
mod sample;
mod schema;
mod search;
mod text;
mod version;

pub use command::UnitWords;
pub use definition::{Definition, Definitions};
pub use environment::Environment;
pub use examine::{
    Consulted, Decline, Examined, Line, ResponseFile, SideOutput, Volatile, Word, gnu_words,
    windows_words,
};
pub use library::Libraries;
pub use load::{Loaded, Reading};
pub use pattern::{Form, FormValue, Pattern};
pub use recognise::{Claim, Program};
pub use sample::Failure;
pub use schema::*;
pub use text::Text;
pub use version::VersionRange;

use crate::digest::Digest;
use crate::document::Spanned;
use crate::error::Result;
use indexmap::IndexMap;
use sample::Sample;
use serde::Serialize;
use std::fmt;

/// The rule files that are part of the program, in the order in which they are read.
const SHIPPED: &[(&str, &str)] = &[
    (
        "rules/environments.toml",
        include_str!("../rules/environments.toml"),
    ),
    (
        "rules/linkers/bfd.toml",
        include_str!("../rules/linkers/bfd.toml"),
    ),
    (
        "rules/linkers/gold.toml",
        include_str!("../rules/linkers/gold.toml"),
    ),
    (
        "rules/linkers/lld.toml",
        include_str!("../rules/linkers/lld.toml"),
    ),
    (
        "rules/linkers/mold.toml",
        include_str!("../rules/linkers/mold.toml"),
    ),
    (
        "rules/linkers/wild.toml",
        include_str!("../rules/linkers/wild.toml"),
    ),
    (
        "rules/linkers/ld64-lld.toml",
        include_str!("../rules/linkers/ld64-lld.toml"),
    ),
    (
        "rules/linkers/lld-link.toml",
        include_str!("../rules/linkers/lld-link.toml"),
    ),
    (
        "rules/drivers/gcc.toml",
        include_str!("../rules/drivers/gcc.toml"),
    ),
    (
        "rules/drivers/clang.toml",
        include_str!("../rules/drivers/clang.toml"),
    ),
    (
        "rules/compilers/c.toml",
        include_str!("../rules/compilers/c.toml"),
    ),
    (
        "rules/compilers/cxx.toml",
        include_str!("../rules/compilers/cxx.toml"),
    ),
    (
        "rules/compilers/asm.toml",
        include_str!("../rules/compilers/asm.toml"),
    ),
];

/// All rules that hold, by name.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    pub linkers: IndexMap<String, LinkerRule>,
    pub drivers: IndexMap<String, DriverRule>,
    /// Variables that several tools have in common.
    pub environments: IndexMap<String, EnvironmentRule>,
    /// Languages whose files a program of its own compiles.
    pub compilers: IndexMap<String, CompilerRule>,
    /// Native libraries, but for the shipped ones, which [`Libraries`] reads by name.
    pub libraries: IndexMap<String, LibraryRule>,
}

/// The `[[test]]` rows of a file.
struct Samples {
    tools: Vec<Sample>,
    libraries: Vec<library::LibrarySample>,
}

/// Names a linker's or a driver's rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleId {
    Linker(String),
    Driver(String),
}

impl RuleId {
    /// The name without its kind: `lld`.
    pub fn name(&self) -> &str {
        match self {
            Self::Linker(name) | Self::Driver(name) => name,
        }
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Linker(name) => write!(f, "linker.{name}"),
            Self::Driver(name) => write!(f, "driver.{name}"),
        }
    }
}

impl Rules {
    /// The rules that are part of the program.
    ///
    /// # Errors
    /// None that a test of the program does not find first.
    pub fn shipped() -> Result<Self> {
        Self::shipped_in(&[""])
    }

    /// Of the rules that are part of the program those of compilers, and what these refer to: a build that links by none of
    /// the others need not read them.
    ///
    /// # Errors
    /// As [`Rules::shipped`].
    pub fn shipped_compilers() -> Result<Self> {
        Self::shipped_in(&["rules/environments.toml", "rules/compilers/"])
    }

    fn shipped_in(folders: &[&str]) -> Result<Self> {
        let mut rules = Self::default();
        let wanted = |file: &str| folders.iter().any(|folder| file.starts_with(folder));
        for (file, text) in SHIPPED.iter().filter(|(file, _)| wanted(file)) {
            // The samples come last in each file and are for tests: reading them would cost more than all else.
            let end = text.find("\n[[test]]").unwrap_or(text.len());
            rules = rules.with(file, &text[..end])?;
        }
        Ok(rules)
    }

    /// The shipped files with their texts, for `kiln rules`.
    pub fn shipped_files() -> &'static [(&'static str, &'static str)] {
        SHIPPED
    }

    /// The text of a file that is part of the program.
    pub fn shipped_text(file: &str) -> Option<&'static str> {
        let tools = SHIPPED.iter().copied();
        let libraries = library::shipped_libraries().iter();
        let mut all = tools.chain(libraries.map(|(_, file, text)| (*file, *text)));
        all.find(|(known, _)| *known == file).map(|(_, text)| text)
    }

    /// These rules and those of a file, whose entries replace others of the same kind and name. `file` is what messages
    /// call it.
    ///
    /// # Errors
    /// With a place for each problem in the file.
    pub fn with(self, file: &str, text: &str) -> Result<Self> {
        self.joined(file, text).map(|(rules, _)| rules)
    }

    /// As [`Rules::with`], and the outcome of the file's own `[[test]]` rows: how many there are, and those that fail.
    ///
    /// # Errors
    /// With a place for each problem in the file.
    pub fn check(self, file: &str, text: &str) -> Result<(Self, usize, Vec<Failure>)> {
        let (rules, samples) = self.joined(file, text)?;
        let libraries = Libraries::new(rules.libraries.clone());
        let tools = samples.tools.iter();
        let failures = tools.flat_map(|sample| sample.failures(&rules));
        let about_libraries = samples.libraries.iter();
        let failures =
            failures.chain(about_libraries.flat_map(|sample| sample.failures(&libraries)));
        let failures = failures.collect();
        let count = samples.tools.len() + samples.libraries.len();
        Ok((rules, count, failures))
    }

    /// What a file says by itself, and the options that conditions in it ask for. `confined` says whose it is, if it is
    /// somebody else's.
    ///
    /// # Errors
    /// With a place for each problem in the file.
    pub fn load(
        file: &str,
        text: &str,
        confined: Option<Confined>,
    ) -> Result<(Loaded, Vec<Spanned<String>>)> {
        load::load_with_options(file, text, confined)
    }

    fn joined(mut self, file: &str, text: &str) -> Result<(Self, Samples)> {
        let loaded = load::load(file, text, None)?;
        self.linkers.extend(loaded.linkers);
        self.drivers.extend(loaded.drivers);
        self.environments.extend(loaded.environments);
        self.compilers.extend(loaded.compilers);
        self.libraries.extend(loaded.libraries);
        load::check_references(file, &loaded.references, |kind| match kind {
            "linker" => self.linkers.keys().map(String::as_str).collect(),
            _ => self.environments.keys().map(String::as_str).collect(),
        })?;
        let samples = Samples {
            tools: loaded.samples,
            libraries: loaded.library_samples,
        };
        Ok((self, samples))
    }

    /// What the rule says that linkers and drivers have in common; `None` where there is no such rule.
    pub fn tool(&self, id: &RuleId) -> Option<&ToolRule> {
        match id {
            RuleId::Linker(name) => self.linkers.get(name).map(|rule| &rule.tool),
            RuleId::Driver(name) => self.drivers.get(name).map(|rule| &rule.tool),
        }
    }

    /// Where the rule is written.
    pub fn place(&self, id: &RuleId) -> Option<&Place> {
        match id {
            RuleId::Linker(name) => self.linkers.get(name).map(|rule| &rule.place),
            RuleId::Driver(name) => self.drivers.get(name).map(|rule| &rule.place),
        }
    }

    /// The digest of what the rule says, its variables with all that it has them from; of nothing where there is no such
    /// rule. Comments, order within the file and other rules do not reach it. For a driver the linkers behind it count by
    /// their variables only: [`Examined::consulted`] has the one that a command line selects.
    pub fn digest(&self, id: &RuleId) -> Digest {
        let (environment, runs) = (self.environment(id), self.runs(id));
        match id {
            RuleId::Linker(name) => digest(&(self.linkers.get(name), environment.variables, runs)),
            RuleId::Driver(name) => digest(&(self.drivers.get(name), environment.variables, runs)),
        }
    }

    /// A project's rules of linkers and drivers, and after them these, as far as none of the same name replaces them:
    /// what fits both falls under the project's own.
    #[must_use]
    pub fn beneath(self, project: &Self) -> Self {
        let (mut linkers, mut drivers) = (project.linkers.clone(), project.drivers.clone());
        for (name, rule) in self.linkers {
            linkers.entry(name).or_insert(rule);
        }
        for (name, rule) in self.drivers {
            drivers.entry(name).or_insert(rule);
        }
        let mut environments = self.environments;
        environments.extend(project.environments.clone());
        Self {
            linkers,
            drivers,
            environments,
            ..self
        }
    }

    /// Adds a project's rules of tools and environments, which replace others of the same name.
    pub fn extend(&mut self, project: &Self) {
        let linkers = project.linkers.iter();
        self.linkers
            .extend(linkers.map(|(name, rule)| (name.clone(), rule.clone())));
        let drivers = project.drivers.iter();
        self.drivers
            .extend(drivers.map(|(name, rule)| (name.clone(), rule.clone())));
        let compilers = project.compilers.iter();
        self.compilers
            .extend(compilers.map(|(name, rule)| (name.clone(), rule.clone())));
        let environments = project.environments.iter();
        self.environments
            .extend(environments.map(|(name, rule)| (name.clone(), rule.clone())));
    }

    /// The variables of an action, and the digest of what it says, these included. Every action is given what a program
    /// needs to run at all.
    pub fn action(&self, rule: &ActionRule) -> (Environment, Digest) {
        let common = rule.environment.iter().map(String::as_str);
        let common = common.chain(["action", "loader", "basics"]);
        let environment = self.with_common(rule.variables.clone(), common);
        let digest = digest(&(rule, &environment.variables));
        (environment, digest)
    }

    /// As [`Rules::digest`], of a compiler's rule.
    pub fn compiler_digest(&self, name: &str) -> Digest {
        digest(&(
            self.compilers.get(name),
            self.compiler_environment(name).variables,
        ))
    }

    /// The rule of the compiler for a file of this name, and its name; the one that was declared last, where several fit.
    pub fn compiler_of(&self, file: &str) -> Option<(&str, &CompilerRule)> {
        let mut compilers = self.compilers.iter().rev();
        let (name, rule) = compilers.find(|(_, rule)| rule.compiles(file))?;
        Some((name, rule))
    }

    /// All rules for tools, linkers first, in the order of the files.
    pub fn ids(&self) -> impl Iterator<Item = RuleId> {
        let linkers = self.linkers.keys().cloned().map(RuleId::Linker);
        linkers.chain(self.drivers.keys().cloned().map(RuleId::Driver))
    }
}

fn digest(value: &impl Serialize) -> Digest {
    // These types hold nothing that JSON cannot; were there something, the digest of nothing would still be the same
    // for the same rule, and the rule's file is part of the program or observed as such.
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    Digest::of(&bytes)
}

#[cfg(test)]
mod tests;
