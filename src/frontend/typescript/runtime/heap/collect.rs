//! Collection: marks from the roots with a stack of its own, then settles every block. The machine stack and registers
//! are scanned conservatively; cells are traced precisely.

use super::block::{Block, CLASS_COUNT, Census};
use super::{AMPLE, MINIMUM_THRESHOLD, NO_RUN, heap, trace};
use crate::abi::PAYLOAD;
use crate::error;
use crate::foreign::{callback, handle};
use crate::global::Global;
use crate::object::{self, site};
use crate::realm;
use crate::shape;
use crate::string::{self, atom};
use crate::symbol;
use crate::value::Value;
use alloc::vec::Vec;

/// Where the stack begins: everything from the stack pointer up to here is scanned.
static STACK_BASE: Global<usize> = Global::new(0);

pub fn set_stack_base(base: usize) {
    STACK_BASE.write(base);
}

core::arch::global_asm!(".weak __start_kiln_roots", ".weak __stop_kiln_roots");

unsafe extern "C" {
    /// The section of module variables. Weak: a program may have none.
    static __start_kiln_roots: u8;
    static __stop_kiln_roots: u8;
}

pub struct Marker {
    base: usize,
    size: usize,
    pending: Vec<*mut u8>,
}

impl Marker {
    #[inline(always)]
    pub fn value(&mut self, value: Value) {
        if value.0 >= crate::abi::TAG_STRING << 48 {
            self.pointer(value.pointer());
        }
    }

    /// A pointer to the start of a cell, to a static string, or null.
    #[inline(always)]
    pub fn pointer(&mut self, cell: *mut u8) {
        if (cell as usize).wrapping_sub(self.base) < self.size
            && unsafe { (*Block::of(cell)).mark(cell) }
        {
            // It is looked at soon, and is seldom in the cache.
            unsafe {
                core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(cell.cast())
            };
            self.pending.push(cell);
        }
    }

    /// Any word: if it, or the low 48 bits of it, points into a cell in use, the cell lives.
    fn word(&mut self, word: u64) {
        let address = (word & PAYLOAD) as usize;
        if address.wrapping_sub(self.base) >= self.size {
            return;
        }
        if let Some(start) = heap().spans.start_of(address)
            && let Some(cell) = unsafe { (*(start as *mut Block)).cell_at(address) }
        {
            self.pointer(cell);
        }
    }

    fn words(&mut self, from: usize, to: usize) {
        let mut address = from & !7;
        while address + 8 <= to {
            self.word(unsafe { (address as *const u64).read_volatile() });
            address += 8;
        }
    }

    fn drain(&mut self) {
        while let Some(cell) = self.pending.pop() {
            trace::trace(cell, self);
        }
    }
}

/// Registers that a callee keeps may hold references: they are stored where the stack is scanned.
#[inline(never)]
pub fn collect() {
    let mut registers = [0u64; 6];
    unsafe {
        core::arch::asm!(
            "mov [{0}], rbx",
            "mov [{0} + 8], rbp",
            "mov [{0} + 16], r12",
            "mov [{0} + 24], r13",
            "mov [{0} + 32], r14",
            "mov [{0} + 40], r15",
            in(reg) registers.as_mut_ptr(),
        );
    }
    let from = registers.as_ptr() as usize;
    mark_and_settle(from);
    core::hint::black_box(&registers);
    // Now that the heap is as it will be: this runs code of native libraries.
    handle::end_dead();
}

#[inline(never)]
fn mark_and_settle(stack: usize) {
    let heap = heap();
    let blocks: Vec<*mut Block> = heap
        .spans
        .starts()
        .map(|start| start as *mut Block)
        .collect();
    for block in &blocks {
        unsafe { (**block).clear_marks() };
    }

    let mut marker = Marker {
        base: heap.base,
        size: heap.size,
        pending: Vec::new(),
    };
    marker.words(stack, STACK_BASE.read());
    let (start, stop) = (
        &raw const __start_kiln_roots as usize,
        &raw const __stop_kiln_roots as usize,
    );
    if start != 0 {
        marker.words(start, stop);
    }
    mark_runtime(&mut marker);
    marker.drain();

    let is_alive = |cell: *mut u8| {
        (cell as usize).wrapping_sub(marker.base) >= marker.size
            || unsafe { (*Block::of(cell)).is_marked(cell) }
    };
    object::recent::forget();
    atom::purge(is_alive);
    shape::purge(is_alive);
    handle::purge(is_alive);
    settle(&blocks);
}

/// What the runtime itself refers to.
fn mark_runtime(marker: &mut Marker) {
    marker.value(error::waiting());
    realm::roots(|value| marker.value(value));
    callback::roots(|value| marker.value(value));
    symbol::roots(|value| marker.value(value));
    for single in string::single_roots() {
        marker.value(Value(*single));
    }
    marker.pointer(object::null_root().cast_mut().cast());
    site::roots(|word| marker.word(word));
}

fn settle(blocks: &[*mut Block]) {
    let heap = heap();
    heap.runs = [NO_RUN; CLASS_COUNT];
    heap.available.iter_mut().for_each(Vec::clear);
    let mut live = 0;
    for block in blocks {
        let state = unsafe { &mut **block };
        match state.settle() {
            Census::Empty => heap
                .spans
                .give(*block as usize, state.large_blocks().max(1)),
            Census::Room { live: bytes } => {
                live += bytes;
                heap.available[state.class()].push(*block);
            }
            Census::Full { live: bytes } => live += bytes,
        }
    }
    heap.allocated = 0;
    heap.threshold = (live + 3 * live.min(AMPLE)).max(MINIMUM_THRESHOLD);
    heap.spans.trim(live + AMPLE);
}
