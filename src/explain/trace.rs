//! An [`Outcome`] as a trace for Chrome and Perfetto: each phase and each query by its thread.
//!
//! The format is the one of <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>: an object
//! with `traceEvents`, each complete event with its beginning and duration in microseconds. Phases have a track of their
//! own, since queries of several threads run within one.

use super::{Outcome, text};
use serde_json::{Value, json};

/// The track of the phases; those of the threads follow.
const PHASES: usize = 0;

/// The trace of one build, as JSON.
pub fn trace(outcome: &Outcome) -> String {
    let mut threads: Vec<usize> = outcome.ran.iter().map(|ran| ran.thread).collect();
    threads.sort_unstable();
    threads.dedup();
    let name = outcome
        .output
        .as_deref()
        .map_or("check", |output| output.as_str());
    let mut events = vec![
        named("process_name", PHASES, &format!("kiln {name}")),
        named("thread_name", PHASES, "phases"),
    ];
    events.extend(threads.iter().map(|thread| {
        let name = match thread {
            0 => "main".to_owned(),
            thread => format!("worker {thread}"),
        };
        named("thread_name", PHASES + 1 + thread, &name)
    }));
    let mut began = 0;
    for (phase, duration) in &outcome.timings {
        let took = microseconds(duration);
        events.push(json!({
            "name": phase, "cat": "phase", "ph": "X", "pid": 1, "tid": PHASES, "ts": began, "dur": took,
        }));
        began += took;
    }
    let (cascades, reasons) = (outcome.cascades(), &outcome.reasons);
    for (ran, roots) in outcome.ran.iter().zip(&cascades.roots) {
        let roots = roots.iter().map(|root| match root {
            super::Root::Reason(at) => text::reason(&reasons[*at]),
            super::Root::Lost => "the store had lost something".to_owned(),
        });
        events.push(json!({
            "name": format!("{} {}", ran.query.name(), ran.subject),
            "cat": ran.query.name(),
            "ph": "X", "pid": 1, "tid": PHASES + 1 + ran.thread,
            "ts": microseconds(&ran.started), "dur": microseconds(&ran.duration),
            "args": {
                "roots": roots.collect::<Vec<_>>(),
                "causes": ran.causes.iter().map(|cause| text::cause(cause, ran)).collect::<Vec<_>>(),
                "cut_off": ran.cut_off,
                "spared": ran.spared,
            },
        }));
    }
    json!({ "traceEvents": events, "displayTimeUnit": "ms" }).to_string()
}

fn named(what: &str, track: usize, name: &str) -> Value {
    json!({ "name": what, "ph": "M", "pid": 1, "tid": track, "args": { "name": name } })
}

fn microseconds(duration: &std::time::Duration) -> u64 {
    super::report::as_micros(duration)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Cause, Counts, Query, Ran, Reason, Status};
    use std::time::Duration;

    #[test]
    fn each_phase_and_each_query_is_an_event() {
        let outcome = Outcome {
            status: Status::Built,
            output: Some("app".into()),
            output_digest: None,
            reasons: vec![Reason::FirstBuild],
            ran: vec![Ran {
                query: Query::Parse,
                subject: "a.ts".into(),
                causes: vec![Cause::New],
                cut_off: false,
                spared: 0,
                started: Duration::from_micros(1_200),
                duration: Duration::from_micros(300),
                thread: 2,
            }],
            counts: Counts::default(),
            link: None,
            messages: Vec::new(),
            notices: Vec::new(),
            timings: vec![
                ("proof", Duration::from_micros(1_000)),
                ("modules", Duration::from_micros(600)),
            ],
        };
        let trace: Value = serde_json::from_str(&trace(&outcome)).expect("JSON");
        let events = trace["traceEvents"].as_array().expect("events");
        let complete = |event: &&Value| event["ph"] == "X";
        let told: Vec<_> = events
            .iter()
            .filter(complete)
            .map(|event| {
                let name = event["name"].as_str().unwrap_or_default();
                (
                    name,
                    event["tid"].as_u64(),
                    event["ts"].as_u64(),
                    event["dur"].as_u64(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("proof", Some(0), Some(0), Some(1_000)),
                ("modules", Some(0), Some(1_000), Some(600)),
                ("parse a.ts", Some(3), Some(1_200), Some(300)),
            ]
        );
        assert_eq!(events[2]["args"]["name"], "worker 2");
        assert_eq!(
            events.last().expect("one")["args"]["roots"][0],
            "no such build is recorded yet"
        );
    }
}
