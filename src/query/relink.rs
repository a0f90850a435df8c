//! Why a program is linked: what is another since the last build, whatever else was linked before.

use super::executable::LinkResult;
use super::services::Services;
use super::trace::{self, Trace};
use crate::digest::Digest;
use crate::explain::{Cause, Reason};
use crate::link::LinkPlan;
use crate::observe::{Observation, Role, Seen};
use camino::Utf8PathBuf;
use std::collections::HashSet;

/// A link that has to run.
pub(super) struct Changes<'l> {
    pub services: &'l Services,
    pub objects: &'l [(Utf8PathBuf, Digest)],
    pub plan: &'l LinkPlan,
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
        let paths = self.other_objects();
        if !paths.is_empty() {
            causes.push(Cause::Objects { paths });
        }
        let plan = services
            .previous_plan
            .is_some_and(|before| before != self.plan.digest());
        if plan {
            let what = services
                .reasons
                .iter()
                .filter(|reason| reason.reaches_link_plan());
            let what: Vec<&str> = what.map(Reason::subject).collect();
            causes.push(Cause::LinkPlan {
                what: what.join(", "),
            });
        }
        causes.extend(self.inputs());
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

    /// Modules whose object is another than in the last build, or that were not in it, or are no more.
    fn other_objects(&self) -> Vec<Utf8PathBuf> {
        let previous = &self.services.previous;
        let other = |(path, digest): &&(Utf8PathBuf, Digest)| {
            let before = previous.get(path.as_str());
            before.is_none_or(|before| before.object != *digest)
        };
        let mut paths: Vec<Utf8PathBuf> = self
            .objects
            .iter()
            .filter(other)
            .map(|(path, _)| path.clone())
            .collect();
        let there: HashSet<&str> = self.objects.iter().map(|(path, _)| path.as_str()).collect();
        let gone = previous.keys().filter(|path| !there.contains(&***path));
        paths.extend(gone.map(|path| Utf8PathBuf::from(&**path)));
        paths.sort();
        paths
    }

    /// What the last link read, or where it looked, that is another by now.
    fn inputs(&self) -> Vec<Cause> {
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

fn input(observation: &Observation) -> Cause {
    let change = match observation {
        Observation::File { .. } => "changed or is gone",
        Observation::Absent { .. } => "appeared",
        Observation::Present { .. } => "is gone or of another kind",
        Observation::Attributes { .. } => "looks different",
        Observation::Link { .. } => "points to another place",
        Observation::Denied { .. } => "could not be read before",
        Observation::Listing { .. } | Observation::ListingWithout { .. } => "has other names in it",
        Observation::Variable { .. } | Observation::Tool { .. } => "has another value",
    };
    Cause::LinkInput {
        path: observation.subject().into(),
        change: change.to_owned(),
    }
}

fn of_reason(reason: &Reason) -> Cause {
    let change = match reason {
        Reason::Appeared { .. } => "appeared",
        Reason::Disappeared { .. } | Reason::KindChanged { .. } => "is gone or of another kind",
        Reason::AttributesChanged { .. } => "looks different",
        Reason::LinkRetargeted { .. } => "points to another place",
        Reason::Permitted { .. } => "could not be read before",
        Reason::ListingChanged { .. } => "has other names in it",
        _ => "changed or is gone",
    };
    Cause::LinkInput {
        path: reason.subject().into(),
        change: change.to_owned(),
    }
}
