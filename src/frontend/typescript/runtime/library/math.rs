//! `Math`. The elementary functions are in the files below: V8 computes them in its own way, whose last digit is not
//! always that of the C library.

mod circular;
mod exponential;
mod inverse;
mod logarithm;
mod power;
mod reduce;

pub use power::pow;

use crate::convert;
use crate::global::Global;
use crate::key::Key;
use crate::libc;
use crate::native::{self, Call, Native};
use crate::object::{Attributes, Object};
use crate::value::{Outcome, Value};
use alloc::vec::Vec;

static FUNCTIONS: &[Native] = &[
    Native::new("abs", 1, |call| unary(call, f64::abs)),
    Native::new("acos", 1, |call| unary(call, inverse::acos)),
    Native::new("acosh", 1, |call| unary(call, logarithm::acosh)),
    Native::new("asin", 1, |call| unary(call, inverse::asin)),
    Native::new("asinh", 1, |call| unary(call, logarithm::asinh)),
    Native::new("atan", 1, |call| unary(call, inverse::atan)),
    Native::new("atanh", 1, |call| unary(call, logarithm::atanh)),
    Native::new("atan2", 2, |call| binary(call, inverse::atan2)),
    Native::new("ceil", 1, |call| unary(call, libc::ceil)),
    Native::new("cbrt", 1, |call| unary(call, power::cbrt)),
    Native::new("expm1", 1, |call| unary(call, exponential::expm1)),
    Native::new("clz32", 1, |call| {
        Ok(Value::int(i64::from(
            convert::to_uint32(call.arg(0))?.leading_zeros(),
        )))
    }),
    Native::new("cos", 1, |call| unary(call, circular::cos)),
    Native::new("cosh", 1, |call| unary(call, exponential::cosh)),
    Native::new("exp", 1, |call| unary(call, exponential::exp)),
    Native::new("floor", 1, |call| unary(call, libc::floor)),
    Native::new("fround", 1, |call| unary(call, |x| f64::from(x as f32))),
    Native::new("hypot", 2, hypot),
    Native::new("imul", 2, |call| {
        let product = convert::to_int32(call.arg(0))?.wrapping_mul(convert::to_int32(call.arg(1))?);
        Ok(Value::int(i64::from(product)))
    }),
    Native::new("log", 1, |call| unary(call, logarithm::log)),
    Native::new("log1p", 1, |call| unary(call, logarithm::log1p)),
    Native::new("log2", 1, |call| unary(call, logarithm::log2)),
    Native::new("log10", 1, |call| unary(call, logarithm::log10)),
    Native::new("max", 2, |call| {
        extreme(call, f64::NEG_INFINITY, |a, b| {
            b > a || (b == 0.0 && a == 0.0 && a.is_sign_negative())
        })
    }),
    Native::new("min", 2, |call| {
        extreme(call, f64::INFINITY, |a, b| {
            b < a || (b == 0.0 && a == 0.0 && b.is_sign_negative())
        })
    }),
    Native::new("pow", 2, |call| binary(call, power::pow)),
    Native::new("random", 0, |_| Ok(Value::number(random()))),
    Native::new("round", 1, |call| unary(call, round)),
    Native::new("sign", 1, |call| {
        unary(call, |x| {
            if x == 0.0 || x.is_nan() {
                x
            } else {
                x.signum()
            }
        })
    }),
    Native::new("sin", 1, |call| unary(call, circular::sin)),
    Native::new("sinh", 1, |call| unary(call, exponential::sinh)),
    Native::new("sqrt", 1, |call| unary(call, libc::sqrt)),
    Native::new("tan", 1, |call| unary(call, circular::tan)),
    Native::new("tanh", 1, |call| unary(call, exponential::tanh)),
    Native::new("trunc", 1, |call| unary(call, libc::trunc)),
];

/// Makes the object.
pub fn create() -> Value {
    use core::f64::consts;
    let math = Object::new();
    native::define_all(math, FUNCTIONS);
    let constants = [
        ("E", consts::E),
        ("LN10", consts::LN_10),
        ("LN2", consts::LN_2),
        ("LOG10E", consts::LOG10_E),
        ("LOG2E", consts::LOG2_E),
        ("PI", consts::PI),
        ("SQRT1_2", consts::FRAC_1_SQRT_2),
        ("SQRT2", consts::SQRT_2),
    ];
    for (name, value) in constants {
        math.define(Key::of(name), Value::number(value), Attributes::NONE);
    }
    super::define_tag(math, "Math");
    math.value()
}

/// The upper 32 bits of a double.
fn high_word(x: f64) -> u32 {
    (x.to_bits() >> 32) as u32
}

/// The lower 32 bits of a double.
fn low_word(x: f64) -> u32 {
    x.to_bits() as u32
}

fn with_high_word(x: f64, high: u32) -> f64 {
    f64::from_bits(u64::from(high) << 32 | u64::from(low_word(x)))
}

fn with_low_word(x: f64, low: u32) -> f64 {
    f64::from_bits(u64::from(high_word(x)) << 32 | u64::from(low))
}

#[inline(always)]
fn argument(call: &Call, index: usize) -> Outcome<f64> {
    let value = call.arg(index);
    match value.as_number() {
        Some(number) => Ok(number),
        None => convert::to_number(value),
    }
}

#[inline(always)]
fn unary(call: &Call, function: impl Fn(f64) -> f64) -> Outcome {
    Ok(Value::number(function(argument(call, 0)?)))
}

#[inline(always)]
fn binary(call: &Call, function: impl Fn(f64, f64) -> f64) -> Outcome {
    let first = argument(call, 0)?;
    Ok(Value::number(function(first, argument(call, 1)?)))
}

/// The nearest whole number; halves go up, and what goes up to zero keeps its sign.
fn round(x: f64) -> f64 {
    let below = libc::floor(x);
    let rounded = if x - below >= 0.5 { below + 1.0 } else { below };
    if rounded == 0.0 {
        rounded.copysign(x)
    } else {
        rounded
    }
}

/// `max` and `min`: the last argument that is beyond all before it. NaN wins, whatever follows; all are converted.
fn extreme(call: &Call, start: f64, beyond: impl Fn(f64, f64) -> bool) -> Outcome {
    let mut result = start;
    for index in 0..call.args.len() {
        let number = argument(call, index)?;
        if number.is_nan() || result.is_nan() {
            result = f64::NAN;
        } else if beyond(result, number) {
            result = number;
        }
    }
    Ok(Value::number(result))
}

/// The square root of the sum of squares, scaled by the greatest and with the errors of the additions made good.
fn hypot(call: &Call) -> Outcome {
    let numbers = (0..call.args.len())
        .map(|index| Ok(argument(call, index)?.abs()))
        .collect::<Outcome<Vec<f64>>>()?;
    let nan = numbers.iter().any(|number| number.is_nan());
    let greatest = numbers.iter().copied().fold(0.0, f64::max);
    if greatest.is_infinite() || greatest == 0.0 || nan {
        let result = if greatest.is_infinite() || !nan {
            greatest
        } else {
            f64::NAN
        };
        return Ok(Value::number(result));
    }
    let (mut sum, mut compensation) = (0.0, 0.0);
    for number in numbers {
        let scaled = number / greatest;
        let summand = scaled * scaled - compensation;
        let preliminary = sum + summand;
        compensation = (preliminary - sum) - summand;
        sum = preliminary;
    }
    Ok(Value::number(libc::sqrt(sum) * greatest))
}

/// The state of the generator (xorshift128+, as in V8), zero until it is seeded from the clock.
static RANDOM: Global<[u64; 2]> = Global::new([0; 2]);

fn random() -> f64 {
    let [mut first, second] = RANDOM.read();
    if first == 0 && second == 0 {
        let (seconds, nanoseconds) = libc::now();
        first = (seconds as u64) << 30 ^ nanoseconds as u64 ^ 0x9E37_79B9_7F4A_7C15;
    }
    first ^= first << 23;
    first ^= first >> 17;
    first ^= second ^ second >> 26;
    RANDOM.write([second, first]);
    f64::from_bits(second.wrapping_add(first) >> 12 | 0x3FF0_0000_0000_0000) - 1.0
}
