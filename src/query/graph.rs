//! The pre-pass: a plain loop over the modules of a program, before salsa is asked for anything.
//!
//! It finds the modules by following imports from the entry, takes what it can from the snapshot of the last build and from
//! traces that hold, and leaves to salsa only the modules that are not provably current. The look-ups are the queries' own.

use super::input::{BuildDb, EngineDb};
use super::parse;
use super::reader::{names_answer, resolution_answer};
use super::services::{Services, Stop};
use super::trace::{Answered, Found, Read};
use super::{lower, object};
use crate::digest::Digest;
use crate::error::Error;
use crate::frontend::Diagnostic;
use crate::host::Kind;
use crate::observe::{Observation, PathMap};
use crate::proof::ModuleState;
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use std::collections::HashMap;
use std::sync::Arc;

/// From this many modules on, work is spread over threads.
const PARALLEL_FROM: usize = 48;

/// The modules of a program, in the order in which they are found from its entry.
#[derive(Default)]
pub struct Graph {
    pub modules: Vec<Module>,
    index: PathMap<usize>,
}

/// One module of the graph.
pub struct Module {
    /// `lowered` and `object` are what they were in the last build, if `unchanged`; else they are not known yet.
    pub state: Arc<ModuleState>,
    /// Taken whole from the snapshot: neither its text nor what its imports stand for has changed.
    pub unchanged: bool,
    /// Of its text, and of imports that stand for no module.
    pub diagnostics: Vec<Diagnostic>,
}

/// What the pre-pass knows of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepass {
    /// Lowered as this, and this object is in the store.
    Current {
        lowered: Digest,
        object: Digest,
    },
    /// Lowered as this; the object must be demanded (or is not wanted).
    Lowered {
        lowered: Digest,
    },
    Unknown,
}

impl Graph {
    /// Finds all modules, parsing those whose text no summary is stored for.
    pub fn discover(db: &EngineDb, entry: &Utf8Path) -> Result<Self, Stop> {
        // Nearly all of them are about to be asked for.
        db.services().previous.load();
        let mut graph = Self::default();
        let mut frontier = vec![entry.to_owned()];
        graph.index.insert(entry.as_str().into(), usize::MAX);
        while !frontier.is_empty() {
            // Those that are as they were are a few look-ups each, which threads would only wait for each other to do.
            let known: Vec<Known> = frontier
                .into_iter()
                .map(|path| known(db.services(), path))
                .collect();
            let loaded: Vec<Result<Module, Stop>> = if known.iter().all(Known::is_unchanged) {
                known.into_iter().map(|known| load(db, known)).collect()
            } else {
                known
                    .into_par_iter()
                    .map_with(db.clone(), |db, known| load(db, known))
                    .collect()
            };
            frontier = Vec::new();
            for module in loaded {
                let module = module?;
                graph
                    .index
                    .insert(module.state.path.as_str().into(), graph.modules.len());
                for (_, target) in &module.state.imports {
                    db.services().imported(target, &module.state.path);
                    if !graph.index.contains_key(target.as_str()) {
                        // Its place is known when it is loaded.
                        graph.index.insert(target.as_str().into(), usize::MAX);
                        frontier.push(target.clone());
                    }
                }
                graph.modules.push(module);
            }
        }
        Ok(graph)
    }

    /// The module with this path.
    pub fn module(&self, path: &Utf8Path) -> Option<&ModuleState> {
        Some(&self.modules.get(*self.index.get(path.as_str())?)?.state)
    }

    /// Whether the answer to a recorded question is what it was.
    fn holds(&self, answered: &Answered) -> bool {
        let answer = match &answered.read {
            Read::Resolve {
                importer,
                specifier,
            } => {
                let imports = self.module(importer).map(|module| &module.imports);
                let import = imports
                    .and_then(|imports| imports.iter().find(|(written, _)| written == specifier));
                resolution_answer(import.map(|(_, target)| target.as_path())).digest
            }
            Read::Item { module, name } => self.module(module).and_then(|module| module.item(name)),
            Read::Names { module } => self.module(module).and_then(|module| {
                names_answer(Digest::of_parts(
                    module.items.iter().map(|(name, _)| name.as_bytes()),
                ))
                .digest
            }),
        };
        answer == answered.answer.digest
    }

    /// Whether every answer that a module of the last build could have had from another is the same: then the unchanged
    /// ones are lowered as they were.
    fn same_answers(&self, services: &Services) -> bool {
        self.modules.iter().all(|module| {
            let before = || services.previous.get(module.state.path.as_str());
            let same = |before: &Arc<ModuleState>| {
                before.interface == module.state.interface && before.imports == module.state.imports
            };
            module.unchanged || before().is_some_and(same)
        })
    }

    /// Says of each module what is known without asking salsa. `options` are the options of code generation; `None` if no
    /// object is wanted.
    pub fn prepass(&self, services: &Services, options: Option<&[u8]>) -> Vec<Prepass> {
        let same_answers = self.same_answers(services);
        let same_options = options == Some(&services.previous.options[..]);
        let look_up = |module: &Module| {
            let state = &module.state;
            if !module.diagnostics.is_empty() {
                return Prepass::Unknown;
            }
            let lowered = if module.unchanged && same_answers {
                state.lowered
            } else {
                match lower::stored(services, &state.path, &state.syntax, |answered| {
                    self.holds(answered)
                }) {
                    Found::Hit(trace) => trace.result,
                    Found::Miss => return Prepass::Unknown,
                }
            };
            if module.unchanged && same_options && lowered == state.lowered {
                return Prepass::Current {
                    lowered,
                    object: state.object,
                };
            }
            match options.and_then(|options| object::stored(services, &lowered, options)) {
                Some(object) => Prepass::Current { lowered, object },
                None => Prepass::Lowered { lowered },
            }
        };
        if self.modules.len() < PARALLEL_FROM || same_answers {
            self.modules.iter().map(look_up).collect()
        } else {
            self.modules.par_iter().map(look_up).collect()
        }
    }

    /// What the graph rests on besides the modules themselves, whose bytes are in the snapshot: every place where a module
    /// was looked for.
    pub fn rely(&self, services: &Services) {
        for Module { state, .. } in &self.modules {
            services.world.rely(state.seen.iter().cloned());
        }
    }

    /// Whether this is a module of the graph.
    pub fn contains(&self, path: &Utf8Path) -> bool {
        self.index.contains_key(path.as_str())
    }

    /// Has the store keep what unchanged modules rest on, which nobody asked it for: to be called before it is trimmed.
    pub fn keep(&self, services: &Services) {
        for Module { state, .. } in self.modules.iter().filter(|module| module.unchanged) {
            parse::stored(services, &state.path, state.content);
            services.store.retain(&state.content);
            lower::stored(services, &state.path, &state.syntax, |_| true);
            object::stored(services, &state.lowered, &services.previous.options);
        }
    }

    /// How many modules import each module directly.
    pub fn importers(&self) -> HashMap<&str, usize, FxBuildHasher> {
        let mut importers = HashMap::default();
        for target in self
            .modules
            .iter()
            .flat_map(|module| module.state.imports.iter().map(|(_, target)| target))
        {
            *importers.entry(target.as_str()).or_insert(0) += 1;
        }
        importers
    }
}

/// What the snapshot of the last build says of a module.
enum Known {
    /// Neither its text nor what its imports stand for has changed.
    Unchanged(Arc<ModuleState>),
    No(Utf8PathBuf),
}

impl Known {
    fn is_unchanged(&self) -> bool {
        matches!(self, Self::Unchanged(_))
    }
}

/// Reads nothing: a file whose digest is not known yet is left to whoever loads it.
fn known(services: &Services, path: Utf8PathBuf) -> Known {
    let in_memory = services.native.content(&path);
    let now = in_memory.or_else(|| services.world.known(&path).map(|(now, _)| now.digest));
    match now.and_then(|content| unchanged(services, &path, content)) {
        Some(state) => Known::Unchanged(state),
        None => Known::No(path),
    }
}

/// What the snapshot says of a module with these bytes, if it still holds.
fn unchanged(services: &Services, path: &Utf8Path, content: Digest) -> Option<Arc<ModuleState>> {
    let before = services.previous.get(path.as_str())?;
    still(services, before, content).then(|| before.clone())
}

/// Loads one module: from the snapshot if nothing about it has changed, else from its summary.
fn load(db: &EngineDb, known: Known) -> Result<Module, Stop> {
    let services = db.services();
    let as_it_was = |state| Module {
        state,
        unchanged: true,
        diagnostics: Vec::new(),
    };
    let path = match known {
        Known::Unchanged(state) => return Ok(as_it_was(state)),
        Known::No(path) => path,
    };
    let unreadable = |error| services.fail(Error::world("a module cannot be read", &path, error));
    let content = services
        .content(&path)
        .map_err(unreadable)?
        .ok_or_else(|| unreadable(std::io::ErrorKind::NotFound.into()))?;
    if let Some(state) = unchanged(services, &path, content) {
        return Ok(as_it_was(state));
    }
    let summary = match parse::stored(services, &path, content) {
        Some(summary) => Arc::new(summary),
        None => parse::parse(db, services.source(db, &path)?)?,
    };
    let mut diagnostics = summary.diagnostics.clone();
    let (mut imports, mut seen) = (Vec::new(), Vec::new());
    for request in &summary.requests {
        let resolved = services.resolve(&path, &request.specifier);
        seen.extend(resolved.seen.iter().cloned());
        match &resolved.module {
            Ok(target) => imports.push((request.specifier.clone(), target.clone())),
            Err(unresolved) => diagnostics.push(Diagnostic {
                code: "unresolved-import".to_owned(),
                message: unresolved.message.clone(),
                path: path.clone(),
                span: request.span,
                label: String::new(),
                help: unresolved.help.clone(),
            }),
        }
    }
    // That an imported file is there is said by its bytes.
    seen.retain(|seen| match &seen.observation {
        Observation::Present {
            path,
            kind: Kind::File,
        } => imports.iter().all(|(_, target)| target != path),
        _ => true,
    });
    let state = ModuleState {
        content,
        syntax: summary.syntax,
        interface: summary.interface_digest(),
        imports,
        items: summary
            .items
            .iter()
            .map(|item| (item.name.clone(), item.digest))
            .collect(),
        seen,
        in_memory: services.native.content(&path).is_some(),
        lowered: Digest([0; 32]),
        object: Digest([0; 32]),
        path,
    };
    Ok(Module {
        state: Arc::new(state),
        unchanged: false,
        diagnostics,
    })
}

/// Whether a module of the last build is the same in this one, and its imports stand for the same files.
fn still(services: &Services, state: &ModuleState, content: Digest) -> bool {
    let is_file = |path: &Utf8Path| matches!(services.world.stamp(path), Ok(Some(stamp)) if stamp.kind == Kind::File);
    services.trust_snapshot()
        && state.content == content
        && state
            .imports
            .iter()
            .all(|(_, target)| services.native.content(target).is_some() || is_file(target))
        && state
            .seen
            .iter()
            .all(|seen| services.world.holds(&seen.observation))
}
