//! `--verify` finds what is stored wrongly, and says where; it finds nothing where nothing is wrong, and changes nothing.

use crate::toy::{Toy, Wrong};
use crate::while_building::{project, request};
use kiln::Engine;
use kiln::explain::{Query, Status};
use kiln::host::MemoryHost;
use kiln::link::Concatenate;
use std::sync::Arc;

/// Two engines that are the same by name and version share what they store.
fn engine(host: &Arc<MemoryHost>, wrong: Option<Wrong>) -> Engine {
    let toy = Toy {
        wrong,
        ..Toy::default()
    };
    Engine::builder(host.clone())
        .frontend(toy)
        .linker(Concatenate)
        .build()
        .expect("frontend and linker are there")
}

#[test]
fn what_is_right_is_found_right() {
    let host = project();
    engine(&host, None).build(&request()).expect("it builds");
    let before = host.files("");
    let verified = engine(&host, None)
        .verify(&request(), 100, 1)
        .expect("it is current");
    assert_eq!(verified.mismatches, []);
    let counts = (
        verified.parsed,
        verified.lowered,
        verified.objects,
        verified.linked,
    );
    assert_eq!(counts, (2, 2, 2, 1));
    assert_eq!(host.files(""), before);
    // A sample is a part, and each seed draws its own.
    let drawn = |seed| {
        let verified = engine(&host, None).verify(&request(), 30, seed);
        verified.expect("it is current").parsed
    };
    let drawn: Vec<usize> = (0..40).map(drawn).collect();
    let all: usize = drawn.iter().sum();
    assert!((8..=40).contains(&all), "{drawn:?}");
}

#[test]
fn a_wrong_object_is_found() {
    let host = project();
    engine(&host, Some(Wrong::Emitted))
        .build(&request())
        .expect("it builds");
    let right = engine(&host, None);
    // Nothing shows that it is wrong: everything is as it was recorded.
    assert_eq!(
        right.build(&request()).expect("it builds").status,
        Status::Current
    );
    let verified = right.verify(&request(), 100, 1).expect("it is current");
    let found: Vec<_> = verified
        .mismatches
        .iter()
        .map(|mismatch| (mismatch.query, mismatch.subject.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Query::Object, "src/main.toy"),
            (Query::Object, "src/a.toy")
        ]
    );
    let message = verified.mismatches[0].message();
    assert!(
        message.starts_with("the stored result of object src/main.toy is wrong in byte "),
        "{message}"
    );
    assert!(
        message.contains("it rests on src/main.toy ")
            && message.contains("src/a.toy, no src/near/a.toy"),
        "{message}"
    );
}

#[test]
fn a_wrong_meaning_is_found_before_what_rests_on_it() {
    let host = project();
    engine(&host, Some(Wrong::Lowered))
        .build(&request())
        .expect("it builds");
    let verified = engine(&host, None)
        .verify(&request(), 100, 1)
        .expect("it is current");
    let queries: Vec<_> = verified
        .mismatches
        .iter()
        .map(|mismatch| mismatch.query)
        .collect();
    assert_eq!(queries, [Query::Lower, Query::Lower]);
}

#[test]
fn what_is_stale_is_not_compared() {
    let host = project();
    engine(&host, None).build(&request()).expect("it builds");
    host.write("src/a.toy", "export f s1\nbody 2\n");
    let error = engine(&host, None)
        .verify(&request(), 100, 1)
        .expect_err("it is stale");
    assert!(error.to_string().contains("src/a.toy changed"), "{error}");
}
