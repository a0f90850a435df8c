//! The bytes of a proof. Written and read in one pass; reading borrows from the file.

use super::entry::{Entry, Input, Recorded, Writer, read_entries, write_entries};
use super::patch::Stamps;
use super::snapshot::{self, Previous, Snapshot};
use crate::digest::Digest;
use crate::host::{Bytes, Stamp};
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

const MAGIC: &[u8; 16] = b"kiln proof 4\n\0\0\0";

/// What a proof says besides its observations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofHeader {
    /// For people: the version of the engine that recorded it.
    pub engine: String,
    /// The running program then, and what was known of it.
    pub program: Option<(Utf8PathBuf, Stamp, Digest)>,
    pub boot: String,
    pub modules: usize,
    /// Where the state lies if `kiln.toml` moved it away from the default.
    pub output: Option<OutputState>,
    /// Why the link was not recorded: then the build is stale, whatever else holds.
    pub declined: Option<String>,
    /// Why a source's compilation was not recorded, likewise.
    pub uncompiled: Option<String>,
    /// Whether compilers or actions said something, which a build that looks at their results says again.
    pub said: bool,
    /// How the program was linked; `None` where nothing was.
    pub link: Option<LinkState>,
    /// How it was to be linked; `None` for a check.
    pub plan: Option<Digest>,
}

/// What is reported of the link again when a build finds its result to be current, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkState {
    pub way: String,
    pub linker: String,
    pub linker_path: Option<Utf8PathBuf>,
    pub driver: Option<Utf8PathBuf>,
    pub instead: Option<String>,
    pub warnings: String,
    /// How many objects it was made of.
    pub objects: usize,
}

/// The finished program as it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputState {
    pub path: Utf8PathBuf,
    pub stamp: Stamp,
    pub settled: bool,
    pub digest: Digest,
}

/// A proof, taken apart.
pub(super) struct Parts<'p> {
    pub header: ProofHeader,
    pub entries: Vec<Entry<'p>>,
}

/// Encodes a proof.
pub(super) fn encode(header: &ProofHeader, seen: &[Recorded], snapshot: &Snapshot) -> Vec<u8> {
    let body = || {
        let body = encode_body(header, seen);
        (Digest::of(&body), body)
    };
    let ((body_digest, body), snapshot) = rayon::join(body, || snapshot::encode(snapshot));
    let mut out = start(body_digest, &body, snapshot.len());
    out.extend_from_slice(&snapshot);
    out
}

/// The sound proof in `bytes` with another header, with the stamps of now, and with other texts for some modules, which are
/// named by their place in the snapshot. All else is copied as it stands.
pub(super) fn encode_patched(
    bytes: &[u8],
    header: &ProofHeader,
    stamps: &Stamps<'_>,
    contents: &[(usize, Digest)],
) -> Option<Vec<u8>> {
    let (body, modules) = split(bytes)?;
    let header = postcard::to_stdvec(header).ok()?;
    let mut new = Writer(Vec::with_capacity(body.len() + modules.len() + 512));
    new.0.extend_from_slice(MAGIC);
    new.0.extend_from_slice(&[0; 32]);
    let mut input = Input(body);
    let old_header = usize::try_from(input.u64()?).ok()?;
    input.take(old_header)?;
    new.u64((8 + header.len() + input.0.len()) as u64);
    let start = new.0.len();
    new.u64(header.len() as u64);
    new.0.extend_from_slice(&header);
    let entries = new.0.len();
    new.0.extend_from_slice(input.0);
    stamps.write(input.0, &mut new.0[entries..])?;
    let checksum = Digest::of(&new.0[start..]);
    new.0[MAGIC.len()..MAGIC.len() + 32].copy_from_slice(&checksum.0);
    let start = new.0.len();
    new.0.extend_from_slice(modules);
    if !contents.is_empty() {
        snapshot::note_contents(&mut new.0[start..], contents)?;
    }
    Some(new.0)
}

/// The proof in `bytes` with another header and other observations. What the last build knew of its modules is copied as it
/// stands, with its checksum.
pub(super) fn encode_anew(bytes: &[u8], header: &ProofHeader, seen: &[Recorded]) -> Vec<u8> {
    let body = encode_body(header, seen);
    let modules = split(bytes).unwrap_or_default().1;
    let mut out = start(Digest::of(&body), &body, modules.len());
    out.extend_from_slice(modules);
    out
}

fn start(body_digest: Digest, body: &[u8], room: usize) -> Vec<u8> {
    let mut out = Writer(Vec::with_capacity(body.len() + room + 128));
    out.0.extend_from_slice(MAGIC);
    out.0.extend_from_slice(&body_digest.0);
    out.u64(body.len() as u64);
    out.0.extend_from_slice(body);
    out.0
}

/// The part that is read at every check.
fn encode_body(header: &ProofHeader, seen: &[Recorded]) -> Vec<u8> {
    let mut body = Writer(Vec::with_capacity(seen.len() * 160 + 256));
    let header = postcard::to_stdvec(header).unwrap_or_default();
    body.u64(header.len() as u64);
    body.0.extend_from_slice(&header);
    write_entries(&mut body, seen);
    body.0
}

/// Takes a proof apart.
///
/// # Errors
/// What is wrong with the file.
pub(super) fn decode(bytes: &[u8]) -> Result<Parts<'_>, &'static str> {
    let mut input = Input(bytes);
    if input.take(MAGIC.len()) != Some(MAGIC) {
        return Err("not a proof of this version of kiln");
    }
    let cut_short = "cut short";
    let checksum = input.digest().ok_or(cut_short)?;
    let length = input
        .u64()
        .and_then(|length| usize::try_from(length).ok())
        .ok_or(cut_short)?;
    let body = input.take(length).ok_or(cut_short)?;
    if Digest::of(body) != checksum {
        return Err("its checksum does not match");
    }
    parts(Input(body)).ok_or("its checksum matches, but it cannot be read")
}

fn parts(mut input: Input<'_>) -> Option<Parts<'_>> {
    let length = usize::try_from(input.u64()?).ok()?;
    let header = postcard::from_bytes(input.take(length)?).ok()?;
    let entries = read_entries(&mut input)?;
    Some(Parts { header, entries })
}

/// The part that is read at every check, and the snapshot with its checksum.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut input = Input(bytes);
    input.take(MAGIC.len() + 32)?;
    let length = usize::try_from(input.u64()?).ok()?;
    let body = input.take(length)?;
    Some((body, input.0))
}

/// What the last build knew of its modules.
pub fn previous(proof: &Bytes) -> Previous {
    let snapshot = split(proof).map_or(0, |(_, snapshot)| snapshot.len());
    let snapshot = proof.slice(proof.len() - snapshot..proof.len());
    snapshot.map_or_else(Previous::default, |snapshot| Previous::open(&snapshot))
}
