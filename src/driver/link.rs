//! `kiln link -- COMMAND`: hands a link command to [`crate::launch`], and is as quiet about it as if it were the command.
//!
//! Prints nothing of its own but that a command can't be started; `KILN_LOG_JSON` names a file for everything else.

use super::args::LinkOptions;
use super::log::LogLine;
use super::terminal::write_stderr;
use crate::host::{Host, NativeHost};
use crate::launch::{Cache, LIMIT, Launched, Request, launch};
use crate::link::Decline;
use camino::Utf8PathBuf;
use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::ExitCode;
use std::sync::Arc;

/// Runs the command, or says again what it said; becomes the command where Kiln can't help.
pub fn link(here: NativeHost, options: &LinkOptions) -> ExitCode {
    let log = LogLine::begin(&here);
    let directory = here.root().to_owned();
    let host: Arc<dyn Host> = Arc::new(here);
    let launched = match words(&options.command) {
        Ok(command) => {
            let cache = cache(&*host, options)
                .map(|folder| Cache::new(Arc::clone(&host), directory.join(folder), LIMIT));
            let umask = rustix::process::umask(rustix::fs::Mode::empty());
            rustix::process::umask(umask);
            let request = Request {
                command,
                directory,
                umask: umask.as_raw_mode(),
                user: rustix::process::geteuid().as_raw(),
                has_input: has_input(),
            };
            launch(&host, cache.as_ref(), &request)
        }
        Err(decline) => Launched::Declined(decline),
    };
    log.end(&*host, &options.command, &launched);
    match launched {
        Launched::Current(current) => {
            replay(&current.stdout, &current.stderr);
            ExitCode::SUCCESS
        }
        Launched::Ran(ran) => {
            replay(&ran.stdout, &ran.stderr);
            ExitCode::from(u8::try_from(ran.status & 0xff).unwrap_or(1))
        }
        Launched::Declined(_) => become_command(&options.command),
        Launched::NotStarted(error) => not_started(&options.command, &error),
    }
}

/// The command as text.
fn words(command: &[OsString]) -> Result<Vec<String>, Decline> {
    let word = |word: &OsString| {
        word.to_str().map(str::to_owned).ok_or_else(|| {
            let what = format!("the argument `{}`", word.display());
            Decline::NotUtf8 { what }
        })
    };
    command.iter().map(word).collect()
}

/// Where links are recorded: `None` if nothing says where.
fn cache(host: &dyn Host, options: &LinkOptions) -> Option<Utf8PathBuf> {
    let variable = |name: &str| {
        let value = host.variable(name).filter(|value| !value.is_empty());
        value.map(Utf8PathBuf::from)
    };
    // By the rules of the variable, a relative path in it is to be ignored.
    let of_user = || variable("XDG_CACHE_HOME").filter(|path| path.is_absolute());
    let default = || of_user().or_else(|| Some(variable("HOME")?.join(".cache")));
    let given = options.cache_dir.clone();
    given
        .or_else(|| variable("KILN_CACHE_DIR"))
        .or_else(|| Some(default()?.join("kiln")))
}

/// Whether standard input is a file, or a pipe whose end has not come. A terminal is nobody's input here: the command
/// gets an end of file from it.
fn has_input() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::FileType;
    let input = rustix::stdio::stdin();
    let Ok(found) = rustix::fs::fstat(input) else {
        return false;
    };
    match FileType::from_raw_mode(found.st_mode) {
        FileType::RegularFile => found.st_size > 0,
        FileType::Fifo | FileType::Socket => {
            let mut polled = [PollFd::new(&input, PollFlags::IN)];
            let at_once = Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            };
            let _ = poll(&mut polled, Some(&at_once));
            let events = polled[0].revents();
            events.contains(PollFlags::IN) || !events.contains(PollFlags::HUP)
        }
        _ => false,
    }
}

/// What the command said, to where it said it. A reader that has gone away is nobody's fault.
fn replay(stdout: &[u8], stderr: &[u8]) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(stdout).and_then(|()| out.flush());
    let _ = io::stderr().lock().write_all(stderr);
}

/// Replaces this process by the command, with its own input, output and signals.
fn become_command(command: &[OsString]) -> ExitCode {
    let Some((program, arguments)) = command.split_first() else {
        return ExitCode::SUCCESS;
    };
    #[allow(clippy::disallowed_methods, clippy::disallowed_types)]
    let failure = std::process::Command::new(program).args(arguments).exec();
    not_started(command, &failure)
}

/// As a shell says it.
fn not_started(command: &[OsString], error: &io::Error) -> ExitCode {
    let program = command.first().map(|name| name.display().to_string());
    let program = program.unwrap_or_default();
    if error.kind() == io::ErrorKind::NotFound {
        write_stderr(&format!("kiln: {program}: command not found\n"));
        return ExitCode::from(127);
    }
    write_stderr(&format!("kiln: {program}: {error}\n"));
    ExitCode::from(126)
}
