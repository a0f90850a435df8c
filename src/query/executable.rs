//! `executable`: the objects of a program, linked, or found linked already.

use super::input::{BuildDb, LinkerEnv, Options, Runtime, SourceFile};
use super::object;
use super::relink::Changes;
use super::services::{Services, Stop};
use super::trace::{self, Found, Trace};
use super::unlinked::diagnostics;
use crate::digest::Digest;
use crate::error::Error;
use crate::explain::{Declined, LinkReport, Query};
use crate::frontend::{Diagnostic, EmitError};
use crate::host::{Aside, Bytes};
use crate::link::{Decline, Kept, LinkFailure, LinkObject, LinkOptions, LinkPlace, LinkPlan, Way};
use crate::observe::{Observation, Reader, Seen};
use crate::proof::LibraryState;
use crate::store::ADOPTED_FROM;
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};

/// A program as it is demanded: its modules in order, each with its object where the pre-pass knows it.
#[salsa::input]
pub struct Program {
    /// The program's file, for messages.
    #[returns(ref)]
    pub output: Utf8PathBuf,
    /// The module that runs first; `None` where no frontend's language has a part in it.
    #[returns(ref)]
    pub entry: Option<Utf8PathBuf>,
    #[returns(ref)]
    pub objects: Vec<ObjectSource>,
    #[returns(ref)]
    pub plan: LinkPlan,
    /// The native libraries in the plan.
    #[returns(ref)]
    pub libraries: Vec<LibraryState>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectSource {
    /// The pre-pass found it current.
    Known(Utf8PathBuf, Digest),
    Demanded(SourceFile),
    /// A library that is compiled here, and the objects that are in it.
    Archive {
        name: Utf8PathBuf,
        digest: Digest,
        objects: Vec<(Utf8PathBuf, Digest)>,
    },
}

impl ObjectSource {
    /// The digest of what is linked, where it is known.
    pub fn digest(&self) -> Option<&Digest> {
        match self {
            Self::Known(_, digest) | Self::Archive { digest, .. } => Some(digest),
            Self::Demanded(_) => None,
        }
    }
}

/// A linked program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executable {
    pub digest: Digest,
    /// What the link read and where it looked, for the proof.
    pub seen: Vec<Seen>,
    pub report: LinkReport,
    pub warnings: String,
    /// What others changed while the linker ran.
    pub changed: Vec<Utf8PathBuf>,
    /// The linker's problems, as diagnostics; then there is no program.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a link's trace keeps of its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LinkResult {
    pub(super) program: Digest,
    warnings: String,
    way: Way,
}

/// How programs are linked here: the plan from a trace that holds, or by asking the system's compiler. Also gives what
/// the plan rests on. `modules`: the frontend's runtime has a part in it.
pub fn plan(
    services: &Services,
    options: &LinkOptions,
    modules: bool,
) -> Result<(LinkPlan, Vec<Seen>), Error> {
    let libraries = match modules {
        true => services.frontend.runtime().libraries,
        false => &[],
    };
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

/// The key of the traces of a link: the runtime and the plan, then what is linked.
pub fn key<'o>(
    services: &Services,
    (runtime, plan): (&Digest, &Digest),
    entry: Option<&Utf8Path>,
    objects: impl Iterator<Item = &'o Digest>,
) -> Digest {
    let entry = entry.map_or("", Utf8Path::as_str);
    let mut parts: Vec<&[u8]> = vec![&runtime.0, &plan.0, entry.as_bytes()];
    parts.extend(objects.map(|digest| &digest.0[..]));
    services.key("link", &parts)
}

/// What the last link with this key read and where it looked, as the program `made` came of it, and how that is known.
pub fn rests_on(
    services: &Services,
    key: &Digest,
    made: Option<Digest>,
) -> Option<(Vec<Seen>, Way)> {
    let record = services.store.get(key);
    let traces: Vec<Trace<Seen, LinkResult>> = trace::all(record.as_deref());
    let newest_first = traces.into_iter().rev();
    let mut of_program = newest_first.filter(|trace| Some(trace.result.program) == made);
    of_program
        .next()
        .map(|trace| (trace.reads, trace.result.way))
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
    let digests = objects.iter().map(|(_, digest)| digest);
    let key = key(
        services,
        (&runtime.digest(db), &env.plan(db)),
        program.entry(db).as_deref(),
        digests,
    );
    let record = services.store.get(&key);
    let lost = match trace::find(record.as_deref(), |seen: &Seen| {
        services.world.holds(&seen.observation)
    }) {
        Found::Hit(Trace {
            reads,
            result:
                LinkResult {
                    program: digest,
                    warnings,
                    way,
                },
        }) if available(services, program.output(db), &digest) => {
            depend(db, &reads);
            let report = LinkReport {
                linked: false,
                object_fingerprints_used: objects.len(),
                ..report(program.plan(db), way)
            };
            return Ok(Some(Arc::new(Executable {
                digest,
                seen: reads,
                report,
                warnings,
                changed: Vec::new(),
                diagnostics: Vec::new(),
            })));
        }
        Found::Hit(trace) => Some(trace.result.program),
        Found::Miss => None,
    };
    let members = members(program.objects(db), &objects);
    let causes = Changes {
        services,
        objects: &members,
        plan: program.plan(db),
        libraries: program.libraries(db),
        record: record.as_deref(),
        lost,
    };
    let causes = causes.find();
    let subject = program.output(db);
    if services.dry_run {
        return services.run(Query::Executable, subject, || {
            let plan = program.plan(db);
            let report = LinkReport {
                object_fingerprints_used: objects.len(),
                ..report(plan, plan.way())
            };
            let predicted = Executable {
                digest: key,
                seen: Vec::new(),
                report,
                warnings: String::new(),
                changed: Vec::new(),
                diagnostics: Vec::new(),
            };
            (Ok(Some(Arc::new(predicted))), causes, false)
        });
    }
    services.run(Query::Executable, subject, || {
        let linked = link(db, program, &objects).map(|(executable, way)| {
            if let Some(way) = way {
                let result = LinkResult {
                    program: executable.digest,
                    warnings: executable.warnings.clone(),
                    way,
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
        (linked, causes, cut_off)
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
            ObjectSource::Known(path, digest)
            | ObjectSource::Archive {
                name: path, digest, ..
            } => objects.push((path.clone(), *digest)),
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

/// Makes the query depend on every file that the link, or another command, read.
pub(super) fn depend(db: &dyn BuildDb, seen: &[Seen]) {
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

/// What makes the program another, module by module and source by source: an archive is as its sources are.
fn members(
    sources: &[ObjectSource],
    objects: &[(Utf8PathBuf, Digest)],
) -> Vec<(Utf8PathBuf, Digest)> {
    let mut members = Vec::with_capacity(objects.len());
    for (source, object) in sources.iter().zip(objects) {
        match source {
            ObjectSource::Archive { objects, .. } => members.extend(objects.iter().cloned()),
            ObjectSource::Known(..) | ObjectSource::Demanded(_) => members.push(object.clone()),
        }
    }
    members
}

fn report(plan: &LinkPlan, way: Way) -> LinkReport {
    let linker = &plan.linker;
    LinkReport {
        linked: true,
        way: way.name().to_owned(),
        linker: format!("{} {}", linker.name, linker.version)
            .trim_end()
            .to_owned(),
        linker_path: linker.path.clone(),
        driver: Some(plan.driver.clone()).filter(|driver| !driver.as_str().is_empty()),
        instead: plan.instead.clone(),
        declined: None,
        object_fingerprints_used: 0,
        object_files_hashed: 0,
        external_inputs_hashed: 0,
    }
}

fn declined(decline: &Decline) -> Declined {
    Declined {
        kind: decline.code(),
        subject: decline.subject().map(str::to_owned),
        message: decline.message(),
        remedy: Some(decline.remedy()).filter(|remedy| !remedy.is_empty()),
        rule: decline.rule().map(str::to_owned),
    }
}

/// Links. Also gives how it is known what the link read, where it is known and the program may be taken from a trace.
fn link(
    db: &dyn BuildDb,
    program: Program,
    objects: &[(Utf8PathBuf, Digest)],
) -> Result<(Executable, Option<Way>), Stop> {
    let services = db.services();
    let entry = program.entry(db).as_deref();
    let emit_start = |entry: &Utf8Path| {
        let start = services.frontend.start(entry);
        start.map_err(|EmitError(problem)| {
            services.fail(Error::world(
                "the start of the program cannot be emitted",
                entry,
                std::io::Error::other(problem),
            ))
        })
    };
    let start = entry.map(emit_start).transpose()?;
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
    if let Some(start) = start {
        inputs.push(LinkObject {
            name: "start".to_owned(),
            bytes: Bytes::from(start),
        });
        inputs.push(LinkObject {
            name: "runtime".to_owned(),
            bytes: Bytes::built_in(services.frontend.runtime().bytes),
        });
    }
    let read_before = services.world.files_read();
    let reader = Reader::new(&services.world);
    let plan = program.plan(db);
    let place = LinkPlace {
        folder: &services.link_folder,
        room: Mutex::new(services.room()),
        rules: Some(&services.rules),
        last: services.last_build,
    };
    let linked = services.linker.link(plan, &inputs, &place, &reader);
    let seen = reader.finish();
    let report = |way| LinkReport {
        object_fingerprints_used: objects.len(),
        external_inputs_hashed: services.world.files_read() - read_before,
        ..report(plan, way)
    };
    match linked {
        Ok(linked) => {
            let output = program.output(db);
            let (digest, written) = rayon::join(
                || Digest::of(&linked.bytes),
                || write_aside(services, output, &linked.bytes),
            );
            if let Some(written) = written {
                services.keep_written(digest, written);
            }
            services.store.put_blob(digest, linked.bytes);
            let mut report = report(linked.way);
            let (mut changed, mut way) = (Vec::new(), None);
            match linked.kept {
                Kept::Recorded => way = Some(linked.way),
                Kept::Declined(decline) => report.declined = Some(declined(&decline)),
                Kept::Changed(paths) => changed = paths,
            }
            let executable = Executable {
                digest,
                seen,
                report,
                warnings: linked.warnings,
                changed,
                diagnostics: Vec::new(),
            };
            Ok((executable, way))
        }
        Err(LinkFailure::World(error)) => Err(services.fail(error)),
        Err(LinkFailure::Program(problems)) => {
            let at = entry.unwrap_or(program.output(db));
            let diagnostics = problems
                .into_iter()
                .flat_map(|problem| diagnostics(&services.native, problem, at))
                .collect();
            let executable = Executable {
                digest: Digest::of(&[]),
                seen,
                report: report(plan.way()),
                warnings: String::new(),
                changed: Vec::new(),
                diagnostics,
            };
            Ok((executable, None))
        }
    }
}

/// Writes a large program beside its place, where it will be put once all is known to be well: whether these bytes lie
/// there already only their digest tells, which takes as long. What hinders it is reported when it is put in place.
fn write_aside(services: &Services, output: &Utf8Path, program: &[u8]) -> Option<Aside> {
    if (program.len() as u64) < ADOPTED_FROM {
        return None;
    }
    // First, so that the system can use the memory of those removed for it. A folder that cannot be listed or changed is
    // reported when something is stored there.
    let _ = services.store.trim_large();
    Aside::write(services.world.shared_host(), output, program, 0o777).ok()
}
