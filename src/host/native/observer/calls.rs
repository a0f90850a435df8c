//! The system calls that wait for the observer: one table gives their numbers, their names, and what their arguments
//! say. It knows nothing of processes or files.

use libc::{AT_FDCWD, c_long};

/// The arguments of a call.
pub(super) type Arguments = [u64; 6];

/// Where a path of a call is: an address in the memory of the caller, and the open directory it starts from.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// A descriptor, or `AT_FDCWD`.
    pub directory: i32,
    pub address: u64,
}

/// What a call is about to do. `empty`: an empty path stands for the open file that is given as directory.
#[derive(Clone, Copy)]
pub(super) enum Deed {
    Open {
        at: Place,
        flags: u64,
    },
    /// As `Open`, with the flags in a structure at `how`.
    OpenHow {
        at: Place,
        how: u64,
    },
    /// Asks for what is there.
    Look {
        at: Place,
        follow: bool,
    },
    /// Asks whether it may be read, written or run.
    Access {
        at: Place,
        mode: u64,
        flags: u64,
    },
    ReadLink {
        at: Place,
    },
    Execute {
        at: Place,
        follow: bool,
        empty: bool,
    },
    MakeDirectory {
        at: Place,
    },
    /// Makes an entry that is neither file nor directory.
    Make {
        at: Place,
    },
    Remove {
        at: Place,
    },
    RemoveDirectory {
        at: Place,
    },
    Rename {
        from: Place,
        to: Place,
        flags: u64,
    },
    HardLink {
        from: Place,
        to: Place,
        follow: bool,
        empty: bool,
    },
    Truncate {
        at: Place,
        size: u64,
    },
    /// Changes the mode, the owner, a time or an attribute.
    Alter {
        at: Place,
        follow: bool,
    },
    /// As `Alter`, of an open file.
    AlterOpen {
        file: i32,
    },
    ChangeDirectory {
        at: Option<Place>,
    },
    /// Maps an open file into memory to run what is in it.
    MapCode {
        file: i32,
    },
    /// Connects to a socket, whose address is in memory.
    Connect {
        address: u64,
        size: u64,
    },
    /// Asks to be what it is already.
    Stay,
    /// Does what nobody can follow: the end of the sentence "it …".
    Escape(&'static str),
}

/// A row of the table.
pub(super) struct Call {
    pub number: c_long,
    pub name: &'static str,
    pub deed: fn(&Arguments) -> Deed,
}

/// A descriptor, a flag word or a mode is the low half of its register.
fn low(argument: u64) -> i32 {
    // The high half is not part of an `int` argument: the kernel ignores it as well.
    (argument & 0xFFFF_FFFF) as u32 as i32
}

/// A program that gives away rights it never had, as make does each time, stays who it is.
fn become_user(users: &[u64]) -> Deed {
    let own = rustix::process::geteuid().as_raw().cast_signed();
    if users.iter().all(|user| [-1, own].contains(&low(*user))) {
        Deed::Stay
    } else {
        Deed::Escape("changed its user")
    }
}

fn here(address: u64) -> Place {
    Place {
        directory: AT_FDCWD,
        address,
    }
}

/// The path that argument `index` points to, starting at the directory in the argument before it.
fn at(arguments: &Arguments, index: usize) -> Place {
    Place {
        directory: low(arguments[index - 1]),
        address: arguments[index],
    }
}

fn has(flags: u64, flag: i32) -> bool {
    low(flags) & flag != 0
}

macro_rules! calls {
    ($($number:expr, $name:literal, |$arguments:ident| $deed:expr;)*) => {
        &[$(Call { number: $number, name: $name, deed: |$arguments| $deed }),*]
    };
}

/// The calls that wait.
///
/// Numbers from 424 on are the same on all architectures; not all of them are known to the C library's headers.
const CALLS: &[Call] = calls! {
    libc::SYS_openat, "openat", |a| Deed::Open { at: at(a, 1), flags: a[2] };
    libc::SYS_newfstatat, "newfstatat", |a| Deed::Look { at: at(a, 1), follow: !has(a[3], libc::AT_SYMLINK_NOFOLLOW) };
    libc::SYS_statx, "statx", |a| Deed::Look { at: at(a, 1), follow: !has(a[2], libc::AT_SYMLINK_NOFOLLOW) };
    libc::SYS_readlinkat, "readlinkat", |a| Deed::ReadLink { at: at(a, 1) };
    libc::SYS_faccessat, "faccessat", |a| Deed::Access { at: at(a, 1), mode: a[2], flags: 0 };
    439, "faccessat2", |a| Deed::Access { at: at(a, 1), mode: a[2], flags: a[3] };
    437, "openat2", |a| Deed::OpenHow { at: at(a, 1), how: a[2] };
    libc::SYS_execve, "execve", |a| Deed::Execute { at: here(a[0]), follow: true, empty: false };
    libc::SYS_execveat, "execveat", |a| Deed::Execute {
        at: at(a, 1),
        follow: !has(a[4], libc::AT_SYMLINK_NOFOLLOW),
        empty: has(a[4], libc::AT_EMPTY_PATH),
    };
    libc::SYS_unlinkat, "unlinkat", |a| if has(a[2], libc::AT_REMOVEDIR) {
        Deed::RemoveDirectory { at: at(a, 1) }
    } else {
        Deed::Remove { at: at(a, 1) }
    };
    libc::SYS_mkdirat, "mkdirat", |a| Deed::MakeDirectory { at: at(a, 1) };
    libc::SYS_mknodat, "mknodat", |a| Deed::Make { at: at(a, 1) };
    libc::SYS_symlinkat, "symlinkat", |a| Deed::Make { at: at(a, 2) };
    libc::SYS_renameat, "renameat", |a| Deed::Rename { from: at(a, 1), to: at(a, 3), flags: 0 };
    libc::SYS_renameat2, "renameat2", |a| Deed::Rename { from: at(a, 1), to: at(a, 3), flags: a[4] };
    libc::SYS_linkat, "linkat", |a| Deed::HardLink {
        from: at(a, 1),
        to: at(a, 3),
        follow: has(a[4], libc::AT_SYMLINK_FOLLOW),
        empty: has(a[4], libc::AT_EMPTY_PATH),
    };
    libc::SYS_truncate, "truncate", |a| Deed::Truncate { at: here(a[0]), size: a[1] };
    libc::SYS_fchmodat, "fchmodat", |a| Deed::Alter { at: at(a, 1), follow: true };
    452, "fchmodat2", |a| Deed::Alter { at: at(a, 1), follow: !has(a[3], libc::AT_SYMLINK_NOFOLLOW) };
    libc::SYS_fchmod, "fchmod", |a| Deed::AlterOpen { file: low(a[0]) };
    libc::SYS_fchownat, "fchownat", |a| Deed::Alter { at: at(a, 1), follow: !has(a[4], libc::AT_SYMLINK_NOFOLLOW) };
    libc::SYS_fchown, "fchown", |a| Deed::AlterOpen { file: low(a[0]) };
    libc::SYS_utimensat, "utimensat", |a| if a[1] == 0 {
        Deed::AlterOpen { file: low(a[0]) }
    } else {
        Deed::Alter { at: at(a, 1), follow: !has(a[3], libc::AT_SYMLINK_NOFOLLOW) }
    };
    libc::SYS_setxattr, "setxattr", |a| Deed::Alter { at: here(a[0]), follow: true };
    libc::SYS_lsetxattr, "lsetxattr", |a| Deed::Alter { at: here(a[0]), follow: false };
    libc::SYS_removexattr, "removexattr", |a| Deed::Alter { at: here(a[0]), follow: true };
    libc::SYS_lremovexattr, "lremovexattr", |a| Deed::Alter { at: here(a[0]), follow: false };
    463, "setxattrat", |a| Deed::Alter { at: at(a, 1), follow: !has(a[2], libc::AT_SYMLINK_NOFOLLOW) };
    466, "removexattrat", |a| Deed::Alter { at: at(a, 1), follow: !has(a[2], libc::AT_SYMLINK_NOFOLLOW) };
    469, "file_setattr", |a| Deed::Alter { at: at(a, 1), follow: !has(a[4], libc::AT_SYMLINK_NOFOLLOW) };
    libc::SYS_getxattr, "getxattr", |a| Deed::Look { at: here(a[0]), follow: true };
    libc::SYS_lgetxattr, "lgetxattr", |a| Deed::Look { at: here(a[0]), follow: false };
    libc::SYS_listxattr, "listxattr", |a| Deed::Look { at: here(a[0]), follow: true };
    libc::SYS_llistxattr, "llistxattr", |a| Deed::Look { at: here(a[0]), follow: false };
    464, "getxattrat", |a| Deed::Look { at: at(a, 1), follow: !has(a[2], libc::AT_SYMLINK_NOFOLLOW) };
    465, "listxattrat", |a| Deed::Look { at: at(a, 1), follow: !has(a[2], libc::AT_SYMLINK_NOFOLLOW) };
    468, "file_getattr", |a| Deed::Look { at: at(a, 1), follow: !has(a[4], libc::AT_SYMLINK_NOFOLLOW) };
    libc::SYS_statfs, "statfs", |a| Deed::Look { at: here(a[0]), follow: true };
    libc::SYS_name_to_handle_at, "name_to_handle_at", |a| Deed::Look {
        at: at(a, 1),
        follow: has(a[4], libc::AT_SYMLINK_FOLLOW),
    };
    libc::SYS_inotify_add_watch, "inotify_add_watch", |a| Deed::Look { at: here(a[1]), follow: true };
    libc::SYS_chdir, "chdir", |a| Deed::ChangeDirectory { at: Some(here(a[0])) };
    libc::SYS_fchdir, "fchdir", |_a| Deed::ChangeDirectory { at: None };
    // The filter lets only those through that map a file to be run.
    libc::SYS_mmap, "mmap", |a| Deed::MapCode { file: low(a[4]) };
    libc::SYS_connect, "connect", |a| Deed::Connect { address: a[1], size: a[2] };
    // The filter lets only those families through to the observer that reach another machine.
    libc::SYS_socket, "socket", |_a| Deed::Escape("opened a connection to the network");
    libc::SYS_open_by_handle_at, "open_by_handle_at", |_a| Deed::Escape("opened a file by its handle");
    libc::SYS_ptrace, "ptrace", |_a| Deed::Escape("traced another program");
    libc::SYS_process_vm_writev, "process_vm_writev", |_a| Deed::Escape("wrote to the memory of another program");
    438, "pidfd_getfd", |_a| Deed::Escape("took an open file from another program");
    libc::SYS_chroot, "chroot", |_a| Deed::Escape("changed its root directory");
    libc::SYS_pivot_root, "pivot_root", |_a| Deed::Escape("changed its root directory");
    libc::SYS_mount, "mount", |_a| Deed::Escape("mounted a file system");
    libc::SYS_umount2, "umount2", |_a| Deed::Escape("unmounted a file system");
    428, "open_tree", |_a| Deed::Escape("opened a tree of mounts");
    467, "open_tree_attr", |_a| Deed::Escape("opened a tree of mounts");
    429, "move_mount", |_a| Deed::Escape("mounted a file system");
    430, "fsopen", |_a| Deed::Escape("opened a file system");
    433, "fspick", |_a| Deed::Escape("opened a file system");
    libc::SYS_setuid, "setuid", |a| become_user(&a[..1]);
    libc::SYS_setreuid, "setreuid", |a| become_user(&a[..2]);
    libc::SYS_setresuid, "setresuid", |a| become_user(&a[..3]);
    libc::SYS_setfsuid, "setfsuid", |a| become_user(&a[..1]);
    libc::SYS_setns, "setns", |_a| Deed::Escape("entered another namespace");
};

/// Calls that only the older architecture has.
#[cfg(target_arch = "x86_64")]
const OLD_CALLS: &[Call] = calls! {
    libc::SYS_access, "access", |a| Deed::Access { at: here(a[0]), mode: a[1], flags: 0 };
    libc::SYS_open, "open", |a| Deed::Open { at: here(a[0]), flags: a[1] };
    libc::SYS_stat, "stat", |a| Deed::Look { at: here(a[0]), follow: true };
    libc::SYS_lstat, "lstat", |a| Deed::Look { at: here(a[0]), follow: false };
    libc::SYS_readlink, "readlink", |a| Deed::ReadLink { at: here(a[0]) };
    libc::SYS_creat, "creat", |a| Deed::Open {
        at: here(a[0]),
        flags: (libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC).cast_unsigned().into(),
    };
    libc::SYS_unlink, "unlink", |a| Deed::Remove { at: here(a[0]) };
    libc::SYS_rmdir, "rmdir", |a| Deed::RemoveDirectory { at: here(a[0]) };
    libc::SYS_mkdir, "mkdir", |a| Deed::MakeDirectory { at: here(a[0]) };
    libc::SYS_mknod, "mknod", |a| Deed::Make { at: here(a[0]) };
    libc::SYS_symlink, "symlink", |a| Deed::Make { at: here(a[1]) };
    libc::SYS_rename, "rename", |a| Deed::Rename { from: here(a[0]), to: here(a[1]), flags: 0 };
    libc::SYS_link, "link", |a| Deed::HardLink {
        from: here(a[0]),
        to: here(a[1]),
        follow: false,
        empty: false,
    };
    libc::SYS_chmod, "chmod", |a| Deed::Alter { at: here(a[0]), follow: true };
    libc::SYS_chown, "chown", |a| Deed::Alter { at: here(a[0]), follow: true };
    libc::SYS_lchown, "lchown", |a| Deed::Alter { at: here(a[0]), follow: false };
    libc::SYS_utime, "utime", |a| Deed::Alter { at: here(a[0]), follow: true };
    libc::SYS_utimes, "utimes", |a| Deed::Alter { at: here(a[0]), follow: true };
    libc::SYS_futimesat, "futimesat", |a| Deed::Alter { at: at(a, 1), follow: true };
};
#[cfg(not(target_arch = "x86_64"))]
const OLD_CALLS: &[Call] = &[];

/// All calls that wait.
pub(super) fn all() -> impl Iterator<Item = &'static Call> {
    CALLS.iter().chain(OLD_CALLS)
}

/// The call of this number.
pub(super) fn find(number: c_long) -> Option<&'static Call> {
    all().find(|call| call.number == number)
}
