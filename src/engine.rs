//! [`Engine`]: builds what is asked for, or proves that it is built.
//!
//! [`Engine::build`] is the whole path of a build; each step is a module of its own. The engine reads the world only
//! through its host, prints nothing, and never exits.

mod actions;
mod cache;
mod cutoff;
mod declare;
mod demand;
mod dependencies;
mod finish;
mod health;
mod libraries;
mod native;
mod plan;
mod prove;
mod recorded;
mod remember;
mod standing;
mod verify;

pub use health::Health;

use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::explain::{Outcome, Query};
use crate::frontend::{Diagnostic, Frontend, NoLanguage};
use crate::host::Host;
use crate::link::Linker;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is to be built, as it was asked for: before any configuration is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub target: Target,
    /// Where the program goes, relative to the project or absolute; by default where `kiln.toml` says.
    pub output: Option<Utf8PathBuf>,
    pub release: bool,
    /// Values of named options of the project, in place of those that it gives.
    pub options: BTreeMap<String, String>,
    pub goal: Goal,
    /// Whether recorded results are used and stored.
    pub cache: bool,
    /// Only say what would run; change nothing.
    pub dry_run: bool,
    /// Where the commands of compilers are written to, in the form that editors read.
    pub compile_commands: Option<Utf8PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The only executable of `kiln.toml`.
    Default,
    /// The executable of this name.
    Executable(String),
    /// The program whose entry module this is, relative to the project.
    File(Utf8PathBuf),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A linked program.
    Build,
    /// Diagnostics only: nothing is emitted or linked.
    Check,
}

impl Request {
    pub fn executable(name: impl Into<String>) -> Self {
        Self::new(Target::Executable(name.into()))
    }

    pub fn new(target: Target) -> Self {
        Self {
            target,
            output: None,
            release: false,
            options: BTreeMap::new(),
            goal: Goal::Build,
            cache: true,
            dry_run: false,
            compile_commands: None,
        }
    }
}

/// Why a build did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// The program is wrong.
    Program {
        diagnostics: Vec<Diagnostic>,
        outcome: Box<Outcome>,
    },
    /// The configuration is wrong or the world failed.
    Error(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Told how a build goes on, from any thread. All methods may do nothing.
pub trait Progress: Send + Sync {
    /// So many more steps are known to be ahead. First said, with none, when something turns out to be stale.
    fn planned(&self, _steps: usize) {}
    /// A query begins; `subject` is its module or program.
    fn running(&self, _query: Query, _subject: &Utf8Path) {}
    /// So many results were found current.
    fn current(&self, _results: usize) {}
    /// A query is done; `cut_off`: nothing that rests on it has to run on its account.
    fn finished(&self, _query: Query, _cut_off: bool) {}
    /// Another process holds the store; `holder` is what it says of itself.
    fn waiting(&self, _holder: &str) {}
}

/// Says nothing.
pub struct Silent;
impl Progress for Silent {}

/// Builds programs of one project. See [`Engine::build`].
pub struct Engine {
    host: Arc<dyn Host>,
    frontend: Arc<dyn Frontend>,
    linker: Arc<dyn Linker>,
    progress: Arc<dyn Progress>,
    /// Where the state lies, relative to the project or absolute; `None` leaves it to `kiln.toml`.
    cache: Option<Utf8PathBuf>,
    /// The store is trimmed when it has grown beyond so many bytes.
    cache_limit: u64,
    /// See [`EngineBuilder::last_build`].
    last_build: bool,
}

/// What an engine is made of. A linker is needed; without a frontend only sources with compilers of their own are compiled.
pub struct EngineBuilder {
    host: Arc<dyn Host>,
    frontend: Option<Arc<dyn Frontend>>,
    linker: Option<Arc<dyn Linker>>,
    progress: Arc<dyn Progress>,
    cache: Option<Utf8PathBuf>,
    cache_limit: u64,
    last_build: bool,
}

impl EngineBuilder {
    #[must_use]
    pub fn frontend(self, frontend: impl Frontend) -> Self {
        Self {
            frontend: Some(Arc::new(frontend)),
            ..self
        }
    }

    #[must_use]
    pub fn linker(self, linker: impl Linker + 'static) -> Self {
        Self {
            linker: Some(Arc::new(linker)),
            ..self
        }
    }

    #[must_use]
    pub fn progress(self, progress: Arc<dyn Progress>) -> Self {
        Self { progress, ..self }
    }

    /// Where the state lies, whatever `kiln.toml` says.
    #[must_use]
    pub fn cache(self, directory: impl Into<Utf8PathBuf>) -> Self {
        Self {
            cache: Some(directory.into()),
            ..self
        }
    }

    /// The size in bytes beyond which the store keeps only what the last build used; 1 GiB by default.
    #[must_use]
    pub fn cache_limit(self, bytes: u64) -> Self {
        Self {
            cache_limit: bytes,
            ..self
        }
    }

    /// The process ends after one build: what the build leaves in memory is not freed, since the system does that at once.
    #[must_use]
    pub fn last_build(self) -> Self {
        Self {
            last_build: true,
            ..self
        }
    }

    /// # Errors
    /// If the linker is missing.
    pub fn build(self) -> Result<Engine> {
        let missing = |what: &str| Error::configuration(format!("an engine needs a {what}"), None);
        Ok(Engine {
            host: self.host,
            frontend: self.frontend.unwrap_or_else(|| Arc::new(NoLanguage)),
            linker: self.linker.ok_or_else(|| missing("linker"))?,
            progress: self.progress,
            cache: self.cache,
            cache_limit: self.cache_limit,
            last_build: self.last_build,
        })
    }
}

impl Engine {
    /// An engine for the project that `host` is bound to.
    pub fn builder(host: Arc<dyn Host>) -> EngineBuilder {
        EngineBuilder {
            host,
            frontend: None,
            linker: None,
            progress: Arc::new(Silent),
            cache: None,
            cache_limit: 1 << 30,
            last_build: false,
        }
    }

    /// Builds what is asked for, or proves that it is built already.
    ///
    /// 1. The proof of the last build is checked against the world: with stats only, before anything is parsed.
    /// 2. If something is stale: under the lock of the cache, `kiln.toml` is read. Where nothing but texts has changed, and
    ///    they mean what they meant, the build ends here. Else the modules are found, and what no trace shows to be
    ///    current is demanded from the queries.
    /// 3. The program is put in place, results go to the store, and last of all the proof is recorded.
    ///
    /// # Errors
    /// [`Failure::Program`] if the program is wrong, [`Failure::Error`] if the configuration is or the world failed.
    pub fn build(&self, request: &Request) -> std::result::Result<Outcome, Failure> {
        let mut phases = prove::Phases::begin(&*self.host);
        let mut cache = self.locate(request);
        let mut proven = self.prove(request, &cache);
        phases.end("proof");
        // What is written about a build is no part of it.
        let only_build = request.compile_commands.is_none();
        if proven.current() && only_build {
            return Ok(self.current(request, &cache, proven, phases));
        }
        // Whoever listens may make ready, before the first thread of the pool starts.
        self.progress.planned(0);
        let locked = self.lock(request, &cache);
        if locked.waited || self.recorded_meanwhile(&cache, &proven) {
            // Whoever held the lock has built, perhaps just this.
            proven = self.prove(request, &cache);
            if proven.current() && only_build {
                return Ok(self.current(request, &cache, proven, phases));
            }
        }
        let planned = self.plan(request, &mut cache, &proven)?;
        phases.end("configuration");
        let (demanded, asking) = self.begin(request, planned, &proven, locked, phases.began);
        if let Some(retold) = self.retold(request, &demanded, &asking, &proven) {
            phases.end("modules");
            return self.finish_retold(request, &cache, demanded, &proven, retold, phases);
        }
        let demanded = self.demand(request, demanded, asking, &mut phases)?;
        self.finish(request, &cache, demanded, phases)
    }

    /// What every key of the store begins with: the running program, the frontend and the linker.
    fn identity(&self, program: Option<Digest>) -> Digest {
        let program = program.map_or([0; 32], |digest| digest.0);
        let (frontend, linker) = (self.frontend.version(), self.linker.version());
        Digest::of_parts([
            &program[..],
            self.frontend.name().as_bytes(),
            frontend.as_bytes(),
            self.linker.name().as_bytes(),
            linker.as_bytes(),
        ])
    }
}
