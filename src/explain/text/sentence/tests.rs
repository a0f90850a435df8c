//! Every reason and every cause has its sentence.

use super::{cause, reason};
use crate::digest::Digest;
use crate::explain::{Cause, FileFacts, Query, Ran, Reason};
use crate::host::Kind;
use crate::observe::{Attributes, Role};
use camino::Utf8PathBuf;
use std::time::Duration;

fn facts(text: &str, size: u64) -> FileFacts {
    FileFacts {
        size,
        digest: Digest::of(text.as_bytes()),
    }
}

fn looks(mode: u32, size: u64) -> Attributes {
    Attributes {
        kind: Kind::File,
        mode,
        size,
        mtime: None,
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

fn path(text: &str) -> Utf8PathBuf {
    text.into()
}

#[test]
fn a_declined_link_is_a_reason_to_link_again() {
    let message = "`--build-id=uuid`: it is random".to_owned();
    assert_eq!(
        reason(&Reason::LinkDeclined { message }),
        "the last link was not recorded: `--build-id=uuid`: it is random"
    );
}

#[test]
fn every_reason_has_its_sentence() {
    let note = || "import \"./a\" in src/main.ts".to_owned();
    let none = String::new;
    let cases = [
        (Reason::FirstBuild, "no such build is recorded yet"),
        (
            Reason::CacheDisabled,
            "--no-cache: recorded results are not used",
        ),
        (
            Reason::ProofUnusable {
                path: path("target/kiln/proof"),
                problem: "cut short".into(),
            },
            "the record target/kiln/proof cannot be used: cut short",
        ),
        (
            Reason::Changed {
                role: Role::Source,
                path: path("src/a.ts"),
                old: facts("a", 1_204),
                new: facts("b", 1_210),
                note: none(),
                lines: None,
            },
            "src/a.ts changed (1,204 → 1,210 bytes)",
        ),
        (
            Reason::Changed {
                role: Role::Link,
                path: path("/lib/x.so"),
                old: facts("a", 7),
                new: facts("b", 7),
                note: none(),
                lines: None,
            },
            "/lib/x.so changed (7 bytes, digest 17762fddd969 → 10e5cf3d3c8a; used by the link)",
        ),
        (
            Reason::Appeared {
                role: Role::Resolution,
                path: path("src/a.ts"),
                note: note(),
            },
            "src/a.ts appeared (import \"./a\" in src/main.ts)",
        ),
        (
            Reason::Disappeared {
                role: Role::Tool,
                path: path("/usr/bin/cc"),
                note: none(),
            },
            "/usr/bin/cc is gone (a tool of the build)",
        ),
        (
            Reason::KindChanged {
                role: Role::Resolution,
                path: path("src/a"),
                old: Kind::File,
                new: Kind::Directory,
                note: none(),
            },
            "src/a was a file, is a directory (looked up for an import)",
        ),
        (
            Reason::ListingChanged {
                role: Role::Source,
                path: path("src"),
                note: none(),
            },
            "names were added to or removed from src",
        ),
        (
            Reason::AttributesChanged {
                role: Role::Tool,
                path: path("/usr/bin/ld"),
                old: looks(0o755, 7),
                new: looks(0o644, 8),
                note: none(),
            },
            "/usr/bin/ld looks different (permissions 755 → 644; a tool of the build)",
        ),
        (
            Reason::AttributesChanged {
                role: Role::Link,
                path: path("a.o"),
                old: looks(0o644, 1_007),
                new: looks(0o644, 8),
                note: none(),
            },
            "a.o looks different (1,007 → 8 bytes; used by the link)",
        ),
        (
            Reason::LinkRetargeted {
                role: Role::Link,
                path: path("lib/libz.so"),
                old: Some(path("libz.so.1")),
                new: None,
                note: none(),
            },
            "the link lib/libz.so pointed to libz.so.1, points to nothing (used by the link)",
        ),
        (
            Reason::Permitted {
                role: Role::Link,
                path: path("a/libz.a"),
                note: none(),
            },
            "a/libz.a could not be read, and now it can, or it is gone (used by the link)",
        ),
        (
            Reason::Unreadable {
                role: Role::Source,
                path: path("src/a.ts"),
                error: "permission denied".into(),
            },
            "src/a.ts cannot be read any more: permission denied",
        ),
        (
            Reason::VariableChanged {
                name: "LIBRARY_PATH".into(),
                old: None,
                new: Some("/opt/lib".into()),
                note: none(),
            },
            "LIBRARY_PATH was unset, is \"/opt/lib\"",
        ),
        (
            Reason::VariableChanged {
                name: "LANG".into(),
                old: Some(String::new()),
                new: None,
                note: "read by cc".into(),
            },
            "LANG was \"\", is unset (read by cc)",
        ),
        (
            Reason::ToolMoved {
                name: "cc".into(),
                old: Some(path("/usr/bin/cc")),
                new: None,
                note: none(),
            },
            "`cc` was /usr/bin/cc, is not found",
        ),
        (
            Reason::EngineChanged {
                old: "0.1.0".into(),
                new: "0.2.0".into(),
            },
            "kiln itself is another (0.1.0 → 0.2.0)",
        ),
        (
            Reason::OutputMissing { path: path("app") },
            "the output app is gone",
        ),
        (
            Reason::OutputChanged {
                path: path("app"),
                old: facts("a", 10),
                new: facts("b", 2_000),
            },
            "the output app was changed (10 → 2,000 bytes)",
        ),
        (
            Reason::ChangedWhileBuilding {
                path: path("src/a.ts"),
            },
            "src/a.ts was changed while the last build ran, so that build was not recorded",
        ),
    ];
    for (item, expected) in cases {
        assert_eq!(reason(&item), expected);
    }
}

#[test]
fn every_cause_has_its_sentence() {
    let own = |query| ran(query, "src/a.ts", Vec::new());
    let item = |old: Option<&str>, new: Option<&str>| Cause::Item {
        module: path("src/b.ts"),
        name: "area".into(),
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
    };
    let text = || Cause::Text {
        path: path("src/a.ts"),
    };
    let import = |importer: &str, old: Option<&str>| Cause::Resolution {
        importer: path(importer),
        specifier: "./b".into(),
        old: old.map(path),
        new: Some(path("src/b.ts")),
    };
    let cases = [
        (Cause::New, Query::Parse, "nothing recorded yet"),
        (
            Cause::New,
            Query::Object,
            "no object recorded for these options",
        ),
        (
            Cause::New,
            Query::Executable,
            "no link of these objects recorded",
        ),
        (
            Cause::Imported {
                by: path("src/z.ts"),
            },
            Query::Parse,
            "new here, imported by src/z.ts",
        ),
        (Cause::Engine, Query::Parse, "kiln itself is another"),
        (
            Cause::Options {
                old: "opt-level=None".into(),
                new: "opt-level=Speed".into(),
            },
            Query::Object,
            "options changed: opt-level=None → opt-level=Speed",
        ),
        (text(), Query::Parse, "text changed"),
        (text(), Query::Lower, "syntax changed"),
        (text(), Query::Object, "meaning changed"),
        (
            Cause::Text {
                path: path("src/z.ts"),
            },
            Query::Object,
            "src/z.ts changed",
        ),
        (
            item(None, Some("()")),
            Query::Lower,
            "src/b.ts now exports `area`",
        ),
        (
            item(Some("()"), None),
            Query::Lower,
            "src/b.ts no longer exports `area`",
        ),
        (
            item(Some("()"), Some("(number)")),
            Query::Lower,
            "`area` of src/b.ts changed: () → (number)",
        ),
        (
            import("src/a.ts", None),
            Query::Lower,
            "import \"./b\" was not found, is src/b.ts",
        ),
        (
            import("src/c.ts", Some("src/b/index.ts")),
            Query::Lower,
            "import \"./b\" in src/c.ts was src/b/index.ts, is src/b.ts",
        ),
        (
            Cause::Names {
                module: path("src/b.ts"),
            },
            Query::Lower,
            "the set of names that src/b.ts exports changed",
        ),
        (
            Cause::BlobLost {
                what: "object of src/a.ts".into(),
            },
            Query::Object,
            "lost or damaged in the store: object of src/a.ts",
        ),
        (
            Cause::Objects {
                paths: vec![path("src/a.ts")],
            },
            Query::Executable,
            "1 object is new or has other bytes: src/a.ts",
        ),
        (
            Cause::Objects {
                paths: ["a", "b", "c", "d", "e"].map(path).to_vec(),
            },
            Query::Executable,
            "5 objects are new or have other bytes: a, b, c and 2 others",
        ),
        (
            Cause::LinkInput {
                path: path("/lib/x.a"),
                change: "appeared".into(),
            },
            Query::Executable,
            "/lib/x.a appeared",
        ),
        (
            Cause::LinkPlan {
                what: "args".into(),
            },
            Query::Executable,
            "how to link changed: args",
        ),
    ];
    for (item, query, expected) in cases {
        assert_eq!(cause(&item, &own(query)), expected);
    }
}

#[test]
fn what_is_said_of_sources_with_compilers_of_their_own() {
    let moved = Reason::Moved {
        old: "/home/a".into(),
        new: "/home/b".into(),
        note: "it reaches objects".into(),
    };
    let declined = Reason::UnitDeclined {
        message: "a.c uses __DATE__".into(),
    };
    assert_eq!(
        [reason(&moved), reason(&declined)],
        [
            "the project was in /home/a, is in /home/b (it reaches objects)",
            "the last compilation was not recorded: a.c uses __DATE__"
        ]
    );
    let ran = Ran {
        query: Query::Object,
        subject: "src/a.c".into(),
        causes: Vec::new(),
        cut_off: false,
        spared: 0,
        started: Duration::ZERO,
        duration: Duration::ZERO,
        thread: 0,
    };
    let read = Cause::Read {
        path: "include/a.h".into(),
        change: "changed or is gone".into(),
    };
    let command = Cause::Command {
        source: "src/a.c".into(),
    };
    assert_eq!(
        [cause(&read, &ran), cause(&command, &ran)],
        [
            "include/a.h changed or is gone",
            "its command is another: flags, macros, folders of headers, or its rule"
        ]
    );
}
