//! Interned strings: for each text that is used as a property key, one string that stands for it, so that keys compare
//! by address. The table does not keep its strings alive: after marking, those that nobody else refers to leave it.

use super::{ATOM, Str};
use crate::global::Global;
use alloc::vec::Vec;

struct Atoms {
    /// Open addressing; null is free. The length is a power of two.
    table: Vec<*mut u8>,
    count: usize,
    /// Strings that were looked up lately, with their atoms: most dynamic keys are few strings again and again.
    recent: [(*mut u8, *mut u8); RECENT],
}

const RECENT: usize = 512;

static ATOMS: Global<Atoms> = Global::new(Atoms {
    table: Vec::new(),
    count: 0,
    recent: [(core::ptr::null_mut(), core::ptr::null_mut()); RECENT],
});

/// The atom of a string's text.
pub fn intern(string: Str) -> Str {
    if string.is_atom() {
        return string;
    }
    let atoms = ATOMS.state();
    let recent = &mut atoms.recent[(string.pointer() as usize / 16) % RECENT];
    if recent.0 == string.pointer() {
        return Str::at(recent.1);
    }
    let atom = find_or_insert(string);
    *recent = (string.pointer(), atom.pointer());
    atom
}

/// Enters a string of the runtime itself, which claims to be interned from the start.
pub fn adopt(string: Str) {
    find_or_insert(string);
}

fn find_or_insert(string: Str) -> Str {
    let atoms = ATOMS.state();
    if (atoms.count + 1) * 2 > atoms.table.len() {
        grow(atoms);
    }
    let mask = atoms.table.len() - 1;
    let text = string.text();
    let hash = string.hash();
    let mut index = hash as usize & mask;
    loop {
        let entry = atoms.table[index];
        if entry.is_null() {
            break;
        }
        let atom = Str::at(entry);
        if atom.hash() == hash && atom.text() == text {
            return atom;
        }
        index = (index + 1) & mask;
    }
    let atom = if string.is_rope() {
        super::rope::flatten(string)
    } else {
        string
    };
    let flags = &atom.header().flags;
    if flags.get() & ATOM == 0 {
        flags.set(flags.get() | ATOM);
    }
    atoms.table[index] = atom.pointer();
    atoms.count += 1;
    atom
}

fn grow(atoms: &mut Atoms) {
    let size = (atoms.table.len() * 2).max(1024);
    let old = core::mem::replace(&mut atoms.table, alloc::vec![core::ptr::null_mut(); size]);
    insert_all(atoms, old.into_iter().filter(|entry| !entry.is_null()));
}

fn insert_all(atoms: &mut Atoms, entries: impl Iterator<Item = *mut u8>) {
    let mask = atoms.table.len() - 1;
    atoms.count = 0;
    for entry in entries {
        let mut index = Str::at(entry).hash() as usize & mask;
        while !atoms.table[index].is_null() {
            index = (index + 1) & mask;
        }
        atoms.table[index] = entry;
        atoms.count += 1;
    }
}

/// After marking: forgets the strings that are not alive.
pub fn purge(is_alive: impl Fn(*mut u8) -> bool) {
    let atoms = ATOMS.state();
    atoms
        .recent
        .fill((core::ptr::null_mut(), core::ptr::null_mut()));
    let before = atoms.count;
    let alive: Vec<*mut u8> = atoms
        .table
        .iter()
        .copied()
        .filter(|entry| !entry.is_null() && is_alive(*entry))
        .collect();
    if alive.len() == before {
        return;
    }
    atoms.table.fill(core::ptr::null_mut());
    insert_all(atoms, alive.into_iter());
}
