//! Random link commands over random layouts of files, linked through Kiln and without it; then one thing is changed.
//!
//! Whatever was changed, Kiln leaves and says what the tool alone leaves and says; where nothing that counts was changed, it
//! runs nothing; the call after is current; and when the change is undone, the first link is current again.
//!
//! It goes through the program `kiln`, since that is what users run, and since variables and the directory belong to a
//! process. `KILN_ORACLE_SEED` runs one seed, `KILN_ORACLE_SCENARIOS` or `KILN_ORACLE_MINUTES` runs for longer, from the seed
//! `KILN_ORACLE_FIRST` on, `KILN_ORACLE_FAMILY` runs only the families whose names hold the text, `KILN_ORACLE_STORY`
//! tells what was done, and `KILN_ORACLE_PROGRAM` is another build of Kiln.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(all(feature = "cli", target_os = "linux"))]

#[path = "link_oracle/coff.rs"]
mod coff;
#[allow(dead_code)]
#[path = "kiln_link/desk.rs"]
mod desk;
#[path = "link_oracle/elf.rs"]
mod elf;
#[path = "link_oracle/foreign.rs"]
mod foreign;
#[path = "link_oracle/mach_o.rs"]
mod mach_o;
#[path = "link_oracle/mutation.rs"]
mod mutation;
#[path = "link_oracle/pool.rs"]
mod pool;
#[allow(dead_code)]
#[path = "model/random.rs"]
mod random;
#[path = "link_oracle/run.rs"]
mod run;
#[path = "link_oracle/scenario.rs"]
mod scenario;
#[path = "link_oracle/tree.rs"]
mod tree;

use desk::has;
use pool::Pool;
use random::Random;
use run::Counts;
use scenario::Scenario;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

type Make = fn(&mut Random, &Pool, &'static str) -> Scenario;

/// A number from the environment.
fn number(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name}={value} is no number")),
    )
}

/// Runs so many scenarios of each family, or for as long as the environment says.
fn oracle(families: &[(&'static str, &str)], pool: &Pool, make: Make, scenarios: u64) {
    let only = std::env::var("KILN_ORACLE_FAMILY").unwrap_or_default();
    let wanted = |family: &&(&'static str, &str)| {
        let (name, tool) = family;
        name.contains(&only) && has(name.split(' ').next().unwrap_or_default()) && has(tool)
    };
    let families: Vec<_> = families.iter().filter(wanted).collect();
    let seed = number("KILN_ORACLE_SEED");
    let first = seed.or(number("KILN_ORACLE_FIRST")).unwrap_or(1);
    let end = number("KILN_ORACLE_MINUTES")
        .map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    let scenarios = number("KILN_ORACLE_SCENARIOS").unwrap_or(scenarios);
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut failures = Vec::new();
    for at in first.. {
        let over = match (seed, end) {
            (Some(seed), _) => at > seed,
            (None, Some(end)) => Instant::now() > end,
            (None, None) => at >= first + scenarios,
        };
        if over || failures.len() >= 10 {
            break;
        }
        for (family, _) in &families {
            // Each family sees other layouts.
            let name = kiln::digest::Digest::of(family.as_bytes()).0;
            let mut random = Random::new(at << 8 | u64::from(name[0]));
            let scenario = make(&mut random, pool, family);
            let counts = counts.entry(family).or_default();
            if let Err(failure) = run::run(&scenario, &mut random, counts) {
                let failure =
                    format!("KILN_ORACLE_SEED={at} KILN_ORACLE_FAMILY='{family}'\n{failure}\n");
                eprintln!("{failure}");
                failures.push(failure);
            }
        }
    }
    for (family, counts) in &counts {
        eprintln!("{family}: {counts:?}");
    }
    assert!(failures.is_empty(), "{} failures", failures.len());
}

#[test]
fn links_of_elf_are_those_of_the_tool() {
    if let Some(pool) = pool::elf() {
        oracle(elf::FAMILIES, &pool, elf::scenario, 4);
    }
}

#[test]
fn links_of_mach_o_are_those_of_the_tool() {
    if let Some(pool) = pool::mach_o() {
        oracle(mach_o::FAMILIES, &pool, mach_o::scenario, 8);
    }
}

#[test]
fn links_of_coff_are_those_of_the_tool() {
    if let Some(pool) = pool::coff() {
        oracle(coff::FAMILIES, &pool, coff::scenario, 8);
    }
}
