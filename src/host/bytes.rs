//! [`Bytes`]: immutable bytes that may be owned, mapped or built in, shared without copying.

use std::ops::{Deref, DerefMut, Range};
use std::sync::Arc;

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
pub struct Buffer(Room);

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
            && let Ok(map) = memmap2::MmapMut::map_anon(size)
        {
            // Only a wish; without huge pages the memory is as good.
            #[cfg(target_os = "linux")]
            let _ = map.advise(memmap2::Advice::HugePage);
            return Self(Room::Mapped(map));
        }
        Self(Room::Owned(vec![0; size]))
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Room::Owned(bytes) => bytes,
            Room::Mapped(map) => map,
        }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.0 {
            Room::Owned(bytes) => bytes,
            Room::Mapped(map) => map,
        }
    }
}

impl From<Buffer> for Bytes {
    fn from(buffer: Buffer) -> Self {
        match buffer.0 {
            Room::Owned(bytes) => bytes.into(),
            Room::Mapped(map) => {
                let range = 0..map.len();
                Self {
                    storage: Storage::Filled(Arc::new(map)),
                    range,
                }
            }
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
