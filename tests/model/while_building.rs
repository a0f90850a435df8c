//! Files that change while a build runs, or in a crash: the result is used and never recorded as current.

use crate::toy::Toy;
use kiln::explain::{Reason, Status};
use kiln::host::MemoryHost;
use kiln::link::Concatenate;
use kiln::{Engine, Request, Target};
use std::sync::Arc;

fn engine(host: &Arc<MemoryHost>, change: impl Fn(&MemoryHost) + Send + 'static) -> Engine {
    let toy = Toy::default();
    let (other, mut done) = (host.clone(), false);
    *toy.hook.lock().expect("nobody panicked") = Some(Box::new(move |path| {
        if path == "src/main.toy" && !std::mem::replace(&mut done, true) {
            change(&other);
        }
    }));
    Engine::builder(host.clone())
        .frontend(toy)
        .linker(Concatenate)
        .build()
        .expect("frontend and linker are there")
}

pub fn project() -> Arc<MemoryHost> {
    let host = Arc::new(MemoryHost::new());
    host.write("/memory/kiln", "engine");
    host.write("src/main.toy", "import a\nuse a f\nbody 1\n");
    host.write("src/a.toy", "export f s1\nbody 1\n");
    host.wait(100);
    host
}

pub fn request() -> Request {
    Request::new(Target::File("src/main.toy".into()))
}

#[test]
fn a_source_changed_while_building_is_not_recorded() {
    let host = project();
    let engine = engine(&host, |host| {
        host.overwrite("src/a.toy", "export f s2\nbody 1\n")
    });
    let first = engine.build(&request()).expect("it builds");
    let changed = Reason::ChangedWhileBuilding {
        path: "src/a.toy".into(),
    };
    assert!(first.reasons.contains(&changed), "{:?}", first.reasons);
    assert_eq!(first.status, Status::Built);
    let second = engine.build(&request()).expect("it builds");
    assert_eq!(second.status, Status::Built);
    assert_ne!(first.output_digest, second.output_digest);
    assert_eq!(
        engine.build(&request()).expect("it builds").status,
        Status::Current
    );
}

#[test]
fn a_module_that_appears_while_building_is_seen_the_next_time() {
    let host = project();
    let engine = engine(&host, |host| {
        host.write("src/near/a.toy", "export f s3\nbody 1\n")
    });
    let first = engine.build(&request()).expect("it builds");
    let second = engine.build(&request()).expect("it builds");
    assert_eq!(second.status, Status::Built);
    assert_ne!(first.output_digest, second.output_digest);
}

#[test]
fn after_a_crash_bytes_are_read_once_whatever_the_stamps_say() {
    let host = project();
    let engine = engine(&host, |_| {});
    let build = || engine.build(&request()).expect("it builds");
    let first = build();
    host.wait(100);
    build();
    assert_eq!(build().counts.files_digested, 0);

    host.reboot();
    let after = build();
    assert_eq!(after.status, Status::Current);
    // Both modules and the program.
    assert_eq!(after.counts.files_digested, 3);
    assert_eq!(build().counts.files_digested, 0);

    host.reboot();
    host.lose("src/a.toy", "export f s7\nbody 1\n");
    let torn = build();
    assert_eq!(torn.status, Status::Built);
    assert_ne!(torn.output_digest, first.output_digest);
    host.reboot();
    host.lose("target/kiln/dev/main", "torn");
    assert_eq!(build().status, Status::Built);
    assert_ne!(
        host.contents("target/kiln/dev/main").as_deref(),
        Some(&b"torn"[..])
    );
}
