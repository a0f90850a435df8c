//! A [`Difference`] as text: a line for each thing, `-` for what only the old build had, `+` for what only the new one has.

use super::layout::{group, list};
use super::{Limits, duration, number, reason};
use crate::explain::{Change, Difference, Query, Step};
use std::fmt::Write;

/// What differs between two builds.
pub fn difference(difference: &Difference, limits: Limits) -> String {
    let mut out = String::new();
    let Difference { old, new, .. } = difference;
    let (before, after) = (difference.old_duration, difference.new_duration);
    let _ = writeln!(
        out,
        "build {old} (-) took {}, build {new} (+) took {}",
        duration(before),
        duration(after)
    );
    group(
        &mut out,
        "asked for otherwise",
        changed(&difference.options),
        limits,
    );
    let reasons = |sign, reasons: &[_]| -> Vec<String> {
        reasons
            .iter()
            .map(|item| format!("{sign} {}", reason(item)))
            .collect()
    };
    let mut lines = reasons('-', &difference.only_old_reasons);
    lines.extend(reasons('+', &difference.only_new_reasons));
    group(&mut out, "stale for other reasons", lines, limits);
    let mut lines = steps('-', &difference.only_old_ran, limits);
    lines.extend(steps('+', &difference.only_new_ran, limits));
    group(&mut out, "ran in one only", lines, limits);
    let lines = counts(difference);
    group(&mut out, "other counts", lines, limits);
    let arguments = |sign, words: &[String]| -> Vec<String> {
        words.iter().map(|word| format!("{sign} {word}")).collect()
    };
    let mut lines = arguments('-', &difference.only_old_arguments);
    lines.extend(arguments('+', &difference.only_new_arguments));
    group(&mut out, "linked with other arguments", lines, limits);
    group(
        &mut out,
        "linked with other files",
        changed(&difference.link_inputs),
        limits,
    );
    out
}

fn changed(changes: &[Change]) -> Vec<String> {
    let shown = |value: &Option<String>| match value.as_deref() {
        None => "nothing".to_owned(),
        Some("") => "empty".to_owned(),
        Some(value) => value.to_owned(),
    };
    let line = |change: &Change| {
        format!(
            "{}: {} → {}",
            change.name,
            shown(&change.old),
            shown(&change.new)
        )
    };
    changes.iter().map(line).collect()
}

/// A line for each query.
fn steps(sign: char, steps: &[Step], limits: Limits) -> Vec<String> {
    let queries = [Query::Parse, Query::Lower, Query::Object, Query::Executable];
    let line = |query: &Query| {
        let of = steps.iter().filter(|step| step.query == *query);
        let subjects: Vec<&str> = of.map(|step| step.subject.as_str()).collect();
        (!subjects.is_empty()).then(|| {
            let named = list(subjects.iter().copied(), limits.subjects);
            format!("{sign} {} {named}", query.name())
        })
    };
    queries.iter().filter_map(line).collect()
}

fn counts(difference: &Difference) -> Vec<String> {
    let (old, new) = (&difference.old_counts, &difference.new_counts);
    let counts = [
        ("modules", old.modules, new.modules),
        ("parsed", old.parsed, new.parsed),
        ("lowered", old.lowered, new.lowered),
        ("compiled", old.emitted, new.emitted),
        ("observations", old.observations, new.observations),
    ];
    let differing = counts.iter().filter(|(_, old, new)| old != new);
    differing
        .map(|(name, old, new)| format!("{name}: {} → {}", number(*old), number(*new)))
        .collect()
}
