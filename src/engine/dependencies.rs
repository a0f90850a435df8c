//! What rests on what in the recorded build.

use super::recorded::Linked;
use super::standing::{Recorded, unrecorded};
use super::{Engine, Request};
use crate::compile::UnitRead;
use crate::error::Result;
use crate::explain::{Dependencies, Part, Weaver};
use crate::query::executable::ObjectSource;
use crate::query::lower;
use crate::query::trace::Read;

impl Engine {
    /// The dependencies of the last build of `request`, as they were recorded.
    ///
    /// # Errors
    /// If no build of `request` is recorded, or the configuration cannot be read.
    pub fn dependencies(&self, request: &Request, part: Part) -> Result<Dependencies> {
        let cache = self.locate(request);
        let proven = self.prove(request, &cache);
        let Some((bytes, _)) = &proven.proof else {
            return Err(unrecorded(&proven));
        };
        let recorded = self.open(request, &proven, bytes, &cache.directory)?;
        let mut weaver = Weaver::new(part);
        let output = recorded.program.output.clone();
        weaver.node(output.as_str(), "program", "");
        match part {
            Part::Modules => recorded.modules(&mut weaver),
            Part::Queries => recorded.queries(&mut weaver)?,
            Part::Libraries => recorded.libraries(&mut weaver)?,
            Part::Link => recorded.link_inputs(&mut weaver)?,
        }
        Ok(weaver.finish())
    }
}

/// The program is the first node.
const PROGRAM: usize = 0;

impl Recorded<'_> {
    fn modules(&self, weaver: &mut Weaver) {
        if let Some(entry) = &self.program.entry {
            let entry = weaver.node(entry.as_str(), "module", "");
            weaver.edge(PROGRAM, entry, "");
        }
        for module in self.services.previous.modules() {
            let from = weaver.node(module.path.as_str(), "module", "");
            for (specifier, target) in &module.imports {
                let to = weaver.node(target.as_str(), "module", "");
                weaver.edge(from, to, specifier);
            }
        }
        for unit in self.units.units() {
            let own: Vec<_> = self
                .units
                .reads(unit)
                .filter_map(|read| match read {
                    UnitRead::Text { path, .. } if *path != unit.source => Some(path),
                    _ => None,
                })
                .collect();
            let (ours, others): (Vec<_>, Vec<_>) =
                own.into_iter().partition(|path| path.is_relative());
            let note = match others.len() {
                0 => String::new(),
                others => format!("and {others} texts outside of the project"),
            };
            let from = weaver.node(unit.source.as_str(), "source", &note);
            weaver.edge(PROGRAM, from, "");
            for path in ours {
                let to = weaver.node(path.as_str(), "text", "");
                weaver.edge(from, to, "");
            }
        }
    }

    fn queries(&self, weaver: &mut Weaver) -> Result<()> {
        let query = |weaver: &mut Weaver, name: &str, path: &str| {
            weaver.node(&format!("{name} {path}"), "query", "")
        };
        let executable = query(weaver, "executable", self.program.output.as_str());
        weaver.edge(PROGRAM, executable, "");
        for module in self.services.previous.modules() {
            let path = module.path.as_str();
            let object = query(weaver, "object", path);
            let lowered = query(weaver, "lower", path);
            let parsed = query(weaver, "parse", path);
            weaver.edge(executable, object, "");
            weaver.edge(object, lowered, "");
            weaver.edge(lowered, parsed, "");
            let (asked, _) = lower::rests_on(&self.services, &module.path, &module.syntax);
            for answered in asked {
                let (module, label) = match &answered.read {
                    Read::Item { module, name } => (module, name.as_str()),
                    Read::Names { module } => (module, "all names"),
                    Read::Resolve { .. } => continue,
                };
                let parsed = query(weaver, "parse", module.as_str());
                weaver.edge(lowered, parsed, label);
            }
        }
        for unit in self.units.units() {
            let object = query(weaver, "object", unit.source.as_str());
            weaver.edge(executable, object, "");
        }
        for (name, action) in &self.program.actions {
            let acted = query(weaver, "action", name);
            weaver.edge(PROGRAM, acted, "");
            for output in &action.outputs {
                let made = output.to_string();
                let made = weaver.node(&made, "file", "");
                weaver.edge(made, acted, "");
            }
        }
        Ok(())
    }

    fn libraries(&self, weaver: &mut Weaver) -> Result<()> {
        let Linked { resolution, .. } = self.linked()?;
        let note = |name: &str| {
            let states = &self.services.previous.libraries;
            let state = states.iter().find(|state| state.name == name);
            state.map_or_else(String::new, |state| match state.words.as_str() {
                "" => state.place.clone(),
                words => format!("{words}, {}", state.place),
            })
        };
        for library in &resolution.libraries {
            let from = match &library.needed_by {
                Some(name) => weaver.node(name, "library", &note(name)),
                None => PROGRAM,
            };
            let to = weaver.node(&library.name, "library", &note(&library.name));
            weaver.edge(from, to, "");
        }
        Ok(())
    }

    fn link_inputs(&self, weaver: &mut Weaver) -> Result<()> {
        for source in self.linked()?.objects {
            match source {
                ObjectSource::Archive { name, objects, .. } => {
                    let archive = weaver.node(name.as_str(), "archive", "");
                    weaver.edge(PROGRAM, archive, "");
                    for (path, digest) in objects {
                        let object = weaver.node(path.as_str(), "object", &digest.short());
                        weaver.edge(archive, object, "");
                    }
                }
                ObjectSource::Known(path, digest) => {
                    let object = weaver.node(path.as_str(), "object", &digest.short());
                    weaver.edge(PROGRAM, object, "");
                }
                ObjectSource::Demanded(_) => {}
            }
        }
        for input in self.link()?.inputs {
            let file = weaver.node(input.path.as_str(), "file", &input.why);
            weaver.edge(PROGRAM, file, "");
        }
        Ok(())
    }
}
