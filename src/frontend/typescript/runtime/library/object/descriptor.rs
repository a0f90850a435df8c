//! Property descriptors: objects that describe a property, read by `Object.defineProperty` and made by
//! `Object.getOwnPropertyDescriptor`.

use super::visible_keys;
use crate::convert;
use crate::error;
use crate::key::{Key, names};
use crate::native::Call;
use crate::object::{Attributes, Object, Property};
use crate::operator::same_value;
use crate::value::{Outcome, Value};

/// What a descriptor says; what it does not mention stays as it is, or is off in a new property.
struct Descriptor {
    value: Option<Value>,
    getter: Option<Value>,
    setter: Option<Value>,
    writable: Option<bool>,
    enumerable: Option<bool>,
    configurable: Option<bool>,
}

fn field(object: Object, key: Key) -> Outcome<Option<Value>> {
    if object.has(key)? { Ok(Some(object.get(key)?)) } else { Ok(None) }
}

fn accessor(object: Object, key: Key, role: &str) -> Outcome<Option<Value>> {
    let function = field(object, key)?;
    if let Some(function) = function.filter(|function| !function.is_callable() && !function.is_undefined()) {
        return error::throw_type(format_args!("{role} must be a function: {}", convert::to_display(function)));
    }
    Ok(function)
}

impl Descriptor {
    fn read(value: Value) -> Outcome<Descriptor> {
        let Some(object) = value.as_object() else {
            return error::throw_type(format_args!("Property description must be an object: {}", convert::to_display(value)));
        };
        let flag = |key| Ok(field(object, key)?.map(convert::to_boolean));
        let descriptor = Descriptor {
            enumerable: flag(names::enumerable())?,
            configurable: flag(names::configurable())?,
            value: field(object, names::value())?,
            writable: flag(names::writable())?,
            getter: accessor(object, names::get(), "Getter")?,
            setter: accessor(object, names::set(), "Setter")?,
        };
        if descriptor.is_accessor() && (descriptor.value.is_some() || descriptor.writable.is_some()) {
            return error::throw_type(format_args!(
                "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute, {}",
                convert::to_display(value)
            ));
        }
        Ok(descriptor)
    }

    fn is_accessor(&self) -> bool {
        self.getter.is_some() || self.setter.is_some()
    }

    /// Whether a property that may not be configured can become what this says.
    fn agrees_with(&self, old: &Property) -> bool {
        let attributes = old.attributes;
        if self.configurable == Some(true) || self.enumerable.is_some_and(|on| on != attributes.is_enumerable()) {
            return false;
        }
        if attributes.is_accessor() {
            let same = |new: Option<Value>, old: Value| new.is_none_or(|new| new == old);
            return self.value.is_none() && self.writable.is_none() && same(self.getter, old.getter) && same(self.setter, old.setter);
        }
        let frozen = !attributes.is_writable();
        !self.is_accessor() && !(frozen && (self.writable == Some(true) || self.value.is_some_and(|new| !same_value(new, old.value))))
    }

    fn apply(&self, object: Object, key: Key) -> Outcome<()> {
        let old = object.get_own(key);
        match &old {
            None if !object.is_extensible() => {
                let name = convert::to_display(key.value());
                return error::throw_type(format_args!("Cannot define property {name}, object is not extensible"));
            }
            Some(old) if !old.attributes.is_configurable() && !self.agrees_with(old) => {
                return error::throw_type(format_args!("Cannot redefine property: {}", convert::to_display(key.value())));
            }
            _ => {}
        }
        let old = old.as_ref();
        let was = |question: fn(Attributes) -> bool| old.is_some_and(|old| question(old.attributes));
        let mut attributes = Attributes::NONE;
        let mut put = |on: bool, bit: Attributes| {
            if on {
                attributes = attributes | bit;
            }
        };
        put(self.enumerable.unwrap_or_else(|| was(Attributes::is_enumerable)), Attributes::ENUMERABLE);
        put(self.configurable.unwrap_or_else(|| was(Attributes::is_configurable)), Attributes::CONFIGURABLE);
        let was_accessor = was(Attributes::is_accessor);
        if self.is_accessor() || (was_accessor && self.value.is_none() && self.writable.is_none()) {
            let kept = |new: Option<Value>, get: fn(&Property) -> Value| {
                new.or_else(|| old.filter(|_| was_accessor).map(get)).unwrap_or(Value::UNDEFINED)
            };
            let getter = kept(self.getter, |old| old.getter);
            let setter = kept(self.setter, |old| old.setter);
            object.define_accessor(key, getter, setter, attributes);
            return Ok(());
        }
        put(self.writable.unwrap_or_else(|| !was_accessor && was(Attributes::is_writable)), Attributes::WRITABLE);
        let value = self.value.or_else(|| old.filter(|_| !was_accessor).map(|old| old.value)).unwrap_or(Value::UNDEFINED);
        if let Some(array) = object.value().as_array().filter(|_| key == names::length()) {
            return match value.as_number() {
                Some(length) if f64::from(length as u32) == length => array.set_length(length as u32),
                _ => error::throw_range(format_args!("Invalid array length")),
            };
        }
        object.define(key, value, attributes);
        Ok(())
    }
}

fn target(call: &Call, method: &str) -> Outcome<Object> {
    match call.arg(0).as_object() {
        Some(object) => Ok(object),
        None => error::throw_type(format_args!("Object.{method} called on non-object")),
    }
}

pub fn define(call: &Call) -> Outcome {
    let object = target(call, "defineProperty")?;
    let key = convert::to_key(call.arg(1))?;
    Descriptor::read(call.arg(2))?.apply(object, key)?;
    Ok(object.value())
}

pub fn define_all(call: &Call) -> Outcome {
    let object = target(call, "defineProperties")?;
    define_from(object, call.arg(1))?;
    Ok(object.value())
}

/// Defines the properties that the own enumerable properties of `source` describe.
pub fn define_from(object: Object, source: Value) -> Outcome<()> {
    let source = convert::to_object(source)?;
    for key in visible_keys(source).as_slice() {
        let key = Key::of_value(*key);
        if source.get_own(key).is_some_and(|property| property.attributes.is_enumerable()) {
            Descriptor::read(source.get(key)?)?.apply(object, key)?;
        }
    }
    Ok(())
}

fn describe(property: &Property) -> Value {
    let result = Object::new();
    let attributes = property.attributes;
    let mut put = |key: Key, value: Value| {
        result.define(key, value, Attributes::ALL);
    };
    if attributes.is_accessor() {
        put(names::get(), property.getter);
        put(names::set(), property.setter);
    } else {
        put(names::value(), property.value);
        put(names::writable(), Value::boolean(attributes.is_writable()));
    }
    put(names::enumerable(), Value::boolean(attributes.is_enumerable()));
    put(names::configurable(), Value::boolean(attributes.is_configurable()));
    result.value()
}

pub fn get_own(call: &Call) -> Outcome {
    let object = convert::to_object(call.arg(0))?;
    let key = convert::to_key(call.arg(1))?;
    Ok(object.get_own(key).map_or(Value::UNDEFINED, |property| describe(&property)))
}

pub fn get_all_own(call: &Call) -> Outcome {
    let object = convert::to_object(call.arg(0))?;
    let result = Object::new();
    for key in visible_keys(object).as_slice() {
        let key = Key::of_value(*key);
        if let Some(property) = object.get_own(key) {
            result.define(key, describe(&property), Attributes::ALL);
        }
    }
    Ok(result.value())
}
