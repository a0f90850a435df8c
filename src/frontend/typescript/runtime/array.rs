//! Arrays: dense elements with holes, or, for absurd lengths and restricted arrays, *sparse*: the elements are then
//! properties of the shape, generated code sees length 0, and the real length is kept apart.

use crate::abi::ARRAY_SPARSE;
use crate::error;
use crate::heap::{self, storage};
use crate::key::Key;
use crate::kind::{self, Header};
use crate::object::{Attributes, Found, Object, ObjectCell, root_shape};
use crate::realm::{self, Class};
use crate::value::{Outcome, Value, handle};
use core::cell::Cell;

#[repr(C)]
pub struct ArrayCell {
    object: ObjectCell,
    elements: Cell<*mut Value>,
    length: Cell<u32>,
    capacity: Cell<u32>,
    /// Where `ARRAY_SPARSE`: the length.
    sparse_length: Cell<u32>,
    /// How many elements were dropped from the front since the storage was made, so that queues need not move the rest;
    /// `FIXED` where the length is read-only.
    dropped: Cell<u32>,
}

const FIXED: u32 = u32::MAX;

handle! {
    /// An array.
    Array: ArrayCell, crate::abi::TAG_OBJECT
}

/// An element this far behind the end makes the array sparse.
const LARGEST_GAP: u32 = 1 << 20;
const LARGEST_DENSE: u32 = 1 << 27;

impl Array {
    pub fn new() -> Array {
        Array::with_capacity(0)
    }

    pub fn with_capacity(capacity: usize) -> Array {
        Array::with_prototype(realm::prototype(Class::Array).value(), capacity)
    }

    pub fn with_prototype(prototype: Value, capacity: usize) -> Array {
        let shape = root_shape(prototype);
        let cell = heap::allocate(core::mem::size_of::<ArrayCell>());
        let object = ObjectCell {
            header: Header::new(kind::ARRAY, 0, 0),
            shape: Cell::new(shape),
            slots: Cell::new(core::ptr::null_mut()),
        };
        unsafe {
            cell.cast::<ArrayCell>().write(ArrayCell {
                object,
                elements: Cell::new(core::ptr::null_mut()),
                length: Cell::new(0),
                capacity: Cell::new(0),
                sparse_length: Cell::new(0),
                dropped: Cell::new(0),
            });
        }
        let array = Array::at(cell);
        if capacity > 0 {
            array.reserve(capacity);
        }
        array
    }

    pub fn from_values(values: &[Value]) -> Array {
        let array = Array::with_capacity(values.len());
        unsafe {
            core::ptr::copy_nonoverlapping(
                values.as_ptr(),
                array.cell().elements.get(),
                values.len(),
            )
        };
        array.cell().length.set(values.len() as u32);
        array
    }

    #[inline(always)]
    pub fn object(self) -> Object {
        Object::at(self.pointer())
    }

    #[inline(always)]
    pub fn is_sparse(self) -> bool {
        self.object().header().flags.get() & ARRAY_SPARSE != 0
    }

    #[inline(always)]
    pub fn length(self) -> u32 {
        if self.is_sparse() {
            self.cell().sparse_length.get()
        } else {
            self.cell().length.get()
        }
    }

    /// The storage, for the collector.
    pub fn elements(self) -> *mut Value {
        self.cell().elements.get()
    }

    /// An element of a dense array; `EMPTY` for a hole, behind the end, and in a sparse array.
    #[inline(always)]
    pub fn get(self, index: u32) -> Value {
        if index < self.cell().length.get() {
            unsafe { *self.elements().add(index as usize) }
        } else {
            Value::EMPTY
        }
    }

    /// Stores below the length of a dense array.
    #[inline(always)]
    pub fn put(self, index: u32, value: Value) {
        if index < self.cell().length.get() {
            unsafe { *self.elements().add(index as usize) = value };
        }
    }

    /// The elements of a dense array, holes included. They move when the array grows: take them anew after every call
    /// back into the program.
    #[inline(always)]
    pub fn dense(self) -> Option<&'static [Cell<Value>]> {
        if self.is_sparse() {
            return None;
        }
        let length = self.cell().length.get() as usize;
        Some(if length == 0 {
            &[]
        } else {
            unsafe { core::slice::from_raw_parts(self.elements().cast(), length) }
        })
    }

    /// Room for this many elements in all.
    pub fn reserve(self, capacity: usize) {
        if capacity > self.cell().capacity.get() as usize {
            self.grow(capacity);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(self, least: usize) {
        let cell = self.cell();
        let before = cell.capacity.get() as usize;
        let old = cell.elements.get();
        let storage_cell = self.storage();
        let capacity = storage::values_capacity(least.max(before + before / 2).max(4));
        let fresh = storage::uninitialised_values(capacity);
        let length = cell.length.get() as usize;
        unsafe {
            if length > 0 {
                core::ptr::copy_nonoverlapping(old, fresh, length);
            }
            for index in length..capacity {
                fresh.add(index).write(Value::EMPTY);
            }
        }
        cell.elements.set(fresh);
        cell.dropped.set(0);
        cell.capacity.set(capacity as u32);
        heap::give_back(storage_cell);
    }

    /// Appends to an array that is extensible; sparse ones too.
    #[inline(always)]
    pub fn push(self, value: Value) {
        let cell = self.cell();
        let length = cell.length.get();
        if self.is_sparse() {
            let length = self.length();
            let _ = self
                .object()
                .add(Key::index(length), value, Attributes::ALL);
            return;
        }
        if length == cell.capacity.get() {
            self.grow(length as usize + 1);
        }
        unsafe { *cell.elements.get().add(length as usize) = value };
        cell.length.set(length + 1);
    }

    /// The cell that the elements of a dense array are in; null where there is none.
    pub fn storage(self) -> *mut u8 {
        let cell = self.cell();
        let dropped = cell.dropped.get();
        let first = cell.elements.get();
        if dropped == FIXED || first.is_null() {
            storage::cell_of(first)
        } else {
            storage::cell_of(first.wrapping_sub(dropped as usize))
        }
    }

    /// Drops the first element of a dense array that has one.
    pub fn drop_first(self) {
        let cell = self.cell();
        let first = cell.elements.get();
        unsafe { *first = Value::EMPTY };
        cell.elements.set(first.wrapping_add(1));
        cell.dropped.set(cell.dropped.get() + 1);
        cell.length.set(cell.length.get() - 1);
        cell.capacity.set(cell.capacity.get() - 1);
    }

    /// Drops elements from the end of a dense array.
    pub fn truncate(self, length: u32) {
        let cell = self.cell();
        for index in length..cell.length.get() {
            unsafe { *cell.elements.get().add(index as usize) = Value::EMPTY };
        }
        cell.length.set(length.min(cell.length.get()));
    }

    pub fn is_length_writable(self) -> bool {
        self.cell().dropped.get() != FIXED
    }

    /// The length becomes read-only.
    pub fn fix_length(self) {
        self.make_sparse();
        self.cell().dropped.set(FIXED);
    }

    /// Sets the length: new elements are holes.
    pub fn set_length(self, length: u32) -> Outcome<()> {
        if !self.is_length_writable() {
            return error::throw_type(format_args!(
                "Cannot assign to read only property 'length' of object '[object Array]'"
            ));
        }
        let cell = self.cell();
        if !self.is_sparse() && length <= cell.length.get() {
            self.truncate(length);
            return Ok(());
        }
        if !self.is_sparse()
            && length - cell.length.get() <= LARGEST_GAP * 32
            && length <= LARGEST_DENSE
        {
            self.reserve(length as usize);
            cell.length.set(length);
            return Ok(());
        }
        self.make_sparse();
        if length < self.length() {
            let mut indices: alloc::vec::Vec<u32> = self
                .object()
                .key_list(crate::object::list::Wanted::All)
                .into_iter()
                .filter_map(Key::as_index)
                .collect();
            while let Some(index) = indices.pop().filter(|index| *index >= length) {
                if !self.object().delete(Key::index(index)) {
                    cell.sparse_length.set(index + 1);
                    return error::throw_type(format_args!(
                        "Cannot delete property '{index}' of [object Array]"
                    ));
                }
            }
        }
        cell.sparse_length.set(length);
        Ok(())
    }

    /// Moves the elements into the shape.
    pub fn make_sparse(self) {
        if self.is_sparse() {
            return;
        }
        let cell = self.cell();
        let elements = cell.elements.get();
        let length = cell.length.get();
        self.object().own_shape();
        let flags = &self.object().header().flags;
        flags.set(flags.get() | ARRAY_SPARSE);
        cell.sparse_length.set(length);
        cell.length.set(0);
        cell.capacity.set(0);
        for index in 0..length {
            let value = unsafe { *elements.add(index as usize) };
            if !value.is_empty() {
                self.object()
                    .add_slot(Key::index(index), value, Attributes::ALL);
            }
        }
        cell.elements.set(core::ptr::null_mut());
        cell.dropped.set(0);
    }
}

/// Adds an element that the array does not have: a hole is filled or the array grows.
pub fn add_element(array: Array, index: u32, value: Value, attributes: Attributes) -> Outcome<()> {
    let cell = array.cell();
    if !array.is_sparse() {
        let length = cell.length.get();
        if attributes != Attributes::ALL
            || (index > length && index - length > LARGEST_GAP)
            || index >= LARGEST_DENSE
        {
            array.make_sparse();
        } else {
            if index >= length {
                array.reserve(index as usize + 1);
                cell.length.set(index + 1);
            }
            array.put(index, value);
            return Ok(());
        }
    }
    if index >= array.length() {
        if !array.is_length_writable() {
            return error::throw_type(format_args!(
                "Cannot add property {index}, object is not extensible"
            ));
        }
        cell.sparse_length.set(index + 1);
    }
    array
        .object()
        .add_slot(Key::index(index), value, attributes);
    Ok(())
}

/// `array.length = value`.
pub fn assign_length(array: Array, value: Value) -> Outcome<()> {
    let number = crate::convert::to_number(value)?;
    let length = number as u32;
    if f64::from(length) != number {
        return error::throw_range(format_args!("Invalid array length"));
    }
    array.set_length(length)
}

/// The element at an index of any array, through the prototypes for holes.
pub fn element(array: Array, index: u32) -> Outcome {
    let value = array.get(index);
    if !value.is_empty() {
        return Ok(value);
    }
    match array.object().find_own(Key::index(index)) {
        Some(found @ Found::Slot(..)) => array.object().read(found, array.value()),
        _ => array.object().get(Key::index(index)),
    }
}
