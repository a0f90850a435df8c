//! [`Shape`]: which keys a reader of tables asks for, and what each must hold, noted while it asks.
//!
//! A reader that is given a describing [`Section`](super::Section) finds every key there is, so that what it asks is all it
//! knows. Schema and reference are made of that, and can't know other keys than the reader does.

use indexmap::IndexMap;
use std::cell::RefCell;
use std::rc::Rc;

/// What is noted of one table, while others note it too.
pub type Noted = Rc<RefCell<Shape>>;

/// One table.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// In the order in which they are asked for.
    pub keys: IndexMap<&'static str, Key>,
    /// What the tables in it have, where they have names of their author's choice.
    pub entries: Option<Noted>,
    /// What it holds under names of their author's choice.
    pub pairs: Option<Pairs>,
}

/// What a table holds under names of its author's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairs {
    Texts,
    TextsOrFlags,
}

/// One key of a table.
#[derive(Clone, Debug)]
pub struct Key {
    pub holds: Holds,
    /// It must be there.
    pub required: bool,
}

/// What a key must hold.
#[derive(Clone, Debug)]
pub enum Holds {
    Text,
    Texts,
    /// One string, or a list of them.
    TextOrTexts,
    Flag,
    Integer,
    /// One of these words.
    Choice(Vec<&'static str>),
    /// A list of these words.
    Choices(Vec<&'static str>),
    /// One of these words, or a list of them.
    ChoiceOrChoices(Vec<&'static str>),
    Table(Noted),
    /// A list of tables.
    Tables(Noted),
    /// A string, or a table that says more.
    TextOrTable(Noted),
    /// A list of strings, and of tables that say more.
    TextsOrTables(Noted),
    /// Whatever there is: it is only looked at whether it is there.
    Anything,
}

impl Shape {
    /// Notes a question; of two questions about one key the first counts.
    pub(super) fn note(&mut self, key: &'static str, holds: Holds) {
        let required = false;
        self.keys.entry(key).or_insert(Key { holds, required });
    }

    pub(super) fn require(&mut self, key: &'static str) {
        if let Some(key) = self.keys.get_mut(key) {
            key.required = true;
        }
    }
}
