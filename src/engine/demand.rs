//! The second step of a build: what no trace shows to be current is demanded from the queries.

use super::cache::{Cache, Locked};
use super::plan::Asking;
use super::prove::Phases;
use super::{Engine, Failure, Goal, Request, Target};
use crate::compile::Unit;
use crate::digest::Digest;
use crate::error::Error;
use crate::explain::{Notice, Query, Reason};
use crate::frontend::Diagnostic;
use crate::host::Kind;
use crate::link::LinkPlan;
use crate::observe::{Known, Seen};
use crate::project::{Kind as ProductKind, Program};
use crate::proof::{ModuleState, Snapshot};
use crate::query::action::Acted;
use crate::query::executable::{self, Executable, ObjectSource};
use crate::query::graph::{Graph, Prepass};
use crate::query::input::{LinkerEnv, Options, Runtime};
use crate::query::services::options_key;
use crate::query::unit::Compilation;
use crate::query::{BuildDb, EngineDb, Services, Stop, archive, lower, object};
use crate::store::ADOPTED_FROM;
use camino::Utf8PathBuf;
use rayon::prelude::*;
use std::sync::Arc;

/// Everything that was demanded, and what came of it.
pub(super) struct Demanded {
    pub services: Arc<Services>,
    pub program: Program,
    pub engine: Option<(Utf8PathBuf, Known)>,
    /// Configuration files that were read before the modules.
    pub configuration: Vec<Seen>,
    /// What the last build left in the place of the output, if it is still there.
    pub left: Option<Known>,
    pub graph: Graph,
    pub snapshot: Snapshot,
    /// Sources that a compiler of their own compiles, and what came of them.
    pub units: Vec<Unit>,
    pub compiled: Vec<Arc<Compilation>>,
    /// What the languages of these add to the link.
    pub language_words: Vec<String>,
    /// The project's commands, and what is told of them.
    pub acted: Vec<Arc<Acted>>,
    pub action_notices: Vec<Notice>,
    pub executable: Option<Arc<Executable>>,
    /// What the last build rested on; only where something appeared, to say what that stands for.
    pub before: Vec<Seen>,
    /// How it is linked; `None` for a check.
    pub plan: Option<LinkPlan>,
    pub diagnostics: Vec<Diagnostic>,
    pub reasons: Vec<Reason>,
    pub notices: Vec<Notice>,
    pub objects_reused: usize,
    pub units_reused: usize,
    /// Held until the build is recorded.
    pub locked: Locked,
}

impl Engine {
    /// Demands the program, or the diagnostics of all its modules.
    pub(super) fn demand(
        &self,
        request: &Request,
        cache: &Cache,
        mut demanded: Demanded,
        asking: Asking,
        phases: &mut Phases<'_>,
    ) -> std::result::Result<Demanded, Failure> {
        let services = demanded.services.clone();
        // A stored object may turn out to be damaged when it is taken out; then it is demanded anew, which can happen
        // once only, since by then the store knows what it has lost.
        let mut first = Some(asking);
        for _ in 0..2 {
            let asking = first.take().unwrap_or_else(|| Asking::new(&demanded));
            match self.demand_once(request, &mut demanded, &asking, phases) {
                Ok(()) => return Ok(demanded),
                Err(Stop) => match services.take_error() {
                    Some(error) => {
                        self.keep(request, cache, &demanded);
                        return Err(error.into());
                    }
                    None => services.begin_anew(),
                },
            }
        }
        let cause = std::io::Error::other("objects that were just stored cannot be read back");
        Err(Error::world("the store cannot be used", "store", cause).into())
    }

    fn demand_once(
        &self,
        request: &Request,
        demanded: &mut Demanded,
        asking: &Asking,
        phases: &mut Phases<'_>,
    ) -> std::result::Result<(), Stop> {
        let services = demanded.services.clone();
        let Asking { db, options, .. } = asking;
        let options = *options;
        self.demand_actions(db, demanded)?;
        if !demanded.diagnostics.is_empty() {
            return Ok(());
        }
        let entry = demanded.program.entry.clone();
        demanded.graph = match entry.map(|entry| Graph::discover(db, &entry)) {
            None => Graph::default(),
            Some(Ok(graph)) => graph,
            Some(Err(Stop)) => return Err(self.missing_entry(request, demanded)),
        };
        let graph = &demanded.graph;
        phases.end("modules");
        demanded.diagnostics = graph
            .modules
            .iter()
            .flat_map(|module| module.diagnostics.iter().cloned())
            .collect();
        if !demanded.diagnostics.is_empty() {
            return Ok(());
        }
        let resolution = self
            .sources_and_libraries(request, demanded)
            .map_err(|error| services.fail(error))?;
        let plan = match (request.goal, demanded.program.kind) {
            (Goal::Check, _) | (_, ProductKind::StaticLibrary) => None,
            (Goal::Build, _) => {
                let plan = self.link_plan(demanded, &resolution);
                Some(plan.map_err(|error| services.fail(error))?)
            }
        };
        demanded.plan.clone_from(&plan);
        phases.end("libraries");
        let graph = &demanded.graph;
        let wanted = (request.goal == Goal::Build).then(|| options_key(db, options));
        let prepass = graph.prepass(&services, wanted.as_deref());
        phases.end("traces");

        let wants = |known: &Prepass| match request.goal {
            Goal::Build => !matches!(known, Prepass::Current { .. }),
            Goal::Check => matches!(known, Prepass::Unknown),
        };
        if let (Some(plan), Some(left)) = (&plan, demanded.left)
            && (asking.early.get().is_some() || prepass.iter().any(wants))
            && plan.external.is_none()
            && left.stamp.size >= ADOPTED_FROM
            && !request.dry_run
        {
            services.expect_link(left.stamp.size);
        }
        // By now it may be stored, and was demanded all the same.
        let early = asking.compiled_early();
        let demand: Vec<usize> = prepass
            .iter()
            .enumerate()
            .filter(|(at, known)| {
                wants(known) || early.is_some_and(|path| graph.modules[*at].state.path == *path)
            })
            .map(|(at, _)| at)
            .collect();
        demanded.objects_reused = graph.modules.len() - demand.len();
        let makes = request.goal == Goal::Build;
        self.progress.current(demanded.objects_reused);
        self.progress.planned(demand.len() + usize::from(makes));
        let results: Vec<std::result::Result<Vec<Diagnostic>, Stop>> = demand
            .par_iter()
            .map_with(db.clone(), |db, at| {
                let file = db.services().source(db, &graph.modules[*at].state.path)?;
                if request.goal == Goal::Build {
                    object::object(db, file, options)?;
                }
                Ok(lower::lower(db, file)?.diagnostics.clone())
            })
            .collect();
        for diagnostics in results {
            demanded.diagnostics.extend(diagnostics?);
        }
        let graph_modules = demanded.graph.modules.len();
        self.demand_units(db, demanded, makes, request.cache)?;
        phases.end("compile");
        if !demanded.diagnostics.is_empty() {
            return Ok(());
        }
        let graph = &demanded.graph;
        let mut modules = Vec::with_capacity(graph.modules.len());
        let mut sources = Vec::with_capacity(graph_modules + demanded.units.len());
        for (module, known) in graph.modules.iter().zip(&prepass) {
            let path = &module.state.path;
            let (lowered, object, source) = match *known {
                Prepass::Current { lowered, object } => {
                    (lowered, object, ObjectSource::Known(path.clone(), object))
                }
                Prepass::Lowered { .. } | Prepass::Unknown => {
                    let file = services.source(db, path)?;
                    let lowered = lower::lower(db, file)?.digest;
                    let object = if request.goal == Goal::Build {
                        object::object(db, file, options)?
                    } else {
                        None
                    };
                    (
                        lowered,
                        object.unwrap_or(lowered),
                        ObjectSource::Demanded(file),
                    )
                }
            };
            sources.push(source);
            modules.push(
                if (lowered, object) == (module.state.lowered, module.state.object) {
                    module.state.clone()
                } else {
                    Arc::new(ModuleState {
                        lowered,
                        object,
                        ..(*module.state).clone()
                    })
                },
            );
        }
        demanded.snapshot.options = wanted.unwrap_or_default();
        demanded.snapshot.modules = modules;
        sources.extend(demanded.unit_objects());
        if let Some(plan) = &plan {
            sources.extend(self.library_archives(demanded, &resolution)?);
            demanded.executable = self.demand_executable(db, demanded, plan, sources, options)?;
            phases.end("link");
        } else if makes {
            demanded.executable = Some(archive::archive(
                &services,
                &demanded.program.output,
                &demanded.own_compiled(),
            )?);
            phases.end("link");
        }
        Ok(())
    }

    /// The digest of what programs are linked with besides: none where no frontend's language has a part in it.
    pub(super) fn runtime_of(&self, program: &Program, services: &Services) -> Digest {
        match program.entry {
            Some(_) => self.runtime_digest(services),
            None => Digest([0; 32]),
        }
    }

    fn demand_executable(
        &self,
        db: &EngineDb,
        demanded: &mut Demanded,
        plan: &LinkPlan,
        sources: Vec<ObjectSource>,
        options: Options,
    ) -> std::result::Result<Option<Arc<Executable>>, Stop> {
        let program = &demanded.program;
        let runtime = self.runtime_of(program, &demanded.services);
        let runtime = Runtime::new(db, runtime);
        let env = LinkerEnv::new(db, plan.digest());
        let query = executable::Program::new(
            db,
            program.output.clone(),
            program.entry.clone(),
            sources,
            plan.clone(),
            demanded.snapshot.libraries.clone(),
        );
        let linked = executable::executable(db, query, options, runtime, env)?;
        if let Some(executable) = &linked {
            demanded
                .diagnostics
                .extend(executable.diagnostics.iter().cloned());
            demanded
                .services
                .world
                .rely(executable.seen.iter().cloned());
        }
        Ok(linked)
    }

    /// The digest of the archive that programs are linked with. It is kept in the store, since the version of the frontend
    /// stands for its runtime too.
    fn runtime_digest(&self, services: &Services) -> Digest {
        let key = services.key("runtime", &[]);
        let stored = services.store.get(&key);
        let known = stored.and_then(|record| <[u8; 32]>::try_from(&*record).ok());
        known.map_or_else(
            || {
                let digest = Digest::of(self.frontend.runtime().bytes);
                services.store.put(key, digest.0.to_vec());
                digest
            },
            Digest,
        )
    }

    /// A module that cannot be read stops a build; if it is the entry that does not exist, the error says what asked for it.
    fn missing_entry(&self, request: &Request, demanded: &Demanded) -> Stop {
        let Some(entry) = &demanded.program.entry else {
            return Stop;
        };
        let what = match self.host.stat(entry) {
            Ok(None) => "does not exist",
            Ok(Some(stamp)) if stamp.kind != Kind::File => "is no file",
            Ok(Some(_)) | Err(_) => return Stop,
        };
        demanded.services.take_error();
        let (message, remedy) = match request.target {
            Target::File(_) => (
                format!("the entry {entry} {what}"),
                "name an existing source file".to_owned(),
            ),
            _ => (
                format!(
                    "the entry {entry} of executable \"{}\" {what}",
                    demanded.program.name
                ),
                "create it, or correct `entry` in kiln.toml".to_owned(),
            ),
        };
        demanded
            .services
            .fail(Error::configuration(message, Some(remedy)))
    }

    /// Says of each parse that was cut off how many results it spared: the module's own, and its importers'.
    pub(super) fn spared(demanded: &Demanded, ran: &mut [crate::explain::Ran]) {
        let mut parses = ran
            .iter_mut()
            .filter(|ran| ran.query == Query::Parse)
            .peekable();
        if parses.peek().is_none() || demanded.services.previous.is_empty() {
            return;
        }
        let importers = demanded.graph.importers();
        for ran in parses {
            let now = demanded.graph.module(&ran.subject);
            let before = demanded.services.previous.get(ran.subject.as_str());
            if let (Some(now), Some(before)) = (now, before) {
                let importing = importers.get(ran.subject.as_str()).copied().unwrap_or(0);
                let same_interface = now.interface == before.interface;
                ran.spared = usize::from(ran.cut_off) + if same_interface { importing } else { 0 };
            }
        }
    }
}
