//! The modelled way: what a linker will read, found by doing its search, for systems that cannot show it.
//!
//! From a linker's arguments, told apart by its rule, and the search rules beside it, [`model`] walks the way the linker
//! will go: each library through each directory, scripts and the names in them, members of thin archives. It looks at the
//! world through a [`Reader`] only, so that each look, found or not, is an observation. Linkers differ in nearly every step;
//! what is not known of this one, or does not decide, ends the walk with [`Unmodelled`], which names the argument or file.
//!
//! A model is no evidence before [`Model::confirm`] has compared it with the linker's own report after the link: a file that
//! the report names and the model has not means that the linker went another way.
//!
//! Covered are the ELF linkers of which the rules know the search, for x86-64. This module runs nothing; what programs must
//! be asked for is in `builtin`. It knows no linker by name.

mod builtin;
mod driver;
mod input;
mod library;
mod needed;
mod place;
mod script;
#[cfg(test)]
mod tests;
mod walk;

pub use builtin::built_in_directories;
pub use driver::{Driven, driven};

use super::report::{Report, Sight};
use crate::host::Host;
use crate::observe::Reader;
use crate::rule::{Does, Examined, Search, Word};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;
use std::fmt;

/// What a linker reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// Files that it opens, each once, in the order of the walk.
    pub files: Vec<Utf8PathBuf>,
    /// Files that it opens only where something in another file says so: members of thin archives, libraries that only
    /// libraries need.
    pub possible: BTreeSet<Utf8PathBuf>,
    /// What the arguments and scripts come to: objects, archives and libraries, in order.
    pub inputs: Vec<Utf8PathBuf>,
}

/// Why a link is not modelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmodelled {
    /// The argument or file.
    pub what: String,
    /// A clause that follows it: `asks for a linker script of its own`.
    pub why: String,
    /// What to do about it, as an instruction.
    pub remedy: String,
}

impl Unmodelled {
    fn new(what: impl Into<String>, why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            why: why.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for Unmodelled {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "`{}` {}", self.what, self.why)
    }
}

/// The linker as it is to be modelled.
pub struct Linker<'a> {
    pub search: &'a Search,
    /// What it searches without being told; see [`built_in_directories`].
    pub built_in: &'a [String],
}

/// Options that a rule may know and that change what is read in ways that no rule says.
const STRANGE: &[&str] = &[
    "b",
    "format",
    "A",
    "architecture",
    "a",
    "accept-unknown-input-arch",
    "remap-inputs",
    "remap-inputs-file",
    "Ur",
    "c",
    "mri-script",
    "F",
    "filter",
    "f",
    "auxiliary",
    "EB",
    "EL",
    "incremental",
    "just-symbols",
    "R",
];

/// Walks the way of the linker through its arguments. What is looked at is recorded in `reader`.
///
/// # Errors
/// If an argument or a file is in the way of which it is not known what the linker does with it, and if the link would fail.
pub fn model(
    linker: &Linker<'_>,
    examined: &Examined,
    reader: &Reader<'_>,
) -> Result<Model, Unmodelled> {
    const REMEDY: &str = "remove it, or build where programs can be observed";
    if let Some(option) = examined.unknown.first() {
        return Err(Unmodelled::new(
            option,
            "is an option that the linker's rule does not have",
            "add it to the linker's rule, or build where programs can be observed",
        ));
    }
    if let Some(argument) = &examined.instead {
        return Err(Unmodelled::new(
            argument,
            "asks for something other than a link",
            REMEDY,
        ));
    }
    for word in &examined.words {
        if is_strange(word) {
            return Err(Unmodelled::new(
                &word.argument,
                "changes what is read in a way that is not modelled",
                REMEDY,
            ));
        }
        let name = word.argument.trim_start_matches('-');
        if name == "m" || name.starts_with("melf") {
            let emulation = name.strip_prefix('m').filter(|rest| !rest.is_empty());
            let emulation = emulation.unwrap_or(&word.value);
            if emulation != "elf_x86_64" {
                return Err(Unmodelled::new(
                    format!("-m {emulation}"),
                    "selects another target than x86-64, for which links are not modelled",
                    REMEDY,
                ));
            }
        }
    }
    walk::Walk::new(linker, &examined.words, reader)?.finish(&examined.words)
}

/// Whether the word changes what is read in a way that the walk does not know.
fn is_strange(word: &Word) -> bool {
    let option = word.argument.trim_start_matches('-');
    let name = option.split('=').next().unwrap_or(option);
    match word.does {
        Does::Flag | Does::Value => STRANGE.contains(&name) || option.starts_with("mllvm"),
        // An input that is the value of an option is taken in another way than others.
        Does::Input => word.argument != word.value,
        // With one dash some linkers take it as `-l`.
        Does::Library => word.argument.starts_with("-library"),
        Does::Output
        | Does::SideOutput
        | Does::Text
        | Does::Search
        | Does::ExactLibrary
        | Does::Sysroot
        | Does::NeededSearch
        | Does::State
        | Does::NoDefaults
        | Does::Plugin => false,
        _ => true,
    }
}

impl Model {
    /// Compares the model with what the linker reported after the link. `made` are the files that the linker wrote, `root`
    /// the absolute directory that it ran in.
    ///
    /// # Errors
    /// With the first file that the report names and the model does not.
    pub fn confirm(
        &self,
        report: &Report,
        made: &[Utf8PathBuf],
        root: &Utf8Path,
        host: &dyn Host,
    ) -> Result<(), Unmodelled> {
        let mut sight = Sight::new(root);
        for path in self.files.iter().chain(&self.possible) {
            sight.read(path);
        }
        made.iter().for_each(|path| sight.made(path));
        let reported = Report {
            read: report.read.clone(),
            // Where it was looked in vain is compared by the tests only: not to be modelled is no proof of having been seen.
            missed: Vec::new(),
        };
        match sight.disagreement(&reported, host).first() {
            None => Ok(()),
            Some(alarm) => Err(Unmodelled::new(
                alarm.path().as_str(),
                "was read by the linker, as its report says, and is not in the model",
                "build where programs can be observed, and report this",
            )),
        }
    }
}
