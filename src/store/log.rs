//! The file of records: its layout, and an index of it in memory. See the parent module for the drawing.

use crate::digest::Digest;
use crate::host::Bytes;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use std::ops::Range;

/// Opens the file; the number changes with the layout.
const HEADER: &[u8; 16] = b"kiln records 1\n\0";
const MAGIC: u32 = 0x6b69_6c6e;
/// Magic, kind, length, key, checksum.
const RECORD_HEADER: usize = 4 + 4 + 8 + 32 + 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum RecordKind {
    Value = 1,
    /// The value is the offset and length of a blob in the pack, two little-endian `u64`; empty if the blob is lost.
    Blob = 2,
    /// The value is the stamp of the pack, and the boot in which it was taken.
    Pack = 3,
}

/// All records of the file. Values are checked when they are taken out.
pub(super) struct Log {
    bytes: Bytes,
    /// Where each last record of a key begins. The keys themselves stay in the file.
    index: HashTable<u32>,
    /// How much of the file could be read as records.
    sound: usize,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            bytes: Bytes::built_in(&[]),
            index: HashTable::new(),
            sound: 0,
        }
    }
}

impl Log {
    /// Indexes a file; what follows the first place that is no record is damage.
    pub(super) fn open(bytes: Bytes, damage: &mut Vec<String>) -> Self {
        if bytes.is_empty() {
            return Self::default();
        }
        if !bytes.starts_with(HEADER) {
            damage.push("records: not a file of this version of kiln".to_owned());
            return Self {
                bytes,
                ..Self::default()
            };
        }
        let mut index = HashTable::with_capacity(bytes.len() / 512);
        let mut at = HEADER.len();
        while at < bytes.len() {
            // A file of 4 GiB has long been trimmed.
            let (Some(record), Ok(start)) = (Record::at(&bytes, at), u32::try_from(at)) else {
                damage.push(format!("records: damaged or cut short at byte {at}"));
                break;
            };
            at = record.value.end;
            let same = |other: &u32| record.is_of_the_key_of(&bytes, *other);
            let rehash = |other: &u32| hash_at(&bytes, *other);
            match index.entry(hash(record.kind, record.key), same, rehash) {
                Entry::Occupied(mut known) => *known.get_mut() = start,
                Entry::Vacant(free) => {
                    free.insert(start);
                }
            }
        }
        Self {
            bytes,
            index,
            sound: at,
        }
    }

    /// The last value of a key.
    ///
    /// # Errors
    /// Says so if the value is not what its checksum says.
    pub(super) fn get(&self, kind: RecordKind, key: &Digest) -> Result<Option<Bytes>, String> {
        let wanted = |at: &u32| {
            Record::at(&self.bytes, *at as usize)
                .is_some_and(|record| record.kind == kind as u8 && *record.key == key.0)
        };
        let found = self.index.find(hash(kind as u8, &key.0), wanted);
        let Some(Record { value: range, .. }) =
            found.and_then(|at| Record::at(&self.bytes, *at as usize))
        else {
            return Ok(None);
        };
        let value = &self.bytes[range.clone()];
        let stored = &self.bytes[range.start - 16..range.start];
        if checksum(kind as u8, key, value) == stored {
            Ok(self.bytes.slice(range.clone()))
        } else {
            Err(format!(
                "records: the record at byte {} is damaged",
                range.start - RECORD_HEADER
            ))
        }
    }

    /// Where in the pack a blob lies.
    pub(super) fn location(&self, digest: &Digest) -> Result<Option<Range<usize>>, String> {
        let Some(value) = self.get(RecordKind::Blob, digest)? else {
            return Ok(None);
        };
        if value.is_empty() {
            return Ok(None);
        }
        let word = |at: usize| {
            value
                .get(at..at + 8)
                .and_then(|bytes| usize::try_from(u64::from_le_bytes(bytes.try_into().ok()?)).ok())
        };
        match (word(0), word(8)) {
            (Some(offset), Some(length)) => Ok(offset.checked_add(length).map(|end| offset..end)),
            _ => Err("records: a blob's place is damaged".to_owned()),
        }
    }

    /// Every blob that a sound record names, with its place in the pack.
    pub(super) fn locations(&self) -> Vec<(Digest, Range<usize>)> {
        let records = self.index.iter();
        let records = records.filter_map(|at| Record::at(&self.bytes, *at as usize));
        records
            .filter(|record| record.kind == RecordKind::Blob as u8)
            .filter_map(|record| {
                let digest = Digest(*record.key);
                Some((digest, self.location(&digest).ok()??))
            })
            .collect()
    }

    /// What must precede the first appended record.
    pub(super) fn preamble(&self) -> Vec<u8> {
        if self.sound == 0 {
            HEADER.to_vec()
        } else {
            Vec::new()
        }
    }

    /// Whether the file has a damaged part, so that appending to it would be lost.
    pub(super) fn must_be_replaced(&self) -> bool {
        self.sound != self.bytes.len()
    }

    pub(super) fn sound_part(&self) -> &[u8] {
        &self.bytes[..self.sound]
    }

    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }
}

/// A record as it lies in the file.
struct Record<'b> {
    kind: u8,
    key: &'b [u8; 32],
    value: Range<usize>,
}

impl<'b> Record<'b> {
    /// The record that begins at `at`; `None` if there is none.
    fn at(bytes: &'b [u8], at: usize) -> Option<Self> {
        let header = bytes.get(at..at.checked_add(RECORD_HEADER)?)?;
        let word = |at: usize| {
            u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
        };
        if word(0) != MAGIC {
            return None;
        }
        let length = usize::try_from(u64::from_le_bytes(header[8..16].try_into().ok()?)).ok()?;
        let start = at + RECORD_HEADER;
        let end = start.checked_add(length)?;
        (end <= bytes.len()).then_some(Self {
            kind: u8::try_from(word(4)).ok()?,
            key: header[16..48].try_into().ok()?,
            value: start..end,
        })
    }

    fn is_of_the_key_of(&self, bytes: &[u8], other: u32) -> bool {
        Record::at(bytes, other as usize)
            .is_some_and(|other| (self.kind, self.key) == (other.kind, other.key))
    }
}

/// The keys are digests already, so their first bytes serve as hash.
fn hash(kind: u8, key: &[u8; 32]) -> u64 {
    let word = u64::from_le_bytes([
        key[0], key[1], key[2], key[3], key[4], key[5], key[6], key[7],
    ]);
    word ^ u64::from(kind)
}

fn hash_at(bytes: &[u8], at: u32) -> u64 {
    Record::at(bytes, at as usize).map_or(0, |record| hash(record.kind, record.key))
}

fn checksum(kind: u8, key: &Digest, value: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[kind]);
    hasher.update(&key.0);
    hasher.update(value);
    let mut sum = [0; 16];
    sum.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    sum
}

pub(super) fn append(out: &mut Vec<u8>, kind: RecordKind, key: &Digest, value: &[u8]) {
    out.extend_from_slice(&MAGIC.to_le_bytes());
    out.extend_from_slice(&(kind as u32).to_le_bytes());
    out.extend_from_slice(&(value.len() as u64).to_le_bytes());
    out.extend_from_slice(&key.0);
    out.extend_from_slice(&checksum(kind as u8, key, value));
    out.extend_from_slice(value);
}

pub(super) fn append_value(out: &mut Vec<u8>, key: &Digest, value: &[u8]) {
    append(out, RecordKind::Value, key, value);
}

pub(super) fn append_location(out: &mut Vec<u8>, digest: &Digest, offset: u64, length: u64) {
    let mut place = [0; 16];
    place[..8].copy_from_slice(&offset.to_le_bytes());
    place[8..].copy_from_slice(&length.to_le_bytes());
    append(out, RecordKind::Blob, digest, &place);
}

/// The blob is not where an earlier record says.
pub(super) fn append_loss(out: &mut Vec<u8>, digest: &Digest) {
    append(out, RecordKind::Blob, digest, &[]);
}

/// The bytes that open a file of records.
pub(super) fn header() -> Vec<u8> {
    HEADER.to_vec()
}
