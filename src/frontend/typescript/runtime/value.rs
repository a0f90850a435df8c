//! Values as the runtime handles them: 64 bits as `abi.rs` lays them out. Conversions with a meaning in the language
//! are in `convert`; here are only the forms.

use crate::abi;
use crate::array::Array;
use crate::function::Function;
use crate::kind;
use crate::object::Object;
use crate::string::Str;
use crate::symbol::Symbol;

/// A value. `==` compares bits: it is identity for everything but numbers and strings.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Value(pub u64);

/// Something was thrown; the thrown value is kept by `error` until it is taken.
#[derive(Debug)]
pub struct Thrown;

/// The result of everything that may throw.
pub type Outcome<T = Value> = Result<T, Thrown>;

impl Value {
    pub const UNDEFINED: Value = Value(abi::UNDEFINED);
    pub const NULL: Value = Value(abi::NULL);
    pub const FALSE: Value = Value(abi::FALSE);
    pub const TRUE: Value = Value(abi::TRUE);
    pub const EMPTY: Value = Value(abi::EMPTY);
    pub const NAN: Value = Value(abi::NAN);

    #[inline(always)]
    pub fn number(number: f64) -> Value {
        if number.is_nan() {
            Self::NAN
        } else {
            Value(number.to_bits())
        }
    }

    #[inline(always)]
    pub fn int(number: i64) -> Value {
        Value((number as f64).to_bits())
    }

    #[inline(always)]
    pub const fn boolean(boolean: bool) -> Value {
        if boolean { Self::TRUE } else { Self::FALSE }
    }

    /// A reference to a cell that the program never sees: storage, an accessor pair, a variable.
    #[inline(always)]
    pub fn cell<T>(cell: *const T) -> Value {
        Value((abi::TAG_CELL << 48) | cell as u64)
    }

    #[inline(always)]
    pub const fn tag(self) -> u64 {
        self.0 >> 48
    }

    #[inline(always)]
    pub const fn pointer(self) -> *mut u8 {
        (self.0 & abi::PAYLOAD) as *mut u8
    }

    #[inline(always)]
    pub const fn is_number(self) -> bool {
        self.0 < abi::TAG_FIRST << 48
    }

    #[inline(always)]
    pub const fn is_string(self) -> bool {
        self.tag() == abi::TAG_STRING
    }

    #[inline(always)]
    pub const fn is_object(self) -> bool {
        self.tag() == abi::TAG_OBJECT
    }

    #[inline(always)]
    pub const fn is_symbol(self) -> bool {
        self.tag() == abi::TAG_SYMBOL
    }

    #[inline(always)]
    pub fn is_undefined(self) -> bool {
        self == Self::UNDEFINED
    }

    #[inline(always)]
    pub fn is_null(self) -> bool {
        self == Self::NULL
    }

    #[inline(always)]
    pub fn is_nullish(self) -> bool {
        self.0 & !1 == abi::UNDEFINED
    }

    #[inline(always)]
    pub fn is_boolean(self) -> bool {
        self.0 & !1 == abi::FALSE
    }

    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    #[inline(always)]
    pub fn is_callable(self) -> bool {
        self.as_function().is_some()
    }

    #[inline(always)]
    pub fn as_number(self) -> Option<f64> {
        self.is_number().then(|| f64::from_bits(self.0))
    }

    /// The number as an array index, where it is one.
    #[inline(always)]
    pub fn as_index(self) -> Option<u32> {
        let number = self.as_number()?;
        let index = number as u32;
        (f64::from(index) == number && index != u32::MAX).then_some(index)
    }

    #[inline(always)]
    pub fn as_string(self) -> Option<Str> {
        self.is_string().then(|| Str::at(self.pointer()))
    }

    #[inline(always)]
    pub fn as_object(self) -> Option<Object> {
        self.is_object().then(|| Object::at(self.pointer()))
    }

    #[inline(always)]
    pub fn as_array(self) -> Option<Array> {
        self.as_object()
            .filter(|object| object.kind() == kind::ARRAY)
            .map(|object| Array::at(object.pointer()))
    }

    #[inline(always)]
    pub fn as_function(self) -> Option<Function> {
        self.as_object()
            .filter(|object| object.kind() == kind::FUNCTION)
            .map(|object| Function::at(object.pointer()))
    }

    #[inline(always)]
    pub fn as_symbol(self) -> Option<Symbol> {
        self.is_symbol().then(|| Symbol::at(self.pointer()))
    }

    /// The object, where it has this kind.
    #[inline(always)]
    pub fn as_kind(self, kind: u8) -> Option<Object> {
        self.as_object().filter(|object| object.kind() == kind)
    }
}

/// Declares a handle: a `Copy` pointer to a cell, with its tag.
macro_rules! handle {
    ($(#[$attribute:meta])* $name:ident: $cell:ident, $tag:expr) => {
        $(#[$attribute])*
        #[repr(transparent)]
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $name(*mut $cell);

        impl $name {
            #[inline(always)]
            pub fn at<T>(cell: *mut T) -> Self {
                Self(cell.cast())
            }

            #[allow(dead_code)]
            #[inline(always)]
            pub fn pointer(self) -> *mut u8 {
                self.0.cast()
            }

            #[inline(always)]
            pub fn value(self) -> $crate::value::Value {
                $crate::value::Value(($tag << 48) | self.0 as u64)
            }

            #[allow(dead_code)]
            #[inline(always)]
            fn cell(self) -> &'static $cell {
                unsafe { &*self.0 }
            }
        }

        impl From<$name> for $crate::value::Value {
            #[inline(always)]
            fn from(handle: $name) -> $crate::value::Value {
                handle.value()
            }
        }
    };
}
pub(crate) use handle;
