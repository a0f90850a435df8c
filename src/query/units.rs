//! [`Units`]: what one build knows of files that a compiler of their own compiles, between the queries and across builds.
//!
//! A compilation rests on a few hundred things, nearly all of which it shares with every other: each is kept once, in a
//! table, and a unit holds their places in it. So the last build's units are checked by what has changed, and not one by
//! one: what no longer holds is marked in the table, and a unit is current if none of its places is marked.
//!
//! In the store, a trace of a unit names a list of reads that many share, its base, and has the others itself. The base is
//! what all units that were compiled in one build have in common, unless one that was known before fits.

use super::services::{Services, lock};
use super::text::{digest_of, holds};
use super::trace::{self, Trace};
use super::unit::{Compilation, UnitResult};
use crate::compile::UnitRead;
use crate::digest::Digest;
use crate::observe::{PathMap, Seen};
use crate::rule::{Rules, Significance, Text};
use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};

/// What a build leaves behind for the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitStates {
    table: Vec<UnitRead>,
    /// Lists of reads that are in the store, by their digests.
    bases: Vec<Digest>,
    units: Vec<UnitState>,
}

impl UnitStates {
    /// What a build left, as bytes.
    pub fn decode(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes).unwrap_or_default()
    }

    /// The units in the order in which they were compiled.
    pub fn units(&self) -> &[UnitState] {
        &self.units
    }

    /// What a unit rests on.
    pub fn reads<'s>(&'s self, unit: &'s UnitState) -> impl Iterator<Item = &'s UnitRead> {
        let places = unit.reads.iter();
        places.filter_map(|at| self.table.get(*at as usize))
    }
}

/// What is known of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitState {
    pub key: Digest,
    pub source: Utf8PathBuf,
    /// Places in the table, ascending.
    pub reads: Vec<u32>,
    pub result: UnitResult,
}

/// A read of a unit as it stands in its trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TraceRead {
    /// The reads with this digest.
    Base(Digest),
    Own(UnitRead),
}

/// The reads that many traces share, and the first of them that does not hold.
pub struct Base {
    pub reads: Vec<UnitRead>,
    pub stale: Option<UnitRead>,
}

/// So many bases are kept in mind.
const BASES: usize = 16;

type TextCell = Arc<Mutex<Option<Text>>>;

/// See the module.
pub struct Units {
    table: Mutex<IndexSet<UnitRead, FxBuildHasher>>,
    /// The units of the last build, by key.
    previous: HashMap<Digest, UnitState>,
    /// Their objects, by source.
    objects: PathMap<Option<Digest>>,
    /// What was known of texts.
    known: PathMap<Vec<(Significance, Digest)>>,
    /// How many units read each.
    readers: PathMap<usize>,
    /// For each place in the table of the last build, whether it still holds.
    current: OnceLock<Vec<bool>>,
    /// So many places are the last build's.
    seeded: usize,
    bases: Mutex<HashMap<Digest, Option<Arc<Base>>>>,
    known_bases: Vec<Digest>,
    pub(super) texts: Mutex<HashMap<(String, Utf8PathBuf), TextCell>>,
    rules: Mutex<HashMap<String, Digest>>,
}

impl Units {
    /// What the last build left, as bytes.
    pub fn new(bytes: &[u8]) -> Self {
        let states = UnitStates::decode(bytes);
        let mut known: PathMap<Vec<(Significance, Digest)>> = PathMap::default();
        let mut readers = vec![0; states.table.len()];
        for at in states.units.iter().flat_map(|unit| &unit.reads) {
            if let Some(readers) = readers.get_mut(*at as usize) {
                *readers += 1;
            }
        }
        let mut by_path: PathMap<usize> = PathMap::default();
        for (read, readers) in states.table.iter().zip(readers) {
            if let UnitRead::Text {
                path, by, digest, ..
            } = read
            {
                known
                    .entry(path.as_str().into())
                    .or_default()
                    .push((*by, *digest));
                *by_path.entry(path.as_str().into()).or_default() += readers;
            }
        }
        let object = |unit: &UnitState| (unit.source.as_str().into(), unit.result.object);
        Self {
            seeded: states.table.len(),
            table: Mutex::new(states.table.into_iter().collect()),
            objects: states.units.iter().map(object).collect(),
            previous: states
                .units
                .into_iter()
                .map(|unit| (unit.key, unit))
                .collect(),
            known,
            readers: by_path,
            current: OnceLock::new(),
            bases: Mutex::default(),
            known_bases: states.bases,
            texts: Mutex::default(),
            rules: Mutex::default(),
        }
    }

    /// The digest of a compiler's rule.
    pub fn rule(&self, rules: &Rules, compiler: &str) -> Digest {
        let mut known = lock(&self.rules);
        if let Some(digest) = known.get(compiler) {
            return *digest;
        }
        let digest = rules.compiler_digest(compiler);
        known.insert(compiler.to_owned(), digest);
        digest
    }

    /// What the last build knew of a text.
    pub fn known_texts(&self, path: &Utf8Path) -> &[(Significance, Digest)] {
        self.known.get(path.as_str()).map_or(&[], Vec::as_slice)
    }

    /// How many units of the last build read a text.
    pub fn readers(&self, path: &Utf8Path) -> usize {
        self.readers.get(path.as_str()).copied().unwrap_or(0)
    }

    /// The object of this source in the last build; the outer `None` where it was no unit.
    pub fn object(&self, source: &Utf8Path) -> Option<Option<Digest>> {
        self.objects.get(source.as_str()).copied()
    }

    /// The sources of the last build.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.objects.keys().map(|source| &**source)
    }

    /// Places in the table for reads, ascending.
    pub fn places(&self, reads: impl IntoIterator<Item = UnitRead>) -> Vec<u32> {
        let mut table = lock(&self.table);
        let mut places: Vec<u32> = reads
            .into_iter()
            .map(|read| u32::try_from(table.insert_full(read).0).unwrap_or(u32::MAX))
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The unit of the last build with this key, if all that it rests on is as it was. `stale` are the paths and names that
    /// the proof found to be others.
    pub fn unchanged(&self, services: &Services, key: &Digest) -> Option<&UnitState> {
        let unit = self.previous.get(key)?;
        let current = self.current.get_or_init(|| self.check(services));
        let holds = |at: &u32| current.get(*at as usize).copied().unwrap_or(false);
        unit.reads.iter().all(holds).then_some(unit)
    }

    /// Looks only at what the proof found to be another: the rest it has just shown to hold.
    fn check(&self, services: &Services) -> Vec<bool> {
        let table: Vec<UnitRead> = lock(&self.table)
            .iter()
            .take(self.seeded)
            .cloned()
            .collect();
        let stale = |read: &UnitRead| services.is_stale(read.subject());
        table
            .iter()
            .map(|read| !stale(read) || holds(services, read))
            .collect()
    }

    /// What the unit of the last build with this key rested on, whatever has become of it.
    pub fn previous_reads(&self, key: &Digest) -> Option<Vec<UnitRead>> {
        let unit = self.previous.get(key)?;
        Some(self.reads(unit.reads.iter().copied()))
    }

    /// Reads that many traces share, from the store; checked once in a build.
    pub fn base(&self, services: &Services, digest: &Digest) -> Option<Arc<Base>> {
        if let Some(base) = lock(&self.bases).get(digest) {
            return base.clone();
        }
        let record = services.store.get(&base_key(services, digest));
        let base = record.and_then(|record| {
            let reads: Vec<UnitRead> = postcard::from_bytes(&record).ok()?;
            let stale = reads.iter().find(|read| !holds(services, read)).cloned();
            Some(Arc::new(Base { reads, stale }))
        });
        let mut bases = lock(&self.bases);
        bases.entry(*digest).or_insert(base).clone()
    }

    /// Puts traces of what was compiled into the store. To be called once, when all is done.
    pub fn record(&self, services: &Services, compiled: &[Arc<Compilation>]) {
        let mut groups: HashMap<&str, Vec<&Arc<Compilation>>> = HashMap::new();
        for compilation in compiled.iter().filter(|it| it.ran && it.is_kept()) {
            groups
                .entry(&compilation.compiler)
                .or_default()
                .push(compilation);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(compiler, _)| *compiler);
        for (_, group) in groups {
            let (digest, base) = self.choose_base(services, &group);
            for compilation in group {
                let own = compilation.reads.iter().filter(|at| !base.contains(at));
                let own: Vec<UnitRead> = self.reads(own.copied());
                let mut reads = vec![TraceRead::Base(digest)];
                reads.extend(own.into_iter().map(TraceRead::Own));
                let record = services.store.get(&compilation.key);
                let result = compilation.result.clone();
                let trace = trace::add(record.as_deref(), Trace { reads, result });
                services.store.put(compilation.key, trace);
            }
        }
    }

    /// A base of which each of the group has all reads: one that is known, or what they have in common.
    fn choose_base(
        &self,
        services: &Services,
        group: &[&Arc<Compilation>],
    ) -> (Digest, HashSet<u32>) {
        let mut common: HashSet<u32> = group[0].reads.iter().copied().collect();
        for compilation in &group[1..] {
            common.retain(|at| compilation.reads.binary_search(at).is_ok());
        }
        let mut candidates: Vec<Digest> = self.known_bases.clone();
        candidates.extend(lock(&self.bases).keys().copied());
        for digest in candidates {
            if let Some(base) = self.base(services, &digest) {
                let places: HashSet<u32> = self
                    .places(base.reads.iter().cloned())
                    .into_iter()
                    .collect();
                if places.len() * 2 > common.len() && places.is_subset(&common) {
                    return (digest, places);
                }
            }
        }
        let mut places: Vec<u32> = common.iter().copied().collect();
        places.sort_unstable();
        let reads = self.reads(places.into_iter());
        let digest = digest_of(&reads);
        let record = postcard::to_stdvec(&reads).unwrap_or_default();
        services.store.put(base_key(services, &digest), record);
        lock(&self.bases).insert(digest, Some(Arc::new(Base { reads, stale: None })));
        (digest, common)
    }

    fn reads(&self, places: impl Iterator<Item = u32>) -> Vec<UnitRead> {
        let table = lock(&self.table);
        places
            .filter_map(|at| table.get_index(at as usize).cloned())
            .collect()
    }

    /// Has the build rely on all that these rest on.
    pub fn rely(&self, services: &Services, compiled: &[Arc<Compilation>]) {
        let used: HashSet<u32, FxBuildHasher> = compiled
            .iter()
            .flat_map(|it| it.reads.iter().copied())
            .collect();
        let mut used: Vec<u32> = used.into_iter().collect();
        used.sort_unstable();
        let reads = self.reads(used.into_iter());
        let world = &services.world;
        let mut seen: Vec<Seen> = reads.iter().filter_map(|read| read.seen(world)).collect();
        // Which of two units came first is chance, and what is told of them later is not to be.
        seen.sort_by(|a, b| a.observation.subject().cmp(b.observation.subject()));
        world.rely(seen);
    }

    /// What the next build is to know, as bytes.
    pub fn snapshot(&self, compiled: &[Arc<Compilation>]) -> Vec<u8> {
        if compiled.is_empty() {
            return Vec::new();
        }
        let table = lock(&self.table);
        let mut places = vec![u32::MAX; table.len()];
        let mut states = UnitStates::default();
        for compilation in compiled.iter().filter(|it| it.is_kept()) {
            for at in compilation.reads.iter().map(|at| *at as usize) {
                if places[at] == u32::MAX {
                    places[at] = u32::try_from(states.table.len()).unwrap_or(u32::MAX);
                    states.table.extend(table.get_index(at).cloned());
                }
            }
            let mut reads: Vec<u32> = compilation
                .reads
                .iter()
                .map(|at| places[*at as usize])
                .collect();
            reads.sort_unstable();
            states.units.push(UnitState {
                key: compilation.key,
                source: compilation.source.clone(),
                reads,
                result: compilation.result.clone(),
            });
        }
        let bases = lock(&self.bases);
        // Those that this build has not looked at may still be good for others.
        let fits =
            |base: &Option<Arc<Base>>| base.as_ref().is_some_and(|base| base.stale.is_none());
        let unknown = self
            .known_bases
            .iter()
            .filter(|it| !bases.contains_key(*it));
        let current = bases
            .iter()
            .filter(|(_, base)| fits(base))
            .map(|(digest, _)| digest);
        states.bases = current.chain(unknown).copied().collect();
        states.bases.sort();
        states.bases.truncate(BASES);
        postcard::to_stdvec(&states).unwrap_or_default()
    }
}

fn base_key(services: &Services, digest: &Digest) -> Digest {
    services.key("unit-base", &[&digest.0])
}
