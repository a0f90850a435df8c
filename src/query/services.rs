//! [`Services`]: what the queries of one build share.

use super::input::{BuildDb, Options, Place, ResolvedLibrary, SourceFile};
use super::native::NativeModules;
use super::resolve::Resolved;
use super::units::Units;
use crate::digest::Digest;
use crate::engine::Progress;
use crate::error::Error;
use crate::explain::{Cause, Query, Ran, Reason};
use crate::frontend::{Frontend, Payload};
use crate::host::{Aside, Buffer};
use crate::link::Linker;
use crate::observe::{PathMap, Role, World};
use crate::proof::Previous;
use crate::rule::Rules;
use crate::store::Store;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// A query met an error of the world, which is in [`Services::take_error`]; its result is never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stop;

/// The frontend, the linker, the store, the world, and what is learned while queries run.
pub struct Services {
    pub world: World,
    pub store: Store,
    pub frontend: Arc<dyn Frontend>,
    pub linker: Arc<dyn Linker>,
    pub progress: Arc<dyn Progress>,
    /// The modules that are no files.
    pub native: NativeModules,
    /// Part of every key: the running program, the frontend's and the linker's version.
    pub engine: Digest,
    /// What the last build knew of each module.
    pub previous: Previous,
    /// Whether the last build's snapshot may stand for look-ups: it is of this engine, and nothing in the store is lost.
    trust_snapshot: AtomicBool,
    /// The program that the last build gave.
    pub previous_output: Option<Digest>,
    /// Why the last build's link was not recorded.
    pub previous_declined: Option<String>,
    /// Where files for external linkers may lie.
    pub link_folder: Utf8PathBuf,
    /// Where the state of the project lies.
    pub state_folder: Utf8PathBuf,
    /// Where objects lie for a moment that a compiler of their own writes.
    pub scratch: Utf8PathBuf,
    /// The rules of compilers, and of what actions are given.
    pub rules: Arc<Rules>,
    /// Files that these compile.
    pub units: Units,
    /// Files that the proof found changed.
    pub changed: HashSet<Utf8PathBuf>,
    /// Paths and names of all that the proof found to be another.
    stale: Mutex<HashSet<String>>,
    /// Why the last build is stale.
    pub reasons: Vec<Reason>,
    /// How the last build was to be linked.
    pub previous_plan: Option<Digest>,
    /// The first importer of each module that was no part of the last build.
    importers: Mutex<PathMap<Utf8PathBuf>>,
    /// Nothing is emitted, linked or written.
    pub dry_run: bool,
    /// The process ends after this build.
    pub last_build: bool,
    /// When the build began, in nanoseconds since 1970.
    began: i64,
    /// Memory for the program that is about to be linked.
    room: Mutex<Option<Buffer>>,
    /// Nobody wants such memory any more.
    linking: AtomicBool,
    /// The program, written already while it was digested.
    written: Mutex<Option<(Digest, Aside)>>,
    pub(super) resolutions: Mutex<HashMap<(Utf8PathBuf, String), Arc<Resolved>>>,
    sources: Mutex<PathMap<SourceFile>>,
    places: Mutex<PathMap<Place>>,
    libraries: Mutex<PathMap<ResolvedLibrary>>,
    /// Syntax trees and lowered modules by digest, until they are used.
    payloads: Mutex<HashMap<Digest, Payload>>,
    ran: Mutex<Vec<Ran>>,
    error: Mutex<Option<Error>>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What a build starts from.
pub struct Start {
    pub world: World,
    pub store: Store,
    pub frontend: Arc<dyn Frontend>,
    pub linker: Arc<dyn Linker>,
    pub progress: Arc<dyn Progress>,
    pub native: NativeModules,
    pub engine: Digest,
    pub previous: Previous,
    pub previous_output: Option<Digest>,
    pub previous_declined: Option<String>,
    pub link_folder: Utf8PathBuf,
    pub state_folder: Utf8PathBuf,
    pub scratch: Utf8PathBuf,
    pub rules: Arc<Rules>,
    pub reasons: Vec<Reason>,
    pub previous_plan: Option<Digest>,
    pub dry_run: bool,
    pub last_build: bool,
    pub began: i64,
}

impl Services {
    pub fn new(start: Start) -> Self {
        Self {
            world: start.world,
            store: start.store,
            frontend: start.frontend,
            linker: start.linker,
            progress: start.progress,
            native: start.native,
            engine: start.engine,
            trust_snapshot: AtomicBool::new(!start.reasons.iter().any(is_other_engine)),
            scratch: start.scratch,
            rules: start.rules,
            units: Units::new(&start.previous.units),
            stale: Mutex::new(
                start
                    .reasons
                    .iter()
                    .filter_map(Reason::looked_at)
                    .map(str::to_owned)
                    .collect(),
            ),
            previous: start.previous,
            previous_output: start.previous_output,
            previous_declined: start.previous_declined,
            link_folder: start.link_folder,
            state_folder: start.state_folder,
            changed: start.reasons.iter().filter_map(changed_source).collect(),
            reasons: start.reasons,
            previous_plan: start.previous_plan,
            importers: Mutex::default(),
            dry_run: start.dry_run,
            last_build: start.last_build,
            began: start.began,
            room: Mutex::default(),
            linking: AtomicBool::new(false),
            written: Mutex::default(),
            resolutions: Mutex::default(),
            sources: Mutex::default(),
            places: Mutex::default(),
            libraries: Mutex::default(),
            payloads: Mutex::default(),
            ran: Mutex::default(),
            error: Mutex::default(),
        }
    }

    /// The input for a module's file, made on first demand.
    pub fn source(&self, db: &dyn BuildDb, path: &Utf8Path) -> Result<SourceFile, Stop> {
        if let Some(file) = lock(&self.sources).get(path.as_str()) {
            return Ok(*file);
        }
        let content = self
            .content(path)
            .map_err(|error| self.fail(Error::world("a module cannot be read", path, error)))?;
        let mut sources = lock(&self.sources);
        Ok(*sources
            .entry(path.as_str().into())
            .or_insert_with(|| SourceFile::new(db, path.to_owned(), content)))
    }

    /// The input for a path that is looked at without being read.
    pub fn place(&self, db: &dyn BuildDb, path: &Utf8Path) -> Place {
        if let Some(place) = lock(&self.places).get(path.as_str()) {
            return *place;
        }
        let kind = self
            .world
            .stamp(path)
            .ok()
            .flatten()
            .map(|stamp| stamp.kind);
        let mut places = lock(&self.places);
        *places
            .entry(path.as_str().into())
            .or_insert_with(|| Place::new(db, path.to_owned(), kind))
    }

    /// The input for a file that a link read.
    pub fn library(&self, db: &dyn BuildDb, path: &Utf8Path) -> ResolvedLibrary {
        if let Some(library) = lock(&self.libraries).get(path.as_str()) {
            return *library;
        }
        let content = self
            .world
            .digested(path)
            .ok()
            .and_then(|state| state.digest());
        let mut libraries = lock(&self.libraries);
        *libraries
            .entry(path.as_str().into())
            .or_insert_with(|| ResolvedLibrary::new(db, path.to_owned(), content))
    }

    /// Files that this build has made anew: whoever rests on them has to look again.
    pub fn remade<'p>(&self, paths: impl IntoIterator<Item = &'p Utf8PathBuf>) {
        lock(&self.stale).extend(paths.into_iter().map(ToString::to_string));
    }

    /// Whether the proof found this path or name to be another, or this build has made it anew.
    pub fn is_stale(&self, subject: &str) -> bool {
        lock(&self.stale).contains(subject)
    }

    /// Makes ready for a link that is sure to come, of a program of about this size, on a thread that has nothing to do:
    /// while one module is compiled, a second core would wait.
    pub fn expect_link(self: &Arc<Self>, size: u64) {
        // A little more, since programs grow.
        let size = usize::try_from(size + size / 16).unwrap_or(0);
        let services = self.clone();
        rayon::spawn(move || {
            // Whoever links waits for it here, rather than have the system clear as much once more.
            let mut room = lock(&services.room);
            if !services.linking.load(Ordering::Relaxed) {
                *room = Buffer::ready(size);
                drop(room);
                services.store.bring_in();
            }
        });
    }

    /// What was made ready.
    pub(super) fn room(&self) -> Option<Buffer> {
        self.linking.store(true, Ordering::Relaxed);
        lock(&self.room).take()
    }

    /// Keeps a program that is written aside.
    pub(super) fn keep_written(&self, digest: Digest, aside: Aside) {
        *lock(&self.written) = Some((digest, aside));
    }

    /// The program with this digest, if it is written aside. Any other is removed.
    pub fn take_written(&self, digest: Option<Digest>) -> Option<Aside> {
        let (written, aside) = lock(&self.written).take()?;
        (Some(written) == digest).then_some(aside)
    }

    /// Keeps a syntax tree or lowered module until somebody takes it.
    pub(super) fn keep(&self, digest: Digest, payload: Payload) {
        lock(&self.payloads).insert(digest, payload);
    }

    /// Takes a kept payload: each is used once, so none outlives its use.
    pub(super) fn take(&self, digest: &Digest) -> Option<Payload> {
        lock(&self.payloads).remove(digest)
    }

    /// Stops the build; the first error is the one reported.
    pub fn fail(&self, error: Error) -> Stop {
        lock(&self.error).get_or_insert(error);
        Stop
    }

    pub fn take_error(&self) -> Option<Error> {
        lock(&self.error).take()
    }

    pub(super) fn trust_snapshot(&self) -> bool {
        self.trust_snapshot.load(Ordering::Relaxed)
    }

    /// Begins anew with another database, since something in the store is lost. What was seen of the world stays.
    pub fn begin_anew(&self) {
        self.trust_snapshot.store(false, Ordering::Relaxed);
        lock(&self.sources).clear();
        lock(&self.places).clear();
        lock(&self.libraries).clear();
        // The link that found the loss will run again.
        lock(&self.ran).retain(|ran| ran.query != Query::Executable);
    }

    /// A key of the store: what kind of record, then all that it depends on besides its recorded reads.
    pub fn key(&self, kind: &str, parts: &[&[u8]]) -> Digest {
        Digest::of_parts(
            [kind.as_bytes(), &self.engine.0]
                .into_iter()
                .chain(parts.iter().copied()),
        )
    }

    /// Runs `work` as the query of `subject`, and logs it with what it says of its causes and of its effect.
    pub(super) fn run<T>(
        &self,
        query: Query,
        subject: &Utf8Path,
        work: impl FnOnce() -> (T, Vec<Cause>, bool),
    ) -> T {
        self.progress.running(query, subject);
        let start = self.world.host().now();
        let (result, causes, cut_off) = work();
        let since =
            |from: i64, to: i64| Duration::from_nanos(u64::try_from(to - from).unwrap_or(0));
        let end = self.world.host().now();
        lock(&self.ran).push(Ran {
            query,
            subject: subject.to_owned(),
            causes,
            cut_off,
            spared: 0,
            started: since(self.began, start),
            duration: since(start, end),
            thread: rayon::current_thread_index().map_or(0, |thread| thread + 1),
        });
        self.progress.finished(query, cut_off);
        result
    }

    /// The object that a module or another source had in the last build.
    pub(super) fn previous_object(&self, path: &Utf8Path) -> Option<Digest> {
        let module = self.previous.get(path.as_str());
        let unit = || self.units.object(path).flatten();
        module.map(|module| module.object).or_else(unit)
    }

    /// What ran, in the order of the queries, by module within each.
    pub fn take_ran(&self) -> Vec<Ran> {
        let mut ran = std::mem::take(&mut *lock(&self.ran));
        ran.sort_by(|a, b| (a.query, &a.subject).cmp(&(b.query, &b.subject)));
        ran
    }

    /// Whether a module was lowered or emitted in this build.
    pub fn has_compiled(&self, path: &Utf8Path) -> bool {
        let compiled =
            |ran: &Ran| matches!(ran.query, Query::Lower | Query::Object) && ran.subject == path;
        lock(&self.ran).iter().any(compiled)
    }

    /// Why a module was lowered in this build, if it was.
    pub(super) fn lowering_causes(&self, path: &Utf8Path) -> Option<Vec<Cause>> {
        let ran = lock(&self.ran);
        let lowering = |ran: &&Ran| ran.query == Query::Lower && ran.subject == path;
        ran.iter().find(lowering).map(|ran| ran.causes.clone())
    }

    /// `importer` imports a module that was no part of the last build.
    pub(super) fn imported(&self, module: &Utf8Path, importer: &Utf8Path) {
        if !self.previous.is_empty() && !self.previous.contains(module.as_str()) {
            lock(&self.importers)
                .entry(module.as_str().into())
                .or_insert_with(|| importer.to_owned());
        }
    }

    /// Why the syntax of a module is not what the store knows.
    pub(super) fn text_cause(&self, path: &Utf8Path) -> Cause {
        if self.account_lost() {
            return self.lost("what the last build knew of its modules");
        }
        let Some(before) = self.previous.get(path.as_str()) else {
            return match lock(&self.importers).get(path.as_str()) {
                Some(by) => Cause::Imported { by: by.clone() },
                None => Cause::New,
            };
        };
        let changed = match self.native.content(path) {
            Some(content) => content != before.content,
            // Or an action of this build has made it anew.
            None => self.changed.contains(path) || self.is_stale(path.as_str()),
        };
        if changed {
            return Cause::Text {
                path: path.to_owned(),
            };
        }
        self.lost(&format!("the record of {path}"))
    }

    /// There is a sound proof of the last build, but not what that knew of its modules.
    pub(super) fn account_lost(&self) -> bool {
        self.previous.is_empty()
            && self.previous.units.is_empty()
            && !self.reasons.iter().any(Reason::is_whole)
    }

    /// The running `kiln` is another than the last one.
    pub(super) fn other_engine(&self) -> bool {
        self.reasons.iter().any(is_other_engine)
    }

    /// Why something has to be made anew that the last build knew, and nothing that it rests on has changed.
    pub(super) fn lost(&self, what: &str) -> Cause {
        if self.other_engine() {
            return Cause::Engine;
        }
        Cause::BlobLost {
            what: what.to_owned(),
        }
    }
}

fn is_other_engine(reason: &Reason) -> bool {
    matches!(reason, Reason::EngineChanged { .. })
}

fn changed_source(reason: &Reason) -> Option<Utf8PathBuf> {
    match reason {
        Reason::Changed {
            role: Role::Source,
            path,
            ..
        } => Some(path.clone()),
        _ => None,
    }
}

/// The options as bytes for keys: each is named, so that adding one changes no other.
pub fn options_key(db: &dyn BuildDb, options: Options) -> Vec<u8> {
    format!("opt-level={:?}", options.opt_level(db)).into_bytes()
}
