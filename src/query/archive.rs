//! `archive`: the objects of a static library, put into one file, or found there already.
//!
//! A plain function of the objects: nothing of the world has a part in it.

use super::executable::Executable;
use super::relink::other_objects;
use super::services::{Services, Stop};
use super::unit::Compilation;
use crate::digest::Digest;
use crate::error::Error;
use crate::explain::{Cause, LinkReport, Query, Reason};
use crate::link::{self, LinkObject};
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// The library that these objects make.
///
/// # Errors
/// [`Stop`] if an object is lost, which the store then knows.
pub fn archive(
    services: &Services,
    output: &Utf8Path,
    compiled: &[Arc<Compilation>],
) -> Result<Arc<Executable>, Stop> {
    let objects: Vec<(Utf8PathBuf, Digest)> = compiled
        .iter()
        .filter_map(|it| Some((it.source.clone(), it.result.object?)))
        .collect();
    let (key, stored) = stored(services, &objects);
    let done = |digest, linked| {
        Arc::new(Executable {
            digest,
            seen: Vec::new(),
            report: LinkReport {
                linked,
                way: "embedded".to_owned(),
                linker: "archive".to_owned(),
                object_fingerprints_used: objects.len(),
                ..LinkReport::default()
            },
            warnings: String::new(),
            changed: Vec::new(),
            diagnostics: Vec::new(),
        })
    };
    if let Some(digest) = stored {
        return Ok(done(digest, false));
    }
    let paths = other_objects(services, &objects);
    let cause = match services.previous_output {
        None => Cause::New,
        Some(_) if !paths.is_empty() => Cause::Objects { paths },
        Some(_) if services.reasons.iter().any(Reason::reaches_link_plan) => Cause::LinkPlan {
            what: "the order of its sources".to_owned(),
        },
        Some(_) => services.lost("the library"),
    };
    services.run(Query::Executable, output, || {
        if services.dry_run {
            return (Ok(done(key, true)), vec![cause], false);
        }
        let made = make(services, output, key, &objects);
        let cut_off = made.is_ok_and(|digest| services.previous_output == Some(digest));
        (made.map(|digest| done(digest, true)), vec![cause], cut_off)
    })
}

/// The bytes of the static library that these objects make, as a blob of the store: for whoever links with it.
///
/// # Errors
/// As [`archive`].
pub fn library(
    services: &Services,
    name: &Utf8Path,
    objects: &[(Utf8PathBuf, Digest)],
) -> Result<Digest, Stop> {
    let (key, stored) = stored(services, objects);
    match stored {
        Some(digest) => Ok(digest),
        None => make(services, name, key, objects),
    }
}

/// The key of an archive, and its digest if its bytes are there.
fn stored(services: &Services, objects: &[(Utf8PathBuf, Digest)]) -> (Digest, Option<Digest>) {
    let parts: Vec<&[u8]> = objects
        .iter()
        .flat_map(|(path, digest)| [path.as_str().as_bytes(), &digest.0[..]])
        .collect();
    let key = services.key("archive", &parts);
    let record = services.store.get(&key);
    let digest = record.and_then(|record| Some(Digest(<[u8; 32]>::try_from(&*record).ok()?)));
    (
        key,
        digest.filter(|digest| services.store.blob(digest).is_some()),
    )
}

fn make(
    services: &Services,
    output: &Utf8Path,
    key: Digest,
    objects: &[(Utf8PathBuf, Digest)],
) -> Result<Digest, Stop> {
    // All are taken, even if one is lost, so that the store knows all of its losses.
    let taken: Vec<Option<LinkObject>> = objects
        .iter()
        .map(|(path, digest)| {
            Some(LinkObject {
                name: path.to_string(),
                bytes: services.store.blob(digest)?,
            })
        })
        .collect();
    let members = taken.into_iter().collect::<Option<Vec<_>>>().ok_or(Stop)?;
    let bytes = link::archive(&members).map_err(|cause| {
        services.fail(Error::world("the library cannot be made", output, cause))
    })?;
    let digest = Digest::of(&bytes);
    services.store.put_blob(digest, bytes);
    services.store.put(key, digest.0.to_vec());
    Ok(digest)
}
