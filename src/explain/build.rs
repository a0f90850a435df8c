//! [`Build`]: one build as it is remembered, and told of later.

use super::Outcome;
use super::report::microseconds;
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// So many queries of one build are kept, and so many reasons: whoever edits more at once looks at counts.
const KEPT: usize = 5_000;

/// A build that did something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Build {
    /// Counts the builds of this cache, from 1.
    pub number: u64,
    /// When it began, in milliseconds since 1970.
    pub time: i64,
    #[serde(rename = "microseconds", with = "microseconds")]
    pub duration: Duration,
    /// The version of the engine.
    pub kiln: String,
    pub asked: Asked,
    /// The first lines of what is wrong with the program; empty where it was built.
    #[serde(default)]
    pub problems: Vec<String>,
    /// By name: what code generation and the link were told.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// `None` where it is as in the build before.
    #[serde(default)]
    pub link: Option<Linked>,
    /// Queries that ran and are not kept, since they were too many.
    #[serde(default)]
    pub left_out: usize,
    pub outcome: Outcome,
}

/// What was to be built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// `build` or `check`.
    pub goal: String,
    /// How the program was chosen.
    #[serde(default)]
    pub by: AskedBy,
    /// The program: its name, or the path of its entry where that was given.
    pub name: String,
    /// `dev` or `release`.
    pub profile: String,
    /// `None` where no module runs first.
    pub entry: Option<Utf8PathBuf>,
    pub output: Utf8PathBuf,
    /// Where it was to go, if that was said on the command line.
    #[serde(default)]
    pub wanted_output: Option<Utf8PathBuf>,
    /// Values that were chosen for named options of the project.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
}

/// How a program was chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskedBy {
    /// It is the only one.
    #[default]
    Default,
    /// By its name in `kiln.toml`.
    Executable,
    /// By the path of its entry.
    File,
}

/// What a link was given and what it read, whether it ran or was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Of the linker, or of the driver that ran it; `…` where the objects stand.
    pub arguments: Vec<String>,
    /// Files besides the objects: the path, and the beginning of the digest.
    pub inputs: BTreeMap<Utf8PathBuf, String>,
}

impl Build {
    /// Cuts what is too long to be kept.
    pub fn cut(&mut self) {
        let ran = &mut self.outcome.ran;
        self.left_out = ran.len().saturating_sub(KEPT);
        ran.truncate(KEPT);
        self.outcome.reasons.truncate(KEPT);
        self.problems.truncate(20);
    }
}
