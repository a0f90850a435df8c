//! The parsers on what the real programs wrote, and the comparison with what was seen.

use super::*;
use crate::host::{Access, Event};
use crate::host::{Host, Kind, MemoryHost, Stamp};
use camino::Utf8Path;

fn read(form: ReportForm, bytes: &[u8]) -> Vec<String> {
    let report = parse(form, bytes).unwrap_or_else(|error| panic!("{form:?}: {error}"));
    report
        .read
        .into_iter()
        .map(|file| file.path.into_string())
        .collect()
}

#[test]
fn each_family_quotes_in_its_own_way() {
    use ReportForm::{Depfile, DepfileAsWritten, DepfileEscaped};
    let odd = "sp ace/g#1$x.o";
    assert_eq!(
        read(
            DepfileAsWritten,
            include_bytes!("../../../tests/reports/bfd.d")
        ),
        [
            "v.map",
            "a.o",
            "d/libf.a",
            "thin/libt.a",
            "d/libtop.so",
            odd
        ]
    );
    assert_eq!(
        read(Depfile, include_bytes!("../../../tests/reports/gold.d")),
        [
            "./v.map",
            "a.o",
            "thin/libt.a",
            odd,
            "d/libtop.so",
            "d/libf.a"
        ]
    );
    assert_eq!(
        read(
            DepfileEscaped,
            include_bytes!("../../../tests/reports/lld.d")
        ),
        [
            "v.map",
            "a.o",
            "d/libf.a",
            "thin/libt.a",
            "d/libtop.so",
            odd
        ]
    );
    assert_eq!(
        read(Depfile, include_bytes!("../../../tests/reports/mold.d")),
        [
            "r.rsp",
            "a.o",
            "d/libf.a",
            "thin/libt.a",
            "thin/m1.o",
            "thin/a_very_long_member_name_indeed.o",
            "d/libtop.so",
            odd,
            "v.map"
        ]
    );
    assert_eq!(
        read(Depfile, include_bytes!("../../../tests/reports/wild.d")),
        ["/t/a.o", "/t/sp ace/g#1$x.o", "/t/d/libf.a", "/t/thin/m1.o"]
    );
}

#[test]
fn a_dependency_file_that_is_cut_off_or_ambiguous_is_refused() {
    let whole = b"o: \\\n  a.o \\\n  b.o\n\na.o:\n\nb.o:\n";
    assert_eq!(read(ReportForm::Depfile, whole), ["a.o", "b.o"]);
    for (bytes, problem) in [
        (&whole[..whole.len() - 6], ReportProblem::Incomplete),
        (&whole[..10], ReportProblem::Incomplete),
        (b"", ReportProblem::Empty),
        // A file called `a`, line break, `b.o`.
        (b"o: \\\n  a\nb.o\n\na\nb.o:\n", ReportProblem::Incomplete),
        (b"o: a.o b.o\n", ReportProblem::Incomplete),
        (b"o: \xff\n\n\xff:\n", ReportProblem::NoText),
    ] {
        let error = parse(ReportForm::Depfile, bytes).expect_err("no report");
        assert_eq!(error.problem, problem, "{}", bytes.escape_ascii());
    }
    let lone = parse(ReportForm::DepfileEscaped, b"o: \\\n a$b\n\na$b:\n");
    assert_eq!(lone.expect_err("not escaped").problem, ReportProblem::Form);
}

#[test]
fn dependency_info_has_what_was_missed_too() {
    let report = parse(
        ReportForm::DependencyInfo,
        include_bytes!("../../../tests/reports/ld64-lld.info"),
    )
    .expect("a report");
    let names: Vec<(&str, Naming)> = report
        .read
        .iter()
        .map(|file| (file.path.as_str(), file.naming))
        .collect();
    assert_eq!(
        names,
        [
            ("Fw/X.framework/X.tbd", Naming::PathOrMember),
            ("foo1.o", Naming::PathOrMember),
            ("l/libSystem.tbd", Naming::PathOrMember),
            ("l/libfoo.a", Naming::PathOrMember),
            ("m.o", Naming::PathOrMember),
        ]
    );
    assert_eq!(
        report.missed,
        ["l/libfoo.dylib", "l/libfoo.so", "l/libfoo.tbd"]
    );
    let error = parse(ReportForm::DependencyInfo, b"\0v\0\x99x\0").expect_err("no such code");
    assert_eq!(error.problem, ReportProblem::Code(0x99));
    assert!(error.to_string().contains("0x99"), "{error}");
}

#[test]
fn printed_reports_are_found_among_other_lines() {
    assert_eq!(
        read(
            ReportForm::Reading,
            include_bytes!("../../../tests/reports/lld-link.txt")
        ),
        [
            "m.obj",
            "d/bar.lib",
            "d/foo.lib",
            "d/../bar.obj",
            "foo.lib(foo1.obj)"
        ]
    );
    for report in [
        &include_bytes!("../../../tests/reports/bfd.txt")[..],
        include_bytes!("../../../tests/reports/gold.txt"),
    ] {
        let report = parse(ReportForm::Attempts, report).expect("a report");
        let names: Vec<&str> = report.read.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(names, ["a.o", "d/libf.a", "d/libtop.so"]);
        assert_eq!(report.missed, ["d/libf.so"]);
    }
}

#[test]
fn archives_of_all_kinds_name_their_members() {
    let long = "long name of a member.o";
    for bytes in [
        &include_bytes!("../../../tests/reports/gnu.a")[..],
        include_bytes!("../../../tests/reports/bsd.a"),
        include_bytes!("../../../tests/reports/darwin.a"),
    ] {
        let archive = archive(bytes).expect("an archive");
        let names: Vec<&str> = archive.members.iter().map(|member| member.name).collect();
        assert_eq!(names, ["s.o", long]);
        assert!(archive.members[0].bytes.starts_with(b"x\n"));
        assert!(archive.files("d/lib.a".into()).is_empty());
    }
    let thin = archive(include_bytes!("../../../tests/reports/thin.a")).expect("an archive");
    assert_eq!(thin.files("d/lib.a".into()), ["d/s.o", "d/sub/t.o"]);
    assert_eq!(thin.files("lib.a".into()), ["s.o", "sub/t.o"]);
    // A thin archive within a thin archive.
    let mut nested = include_bytes!("../../../tests/reports/thin.a").to_vec();
    let at = nested
        .windows(3)
        .position(|three| three == b"/0 ")
        .expect("a long name");
    nested[at + 2..at + 4].copy_from_slice(b":8");
    let error = archive_error(&nested);
    assert_eq!(error.problem, ReportProblem::Archive);
}

fn archive_error(bytes: &[u8]) -> ReportError {
    archive(bytes).expect_err("no archive")
}

fn event(path: &str, access: Access) -> Event {
    Event {
        path: path.into(),
        access,
    }
}

const STAMP: Stamp = Stamp {
    kind: Kind::File,
    mode: 0o644,
    size: 1,
    mtime: 0,
    ctime: 0,
    inode: 1,
    device: 1,
};

fn alarms(form: ReportForm, report: &[u8], events: &[Event], host: &MemoryHost) -> Vec<String> {
    let report = parse(form, report).unwrap_or_else(|error| panic!("{form:?}: {error}"));
    Sight::of(events, Utf8Path::new("/work"))
        .disagreement(&report, host)
        .iter()
        .map(|alarm| alarm.path().to_string())
        .collect()
}

#[test]
fn what_only_the_report_names_is_an_alarm() {
    let host = MemoryHost::new();
    let report = b"o: a.o ./v.map /work/sub/b.o\n\na.o:\n\n./v.map:\n\n/work/sub/b.o:\n";
    let mut events = vec![
        event("/work/a.o", Access::Read(STAMP)),
        event("v.map", Access::Read(STAMP)),
        event("sub/b.o", Access::Probed(Some(STAMP))),
    ];
    assert_eq!(
        alarms(ReportForm::Depfile, report, &events, &host),
        ["/work/sub/b.o"],
        "a file that was only looked at was not read"
    );
    events.push(event("sub/b.o", Access::Read(STAMP)));
    assert!(alarms(ReportForm::Depfile, report, &events, &host).is_empty());
}

#[test]
fn what_the_linker_made_itself_is_no_alarm() {
    let host = MemoryHost::new();
    let report = b"o: \\\n  /tmp/cc1.ltrans0.ltrans.o\n\n/tmp/cc1.ltrans0.ltrans.o:\n";
    let written = Access::Written {
        before: None,
        kept: false,
    };
    let events = [event("/tmp/cc1.ltrans0.ltrans.o", written)];
    assert!(alarms(ReportForm::Depfile, report, &events, &host).is_empty());
    assert_eq!(alarms(ReportForm::Depfile, report, &[], &host).len(), 1);
}

#[test]
fn names_that_are_no_paths_are_found_where_they_come_from() {
    let host = MemoryHost::new();
    let written = b"o: \\\n  x.ld\n\nx.ld:\n";
    let found = [event("t/x.ld", Access::Read(STAMP))];
    assert!(alarms(ReportForm::DepfileAsWritten, written, &found, &host).is_empty());
    assert_eq!(
        alarms(ReportForm::Depfile, written, &found, &host),
        ["x.ld"]
    );

    let cleaned = b"o: /lib/crt1.o\n\n/lib/crt1.o:\n";
    let found = [event("/lib/gcc/12/../../crt1.o", Access::Read(STAMP))];
    assert!(alarms(ReportForm::DepfileCleaned, cleaned, &found, &host).is_empty());
    assert_eq!(alarms(ReportForm::Depfile, cleaned, &found, &host).len(), 1);

    let slashed = b"o: \\\n a/b.o\n\na/b.o:\n";
    let found = [event("a\\b.o", Access::Read(STAMP))];
    assert!(alarms(ReportForm::DepfileEscaped, slashed, &found, &host).is_empty());

    let member = b"lld-link: Reading foo.lib(m.obj)\n";
    let found = [event("d/foo.lib", Access::Read(STAMP))];
    assert!(alarms(ReportForm::Reading, member, &found, &host).is_empty());
    assert_eq!(alarms(ReportForm::Reading, member, &[], &host).len(), 1);

    let bare = b"\0v\0\x10s.o\0";
    let found = [event("d/lib.a", Access::Read(STAMP))];
    assert_eq!(
        alarms(ReportForm::DependencyInfo, bare, &found, &host),
        ["s.o"]
    );
    let archive = include_bytes!("../../../tests/reports/gnu.a");
    host.replace("/work/d/lib.a".into(), archive, 0o644)
        .expect("writes to memory");
    assert!(alarms(ReportForm::DependencyInfo, bare, &found, &host).is_empty());
}

#[test]
fn a_place_that_nobody_saw_being_looked_at_is_an_alarm() {
    let host = MemoryHost::new();
    let report = b"\0v\0\x11l/libfoo.tbd\0\x11k/libfoo.tbd\0";
    let events = vec![event("l/libfoo.tbd", Access::Probed(None))];
    assert_eq!(
        alarms(ReportForm::DependencyInfo, report, &events, &host),
        ["k/libfoo.tbd"]
    );
    let directory = Stamp {
        kind: Kind::Directory,
        ..STAMP
    };
    for access in [Access::Listed(directory), Access::Probed(None)] {
        let mut events = events.clone();
        events.push(event("k", access));
        assert!(alarms(ReportForm::DependencyInfo, report, &events, &host).is_empty());
    }
}
