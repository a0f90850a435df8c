//! The history: what the last builds that did something did, and why, so that it can be asked for later.
//!
//! A file for each build, named by its number, so that recording one writes nothing of the others:
//!
//! ```text
//! history/17       magic (16) | checksum of the rest (32) | the build as JSON …
//! ```
//!
//! JSON, since its fields may come and go between versions: a record of an older engine is read as far as it goes. The
//! newest [`KEPT`] are kept, and of those no more than take [`LIMIT`] bytes. A file that is damaged or foreign is skipped,
//! and whoever reads the history is told so. A history that cannot be written is no reason for a build to fail, and a build
//! with nothing to do leaves it as it is. It knows nothing of how builds are made.

use crate::digest::Digest;
use crate::explain::Build;
use crate::host::Host;
use camino::{Utf8Path, Utf8PathBuf};
use std::io;

const MAGIC: &[u8; 16] = b"kiln history 1\n\0";
/// So many builds are kept.
pub const KEPT: usize = 32;
/// They take no more bytes than this, unless one alone does.
pub const LIMIT: u64 = 8 << 20;

/// The history in one cache.
pub struct History<'h> {
    host: &'h dyn Host,
    folder: Utf8PathBuf,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Builds {
    /// Oldest first.
    pub builds: Vec<Build>,
    /// Files that could not be used, and why.
    pub damage: Vec<String>,
}

impl<'h> History<'h> {
    /// The history in the folder of a cache.
    pub fn new(host: &'h dyn Host, cache: &Utf8Path) -> Self {
        Self {
            host,
            folder: cache.join("history"),
        }
    }

    /// Adds a build under the next number, and drops the oldest where there are too many.
    ///
    /// # Errors
    /// If the folder cannot be written; the history is then as it was.
    pub fn add(&self, build: &mut Build) -> io::Result<()> {
        let numbers = self.numbers()?;
        build.number = numbers.last().map_or(1, |last| last + 1);
        build.cut();
        let bytes = encode(build)?;
        self.host.replace(&self.path(build.number), &bytes, 0o666)?;
        self.trim(&numbers, bytes.len() as u64)
    }

    /// All builds that can be read.
    pub fn read(&self) -> Builds {
        let mut found = Builds::default();
        let numbers = match self.numbers() {
            Ok(numbers) => numbers,
            Err(error) => {
                let folder = &self.folder;
                found
                    .damage
                    .push(format!("{folder} cannot be read: {error}"));
                return found;
            }
        };
        for number in numbers {
            let path = self.path(number);
            let bytes = self.host.read(&path).map_err(|error| error.to_string());
            match bytes.and_then(|bytes| decode(&bytes)) {
                Ok(mut build) => {
                    build.number = number;
                    if build.link.is_none() {
                        let same = |before: &&Build| before.asked == build.asked;
                        let before = found.builds.iter().rev().find(same);
                        build.link = before.and_then(|before| before.link.clone());
                    }
                    found.builds.push(build);
                }
                Err(problem) => found.damage.push(format!("{path}: {problem}")),
            }
        }
        found
    }

    /// The numbers there are, in order. Other names are none of ours.
    fn numbers(&self) -> io::Result<Vec<u64>> {
        let names = match self.host.list(&self.folder) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut numbers: Vec<u64> = names.iter().filter_map(|name| name.parse().ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn path(&self, number: u64) -> Utf8PathBuf {
        self.folder.join(number.to_string())
    }

    /// Drops the oldest of `older`, beside the newest, which takes `size` bytes.
    fn trim(&self, older: &[u64], mut size: u64) -> io::Result<()> {
        let mut kept = 1;
        for number in older.iter().rev() {
            let path = self.path(*number);
            let stamp = self.host.stat(&path)?;
            size += stamp.map_or(0, |stamp| stamp.size);
            kept += 1;
            if kept > KEPT || size > LIMIT {
                self.host.remove(&path)?;
            }
        }
        Ok(())
    }
}

fn encode(build: &Build) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(4096);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[0; 32]);
    serde_json::to_writer(&mut bytes, build)?;
    let checksum = Digest::of(&bytes[48..]);
    bytes[16..48].copy_from_slice(&checksum.0);
    Ok(bytes)
}

fn decode(bytes: &[u8]) -> Result<Build, String> {
    let rest = bytes
        .strip_prefix(MAGIC)
        .ok_or("not a record of this version of kiln")?;
    let (checksum, json) = rest.split_at_checked(32).ok_or("cut short")?;
    if Digest::of(json).0 != *checksum {
        return Err("its checksum does not match".to_owned());
    }
    serde_json::from_slice(json).map_err(|error| format!("its checksum matches, but {error}"))
}

#[cfg(test)]
mod tests;
