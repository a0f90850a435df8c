//! Compiling one file by a program of its own: what it is told, what it says, and all that its object rests on.
//!
//! [`compile`] runs the compiler once, under observation. There is no separate run of a preprocessor: gcc takes a quarter
//! to 45 % of the time of a whole compilation for it (16 of 56 ms for a file of 60 lines, 38 of 82 ms for one of Lua's with
//! the system's headers, `-O1` and `-O0`), and after a changed comment in a header it would have to run for each file that
//! includes it. Instead each file that the compiler read counts by its text, as its rule reads it: what of it are no
//! comments ([`Text`]). After a changed comment the header is read once, whoever includes it, and nothing runs. What that
//! costs: an edit that the preprocessor would have thrown away, such as a macro that nobody uses, compiles; the object is
//! then what it was, and nothing is linked.
//!
//! Files that are no texts, programs, libraries that these load, probes that found nothing, directories and variables count
//! as for an observed link. This module knows rules and observations, and nothing of stores or queries, and no language.

mod given;
mod keep;
mod read;

pub use read::{Texts, UnitRead};

use crate::error::{Error, Result};
use crate::host::{Bytes, Command, Output};
use crate::observe::{Reader, Role};
use crate::rule::{CompilerRule, Definitions, Rules, UnitWords};
use camino::{Utf8Path, Utf8PathBuf};
use given::Given;
use serde::{Deserialize, Serialize};
use std::io;

/// One file to compile, with all that it is compiled by besides what is on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Relative to the project, or absolute.
    pub source: Utf8PathBuf,
    /// The name of its compiler's rule.
    pub compiler: String,
    /// Another program than the rule names.
    pub tool: Option<String>,
    pub include: Vec<Utf8PathBuf>,
    pub defines: Definitions,
    pub flags: Vec<String>,
    /// For a shared library.
    pub position_independent: bool,
    /// Optimised for speed.
    pub speed: bool,
    /// The library that it is of, if it is not the program's own.
    pub library: Option<String>,
}

impl Unit {
    /// The arguments of its compiler. Without an `object` it is only checked.
    pub fn arguments(&self, rule: &CompilerRule, object: Option<&Utf8Path>) -> Vec<String> {
        // A name could be taken for an option, or for a file of options.
        let source = match self.source.as_str().starts_with(['-', '@']) {
            true => Utf8Path::new(".").join(&self.source),
            false => self.source.clone(),
        };
        let words = UnitWords {
            source: source.as_str(),
            object: object.map_or("", Utf8Path::as_str),
            include: &self.include,
            defines: &self.defines,
            flags: &self.flags,
            position_independent: self.position_independent,
            speed: self.speed,
        };
        let templates = match object {
            Some(_) => &rule.compile,
            None => &rule.check,
        };
        rule.arguments(templates, &words)
    }

    /// Refuses flags by which something else would be made.
    ///
    /// # Errors
    /// With the first of them.
    pub fn check_flags(&self, rule: &CompilerRule) -> Result<()> {
        for flag in &self.flags {
            if let Some(refused) = rule.refuses(flag) {
                let message = format!("the flag `{flag}` cannot be used: {}", refused.why);
                return Err(Error::configuration(message, Some(refused.remedy.clone())));
            }
        }
        Ok(())
    }

    /// The program that compiles it, as it is found in `PATH`; every look is recorded.
    ///
    /// # Errors
    /// If there is none.
    pub fn tool(&self, rule: &CompilerRule, reader: &Reader<'_>) -> Result<Utf8PathBuf> {
        let note = format!("the compiler for {}", rule.title);
        let names = self
            .tool
            .as_ref()
            .map_or(&rule.tools[..], std::slice::from_ref);
        let mut found = names.iter().filter_map(|name| reader.tool(name, &note));
        let path = found.next().ok_or_else(|| {
            let remedy = format!(
                "install one, for example with `apt-get install gcc g++`, or name one: [compile.tools] {} = \"…\"",
                self.compiler
            );
            let message = format!("no compiler for {} was found: {}", rule.title, names.join(", "));
            Error::missing(message, remedy)
        })?;
        if path.is_absolute() {
            return Ok(path);
        }
        let host = reader.world().host();
        let root = host.real_path(Utf8Path::new("."));
        root.map(|root| root.join(&path))
            .map_err(|cause| Error::world("cannot find the compiler", path, cause))
    }
}

/// What came of a compilation.
#[derive(Debug)]
pub struct Compiled {
    /// `None`: the file is wrong, or was only checked.
    pub object: Option<Bytes>,
    pub success: bool,
    /// All that the compiler said, as it said it.
    pub messages: String,
    /// All that the result rests on.
    pub reads: Vec<UnitRead>,
    pub kept: Kept,
}

/// Whether `reads` is all that the result rests on, so that it may be taken for current later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    Recorded,
    Declined(Unrecorded),
    /// Others changed these while the compiler ran.
    Changed(Vec<Utf8PathBuf>),
}

/// Why a result is not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrecorded {
    /// A sentence without a full stop.
    pub message: String,
    pub remedy: String,
}

/// Compiles a unit; without `object`, a path where the object may lie for a moment, it is only checked.
///
/// # Errors
/// If there is no compiler, or if the world fails. That the file is wrong is no error.
pub fn compile(
    unit: &Unit,
    rules: &Rules,
    object: Option<&Utf8Path>,
    texts: &dyn Texts,
    reader: &Reader<'_>,
) -> Result<Compiled> {
    let rule = &rules.compilers[&unit.compiler];
    let world = reader.world();
    let host = world.shared_host();
    let program = unit.tool(rule, reader)?;
    let given = Given::of(&rules.compiler_environment(&unit.compiler), &**host);
    for variable in &given.counts {
        reader.record(variable.clone(), Role::Environment, "the compiler reads it");
    }
    if let Some(object) = object {
        let folder = object.parent().unwrap_or(Utf8Path::new("."));
        let made = host
            .make_directory(folder)
            .and_then(|()| host.remove(object));
        made.map_err(|cause| Error::world("the object cannot be made", object, cause))?;
    }
    let command = Command {
        program: program.clone(),
        called: None,
        args: unit.arguments(rule, object),
        env: given.environment.clone(),
    };
    let failed = |cause| Error::world("cannot run the compiler", program.as_path(), cause);
    let (output, observed) = match host.observe(&command) {
        Ok(mut observed) => (std::mem::take(&mut observed.output), Ok(observed)),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            (host.run(&command).map_err(failed)?, Err(error))
        }
        Err(error) => return Err(failed(error)),
    };
    let messages = said(&output);
    if let Some(signal) = output.signal {
        let cause = io::Error::other(format!("it was ended by signal {signal}\n{messages}"));
        return Err(Error::world(
            "the compiler broke down",
            unit.source.as_path(),
            cause,
        ));
    }
    let success = output.status == Some(0);
    let bytes = match object {
        Some(object) if success => {
            let read = host.read(object).and_then(|bytes| {
                // Bytes that are mapped would be gone with the file's next writer.
                let bytes = Bytes::from(bytes.to_vec());
                host.remove(object).map(|()| bytes)
            });
            Some(read.map_err(|cause| Error::world("the compiler left no object", object, cause))?)
        }
        Some(object) => {
            // It may have failed since nobody may write there, or since the disk is full: that is not the source's fault.
            let tried = host.replace(object, &[0; 1 << 14], 0o644);
            // Some leave a part of it.
            let _ = host.remove(object);
            tried.map_err(|cause| Error::world("the object cannot be made", object, cause))?;
            None
        }
        None => None,
    };
    let mut compiled = Compiled {
        object: bytes,
        success,
        messages,
        reads: Vec::new(),
        kept: Kept::Recorded,
    };
    match observed {
        _ if !success => {}
        Ok(observed) => keep::keep(
            &mut compiled,
            &keep::Run {
                unit,
                rule,
                object,
                texts,
                given: &given,
                observed: &observed,
            },
            reader,
        )?,
        Err(error) => {
            compiled.kept = Kept::Declined(Unrecorded {
                message: format!("what the compiler reads can't be observed here: {error}"),
                remedy: "run on Linux 5.9 or later, where seccomp is not forbidden".to_owned(),
            });
        }
    }
    Ok(compiled)
}

/// Errors and warnings, whichever way they came.
fn said(output: &Output) -> String {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&said).into_owned()
}
