//! The bytes of a proof. Written and read in one pass; reading borrows from the file.

use super::entry::{Entry, Input, Recorded, Writer, read_entries, write_entries};
use crate::digest::Digest;
use crate::host::Stamp;
use crate::observe::Seen;
use camino::Utf8PathBuf;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const MAGIC: &[u8; 16] = b"kiln proof 3\n\0\0\0";

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
    /// How it was to be linked; `None` for a check.
    pub plan: Option<Digest>,
}

/// The finished program as it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputState {
    pub path: Utf8PathBuf,
    pub stamp: Stamp,
    pub settled: bool,
    pub digest: Digest,
}

/// What the last build knew of one module: enough to know it again, if neither its file nor anything that was looked at
/// to resolve its imports has changed, without asking the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleState {
    pub path: Utf8PathBuf,
    pub content: Digest,
    pub syntax: Digest,
    /// Of the whole interface.
    pub interface: Digest,
    /// The specifiers it imports and the modules they stand for.
    pub imports: Vec<(String, Utf8PathBuf)>,
    /// The exported items, sorted by name.
    pub items: Vec<(String, Digest)>,
    /// What was looked at to resolve the imports, but for the imported files themselves.
    pub seen: Vec<Seen>,
    /// Its text is made from the configuration: there is no file to be observed.
    pub in_memory: bool,
    pub lowered: Digest,
    pub object: Digest,
}

/// What the last build knew of one native library, to say what is another about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryState {
    pub name: String,
    /// Where the rule or the name is written that the words come from: `kiln.toml:12`.
    pub place: String,
    /// The words of the link.
    pub words: String,
}

impl ModuleState {
    /// The digest of the item that it exports under this name.
    pub fn item(&self, name: &str) -> Option<Digest> {
        let at = self
            .items
            .binary_search_by(|(item, _)| item.as_str().cmp(name));
        at.ok().map(|at| self.items[at].1)
    }
}

/// The modules of the last build, the options they were compiled with, and the libraries they were linked with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub options: Vec<u8>,
    pub libraries: Vec<LibraryState>,
    pub modules: Vec<Arc<ModuleState>>,
    /// What was known of other sources, in the words of whoever compiled them.
    pub units: Vec<u8>,
    /// How many of them there are.
    pub unit_count: usize,
}

/// A proof, taken apart.
pub(super) struct Parts<'p> {
    pub header: ProofHeader,
    pub entries: Vec<Entry<'p>>,
}

/// Encodes a proof.
pub(super) fn encode(header: &ProofHeader, seen: &[Recorded], snapshot: &Snapshot) -> Vec<u8> {
    let digested = |bytes: Vec<u8>| (Digest::of(&bytes), bytes);
    let ((body_digest, body), (snapshot_digest, snapshot)) = rayon::join(
        || digested(encode_body(header, seen)),
        || digested(encode_snapshot(snapshot)),
    );
    let mut out = start(body_digest, &body, snapshot.len());
    out.extend_from_slice(&snapshot_digest.0);
    out.extend_from_slice(&snapshot);
    out
}

/// The proof in `bytes` with another header and other observations. What the last build knew of its modules is copied as it
/// stands, with its checksum.
pub(super) fn encode_anew(bytes: &[u8], header: &ProofHeader, seen: &[Recorded]) -> Vec<u8> {
    let body = encode_body(header, seen);
    let modules = after_body(bytes).unwrap_or_default();
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

/// The part after the observations: a checksum, and what it is the checksum of.
fn after_body(bytes: &[u8]) -> Option<&[u8]> {
    let mut input = Input(bytes);
    input.take(MAGIC.len() + 32)?;
    let length = usize::try_from(input.u64()?).ok()?;
    input.take(length)?;
    Some(input.0)
}

/// The bytes of the part after the observations, if its checksum matches.
pub(super) fn snapshot_bytes(bytes: &[u8]) -> Option<&[u8]> {
    let mut input = Input(after_body(bytes)?);
    let checksum = input.digest()?;
    (Digest::of(input.0) == checksum).then_some(input.0)
}

/// So many modules are encoded as one piece: pieces are decoded side by side.
const PIECE: usize = 128;

/// The options, other sources, the libraries, then the modules in pieces, each with its length before it.
fn encode_snapshot(snapshot: &Snapshot) -> Vec<u8> {
    // Room from the start, since to grow is to copy, and fresh memory is what costs here.
    let room = snapshot.modules.len() * 512 + snapshot.units.len() + 256;
    let mut out = Writer(Vec::with_capacity(room));
    let libraries = postcard::to_stdvec(&snapshot.libraries).unwrap_or_default();
    for part in [&snapshot.options, &snapshot.units, &libraries] {
        out.u64(part.len() as u64);
        out.0.extend_from_slice(part);
    }
    for piece in snapshot.modules.chunks(PIECE) {
        let length = out.0.len();
        out.u64(0);
        let start = out.0.len();
        // Encoding to memory fails for maps of unknown length only, and there are none.
        let Ok(longer) = postcard::to_extend(piece, out.0) else {
            return Vec::new();
        };
        out = Writer(longer);
        let size = (out.0.len() - start) as u64;
        out.0[length..start].copy_from_slice(&size.to_le_bytes());
    }
    out.0
}

/// What the last build knew of its modules; nothing where that part is damaged, which only costs look-ups and
/// explanations.
pub fn decode_snapshot(bytes: &[u8]) -> Snapshot {
    snapshot_bytes(bytes)
        .and_then(|bytes| snapshot(Input(bytes)))
        .unwrap_or_default()
}

fn snapshot(mut input: Input<'_>) -> Option<Snapshot> {
    let mut part = || {
        let length = usize::try_from(input.u64()?).ok()?;
        input.take(length)
    };
    let options = part()?.to_vec();
    let units = part()?.to_vec();
    let libraries = postcard::from_bytes(part()?).ok()?;
    let mut pieces = Vec::new();
    while let Some(piece) = part() {
        pieces.push(piece);
    }
    let decode = |piece: &[u8]| postcard::from_bytes::<Vec<Arc<ModuleState>>>(piece).ok();
    let modules: Option<Vec<_>> = pieces.into_par_iter().map(decode).collect();
    Some(Snapshot {
        options,
        libraries,
        modules: modules?.into_iter().flatten().collect(),
        units,
        unit_count: 0,
    })
}
