//! Damaged, missing and unwritable caches: work is lost, and nothing else.

use crate::desk::Desk;
use camino::Utf8PathBuf;
use kiln::host::{Host, NativeHost};
use kiln::launch::{Cache, LIMIT, Launched, Request, launch};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

fn only_file(folder: PathBuf) -> PathBuf {
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// What a call comes to: whether it ran, and its exit status.
fn call(desk: &Desk) -> Option<bool> {
    let directory = Utf8PathBuf::try_from(desk.work()).expect("UTF-8");
    let host: Arc<dyn Host> =
        Arc::new(NativeHost::open(&directory, "test".to_owned()).expect("a directory"));
    let folder = Utf8PathBuf::try_from(desk.cache()).expect("UTF-8");
    let cache = Cache::new(Arc::clone(&host), folder, LIMIT);
    let request = Request {
        command: ["cp", "main.c", "app"].map(str::to_owned).to_vec(),
        directory,
        umask: 0o022,
        user: 0,
        has_input: false,
    };
    match launch(&host, Some(&cache), &request) {
        Launched::Current(_) => Some(false),
        Launched::Ran(ran) => (ran.status == 0).then_some(true),
        Launched::Declined(_) | Launched::NotStarted(_) => None,
    }
}

#[test]
fn no_damaged_record_makes_a_wrong_output_or_a_panic() {
    let desk = Desk::new();
    assert_eq!(call(&desk), Some(true));
    assert_eq!(call(&desk), Some(false));
    let record = only_file(desk.cache().join("links"));
    let sound = fs::read(&record).expect("a record");
    let source = desk.read("main.c");
    // Every byte of the beginning, where the lengths are, and a good part of the rest.
    let places = (0..80.min(sound.len())).chain((80..sound.len()).step_by(173));
    let mut ran = 0;
    for at in places {
        for flip in [0x01, 0xff] {
            let mut damaged = sound.clone();
            damaged[at] ^= flip;
            fs::write(&record, &damaged).expect("a record");
            fs::remove_file(desk.file("app")).expect("an output");
            let outcome = call(&desk);
            assert!(outcome.is_some(), "byte {at}");
            ran += usize::from(outcome == Some(true));
            assert!(desk.read("app") == source, "byte {at}");
        }
    }
    assert!(ran > 100, "damage is noticed: {ran}");
    for length in (0..sound.len()).step_by(499) {
        fs::write(&record, &sound[..length]).expect("a record");
        assert!(call(&desk).is_some(), "cut to {length}");
        assert!(desk.read("app") == source, "cut to {length}");
    }
}

#[test]
fn a_damaged_blob_is_made_again() {
    let desk = Desk::new();
    assert_eq!(call(&desk), Some(true));
    let source = desk.read("main.c");
    let blob = only_file(desk.cache().join("blobs"));
    let sound = fs::read(&blob).expect("a blob");
    for at in 0..sound.len() {
        let mut damaged = sound.clone();
        damaged[at] ^= 0x20;
        fs::write(&blob, &damaged).expect("a blob");
        fs::remove_file(desk.file("app")).expect("an output");
        assert_eq!(call(&desk), Some(true), "byte {at}");
        assert!(desk.read("app") == source, "byte {at}");
    }
    fs::remove_file(&blob).expect("a blob");
    assert_eq!(
        call(&desk),
        Some(false),
        "the output is in place, and no blob is needed"
    );
    fs::remove_file(desk.file("app")).expect("an output");
    assert_eq!(call(&desk), Some(true));
}

#[test]
fn a_cache_that_cannot_be_written_costs_time_only() {
    let mut desk = Desk::with_objects();
    desk.write("file", "");
    let inside = desk.file("file/cache").display().to_string();
    desk.variables.push(("KILN_CACHE_DIR".to_owned(), inside));
    for _ in 0..2 {
        let call = desk.link("gcc main.o part.o -o app");
        call.is("linked");
        assert_eq!(call.exit, Some(0));
        assert_eq!(call.log["recorded"], false);
        assert!(call.log["problem"].is_string(), "{call:#?}");
        assert_eq!(call.stderr, "", "nothing of its own is printed");
        assert_eq!(desk.exit_of("app"), Some(0));
    }
}

#[test]
fn a_removed_cache_costs_time_only() {
    let desk = Desk::with_objects();
    let line = "gcc main.o part.o -o app";
    desk.link(line).is("linked");
    fs::remove_dir_all(desk.cache()).expect("a cache");
    desk.link(line).is("linked");
    desk.link(line).is("current");
    let tag = fs::read(desk.cache().join("CACHEDIR.TAG")).expect("a tag");
    assert!(tag.starts_with(b"Signature: 8a477f597d28d172789f06886806bc55"));
}

#[test]
fn the_oldest_files_of_a_full_cache_go_first() {
    let desk = Desk::new();
    let directory = Utf8PathBuf::try_from(desk.work()).expect("UTF-8");
    let host: Arc<dyn Host> =
        Arc::new(NativeHost::open(&directory, "test".to_owned()).expect("a directory"));
    let cache = Cache::new(host, "cache".into(), 64 << 20);
    let blob = |seed: u8| vec![seed; 4 << 20];
    let digest = |seed: u8| kiln::digest::Digest::of(&blob(seed));
    for seed in 0..32 {
        cache.put_blob(&digest(seed), &blob(seed)).expect("a blob");
    }
    let kept: Vec<u8> = (0..32)
        .filter(|seed| cache.blob(&digest(*seed)).is_some())
        .collect();
    assert!(kept.len() < 20, "{kept:?}");
    assert!(kept.contains(&31) && !kept.contains(&0), "{kept:?}");
}
