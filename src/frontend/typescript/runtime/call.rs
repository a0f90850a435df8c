//! Calling and constructing.

use crate::abi::{self, FN_CLASS};
use crate::convert;
use crate::error;
use crate::function::Function;
use crate::key::{Key, names};
use crate::object::{self, Object};
use crate::realm::{self, Class};
use crate::value::{Outcome, Value};

/// Calls any value.
#[inline(always)]
pub fn call(function: Value, this: Value, args: &[Value]) -> Outcome {
    match function.as_function() {
        Some(function) => call_function(function, this, args),
        None => error::throw_not_callable(function, None),
    }
}

#[inline(always)]
pub fn call_function(function: Function, this: Value, args: &[Value]) -> Outcome {
    error::from_word((function.entry())(
        function.value().0,
        this.0,
        abi::UNDEFINED,
        args.len() as u64,
        args.as_ptr().cast(),
    ))
}

/// Calls a method by name.
pub fn invoke(object: Value, key: Key, args: &[Value]) -> Outcome {
    let method = object::get(object, key)?;
    match method.as_function() {
        Some(method) => call_function(method, object, args),
        None => error::throw_type(format_args!(
            "{}.{} is not a function",
            convert::to_display(object),
            convert::key_display(key)
        )),
    }
}

/// `new constructor(...args)`. Classes make the object themselves, with the prototype that `new_target` has: those of
/// generated code through `kt_new_object`, or `super(…)` if they are derived. A plain function gets the object here.
#[inline]
pub fn construct(constructor: Value, new_target: Value, args: &[Value]) -> Outcome {
    if let Some(class) = constructor
        .as_function()
        .filter(|function| function.is_class())
    {
        return enter(class, Value::EMPTY, new_target, args);
    }
    construct_other(constructor, new_target, args)
}

fn construct_other(constructor: Value, new_target: Value, args: &[Value]) -> Outcome {
    let Some(function) = constructor
        .as_function()
        .filter(|function| function.is_constructor())
    else {
        return error::throw_type(format_args!(
            "{} is not a constructor",
            convert::to_display(constructor)
        ));
    };
    if function
        .record()
        .is_none_or(|record| record.flags & FN_CLASS != 0)
    {
        return enter(function, Value::EMPTY, new_target, args);
    }
    let this = new_object(new_target, 4)?.value();
    let result = enter(function, this, new_target, args)?;
    Ok(if result.is_object() { result } else { this })
}

#[inline(always)]
fn enter(function: Function, this: Value, new_target: Value, args: &[Value]) -> Outcome {
    error::from_word((function.entry())(
        function.value().0,
        this.0,
        new_target.0,
        args.len() as u64,
        args.as_ptr().cast(),
    ))
}

/// An ordinary object whose prototype is that of `new_target`.
#[inline(always)]
pub fn new_object(new_target: Value, capacity: u32) -> Outcome<Object> {
    let prototype = prototype_for(new_target)?;
    Ok(Object::with_shape(object::root_shape(prototype), capacity))
}

/// `new_target.prototype`, or `Object.prototype` if that is no object.
#[inline(always)]
fn prototype_for(new_target: Value) -> Outcome {
    if let Some(function) = new_target.as_function() {
        // The prototype of a class can not be changed.
        if function.is_class() {
            return Ok(function.data());
        }
        let prototype = function.object().get(names::prototype())?;
        if prototype.is_object() {
            return Ok(prototype);
        }
    }
    Ok(realm::prototype(Class::Object).value())
}
