//! An [`Outcome`] as text for people, at most 80 columns wide where words allow: what was stale, what ran and why, what was cut off and
//! what that spared, how it was linked.
//!
//! Plain text; colours, terminals and where it is printed are the caller's affair. Decides nothing and observes nothing.

mod build;
mod difference;
mod excerpt;
mod layout;
mod sentence;
mod standing;

pub use build::{build, builds, part};
pub use difference::difference;
pub use layout::{ago, count, duration, number};
pub use sentence::{cause, reason};
pub use standing::standing;

use super::{Cascade, Cascades, LinkReport, Outcome, Query, Ran, Reason, Root, Status};
use crate::observe::Role;
use layout::{Fold, paragraph};
use std::fmt::Write;

/// Subjects named in one line, until the rest is only counted.
const SUBJECTS: usize = 3;

/// How much is told before the rest is only counted.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Lines in one group.
    group: usize,
    /// Subjects named in one line.
    subjects: usize,
    /// Changed lines of one file.
    lines: usize,
    /// How to see what is left out.
    more: &'static str,
}

impl Limits {
    /// For a build that is being reported.
    pub const REPORT: Self = Self {
        group: 12,
        subjects: SUBJECTS,
        lines: 8,
        more: "--explain=all lists all",
    };
    /// For `kiln explain`.
    pub const ASKED: Self = Self {
        more: "--all lists all",
        ..Self::REPORT
    };
    /// Nothing is left out.
    pub const ALL: Self = Self {
        group: usize::MAX,
        subjects: usize::MAX - 1,
        lines: usize::MAX,
        more: "",
    };
}

impl Outcome {
    /// This outcome, to be rendered for people: `outcome.report().text()`.
    pub fn report(&self) -> Report<'_> {
        Report { outcome: self }
    }
}

/// An outcome on its way to be read.
#[derive(Clone, Copy, Debug)]
pub struct Report<'o> {
    outcome: &'o Outcome,
}

impl Report<'_> {
    /// See [`text`].
    pub fn text(&self) -> String {
        text(self.outcome, Limits::REPORT)
    }

    /// The same with nothing left out.
    pub fn whole_text(&self) -> String {
        text(self.outcome, Limits::ALL)
    }
}

/// The whole report, with a line break at its end.
pub fn text(outcome: &Outcome, limits: Limits) -> String {
    let mut out = String::new();
    match outcome.status {
        Status::Current => current(outcome, &mut out),
        Status::Built | Status::Predicted => {
            roots(outcome, limits, &mut out);
            for query in [Query::Action, Query::Parse, Query::Lower, Query::Object] {
                steps(outcome, query, limits, &mut out);
            }
            cutoffs(outcome, limits, &mut out);
            link(outcome, limits, &mut out);
        }
    }
    notices(outcome, &mut out);
    out
}

/// What the outcome is about: the program, or the modules that were checked.
fn subject(outcome: &Outcome) -> &str {
    outcome
        .output
        .as_deref()
        .and_then(camino::Utf8Path::file_name)
        .unwrap_or("the program")
}

fn current(outcome: &Outcome, out: &mut String) {
    let counts = &outcome.counts;
    paragraph(
        out,
        0,
        &format!("{} is current: nothing had to run.", subject(outcome)),
    );
    let read = match counts.files_digested {
        0 => "no file had to be read".to_owned(),
        1 => "1 file was read again and is what it was".to_owned(),
        several => format!(
            "{} files were read again and are what they were",
            number(several)
        ),
    };
    let proven = format!(
        "{} hold, of {}, tools, libraries, variables and the output; {read}.",
        count(counts.observations, "observation"),
        count(counts.modules, "module")
    );
    paragraph(out, 2, &proven);
}

/// What of the world is another than it was.
fn roots(outcome: &Outcome, limits: Limits, out: &mut String) {
    let predicted = outcome.status == Status::Predicted;
    let subject = subject(outcome);
    if outcome.reasons.is_empty() {
        let verb = if predicted { "would be" } else { "was" };
        paragraph(out, 0, &format!("{subject} {verb} built."));
        return;
    }
    let verb = if predicted { "is" } else { "was" };
    paragraph(out, 0, &format!("{subject} {verb} stale, because"));
    let cascades = outcome.cascades();
    let mut fold = Fold::new(out, 2, limits);
    for item in ordered(&outcome.reasons) {
        if !fold.line(&reason(item), 1) {
            continue;
        }
        if let Reason::Changed {
            lines: Some(lines), ..
        } = item
        {
            excerpt::lines(lines, limits, fold.out());
        }
        let at = outcome
            .reasons
            .iter()
            .position(|other| std::ptr::eq(other, item));
        if let Some(effect) = at.and_then(|at| effect(&cascades, Root::Reason(at), predicted)) {
            paragraph(fold.out(), 4, &effect);
        }
    }
    fold.finish();
    if let Some(effect) = effect(&cascades, Root::Lost, predicted) {
        paragraph(
            out,
            2,
            "some of what was stored was lost, or dropped to save space",
        );
        paragraph(out, 4, &effect);
    }
}

/// What ran on account of a root, however many others lie between.
fn effect(cascades: &Cascades, root: Root, predicted: bool) -> Option<String> {
    let cascade = cascades.of.iter().find(|cascade| cascade.root == root)?;
    let so = if predicted { "would be" } else { "so" };
    Some(format!("{so}: {}", caused(cascade)?))
}

/// How much ran on account of a root: `1 parsed, 1 lowered, 1 compiled, linked`.
pub fn caused(cascade: &Cascade) -> Option<String> {
    if cascade.total() == 0 {
        return None;
    }
    let steps = [
        (cascade.parsed, "parsed"),
        (cascade.lowered, "lowered"),
        (cascade.compiled, "compiled"),
    ];
    let mut parts: Vec<String> = Vec::new();
    if cascade.acted > 0 {
        parts.push(format!("{} run", count(cascade.acted, "action")));
    }
    let steps = steps
        .iter()
        .filter(|(ran, _)| *ran > 0)
        .map(|(ran, verb)| format!("{} {verb}", number(*ran)));
    parts.extend(steps);
    parts.extend((cascade.linked > 0).then(|| "linked".to_owned()));
    Some(parts.join(", "))
}

/// The reasons, those that reach furthest first: another compiler before another module.
pub fn ordered(reasons: &[Reason]) -> Vec<&Reason> {
    let mut ordered: Vec<&Reason> = reasons.iter().collect();
    ordered.sort_by_key(|reason| match reason {
        Reason::FirstBuild
        | Reason::CacheDisabled
        | Reason::ProofUnusable { .. }
        | Reason::EngineChanged { .. } => 0,
        Reason::VariableChanged { .. } | Reason::ToolMoved { .. } | Reason::Moved { .. } => 1,
        Reason::LinkDeclined { .. } | Reason::UnitDeclined { .. } => 2,
        Reason::Changed { role, .. }
        | Reason::Appeared { role, .. }
        | Reason::Disappeared { role, .. }
        | Reason::KindChanged { role, .. }
        | Reason::ListingChanged { role, .. }
        | Reason::AttributesChanged { role, .. }
        | Reason::LinkRetargeted { role, .. }
        | Reason::Permitted { role, .. }
        | Reason::Unreadable { role, .. } => match role {
            Role::Program => 0,
            Role::Configuration | Role::Tool | Role::Environment => 1,
            Role::Link | Role::Resolution | Role::Action => 2,
            Role::Source => 3,
            Role::Output => 4,
        },
        Reason::OutputMissing { .. }
        | Reason::OutputChanged { .. }
        | Reason::ChangedWhileBuilding { .. } => 4,
    });
    ordered
}

/// One query: the modules it ran for, those with the same causes together.
fn steps(outcome: &Outcome, query: Query, limits: Limits, out: &mut String) {
    let ran: Vec<&Ran> = outcome
        .ran
        .iter()
        .filter(|ran| ran.query == query)
        .collect();
    if ran.is_empty() {
        return;
    }
    let verb = match (query, outcome.status == Status::Predicted) {
        (Query::Action, false) => "ran",
        (Query::Action, true) => "would run",
        (Query::Parse, false) => "parsed",
        (Query::Lower, false) => "lowered",
        (Query::Object, false) => "compiled",
        (Query::Executable, false) => "linked",
        (Query::Parse, true) => "would parse",
        (Query::Lower, true) => "would lower",
        (Query::Object, true) => "would compile",
        (Query::Executable, true) => "would link",
    };
    let all = outcome.counts.modules.max(ran.len());
    let of = match query {
        Query::Action => count(ran.len(), "action"),
        _ => format!("{} of {}", number(ran.len()), count(all, "module")),
    };
    let _ = writeln!(out, "\n{verb} {of}");
    let mut groups: Vec<(Vec<String>, Vec<&Ran>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for ran in ran {
        let causes: Vec<String> = ran.causes.iter().map(|item| cause(item, ran)).collect();
        let place = *places.entry(causes.clone()).or_insert(groups.len());
        if place == groups.len() {
            groups.push((causes, Vec::new()));
        }
        groups[place].1.push(ran);
    }
    let mut fold = Fold::new(out, 2, limits);
    for (causes, members) in groups {
        let named = members.iter().map(|ran| ran.subject.as_str());
        fold.line(
            &format!(
                "{}: {}",
                layout::list(named, limits.subjects),
                causes.join("; ")
            ),
            members.len(),
        );
    }
    fold.finish();
}

/// Where a change stopped: a query gave the result it had given before, or as much of it as others look at.
fn cutoffs(outcome: &Outcome, limits: Limits, out: &mut String) {
    let cut: Vec<&Ran> = outcome
        .ran
        .iter()
        .filter(|ran| ran.cut_off || ran.spared > 0)
        .collect();
    if cut.is_empty() {
        return;
    }
    let spared = |ran: &[&Ran]| ran.iter().map(|ran| ran.spared).sum::<usize>();
    let total = match spared(&cut) {
        0 => String::new(),
        steps => format!(", which spared {}", count(steps, "step")),
    };
    let _ = writeln!(out, "\ncut off at {}{total}", number(cut.len()));
    let cases = [
        (Query::Action, true, "same files as before"),
        (Query::Parse, true, "same syntax as before"),
        (Query::Parse, false, "same exports as before"),
        (Query::Lower, true, "same meaning as before"),
        (Query::Object, true, "same object as before"),
        (Query::Executable, true, "same program as before"),
    ];
    for (query, whole, same) in cases {
        let members: Vec<&Ran> = cut
            .iter()
            .filter(|ran| ran.query == query && ran.cut_off == whole)
            .copied()
            .collect();
        if !members.is_empty() {
            let named = layout::list(
                members.iter().map(|ran| ran.subject.as_str()),
                limits.subjects,
            );
            let steps = match spared(&members) {
                0 => String::new(),
                steps => format!(" (spared {})", number(steps)),
            };
            paragraph(out, 2, &format!("{named}: {same}{steps}"));
        }
    }
}

fn link(outcome: &Outcome, limits: Limits, out: &mut String) {
    let predicted = outcome.status == Status::Predicted;
    let ran: Vec<&Ran> = outcome
        .ran
        .iter()
        .filter(|ran| ran.query == Query::Executable)
        .collect();
    let head = match &outcome.link {
        Some(LinkReport {
            linked: true,
            way,
            linker,
            linker_path,
            ..
        }) if !predicted => match linker_path {
            Some(path) => format!("linked ({way}: {linker}, {path})"),
            None => format!("linked ({way}: {linker})"),
        },
        Some(LinkReport { linked: false, .. }) => {
            "not linked: the program is already there, or stored".to_owned()
        }
        Some(_) => "would link".to_owned(),
        None if ran.is_empty() => return,
        None if predicted => "would link".to_owned(),
        None => "linked".to_owned(),
    };
    let _ = writeln!(out, "\n{head}");
    let mut fold = Fold::new(out, 2, limits);
    for ran in &ran {
        for item in &ran.causes {
            fold.line(&cause(item, ran), 1);
        }
    }
    fold.finish();
    if let Some(report) = &outcome.link
        && report.object_fingerprints_used
            + report.object_files_hashed
            + report.external_inputs_hashed
            > 0
    {
        let inputs = match report.external_inputs_hashed {
            1 => "1 library or other input read".to_owned(),
            several => format!("{} libraries and other inputs read", number(several)),
        };
        let known = count(report.object_fingerprints_used, "object");
        let figures = format!(
            "{known} known by digest, {} read; {inputs}",
            number(report.object_files_hashed)
        );
        paragraph(out, 2, &figures);
    }
}

fn notices(outcome: &Outcome, out: &mut String) {
    for notice in &outcome.notices {
        out.push('\n');
        paragraph(out, 0, &format!("warning: {}", notice.message));
        if let Some(remedy) = &notice.remedy {
            paragraph(out, 2, &format!("help: {remedy}"));
        }
    }
}

#[cfg(test)]
mod tests;
