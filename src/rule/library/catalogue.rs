//! [`Libraries`]: rules of libraries by name.

use super::shipped;
use crate::digest::Digest;
use crate::error::Result;
use crate::rule::schema::LibraryRule;
use indexmap::IndexMap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The rules that hold: a project's own before the shipped ones of the same name.
#[derive(Debug, Default)]
pub struct Libraries {
    own: IndexMap<String, Arc<LibraryRule>>,
    /// The shipped ones that were asked for.
    shipped: Mutex<HashMap<String, Option<Arc<LibraryRule>>>>,
}

impl Libraries {
    pub fn new(own: IndexMap<String, LibraryRule>) -> Self {
        let own = own.into_iter();
        Self {
            own: own.map(|(name, rule)| (name, Arc::new(rule))).collect(),
            shipped: Mutex::default(),
        }
    }

    /// The rule of this name, if there is one.
    ///
    /// # Errors
    /// None that a test of the program does not find first: shipped rules are right.
    pub fn get(&self, name: &str) -> Result<Option<Arc<LibraryRule>>> {
        if let Some(own) = self.own.get(name) {
            return Ok(Some(own.clone()));
        }
        let mut known = self.shipped.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(name) {
            return Ok(known.clone());
        }
        let rule = shipped::library(name)?.map(Arc::new);
        known.insert(name.to_owned(), rule.clone());
        Ok(rule)
    }

    /// The project's own.
    pub fn own(&self) -> impl Iterator<Item = (&str, &LibraryRule)> {
        let own = self.own.iter();
        own.map(|(name, rule)| (name.as_str(), &**rule))
    }
}

impl LibraryRule {
    /// The digest of what the rule says, wherever it is written.
    pub fn digest(&self) -> Digest {
        crate::rule::digest(self)
    }
}
