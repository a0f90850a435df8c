//! A table that is described rather than read: every key is there, and each question is noted.

use super::{Section, Spanned};
use crate::document::shape::{Holds, Noted};
use std::rc::Rc;
use toml::de::DeTable;

/// What a string of a table that is only described holds.
const ANYTHING: &str = "anything";

impl<'t> Section<'t> {
    /// A table in which a reader finds whatever it asks for, and its questions are noted. `empty` is a table without keys.
    pub fn describing(empty: &'t DeTable<'t>, noted: &Noted) -> Self {
        Self {
            describing: Some(Rc::clone(noted)),
            ..Self::new("", empty)
        }
    }

    /// Notes a question. Gives whether this is the description of a table.
    pub(super) fn noted(&mut self, key: &'static str, holds: impl FnOnce() -> Holds) -> bool {
        let Some(noted) = &self.describing else {
            return false;
        };
        noted.borrow_mut().note(key, holds());
        true
    }

    /// The table below this one that a question gives, where this is the description of a table.
    pub(super) fn described(
        &mut self,
        key: &'static str,
        holds: fn(Noted) -> Holds,
    ) -> Option<Self> {
        let below = Noted::default();
        let noted = Rc::clone(&below);
        self.noted(key, move || holds(noted)).then(|| {
            // Asked for twice, it is the first table that counts.
            let known =
                self.describing
                    .as_ref()
                    .and_then(|all| match &all.borrow().keys.get(key)?.holds {
                        Holds::Table(known)
                        | Holds::Tables(known)
                        | Holds::TextOrTable(known)
                        | Holds::TextsOrTables(known) => Some(Rc::clone(known)),
                        _ => None,
                    });
            Self::describing(self.table, known.as_ref().unwrap_or(&below))
        })
    }

    /// The key need not be there, although one reader needs it.
    pub fn need_not(&self, key: &'static str) {
        if let Some(noted) = &self.describing
            && let Some(key) = noted.borrow_mut().keys.get_mut(key)
        {
            key.required = false;
        }
    }

    /// The same table for another reader, where this is the description of one.
    pub fn described_again(&self) -> Option<Self> {
        let noted = self.describing.as_ref()?;
        Some(Self::describing(self.table, noted))
    }

    /// The key, asked for already, must be there: whoever reads the table reports that it is not.
    pub fn require(&self, key: &'static str) {
        if let Some(noted) = &self.describing {
            noted.borrow_mut().require(key);
        }
    }
}

pub(super) fn anything() -> Spanned<String> {
    Spanned {
        value: ANYTHING.to_owned(),
        span: 0..0,
    }
}

pub(super) fn names<T>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
    choices.iter().map(|(name, _)| *name).collect()
}
