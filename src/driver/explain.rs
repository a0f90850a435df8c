//! `kiln explain`: why the last builds ran what they ran, what differed between two, and what a result rests on.

mod library;
pub mod page;

use super::Exit;
use super::args::{ExplainFormat, ExplainOptions, Recorded};
use super::place::{self, Around};
use super::terminal::{Terminal, paint_changes, write_stdout};
use super::{build, messages};
use crate::engine::{Engine, Request, Target};
use crate::error::{Error, Result};
use crate::explain::text::{self, Limits};
use crate::explain::{AskedBy, Build, Difference, dot, html};
use crate::history::Builds;
use crate::host::{Host, NativeHost};
use std::io::IsTerminal;

/// Tells on stdout what was asked for.
pub fn explain(here: NativeHost, terminal: &Terminal, options: &ExplainOptions) -> Exit {
    if let Some(command) = &options.command {
        return library::explain(here, terminal, command);
    }
    match tell(here, terminal, options) {
        Ok(()) => Exit::Done,
        Err(error) => {
            terminal.error(&error.to_string(), error.remedy.as_deref());
            error.kind.into()
        }
    }
}

fn tell(here: NativeHost, terminal: &Terminal, options: &ExplainOptions) -> Result<()> {
    let (Around { host, working }, engine) =
        build::around(here, terminal, options.recorded.cache_dir.as_ref())?;
    let history = engine.history();
    let told = Told {
        engine: &engine,
        request: &asked_last(&history, &options.recorded),
        options,
        now: host.now() / 1_000_000,
        limits: if options.all {
            Limits::ALL
        } else {
            Limits::ASKED
        },
    };
    for damage in &history.damage {
        let remedy =
            "remove the file to forget all builds; those to come are recorded all the same";
        terminal.warning(
            &format!("a recorded build is left out: {damage}"),
            Some(remedy),
        );
    }
    let text = told.text(&history)?;
    if let Some(output) = &options.output {
        return page::write(
            &*host,
            &place::as_seen_from(host.root(), &working, output),
            text.as_bytes(),
        );
    }
    // A module is named as seen from the project, wherever the command runs.
    let color = terminal.color && std::io::stdout().is_terminal();
    write_stdout(&paint_changes(&text, color));
    Ok(())
}

/// The build whose artifacts are meant: as the last one was asked for, unless the command line says otherwise.
pub fn asked_last(history: &Builds, options: &Recorded) -> Request {
    let goal = |build: &&Build| build.asked.goal == "build";
    let last = history.builds.iter().rev().find(goal);
    let last = last.map(|build| &build.asked);
    let target = match (&options.executable, last) {
        (Some(name), _) => Target::Executable(name.clone()),
        (None, None) => Target::Default,
        (None, Some(asked)) => match asked.by {
            AskedBy::Default => Target::Default,
            AskedBy::Executable => Target::Executable(asked.name.clone()),
            AskedBy::File => Target::File(asked.name.as_str().into()),
        },
    };
    let same = last.filter(|_| options.executable.is_none() && !options.release);
    Request {
        output: same.and_then(|asked| asked.wanted_output.clone()),
        release: options.release || same.is_some_and(|asked| asked.profile == "release"),
        options: same.map(|asked| asked.set.clone()).unwrap_or_default(),
        ..Request::new(target)
    }
}

struct Told<'t> {
    engine: &'t Engine,
    request: &'t Request,
    options: &'t ExplainOptions,
    /// Milliseconds since 1970.
    now: i64,
    limits: Limits,
}

impl Told<'_> {
    fn text(&self, history: &Builds) -> Result<String> {
        self.has_form()?;
        let json = self.options.format == ExplainFormat::Json;
        if self.options.list {
            return Ok(match json {
                true => history.builds.iter().map(messages::build).collect(),
                false => text::builds(&history.builds, self.now),
            });
        }
        if !self.options.diff.is_empty() {
            return self.difference(history, json);
        }
        if let Some(artifact) = &self.options.artifact {
            return self.artifact(history, artifact, json);
        }
        let build = self.counted_back(history)?;
        Ok(match self.options.format {
            ExplainFormat::Json => messages::recorded(build),
            ExplainFormat::Text => text::build(build, self.now, self.limits),
            ExplainFormat::Html => html::page(build),
            ExplainFormat::Dot => dot::digraph(&build.outcome, self.options.all),
        })
    }

    /// A page and a graph are of one whole build.
    fn has_form(&self) -> Result<()> {
        let form = match self.options.format {
            ExplainFormat::Text | ExplainFormat::Json => return Ok(()),
            ExplainFormat::Html => "html",
            ExplainFormat::Dot => "dot",
        };
        let asked = match (&self.options.artifact, self.options.list) {
            (Some(_), _) => "an ARTIFACT",
            (None, true) => "--list",
            (None, false) if !self.options.diff.is_empty() => "--diff",
            (None, false) => return Ok(()),
        };
        Err(Error::configuration(
            format!(
                "--format {form} tells of one whole build, and there is no such form for {asked}"
            ),
            Some("use --format text or json, or choose a build with --last N".to_owned()),
        ))
    }

    /// The last build, or an earlier one.
    fn counted_back<'b>(&self, history: &'b Builds) -> Result<&'b Build> {
        let back = self.options.last.map_or(1, std::num::NonZeroUsize::get);
        let at = history.builds.len().checked_sub(back);
        at.map(|at| &history.builds[at]).ok_or_else(|| {
            let kept = text::count(history.builds.len(), "build");
            let (message, remedy) = match history.builds.len() {
                0 => (
                    "no build is recorded yet".to_owned(),
                    "build first: `kiln build`",
                ),
                _ => (
                    format!("only {kept} are recorded"),
                    "`kiln explain --list` lists them",
                ),
            };
            Error::configuration(message, Some(remedy.to_owned()))
        })
    }

    fn difference(&self, history: &Builds, json: bool) -> Result<String> {
        let find = |number: u64| {
            let found = history
                .builds
                .iter()
                .position(|build| build.number == number);
            found.ok_or_else(|| {
                let message = format!("build {number} is not recorded, or no more");
                let remedy = "`kiln explain --list` lists those that are";
                Error::configuration(message, Some(remedy.to_owned()))
            })
        };
        let (old, new) = match self.options.diff[..] {
            [old, new] => (find(old)?, find(new)?),
            [new, ..] => {
                let new = find(new)?;
                let older = history.builds[..new].iter();
                let asked = |build: &Build| build.asked == history.builds[new].asked;
                let old = older.rev().position(asked).ok_or_else(|| {
                    let message =
                        format!("there is no build like {} before it", self.options.diff[0]);
                    Error::configuration(message, Some("name two builds".to_owned()))
                })?;
                (new - 1 - old, new)
            }
            [] => return Ok(String::new()),
        };
        let difference = Difference::between(&history.builds[old], &history.builds[new]);
        Ok(match json {
            true => messages::difference(&difference),
            false => text::difference(&difference, self.limits),
        })
    }

    /// Why something ran in the build that is meant; where it did not, what it rests on.
    fn artifact(&self, history: &Builds, artifact: &str, json: bool) -> Result<String> {
        let mut out = String::new();
        let mut newest_first = history.builds.iter().rev();
        let ran = match self.options.last {
            Some(_) => Some(self.counted_back(history)?),
            None => newest_first.find(|build| text::part(build, artifact, self.limits).is_some()),
        };
        if !json && let Some(build) = ran {
            match text::part(build, artifact, self.limits) {
                Some(part) => {
                    let since = text::ago(std::time::Duration::from_millis(
                        u64::try_from(self.now - build.time).unwrap_or(0),
                    ));
                    out.push_str(&format!(
                        "{artifact} last ran in build {}, {since}\n{part}\n",
                        build.number
                    ));
                }
                None => out.push_str(&format!(
                    "{artifact} did not run in build {}\n\n",
                    build.number
                )),
            }
        }
        let standing = self.engine.standing(self.request, artifact);
        match standing {
            Ok(standing) if json => {
                out.push_str(&messages::standing(
                    &standing,
                    ran.map(|build| build.number),
                ));
            }
            Ok(standing) => out.push_str(&text::standing(&standing, self.limits)),
            // A module that is no more may still have run.
            Err(error) if out.is_empty() => return Err(error),
            Err(_) => {}
        }
        Ok(out)
    }
}
