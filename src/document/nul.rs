//! Strings with a NUL character, which no path, argument or variable can have.

use super::Problems;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Reports each of them, wherever it stands.
pub fn refuse(table: &DeTable<'_>, problems: &mut Problems) {
    for (name, value) in table {
        check(name.get_ref(), name.span(), problems);
        within(value.get_ref(), value.span(), problems);
    }
}

fn within(value: &DeValue<'_>, span: Range<usize>, problems: &mut Problems) {
    match value {
        DeValue::String(text) => check(text, span, problems),
        DeValue::Array(items) => {
            for item in items {
                within(item.get_ref(), item.span(), problems);
            }
        }
        DeValue::Table(table) => refuse(table, problems),
        _ => {}
    }
}

fn check(text: &str, span: Range<usize>, problems: &mut Problems) {
    if text.contains('\0') {
        let message = "this has a NUL character, which no path or argument can have";
        problems.add_with_help("config-value", span, message, "remove the `\\u0000`");
    }
}
