//! The rows of the page: roots, steps and groups of both. A root is called by its place counted down from -1, a step by its
//! place from 0, so that what leads to a step is a list of numbers.

use crate::explain::text::{cause, ordered, reason};
use crate::explain::{Excerpt, Graph, Group, Origin, Outcome, Query, Reason, Root};
use crate::host::Kind;
use crate::observe::{Attributes, Role};
use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

#[derive(Serialize)]
pub struct RootRow<'o> {
    /// In a sentence.
    what: String,
    role: Option<Role>,
    subject: &'o str,
    old: Option<String>,
    new: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<&'o Excerpt>,
    /// Changed lines that the excerpt has not.
    #[serde(skip_serializing_if = "is_zero")]
    lines_left_out: usize,
    /// Its place among all, those that reach furthest first.
    rank: usize,
    acted: usize,
    parsed: usize,
    lowered: usize,
    compiled: usize,
    linked: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

pub fn roots<'o>(outcome: &'o Outcome, graph: &Graph) -> Vec<RootRow<'o>> {
    let ordered = ordered(&outcome.reasons);
    let mut ranks = vec![0; ordered.len()];
    for (rank, item) in ordered.into_iter().enumerate() {
        let at = outcome
            .reasons
            .iter()
            .position(|other| std::ptr::eq(other, item));
        if let Some(at) = at {
            ranks[at] = rank;
        }
    }
    let cascades = outcome.cascades();
    let roots = graph.roots.iter().zip(&cascades.of);
    let row = |(root, cascade): (&Root, &crate::explain::Cascade)| {
        let item = match root {
            Root::Reason(at) => Some(&outcome.reasons[*at]),
            Root::Lost => None,
        };
        let (old, new) = item.map_or((None, None), values);
        let lines = match item {
            Some(Reason::Changed { lines, .. }) => lines.as_ref(),
            _ => None,
        };
        RootRow {
            what: item.map_or_else(
                || "some of what was stored was lost, or dropped to save space".to_owned(),
                reason,
            ),
            role: item.and_then(Reason::role),
            subject: item.map_or("", Reason::subject),
            old,
            new,
            lines,
            lines_left_out: lines.map_or(0, Excerpt::left_out),
            rank: match root {
                Root::Reason(at) => ranks[*at],
                Root::Lost => ranks.len(),
            },
            acted: cascade.acted,
            parsed: cascade.parsed,
            lowered: cascade.lowered,
            compiled: cascade.compiled,
            linked: cascade.linked,
        }
    };
    roots.map(row).collect()
}

/// What it was and what it is, where that is more than there or not.
fn values(reason: &Reason) -> (Option<String>, Option<String>) {
    let (old, new) = match reason {
        Reason::Changed { old, new, .. } | Reason::OutputChanged { old, new, .. } => {
            let facts = |facts: &crate::explain::FileFacts| {
                let size = crate::explain::text::count(
                    usize::try_from(facts.size).unwrap_or(usize::MAX),
                    "byte",
                );
                format!("{size}, {}", facts.digest.short())
            };
            (facts(old), facts(new))
        }
        Reason::Appeared { .. } => ("absent".to_owned(), "there".to_owned()),
        Reason::Disappeared { .. } | Reason::OutputMissing { .. } => {
            ("there".to_owned(), "absent".to_owned())
        }
        Reason::KindChanged { old, new, .. } => (kind(*old).to_owned(), kind(*new).to_owned()),
        Reason::AttributesChanged { old, new, .. } => (looks(old), looks(new)),
        Reason::LinkRetargeted { old, new, .. } | Reason::ToolMoved { old, new, .. } => {
            (place(old.as_ref()), place(new.as_ref()))
        }
        Reason::Moved { old, new, .. } => (old.to_string(), new.to_string()),
        Reason::VariableChanged { old, new, .. } => {
            let value = |value: &Option<String>| {
                value
                    .as_ref()
                    .map_or_else(|| "unset".to_owned(), |value| format!("{value:?}"))
            };
            (value(old), value(new))
        }
        Reason::EngineChanged { old, new } => (old.clone(), new.clone()),
        Reason::FirstBuild
        | Reason::CacheDisabled
        | Reason::ProofUnusable { .. }
        | Reason::ListingChanged { .. }
        | Reason::Permitted { .. }
        | Reason::Unreadable { .. }
        | Reason::LinkDeclined { .. }
        | Reason::UnitDeclined { .. }
        | Reason::ChangedWhileBuilding { .. } => return (None, None),
    };
    (Some(old), Some(new))
}

fn place(path: Option<&Utf8PathBuf>) -> String {
    path.map_or_else(|| "nothing".to_owned(), Utf8PathBuf::to_string)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::File => "a file",
        Kind::Directory => "a directory",
        Kind::Other => "a device, socket or pipe",
    }
}

fn looks(attributes: &Attributes) -> String {
    let Attributes {
        kind: what,
        mode,
        size,
        mtime,
    } = attributes;
    let time = mtime.map_or_else(String::new, |mtime| format!(", time {mtime} ns"));
    format!("{}, mode {mode:04o}, {size} bytes{time}", kind(*what))
}

#[derive(Serialize)]
pub struct StepRow<'o> {
    query: Query,
    subject: &'o Utf8Path,
    why: Vec<String>,
    cut_off: bool,
    spared: usize,
    started: u64,
    microseconds: u64,
    thread: usize,
    /// The roots that it leads back to.
    roots: Vec<i64>,
    /// What made it run at once.
    from: Vec<i64>,
}

pub fn steps<'o>(outcome: &'o Outcome, graph: &Graph) -> Vec<StepRow<'o>> {
    let cascades = outcome.cascades();
    let steps = outcome.ran.iter().zip(&graph.from).zip(&cascades.roots);
    let row = steps.map(|((ran, from), roots)| StepRow {
        query: ran.query,
        subject: &ran.subject,
        why: ran.causes.iter().map(|item| cause(item, ran)).collect(),
        cut_off: ran.cut_off,
        spared: ran.spared,
        started: crate::explain::report::as_micros(&ran.started),
        microseconds: crate::explain::report::as_micros(&ran.duration),
        thread: ran.thread,
        roots: roots
            .iter()
            .map(|root| called(graph, Origin::Root(*root)))
            .collect(),
        from: from.iter().map(|origin| called(graph, *origin)).collect(),
    });
    row.collect()
}

#[derive(Serialize)]
pub struct GroupRow {
    query: Option<Query>,
    cut_off: bool,
    members: Vec<i64>,
    from: Vec<usize>,
}

impl GroupRow {
    pub fn new(graph: &Graph, group: &Group) -> Self {
        Self {
            query: group.query,
            cut_off: group.cut_off,
            members: group
                .members
                .iter()
                .map(|origin| called(graph, *origin))
                .collect(),
            from: group.from.clone(),
        }
    }
}

/// The number of a root or a step.
fn called(graph: &Graph, origin: Origin) -> i64 {
    let number = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    match origin {
        Origin::Step(at) => number(at),
        Origin::Root(Root::Reason(at)) => -1 - number(at),
        // It stands after all reasons.
        Origin::Root(Root::Lost) => -number(graph.roots.len()),
    }
}
