//! Runs of blocks in the region: which are taken, which are free. Does not know what is in a block.

use super::block::BLOCK_SIZE;
use crate::libc;
use alloc::vec::Vec;

pub struct Spans {
    base: usize,
    count: usize,
    /// Blocks from here on were never used.
    top: usize,
    /// For every block below `top`: 0 if it is free, else 1 + the distance to the first block of its span.
    owner: Vec<u32>,
    /// Free runs `(first, length)`, by address, no two adjacent.
    free: Vec<(u32, u32)>,
    free_blocks: usize,
    /// For every block below `top`: its pages are with the system.
    released: Vec<bool>,
}

impl Spans {
    pub const fn new() -> Self {
        Self {
            base: 0,
            count: 0,
            top: 0,
            owner: Vec::new(),
            free: Vec::new(),
            free_blocks: 0,
            released: Vec::new(),
        }
    }

    pub fn initialise(&mut self, base: usize, count: usize) {
        self.base = base;
        self.count = count;
    }

    /// Takes a run of blocks: the first that fits. Gives its address.
    pub fn take(&mut self, length: usize) -> usize {
        let first = match self.free.iter().position(|run| run.1 as usize >= length) {
            Some(index) => {
                let run = &mut self.free[index];
                let first = run.0 as usize;
                run.0 += length as u32;
                run.1 -= length as u32;
                if run.1 == 0 {
                    self.free.remove(index);
                }
                self.free_blocks -= length;
                first
            }
            None => {
                let first = self.top;
                if first + length > self.count {
                    super::out_of_memory();
                }
                self.top += length;
                self.owner.resize(self.top, 0);
                self.released.resize(self.top, false);
                first
            }
        };
        for (distance, owner) in self.owner[first..first + length].iter_mut().enumerate() {
            *owner = distance as u32 + 1;
        }
        self.released[first..first + length].fill(false);
        self.base + first * BLOCK_SIZE
    }

    pub fn give(&mut self, address: usize, length: usize) {
        let mut first = (address - self.base) / BLOCK_SIZE;
        let mut length = length;
        self.owner[first..first + length].fill(0);
        self.free_blocks += length;
        let index = self.free.partition_point(|run| (run.0 as usize) < first);
        if index < self.free.len() && self.free[index].0 as usize == first + length {
            length += self.free.remove(index).1 as usize;
        }
        if index > 0 {
            let before = self.free[index - 1];
            if (before.0 + before.1) as usize == first {
                first = before.0 as usize;
                length += before.1 as usize;
                self.free[index - 1] = (first as u32, length as u32);
                return;
            }
        }
        self.free.insert(index, (first as u32, length as u32));
    }

    /// The address of the first block of the span that an address lies in.
    #[inline(always)]
    pub fn start_of(&self, address: usize) -> Option<usize> {
        let block = address.wrapping_sub(self.base) / BLOCK_SIZE;
        let owner = *self.owner.get(block)?;
        (owner != 0).then(|| self.base + (block + 1 - owner as usize) * BLOCK_SIZE)
    }

    /// The first blocks of all spans.
    pub fn starts(&self) -> impl Iterator<Item = usize> + '_ {
        self.owner
            .iter()
            .enumerate()
            .filter(|(_, owner)| **owner == 1)
            .map(|(block, _)| self.base + block * BLOCK_SIZE)
    }

    /// Gives free memory back to the system but for the first `keep` bytes of it, which are taken again first.
    pub fn trim(&mut self, keep: usize) {
        if self.free_blocks * BLOCK_SIZE <= keep {
            return;
        }
        let mut kept = keep / BLOCK_SIZE;
        for (first, length) in self.free.iter().map(|run| (run.0 as usize, run.1 as usize)) {
            let here = kept.min(length);
            kept -= here;
            for block in first + here..first + length {
                if !self.released[block] {
                    self.released[block] = true;
                    libc::release((self.base + block * BLOCK_SIZE) as *mut u8, BLOCK_SIZE);
                }
            }
        }
    }
}
