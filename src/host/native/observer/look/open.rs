//! Files that are opened, to be read or written. It knows the flags of the calls, and nothing of how they come here.

use super::{At, CREATED, Look};
use crate::host::{Access, Kind};
use camino::Utf8PathBuf;
use rustix::fs::{Access as Permission, OFlags};

impl Look<'_> {
    pub(super) fn open(&mut self, pid: u32, path: Utf8PathBuf, flags: u64) {
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
            At::There(stamp) if !self.permitted(pid, &path, stamp, Permission::READ_OK) => {
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
        if flags.contains(OFlags::NOFOLLOW)
            && let At::Link(target) = self.stat(pid, &path, false)
        {
            return self.event(path, Access::Link(Some(target)));
        }
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
    pub(super) fn write(
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
            At::There(stamp) if !self.permitted(pid, &path, stamp, wanted) => {
                Access::Denied(stamp.kind)
            }
            At::There(stamp) => Access::Written {
                before: Some(stamp),
                kept,
            },
        };
        self.event(path, access);
    }
}
