//! The command `kiln`: arguments in, exit code out.
//!
//! The only part that knows command lines and terminals. It finds the project ([`place`]), asks [`crate::engine`] for one
//! build ([`build`]), and tells people on stderr and machines on stdout what came of it ([`report`]).

mod args;
mod build;
mod diagnostics;
mod init;
mod messages;
mod place;
mod progress;
mod report;
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
            return if error.use_stderr() { Exit::Usage } else { Exit::Done }.into();
        }
    };
    match arguments.command {
        Command::Build { build, common } => match start(common.directory.as_deref(), common.terminal) {
            Ok((here, terminal)) => build::build(here, &terminal, &common, &build, Goal::Build).exit.into(),
            Err(exit) => exit.into(),
        },
        Command::Check { common } => match start(common.directory.as_deref(), common.terminal) {
            Ok((here, terminal)) => build::build(here, &terminal, &common, &BuildOptions::default(), Goal::Check).exit.into(),
            Err(exit) => exit.into(),
        },
        Command::Run { build, common, arguments } => match start(common.directory.as_deref(), common.terminal) {
            Ok((here, terminal)) => run::run(here, &terminal, &common, &build, &arguments),
            Err(exit) => exit.into(),
        },
        Command::Init { folder, terminal } => match start(None, terminal) {
            Ok((here, terminal)) => init::init(&here, &terminal, &folder).into(),
            Err(exit) => exit.into(),
        },
    }
}

/// Goes to the folder to work in, and looks at the terminal.
fn start(directory: Option<&Utf8Path>, options: TerminalOptions) -> std::result::Result<(NativeHost, Terminal), Exit> {
    enter(directory).and_then(|()| place::here()).map_or_else(
        |error| {
            terminal::write_stderr(&format!("error: {error}\n"));
            Err(error.kind.into())
        },
        |here| {
            let terminal = Terminal::new(options, &here);
            Ok((here, terminal))
        },
    )
}

/// `-C`: the whole process goes there, so that every path on the command line is meant from there.
fn enter(directory: Option<&Utf8Path>) -> Result<()> {
    let Some(directory) = directory else { return Ok(()) };
    rustix::process::chdir(directory.as_std_path())
        .map_err(|error| Error::configuration(format!("cannot change to `{directory}`: {}", std::io::Error::from(error)), None))
}
