//! What is wrong with imports, as diagnostics. It knows names, not where they come from.

use crate::frontend::{Diagnostic, Span};
use camino::Utf8Path;
use std::collections::BTreeSet;

/// A name that a module does not export.
pub fn missing(
    path: &Utf8Path,
    span: Span,
    specifier: &str,
    name: &str,
    names: &BTreeSet<String>,
) -> Diagnostic {
    let help = match nearest(name, names) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if names.is_empty() => Some("the module exports nothing".to_owned()),
        None => None,
    };
    Diagnostic {
        code: "ts-missing-export".to_owned(),
        message: format!("Module '{specifier}' has no exported member '{name}'."),
        path: path.to_owned(),
        span,
        label: format!("`{name}` is imported from here"),
        help,
    }
}

/// A name that two `export *` give differently.
pub fn ambiguous(path: &Utf8Path, span: Span, specifier: &str, name: &str) -> Diagnostic {
    Diagnostic {
        code: "ts-ambiguous-export".to_owned(),
        message: format!("Module '{specifier}' exports '{name}' from several modules."),
        path: path.to_owned(),
        span,
        label: format!("`{name}` is imported from here"),
        help: Some("import it from the module that declares it".to_owned()),
    }
}

/// The name most like `wanted`, if one is like it.
fn nearest<'a>(wanted: &str, names: &'a BTreeSet<String>) -> Option<&'a str> {
    let most = (wanted.chars().count() / 3).max(1);
    let ranked = names.iter().map(|name| (distance(wanted, name), name));
    ranked
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, name)| name.as_str())
}

/// Insertions, deletions and replacements between two names; a change of case counts for one.
fn distance(left: &str, right: &str) -> usize {
    if left.eq_ignore_ascii_case(right) {
        return 1;
    }
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, from) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (position, to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[position + 1];
            row[position + 1] = replaced.min(diagonal + 1).min(row[position] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_if_it_is_near() {
        let names: BTreeSet<String> = ["render", "Reader", "zip"].map(str::to_owned).into();
        assert_eq!(nearest("rendre", &names), Some("render"));
        assert_eq!(nearest("reader", &names), Some("Reader"));
        assert_eq!(nearest("unrelated", &names), None);
    }
}
