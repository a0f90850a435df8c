//! Native libraries: from names to the words of a link, by the rules.
//!
//! [`Libraries`] knows the rules by name: a project's own, and the shipped ones, each read when it is asked for.
//! [`Libraries::closure`] adds what the named libraries need and puts all in the order of a link; [`Closure::resolve`] tries
//! the alternatives of each. What has to be known of the world is asked through [`Surroundings`], so that the same code
//! answers for a link and for the `[[test]]` rows of rule files.

mod catalogue;
mod choose;
mod order;
mod resolution;
mod sample;
mod shipped;
mod unavailable;

pub use catalogue::Libraries;
pub use order::{Closure, Member, check_cycles};
pub use resolution::{LinkWord, Rejected, Resolution, Resolved, WordOf};
pub use sample::{LibrarySample, sample};
pub use shipped::shipped_libraries;
pub use unavailable::unavailable;

use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What conditions are about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facts {
    pub os: String,
    pub arch: String,
    pub profile: String,
    /// The named choices of the project, with the values that hold.
    pub options: IndexMap<String, String>,
}

impl Facts {
    /// For programs of the system that this runs on.
    pub fn here(profile: &str, options: IndexMap<String, String>) -> Self {
        const OS: &str = if cfg!(target_os = "linux") {
            "linux"
        } else if cfg!(target_os = "macos") {
            "macos"
        } else if cfg!(target_os = "windows") {
            "windows"
        } else {
            "freebsd"
        };
        const ARCH: &str = if cfg!(target_arch = "x86_64") {
            "x86_64"
        } else if cfg!(target_arch = "aarch64") {
            "aarch64"
        } else {
            "riscv64"
        };
        Self {
            os: OS.to_owned(),
            arch: ARCH.to_owned(),
            profile: profile.to_owned(),
            options,
        }
    }
}

/// What pkg-config says of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    pub version: String,
    pub libs: Vec<String>,
    pub cflags: Vec<String>,
}

/// What a resolution asks the world.
pub trait Surroundings {
    type Error;

    /// What pkg-config says of a package; the inner error is why there is none.
    ///
    /// # Errors
    /// If it can't be asked at all.
    fn package(
        &mut self,
        name: &str,
        statically: bool,
    ) -> Result<Result<Package, String>, Self::Error>;

    /// Which of these file names is there: all in one directory are tried before the next one, `first` before the
    /// directories that a link searches by itself.
    ///
    /// # Errors
    /// If a directory can't be looked at.
    fn search(
        &mut self,
        names: &[String],
        first: &[Utf8PathBuf],
    ) -> Result<Option<Utf8PathBuf>, Self::Error>;

    /// Whether there is a file, which lies below `within` whatever links lead to it; if not, why it cannot be used.
    ///
    /// # Errors
    /// If it can't be looked at.
    fn file(
        &mut self,
        path: &Utf8Path,
        within: Option<&Utf8Path>,
    ) -> Result<Result<(), String>, Self::Error>;
}

#[cfg(test)]
mod tests;
