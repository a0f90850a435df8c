//! Runs written by hand, call by call, on a world in memory: what counts, what does not, and what declines.

use super::{Folded, Habits, How, Listings, Settled};
use crate::host::{Access, Event, Host, Kind, MemoryHost, Stamp};
use crate::link::Decline;
use crate::observe::Observation;
use camino::Utf8Path;
use std::sync::Arc;

const ROOT: &str = "/work";

fn stamp(kind: Kind) -> Stamp {
    Stamp {
        kind,
        mode: 0o644,
        size: 1,
        mtime: 0,
        ctime: 0,
        inode: 0,
        device: 0,
    }
}

fn event(path: &str, access: Access) -> Event {
    Event {
        path: path.into(),
        access,
    }
}

fn read(path: &str) -> Event {
    event(path, Access::Read(stamp(Kind::File)))
}

fn absent(path: &str) -> Event {
    event(path, Access::Probed(None))
}

fn made(path: &str) -> Event {
    event(
        path,
        Access::Written {
            before: None,
            kept: true,
        },
    )
}

fn overwritten(path: &str, kept: bool) -> Event {
    let before = Some(stamp(Kind::File));
    event(path, Access::Written { before, kept })
}

fn renamed(path: &str, to: &str) -> Event {
    event(path, Access::Renamed { to: to.into() })
}

fn removed(path: &str) -> Event {
    event(path, Access::Removed)
}

fn fold_by(habits: &Habits, events: &[Event]) -> Folded {
    Folded::of(events, Utf8Path::new(ROOT), habits, &mut |_| None)
}

fn fold(events: &[Event]) -> Folded {
    fold_by(&Habits::default(), events)
}

/// The paths of what counts, and of what was left.
fn paths(folded: &Folded) -> (Vec<&str>, Vec<&str>) {
    assert_eq!(folded.decline, None);
    let looked = folded.looked.iter().map(|looked| looked.path.as_str());
    let written = folded.written.values().map(|path| path.as_str());
    (looked.collect(), written.collect())
}

#[test]
fn what_was_there_before_counts_and_what_the_run_made_does_not() {
    let events = [
        read("main.o"),
        absent("a/libx.a"),
        made("/tmp/ccAbCdEf.res"),
        read("/tmp/ccAbCdEf.res"),
        removed("/tmp/ccAbCdEf.res"),
        absent("app"),
        made("app"),
        read("app"),
    ];
    assert_eq!(
        paths(&fold(&events)),
        (vec!["main.o", "a/libx.a"], vec!["app"])
    );
}

#[test]
fn a_file_that_is_written_aside_and_renamed_is_the_output() {
    let events = [
        absent("app"),
        made("app.tmp123"),
        renamed("app.tmp123", "app"),
    ];
    assert_eq!(paths(&fold(&events)), (vec![], vec!["app"]));
    // Over an old one.
    let events = [
        event("app", Access::Probed(Some(stamp(Kind::File)))),
        made("app.tmp123"),
        renamed("app.tmp123", "app"),
    ];
    assert_eq!(paths(&fold(&events)), (vec![], vec!["app"]));
}

#[test]
fn a_directory_takes_its_files_along() {
    let events = [
        event("out.tmp", Access::Made),
        made("out.tmp/app"),
        absent("out.tmp/x"),
        renamed("out.tmp", "out"),
        read("out/app"),
    ];
    let folded = fold(&events);
    assert_eq!(paths(&folded), (vec![], vec!["out/app"]));
    assert_eq!(folded.made.values().collect::<Vec<_>>(), ["out"]);
}

#[test]
fn an_old_output_whose_bytes_were_read_declines() {
    let own = |path: &str| Some(Decline::OwnOutput { path: path.into() });
    assert_eq!(
        fold(&[read("app"), removed("app"), made("app")]).decline,
        own("app")
    );
    assert_eq!(fold(&[overwritten("app", true)]).decline, own("app"));
    assert_eq!(fold(&[overwritten("app", false)]).decline, None);
    // `sed <list >new; mv new list`.
    let events = [read("list"), made("new"), renamed("new", "list")];
    assert_eq!(fold(&events).decline, own("list"));
}

#[test]
fn a_linker_that_reuses_the_file_of_its_output_is_believed() {
    let reuses = Habits {
        opens_output: true,
        ..Habits::default()
    };
    let events = [
        renamed("app", ".mold-1"),
        overwritten(".mold-1", true),
        renamed(".mold-1", "app"),
    ];
    let folded = fold_by(&reuses, &events);
    assert_eq!(paths(&folded), (vec![], vec!["app"]));
    assert!(fold(&events).decline.is_some(), "another tool is not");
    // One that takes it for an input too opens it twice.
    let once = [read("app"), removed("app"), made("app")];
    assert_eq!(fold_by(&reuses, &once).decline, None);
    let twice = [read("app"), read("app"), removed("app"), made("app")];
    assert!(fold_by(&reuses, &twice).decline.is_some());
}

#[test]
fn what_the_run_took_away_declines() {
    let events = [renamed("app", "app.old"), made("app")];
    let consumed = Decline::ConsumesInput { path: "app".into() };
    assert_eq!(fold(&events).decline, Some(consumed));
    // There and back again.
    let events = [
        renamed("app", "aside"),
        renamed("aside", "app"),
        read("app"),
    ];
    assert_eq!(paths(&fold(&events)), (vec!["app"], vec![]));
}

#[test]
fn the_place_of_the_output_under_another_name_is_a_search() {
    let events = [absent("./libx.so"), read("lib/libx.so"), made("libx.so")];
    let own = Decline::OwnOutput {
        path: "./libx.so".into(),
    };
    assert_eq!(fold(&events).decline, Some(own));
    let events = [absent("libx.so"), read("lib/libx.so"), made("libx.so")];
    assert_eq!(fold(&events).decline, None);
}

#[test]
fn special_files_decline_unless_they_say_nothing() {
    let harmless = [
        read("/dev/urandom"),
        read("/proc/self/maps"),
        read("main.o"),
    ];
    assert_eq!(paths(&fold(&harmless)).0, ["main.o"]);
    let counts = [read("/proc/uptime")];
    assert!(matches!(
        fold(&counts).decline,
        Some(Decline::SpecialFile { .. })
    ));
    let pipe = [event("pipe", Access::Read(stamp(Kind::Other)))];
    assert!(fold(&pipe).decline.is_some());
}

/// A world with `main.o`, and what it comes to when `events` have been.
fn settle(world: &Arc<MemoryHost>, events: &[Event], before: &Listings) -> Settled {
    let habits = Habits {
        libraries: Some(Vec::new()),
        ..Habits::default()
    };
    let folded = fold_by(&habits, events);
    assert_eq!(folded.decline, None);
    let host: Arc<dyn Host> = world.clone();
    folded
        .settle(&host, &habits, before, &|_| None)
        .expect("nothing declines")
}

fn world() -> Arc<MemoryHost> {
    let world = MemoryHost::new();
    world.write("main.o", "object");
    world.wait(1_000);
    Arc::new(world)
}

fn read_now(world: &MemoryHost, path: &str) -> Event {
    let stamp = world.stat(path.into()).ok().flatten();
    event(path, Access::Read(stamp.expect("a file")))
}

#[test]
fn a_file_that_changed_since_it_was_read_is_not_recorded() {
    let world = world();
    let events = [read_now(&world, "main.o"), absent("x.a"), made("app")];
    world.write("app", "program");
    let settled = settle(&world, &events, &Listings::new());
    assert!(settled.changed.is_empty());
    assert_eq!(settled.seen.len(), 2);
    assert_eq!(settled.outputs.len(), 1);
    world.write("main.o", "other!");
    world.write("x.a", "");
    let settled = settle(&world, &events, &Listings::new());
    assert_eq!(settled.changed, ["main.o", "x.a"]);
}

#[test]
fn a_file_that_was_only_looked_at_counts_by_its_size_and_mode() {
    let world = world();
    let there = world.stat("main.o".into()).ok().flatten();
    let events = [event("main.o", Access::Probed(there))];
    let settled = settle(&world, &events, &Listings::new());
    let (seen, _) = &settled.seen[0];
    assert!(matches!(seen.observation, Observation::Attributes { .. }));
    let holds = || crate::observe::World::new(world.clone()).holds(&seen.observation);
    world.write("main.o", "OBJECT");
    assert!(holds(), "as many bytes");
    world.write("main.o", "more bytes");
    assert!(!holds());
    // Read as well, under the same name, its bytes say it all.
    let events = [events[0].clone(), read_now(&world, "main.o")];
    let folded = fold(&events);
    assert!(matches!(folded.looked[0].how, How::Present(_)));
    assert_eq!(
        settle(&world, &[read_now(&world, "main.o")], &Listings::new())
            .seen
            .len(),
        1
    );
}

#[test]
fn a_listing_goes_without_the_names_of_the_run() {
    let world = world();
    let listed = event(".", Access::Listed(stamp(Kind::Directory)));
    let before = Listings::from([(ROOT.into(), vec!["main.o".to_owned()])]);
    let events = [listed, made("app"), made("app.tmp"), removed("app.tmp")];
    world.write("app", "program");
    let settled = settle(&world, &events, &before);
    assert!(settled.changed.is_empty(), "{:?}", settled.changed);
    // Somebody else made a file meanwhile: nobody knows whether the tool saw it.
    world.write("libx.a", "");
    let settled = settle(&world, &events, &before);
    assert_eq!(settled.changed, ["."]);
    // And without a note of what was there before, nobody knows anything.
    let settled = settle(&world, &events, &Listings::new());
    assert_eq!(settled.changed, ["."]);
}
