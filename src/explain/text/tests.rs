//! Whole reports read as they should.

use super::{Limits, reason};
use crate::digest::Digest;
use crate::explain::{
    Cause, Counts, Excerpt, FileFacts, LinkReport, Notice, Outcome, Query, Ran, Reason, Status,
};
use crate::observe::Role;
use camino::Utf8PathBuf;
use std::time::Duration;

fn text(outcome: &Outcome) -> String {
    super::text(outcome, Limits::REPORT)
}

fn facts(text: &str, size: u64) -> FileFacts {
    FileFacts {
        size,
        digest: Digest::of(text.as_bytes()),
    }
}

fn ran(query: Query, subject: &str, causes: Vec<Cause>) -> Ran {
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

fn outcome(status: Status) -> Outcome {
    Outcome {
        status,
        output: Some("target/kiln/dev/app".into()),
        output_digest: None,
        reasons: Vec::new(),
        ran: Vec::new(),
        counts: Counts {
            modules: 1_001,
            observations: 1_050,
            ..Counts::default()
        },
        link: None,
        messages: Vec::new(),
        notices: Vec::new(),
        timings: Vec::new(),
    }
}

fn path(text: &str) -> Utf8PathBuf {
    text.into()
}

#[test]
fn a_current_build_says_what_was_proven() {
    assert_eq!(
        text(&outcome(Status::Current)),
        "app is current: nothing had to run.\n  \
           1,050 observations hold, of 1,001 modules, tools, libraries, variables and the\n      \
               output; no file had to be read.\n"
    );
}

#[test]
fn an_edit_is_told_from_its_root_to_the_link() {
    let text_of = |path: &str| vec![Cause::Text { path: path.into() }];
    let item = Cause::Item {
        module: path("src/a.ts"),
        name: "area".into(),
        old: Some("()".into()),
        new: Some("(number)".into()),
    };
    let mut cut = ran(Query::Lower, "src/z.ts", vec![item.clone()]);
    (cut.cut_off, cut.spared) = (true, 4);
    let mut built = outcome(Status::Built);
    built.reasons = vec![Reason::Changed {
        role: Role::Source,
        path: path("src/a.ts"),
        old: facts("a", 1_204),
        new: facts("b", 1_210),
        note: String::new(),
        lines: Some(Excerpt::between("a\nb()\nc\n", "a\nb(n)\nc\n")),
    }];
    built.ran = vec![
        ran(Query::Parse, "src/a.ts", text_of("src/a.ts")),
        ran(Query::Lower, "src/a.ts", text_of("src/a.ts")),
    ];
    built.ran.extend((0..5).map(|index| {
        ran(
            Query::Lower,
            &format!("src/m{index}.ts"),
            vec![item.clone()],
        )
    }));
    built.ran.push(cut);
    built
        .ran
        .push(ran(Query::Object, "src/a.ts", text_of("src/a.ts")));
    built.ran.push(ran(
        Query::Executable,
        "app",
        vec![Cause::Objects {
            paths: vec![path("src/a.ts")],
        }],
    ));
    built.link = Some(LinkReport {
        linked: true,
        way: "embedded".into(),
        linker: "wild 0.10.0".into(),
        object_fingerprints_used: 1_000,
        external_inputs_hashed: 1,
        ..LinkReport::default()
    });
    built.notices = vec![Notice {
        code: "store-unwritable",
        message: "the store cannot be written".into(),
        remedy: Some("check it".into()),
    }];
    let expected = "\
app was stale, because
  src/a.ts changed (1,204 → 1,210 bytes)
        2 - b()
        2 + b(n)
    so: 1 parsed, 7 lowered, 1 compiled, linked

parsed 1 of 1,001 modules
  src/a.ts: text changed

lowered 7 of 1,001 modules
  src/a.ts: syntax changed
  src/m0.ts, src/m1.ts, src/m2.ts and 3 others: `area` of src/a.ts changed: () →
      (number)

compiled 1 of 1,001 modules
  src/a.ts: meaning changed

cut off at 1, which spared 4 steps
  src/z.ts: same meaning as before (spared 4)

linked (embedded: wild 0.10.0)
  1 object is new or has other bytes: src/a.ts
  1,000 objects known by digest, 0 read; 1 library or other input read

warning: the store cannot be written
  help: check it
";
    assert_eq!(text(&built), expected);
}

#[test]
fn what_reaches_furthest_is_told_first() {
    let mut built = outcome(Status::Built);
    built.reasons = vec![
        Reason::OutputMissing { path: path("app") },
        Reason::Appeared {
            role: Role::Source,
            path: path("src/a.ts"),
            note: String::new(),
        },
        Reason::VariableChanged {
            name: "PATH".into(),
            old: None,
            new: None,
            note: String::new(),
        },
        Reason::EngineChanged {
            old: "1".into(),
            new: "2".into(),
        },
    ];
    let kinds: Vec<String> = super::ordered(&built.reasons)
        .into_iter()
        .map(reason)
        .collect();
    assert_eq!(
        kinds,
        [
            "kiln itself is another (1 → 2)",
            "PATH was unset, is unset",
            "src/a.ts appeared",
            "the output app is gone"
        ]
    );
}

#[test]
fn long_groups_are_folded() {
    let mut predicted = outcome(Status::Predicted);
    predicted.reasons = (0..45)
        .map(|index| Reason::OutputMissing {
            path: format!("out{index}").into(),
        })
        .collect();
    let report = text(&predicted);
    assert!(
        report.starts_with("app is stale, because\n  the output out0 is gone\n"),
        "{report}"
    );
    assert!(
        report
            .ends_with("  the output out11 is gone\n  … and 33 others (--explain=all lists all)\n"),
        "{report}"
    );
}
