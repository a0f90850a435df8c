//! What stands between the check of the proof and the first query: the configuration is read, the store is opened, and what
//! the queries share is set up.

use super::cache::{Cache, Locked, unwritable};
use super::demand::Demanded;
use super::prove::Proven;
use super::{Engine, Request};
use crate::digest::Digest;
use crate::error::Result;
use crate::explain::{Notice, Reason};
use crate::observe::{Known, Reader, Seen, World};
use crate::project::{self, Program};
use crate::proof::{self, Previous, Snapshot};
use crate::query::graph::Graph;
use crate::query::input::{Options, SourceFile};
use crate::query::native::NativeModules;
use crate::query::object;
use crate::query::services::Start;
use crate::query::{BuildDb, EngineDb, Services};
use crate::rule::Rules;
use crate::store::Store;
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::{Arc, OnceLock};

/// What is to be built, now that the configuration is read.
pub(super) struct Planned {
    pub world: World,
    pub program: Program,
    /// The rules of compilers and of what the project's actions are given.
    pub rules: Arc<Rules>,
    pub store: Store,
    /// What the last build knew of its modules.
    pub previous: Previous,
    pub engine: Option<(Utf8PathBuf, Known)>,
    /// Configuration files that were read before the modules.
    pub configuration: Vec<Seen>,
    /// Where files for external linkers may lie.
    pub link_folder: Utf8PathBuf,
    /// Where the state of the project lies.
    pub state_folder: Utf8PathBuf,
    pub notices: Vec<Notice>,
}

/// Who asks the queries.
pub(super) struct Asking {
    pub db: EngineDb,
    /// One input for all, since each new one would be another key.
    pub options: Options,
    /// The module that is being compiled already, while the others are looked up.
    pub early: OnceLock<SourceFile>,
}

impl Asking {
    pub fn new(demanded: &Demanded) -> Self {
        let db = EngineDb::new(demanded.services.clone());
        let options = Options::new(&db, demanded.program.options.opt_level);
        Self {
            db,
            options,
            early: OnceLock::new(),
        }
    }

    /// Begins to compile a module while the others are looked up. Whoever demands its object waits for it or finds it.
    pub fn compile_early(&self, file: SourceFile) {
        if self.early.set(file).is_ok() {
            let (db, options) = (self.db.clone(), self.options);
            rayon::spawn(move || {
                // An error is kept, and found where the object is demanded.
                let _ = object::object(&db, file, options);
            });
        }
    }

    /// The module that was compiled early, once it is. Where its object was stored all the same, it is as any other.
    pub fn compiled_early(&self) -> Option<&Utf8PathBuf> {
        let file = self.early.get()?;
        // An error is found again where the object is demanded.
        let _ = object::object(&self.db, *file, self.options);
        let path = file.path(&self.db);
        self.db.services().has_compiled(path).then_some(path)
    }
}

impl Engine {
    /// Reads the configuration and opens the store.
    pub(super) fn plan(
        &self,
        request: &Request,
        cache: &mut Cache,
        proven: &Proven,
    ) -> Result<Planned> {
        let world = World::new(self.host.clone());
        if let Some((_, verdict)) = &proven.proof {
            world.seed(&verdict.known, verdict.taken);
        }
        let reader = Reader::new(&world);
        let project = project::load(&reader)?;
        let mut program = project::resolve(&project, request)?;
        let rules = self.rules(&project, &mut program)?;
        let configuration = reader.finish();
        world.rely(configuration.iter().cloned());
        let mut notices = Vec::new();
        if let Err(error) = self.relocate(request, cache, project.cache.as_deref()) {
            notices.push(unwritable(&cache.directory, &error));
        }
        if request.cache
            && !request.dry_run
            && let Err(error) = self.declare(cache, &program)
        {
            notices.push(unwritable(&cache.directory, &error));
        }
        let store = || match request.cache {
            true => Store::open(self.host.clone(), &cache.directory.join("store")),
            false => Store::nowhere(self.host.clone()),
        };
        Ok(Planned {
            engine: self.program(proven),
            link_folder: link_folder(&cache.directory, &program.output),
            state_folder: cache.directory.clone(),
            world,
            configuration,
            program,
            rules,
            store: store(),
            previous: proven
                .proof
                .as_ref()
                .map_or_else(Previous::default, |(bytes, _)| proof::previous(bytes)),
            notices,
        })
    }

    /// Sets up what the queries share, and what is to come of them.
    pub(super) fn begin(
        &self,
        request: &Request,
        planned: Planned,
        proven: &Proven,
        locked: Locked,
        began: i64,
    ) -> (Demanded, Asking) {
        let reasons = proven.reasons();
        let before = match &proven.proof {
            Some((bytes, _)) if reasons.iter().any(Reason::appeared_for_link) => {
                let seen = proof::observations(bytes).map(|(_, seen)| seen);
                seen.into_iter().flatten().map(|(seen, _)| seen).collect()
            }
            _ => Vec::new(),
        };
        let header = proven.proof.as_ref().map(|(_, verdict)| &verdict.header);
        let previous_output = header.and_then(|header| Some(header.output.as_ref()?.digest));
        let services = Arc::new(Services::new(Start {
            world: planned.world,
            store: planned.store,
            frontend: self.frontend.clone(),
            linker: self.linker.clone(),
            progress: self.progress.clone(),
            native: NativeModules::new(
                &*self.frontend,
                &planned.program.native,
                &planned.program.libraries.libraries,
            ),
            engine: self.identity(planned.engine.as_ref().map(|(_, known)| known.digest)),
            rules: planned.rules,
            reasons: reasons.clone(),
            previous: planned.previous,
            previous_output,
            previous_declined: header.and_then(|header| header.declined.clone()),
            previous_plan: header.and_then(|header| header.plan),
            scratch: self.scratch(request, &planned.link_folder),
            link_folder: planned.link_folder,
            state_folder: planned.state_folder,
            dry_run: request.dry_run,
            last_build: self.last_build,
            began,
        }));
        let demanded = Demanded {
            services,
            program: planned.program,
            engine: planned.engine,
            configuration: planned.configuration,
            left: proven.proof.as_ref().and_then(|(_, verdict)| verdict.left),
            graph: Graph::default(),
            snapshot: Snapshot::default(),
            units: Vec::new(),
            compiled: Vec::new(),
            language_words: Vec::new(),
            acted: Vec::new(),
            action_notices: Vec::new(),
            executable: None,
            before,
            plan: None,
            diagnostics: Vec::new(),
            reasons,
            notices: planned.notices,
            objects_reused: 0,
            units_reused: 0,
            locked,
        };
        let asking = Asking::new(&demanded);
        (demanded, asking)
    }
}

/// A folder for each program: what is laid out for one is not in the way of another.
pub(super) fn link_folder(cache: &Utf8Path, output: &Utf8Path) -> Utf8PathBuf {
    let name: String = output
        .as_str()
        .chars()
        .map(|letter| match letter {
            letter if letter.is_ascii_alphanumeric() || ".-_".contains(letter) => letter,
            _ => '+',
        })
        .collect();
    // Two outputs can have the same letters left.
    let digest = Digest::of(output.as_str().as_bytes());
    let name: String = name.chars().rev().take(100).collect();
    let name: String = name.chars().rev().collect();
    cache
        .join("link")
        .join(format!("{name}-{}", digest.short()))
}
