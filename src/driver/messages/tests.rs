//! The lines that machines read.

use super::{explanation, finished, happened};
use crate::error::Error;
use crate::explain::{Cause, Counts, LinkReport, Notice, Outcome, Query, Ran, Reason, Status};
use crate::observe::Role;
use serde_json::{Value, json};
use std::time::Duration;

fn outcome() -> Outcome {
    let appeared = |path: &str| Reason::Appeared {
        role: Role::Link,
        path: path.into(),
        note: String::new(),
    };
    let cause = Cause::Text {
        path: "a.ts".into(),
    };
    let ran = |query| Ran {
        query,
        subject: "a.ts".into(),
        causes: vec![cause.clone()],
        cut_off: false,
        spared: 0,
        started: Duration::ZERO,
        duration: Duration::from_micros(1_500),
        thread: 0,
    };
    Outcome {
        status: Status::Built,
        output: Some("target/kiln/dev/app".into()),
        output_digest: None,
        reasons: vec![appeared("x.so"), appeared("y.so"), Reason::FirstBuild],
        ran: vec![ran(Query::Parse), ran(Query::Executable)],
        counts: Counts {
            modules: 3,
            parsed: 1,
            objects_reused: 2,
            emitted: 1,
            stored: 1,
            ..Counts::default()
        },
        link: Some(LinkReport {
            linked: true,
            way: "embedded".into(),
            linker: "wild".into(),
            object_fingerprints_used: 2,
            external_inputs_hashed: 4,
            ..LinkReport::default()
        }),
        messages: Vec::new(),
        notices: vec![Notice {
            code: "store-damaged",
            message: "a record was damaged".into(),
            remedy: None,
        }],
        timings: vec![("verify", Duration::from_micros(250))],
    }
}

#[test]
fn each_thing_that_happened_has_a_line() {
    let text = happened(&outcome());
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(
        lines[0],
        json!({"reason": "stale", "kind": "appeared", "role": "link", "path": "x.so", "note": ""})
    );
    assert_eq!(
        lines[3],
        json!({
            "reason": "ran", "query": "parse", "subject": "a.ts", "causes": [{"kind": "text", "path": "a.ts"}],
            "cut_off": false, "spared": 0, "started": 0, "microseconds": 1500, "thread": 0,
        })
    );
    assert_eq!(
        lines[5],
        json!({"reason": "notice", "code": "store-damaged", "message": "a record was damaged", "remedy": null})
    );
    assert_eq!(lines.len(), 6);
    assert!(text.starts_with("{\"reason\":\"stale\""), "{text}");
}

#[test]
fn the_last_line_has_the_whole_account() {
    let last: Value = serde_json::from_str(&finished(
        Some(&outcome()),
        None,
        0,
        Duration::from_millis(2),
    ))
    .expect("JSON");
    assert_eq!(last["reason"], "build-finished");
    assert_eq!(
        (&last["success"], &last["schema_version"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(
        last["build_cache"],
        json!({"hit": false, "miss_reason": "link-appeared", "miss_reasons": ["link-appeared", "first-build"]})
    );
    assert_eq!(
        last["codegen_cache"],
        json!({"hits": 2, "misses": 1, "stores": 1})
    );
    assert_eq!(
        last["link_cache"],
        json!({
            "linked": true, "skipped": false, "way": "embedded", "linker": "wild",
            "linker_path": null, "driver": null, "declined": null,
            "object_fingerprints_used": 2, "object_files_hashed": 0, "external_inputs_hashed": 4,
        })
    );
    assert_eq!(
        last["queries"],
        json!({"parse": 1, "lower": 0, "object": 1, "executable": 1})
    );
    assert_eq!(last["timings"], json!({"verify": 0.25, "total": 2.0}));
    assert_eq!(last["error"], Value::Null);
}

#[test]
fn a_current_build_is_a_hit_that_skipped_the_link() {
    let mut current = outcome();
    (current.status, current.link) = (Status::Current, None);
    current.reasons.clear();
    current.ran.clear();
    let last: Value =
        serde_json::from_str(&finished(Some(&current), None, 0, Duration::ZERO)).expect("JSON");
    assert_eq!(
        last["build_cache"],
        json!({"hit": true, "miss_reason": null, "miss_reasons": []})
    );
    assert_eq!(
        (
            &last["link_cache"]["linked"],
            &last["link_cache"]["skipped"]
        ),
        (&json!(false), &json!(true))
    );
}

#[test]
fn a_failure_has_a_last_line_too() {
    let error = Error::configuration("there is no kiln.toml", Some("make one".into()));
    let last: Value =
        serde_json::from_str(&finished(None, Some(&error), 2, Duration::ZERO)).expect("JSON");
    assert_eq!(
        (&last["success"], &last["exit_code"]),
        (&json!(false), &json!(2))
    );
    assert_eq!(
        last["error"],
        json!({"kind": "configuration", "message": "there is no kiln.toml", "path": null, "help": "make one"})
    );
}

#[test]
fn an_explanation_is_one_object_in_one_line() {
    let text = explanation(&outcome(), Duration::ZERO);
    assert_eq!(text.lines().count(), 1);
    let object: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(object["reasons"].as_array().map(Vec::len), Some(3));
    assert_eq!(object["ran"][0]["causes"][0]["kind"], "text");
}
