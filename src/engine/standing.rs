//! Why something did not run: what its result rests on, as the proof, the store and the configuration have it.
//!
//! Looks, and changes nothing: neither the proof is renewed nor anything stored.

use super::prove::Proven;
use super::recorded::Linked;
use super::{Engine, Request, Target};
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::explain::{
    ArgumentStanding, InputStanding, LinkStanding, ModuleStanding, Question, Standing,
};
use crate::history::{Builds, History};
use crate::host::Bytes;
use crate::link::{Argument, LinkPlan, Way};
use crate::observe::{Observation, Reader, Role, Seen, World};
use crate::project::{self, FILE, Program};
use crate::proof::{self, ModuleState, ProofHeader};
use crate::query::executable::ObjectSource;
use crate::query::native::NativeModules;
use crate::query::services::Start;
use crate::query::trace::Read;
use crate::query::units::UnitStates;
use crate::query::{Services, executable, lower};
use crate::store::Store;
use camino::{Utf8Path, Utf8PathBuf};
use std::time::Duration;

/// A recorded build, opened to be asked.
pub(super) struct Recorded<'e> {
    engine: &'e Engine,
    pub services: Services,
    pub program: Program,
    pub header: ProofHeader,
    pub units: UnitStates,
    pub seen: Vec<Seen>,
    /// The text of `kiln.toml`.
    configuration: String,
}

impl Engine {
    /// The folder of the project's state: results, the history, and what is written about builds.
    pub fn folder(&self) -> Utf8PathBuf {
        self.locate(&Request::new(Target::Default)).directory
    }

    /// The last builds that did something.
    pub fn history(&self) -> Builds {
        History::new(&*self.host, &self.folder()).read()
    }

    /// What the result of `artifact` rests on: a module, the output, or `link`.
    ///
    /// # Errors
    /// If no build of `request` is recorded, or it has no such artifact.
    pub fn standing(&self, request: &Request, artifact: &str) -> Result<Standing> {
        let cache = self.locate(request);
        let proven = self.prove(request, &cache);
        let Some((bytes, verdict)) = &proven.proof else {
            return Err(unrecorded(&proven));
        };
        let recorded = self.open(request, &proven, bytes, &cache.directory)?;
        let stamp = self.host.stat(&cache.proof).ok().flatten();
        let since = stamp.map_or(0, |stamp| self.host.now() - stamp.mtime);
        let module = recorded.module(artifact);
        let is_output = artifact == recorded.program.output.as_str()
            || recorded.program.output.file_name() == Some(artifact);
        let link = match artifact == "link" || is_output {
            true => Some(recorded.link()?),
            false => None,
        };
        let tool = match module.is_none() && link.is_none() {
            true => recorded.tool(artifact),
            false => None,
        };
        if module.is_none() && link.is_none() && tool.is_none() {
            return Err(recorded.no_artifact(artifact));
        }
        Ok(Standing {
            artifact: artifact.to_owned(),
            reasons: verdict.reasons.clone(),
            observations: verdict.observations,
            recorded: Duration::from_nanos(u64::try_from(since).unwrap_or(0)),
            module,
            tool,
            link,
        })
    }

    /// Opens what was recorded of a build.
    pub(super) fn open(
        &self,
        request: &Request,
        proven: &Proven,
        bytes: &Bytes,
        directory: &Utf8Path,
    ) -> Result<Recorded<'_>> {
        let world = World::new(self.host.clone());
        let reader = Reader::new(&world);
        let project = project::load(&reader)?;
        let mut program = project::resolve(&project, request)?;
        let rules = self.rules(&project, &mut program)?;
        let configuration = self.host.read(Utf8Path::new(FILE)).ok();
        let text = configuration.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let (header, seen) = proof::observations(bytes)
            .ok_or_else(|| Error::configuration("the record of the build cannot be read", None))?;
        let known = self.program(proven).map(|(_, known)| known.digest);
        let services = Services::new(Start {
            world,
            store: Store::open(self.host.clone(), &directory.join("store")),
            frontend: self.frontend.clone(),
            linker: self.linker.clone(),
            progress: self.progress.clone(),
            native: NativeModules::new(
                &*self.frontend,
                &program.native,
                &program.libraries.libraries,
            ),
            engine: self.identity(known),
            previous: proof::previous(bytes),
            previous_output: header.output.as_ref().map(|output| output.digest),
            previous_declined: header.declined.clone(),
            previous_plan: header.plan,
            link_folder: super::plan::link_folder(directory, &program.output),
            state_folder: directory.to_owned(),
            scratch: Utf8PathBuf::new(),
            rules,
            reasons: Vec::new(),
            dry_run: true,
            last_build: self.last_build,
            began: 0,
        });
        Ok(Recorded {
            engine: self,
            program,
            header,
            units: UnitStates::decode(&services.previous.units),
            services,
            seen: seen.into_iter().map(|(seen, _)| seen).collect(),
            configuration: text.unwrap_or_default(),
        })
    }
}

/// The line of `configuration`, a `kiln.toml`, that says `written`.
pub(super) fn line_of(configuration: &str, written: &str) -> Option<usize> {
    let quoted = [format!("\"{written}\""), format!("'{written}'")];
    let has = |line: &str| quoted.iter().any(|quoted| line.contains(quoted.as_str()));
    Some(configuration.lines().position(has)? + 1)
}

/// There is no usable proof of what was asked for.
pub(super) fn unrecorded(proven: &Proven) -> Error {
    let message = match proven.reasons().first() {
        Some(reason) => crate::explain::text::reason(reason),
        None => "no such build is recorded yet".to_owned(),
    };
    let remedy = "build it first, or say which build is meant (--release, --executable)";
    Error::configuration(message, Some(remedy.to_owned()))
}

impl Recorded<'_> {
    fn no_artifact(&self, artifact: &str) -> Error {
        let modules = self.services.previous.modules();
        let mut names: Vec<&str> = modules.map(|module| module.path.as_str()).collect();
        let units = self.units.units().iter();
        names.extend(units.map(|unit| unit.source.as_str()));
        names.extend(self.program.actions.iter().map(|(name, _)| name.as_str()));
        names.extend(["link", self.program.output.as_str()]);
        let remedy = match crate::document::nearest(artifact, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "name a module of the program as its messages do, the output, or `link`".to_owned()
            }
        };
        let message = format!("the recorded build has no `{artifact}`");
        Error::configuration(message, Some(remedy))
    }

    fn module(&self, path: &str) -> Option<ModuleStanding> {
        let state: &ModuleState = self.services.previous.get(path)?;
        let (asked, other_traces) = lower::rests_on(&self.services, &state.path, &state.syntax);
        let questions = asked.into_iter().map(|answered| Question {
            question: match &answered.read {
                Read::Resolve { specifier, .. } => format!("which module \"{specifier}\" is"),
                Read::Item { module, name } => format!("`{name}` of {module}"),
                Read::Names { module } => format!("all names of {module}"),
            },
            answer: match (answered.answer.shown, answered.answer.digest) {
                (None, Some(digest)) => Some(format!("digest {}", digest.short())),
                (shown, _) => shown,
            },
        });
        let absent = state
            .seen
            .iter()
            .filter_map(|seen| match &seen.observation {
                Observation::Absent { path } => Some(path.clone()),
                _ => None,
            });
        let imports_it = |module: &&std::sync::Arc<ModuleState>| {
            module.imports.iter().any(|(_, target)| target == path)
        };
        Some(ModuleStanding {
            text: state.content.short(),
            syntax: state.syntax.short(),
            interface: state.interface.short(),
            lowered: state.lowered.short(),
            object: state.object.short(),
            imports: state.imports.clone(),
            absent: absent.collect(),
            exports: state.items.iter().map(|(name, _)| name.clone()).collect(),
            importers: self
                .services
                .previous
                .modules()
                .filter(imports_it)
                .map(|module| module.path.clone())
                .collect(),
            questions: questions.collect(),
            other_traces,
        })
    }

    pub fn link(&self) -> Result<LinkStanding> {
        let Linked { plan, objects, .. } = self.linked()?;
        let runtime = self.engine.runtime_of(&self.program, &self.services);
        let digests = objects.iter().filter_map(ObjectSource::digest);
        let parts = (&runtime, &plan.digest());
        let key = executable::key(
            &self.services,
            parts,
            self.program.entry.as_deref(),
            digests,
        );
        let made = self.header.output.as_ref().map(|output| output.digest);
        let (seen, way) = match executable::rests_on(&self.services, &key, made) {
            Some((seen, way)) => (seen, way),
            // A link that was declined has no trace; the proof has what was seen of it.
            None => {
                let of_link = |seen: &&Seen| matches!(seen.role, Role::Link | Role::Tool);
                (
                    self.seen.iter().filter(of_link).cloned().collect(),
                    Way::Unknown,
                )
            }
        };
        Ok(self.link_standing(&plan, objects.len(), &seen, way))
    }

    fn link_standing(
        &self,
        plan: &LinkPlan,
        objects: usize,
        seen: &[Seen],
        way: Way,
    ) -> LinkStanding {
        let absent: Vec<&Utf8Path> = seen
            .iter()
            .filter_map(|seen| match &seen.observation {
                Observation::Absent { path } => Some(path.as_path()),
                _ => None,
            })
            .collect();
        let mut inputs = Vec::new();
        for Seen {
            observation, note, ..
        } in seen
        {
            if let Observation::File { path, digest } = observation {
                let why = self.asked_by(plan, path).unwrap_or_else(|| note.clone());
                inputs.push(input(path, digest, why, plan, &absent));
            }
        }
        let before: Vec<&Utf8PathBuf> = inputs.iter().flat_map(|input| &input.before).collect();
        let rest = absent
            .iter()
            .filter(|path| !before.iter().any(|known| known == *path));
        let rest = rest.map(|path| path.to_path_buf()).collect();
        let others = self.seen.iter().filter_map(question);
        let arguments = plan.arguments.iter().map(|argument| match argument {
            Argument::Objects => ArgumentStanding {
                text: "…".to_owned(),
                from: match self.program.entry {
                    Some(_) => "the modules, the start and the runtime",
                    None => "the sources",
                }
                .to_owned(),
            },
            Argument::Text(text) => ArgumentStanding {
                text: text.clone(),
                from: self.origin(plan, text),
            },
        });
        LinkStanding {
            linker: format!("{} {}", plan.linker.name, plan.linker.version),
            way: way.name().to_owned(),
            arguments: arguments.collect(),
            // The start and the runtime besides.
            objects: objects + if self.program.entry.is_some() { 2 } else { 0 },
            inputs,
            absent: rest,
            others: others.collect(),
        }
    }

    /// Where an argument comes from: a line of `kiln.toml`, the runtime, or the driver.
    fn origin(&self, plan: &LinkPlan, text: &str) -> String {
        let options = &self.program.link;
        let library = text.strip_prefix("-l");
        let directory = text.strip_prefix("-L").unwrap_or(text);
        let searched = options
            .search
            .iter()
            .find(|path| path.as_str() == directory);
        let rule = self.services.previous.libraries.iter();
        let mut rule = rule.filter(|state| state.words.split(' ').any(|word| word == text));
        if let Some(state) = rule.next() {
            return state.place.clone();
        }
        let written = library
            .and_then(|name| options.libraries.iter().find(|library| *library == name))
            .map(String::as_str)
            .or_else(|| searched.map(|path| path.as_str()))
            .or_else(|| {
                let part = |arg: &&String| {
                    arg.strip_prefix("-Wl,")
                        .unwrap_or(arg)
                        .split(',')
                        .any(|part| part == text)
                        || *arg == text
                };
                options.args.iter().find(part).map(String::as_str)
            });
        let runtime = || {
            let libraries = self.engine.frontend.runtime().libraries;
            library.is_some_and(|name| libraries.contains(&name))
        };
        match written.map(|written| self.line_of(written)) {
            Some(Some(line)) => format!("{FILE}:{line}"),
            Some(None) => FILE.to_owned(),
            None if runtime() => format!("the runtime of {}", self.engine.frontend.name()),
            None if plan.driver.as_str().is_empty() => "kiln".to_owned(),
            None => plan.driver.to_string(),
        }
    }

    fn line_of(&self, written: &str) -> Option<usize> {
        line_of(&self.configuration, written)
    }

    /// The argument that asks for a file, and where that comes from.
    fn asked_by(&self, plan: &LinkPlan, path: &Utf8Path) -> Option<String> {
        let named = library_name(path);
        let asks = |argument: &&Argument| match argument {
            Argument::Text(text) => {
                text == path.as_str() || named.is_some() && text.strip_prefix("-l") == named
            }
            Argument::Objects => false,
        };
        match plan.arguments.iter().find(asks)? {
            Argument::Text(text) => Some(match text == path.as_str() {
                true => format!("named by {}", self.origin(plan, text)),
                false => format!("`{text}` from {}", self.origin(plan, text)),
            }),
            Argument::Objects => None,
        }
    }
}

/// A variable or a tool, and the value it has.
pub(super) fn question(seen: &Seen) -> Option<Question> {
    let (question, answer) = match &seen.observation {
        Observation::Variable { name, value } => {
            let value = value
                .as_ref()
                .map(|value| match value.starts_with("(digest ") {
                    true => value.clone(),
                    false => format!("{value:?}"),
                });
            (name, value.unwrap_or_else(|| "unset".to_owned()))
        }
        Observation::Tool { name, path, .. } => {
            let path = path.as_ref().map(ToString::to_string);
            (name, path.unwrap_or_else(|| "not found".to_owned()))
        }
        _ => return None,
    };
    let answer = match seen.note.as_str() {
        "" => answer,
        note => format!("{answer} ({note})"),
    };
    Some(Question {
        question: question.clone(),
        answer: Some(answer),
    })
}

/// `z` of `libz.so`, `libz.a` and `libz.so.1`.
fn library_name(path: &Utf8Path) -> Option<&str> {
    let rest = path.file_name()?.strip_prefix("lib")?;
    let (name, _) = rest.split_once(".so").or_else(|| rest.split_once(".a"))?;
    Some(name)
}

/// A file that was read, with the places before it where it was looked for, in the order of the search.
fn input(
    path: &Utf8Path,
    digest: &Digest,
    why: String,
    plan: &LinkPlan,
    absent: &[&Utf8Path],
) -> InputStanding {
    let named = library_name(path);
    let place = |path: &Utf8Path| {
        let folder = path.parent().map(Utf8Path::as_str).unwrap_or_default();
        plan.arguments.iter().position(|argument| {
            matches!(argument, Argument::Text(text) if text.strip_prefix("-L").unwrap_or(text) == folder)
        })
    };
    let mut before: Vec<Utf8PathBuf> = absent
        .iter()
        .filter(|candidate| named.is_some() && library_name(candidate) == named)
        .map(|candidate| candidate.to_path_buf())
        .collect();
    before.sort_by_key(|candidate| place(candidate));
    InputStanding {
        path: path.to_owned(),
        digest: digest.short(),
        why,
        before,
    }
}
