//! [`Decline`]: why a link is run and not recorded. Closed: there is no variant for "unknown".
//!
//! It says what stands in the way and what to do about it, and knows nothing of where that is shown.

use camino::Utf8PathBuf;
use serde::Serialize;

/// What keeps a link from being proven current. Not an error: the command runs as if Kiln were not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Decline {
    /// The command makes no program or library, but compiles, preprocesses, or prints something.
    NotALink { argument: Option<String> },
    /// An argument, or a variable of the environment (`NAME=value`), asks for a result that differs each time, or that depends on what nobody can see.
    Argument {
        argument: String,
        problem: String,
        remedy: String,
        /// Where the rule is written that says so.
        rule: String,
    },
    /// An argument or a variable is not UTF-8.
    NotUtf8 { what: String },
    /// Standard input holds bytes that the command could read.
    StandardInput,
    /// This system can't show what a program reads.
    Unobservable { problem: String },
    /// This system can't show what a program reads, and what this link reads can't be told by rule.
    Unmodelled {
        /// The argument or file.
        what: String,
        /// A clause that follows it.
        why: String,
        remedy: String,
    },
    /// The observer lost sight of something.
    Gap { what: String },
    /// The linker says in its own report that it read a file, and nobody saw it.
    Unseen { path: Utf8PathBuf },
    /// A program or a plugin ran, or a file was read, of which nobody knows which variables it reads.
    Stranger {
        program: Utf8PathBuf,
        /// Why nobody does, as a sentence without a full stop.
        why: String,
        remedy: String,
    },
    /// Something was read that says something else each time, or that is no file.
    SpecialFile { path: Utf8PathBuf },
    /// What the last run left was read, or would be by the next run.
    OwnOutput { path: Utf8PathBuf },
    /// A file that was there before was moved or removed, so that the same command can't run again.
    ConsumesInput { path: Utf8PathBuf },
    /// Something other than a file, a directory or a symbolic link was made.
    StrangeOutput { path: Utf8PathBuf },
    /// The folder for recorded links can't be used.
    NoCache { problem: String },
}

impl Decline {
    /// What stands in the way, as a sentence without a full stop.
    pub fn message(&self) -> String {
        match self {
            Self::NotALink { argument: None } => "the command left no file behind".to_owned(),
            Self::NotALink {
                argument: Some(argument),
            } => format!("this is no link: {argument}"),
            Self::Argument {
                argument, problem, ..
            } if argument.is_empty() => problem.clone(),
            Self::Argument {
                argument, problem, ..
            } => format!("`{argument}`: {problem}"),
            Self::NotUtf8 { what } => format!("{what} is not UTF-8"),
            Self::StandardInput => "the command may read its standard input".to_owned(),
            Self::Unobservable { problem } => {
                format!("what the command reads can't be observed: {problem}")
            }
            Self::Unmodelled { what, why, .. } => {
                format!("programs can't be observed here, and `{what}` {why}")
            }
            Self::Gap { what } => format!("not all that the command did could be seen: {what}"),
            Self::Unseen { path } => {
                format!("the linker reports that it read {path}, and that was not seen")
            }
            Self::Stranger { why, .. } => {
                format!("{why}, and nobody knows which variables that reads")
            }
            Self::SpecialFile { path } => {
                format!("{path} was used, which need not say the same the next time")
            }
            Self::OwnOutput { path } => format!("the command reads its own previous output {path}"),
            Self::ConsumesInput { path } => {
                format!("the command moves or removes {path}, which it used and did not make")
            }
            Self::StrangeOutput { path } => {
                format!("{path} was made, and is neither a file nor a directory nor a link")
            }
            Self::NoCache { problem } => {
                format!("the folder for recorded links can't be used: {problem}")
            }
        }
    }

    /// Its kind for machines: `argument`, `own-output`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotALink { .. } => "not-a-link",
            Self::Argument { .. } => "argument",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::StandardInput => "standard-input",
            Self::Unobservable { .. } => "unobservable",
            Self::Unmodelled { .. } => "unmodelled",
            Self::Gap { .. } => "gap",
            Self::Unseen { .. } => "unseen",
            Self::Stranger { .. } => "stranger",
            Self::SpecialFile { .. } => "special-file",
            Self::OwnOutput { .. } => "own-output",
            Self::ConsumesInput { .. } => "consumes-input",
            Self::StrangeOutput { .. } => "strange-output",
            Self::NoCache { .. } => "no-cache",
        }
    }

    /// The argument, variable or file that stands in the way, where there is one.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::NotALink { argument } => argument.as_deref(),
            Self::Argument { argument, .. } => Some(argument)
                .filter(|text| !text.is_empty())
                .map(String::as_str),
            Self::NotUtf8 { what } | Self::Unmodelled { what, .. } => Some(what),
            Self::Stranger { program: path, .. }
            | Self::Unseen { path }
            | Self::SpecialFile { path }
            | Self::OwnOutput { path }
            | Self::ConsumesInput { path }
            | Self::StrangeOutput { path } => Some(path.as_str()),
            Self::StandardInput
            | Self::Unobservable { .. }
            | Self::Gap { .. }
            | Self::NoCache { .. } => None,
        }
    }

    /// Where the rule is written that says so, if one does.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::Argument { rule, .. } => Some(rule),
            _ => None,
        }
    }

    /// What to do about it, as a sentence without a full stop; empty where there is nothing to be done.
    pub fn remedy(&self) -> String {
        let text = match self {
            Self::Argument { remedy, .. }
            | Self::Unmodelled { remedy, .. }
            | Self::Stranger { remedy, .. } => {
                return remedy.clone();
            }
            Self::NotALink { .. } => "put `kiln link` only before commands that link",
            Self::NotUtf8 { .. } => "use names that are UTF-8",
            Self::StandardInput => "give the command no input: `</dev/null`",
            Self::Unobservable { .. } => {
                "run on Linux 5.9 or later, where seccomp is not forbidden"
            }
            Self::Gap { .. } => "",
            Self::Unseen { .. } => {
                "this is a defect; please report it, with the linker and its version"
            }
            Self::SpecialFile { .. } => "let the command use ordinary files only",
            Self::OwnOutput { .. } => "write the output to another place than any input",
            Self::ConsumesInput { .. } => "let another command clean up",
            Self::StrangeOutput { .. } => "let another command make it",
            Self::NoCache { .. } => "name another folder with `--cache-dir` or KILN_CACHE_DIR",
        };
        text.to_owned()
    }
}
