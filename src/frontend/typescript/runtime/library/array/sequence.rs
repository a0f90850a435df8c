//! How array methods reach elements: directly where the object is a dense array, by its properties otherwise. Methods
//! of arrays work on anything with a `length`, and the program may change the array while a method runs, so nothing is
//! remembered from one element to the next.

use crate::array::Array;
use crate::call;
use crate::convert;
use crate::error;
use crate::key::{Key, names};
use crate::native::Call;
use crate::object::{Attributes, Object};
use crate::realm;
use crate::realm::Class;
use crate::string::Str;
use crate::symbol;
use crate::value::{Outcome, Value};

/// What a method of `Array.prototype` was called on.
#[derive(Clone, Copy)]
pub struct Sequence {
    pub object: Object,
    array: Option<Array>,
}

/// The key of an index, however large.
pub fn key_of(index: u64) -> Key {
    match u32::try_from(index) {
        Ok(index) if index != u32::MAX => Key::index(index),
        _ => Key::from(Str::from_utf8(&crate::number::number_to_text(index as f64))),
    }
}

/// A position given relative to the start, or to the end where it is negative, within 0 and `length`.
pub fn position(value: Value, length: u64, default: u64) -> Outcome<u64> {
    if value.is_undefined() {
        return Ok(default);
    }
    let relative = convert::to_integer(value)?;
    Ok(if relative < 0.0 {
        (length as f64 + relative).max(0.0) as u64
    } else {
        relative.min(length as f64) as u64
    })
}

/// The argument as a function to call for each element.
pub fn callback(call: &Call) -> Outcome {
    let function = call.arg(0);
    if function.is_callable() {
        return Ok(function);
    }
    error::throw_type(format_args!(
        "{} is not a function",
        convert::to_display(function)
    ))
}

impl Sequence {
    pub fn of(call: &Call, method: &str) -> Outcome<Sequence> {
        if let Some(array) = call.this.as_array() {
            return Ok(Sequence {
                object: array.object(),
                array: Some(array),
            });
        }
        if call.this.is_nullish() {
            return error::throw_type(format_args!(
                "Array.prototype.{method} called on null or undefined"
            ));
        }
        Self::of_value(call.this)
    }

    pub fn of_value(value: Value) -> Outcome<Sequence> {
        Ok(Sequence {
            object: convert::to_object(value)?,
            array: value.as_array(),
        })
    }

    pub fn value(self) -> Value {
        self.object.value()
    }

    pub fn length(self) -> Outcome<u64> {
        match self.array {
            Some(array) => Ok(u64::from(array.length())),
            None => Ok(convert::to_length(self.object.get(names::length())?)? as u64),
        }
    }

    /// The array, if its elements may be written directly.
    pub fn dense(self) -> Option<Array> {
        self.array
            .filter(|array| array.dense().is_some() && array.object().is_extensible())
    }

    /// The element itself, if it can be had without looking at properties.
    #[inline]
    fn direct(self, index: u64) -> Option<Value> {
        let cell = self.array?.dense()?.get(index as usize)?;
        Some(cell.get()).filter(|value| !value.is_empty())
    }

    #[inline]
    pub fn get(self, index: u64) -> Outcome {
        match self.direct(index) {
            Some(value) => Ok(value),
            None => self.object.get(key_of(index)),
        }
    }

    /// The element, unless it is a hole.
    #[inline]
    pub fn present(self, index: u64) -> Outcome<Option<Value>> {
        if let Some(value) = self.direct(index) {
            return Ok(Some(value));
        }
        let key = key_of(index);
        if self.object.has(key) {
            Ok(Some(self.object.get(key)?))
        } else {
            Ok(None)
        }
    }

    pub fn set(self, index: u64, value: Value) -> Outcome<()> {
        if let Some(cell) = self
            .dense()
            .and_then(|array| array.dense())
            .and_then(|cells| cells.get(index as usize))
        {
            cell.set(value);
            return Ok(());
        }
        self.object.set(key_of(index), value)
    }

    pub fn delete(self, index: u64) -> Outcome<()> {
        let key = key_of(index);
        if self.object.delete(key) {
            return Ok(());
        }
        error::throw_type(format_args!(
            "Cannot delete property '{index}' of {}",
            convert::to_display(self.value())
        ))
    }

    pub fn set_length(self, length: u64) -> Outcome<()> {
        self.object.set(names::length(), Value::int(length as i64))
    }

    /// Moves one element; a hole stays a hole.
    pub fn relocate(self, from: u64, to: u64) -> Outcome<()> {
        match self.present(from)? {
            Some(value) => self.set(to, value),
            None => self.delete(to),
        }
    }

    /// The array that a method gives which makes a new one: of the class of this one, where it is a subclass of `Array`.
    pub fn create(self, length: u64) -> Outcome<Target> {
        let plain = || Target {
            object: Array::new().object(),
            plain: true,
        };
        let Some(array) = self.array else {
            return Ok(plain());
        };
        if array.object().prototype() == realm::prototype(Class::Array).value() {
            return Ok(plain());
        }
        let mut constructor = self.object.get(names::constructor())?;
        if let Some(object) = constructor.as_object() {
            constructor = object.get(Key::symbol(symbol::species()))?;
        }
        if constructor.is_nullish() || constructor == realm::constructor(Class::Array).value() {
            return Ok(plain());
        }
        let made = call::construct(constructor, constructor, &[Value::int(length as i64)])?;
        Ok(Target {
            object: convert::to_object(made)?,
            plain: false,
        })
    }
}

/// A new array that a method fills.
pub struct Target {
    object: Object,
    plain: bool,
}

impl Target {
    pub fn put(&self, index: u64, value: Value) {
        if self.plain
            && let Some(array) = self.object.value().as_array()
            && u64::from(array.length()) == index
        {
            array.push(value);
        } else {
            self.object.define(key_of(index), value, Attributes::ALL);
        }
    }

    /// Sets the length, for holes at the end, and gives the array.
    pub fn finish(self, length: u64) -> Outcome {
        let shorter = self
            .object
            .value()
            .as_array()
            .is_none_or(|array| u64::from(array.length()) != length);
        if shorter {
            self.object
                .set(names::length(), Value::int(length as i64))?;
        }
        Ok(self.object.value())
    }
}
