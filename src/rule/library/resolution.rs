//! What came of a resolution: the words of the link, with where each comes from.

use super::Libraries;
use crate::rule::definition::Definitions;
use crate::rule::schema::{BuiltLibrary, Place};
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

/// The libraries of a program in the order of the link: those that need others first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    pub libraries: Vec<Resolved>,
}

/// One library.
///
/// Places are not stored: a rule that has only moved in its file says what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    pub name: String,
    /// Where its rule is written; where its name is, if it has none.
    #[serde(skip)]
    pub place: Place,
    /// The alternative that fits, counted from 0.
    pub alternative: usize,
    /// A library of the system by its name alone, since no rule knows it.
    pub plain: bool,
    /// The library that needs it; `None`: it is asked for itself.
    pub needed_by: Option<String>,
    pub link: Vec<LinkWord>,
    /// For C units of the program.
    pub include: Vec<Utf8PathBuf>,
    /// For C units of the program.
    pub defines: Definitions,
    /// Other words for C units of the program.
    pub compile: Vec<String>,
    /// It is to be compiled.
    pub build: Option<BuiltLibrary>,
    /// The alternatives that did not fit.
    pub rejected: Vec<Rejected>,
}

/// One word for the driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkWord {
    pub word: String,
    pub of: WordOf,
    #[serde(skip)]
    pub place: Place,
}

/// The key that a word comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WordOf {
    Source,
    Prefer,
    WholeArchive,
    Group,
}

/// An alternative that did not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    pub alternative: usize,
    #[serde(skip)]
    pub place: Place,
    /// A clause.
    pub why: String,
}

impl Resolution {
    /// The words for the driver, after the objects.
    pub fn words(&self) -> Vec<String> {
        let words = self.libraries.iter().flat_map(|library| &library.link);
        words.map(|word| word.word.clone()).collect()
    }

    /// Fills in the places, as the rules have them now. The rules say what they said when the resolution was made.
    pub fn locate(&mut self, libraries: &Libraries, named: &dyn Fn(&str) -> Place) {
        for resolved in &mut self.libraries {
            let Ok(Some(rule)) = libraries.get(&resolved.name) else {
                let place = named(&resolved.name);
                for word in &mut resolved.link {
                    word.place = place.clone();
                }
                resolved.place = place;
                continue;
            };
            resolved.place = rule.place.clone();
            for rejected in &mut resolved.rejected {
                if let Some(alternative) = rule.alternatives.get(rejected.alternative) {
                    rejected.place = alternative.source_place.clone();
                }
            }
            let Some(alternative) = rule.alternatives.get(resolved.alternative) else {
                continue;
            };
            let keys = &alternative.key_places;
            for word in &mut resolved.link {
                let key = match word.of {
                    WordOf::Source => None,
                    WordOf::Prefer => keys.prefer.as_ref(),
                    WordOf::WholeArchive => keys.whole_archive.as_ref(),
                    WordOf::Group => keys.group.as_ref(),
                };
                word.place = key.unwrap_or(&alternative.source_place).clone();
            }
        }
    }
}
