//! Programs that are too large to be written twice: the store adopts them from their place when they are replaced there.

use crate::toy::Toy;
use kiln::error::Result;
use kiln::explain::{Outcome, Query, Status};
use kiln::host::{Host, MemoryHost};
use kiln::link::{
    Concatenate, LinkFailure, LinkObject, LinkOptions, LinkPlace, LinkPlan, Linked, Linker,
};
use kiln::observe::Reader;
use kiln::{Engine, Request, Target};
use std::sync::Arc;

const PROGRAM: &str = "target/kiln/dev/main";

/// Makes programs of five megabytes.
struct Bulky;

impl Linker for Bulky {
    fn name(&self) -> &'static str {
        "bulky"
    }

    fn version(&self) -> String {
        "1".to_owned()
    }

    fn plan(
        &self,
        options: &LinkOptions,
        libraries: &[&str],
        reader: &Reader<'_>,
    ) -> Result<LinkPlan> {
        Concatenate.plan(options, libraries, reader)
    }

    fn link(
        &self,
        plan: &LinkPlan,
        objects: &[LinkObject],
        place: &LinkPlace<'_>,
        reader: &Reader<'_>,
    ) -> std::result::Result<Linked, LinkFailure> {
        let mut linked = Concatenate.link(plan, objects, place, reader)?;
        let mut bytes = linked.bytes.to_vec();
        bytes.resize(5 << 20, b'.');
        linked.bytes = bytes.into();
        Ok(linked)
    }
}

fn build(host: &Arc<MemoryHost>) -> Outcome {
    let engine = Engine::builder(host.clone())
        .frontend(Toy::default())
        .linker(Bulky);
    let engine = engine.build().expect("frontend and linker are there");
    engine
        .build(&Request::new(Target::File("src/main.toy".into())))
        .expect("it builds")
}

fn linked(outcome: &Outcome) -> bool {
    outcome.ran.iter().any(|ran| ran.query == Query::Executable)
}

#[test]
fn a_large_program_comes_back_without_a_link_unless_it_is_lost() {
    let host = Arc::new(MemoryHost::new());
    host.write("/memory/kiln", "engine");
    host.write("src/main.toy", "body 1\n");
    build(&host);
    let one = host.contents(PROGRAM);
    host.write("src/main.toy", "body 2\n");
    build(&host);
    let two = host.contents(PROGRAM);
    assert_ne!(one, two);

    host.write("src/main.toy", "body 1\n");
    let back = build(&host);
    assert!(back.ran.is_empty(), "{:?}", back.ran);
    assert_eq!(host.contents(PROGRAM), one);
    assert_eq!(build(&host).status, Status::Current);

    // A kept program that is damaged is linked again, and so is one that was edited in its place before it was adopted.
    for kept in host.files("target/kiln/store/large") {
        host.overwrite(kept, "damaged");
    }
    host.write("src/main.toy", "body 2\n");
    assert!(linked(&build(&host)));
    assert_eq!(host.contents(PROGRAM), two);
    host.overwrite(PROGRAM, vec![b'x'; 5 << 20]);
    host.write("src/main.toy", "body 3\n");
    build(&host);
    host.write("src/main.toy", "body 2\n");
    build(&host);
    assert_eq!(host.contents(PROGRAM), two);

    host.remove(PROGRAM.into()).expect("it can be removed");
    build(&host);
    assert_eq!(host.contents(PROGRAM), two);
    assert_eq!(build(&host).status, Status::Current);
}

/// A blob that was damaged where it lies is sound again once the same program is adopted anew.
#[test]
fn adopting_replaces_what_is_damaged() {
    let host = std::sync::Arc::new(kiln::host::MemoryHost::new());
    let digest = kiln::digest::Digest::of(b"program");
    host.write("app", "program");
    host.write(format!("store/large/{digest}"), "damaged");
    let open = || kiln::store::Store::open(host.clone(), "store".into());
    assert!(
        open().blob(&digest).is_none(),
        "damaged bytes are never given out"
    );
    open().adopt("app".into(), &digest);
    let blob = open().blob(&digest).expect("the adopted program is there");
    assert_eq!(&*blob, b"program");
}
