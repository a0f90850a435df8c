//! `executable`: the objects of a program, linked, or found linked already.

use super::input::{BuildDb, LinkerEnv, Options, Runtime, SourceFile};
use super::object;
use super::services::{Services, Stop};
use super::trace::{self, Found, Trace};
use crate::digest::Digest;
use crate::error::Error;
use crate::explain::{Cause, LinkReport, Query};
use crate::frontend::{Diagnostic, EmitError, Span};
use crate::host::Bytes;
use crate::link::{LinkFailure, LinkObject, LinkOptions, LinkPlan, LinkProblem};
use crate::observe::{Observation, Reader, Seen};
use crate::store::ADOPTED_FROM;
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A program as it is demanded: its modules in order, each with its object where the pre-pass knows it.
#[salsa::input]
pub struct Program {
    /// The program's file, for messages.
    #[returns(ref)]
    pub output: Utf8PathBuf,
    #[returns(ref)]
    pub entry: Utf8PathBuf,
    #[returns(ref)]
    pub objects: Vec<ObjectSource>,
    #[returns(ref)]
    pub plan: LinkPlan,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectSource {
    /// The pre-pass found it current.
    Known(Utf8PathBuf, Digest),
    Demanded(SourceFile),
}

/// A linked program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executable {
    pub digest: Digest,
    /// What the link read and where it looked, for the proof.
    pub seen: Vec<Seen>,
    pub report: LinkReport,
    pub warnings: String,
    /// The linker's problems, as diagnostics; then there is no program.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a link's trace keeps of its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct LinkResult {
    program: Digest,
    warnings: String,
}

/// How programs are linked here: the plan from a trace that holds, or by asking the system's compiler. Also gives what
/// the plan rests on.
pub fn plan(services: &Services, options: &LinkOptions) -> Result<(LinkPlan, Vec<Seen>), Error> {
    let libraries = services.frontend.runtime().libraries;
    let options_bytes = postcard::to_stdvec(options).unwrap_or_default();
    let key = services.key("plan", &[&options_bytes, libraries.join("\n").as_bytes()]);
    let record = services.store.get(&key);
    if let Found::Hit(trace) = trace::find(record.as_deref(), |seen: &Seen| {
        services.world.holds(&seen.observation)
    }) {
        return Ok((trace.result, trace.reads));
    }
    let reader = Reader::new(&services.world);
    let plan = services.linker.plan(options, libraries, &reader)?;
    let seen = reader.finish();
    services.store.put(
        key,
        trace::add(
            record.as_deref(),
            Trace {
                reads: seen.clone(),
                result: plan.clone(),
            },
        ),
    );
    Ok((plan, seen))
}

/// Links a program, or takes it from a trace. `None`: some module is wrong, and its diagnostics say where.
#[salsa::tracked(returns(clone))]
pub fn executable(
    db: &dyn BuildDb,
    program: Program,
    options: Options,
    runtime: Runtime,
    env: LinkerEnv,
) -> Result<Option<Arc<Executable>>, Stop> {
    let services = db.services();
    let Some(objects) = objects(db, program, options)? else {
        return Ok(None);
    };
    let (runtime, plan) = (runtime.digest(db), env.plan(db));
    let mut parts: Vec<&[u8]> = vec![&runtime.0, &plan.0, program.entry(db).as_str().as_bytes()];
    parts.extend(objects.iter().map(|(_, digest)| &digest.0[..]));
    let key = services.key("link", &parts);
    let record = services.store.get(&key);
    let newest = match trace::find(record.as_deref(), |seen: &Seen| {
        services.world.holds(&seen.observation)
    }) {
        Found::Hit(Trace {
            reads,
            result:
                LinkResult {
                    program: digest,
                    warnings,
                },
        }) if available(services, program.output(db), &digest) => {
            depend(db, &reads);
            let report = report(services, false, objects.len(), 0, 0);
            return Ok(Some(Arc::new(Executable {
                digest,
                seen: reads,
                report,
                warnings,
                diagnostics: Vec::new(),
            })));
        }
        Found::Hit(trace) => Some(Err(trace.result.program)),
        Found::Miss { newest } => newest.map(|(_, stale)| Ok(stale)),
    };
    let cause = cause(services, &objects, newest);
    let subject = program.output(db);
    if services.dry_run {
        return services.run(Query::Executable, subject, || {
            let report = report(services, true, objects.len(), 0, 0);
            let predicted = Executable {
                digest: key,
                seen: Vec::new(),
                report,
                warnings: String::new(),
                diagnostics: Vec::new(),
            };
            (Ok(Some(Arc::new(predicted))), vec![cause], false)
        });
    }
    services.run(Query::Executable, subject, || {
        let linked = link(db, program, &objects).map(|executable| {
            if executable.diagnostics.is_empty() {
                let result = LinkResult {
                    program: executable.digest,
                    warnings: executable.warnings.clone(),
                };
                services.store.put(
                    key,
                    trace::add(
                        record.as_deref(),
                        Trace {
                            reads: executable.seen.clone(),
                            result,
                        },
                    ),
                );
            }
            depend(db, &executable.seen);
            Some(Arc::new(executable))
        });
        let cut_off =
            matches!(&linked, Ok(Some(linked)) if services.previous_output == Some(linked.digest));
        (linked, vec![cause], cut_off)
    })
}

/// Each module's object in order; `None` if some module is wrong.
fn objects(
    db: &dyn BuildDb,
    program: Program,
    options: Options,
) -> Result<Option<Vec<(Utf8PathBuf, Digest)>>, Stop> {
    let mut objects = Vec::with_capacity(program.objects(db).len());
    for source in program.objects(db) {
        match source {
            ObjectSource::Known(path, digest) => objects.push((path.clone(), *digest)),
            ObjectSource::Demanded(file) => match object::object(db, *file, options)? {
                Some(digest) => objects.push((file.path(db).clone(), digest)),
                None => return Ok(None),
            },
        }
    }
    Ok(Some(objects))
}

/// Whether a program's bytes can be had without linking: checked, since a program whose stored bytes are damaged must
/// be linked again, and nothing asks for them later but the file that they become.
fn available(services: &Services, output: &Utf8Path, digest: &Digest) -> bool {
    // What the last build made is known without reading it.
    let other = services
        .previous_output
        .is_some_and(|previous| previous != *digest);
    let in_place = !other
        && services
            .world
            .digested(output)
            .is_ok_and(|state| state.digest() == Some(*digest));
    let adopted =
        || matches!(services.world.stamp(output), Ok(Some(stamp)) if stamp.size >= ADOPTED_FROM);
    in_place && (services.store.has_blob(digest) || adopted())
        || services.store.blob(digest).is_some()
}

/// Makes the query depend on every file that the link read.
fn depend(db: &dyn BuildDb, seen: &[Seen]) {
    for seen in seen {
        match &seen.observation {
            Observation::File { path, .. } => {
                db.services().library(db, path).content(db);
            }
            Observation::Absent { path } | Observation::Present { path, .. } => {
                db.services().place(db, path).kind(db);
            }
            _ => {}
        }
    }
}

/// Why the program is linked: `newest` is the program of a trace whose blob is lost, or what no longer holds of it.
fn cause(
    services: &Services,
    objects: &[(Utf8PathBuf, Digest)],
    newest: Option<Result<Seen, Digest>>,
) -> Cause {
    let differs = |(path, digest): &&(Utf8PathBuf, Digest)| {
        services
            .previous
            .get(path.as_str())
            .is_none_or(|before| before.object != *digest)
    };
    let mut paths: Vec<Utf8PathBuf> = objects
        .iter()
        .filter(differs)
        .map(|(path, _)| path.clone())
        .collect();
    let there: std::collections::HashSet<&str> =
        objects.iter().map(|(path, _)| path.as_str()).collect();
    paths.extend(
        services
            .previous
            .keys()
            .filter(|path| !there.contains(&***path))
            .map(|path| Utf8PathBuf::from(&**path)),
    );
    paths.sort();
    match newest {
        _ if services.previous_output.is_none() => Cause::New,
        Some(Err(program)) => Cause::BlobLost {
            what: format!("the program {}", program.short()),
        },
        Some(Ok(Seen { observation, .. })) => {
            let change = match &observation {
                Observation::File { .. } => "changed or is gone",
                Observation::Absent { .. } => "appeared",
                Observation::Present { .. } => "is gone or of another kind",
                Observation::Attributes { .. } => "looks different",
                Observation::Link { .. } => "points to another place",
                Observation::Denied { .. } => "could not be read before",
                Observation::Listing { .. } | Observation::ListingWithout { .. } => {
                    "has other names in it"
                }
                Observation::Variable { .. } | Observation::Tool { .. } => "has another value",
            };
            Cause::LinkInput {
                path: observation.subject().into(),
                change: change.to_owned(),
            }
        }
        None if paths.is_empty() => Cause::LinkPlan {
            what: "the options, the compiler or the runtime".to_owned(),
        },
        None => Cause::Objects { paths },
    }
}

fn report(
    services: &Services,
    linked: bool,
    fingerprints: usize,
    hashed: usize,
    external: usize,
) -> LinkReport {
    LinkReport {
        linked,
        way: services.linker.way().to_owned(),
        linker: format!("{} {}", services.linker.name(), services.linker.version()),
        object_fingerprints_used: fingerprints,
        object_files_hashed: hashed,
        external_inputs_hashed: external,
    }
}

fn link(
    db: &dyn BuildDb,
    program: Program,
    objects: &[(Utf8PathBuf, Digest)],
) -> Result<Executable, Stop> {
    let services = db.services();
    let entry = program.entry(db);
    let start = services
        .frontend
        .start(entry)
        .map_err(|EmitError(problem)| {
            services.fail(Error::world(
                "the start of the program cannot be emitted",
                entry,
                std::io::Error::other(problem),
            ))
        })?;
    // Taking an object from the store checks its digest, which is worth spreading over the cores. All are taken, even if
    // one is lost, so that the store knows all of its losses.
    let taken: Vec<Option<LinkObject>> = objects
        .par_iter()
        .map(|(path, digest)| {
            Some(LinkObject {
                name: path.to_string(),
                bytes: services.store.blob(digest)?,
            })
        })
        .collect();
    // A lost object is no error: the engine sees that the store has lost something, and demands it anew.
    let mut inputs = taken.into_iter().collect::<Option<Vec<_>>>().ok_or(Stop)?;
    inputs.push(LinkObject {
        name: "start".to_owned(),
        bytes: Bytes::from(start),
    });
    inputs.push(LinkObject {
        name: "runtime".to_owned(),
        bytes: Bytes::built_in(services.frontend.runtime().bytes),
    });
    let read_before = services.world.files_read();
    let reader = Reader::new(&services.world);
    let linked = services.linker.link(program.plan(db), &inputs, &reader);
    let seen = reader.finish();
    let external = services.world.files_read() - read_before;
    let report = report(services, true, objects.len(), 0, external);
    match linked {
        Ok(linked) => {
            let digest = Digest::of(&linked.bytes);
            services.store.put_blob(digest, linked.bytes);
            Ok(Executable {
                digest,
                seen,
                report,
                warnings: linked.warnings,
                diagnostics: Vec::new(),
            })
        }
        Err(LinkFailure::World(error)) => Err(services.fail(error)),
        Err(LinkFailure::Program(problems)) => {
            let diagnostics = problems
                .into_iter()
                .map(|problem| diagnostic(problem, entry))
                .collect();
            Ok(Executable {
                digest: Digest::of(&[]),
                seen,
                report,
                warnings: String::new(),
                diagnostics,
            })
        }
    }
}

fn diagnostic(problem: LinkProblem, entry: &Utf8Path) -> Diagnostic {
    let path = problem
        .objects
        .first()
        .map_or_else(|| entry.to_owned(), Utf8PathBuf::from);
    Diagnostic {
        code: problem.code,
        message: problem.message,
        path,
        span: Span::default(),
        label: String::new(),
        help: problem.help,
    }
}
