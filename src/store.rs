//! The store: records by key and blobs by digest, kept between processes.
//!
//! It does not know what a record or a blob means. Two files hold nearly everything, so that a warm build opens two files
//! and not a thousand:
//!
//! ```text
//! store/records    header, then records, appended: | magic | kind | length | key (32) | checksum (16) | value … |
//! store/pack       bytes of small blobs, one after the other; a record of kind BLOB says where each lies
//! store/large/     one file for each large blob (programs), named by digest; the newest few are kept
//! ```
//!
//! The last record of a key counts. Every value is checked against its checksum or digest when it is taken out (blobs in
//! the pack only if somebody else has written to it, see [`trust`]), so a damaged, truncated or foreign file costs a
//! notice and the work it held, never a wrong result. A kill between the two
//! appends leaves bytes in the pack that no record names.

mod log;
mod trim;
mod trust;

use crate::digest::Digest;
use crate::host::{Bytes, Host};
use camino::{Utf8Path, Utf8PathBuf};
use log::{Log, RecordKind};
use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

/// Blobs larger than this get a file of their own.
const LARGE: usize = 256 * 1024;
/// Blobs from this size on are not written when they are put in, since whoever put them in writes them too, somewhere else.
/// They are adopted from there before they would be overwritten: see [`Store::adopt`].
pub const ADOPTED_FROM: u64 = 4 * 1024 * 1024;

/// Records and blobs of one project.
pub struct Store {
    host: Arc<dyn Host>,
    /// `None` keeps nothing: `--no-cache`.
    directory: Option<Utf8PathBuf>,
    log: Log,
    pack: Bytes,
    /// Blobs in the pack are taken out without being digested.
    believed: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Not yet written.
    records: HashMap<Digest, Bytes>,
    order: Vec<Digest>,
    blobs: HashMap<Digest, Bytes>,
    blob_order: Vec<Digest>,
    /// How many of those are texts.
    texts: usize,
    /// What this build asked for or put in: what a trim keeps.
    used: HashSet<Digest>,
    damage: Vec<String>,
    /// Blobs that turned out to be missing or damaged.
    lost: HashSet<Digest>,
}

impl Store {
    /// Opens the store in `directory`. Never fails: what cannot be read is reported by [`Store::damage`] and is as if it
    /// were not there.
    pub fn open(host: Arc<dyn Host>, directory: &Utf8Path) -> Self {
        let mut state = State::default();
        let log = match read_if_present(&*host, &directory.join("records")) {
            Ok(bytes) => Log::open(bytes, &mut state.damage),
            Err(error) => {
                state
                    .damage
                    .push(format!("{directory}/records cannot be read: {error}"));
                Log::default()
            }
        };
        let path = directory.join("pack");
        let believed = trust::believed(&*host, &path, &log);
        let pack = read_if_present(&*host, &path).unwrap_or_else(|error| {
            state
                .damage
                .push(format!("{directory}/pack cannot be read: {error}"));
            Bytes::built_in(&[])
        });
        Self {
            host,
            directory: Some(directory.to_owned()),
            log,
            pack,
            believed,
            state: Mutex::new(state),
        }
    }

    /// A store that holds only what this process puts in.
    pub fn nowhere(host: Arc<dyn Host>) -> Self {
        Self {
            host,
            directory: None,
            log: Log::default(),
            pack: Bytes::built_in(&[]),
            believed: false,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The last value that was put under `key`.
    pub fn get(&self, key: &Digest) -> Option<Bytes> {
        let mut state = self.state();
        if let Some(value) = state.records.get(key) {
            return Some(value.clone());
        }
        state.used.insert(*key);
        match self.log.get(RecordKind::Value, key) {
            Ok(value) => value,
            Err(problem) => {
                self.report(&mut state, &problem);
                None
            }
        }
    }

    /// Puts a value under `key`; it is written by [`Store::commit`].
    pub fn put(&self, key: Digest, value: Vec<u8>) {
        let mut state = self.state();
        state.used.insert(key);
        if matches!(self.log.get(RecordKind::Value, &key), Ok(Some(known)) if *known == *value) {
            state.records.remove(&key);
        } else if state.records.insert(key, value.into()).is_none() {
            state.order.push(key);
        }
    }

    /// Whether a blob is there, without looking at its bytes.
    pub fn has_blob(&self, digest: &Digest) -> bool {
        let mut state = self.state();
        state.used.insert(*digest);
        if state.blobs.contains_key(digest) {
            return true;
        }
        !state.lost.contains(digest)
            && (matches!(self.log.location(digest), Ok(Some(_)))
                || self
                    .large(digest)
                    .is_some_and(|path| matches!(self.host.stat(&path), Ok(Some(_)))))
    }

    /// The bytes with this digest.
    pub fn blob(&self, digest: &Digest) -> Option<Bytes> {
        let mut state = self.state();
        state.used.insert(*digest);
        if let Some(bytes) = state.blobs.get(digest) {
            return Some(bytes.clone());
        }
        drop(state);
        let found = self.stored_blob(digest);
        let mut state = self.state();
        match found {
            Ok(bytes) => return Some(bytes),
            Err(Some(problem)) => self.report(&mut state, &problem),
            Err(None) => {}
        }
        state.lost.insert(*digest);
        None
    }

    /// A blob from disk, checked; or what is wrong with it, if it should be there.
    fn stored_blob(&self, digest: &Digest) -> Result<Bytes, Option<String>> {
        let (bytes, place) = match self.log.location(digest).map_err(Some)? {
            Some(range) => {
                let cut = || Some("pack: cut short".to_owned());
                let bytes = self.pack.slice(range).ok_or_else(cut)?;
                if self.believed {
                    return Ok(bytes);
                }
                (bytes, "pack".to_owned())
            }
            None => {
                let path = self.large(digest).ok_or(None)?;
                (self.host.read(&path).map_err(|_| None)?, path.to_string())
            }
        };
        if Digest::of(&bytes) == *digest {
            Ok(bytes)
        } else {
            Err(Some(format!(
                "{place}: blob {} has other bytes than its digest says",
                digest.short()
            )))
        }
    }

    /// Most of the small blobs are about to be taken out.
    pub fn bring_in(&self) {
        self.pack.bring_in();
    }

    /// Keeps bytes under their digest; they are written by [`Store::commit`].
    pub fn put_blob(&self, digest: Digest, bytes: Bytes) {
        let mut state = self.state();
        state.used.insert(digest);
        // A blob that is in the pack already is not written twice, unless its bytes there are damaged.
        let stored = match self.log.location(&digest) {
            Ok(Some(place)) => self.pack.slice(place).is_some_and(|known| *known == *bytes),
            _ => false,
        };
        let written = (bytes.len() as u64) < ADOPTED_FROM && !stored;
        if state.blobs.insert(digest, bytes).is_none() && written {
            state.blob_order.push(digest);
        }
    }

    /// Keeps a text that nothing is made of, so that a later build can show what was changed in it. One that is too long
    /// for anybody to read is not kept.
    pub fn keep_text(&self, digest: Digest, text: &Bytes) {
        let known = matches!(self.log.location(&digest), Ok(Some(_)));
        let mut state = self.state();
        state.used.insert(digest);
        if known || text.len() > LARGE || state.blobs.contains_key(&digest) {
            return;
        }
        state.blobs.insert(digest, text.clone());
        state.blob_order.push(digest);
        state.texts += 1;
    }

    /// A text that was kept, if it is still there: asked for by whoever explains, and leaving no trace of that.
    pub fn text(&self, digest: &Digest) -> Option<Bytes> {
        let fresh = self.state().blobs.get(digest).cloned();
        let sound = |text: &Bytes| Digest::of(text) == *digest;
        fresh.or_else(|| self.stored_blob(digest).ok().filter(sound))
    }

    /// Has a trim keep what is stored under this digest, if it is.
    pub fn retain(&self, digest: &Digest) {
        self.state().used.insert(*digest);
    }

    /// Keeps the file at `path`, whose digest is `digest`, as a blob, by another link to it: nothing is copied. The file is
    /// about to be replaced at `path`; should it be written to there all the same, its digest tells when it is taken out.
    /// Where that is not possible (another disk), the blob is not kept, which costs time only.
    pub fn adopt(&self, path: &Utf8Path, digest: &Digest) {
        if let Some(kept) = self.large(digest) {
            // What lies there may be damaged; the file that is adopted is what the last build left, by its stamp.
            let _ = self.host.remove(&kept);
            let _ = self.host.link(path, &kept);
        }
    }

    /// Reads and digests every blob, and gives how many are sound. What is wrong is reported by [`Store::damage`].
    pub fn check(&self) -> usize {
        let wrong = |name: &str| format!("blob {name} has other bytes than its digest says");
        let packed = self.log.locations().into_iter().map(|(digest, place)| {
            let bytes = self.pack.slice(place);
            let sound = bytes.is_some_and(|bytes| Digest::of(&bytes) == digest);
            sound
                .then_some(())
                .ok_or_else(|| format!("pack: {}", wrong(&digest.short())))
        });
        let folder = self
            .directory
            .iter()
            .map(|directory| directory.join("large"));
        let large = folder.flat_map(|folder| {
            let names = self.host.list(&folder).unwrap_or_default().into_iter();
            names.map(move |name| {
                let bytes = self
                    .host
                    .read(&folder.join(&name))
                    .map_err(|error| format!("{folder}/{name}: {error}"))?;
                let sound = Digest::of(&bytes).to_string() == name;
                sound
                    .then_some(())
                    .ok_or_else(|| format!("{folder}: {}", wrong(&name)))
            })
        });
        let mut sound = 0;
        for checked in packed.chain(large) {
            match checked {
                Ok(()) => sound += 1,
                Err(problem) => self.report(&mut self.state(), &problem),
            }
        }
        sound
    }

    /// What was found damaged so far.
    pub fn damage(&self) -> Vec<String> {
        self.state().damage.clone()
    }

    /// Whether blobs that a record names turned out to be missing or damaged.
    pub fn lost_blobs(&self) -> bool {
        !self.state().lost.is_empty()
    }

    fn report(&self, state: &mut State, problem: &str) {
        if !state.damage.iter().any(|known| known == problem) {
            state.damage.push(problem.to_owned());
        }
    }

    fn large(&self, digest: &Digest) -> Option<Utf8PathBuf> {
        Some(
            self.directory
                .as_ref()?
                .join("large")
                .join(digest.to_string()),
        )
    }

    /// Writes what was put in since the store was opened: blobs first, then the records that name them. Gives the number
    /// of blobs written, those that are mere texts apart.
    ///
    /// # Errors
    /// If the disk is full or may not be written. What was written by then is harmless.
    pub fn commit(&self) -> io::Result<usize> {
        let Some(directory) = &self.directory else {
            return Ok(0);
        };
        let mut state = self.state();
        let mut pack = Vec::new();
        let mut locations = Vec::new();
        let count = state.blob_order.len() - std::mem::take(&mut state.texts);
        for digest in &state.blob_order {
            let bytes = &state.blobs[digest];
            if bytes.len() > LARGE {
                self.host.replace(
                    &directory.join("large").join(digest.to_string()),
                    bytes,
                    0o666,
                )?;
            } else {
                locations.push((*digest, pack.len(), bytes.len()));
                pack.extend_from_slice(bytes);
            }
        }
        let path = directory.join("pack");
        let unsound = match pack.is_empty() {
            true => None,
            false => self.unsound(&path),
        };
        let start = match pack.is_empty() {
            true => 0,
            false => self.host.append(&path, &pack)?,
        };
        let mut records = self.log.preamble();
        for digest in unsound.iter().flatten() {
            log::append_loss(&mut records, digest);
        }
        for (digest, offset, length) in locations {
            log::append_location(&mut records, &digest, start + offset as u64, length as u64);
        }
        for key in &state.order {
            if let Some(value) = state.records.get(key) {
                log::append_value(&mut records, key, value);
            }
        }
        if unsound.is_some() {
            self.believe(&path, &mut records);
        }
        let path = directory.join("records");
        if self.log.must_be_replaced() {
            let mut whole = self.log.sound_part().to_vec();
            whole.extend_from_slice(&records);
            self.host.replace(&path, &whole, 0o666)?;
        } else if !records.is_empty() {
            self.host.append(&path, &records)?;
        }
        state.order.clear();
        state.blob_order.clear();
        Ok(count)
    }
}

/// The bytes of a file, none if it is absent.
fn read_if_present(host: &dyn Host, path: &Utf8Path) -> io::Result<Bytes> {
    match host.read(path) {
        // Where a parent is no directory, there is no store either; that it cannot be written is told when it is.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(Bytes::built_in(&[]))
        }
        other => other,
    }
}
