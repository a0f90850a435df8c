//! The world as one build sees it: each thing is looked at once, then remembered.

use super::spelled::{Looked, PathMap};
use super::{Known, Observation, Role, Seen, listing_digest, listing_digest_without, told};
use crate::digest::Digest;
use crate::host::{Bytes, Host, Kind, Stamp};
use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

/// What a build has seen so far, and what its result rests on.
pub struct World {
    host: Arc<dyn Host>,
    files: Mutex<PathMap<FileState>>,
    /// What the finished build rests on: one entry for each thing looked at.
    relied: Mutex<IndexMap<Looked, (Role, String), FxBuildHasher>>,
}

/// What is known of a path.
#[derive(Clone, Debug)]
pub enum FileState {
    Absent,
    /// A directory or device.
    Other(Stamp),
    File {
        stamp: Stamp,
        /// When the stamp was taken, in nanoseconds since 1970.
        taken: i64,
        digest: Option<Digest>,
        /// Kept from the read that gave the digest until somebody asks for them.
        bytes: Option<Bytes>,
        /// Read in this build, rather than known by its stamp.
        read: bool,
    },
}

impl FileState {
    pub fn digest(&self) -> Option<Digest> {
        match self {
            Self::File { digest, .. } => *digest,
            _ => None,
        }
    }

    fn stamp(&self) -> Option<Stamp> {
        match self {
            Self::Absent => None,
            Self::Other(stamp) | Self::File { stamp, .. } => Some(*stamp),
        }
    }

    /// The observation that this state is, once it is digested.
    pub fn observation(&self, path: &Utf8Path) -> Observation {
        let path = path.to_owned();
        match self {
            Self::Absent => Observation::Absent { path },
            Self::File {
                digest: Some(digest),
                ..
            } => Observation::File {
                path,
                digest: *digest,
            },
            Self::File { stamp, .. } | Self::Other(stamp) => Observation::Present {
                path,
                kind: stamp.kind,
            },
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn known(files: &PathMap<FileState>, path: &Utf8Path) -> Option<(Known, i64)> {
    match files.get(path.as_str()) {
        Some(FileState::File {
            stamp,
            taken,
            digest: Some(digest),
            ..
        }) => Some((
            Known {
                stamp: *stamp,
                digest: *digest,
            },
            *taken,
        )),
        _ => None,
    }
}

impl World {
    pub fn new(host: Arc<dyn Host>) -> Self {
        Self {
            host,
            files: Mutex::default(),
            relied: Mutex::default(),
        }
    }

    pub fn host(&self) -> &dyn Host {
        &*self.host
    }

    /// The same, for those who keep it.
    pub fn shared_host(&self) -> &Arc<dyn Host> {
        &self.host
    }

    /// A file that was read elsewhere: this was its stamp at the read and, at `taken`, still. What the build has seen of it
    /// before stays, and if that was another file, [`World::changed_meanwhile`] has it.
    pub fn learn(&self, path: &Utf8Path, known: Known, taken: i64) {
        let mut files = lock(&self.files);
        let new = |taken| FileState::File {
            stamp: known.stamp,
            taken,
            digest: Some(known.digest),
            bytes: None,
            read: true,
        };
        match files.get_mut(path.as_str()) {
            None => {
                files.insert(path.as_str().into(), new(taken));
            }
            Some(FileState::File {
                digest: Some(digest),
                read,
                ..
            }) if *digest != known.digest => *read = true,
            Some(FileState::File { stamp, digest, .. }) if *stamp != known.stamp => {
                // Nobody has read what was there before.
                if digest.is_none() {
                    files.insert(path.as_str().into(), new(taken));
                }
            }
            Some(FileState::File {
                digest: Some(_), ..
            }) => {}
            Some(state) => *state = new(taken),
        }
    }

    /// A file that this build has made itself: what was there before is forgotten.
    pub fn made(&self, path: &Utf8Path, known: Known, taken: i64) {
        lock(&self.files).remove(path.as_str());
        self.learn(path, known, taken);
    }

    /// Files that the proof has just shown to be as recorded need not be looked at again.
    pub fn seed(&self, known: &[(Utf8PathBuf, Known)], taken: i64) {
        let mut files = lock(&self.files);
        files.reserve(known.len());
        files.extend(known.iter().map(|(path, known)| {
            let state = FileState::File {
                stamp: known.stamp,
                taken,
                digest: Some(known.digest),
                bytes: None,
                read: false,
            };
            (path.as_str().into(), state)
        }));
    }

    /// The stamp of what is at a path.
    ///
    /// # Errors
    /// If the path cannot be looked at.
    pub fn stamp(&self, path: &Utf8Path) -> io::Result<Option<Stamp>> {
        Ok(self.state(path)?.stamp())
    }

    /// What is at a path; its digest only where it is known already.
    fn state(&self, path: &Utf8Path) -> io::Result<FileState> {
        if let Some(state) = lock(&self.files).get(path.as_str()) {
            return Ok(state.clone());
        }
        let taken = self.host.now();
        let state = match self.host.stat(path)? {
            None => FileState::Absent,
            Some(stamp) if stamp.kind == Kind::File => FileState::File {
                stamp,
                taken,
                digest: None,
                bytes: None,
                read: false,
            },
            Some(stamp) => FileState::Other(stamp),
        };
        Ok(lock(&self.files)
            .entry(path.as_str().into())
            .or_insert(state)
            .clone())
    }

    /// What is at a path, with the digest of its bytes if it is a file.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn digested(&self, path: &Utf8Path) -> io::Result<FileState> {
        let state = self.state(path)?;
        let FileState::File {
            stamp,
            taken,
            digest: None,
            ..
        } = state
        else {
            return Ok(state);
        };
        let bytes = self.host.read(path)?;
        let digest = Some(Digest::of(&bytes));
        let mut files = lock(&self.files);
        if let Some(FileState::File {
            digest: Some(_), ..
        }) = files.get(path.as_str())
        {
            // Another thread was faster: its answer is this build's.
            return Ok(files[path.as_str()].clone());
        }
        let state = FileState::File {
            stamp,
            taken,
            digest,
            bytes: Some(bytes),
            read: true,
        };
        files.insert(path.as_str().into(), state.clone());
        Ok(state)
    }

    /// The bytes whose digest this build has seen.
    ///
    /// # Errors
    /// If the file cannot be read, or has other bytes by now.
    pub fn bytes(&self, path: &Utf8Path) -> io::Result<Bytes> {
        let FileState::File {
            digest: Some(digest),
            bytes,
            ..
        } = self.digested(path)?
        else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if let Some(bytes) = bytes {
            return Ok(bytes);
        }
        let bytes = self.host.read(path)?;
        if Digest::of(&bytes) != digest {
            return Err(io::Error::other(
                "the file was changed while the build ran; build again",
            ));
        }
        Ok(bytes)
    }

    /// The names in a directory, sorted; `None` where nothing is there.
    ///
    /// # Errors
    /// If it exists and cannot be listed.
    pub fn list(&self, path: &Utf8Path) -> io::Result<Option<Vec<String>>> {
        match self.host.list(path) {
            Ok(names) => Ok(Some(names)),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The first executable file called `name` in the directories of a search-path variable. A name with a slash
    /// stands for itself.
    pub fn find_tool(&self, name: &str, variable: &str) -> Option<Utf8PathBuf> {
        let executable = |path: &Utf8Path| {
            let stamp = self.host.stat(path).ok().flatten();
            stamp.is_some_and(|stamp| stamp.kind == Kind::File && stamp.mode & 0o111 != 0)
        };
        if name.contains('/') {
            return executable(name.into()).then(|| name.into());
        }
        let search = self.host.variable(variable)?;
        let candidates = search.split(':').map(|directory| {
            Utf8Path::new(if directory.is_empty() { "." } else { directory }).join(name)
        });
        candidates.into_iter().find(|path| executable(path))
    }

    /// Whether an observation still holds.
    pub fn holds(&self, observation: &Observation) -> bool {
        match observation {
            Observation::File { path, digest } => self
                .digested(path)
                .is_ok_and(|state| state.digest() == Some(*digest)),
            Observation::Absent { path } => self.stamp(path).is_ok_and(|stamp| stamp.is_none()),
            Observation::Present { path, kind } => self
                .stamp(path)
                .is_ok_and(|stamp| stamp.is_some_and(|stamp| stamp.kind == *kind)),
            Observation::Listing { path, digest } => self
                .list(path)
                .is_ok_and(|names| names.is_some_and(|names| listing_digest(&names) == *digest)),
            Observation::Variable { name, value } => told(name, self.host.variable(name)) == *value,
            Observation::Tool {
                name,
                variable,
                path,
            } => self.find_tool(name, variable) == *path,
            Observation::Attributes { path, attributes } => self
                .stamp(path)
                .is_ok_and(|stamp| stamp.is_some_and(|stamp| attributes.fits(&stamp))),
            Observation::Link { path, target } => self
                .host
                .read_link(path)
                .is_ok_and(|found| found == *target),
            Observation::Root { path } => {
                let root = self.host.real_path(Utf8Path::new("."));
                root.is_ok_and(|root| root == *path)
            }
            Observation::Denied { path } => self.host.denied(path).unwrap_or(false),
            Observation::ListingWithout {
                path,
                without,
                digest,
            } => self.list(path).is_ok_and(|names| {
                names.is_some_and(|names| listing_digest_without(&names, without) == *digest)
            }),
        }
    }

    /// The finished build rests on these.
    pub fn rely(&self, seen: impl IntoIterator<Item = Seen>) {
        let mut relied = lock(&self.relied);
        for seen in seen {
            relied
                .entry(Looked(seen.observation))
                .or_insert((seen.role, seen.note));
        }
    }

    /// What is known of the bytes of a file, and when that was.
    pub fn known(&self, path: &Utf8Path) -> Option<(Known, i64)> {
        known(&lock(&self.files), path)
    }

    /// All that was relied on, with what is known of each file.
    pub fn relied(&self) -> Vec<(Seen, Option<(Known, i64)>)> {
        let files = lock(&self.files);
        let relied = lock(&self.relied);
        // Where a file's bytes count, that there is a file needs no word of its own.
        let read: HashSet<&str, FxBuildHasher> = relied
            .keys()
            .filter_map(|Looked(observation)| match observation {
                Observation::File { path, .. } => Some(path.as_str()),
                _ => None,
            })
            .collect();
        let needed = |observation: &Observation| match observation {
            Observation::Present {
                path,
                kind: Kind::File,
            } => !read.contains(path.as_str()),
            _ => true,
        };
        let with_known = relied
            .iter()
            .filter(|(Looked(observation), _)| needed(observation))
            .map(|(Looked(observation), (role, note))| {
                let known = match observation {
                    Observation::File { path, .. } => known(&files, path),
                    _ => None,
                };
                (
                    Seen {
                        observation: observation.clone(),
                        role: *role,
                        note: note.clone(),
                    },
                    known,
                )
            });
        with_known.collect()
    }

    /// How many files were read in this build to digest them.
    pub fn files_read(&self) -> usize {
        lock(&self.files)
            .values()
            .filter(|state| matches!(state, FileState::File { read: true, .. }))
            .count()
    }

    /// Files that the build rests on (those relied on, and those that `counts` says are), read in this build, whose stamp is
    /// another by now: somebody changed them while it ran.
    pub fn changed_meanwhile(&self, counts: impl Fn(&Utf8Path) -> bool) -> Vec<Utf8PathBuf> {
        let files = lock(&self.files);
        let relied = lock(&self.relied);
        let relied: HashSet<&str, FxBuildHasher> = relied
            .keys()
            .filter_map(|Looked(observation)| match observation {
                Observation::File { path, .. } => Some(path.as_str()),
                _ => None,
            })
            .collect();
        let read = files.iter().filter_map(|(path, state)| match state {
            FileState::File {
                stamp, read: true, ..
            } => Some((Utf8Path::new(path), *stamp)),
            _ => None,
        });
        let mut changed: Vec<Utf8PathBuf> = read
            .filter(|(path, _)| relied.contains(path.as_str()) || counts(path))
            .filter(|(path, stamp)| self.host.stat(path).ok().flatten() != Some(*stamp))
            .map(|(path, _)| path.to_owned())
            .collect();
        changed.sort();
        changed
    }
}
