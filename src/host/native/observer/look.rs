//! What a call is about to find: the world looked at while the caller waits, as events.
//!
//! It knows what calls do to files. It does not know how they come to wait, nor what the events are for.

mod change;
mod execute;
mod open;

use super::calls::{Call, Deed, Place};
use super::program;
use super::tracee::{Directories, Trouble, memory, own};
use crate::host::native::stamp;
use crate::host::{Access, Event, Kind, Stamp};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fd::OwnedFd;
use rustix::fs::{Access as Permission, AtFlags};
use rustix::io::Errno;

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
            Deed::MapCode { file } => self.map_code(pid, file),
            Deed::Connect { address, size } => self.connect(pid, address, size)?,
            Deed::Stay => {}
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
        let flags = if follow {
            AtFlags::empty()
        } else {
            AtFlags::SYMLINK_NOFOLLOW
        };
        match stamp(self.directory, place, flags) {
            Ok(Some(stamp)) if !follow && stamp.kind == Kind::Other => {
                let link = rustix::fs::readlinkat(self.directory, place.as_std_path(), Vec::new());
                match link.map(std::ffi::CString::into_string) {
                    Ok(Ok(target)) => At::Link(target.into()),
                    Ok(Err(_)) => At::Barred,
                    Err(_) => At::There(stamp),
                }
            }
            Ok(Some(stamp)) => At::There(stamp),
            Ok(None) => At::Nothing,
            Err(_) => At::Barred,
        }
    }

    /// Whether the observer, who has the same rights, may do this; where the mode allows it to all, that is enough.
    fn permitted(&self, pid: u32, path: &Utf8Path, stamp: Stamp, wanted: Permission) -> bool {
        if wanted == Permission::READ_OK && stamp.mode & 0o444 == 0o444 {
            return true;
        }
        let own = own(pid, path);
        let place = own.as_deref().unwrap_or(path).as_std_path();
        let found = rustix::fs::accessat(self.directory, place, wanted, AtFlags::EACCESS);
        !matches!(found, Err(Errno::ACCESS | Errno::ROFS | Errno::PERM))
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
