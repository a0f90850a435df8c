//! `object`: a lowered module becomes an object file in the store.

use super::input::{BuildDb, Options, SourceFile};
use super::reader::ImportsReader;
use super::services::{Services, Stop, options_key};
use super::{lower, parse};
use crate::digest::Digest;
use crate::error::Error;
use crate::explain::{Cause, Query};
use crate::frontend::{EmitError, EmitOptions};
use crate::host::Bytes;
use camino::Utf8Path;

/// The key of an object: the lowered module and the options, whatever text they came from.
pub fn key(services: &Services, lowered: &Digest, options: &[u8]) -> Digest {
    services.key("object", &[&lowered.0, options])
}

/// The digest of a stored object, if its bytes are still there.
pub fn stored(services: &Services, lowered: &Digest, options: &[u8]) -> Option<Digest> {
    let record = services.store.get(&key(services, lowered, options))?;
    let object = Digest(<[u8; 32]>::try_from(&*record).ok()?);
    services.store.has_blob(&object).then_some(object)
}

/// Why an object is emitted: its module means something else, the options are others, or it is lost.
fn causes(
    db: &dyn BuildDb,
    path: &Utf8Path,
    syntax: &Digest,
    lowered: &Digest,
    options: &[u8],
) -> Vec<Cause> {
    let services = db.services();
    let lowering = services.lowering_causes(path);
    let Some(before) = services.previous.get(path.as_str()) else {
        return lowering.unwrap_or_else(|| vec![services.text_cause(path)]);
    };
    let mut causes = Vec::new();
    // What made it another module made it another object.
    match lowering {
        Some(lowering) => causes = lowering,
        // It was lowered to this before, but never emitted like this.
        None if before.lowered != *lowered => {
            causes = lower::causes(services, path, syntax, &ImportsReader::new(db));
        }
        None => {}
    }
    if services.previous.options != options {
        let text = |options: &[u8]| String::from_utf8_lossy(options).into_owned();
        causes.push(Cause::Options {
            old: text(&services.previous.options),
            new: text(options),
        });
    }
    if causes.is_empty() {
        causes.push(services.lost(&format!("the object of {path}")));
    }
    causes
}

/// Emits the object of a module, or finds it in the store. `None`: the program is wrong, and diagnostics say where.
#[salsa::tracked(returns(clone))]
pub fn object(
    db: &dyn BuildDb,
    file: SourceFile,
    options: Options,
) -> Result<Option<Digest>, Stop> {
    let services = db.services();
    let lowering = lower::lower(db, file)?;
    if !lowering.diagnostics.is_empty() {
        return Ok(None);
    }
    let options_bytes = options_key(db, options);
    if let Some(object) = stored(services, &lowering.digest, &options_bytes) {
        return Ok(Some(object));
    }
    let path = file.path(db);
    let syntax = parse::parse(db, file)?.syntax;
    let causes = causes(db, path, &syntax, &lowering.digest, &options_bytes);
    if services.dry_run {
        // A stand-in that no store ever holds: what rests on it is predicted to run.
        return services.run(Query::Object, path, || {
            (Ok(Some(lowering.digest)), causes, false)
        });
    }
    let payload = lower::payload(db, file, &lowering.digest)?;
    services.run(Query::Object, path, || {
        let options = EmitOptions { opt_level: options.opt_level(db) };
        let emitted = services.frontend.emit(&payload, &options).map_err(|EmitError(problem)| {
            let cause = std::io::Error::other(problem);
            services.fail(Error::world("the code generator failed; this is a bug in the frontend, please report it with the module", path, cause))
        });
        let object = emitted.map(|bytes| {
            let digest = Digest::of(&bytes);
            services.store.put_blob(digest, Bytes::from(bytes));
            services.store.put(key(services, &lowering.digest, &options_bytes), digest.0.to_vec());
            Some(digest)
        });
        let cut_off = matches!((&object, services.previous.get(path.as_str())), (Ok(Some(object)), Some(before)) if *object == before.object);
        (object, causes, cut_off)
    })
}
