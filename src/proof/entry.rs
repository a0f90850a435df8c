//! One observation in bytes: the part that proofs and other records share. Written and read in one pass; reading borrows.

use crate::digest::Digest;
use crate::host::{Kind, Stamp};
use crate::observe::{Attributes, Known, Observation, Role, Seen};
use camino::{Utf8Path, Utf8PathBuf};

/// One observation as it stands in the file. Reading it copies nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'p> {
    pub role: Role,
    pub note: &'p str,
    pub what: What<'p>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What<'p> {
    /// `settled`: the stamp was old enough to be believed when it was taken. `plain`: it was also seen that there is no
    /// symbolic link at this path, which the stamp shows by itself, since a file can't move behind a link without a new
    /// time of change.
    File {
        path: &'p Utf8Path,
        known: Known,
        settled: bool,
        plain: bool,
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
    Attributes {
        path: &'p Utf8Path,
        attributes: Attributes,
    },
    Link {
        path: &'p Utf8Path,
        target: Option<&'p str>,
    },
    Denied {
        path: &'p Utf8Path,
    },
    Root {
        path: &'p Utf8Path,
    },
    /// `without`: the names, with a slash between them. `stamp`: of the directory, if it was old enough to be believed
    /// when it was taken.
    ListingWithout {
        path: &'p Utf8Path,
        without: &'p str,
        digest: Digest,
        stamp: Option<Stamp>,
    },
}

impl Entry<'_> {
    /// The observation as a value of its own.
    pub fn seen(&self) -> Seen {
        let observation = match self.what {
            What::File { path, known, .. } => Observation::File {
                path: path.into(),
                digest: known.digest,
            },
            What::Absent { path } => Observation::Absent { path: path.into() },
            What::Present { path, kind } => Observation::Present {
                path: path.into(),
                kind,
            },
            What::Listing { path, digest } => Observation::Listing {
                path: path.into(),
                digest,
            },
            What::Variable { name, value } => Observation::Variable {
                name: name.to_owned(),
                value: value.map(str::to_owned),
            },
            What::Tool {
                name,
                variable,
                path,
            } => Observation::Tool {
                name: name.to_owned(),
                variable: variable.to_owned(),
                path: path.map(Utf8PathBuf::from),
            },
            What::Attributes { path, attributes } => Observation::Attributes {
                path: path.into(),
                attributes,
            },
            What::Link { path, target } => Observation::Link {
                path: path.into(),
                target: target.map(Utf8PathBuf::from),
            },
            What::Denied { path } => Observation::Denied { path: path.into() },
            What::Root { path } => Observation::Root { path: path.into() },
            What::ListingWithout {
                path,
                without,
                digest,
                ..
            } => Observation::ListingWithout {
                path: path.into(),
                without: names(without),
                digest,
            },
        };
        Seen {
            observation,
            role: self.role,
            note: self.note.to_owned(),
        }
    }
}

/// The names that a listing goes without.
pub(super) fn names(joined: &str) -> Vec<String> {
    let names = joined.split('/').filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// An observation, with what is known of the file, and whether its stamp was old enough to be believed when it was taken.
pub type Recorded = (Seen, Option<(Known, bool)>);

/// Bytes being written.
pub(super) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub fn u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub fn text(&mut self, text: &str) {
        // Paths and notes are far below 4 GiB; a longer value is cut, and then never found equal.
        let length = u32::try_from(text.len()).unwrap_or(0);
        self.0.extend_from_slice(&length.to_le_bytes());
        self.0
            .extend_from_slice(&text.as_bytes()[..length as usize]);
    }

    pub fn optional(&mut self, text: Option<&str>) {
        self.u8(u8::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    /// What ends the entry of a file.
    pub fn file(&mut self, known: &Known, settled: bool, plain: bool) {
        self.u8(u8::from(settled) | u8::from(plain) << 1);
        self.stamp(&known.stamp);
        self.0.extend_from_slice(&known.digest.0);
    }

    pub fn stamp(&mut self, stamp: &Stamp) {
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

/// Bytes not yet read. `None`, wherever they end too soon.
pub(super) struct Input<'p>(pub &'p [u8]);

impl<'p> Input<'p> {
    pub fn take(&mut self, count: usize) -> Option<&'p [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub fn u8(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    pub fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub fn text(&mut self) -> Option<&'p str> {
        let length = self.u32()?;
        std::str::from_utf8(self.take(length as usize)?).ok()
    }

    pub fn optional(&mut self) -> Option<Option<&'p str>> {
        let there = self.u8()? == 1;
        let text = self.text()?;
        Some(there.then_some(text))
    }

    fn kind(&mut self) -> Option<Kind> {
        [Kind::File, Kind::Directory, Kind::Other]
            .get(usize::from(self.u8()?))
            .copied()
    }

    pub fn digest(&mut self) -> Option<Digest> {
        Some(Digest(self.take(32)?.try_into().ok()?))
    }

    fn attributes(&mut self) -> Option<Attributes> {
        let kind = self.kind()?;
        let mode = u32::try_from(self.u64()?).ok()?;
        let size = self.u64()?;
        let timed = self.u8()? == 1;
        let mtime = self.u64()?.cast_signed();
        Some(Attributes {
            kind,
            mode,
            size,
            mtime: timed.then_some(mtime),
        })
    }

    pub fn stamp(&mut self) -> Option<Stamp> {
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

/// Observations alone, for records that have their own header and checksum.
pub(super) fn encode_entries(seen: &[Recorded]) -> Vec<u8> {
    let mut body = Writer(Vec::with_capacity(seen.len() * 160 + 8));
    write_entries(&mut body, seen);
    body.0
}

/// What [`encode_entries`] wrote.
pub(super) fn decode_entries(bytes: &[u8]) -> Option<Vec<Entry<'_>>> {
    read_entries(&mut Input(bytes))
}

pub(super) fn write_entries(body: &mut Writer, seen: &[Recorded]) {
    let start = body.0.len();
    body.u64(0);
    let mut count: u64 = 0;
    let mut rest = seen.iter().peekable();
    while let Some((seen, known)) = rest.next() {
        let Seen {
            observation,
            role,
            note,
        } = seen;
        count += 1;
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
                let plain = rest
                    .next_if(|(next, _)| is_no_link(&next.observation, path))
                    .is_some();
                let known = Known {
                    stamp,
                    digest: *digest,
                };
                body.file(&known, settled, plain);
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
            Observation::Attributes { path, attributes } => {
                body.u8(6);
                body.text(path.as_str());
                body.u8(attributes.kind as u8);
                body.u64(u64::from(attributes.mode));
                body.u64(attributes.size);
                body.u8(u8::from(attributes.mtime.is_some()));
                body.u64(attributes.mtime.unwrap_or(0).cast_unsigned());
            }
            Observation::Link { path, target } => {
                body.u8(7);
                body.text(path.as_str());
                body.optional(target.as_ref().map(|path| path.as_str()));
            }
            Observation::Denied { path } => {
                body.u8(8);
                body.text(path.as_str());
            }
            Observation::Root { path } => {
                body.u8(10);
                body.text(path.as_str());
            }
            Observation::ListingWithout {
                path,
                without,
                digest,
            } => {
                body.u8(9);
                body.text(path.as_str());
                body.text(&without.join("/"));
                body.0.extend_from_slice(&digest.0);
                let believed = known.filter(|(_, settled)| *settled);
                body.u8(u8::from(believed.is_some()));
                if let Some((known, _)) = believed {
                    body.stamp(&known.stamp);
                }
            }
        }
    }
    body.0[start..start + 8].copy_from_slice(&count.to_le_bytes());
}

/// Whether it was seen that there is no symbolic link at `path`.
fn is_no_link(observation: &Observation, path: &Utf8Path) -> bool {
    matches!(observation, Observation::Link { path: place, target: None } if place == path)
}

pub(super) fn read_entries<'p>(input: &mut Input<'p>) -> Option<Vec<Entry<'p>>> {
    let count = usize::try_from(input.u64()?).ok()?;
    let mut entries = Vec::with_capacity(count.min(1 << 20));
    for _ in 0..count {
        entries.push(read_entry(input)?);
    }
    Some(entries)
}

pub(super) fn read_entry<'p>(input: &mut Input<'p>) -> Option<Entry<'p>> {
    let role = *Role::ALL.get(usize::from(input.u8()?))?;
    let note = input.text()?;
    let what = match input.u8()? {
        0 => {
            let path = input.text()?.into();
            let flags = input.u8()?;
            What::File {
                path,
                settled: flags & 1 != 0,
                plain: flags & 2 != 0,
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
        6 => What::Attributes {
            path: input.text()?.into(),
            attributes: input.attributes()?,
        },
        7 => What::Link {
            path: input.text()?.into(),
            target: input.optional()?,
        },
        8 => What::Denied {
            path: input.text()?.into(),
        },
        10 => What::Root {
            path: input.text()?.into(),
        },
        9 => {
            let path = input.text()?.into();
            let without = input.text()?;
            let digest = input.digest()?;
            let stamp = match input.u8()? {
                1 => Some(input.stamp()?),
                _ => None,
            };
            What::ListingWithout {
                path,
                without,
                digest,
                stamp,
            }
        }
        _ => return None,
    };
    Some(Entry { role, note, what })
}
