//! The operating system as a [`Host`]. The only part of the crate that opens files, reads variables or runs programs.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod observer;

use super::{Bytes, Command, Host, Kind, Lock, Output, Stamp};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RenameFlags, StatxFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::sync::atomic::{AtomicU32, Ordering};

/// Files larger than this are mapped: below it a read costs less than a mapping and its page faults.
const MAP_FROM: u64 = 64 * 1024;

/// Files up to this size are read whole by whoever reads them, so a mapping gets all of its pages at once.
const POPULATED_TO: u64 = 4 * 1024 * 1024;

/// The page cache takes memory for each write in pieces as large as the write, and large pieces are mostly fresh ones:
/// 13 MB in one write took 18 to 85 ms in a virtual machine, in parts of this size 3 to 10 ms.
const WRITTEN_AT_ONCE: usize = 128 * 1024;

/// The operating system, seen from the root of one project.
pub struct NativeHost {
    root: Utf8PathBuf,
    /// Relative paths are looked up from here: shorter walks than from `/`, and no allocation to join paths.
    directory: OwnedFd,
    /// Makes the names of files written aside unique within the process.
    serial: AtomicU32,
    process: String,
}

impl NativeHost {
    /// A host for the project at `root`. `process` names this process to others that wait for it.
    ///
    /// # Errors
    /// If `root` is no directory that can be opened.
    pub fn open(root: &Utf8Path, process: String) -> io::Result<Self> {
        let root = Utf8PathBuf::try_from(std::path::absolute(root)?).map_err(io::Error::other)?;
        let directory = rustix::fs::openat(
            CWD,
            root.as_std_path(),
            OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        Ok(Self {
            root,
            directory,
            serial: AtomicU32::new(0),
            process,
        })
    }

    /// The root of the project, absolute.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// `mode` is that of a new file, reduced by the umask.
    fn open_file(&self, path: &Utf8Path, flags: OFlags, mode: u32) -> io::Result<File> {
        let mode = Mode::from_raw_mode(mode);
        Ok(File::from(rustix::fs::openat(
            &self.directory,
            path.as_std_path(),
            flags | OFlags::CLOEXEC,
            mode,
        )?))
    }

    fn make_parents(&self, path: &Utf8Path) -> io::Result<()> {
        match self.root.join(path).parent() {
            Some(parent) => std::fs::create_dir_all(parent),
            None => Ok(()),
        }
    }

    /// A name beside `path` that nobody else uses, to write what will replace it.
    fn aside(&self, path: &Utf8Path) -> Utf8PathBuf {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let name = format!(
            ".{}.{}-{serial}.kiln-tmp",
            path.file_name().unwrap_or("file"),
            std::process::id()
        );
        path.with_file_name(name)
    }

    /// Opens for writing, making parent directories only where the first attempt shows that they are missing.
    fn open_for_writing(&self, path: &Utf8Path, flags: OFlags, mode: u32) -> io::Result<File> {
        match self.open_file(path, flags, mode) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_parents(path)?;
                self.open_file(path, flags, mode)
            }
            other => other,
        }
    }
}

/// The stamp of what is at `path`, which is relative to `directory`; `None` where nothing is there. A symbolic link that
/// `flags` say not to follow is of another kind.
fn stamp(directory: &OwnedFd, path: &Utf8Path, flags: AtFlags) -> Result<Option<Stamp>, Errno> {
    let wanted = StatxFlags::TYPE
        | StatxFlags::MODE
        | StatxFlags::INO
        | StatxFlags::SIZE
        | StatxFlags::MTIME
        | StatxFlags::CTIME;
    match rustix::fs::statx(directory, path.as_std_path(), flags, wanted) {
        Ok(found) => {
            let kind = match FileType::from_raw_mode(found.stx_mode.into()) {
                FileType::RegularFile => Kind::File,
                FileType::Directory => Kind::Directory,
                _ => Kind::Other,
            };
            let nanoseconds = |time: rustix::fs::StatxTimestamp| {
                time.tv_sec * 1_000_000_000 + i64::from(time.tv_nsec)
            };
            Ok(Some(Stamp {
                kind,
                mode: u32::from(found.stx_mode) & 0o7777,
                size: found.stx_size,
                mtime: nanoseconds(found.stx_mtime),
                ctime: nanoseconds(found.stx_ctime),
                inode: found.stx_ino,
                device: (u64::from(found.stx_dev_major) << 32) | u64::from(found.stx_dev_minor),
            }))
        }
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Host for NativeHost {
    fn stat(&self, path: &Utf8Path) -> io::Result<Option<Stamp>> {
        Ok(stamp(&self.directory, path, AtFlags::empty())?)
    }

    fn read(&self, path: &Utf8Path) -> io::Result<Bytes> {
        let mut file = self.open_file(path, OFlags::RDONLY, 0)?;
        let size = rustix::fs::fstat(&file)?.st_size.cast_unsigned();
        if size > MAP_FROM {
            // SAFETY: a mapping of a file that another process truncates can fault. Sources and link inputs are read
            // under the same assumption by every compiler and linker; the store's files are only ever appended to or
            // replaced by renaming.
            let mut options = memmap2::MmapOptions::new();
            if size <= POPULATED_TO {
                options.populate();
            }
            return Ok(Bytes::mapped(unsafe { options.map(&file)? }));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
        file.read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.root.join(path))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn real_path(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        self.root.join(path).canonicalize_utf8()
    }

    fn read_link(&self, path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
        use rustix::io::Errno;
        match rustix::fs::readlinkat(&self.directory, path.as_std_path(), Vec::new()) {
            Ok(target) => {
                let target = target.into_string().map_err(io::Error::other)?;
                Ok(Some(target.into()))
            }
            // Something else, nothing, or a parent that is no directory.
            Err(Errno::INVAL | Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn denied(&self, path: &Utf8Path) -> io::Result<bool> {
        use rustix::io::Errno;
        let (access, flags) = (rustix::fs::Access::READ_OK, AtFlags::EACCESS);
        match rustix::fs::accessat(&self.directory, path.as_std_path(), access, flags) {
            Ok(()) | Err(Errno::NOENT | Errno::NOTDIR) => Ok(false),
            // Links that lead to themselves, and names that are too long, are as closed to everybody.
            Err(Errno::ACCESS | Errno::PERM | Errno::LOOP | Errno::NAMETOOLONG) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    fn variables(&self) -> io::Result<Vec<(String, String)>> {
        let mut variables = Vec::new();
        for (name, value) in std::env::vars_os() {
            match (name.into_string(), value.into_string()) {
                (Ok(name), Ok(value)) => variables.push((name, value)),
                (Err(name), _) => {
                    let message = format!("the variable {} is not UTF-8", name.display());
                    return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                }
                (Ok(name), Err(_)) => {
                    let message = format!("the value of the variable {name} is not UTF-8");
                    return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                }
            }
        }
        variables.sort_unstable();
        Ok(variables)
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }

    fn now(&self) -> i64 {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Realtime);
        time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    fn boot(&self) -> String {
        std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .map(|id| id.trim().to_owned())
            .unwrap_or_default()
    }

    fn program(&self) -> io::Result<Utf8PathBuf> {
        Utf8PathBuf::try_from(std::env::current_exe()?).map_err(io::Error::other)
    }

    fn process(&self) -> String {
        self.process.clone()
    }

    fn replace(&self, path: &Utf8Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        let aside = self.write_aside(path, bytes, mode)?;
        let placed = self.put_in_place(&aside, path);
        if placed.is_err() {
            let _ = self.remove(&aside);
        }
        placed
    }

    fn write_aside(&self, path: &Utf8Path, bytes: &[u8], mode: u32) -> io::Result<Utf8PathBuf> {
        let aside = self.aside(path);
        // Left behind by a process of the same number, if it is there.
        self.remove(&aside)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let mut file = self.open_for_writing(&aside, flags, mode)?;
        let written = bytes
            .chunks(WRITTEN_AT_ONCE)
            .try_for_each(|part| file.write_all(part));
        if let Err(error) = written {
            // The error to report is the first one; a file left aside is harmless and is reaped with the folder.
            let _ = self.remove(&aside);
            return Err(error);
        }
        Ok(aside)
    }

    /// Renames. Where there is a file already, the two are exchanged and the old one is removed: as
    /// atomic as renaming over it, without the write to disk that ext4 then begins at once. Bytes that a crash of the
    /// machine loses are noticed, since digests are compared after a restart.
    fn put_in_place(&self, aside: &Utf8Path, path: &Utf8Path) -> io::Result<()> {
        let (root, from, to) = (&self.directory, aside.as_std_path(), path.as_std_path());
        let there = rustix::fs::statat(root, to, AtFlags::SYMLINK_NOFOLLOW);
        let is_file = there
            .is_ok_and(|found| FileType::from_raw_mode(found.st_mode) == FileType::RegularFile);
        let exchange = || rustix::fs::renameat_with(root, from, root, to, RenameFlags::EXCHANGE);
        if is_file && exchange().is_ok() {
            return self.remove(aside);
        }
        Ok(rustix::fs::renameat(root, from, root, to)?)
    }

    fn append(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<u64> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND;
        let mut file = self.open_for_writing(path, flags, 0o666)?;
        let end = file.seek(SeekFrom::End(0))?;
        if let Err(error) = file.write_all(bytes) {
            // A part of a record would only cost the next reader a warning, but a full disk should get its space back.
            let _ = file.set_len(end);
            return Err(error);
        }
        // Somebody else may have appended in between.
        Ok(file.stream_position()? - bytes.len() as u64)
    }

    fn truncate(&self, path: &Utf8Path, size: u64) -> io::Result<()> {
        self.open_file(path, OFlags::WRONLY, 0)?.set_len(size)
    }

    fn remove(&self, path: &Utf8Path) -> io::Result<()> {
        let flags = match self.stat(path)? {
            Some(Stamp {
                kind: Kind::Directory,
                ..
            }) => AtFlags::REMOVEDIR,
            _ => AtFlags::empty(),
        };
        match rustix::fs::unlinkat(&self.directory, path.as_std_path(), flags) {
            Err(Errno::NOENT) | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn link(&self, path: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.make_parents(to)?;
        let root = &self.directory;
        let (from, to) = (path.as_std_path(), to.as_std_path());
        Ok(rustix::fs::linkat(root, from, root, to, AtFlags::empty())?)
    }

    fn symlink(&self, target: &Utf8Path, path: &Utf8Path) -> io::Result<()> {
        let aside = self.aside(path);
        self.remove(&aside)?;
        let (to, from) = (path.as_std_path(), aside.as_std_path());
        rustix::fs::symlinkat(target.as_std_path(), &self.directory, from)?;
        let placed = rustix::fs::renameat(&self.directory, from, &self.directory, to);
        if placed.is_err() {
            let _ = self.remove(&aside);
        }
        Ok(placed?)
    }

    fn make_directory(&self, path: &Utf8Path) -> io::Result<()> {
        std::fs::create_dir_all(self.root.join(path))
    }

    fn lock(&self, path: &Utf8Path, waiting: &mut dyn FnMut(&str)) -> io::Result<Lock> {
        let mut file = self.open_for_writing(path, OFlags::RDWR | OFlags::CREATE, 0o666)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The holder's name is a courtesy; the lock itself does not depend on it.
                let _ = file.read_to_string(&mut holder);
                waiting(holder.trim());
                file.lock()?;
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(error),
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", self.process)?;
        Ok(Box::new(file))
    }

    fn run(&self, command: &Command) -> io::Result<Output> {
        let called = command.called.as_deref();
        let output = std::process::Command::new(&command.program)
            .arg0(called.unwrap_or(command.program.as_str()))
            .args(&command.args)
            .env_clear()
            .envs(command.env.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.root)
            .stdin(std::process::Stdio::null())
            .output()?;
        Ok(Output {
            status: output.status.code(),
            signal: output.status.signal(),
            stdout: output.stdout,
            stderr: output.stderr,
        })
    }

    #[cfg(all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64")
    ))]
    fn observe(&self, command: &Command) -> io::Result<super::Observed> {
        observer::observe(&self.root, &self.directory, command)
    }
}
