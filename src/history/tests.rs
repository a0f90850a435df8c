//! What is kept comes back; what is damaged is told; the oldest go.

use super::{Builds, History, KEPT};
use crate::explain::{
    Asked, AskedBy, Build, Cause, Counts, Linked, Notice, Outcome, Query, Ran, Reason, Status,
};
use crate::host::{Host, MemoryHost};
use std::time::Duration;

fn build(name: &str) -> Build {
    Build {
        number: 0,
        time: 1_700_000_000_000,
        duration: Duration::from_micros(38_000),
        kiln: "0.1.0".to_owned(),
        asked: Asked {
            goal: "build".to_owned(),
            by: AskedBy::Executable,
            name: name.to_owned(),
            profile: "dev".to_owned(),
            entry: Some("src/main.ts".into()),
            output: "target/kiln/dev/app".into(),
            wanted_output: None,
            set: Default::default(),
        },
        problems: Vec::new(),
        options: [("opt-level".to_owned(), "none".to_owned())].into(),
        link: Some(Linked::default()),
        left_out: 0,
        outcome: Outcome {
            status: Status::Built,
            output: Some("target/kiln/dev/app".into()),
            output_digest: Some(crate::digest::Digest::of(b"app")),
            reasons: vec![Reason::OutputMissing {
                path: "target/kiln/dev/app".into(),
            }],
            ran: vec![Ran {
                query: Query::Parse,
                subject: "src/main.ts".into(),
                causes: vec![Cause::New],
                cut_off: true,
                spared: 3,
                started: Duration::ZERO,
                duration: Duration::from_micros(12),
                thread: 0,
            }],
            counts: Counts {
                modules: 3,
                ..Counts::default()
            },
            link: None,
            messages: Vec::new(),
            notices: vec![Notice {
                code: "store-damaged",
                message: "it was".to_owned(),
                remedy: None,
            }],
            timings: vec![("proof", Duration::from_micros(700))],
        },
    }
}

fn read(host: &MemoryHost) -> Builds {
    History::new(host, "cache".into()).read()
}

#[test]
fn what_is_added_is_read_again() {
    let host = MemoryHost::new();
    let history = History::new(&host, "cache".into());
    assert!(history.read().builds.is_empty());
    let mut first = build("app");
    history.add(&mut first).expect("it can be written");
    assert_eq!(first.number, 1);
    let mut second = build("other");
    history.add(&mut second).expect("it can be written");
    let found = history.read();
    assert_eq!(found.damage, [""; 0]);
    assert_eq!(
        format!("{:?}", found.builds),
        format!("{:?}", [first, second])
    );
}

#[test]
fn what_is_damaged_is_told_and_skipped() {
    let host = MemoryHost::new();
    let history = History::new(&host, "cache".into());
    for name in ["a", "b", "c"] {
        history.add(&mut build(name)).expect("it can be written");
    }
    host.write("cache/history/README", "somebody's");
    host.write("cache/history/1", "something else");
    let mut bytes = host.contents("cache/history/2").expect("it was written");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    host.write("cache/history/2", bytes);
    let found = read(&host);
    let names: Vec<_> = found.builds.iter().map(|build| &build.asked.name).collect();
    assert_eq!(names, ["c"]);
    assert_eq!(
        found.damage,
        [
            "cache/history/1: not a record of this version of kiln",
            "cache/history/2: its checksum does not match"
        ]
    );
    assert!(
        host.stat("cache/history/README".into())
            .is_ok_and(|stamp| stamp.is_some())
    );
}

#[test]
fn the_oldest_go() {
    let host = MemoryHost::new();
    let history = History::new(&host, "cache".into());
    for _ in 0..KEPT + 5 {
        history.add(&mut build("app")).expect("it can be written");
    }
    let found = read(&host);
    assert_eq!(found.builds.len(), KEPT);
    assert_eq!(found.builds[0].number, 6);
    // Large ones leave less room for others.
    let mut large = build("large");
    large.problems = vec!["x".repeat(usize::try_from(super::LIMIT).expect("a few MiB"))];
    history.add(&mut large).expect("it can be written");
    assert_eq!(read(&host).builds.len(), 1);
}
