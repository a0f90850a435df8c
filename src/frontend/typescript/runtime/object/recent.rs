//! Where properties were found lately, by shape and key: for sites that see objects of several shapes, and for `super`.
//! Holds addresses that the collector does not see, so it is emptied at each collection.

use super::kt_prototype_epoch;
use crate::global::Global;
use crate::key::Key;
use crate::shape::Shape;
use crate::value::Value;

#[derive(Clone, Copy)]
pub enum Place {
    /// The object's own slot.
    Own(u32),
    /// A function on a prototype, while the epoch lasts.
    Method(Value),
    /// A getter on a prototype, while the epoch lasts.
    Getter(Value),
}

#[derive(Clone, Copy)]
struct Entry {
    shape: u64,
    key: u64,
    epoch: u64,
    place: Place,
}

const SIZE: usize = 1024;
const NOTHING: Entry = Entry {
    shape: 0,
    key: 0,
    epoch: 0,
    place: Place::Own(0),
};

static ENTRIES: Global<[Entry; SIZE]> = Global::new([NOTHING; SIZE]);

#[inline(always)]
fn entry(shape: u64, key: Key) -> &'static mut Entry {
    let mixed = (shape >> 4) ^ (key.bits() >> 4).wrapping_mul(0x9E37_79B9);
    &mut ENTRIES.state()[(mixed ^ (mixed >> 10)) as usize % SIZE]
}

#[inline(always)]
pub fn find(shape: &'static Shape, key: Key) -> Option<Place> {
    let shape = &raw const *shape as u64;
    let entry = entry(shape, key);
    if entry.shape != shape || entry.key != key.bits() {
        return None;
    }
    match entry.place {
        Place::Own(_) => Some(entry.place),
        _ => (entry.epoch == kt_prototype_epoch.read()).then_some(entry.place),
    }
}

/// The shape must be known to be cached.
pub fn remember(shape: &'static Shape, key: Key, place: Place) {
    shape.set_cached();
    let address = &raw const *shape as u64;
    *entry(address, key) = Entry {
        shape: address,
        key: key.bits(),
        epoch: kt_prototype_epoch.read(),
        place,
    };
}

/// At a collection.
pub fn forget() {
    ENTRIES.state().fill(NOTHING);
}
