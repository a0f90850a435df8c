//! [`Bytes`]: immutable bytes that may be owned, mapped or built in, shared without copying.

use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;

/// Memory is had from the system in pieces of this many bytes or more.
const PAGE: usize = 4096;

/// A shared, immutable run of bytes. Cloning and slicing copy nothing.
#[derive(Clone)]
pub struct Bytes {
    storage: Storage,
    range: Range<usize>,
}

#[derive(Clone)]
enum Storage {
    Owned(Arc<Vec<u8>>),
    Mapped(Arc<memmap2::Mmap>),
    /// A buffer that is written no more.
    Filled(Arc<memmap2::MmapMut>),
    Static(&'static [u8]),
}

impl Bytes {
    /// A part of these bytes; `None` if it reaches beyond them.
    pub fn slice(&self, range: Range<usize>) -> Option<Self> {
        let start = self.range.start.checked_add(range.start)?;
        let end = self.range.start.checked_add(range.end)?;
        (start <= end && end <= self.range.end).then(|| Self {
            storage: self.storage.clone(),
            range: start..end,
        })
    }

    /// Brings in all of a mapped file, for those who are about to read most of it. Page by page: the system populates a
    /// range under a lock that whoever wants memory in the meantime waits for.
    pub fn bring_in(&self) {
        if let Storage::Mapped(map) = &self.storage {
            for page in map.chunks(PAGE) {
                std::hint::black_box(page[0]);
            }
        }
    }

    pub const fn built_in(bytes: &'static [u8]) -> Self {
        Self {
            storage: Storage::Static(bytes),
            range: 0..bytes.len(),
        }
    }

    pub(super) fn mapped(map: memmap2::Mmap) -> Self {
        let range = 0..map.len();
        Self {
            storage: Storage::Mapped(Arc::new(map)),
            range,
        }
    }
}

/// Zeroed memory, to be filled and then shared as [`Bytes`].
pub struct Buffer {
    room: Room,
    size: usize,
}

enum Room {
    Owned(Vec<u8>),
    Mapped(memmap2::MmapMut),
}

impl Buffer {
    /// Room for `size` bytes. Much room is asked of the system in huge pages: a program of 13 MB is then had by 7 page
    /// faults instead of 3,200.
    pub fn zeroed(size: usize) -> Self {
        const MUCH: usize = 4 << 20;
        if size >= MUCH
            && let Some(mapped) = Self::mapped(size)
        {
            return mapped;
        }
        Self {
            room: Room::Owned(vec![0; size]),
            size,
        }
    }

    fn mapped(size: usize) -> Option<Self> {
        let map = memmap2::MmapMut::map_anon(size).ok()?;
        // Only a wish; without huge pages the memory is as good.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        Some(Self {
            room: Room::Mapped(map),
            size,
        })
    }

    /// Room whose pages are there already, so that whoever fills it does not wait for the system to clear them. It is made
    /// while something else goes on, and [cut](Self::cut) once it is known how much is needed.
    pub fn ready(size: usize) -> Option<Self> {
        let mut buffer = Self::mapped(size)?;
        for page in buffer.chunks_mut(PAGE) {
            page[0] = std::hint::black_box(0);
        }
        Some(buffer)
    }

    /// The first `size` bytes; `None` if there are not so many.
    pub fn cut(self, size: usize) -> Option<Self> {
        (size <= self.size).then_some(Self { size, ..self })
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.room {
            Room::Owned(bytes) => &bytes[..self.size],
            Room::Mapped(map) => &map[..self.size],
        }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.room {
            Room::Owned(bytes) => &mut bytes[..self.size],
            Room::Mapped(map) => &mut map[..self.size],
        }
    }
}

impl From<Buffer> for Bytes {
    fn from(buffer: Buffer) -> Self {
        Self {
            storage: match buffer.room {
                Room::Owned(bytes) => Storage::Owned(Arc::new(bytes)),
                Room::Mapped(map) => Storage::Filled(Arc::new(map)),
            },
            range: 0..buffer.size,
        }
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        let range = 0..bytes.len();
        Self {
            storage: Storage::Owned(Arc::new(bytes)),
            range,
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let whole: &[u8] = match &self.storage {
            Storage::Owned(bytes) => bytes,
            Storage::Mapped(map) => map,
            Storage::Filled(map) => map,
            Storage::Static(bytes) => bytes,
        };
        &whole[self.range.clone()]
    }
}

/// Equal if the bytes are, wherever they lie.
impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Bytes {}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}
