//! [`LinkProblem`]: one thing that keeps objects from being a program, and the problems that every linker can have, in
//! the same words whoever finds them.
//!
//! It knows no linker: what a message is about is found out elsewhere.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

impl LinkProblem {
    /// A problem of a kind that has no words of its own here. An empty `help` is none.
    pub(super) fn new(code: &str, message: String, subject: Option<String>, help: &str) -> Self {
        Self {
            code: code.to_owned(),
            message,
            subject,
            objects: Vec::new(),
            help: (!help.is_empty()).then(|| help.to_owned()),
        }
    }

    pub(super) fn undefined(symbol: String, objects: BTreeSet<String>) -> Self {
        let message = format!("nothing defines the symbol `{symbol}`");
        let help =
            "name the library that defines it in `libraries`, or add the source that defines it";
        Self {
            objects: objects.into_iter().collect(),
            ..Self::new("link-undefined-symbol", message, Some(symbol), help)
        }
    }

    pub(super) fn missing_library(library: Option<String>) -> Self {
        let message = format!(
            "the library `{}` is in no directory that is searched",
            library.as_deref().unwrap_or_default()
        );
        let help = "install its files for development, or add its directory to `search` in [link]";
        Self::new("link-missing-library", message, library, help)
    }

    /// `message` says which one.
    pub(super) fn missing_file(message: String, file: Option<String>) -> Self {
        let help =
            "a file to link is missing; check `args` of [link], or install what it belongs to";
        Self::new("link-missing-file", message, file, help)
    }

    /// `defined` says where each is defined, one symbol after the other.
    pub(super) fn duplicate(defined: &[&str], symbol: Option<String>) -> Self {
        let message = format!("a symbol is defined twice: {}", defined.join("; "));
        Self::new(
            "link-duplicate-symbol",
            message,
            symbol,
            "rename one, or link only one of them",
        )
    }
}
