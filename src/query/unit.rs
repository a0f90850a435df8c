//! `unit`: a file that a compiler of its own compiles becomes an object in the store, or is checked.
//!
//! [`stored`] is the only way to take a result from a trace; [`prepass`] knows the units of the last build by what has
//! changed since. See [`super::units`] for how what a unit rests on is kept.

use super::input::BuildDb;
use super::services::{Services, Stop};
use super::text::{TextReader, holds};
use super::trace::{self, Found};
use super::units::TraceRead;
use crate::compile::{self, Compiled, Kept, Unit, UnitRead, Unrecorded};
use crate::digest::Digest;
use crate::explain::{Cause, Query};
use crate::observe::{Observation, Reader};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A unit as it is demanded.
#[salsa::input]
pub struct UnitInput {
    #[returns(ref)]
    pub unit: Unit,
    /// Whether an object is wanted; otherwise the file is only checked.
    #[returns(copy)]
    pub object: bool,
}

/// What a unit's trace keeps of its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitResult {
    /// `None` for a check.
    pub object: Option<Digest>,
    /// Warnings, as the compiler said them.
    pub messages: String,
}

/// A compiled unit, or one that was found compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compilation {
    pub key: Digest,
    pub source: Utf8PathBuf,
    pub compiler: String,
    pub result: UnitResult,
    /// The file is wrong, and `result.messages` says how.
    pub failed: bool,
    /// The compiler ran, rather than a trace being found.
    pub ran: bool,
    /// Places in the table of [`Units`](super::units::Units), ascending.
    pub reads: Vec<u32>,
    pub declined: Option<Unrecorded>,
    /// What others changed while the compiler ran.
    pub changed: Vec<Utf8PathBuf>,
}

impl Compilation {
    /// Whether it may be taken for current later.
    pub fn is_kept(&self) -> bool {
        !self.failed && self.declined.is_none() && self.changed.is_empty()
    }
}

/// The key of a unit's traces: all but what is read.
pub fn key(services: &Services, unit: &Unit, object: bool) -> Digest {
    let bytes = postcard::to_stdvec(unit).unwrap_or_default();
    let rule = services.units.rule(&services.rules, &unit.compiler);
    let depends = services.rules.compilers.get(&unit.compiler);
    let (_, directory) = depends.map_or_else(Default::default, |rule| {
        let (by, directory) = rule.depends_on(&unit.flags, &[]);
        (Some(by), directory)
    });
    let root = match directory {
        true => services.world.host().real_path(Utf8Path::new(".")).ok(),
        false => None,
    };
    let root = root.unwrap_or_default();
    let goal: &[u8] = if object { b"object" } else { b"check" };
    services.key("unit", &[&bytes, &rule.0, root.as_str().as_bytes(), goal])
}

/// What the last build knew of a unit, if nothing that it rests on has changed since.
pub fn prepass(services: &Services, unit: &Unit, object: bool) -> Option<Arc<Compilation>> {
    if !services.trust_snapshot() {
        return None;
    }
    let key = key(services, unit, object);
    let state = services.units.unchanged(services, &key)?;
    Some(Arc::new(Compilation {
        key,
        source: unit.source.clone(),
        compiler: unit.compiler.clone(),
        result: state.result.clone(),
        failed: false,
        ran: false,
        reads: state.reads.clone(),
        declined: None,
        changed: Vec::new(),
    }))
}

/// A result from a trace that holds, with what it rests on.
fn stored(services: &Services, key: &Digest) -> Option<(UnitResult, Vec<UnitRead>)> {
    let record = services.store.get(key);
    let current = |read: &TraceRead| match read {
        TraceRead::Own(read) => holds(services, read),
        TraceRead::Base(digest) => {
            let base = services.units.base(services, digest);
            base.is_some_and(|base| base.stale.is_none())
        }
    };
    match trace::find(record.as_deref(), current) {
        Found::Hit(trace) => {
            let result: UnitResult = trace.result;
            let mut reads = Vec::new();
            for read in trace.reads {
                match read {
                    TraceRead::Own(read) => reads.push(read),
                    TraceRead::Base(digest) => {
                        let base = services.units.base(services, &digest);
                        reads.extend(base.iter().flat_map(|base| base.reads.iter().cloned()));
                    }
                }
            }
            Some((result, reads))
        }
        Found::Miss => None,
    }
}

/// Has the store keep what a unit rests on that nobody asked it for: to be called before it is trimmed.
pub fn keep(services: &Services, compilation: &Compilation) {
    let Some((result, reads)) = stored(services, &compilation.key) else {
        return;
    };
    if let Some(object) = result.object {
        services.store.has_blob(&object);
    }
    for read in reads {
        if let UnitRead::Text { path, .. } = read
            && path.is_relative()
            && let Some(text) = services
                .world
                .digested(&path)
                .ok()
                .and_then(|it| it.digest())
        {
            services.store.retain(&text);
        }
    }
}

/// Compiles a unit, or takes its object from a trace.
#[salsa::tracked(returns(clone))]
pub fn unit(db: &dyn BuildDb, input: UnitInput) -> Result<Arc<Compilation>, Stop> {
    let services = db.services();
    let (unit, object) = (input.unit(db), input.object(db));
    let key = key(services, unit, object);
    let compilation = |result, reads: Vec<u32>| Compilation {
        key,
        source: unit.source.clone(),
        compiler: unit.compiler.clone(),
        result,
        failed: false,
        ran: false,
        reads,
        declined: None,
        changed: Vec::new(),
    };
    let causes = match stored(services, &key) {
        Some((result, reads)) => {
            if result
                .object
                .is_none_or(|object| services.store.has_blob(&object))
            {
                depend(db, &reads);
                return Ok(Arc::new(compilation(result, services.units.places(reads))));
            }
            vec![Cause::BlobLost {
                what: format!("the object of {}", unit.source),
            }]
        }
        None => causes(services, unit, &key),
    };
    let query = if object { Query::Object } else { Query::Lower };
    if services.dry_run {
        // A stand-in that no store ever holds: what rests on it is predicted to run.
        let result = UnitResult {
            object: object.then_some(key),
            messages: String::new(),
        };
        let predicted = Arc::new(compilation(result, Vec::new()));
        return services.run(query, &unit.source, || (Ok(predicted), causes, false));
    }
    services.run(query, &unit.source, || {
        let compiled = compile_unit(services, unit, &key, object).map(|(compiled, reads)| {
            depend(db, &reads);
            let digest = compiled.object.as_ref().map(|bytes| Digest::of(bytes));
            let result = UnitResult {
                object: digest,
                messages: compiled.messages,
            };
            if let (Some(digest), Some(bytes)) = (digest, compiled.object) {
                services.store.put_blob(digest, bytes);
            }
            let mut done = compilation(result, services.units.places(reads));
            done.ran = true;
            done.failed = !compiled.success;
            match compiled.kept {
                Kept::Recorded => {}
                Kept::Declined(why) => done.declined = Some(why),
                Kept::Changed(paths) => done.changed = paths,
            }
            Arc::new(done)
        });
        let before = services.units.object(&unit.source).flatten();
        let cut_off =
            matches!(&compiled, Ok(done) if before.is_some() && done.result.object == before);
        (compiled, causes, cut_off)
    })
}

/// Runs the compiler. Also gives all that the result rests on.
fn compile_unit(
    services: &Services,
    unit: &Unit,
    key: &Digest,
    object: bool,
) -> Result<(Compiled, Vec<UnitRead>), Stop> {
    let reader = Reader::new(&services.world);
    let scratch = services
        .scratch
        .join(format!("{}.o", &key.to_string()[..32]));
    let scratch = object.then_some(scratch);
    let texts = TextReader(services);
    let compiled = compile::compile(unit, &services.rules, scratch.as_deref(), &texts, &reader);
    let mut compiled = compiled.map_err(|error| services.fail(error))?;
    let seen = reader.finish().into_iter().map(UnitRead::Seen);
    let reads = seen.chain(std::mem::take(&mut compiled.reads)).collect();
    Ok((compiled, reads))
}

/// Makes the query depend on every file that the compiler read.
fn depend(db: &dyn BuildDb, reads: &[UnitRead]) {
    for read in reads {
        match read {
            UnitRead::Text { path, .. }
            | UnitRead::Seen(crate::observe::Seen {
                observation: Observation::File { path, .. },
                ..
            }) => {
                db.services().library(db, path).content(db);
            }
            UnitRead::Seen(seen) => match &seen.observation {
                Observation::Absent { path } | Observation::Present { path, .. } => {
                    db.services().place(db, path).kind(db);
                }
                _ => {}
            },
        }
    }
}

/// So many things that no longer hold are told of one unit.
const STALE: usize = 4;

/// Why a unit is compiled: what is another since the last build, whatever else was compiled before.
fn causes(services: &Services, unit: &Unit, key: &Digest) -> Vec<Cause> {
    if services.account_lost() || services.other_engine() {
        return vec![services.lost("what the last build knew of its sources")];
    }
    if services.units.object(&unit.source).is_none() {
        return vec![Cause::New];
    }
    let Some(reads) = services.units.previous_reads(key) else {
        return vec![Cause::Command {
            source: unit.source.clone(),
        }];
    };
    let stale = |read: &UnitRead| services.is_stale(read.subject()) && !holds(services, read);
    let stale = reads.into_iter().filter(stale).take(STALE);
    let mut causes: Vec<Cause> = stale.map(|read| cause(services, unit, &read)).collect();
    if causes.is_empty() {
        causes.push(services.lost(&format!("the record of {}", unit.source)));
    }
    causes
}

fn cause(services: &Services, unit: &Unit, stale: &UnitRead) -> Cause {
    let subject = stale.subject();
    if subject == unit.source.as_str() {
        return Cause::Text {
            path: unit.source.clone(),
        };
    }
    let change = match stale {
        UnitRead::Text { path, .. } => match services.world.stamp(path) {
            Ok(Some(_)) => "changed",
            Ok(None) | Err(_) => "is gone",
        },
        UnitRead::Seen(seen) => seen.observation.change(),
    };
    Cause::Read {
        path: subject.into(),
        change: change.to_owned(),
    }
}
