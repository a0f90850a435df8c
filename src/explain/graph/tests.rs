//! What made what run, by hand and at random.

use super::{Graph, Origin, reached};
use crate::digest::Digest;
use crate::explain::{Cause, Counts, FileFacts, Outcome, Query, Ran, Reason, Root, Status};
use crate::observe::Role;
use std::time::Duration;

pub fn outcome(reasons: Vec<Reason>, ran: Vec<Ran>) -> Outcome {
    Outcome {
        status: Status::Built,
        output: Some("app".into()),
        output_digest: None,
        reasons,
        ran,
        counts: Counts::default(),
        link: None,
        messages: Vec::new(),
        notices: Vec::new(),
        timings: Vec::new(),
    }
}

pub fn ran(query: Query, subject: &str, causes: Vec<Cause>) -> Ran {
    Ran {
        query,
        subject: subject.into(),
        causes,
        cut_off: false,
        spared: 0,
        started: Duration::ZERO,
        duration: Duration::ZERO,
        thread: 0,
    }
}

pub fn changed(path: &str) -> Reason {
    let facts = |text: &str| FileFacts {
        size: 4,
        digest: Digest::of(text.as_bytes()),
    };
    Reason::Changed {
        role: Role::Source,
        path: path.into(),
        old: facts("old"),
        new: facts("new"),
        note: String::new(),
        lines: None,
    }
}

pub fn text(path: &str) -> Vec<Cause> {
    vec![Cause::Text { path: path.into() }]
}

fn item(module: &str) -> Cause {
    Cause::Item {
        module: module.into(),
        name: "area".into(),
        old: None,
        new: Some("()".into()),
    }
}

fn objects(paths: &[&str]) -> Vec<Cause> {
    let paths = paths.iter().map(|path| (*path).into()).collect();
    vec![Cause::Objects { paths }]
}

/// The roots as `r0`, the queries as `0`, for each query.
fn shown(graph: &Graph) -> Vec<String> {
    let one = |origin: &Origin| match origin {
        Origin::Root(Root::Reason(at)) => format!("r{at}"),
        Origin::Root(Root::Lost) => "lost".to_owned(),
        Origin::Step(at) => at.to_string(),
    };
    let origins = graph.from.iter();
    origins
        .map(|origins| origins.iter().map(one).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn an_edit_leads_from_its_file_to_the_program() {
    let outcome = outcome(
        vec![changed("src/a.ts"), changed("src/b.ts")],
        vec![
            ran(Query::Parse, "src/a.ts", text("src/a.ts")),
            ran(Query::Parse, "src/b.ts", text("src/b.ts")),
            ran(Query::Lower, "src/a.ts", text("src/a.ts")),
            ran(Query::Lower, "src/main.ts", vec![item("src/a.ts")]),
            ran(Query::Object, "src/a.ts", text("src/a.ts")),
            ran(Query::Object, "src/main.ts", vec![item("src/a.ts")]),
            ran(
                Query::Executable,
                "app",
                objects(&["src/a.ts", "src/main.ts"]),
            ),
        ],
    );
    let graph = outcome.graph();
    assert_eq!(shown(&graph), ["r0", "r1", "0", "0", "2", "3", "4 5"]);
    assert_eq!(graph.roots, [Root::Reason(0), Root::Reason(1)]);
}

#[test]
fn a_first_build_leads_from_importer_to_imported() {
    let imported = |by: &str| vec![Cause::Imported { by: by.into() }];
    let outcome = outcome(
        vec![Reason::FirstBuild],
        vec![
            ran(Query::Parse, "src/a.ts", imported("src/main.ts")),
            ran(Query::Parse, "src/main.ts", vec![Cause::New]),
            ran(Query::Lower, "src/a.ts", vec![Cause::New]),
            ran(Query::Lower, "src/main.ts", vec![Cause::New]),
            ran(Query::Object, "src/a.ts", vec![Cause::New]),
            ran(Query::Object, "src/main.ts", vec![Cause::New]),
            ran(Query::Executable, "app", vec![Cause::New]),
        ],
    );
    let graph = outcome.graph();
    assert_eq!(shown(&graph), ["1", "r0", "0", "1", "2", "3", "4 5"]);
    let groups = graph.folded(&outcome);
    let sizes: Vec<_> = groups
        .iter()
        .map(|group| (group.query, group.members.len(), group.from.clone()))
        .collect();
    assert_eq!(
        sizes,
        [
            (None, 1, vec![]),
            (Some(Query::Parse), 1, vec![0]),
            (Some(Query::Parse), 1, vec![0]),
            (Some(Query::Lower), 1, vec![1]),
            (Some(Query::Lower), 1, vec![2]),
            (Some(Query::Object), 1, vec![3]),
            (Some(Query::Object), 1, vec![4]),
            (Some(Query::Executable), 1, vec![5, 6]),
        ]
    );
}

#[test]
fn what_an_action_made_leads_back_to_the_action() {
    let read = |path: &str| {
        vec![Cause::Read {
            path: path.into(),
            change: "changed".into(),
        }]
    };
    let mut action = ran(Query::Action, "generate", read("table.in"));
    action.duration = Duration::from_millis(5);
    let mut late = ran(Query::Action, "later", read("table.in"));
    (late.started, late.duration) = (Duration::from_millis(1), Duration::from_millis(9));
    let after = |mut ran: Ran| {
        ran.started = Duration::from_millis(6);
        ran
    };
    let outcome = outcome(
        vec![changed("table.in"), changed("own.h")],
        vec![
            action,
            late,
            after(ran(Query::Parse, "made.ts", text("made.ts"))),
            after(ran(Query::Object, "early.c", read("made.h"))),
            after(ran(Query::Object, "main.c", read("made.ts"))),
            after(ran(Query::Object, "own.c", read("own.h"))),
        ],
    );
    assert_eq!(shown(&outcome.graph()), ["r0", "r0", "0", "0", "2", "r1"]);
}

#[test]
fn what_came_from_the_store_leads_to_the_roots_all_the_same() {
    let lost = |what: &str| vec![Cause::BlobLost { what: what.into() }];
    let edited = outcome(
        vec![changed("src/a.ts")],
        vec![ran(
            Query::Executable,
            "app",
            objects(&["src/a.ts", "src/b.ts"]),
        )],
    );
    assert_eq!(shown(&edited.graph()), ["r0"]);
    let lost = outcome(
        Vec::new(),
        vec![
            ran(Query::Object, "src/a.ts", lost("object")),
            ran(Query::Executable, "app", objects(&["src/a.ts"])),
        ],
    );
    assert_eq!(shown(&lost.graph()), ["lost", "0"]);
    assert_eq!(lost.graph().roots, [Root::Lost]);
}

/// Whatever ran for whatever cause: what leads back to a root is reached from one, in the graph and in its folded form, and
/// each step is in one group.
#[test]
fn what_leads_back_to_a_root_is_reached_from_one() {
    let mut state = 11_u64;
    let mut next = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    let queries = [
        Query::Action,
        Query::Parse,
        Query::Lower,
        Query::Object,
        Query::Executable,
    ];
    for round in 0..2_000 {
        let path = |at: usize| format!("src/m{at}.ts");
        let reasons = (0..next(4))
            .map(|_| match next(4) {
                0 => Reason::FirstBuild,
                1 => Reason::OutputMissing { path: "app".into() },
                _ => changed(&path(next(5))),
            })
            .collect();
        let mut steps: Vec<Ran> = (0..next(14))
            .map(|_| {
                let cause = match next(9) {
                    0 => Cause::New,
                    1 => item(&path(next(5))),
                    2 => Cause::Imported {
                        by: path(next(5)).into(),
                    },
                    3 => Cause::BlobLost { what: "x".into() },
                    4 => Cause::Names {
                        module: path(next(5)).into(),
                    },
                    5 => objects(&[&path(next(5)), &path(next(5))]).remove(0),
                    6 => Cause::Read {
                        path: path(next(5)).into(),
                        change: "changed".into(),
                    },
                    7 => Cause::Engine,
                    _ => text(&path(next(5))).remove(0),
                };
                let mut step = ran(queries[next(5)], &path(next(5)), vec![cause]);
                step.started = Duration::from_micros(next(9) as u64);
                step.duration = Duration::from_micros(next(9) as u64);
                step
            })
            .collect();
        steps.sort_by(|a, b| (a.query, &a.subject).cmp(&(b.query, &b.subject)));
        let outcome = outcome(reasons, steps);
        let (graph, cascades) = (outcome.graph(), outcome.cascades());
        let reached = reached(&graph.from);
        for (at, roots) in cascades.roots.iter().enumerate() {
            assert!(
                reached[at] || roots.is_empty(),
                "round {round}: {at} of {outcome:#?}"
            );
        }
        let groups = graph.folded(&outcome);
        let mut members: Vec<Origin> = groups
            .iter()
            .flat_map(|group| group.members.clone())
            .collect();
        members.sort_unstable();
        let steps = (0..outcome.ran.len()).map(Origin::Step);
        let mut all: Vec<Origin> = graph.roots.iter().copied().map(Origin::Root).collect();
        all.extend(steps);
        all.sort_unstable();
        assert_eq!(members, all, "round {round}");
        for (at, group) in groups.iter().enumerate() {
            assert!(group.from.iter().all(|from| *from < at), "round {round}");
            let rooted = group.members.iter().any(
                |member| matches!(member, Origin::Step(step) if !cascades.roots[*step].is_empty()),
            );
            assert!(
                !rooted || !group.from.is_empty(),
                "round {round}: {groups:?}"
            );
        }
    }
}
