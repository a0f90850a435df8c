//! The one door to the world: files, directories, variables, programs, the clock.
//!
//! Everything that the engine sees or changes outside its own memory goes through [`Host`], so that it can be recorded,
//! and so that most tests need no disk. A host is bound to a project: relative paths are relative to its root, and the
//! engine spells paths inside the project that way, which keeps absolute paths out of every key.
//! It knows nothing of the rest of the crate. `clippy.toml` bans the standard doors everywhere else.

mod aside;
mod bytes;
mod memory;
mod native;
mod observed;

pub use aside::Aside;
pub use bytes::{Buffer, Bytes};
pub use memory::MemoryHost;
pub use native::NativeHost;
pub use observed::{Access, Event, Observed};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::io;

/// What permits skipping a read, and is never evidence by itself: if a file's stamp is what it was, and was already old
/// when it was recorded, its bytes are what they were. Holds the inode change time, which no ordinary tool can set back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    pub kind: Kind,
    /// Permission bits, 12 bits.
    pub mode: u32,
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub mtime: i64,
    /// Nanoseconds since 1970.
    pub ctime: i64,
    pub inode: u64,
    pub device: u64,
}

/// What is at a path, symbolic links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Kind {
    File = 0,
    Directory = 1,
    /// A device, socket or pipe.
    Other = 2,
}

/// In nanoseconds.
const SECOND: i64 = 1_000_000_000;

impl Stamp {
    /// Whether a stamp taken at `taken` (nanoseconds since 1970) is old enough that any later change would give another
    /// one. File systems stamp with the clock of the last tick, which is at most 10 ms behind; those that know whole seconds
    /// only are up to 2 s behind (FAT).
    pub fn settled(&self, taken: i64) -> bool {
        const TICK: i64 = 10_000_000;
        const COARSE: i64 = 2 * SECOND + TICK;
        let whole = self.mtime % SECOND == 0 && self.ctime % SECOND == 0;
        let behind = if whole { COARSE } else { TICK };
        self.mtime.max(self.ctime) + behind < taken
    }
}

/// A program to run.
#[derive(Clone, Debug)]
pub struct Command {
    /// An absolute path.
    pub program: Utf8PathBuf,
    /// What the program is told that it is called; `None`: its path.
    pub called: Option<String>,
    pub args: Vec<String>,
    /// The whole environment: nothing is inherited.
    pub env: Vec<(String, String)>,
}

/// What a program that has ended left.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// `None` if a signal ended it.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// Keeps others out of a store until it is dropped.
pub type Lock = Box<dyn Send + Sync>;

/// The world, as far as the engine is concerned.
///
/// Paths are absolute, or relative to the root of the project. Symbolic links are followed. Errors are the operating
/// system's; absence is not an error where a method says so.
pub trait Host: Send + Sync {
    /// `None` where nothing is there: no entry, a dangling link, or a parent that is no directory.
    fn stat(&self, path: &Utf8Path) -> io::Result<Option<Stamp>>;

    /// The bytes of a file; large files are mapped.
    fn read(&self, path: &Utf8Path) -> io::Result<Bytes>;

    /// The names in a directory, sorted.
    fn list(&self, path: &Utf8Path) -> io::Result<Vec<String>>;

    /// The absolute path with all symbolic links resolved.
    fn real_path(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf>;

    /// Where a symbolic link points to, as it says; `None` if there is no symbolic link.
    fn read_link(&self, _path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Whether something is there, or would be, that this process may not read, or can't get at.
    fn denied(&self, _path: &Utf8Path) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// A variable of the environment; `None` where it is unset. Values that are no UTF-8 are read lossily.
    fn variable(&self, name: &str) -> Option<String>;

    /// All variables of the environment, sorted by name.
    ///
    /// # Errors
    /// If a name or a value is not UTF-8.
    fn variables(&self) -> io::Result<Vec<(String, String)>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Nanoseconds since 1970.
    fn now(&self) -> i64;

    /// Differs after a restart of the machine, when written bytes may not have reached the disk.
    fn boot(&self) -> String;

    /// The program that is running: its path.
    fn program(&self) -> io::Result<Utf8PathBuf>;

    /// Names this process for people: what another process that waits for it is told.
    fn process(&self) -> String;

    /// Puts a file in place whole: written aside, then renamed, so that nobody ever sees a part of it, and a symbolic or
    /// hard link at `path` is replaced, not written through. Parent directories are made. `mode` is reduced by the umask.
    fn replace(&self, path: &Utf8Path, bytes: &[u8], mode: u32) -> io::Result<()>;

    /// The first half of [`Host::replace`]: gives where the file was written. See [`Aside`].
    fn write_aside(&self, _path: &Utf8Path, _bytes: &[u8], _mode: u32) -> io::Result<Utf8PathBuf> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The second half.
    fn put_in_place(&self, _aside: &Utf8Path, _path: &Utf8Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Appends to a file, which is made if absent; gives the offset of the first byte written. Small pieces arrive whole,
    /// even if several processes append.
    fn append(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<u64>;

    /// Cuts a file to `size` bytes.
    fn truncate(&self, path: &Utf8Path, size: u64) -> io::Result<()>;

    /// Removes a file or an empty directory; absence is no error.
    fn remove(&self, path: &Utf8Path) -> io::Result<()>;

    /// Gives the file at `path` a second name, `to`; an error if there is something at `to`.
    fn link(&self, path: &Utf8Path, to: &Utf8Path) -> io::Result<()>;

    /// Makes a symbolic link at `path`, replacing a file or link that is there.
    fn symlink(&self, _target: &Utf8Path, _path: &Utf8Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Makes a directory and its parents, if it is not there.
    fn make_directory(&self, _path: &Utf8Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Takes the lock at `path`, first calling `waiting` with what the holder says of itself if another process has it.
    fn lock(&self, path: &Utf8Path, waiting: &mut dyn FnMut(&str)) -> io::Result<Lock>;

    /// Runs a program to its end, without standard input.
    fn run(&self, command: &Command) -> io::Result<Output>;

    /// Runs a program to its end as [`Host::run`] does, and gives what it and its children did to files. A child that is
    /// left running a second later goes on unobserved, which is a gap.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] if programs cannot be observed here; then nothing has run.
    fn observe(&self, _command: &Command) -> io::Result<Observed> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, SECOND, Stamp};

    #[test]
    fn a_stamp_in_whole_seconds_settles_later() {
        let stamp = |mtime, ctime| Stamp {
            kind: Kind::File,
            mode: 0o644,
            size: 1,
            mtime,
            ctime,
            inode: 1,
            device: 1,
        };
        let (fine, coarse) = (
            stamp(5 * SECOND, 5 * SECOND + 7),
            stamp(4 * SECOND, 5 * SECOND),
        );
        let later = |nanoseconds| 5 * SECOND + nanoseconds;
        assert!(!fine.settled(later(10_000_000)) && fine.settled(later(10_000_008)));
        assert!(!coarse.settled(later(SECOND)) && coarse.settled(later(2 * SECOND + 10_000_001)));
    }
}
