//! The world as the embedded linker sees it.
//!
//! Objects have paths of their own, which no disk can have, so that neither their names nor their number depend on the
//! disk. Everything else is looked at through the build's [`World`], and noted: a file that was read by its digest, a
//! place where nothing was found as absent. This module knows nothing of a link's arguments.

use super::message::NO_FILE;
use crate::error::Error;
use crate::host::{Buffer, Bytes, Kind};
use crate::observe::{Observation, World};
use camino::{Utf8Path, Utf8PathBuf};
use libwild::error::Result;
use libwild::{FileSystem, FileType, InputFileData, OutputFileData, OutputOptions};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Nothing on a disk can lie below a device, so these paths are free.
const OBJECTS: &str = "/dev/null/object/";

/// Stands for the project's root: the linker would make relative search directories absolute by the working directory
/// of the process, which is another one.
const PROJECT: &str = "/dev/null/project/";

/// Where the linker believes that it writes.
pub(super) const PROGRAM: &str = "/dev/null/program";

/// The path of an object: unique, and it ends with the name.
pub(super) fn object_path(index: usize, name: &str) -> String {
    format!("{OBJECTS}{index}/{name}")
}

/// A search directory in the form that the linker is given.
pub(super) fn search_path(directory: &str) -> String {
    if directory.starts_with('/') {
        directory.to_owned()
    } else {
        format!("{PROJECT}{directory}")
    }
}

/// A text in which paths have the form that people know.
pub(super) fn without_prefixes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.replace(PROJECT, "");
    while let Some(at) = rest.find(OBJECTS) {
        plain.push_str(&rest[..at]);
        let named = &rest[at + OBJECTS.len()..];
        rest = named
            .split_once('/')
            .map_or(named, |(_, name)| name)
            .to_owned();
    }
    plain + &rest
}

/// What the linker and its caller share. The linker's file system must own what it uses, and the world is borrowed: it
/// is lent here for the time of one call.
#[derive(Default)]
pub(super) struct Door {
    world: RwLock<Option<&'static World>>,
    seen: Mutex<BTreeMap<Utf8PathBuf, Observation>>,
    failure: Mutex<Option<Error>>,
    program: Mutex<Option<Bytes>>,
    /// Memory that was made ready for the program.
    room: Mutex<Option<Buffer>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Door {
    pub(super) fn with_room(room: Option<Buffer>) -> Self {
        Self {
            room: Mutex::new(room),
            ..Self::default()
        }
    }

    /// Zeroed memory for the program.
    fn room(&self, size: usize) -> Buffer {
        let ready = lock(&self.room).take().and_then(|room| room.cut(size));
        ready.unwrap_or_else(|| Buffer::zeroed(size))
    }

    /// Lends `world` while `action` runs.
    pub(super) fn open_while<T>(&self, world: &World, action: impl FnOnce() -> T) -> T {
        struct Close<'d>(&'d Door);
        impl Drop for Close<'_> {
            fn drop(&mut self) {
                // Waits for a thread that is still looking through the door.
                *self.0.world.write().unwrap_or_else(PoisonError::into_inner) = None;
            }
        }
        let close = Close(self);
        // SAFETY: `close` takes the reference back before this function returns, also by a panic, and each use holds
        // the lock, so that none outlives `world`.
        let lent = unsafe { std::mem::transmute::<&World, &'static World>(world) };
        *self.world.write().unwrap_or_else(PoisonError::into_inner) = Some(lent);
        let result = action();
        drop(close);
        result
    }

    /// What was looked at, by path.
    pub(super) fn seen(&self) -> Vec<(Observation, &'static str)> {
        let seen = std::mem::take(&mut *lock(&self.seen));
        let with_note = seen.into_values().map(|observation| match observation {
            Observation::File { .. } => (observation, "linked"),
            _ => (observation, "the linker looked for it"),
        });
        with_note.collect()
    }

    /// How the world failed, if it did: the linker would go on after some failures as if nothing were there.
    pub(super) fn failure(&self) -> Option<Error> {
        lock(&self.failure).take()
    }

    /// The program, once it is linked.
    pub(super) fn program(&self) -> Bytes {
        lock(&self.program)
            .take()
            .unwrap_or_else(|| Bytes::built_in(&[]))
    }

    /// Uses the world for a path as the linker spells it.
    fn look<T>(
        &self,
        path: &Path,
        action: impl FnOnce(&World, &Utf8Path) -> io::Result<T>,
    ) -> Result<T> {
        let path = Utf8Path::from_path(path)
            .ok_or_else(|| libwild::error!("the path {} is no UTF-8", path.display()))?;
        let path = path.strip_prefix(PROJECT).unwrap_or(path);
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let world = world.ok_or_else(|| libwild::error!("the link is over"))?;
        action(world, path).map_err(|cause| {
            if cause.kind() != io::ErrorKind::NotFound {
                lock(&self.failure).get_or_insert(Error::world(
                    "cannot read a file for the link",
                    path,
                    cause,
                ));
            }
            libwild::error!("{NO_FILE} `{path}`")
        })
    }

    fn note(&self, path: &Utf8Path, observation: Observation) {
        let mut seen = lock(&self.seen);
        // That a file has these bytes says more than that something is there.
        if matches!(observation, Observation::File { .. }) || !seen.contains_key(path) {
            seen.insert(path.to_owned(), observation);
        }
    }
}

/// The linker's file system.
pub(super) struct Files {
    objects: HashMap<String, Bytes>,
    door: Arc<Door>,
}

impl Files {
    pub(super) fn new(objects: HashMap<String, Bytes>, door: Arc<Door>) -> Self {
        Self { objects, door }
    }

    fn object(&self, path: &Path) -> Option<&Bytes> {
        self.objects.get(path.to_str()?)
    }
}

/// An input; dropping it frees nothing that the world still holds.
#[derive(Debug)]
pub(super) struct Input(Bytes);

impl InputFileData for Input {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The program while it is written.
pub(super) struct Program {
    bytes: Buffer,
    door: Arc<Door>,
}

impl OutputFileData for Program {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    fn finish(self) -> Result {
        *lock(&self.door.program) = Some(self.bytes.into());
        Ok(())
    }
}

impl FileSystem for Files {
    type Input = Input;
    type Output = Program;

    // The linker's interface names a file, which only plugins would use.
    #[allow(clippy::disallowed_types)]
    fn open_input(
        &self,
        path: &Path,
        _prepopulate_maps: bool,
    ) -> Result<(Input, Option<Arc<std::fs::File>>)> {
        if let Some(bytes) = self.object(path) {
            return Ok((Input(bytes.clone()), None));
        }
        self.door.look(path, |world, path| {
            let state = world.digested(path)?;
            self.door.note(path, state.observation(path));
            if state.digest().is_none() {
                // A directory is as little a library as nothing is.
                return Err(io::ErrorKind::NotFound.into());
            }
            Ok((Input(world.bytes(path)?), None))
        })
    }

    /// The linker asks whether something is there, never what: it then opens the first that is.
    fn file_type(&self, path: &Path) -> Result<FileType> {
        if self.object(path).is_some() {
            return Ok(FileType::File);
        }
        if path == Path::new(PROGRAM) {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        }
        self.door.look(path, |world, path| {
            let Some(stamp) = world.stamp(path)? else {
                self.door.note(
                    path,
                    Observation::Absent {
                        path: path.to_owned(),
                    },
                );
                return Err(io::ErrorKind::NotFound.into());
            };
            if stamp.kind != Kind::File {
                self.door.note(
                    path,
                    Observation::Present {
                        path: path.to_owned(),
                        kind: stamp.kind,
                    },
                );
            }
            Ok(match stamp.kind {
                Kind::File => FileType::File,
                Kind::Directory => FileType::Directory,
                Kind::Other => FileType::Other,
            })
        })
    }

    /// Asked for linker scripts only, to look beside them for the files that they name. The path is left as it is spelled:
    /// other linkers look beside the script as spelled too, and a link that is turned to elsewhere is then noticed.
    fn canonicalize(&self, path: &Path) -> Result<PathBuf> {
        if path.is_absolute() {
            return Ok(path.to_owned());
        }
        Ok(Path::new(PROJECT).join(path))
    }

    fn remove_file(&self, _path: &Path) -> Result<()> {
        Ok(())
    }

    fn rename_file(&self, _path: &Path, _new_path: &Path) -> Result<()> {
        Err(io::Error::from(io::ErrorKind::NotFound).into())
    }

    fn create_output(&self, _path: Arc<Path>, options: OutputOptions) -> Result<Program> {
        let size = usize::try_from(options.size)
            .map_err(|_| libwild::error!("the program is too large"))?;
        Ok(Program {
            bytes: self.door.room(size),
            door: Arc::clone(&self.door),
        })
    }

    fn write_auxiliary(&self, path: &Path, _bytes: &[u8]) -> Result {
        Err(libwild::error!(
            "the embedded linker writes no file beside the program, as {} would be",
            path.display()
        ))
    }
}
