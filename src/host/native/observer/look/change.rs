//! Entries that are made, removed, renamed or altered. It knows nothing of the bytes of files.

use super::{At, CREATED, Look};
use crate::host::{Access, Kind};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{Mode, OFlags};

impl Look<'_> {
    /// An entry is about to be made, unless there is one.
    pub(super) fn make(&mut self, pid: u32, path: Utf8PathBuf, made: Access) {
        let access = match self.stat(pid, &path, false) {
            At::Nothing if self.has_parent(pid, &path) => made,
            At::Nothing => Access::Probed(None),
            At::Barred => Access::Denied(Kind::Other),
            At::There(stamp) => Access::Probed(Some(stamp)),
            At::Link(target) => Access::Link(Some(target)),
        };
        self.event(path, access);
    }

    pub(super) fn remove(&mut self, pid: u32, path: Utf8PathBuf, directory: bool) {
        let access = match self.stat(pid, &path, false) {
            At::Nothing => Access::Probed(None),
            At::Barred => Access::Denied(Kind::Other),
            At::There(stamp) if directory != (stamp.kind == Kind::Directory) => {
                Access::Probed(Some(stamp))
            }
            At::There(stamp) if directory && !self.is_empty(&path) => Access::Listed(stamp),
            At::There(_) => Access::Removed,
            At::Link(target) if directory => Access::Link(Some(target)),
            At::Link(_) => Access::Removed,
        };
        self.event(path, access);
    }

    fn is_empty(&self, path: &Utf8Path) -> bool {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(self.directory, path.as_std_path(), flags, Mode::empty());
        let Ok(directory) = opened.and_then(rustix::fs::Dir::new) else {
            return false;
        };
        directory
            .flatten()
            .all(|entry| matches!(entry.file_name().to_bytes(), b"." | b".."))
    }

    pub(super) fn rename(&mut self, pid: u32, from: Utf8PathBuf, to: Utf8PathBuf, flags: u64) {
        let there = |at: &At| matches!(at, At::There(_) | At::Link(_));
        if !there(&self.stat(pid, &from, false)) {
            return self.probe(pid, from, false);
        }
        let target = self.stat(pid, &to, false);
        if flags & u64::from(libc::RENAME_NOREPLACE) != 0 && there(&target) {
            return self.probe(pid, to, false);
        }
        if matches!(target, At::Nothing) && !self.has_parent(pid, &to) {
            return self.probe(pid, to, false);
        }
        if flags & u64::from(libc::RENAME_EXCHANGE) != 0 {
            self.event(to.clone(), Access::Renamed { to: from.clone() });
        }
        self.event(from, Access::Renamed { to });
    }

    pub(super) fn hard_link(&mut self, pid: u32, from: Utf8PathBuf, to: Utf8PathBuf, follow: bool) {
        match self.stat(pid, &from, follow) {
            // The new name has the bytes of the old one.
            At::There(stamp) => self.event(from, Access::Read(stamp)),
            At::Link(target) => self.event(from, Access::Link(Some(target))),
            At::Nothing | At::Barred => return self.probe(pid, from, follow),
        }
        self.make(pid, to, CREATED);
    }

    pub(super) fn alter(&mut self, pid: u32, path: Utf8PathBuf, follow: bool) {
        let access = match self.stat(pid, &path, follow) {
            At::There(stamp) => Access::Written {
                before: Some(stamp),
                kept: true,
            },
            At::Link(target) => Access::Link(Some(target)),
            At::Nothing => Access::Probed(None),
            At::Barred => Access::Denied(Kind::Other),
        };
        self.event(path, access);
    }

    /// An open file without a name is nobody's input.
    pub(super) fn alter_open(&mut self, pid: u32, file: i32) {
        if let Ok(path) = self.directories.directory(pid, file) {
            let within = path.strip_prefix(&self.directories.root);
            let path = within.map(Utf8Path::to_owned).unwrap_or(path);
            self.alter(pid, path, true);
        }
    }
}
