//! [`Outcome`]: everything that one build has to say of itself.

use super::{Cause, Reason, word};
use crate::digest::Digest;
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a finished build did, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    pub status: Status,
    /// The program, relative to the project or absolute as it was asked for; `None` for a check.
    pub output: Option<Utf8PathBuf>,
    /// The digest of the program.
    #[serde(default, with = "super::reason::as_text::optional")]
    pub output_digest: Option<Digest>,
    /// Why the recorded build was stale; empty if it was current.
    pub reasons: Vec<Reason>,
    /// What ran, in the order of the queries, by module within each.
    pub ran: Vec<Ran>,
    pub counts: Counts,
    /// `None` where nothing was to be linked (current builds, checks).
    pub link: Option<LinkReport>,
    /// What compilers that are programs of their own said, in the order of the sources.
    pub messages: Vec<Said>,
    /// Said once to the user: damage repaired, a store that cannot be written, a build that was not recorded.
    pub notices: Vec<Notice>,
    /// Phases in order.
    #[serde(with = "word::phases")]
    pub timings: Vec<(word::Word, Duration)>,
}

/// What a compiler said of one source, as it said it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub source: Utf8PathBuf,
    /// Whether it made an object all the same, so that these are warnings.
    pub success: bool,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Proven current: nothing ran.
    Current,
    /// Something was stale.
    Built,
    /// `--dry-run`: this is what would run.
    Predicted,
}

/// One query that ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ran {
    pub query: Query,
    /// The module, or the program for [`Query::Executable`].
    pub subject: Utf8PathBuf,
    pub causes: Vec<Cause>,
    /// It gave the result it had given before, so nothing above it had to run on its account.
    pub cut_off: bool,
    /// How many results that rest on this one were spared.
    pub spared: usize,
    /// When it began, after the build did.
    #[serde(default, with = "microseconds")]
    pub started: Duration,
    #[serde(rename = "microseconds", with = "microseconds")]
    pub duration: Duration,
    /// The thread that ran it: 0 is the one that asked for the build.
    #[serde(default)]
    pub thread: usize,
}

pub(super) fn as_micros(duration: &Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// A duration in JSON.
pub(super) mod microseconds {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::time::Duration;

    pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(super::as_micros(duration))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_micros)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Query {
    /// A command of the project that makes files.
    Action,
    Parse,
    Lower,
    Object,
    Executable,
}

impl Query {
    pub fn name(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Parse => "parse",
            Self::Lower => "lower",
            Self::Object => "object",
            Self::Executable => "executable",
        }
    }
}

/// How much was there, and how much of it ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Modules in the program.
    pub modules: usize,
    pub parsed: usize,
    pub lowered: usize,
    /// Objects emitted.
    pub emitted: usize,
    /// Objects taken from the store.
    pub objects_reused: usize,
    /// Objects and proofs written to the store.
    pub stored: usize,
    /// Observations that the build rests on.
    pub observations: usize,
    /// Files whose bytes were read to digest them.
    pub files_digested: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LinkReport {
    /// `false`: the program came from the store, or was in place already.
    pub linked: bool,
    /// `embedded`, `observed` or `modelled`: how it is known what the link read; `unknown` where it was declined.
    pub way: String,
    /// Name and version.
    pub linker: String,
    /// The linker's program; `None` where it runs in this process.
    pub linker_path: Option<Utf8PathBuf>,
    /// The compiler that says how to link, or that runs the linker.
    pub driver: Option<Utf8PathBuf>,
    /// Why this is not the built-in linker, though nobody named another: a clause.
    pub instead: Option<String>,
    /// Why the link was not recorded.
    pub declined: Option<Declined>,
    /// Objects whose digest was known without reading them.
    pub object_fingerprints_used: usize,
    pub object_files_hashed: usize,
    /// Libraries, start files and scripts that were read to digest them.
    pub external_inputs_hashed: usize,
}

/// A link that was run, and whose result is used, but not recorded: it runs again with each build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Stable: `argument`, `unobservable`, `own-output`, …
    #[serde(deserialize_with = "word::read")]
    pub kind: word::Word,
    /// The argument, variable or file that stands in the way.
    pub subject: Option<String>,
    /// What stands in the way, as a sentence without a full stop.
    pub message: String,
    pub remedy: Option<String>,
    /// Where the rule is written that says so.
    pub rule: Option<String>,
}

/// Something the user should know, that is neither an error nor a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Notice {
    /// Stable: `store-damaged`, `store-unwritable`, `linker-warning`, `link-declined`, `linker-fallback`.
    #[serde(deserialize_with = "word::read")]
    pub code: word::Word,
    pub message: String,
    pub remedy: Option<String>,
}

impl LinkReport {
    /// What the user is told of a link that ran, besides that it did.
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        if !self.linked {
            return notices;
        }
        if let Some(instead) = &self.instead {
            notices.push(Notice {
                code: "linker-fallback",
                message: format!(
                    "the built-in linker did not link the program, since {instead}; {} did",
                    self.linker
                ),
                remedy: Some(
                    "to have it so without being told, name a `linker` in [link]".to_owned(),
                ),
            });
        }
        if let Some(declined) = &self.declined {
            notices.push(Notice {
                code: "link-declined",
                message: format!(
                    "the link is not recorded, so each build links again: {}",
                    declined.message
                ),
                remedy: declined.remedy.clone(),
            });
        }
        notices
    }
}
