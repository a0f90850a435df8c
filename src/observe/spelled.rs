//! Tables by path as it is spelled.
//!
//! A standard map of paths compares them component by component, and hashes them so, for 5 % of a build in which nearly all
//! work is a thousand look-ups. Here two spellings of one place are two keys, which is how observations mean paths anyway.

use super::Observation;
use rustc_hash::FxBuildHasher;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// What is known of each path, by its text.
pub type PathMap<V> = HashMap<Box<str>, V, FxBuildHasher>;

/// An observation as a key: told apart by text.
#[derive(Clone, Debug)]
pub(super) struct Looked(pub Observation);

impl PartialEq for Looked {
    fn eq(&self, other: &Self) -> bool {
        self.0.subject() == other.0.subject() && self.0 == other.0
    }
}

impl Eq for Looked {}

impl Hash for Looked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(&self.0).hash(state);
        self.0.subject().hash(state);
    }
}
