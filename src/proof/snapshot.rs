//! The part of a proof that says what the last build knew of each module, of other sources and of native libraries.
//!
//! It is looked at only when something is stale, and then mostly for the few modules whose text has changed. So what is
//! asked of nearly every module, and what an edit changes, lies in a row of fixed size, and the rest is decoded one module
//! at a time.
//!
//! ```text
//! checksum of all that follows (32) | options | other sources | libraries: postcard, each with its length (8) before it
//!          | number of modules (8) | rows … | records …
//! row      where the module's record ends, counted from the first record (4) | how many modules import it (4)
//!          | content | syntax | interface | lowered | object (32 each)
//! record   path, imports, items, what was seen to resolve the imports, and whether there is no file: postcard
//! ```

use super::entry::{Input, Writer};
use crate::digest::Digest;
use crate::host::Bytes;
use crate::observe::Seen;
use camino::{Utf8Path, Utf8PathBuf};
use hashbrown::HashTable;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{Arc, OnceLock};

/// What the last build knew of one module: enough to know it again, if neither its file nor anything that was looked at
/// to resolve its imports has changed, without asking the store.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// The modules of a build, the options they were compiled with, and the libraries they were linked with.
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

const COUNTS: usize = 4 + 4;
const ROW: usize = COUNTS + 5 * 32;

type Record<Path, Imports, Items, Looks> = (Path, Imports, Items, Looks, bool);

/// Encodes a snapshot, with its checksum before it.
pub(super) fn encode(snapshot: &Snapshot) -> Vec<u8> {
    let modules = &snapshot.modules;
    let mut importers: HashMap<&str, u32, FxBuildHasher> = HashMap::default();
    for (_, target) in modules.iter().flat_map(|module| &module.imports) {
        *importers.entry(target.as_str()).or_insert(0) += 1;
    }
    // Room from the start, since to grow is to copy, and fresh memory is what costs here.
    let room = modules.len() * 512 + snapshot.units.len() + 256;
    let mut out = Writer(Vec::with_capacity(room));
    out.0.extend_from_slice(&[0; 32]);
    let libraries = postcard::to_stdvec(&snapshot.libraries).unwrap_or_default();
    for part in [&snapshot.options, &snapshot.units, &libraries] {
        out.u64(part.len() as u64);
        out.0.extend_from_slice(part);
    }
    out.u64(modules.len() as u64);
    let rows = out.0.len();
    let records = rows + modules.len() * ROW;
    out.0.resize(records, 0);
    for (index, module) in modules.iter().enumerate() {
        let record: Record<_, _, _, _> = (
            &module.path,
            &module.imports,
            &module.items,
            &module.seen,
            module.in_memory,
        );
        // Encoding to memory fails for maps of unknown length only, and there are none.
        let Ok(longer) = postcard::to_extend(&record, out.0) else {
            return Vec::new();
        };
        out = Writer(longer);
        // A snapshot of 4 GiB would belong to a program of a hundred million modules; its end is then not found again.
        let end = u32::try_from(out.0.len() - records).unwrap_or(u32::MAX);
        let imported = importers.get(module.path.as_str()).copied().unwrap_or(0);
        let row = &mut out.0[rows + index * ROW..][..ROW];
        row[..4].copy_from_slice(&end.to_le_bytes());
        row[4..COUNTS].copy_from_slice(&imported.to_le_bytes());
        let digests = [
            module.content,
            module.syntax,
            module.interface,
            module.lowered,
            module.object,
        ];
        for (place, digest) in row[COUNTS..].chunks_exact_mut(32).zip(digests) {
            place.copy_from_slice(&digest.0);
        }
    }
    seal(&mut out.0);
    out.0
}

/// So many parts stand before the modules, each with its length before it.
const PARTS: usize = 3;

fn part<'p>(input: &mut Input<'p>) -> Option<&'p [u8]> {
    let length = usize::try_from(input.u64()?).ok()?;
    input.take(length)
}

/// Writes the checksum of a snapshot.
fn seal(snapshot: &mut [u8]) {
    let checksum = Digest::of(&snapshot[32..]);
    snapshot[..32].copy_from_slice(&checksum.0);
}

/// Notes in a snapshot, which must be sound, that modules have other texts now and are the same in all else.
pub(super) fn note_contents(snapshot: &mut [u8], contents: &[(usize, Digest)]) -> Option<()> {
    let start = {
        let mut input = Input(snapshot.get(32..)?);
        for _ in 0..PARTS {
            part(&mut input)?;
        }
        input.u64()?;
        snapshot.len() - input.0.len()
    };
    for (module, content) in contents {
        let at = start + module * ROW + COUNTS;
        snapshot.get_mut(at..at + 32)?.copy_from_slice(&content.0);
    }
    seal(snapshot);
    Some(())
}

/// The modules of the last build. Each is decoded when it is first asked for.
pub struct Previous {
    pub options: Vec<u8>,
    pub libraries: Vec<LibraryState>,
    /// What was known of other sources.
    pub units: Vec<u8>,
    /// From the first row on.
    bytes: Bytes,
    /// Where the records begin in them.
    records: usize,
    /// The modules by path. The paths themselves stay in the file.
    index: HashTable<u32>,
    modules: Vec<OnceLock<Option<Arc<ModuleState>>>>,
}

impl Default for Previous {
    fn default() -> Self {
        Self {
            options: Vec::new(),
            libraries: Vec::new(),
            units: Vec::new(),
            bytes: Bytes::built_in(&[]),
            records: 0,
            index: HashTable::new(),
            modules: Vec::new(),
        }
    }
}

impl Previous {
    /// Opens a snapshot; nothing where it is damaged, which only costs look-ups and explanations.
    pub(super) fn open(snapshot: &Bytes) -> Self {
        Self::sound(snapshot).unwrap_or_default()
    }

    fn sound(snapshot: &Bytes) -> Option<Self> {
        let mut input = Input(snapshot);
        if input.digest()? != Digest::of(input.0) {
            return None;
        }
        let options = part(&mut input)?.to_vec();
        let units = part(&mut input)?.to_vec();
        let libraries = postcard::from_bytes(part(&mut input)?).ok()?;
        let count = usize::try_from(input.u64()?).ok()?;
        let start = snapshot.len() - input.0.len();
        if count > input.0.len() / ROW {
            return None;
        }
        let mut previous = Self {
            options,
            libraries,
            units,
            bytes: snapshot.slice(start..snapshot.len())?,
            records: count * ROW,
            index: HashTable::new(),
            modules: Vec::with_capacity(count),
        };
        previous.modules.resize_with(count, OnceLock::new);
        let mut index = HashTable::with_capacity(count);
        for module in 0..count {
            let hash = hash(previous.path(module)?);
            // There is room for all, so none is ever hashed again.
            index.insert_unique(hash, u32::try_from(module).ok()?, |_| hash);
        }
        previous.index = index;
        Some(previous)
    }

    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// How many modules there are.
    pub fn len(&self) -> usize {
        self.modules.len()
    }

    fn row(&self, module: usize) -> Option<&[u8]> {
        self.bytes.get(module * ROW..(module + 1) * ROW)
    }

    /// The bytes of a module's record.
    fn record(&self, module: usize) -> Option<&[u8]> {
        let end = |module: usize| Input(self.row(module)?).u32();
        let start = match module {
            0 => 0,
            _ => end(module - 1)? as usize,
        };
        let records = self.bytes.get(self.records..)?;
        records.get(start..end(module)? as usize)
    }

    fn path(&self, module: usize) -> Option<&str> {
        let (path, _) = postcard::take_from_bytes(self.record(module)?).ok()?;
        Some(path)
    }

    /// The place of a module in the order of the snapshot.
    pub fn position(&self, path: &str) -> Option<usize> {
        let same = |module: &u32| self.path(*module as usize) == Some(path);
        let found = self.index.find(hash(path), same)?;
        Some(*found as usize)
    }

    /// What was known of a module.
    pub fn get(&self, path: &str) -> Option<&Arc<ModuleState>> {
        self.module(self.position(path)?)
    }

    /// Whether there was a module at this path.
    pub fn contains(&self, path: &str) -> bool {
        self.position(path).is_some()
    }

    /// All paths.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        (0..self.len()).filter_map(|module| Some(self.path(module)?.into()))
    }

    /// All modules, in the order of the program.
    pub fn modules(&self) -> impl Iterator<Item = &Arc<ModuleState>> {
        (0..self.len()).filter_map(|module| self.module(module))
    }

    /// How many modules imported the one at this path.
    pub fn importers(&self, path: &str) -> usize {
        let row = self.position(path).and_then(|module| self.row(module));
        let imported = row.and_then(|row| Input(&row[4..]).u32());
        imported.map_or(0, |imported| imported as usize)
    }

    /// Decodes all modules, side by side, for those who are about to ask for most of them.
    pub fn load(&self) {
        const PIECE: usize = 128;
        let all = (0..self.len()).into_par_iter().with_min_len(PIECE);
        all.for_each(|module| {
            self.module(module);
        });
    }

    fn module(&self, module: usize) -> Option<&Arc<ModuleState>> {
        self.modules
            .get(module)?
            .get_or_init(|| self.decode(module).map(Arc::new))
            .as_ref()
    }

    fn decode(&self, module: usize) -> Option<ModuleState> {
        let record: Record<_, _, _, _> = postcard::from_bytes(self.record(module)?).ok()?;
        let (path, imports, items, seen, in_memory) = record;
        let mut digests = Input(self.row(module)?.get(COUNTS..)?);
        Some(ModuleState {
            path,
            content: digests.digest()?,
            syntax: digests.digest()?,
            interface: digests.digest()?,
            imports,
            items,
            seen,
            in_memory,
            lowered: digests.digest()?,
            object: digests.digest()?,
        })
    }
}

fn hash(path: &str) -> u64 {
    FxBuildHasher.hash_one(path)
}
