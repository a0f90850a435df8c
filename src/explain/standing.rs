//! [`Standing`]: what a result that did not run rests on.

use super::Reason;
use super::report::microseconds;
use camino::Utf8PathBuf;
use serde::Serialize;
use std::time::Duration;

/// Why something did not run: what its result rests on, and that all of it holds, or what of it does not.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    /// A module, another source, an action, the output, or `link`.
    pub artifact: String,
    /// What of the whole build is stale by now; empty: all was just verified.
    pub reasons: Vec<Reason>,
    /// Observations of the whole build.
    pub observations: usize,
    /// How long ago the proof was recorded or last renewed.
    #[serde(rename = "recorded_microseconds_ago", with = "microseconds")]
    pub recorded: Duration,
    pub module: Option<ModuleStanding>,
    /// Another source, or an action.
    pub tool: Option<ToolStanding>,
    pub link: Option<LinkStanding>,
}

/// A module, with the beginnings of its digests.
#[derive(Clone, Debug, Serialize)]
pub struct ModuleStanding {
    pub text: String,
    pub syntax: String,
    pub interface: String,
    pub lowered: String,
    pub object: String,
    /// Specifiers, and the modules that they stand for.
    pub imports: Vec<(String, Utf8PathBuf)>,
    /// Where modules were looked for that are not there.
    pub absent: Vec<Utf8PathBuf>,
    pub exports: Vec<String>,
    /// Modules that import it.
    pub importers: Vec<Utf8PathBuf>,
    /// What it asked of other modules when it was lowered, and the answers.
    pub questions: Vec<Question>,
    /// How many other ways of lowering it are remembered, for other states of the sources.
    pub other_traces: usize,
}

/// A question that lowering asked, and its answer; `None`: there is no such thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    pub question: String,
    pub answer: Option<String>,
}

/// What a compiler of its own, or a command of the project, made.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ToolStanding {
    /// The rule of the compiler, or `action`.
    pub tool: String,
    /// The beginning of the digest of the object; `None` where none was wanted.
    pub object: Option<String>,
    /// Files that it read, and what they are to it.
    pub files: Vec<(Utf8PathBuf, String)>,
    /// Files that it made.
    pub made: Vec<Utf8PathBuf>,
    /// Places where nothing was, and something would count.
    pub absent: Vec<Utf8PathBuf>,
    /// Variables and tools, and the values they have.
    pub others: Vec<Question>,
}

/// The link.
#[derive(Clone, Debug, Serialize)]
pub struct LinkStanding {
    pub linker: String,
    /// `embedded`, `observed` or `modelled`.
    pub way: String,
    pub arguments: Vec<ArgumentStanding>,
    pub objects: usize,
    pub inputs: Vec<InputStanding>,
    /// Places where nothing was, besides those before an input.
    pub absent: Vec<Utf8PathBuf>,
    /// Variables and tools, and the values they have.
    pub others: Vec<Question>,
}

/// An argument of the linker, and where it comes from.
#[derive(Clone, Debug, Serialize)]
pub struct ArgumentStanding {
    pub text: String,
    pub from: String,
}

/// A file that the link read.
#[derive(Clone, Debug, Serialize)]
pub struct InputStanding {
    pub path: Utf8PathBuf,
    /// The beginning of its digest.
    pub digest: String,
    pub why: String,
    /// Places where it was looked for first, and nothing was.
    pub before: Vec<Utf8PathBuf>,
}
