//! Actions: commands of a project's own that make files, run under observation.
//!
//! [`run`] runs one and gives what it made and all that this rests on. The command is given the variables that its rule
//! names and no others. Its outputs are removed before it runs, so that no result can rest on an older one. What it reads
//! within the project without having said so is found by looking, and told.
//! This module knows rules and observations, and nothing of stores, queries or languages.

use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::host::{Bytes, Command, Host, Observed, Output, Stamp};
use crate::link::Decline;
use crate::link::observed::{self, Habits, OutputKind, Settled};
use crate::observe::{Observation, Reader, Role};
use crate::rule::{ActionRule, Environment, VariableRole};
use camino::{Utf8Path, Utf8PathBuf};
use std::io;
use std::sync::Arc;

/// One action as it is to be run.
#[derive(Clone, Copy, Debug)]
pub struct Action<'a> {
    pub name: &'a str,
    pub rule: &'a ActionRule,
    pub environment: &'a Environment,
    /// The files that `inputs` stands for.
    pub inputs: &'a [Utf8PathBuf],
    /// Where the state of the project lies: no file of the project.
    pub state: &'a Utf8Path,
}

/// A command that ran to its end.
#[derive(Debug)]
pub struct Ran {
    pub success: bool,
    /// All that it said.
    pub messages: String,
    /// Its declared outputs, in order; empty where it failed.
    pub outputs: Vec<Made>,
    /// Files of the project that it read and `inputs` does not name.
    pub undeclared: Vec<Utf8PathBuf>,
    /// Files that it made and `outputs` does not name.
    pub others: Vec<Utf8PathBuf>,
    pub kept: Kept,
}

/// A file that an action made.
#[derive(Clone, Debug)]
pub struct Made {
    pub path: Utf8PathBuf,
    pub digest: Digest,
    pub stamp: Stamp,
    pub bytes: Bytes,
}

/// Whether what was recorded in the reader is all that the outputs rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    Recorded,
    Declined(Decline),
    /// Others changed these while it ran.
    Changed(Vec<Utf8PathBuf>),
}

/// Runs an action. All that its result rests on is recorded in `reader`, where that can be known.
///
/// # Errors
/// If the program is not there, if it leaves an output unmade, or if the world fails. That it fails is no error.
pub fn run(action: Action<'_>, reader: &Reader<'_>) -> Result<Ran> {
    let host = reader.world().shared_host();
    let root = host
        .real_path(Utf8Path::new("."))
        .map_err(|cause| Error::world("cannot find the project", ".", cause))?;
    let input = action.inputs.first().map_or("", |path| path.as_str());
    // A name that a pattern found could be taken for an option, or for a file of options.
    let words = match input.starts_with(['-', '@']) {
        true => action.rule.words(&format!("./{input}")),
        false => action.rule.words(input),
    };
    let (command, search) = command(action, &words, &root, reader)?;
    for output in &action.rule.outputs {
        let path = Utf8Path::new(output);
        let folder = path.parent().filter(|folder| !folder.as_str().is_empty());
        let made = folder.map_or(Ok(()), |folder| host.make_directory(folder));
        made.and_then(|()| host.remove(path)).map_err(|cause| {
            Error::world("an old output of an action cannot be removed", path, cause)
        })?;
    }
    let named = words.iter().map(String::as_str);
    let before = observed::listings(
        &**host,
        named.chain(action.rule.outputs.iter().map(String::as_str)),
    );
    let failed = |cause| {
        let doing = format!("the action `{}` cannot be run", action.name);
        Error::world(doing, command.program.as_path(), cause)
    };
    let (output, observed) = match host.observe(&command) {
        Ok(mut observed) => (std::mem::take(&mut observed.output), Ok(observed)),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            (host.run(&command).map_err(failed)?, Err(error))
        }
        Err(error) => return Err(failed(error)),
    };
    let mut ran = Ran {
        success: output.status == Some(0),
        messages: said(&output),
        outputs: Vec::new(),
        undeclared: Vec::new(),
        others: Vec::new(),
        kept: Kept::Recorded,
    };
    if let Some(signal) = output.signal {
        ran.messages
            .push_str(&format!("{}: ended by signal {signal}\n", words[0]));
    }
    if !ran.success {
        return Ok(ran);
    }
    ran.outputs = outputs(action, &**host)?;
    match observed {
        Ok(mut observed) => {
            observed.events.retain(|event| {
                let path = event.path.strip_prefix(&root).unwrap_or(&event.path);
                !action.rule.is_scratch(path.as_str())
            });
            let habits = Habits {
                temporary: Habits::temporary(&**host),
                search,
                unknown: action.rule.times,
                ..Habits::default()
            };
            keep(&mut ran, action, &root, &observed, &habits, &before, reader);
        }
        Err(error) => {
            let problem = error.to_string();
            ran.kept = Kept::Declined(Decline::Unobservable { problem });
        }
    }
    Ok(ran)
}

/// What is run, and the variables that count by what is found in their directories.
fn command(
    action: Action<'_>,
    words: &[String],
    root: &Utf8Path,
    reader: &Reader<'_>,
) -> Result<(Command, Vec<String>)> {
    let host = reader.world().host();
    let note = format!("the action `{}`", action.name);
    let name = words.first().map_or("", String::as_str);
    let program = reader.tool(name, &note).ok_or_else(|| {
        let message = format!(
            "the action `{}` runs `{name}`, which was not found",
            action.name
        );
        let remedy = format!("install it, or correct `command` in {}", action.rule.place);
        Error::missing(message, remedy)
    })?;
    let (mut env, mut search) = (Vec::new(), Vec::new());
    for (name, _) in action.environment.given() {
        if let Some(value) = host.variable(name) {
            env.push((name.to_owned(), value));
        }
    }
    for (name, variable) in action.environment.recorded() {
        if variable.role == VariableRole::SearchPath && name == "PATH" {
            search.push(name.to_owned());
            continue;
        }
        let observation = Observation::variable(name, host.variable(name));
        reader.record(observation, Role::Environment, &note);
    }
    let command = Command {
        program: root.join(program),
        called: Some(name.to_owned()),
        args: words.iter().skip(1).cloned().collect(),
        env,
    };
    Ok((command, search))
}

/// What it said, whichever way it came.
fn said(output: &Output) -> String {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&said).into_owned()
}

/// The declared outputs, which have to be there now.
fn outputs(action: Action<'_>, host: &dyn Host) -> Result<Vec<Made>> {
    let mut made = Vec::with_capacity(action.rule.outputs.len());
    for output in &action.rule.outputs {
        let path = Utf8PathBuf::from(output.as_str());
        let unreadable = |cause| {
            Error::world(
                "an output of an action cannot be read",
                path.as_path(),
                cause,
            )
        };
        let stamp = host.stat(&path).map_err(unreadable)?;
        let Some(stamp) = stamp.filter(|stamp| stamp.kind == crate::host::Kind::File) else {
            let message = format!("the action `{}` did not make {path}", action.name);
            let remedy = format!(
                "have it write that file, or correct `outputs` in {}",
                action.rule.place
            );
            return Err(Error::configuration(message, Some(remedy)));
        };
        // Bytes that are mapped would be gone with the file's next writer.
        let bytes = Bytes::from(host.read(&path).map_err(unreadable)?.to_vec());
        made.push(Made {
            digest: Digest::of(&bytes),
            path,
            stamp,
            bytes,
        });
    }
    Ok(made)
}

/// Fills in what the run rests on, and what of it nobody had declared.
fn keep(
    ran: &mut Ran,
    action: Action<'_>,
    root: &Utf8Path,
    observed: &Observed,
    habits: &Habits,
    before: &observed::Listings,
    reader: &Reader<'_>,
) {
    let world = reader.world();
    let host: &Arc<dyn Host> = world.shared_host();
    let known = |path: &Utf8Path| {
        let (known, taken) = world.known(path)?;
        known.stamp.settled(taken).then_some(known)
    };
    let taken = host.now();
    let settled = match observed::settled(host, observed, root, habits, before, &known) {
        Ok(settled) => settled,
        Err(decline) => {
            ran.kept = Kept::Declined(decline);
            return;
        }
    };
    let Settled {
        seen,
        outputs,
        changed,
    } = settled;
    let within = |path: &Utf8Path| path.strip_prefix(root).unwrap_or(path).to_owned();
    for output in outputs {
        let path = within(&output.path);
        let declared = action.rule.outputs.iter().any(|known| *known == path);
        if !declared && !matches!(output.kind, OutputKind::Directory) {
            ran.others.push(path);
        }
    }
    if !changed.is_empty() {
        ran.kept = Kept::Changed(changed);
        return;
    }
    let note = format!("the action `{}`", action.name);
    for (seen, known) in seen {
        if let Observation::File { path, .. } = &seen.observation {
            if let Some((known, _)) = known {
                world.learn(path, known, taken);
            }
            let path = within(path);
            let of_project =
                path.is_relative() && !path.starts_with("..") && !path.starts_with(action.state);
            if of_project && !action.inputs.contains(&path) && !is_program(&path, action) {
                ran.undeclared.push(path);
            }
        }
        reader.record(seen.observation, Role::Action, &note);
    }
    ran.undeclared.sort();
    ran.undeclared.dedup();
}

/// The program of the command need not be listed: it is there for all to see.
fn is_program(path: &Utf8Path, action: Action<'_>) -> bool {
    let program = action.rule.command.first().map_or("", String::as_str);
    path == program.strip_prefix("./").unwrap_or(program)
}
