//! `kiln run`: builds a program, then becomes it.

use super::Exit;
use super::args::{BuildOptions, Common};
use super::build;
use super::terminal::Terminal;
use crate::engine::Goal;
use crate::host::NativeHost;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::ExitCode;

/// Builds, then replaces this process by the program: its input, output, signals and exit code are its own.
pub fn run(
    here: NativeHost,
    terminal: &Terminal,
    common: &Common,
    options: &BuildOptions,
    arguments: &[OsString],
) -> ExitCode {
    let built = build::build(here, terminal, common, options, Goal::Build);
    let (Exit::Done, Some(program), false) = (built.exit, built.program, common.dry_run) else {
        return built.exit.into();
    };
    // The engine runs tools with an environment it has recorded; the user's program gets the user's environment.
    #[allow(clippy::disallowed_methods, clippy::disallowed_types)]
    let failure = std::process::Command::new(&program).args(arguments).exec();
    terminal.error(&format!("cannot run {program}: {failure}"), None);
    Exit::World.into()
}
