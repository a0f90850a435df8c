//! What the observed program does of itself between fork and exec: it puts itself under the filter, and hands the
//! listener of the filter to the observer. It does not know what is done with the listener.
//!
//! The process that forked has more threads, which may have held any lock: nothing here allocates, locks or panics.

use libc::{c_int, c_long, c_ulong, c_void};
use rustix::fd::{BorrowedFd, FromRawFd, OwnedFd};
use std::io;
use std::os::fd::{AsRawFd, RawFd};

/// What the child sends: an error number, 0 where the listener comes with it.
type Word = [u8; 4];

/// Room for one control message with one descriptor, aligned as its header wants it.
#[repr(C, align(8))]
struct Control([u8; 32]);

/// Puts the calling process, and all that it will start, under the filter, and sends the listener over `channel`.
///
/// # Errors
/// Where the kernel does not permit it; the channel is told first.
pub(super) fn enter(filter: &[libc::sock_filter], channel: RawFd) -> io::Result<()> {
    let program = libc::sock_fprog {
        len: u16::try_from(filter.len()).unwrap_or(u16::MAX),
        filter: filter.as_ptr().cast_mut(),
    };
    let listener = match install(&program) {
        Ok(listener) => listener,
        Err(error) => {
            send(channel, error.raw_os_error().unwrap_or(libc::EPERM), None)?;
            return Err(error);
        }
    };
    // Only the observer may hold the listener: without one, calls fail instead of waiting for ever.
    let sent = send(channel, 0, Some(listener));
    // SAFETY: the descriptor was made above, and nothing else knows of it.
    unsafe { libc::close(listener) };
    sent
}

fn install(program: &libc::sock_fprog) -> io::Result<RawFd> {
    let yes: c_ulong = 1;
    let kill = c_ulong::from(libc::SIGKILL.cast_unsigned());
    // SAFETY: these two only set flags of the calling process. It dies with the observer, as far as that is known.
    let promised = unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, kill);
        libc::prctl(
            libc::PR_SET_NO_NEW_PRIVS,
            yes,
            0 as c_ulong,
            0 as c_ulong,
            0 as c_ulong,
        )
    };
    if promised != 0 {
        return Err(io::Error::last_os_error());
    }
    // Where the kernel can, a call that the observer has begun to look at is only interrupted by a deadly signal.
    let listener = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
    for flags in [
        listener | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
        listener,
    ] {
        // SAFETY: the filter and its program outlive the call, which copies them.
        let made = unsafe {
            let mode = c_long::from(libc::SECCOMP_SET_MODE_FILTER.cast_signed());
            libc::syscall(libc::SYS_seccomp, mode, flags, std::ptr::from_ref(program))
        };
        if let Ok(made @ 0..) = c_int::try_from(made) {
            return Ok(made);
        }
        let error = io::Error::last_os_error();
        if error.raw_os_error() != Some(libc::EINVAL) {
            return Err(error);
        }
    }
    Err(io::Error::from_raw_os_error(libc::EINVAL))
}

fn send(channel: RawFd, error: c_int, listener: Option<RawFd>) -> io::Result<()> {
    let mut word: Word = error.to_ne_bytes();
    let mut control = Control([0; 32]);
    let mut part = part(&mut word);
    // SAFETY: all zeroes is a message without parts.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    if let Some(listener) = listener {
        message.msg_control = control.0.as_mut_ptr().cast();
        // SAFETY: the control buffer is aligned, and has room for a header and one descriptor.
        unsafe {
            let size = size_of::<RawFd>() as u32;
            message.msg_controllen = libc::CMSG_SPACE(size) as _;
            let header = libc::CMSG_FIRSTHDR(&raw const message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(size) as _;
            libc::CMSG_DATA(header)
                .cast::<RawFd>()
                .write_unaligned(listener);
        }
    }
    loop {
        // SAFETY: all that the message points to lives until the end of this function.
        let sent = unsafe { libc::sendmsg(channel, &raw const message, libc::MSG_NOSIGNAL) };
        if sent >= 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// What the child sent: the listener, or why there is none; `None` if there was no child.
pub(super) fn receive(channel: BorrowedFd<'_>) -> Option<Result<OwnedFd, io::Error>> {
    let mut word: Word = [0; 4];
    let mut control = Control([0; 32]);
    let mut part = part(&mut word);
    // SAFETY: all zeroes is a message without parts.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    message.msg_control = control.0.as_mut_ptr().cast();
    message.msg_controllen = control.0.len() as _;
    let received = loop {
        // SAFETY: all that the message points to lives until the end of this function.
        let received = unsafe {
            libc::recvmsg(
                channel.as_raw_fd(),
                &raw mut message,
                libc::MSG_CMSG_CLOEXEC,
            )
        };
        if received >= 0 {
            break received;
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Some(Err(error));
        }
    };
    if received == 0 {
        return None;
    }
    // SAFETY: the kernel filled the control buffer; a header that it gives is whole, and its descriptor is ours alone.
    let listener = unsafe {
        let header = libc::CMSG_FIRSTHDR(&raw const message);
        (!header.is_null() && (*header).cmsg_type == libc::SCM_RIGHTS)
            .then(|| OwnedFd::from_raw_fd(libc::CMSG_DATA(header).cast::<RawFd>().read_unaligned()))
    };
    Some(listener.ok_or_else(|| io::Error::from_raw_os_error(c_int::from_ne_bytes(word))))
}

fn part(word: &mut Word) -> libc::iovec {
    libc::iovec {
        iov_base: word.as_mut_ptr().cast::<c_void>(),
        iov_len: word.len(),
    }
}
