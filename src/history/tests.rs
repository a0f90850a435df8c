//! What is kept comes back; what is damaged is told; the oldest go.

use super::{Builds, History, KEPT};
use crate::explain::{
    Asked, AskedBy, Build, Cause, Counts, Linked, Notice, Outcome, Query, Ran, Reason, Status,
};
use crate::host::MemoryHost;
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
    let (mut first, mut second) = (build("app"), build("other"));
    history.add(&mut first).expect("it can be written");
    history.add(&mut second).expect("it can be written");
    let found = history.read();
    assert_eq!(found.damage, [""; 0]);
    (first.number, second.number) = (1, 2);
    assert_eq!(
        format!("{:?}", found.builds),
        format!("{:?}", [first, second])
    );
}

#[test]
fn a_link_that_is_as_before_is_that_of_the_build_before() {
    let host = MemoryHost::new();
    let history = History::new(&host, "cache".into());
    let mut linked = build("app");
    linked.link = Some(Linked {
        arguments: vec!["-lz".to_owned()],
        ..Linked::default()
    });
    let mut other = build("other");
    let mut same = build("app");
    same.link = None;
    for build in [&mut linked, &mut other, &mut same] {
        history.add(build).expect("it can be written");
    }
    let found = read(&host).builds;
    assert_eq!(found[2].link, found[0].link);
}

#[test]
fn what_is_damaged_is_told_and_passed_over() {
    let host = MemoryHost::new();
    let history = History::new(&host, "cache".into());
    for name in ["a", "b", "c"] {
        history.add(&mut build(name)).expect("it can be written");
    }
    let whole = host.contents("cache/history").expect("it was written");
    let length = whole.len() / 3;
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        host.write("cache/history", bytes);
        let found = read(&host);
        let numbers: Vec<u64> = found.builds.iter().map(|build| build.number).collect();
        let damaged = (at / length + 1) as u64;
        let sound: Vec<u64> = (1..=3).filter(|number| *number != damaged).collect();
        assert_eq!(numbers, sound, "byte {at}");
        assert_eq!(found.damage.len(), 1, "byte {at}: {:?}", found.damage);
        assert!(found.damage[0].contains(&format!("byte {}", at / length * length)));
    }
    // A build that was killed while it wrote is followed by others.
    host.write("cache/history", &whole[..whole.len() - 7]);
    history.add(&mut build("d")).expect("it can be written");
    let names = |builds: &[Build]| -> Vec<String> {
        let names = builds.iter().map(|build| build.asked.name.clone());
        names.collect()
    };
    assert_eq!(names(&read(&host).builds), ["a", "b", "d"]);
    host.write("cache/history", "somebody's");
    assert_eq!(
        read(&host).damage,
        ["cache/history: the record at byte 0: cut short"]
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
    let found = read(&host);
    assert_eq!(found.builds.len(), 1);
    assert_eq!(found.builds[0].number, KEPT as u64 + 6);
    history.add(&mut build("app")).expect("it can be written");
    let found = read(&host);
    assert_eq!(found.builds.len(), 1);
    assert_eq!(found.builds[0].number, KEPT as u64 + 7);
}
