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
}

impl Spans {
    pub const fn new() -> Self {
        Self { base: 0, count: 0, top: 0, owner: Vec::new(), free: Vec::new(), free_blocks: 0 }
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
                first
            }
        };
        for (distance, owner) in self.owner[first..first + length].iter_mut().enumerate() {
            *owner = distance as u32 + 1;
        }
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
        self.owner.iter().enumerate().filter(|(_, owner)| **owner == 1).map(|(block, _)| self.base + block * BLOCK_SIZE)
    }

    /// Gives free memory back to the system beyond what is likely to be taken again soon.
    pub fn trim(&mut self, keep: usize) {
        if self.free_blocks * BLOCK_SIZE <= keep {
            return;
        }
        for run in &self.free {
            libc::release((self.base + run.0 as usize * BLOCK_SIZE) as *mut u8, run.1 as usize * BLOCK_SIZE);
        }
    }
}
