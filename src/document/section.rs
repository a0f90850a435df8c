//! A table of a configuration file, read key by key; what was not asked for is unknown.
//!
//! The table of known keys is the sequence of questions, so that reading and checking cannot disagree. Every problem is
//! collected with its place, and reading goes on. Knows TOML; does not know which keys there are.

use super::{Problems, nearest};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A value and where it is written.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// What may be written in short or in full.
pub enum Written<'t> {
    Short(Spanned<String>),
    Full(Section<'t>),
}

/// Parses a document as far as possible.
pub fn document<'t>(text: &'t str, problems: &mut Problems) -> DeTable<'t> {
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
pub struct Section<'t> {
    /// How messages call it: `[link]`.
    name: String,
    table: &'t DeTable<'t>,
    span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'t> Section<'t> {
    pub fn new(name: &str, table: &'t DeTable<'t>) -> Self {
        Self {
            name: name.to_owned(),
            table,
            span: 0..0,
            asked: Vec::new(),
        }
    }

    /// How messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the table begins, for what is missing from it.
    pub fn heading(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether the key is there at all, with whatever value.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where the key is written.
    pub fn span_of(&mut self, key: &'static str) -> Option<Range<usize>> {
        self.asked.push(key);
        self.table.get_key_value(key).map(|(key, _)| key.span())
    }

    fn value(&mut self, key: &'static str) -> Option<(Range<usize>, &'t DeValue<'t>)> {
        self.asked.push(key);
        self.table
            .get(key)
            .map(|value| (value.span(), value.get_ref()))
    }

    pub fn string(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Spanned<String>> {
        let (span, value) = self.value(key)?;
        string(value, span, &format!("`{key}` must be a string"), problems)
    }

    /// A string that may not be empty.
    pub fn filled_string(
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
    pub fn strings(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Spanned<String>> {
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

    /// One of a few words; `None` where it is absent or another one, which is reported.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let word = self.string(key, problems)?;
        chosen(key, &word, choices, problems)
    }

    /// A list of words out of a few.
    pub fn choices<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
        problems: &mut Problems,
    ) -> Vec<T> {
        self.strings(key, problems)
            .iter()
            .filter_map(|word| chosen(key, word, choices, problems))
            .collect()
    }

    pub fn boolean(&mut self, key: &'static str, problems: &mut Problems) -> Option<bool> {
        let (span, value) = self.value(key)?;
        if let DeValue::Boolean(value) = value {
            return Some(*value);
        }
        let message = format!("`{key}` must be `true` or `false`");
        mistyped(value, span, &message, problems);
        None
    }

    /// The tables in this one, each under a name of its author's choice, with the place of the name.
    pub fn entries(self, problems: &mut Problems) -> Vec<(Spanned<String>, Section<'t>)> {
        let mut entries = Vec::new();
        for (key, value) in self.table.iter() {
            let (name, span) = (key.get_ref().to_string(), key.span());
            let heading = within(&self.name, &name);
            match value.get_ref() {
                DeValue::Table(table) => entries.push((
                    Spanned {
                        value: name,
                        span: span.clone(),
                    },
                    Section {
                        name: heading,
                        table,
                        span,
                        asked: Vec::new(),
                    },
                )),
                other => {
                    let message = format!("`{name}` must be a table, {heading}");
                    mistyped(other, value.span(), &message, problems);
                }
            }
        }
        // The parser's order is that of the names; people and messages want that of the file.
        entries.sort_by_key(|(name, _)| name.span.start);
        entries
    }

    /// An integer.
    pub fn integer(&mut self, key: &'static str, problems: &mut Problems) -> Option<Spanned<i64>> {
        let (span, value) = self.value(key)?;
        let message = format!("`{key}` must be an integer of at most 64 bits");
        let DeValue::Integer(integer) = value else {
            mistyped(value, span, &message, problems);
            return None;
        };
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(value) => Some(Spanned { value, span }),
            Err(_) => {
                problems.add("config-value", span, message);
                None
            }
        }
    }

    /// A string, or a table that says more.
    pub fn written(&mut self, key: &'static str, problems: &mut Problems) -> Option<Written<'t>> {
        let (span, value) = self.value(key)?;
        let message = format!("`{key}` must be a string or a table");
        self.short_or_full(key, value, span, &message, problems)
    }

    /// A list of strings and of tables that say more; empty where it is absent.
    pub fn all_written(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Written<'t>> {
        let Some((span, value)) = self.value(key) else {
            return Vec::new();
        };
        let message = format!("`{key}` must be a list of strings and tables");
        let DeValue::Array(items) = value else {
            mistyped(value, span, &message, problems);
            return Vec::new();
        };
        let items = items.iter();
        items
            .filter_map(|item| {
                self.short_or_full(key, item.get_ref(), item.span(), &message, problems)
            })
            .collect()
    }

    fn short_or_full(
        &self,
        key: &str,
        value: &'t DeValue<'t>,
        span: Range<usize>,
        message: &str,
        problems: &mut Problems,
    ) -> Option<Written<'t>> {
        match value {
            DeValue::Table(table) => Some(Written::Full(Section {
                name: within(&self.name, key),
                table,
                span,
                asked: Vec::new(),
            })),
            other => string(other, span, message, problems).map(Written::Short),
        }
    }

    /// The strings in this table, each under a name of its author's choice.
    pub fn pairs(self, problems: &mut Problems) -> Vec<(Spanned<String>, Spanned<String>)> {
        let mut pairs = Vec::new();
        for (key, value) in self.table.iter() {
            let name = key.get_ref().to_string();
            let message = format!("`{name}` must be a string");
            let Some(text) = string(value.get_ref(), value.span(), &message, problems) else {
                continue;
            };
            let span = key.span();
            pairs.push((Spanned { value: name, span }, text));
        }
        pairs.sort_by_key(|(name, _)| name.span.start);
        pairs
    }

    /// The table `[key]`.
    pub fn table(&mut self, key: &'static str, problems: &mut Problems) -> Option<Section<'t>> {
        let (span, value) = self.value(key)?;
        let name = within(&self.name, key);
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
    pub fn tables(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Section<'t>> {
        let Some((span, value)) = self.value(key) else {
            return Vec::new();
        };
        let name = format!("[{}]", within(&self.name, key));
        let message = format!("`{key}` must be a list of tables: write {name}");
        let DeValue::Array(items) = value else {
            mistyped(value, span, &message, problems);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    sections.push(Section {
                        name: name.clone(),
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
    pub fn finish(self, problems: &mut Problems) {
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

/// How messages call the table `key` of the table that they call `outer`.
fn within(outer: &str, key: &str) -> String {
    match outer.strip_prefix('[') {
        Some(_) => format!("[{}.{key}]", outer.trim_matches(['[', ']'])),
        None => format!("[{key}]"),
    }
}

fn chosen<T: Copy>(
    key: &str,
    word: &Spanned<String>,
    choices: &[(&'static str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let known = choices.iter().find(|(known, _)| *known == word.value);
    if let Some((_, choice)) = known {
        return Some(*choice);
    }
    let help = match nearest(&word.value, choices.iter().map(|(known, _)| *known)) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => {
            let known: Vec<String> = choices
                .iter()
                .map(|(known, _)| format!("\"{known}\""))
                .collect();
            format!("use {}", known.join(", "))
        }
    };
    let message = format!("`{key}` knows no \"{}\"", word.value);
    problems.add_with_help("config-value", word.span.clone(), message, help);
    None
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
