//! Concatenation: short results are copied, long ones become ropes, so that appending in a loop takes linear time. A rope
//! whose text has been asked for keeps the flat string in place of its left half.

use super::{MAXIMUM_LENGTH, Str, StrCell, Text};
use crate::abi::{STRING_ROPE, STRING_TWO_BYTE};
use crate::error;
use crate::heap;
use crate::kind::{self, Header};
use crate::value::Outcome;
use alloc::vec::Vec;
use core::cell::Cell;

/// Up to this many units a copy is cheaper than a rope.
const COPIED: u32 = 24;

#[repr(C)]
struct RopeCell {
    string: StrCell,
    left: Cell<Str>,
    /// Null where `left` is the flat string.
    right: Cell<*mut u8>,
}

impl RopeCell {
    /// The halves, where it is not flat yet.
    fn ends(&self) -> Option<(Str, Str)> {
        let right = self.right.get();
        (!right.is_null()).then(|| (self.left.get(), Str::at(right)))
    }
}

fn cell(rope: Str) -> &'static RopeCell {
    unsafe { &*rope.pointer().cast() }
}

pub fn concat(left: Str, right: Str) -> Outcome<Str> {
    if left.is_empty() {
        return Ok(right);
    }
    if right.is_empty() {
        return Ok(left);
    }
    let length = u64::from(left.length()) + u64::from(right.length());
    if length > MAXIMUM_LENGTH {
        return error::throw_range(format_args!("Invalid string length"));
    }
    let length = length as u32;
    let wide = left.is_wide() || right.is_wide();
    if length <= COPIED {
        return Ok(joined(left, right, wide));
    }
    // `text += "ab"` again and again: what was appended lately and what is appended now become one piece, which makes the
    // rope shorter by a large factor.
    if right.length() < COPIED
        && left.is_rope()
        && let Some((before, last)) = cell(left).ends()
        && last.length() + right.length() <= COPIED * 2
        && !last.is_rope()
        && !right.is_rope()
    {
        let wide_end = last.is_wide() || right.is_wide();
        let end = joined(last, right, wide_end);
        return Ok(create(before, end, length, wide));
    }
    Ok(create(left, right, length, wide))
}

/// A flat string of two.
fn joined(left: Str, right: Str, wide: bool) -> Str {
    let (string, target) = Str::create((left.length() + right.length()) as usize, wide);
    copy(left.text(), target, wide);
    copy(
        right.text(),
        target.wrapping_add((left.length() as usize) << u32::from(wide)),
        wide,
    );
    string
}

fn create(left: Str, right: Str, length: u32, wide: bool) -> Str {
    let rope = heap::allocate(core::mem::size_of::<RopeCell>());
    let flags = STRING_ROPE | if wide { STRING_TWO_BYTE } else { 0 };
    let string = StrCell {
        header: Header::new(kind::STRING, flags, 0),
        length,
        hash: Cell::new(0),
        units: [],
    };
    unsafe {
        rope.cast::<RopeCell>().write(RopeCell {
            string,
            left: Cell::new(left),
            right: Cell::new(right.pointer()),
        })
    };
    Str::at(rope)
}

/// Writes the units of a flat text in the width of the target.
pub fn copy(text: Text<'_>, target: *mut u8, wide: bool) {
    unsafe {
        match text {
            Text::Latin1(units) if !wide => {
                core::ptr::copy_nonoverlapping(units.as_ptr(), target, units.len())
            }
            Text::Latin1(units) => {
                for (index, unit) in units.iter().enumerate() {
                    target.cast::<u16>().add(index).write(u16::from(*unit));
                }
            }
            Text::Wide(units) if wide => {
                core::ptr::copy_nonoverlapping(units.as_ptr().cast(), target, units.len() * 2)
            }
            Text::Wide(units) => {
                for (index, unit) in units.iter().enumerate() {
                    target.add(index).write(*unit as u8);
                }
            }
        }
    }
}

/// The flat string of a rope.
#[cold]
#[inline(never)]
pub fn flatten(rope: Str) -> Str {
    let cell = cell(rope);
    if cell.right.get().is_null() {
        return cell.left.get();
    }
    let wide = rope.is_wide();
    let (flat, target) = Str::create(rope.length() as usize, wide);
    // From right to left, as ropes grow to the right: the stack stays small. What is on it is alive through the rope.
    let mut pending: Vec<Str> = Vec::new();
    let mut end = rope.length() as usize;
    let mut current = rope;
    loop {
        if current.is_rope() {
            let node = self::cell(current);
            if node.right.get().is_null() {
                current = node.left.get();
            } else {
                pending.push(node.left.get());
                current = Str::at(node.right.get());
                continue;
            }
        }
        end -= current.length() as usize;
        copy(
            current.text(),
            target.wrapping_add(end << u32::from(wide)),
            wide,
        );
        match pending.pop() {
            Some(next) => current = next,
            None => break,
        }
    }
    cell.left.set(flat);
    cell.right.set(core::ptr::null_mut());
    flat
}

/// The halves of a rope, for the collector.
pub fn halves(rope: Str) -> (*mut u8, *mut u8) {
    let cell = cell(rope);
    (cell.left.get().pointer(), cell.right.get())
}
