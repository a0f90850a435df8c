//! A table of a configuration file, read key by key; what was not asked for is unknown.
//!
//! The table of known keys is the sequence of questions, so that reading and checking cannot disagree. Every problem is
//! collected with its place, and reading goes on. Knows TOML; does not know which keys there are.

use super::{FILE, nearest};
use crate::error::{Error, Result};
use crate::frontend::{Diagnostic, Span};
use std::collections::HashSet;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A value and where it is written.
#[derive(Clone, Debug)]
pub(super) struct Spanned<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// The problems found so far.
pub(super) struct Problems {
    found: Vec<Diagnostic>,
    /// What may occur once: names and outputs.
    names: HashSet<(&'static str, String)>,
}

impl Problems {
    pub(super) fn new() -> Self {
        Self {
            found: Vec::new(),
            names: HashSet::new(),
        }
    }

    pub(super) fn add(&mut self, code: &str, span: Range<usize>, message: impl Into<String>) {
        self.push(code, span, message.into(), String::new(), None);
    }

    pub(super) fn add_with_help(
        &mut self,
        code: &str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(code, span, message.into(), String::new(), Some(help.into()));
    }

    fn push(
        &mut self,
        code: &str,
        span: Range<usize>,
        message: String,
        label: String,
        help: Option<String>,
    ) {
        // A configuration of 4 GiB does not get here: its offsets are only ever too large for a broken place.
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.found.push(Diagnostic {
            code: code.to_owned(),
            message,
            path: FILE.into(),
            span: Span {
                start: offset(span.start),
                end: offset(span.end),
            },
            label,
            help,
        });
    }

    /// Reports a second executable whose `what` is `name`.
    pub(super) fn unique(&mut self, what: &'static str, name: &str, span: Range<usize>) {
        if !self.names.insert((what, name.to_owned())) {
            let message = format!("there are two executables with the {what} \"{name}\"");
            self.add("config-duplicate", span, message);
        }
    }

    /// The value, if nothing was wrong.
    pub(super) fn into_result<T>(self, value: T) -> Result<T> {
        if self.found.is_empty() {
            Ok(value)
        } else {
            Err(self.into_error())
        }
    }

    pub(super) fn into_error(mut self) -> Error {
        self.found.sort_by(|a, b| {
            (a.span.start, a.span.end, &a.code).cmp(&(b.span.start, b.span.end, &b.code))
        });
        let problems = match self.found.len() {
            1 => "a problem".to_owned(),
            several => format!("{several} problems"),
        };
        Error::places(format!("{FILE} has {problems}"), self.found)
    }
}

/// Parses a document as far as possible.
pub(super) fn document<'t>(text: &'t str, problems: &mut Problems) -> DeTable<'t> {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let code = if error.message().contains("duplicate") {
            "config-duplicate"
        } else {
            "config-syntax"
        };
        problems.add(
            code,
            error.span().unwrap_or(text.len()..text.len()),
            error.message(),
        );
    }
    document.into_inner()
}

/// One table.
pub(super) struct Section<'t> {
    /// How messages call it: `[link]`.
    name: String,
    table: &'t DeTable<'t>,
    span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'t> Section<'t> {
    pub(super) fn new(name: &str, table: &'t DeTable<'t>) -> Self {
        Self {
            name: name.to_owned(),
            table,
            span: 0..0,
            asked: Vec::new(),
        }
    }

    /// Where the table begins, for what is missing from it.
    pub(super) fn heading(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether the key is there at all, with whatever value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where the key is written.
    pub(super) fn span_of(&mut self, key: &'static str) -> Option<Range<usize>> {
        self.asked.push(key);
        self.table.get_key_value(key).map(|(key, _)| key.span())
    }

    fn value(&mut self, key: &'static str) -> Option<(Range<usize>, &'t DeValue<'t>)> {
        self.asked.push(key);
        self.table
            .get(key)
            .map(|value| (value.span(), value.get_ref()))
    }

    pub(super) fn string(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Spanned<String>> {
        let (span, value) = self.value(key)?;
        string(value, span, &format!("`{key}` must be a string"), problems)
    }

    /// A string that may not be empty.
    pub(super) fn filled_string(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Spanned<String>> {
        let string = self.string(key, problems)?;
        if string.value.is_empty() {
            problems.add(
                "config-value",
                string.span,
                format!("`{key}` may not be empty"),
            );
            return None;
        }
        Some(string)
    }

    /// A list of strings; empty where it is absent.
    pub(super) fn strings(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Vec<Spanned<String>> {
        let Some((span, value)) = self.value(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value else {
            mistyped(
                value,
                span,
                &format!("`{key}` must be a list of strings"),
                problems,
            );
            return Vec::new();
        };
        let message = format!("`{key}` must hold strings only");
        items
            .iter()
            .filter_map(|item| string(item.get_ref(), item.span(), &message, problems))
            .collect()
    }

    /// The table `[key]`.
    pub(super) fn table(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Section<'t>> {
        let (span, value) = self.value(key)?;
        let name = match self.name.strip_prefix('[') {
            Some(outer) => format!("[{}.{key}]", outer.trim_end_matches(']')),
            None => format!("[{key}]"),
        };
        match value {
            DeValue::Table(table) => Some(Section {
                name,
                table,
                span,
                asked: Vec::new(),
            }),
            other => {
                mistyped(
                    other,
                    span,
                    &format!("`{key}` must be a table, {name}"),
                    problems,
                );
                None
            }
        }
    }

    /// The tables `[[key]]`.
    pub(super) fn tables(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Vec<Section<'t>> {
        let Some((span, value)) = self.value(key) else {
            return Vec::new();
        };
        let message = format!("`{key}` must be a list of tables: write [[{key}]]");
        let DeValue::Array(items) = value else {
            mistyped(value, span, &message, problems);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    sections.push(Section {
                        name: format!("[[{key}]]"),
                        table,
                        span: item.span(),
                        asked: Vec::new(),
                    });
                }
                other => mistyped(other, item.span(), &message, problems),
            }
        }
        sections
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(self, problems: &mut Problems) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let message = format!("unknown key `{name}` in {}", self.name);
            match nearest(name, self.asked.iter().copied()) {
                Some(known) => problems.add_with_help(
                    "config-unknown-key",
                    key.span(),
                    message,
                    format!("did you mean `{known}`?"),
                ),
                None => {
                    let help = format!(
                        "known keys are {}",
                        self.asked
                            .iter()
                            .map(|key| format!("`{key}`"))
                            .collect::<Vec<_>>()
                            .join(", ")
                    );
                    problems.add_with_help("config-unknown-key", key.span(), message, help);
                }
            }
        }
    }
}

fn string(
    value: &DeValue<'_>,
    span: Range<usize>,
    message: &str,
    problems: &mut Problems,
) -> Option<Spanned<String>> {
    if let DeValue::String(text) = value {
        return Some(Spanned {
            value: text.to_string(),
            span,
        });
    }
    mistyped(value, span, message, problems);
    None
}

fn mistyped(value: &DeValue<'_>, span: Range<usize>, message: &str, problems: &mut Problems) {
    let label = match value {
        DeValue::String(_) => "this is a string",
        DeValue::Integer(_) => "this is an integer",
        DeValue::Float(_) => "this is a number",
        DeValue::Boolean(_) => "this is a boolean",
        DeValue::Datetime(_) => "this is a date",
        DeValue::Array(_) => "this is a list",
        DeValue::Table(_) => "this is a table",
    };
    problems.push(
        "config-type",
        span,
        message.to_owned(),
        label.to_owned(),
        None,
    );
}
