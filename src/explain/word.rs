//! Words of small vocabularies (the codes of notices, the names of phases), read back from a record as what they were
//! written from: text that lives as long as the program.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A word of such a vocabulary.
pub type Word = &'static str;

/// Each word once, so that reading many records takes no more memory than reading one.
static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

fn word(text: &str) -> &'static str {
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(text) {
        return known;
    }
    let word: &'static str = Box::leak(text.to_owned().into_boxed_str());
    words.insert(word);
    word
}

/// For `deserialize_with`.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    Ok(word(&String::deserialize(deserializer)?))
}

/// Phases with their durations, in order, as pairs of a name and microseconds.
pub(super) mod phases {
    use super::*;

    pub fn serialize<S: Serializer>(
        phases: &[(&'static str, Duration)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let pairs = phases
            .iter()
            .map(|(phase, took)| (*phase, super::super::report::as_micros(took)));
        pairs.collect::<Vec<_>>().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(&'static str, Duration)>, D::Error> {
        let pairs = Vec::<(String, u64)>::deserialize(deserializer)?;
        Ok(pairs
            .into_iter()
            .map(|(phase, took)| (word(&phase), Duration::from_micros(took)))
            .collect())
    }
}
