//! The listener of a filter: takes the calls that wait, has each looked at, and lets it go on.
//!
//! It knows the kernel's protocol, and neither what calls mean nor what becomes of the events.

use super::filter::ARCHITECTURE;
use super::look::{Found, Look};
use super::tracee::{self, Trouble};
use super::{calls, left};
use crate::host::Event;
use libc::{c_ulong, seccomp_notif, seccomp_notif_resp};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::io::Errno;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

/// How long processes may outlive the program that was run. One that has done its work but not quite ended is gone by then;
/// one that stays is a daemon, and nobody can wait for it.
const GRACE: Duration = Duration::from_secs(1);

/// How often it is looked whether they are still there, as far as the listener does not tell.
const STEP: Duration = Duration::from_millis(50);

/// Wakes the one that waits on the processor of the one that wakes: a call and its observer only ever take turns.
const SYNC_WAKE_UP: c_ulong = 1;

const CONTINUE: u32 = libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32;

/// What was seen until nobody was left under the filter.
#[derive(Default)]
pub(super) struct Seen {
    pub events: Vec<Event>,
    pub gaps: Vec<String>,
    /// Calls can be held up, but not be seen or not go on: nothing has run.
    pub unable: bool,
    /// The first call, that which starts the program, has been served.
    begun: bool,
}

impl Seen {
    fn take(&mut self, found: &mut Found) {
        for event in found.events.drain(..) {
            if self.events.last() != Some(&event) {
                self.events.push(event);
            }
        }
        if let Some(gap) = found.gap.take()
            && !self.gaps.contains(&gap)
        {
            self.gaps.push(gap);
        }
    }
}

/// Serves the listener until the last process under the filter has ended. When `channel` is hung up, the program that was
/// run has ended, and what is left of it has a moment to end too.
pub(super) fn serve(listener: OwnedFd, channel: BorrowedFd<'_>, look: &mut Look<'_>) -> Seen {
    let mut seen = Seen::default();
    // Older kernels do not know it; then a call takes several times as long where the two are on different processors.
    // SAFETY: this request takes its flags as they are, and no pointer.
    unsafe {
        libc::ioctl(
            listener.as_raw_fd(),
            libc::SECCOMP_IOCTL_NOTIF_SET_FLAGS,
            SYNC_WAKE_UP,
        )
    };
    // When the program that was run has ended: until when the others have time.
    let mut last: Option<Instant> = None;
    loop {
        let timeout = last.map(|_| Timespec {
            tv_sec: 0,
            tv_nsec: STEP.subsec_nanos().into(),
        });
        let mut waiting = [
            PollFd::new(&listener, PollFlags::IN),
            PollFd::new(&channel, PollFlags::empty()),
        ];
        let watched = if last.is_none() { 2 } else { 1 };
        match poll(&mut waiting[..watched], timeout.as_ref()) {
            Ok(0) if !left::anyone() => return seen,
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => {
                seen.gaps.push(format!("the observer failed: {error}"));
                return seen;
            }
        }
        let [calls, ended] = [waiting[0].revents(), waiting[1].revents()];
        if calls.contains(PollFlags::IN) {
            if !one(&listener, look, &mut seen) {
                return seen;
            }
        } else if calls.intersects(PollFlags::HUP | PollFlags::ERR) {
            return seen;
        } else if ended.contains(PollFlags::HUP) {
            last = Some(Instant::now() + GRACE);
        }
        if last.is_some_and(|last| Instant::now() > last) {
            seen.gaps.push(
                "a program was still running when the one that had started it ended".to_owned(),
            );
            leave(listener);
            return seen;
        }
    }
}

/// Serves one call; whether there can be more.
fn one(listener: &OwnedFd, look: &mut Look<'_>, seen: &mut Seen) -> bool {
    // SAFETY: all zeroes is what the kernel wants to be given.
    let mut call: seccomp_notif = unsafe { std::mem::zeroed() };
    match ioctl(listener, libc::SECCOMP_IOCTL_NOTIF_RECV, &mut call) {
        Ok(()) => {}
        // The caller was killed meanwhile, or a signal came.
        Err(Errno::NOENT | Errno::INTR | Errno::AGAIN) => return true,
        Err(error) => {
            seen.gaps.push(format!("the observer failed: {error}"));
            return false;
        }
    }
    let mut answer = seccomp_notif_resp {
        id: call.id,
        val: 0,
        error: 0,
        flags: CONTINUE,
    };
    if !seen.begun {
        seen.begun = true;
        // Its memory is not for us to read where the system keeps that to debuggers.
        if let Err(Trouble::Gap(_)) = tracee::memory(call.pid, call.data.args[0], &mut [0]) {
            refuse(listener, &mut answer);
            seen.unable = true;
            return true;
        }
    }
    match calls::find(call.data.nr.into()) {
        Some(known) if call.data.arch == ARCHITECTURE => {
            look.at(call.pid, known, (known.deed)(&call.data.args));
        }
        _ => look.found.gap = Some("a program made calls of another architecture".to_owned()),
    }
    match ioctl(listener, libc::SECCOMP_IOCTL_NOTIF_SEND, &mut answer) {
        // Only now is it certain that it was the caller's memory that was read, and not another's of the same number.
        Ok(()) => seen.take(&mut look.found),
        Err(Errno::INVAL) => {
            // Kernels before 5.5 do not let calls go on.
            refuse(listener, &mut answer);
            seen.unable = true;
        }
        // It was killed, or a signal took it out of the call, which it then makes anew.
        Err(_) => look.undo(),
    }
    true
}

/// Has the call fail as on a kernel without it.
fn refuse(listener: &OwnedFd, answer: &mut seccomp_notif_resp) {
    answer.flags = 0;
    answer.error = -libc::ENOSYS;
    // If the caller is gone, so is the call.
    let _ = ioctl(listener, libc::SECCOMP_IOCTL_NOTIF_SEND, answer);
}

fn ioctl<T>(listener: &OwnedFd, request: libc::Ioctl, value: &mut T) -> Result<(), Errno> {
    // SAFETY: each request is given the structure that it is defined with, which lives until it returns.
    let done = unsafe { libc::ioctl(listener.as_raw_fd(), request, std::ptr::from_mut(value)) };
    if done < 0 {
        let error = std::io::Error::last_os_error();
        return Err(Errno::from_io_error(&error).unwrap_or(Errno::IO));
    }
    Ok(())
}

/// Leaves the listener to a process that does nothing but let calls go on until the last caller has ended: without a
/// listener they would fail. It holds no other file, so that it keeps no lock and no pipe from being released.
fn leave(listener: OwnedFd) {
    let listener = listener.as_raw_fd();
    // SAFETY: the children of both forks only make system calls, and end without returning; the first is waited for, so
    // that the second is nobody's.
    unsafe {
        match libc::fork() {
            0 => {
                if libc::fork() == 0 {
                    accompany(listener);
                }
                libc::_exit(0);
            }
            child if child > 0 => {
                libc::waitpid(child, std::ptr::null_mut(), 0);
            }
            // No process is to be had: the calls of those that are left will fail, which the gap tells of.
            _ => {}
        }
    }
}

/// # Safety
/// Only for a process that was just forked.
unsafe fn accompany(listener: i32) {
    // SAFETY: only system calls, on memory of this function.
    unsafe {
        libc::setsid();
        let listener_number = c_ulong::from(listener.cast_unsigned());
        if listener > 0 {
            libc::syscall(
                libc::SYS_close_range,
                0 as c_ulong,
                listener_number - 1,
                0 as c_ulong,
            );
        }
        libc::syscall(
            libc::SYS_close_range,
            listener_number + 1,
            c_ulong::from(u32::MAX),
            0 as c_ulong,
        );
        loop {
            let mut waiting = libc::pollfd {
                fd: listener,
                events: libc::POLLIN,
                revents: 0,
            };
            if libc::poll(&raw mut waiting, 1, -1) < 0 {
                continue;
            }
            if waiting.revents & libc::POLLIN == 0 {
                return;
            }
            let mut call: seccomp_notif = std::mem::zeroed();
            if libc::ioctl(listener, libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut call) == 0 {
                let mut answer = seccomp_notif_resp {
                    id: call.id,
                    val: 0,
                    error: 0,
                    flags: CONTINUE,
                };
                libc::ioctl(listener, libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut answer);
            }
        }
    }
}
