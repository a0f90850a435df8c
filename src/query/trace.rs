//! Traces: what a query read when it ran, each read with the digest of its answer, and the digest of its result.
//!
//! Several traces of one key stand side by side, one for each state of the world that was built, so that going back to
//! an earlier state runs nothing. [`find`] is the only way to take a result from a trace, for queries and for the
//! pre-pass alike.

use crate::digest::Digest;
use camino::Utf8PathBuf;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// So many traces of one key are kept, the newest ones.
const KEPT: usize = 8;

/// One question that lowering asked about other modules.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Read {
    /// Which module does this specifier stand for?
    Resolve {
        importer: Utf8PathBuf,
        specifier: String,
    },
    /// What does this module export under this name?
    Item { module: Utf8PathBuf, name: String },
    /// Which names does this module export?
    Names { module: Utf8PathBuf },
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub read: Read,
    pub answer: Answer,
}

/// The answer to a [`Read`]; `digest` is `None` where there is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub digest: Option<Digest>,
    /// For people: a path, a signature.
    pub shown: Option<String>,
}

/// A past run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace<R, T> {
    pub reads: Vec<R>,
    pub result: T,
}

/// What a look-up gives.
pub enum Found<R, T> {
    Hit(Trace<R, T>),
    /// No trace holds.
    Miss,
}

/// All traces in a record, oldest first.
pub fn all<R: DeserializeOwned, T: DeserializeOwned>(record: Option<&[u8]>) -> Vec<Trace<R, T>> {
    // A record that passed its checksum and cannot be read was written by an engine with the same digest: a bug, whose
    // harm is bounded by running the query.
    let traces = record.and_then(|record| postcard::from_bytes(record).ok());
    traces.unwrap_or_default()
}

/// A trace in `record` all of whose reads hold.
pub fn find<R, T>(record: Option<&[u8]>, mut holds: impl FnMut(&R) -> bool) -> Found<R, T>
where
    R: DeserializeOwned,
    T: DeserializeOwned,
{
    let newest_first = all(record).into_iter().rev();
    let mut holding = newest_first.filter(|trace: &Trace<R, T>| trace.reads.iter().all(&mut holds));
    holding.next().map_or(Found::Miss, Found::Hit)
}

/// What no longer holds of the newest trace of which some reads do not hold that `may_change`, and all others hold: the trace
/// of the last build, where `may_change` says of what is known to be another since then. Up to `most` of them.
pub fn stale<R, T>(
    record: Option<&[u8]>,
    holds: impl Fn(&R) -> bool,
    may_change: impl Fn(&R) -> bool,
    most: usize,
) -> Vec<R>
where
    R: DeserializeOwned,
    T: DeserializeOwned,
{
    let newest_first = all::<R, T>(record).into_iter().rev();
    let mut changed = newest_first.map(|trace| {
        let reads = trace.reads.into_iter();
        reads.filter(|read| !holds(read)).collect::<Vec<R>>()
    });
    let of_last = changed.find(|stale| !stale.is_empty() && stale.iter().all(&may_change));
    let mut stale = of_last.unwrap_or_default();
    stale.truncate(most);
    stale
}

/// The record with one more trace.
pub fn add<R, T>(record: Option<&[u8]>, trace: Trace<R, T>) -> Vec<u8>
where
    R: Serialize + DeserializeOwned + PartialEq,
    T: Serialize + DeserializeOwned,
{
    let mut traces: Vec<Trace<R, T>> = all(record);
    traces.retain(|old| old.reads != trace.reads);
    if traces.len() >= KEPT {
        traces.drain(..=traces.len() - KEPT);
    }
    traces.push(trace);
    postcard::to_stdvec(&traces).unwrap_or_default()
}
