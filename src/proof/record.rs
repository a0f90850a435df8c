//! Writes the proof of a finished build, last of all: what it names is in the store by then.

use super::check::refreshed;
use super::entry::Recorded;
use super::format::{self, LinkState, OutputState, ProofHeader};
use super::patch::Stamps;
use super::snapshot::{ModuleState, Snapshot};
use crate::digest::Digest;
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
    pub output: Option<(Utf8PathBuf, Digest)>,
    /// The running program and what is known of it.
    pub program: Option<(Utf8PathBuf, Known)>,
    /// Why the link was not recorded.
    pub declined: Option<String>,
    /// Why a source's compilation was not recorded.
    pub uncompiled: Option<String>,
    /// Whether compilers or actions said something.
    pub said: bool,
    /// How the program was linked.
    pub link: Option<LinkState>,
    /// How it was to be linked.
    pub plan: Option<crate::digest::Digest>,
}

/// A build that found other texts in some modules, and that they mean what the old ones meant.
pub struct Retold<'b> {
    /// The proof as it was verified, and what the check found: nothing but these texts is stale.
    pub proof: &'b [u8],
    pub verdict: &'b super::Verdict,
    /// Each such module: its place in the snapshot, its path, and what is known of its text since when.
    pub modules: Vec<(usize, Utf8PathBuf, Known, i64)>,
    /// The running program and what is known of it.
    pub program: Option<(Utf8PathBuf, Known)>,
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
        said: finished.said,
        link: finished.link.clone(),
        plan: finished.plan,
    };
    host.replace(path, &format::encode(&header, &seen, snapshot), 0o666)?;
    Ok(seen.len())
}

fn output_state(
    host: &dyn Host,
    output: Option<&(Utf8PathBuf, Digest)>,
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

/// Records the proof of a build that only found other texts: the one there was, with these. Gives the number of
/// observations.
///
/// # Errors
/// If it cannot be written.
pub fn record_retold(host: &dyn Host, path: &Utf8Path, retold: &Retold<'_>) -> io::Result<usize> {
    let verdict = retold.verdict;
    let mut stamps = stamps_of(verdict);
    for (_, path, known, taken) in &retold.modules {
        stamps.add(path, *known, *taken);
    }
    let contents: Vec<(usize, Digest)> = retold
        .modules
        .iter()
        .map(|(module, _, known, _)| (*module, known.digest))
        .collect();
    let mut header = verdict.header.clone();
    if let Some((path, known)) = &retold.program {
        header.program = Some((path.clone(), known.stamp, known.digest));
    }
    let proof = format::encode_patched(retold.proof, &header, &stamps, &contents)
        .expect("a proof that was verified can be read again");
    host.replace(path, &proof, 0o666)?;
    Ok(verdict.observations)
}

/// The stamps that a check found to be others than the recorded ones.
fn stamps_of(verdict: &super::Verdict) -> Stamps<'_> {
    let mut stamps = Stamps::default();
    for (path, known) in verdict.reread.iter().map(|at| &verdict.known[*at]) {
        stamps.add(path, *known, verdict.taken);
    }
    stamps
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
    let mut header = verdict.header.clone();
    header.boot = host.boot();
    if let Some((path, known)) = &verdict.program {
        header.program = Some((path.clone(), known.stamp, known.digest));
    }
    if let Some(output) = &header.output {
        header.output = output_state(host, Some(&(output.path.clone(), output.digest)))?;
    }
    // An entry of a directory is longer with a stamp than without one, so then all are written anew.
    let patched = match verdict.relisted {
        true => None,
        false => format::encode_patched(bytes, &header, &stamps_of(verdict), &[]),
    };
    let anew = || {
        let parts = format::decode(bytes).ok()?;
        let known = verdict.known.iter().chain(&verdict.listings);
        let seen = refreshed(&parts.entries, known, verdict.taken);
        Some(format::encode_anew(bytes, &header, &seen))
    };
    let Some(proof) = patched.or_else(anew) else {
        return Ok(());
    };
    host.replace(path, &proof, 0o666)
}
