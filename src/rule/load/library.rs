//! `[library.NAME]`: what is common to all ways to have a library, and the ways.

mod alternative;
mod confine;
mod value;

use super::{Reading, function};
use crate::document::{Section, Spanned};
use crate::rule::schema::*;
use indexmap::IndexMap;

/// Package managers that a rule may name a package for.
const MANAGERS: &[&str] = &["apt", "dnf", "pacman", "apk", "brew"];

pub(super) fn library(
    mut section: Section<'_>,
    name: &Spanned<String>,
    reading: &mut Reading<'_>,
) -> LibraryRule {
    let place = reading.place(&name.span);
    if let Some(problem) = value::name_problem(&name.value) {
        reading
            .problems
            .add("config-value", name.span.clone(), problem);
    }
    let why = section
        .filled_string("why", &mut reading.problems)
        .map(|why| why.value);
    let needs = names(&mut section, "needs", &name.value, reading);
    let link_after = names(&mut section, "link-after", &name.value, reading);
    let functions = function::functions(&mut section, &name.value, reading);
    let bare = needs.is_empty() && !functions.is_empty();
    let mut alternatives = alternatives(&mut section, needs.is_empty() && !bare, reading);
    if bare && alternatives.is_empty() {
        // Who says only what a library offers means the one that linkers find under this name.
        alternatives.push(Alternative::system(&name.value, place.clone()));
    }
    let rule = LibraryRule {
        why,
        install: install(&mut section, reading),
        functions,
        alternatives,
        confined: reading.confined.clone(),
        needs,
        link_after,
        place,
    };
    section.finish(&mut reading.problems);
    rule
}

/// Names of other libraries, each once, and never this one.
fn names(
    section: &mut Section<'_>,
    key: &'static str,
    own: &str,
    reading: &mut Reading<'_>,
) -> Vec<Named> {
    let mut names: Vec<Named> = Vec::new();
    for name in section.strings(key, &mut reading.problems) {
        if let Some(problem) = value::name_problem(&name.value) {
            reading.problems.add("config-value", name.span, problem);
            continue;
        }
        if name.value == own {
            let message = format!("the library \"{own}\" cannot come after itself");
            reading.problems.add("library-cycle", name.span, message);
            continue;
        }
        if names.iter().any(|known| known.name == name.value) {
            let message = format!("\"{}\" stands in `{key}` twice", name.value);
            reading.problems.add("config-duplicate", name.span, message);
            continue;
        }
        let place = reading.place(&name.span);
        names.push(Named {
            name: name.value,
            place,
        });
    }
    names
}

/// Which packages hold it.
fn install(section: &mut Section<'_>, reading: &mut Reading<'_>) -> IndexMap<String, String> {
    let Some(mut table) = section.table("install", &mut reading.problems) else {
        return IndexMap::new();
    };
    let mut install = IndexMap::new();
    for manager in MANAGERS {
        if let Some(package) = table.filled_string(manager, &mut reading.problems) {
            install.insert((*manager).to_owned(), package.value);
        }
    }
    table.finish(&mut reading.problems);
    install
}

/// Those of `[[alternative]]`, or the one that the entry itself is.
fn alternatives(
    section: &mut Section<'_>,
    needed: bool,
    reading: &mut Reading<'_>,
) -> Vec<Alternative> {
    let rows = section.tables("alternative", &mut reading.problems);
    let several = section.has("alternative");
    let keys = alternative::given_keys(section);
    if several {
        for (key, span) in keys {
            let message = format!("`{key}` belongs to an alternative, and there are several here");
            let help =
                "move it into the [[alternative]] that it is for, or remove the alternatives";
            reading
                .problems
                .add_with_help("config-impossible", span, message, help);
        }
        let read = rows.into_iter().filter_map(|mut row| {
            let read = alternative::alternative(&mut row, true, reading);
            row.finish(&mut reading.problems);
            read
        });
        return read.collect();
    }
    let read = rows.into_iter().filter_map(|mut row| {
        // Only a table that is described gives rows here.
        alternative::alternative(&mut row, true, reading)
    });
    let mut alternatives: Vec<Alternative> = read.collect();
    alternatives.extend(alternative::alternative(
        section,
        needed || !keys.is_empty(),
        reading,
    ));
    alternatives
}

#[cfg(test)]
mod tests;
