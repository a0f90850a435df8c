//! Runs a program and sees what it and its children do to files: each call that has a path waits, by a seccomp filter,
//! until the observer has looked at what it is about to find.
//!
//! - `filter`: which calls wait. `calls`: what they are. `child`: a program puts itself under the filter.
//! - `listener`: takes the calls and lets them go on. `tracee`: their paths. `look`: what they find.
//! - `left`: whether anybody is left. `program`: what the system opens by itself to run a program.
//!
//! What is looked at is the world just before the call, and not what the call saw: a file that another process changes
//! between the two is seen as it was, and its stamp shows that later. A program that outlives the one that was run goes
//! on unobserved, which is a gap. It does not know what the events are for.

mod calls;
mod child;
mod filter;
mod left;
mod listener;
mod look;
mod program;
mod tracee;

use crate::host::{Command, Observed, Output};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fd::{AsFd, OwnedFd};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::Stdio;

/// Runs `command` in `root`, which is open as `directory`, to its end.
///
/// # Errors
/// [`io::ErrorKind::Unsupported`] if the kernel does not permit it; otherwise if the program cannot be started.
pub(super) fn observe(
    root: &Utf8Path,
    directory: &OwnedFd,
    command: &Command,
) -> io::Result<Observed> {
    let (ours, theirs) = socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )?;
    let filter = filter::filter(calls::all().map(|call| call.number));
    let channel = theirs.as_raw_fd();
    let mut program = std::process::Command::new(&command.program);
    program
        .arg0(
            command
                .called
                .as_deref()
                .unwrap_or(command.program.as_str()),
        )
        .args(&command.args)
        .env_clear()
        .envs(command.env.iter().map(|(name, value)| (name, value)))
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // SAFETY: `enter` only makes system calls, on memory that is there before the fork.
    unsafe { program.pre_exec(move || child::enter(&filter, channel)) };
    let real = rustix::fs::readlink(
        format!("/proc/self/fd/{}", directory.as_raw_fd()),
        Vec::new(),
    )?;
    let real = real.into_string().map_err(|_| io::ErrorKind::Unsupported)?;
    let mut look = look::Look::new(directory, Utf8PathBuf::from(real));
    std::thread::scope(|scope| {
        // The program waits in its very first call, that which starts it, until another thread serves it.
        let serving = scope.spawn(|| match child::receive(ours.as_fd()) {
            None => Ok(None),
            Some(Err(error)) => Err(error),
            Some(Ok(listener)) => Ok(Some(listener::serve(listener, ours.as_fd(), &mut look))),
        });
        let ended = program.spawn().and_then(|child| child.wait_with_output());
        // Tells the other thread that the program has ended, or that there never was one.
        drop(theirs);
        let Ok(served) = serving.join() else {
            return Err(io::Error::other("the observer of a program panicked"));
        };
        let unsupported = |why| io::Error::new(io::ErrorKind::Unsupported, why);
        let seen = match (served, ended) {
            (Err(error), _) => return Err(unsupported(error)),
            (Ok(Some(seen)), _) if seen.unable => {
                return Err(unsupported(io::ErrorKind::Unsupported.into()));
            }
            (_, Err(error)) => return Err(error),
            (Ok(seen), Ok(output)) => (seen.unwrap_or_default(), output),
        };
        let (seen, output) = seen;
        Ok(Observed {
            output: Output {
                status: output.status.code(),
                signal: output.status.signal(),
                stdout: output.stdout,
                stderr: output.stderr,
            },
            events: seen.events,
            gaps: seen.gaps,
        })
    })
}
