//! `lower`: a module's syntax, bound to the items of other modules that it uses.

use super::input::{BuildDb, SourceFile};
use super::parse::{self, Summary};
use super::reader::{ImportsReader, names_answer, resolution_answer};
use super::services::{Services, Stop};
use super::trace::{self, Answer, Answered, Found, Read, Trace};
use crate::digest::Digest;
use crate::explain::{Cause, Query};
use crate::frontend::{Diagnostic, Lowered, Payload};
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// A lowered module, without the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowering {
    pub digest: Digest,
    /// If there are any, the module is not emitted.
    pub diagnostics: Vec<Diagnostic>,
}

/// The key of a module's lowering traces.
pub fn key(services: &Services, path: &Utf8Path, syntax: &Digest) -> Digest {
    services.key("lower", &[path.as_str().as_bytes(), &syntax.0])
}

/// The digest of the lowered module from a trace whose reads hold; `answer` gives the answers of now.
pub fn stored(
    services: &Services,
    path: &Utf8Path,
    syntax: &Digest,
    mut holds: impl FnMut(&Answered) -> bool,
) -> Found<Answered, Digest> {
    let record = services.store.get(&key(services, path, syntax));
    trace::find(record.as_deref(), |answered: &Answered| holds(answered))
}

/// Lowers a module, or takes its digest from a trace.
#[salsa::tracked(returns(clone))]
pub fn lower(db: &dyn BuildDb, file: SourceFile) -> Result<Arc<Lowering>, Stop> {
    let services = db.services();
    let path = file.path(db);
    let summary = parse::parse(db, file)?;
    if !summary.diagnostics.is_empty() {
        return Ok(Arc::new(Lowering {
            digest: summary.syntax,
            diagnostics: summary.diagnostics.clone(),
        }));
    }
    let now = ImportsReader::new(db);
    match stored(services, path, &summary.syntax, |answered| {
        now.answer(&answered.read).digest == answered.answer.digest
    }) {
        Found::Hit(trace) => {
            return Ok(Arc::new(Lowering {
                digest: trace.result,
                diagnostics: Vec::new(),
            }));
        }
        Found::Miss => {}
    }
    let causes = causes(services, path, &summary.syntax, &now);
    services.run(Query::Lower, path, || {
        let lowered = lower_syntax(db, path, &summary);
        let cut_off = matches!((&lowered, services.previous.get(path.as_str())), (Ok((lowered, _)), Some(before)) if lowered.digest == before.lowered);
        let lowering = lowered.map(|(lowered, reads)| {
            if lowered.diagnostics.is_empty() {
                let key = key(services, path, &summary.syntax);
                let record = services.store.get(&key);
                services.store.put(key, trace::add(record.as_deref(), Trace { reads, result: lowered.digest }));
            }
            if let Some(payload) = lowered.payload {
                services.keep(lowered.digest, payload);
            }
            Arc::new(Lowering { digest: lowered.digest, diagnostics: lowered.diagnostics })
        });
        (lowering, causes, cut_off)
    })
}

fn lower_syntax(
    db: &dyn BuildDb,
    path: &Utf8Path,
    summary: &Summary,
) -> Result<(Lowered, Vec<Answered>), Stop> {
    let services = db.services();
    let syntax = parse::syntax(services, path, &summary.syntax)?;
    let mut imports = ImportsReader::new(db);
    let lowered = services.frontend.lower(&syntax, &mut imports);
    Ok((lowered, imports.finish()))
}

/// The lowered module with this digest. A plain function: whoever calls it has read the digest from [`lower`]. Where the
/// digest came from a trace, the module is parsed and lowered once more.
pub(super) fn payload(
    db: &dyn BuildDb,
    file: SourceFile,
    digest: &Digest,
) -> Result<Payload, Stop> {
    let services = db.services();
    if let Some(payload) = services.take(digest) {
        return Ok(payload);
    }
    let path = file.path(db);
    let summary = parse::parse(db, file)?;
    match lower_syntax(db, path, &summary)? {
        (
            Lowered {
                payload: Some(payload),
                digest: again,
                ..
            },
            _,
        ) if again == *digest => Ok(payload),
        _ => {
            let cause = std::io::Error::other(
                "lowering it again gave another module; remove the cache folder and report this",
            );
            Err(services.fail(crate::error::Error::world(
                "a stored trace does not match its module",
                path,
                cause,
            )))
        }
    }
}

/// Why a module means something else than in the last build, whatever else was built before.
pub(super) fn causes(
    services: &Services,
    path: &Utf8Path,
    syntax: &Digest,
    now: &ImportsReader<'_>,
) -> Vec<Cause> {
    let before = services.previous.get(path.as_str());
    if before.is_none_or(|before| before.syntax != *syntax) {
        return vec![services.text_cause(path)];
    }
    // What held then, as the last build knew its modules.
    let record = services.store.get(&key(services, path, syntax));
    let then: Found<Answered, Digest> =
        trace::find(record.as_deref(), |answered| held(services, answered));
    let Found::Hit(Trace { reads, .. }) = then else {
        return vec![services.text_cause(path)];
    };
    let mut causes = Vec::new();
    for Answered { read, answer } in reads {
        let new = now.answer(&read);
        if new.digest == answer.digest {
            continue;
        }
        causes.push(cause_of(&read, answer, new));
        // What was asked of that other module next says nothing of this one.
        if matches!(read, Read::Resolve { .. }) {
            break;
        }
    }
    match causes.is_empty() {
        true => vec![services.lost(&format!("the record of {path}"))],
        false => causes,
    }
}

/// What the last build's lowering of a module asked, and in how many other ways it was lowered before.
pub fn rests_on(services: &Services, path: &Utf8Path, syntax: &Digest) -> (Vec<Answered>, usize) {
    let record = services.store.get(&key(services, path, syntax));
    let traces: Vec<Trace<Answered, Digest>> = trace::all(record.as_deref());
    let others = traces.len().saturating_sub(1);
    let newest_first = traces.into_iter().rev();
    let mut holding =
        newest_first.filter(|trace| trace.reads.iter().all(|answered| held(services, answered)));
    let reads = holding.next().map(|trace| trace.reads);
    (reads.unwrap_or_default(), others)
}

/// What the store says a module was lowered to in the last build.
pub fn recorded(services: &Services, path: &Utf8Path, syntax: &Digest) -> Option<Digest> {
    let record = services.store.get(&key(services, path, syntax));
    match trace::find(record.as_deref(), |answered| held(services, answered)) {
        Found::Hit(trace) => Some(trace.result),
        Found::Miss => None,
    }
}

/// Whether this was the answer in the last build.
fn held(services: &Services, answered: &Answered) -> bool {
    let module = |path: &Utf8Path| services.previous.get(path.as_str());
    let answer = match &answered.read {
        Read::Resolve {
            importer,
            specifier,
        } => {
            let imports = module(importer).map(|module| &module.imports);
            let import = imports
                .and_then(|imports| imports.iter().find(|(written, _)| written == specifier));
            resolution_answer(import.map(|(_, target)| target.as_path())).digest
        }
        Read::Item { module: of, name } => module(of).and_then(|module| module.item(name)),
        Read::Names { module: of } => module(of).and_then(|module| {
            let names = module.items.iter().map(|(name, _)| name.as_bytes());
            names_answer(Digest::of_parts(names)).digest
        }),
    };
    answer == answered.answer.digest
}

/// What changed in the world of a module, as a read that does not hold tells.
fn cause_of(read: &Read, old: Answer, new: Answer) -> Cause {
    match read {
        Read::Resolve {
            importer,
            specifier,
        } => Cause::Resolution {
            importer: importer.clone(),
            specifier: specifier.clone(),
            old: old.shown.map(Utf8PathBuf::from),
            new: new.shown.map(Utf8PathBuf::from),
        },
        Read::Item { module, name } => Cause::Item {
            module: module.clone(),
            name: name.clone(),
            old: old.shown,
            new: new.shown,
        },
        Read::Names { module } => Cause::Names {
            module: module.clone(),
        },
    }
}
