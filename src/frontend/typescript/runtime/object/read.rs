//! Reading properties: the object, then its prototypes; primitives through the prototype of their class.

use super::own::Accessor;
use super::{Found, Object};
use crate::array::Array;
use crate::call;
use crate::convert;
use crate::error;
use crate::key::{Key, names};
use crate::realm::{self, Class};
use crate::string::Str;
use crate::value::{Outcome, Value};

/// `value.key` for any value.
pub fn get(value: Value, key: Key) -> Outcome {
    if let Some(object) = value.as_object() {
        return object.get_for(key, value);
    }
    if let Some(string) = value.as_string() {
        if key == names::length() {
            return Ok(Value::int(i64::from(string.length())));
        }
        if let Some(index) = key.as_index()
            && index < string.length()
        {
            return Ok(Str::unit(string.text().unit(index as usize)).value());
        }
    }
    match prototype_of_primitive(value) {
        Some(prototype) => prototype.get_for(key, value),
        None => error::throw_type(format_args!(
            "Cannot read properties of {} (reading '{}')",
            convert::to_display(value),
            convert::key_display(key)
        )),
    }
}

/// Where the properties of a primitive are; none for undefined and null.
pub fn prototype_of_primitive(value: Value) -> Option<Object> {
    if value.is_string() {
        Some(realm::prototype(Class::String))
    } else if value.is_number() {
        Some(realm::prototype(Class::Number))
    } else if value.is_boolean() {
        Some(realm::prototype(Class::Boolean))
    } else if value.is_symbol() {
        Some(realm::prototype(Class::Symbol))
    } else {
        None
    }
}

impl Object {
    #[inline]
    pub fn get(self, key: Key) -> Outcome {
        self.get_for(key, self.value())
    }

    /// Getters run with `receiver` as `this`.
    pub fn get_for(self, key: Key, receiver: Value) -> Outcome {
        let mut holder = self;
        loop {
            if let Some(found) = holder.find_own(key) {
                return holder.read(found, receiver);
            }
            match holder.prototype().as_object() {
                Some(prototype) => holder = prototype,
                None => return Ok(Value::UNDEFINED),
            }
        }
    }

    /// The value of a property that was found in this object.
    #[inline(always)]
    pub fn read(self, found: Found, receiver: Value) -> Outcome {
        match found {
            Found::Slot(slot, attributes) => {
                let value = unsafe { *self.slot(slot) };
                if !attributes.is_accessor() {
                    return Ok(value);
                }
                let getter = Accessor::of(value).getter;
                if getter.is_undefined() {
                    Ok(Value::UNDEFINED)
                } else {
                    call::call(getter, receiver, &[])
                }
            }
            Found::Element(index) => Ok(Array::at(self.pointer()).get(index)),
            // Only an export can be empty: it is in its temporal dead zone.
            Found::Computed(value, _) if value.is_empty() => error::throw_reference(format_args!(
                "Cannot access a binding before initialization"
            )),
            Found::Computed(value, _) => Ok(value),
        }
    }

    pub fn has(self, key: Key) -> bool {
        let mut holder = self;
        loop {
            if holder.has_own(key) {
                return true;
            }
            match holder.prototype().as_object() {
                Some(prototype) => holder = prototype,
                None => return false,
            }
        }
    }
}
