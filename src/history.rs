//! The history: what the last builds that did something did, and why, so that it can be asked for later.
//!
//! One file, to which each build appends its record, so that recording one costs one write:
//!
//! ```text
//! history   record, record, …   each: marker (4) | length of the rest (4) | checksum of the rest (32) | the build as JSON …
//!           the first may have another marker, and then the number (8) of builds that were dropped before those that follow
//! ```
//!
//! JSON, since its fields may come and go between versions: a record of an older engine is read as far as it goes. The
//! newest [`KEPT`] are read, and when the file has grown beyond [`LIMIT`] bytes, only they are kept, and of those the newest
//! that take no more than half of it. What is damaged or foreign is passed over up to the next record, and whoever reads
//! the history is told so. A history that cannot be written is no reason for a build to fail, and a build with nothing to
//! do leaves it as it is. It knows nothing of how builds are made.

use crate::digest::Digest;
use crate::explain::Build;
use crate::host::Host;
use camino::{Utf8Path, Utf8PathBuf};
use std::io;

const BUILD: &[u8; 4] = b"kbld";
const DROPPED: &[u8; 4] = b"kdrp";
/// Marker, length and checksum.
const HEADER: usize = 4 + 4 + 32;
/// So many builds are kept.
pub const KEPT: usize = 32;
/// The file takes no more bytes than this, unless one build alone does.
pub const LIMIT: u64 = 8 << 20;

/// The history in one cache.
pub struct History<'h> {
    host: &'h dyn Host,
    path: Utf8PathBuf,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Builds {
    /// Oldest first.
    pub builds: Vec<Build>,
    /// What could not be used, and why.
    pub damage: Vec<String>,
}

impl<'h> History<'h> {
    /// The history in the folder of a cache.
    pub fn new(host: &'h dyn Host, cache: &Utf8Path) -> Self {
        Self {
            host,
            path: cache.join("history"),
        }
    }

    /// Adds a build, and drops the oldest where they take too much room. Its number is known to those who read it again.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&self, build: &mut Build) -> io::Result<()> {
        build.cut();
        let record = record(BUILD, |bytes| Ok(serde_json::to_writer(bytes, build)?))?;
        let before = self.host.append(&self.path, &record)?;
        match before + record.len() as u64 > LIMIT && before > 0 {
            true => self.trim(),
            false => Ok(()),
        }
    }

    /// All builds that can be read.
    pub fn read(&self) -> Builds {
        let mut found = Builds::default();
        let bytes = match self.host.read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return found,
            Err(error) => {
                let path = &self.path;
                found.damage.push(format!("{path} cannot be read: {error}"));
                return found;
            }
        };
        let records = records(&bytes, &mut |problem| {
            found.damage.push(format!("{}: {problem}", self.path));
        });
        let numbered = (dropped(&records) + 1..).zip(builds(&records));
        let sound: Vec<_> = numbered
            .filter_map(|(number, record)| Some((number, record.as_ref()?)))
            .collect();
        for (number, record) in &sound[sound.len().saturating_sub(KEPT)..] {
            match serde_json::from_slice::<Build>(record.rest) {
                Ok(build) => found.push(*number, build),
                Err(error) => found.damage.push(format!(
                    "{}: the record of build {number} cannot be read: {error}",
                    self.path
                )),
            }
        }
        found
    }

    /// Keeps the newest builds only.
    fn trim(&self) -> io::Result<()> {
        let bytes = self.host.read(&self.path)?;
        let records = records(&bytes, &mut |_| {});
        let before = dropped(&records) + builds(&records).count() as u64;
        let builds: Vec<&Record<'_>> = builds(&records).flatten().collect();
        let mut size = 0;
        let fits = |record: &&&Record<'_>| {
            size += record.whole.len() as u64;
            size <= LIMIT / 2
        };
        let kept = builds.iter().rev().take(KEPT).take_while(fits).count();
        let kept = &builds[builds.len() - kept.max(1)..];
        let dropped = before - kept.len() as u64;
        let mut out = record(DROPPED, |bytes| {
            bytes.extend_from_slice(&dropped.to_le_bytes());
            Ok(())
        })?;
        out.extend(kept.iter().flat_map(|record| record.whole));
        self.host.replace(&self.path, &out, 0o666)
    }
}

impl Builds {
    fn push(&mut self, number: u64, mut build: Build) {
        build.number = number;
        if build.link.is_none() {
            let same = |before: &&Build| before.asked == build.asked;
            let before = self.builds.iter().rev().find(same);
            build.link = before.and_then(|before| before.link.clone());
        }
        self.builds.push(build);
    }
}

/// A sound record as it lies in the file.
struct Record<'b> {
    marker: &'b [u8],
    rest: &'b [u8],
    whole: &'b [u8],
}

impl<'b> Record<'b> {
    fn at(bytes: &'b [u8]) -> Result<Self, &'static str> {
        let (header, rest) = bytes.split_at_checked(HEADER).ok_or("cut short")?;
        let (marker, header) = header.split_at(4);
        if marker != BUILD && marker != DROPPED {
            return Err("not a record of this version of kiln");
        }
        let (length, checksum) = header.split_at(4);
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let rest = rest.get(..length).ok_or("cut short")?;
        match Digest::of(rest).0 == *checksum {
            true => Ok(Self {
                marker,
                rest,
                whole: &bytes[..HEADER + length],
            }),
            false => Err("its checksum does not match"),
        }
    }
}

/// All records; `None` where there is none that is sound, of which `problem` is told.
fn records<'b>(bytes: &'b [u8], problem: &mut dyn FnMut(String)) -> Vec<Option<Record<'b>>> {
    let (mut found, mut at, mut told) = (Vec::new(), 0, false);
    while at < bytes.len() {
        match Record::at(&bytes[at..]) {
            Ok(record) => {
                at += record.whole.len();
                found.push(Some(record));
                told = false;
            }
            Err(why) => {
                if !std::mem::replace(&mut told, true) {
                    problem(format!("the record at byte {at}: {why}"));
                    found.push(None);
                }
                let next = |bytes: &[u8]| bytes == BUILD || bytes == DROPPED;
                let ahead = bytes[at + 1..].windows(4).position(next);
                at = ahead.map_or(bytes.len(), |ahead| at + 1 + ahead);
            }
        }
    }
    found
}

/// How many builds were dropped before those that are there.
fn dropped(records: &[Option<Record<'_>>]) -> u64 {
    let first = records.first().and_then(Option::as_ref);
    let first = first.filter(|record| record.marker == DROPPED);
    let count = first.and_then(|record| record.rest.try_into().ok());
    count.map_or(0, u64::from_le_bytes)
}

/// The records of builds, sound or not.
fn builds<'r, 'b>(
    records: &'r [Option<Record<'b>>],
) -> impl Iterator<Item = &'r Option<Record<'b>>> {
    let is_build =
        |record: &&Option<Record<'_>>| record.as_ref().is_none_or(|record| record.marker == BUILD);
    records.iter().filter(is_build)
}

fn record(
    marker: &[u8; 4],
    write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(4096);
    bytes.extend_from_slice(marker);
    bytes.extend_from_slice(&[0; HEADER - 4]);
    write(&mut bytes)?;
    let rest = &bytes[HEADER..];
    // No build is so long: it is cut before.
    let length = u32::try_from(rest.len()).map_err(io::Error::other)?;
    let checksum = Digest::of(rest);
    bytes[4..8].copy_from_slice(&length.to_le_bytes());
    bytes[8..HEADER].copy_from_slice(&checksum.0);
    Ok(bytes)
}

#[cfg(test)]
mod tests;
