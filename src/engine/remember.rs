//! What a build leaves for whoever asks why: values beside the reasons, a record in the history, and an alarm where
//! something ran for no reason.
//!
//! Nothing here decides anything, and nothing that goes wrong here is a reason for a build to fail.

use super::cache::Cache;
use super::demand::Demanded;
use super::prove::Phases;
use super::standing::line_of;
use super::{Engine, Goal, Request, Target};
use crate::explain::{Asked, AskedBy, Build, Excerpt, Linked, Notice, Outcome, Reason, Status};
use crate::frontend::Diagnostic;
use crate::history::History;
use crate::link::Argument;
use crate::observe::{Observation, Role, Seen};
use crate::project::FILE;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::time::Duration;

/// A build that is done, and what is to be told of it.
pub(super) struct Account<'b> {
    pub request: &'b Request,
    pub cache: &'b Cache,
    pub demanded: &'b Demanded,
    pub diagnostics: &'b [Diagnostic],
    /// How it was linked; `None`: as in the build before.
    pub linked: Option<Linked>,
    /// Whether anything of it is stored.
    pub stores: bool,
}

/// Of so many files the changed lines are shown.
const EXCERPTS: usize = 64;

impl Engine {
    /// Keeps the texts of configuration files, so that a later build can show what was changed in them.
    pub(super) fn keep_texts(&self, demanded: &Demanded) {
        let services = &demanded.services;
        let new = demanded
            .graph
            .modules
            .iter()
            .filter(|module| !module.unchanged);
        let of_modules = new.flat_map(|module| &module.state.seen);
        for Seen {
            observation, role, ..
        } in demanded.configuration.iter().chain(of_modules)
        {
            if let (Role::Configuration, Observation::File { path, digest }) = (role, observation)
                && services.store.text(digest).is_none()
                && let Ok(text) = services.world.bytes(path)
            {
                services.store.keep_text(*digest, &text);
            }
        }
    }

    /// Adds to the reasons what a person wants to see of the values, and takes from them what nobody may.
    fn add_values(&self, demanded: &Demanded, reasons: &mut [Reason]) {
        let mut room = EXCERPTS;
        for reason in reasons {
            match reason {
                Reason::Changed {
                    role: Role::Source | Role::Configuration,
                    path,
                    old,
                    lines,
                    ..
                } if room > 0 => {
                    room -= 1;
                    *lines = excerpt(demanded, path, &old.digest);
                }
                Reason::Changed {
                    role: Role::Tool,
                    path,
                    old,
                    note,
                    ..
                } => {
                    if let Some(versions) = self.versions(demanded, path, &old.digest) {
                        let before = if note.is_empty() { "" } else { ", " };
                        note.push_str(&format!("{before}{versions}"));
                    }
                }
                Reason::Appeared { path, note, .. } if !demanded.before.is_empty() => {
                    if let Some(instead) = stands_instead(demanded, path) {
                        *note = instead;
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds to the outcome what a person wants to know, and puts the build into the history.
    pub(super) fn account(
        &self,
        account: &Account<'_>,
        mut phases: Phases<'_>,
        outcome: &mut Outcome,
    ) {
        self.add_values(account.demanded, &mut outcome.reasons);
        self.alarm(account, outcome);
        // The record has them too, as far as they are over.
        outcome.timings.clone_from(&phases.done);
        if account.stores {
            self.remember(account, phases.began, outcome);
        }
        phases.end("history");
        outcome.timings = phases.done;
    }

    fn remember(&self, account: &Account<'_>, began: i64, outcome: &mut Outcome) {
        let Account {
            request,
            cache,
            demanded,
            diagnostics,
            ..
        } = account;
        let took = self.host.now() - began;
        let problem =
            |diagnostic: &Diagnostic| format!("{}: {}", diagnostic.path, diagnostic.message);
        let mut build = Build {
            number: 0,
            time: began / 1_000_000,
            duration: Duration::from_nanos(u64::try_from(took).unwrap_or(0)),
            kiln: env!("CARGO_PKG_VERSION").to_owned(),
            asked: asked(request, demanded),
            problems: diagnostics.iter().map(problem).collect(),
            options: options(request, demanded),
            link: account.linked.clone(),
            left_out: 0,
            outcome: outcome.clone(),
        };
        if let Err(error) = History::new(&*self.host, &cache.directory).add(&mut build) {
            outcome.notices.push(Notice {
                code: "history-unwritable",
                message: format!("this build cannot be asked about later: {error}"),
                remedy: Some(format!(
                    "make {}/history a file that can be written",
                    cache.directory
                )),
            });
        }
    }

    /// Says so if something ran and nobody can say why: a defect, with all that is needed to find it.
    fn alarm(&self, account: &Account<'_>, outcome: &mut Outcome) {
        let Account {
            request,
            cache,
            demanded,
            ..
        } = account;
        if outcome.status == Status::Current || outcome.ran.is_empty() {
            return;
        }
        let unexplained: Vec<String> = outcome
            .cascades()
            .unexplained()
            .map(|at| {
                let ran = &outcome.ran[at];
                format!("{} {}: {:?}", ran.query.name(), ran.subject, ran.causes)
            })
            .collect();
        if unexplained.is_empty() {
            return;
        }
        let mut remedy = "report it as a bug in kiln, with the project if you can".to_owned();
        if !request.dry_run && request.cache {
            let path = cache.directory.join("unexplained.json");
            let bundle = serde_json::json!({
                "kiln": env!("CARGO_PKG_VERSION"),
                "program": demanded.engine.as_ref().map(|(path, known)| {
                    format!("{path} {}", known.digest)
                }),
                "frontend": format!("{} {}", self.frontend.name(), self.frontend.version()),
                "linker": format!("{} {}", self.linker.name(), self.linker.version()),
                "request": format!("{request:?}"),
                "unexplained": unexplained,
                "outcome": &*outcome,
                "modules": demanded.graph.modules.iter().map(|module| {
                    format!("{:?}", module.state)
                }).collect::<Vec<_>>(),
                "previous": demanded.services.previous.modules().map(|module| {
                    format!("{module:?}")
                }).collect::<Vec<_>>(),
            });
            if self
                .host
                .replace(&path, bundle.to_string().as_bytes(), 0o666)
                .is_ok()
            {
                remedy = format!("report it as a bug in kiln, with the file {path}");
            }
        }
        outcome.notices.push(Notice {
            code: "unexplained",
            message: format!(
                "{} ran, and nothing tells why: {}",
                match unexplained.len() {
                    1 => "a query".to_owned(),
                    several => format!("{several} queries"),
                },
                unexplained[0]
            ),
            remedy: Some(remedy),
        });
    }
}

fn excerpt(demanded: &Demanded, path: &Utf8Path, old: &crate::digest::Digest) -> Option<Excerpt> {
    let services = &demanded.services;
    let old = services.store.text(old)?;
    let new = services.world.bytes(path).ok()?;
    let (old, new) = (
        std::str::from_utf8(&old).ok()?,
        std::str::from_utf8(&new).ok()?,
    );
    Some(Excerpt::between(old, new))
}

/// What a file that appeared where the link looks for libraries stands for, and what stood for it before.
fn stands_instead(demanded: &Demanded, path: &Utf8Path) -> Option<String> {
    let library = path.file_name()?.strip_prefix("lib")?;
    let (name, _) = library
        .split_once(".so")
        .or_else(|| library.split_once(".a"))?;
    let executable = demanded.executable.as_ref()?;
    let same = |seen: &&Seen| {
        let Observation::File { path, .. } = &seen.observation else {
            return false;
        };
        let file = path.file_name().unwrap_or_default();
        let rest = file
            .strip_prefix("lib")
            .and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(".so") || rest.starts_with(".a"))
    };
    let now = executable.seen.iter().find(same)?.observation.subject();
    let before = demanded.before.iter().find(same)?.observation.subject();
    if now == before {
        return None;
    }
    let mut search = demanded.program.link.search.iter();
    let searched = search.find(|folder| path.parent() == Some(folder.as_path()));
    let line = searched.and_then(|folder| {
        let text = demanded.services.world.bytes(Utf8Path::new(FILE)).ok()?;
        line_of(std::str::from_utf8(&text).ok()?, folder.as_str())
    });
    let place = line.map_or_else(String::new, |line| {
        format!(", searched first by {FILE}:{line}")
    });
    Some(format!("`-l{name}` was {before}, is {now}{place}"))
}

fn asked(request: &Request, demanded: &Demanded) -> Asked {
    let program = &demanded.program;
    Asked {
        goal: match request.goal {
            Goal::Build => "build",
            Goal::Check => "check",
        }
        .to_owned(),
        by: match &request.target {
            Target::Default => AskedBy::Default,
            Target::Executable(_) => AskedBy::Executable,
            Target::File(_) => AskedBy::File,
        },
        name: match &request.target {
            Target::File(path) => path.to_string(),
            Target::Default | Target::Executable(_) => program.name.clone(),
        },
        profile: if request.release { "release" } else { "dev" }.to_owned(),
        entry: program.entry.clone(),
        output: program.output.clone(),
        wanted_output: request.output.clone(),
        set: request.options.clone(),
    }
}

fn options(request: &Request, demanded: &Demanded) -> BTreeMap<String, String> {
    let (program, link) = (&demanded.program, &demanded.program.link);
    let libraries = demanded.snapshot.libraries.iter();
    let libraries: Vec<&str> = libraries.map(|library| library.name.as_str()).collect();
    let search: Vec<&str> = link.search.iter().map(|path| path.as_str()).collect();
    let mut options = vec![(
        "opt-level",
        format!("{:?}", program.options.opt_level).to_lowercase(),
    )];
    if request.goal == Goal::Build {
        options.extend([
            ("linker", link.linker.clone()),
            ("driver", link.driver.clone()),
            ("args", link.args.join(" ")),
            ("search", search.join(" ")),
            ("libraries", libraries.join(" ")),
        ]);
    }
    if !program.sources.is_empty() {
        let compile = &program.compile;
        let include: Vec<&str> = compile.include.iter().map(|path| path.as_str()).collect();
        let defines = compile
            .defines
            .iter()
            .filter_map(|(name, definition)| definition.said(name));
        options.extend([
            ("flags", compile.flags.join(" ")),
            ("defines", defines.collect::<Vec<_>>().join(" ")),
            ("include", include.join(" ")),
        ]);
    }
    let named = options.into_iter();
    named
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// What the link was given and what it read.
pub(super) fn linked(demanded: &Demanded) -> Linked {
    let argument = |argument: &Argument| match argument {
        Argument::Text(text) => text.clone(),
        Argument::Objects => "…".to_owned(),
    };
    let input = |seen: &Seen| match &seen.observation {
        Observation::File { path, digest } => Some((path.clone(), digest.short())),
        _ => None,
    };
    let seen = demanded.executable.iter().flat_map(|linked| &linked.seen);
    let inputs: BTreeMap<Utf8PathBuf, String> = seen.filter_map(input).collect();
    let plan = demanded.plan.iter().flat_map(|plan| &plan.arguments);
    Linked {
        arguments: plan.map(argument).collect(),
        inputs,
    }
}
