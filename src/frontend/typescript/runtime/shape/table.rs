//! The properties of a shape in order of creation: key and attributes; the position is the slot. Does not know shapes.

use crate::key::Key;
use alloc::vec::Vec;

/// What may be done with a property.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Attributes(pub u8);

impl Attributes {
    pub const WRITABLE: Attributes = Attributes(1);
    pub const ENUMERABLE: Attributes = Attributes(2);
    pub const CONFIGURABLE: Attributes = Attributes(4);
    /// The slot holds a getter and a setter.
    pub const ACCESSOR: Attributes = Attributes(8);
    /// A `#private` name: never listed.
    pub const PRIVATE: Attributes = Attributes(16);

    pub const NONE: Attributes = Attributes(0);
    /// As assignment makes them.
    pub const ALL: Attributes = Attributes(7);
    /// As the language's own methods are: not enumerable.
    pub const HIDDEN: Attributes = Attributes(5);
    pub const READ_ONLY: Attributes = Attributes(4);

    #[inline(always)]
    pub const fn has(self, other: Attributes) -> bool {
        self.0 & other.0 == other.0
    }

    #[inline(always)]
    pub const fn with(self, other: Attributes) -> Attributes {
        Attributes(self.0 | other.0)
    }

    #[inline(always)]
    pub const fn without(self, other: Attributes) -> Attributes {
        Attributes(self.0 & !other.0)
    }

    #[inline(always)]
    pub const fn is_accessor(self) -> bool {
        self.has(Attributes::ACCESSOR)
    }

    pub const fn is_writable(self) -> bool {
        self.has(Attributes::WRITABLE)
    }

    pub const fn is_enumerable(self) -> bool {
        self.has(Attributes::ENUMERABLE)
    }

    pub const fn is_configurable(self) -> bool {
        self.has(Attributes::CONFIGURABLE)
    }
}

impl core::ops::BitOr for Attributes {
    type Output = Attributes;
    fn bitor(self, other: Attributes) -> Attributes {
        self.with(other)
    }
}

#[derive(Clone, Copy)]
pub struct Entry {
    /// `Key::NONE` where the property was deleted.
    pub key: Key,
    pub attributes: Attributes,
}

/// Up to this many entries, looking at each is quickest.
const SCANNED: u32 = 8;

#[derive(Default)]
pub struct Table {
    entries: Vec<Entry>,
    /// Positions + 1 by hash, open addressing, 0 is free; empty while the table is small. Its length is a power of two.
    index: Vec<u32>,
    deleted: u32,
}

impl Table {
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
            index: Vec::new(),
            deleted: 0,
        }
    }

    pub fn length(&self) -> u32 {
        self.entries.len() as u32
    }

    pub fn deleted(&self) -> u32 {
        self.deleted
    }

    /// The first `count` entries.
    pub fn entries(&self, count: u32) -> &[Entry] {
        &self.entries[..count as usize]
    }

    #[inline(always)]
    pub fn find(&self, key: Key, count: u32) -> Option<(u32, Attributes)> {
        if count <= SCANNED {
            let found = self.entries[..count as usize]
                .iter()
                .position(|entry| entry.key == key)?;
            return Some((found as u32, self.entries[found].attributes));
        }
        self.find_hashed(key, count)
    }

    fn find_hashed(&self, key: Key, count: u32) -> Option<(u32, Attributes)> {
        let mask = self.index.len() - 1;
        let mut position = key.hash() as usize & mask;
        loop {
            let slot = self.index[position].checked_sub(1)?;
            let entry = &self.entries[slot as usize];
            if entry.key == key {
                return (slot < count).then_some((slot, entry.attributes));
            }
            position = (position + 1) & mask;
        }
    }

    /// Adds an entry for a key that is not in the table.
    pub fn push(&mut self, key: Key, attributes: Attributes) -> u32 {
        let slot = self.length();
        self.entries.push(Entry { key, attributes });
        if slot < SCANNED {
            return slot;
        }
        if (slot as usize + 1) * 2 > self.index.len() {
            self.rebuild_index();
        } else {
            self.insert(slot);
        }
        slot
    }

    fn insert(&mut self, slot: u32) {
        let mask = self.index.len() - 1;
        let mut position = self.entries[slot as usize].key.hash() as usize & mask;
        while self.index[position] != 0 {
            position = (position + 1) & mask;
        }
        self.index[position] = slot + 1;
    }

    fn rebuild_index(&mut self) {
        self.index.clear();
        if self.length() <= SCANNED {
            return;
        }
        self.index
            .resize((self.entries.len() * 4).next_power_of_two(), 0);
        for slot in 0..self.length() {
            if self.entries[slot as usize].key != Key::NONE {
                self.insert(slot);
            }
        }
    }

    pub fn set_attributes(&mut self, slot: u32, attributes: Attributes) {
        self.entries[slot as usize].attributes = attributes;
    }

    pub fn delete(&mut self, slot: u32) {
        self.entries[slot as usize].key = Key::NONE;
        self.deleted += 1;
    }

    /// Drops deleted entries; gives for each remaining one its former slot.
    pub fn compact(&mut self) -> Vec<u32> {
        let former = (0..self.length())
            .filter(|slot| self.entries[*slot as usize].key != Key::NONE)
            .collect();
        self.entries.retain(|entry| entry.key != Key::NONE);
        self.deleted = 0;
        self.rebuild_index();
        former
    }

    /// A table of its own with the first entries.
    pub fn prefix(&self, count: u32) -> Table {
        let mut table = Table {
            entries: self.entries(count).to_vec(),
            index: Vec::new(),
            deleted: 0,
        };
        table.deleted = table
            .entries
            .iter()
            .filter(|entry| entry.key == Key::NONE)
            .count() as u32;
        table.rebuild_index();
        table
    }
}
