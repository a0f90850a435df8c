//! The cache of recorded links: records by key and blobs by digest, shared by many projects.
//!
//! ```text
//! <cache>/CACHEDIR.TAG
//! <cache>/links/<key>           see `record`
//! <cache>/answers/<key>         see `answer`
//! <cache>/blobs/<2>/<62>        the bytes of an output, named by their digest in hexadecimal digits
//! <cache>/grown                 one byte for each MiB that was stored since the last trim
//! ```
//!
//! Everything is written aside and renamed; nothing is ever linked to from elsewhere, because some linkers write into the
//! file that they find. A blob is checked against its name when it is taken out.

use crate::digest::Digest;
use crate::host::{Bytes, Host};
use camino::{Utf8Path, Utf8PathBuf};
use std::io;
use std::sync::Arc;

/// How many bytes the cache may hold before the oldest of it is removed.
pub const LIMIT: u64 = 2 << 30;

/// What `https://bford.info/cachedir/` asks for, so that backups leave the folder out.
const TAG: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55\n\
    # This folder holds links that kiln has recorded. Removing it costs time only.\n";

/// The cache in one folder.
pub struct Cache {
    host: Arc<dyn Host>,
    folder: Utf8PathBuf,
    limit: u64,
}

impl Cache {
    /// The cache in `folder`, which need not exist, of at most about `limit` bytes.
    pub fn new(host: Arc<dyn Host>, folder: Utf8PathBuf, limit: u64) -> Self {
        Self {
            host,
            folder,
            limit,
        }
    }

    fn record(&self, key: &Digest) -> Utf8PathBuf {
        self.folder.join("links").join(key.to_string())
    }

    fn answer_path(&self, key: &Digest) -> Utf8PathBuf {
        self.folder.join("answers").join(key.to_string())
    }

    fn blob_path(&self, digest: &Digest) -> Utf8PathBuf {
        let name = digest.to_string();
        let (first, rest) = name.split_at(2);
        self.folder.join("blobs").join(first).join(rest)
    }

    /// The record under `key`; empty where there is none that can be read.
    pub fn links(&self, key: &Digest) -> Bytes {
        self.host
            .read(&self.record(key))
            .unwrap_or_else(|_| Bytes::built_in(&[]))
    }

    /// Replaces the record under `key`.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn put_links(&self, key: &Digest, bytes: &[u8]) -> io::Result<()> {
        // Variables may hold what is nobody else's business.
        self.host.replace(&self.record(key), bytes, 0o600)?;
        self.grow(bytes.len() as u64)
    }

    /// What is kept of a program's answer under `key`.
    pub fn answer(&self, key: &Digest) -> Option<Bytes> {
        self.host.read(&self.answer_path(key)).ok()
    }

    /// Keeps a program's answer.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn put_answer(&self, key: &Digest, bytes: &[u8]) -> io::Result<()> {
        self.host.replace(&self.answer_path(key), bytes, 0o600)?;
        self.grow(bytes.len() as u64)
    }

    /// The bytes with this digest; `None` if they are not there, or not those.
    pub fn blob(&self, digest: &Digest) -> Option<Bytes> {
        let bytes = self.host.read(&self.blob_path(digest)).ok()?;
        (Digest::of(&bytes) == *digest).then_some(bytes)
    }

    /// Keeps bytes under their digest.
    ///
    /// # Errors
    /// If they can't be written.
    pub fn put_blob(&self, digest: &Digest, bytes: &[u8]) -> io::Result<()> {
        self.host.replace(&self.blob_path(digest), bytes, 0o600)?;
        self.grow(bytes.len() as u64)
    }

    /// Notes that the cache has grown, and trims it now and then: a look at every file for each eighth of the limit.
    fn grow(&self, bytes: u64) -> io::Result<()> {
        const MIB: u64 = 1 << 20;
        // A small record counts as a MiB in one of so many cases, by chance: its digest is as good as a die.
        let mut units = bytes / MIB;
        if self.host.now().cast_unsigned() / 1_000 % MIB < bytes % MIB {
            units += 1;
        }
        let tag = self.folder.join("CACHEDIR.TAG");
        if self.host.stat(&tag)?.is_none() {
            self.host.replace(&tag, TAG, 0o666)?;
        }
        if units == 0 {
            return Ok(());
        }
        let grown = self.folder.join("grown");
        let marks = vec![b'.'; usize::try_from(units).unwrap_or(1)];
        let since = self.host.append(&grown, &marks)? + units;
        if since * MIB > self.limit / 8 {
            self.host.replace(&grown, &[], 0o666)?;
            self.trim(self.limit - self.limit / 8);
        }
        Ok(())
    }

    /// Removes the oldest files until no more than `keep` bytes are left. What can't be looked at or removed stays.
    pub fn trim(&self, keep: u64) {
        let mut files = self.files();
        files.sort_unstable_by_key(|(mtime, ..)| std::cmp::Reverse(*mtime));
        let mut total = 0;
        for (_, size, path) in files {
            total += size;
            if total > keep {
                let _ = self.host.remove(&path);
            }
        }
    }

    /// All records, answers and blobs: time of writing, size, path.
    fn files(&self) -> Vec<(i64, u64, Utf8PathBuf)> {
        let blobs = self.folder.join("blobs");
        let parts = self.host.list(&blobs).unwrap_or_default();
        let folders = parts.iter().map(|part| blobs.join(part));
        let folders = folders.chain(["links", "answers"].map(|name| self.folder.join(name)));
        let mut files = Vec::new();
        for folder in folders {
            for name in self.host.list(&folder).unwrap_or_default() {
                let path = folder.join(name);
                if let Ok(Some(stamp)) = self.host.stat(&path) {
                    files.push((stamp.mtime, stamp.size, path));
                }
            }
        }
        files
    }

    /// Where the cache lies, for messages.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }
}
