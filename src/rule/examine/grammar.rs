//! Options told apart by their spelling.
//!
//! Where several forms fit, the exact one wins, then the longest. An argument that is no option is an input.

use crate::rule::pattern::{Form, FormValue};
use crate::rule::schema::{Does, OptionRule, Style, ToolRule};
use std::borrow::Cow;
use std::collections::HashMap;

/// The options of a tool, ready to be looked up.
pub(super) struct Grammar<'r> {
    style: Style,
    /// Forms that are whole arguments.
    whole: HashMap<&'r str, (&'r OptionRule, FormValue)>,
    /// Forms with a joined value, the longest first, by their first two letters: lines have thousands of arguments.
    joined: HashMap<[u8; 2], Vec<(&'r str, &'r OptionRule)>>,
}

/// An option with its values, or an input.
pub(super) struct Read<'r> {
    /// `None` for inputs, and for options that the rule does not know.
    pub option: Option<&'r OptionRule>,
    /// For an option that the rule does not know, [`Does::Flag`].
    pub does: Does,
    pub argument: &'r str,
    pub value: &'r str,
    /// What follows the first value.
    pub rest: Vec<&'r str>,
    /// How many of the values are arguments of their own.
    pub following: usize,
}

impl Read<'_> {
    /// For messages: the option with a value that is an argument of its own.
    pub(super) fn spelled(&self) -> String {
        if self.following > 0 {
            format!("{} {}", self.argument, self.value)
        } else {
            self.argument.to_owned()
        }
    }
}

impl<'r> Grammar<'r> {
    pub(super) fn new(tool: &'r ToolRule) -> Self {
        let mut whole = HashMap::new();
        let mut joined: HashMap<_, Vec<_>> = HashMap::new();
        for option in &tool.options {
            for form in &option.forms {
                match form.value {
                    FormValue::Joined => {
                        let forms = joined.entry(start(&form.name)).or_default();
                        forms.push((form.name.as_str(), option));
                    }
                    value => {
                        whole.entry(form.name.as_str()).or_insert((option, value));
                    }
                }
            }
        }
        for forms in joined.values_mut() {
            forms.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        Self {
            style: tool.style,
            whole,
            joined,
        }
    }

    /// Tells the arguments apart.
    pub(super) fn read<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Vec<Read<'a>>
    where
        'r: 'a,
    {
        let mut read = Vec::new();
        let mut args = args.into_iter();
        while let Some(argument) = args.next() {
            let mut found = Read {
                option: None,
                does: Does::Input,
                argument,
                value: argument,
                rest: Vec::new(),
                following: 0,
            };
            if let Some((option, value)) = self.find(argument) {
                found.option = Some(option);
                found.does = option.does;
                match value {
                    Value::None => found.value = "",
                    Value::Joined(value) => found.value = value,
                    Value::Next(count) => {
                        let values: Vec<&str> = args.by_ref().take(count).collect();
                        found.following = values.len();
                        found.value = values.first().copied().unwrap_or_default();
                        found.rest = values.get(1..).unwrap_or_default().to_vec();
                    }
                }
            } else if self.is_option(argument) {
                found.does = Does::Flag;
                found.value = "";
            }
            read.push(found);
        }
        read
    }

    /// Whether an argument that fits no form is an option nevertheless.
    fn is_option(&self, argument: &str) -> bool {
        match self.style {
            Style::Gnu | Style::Exact => argument.starts_with('-') && argument.len() > 1,
            // On Linux absolute paths begin as options do; what holds another slash is a path.
            Style::Msvc => {
                argument.starts_with('-')
                    || argument.strip_prefix('/').is_some_and(|rest| {
                        !rest
                            .split(':')
                            .next()
                            .unwrap_or_default()
                            .contains(['/', '.'])
                    })
            }
        }
    }

    fn find<'a>(&self, argument: &'a str) -> Option<(&'r OptionRule, Value<'a>)> {
        if !argument.starts_with(['-', '/', '@']) {
            return None;
        }
        let spellings = spellings(self.style, argument);
        for spelling in &spellings {
            if let Some((option, value)) = self.whole.get(spelling.as_ref()) {
                let value = match value {
                    FormValue::Next(count) => Value::Next(*count),
                    FormValue::None | FormValue::Joined => Value::None,
                };
                return Some((option, value));
            }
        }
        let mut best: Option<(&str, &OptionRule, &str)> = None;
        for spelling in &spellings {
            let forms = self.joined.get(&start(spelling));
            let fits = forms.into_iter().flatten().find_map(|(name, option)| {
                // With two dashes no option has one letter.
                let long = spelling == argument || name.len() > 2;
                let value = joined(spelling, name, argument).filter(|_| long)?;
                Some((*name, *option, value))
            });
            if let Some((name, ..)) = fits
                && best.is_none_or(|(known, ..)| known.len() < name.len())
            {
                best = fits;
            }
        }
        best.map(|(_, option, value)| (option, Value::Joined(value)))
    }
}

/// The first two letters of an option.
fn start(option: &str) -> [u8; 2] {
    let bytes = option.as_bytes();
    let letter = |at: usize| bytes.get(at).copied().unwrap_or_default();
    [letter(0), letter(1)]
}

enum Value<'a> {
    None,
    Joined(&'a str),
    Next(usize),
}

/// The value that is joined to an option. `spelling` is `argument` as forms are written, and ends as it does.
fn joined<'a>(spelling: &str, name: &str, argument: &'a str) -> Option<&'a str> {
    let length = spelling.strip_prefix(name)?.len();
    if length == 0 && !name.ends_with(['=', ':']) {
        return None;
    }
    argument.get(argument.len().checked_sub(length)?..)
}

/// The argument as forms may be written, the most literal spelling first. Each ends as the argument does.
fn spellings(style: Style, argument: &str) -> Vec<Cow<'_, str>> {
    let mut spellings = vec![Cow::Borrowed(argument)];
    match style {
        Style::Exact => {}
        Style::Gnu => {
            let name = argument.trim_start_matches('-');
            let dashes = argument.len() - name.len();
            let name_length = name.split('=').next().unwrap_or_default().len();
            if dashes == 1 && name_length > 1 && !name.starts_with('o') {
                spellings.push(Cow::Owned(format!("-{argument}")));
            } else if dashes == 2 && name_length > 1 {
                spellings.push(Cow::Borrowed(&argument[1..]));
            }
        }
        Style::Msvc => {
            if let Some(rest) = argument.strip_prefix(['-', '/']) {
                let (name, value) = match rest.find(':') {
                    Some(at) => rest.split_at(at),
                    None => (rest, ""),
                };
                let spelling = format!("/{}{value}", name.to_ascii_lowercase());
                spellings = vec![Cow::Owned(spelling)];
            }
        }
    }
    spellings
}

/// Whether the argument is spelled in this form. A value that is the next argument is not looked at.
pub(super) fn spells(style: Style, form: &Form, argument: &str) -> bool {
    spellings(style, argument)
        .iter()
        .any(|spelling| match form.value {
            FormValue::Joined => joined(spelling, &form.name, argument).is_some(),
            FormValue::None | FormValue::Next(_) => *spelling == form.name,
        })
}
