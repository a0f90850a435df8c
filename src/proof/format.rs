//! The bytes of a proof. Written and read in one pass; reading borrows from the file.

use crate::digest::Digest;
use crate::host::{Kind, Stamp};
use crate::observe::{Known, Observation, Role, Seen};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const MAGIC: &[u8; 16] = b"kiln proof 1\n\0\0\0";

/// What a proof says besides its observations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofHeader {
    /// For people: the version of the engine that recorded it.
    pub engine: String,
    /// The running program then, and what was known of it.
    pub program: Option<(Utf8PathBuf, Stamp, Digest)>,
    pub boot: String,
    pub modules: usize,
    /// Where the state lies if `kiln.toml` moved it away from the default.
    pub output: Option<OutputState>,
}

/// The finished program as it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputState {
    pub path: Utf8PathBuf,
    pub stamp: Stamp,
    pub settled: bool,
    pub digest: Digest,
}

/// What the last build knew of one module: enough to know it again, if neither its file nor anything that was looked at
/// to resolve its imports has changed, without asking the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleState {
    pub path: Utf8PathBuf,
    pub content: Digest,
    pub syntax: Digest,
    /// Of the whole interface.
    pub interface: Digest,
    /// The specifiers it imports and the modules they stand for.
    pub imports: Vec<(String, Utf8PathBuf)>,
    /// The exported items, sorted by name.
    pub items: Vec<(String, Digest)>,
    /// What was looked at to resolve the imports, but for the imported files themselves.
    pub seen: Vec<Seen>,
    pub lowered: Digest,
    pub object: Digest,
}

/// The modules of the last build, and the options they were compiled with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub options: Vec<u8>,
    pub modules: Vec<Arc<ModuleState>>,
}

/// One observation as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'p> {
    pub role: Role,
    pub note: &'p str,
    pub what: What<'p>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What<'p> {
    /// `settled`: the stamp was old enough to be believed when it was taken.
    File {
        path: &'p Utf8Path,
        known: Known,
        settled: bool,
    },
    Absent {
        path: &'p Utf8Path,
    },
    Present {
        path: &'p Utf8Path,
        kind: Kind,
    },
    Listing {
        path: &'p Utf8Path,
        digest: Digest,
    },
    Variable {
        name: &'p str,
        value: Option<&'p str>,
    },
    Tool {
        name: &'p str,
        variable: &'p str,
        path: Option<&'p str>,
    },
}

/// A proof, taken apart.
pub(super) struct Parts<'p> {
    pub header: ProofHeader,
    pub entries: Vec<Entry<'p>>,
}

struct Writer(Vec<u8>);

impl Writer {
    fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    fn u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        // Paths and notes are far below 4 GiB; a longer value is cut, and then never found equal.
        let length = u32::try_from(text.len()).unwrap_or(0);
        self.0.extend_from_slice(&length.to_le_bytes());
        self.0
            .extend_from_slice(&text.as_bytes()[..length as usize]);
    }

    fn optional(&mut self, text: Option<&str>) {
        self.u8(u8::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    fn stamp(&mut self, stamp: &Stamp) {
        self.u8(stamp.kind as u8);
        self.u64(u64::from(stamp.mode));
        for word in [
            stamp.size,
            stamp.mtime.cast_unsigned(),
            stamp.ctime.cast_unsigned(),
            stamp.inode,
            stamp.device,
        ] {
            self.u64(word);
        }
    }
}

struct Input<'p>(&'p [u8]);

impl<'p> Input<'p> {
    fn take(&mut self, count: usize) -> Option<&'p [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'p str> {
        let length = u32::from_le_bytes(self.take(4)?.try_into().ok()?);
        std::str::from_utf8(self.take(length as usize)?).ok()
    }

    fn optional(&mut self) -> Option<Option<&'p str>> {
        let there = self.u8()? == 1;
        let text = self.text()?;
        Some(there.then_some(text))
    }

    fn kind(&mut self) -> Option<Kind> {
        [Kind::File, Kind::Directory, Kind::Other]
            .get(usize::from(self.u8()?))
            .copied()
    }

    fn digest(&mut self) -> Option<Digest> {
        Some(Digest(self.take(32)?.try_into().ok()?))
    }

    fn stamp(&mut self) -> Option<Stamp> {
        Some(Stamp {
            kind: self.kind()?,
            mode: u32::try_from(self.u64()?).ok()?,
            size: self.u64()?,
            mtime: self.u64()?.cast_signed(),
            ctime: self.u64()?.cast_signed(),
            inode: self.u64()?,
            device: self.u64()?,
        })
    }
}

/// Encodes a proof.
pub(super) fn encode(
    header: &ProofHeader,
    seen: &[(Seen, Option<(Known, bool)>)],
    snapshot: &Snapshot,
) -> Vec<u8> {
    let digested = |bytes: Vec<u8>| (Digest::of(&bytes), bytes);
    let ((body_digest, body), (snapshot_digest, snapshot)) = rayon::join(
        || digested(encode_body(header, seen)),
        || digested(postcard::to_stdvec(snapshot).unwrap_or_default()),
    );
    let mut out = Writer(Vec::with_capacity(body.len() + snapshot.len() + 128));
    out.0.extend_from_slice(MAGIC);
    out.0.extend_from_slice(&body_digest.0);
    out.u64(body.len() as u64);
    out.0.extend_from_slice(&body);
    out.0.extend_from_slice(&snapshot_digest.0);
    out.0.extend_from_slice(&snapshot);
    out.0
}

/// The part that is read at every check.
fn encode_body(header: &ProofHeader, seen: &[(Seen, Option<(Known, bool)>)]) -> Vec<u8> {
    let mut body = Writer(Vec::with_capacity(seen.len() * 160 + 256));
    let header = postcard::to_stdvec(header).unwrap_or_default();
    body.u64(header.len() as u64);
    body.0.extend_from_slice(&header);
    body.u64(seen.len() as u64);
    for (
        Seen {
            observation,
            role,
            note,
        },
        known,
    ) in seen
    {
        body.u8(*role as u8);
        body.text(note);
        match observation {
            Observation::File { path, digest } => {
                body.u8(0);
                body.text(path.as_str());
                // A file whose stamp is not known is read again next time: kind, mode and times are then of no use.
                let nothing = Stamp {
                    kind: Kind::File,
                    mode: 0,
                    size: 0,
                    mtime: 0,
                    ctime: 0,
                    inode: 0,
                    device: 0,
                };
                let (stamp, settled) =
                    known.map_or((nothing, false), |(known, settled)| (known.stamp, settled));
                body.u8(u8::from(settled));
                body.stamp(&stamp);
                body.0.extend_from_slice(&digest.0);
            }
            Observation::Absent { path } => {
                body.u8(1);
                body.text(path.as_str());
            }
            Observation::Present { path, kind } => {
                body.u8(2);
                body.text(path.as_str());
                body.u8(*kind as u8);
            }
            Observation::Listing { path, digest } => {
                body.u8(3);
                body.text(path.as_str());
                body.0.extend_from_slice(&digest.0);
            }
            Observation::Variable { name, value } => {
                body.u8(4);
                body.text(name);
                body.optional(value.as_deref());
            }
            Observation::Tool {
                name,
                variable,
                path,
            } => {
                body.u8(5);
                body.text(name);
                body.text(variable);
                body.optional(path.as_ref().map(|path| path.as_str()));
            }
        }
    }
    body.0
}

/// Takes a proof apart.
///
/// # Errors
/// What is wrong with the file.
pub(super) fn decode(bytes: &[u8]) -> Result<Parts<'_>, &'static str> {
    let mut input = Input(bytes);
    if input.take(MAGIC.len()) != Some(MAGIC) {
        return Err("not a proof of this version of kiln");
    }
    let cut_short = "cut short";
    let checksum = input.digest().ok_or(cut_short)?;
    let length = input
        .u64()
        .and_then(|length| usize::try_from(length).ok())
        .ok_or(cut_short)?;
    let body = input.take(length).ok_or(cut_short)?;
    if Digest::of(body) != checksum {
        return Err("its checksum does not match");
    }
    parts(Input(body)).ok_or("its checksum matches, but it cannot be read")
}

fn parts(mut input: Input<'_>) -> Option<Parts<'_>> {
    let length = usize::try_from(input.u64()?).ok()?;
    let header = postcard::from_bytes(input.take(length)?).ok()?;
    let count = usize::try_from(input.u64()?).ok()?;
    let mut entries = Vec::with_capacity(count.min(1 << 20));
    for _ in 0..count {
        let role = *Role::ALL.get(usize::from(input.u8()?))?;
        let note = input.text()?;
        let what = match input.u8()? {
            0 => {
                let path = input.text()?.into();
                let settled = input.u8()? == 1;
                What::File {
                    path,
                    settled,
                    known: Known {
                        stamp: input.stamp()?,
                        digest: input.digest()?,
                    },
                }
            }
            1 => What::Absent {
                path: input.text()?.into(),
            },
            2 => What::Present {
                path: input.text()?.into(),
                kind: input.kind()?,
            },
            3 => What::Listing {
                path: input.text()?.into(),
                digest: input.digest()?,
            },
            4 => What::Variable {
                name: input.text()?,
                value: input.optional()?,
            },
            5 => What::Tool {
                name: input.text()?,
                variable: input.text()?,
                path: input.optional()?,
            },
            _ => return None,
        };
        entries.push(Entry { role, note, what });
    }
    Some(Parts { header, entries })
}

/// The bytes of the part after the observations, if its checksum matches.
pub(super) fn snapshot_bytes(bytes: &[u8]) -> Option<&[u8]> {
    let mut input = Input(bytes);
    input.take(MAGIC.len() + 32)?;
    let length = usize::try_from(input.u64()?).ok()?;
    input.take(length)?;
    let checksum = input.digest()?;
    (Digest::of(input.0) == checksum).then_some(input.0)
}

/// What the last build knew of its modules; nothing where that part is damaged, which only costs look-ups and
/// explanations.
pub fn decode_snapshot(bytes: &[u8]) -> Snapshot {
    snapshot_bytes(bytes)
        .and_then(|bytes| postcard::from_bytes(bytes).ok())
        .unwrap_or_default()
}
