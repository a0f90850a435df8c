//! What a program that ran under observation did to files, call by call.
//!
//! This module knows no operating system: how the calls are seen is the business of a host.

use super::{Kind, Output, Stamp};
use camino::{Utf8Path, Utf8PathBuf};

/// A program that ran to its end, and what it and all of its children did.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    pub output: Output,
    /// In the order in which the calls were seen.
    pub events: Vec<Event>,
    /// What could not be seen, one sentence each; with any of these, nobody can say what the result rests on.
    pub gaps: Vec<String>,
}

impl Observed {
    /// The programs that ran, as they were spelled, each once, in the order in which they began.
    pub fn programs(&self) -> Vec<&Utf8Path> {
        let mut programs: Vec<&Utf8Path> = Vec::new();
        for event in &self.events {
            if matches!(event.access, Access::Executed(_)) && !programs.contains(&&*event.path) {
                programs.push(&event.path);
            }
        }
        programs
    }
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// As the program spelled it: relative to the directory of the host, or absolute. Relative to the directory that the
    /// process was in, and so absolute, where that was another one.
    pub path: Utf8PathBuf,
    pub access: Access,
}

/// What was done with a path. Where the world was looked at, what the program found there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Opened for reading.
    Read(Stamp),
    /// Opened as a directory, or listed.
    Listed(Stamp),
    /// Looked at without being opened; `None` if nothing was there, also where an open found nothing.
    Probed(Option<Stamp>),
    /// A symbolic link was read as such; `None` if there was none, and then the next event is what was there instead.
    Link(Option<Utf8PathBuf>),
    /// Something was there and could not be had; [`Kind::Other`] also where its kind could not be had either.
    Denied(Kind),
    /// Run as a program, also as the interpreter that a script names.
    Executed(Stamp),
    /// Loaded by the system to run a program: the dynamic loader that the program names.
    Loaded(Stamp),
    /// Mapped into memory to be run, after it was opened: a library, or a plugin. The path is the real one.
    Mapped(Stamp),
    /// Opened for writing, created, or made by linking. What was there before, if anything: `kept` if its bytes were
    /// there to be read by the program, and not cut off by the opening.
    Written { before: Option<Stamp>, kept: bool },
    /// A directory was made.
    Made,
    /// Removed.
    Removed,
    /// Renamed to another place, whatever was there before.
    Renamed { to: Utf8PathBuf },
}
