//! A proof written again with little changed in it: its bytes are copied, and only what is different is written over them.
//!
//! Decoding and encoding a thousand observations would cost more than all else that a comment's edit does. It knows where
//! in an entry the stamp stands, and nothing of what the entries are for.

use super::entry::{Input, What, Writer, read_entry};
use crate::observe::Known;
use camino::Utf8Path;
use rustc_hash::FxBuildHasher;
use std::collections::HashMap;

/// Flags, stamp and digest: these end the entry of a file.
const TAIL: usize = 1 + (1 + 6 * 8) + 32;

/// What is known of files now, and whether the stamp is old enough to be believed.
#[derive(Default)]
pub(super) struct Stamps<'k>(HashMap<&'k str, (Known, bool), FxBuildHasher>);

impl<'k> Stamps<'k> {
    /// `taken`: when the stamps were.
    pub fn add(&mut self, path: &'k Utf8Path, known: Known, taken: i64) {
        self.0
            .insert(path.as_str(), (known, known.stamp.settled(taken)));
    }

    /// Writes them over `copy`, which is a copy of `entries`.
    pub fn write(&self, entries: &[u8], copy: &mut [u8]) -> Option<()> {
        let mut input = Input(entries);
        for _ in 0..input.u64()? {
            let What::File { path, plain, .. } = read_entry(&mut input)?.what else {
                continue;
            };
            let Some((known, settled)) = self.0.get(path.as_str()) else {
                continue;
            };
            let mut tail = Writer(Vec::with_capacity(TAIL));
            tail.file(known, *settled, plain);
            let end = entries.len() - input.0.len();
            copy.get_mut(end.checked_sub(TAIL)?..end)?
                .copy_from_slice(&tail.0);
        }
        Some(())
    }
}
