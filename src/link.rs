//! Linking: from object files in memory to the bytes of a program.
//!
//! A link has two steps. [`Linker::plan`] asks the system's C compiler how programs are linked here; the answer is a
//! value that can be stored. [`Linker::link`] follows a plan. Both see the world through a [`Reader`], so everything that
//! the answer and the program depend on is recorded while it is looked at: files by their digest, and each place where
//! something was looked for in vain. Nothing is written to disk.
//! This module knows observations, and nothing of languages, stores or queries.

#[cfg(feature = "wild")]
mod argument;
mod concatenate;
mod decline;
#[cfg(feature = "wild")]
mod driver;
#[cfg(feature = "wild")]
mod embedded;
pub mod modelled;
pub mod observed;
mod quoting;
pub mod report;
mod requisites;
#[cfg(feature = "wild")]
mod response;

pub use concatenate::Concatenate;
pub use decline::Decline;
#[cfg(feature = "wild")]
pub use embedded::Embedded;

use crate::error::{Error, Result};
use crate::host::Bytes;
use crate::observe::Reader;
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

/// Links programs.
pub trait Linker: Send + Sync {
    /// A short name, for messages and reports: `wild`.
    fn name(&self) -> &'static str;

    /// Part of every key: differs whenever the same inputs may give another program.
    fn version(&self) -> String;

    /// How it is known what a link reads: `embedded` where the linker runs in this process and reads through [`Reader`].
    fn way(&self) -> &'static str;

    /// How programs are linked on this system. `runtime_libraries` are names as for `-l`, needed besides the ones that
    /// `options` names.
    ///
    /// # Errors
    /// If there is no C compiler, if it cannot be asked, or if the options ask for what this linker cannot do.
    fn plan(
        &self,
        options: &LinkOptions,
        runtime_libraries: &[&str],
        reader: &Reader<'_>,
    ) -> Result<LinkPlan>;

    /// The program that `objects` make, in this order. Equal plans and objects give equal bytes as long as what was
    /// recorded in `reader` holds.
    ///
    /// # Errors
    /// If the objects do not make a program, or if the world fails.
    fn link(
        &self,
        plan: &LinkPlan,
        objects: &[LinkObject],
        reader: &Reader<'_>,
    ) -> std::result::Result<Linked, LinkFailure>;
}

/// What the `[link]` table of `kiln.toml` and the executable say. Paths are relative to the project, or absolute.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LinkOptions {
    /// `auto`, or the name of a linker.
    pub linker: String,
    /// `auto`, a program searched in `PATH`, or a path.
    pub driver: String,
    /// Arguments for the driver, such as `-static` or `-Wl,-z,now`.
    pub args: Vec<String>,
    /// Directories that are searched for libraries before those of the system.
    pub search: Vec<Utf8PathBuf>,
    /// Names of libraries, as for `-l`.
    pub libraries: Vec<String>,
}

impl Default for LinkOptions {
    fn default() -> Self {
        let auto = || "auto".to_owned();
        Self {
            linker: auto(),
            driver: auto(),
            args: Vec::new(),
            search: Vec::new(),
            libraries: Vec::new(),
        }
    }
}

/// How to link, as the system's compiler says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LinkPlan {
    /// The compiler that was asked, as it was found. Empty where none was needed.
    pub driver: Utf8PathBuf,
    /// What the linker is told, in order.
    pub arguments: Vec<Argument>,
}

/// One argument of the linker.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Argument {
    Text(String),
    /// Here stand the objects.
    Objects,
}

/// An object file or a static archive.
#[derive(Clone, Debug)]
pub struct LinkObject {
    /// What messages call it. Does not reach the program.
    pub name: String,
    pub bytes: Bytes,
}

/// A linked program.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The executable file.
    pub bytes: Bytes,
    /// What the linker warned of, one warning a line; mostly empty.
    pub warnings: String,
}

/// Why there is no program.
#[derive(Debug)]
pub enum LinkFailure {
    /// The objects do not make a program: somebody has to change the program or the configuration. Depends on nothing
    /// but the plan, the objects and what was recorded.
    Program(Vec<LinkProblem>),
    /// The world failed, or a variable of the environment stands in the way; the same link may succeed the next time.
    World(Error),
}

/// One thing that keeps objects from being a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkProblem {
    /// Stable, for machines: `link-undefined-symbol`, `link-missing-library`, `link-missing-file`, `link-failed`.
    pub code: String,
    /// As a sentence without a full stop.
    pub message: String,
    /// The symbol, library or file that the message is about, where the linker names one.
    pub subject: Option<String>,
    /// Names of the objects that need it, where the linker names them.
    pub objects: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl From<Error> for LinkFailure {
    fn from(error: Error) -> Self {
        Self::World(error)
    }
}
