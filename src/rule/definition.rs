//! What is said of a macro under `defines`: a text, even an empty one, or whether it is defined at all.

use crate::document::{Problems, Section, Spanned, TextOrFlag};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Macros by their names, in the order of the file.
pub type Definitions = IndexMap<String, Definition>;

/// What a macro stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Definition {
    /// `true`: as the compiler defines what it is told no value of, in C by 1.
    Plain,
    /// `false`: not defined, whatever was said of it elsewhere.
    Not,
    /// This text, which may be empty.
    Text(String),
}

impl Definition {
    /// The definitions of a table, each with the place of its name and of its value.
    pub fn read(
        table: Section<'_>,
        problems: &mut Problems,
    ) -> Vec<(Spanned<String>, Spanned<Self>)> {
        let pairs = table.texts_or_flags(problems).into_iter();
        pairs
            .map(|(name, Spanned { value, span })| {
                let value = match value {
                    TextOrFlag::Text(text) => Self::Text(text),
                    TextOrFlag::Flag(true) => Self::Plain,
                    TextOrFlag::Flag(false) => Self::Not,
                };
                (name, Spanned { value, span })
            })
            .collect()
    }

    /// As an argument has it after `-D`, if the macro is defined.
    pub fn said(&self, name: &str) -> Option<String> {
        match self {
            Self::Plain => Some(name.to_owned()),
            Self::Not => None,
            Self::Text(text) => Some(format!("{name}={text}")),
        }
    }

    /// As a header has it after `#define`, if the macro is defined.
    pub fn written(&self, name: &str) -> Option<String> {
        match self {
            Self::Plain => Some(format!("{name} 1")),
            Self::Not => None,
            Self::Text(text) if text.is_empty() => Some(name.to_owned()),
            Self::Text(text) => Some(format!("{name} {text}")),
        }
    }
}
