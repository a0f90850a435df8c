//! The bytes of a record: the last few links of one command.
//!
//! ```text
//! links/<key>   format (16) | link, newest first …
//! link          checksum of the rest (32) | length of the head (8) | length of the observations (8) | head | observations
//! ```
//!
//! Each link is checked by itself when it is looked at, so that a current link costs one checksum, and a damaged one hides
//! no other.

use crate::digest::Digest;
use crate::host::Stamp;
use crate::link::identity::Doubt;
use crate::observe::Seen;
use crate::proof::{Observations, Recorded};
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

/// Part of every key and the beginning of every record: bytes of another version are never looked at.
pub const FORMAT: &[u8; 16] = b"kiln link 3\n\0\0\0\0";

/// How many links of one command are kept: as many branches can be gone back to.
pub const MOST_LINKS: usize = 8;

/// What a link says besides its observations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Differs after a restart of the machine.
    pub boot: String,
    /// All variables that the command was given, where nobody knew which of them count; `None` where a rule knows, and
    /// those are observations.
    pub environment: Option<Vec<(String, String)>>,
    /// Why nobody knows which variables count.
    pub doubt: Option<Doubt>,
    /// What was seen of files with random names, under names that are not; with the size of each file.
    pub volatile: Vec<(Seen, u64)>,
    pub outputs: Vec<OutputRecord>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// Something that the command left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputRecord {
    pub path: Utf8PathBuf,
    pub kind: OutputRecordKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutputRecordKind {
    /// `settled`: the stamp was old enough to be believed when it was taken.
    File {
        digest: Digest,
        stamp: Stamp,
        settled: bool,
    },
    Link {
        target: Utf8PathBuf,
    },
    Directory,
}

/// A record, taken apart as far as to tell its links from one another.
pub struct Links<'r> {
    /// Each as it stands in the file, with its checksum; not yet checked.
    pub raw: Vec<&'r [u8]>,
}

/// One link of a record.
pub struct Link<'r> {
    pub head: Head,
    pub observations: Observations<'r>,
}

impl<'r> Links<'r> {
    /// Takes a record apart. What can't be told apart is as if it were not there.
    pub fn of(bytes: &'r [u8]) -> Self {
        let mut raw = Vec::new();
        let mut rest = bytes.strip_prefix(FORMAT).unwrap_or_default();
        while let Some(length) = length(rest) {
            let Some((link, more)) = rest.split_at_checked(length) else {
                break;
            };
            raw.push(link);
            rest = more;
        }
        Self { raw }
    }

    /// Why nobody knew which variables count when the newest of them ran.
    pub fn doubt(&self) -> Option<Doubt> {
        let newest = Link::of(self.raw.first()?).ok()?;
        newest.head.doubt
    }
}

/// The length of the first link.
fn length(bytes: &[u8]) -> Option<usize> {
    let head = usize::try_from(u64::from_le_bytes(bytes.get(32..40)?.try_into().ok()?)).ok()?;
    let rest = usize::try_from(u64::from_le_bytes(bytes.get(40..48)?.try_into().ok()?)).ok()?;
    48_usize.checked_add(head)?.checked_add(rest)
}

impl<'r> Link<'r> {
    /// Takes one link apart.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(raw: &'r [u8]) -> Result<Self, &'static str> {
        let (checksum, body) = raw.split_at_checked(32).ok_or("cut short")?;
        if Digest::of(body).0 != checksum {
            return Err("its checksum does not match");
        }
        Self::parse(body).ok_or("its checksum matches, but it cannot be read")
    }

    fn parse(body: &'r [u8]) -> Option<Self> {
        let head = usize::try_from(u64::from_le_bytes(body.get(..8)?.try_into().ok()?)).ok()?;
        let (head, observations) = body.get(16..)?.split_at_checked(head)?;
        Some(Self {
            head: postcard::from_bytes(head).ok()?,
            observations: Observations::decode(observations)?,
        })
    }
}

/// One link in bytes.
pub fn encode(head: &Head, seen: &[Recorded]) -> Vec<u8> {
    // Writing to memory fails for no value of this type.
    let head = postcard::to_stdvec(head).unwrap_or_default();
    let observations = Observations::encode(seen);
    let mut out = vec![0; 32];
    out.extend_from_slice(&(head.len() as u64).to_le_bytes());
    out.extend_from_slice(&(observations.len() as u64).to_le_bytes());
    out.extend_from_slice(&head);
    out.extend_from_slice(&observations);
    let checksum = Digest::of(&out[32..]);
    out[..32].copy_from_slice(&checksum.0);
    out
}

/// A whole record: the newest link and the older ones that are kept.
pub fn encode_record<'r>(newest: &[u8], older: impl Iterator<Item = &'r [u8]>) -> Vec<u8> {
    let mut out = FORMAT.to_vec();
    out.extend_from_slice(newest);
    for link in older.take(MOST_LINKS - 1) {
        out.extend_from_slice(link);
    }
    out
}
