//! [`Verified`]: what came of computing stored results again.

use super::Query;
use camino::Utf8PathBuf;
use serde::Serialize;

/// How many results were computed again, and which were stored otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    pub parsed: usize,
    pub lowered: usize,
    pub objects: usize,
    pub linked: usize,
    /// Sources with compilers of their own, and actions: they are not computed again.
    pub others: usize,
    pub mismatches: Vec<Mismatch>,
}

/// A stored result that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    pub query: Query,
    /// The module or the program.
    pub subject: Utf8PathBuf,
    /// What of it differs: the section of an object, or a byte.
    pub what: String,
    /// What the result rests on.
    pub rests_on: Vec<String>,
}

impl Mismatch {
    /// As a sentence.
    pub fn message(&self) -> String {
        let Self {
            query,
            subject,
            what,
            rests_on,
        } = self;
        format!(
            "the stored result of {} {subject} is wrong in {what}; it rests on {}",
            query.name(),
            rests_on.join(", ")
        )
    }
}
