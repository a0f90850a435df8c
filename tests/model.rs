//! Random module graphs and random edits: every build is compared with a clean build, with what an independent account
//! says must run, and with what the steps since the last recorded build changed.
//!
//! In memory, with a toy language. `KILN_MODEL_STEPS` sets the number of steps for each seed, `KILN_MODEL_SEED` runs one
//! seed only. A failure prints the seed and the steps that led to it.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "model/every_byte.rs"]
mod every_byte;
#[path = "model/large.rs"]
mod large;
#[path = "model/oracle.rs"]
mod oracle;
#[path = "model/project.rs"]
mod project;
#[path = "model/random.rs"]
mod random;
#[path = "model/toy.rs"]
mod toy;
#[path = "model/verify.rs"]
mod verify;
#[path = "model/walk.rs"]
mod walk;
#[path = "model/while_building.rs"]
mod while_building;

use walk::{Kind, Walk};

/// Steps for each seed unless the environment says otherwise.
const STEPS: usize = 120;
const SEEDS: u64 = 12;

fn walk(kind: Kind, salt: u64) {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse::<u64>().expect("a number"))
    };
    let steps = number("KILN_MODEL_STEPS")
        .and_then(|steps| usize::try_from(steps).ok())
        .unwrap_or(STEPS);
    let seeds = number("KILN_MODEL_SEED").map_or_else(
        || (0..SEEDS).map(|seed| seed * 1_000 + salt).collect(),
        |seed| vec![seed],
    );
    for seed in seeds {
        let mut walk = Walk::new(kind, seed);
        for _ in 0..steps {
            walk.step();
        }
        assert!(
            walk.builds > steps / 3,
            "seed {seed}: too few of the builds succeeded to show anything: {}",
            walk.builds
        );
    }
}

#[test]
fn only_what_changed_runs_again() {
    walk(Kind::Sound, 1);
}

#[test]
fn damage_costs_work_and_never_a_wrong_program() {
    walk(Kind::Damaged, 2);
}

#[test]
fn a_trimmed_store_keeps_what_the_last_build_used() {
    walk(Kind::Trimmed, 3);
}
