//! pkg-config, run under observation: what it says of a package, and all that its answer rests on.
//!
//! It searches for `.pc` files in many places, and an earlier one wins, so that what it did not find counts as much as what it
//! did. Where programs can't be observed, every `.pc` file in its directories counts, which is more than it reads.

use crate::error::{Error, Result};
use crate::host::{Command, Kind, Output};
use crate::link::observed::{self, Given, Habits};
use crate::observe::{Observation, Reader, Role};
use crate::rule::library::Package;
use crate::rule::{Rules, gnu_words};
use camino::{Utf8Path, Utf8PathBuf};
use std::io;

/// Looked for in this order, where PKG_CONFIG names none.
const PROGRAMS: &[&str] = &["pkg-config", "pkgconf"];

/// The variables that it is given are in the entries of these names.
const ENVIRONMENTS: &[&str] = &["pkg-config", "loader", "basics"];

/// The program as it was found, and what it is given.
pub struct Program {
    /// Absolute.
    path: Utf8PathBuf,
    environment: Vec<(String, String)>,
}

/// Looks for the program; `None` if there is none.
pub fn find(reader: &Reader<'_>) -> Result<Option<Program>> {
    const NOTE: &str = "knows where libraries are";
    let chosen = reader
        .variable("PKG_CONFIG", "names the program that knows packages")
        .filter(|name| !name.is_empty());
    let names = match &chosen {
        Some(name) => vec![name.as_str()],
        None => PROGRAMS.to_vec(),
    };
    let mut names = names.into_iter();
    let Some(found) = names.find_map(|name| reader.tool(name, NOTE)) else {
        return Ok(None);
    };
    let host = reader.world().host();
    let root = host
        .real_path(Utf8Path::new("."))
        .map_err(|cause| Error::world("cannot look at the project", ".", cause))?;
    let environment = Rules::shipped()?.common_environment(ENVIRONMENTS);
    let mut given = Given::of_environment(&environment, host);
    // Messages are read by this module, and only in English.
    given.set("LC_ALL", Some("C"));
    for variable in &given.counts {
        reader.record(variable.clone(), Role::Environment, "pkg-config reads it");
    }
    Ok(Some(Program {
        path: root.join(found),
        environment: given.environment,
    }))
}

impl Program {
    /// What it says of a package; the inner error is why there is none.
    pub fn package(
        &self,
        name: &str,
        statically: bool,
        reader: &Reader<'_>,
    ) -> Result<std::result::Result<Package, String>> {
        let version = match self.ask(name, &["--modversion"], reader)? {
            Ok(version) => version.trim().to_owned(),
            Err(why) => return Ok(Err(why)),
        };
        let mut question = vec!["--libs"];
        question.extend(statically.then_some("--static"));
        let libs = match self.ask(name, &question, reader)? {
            Ok(libs) => gnu_words(&libs),
            Err(why) => return Ok(Err(why)),
        };
        let cflags = self.ask(name, &["--cflags"], reader)?;
        Ok(cflags.map(|cflags| Package {
            version,
            libs,
            cflags: gnu_words(&cflags),
        }))
    }

    /// What it prints; the inner error is why it fails.
    fn ask(
        &self,
        package: &str,
        question: &[&str],
        reader: &Reader<'_>,
    ) -> Result<std::result::Result<String, String>> {
        let mut args = vec!["--print-errors".to_owned()];
        args.extend(question.iter().map(|&word| word.to_owned()));
        // Whatever the name is, it is no option.
        args.extend(["--".to_owned(), package.to_owned()]);
        let output = self.run(args, package, reader)?;
        if output.status == Some(0) {
            return match String::from_utf8(output.stdout) {
                Ok(text) => Ok(Ok(text)),
                Err(_) => Ok(Err("what pkg-config prints is not UTF-8".to_owned())),
            };
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if said.contains(&format!("Package {package} was not found")) {
            return Ok(Err(format!("pkg-config knows no package {package}")));
        }
        let line = said.lines().rfind(|line| !line.trim().is_empty());
        Ok(Err(match line {
            Some(line) => format!("pkg-config says: {}", line.trim()),
            None => "pkg-config fails and says nothing".to_owned(),
        }))
    }

    fn run(&self, args: Vec<String>, package: &str, reader: &Reader<'_>) -> Result<Output> {
        let world = reader.world();
        let host = world.shared_host();
        let before = observed::listings(&**host, std::iter::empty());
        let command = Command {
            program: self.path.clone(),
            called: None,
            args,
            env: self.environment.clone(),
        };
        let failed = |cause| Error::world("cannot run pkg-config", self.path.as_path(), cause);
        let observed = match host.observe(&command) {
            Ok(observed) => observed,
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                let output = host.run(&command).map_err(failed)?;
                self.record_all(reader)?;
                return Ok(output);
            }
            Err(error) => return Err(failed(error)),
        };
        let root = host.real_path(Utf8Path::new(".")).map_err(failed)?;
        let taken = host.now();
        let habits = Habits {
            libraries: Some(Vec::new()),
            temporary: Habits::temporary(&**host),
            ..Habits::default()
        };
        let known = |path: &Utf8Path| {
            let (known, taken) = world.known(path)?;
            known.stamp.settled(taken).then_some(known)
        };
        let settled = observed::settled(host, &observed, &root, &habits, &before, &known);
        let settled = settled.map_err(|decline| {
            let message = format!(
                "nobody can say what pkg-config reads: {}",
                decline.message()
            );
            Error::missing(message, decline.remedy())
        })?;
        if let Some(path) = settled.changed.first() {
            return Err(Error::missing(
                format!("{path} was changed while pkg-config read it"),
                "build again",
            ));
        }
        if let Some(output) = settled.outputs.first() {
            return Err(Error::missing(
                format!(
                    "pkg-config wrote the file {}, which nobody asked for",
                    output.path
                ),
                "look at what PKG_CONFIG names",
            ));
        }
        let note = format!("asked pkg-config for {package}");
        for (seen, known) in settled.seen {
            if let (Observation::File { path, .. }, Some((known, _))) = (&seen.observation, known) {
                world.learn(path, known, taken);
            }
            let note = if seen.role == Role::Link {
                &note
            } else {
                &seen.note
            };
            reader.record(seen.observation, seen.role, note);
        }
        Ok(observed.output)
    }

    /// Records all that its answers may rest on, without having seen it work.
    fn record_all(&self, reader: &Reader<'_>) -> Result<()> {
        const NOTE: &str = "pkg-config may read it";
        let world = reader.world();
        let host = world.host();
        let failed = |path: &Utf8Path| {
            let path = path.to_owned();
            move |cause| Error::world("cannot look at what pkg-config reads", path, cause)
        };
        let name = self.path.file_name().unwrap_or_default();
        if !PROGRAMS.contains(&name) {
            return Err(Error::missing(
                format!("programs can't be observed here, and nobody knows what `{name}` reads"),
                "unset PKG_CONFIG, or give the library by `path` or `system`",
            ));
        }
        let real = host.real_path(&self.path).map_err(failed(&self.path))?;
        for path in [&self.path, &real] {
            let read = reader.file(path, Role::Tool, NOTE);
            read.map_err(failed(path))?;
        }
        let question = ["--variable=pc_path", "pkg-config"].map(str::to_owned);
        let command = Command {
            program: self.path.clone(),
            called: None,
            args: question.to_vec(),
            env: self.environment.clone(),
        };
        let built_in = host.run(&command).map_err(failed(&self.path))?;
        let built_in = String::from_utf8_lossy(&built_in.stdout).trim().to_owned();
        let first = host.variable("PKG_CONFIG_PATH").unwrap_or_default();
        let then = host.variable("PKG_CONFIG_LIBDIR").unwrap_or(built_in);
        for folder in first.split(':').chain(then.split(':')) {
            if folder.is_empty() {
                continue;
            }
            let folder = Utf8Path::new(folder);
            let names = reader.list(folder, Role::Link, NOTE);
            for name in names.map_err(failed(folder))?.unwrap_or_default() {
                let path = folder.join(&name);
                let is_file =
                    matches!(host.stat(&path), Ok(Some(stamp)) if stamp.kind == Kind::File);
                if name.ends_with(".pc") && is_file {
                    let read = reader.file(&path, Role::Link, NOTE);
                    read.map_err(failed(&path))?;
                }
            }
        }
        Ok(())
    }
}
