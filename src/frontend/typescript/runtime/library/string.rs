//! `String`: the constructor and its statics, and the table of all methods. What the methods do is in the files below,
//! by what they are for. Positions and lengths are in UTF-16 code units throughout.

mod case;
mod part;
mod replace;
mod search;

use crate::convert;
use crate::error;
use crate::iterate;
use crate::key::{Key, names};
use crate::kind;
use crate::native::{Call, Native, NativeClass};
use crate::object::{Attributes, Object};
use crate::realm::Class;
use crate::string::{Str, TextBuilder};
use crate::value::{Outcome, Value};

pub static CLASS: NativeClass = NativeClass {
    name: "String",
    length: 1,
    run: construct,
    parent: None,
    methods: METHODS,
    statics: STATICS,
    setup: Some(setup),
};

static METHODS: &[Native] = &[
    Native::new("at", 1, part::at),
    Native::new("charAt", 1, part::char_at),
    Native::new("charCodeAt", 1, part::char_code_at),
    Native::new("codePointAt", 1, part::code_point_at),
    Native::new("concat", 1, part::concat),
    Native::new("endsWith", 1, search::ends_with),
    Native::new("includes", 1, search::includes),
    Native::new("indexOf", 1, search::index_of),
    Native::new("isWellFormed", 0, search::is_well_formed),
    Native::new("lastIndexOf", 1, search::last_index_of),
    Native::new("localeCompare", 1, search::locale_compare),
    Native::new("normalize", 0, case::normalize),
    Native::new("padEnd", 1, part::pad_end),
    Native::new("padStart", 1, part::pad_start),
    Native::new("repeat", 1, part::repeat),
    Native::new("replace", 2, replace::replace),
    Native::new("replaceAll", 2, replace::replace_all),
    Native::new("slice", 2, part::slice),
    Native::new("split", 2, replace::split),
    Native::new("substr", 2, part::substr),
    Native::new("substring", 2, part::substring),
    Native::new("startsWith", 1, search::starts_with),
    Native::new("toString", 0, |call| value_of(call, "toString")),
    Native::new("toWellFormed", 0, case::to_well_formed),
    Native::new("trim", 0, part::trim),
    Native::new("trimStart", 0, part::trim_start),
    Native::new("trimEnd", 0, part::trim_end),
    Native::new("toLocaleLowerCase", 0, case::to_lower_case),
    Native::new("toLocaleUpperCase", 0, case::to_upper_case),
    Native::new("toLowerCase", 0, case::to_lower_case),
    Native::new("toUpperCase", 0, case::to_upper_case),
    Native::new("valueOf", 0, |call| value_of(call, "valueOf")),
    Native::new("@@iterator", 0, iterator),
];

static STATICS: &[Native] = &[
    Native::new("fromCharCode", 1, from_char_code),
    Native::new("fromCodePoint", 1, from_code_point),
    Native::new("raw", 1, raw),
];

/// The older names of two methods.
fn setup(_: Object, prototype: Object) {
    for (name, same) in [("trimLeft", "trimStart"), ("trimRight", "trimEnd")] {
        if let Ok(function) = prototype.get(Key::of(same)) {
            prototype.define(Key::of(name), function, Attributes::HIDDEN);
        }
    }
}

/// The string that a method was called on.
fn this_string(call: &Call, method: &str) -> Outcome<Str> {
    if let Some(string) = call.this.as_string() {
        return Ok(string);
    }
    if call.this.is_nullish() {
        return error::throw_type(format_args!(
            "String.prototype.{method} called on null or undefined"
        ));
    }
    convert::to_string(call.this)
}

/// An argument as a position within 0 and `length`, counted from the end where it is negative.
fn relative(value: Value, length: usize, default: usize) -> Outcome<usize> {
    if value.is_undefined() {
        return Ok(default);
    }
    let position = convert::to_integer(value)?;
    Ok(if position < 0.0 {
        (length as f64 + position).max(0.0) as usize
    } else {
        position.min(length as f64) as usize
    })
}

/// An argument as a position within 0 and `length`; what is out of range is the nearer end.
fn clamped(value: Value, length: usize, default: usize) -> Outcome<usize> {
    if value.is_undefined() {
        return Ok(default);
    }
    Ok(convert::to_integer(value)?.clamp(0.0, length as f64) as usize)
}

fn construct(call: &Call) -> Outcome {
    let string = match call.args.first() {
        None => Str::empty(),
        Some(value) if call.new_target.is_undefined() && value.is_symbol() => {
            return Ok(Str::from_utf8(&convert::to_display(*value)).value());
        }
        Some(value) => convert::to_string(*value)?,
    };
    if call.new_target.is_undefined() {
        return Ok(string.value());
    }
    let object = Object::private(kind::BOXED, call.instance_prototype(Class::String)?, 1);
    object.set_word(0, string.value());
    Ok(object.value())
}

fn value_of(call: &Call, method: &str) -> Outcome {
    if call.this.is_string() {
        return Ok(call.this);
    }
    match call
        .this
        .as_kind(kind::BOXED)
        .map(|object| object.word(0))
        .filter(|value| value.is_string())
    {
        Some(string) => Ok(string),
        None => error::throw_type(format_args!(
            "String.prototype.{method} requires that 'this' be a String"
        )),
    }
}

fn iterator(call: &Call) -> Outcome {
    let string = this_string(call, "[Symbol.iterator]")?;
    Ok(iterate::string_iterator(string).into())
}

fn from_char_code(call: &Call) -> Outcome {
    if let [value] = call.args {
        return Ok(Str::unit(convert::to_uint32(*value)? as u16).value());
    }
    let mut builder = TextBuilder::new();
    for value in call.args {
        builder.push_unit(convert::to_uint32(*value)? as u16);
    }
    Ok(builder.finish().value())
}

/// Adds a code point, in one or two units.
fn push_code_point(builder: &mut TextBuilder, code: u32) {
    if let Some(high) = code.checked_sub(0x10000) {
        builder.push_unit(0xD800 + (high >> 10) as u16);
        builder.push_unit(0xDC00 + (high & 0x3FF) as u16);
    } else {
        builder.push_unit(code as u16);
    }
}

fn from_code_point(call: &Call) -> Outcome {
    let mut builder = TextBuilder::new();
    for value in call.args {
        let code = convert::to_number(*value)?;
        if f64::from(code as u32) != code || code > f64::from(0x10FFFF) {
            return error::throw_range(format_args!(
                "Invalid code point {}",
                convert::to_string(*value)?.to_rust()
            ));
        }
        push_code_point(&mut builder, code as u32);
    }
    Ok(builder.finish().value())
}

/// `String.raw`: the raw parts of a template with the values between them.
fn raw(call: &Call) -> Outcome {
    let parts = convert::to_object(crate::object::get(call.arg(0), names::raw())?)?;
    let length = convert::to_length(parts.get(names::length())?)? as usize;
    let mut builder = TextBuilder::new();
    for index in 0..length {
        builder.push(convert::to_string(parts.get(Key::index(index as u32))?)?);
        if index + 1 < length
            && let Some(value) = call.args.get(index + 1)
        {
            builder.push(convert::to_string(*value)?);
        }
    }
    Ok(builder.finish_checked()?.value())
}
