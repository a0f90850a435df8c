//! A process that waits in a call: what its memory holds, and which directory a path of its starts from. It knows nothing
//! of calls.

use super::calls::Place;
use camino::{Utf8Path, Utf8PathBuf};
use libc::AT_FDCWD;
use rustix::io::Errno;

/// Longer paths are refused by the kernel.
const LONGEST: usize = 4096;

/// No page is smaller: what lies between two multiples of it can be read whole, or not at all.
const PAGE: u64 = 4096;

/// Most paths are shorter, so that one piece is enough.
const PIECE: u64 = 256;

/// Why a path of a call could not be had.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The process is gone, or its call will fail for what it was given: it does nothing to any file.
    Harmless,
    /// The path is empty, or there is none.
    Empty,
    /// The observer cannot know what the call does: the end of the sentence "… a path that ".
    Gap(&'static str),
}

/// Reads `into.len()` bytes of the memory of process `pid`.
pub(super) fn memory(pid: u32, address: u64, into: &mut [u8]) -> Result<(), Trouble> {
    let wanted = into.len();
    let local = libc::iovec {
        iov_base: into.as_mut_ptr().cast(),
        iov_len: wanted,
    };
    let remote = libc::iovec {
        iov_base: std::ptr::without_provenance_mut(usize::try_from(address).unwrap_or(usize::MAX)),
        iov_len: wanted,
    };
    // SAFETY: the local part is a buffer of ours; the remote part is checked by the kernel.
    let read = unsafe {
        libc::process_vm_readv(
            pid.cast_signed(),
            &raw const local,
            1,
            &raw const remote,
            1,
            0,
        )
    };
    match usize::try_from(read) {
        Ok(read) if read == wanted => Ok(()),
        Ok(_) => Err(Trouble::Harmless),
        Err(_) => match std::io::Error::last_os_error().raw_os_error() {
            Some(libc::EFAULT | libc::ESRCH) => Err(Trouble::Harmless),
            _ => Err(Trouble::Gap(
                "cannot be read from the memory of its process",
            )),
        },
    }
}

/// The text at `address` in the memory of process `pid`.
fn text(pid: u32, mut address: u64) -> Result<Utf8PathBuf, Trouble> {
    if address == 0 {
        return Err(Trouble::Empty);
    }
    let mut bytes = Vec::new();
    loop {
        let room = PAGE - address % PAGE;
        let size = if bytes.is_empty() {
            room.min(PIECE)
        } else {
            room
        };
        let start = bytes.len();
        bytes.resize(start + size as usize, 0);
        memory(pid, address, &mut bytes[start..])?;
        if let Some(end) = bytes[start..].iter().position(|byte| *byte == 0) {
            bytes.truncate(start + end);
            break;
        }
        if bytes.len() > LONGEST {
            return Err(Trouble::Harmless);
        }
        address += size;
    }
    if bytes.is_empty() {
        return Err(Trouble::Empty);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Utf8PathBuf::from(text)),
        Err(_) => Err(Trouble::Gap("is not UTF-8")),
    }
}

/// Where the paths of the observed processes start.
pub(super) struct Directories {
    /// The directory of the host, all links resolved.
    pub root: Utf8PathBuf,
    /// Whether a process has changed its directory. Until then all are in the directory of the host, and nobody needs to
    /// be asked; from then on any may be elsewhere, since threads share theirs and children inherit it.
    pub moved: bool,
}

impl Directories {
    /// The path at this place in process `pid`: as spelled if it is absolute or starts from the directory of the host.
    pub(super) fn path(&self, pid: u32, place: Place) -> Result<Utf8PathBuf, Trouble> {
        let path = text(pid, place.address)?;
        if path.is_absolute() || place.directory == AT_FDCWD && !self.moved {
            return Ok(path);
        }
        let directory = self.directory(pid, place.directory)?;
        if directory == self.root {
            return Ok(path);
        }
        Ok(directory.join(path))
    }

    /// The directory, or another file, that is open as `file` in process `pid`.
    pub(super) fn directory(&self, pid: u32, file: i32) -> Result<Utf8PathBuf, Trouble> {
        let link = if file == AT_FDCWD {
            format!("/proc/{pid}/cwd")
        } else {
            format!("/proc/{pid}/fd/{file}")
        };
        let target = match rustix::fs::readlink(&link, Vec::new()) {
            Ok(target) => target,
            Err(Errno::NOENT | Errno::SRCH) => return Err(Trouble::Harmless),
            Err(_) => return Err(Trouble::Gap("starts from a directory that cannot be told")),
        };
        if target.as_bytes().ends_with(b" (deleted)") {
            return Err(Trouble::Gap("starts from a directory that was removed"));
        }
        match target.into_string() {
            Ok(path) if path.starts_with('/') => Ok(path.into()),
            // A pipe or a socket: no path starts there.
            Ok(_) => Err(Trouble::Harmless),
            Err(_) => Err(Trouble::Gap(
                "starts from a directory whose name is not UTF-8",
            )),
        }
    }
}

/// Where the observer finds what process `pid` finds at `path`: in a few places everyone finds himself.
pub(super) fn own(pid: u32, path: &Utf8Path) -> Option<Utf8PathBuf> {
    let text = path.as_str();
    if !text.starts_with("/proc/") && !text.starts_with("/dev/") {
        return None;
    }
    const OWN: [(&str, &str); 6] = [
        ("/proc/self", ""),
        ("/proc/thread-self", ""),
        ("/dev/fd", "/fd"),
        ("/dev/stdin", "/fd/0"),
        ("/dev/stdout", "/fd/1"),
        ("/dev/stderr", "/fd/2"),
    ];
    OWN.iter().find_map(|(prefix, folder)| {
        let rest = text.strip_prefix(prefix)?;
        (rest.is_empty() || rest.starts_with('/'))
            .then(|| Utf8PathBuf::from(format!("/proc/{pid}{folder}{rest}")))
    })
}
