//! Property descriptors: objects that describe a property, read by `Object.defineProperty` and made by
//! `Object.getOwnPropertyDescriptor`. What may be redefined is the core's to decide.

use crate::convert;
use crate::error;
use crate::key::{Key, names};
use crate::native::Call;
use crate::object::define::Descriptor;
use crate::object::{Attributes, Object, Property};
use crate::value::{Outcome, Value};

fn field(object: Object, key: Key) -> Outcome<Option<Value>> {
    if object.has(key) {
        Ok(Some(object.get(key)?))
    } else {
        Ok(None)
    }
}

fn accessor(object: Object, key: Key, role: &str) -> Outcome<Option<Value>> {
    let function = field(object, key)?;
    if let Some(function) =
        function.filter(|function| !function.is_callable() && !function.is_undefined())
    {
        return error::throw_type(format_args!(
            "{role} must be a function: {}",
            convert::to_display(function)
        ));
    }
    Ok(function)
}

fn read(value: Value) -> Outcome<Descriptor> {
    let Some(object) = value.as_object() else {
        return error::throw_type(format_args!(
            "Property description must be an object: {}",
            convert::to_display(value)
        ));
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
    let is_accessor = descriptor.getter.is_some() || descriptor.setter.is_some();
    if is_accessor && (descriptor.value.is_some() || descriptor.writable.is_some()) {
        return error::throw_type(format_args!(
            "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute, {}",
            convert::to_display(value)
        ));
    }
    Ok(descriptor)
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
    object.define_checked(key, &read(call.arg(2))?)?;
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
    for key in source.own_keys().as_slice() {
        let key = crate::library::key_of(*key);
        if source
            .get_own(key)
            .is_some_and(|property| property.attributes.is_enumerable())
        {
            object.define_checked(key, &read(source.get(key)?)?)?;
        }
    }
    Ok(())
}

fn describe(property: &Property) -> Value {
    let result = Object::new();
    let attributes = property.attributes;
    let put = |key: Key, value: Value| result.define(key, value, Attributes::ALL);
    if attributes.is_accessor() {
        put(names::get(), property.getter);
        put(names::set(), property.setter);
    } else {
        put(names::value(), property.value);
        put(names::writable(), Value::boolean(attributes.is_writable()));
    }
    put(
        names::enumerable(),
        Value::boolean(attributes.is_enumerable()),
    );
    put(
        names::configurable(),
        Value::boolean(attributes.is_configurable()),
    );
    result.value()
}

pub fn get_own(call: &Call) -> Outcome {
    let object = convert::to_object(call.arg(0))?;
    let key = convert::to_key(call.arg(1))?;
    Ok(object
        .get_own(key)
        .map_or(Value::UNDEFINED, |property| describe(&property)))
}

pub fn get_all_own(call: &Call) -> Outcome {
    let object = convert::to_object(call.arg(0))?;
    let result = Object::new();
    for key in object.own_keys().as_slice() {
        let key = crate::library::key_of(*key);
        if let Some(property) = object.get_own(key) {
            result.define(key, describe(&property), Attributes::ALL);
        }
    }
    Ok(result.value())
}
