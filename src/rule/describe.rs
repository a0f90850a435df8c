//! What a file of rules may say, as the readers of such files know it: for a schema and for people.
//!
//! A reader is run on a table in which it finds every key that it asks for, and its questions are noted
//! ([`crate::document::shape`]); so schema, reference and reader cannot know different keys. What each key is for is said in
//! `rules/reference.toml`, and a test finds a key of which nothing is said.

mod json;
mod page;

pub use json::json;
pub use page::page;

use super::load::{Loaded, Reading};
use crate::document::Section;
use crate::document::shape::{Holds, Noted, Shape};
use indexmap::IndexMap;
use toml::de::DeTable;

/// What each key is for, by its path: `library.NAME.needs`.
const REFERENCE: &str = include_str!("../../rules/reference.toml");

/// All keys of a file of rules.
pub fn shape() -> Noted {
    let noted = Noted::default();
    let empty = DeTable::new();
    let mut top = Section::describing(&empty, &noted);
    let mut reading = Reading::new("rules.toml", "", None);
    let mut loaded = Loaded::default();
    loaded.tools(&mut top, &mut reading);
    loaded.libraries(&mut top, &mut reading);
    for row in top.tables("test", &mut reading.problems) {
        loaded.describe_samples(row, &mut reading);
    }
    noted
}

/// What keys are for.
pub struct Reference(IndexMap<String, String>);

impl Reference {
    /// That of the program.
    pub fn shipped() -> Self {
        // A test finds a reference that can't be read.
        Self(toml::from_str(REFERENCE).unwrap_or_default())
    }

    /// What is said of a key.
    pub fn of(&self, path: &str) -> Option<&str> {
        match self.0.get(path) {
            Some(said) => Some(said),
            None => self.of(&common(path)?),
        }
    }

    /// The paths of which something is said.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Where more is said of a key than of itself: linkers, drivers and compilers have much in common, an alternative is what a
/// library with only one is, and so on.
const COMMON: &[(&str, &str)] = &[
    ("linker.", "tool."),
    ("driver.", "tool."),
    ("compiler.", "tool."),
    ("environment.", "tool."),
    ("library.NAME.alternative.", "library.NAME."),
    ("static-library.", "executable."),
    ("shared-library.", "executable."),
    ("executable.", "compile."),
    ("profile.release.", "profile.dev."),
];

fn common(path: &str) -> Option<String> {
    COMMON.iter().find_map(|(from, to)| {
        let rest = path.strip_prefix(from)?;
        Some(format!("{to}{rest}"))
    })
}

/// One key of a shape, with its path.
#[derive(Clone, Debug)]
pub struct Described {
    pub path: String,
    pub holds: Holds,
    pub required: bool,
}

/// All keys of a shape and of what is below it, each table's before those of the tables in it.
pub fn keys(shape: &Shape, above: &str) -> Vec<Described> {
    let mut found = Vec::new();
    for (name, key) in &shape.keys {
        let path = match above {
            "" => (*name).to_owned(),
            above => format!("{above}.{name}"),
        };
        found.push(Described {
            path: path.clone(),
            holds: key.holds.clone(),
            required: key.required,
        });
        if let Holds::Table(below)
            | Holds::Tables(below)
            | Holds::TextOrTable(below)
            | Holds::TextsOrTables(below) = &key.holds
        {
            found.extend(keys(&below.borrow(), &path));
        }
    }
    if let Some(entries) = &shape.entries {
        found.extend(keys(&entries.borrow(), &format!("{above}.NAME")));
    }
    found
}

#[cfg(test)]
mod tests;
