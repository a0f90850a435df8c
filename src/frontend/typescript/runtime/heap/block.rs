//! One block of cells of equal size, or one large cell. Knows which cells are allocated and which are marked; not what
//! is in them.

pub const BLOCK_SIZE: usize = 64 << 10;
const GRANULE: usize = 16;
const WORDS: usize = BLOCK_SIZE / GRANULE / 64;
pub const HEADER_SIZE: usize = core::mem::size_of::<Block>();
const USABLE: usize = BLOCK_SIZE - HEADER_SIZE;
/// Two of them fill a block.
pub const LARGEST: usize = USABLE / 2 / GRANULE * GRANULE;

/// Fine steps for small cells, an eighth of the size between larger ones; from 4 KiB on, equal shares of a block.
pub const CLASS_SIZES: [usize; CLASS_COUNT] = {
    let mut sizes = [0; CLASS_COUNT];
    let mut index = 0;
    let mut size = GRANULE;
    while size <= 256 {
        sizes[index] = size;
        index += 1;
        size += GRANULE;
    }
    while size <= 4096 {
        let mut step = 256;
        while step * 2 <= size {
            step *= 2;
        }
        size = (size + step / 4 - 1) / (step / 4) * (step / 4);
        sizes[index] = size;
        index += 1;
        size += 1;
    }
    let mut share = 14;
    while share >= 2 {
        sizes[index] = USABLE / share / GRANULE * GRANULE;
        index += 1;
        share -= if share > 6 { 2 } else { 1 };
    }
    assert!(index == CLASS_COUNT && sizes[CLASS_COUNT - 1] == LARGEST);
    sizes
};
pub const CLASS_COUNT: usize = 16 + 16 + 9;

static CLASS_OF: [u8; LARGEST / GRANULE + 1] = {
    let mut classes = [0; LARGEST / GRANULE + 1];
    let mut class = 0;
    let mut granules = 0;
    while granules < classes.len() {
        while CLASS_SIZES[class] < granules * GRANULE {
            class += 1;
        }
        classes[granules] = class as u8;
        granules += 1;
    }
    classes
};

#[inline(always)]
pub fn class_of(size: usize) -> usize {
    usize::from(CLASS_OF[size.div_ceil(GRANULE)])
}

#[repr(C, align(16))]
pub struct Block {
    /// One bit for each granule; only those of cell starts are used.
    marked: [u64; WORDS],
    /// Cells in use, and those of the run that is being handed out.
    allocated: [u64; WORDS],
    cell_size: u32,
    /// `2^32 / cell_size`, rounded up, to divide by.
    reciprocal: u32,
    cell_count: u32,
    class: u32,
    /// 0 for a block of small cells.
    large_blocks: usize,
}

/// What the collector found in a block.
pub enum Census {
    Empty,
    Room { live: usize },
    Full { live: usize },
}

impl Block {
    #[inline(always)]
    pub fn of(cell: *const u8) -> *mut Block {
        (cell as usize & !(BLOCK_SIZE - 1)) as *mut Block
    }

    pub fn create(address: usize, class: usize) -> *mut Block {
        let size = CLASS_SIZES[class];
        let block = address as *mut Block;
        unsafe {
            (*block).allocated = [0; WORDS];
            (*block).marked = [0; WORDS];
            (*block).cell_size = size as u32;
            (*block).reciprocal = (1u64 << 32).div_ceil(size as u64) as u32;
            (*block).cell_count = (USABLE / size) as u32;
            (*block).class = class as u32;
            (*block).large_blocks = 0;
        }
        block
    }

    pub fn create_large(address: usize, blocks: usize) -> *mut Block {
        let block = address as *mut Block;
        unsafe {
            (*block).allocated = [!0; WORDS];
            (*block).marked = [0; WORDS];
            (*block).cell_size = 0;
            (*block).reciprocal = 0;
            (*block).cell_count = 1;
            (*block).class = 0;
            (*block).large_blocks = blocks;
        }
        block
    }

    pub fn large_blocks(&self) -> usize {
        self.large_blocks
    }

    pub fn class(&self) -> usize {
        self.class as usize
    }

    pub fn first_cell(&mut self) -> *mut u8 {
        (&raw mut *self).cast::<u8>().wrapping_add(HEADER_SIZE)
    }

    pub fn clear_marks(&mut self) {
        self.marked = [0; WORDS];
    }

    /// The word and bit of a cell's start.
    #[inline(always)]
    fn position(cell: *const u8) -> (usize, u64) {
        let granule = (cell as usize & (BLOCK_SIZE - 1)) / GRANULE;
        (granule / 64, 1 << (granule % 64))
    }

    /// Marks a cell; false if it was marked already.
    #[inline(always)]
    pub fn mark(&mut self, cell: *const u8) -> bool {
        let (word, bit) = Self::position(cell);
        let marked = &mut self.marked[word];
        let fresh = *marked & bit == 0;
        *marked |= bit;
        fresh
    }

    pub fn is_marked(&self, cell: *const u8) -> bool {
        let (word, bit) = Self::position(cell);
        self.marked[word] & bit != 0
    }

    /// The allocated cell that an address lies in. `self` is the block where the address's span begins.
    pub fn cell_at(&mut self, address: usize) -> Option<*mut u8> {
        let start = self.first_cell() as usize;
        if address < start {
            return None;
        }
        if self.large_blocks > 0 {
            return Some(start as *mut u8);
        }
        let index = ((address - start) as u64 * u64::from(self.reciprocal)) >> 32;
        if index >= u64::from(self.cell_count) {
            return None;
        }
        let cell = (start + index as usize * self.cell_size as usize) as *mut u8;
        let (word, bit) = Self::position(cell);
        (self.allocated[word] & bit != 0 && !super::is_ahead(cell, self.class())).then_some(cell)
    }

    /// What was not marked is free from now on.
    pub fn settle(&mut self) -> Census {
        let count: u32 = self.marked.iter().map(|word| word.count_ones()).sum();
        if self.large_blocks > 0 {
            return if count == 0 {
                Census::Empty
            } else {
                Census::Full {
                    live: self.large_blocks * BLOCK_SIZE,
                }
            };
        }
        self.allocated = self.marked;
        let live = count as usize * self.cell_size as usize;
        match count {
            0 => Census::Empty,
            count if count == self.cell_count => Census::Full { live },
            _ => Census::Room { live },
        }
    }

    /// The first run of free cells at or behind a position, now allocated: its start, its end, and the position of that.
    pub fn take_run(&mut self, from: u32) -> Option<(*mut u8, *mut u8, u32)> {
        let (size, count, first) = (self.cell_size as usize, self.cell_count, self.first_cell());
        let cell_at = |index: u32| first.wrapping_add(index as usize * size);
        let mut start = from;
        while start < count {
            let (word, bit) = Self::position(cell_at(start));
            if self.allocated[word] & bit == 0 {
                break;
            }
            start += 1;
        }
        let mut end = start;
        while end < count {
            let (word, bit) = Self::position(cell_at(end));
            if self.allocated[word] & bit != 0 {
                break;
            }
            // Only the bits of cell starts: those between them would pass for cells.
            self.allocated[word] |= bit;
            end += 1;
        }
        if start == end {
            return None;
        }
        // What is still used although it was collected shall be noticed.
        #[cfg(gc_stress)]
        unsafe {
            core::ptr::write_bytes(cell_at(start), 0xDB, (end - start) as usize * size);
        }
        Some((cell_at(start), cell_at(end), end))
    }
}
