//! Single values of a table: what they must be, and what is said where they are something else.

use super::Spanned;
use crate::document::{Problems, nearest};
use std::ops::Range;
use toml::de::DeValue;

/// How messages call the table `key` of the table that they call `outer`.
pub(super) fn within(outer: &str, key: &str) -> String {
    match outer.strip_prefix('[') {
        Some(_) => format!("[{}.{key}]", outer.trim_matches(['[', ']'])),
        None => format!("[{key}]"),
    }
}

pub(super) fn chosen<T: Copy>(
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

pub(super) fn string(
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

/// A text, or whether.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextOrFlag {
    Text(String),
    Flag(bool),
}

pub(super) fn text_or_flag(
    name: &str,
    value: &DeValue<'_>,
    span: Range<usize>,
    problems: &mut Problems,
) -> Option<Spanned<TextOrFlag>> {
    let value = match value {
        DeValue::String(text) => TextOrFlag::Text(text.to_string()),
        DeValue::Boolean(flag) => TextOrFlag::Flag(*flag),
        other => {
            let message = format!("`{name}` must be a string, `true` or `false`");
            mistyped(other, span, &message, problems);
            return None;
        }
    };
    Some(Spanned { value, span })
}

pub(super) fn mistyped(
    value: &DeValue<'_>,
    span: Range<usize>,
    message: &str,
    problems: &mut Problems,
) {
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
