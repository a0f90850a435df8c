//! What a call is about to find: the world looked at while the caller waits, as events.
//!
//! It knows what calls do to files. It does not know how they come to wait, nor what the events are for.

use super::calls::{Call, Deed, Place};
use super::program::{self, Start};
use super::tracee::{Directories, Trouble, memory, own};
use crate::host::native::stamp;
use crate::host::{Access, Event, Kind, Stamp};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fd::OwnedFd;
use rustix::fs::{Access as Permission, AtFlags, Mode, OFlags};
use rustix::io::Errno;

/// A script may name a script; the system follows so many.
const MOST_INTERPRETERS: usize = 5;

/// What one call comes to.
#[derive(Default)]
pub(super) struct Found {
    pub events: Vec<Event>,
    pub gap: Option<String>,
}

/// Looks at the world for the observed processes.
pub(super) struct Look<'h> {
    /// The directory of the host.
    pub directory: &'h OwnedFd,
    pub directories: Directories,
    /// What the call in hand has come to so far.
    pub found: Found,
}

/// What is at a path.
enum At {
    Nothing,
    /// With links followed, or not, as asked.
    There(Stamp),
    /// Not followed, and so found.
    Link(Utf8PathBuf),
    /// It cannot be looked at.
    Barred,
}

impl Look<'_> {
    /// Adds to `found` what process `pid` is about to do by `call`.
    pub(super) fn at(&mut self, pid: u32, call: &Call, deed: Deed) {
        if let Err(Trouble::Gap(what)) = self.deed(pid, deed) {
            self.gap(format!("the path of a call of {} {what}", call.name));
        }
    }

    fn deed(&mut self, pid: u32, deed: Deed) -> Result<(), Trouble> {
        match deed {
            Deed::Open { at, flags } => {
                let path = self.path(pid, at)?;
                self.open(pid, path, flags);
            }
            Deed::OpenHow { at, how } => {
                let path = self.path(pid, at)?;
                let mut words = [0; 24];
                memory(pid, how, &mut words)?;
                let word = |at: usize| {
                    words[at..at + 8]
                        .iter()
                        .rev()
                        .fold(0, |word, byte| word << 8 | u64::from(*byte))
                };
                if word(16) & libc::RESOLVE_IN_ROOT != 0 {
                    return Err(Trouble::Gap("starts from a root of its own"));
                }
                self.open(pid, path, word(0));
            }
            Deed::Look { at, follow } => match self.path(pid, at) {
                Err(Trouble::Empty) => {}
                path => self.probe(pid, path?, follow),
            },
            Deed::Access { at, mode, flags } => match self.path(pid, at) {
                Err(Trouble::Empty) => {}
                path => self.access(pid, path?, mode, flags),
            },
            Deed::ReadLink { at } => match self.path(pid, at) {
                Err(Trouble::Empty) => {}
                path => self.probe(pid, path?, false),
            },
            Deed::Execute { at, follow, empty } => {
                let path = match self.path(pid, at) {
                    Err(Trouble::Empty) if empty => {
                        self.directories.directory(pid, at.directory)?
                    }
                    path => path?,
                };
                self.execute(pid, path, follow);
            }
            Deed::MakeDirectory { at } => {
                let path = self.path(pid, at)?;
                self.make(pid, path, Access::Made);
            }
            Deed::Make { at } => {
                let path = self.path(pid, at)?;
                self.make(pid, path, CREATED);
            }
            Deed::Remove { at } => {
                let path = self.path(pid, at)?;
                self.remove(pid, path, false);
            }
            Deed::RemoveDirectory { at } => {
                let path = self.path(pid, at)?;
                self.remove(pid, path, true);
            }
            Deed::Rename { from, to, flags } => {
                let (from, to) = (self.path(pid, from)?, self.path(pid, to)?);
                self.rename(pid, from, to, flags);
            }
            Deed::HardLink {
                from,
                to,
                follow,
                empty,
            } => {
                let to = self.path(pid, to)?;
                match self.path(pid, from) {
                    Err(Trouble::Empty) if empty => self.make(pid, to, CREATED),
                    from => self.hard_link(pid, from?, to, follow),
                }
            }
            Deed::Truncate { at, size } => {
                let path = self.path(pid, at)?;
                self.write(pid, path, true, size > 0, Permission::WRITE_OK);
            }
            Deed::Alter { at, follow } => match self.path(pid, at) {
                Err(Trouble::Empty) => self.alter_open(pid, at.directory),
                path => self.alter(pid, path?, follow),
            },
            Deed::AlterOpen { file } => self.alter_open(pid, file),
            Deed::ChangeDirectory { at } => {
                // A change that fails only costs the time of asking from now on.
                let path = at.map(|at| self.path(pid, at)).transpose();
                self.directories.moved = true;
                if let Some(path) = path? {
                    self.probe(pid, path, true);
                }
            }
            Deed::Connect { address, size } => self.connect(pid, address, size)?,
            Deed::Escape(what) => self.gap(format!("a program {what}")),
        }
        Ok(())
    }

    fn path(&self, pid: u32, place: Place) -> Result<Utf8PathBuf, Trouble> {
        self.directories.path(pid, place)
    }

    fn gap(&mut self, gap: String) {
        self.found.gap = Some(gap);
    }

    fn event(&mut self, path: Utf8PathBuf, access: Access) {
        self.found.events.push(Event { path, access });
    }

    fn stat(&self, pid: u32, path: &Utf8Path, follow: bool) -> At {
        let own = own(pid, path);
        let place = own.as_deref().unwrap_or(path);
        if !follow
            && let Ok(target) =
                rustix::fs::readlinkat(self.directory, place.as_std_path(), Vec::new())
        {
            return match target.into_string() {
                Ok(target) => At::Link(target.into()),
                Err(_) => At::Barred,
            };
        }
        match stamp(self.directory, place) {
            Ok(Some(stamp)) => At::There(stamp),
            Ok(None) => At::Nothing,
            Err(_) => At::Barred,
        }
    }

    /// Whether the observer, who has the same rights, may do this; where the mode allows it to all, that is enough.
    fn permitted(&self, path: &Utf8Path, stamp: Stamp, wanted: Permission) -> bool {
        if wanted == Permission::READ_OK && stamp.mode & 0o444 == 0o444 {
            return true;
        }
        let found =
            rustix::fs::accessat(self.directory, path.as_std_path(), wanted, AtFlags::EACCESS);
        !matches!(found, Err(Errno::ACCESS | Errno::ROFS | Errno::PERM))
    }

    fn open(&mut self, pid: u32, path: Utf8PathBuf, flags: u64) {
        let flags = OFlags::from_bits_retain(flags as u32);
        let follow = !flags.contains(OFlags::NOFOLLOW);
        if flags.contains(OFlags::PATH) {
            return self.probe(pid, path, follow);
        }
        if flags.contains(OFlags::TMPFILE) {
            // A file without a name, in a directory that must be there.
            return self.probe(pid, path, true);
        }
        let writes = flags.intersects(OFlags::WRONLY | OFlags::RDWR | OFlags::TRUNC);
        if writes || flags.contains(OFlags::CREATE) {
            return self.open_to_write(pid, path, flags);
        }
        let access = match self.stat(pid, &path, follow) {
            At::Nothing => Access::Probed(None),
            At::Link(target) => Access::Link(Some(target)),
            At::Barred => Access::Denied(Kind::Other),
            At::There(stamp) if !self.permitted(&path, stamp, Permission::READ_OK) => {
                Access::Denied(stamp.kind)
            }
            At::There(stamp) => match stamp.kind {
                Kind::Directory => Access::Listed(stamp),
                Kind::File if flags.contains(OFlags::DIRECTORY) => Access::Probed(Some(stamp)),
                Kind::File | Kind::Other => Access::Read(stamp),
            },
        };
        self.event(path, access);
    }

    fn open_to_write(&mut self, pid: u32, path: Utf8PathBuf, flags: OFlags) {
        let creates = flags.contains(OFlags::CREATE);
        if creates && flags.contains(OFlags::EXCL) {
            return self.make(pid, path, CREATED);
        }
        let wanted = match flags & (OFlags::WRONLY | OFlags::RDWR) {
            access if access == OFlags::WRONLY => Permission::WRITE_OK,
            access if access.is_empty() => Permission::READ_OK,
            _ => Permission::READ_OK | Permission::WRITE_OK,
        };
        let kept = !flags.contains(OFlags::TRUNC);
        if kept && wanted == Permission::READ_OK {
            // Opened for reading, and made if it is not there.
            if let At::There(stamp) = self.stat(pid, &path, true) {
                return self.event(path, Access::Read(stamp));
            }
        }
        self.write(pid, path, !creates, kept, wanted);
    }

    /// The file is about to be written, if it is there or need not be, and permits it.
    fn write(
        &mut self,
        pid: u32,
        path: Utf8PathBuf,
        must_be: bool,
        kept: bool,
        wanted: Permission,
    ) {
        let access = match self.stat(pid, &path, true) {
            At::Nothing if must_be || !self.has_parent(pid, &path) => Access::Probed(None),
            At::Nothing => CREATED,
            At::Barred | At::Link(_) => Access::Denied(Kind::Other),
            At::There(stamp) if stamp.kind == Kind::Directory => Access::Probed(Some(stamp)),
            At::There(stamp) if !self.permitted(&path, stamp, wanted) => Access::Denied(stamp.kind),
            At::There(stamp) => Access::Written {
                before: Some(stamp),
                kept,
            },
        };
        self.event(path, access);
    }

    fn has_parent(&self, pid: u32, path: &Utf8Path) -> bool {
        match path.parent() {
            None => false,
            Some(parent) if parent.as_str().is_empty() => true,
            Some(parent) => matches!(
                self.stat(pid, parent, true),
                At::There(Stamp {
                    kind: Kind::Directory,
                    ..
                })
            ),
        }
    }

    /// Something is looked at. What is no link, and was asked not to be followed, was found to be none.
    fn probe(&mut self, pid: u32, path: Utf8PathBuf, follow: bool) {
        let access = match self.stat(pid, &path, follow) {
            At::Link(target) => Access::Link(Some(target)),
            At::Barred => Access::Denied(Kind::Other),
            At::Nothing => Access::Probed(None),
            At::There(stamp) => Access::Probed(Some(stamp)),
        };
        if !follow && matches!(access, Access::Probed(_)) {
            self.event(path.clone(), Access::Link(None));
        }
        self.event(path, access);
    }

    fn access(&mut self, pid: u32, path: Utf8PathBuf, mode: u64, flags: u64) {
        let flags = AtFlags::from_bits_retain(flags as u32);
        let follow = !flags.contains(AtFlags::SYMLINK_NOFOLLOW);
        let wanted = Permission::from_bits_truncate(mode as u32);
        if follow
            && !wanted.is_empty()
            && let At::There(stamp) = self.stat(pid, &path, true)
        {
            let asked = flags & AtFlags::EACCESS;
            let place = own(pid, &path);
            let place = place.as_deref().unwrap_or(&path).as_std_path();
            if rustix::fs::accessat(self.directory, place, wanted, asked).is_err() {
                return self.event(path, Access::Denied(stamp.kind));
            }
            return self.event(path, Access::Probed(Some(stamp)));
        }
        self.probe(pid, path, follow);
    }

    fn execute(&mut self, pid: u32, mut path: Utf8PathBuf, follow: bool) {
        for _ in 0..MOST_INTERPRETERS {
            let stamp = match self.stat(pid, &path, follow) {
                At::There(stamp) => stamp,
                At::Nothing => return self.event(path, Access::Probed(None)),
                At::Link(target) => return self.event(path, Access::Link(Some(target))),
                At::Barred => return self.event(path, Access::Denied(Kind::Other)),
            };
            if stamp.kind != Kind::File || !self.permitted(&path, stamp, Permission::EXEC_OK) {
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
                            self.event(loader, Access::Executed(stamp));
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

    /// A path that a program names, which the system looks up from the directory of the process.
    fn beside(&self, pid: u32, path: Utf8PathBuf) -> Utf8PathBuf {
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

    /// An entry is about to be made, unless there is one.
    fn make(&mut self, pid: u32, path: Utf8PathBuf, made: Access) {
        let access = match self.stat(pid, &path, false) {
            At::Nothing if self.has_parent(pid, &path) => made,
            At::Nothing => Access::Probed(None),
            At::Barred => Access::Denied(Kind::Other),
            At::There(stamp) => Access::Probed(Some(stamp)),
            At::Link(target) => Access::Link(Some(target)),
        };
        self.event(path, access);
    }

    fn remove(&mut self, pid: u32, path: Utf8PathBuf, directory: bool) {
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

    fn rename(&mut self, pid: u32, from: Utf8PathBuf, to: Utf8PathBuf, flags: u64) {
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

    fn hard_link(&mut self, pid: u32, from: Utf8PathBuf, to: Utf8PathBuf, follow: bool) {
        match self.stat(pid, &from, follow) {
            // The new name has the bytes of the old one.
            At::There(stamp) => self.event(from, Access::Read(stamp)),
            At::Link(target) => self.event(from, Access::Link(Some(target))),
            At::Nothing | At::Barred => return self.probe(pid, from, follow),
        }
        self.make(pid, to, CREATED);
    }

    fn alter(&mut self, pid: u32, path: Utf8PathBuf, follow: bool) {
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
    fn alter_open(&mut self, pid: u32, file: i32) {
        if let Ok(path) = self.directories.directory(pid, file) {
            self.alter(pid, path, true);
        }
    }

    /// A socket that is not there answers nothing. Whatever is behind one that is there does what nobody can see.
    fn connect(&mut self, pid: u32, address: u64, size: u64) -> Result<(), Trouble> {
        let mut bytes = [0; 110];
        let size = usize::try_from(size).unwrap_or(0).min(bytes.len());
        let Some((family, name)) = bytes[..size].split_first_chunk_mut::<2>() else {
            return Ok(());
        };
        memory(pid, address, family)?;
        memory(pid, address + 2, name)?;
        if u16::from_ne_bytes(*family) != libc::AF_UNIX as u16 {
            return Ok(());
        }
        let path = program::name(name).map(|path| self.beside(pid, path));
        match path {
            Some(path) if matches!(self.stat(pid, &path, true), At::Nothing) => {
                self.event(path, Access::Probed(None));
            }
            Some(path) => self.gap(format!("a program spoke with another one through {path}")),
            None => self.gap("a program spoke with another one".to_owned()),
        }
        Ok(())
    }
}

const CREATED: Access = Access::Written {
    before: None,
    kept: false,
};
