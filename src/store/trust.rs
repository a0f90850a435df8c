//! Whether the pack is still as this program left it, so that its blobs need not be digested each time they are taken out.
//!
//! A thousand objects are 20 MB, and digesting them would cost as much as a third of a link. So each time the pack has been
//! written, its stamp is put into the records, together with the boot of the machine: as long as both are the same, nobody
//! has written to it since, and bytes that had not reached the disk have not been lost. Otherwise each blob is checked as
//! it is taken out, and before the stamp is recorded anew, all of them are.
//! This module knows the pack as a whole, not what is in it.

use super::log::{self, RecordKind};
use super::{Log, Store};
use crate::digest::Digest;
use crate::host::Host;
use camino::Utf8Path;
use rayon::prelude::*;
use std::io;

/// The record of the stamp has this key.
const KEY: Digest = Digest([0; 32]);

/// What a pack must look like to be believed.
fn mark(host: &dyn Host, pack: &Utf8Path) -> io::Result<Option<Vec<u8>>> {
    let Some(stamp) = host.stat(pack)? else {
        return Ok(None);
    };
    Ok(postcard::to_stdvec(&(stamp, host.boot())).ok())
}

/// Whether the pack is as it was when its stamp was recorded, or neither it nor any record of it is there.
pub(super) fn believed(host: &dyn Host, pack: &Utf8Path, log: &Log) -> bool {
    let recorded = log.get(RecordKind::Pack, &KEY).ok().flatten();
    match (mark(host, pack), recorded) {
        (Ok(Some(mark)), Some(recorded)) => *recorded == *mark,
        (Ok(None), None) => log.locations().is_empty(),
        _ => false,
    }
}

impl Store {
    /// The blobs that are not where the records say they are; `None` if the pack is not what this process has opened, so
    /// that nobody can tell. Without those, the pack can be believed as a whole.
    pub(super) fn unsound(&self, pack: &Utf8Path) -> Option<Vec<Digest>> {
        if self.believed {
            return believed(&*self.host, pack, &self.log).then(Vec::new);
        }
        let unsound = |(digest, place): (Digest, std::ops::Range<usize>)| {
            let there = self.pack.slice(place);
            there
                .is_none_or(|bytes| Digest::of(&bytes) != digest)
                .then_some(digest)
        };
        let stamp = || self.host.stat(pack).ok();
        let before = stamp()?;
        let size = before.map_or(0, |stamp| stamp.size);
        let found = self.log.locations().into_par_iter().filter_map(unsound);
        let found = found.collect();
        (size == self.pack.len() as u64 && stamp() == Some(before)).then_some(found)
    }

    /// Appends the stamp that the pack has now to `records`.
    pub(super) fn believe(&self, pack: &Utf8Path, records: &mut Vec<u8>) {
        // Where the stamp cannot be had, the next process checks each blob.
        if let Ok(Some(mark)) = mark(&*self.host, pack) {
            log::append(records, RecordKind::Pack, &KEY, &mark);
        }
    }
}
