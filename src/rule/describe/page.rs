//! A shape as a page of the book: one table of keys for each table of TOML.

use super::{Reference, keys, shape};
use crate::document::shape::{Holds, Pairs};
use std::collections::HashSet;

const HEAD: &str = "\
# Rule reference

All keys of rule files, as the readers of these files know them. This page is made by `kiln rules schema --format page`, and
a test compares it; the same is printed as a JSON schema by `kiln rules schema`. What the kinds are for is told in
[Rules](rules.md) and [Native libraries](libraries.md).

A list of strings may hold one; *one or several* is a string or a list of strings. **Bold** keys must be there.
";

/// The page.
pub fn page() -> String {
    let reference = Reference::shipped();
    let noted = shape();
    let mut all = keys(&noted.borrow(), "");
    let paths: HashSet<String> = all.iter().map(|key| key.path.clone()).collect();
    // What stands at two places is told once.
    all.retain(|key| {
        let elsewhere = |from: &str, to: &str| {
            let rest = key.path.strip_prefix(from);
            rest.is_some_and(|rest| paths.contains(&format!("{to}{rest}")))
        };
        !elsewhere("driver.", "linker.") && !elsewhere("library.NAME.", "library.NAME.alternative.")
    });
    let mut text = HEAD.to_owned();
    let mut within = String::new();
    // All keys of one table stand together.
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, key) in all.iter().enumerate() {
        let above = key.path.rsplit_once('.').map_or("", |(above, _)| above);
        match groups.iter_mut().find(|(known, _)| known == above) {
            Some((_, keys)) => keys.push(at),
            None => groups.push((above.to_owned(), vec![at])),
        }
    }
    for (above, members) in groups.iter().filter(|(above, _)| !above.is_empty()) {
        let kind = above.split('.').next().unwrap_or_default();
        if kind != within {
            kind.clone_into(&mut within);
            text.push_str(&format!("\n## {kind}\n"));
            if let Some(said) = reference.of(kind) {
                text.push_str(&format!("\n{said}\n"));
            }
        }
        let is_list = all
            .iter()
            .any(|key| key.path == *above && matches!(key.holds, Holds::Tables(_)));
        let heading = if is_list {
            format!("[[{above}]]")
        } else {
            format!("[{above}]")
        };
        text.push_str(&format!("\n### `{heading}`\n\n"));
        text.push_str("| key | holds | says |\n|---|---|---|\n");
        for member in members {
            let key = &all[*member];
            let name = key.path.rsplit('.').next().unwrap_or_default();
            let name = if key.required {
                format!("**`{name}`**")
            } else {
                format!("`{name}`")
            };
            let says = reference.of(&key.path).unwrap_or_default();
            text.push_str(&format!("| {name} | {} | {says} |\n", held(&key.holds)));
        }
    }
    text
}

/// What a key holds, for people.
fn held(holds: &Holds) -> String {
    let words = |words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
        quoted.join(", ")
    };
    match holds {
        Holds::Text => "a string".to_owned(),
        Holds::Texts => "a list of strings".to_owned(),
        Holds::TextOrTexts => "one or several".to_owned(),
        Holds::Flag => "`true` or `false`".to_owned(),
        Holds::Choice(known) => words(known),
        Holds::Choices(known) => format!("a list of {}", words(known)),
        Holds::ChoiceOrChoices(known) => format!("one or several of {}", words(known)),
        Holds::Table(below) if below.borrow().pairs == Some(Pairs::Texts) => {
            "strings by name".to_owned()
        }
        Holds::Table(below) if below.borrow().pairs.is_some() => {
            "strings, `true` or `false` by name".to_owned()
        }
        Holds::Table(below) if below.borrow().entries.is_some() => "tables by name".to_owned(),
        Holds::Table(_) => "a table".to_owned(),
        Holds::Tables(_) => "a list of tables".to_owned(),
        Holds::TextOrTable(_) => "a string or a table".to_owned(),
        Holds::Integer => "an integer".to_owned(),
        Holds::TextsOrTables(_) => "a list of strings and tables".to_owned(),
        Holds::Anything => "anything".to_owned(),
    }
}
