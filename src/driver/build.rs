//! `kiln build` and `kiln check`: one request to the engine, and the report of its outcome.

use super::args::{BuildOptions, Common, Explain};
use super::explain::page;
use super::place::{self, Around, Place};
use super::progress::Bar;
use super::report::Report;
use super::terminal::Terminal;
use super::{Exit, files};
use crate::engine::{Engine, Failure, Goal, Request, Target};
use crate::error::Result;
use crate::host::{Host, NativeHost};
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// What is left of a build when it has been reported.
pub struct Built {
    pub exit: Exit,
    /// The program, absolute, if it is in place and current.
    pub program: Option<Utf8PathBuf>,
}

/// Builds what the arguments ask for, from the folder `here`, and reports it.
pub fn build(
    here: NativeHost,
    terminal: &Terminal,
    common: &Common,
    options: &BuildOptions,
    goal: Goal,
) -> Built {
    let began = here.now();
    let report = Report::new(terminal, common, goal, began);
    let working = here.root().to_owned();
    let Place { host, target } = match place::find(here, common) {
        Ok(place) => place,
        Err(error) => {
            return Built {
                exit: report.nowhere(&error),
                program: None,
            };
        }
    };
    let seen = |path: &Utf8PathBuf| place::as_seen_from(host.root(), &working, path);
    let (request, cache) = asked(&*host, common, options, goal, target, &seen);

    let bar = Bar::new(terminal, common.jobs, goal);
    let mut folder = None;
    let engine = engine(&host, &bar, cache).map_err(Failure::Error);
    let mut explained = None;
    let (result, verified) = match engine {
        Ok(engine) => {
            let result = engine.build(&request);
            folder = common.timings.is_some().then(|| engine.folder());
            if common.explain == Some(Explain::Html) {
                explained = Some(page::written(&engine, &*host, began, &result));
            }
            let seed = host.now().unsigned_abs();
            let verify = common.verify.filter(|_| result.is_ok());
            let verified = verify.map(|percent| engine.verify(&request, percent, seed));
            (result, verified)
        }
        Err(failure) => (Err(failure), None),
    };
    bar.finish();

    let mut exit = report.result(&*host, &result, verified.as_ref());
    let files = files::Files {
        host: &*host,
        terminal,
        seen: &seen,
        folder,
        took: report.took(&*host),
    };
    if let Err(error) = files.write(common, goal, &result) {
        terminal.error(&error.to_string(), error.remedy.as_deref());
        exit = exit.or(error.kind.into());
    }
    if let Some(written) = explained {
        let shown = |path: &Utf8Path| {
            let path = host.root().join(path);
            path.strip_prefix(&working)
                .map_or(path.clone(), Utf8Path::to_owned)
        };
        if !page::tell(terminal, &written, &shown) {
            exit = exit.or(Exit::World);
        }
    }
    // What is wrong is not to be run.
    if verified.is_some() && exit != Exit::Done {
        return Built {
            exit,
            program: None,
        };
    }
    let output = result.ok().and_then(|outcome| outcome.output);
    Built {
        exit,
        program: output.map(|output| host.root().join(output)),
    }
}

/// What the arguments ask the engine for, and where they say that results are stored; `seen` spells their paths as the
/// engine does.
fn asked(
    host: &dyn Host,
    common: &Common,
    options: &BuildOptions,
    goal: Goal,
    target: Target,
    seen: &dyn Fn(&Utf8PathBuf) -> Utf8PathBuf,
) -> (Request, Option<Utf8PathBuf>) {
    let request = Request {
        output: options.output.as_ref().map(seen),
        release: options.release,
        options: common.set.iter().cloned().collect(),
        goal,
        cache: !common.no_cache,
        compile_commands: options.compile_commands.as_ref().map(seen),
        dry_run: common.dry_run || common.expect_current,
        ..Request::new(target)
    };
    (request, cache(host, common.cache_dir.as_ref(), seen))
}

/// Where results are stored, if the command line or the environment says so.
pub fn cache(
    host: &dyn Host,
    given: Option<&Utf8PathBuf>,
    seen: &dyn Fn(&Utf8PathBuf) -> Utf8PathBuf,
) -> Option<Utf8PathBuf> {
    let variable = || {
        host.variable("KILN_CACHE_DIR")
            .filter(|dir| !dir.is_empty())
            .map(Utf8PathBuf::from)
    };
    given.cloned().or_else(variable).as_ref().map(seen)
}

/// The project around the current directory and its engine, for whoever asks about builds and makes none.
pub fn around(
    here: NativeHost,
    terminal: &Terminal,
    cache_dir: Option<&Utf8PathBuf>,
) -> Result<(Around, Engine)> {
    let around = place::around(here)?;
    let host = &around.host;
    let seen = |path: &Utf8PathBuf| place::as_seen_from(host.root(), &around.working, path);
    let cache = cache(&**host, cache_dir, &seen);
    let engine = engine(host, &Bar::new(terminal, None, Goal::Build), cache)?;
    Ok((around, engine))
}

/// The engine with everything that is compiled into this command.
pub fn engine(host: &Arc<NativeHost>, bar: &Bar, cache: Option<Utf8PathBuf>) -> Result<Engine> {
    let builder = Engine::builder(Arc::clone(host) as Arc<dyn Host>)
        .progress(Arc::new(bar.clone()))
        .last_build();
    #[cfg(feature = "typescript")]
    let builder = builder.frontend(crate::frontend::typescript::TypeScript);
    let builder = builder.linker(crate::link::Linkers);
    match cache {
        Some(cache) => builder.cache(cache).build(),
        None => builder.build(),
    }
}
