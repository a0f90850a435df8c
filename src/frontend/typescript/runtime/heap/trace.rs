//! What each kind of cell refers to. Knows the layout of all of them, and nothing of when they are visited.

use super::collect::Marker;
use super::storage;
use crate::array::Array;
use crate::function::Function;
use crate::kind::{self, Header};
use crate::object::{self, Object, ObjectCell};
use crate::shape::{self, Shape};
use crate::string::{Str, rope};
use crate::value::Value;

fn values(marker: &mut Marker, first: *const Value, count: usize) {
    for index in 0..count {
        marker.value(unsafe { *first.add(index) });
    }
}

/// Marks what a cell refers to.
pub fn trace(cell: *mut u8, marker: &mut Marker) {
    let header = unsafe { &*cell.cast::<Header>() };
    let words = |offset: usize| cell.wrapping_add(offset).cast::<Value>().cast_const();
    match header.kind {
        // Flat strings refer to nothing, nor does raw storage.
        kind::STRING => {
            if Str::at(cell).is_rope() {
                let (left, right) = rope::halves(Str::at(cell));
                marker.pointer(left);
                marker.pointer(right);
            }
        }
        kind::CELL => values(marker, words(8), 1),
        kind::VALUES => values(marker, words(8), header.extra.get() as usize),
        kind::SYMBOL => values(marker, words(8), 1),
        kind::ACCESSOR => values(marker, words(8), 2),
        kind::SHAPE => shape::trace(unsafe { &*cell.cast::<Shape>() }, |other| {
            marker.pointer(other)
        }),
        kind::OBJECT => trace_object(cell, marker),
        kind::ARRAY => {
            trace_object(cell, marker);
            marker.pointer(Array::at(cell).storage());
        }
        kind::FUNCTION => {
            trace_object(cell, marker);
            let function = Function::at(cell);
            marker.value(function.data());
            let captures = function.captures();
            values(marker, captures.as_ptr(), captures.len());
        }
        private if (kind::ERROR..=kind::LAST_OBJECT).contains(&private) => {
            trace_object(cell, marker);
            values(marker, words(object::SIZE), usize::from(header.flags.get()));
        }
        _ => {}
    }
}

/// The shape and the slots, which are in the object's own cell or in storage.
fn trace_object(cell: *mut u8, marker: &mut Marker) {
    let object = Object::at(cell);
    marker.pointer((&raw const *object.shape()).cast_mut().cast());
    let slots = unsafe { (*cell.cast::<ObjectCell>()).slots.get() };
    if slots.is_null() {
        return;
    }
    if slots.cast::<u8>() == cell.wrapping_add(object::SIZE) {
        values(marker, slots, object.header().extra.get() as usize);
    } else {
        marker.pointer(storage::cell_of(slots));
    }
}
