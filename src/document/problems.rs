//! The problems of a document, each with its place, and the error that they make together.

use crate::error::{Error, Result};
use crate::frontend::{Diagnostic, Span};
use camino::Utf8PathBuf;
use std::collections::HashSet;
use std::ops::Range;

/// A problem at a place of a file.
pub fn diagnostic(
    file: &str,
    code: &str,
    span: Range<usize>,
    message: String,
    help: Option<String>,
) -> Diagnostic {
    // A configuration of 4 GiB does not get here: its offsets are only ever too large for a broken place.
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Diagnostic {
        code: code.to_owned(),
        message,
        path: file.into(),
        span: Span {
            start: offset(span.start),
            end: offset(span.end),
        },
        label: String::new(),
        help,
    }
}

/// The problems found so far.
pub struct Problems {
    /// The file, as messages name it.
    file: Utf8PathBuf,
    found: Vec<Diagnostic>,
    /// What may occur once: names and outputs.
    names: HashSet<(&'static str, String)>,
}

impl Problems {
    pub fn new(file: impl Into<Utf8PathBuf>) -> Self {
        Self {
            file: file.into(),
            found: Vec::new(),
            names: HashSet::new(),
        }
    }

    pub fn add(&mut self, code: &str, span: Range<usize>, message: impl Into<String>) {
        self.push(code, span, message.into(), String::new(), None);
    }

    pub fn add_with_help(
        &mut self,
        code: &str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(code, span, message.into(), String::new(), Some(help.into()));
    }

    pub(super) fn push(
        &mut self,
        code: &str,
        span: Range<usize>,
        message: String,
        label: String,
        help: Option<String>,
    ) {
        let found = diagnostic(self.file.as_str(), code, span, message, help);
        self.found.push(Diagnostic { label, ..found });
    }

    /// Reports a second one of `things` whose `what` is `name`.
    pub fn unique(&mut self, things: &str, what: &'static str, name: &str, span: Range<usize>) {
        if !self.names.insert((what, name.to_owned())) {
            let message = format!("there are two {things} with the {what} \"{name}\"");
            self.add("config-duplicate", span, message);
        }
    }

    /// Those found so far, for whoever tells those of several files together.
    pub fn take(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.found)
    }

    /// The value, if nothing was wrong.
    pub fn into_result<T>(self, value: T) -> Result<T> {
        if self.found.is_empty() {
            Ok(value)
        } else {
            Err(self.into_error())
        }
    }

    pub fn into_error(mut self) -> Error {
        self.found.sort_by(|a, b| {
            (a.span.start, a.span.end, &a.code).cmp(&(b.span.start, b.span.end, &b.code))
        });
        let problems = match self.found.len() {
            1 => "a problem".to_owned(),
            several => format!("{several} problems"),
        };
        Error::places(format!("{} has {problems}", self.file), self.found)
    }
}
