//! The one line that says what a build did. Knows nothing of terminals.

use crate::engine::Goal;
use crate::explain::text::{count, duration, number, ordered, reason};
use crate::explain::{LinkReport, Outcome, Reason, Status};
use std::time::Duration;

/// `app is current (1,001 modules, 2.1 ms)`, `built app in 38 ms: 1 of 1,001 modules compiled, linked`, …
pub fn summary(outcome: &Outcome, goal: Goal, took: Duration) -> String {
    let name = name(outcome);
    let modules = count(outcome.counts.modules, "module");
    let took = duration(took);
    match (outcome.status, goal) {
        (Status::Current, Goal::Build) => format!("{name} is current ({modules}, {took})"),
        (Status::Current, Goal::Check) => {
            format!("no problems ({modules}, nothing changed, {took})")
        }
        (Status::Built, Goal::Build) => {
            let verb = if restored(outcome) {
                "restored"
            } else {
                "built"
            };
            format!("{verb} {name} in {took}: {}", work(outcome))
        }
        (Status::Built, Goal::Check) => format!("no problems ({}, {took})", checked(outcome)),
        (Status::Predicted, Goal::Build) => {
            format!("{name} would be built: {}", first_reason(outcome))
        }
        (Status::Predicted, Goal::Check) => {
            format!("modules would be checked: {}", first_reason(outcome))
        }
    }
}

/// `app is not current: src/a.ts changed (1,204 → 1,210 bytes)`.
pub fn stale(outcome: &Outcome) -> String {
    format!(
        "{} is not current: {}",
        name(outcome),
        first_reason(outcome)
    )
}

fn name(outcome: &Outcome) -> &str {
    outcome
        .output
        .as_deref()
        .and_then(camino::Utf8Path::file_name)
        .unwrap_or("the program")
}

/// What ran, as far as it is of interest: the last step that ran stands for those before.
fn work(outcome: &Outcome) -> String {
    let counts = &outcome.counts;
    let linked = outcome.link.as_ref().is_some_and(|link| link.linked);
    let declined = |link: &LinkReport| link.linked && link.declined.is_some();
    let how = match outcome.link.as_ref().is_some_and(declined) {
        true => " (not recorded)",
        false => "",
    };
    let nothing = &if linked {
        format!("nothing compiled, linked{how}")
    } else {
        "nothing compiled or linked".to_owned()
    };
    match (counts.emitted, counts.lowered, counts.parsed) {
        (0, 0, 0) => nothing.clone(),
        (0, 0, parsed) => format!("{}, {nothing}", ran_of(parsed, outcome, "parsed")),
        (0, lowered, _) => format!("{}, {nothing}", ran_of(lowered, outcome, "checked")),
        (emitted, ..) => format!(
            "{}, {}",
            ran_of(emitted, outcome, "compiled"),
            if linked {
                format!("linked{how}")
            } else {
                "not linked".to_owned()
            }
        ),
    }
}

fn checked(outcome: &Outcome) -> String {
    match (outcome.counts.lowered, outcome.counts.parsed) {
        (0, 0) => count(outcome.counts.modules, "module"),
        (0, parsed) => ran_of(parsed, outcome, "parsed"),
        (lowered, _) => ran_of(lowered, outcome, "checked"),
    }
}

/// `1 of 1,001 modules compiled`.
fn ran_of(ran: usize, outcome: &Outcome, verb: &str) -> String {
    format!(
        "{} of {} {verb}",
        number(ran),
        count(outcome.counts.modules, "module")
    )
}

/// Only the output was gone or another.
fn restored(outcome: &Outcome) -> bool {
    let output = |reason: &Reason| {
        matches!(
            reason,
            Reason::OutputMissing { .. } | Reason::OutputChanged { .. }
        )
    };
    !outcome.reasons.is_empty() && outcome.reasons.iter().all(output)
}

/// The first root, and how many others there are.
fn first_reason(outcome: &Outcome) -> String {
    match ordered(&outcome.reasons).as_slice() {
        [] => "something of it is missing from the cache".to_owned(),
        [only] => reason(only),
        [first, others @ ..] => format!(
            "{}, and {}",
            reason(first),
            count(others.len(), "other reason")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{stale, summary};
    use crate::engine::Goal;
    use crate::explain::{Counts, LinkReport, Outcome, Reason, Status};
    use std::time::Duration;

    fn outcome(status: Status) -> Outcome {
        Outcome {
            status,
            output: Some("target/kiln/dev/app".into()),
            output_digest: None,
            reasons: Vec::new(),
            ran: Vec::new(),
            counts: Counts {
                modules: 1_001,
                ..Counts::default()
            },
            link: None,
            messages: Vec::new(),
            notices: Vec::new(),
            timings: Vec::new(),
        }
    }

    #[test]
    fn one_line_says_what_was_done() {
        let line = |outcome: &Outcome, goal| summary(outcome, goal, Duration::from_micros(2_140));
        let mut current = outcome(Status::Current);
        assert_eq!(
            line(&current, Goal::Build),
            "app is current (1,001 modules, 2.1 ms)"
        );
        current.output = None;
        assert_eq!(
            line(&current, Goal::Check),
            "no problems (1,001 modules, nothing changed, 2.1 ms)"
        );

        let mut built = outcome(Status::Built);
        let link = |linked| LinkReport {
            linked,
            way: "embedded".into(),
            linker: "wild".into(),
            ..LinkReport::default()
        };
        (
            built.counts.parsed,
            built.counts.lowered,
            built.counts.emitted,
        ) = (1, 1, 1);
        built.link = Some(link(true));
        assert_eq!(
            line(&built, Goal::Build),
            "built app in 2.1 ms: 1 of 1,001 modules compiled, linked"
        );
        (built.counts.lowered, built.counts.emitted) = (0, 0);
        built.link = Some(link(false));
        assert_eq!(
            line(&built, Goal::Build),
            "built app in 2.1 ms: 1 of 1,001 modules parsed, nothing compiled or linked"
        );
        (built.link, built.output) = (None, None);
        assert_eq!(
            line(&built, Goal::Check),
            "no problems (1 of 1,001 modules parsed, 2.1 ms)"
        );

        built.counts.parsed = 0;
        assert_eq!(
            line(&built, Goal::Check),
            "no problems (1,001 modules, 2.1 ms)"
        );
        built.output = Some("app".into());
        built.reasons = vec![Reason::OutputMissing { path: "app".into() }];
        assert_eq!(
            line(&built, Goal::Build),
            "restored app in 2.1 ms: nothing compiled or linked"
        );

        let mut predicted = outcome(Status::Predicted);
        predicted.reasons = vec![
            Reason::OutputMissing { path: "app".into() },
            Reason::EngineChanged {
                old: "1".into(),
                new: "2".into(),
            },
        ];
        assert_eq!(
            line(&predicted, Goal::Build),
            "app would be built: kiln itself is another (1 → 2), and 1 other reason"
        );
        assert_eq!(
            stale(&predicted),
            "app is not current: kiln itself is another (1 → 2), and 1 other reason"
        );
    }
}
