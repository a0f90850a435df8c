//! Keeps the store bounded: when it has grown past its limit, only what the last build used is kept.

use super::{Store, log};
use crate::digest::Digest;
use std::io;

/// Of the large blobs (programs), so many are kept. Few, since a program is linked again in the time in which a few are
/// written, and a disk cache full of old programs has no room for what is needed next.
const LARGE_KEPT: usize = 4;

impl Store {
    /// Whether records and small blobs take more than `limit` bytes.
    pub fn exceeds(&self, limit: u64) -> bool {
        let in_memory: usize = self.state().blobs.values().map(|bytes| bytes.len()).sum();
        (self.pack.len() + in_memory + self.log.size()) as u64 > limit
    }

    /// Drops all records and small blobs but those that were asked for or put in since the store was opened. To be called
    /// after [`Store::commit`], under the store's lock.
    ///
    /// # Errors
    /// If the disk cannot be written; the store is then as it was.
    pub fn trim(&self) -> io::Result<()> {
        let Some(directory) = &self.directory else {
            return Ok(());
        };
        let mut pack = Vec::new();
        let mut records = log::header();
        let mut used: Vec<_> = self.state().used.iter().copied().collect();
        used.sort();
        for key in used {
            if let Some(value) = self.get(&key) {
                log::append_value(&mut records, &key, &value);
            } else if let Some(bytes) = self.blob(&key).filter(|bytes| bytes.len() <= super::LARGE)
            {
                log::append_location(&mut records, &key, pack.len() as u64, bytes.len() as u64);
                pack.extend_from_slice(&bytes);
            }
        }
        // Old records with a new pack would find other bytes than their digests say, and are then as if they were lost:
        // a kill between the two costs work, not soundness.
        let path = directory.join("pack");
        self.host.replace(&path, &pack, 0o666)?;
        self.believe(&path, &mut records);
        self.host
            .replace(&directory.join("records"), &records, 0o666)?;
        Ok(())
    }

    /// Keeps the newest of the large blobs, and those that were asked for.
    ///
    /// # Errors
    /// If one cannot be removed.
    pub fn trim_large(&self) -> io::Result<()> {
        let Some(directory) = self
            .directory
            .as_ref()
            .map(|directory| directory.join("large"))
        else {
            return Ok(());
        };
        let names = match self.host.list(&directory) {
            Ok(names) if names.len() > LARGE_KEPT => names,
            _ => return Ok(()),
        };
        let mut dated: Vec<(i64, String)> = names
            .into_iter()
            .filter_map(|name| Some((self.host.stat(&directory.join(&name)).ok()??.mtime, name)))
            .collect();
        dated.sort();
        let surplus = dated.len().saturating_sub(LARGE_KEPT);
        let used = |name: &str| {
            Digest::from_hex(name).is_some_and(|digest| self.state().used.contains(&digest))
        };
        for (_, name) in dated[..surplus].iter().filter(|(_, name)| !used(name)) {
            self.host.remove(&directory.join(name))?;
        }
        Ok(())
    }
}
