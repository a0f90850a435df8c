//! `Number` and `Boolean`: constructors, constants and methods, and the global functions that read numbers. The texts
//! of numbers are made by `crate::number`.

use crate::convert;
use crate::error;
use crate::key::Key;
use crate::kind;
use crate::libc;
use crate::native::{Call, Native, NativeClass};
use crate::number;
use crate::object::{Attributes, Object};
use crate::realm::Class;
use crate::string::Str;
use crate::value::{Outcome, Value};
use alloc::string::String;

pub static NUMBER: NativeClass = NativeClass {
    name: "Number",
    length: 1,
    run: construct_number,
    parent: None,
    methods: NUMBER_METHODS,
    statics: NUMBER_STATICS,
    setup: Some(setup_number),
};

pub static BOOLEAN: NativeClass = NativeClass {
    name: "Boolean",
    length: 1,
    run: construct_boolean,
    parent: None,
    methods: BOOLEAN_METHODS,
    statics: &[],
    setup: None,
};

static NUMBER_METHODS: &[Native] = &[
    Native::new("toExponential", 1, to_exponential),
    Native::new("toFixed", 1, to_fixed),
    Native::new("toLocaleString", 0, to_locale_string),
    Native::new("toPrecision", 1, to_precision),
    Native::new("toString", 1, to_string),
    Native::new("valueOf", 0, |call| {
        Ok(Value::number(this_number(call, "valueOf")?))
    }),
];

static NUMBER_STATICS: &[Native] = &[
    Native::new("isFinite", 1, |call| {
        Ok(Value::boolean(
            call.arg(0).as_number().is_some_and(f64::is_finite),
        ))
    }),
    Native::new("isInteger", 1, |call| {
        Ok(Value::boolean(
            call.arg(0).as_number().is_some_and(is_integer),
        ))
    }),
    Native::new("isNaN", 1, |call| {
        Ok(Value::boolean(
            call.arg(0).as_number().is_some_and(f64::is_nan),
        ))
    }),
    Native::new("isSafeInteger", 1, |call| {
        let safe = |number: f64| is_integer(number) && number.abs() <= MAXIMUM_SAFE;
        Ok(Value::boolean(call.arg(0).as_number().is_some_and(safe)))
    }),
];

static BOOLEAN_METHODS: &[Native] = &[
    Native::new("toString", 0, |call| {
        let text = if this_boolean(call, "toString")? == Value::TRUE {
            "true"
        } else {
            "false"
        };
        Ok(Str::from_utf8(text).value())
    }),
    Native::new("valueOf", 0, |call| this_boolean(call, "valueOf")),
];

pub static PARSE_INT: Native = Native::new("parseInt", 2, parse_int);
pub static PARSE_FLOAT: Native = Native::new("parseFloat", 1, parse_float);
pub static IS_NAN: Native = Native::new("isNaN", 1, |call| {
    Ok(Value::boolean(convert::to_number(call.arg(0))?.is_nan()))
});
pub static IS_FINITE: Native = Native::new("isFinite", 1, |call| {
    Ok(Value::boolean(convert::to_number(call.arg(0))?.is_finite()))
});

const MAXIMUM_SAFE: f64 = 9_007_199_254_740_991.0;

fn is_integer(number: f64) -> bool {
    number.is_finite() && libc::trunc(number) == number
}

fn setup_number(constructor: Object, _: Object) {
    let constants = [
        ("MAX_VALUE", f64::MAX),
        ("MIN_VALUE", f64::from_bits(1)),
        ("NaN", f64::NAN),
        ("NEGATIVE_INFINITY", f64::NEG_INFINITY),
        ("POSITIVE_INFINITY", f64::INFINITY),
        ("MAX_SAFE_INTEGER", MAXIMUM_SAFE),
        ("MIN_SAFE_INTEGER", -MAXIMUM_SAFE),
        ("EPSILON", f64::EPSILON),
    ];
    for (name, value) in constants {
        constructor.define(Key::of(name), Value::number(value), Attributes::NONE);
    }
    for function in [&PARSE_FLOAT, &PARSE_INT] {
        constructor.define(
            Key::of(function.name),
            super::global_function(function),
            Attributes::HIDDEN,
        );
    }
}

/// The primitive, or an object around it where the constructor was called with `new`.
fn boxed(call: &Call, class: Class, primitive: Value) -> Outcome {
    if call.new_target.is_undefined() {
        return Ok(primitive);
    }
    let object = Object::private(kind::BOXED, call.instance_prototype(class)?, 1);
    object.set_word(0, primitive);
    Ok(object.value())
}

fn construct_number(call: &Call) -> Outcome {
    let number = match call.args.first() {
        Some(value) => convert::to_number(*value)?,
        None => 0.0,
    };
    boxed(call, Class::Number, Value::number(number))
}

fn construct_boolean(call: &Call) -> Outcome {
    boxed(
        call,
        Class::Boolean,
        Value::boolean(convert::to_boolean(call.arg(0))),
    )
}

/// The primitive that a method was called on, directly or within its object.
fn unboxed(call: &Call) -> Value {
    call.this
        .as_kind(kind::BOXED)
        .map_or(call.this, |object| object.word(0))
}

fn this_number(call: &Call, method: &str) -> Outcome<f64> {
    match unboxed(call).as_number() {
        Some(number) => Ok(number),
        None => error::throw_type(format_args!(
            "Number.prototype.{method} requires that 'this' be a Number"
        )),
    }
}

fn this_boolean(call: &Call, method: &str) -> Outcome {
    let value = unboxed(call);
    if value.is_boolean() {
        return Ok(value);
    }
    error::throw_type(format_args!(
        "Boolean.prototype.{method} requires that 'this' be a Boolean"
    ))
}

/// The first argument as a whole number within a range.
fn digits(call: &Call, method: &str, lowest: f64, highest: f64) -> Outcome<usize> {
    let count = convert::to_integer(call.arg(0))?;
    if (lowest..=highest).contains(&count) {
        return Ok(count as usize);
    }
    error::throw_range(format_args!(
        "{method} argument must be between {lowest} and {highest}"
    ))
}

fn to_fixed(call: &Call) -> Outcome {
    let number = this_number(call, "toFixed")?;
    let places = digits(call, "toFixed() digits", 0.0, 100.0)?;
    let mut out = String::new();
    number::push_fixed(&mut out, number, places);
    Ok(Str::from_utf8(&out).value())
}

fn to_exponential(call: &Call) -> Outcome {
    let number = this_number(call, "toExponential")?;
    let places = match call.arg(0) {
        Value::UNDEFINED => None,
        _ if !number.is_finite() => None,
        _ => Some(digits(call, "toExponential()", 0.0, 100.0)?),
    };
    let mut out = String::new();
    number::push_scientific(&mut out, number, places);
    Ok(Str::from_utf8(&out).value())
}

fn to_precision(call: &Call) -> Outcome {
    let number = this_number(call, "toPrecision")?;
    let mut out = String::new();
    if call.arg(0).is_undefined() || !number.is_finite() {
        number::push_number(&mut out, number);
    } else {
        number::push_precision(&mut out, number, digits(call, "toPrecision()", 1.0, 100.0)?);
    }
    Ok(Str::from_utf8(&out).value())
}

fn to_string(call: &Call) -> Outcome {
    let number = this_number(call, "toString")?;
    let mut out = String::new();
    if call.arg(0).is_undefined() {
        number::push_number(&mut out, number);
    } else {
        number::push_radix(
            &mut out,
            number,
            digits(call, "toString() radix", 2.0, 36.0)? as u32,
        );
    }
    Ok(Str::from_utf8(&out).value())
}

/// `toLocaleString(locale, { minimumFractionDigits, maximumFractionDigits })`, always as for `en-US`.
fn to_locale_string(call: &Call) -> Outcome {
    let number = this_number(call, "toLocaleString")?;
    let (mut minimum, mut maximum) = (None, None);
    if let Some(options) = call.arg(1).as_object() {
        let read = |name: &str| -> Outcome<Option<usize>> {
            let value = options.get(Key::of(name))?;
            if value.is_undefined() {
                return Ok(None);
            }
            let count = convert::to_number(value)?;
            if !(0.0..=20.0).contains(&count) {
                return error::throw_range(format_args!("{name} value is out of range."));
            }
            Ok(Some(count as usize))
        };
        minimum = read("minimumFractionDigits")?;
        maximum = read("maximumFractionDigits")?;
    }
    let least = minimum.unwrap_or(0).min(maximum.unwrap_or(usize::MAX));
    let most = maximum.unwrap_or(least.max(3));
    let mut out = String::new();
    number::push_grouped(&mut out, number, least, most);
    Ok(Str::from_utf8(&out).value())
}

fn parse_int(call: &Call) -> Outcome {
    // Small whole numbers are their own text.
    if let (Some(number), true) = (call.arg(0).as_number(), call.arg(1).is_undefined())
        && number.abs() < 1e15
        && is_integer(number)
    {
        return Ok(Value::number(number + 0.0));
    }
    let string = convert::to_string(call.arg(0))?;
    let radix = convert::to_int32(call.arg(1))?;
    Ok(Value::number(number::parse_int(
        string.text().units(),
        radix,
    )))
}

fn parse_float(call: &Call) -> Outcome {
    let string = convert::to_string(call.arg(0))?;
    Ok(Value::number(number::parse_float(string.text().units())))
}
