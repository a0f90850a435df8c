//! Writes the proof of a finished build, last of all: what it names is in the store by then.

use super::check::refreshed;
use super::entry::Recorded;
use super::format::{self, ModuleState, OutputState, ProofHeader, Snapshot};
use crate::host::Host;
use crate::observe::{Known, Observation, Role, Seen, World};
use camino::{Utf8Path, Utf8PathBuf};
use std::io;
use std::sync::Arc;

/// A finished build.
pub struct Finished<'b> {
    pub world: &'b World,
    /// Its modules are relied on, besides what the world knows to be.
    pub snapshot: &'b Snapshot,
    /// Where the program is and what its bytes are.
    pub output: Option<(Utf8PathBuf, crate::digest::Digest)>,
    /// The running program and what is known of it.
    pub program: Option<(Utf8PathBuf, Known)>,
    /// Why the link was not recorded.
    pub declined: Option<String>,
    /// Why a source's compilation was not recorded.
    pub uncompiled: Option<String>,
    /// How it was to be linked.
    pub plan: Option<crate::digest::Digest>,
}

/// Records the proof of `finished` at `path`. Gives the number of observations.
///
/// # Errors
/// If it cannot be written.
pub fn record(host: &dyn Host, path: &Utf8Path, finished: &Finished<'_>) -> io::Result<usize> {
    let (world, snapshot) = (finished.world, finished.snapshot);
    let settled = |known: Option<(Known, i64)>| {
        known.map(|(known, taken)| (known, known.stamp.settled(taken)))
    };
    let module = |module: &Arc<ModuleState>| {
        let known = world.known(&module.path);
        let observation = Observation::File {
            path: module.path.clone(),
            digest: module.content,
        };
        let seen = Seen {
            observation,
            role: Role::Source,
            note: String::new(),
        };
        (seen, settled(known))
    };
    let files = snapshot.modules.iter().filter(|module| !module.in_memory);
    let mut seen: Vec<Recorded> = files.map(module).collect();
    let relied = world.relied().into_iter();
    seen.extend(relied.map(|(seen, known)| (seen, settled(known))));
    let header = ProofHeader {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        program: finished
            .program
            .as_ref()
            .map(|(path, known)| (path.clone(), known.stamp, known.digest)),
        boot: host.boot(),
        modules: snapshot.modules.len() + snapshot.unit_count,
        output: output_state(host, finished.output.as_ref())?,
        declined: finished.declined.clone(),
        uncompiled: finished.uncompiled.clone(),
        plan: finished.plan,
    };
    host.replace(path, &format::encode(&header, &seen, snapshot), 0o666)?;
    Ok(seen.len())
}

fn output_state(
    host: &dyn Host,
    output: Option<&(Utf8PathBuf, crate::digest::Digest)>,
) -> io::Result<Option<OutputState>> {
    let Some((path, digest)) = output else {
        return Ok(None);
    };
    let now = host.now();
    let Some(stamp) = host.stat(path)? else {
        return Ok(None);
    };
    Ok(Some(OutputState {
        path: path.clone(),
        stamp,
        settled: stamp.settled(now),
        digest: *digest,
    }))
}

/// Writes a proof again with the stamps that a check found, so that the next check reads nothing. `bytes` is the proof
/// as it was verified, and everything in it was found current.
///
/// # Errors
/// If it cannot be written: then the next check reads again, and that is all.
pub fn refresh(
    host: &dyn Host,
    path: &Utf8Path,
    bytes: &[u8],
    verdict: &super::Verdict,
) -> io::Result<()> {
    let Ok(parts) = format::decode(bytes) else {
        return Ok(());
    };
    let seen = refreshed(
        &parts.entries,
        verdict.known.iter().chain(&verdict.listings),
        verdict.taken,
    );
    let mut header = parts.header;
    header.boot = host.boot();
    if let Some((path, known)) = &verdict.program {
        header.program = Some((path.clone(), known.stamp, known.digest));
    }
    if let Some(output) = &header.output {
        header.output = output_state(host, Some(&(output.path.clone(), output.digest)))?;
    }
    host.replace(path, &format::encode_anew(bytes, &header, &seen), 0o666)
}
