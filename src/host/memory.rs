//! A world in memory, with a clock of its own, for tests: no disk, no waiting, every fault on demand.

use super::{Bytes, Command, Host, Kind, Lock, Output, Stamp};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard};

/// Files are stamped with the time of the last tick, in nanoseconds, as file systems do it. Ticks do not fall on whole seconds,
/// which only file systems have that know nothing finer.
const GRAIN: i64 = 3_999_971;

/// Files, variables and a clock in memory. Each change and each look at the clock moves it by one microsecond;
/// [`MemoryHost::wait`] moves it by more.
#[derive(Default)]
pub struct MemoryHost {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<Utf8PathBuf, Node>,
    variables: BTreeMap<String, String>,
    clock: i64,
    inodes: u64,
    boot: u32,
    read_only: Option<Utf8PathBuf>,
    reads: usize,
}

#[derive(Clone)]
struct Node {
    bytes: Vec<u8>,
    stamp: Stamp,
}

impl State {
    fn tick(&mut self) -> i64 {
        self.clock += 1_000;
        self.clock
    }

    /// Puts a file in place with an inode of its own.
    fn write(&mut self, path: &Utf8Path, bytes: Vec<u8>, mode: u32) {
        self.inodes += 1;
        self.put(path, bytes, mode, self.inodes);
    }

    fn put(&mut self, path: &Utf8Path, bytes: Vec<u8>, mode: u32, inode: u64) {
        let now = self.tick();
        let time = now - now % GRAIN;
        let stamp = Stamp {
            kind: Kind::File,
            mode,
            size: bytes.len() as u64,
            mtime: time,
            ctime: time,
            inode,
            device: 1,
        };
        self.files.insert(normal(path), Node { bytes, stamp });
    }

    fn check_writable(&self, path: &Utf8Path) -> io::Result<()> {
        match &self.read_only {
            Some(folder) if normal(path).starts_with(folder) => {
                Err(io::ErrorKind::PermissionDenied.into())
            }
            _ => Ok(()),
        }
    }

    fn is_directory(&self, path: &Utf8Path) -> bool {
        let path = normal(path);
        self.files
            .range(path.clone()..)
            .any(|(file, _)| file.starts_with(&path) && *file != path)
            || path.as_str().is_empty()
    }
}

/// The path without `.` and `..`, as far as that is possible without links.
fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            camino::Utf8Component::CurDir => {}
            camino::Utf8Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

impl MemoryHost {
    pub fn new() -> Self {
        let host = Self::default();
        host.state().clock = 1_000_000_000_500_000_000;
        host
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Writes a file, as an editor would.
    pub fn write(&self, path: impl AsRef<Utf8Path>, bytes: impl Into<Vec<u8>>) {
        self.state().write(path.as_ref(), bytes.into(), 0o644);
    }

    /// Writes into a file that is there, which keeps its inode: within one tick of the clock, bytes of the same length
    /// leave the same stamp.
    pub fn overwrite(&self, path: impl AsRef<Utf8Path>, bytes: impl Into<Vec<u8>>) {
        let mut state = self.state();
        match state
            .files
            .get(&normal(path.as_ref()))
            .map(|node| node.stamp)
        {
            Some(stamp) => state.put(path.as_ref(), bytes.into(), stamp.mode, stamp.inode),
            None => state.write(path.as_ref(), bytes.into(), 0o644),
        }
    }

    /// Moves the clock on by `milliseconds`.
    pub fn wait(&self, milliseconds: i64) {
        self.state().clock += milliseconds * 1_000_000;
    }

    /// Sets or unsets a variable.
    pub fn set_variable(&self, name: &str, value: Option<&str>) {
        let mut state = self.state();
        match value {
            Some(value) => state.variables.insert(name.to_owned(), value.to_owned()),
            None => state.variables.remove(name),
        };
    }

    /// Restarts the machine.
    pub fn reboot(&self) {
        self.state().boot += 1;
    }

    /// Changes the bytes of a file and nothing of its stamp, as a crash does before they have reached the disk.
    pub fn lose(&self, path: impl AsRef<Utf8Path>, bytes: impl Into<Vec<u8>>) {
        if let Some(node) = self.state().files.get_mut(&normal(path.as_ref())) {
            node.bytes = bytes.into();
        }
    }

    /// Makes every write below `folder` fail, or none.
    pub fn set_read_only(&self, folder: Option<&str>) {
        self.state().read_only = folder.map(Utf8PathBuf::from);
    }

    /// The bytes of a file, as a person would look at it.
    pub fn contents(&self, path: &str) -> Option<Vec<u8>> {
        self.state()
            .files
            .get(&normal(path.into()))
            .map(|node| node.bytes.clone())
    }

    /// All files below `folder`.
    pub fn files(&self, folder: &str) -> Vec<Utf8PathBuf> {
        self.state()
            .files
            .keys()
            .filter(|path| path.starts_with(folder))
            .cloned()
            .collect()
    }

    /// How many files have been read so far.
    pub fn reads(&self) -> usize {
        self.state().reads
    }
}

impl Host for MemoryHost {
    fn stat(&self, path: &Utf8Path) -> io::Result<Option<Stamp>> {
        let state = self.state();
        if let Some(node) = state.files.get(&normal(path)) {
            return Ok(Some(node.stamp));
        }
        let directory = Stamp {
            kind: Kind::Directory,
            mode: 0o755,
            size: 0,
            mtime: 0,
            ctime: 0,
            inode: 0,
            device: 1,
        };
        Ok(state.is_directory(path).then_some(directory))
    }

    fn read(&self, path: &Utf8Path) -> io::Result<Bytes> {
        let mut state = self.state();
        state.reads += 1;
        match state.files.get(&normal(path)) {
            Some(node) => Ok(node.bytes.clone().into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, path: &Utf8Path) -> io::Result<Vec<String>> {
        let state = self.state();
        let path = normal(path);
        let mut names: Vec<String> = state
            .files
            .keys()
            .filter_map(|file| file.strip_prefix(&path).ok()?.components().next())
            .map(|part| part.as_str().to_owned())
            .collect();
        names.dedup();
        if names.is_empty() {
            Err(io::ErrorKind::NotFound.into())
        } else {
            Ok(names)
        }
    }

    fn real_path(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        Ok(Utf8Path::new("/memory").join(normal(path)))
    }

    /// There are no links in memory.
    fn read_link(&self, _path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
        Ok(None)
    }

    /// Everything in memory may be read.
    fn denied(&self, _path: &Utf8Path) -> io::Result<bool> {
        Ok(false)
    }

    fn variables(&self) -> io::Result<Vec<(String, String)>> {
        Ok(self.state().variables.clone().into_iter().collect())
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.state().variables.get(name).cloned()
    }

    fn now(&self) -> i64 {
        self.state().tick()
    }

    fn boot(&self) -> String {
        self.state().boot.to_string()
    }

    fn program(&self) -> io::Result<Utf8PathBuf> {
        Ok("/memory/kiln".into())
    }

    fn process(&self) -> String {
        "test".to_owned()
    }

    fn replace(&self, path: &Utf8Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        let mut state = self.state();
        state.check_writable(path)?;
        state.write(path, bytes.to_vec(), mode & !0o022);
        Ok(())
    }

    fn append(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<u64> {
        let mut state = self.state();
        state.check_writable(path)?;
        let mut whole = state
            .files
            .get(&normal(path))
            .map(|node| node.bytes.clone())
            .unwrap_or_default();
        let offset = whole.len() as u64;
        whole.extend_from_slice(bytes);
        state.write(path, whole, 0o644);
        Ok(offset)
    }

    fn truncate(&self, path: &Utf8Path, size: u64) -> io::Result<()> {
        let mut state = self.state();
        state.check_writable(path)?;
        let mut whole = state
            .files
            .get(&normal(path))
            .map(|node| node.bytes.clone())
            .ok_or(io::ErrorKind::NotFound)?;
        whole.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        state.write(path, whole, 0o644);
        Ok(())
    }

    fn remove(&self, path: &Utf8Path) -> io::Result<()> {
        let mut state = self.state();
        state.check_writable(path)?;
        state.tick();
        state.files.remove(&normal(path));
        Ok(())
    }

    fn link(&self, path: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        let bytes = self.read(path)?.to_vec();
        match self.stat(to)? {
            Some(_) => Err(io::ErrorKind::AlreadyExists.into()),
            None => self.replace(to, &bytes, 0o755),
        }
    }

    /// A directory is there when something is in it.
    fn make_directory(&self, _path: &Utf8Path) -> io::Result<()> {
        Ok(())
    }

    fn lock(&self, path: &Utf8Path, _waiting: &mut dyn FnMut(&str)) -> io::Result<Lock> {
        self.state().check_writable(path)?;
        Ok(Box::new(()))
    }

    fn run(&self, command: &Command) -> io::Result<Output> {
        Err(io::Error::new(
            io::ErrorKind::NotFound,
            format!("no programs in memory: {}", command.program),
        ))
    }
}
