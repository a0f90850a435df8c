//! Why a program is linked: what is another since the last build, whatever else was linked before.

use super::executable::LinkResult;
use super::services::Services;
use super::trace::{self, Trace};
use crate::digest::Digest;
use crate::explain::{Cause, Reason};
use crate::link::LinkPlan;
use crate::observe::{Observation, Role, Seen};
use crate::proof::LibraryState;
use camino::{Utf8Path, Utf8PathBuf};
use indexmap::{IndexMap, IndexSet};
use std::collections::HashSet;

/// A link that has to run.
pub(super) struct Changes<'l> {
    pub services: &'l Services,
    pub objects: &'l [(Utf8PathBuf, Digest)],
    pub plan: &'l LinkPlan,
    /// The native libraries in the plan.
    pub libraries: &'l [LibraryState],
    /// The traces of links of these objects.
    pub record: Option<&'l [u8]>,
    /// A trace holds, but its program is lost.
    pub lost: Option<Digest>,
}

impl Changes<'_> {
    /// All causes, at least one.
    pub fn find(&self) -> Vec<Cause> {
        let services = self.services;
        if services.previous_output.is_none() {
            return vec![Cause::New];
        }
        if services.account_lost() {
            return vec![services.lost("what the last build knew of its modules")];
        }
        let mut causes = Vec::new();
        let paths = other_objects(services, self.objects);
        if !paths.is_empty() {
            causes.push(Cause::Objects { paths });
        }
        let plan = services
            .previous_plan
            .is_some_and(|before| before != self.plan.digest());
        let libraries = library_causes(&services.previous.libraries, self.libraries);
        let told = !libraries.is_empty();
        let plan = plan && !told;
        causes.extend(libraries);
        let mut told_of: IndexSet<&str> = IndexSet::new();
        if plan {
            let reaching = |reason: &&Reason| reason.reaches_link_plan();
            let what = services.reasons.iter().filter(reaching);
            told_of.extend(what.map(Reason::subject));
            let what: Vec<&str> = match told_of.is_empty() {
                true => vec!["what its sources need"],
                false => told_of.iter().copied().collect(),
            };
            causes.push(Cause::LinkPlan {
                what: what.join(", "),
            });
        }
        // One is enough of each file.
        let mut files: IndexMap<Utf8PathBuf, Cause> = IndexMap::new();
        for (path, change) in self.inputs(told) {
            if !told_of.contains(path.as_str()) {
                let cause = Cause::LinkInput {
                    path: path.clone(),
                    change,
                };
                files.entry(path).or_insert(cause);
            }
        }
        causes.extend(files.into_values());
        if let Some(message) = services.previous_declined.clone() {
            causes.push(Cause::LinkDeclined { message });
        }
        if causes.is_empty() {
            causes.push(services.lost(&match self.lost {
                Some(program) => format!("the program {}", program.short()),
                None => "the record of the link".to_owned(),
            }));
        }
        causes
    }

    /// What the last link read, or where it looked, that is another by now. `told`: what is another about the libraries,
    /// whose files are among these, is told already.
    fn inputs(&self, told: bool) -> Vec<(Utf8PathBuf, String)> {
        let traces: Vec<Trace<Seen, LinkResult>> = trace::all(self.record);
        let of_last_build = |trace: &&Trace<Seen, LinkResult>| {
            Some(trace.result.program) == self.services.previous_output
        };
        let trace = traces.iter().rev().find(of_last_build).or(traces.last());
        if self.lost.is_some() {
            return Vec::new();
        }
        match trace {
            Some(trace) => {
                let holds = |seen: &&Seen| self.services.world.holds(&seen.observation);
                let stale = trace.reads.iter().filter(|seen| !holds(seen));
                stale.map(|seen| input(&seen.observation)).collect()
            }
            // Other objects than ever before: what the proof found of the link is what there is to say.
            None if told => Vec::new(),
            None => {
                let tools = self.plan.external.is_some();
                let of_link = |reason: &&Reason| match reason.role() {
                    Some(Role::Link) => true,
                    Some(Role::Tool) => tools && reason.path().is_some(),
                    _ => false,
                };
                let reasons = self.services.reasons.iter().filter(of_link);
                reasons.map(of_reason).collect()
            }
        }
    }
}

/// Modules and other sources whose object is another than in the last build, or that were not in it, or are no more.
pub(super) fn other_objects(
    services: &Services,
    objects: &[(Utf8PathBuf, Digest)],
) -> Vec<Utf8PathBuf> {
    let other =
        |(path, digest): &&(Utf8PathBuf, Digest)| services.previous_object(path) != Some(*digest);
    let mut paths: Vec<Utf8PathBuf> = objects
        .iter()
        .filter(other)
        .map(|(path, _)| path.clone())
        .collect();
    let there: HashSet<&str> = objects.iter().map(|(path, _)| path.as_str()).collect();
    let modules = services.previous.paths().map(Utf8Path::as_str);
    let before = modules.chain(services.units.sources());
    let gone = before.filter(|path| !there.contains(path));
    paths.extend(gone.map(Utf8PathBuf::from));
    paths.sort();
    paths
}

/// What is another about the libraries of a link.
fn library_causes(before: &[LibraryState], now: &[LibraryState]) -> Vec<Cause> {
    let of = |states: &[LibraryState], name: &str| {
        states.iter().find(|state| state.name == name).cloned()
    };
    let changed = now.iter().filter_map(|state| {
        let old = of(before, &state.name).map(|old| old.words);
        (old.as_ref() != Some(&state.words)).then(|| Cause::Library {
            name: state.name.clone(),
            place: state.place.clone(),
            old,
            new: Some(state.words.clone()),
        })
    });
    let gone = before.iter().filter(|state| of(now, &state.name).is_none());
    let gone = gone.map(|state| Cause::Library {
        name: state.name.clone(),
        place: format!("before: {}", state.place),
        old: Some(state.words.clone()),
        new: None,
    });
    changed.chain(gone).collect()
}

fn input(observation: &Observation) -> (Utf8PathBuf, String) {
    let change = observation.change().to_owned();
    (observation.subject().into(), change)
}

fn of_reason(reason: &Reason) -> (Utf8PathBuf, String) {
    let change = match reason {
        Reason::Appeared { .. } => "appeared",
        Reason::Disappeared { .. } | Reason::KindChanged { .. } => "is gone or of another kind",
        Reason::AttributesChanged { .. } => "looks different",
        Reason::LinkRetargeted { .. } => "points to another place",
        Reason::Permitted { .. } => "could not be read before",
        Reason::ListingChanged { .. } => "has other names in it",
        _ => "changed or is gone",
    };
    (reason.subject().into(), change.to_owned())
}
