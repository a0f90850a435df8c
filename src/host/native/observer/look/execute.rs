//! Programs that are run, with all that the system opens by itself to run them, and code that they load. It does not know
//! what that does then.

use super::{At, Look};
use crate::host::native::observer::program::{self, Start};
use crate::host::native::observer::tracee::own;
use crate::host::{Access, Kind};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{Access as Permission, Mode, OFlags};

/// A script may name a script; the system follows so many.
const MOST_INTERPRETERS: usize = 5;

impl Look<'_> {
    pub(super) fn execute(&mut self, pid: u32, mut path: Utf8PathBuf, follow: bool) {
        for _ in 0..MOST_INTERPRETERS {
            let stamp = match self.stat(pid, &path, follow) {
                At::There(stamp) => stamp,
                At::Nothing => return self.event(path, Access::Probed(None)),
                At::Link(target) => return self.event(path, Access::Link(Some(target))),
                At::Barred => return self.event(path, Access::Denied(Kind::Other)),
            };
            if stamp.kind != Kind::File || !self.permitted(pid, &path, stamp, Permission::EXEC_OK) {
                return self.event(path, Access::Denied(stamp.kind));
            }
            self.event(path.clone(), Access::Executed(stamp));
            match self.start(pid, &path) {
                Some(Start::Script(interpreter)) => path = self.beside(pid, interpreter),
                Some(Start::Elf { loader }) => {
                    if let Some(loader) =
                        loader.and_then(|(at, size)| self.name(pid, &path, at, size))
                    {
                        let loader = self.beside(pid, loader);
                        if let At::There(stamp) = self.stat(pid, &loader, true) {
                            self.event(loader, Access::Loaded(stamp));
                        } else {
                            self.event(loader, Access::Probed(None));
                        }
                    }
                    return;
                }
                Some(Start::Text) => return,
                Some(Start::Foreign | Start::ElfTable { .. }) | None => {
                    return self.gap(format!("it cannot be told what the system runs for {path}"));
                }
            }
        }
    }

    /// A file without a name is what the program made itself.
    pub(super) fn map_code(&mut self, pid: u32, file: i32) {
        if let Ok(path) = self.directories.directory(pid, file)
            && let At::There(stamp) = self.stat(pid, &path, true)
        {
            self.event(path, Access::Mapped(stamp));
        }
    }

    /// A path that a program names, which the system looks up from the directory of the process.
    pub(super) fn beside(&self, pid: u32, path: Utf8PathBuf) -> Utf8PathBuf {
        if path.is_absolute() || !self.directories.moved {
            return path;
        }
        match self.directories.directory(pid, libc::AT_FDCWD) {
            Ok(directory) if directory != self.directories.root => directory.join(path),
            _ => path,
        }
    }

    fn start(&self, pid: u32, path: &Utf8Path) -> Option<Start> {
        let mut start = program::start(&self.bytes(pid, path, 0, program::HEAD)?);
        if let Start::ElfTable { at, size } = start {
            let table = self.bytes(pid, path, at, size)?;
            start = Start::Elf {
                loader: program::loader(&table),
            };
        }
        Some(start)
    }

    fn name(&self, pid: u32, path: &Utf8Path, at: u64, size: usize) -> Option<Utf8PathBuf> {
        program::name(&self.bytes(pid, path, at, size)?)
    }

    fn bytes(&self, pid: u32, path: &Utf8Path, at: u64, size: usize) -> Option<Vec<u8>> {
        let own = own(pid, path);
        let place = own.as_deref().unwrap_or(path).as_std_path();
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = rustix::fs::openat(self.directory, place, flags, Mode::empty()).ok()?;
        let mut bytes = vec![0; size];
        let read = rustix::io::pread(&file, &mut bytes, at).ok()?;
        bytes.truncate(read);
        Some(bytes)
    }
}
