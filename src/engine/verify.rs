//! `--verify`: results that were reused are computed again from the sources alone, and compared with what is stored.
//!
//! What compilers and commands made that are programs of their own is not computed again: their objects and files are taken
//! as they are stored, and counted as such.
//!
//! Two stores side by side: the recorded one is only asked, and the other begins empty, so that nothing recorded can reach
//! what is computed. Nothing is repaired: a wrong result is a defect of the frontend, the linker or Kiln, and whoever meets
//! it is told, and goes no further.

mod section;

use super::recorded::Linked;
use super::standing::{Recorded, unrecorded};
use super::{Engine, Goal, Request};
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::explain::{Mismatch, Query, Verified};
use crate::host::Bytes;
use crate::observe::{Observation, World};
use crate::project::Kind;
use crate::proof::ModuleState;
use crate::query::executable::{self, ObjectSource};
use crate::query::input::{LinkerEnv, Options, Runtime};
use crate::query::native::NativeModules;
use crate::query::services::{Start, options_key};
use crate::query::{EngineDb, Services, Stop, lower, object, parse};
use crate::store::Store;
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// A build that is recorded, and the same made anew.
struct Comparison<'e> {
    recorded: Recorded<'e>,
    db: EngineDb,
    fresh: Arc<Services>,
    options: Options,
    verified: Verified,
}

impl Engine {
    /// Computes again `percent` of what the recorded build of `request` reused or made, drawn by `seed`, and compares.
    ///
    /// # Errors
    /// If no current build of the request is recorded, or the world fails.
    pub fn verify(&self, request: &Request, percent: u8, seed: u64) -> Result<Verified> {
        let cache = self.locate(request);
        let proven = self.prove(request, &cache);
        let Some((bytes, verdict)) = &proven.proof else {
            return Err(unrecorded(&proven));
        };
        if let Some(reason) = verdict.reasons.first() {
            let why = crate::explain::text::reason(reason);
            let message = format!("what is not current cannot be compared: {why}");
            return Err(Error::configuration(
                message,
                Some("build again".to_owned()),
            ));
        }
        let recorded = self.open(request, &proven, bytes, &cache.directory)?;
        let fresh = Arc::new(Services::new(Start {
            world: World::new(self.host.clone()),
            store: Store::nowhere(self.host.clone()),
            frontend: self.frontend.clone(),
            linker: self.linker.clone(),
            progress: self.progress.clone(),
            native: NativeModules::new(&*self.frontend, &recorded.program.native),
            engine: recorded.services.engine,
            previous: crate::proof::Previous::default(),
            previous_output: None,
            previous_declined: None,
            previous_plan: None,
            link_folder: recorded.services.link_folder.clone(),
            state_folder: cache.directory.clone(),
            scratch: Utf8PathBuf::new(),
            rules: recorded.services.rules.clone(),
            reasons: Vec::new(),
            dry_run: false,
            last_build: false,
            began: 0,
        }));
        let db = EngineDb::new(fresh.clone());
        let options = Options::new(&db, recorded.program.options.opt_level);
        let mut comparison = Comparison {
            recorded,
            db,
            fresh: fresh.clone(),
            options,
            verified: Verified::default(),
        };
        let drawn = |subject: &Utf8Path| {
            let hash = Digest::of_parts([&seed.to_le_bytes()[..], subject.as_str().as_bytes()]);
            u64::from(u16::from_le_bytes([hash.0[0], hash.0[1]])) * 100 < u64::from(percent) << 16
        };
        match comparison.compare(request.goal, drawn) {
            Ok(()) => Ok(comparison.verified),
            Err(Stop) => Err(fresh.take_error().unwrap_or_else(|| {
                let cause = std::io::Error::other("what was recorded is lost or damaged");
                Error::world("the cache cannot be verified", cache.directory, cause)
            })),
        }
    }
}

impl Comparison<'_> {
    fn compare(
        &mut self,
        goal: Goal,
        drawn: impl Fn(&Utf8Path) -> bool,
    ) -> std::result::Result<(), Stop> {
        let modules: Vec<Arc<ModuleState>> =
            self.recorded.services.previous.modules().cloned().collect();
        for state in modules.iter().filter(|state| drawn(&state.path)) {
            self.module(state, goal)?;
        }
        self.verified.others =
            self.recorded.units.units().len() + self.recorded.program.actions.len();
        let output = self.recorded.program.output.clone();
        // A static library is no link, but its members one after another.
        let linked = self.recorded.program.kind != Kind::StaticLibrary;
        if goal == Goal::Build && linked && drawn(&output) {
            self.link(&output)?;
        }
        Ok(())
    }

    /// The first of a module's results that is wrong: those after it rest on it.
    fn module(&mut self, state: &ModuleState, goal: Goal) -> std::result::Result<(), Stop> {
        let (path, known) = (&state.path, &self.recorded.services);
        let db = &self.db;
        let file = self.fresh.source(db, path)?;
        let summary = parse::parse(db, file)?;
        let stored = parse::stored(known, path, state.content);
        let same = summary.syntax == state.syntax
            && summary.interface_digest() == state.interface
            && stored.is_none_or(|stored| stored == *summary);
        self.verified.parsed += 1;
        if !same {
            let what = "what it imports and exports, or its syntax";
            self.mismatch(Query::Parse, state, what.to_owned());
            return Ok(());
        }
        let lowered = lower::lower(db, file)?.digest;
        let traced = lower::recorded(known, path, &state.syntax);
        self.verified.lowered += 1;
        if lowered != state.lowered || traced.is_some_and(|traced| traced != lowered) {
            let other = traced
                .filter(|traced| *traced != lowered)
                .unwrap_or(state.lowered);
            let what = format!(
                "its meaning: {} is stored, {} is right",
                other.short(),
                lowered.short()
            );
            self.mismatch(Query::Lower, state, what);
            return Ok(());
        }
        if goal == Goal::Check {
            return Ok(());
        }
        let right = object::object(db, file, self.options)?.ok_or(Stop)?;
        let stored = object::stored(known, &lowered, &options_key(db, self.options));
        self.verified.objects += 1;
        let wrong = [Some(state.object), stored]
            .into_iter()
            .flatten()
            .find(|found| *found != right);
        if let Some(wrong) = wrong {
            let bytes = |services: &Services, digest| services.store.blob(digest);
            let what = match (bytes(known, &wrong), bytes(&self.fresh, &right)) {
                (Some(stored), Some(right)) => section::difference(&stored, &right),
                _ => "its object".to_owned(),
            };
            self.mismatch(Query::Object, state, what);
        }
        Ok(())
    }

    /// The link, of the objects that are recorded.
    fn link(&mut self, output: &Utf8Path) -> std::result::Result<(), Stop> {
        let known = &self.recorded.services;
        let linked = self.recorded.linked();
        let Linked {
            plan,
            seen,
            objects,
            ..
        } = linked.map_err(|error| self.fresh.fail(error))?;
        for digest in objects.iter().filter_map(ObjectSource::digest) {
            let bytes: Bytes = known.store.blob(digest).ok_or(Stop)?;
            self.fresh.store.put_blob(*digest, bytes);
        }
        let db = &self.db;
        let program = executable::Program::new(
            db,
            output.to_owned(),
            self.recorded.program.entry.clone(),
            objects,
            plan.clone(),
            self.recorded.services.previous.libraries.clone(),
        );
        let runtime = match self.recorded.program.entry {
            Some(_) => Digest::of(self.fresh.frontend.runtime().bytes),
            None => Digest([0; 32]),
        };
        let runtime = Runtime::new(db, runtime);
        let env = LinkerEnv::new(db, plan.digest());
        let linked = executable::executable(db, program, self.options, runtime, env)?;
        let right = linked.ok_or(Stop)?.digest;
        self.verified.linked += 1;
        let wrong = self
            .recorded
            .header
            .output
            .as_ref()
            .map(|output| output.digest);
        if let Some(wrong) = wrong.filter(|wrong| *wrong != right) {
            let stored = known
                .world
                .bytes(output)
                .ok()
                .or_else(|| known.store.blob(&wrong));
            let what = match (stored, self.fresh.store.blob(&right)) {
                (Some(stored), Some(right)) => section::difference(&stored, &right),
                _ => "the program".to_owned(),
            };
            let rests_on = seen
                .iter()
                .map(|seen| seen.observation.subject().to_owned());
            self.verified.mismatches.push(Mismatch {
                query: Query::Executable,
                subject: output.to_owned(),
                what,
                rests_on: rests_on.collect(),
            });
        }
        Ok(())
    }

    fn mismatch(&mut self, query: Query, state: &ModuleState, what: String) {
        let mut rests_on = vec![format!("{} {}", state.path, state.content.short())];
        rests_on.extend(state.imports.iter().map(|(_, path)| path.to_string()));
        rests_on.extend(
            state
                .seen
                .iter()
                .filter_map(|seen| match &seen.observation {
                    Observation::Absent { path } => Some(format!("no {path}")),
                    _ => None,
                }),
        );
        self.verified.mismatches.push(Mismatch {
            query,
            subject: state.path.clone(),
            what,
            rests_on,
        });
    }
}
