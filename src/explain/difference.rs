//! [`Difference`]: what differs between two recorded builds.

use super::report::microseconds;
use super::{Build, Counts, Linked, Query, Reason};
use camino::Utf8PathBuf;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Two builds side by side. Of what is in both, only counts are told.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    pub old: u64,
    pub new: u64,
    /// What was asked for and how: the profile, options, the version of Kiln.
    pub options: Vec<Change>,
    pub only_old_reasons: Vec<Reason>,
    pub only_new_reasons: Vec<Reason>,
    pub only_old_ran: Vec<Step>,
    pub only_new_ran: Vec<Step>,
    /// Steps that ran in both.
    pub both_ran: usize,
    pub old_counts: Counts,
    pub new_counts: Counts,
    /// Arguments of the linker that only one has, in order.
    pub only_old_arguments: Vec<String>,
    pub only_new_arguments: Vec<String>,
    /// Files that the link read; the values are the beginnings of digests.
    pub link_inputs: Vec<Change>,
    #[serde(rename = "old_microseconds", with = "microseconds")]
    pub old_duration: Duration,
    #[serde(rename = "new_microseconds", with = "microseconds")]
    pub new_duration: Duration,
}

/// Something with two values; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub name: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// A query that ran.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Step {
    pub query: Query,
    pub subject: Utf8PathBuf,
}

impl Difference {
    pub fn between(old: &Build, new: &Build) -> Self {
        let (old_ran, new_ran) = (steps(old), steps(new));
        let only = |a: &[Reason], b: &[Reason]| -> Vec<Reason> {
            a.iter()
                .filter(|reason| !b.contains(reason))
                .cloned()
                .collect()
        };
        let words = |a: &[String], b: &[String]| -> Vec<String> {
            a.iter().filter(|word| !b.contains(word)).cloned().collect()
        };
        // Where nobody knows how one of them was linked, there is nothing to compare.
        let (old_link, new_link) = match (&old.link, &new.link) {
            (Some(old), Some(new)) => (old.clone(), new.clone()),
            _ => (Linked::default(), Linked::default()),
        };
        let (old_reasons, new_reasons) = (&old.outcome.reasons, &new.outcome.reasons);
        Self {
            old: old.number,
            new: new.number,
            options: changes(&options(old), &options(new)),
            only_old_reasons: only(old_reasons, new_reasons),
            only_new_reasons: only(new_reasons, old_reasons),
            only_old_ran: old_ran.difference(&new_ran).cloned().collect(),
            only_new_ran: new_ran.difference(&old_ran).cloned().collect(),
            both_ran: old_ran.intersection(&new_ran).count(),
            old_counts: old.outcome.counts,
            new_counts: new.outcome.counts,
            only_old_arguments: words(&old_link.arguments, &new_link.arguments),
            only_new_arguments: words(&new_link.arguments, &old_link.arguments),
            link_inputs: changes(&inputs(&old_link), &inputs(&new_link)),
            old_duration: old.duration,
            new_duration: new.duration,
        }
    }
}

fn steps(build: &Build) -> BTreeSet<Step> {
    let ran = build.outcome.ran.iter();
    ran.map(|ran| Step {
        query: ran.query,
        subject: ran.subject.clone(),
    })
    .collect()
}

fn options(build: &Build) -> BTreeMap<String, String> {
    let asked = &build.asked;
    let named = [
        ("kiln", build.kiln.clone()),
        ("goal", asked.goal.clone()),
        ("name", asked.name.clone()),
        ("profile", asked.profile.clone()),
        (
            "entry",
            asked
                .entry
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        ("output", asked.output.to_string()),
    ];
    let named = named.map(|(name, value)| (name.to_owned(), value));
    named.into_iter().chain(build.options.clone()).collect()
}

fn inputs(link: &Linked) -> BTreeMap<String, String> {
    link.inputs
        .iter()
        .map(|(path, digest)| (path.to_string(), digest.clone()))
        .collect()
}

fn changes(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<Change> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| Change {
            name: name.clone(),
            old: old.get(name).cloned(),
            new: new.get(name).cloned(),
        })
        .collect()
}
