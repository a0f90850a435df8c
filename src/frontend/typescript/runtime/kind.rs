//! The kinds of heap cells beyond those that generated code knows, and the header that every cell starts with.

pub use crate::abi::{
    KIND_ARRAY as ARRAY, KIND_CELL as CELL, KIND_FUNCTION as FUNCTION, KIND_OBJECT as OBJECT,
    KIND_STRING as STRING,
};
use core::cell::Cell;

/// Objects whose state is a number of values after the object's own fields ([`crate::object::Object::word`]).
pub const ERROR: u8 = 8;
pub const MAP: u8 = 9;
pub const SET: u8 = 10;
pub const WEAK_MAP: u8 = 11;
pub const WEAK_SET: u8 = 12;
/// A primitive as an object: word 0 is the primitive.
pub const BOXED: u8 = 13;
pub const DATE: u8 = 14;
pub const ARRAY_ITERATOR: u8 = 15;
pub const STRING_ITERATOR: u8 = 16;
pub const MAP_ITERATOR: u8 = 17;
pub const SET_ITERATOR: u8 = 18;
/// `import * as ns`.
pub const NAMESPACE: u8 = 19;
/// A pointer that only a native library looks into.
pub const HANDLE: u8 = 20;

/// The last kind that is an object.
pub const LAST_OBJECT: u8 = 31;

/// Storage of values: the count is in the header, the values follow it.
pub const VALUES: u8 = 32;
/// Storage without references.
pub const BYTES: u8 = 33;
pub const SHAPE: u8 = 34;
pub const SYMBOL: u8 = 35;
/// The getter and setter of one property.
pub const ACCESSOR: u8 = 36;

/// The first eight bytes of every cell and every static string.
#[repr(C)]
pub struct Header {
    pub kind: u8,
    pub collector: u8,
    /// Kind-specific: of strings and arrays as in `abi.rs`; of functions [`FUNCTION_MATERIALISED`]; of private objects the
    /// number of words; of shapes `shape::UNIQUE` and `shape::CACHED`.
    pub flags: Cell<u8>,
    /// Of objects: [`IS_PROTOTYPE`], [`NOT_EXTENSIBLE`].
    pub object: Cell<u8>,
    /// Of objects the capacity of their slots, of storage its count.
    pub extra: Cell<u32>,
}

impl Header {
    pub const fn new(kind: u8, flags: u8, extra: u32) -> Self {
        Self {
            kind,
            collector: 0,
            flags: Cell::new(flags),
            object: Cell::new(0),
            extra: Cell::new(extra),
        }
    }
}

/// Some shape has this object as its prototype, so that changes to it move `kt_prototype_epoch`.
pub const IS_PROTOTYPE: u8 = 1;
pub const NOT_EXTENSIBLE: u8 = 2;

/// `name`, `length` and `prototype` of the function have become ordinary properties.
pub const FUNCTION_MATERIALISED: u8 = 1;
