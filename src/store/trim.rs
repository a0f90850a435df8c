//! Keeps the store bounded: when it has grown past its limit, only what the last build used is kept.

use super::{Store, log};
use std::io;

/// Of the large blobs (programs), so many are kept.
const LARGE_KEPT: usize = 16;

impl Store {
    /// Trims the store if it holds more than `limit` bytes. To be called after [`Store::commit`], under the store's lock:
    /// everything that was asked for or put in since the store was opened stays. Gives whether anything was dropped.
    ///
    /// # Errors
    /// If the disk cannot be written; the store is then as it was.
    pub fn trim(&self, limit: u64) -> io::Result<bool> {
        let Some(directory) = &self.directory else {
            return Ok(false);
        };
        let mut dropped = self.trim_large()?;
        let state = self.state();
        let in_memory: usize = state.blobs.values().map(|bytes| bytes.len()).sum();
        if (self.pack.len() + in_memory + self.log.size()) as u64 <= limit {
            return Ok(dropped);
        }
        let mut pack = Vec::new();
        let mut records = log::header();
        let mut used: Vec<_> = state.used.iter().copied().collect();
        used.sort();
        drop(state);
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
        self.host.replace(&directory.join("pack"), &pack, 0o666)?;
        self.host
            .replace(&directory.join("records"), &records, 0o666)?;
        dropped = true;
        Ok(dropped)
    }

    fn trim_large(&self) -> io::Result<bool> {
        let Some(directory) = self
            .directory
            .as_ref()
            .map(|directory| directory.join("large"))
        else {
            return Ok(false);
        };
        let names = match self.host.list(&directory) {
            Ok(names) if names.len() > LARGE_KEPT => names,
            _ => return Ok(false),
        };
        let mut dated: Vec<(i64, String)> = names
            .into_iter()
            .filter_map(|name| Some((self.host.stat(&directory.join(&name)).ok()??.mtime, name)))
            .collect();
        dated.sort();
        let surplus = dated.len().saturating_sub(LARGE_KEPT);
        for (_, name) in &dated[..surplus] {
            self.host.remove(&directory.join(name))?;
        }
        Ok(surplus > 0)
    }
}
