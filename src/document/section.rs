//! A table of a configuration file, read key by key; what was not asked for is unknown.
//!
//! The table of known keys is the sequence of questions, so that reading and checking cannot disagree. Every problem is
//! collected with its place, and reading goes on. Knows TOML; does not know which keys there are.

mod describe;
mod value;

use super::shape::{Holds, Noted, Pairs};
use super::{Problems, nearest, nul};
use describe::{anything, names};
use std::ops::Range;
use std::rc::Rc;
use toml::de::{DeTable, DeValue};
use value::{chosen, mistyped, string, text_or_flag, within};

pub use value::TextOrFlag;

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
    let document = document.into_inner();
    nul::refuse(&document, problems);
    document
}

/// One table.
pub struct Section<'t> {
    /// How messages call it: `[link]`.
    name: String,
    table: &'t DeTable<'t>,
    span: Range<usize>,
    asked: Vec<&'static str>,
    /// Where questions are noted: then every key is there, and holds something that may be there.
    describing: Option<Noted>,
}

impl<'t> Section<'t> {
    pub fn new(name: &str, table: &'t DeTable<'t>) -> Self {
        Self {
            name: name.to_owned(),
            table,
            span: 0..0,
            asked: Vec::new(),
            describing: None,
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
        self.noted(key, || Holds::Anything);
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
        if self.noted(key, || Holds::Text) {
            return Some(anything());
        }
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
        if self.noted(key, || Holds::Texts) {
            return vec![anything()];
        }
        self.listed(key, problems)
    }

    /// A string, or a list of strings; empty where it is absent.
    pub fn one_or_several(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Vec<Spanned<String>> {
        if self.noted(key, || Holds::TextOrTexts) {
            return vec![anything()];
        }
        match self.value(key) {
            Some((span, DeValue::String(text))) => vec![Spanned {
                value: text.to_string(),
                span,
            }],
            _ => self.listed(key, problems),
        }
    }

    fn listed(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Spanned<String>> {
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
        if self.noted(key, || Holds::Choice(names(choices))) {
            return choices.first().map(|(_, first)| *first);
        }
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
        if self.noted(key, || Holds::Choices(names(choices))) {
            return choices.iter().map(|(_, choice)| *choice).collect();
        }
        self.strings(key, problems)
            .iter()
            .filter_map(|word| chosen(key, word, choices, problems))
            .collect()
    }

    /// One of a few words, or a list of them.
    pub fn several<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
        problems: &mut Problems,
    ) -> Vec<T> {
        if self.noted(key, || Holds::ChoiceOrChoices(names(choices))) {
            return choices.iter().map(|(_, choice)| *choice).collect();
        }
        self.one_or_several(key, problems)
            .iter()
            .filter_map(|word| chosen(key, word, choices, problems))
            .collect()
    }

    pub fn boolean(&mut self, key: &'static str, problems: &mut Problems) -> Option<bool> {
        if self.noted(key, || Holds::Flag) {
            return Some(true);
        }
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
        if let Some(noted) = &self.describing {
            let entry = Rc::clone(noted.borrow_mut().entries.get_or_insert_default());
            return vec![(anything(), Self::describing(self.table, &entry))];
        }
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
                        span,
                        ..Section::new(&heading, table)
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
        if self.noted(key, || Holds::Integer) {
            return None;
        }
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
        if let Some(described) = self.described(key, Holds::TextOrTable) {
            return Some(Written::Full(described));
        }
        let (span, value) = self.value(key)?;
        let message = format!("`{key}` must be a string or a table");
        self.short_or_full(key, value, span, &message, problems)
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
                span,
                ..Section::new(&within(&self.name, key), table)
            })),
            other => string(other, span, message, problems).map(Written::Short),
        }
    }

    /// The strings in this table, each under a name of its author's choice.
    pub fn pairs(self, problems: &mut Problems) -> Vec<(Spanned<String>, Spanned<String>)> {
        if let Some(noted) = &self.describing {
            noted.borrow_mut().pairs = Some(Pairs::Texts);
            return vec![(anything(), anything())];
        }
        self.named(problems, |name, value, span, problems| {
            let message = format!("`{name}` must be a string");
            string(value, span, &message, problems)
        })
    }

    /// The strings, and answers to whether, in this table, each under a name of its author's choice.
    pub fn texts_or_flags(
        self,
        problems: &mut Problems,
    ) -> Vec<(Spanned<String>, Spanned<TextOrFlag>)> {
        if let Some(noted) = &self.describing {
            noted.borrow_mut().pairs = Some(Pairs::TextsOrFlags);
            let Spanned { value, span } = anything();
            let value = TextOrFlag::Text(value);
            return vec![(anything(), Spanned { value, span })];
        }
        self.named(problems, text_or_flag)
    }

    fn named<T>(
        &self,
        problems: &mut Problems,
        read: impl Fn(&str, &DeValue<'_>, Range<usize>, &mut Problems) -> Option<Spanned<T>>,
    ) -> Vec<(Spanned<String>, Spanned<T>)> {
        let mut pairs: Vec<_> = self
            .table
            .iter()
            .filter_map(|(key, value)| {
                let name = key.get_ref().to_string();
                let value = read(&name, value.get_ref(), value.span(), problems)?;
                let span = key.span();
                Some((Spanned { value: name, span }, value))
            })
            .collect();
        pairs.sort_by_key(|(name, _)| name.span.start);
        pairs
    }

    /// The table `[key]`.
    pub fn table(&mut self, key: &'static str, problems: &mut Problems) -> Option<Section<'t>> {
        if let Some(described) = self.described(key, Holds::Table) {
            return Some(described);
        }
        let (span, value) = self.value(key)?;
        let name = within(&self.name, key);
        match value {
            DeValue::Table(table) => Some(Section {
                span,
                ..Section::new(&name, table)
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
        if let Some(described) = self.described(key, Holds::Tables) {
            return vec![described];
        }
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
                        span: item.span(),
                        ..Section::new(&name, table)
                    });
                }
                other => mistyped(other, item.span(), &message, problems),
            }
        }
        sections
    }

    /// A list of strings and tables, the latter where more than a string is to be said.
    pub fn all_written(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Written<'t>> {
        if let Some(described) = self.described(key, Holds::TextsOrTables) {
            return vec![Written::Full(described)];
        }
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

    /// Reports every key that was not asked for.
    pub fn finish(self, problems: &mut Problems) {
        if self.describing.is_some() {
            return;
        }
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
