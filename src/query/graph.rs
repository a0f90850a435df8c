//! The pre-pass: a plain loop over the modules of a program, before salsa is asked for anything.
//!
//! It finds the modules by following imports from the entry, takes summaries and objects from traces that hold, and
//! leaves to salsa only the modules that are not provably current. The look-ups are the queries' own.

use super::input::{BuildDb, EngineDb};
use super::parse::{self, Summary};
use super::reader::{names_answer, resolution_answer};
use super::services::{Services, Stop};
use super::trace::{Answered, Found, Read};
use super::{lower, object};
use crate::digest::Digest;
use crate::error::Error;
use crate::frontend::Diagnostic;
use crate::observe::{Observation, Role, Seen};
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// From this many modules on, work is spread over threads.
const PARALLEL_FROM: usize = 48;

/// The modules of a program, in the order in which they are found from its entry.
#[derive(Default)]
pub struct Graph {
    pub modules: Vec<Module>,
    index: HashMap<Utf8PathBuf, usize>,
    /// Imports that stand for no module.
    pub unresolved: Vec<Diagnostic>,
}

/// One module of the graph.
pub struct Module {
    pub path: Utf8PathBuf,
    pub content: Digest,
    pub summary: Arc<Summary>,
    /// For each request the module it stands for.
    pub imports: Vec<Option<Utf8PathBuf>>,
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
        let mut graph = Self::default();
        let mut frontier = vec![entry.to_owned()];
        graph.index.insert(entry.to_owned(), usize::MAX);
        while !frontier.is_empty() {
            let loaded: Vec<Result<Module, Stop>> = if frontier.len() < PARALLEL_FROM {
                frontier.into_iter().map(|path| load(db, path)).collect()
            } else {
                frontier
                    .into_par_iter()
                    .map_with(db.clone(), |db, path| load(db, path))
                    .collect()
            };
            frontier = Vec::new();
            for module in loaded {
                let module = module?;
                graph.follow(db.services(), &module, &mut frontier);
                graph.index.insert(module.path.clone(), graph.modules.len());
                graph.modules.push(module);
            }
        }
        Ok(graph)
    }

    fn follow(&mut self, services: &Services, module: &Module, frontier: &mut Vec<Utf8PathBuf>) {
        for (request, target) in module.summary.requests.iter().zip(&module.imports) {
            let Some(target) = target else {
                if let Err(unresolved) = &services.resolve(&module.path, &request.specifier).module
                {
                    self.unresolved.push(Diagnostic {
                        code: "unresolved-import".to_owned(),
                        message: unresolved.message.clone(),
                        path: module.path.clone(),
                        span: request.span,
                        label: String::new(),
                        help: unresolved.help.clone(),
                    });
                }
                continue;
            };
            if !self.index.contains_key(target) {
                // Its place is known when it is loaded.
                self.index.insert(target.clone(), usize::MAX);
                frontier.push(target.clone());
            }
        }
    }

    /// The module with this path.
    fn module(&self, path: &Utf8Path) -> Option<&Module> {
        self.modules.get(*self.index.get(path)?)
    }

    /// Whether the answer to a recorded question is what it was.
    fn holds(&self, answered: &Answered) -> bool {
        let answer = match &answered.read {
            Read::Resolve {
                importer,
                specifier,
            } => {
                let target = self.module(importer).and_then(|module| {
                    let at = module
                        .summary
                        .requests
                        .iter()
                        .position(|request| request.specifier == *specifier)?;
                    module.imports[at].as_deref()
                });
                resolution_answer(target).digest
            }
            Read::Item { module, name } => self
                .module(module)
                .and_then(|module| module.summary.item(name))
                .map(|item| item.digest),
            Read::Names { module } => self
                .module(module)
                .and_then(|module| names_answer(module.summary.names_digest()).digest),
        };
        answer == answered.answer.digest
    }

    /// Looks each module up in the traces. `options` are the options of code generation; `None` if no object is wanted.
    pub fn prepass(&self, services: &Services, options: Option<&[u8]>) -> Vec<Prepass> {
        let look_up = |module: &Module| {
            if !module.summary.diagnostics.is_empty() {
                return Prepass::Unknown;
            }
            match lower::stored(services, &module.path, &module.summary.syntax, |answered| {
                self.holds(answered)
            }) {
                Found::Miss { .. } => Prepass::Unknown,
                Found::Hit(trace) => match options
                    .and_then(|options| object::stored(services, &trace.result, options))
                {
                    Some(object) => Prepass::Current {
                        lowered: trace.result,
                        object,
                    },
                    None => Prepass::Lowered {
                        lowered: trace.result,
                    },
                },
            }
        };
        if self.modules.len() < PARALLEL_FROM {
            self.modules.iter().map(look_up).collect()
        } else {
            self.modules.par_iter().map(look_up).collect()
        }
    }

    /// What the graph rests on: each module's bytes, and every place where a module was looked for.
    pub fn rely(&self, services: &Services) {
        for module in &self.modules {
            let observation = Observation::File {
                path: module.path.clone(),
                digest: module.content,
            };
            services.world.rely([Seen {
                observation,
                role: Role::Source,
                note: String::new(),
            }]);
            for request in &module.summary.requests {
                services.world.rely(
                    services
                        .resolve(&module.path, &request.specifier)
                        .seen
                        .iter()
                        .cloned(),
                );
            }
        }
    }

    /// How many modules import `path` directly.
    pub fn importers(&self) -> HashMap<&Utf8Path, usize> {
        let mut importers = HashMap::new();
        for target in self
            .modules
            .iter()
            .flat_map(|module| module.imports.iter().flatten())
        {
            *importers.entry(target.as_path()).or_insert(0) += 1;
        }
        importers
    }
}

fn load(db: &EngineDb, path: Utf8PathBuf) -> Result<Module, Stop> {
    let services = db.services();
    let unreadable = |error| services.fail(Error::world("a module cannot be read", &path, error));
    let state = services.world.digested(&path).map_err(unreadable)?;
    let content = state
        .digest()
        .ok_or_else(|| unreadable(std::io::ErrorKind::NotFound.into()))?;
    let summary = match parse::stored(services, &path, content) {
        Some(summary) => Arc::new(summary),
        None => parse::parse(db, services.source(db, &path)?)?,
    };
    let imports = summary
        .requests
        .iter()
        .map(|request| {
            services
                .resolve(&path, &request.specifier)
                .module
                .clone()
                .ok()
        })
        .collect();
    Ok(Module {
        path,
        content,
        summary,
        imports,
    })
}
