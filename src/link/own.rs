//! [`OwnRules`]: what a project says of linkers and drivers itself, beside the rules that are part of the program.

use crate::digest::Digest;
use crate::error::Result;
use crate::rule::{RuleId, Rules};
use serde::{Serialize, Serializer};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A project's own rules of linkers and drivers. Two are the same if they say the same, wherever it is written.
#[derive(Clone, Debug, Default)]
pub struct OwnRules {
    rules: Arc<Rules>,
    digest: Option<Digest>,
}

impl OwnRules {
    /// Those among all rules of a project.
    pub fn of(project: &Rules) -> Self {
        if project.linkers.is_empty() && project.drivers.is_empty() {
            return Self::default();
        }
        let rules = Rules {
            linkers: project.linkers.clone(),
            drivers: project.drivers.clone(),
            environments: project.environments.clone(),
            ..Rules::default()
        };
        let digests: Vec<Digest> = rules.ids().map(|id| rules.digest(&id)).collect();
        Self {
            digest: Some(Digest::of_parts(digests.iter().map(|digest| &digest.0[..]))),
            rules: Arc::new(rules),
        }
    }

    /// All rules that hold for the project's links.
    pub(super) fn all(&self) -> Result<Rules> {
        Ok(Rules::shipped()?.beneath(&self.rules))
    }

    /// Whether the project has a rule of its own for a linker of this name.
    pub(super) fn has_linker(&self, name: &str) -> bool {
        self.rules.linkers.contains_key(name)
    }

    /// The names of its linkers.
    pub(super) fn linkers(&self) -> impl Iterator<Item = &str> {
        self.rules.linkers.keys().map(String::as_str)
    }

    /// What a link by this driver and linker rests on, where the project has a say in it. `all` are all rules that hold:
    /// any of the project's own may have claimed a program, or have left it to others.
    pub(super) fn consulted(&self, all: &Rules, driver: &str, linker: &str) -> Option<Digest> {
        let own = self.digest?;
        let driver = all.digest(&RuleId::Driver(driver.to_owned()));
        let linker = all.digest(&RuleId::Linker(linker.to_owned()));
        Some(Digest::of_parts(
            [own, driver, linker].iter().map(|digest| &digest.0[..]),
        ))
    }
}

impl PartialEq for OwnRules {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for OwnRules {}

impl Hash for OwnRules {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

impl Serialize for OwnRules {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.digest.serialize(serializer)
    }
}
