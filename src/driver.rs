//! The command `kiln`: arguments in, exit code out.
//!
//! The only part that knows command lines and terminals. It finds the project ([`place`]), asks [`crate::engine`] for one
//! build ([`build`]), and tells people on stderr and machines on stdout what came of it ([`report`]).

mod args;
mod build;
mod diagnostics;
mod doctor;
mod explain;
mod files;
mod graph;
mod init;
mod link;
mod log;
mod messages;
mod place;
mod progress;
mod report;
mod rules;
mod run;
mod summary;
mod terminal;

use crate::engine::Goal;
use crate::error::{Error, ErrorKind, Result};
use crate::host::NativeHost;
use args::{Arguments, BuildOptions, Command, TerminalOptions};
use camino::Utf8Path;
use clap::Parser;
use std::process::ExitCode;
use terminal::Terminal;

/// What a command ends with. The program that `kiln run` ran has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or current.
    Done = 0,
    /// The program is wrong.
    Program = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// The world failed: the disk, a tool, the store.
    World = 3,
    /// `--expect-current`, and something would run.
    Stale = 4,
}

impl Exit {
    /// This, unless all went well and something else did not.
    fn or(self, other: Self) -> Self {
        match self {
            Self::Done => other,
            failed => failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Configuration => Self::Usage,
            ErrorKind::World => Self::World,
        }
    }
}

/// Runs the command that the arguments of this process ask for.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and the version are errors to the parser, and go to stdout. A closed pipe is nobody's fault.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            }
            .into();
        }
    };
    let (here, terminal) = match start(arguments.directory.as_deref(), arguments.terminal) {
        Ok(started) => started,
        Err(error) => {
            terminal::write_stderr(&format!("error: {error}\n"));
            return Exit::from(error.kind).into();
        }
    };
    match arguments.command {
        Command::Build { build, common } => {
            build::build(here, &terminal, &common, &build, Goal::Build)
                .exit
                .into()
        }
        Command::Check { common } => build::build(
            here,
            &terminal,
            &common,
            &BuildOptions::default(),
            Goal::Check,
        )
        .exit
        .into(),
        Command::Run {
            build,
            common,
            arguments,
        } => run::run(here, &terminal, &common, &build, &arguments),
        Command::Explain { options } => explain::explain(here, &terminal, &options).into(),
        Command::Graph { options } => graph::graph(here, &terminal, &options).into(),
        Command::Link { options } => link::link(here, &options),
        Command::Init { folder } => init::init(&here, &terminal, &folder).into(),
        Command::Doctor { options } => doctor::doctor(here, &terminal, &options).into(),
        Command::Rules { command } => rules::rules(here, &terminal, &command).into(),
    }
}

/// Goes to the folder to work in, and looks at the terminal. `-C` moves the whole process, so that every path on the
/// command line is meant from there.
fn start(directory: Option<&Utf8Path>, options: TerminalOptions) -> Result<(NativeHost, Terminal)> {
    if let Some(directory) = directory {
        rustix::process::chdir(directory.as_std_path()).map_err(|error| {
            Error::configuration(
                format!(
                    "cannot change to `{directory}`: {}",
                    std::io::Error::from(error)
                ),
                None,
            )
        })?;
    }
    let here = place::here()?;
    let terminal = Terminal::new(options, &here);
    Ok((here, terminal))
}
