//! Each byte of the cache damaged in turn, and each length that a file of it may be cut to: the program is always that of
//! a clean build, and a build after it has nothing to do.

use crate::toy::Toy;
use kiln::explain::Status;
use kiln::host::{Host, MemoryHost};
use kiln::link::Concatenate;
use kiln::{Engine, Request, Target};
use std::sync::Arc;

const PROGRAM: &str = "target/kiln/dev/main";

fn engine(host: &Arc<MemoryHost>) -> Engine {
    Engine::builder(host.clone())
        .frontend(Toy::default())
        .linker(Concatenate)
        .build()
        .expect("frontend and linker are there")
}

/// A project whose module `a` is at its second version; the first was built too, and what both builds left.
fn project() -> Arc<MemoryHost> {
    let host = Arc::new(MemoryHost::new());
    host.write("/memory/kiln", "engine");
    host.write("src/main.toy", "import a\nuse a f\nbody 1\n");
    host.write("src/a.toy", "export f s1\nbody 1\n");
    engine(&host).build(&request()).expect("it builds");
    host.write("src/a.toy", "export f s2\nbody 2\n");
    engine(&host).build(&request()).expect("it builds");
    host
}

fn request() -> Request {
    Request::new(Target::File("src/main.toy".into()))
}

/// The program without any cache.
fn clean(host: &Arc<MemoryHost>) -> Vec<u8> {
    let request = Request {
        cache: false,
        output: Some("out/clean".into()),
        ..request()
    };
    engine(host).build(&request).expect("it builds");
    host.contents("out/clean").expect("it was just built")
}

/// Builds with each damage of each file below `folder`, after `prepare` has changed the world.
fn damage_each(folder: &str, prepare: impl Fn(&MemoryHost)) {
    let whole = project();
    prepare(&whole);
    let wanted = clean(&whole);
    let state: Vec<_> = whole
        .files("")
        .into_iter()
        .map(|path| (path.clone(), whole.contents(path.as_str()).expect("listed")))
        .collect();
    for (damaged, bytes) in state.iter().filter(|(path, _)| path.starts_with(folder)) {
        for at in 0..bytes.len() * 2 {
            let host = Arc::new(MemoryHost::new());
            // Nobody damages a file without leaving another stamp, and by chance it could be the same.
            host.wait(1_000_000);
            state
                .iter()
                .for_each(|(path, bytes)| host.write(path, bytes.clone()));
            let mut bytes = bytes.clone();
            match at.checked_sub(bytes.len()) {
                None => bytes[at] ^= 1 << (at % 8),
                Some(length) => bytes.truncate(length),
            }
            host.write(damaged, bytes);
            let result = engine(&host).build(&request());
            assert!(result.is_ok(), "{damaged} at {at}: {result:?}");
            assert_eq!(
                host.contents(PROGRAM).as_ref(),
                Some(&wanted),
                "{damaged} at {at}"
            );
            let again = engine(&host).build(&request()).expect("it builds");
            assert_eq!(again.status, Status::Current, "{damaged} at {at}");
        }
    }
}

/// So that nothing but the store is left to build from.
fn forget_the_build(host: &MemoryHost) {
    for path in host.files("target/kiln/proofs") {
        host.remove(&path).expect("it can be removed");
    }
    host.remove(PROGRAM.into()).expect("it can be removed");
}

#[test]
fn no_byte_of_the_store_can_make_a_wrong_program() {
    damage_each("target/kiln/store", forget_the_build);
}

#[test]
fn no_byte_of_the_store_can_make_a_wrong_program_after_an_edit() {
    damage_each("target/kiln/store", |host| {
        host.write("src/a.toy", "export f s1\nbody 1\n")
    });
}

#[test]
fn no_byte_of_the_proof_can_hide_a_change() {
    damage_each("target/kiln/proofs", |host| {
        host.write("src/a.toy", "export f s3\nbody 3\n")
    });
}

#[test]
fn no_byte_of_the_proof_can_hide_a_change_of_the_program() {
    damage_each("target/kiln/proofs", |host| {
        host.write(PROGRAM, "another program")
    });
}
