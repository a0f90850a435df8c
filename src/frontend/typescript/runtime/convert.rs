//! Conversions of the language: ToNumber, ToString, ToPrimitive, ToPropertyKey and their kin, and the texts that errors
//! show values as.

use crate::call;
use crate::error;
use crate::key::{Key, names};
use crate::kind;
use crate::libc;
use crate::number;
use crate::object::Object;
use crate::realm::{self, Class};
use crate::string::Str;
use crate::symbol;
use crate::value::{Outcome, Value};
use alloc::format;
use alloc::string::{String, ToString};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    Default,
    Number,
    String,
}

pub fn to_boolean(value: Value) -> bool {
    if let Some(number) = value.as_number() {
        return number != 0.0 && !number.is_nan();
    }
    if let Some(string) = value.as_string() {
        return !string.is_empty();
    }
    !(value.is_nullish() || value == Value::FALSE || value.is_empty())
}

pub fn to_primitive(value: Value, hint: Hint) -> Outcome {
    let Some(object) = value.as_object() else {
        return Ok(value);
    };
    let exotic = object.get(Key::symbol(symbol::to_primitive()))?;
    if !exotic.is_nullish() {
        let name = match hint {
            Hint::Default => names::default().value(),
            Hint::Number => names::number().value(),
            Hint::String => names::string().value(),
        };
        let result = call::call(exotic, value, &[name])?;
        return if result.is_object() {
            error::throw_type(format_args!("Cannot convert object to primitive value"))
        } else {
            Ok(result)
        };
    }
    let order = if hint == Hint::String {
        [names::to_string(), names::value_of()]
    } else {
        [names::value_of(), names::to_string()]
    };
    for key in order {
        let method = object.get(key)?;
        if method.is_callable() {
            let result = call::call(method, value, &[])?;
            if !result.is_object() {
                return Ok(result);
            }
        }
    }
    error::throw_type(format_args!("Cannot convert object to primitive value"))
}

#[inline]
pub fn to_number(value: Value) -> Outcome<f64> {
    match value.as_number() {
        Some(number) => Ok(number),
        None => to_number_slow(value),
    }
}

#[inline(never)]
fn to_number_slow(value: Value) -> Outcome<f64> {
    if let Some(string) = value.as_string() {
        return Ok(number::parse(string.text()));
    }
    if value.is_object() {
        return to_number(to_primitive(value, Hint::Number)?);
    }
    if value.is_symbol() {
        return error::throw_type(format_args!("Cannot convert a Symbol value to a number"));
    }
    Ok(match value {
        Value::NULL | Value::FALSE => 0.0,
        Value::TRUE => 1.0,
        _ => f64::NAN,
    })
}

/// ToIntegerOrInfinity.
pub fn to_integer(value: Value) -> Outcome<f64> {
    let number = to_number(value)?;
    Ok(if number.is_nan() {
        0.0
    } else {
        libc::trunc(number) + 0.0
    })
}

pub fn to_length(value: Value) -> Outcome<f64> {
    Ok(to_integer(value)?.clamp(0.0, 9_007_199_254_740_991.0))
}

#[inline(always)]
pub fn f64_to_int32(number: f64) -> i32 {
    match truncated(number) {
        Some(whole) => whole as i32,
        None => f64_to_int32_slow(number),
    }
}

/// A number without its fraction, if it fits into 64 bits. One instruction, where `as` takes several.
#[inline(always)]
pub fn truncated(number: f64) -> Option<i64> {
    use core::arch::x86_64::{_mm_cvttsd_si64, _mm_set_sd};
    // Both are in SSE2, which x86-64 has. What does not fit gives the least integer.
    let whole = unsafe { _mm_cvttsd_si64(_mm_set_sd(number)) };
    (whole != i64::MIN).then_some(whole)
}

#[inline(never)]
fn f64_to_int32_slow(number: f64) -> i32 {
    if !number.is_finite() {
        return 0;
    }
    // Whole multiples of two from here on: the low bits are the mantissa, shifted.
    let bits = number.to_bits();
    let exponent = ((bits >> 52) & 0x7FF) as i32 - 1075;
    if exponent >= 32 {
        return 0;
    }
    let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
    let magnitude = (mantissa << exponent) as i32;
    if number < 0.0 {
        magnitude.wrapping_neg()
    } else {
        magnitude
    }
}

pub fn to_int32(value: Value) -> Outcome<i32> {
    Ok(f64_to_int32(to_number(value)?))
}

pub fn to_uint32(value: Value) -> Outcome<u32> {
    Ok(to_int32(value)? as u32)
}

pub fn number_to_string(value: f64) -> Str {
    let index = value as u32;
    if f64::from(index) == value {
        return if index < 10 {
            Str::unit(b'0' as u16 + index as u16)
        } else {
            crate::key::index_string(index)
        };
    }
    let mut buffer = [0; 32];
    Str::from_latin1(number::format(value, &mut buffer).as_bytes())
}

#[inline]
pub fn to_string(value: Value) -> Outcome<Str> {
    match value.as_string() {
        Some(string) => Ok(string),
        None => to_string_slow(value),
    }
}

#[inline(never)]
fn to_string_slow(value: Value) -> Outcome<Str> {
    if let Some(number) = value.as_number() {
        return Ok(number_to_string(number));
    }
    if value.is_object() {
        return to_string(to_primitive(value, Hint::String)?);
    }
    if value.is_symbol() {
        return error::throw_type(format_args!("Cannot convert a Symbol value to a string"));
    }
    Ok(special_to_string(value))
}

fn special_to_string(value: Value) -> Str {
    let key = match value {
        Value::NULL => names::null(),
        Value::TRUE => names::r#true(),
        Value::FALSE => names::r#false(),
        _ => names::undefined(),
    };
    Str::at(key.pointer())
}

#[inline]
pub fn to_key(value: Value) -> Outcome<Key> {
    if let Some(index) = value.as_index() {
        return Ok(Key::index(index));
    }
    if let Some(string) = value.as_string() {
        return Ok(Key::from(string));
    }
    if let Some(symbol) = value.as_symbol() {
        return Ok(Key::symbol(symbol));
    }
    let primitive = to_primitive(value, Hint::String)?;
    if let Some(symbol) = primitive.as_symbol() {
        return Ok(Key::symbol(symbol));
    }
    Ok(Key::from(to_string(primitive)?))
}

pub fn to_object(value: Value) -> Outcome<Object> {
    if let Some(object) = value.as_object() {
        return Ok(object);
    }
    let class = if value.is_string() {
        Class::String
    } else if value.is_number() {
        Class::Number
    } else if value.is_boolean() {
        Class::Boolean
    } else if value.is_symbol() {
        Class::Symbol
    } else {
        return error::throw_type(format_args!("Cannot convert undefined or null to object"));
    };
    let boxed = Object::private(kind::BOXED, realm::prototype(class).value(), 1);
    boxed.set_word(0, value);
    Ok(boxed)
}

/// A key as errors show it.
pub fn key_display(key: Key) -> String {
    match key.as_symbol() {
        Some(symbol) => symbol_display(symbol),
        None => {
            let mut text = key
                .value()
                .as_string()
                .map_or_else(String::new, Str::to_rust);
            // What follows the name itself tells classes apart, and nobody wrote it.
            if key.is_private()
                && let Some(end) = text.find('@')
            {
                text.truncate(end);
            }
            text
        }
    }
}

pub fn symbol_display(symbol: symbol::Symbol) -> String {
    format!(
        "Symbol({})",
        symbol
            .description()
            .as_string()
            .map_or_else(String::new, Str::to_rust)
    )
}

/// A value as V8's errors show it, without running any of the program's code.
pub fn to_display(value: Value) -> String {
    if let Some(string) = value.as_string() {
        return format!("\"{}\"", string.to_rust());
    }
    if let Some(symbol) = value.as_symbol() {
        return symbol_display(symbol);
    }
    if let Some(function) = value.as_function() {
        let name = function.shown_name().to_rust();
        return if function.is_class() {
            format!("class {name}")
        } else {
            format!("function {name}")
        };
    }
    if value.is_object() {
        return describe_object(value);
    }
    match value.as_number() {
        Some(number) => number_to_string(number).to_rust(),
        None => special_to_string(value).to_rust(),
    }
}

/// `#<Point>`, `[object Array]`.
pub fn describe_object(value: Value) -> String {
    let Some(object) = value.as_object() else {
        return to_display(value);
    };
    if object.kind() == kind::HANDLE {
        return crate::foreign::handle::shown(object);
    }
    if object.kind() == kind::ARRAY {
        return "[object Array]".to_string();
    }
    format!(
        "#<{}>",
        crate::class::name_of_instance(object).map_or_else(|| "Object".to_string(), Str::to_rust)
    )
}
