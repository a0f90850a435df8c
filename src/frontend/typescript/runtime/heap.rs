//! The collected heap: allocation. It knows sizes and blocks, not what cells mean (`heap/trace` does) nor when they are
//! reachable (`heap/collect`).
//!
//! One region of address space is reserved at the start and cut into blocks of 64 KiB, aligned to their size, so that
//! the block of any address is found by masking. A block holds cells of one size; a cell that is too large for that has
//! a span of blocks of its own. Each size has a run of free cells that is handed out from its start, and only when it is
//! used up is anything counted or collected: the fast path is an addition and a comparison.

pub mod block;
pub mod collect;
pub mod span;
pub mod storage;
pub mod trace;

use crate::global::Global;
use crate::libc;
use alloc::vec::Vec;
use block::{BLOCK_SIZE, Block, CLASS_COUNT, CLASS_SIZES, LARGEST};

/// This much is allocated before the first collection, and at least this much between two. What is so small stays in the
/// second-level cache, where allocation is a third faster than beyond it; a collection of little costs little.
const MINIMUM_THRESHOLD: usize = 4 << 20;
/// Up to this much that is alive, four times as much is allocated between two collections; the rest counts once.
const AMPLE: usize = 32 << 20;
const REGION_SIZE: usize = 64 << 30;

/// Where cells of one size come from.
#[derive(Clone, Copy)]
struct Run {
    /// The next cell, and the end of the run of free cells.
    cursor: *mut u8,
    end: *mut u8,
    /// The block that the run lies in, and the position behind it.
    block: *mut Block,
    position: u32,
}

const NO_RUN: Run = Run {
    cursor: core::ptr::null_mut(),
    end: core::ptr::null_mut(),
    block: core::ptr::null_mut(),
    position: 0,
};

pub struct Heap {
    runs: [Run; CLASS_COUNT],
    pub base: usize,
    pub size: usize,
    /// Blocks with room for a size, found by the last collection.
    available: [Vec<*mut Block>; CLASS_COUNT],
    spans: span::Spans,
    /// Bytes handed out since the last collection, and how many may be.
    allocated: usize,
    threshold: usize,
    /// Counts down to the next forced collection.
    #[cfg(gc_stress)]
    countdown: usize,
}

static HEAP: Global<Heap> = Global::new(Heap {
    runs: [NO_RUN; CLASS_COUNT],
    base: 0,
    size: 0,
    available: [const { Vec::new() }; CLASS_COUNT],
    spans: span::Spans::new(),
    allocated: 0,
    threshold: MINIMUM_THRESHOLD,
    #[cfg(gc_stress)]
    countdown: 1,
});

pub fn heap() -> &'static mut Heap {
    HEAP.state()
}

/// Reserves the region. Less will do where the address space is limited.
pub fn initialise() {
    let heap = heap();
    let mut size = REGION_SIZE;
    while size >= 64 << 20 {
        if let Some(address) = libc::reserve(size + BLOCK_SIZE) {
            heap.base = (address as usize).next_multiple_of(BLOCK_SIZE);
            heap.size = size;
            heap.spans.initialise(heap.base, size / BLOCK_SIZE);
            return;
        }
        size /= 2;
    }
    out_of_memory();
}

pub fn out_of_memory() -> ! {
    crate::output::stderr(b"\nFATAL ERROR: JavaScript heap out of memory\n");
    libc::abort()
}

/// A cell of at least this many bytes, aligned to 16. It holds whatever was there, and the caller must fill it before it
/// allocates again.
#[inline(always)]
pub fn allocate(size: usize) -> *mut u8 {
    if size > LARGEST {
        return allocate_large(size);
    }
    let class = block::class_of(size);
    let heap = heap();
    #[cfg(gc_stress)]
    stress(heap);
    let run = &mut heap.runs[class];
    let cell = run.cursor;
    let next = cell.wrapping_add(CLASS_SIZES[class]);
    if next > run.end {
        return refill(class);
    }
    run.cursor = next;
    cell
}

/// How many bytes a cell for `size` bytes really has.
pub fn usable_size(size: usize) -> usize {
    if size > LARGEST {
        (size + block::HEADER_SIZE).next_multiple_of(BLOCK_SIZE) - block::HEADER_SIZE
    } else {
        CLASS_SIZES[block::class_of(size)]
    }
}

#[cold]
#[inline(never)]
fn refill(class: usize) -> *mut u8 {
    let heap = heap();
    if heap.allocated >= heap.threshold {
        collect::collect();
    }
    loop {
        let run = &mut heap.runs[class];
        if !run.block.is_null()
            && let Some((cursor, end, position)) = unsafe { (*run.block).take_run(run.position) }
        {
            let bytes = end as usize - cursor as usize;
            *run = Run {
                cursor: cursor.wrapping_add(CLASS_SIZES[class]),
                end,
                block: run.block,
                position,
            };
            heap.allocated += bytes;
            return cursor;
        }
        run.position = 0;
        run.block = match heap.available[class].pop() {
            Some(block) => block,
            None => Block::create(heap.spans.take(1), class),
        };
    }
}

/// Whether a cell is in a run that is being handed out, and not handed out yet.
pub fn is_ahead(cell: *mut u8, class: usize) -> bool {
    let run = &heap().runs[class];
    cell >= run.cursor && cell < run.end
}

#[cold]
#[inline(never)]
fn allocate_large(size: usize) -> *mut u8 {
    let heap = heap();
    let blocks = (size + block::HEADER_SIZE).div_ceil(BLOCK_SIZE);
    #[cfg(gc_stress)]
    stress(heap);
    heap.allocated += blocks * BLOCK_SIZE;
    if heap.allocated >= heap.threshold {
        collect::collect();
        heap.allocated += blocks * BLOCK_SIZE;
    }
    let block = Block::create_large(heap.spans.take(blocks), blocks);
    unsafe { (*block).first_cell() }
}

/// Gives a cell back that nobody refers to any more. Only large ones are worth it; the others wait for the collector.
pub fn give_back(cell: *mut u8) {
    if cell.is_null() {
        return;
    }
    let block = Block::of(cell);
    let blocks = unsafe { (*block).large_blocks() };
    if blocks > 0 {
        let heap = heap();
        heap.allocated = heap.allocated.saturating_sub(blocks * BLOCK_SIZE);
        heap.spans.give(block as usize, blocks);
    }
}

/// Collects at every so many allocations, so that a reference that the collector cannot see is found at once.
#[cfg(gc_stress)]
fn stress(heap: &mut Heap) {
    heap.countdown -= 1;
    if heap.countdown == 0 {
        heap.countdown = 5;
        collect::collect();
    }
}
