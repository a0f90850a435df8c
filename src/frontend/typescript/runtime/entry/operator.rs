//! Operators, conversions and strings.

use super::values;
use crate::abi;
use crate::convert;
use crate::error::to_word;
use crate::operator;
use crate::string::{self, Str, TextBuilder};
use crate::value::{Outcome, Value};
use core::cmp::Ordering;

/// Declares operators on two values.
macro_rules! binary {
    ($($name:ident($left:ident, $right:ident) $body:expr;)*) => {
        $(#[unsafe(no_mangle)]
        pub extern "C" fn $name(left: u64, right: u64) -> u64 {
            let ($left, $right) = (Value(left), Value(right));
            to_word($body)
        })*
    };
}

binary! {
    kt_add(left, right) operator::add(left, right);
    kt_sub(left, right) operator::arithmetic(left, right, |left, right| left - right);
    kt_mul(left, right) operator::arithmetic(left, right, |left, right| left * right);
    kt_div(left, right) operator::arithmetic(left, right, |left, right| left / right);
    kt_rem(left, right) operator::arithmetic(left, right, operator::remainder);
    kt_pow(left, right) operator::arithmetic(left, right, operator::power);
    kt_bit_and(left, right) operator::bitwise(left, right, |left, right| left & right);
    kt_bit_or(left, right) operator::bitwise(left, right, |left, right| left | right);
    kt_bit_xor(left, right) operator::bitwise(left, right, |left, right| left ^ right);
    kt_shl(left, right) operator::bitwise(left, right, |left, right| left.wrapping_shl(right as u32));
    kt_shr(left, right) operator::bitwise(left, right, |left, right| left.wrapping_shr(right as u32));
    kt_ushr(left, right) operator::shift_right_unsigned(left, right);
    kt_less(left, right) compare(left, right, |order| order == Ordering::Less);
    kt_less_eq(left, right) compare(left, right, |order| order != Ordering::Greater);
    kt_greater(left, right) compare(left, right, |order| order == Ordering::Greater);
    kt_greater_eq(left, right) compare(left, right, |order| order != Ordering::Less);
    kt_loose_eq(left, right) operator::loose_equal(left, right).map(Value::boolean);
    kt_in(key, object) operator::is_in(key, object).map(Value::boolean);
    kt_instance_of(value, class) operator::instance_of(value, class).map(Value::boolean);
    kt_concat(left, right) string::concat(Str::at(left.pointer()), Str::at(right.pointer())).map(Str::value);
}

fn compare(left: Value, right: Value, accept: impl Fn(Ordering) -> bool) -> Outcome {
    Ok(Value::boolean(
        operator::order(left, right)?.is_some_and(accept),
    ))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_neg(value: u64) -> u64 {
    to_word(convert::to_number(Value(value)).map(|number| Value::number(-number)))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_bit_not(value: u64) -> u64 {
    to_word(convert::to_int32(Value(value)).map(|number| Value::int(i64::from(!number))))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_to_number(value: u64) -> u64 {
    to_word(convert::to_number(Value(value)).map(Value::number))
}

/// There are no other numeric types than numbers.
#[unsafe(no_mangle)]
pub extern "C" fn kt_to_numeric(value: u64) -> u64 {
    kt_to_number(value)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_strict_eq(left: u64, right: u64) -> i32 {
    i32::from(operator::strict_equal(Value(left), Value(right)))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_truthy(value: u64) -> i32 {
    i32::from(convert::to_boolean(Value(value)))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_typeof(value: u64) -> u64 {
    operator::typeof_string(Value(value)).value().0
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_f64_rem(left: f64, right: f64) -> f64 {
    operator::remainder(left, right)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_f64_pow(base: f64, exponent: f64) -> f64 {
    operator::power(base, exponent)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_f64_to_int32(number: f64) -> i32 {
    convert::f64_to_int32(number)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_to_string(value: u64) -> u64 {
    to_word(convert::to_string(Value(value)).map(Str::value))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_template(count: u64, parts: *const u64) -> u64 {
    to_word(template(values(count, parts)))
}

fn template(parts: &[Value]) -> Outcome {
    // Few and short parts are the rule: they are copied once. A long one would be copied for nothing, so that is a rope.
    let is_long = |value: &Value| {
        value
            .as_string()
            .is_some_and(|string| string.length() > 256)
    };
    if parts.iter().any(is_long) {
        let mut whole = Str::empty();
        for part in parts {
            whole = string::concat(whole, convert::to_string(*part)?)?;
        }
        return Ok(whole.value());
    }
    let mut text = TextBuilder::new();
    for part in parts {
        text.push(convert::to_string(*part)?);
    }
    Ok(text.finish_checked()?.value())
}

const _: () = assert!(abi::FALSE + 1 == abi::TRUE);
