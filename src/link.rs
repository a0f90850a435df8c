//! Linking: from object files in memory to the bytes of a program.
//!
//! A link has two steps. [`Linker::plan`] finds out how programs are linked here; the answer is a value that can be
//! stored. [`Linker::link`] follows a plan. Both see the world through a [`Reader`], so everything that the answer and the
//! program depend on is recorded while it is looked at: files by their digest, and each place where something was looked
//! for in vain. [`Linkers`] chooses between the linker in this process and those that are programs of their own.
//! This module knows observations, and nothing of languages, stores or queries.

mod archive;
#[cfg(feature = "wild")]
mod argument;
mod concatenate;
mod decline;
mod driver;
#[cfg(feature = "wild")]
mod embedded;
mod external;
pub mod identity;
pub mod library;
mod linkers;
pub mod modelled;
pub mod observed;
mod problem;
mod quoting;
pub mod report;
mod requisites;
mod response;
mod shared_library;

pub use archive::archive;
pub use concatenate::Concatenate;
pub use decline::Decline;
#[cfg(feature = "wild")]
pub use embedded::Embedded;
pub use linkers::Linkers;
pub use problem::LinkProblem;

use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::host::{Buffer, Bytes};
use crate::observe::Reader;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::sync::Mutex;

/// Links programs.
pub trait Linker: Send + Sync {
    /// A short name, for keys: `wild`.
    fn name(&self) -> &'static str;

    /// Part of every key: differs whenever the same inputs may give another program.
    fn version(&self) -> String;

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
    /// recorded in `reader` holds, unless [`Linked::kept`] says otherwise. Nothing of `place` reaches the program.
    ///
    /// # Errors
    /// If the objects do not make a program, or if the world fails.
    fn link(
        &self,
        plan: &LinkPlan,
        objects: &[LinkObject],
        place: &LinkPlace<'_>,
        reader: &Reader<'_>,
    ) -> std::result::Result<Linked, LinkFailure>;
}

/// Where a linker works.
pub struct LinkPlace<'p> {
    /// Of the project's state: where files for a linker that is a program of its own may lie.
    pub folder: &'p Utf8Path,
    /// Memory that was made ready for the program, while there was nothing else to do. There may be none, or too little.
    pub room: Mutex<Option<Buffer>>,
    /// The process ends before long: what the linker leaves in memory is not freed, since the system does that at once.
    pub last: bool,
}

impl<'p> LinkPlace<'p> {
    /// A place with nothing prepared.
    pub fn at(folder: &'p Utf8Path) -> Self {
        Self {
            folder,
            room: Mutex::new(None),
            last: false,
        }
    }
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
    /// Words for the driver that name libraries: `-lm`, `vendor/libgreet.a`.
    pub libraries: Vec<String>,
    /// A shared library is made, and no program.
    pub shared: bool,
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
            shared: false,
        }
    }
}

/// How programs are linked here.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LinkPlan {
    /// The compiler that was asked, or that runs the linker, as it was found. Empty where none was needed.
    pub driver: Utf8PathBuf,
    pub linker: LinkerIdentity,
    /// `None`: the linker runs in this process.
    pub external: Option<External>,
    /// What the linker is told, in order; the driver, where the linker is external.
    pub arguments: Vec<Argument>,
    /// Why this is another linker than the one in this process, where nobody asked for another: a clause, such as
    /// ``it cannot do `-T` ``.
    pub instead: Option<String>,
}

impl LinkPlan {
    /// Differs whenever something is linked otherwise.
    pub fn digest(&self) -> Digest {
        // Encoding to memory fails for maps of unknown length only, and there are none.
        Digest::of(&postcard::to_stdvec(self).unwrap_or_default())
    }

    /// How it will be known what the link reads, if nothing stands in the way.
    pub fn way(&self) -> Way {
        match self.external {
            None => Way::Embedded,
            Some(_) => Way::Observed,
        }
    }
}

/// The linker that a plan is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LinkerIdentity {
    /// The name of its rule: `wild`, `bfd`.
    pub name: String,
    pub version: String,
    /// As it was found; `None` where it runs in this process.
    pub path: Option<Utf8PathBuf>,
    /// What it answered when it was asked for its version.
    pub answer: Option<identity::Answer>,
}

/// A linker that is a program of its own, run by the driver.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct External {
    /// The name of the driver's rule.
    pub rule: String,
    /// The driver finds this linker only if it is shown a folder in which it has this name.
    pub shown_as: Option<String>,
}

/// How it is known what a link read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The linker ran in this process and read through [`Reader`].
    Embedded,
    /// The calls of the driver and the linker were seen.
    Observed,
    /// Their search was done again by rule, and the linker's own report agreed.
    Modelled,
    /// It is not known.
    Unknown,
}

impl Way {
    pub fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Observed => "observed",
            Self::Modelled => "modelled",
            Self::Unknown => "unknown",
        }
    }
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
    pub way: Way,
    pub kept: Kept,
}

/// Whether what was recorded is all that a program depends on, so that it may be taken for current later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    Recorded,
    Declined(Decline),
    /// Others changed these while the linker ran.
    Changed(Vec<Utf8PathBuf>),
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

impl From<Error> for LinkFailure {
    fn from(error: Error) -> Self {
        Self::World(error)
    }
}
