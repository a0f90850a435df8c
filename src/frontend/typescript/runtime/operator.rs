//! Operators on values of any type. Generated code handles numbers itself; here are the other cases as well.

use crate::builtin;
use crate::convert::{self, Hint};
use crate::error;
use crate::function::Function;
use crate::key::{Key, names};
use crate::libc;
use crate::number;
use crate::string::{self, Str};
use crate::symbol;
use crate::value::{Outcome, Value};
use core::cmp::Ordering;

pub fn add(left: Value, right: Value) -> Outcome {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return Ok(Value::number(left + right));
    }
    if let (Some(left), Some(right)) = (left.as_string(), right.as_string()) {
        return Ok(string::concat(left, right)?.value());
    }
    let left = convert::to_primitive(left, Hint::Default)?;
    let right = convert::to_primitive(right, Hint::Default)?;
    if left.is_string() || right.is_string() {
        return Ok(string::concat(convert::to_string(left)?, convert::to_string(right)?)?.value());
    }
    let left = convert::to_number(left)?;
    Ok(Value::number(left + convert::to_number(right)?))
}

/// A binary operator on numbers.
pub fn arithmetic(left: Value, right: Value, operator: impl Fn(f64, f64) -> f64) -> Outcome {
    let left = convert::to_number(left)?;
    let right = convert::to_number(right)?;
    Ok(Value::number(operator(left, right)))
}

/// A binary operator on 32-bit integers.
pub fn bitwise(left: Value, right: Value, operator: impl Fn(i32, i32) -> i32) -> Outcome {
    let left = convert::to_int32(left)?;
    let right = convert::to_int32(right)?;
    Ok(Value::int(i64::from(operator(left, right))))
}

pub fn shift_right_unsigned(left: Value, right: Value) -> Outcome {
    let left = convert::to_uint32(left)?;
    let right = convert::to_uint32(right)?;
    Ok(Value::int(i64::from(left >> (right & 31))))
}

pub fn remainder(left: f64, right: f64) -> f64 {
    // Whole numbers of moderate size are by far the most usual, and `fmod` is slow. A negative zero comes from a negative
    // dividend only.
    if let (Some(whole_left), Some(whole_right)) =
        (convert::truncated(left), convert::truncated(right))
        && whole_left as f64 == left
        && whole_right as f64 == right
        && whole_left > 0
        && whole_right > 0
    {
        if whole_left <= i64::from(u32::MAX) && whole_right <= i64::from(u32::MAX) {
            return f64::from(whole_left as u32 % whole_right as u32);
        }
        return (whole_left % whole_right) as f64;
    }
    libc::fmod(left, right)
}

pub fn power(base: f64, exponent: f64) -> f64 {
    crate::library::pow(base, exponent)
}

/// `None` where a NaN is compared. Operands are converted from left to right.
pub fn order(left: Value, right: Value) -> Outcome<Option<Ordering>> {
    let left = convert::to_primitive(left, Hint::Number)?;
    let right = convert::to_primitive(right, Hint::Number)?;
    if let (Some(left), Some(right)) = (left.as_string(), right.as_string()) {
        return Ok(Some(string::compare(left, right)));
    }
    let left = convert::to_number(left)?;
    Ok(left.partial_cmp(&convert::to_number(right)?))
}

#[inline(always)]
pub fn strict_equal(left: Value, right: Value) -> bool {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return left == right;
    }
    if left == right {
        return true;
    }
    match (left.as_string(), right.as_string()) {
        (Some(left), Some(right)) => string::equal(left, right),
        _ => false,
    }
}

/// As `Object.is`.
pub fn same_value(left: Value, right: Value) -> bool {
    match (left.as_number(), right.as_number()) {
        (Some(left), Some(right)) => {
            left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
        }
        _ => strict_equal(left, right),
    }
}

/// As `Map` and `includes` compare.
pub fn same_value_zero(left: Value, right: Value) -> bool {
    match (left.as_number(), right.as_number()) {
        (Some(left), Some(right)) => left == right || (left.is_nan() && right.is_nan()),
        _ => strict_equal(left, right),
    }
}

pub fn loose_equal(left: Value, right: Value) -> Outcome<bool> {
    if left.is_nullish() || right.is_nullish() {
        return Ok(left.is_nullish() && right.is_nullish());
    }
    let same_type =
        (left.is_number() && right.is_number()) || (left.tag() == right.tag() && !left.is_number());
    if same_type {
        return Ok(strict_equal(left, right));
    }
    if left.is_object() {
        return loose_equal(convert::to_primitive(left, Hint::Default)?, right);
    }
    if right.is_object() {
        return loose_equal(left, convert::to_primitive(right, Hint::Default)?);
    }
    if left.is_symbol() || right.is_symbol() {
        return Ok(false);
    }
    let number = |value: Value| {
        value.as_string().map_or_else(
            || convert::to_number(value),
            |string| Ok(number::parse(string.text())),
        )
    };
    Ok(number(left)? == number(right)?)
}

fn typeof_key(value: Value) -> Key {
    if value.is_number() {
        names::number()
    } else if value.is_string() {
        names::string()
    } else if value.is_callable() {
        names::function()
    } else if value.is_object() || value.is_null() {
        names::object()
    } else if value.is_boolean() {
        names::boolean()
    } else if value.is_symbol() {
        names::symbol()
    } else {
        names::undefined()
    }
}

pub fn typeof_string(value: Value) -> Str {
    Str::at(typeof_key(value).pointer())
}

pub fn typeof_text(value: Value) -> alloc::string::String {
    typeof_string(value).to_rust()
}

/// `key in object`.
pub fn is_in(key: Value, object: Value) -> Outcome<bool> {
    let Some(object) = object.as_object() else {
        let shown = if key.is_symbol() {
            convert::to_display(key)
        } else {
            convert::to_string(key)?.to_rust()
        };
        let target = object
            .as_string()
            .map_or_else(|| convert::to_display(object), Str::to_rust);
        return error::throw_type(format_args!(
            "Cannot use 'in' operator to search for '{shown}' in {target}"
        ));
    };
    Ok(object.has(convert::to_key(key)?))
}

pub fn instance_of(value: Value, class: Value) -> Outcome<bool> {
    let Some(target) = class.as_object() else {
        return error::throw_type(format_args!(
            "Right-hand side of 'instanceof' is not an object"
        ));
    };
    // A program may say so itself.
    let method = target.get(Key::symbol(symbol::has_instance()))?;
    if !method.is_nullish() && !builtin::function::is_has_instance(method) {
        return Ok(convert::to_boolean(crate::call::call(
            method,
            class,
            &[value],
        )?));
    }
    match class.as_function() {
        Some(function) => is_instance(value, function),
        None => error::throw_type(format_args!(
            "Right-hand side of 'instanceof' is not callable"
        )),
    }
}

/// Whether the prototype of a function is among those of a value.
pub fn is_instance(value: Value, function: Function) -> Outcome<bool> {
    if let Some(bound) = builtin::function::bound_target(function) {
        return instance_of(value, bound);
    }
    let Some(object) = value.as_object() else {
        return Ok(false);
    };
    let prototype = if function.is_class() {
        function.data()
    } else {
        function.object().get(names::prototype())?
    };
    if !prototype.is_object() {
        return error::throw_type(format_args!(
            "Function has non-object prototype '{}' in instanceof check",
            convert::to_display(prototype)
        ));
    }
    let mut ancestor = object.prototype();
    while let Some(object) = ancestor.as_object() {
        if ancestor == prototype {
            return Ok(true);
        }
        ancestor = object.prototype();
    }
    Ok(false)
}
