//! Cells that hold raw storage for other cells: values or bytes. The pointers that objects keep lead to the first
//! element, behind the header.

use crate::kind::{self, Header};
use crate::value::Value;

const HEADER: usize = core::mem::size_of::<Header>();

/// Storage of `count` values, all set to `fill`. Gives the address of the first.
pub fn values(count: usize, fill: Value) -> *mut Value {
    let elements = uninitialised_values(count);
    for index in 0..count {
        unsafe { elements.add(index).write(fill) };
    }
    elements
}

/// Storage of `count` values that the caller fills before it allocates again.
pub fn uninitialised_values(count: usize) -> *mut Value {
    let cell = super::allocate(HEADER + count * 8);
    unsafe {
        cell.cast::<Header>()
            .write(Header::new(kind::VALUES, 0, count as u32));
        cell.add(HEADER).cast()
    }
}

/// Storage of bytes, all zero.
pub fn bytes(count: usize) -> *mut u8 {
    let cell = super::allocate(HEADER + count);
    unsafe {
        cell.cast::<Header>().write(Header::new(kind::BYTES, 0, 0));
        let start = cell.add(HEADER);
        core::ptr::write_bytes(start, 0, count);
        start
    }
}

/// The cell of storage, given its first element.
pub fn cell_of<T>(first: *mut T) -> *mut u8 {
    if first.is_null() {
        core::ptr::null_mut()
    } else {
        first.cast::<u8>().wrapping_sub(HEADER)
    }
}

/// The first element of the storage in a cell.
#[inline(always)]
pub fn first_of(cell: *mut u8) -> *mut u8 {
    cell.wrapping_add(HEADER)
}

/// How many values storage for at least `count` can hold without taking more memory.
pub fn values_capacity(count: usize) -> usize {
    (super::usable_size(HEADER + count * 8) - HEADER) / 8
}

/// A growing list of values that the collector sees: the storage is a cell, and the list keeps a pointer to it where it
/// is itself kept, on the stack. (It must not lie in memory of malloc.)
pub struct Values {
    elements: *mut Value,
    length: usize,
    capacity: usize,
}

impl Values {
    pub const fn new() -> Self {
        Self {
            elements: core::ptr::null_mut(),
            length: 0,
            capacity: 0,
        }
    }

    pub fn with_capacity(capacity: usize) -> Self {
        let mut values = Self::new();
        if capacity > 0 {
            values.grow(capacity);
        }
        values
    }

    pub fn from_slice(slice: &[Value]) -> Self {
        let mut values = Self::with_capacity(slice.len());
        for value in slice {
            values.push(*value);
        }
        values
    }

    fn grow(&mut self, least: usize) {
        let capacity = values_capacity(least.max(self.capacity * 2).max(4));
        let elements = values(capacity, Value::UNDEFINED);
        unsafe {
            core::ptr::copy_nonoverlapping(
                self.elements,
                elements,
                if self.elements.is_null() {
                    0
                } else {
                    self.length
                },
            )
        };
        self.elements = elements;
        self.capacity = capacity;
    }

    pub fn push(&mut self, value: Value) {
        if self.length == self.capacity {
            self.grow(self.length + 1);
        }
        unsafe { self.elements.add(self.length).write(value) };
        self.length += 1;
    }

    pub fn pop(&mut self) -> Option<Value> {
        self.length = self.length.checked_sub(1)?;
        Some(unsafe { self.elements.add(self.length).read() })
    }

    pub fn as_slice(&self) -> &[Value] {
        if self.elements.is_null() {
            &[]
        } else {
            unsafe { core::slice::from_raw_parts(self.elements, self.length) }
        }
    }

    pub fn as_mut_slice(&mut self) -> &mut [Value] {
        if self.elements.is_null() {
            &mut []
        } else {
            unsafe { core::slice::from_raw_parts_mut(self.elements, self.length) }
        }
    }

    pub fn into_array(self) -> crate::array::Array {
        crate::array::Array::from_values(self.as_slice())
    }
}

impl core::ops::Deref for Values {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        self.as_slice()
    }
}

impl core::ops::DerefMut for Values {
    fn deref_mut(&mut self) -> &mut [Value] {
        self.as_mut_slice()
    }
}
