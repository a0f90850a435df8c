//! String methods that take parts of a string, or put strings together.

use super::{clamped, relative, this_string};
use crate::convert;
use crate::error;
use crate::native::Call;
use crate::number::is_space;
use crate::string::{self, Str, Text, TextBuilder};
use crate::value::{Outcome, Value};

/// The argument as an index within the string, if it is one.
fn index(call: &Call, length: usize) -> Outcome<Option<usize>> {
    let position = match call.arg(0).as_number() {
        Some(number) if f64::from(number as u32) == number => number,
        _ => convert::to_integer(call.arg(0))?,
    };
    Ok((position >= 0.0 && position < length as f64).then_some(position as usize))
}

pub fn at(call: &Call) -> Outcome {
    let string = this_string(call, "at")?;
    let length = f64::from(string.length());
    let position = convert::to_integer(call.arg(0))?;
    let position = if position < 0.0 {
        length + position
    } else {
        position
    };
    let inside = position >= 0.0 && position < length;
    Ok(if inside {
        Str::unit(string.text().unit(position as usize)).value()
    } else {
        Value::UNDEFINED
    })
}

pub fn char_at(call: &Call) -> Outcome {
    let string = this_string(call, "charAt")?;
    let position = index(call, string.length() as usize)?;
    Ok(position
        .map_or(Str::empty(), |position| {
            Str::unit(string.text().unit(position))
        })
        .value())
}

pub fn char_code_at(call: &Call) -> Outcome {
    let string = this_string(call, "charCodeAt")?;
    let position = index(call, string.length() as usize)?;
    Ok(position.map_or(Value::NAN, |position| {
        Value::int(i64::from(string.text().unit(position)))
    }))
}

pub fn code_point_at(call: &Call) -> Outcome {
    let string = this_string(call, "codePointAt")?;
    let position = index(call, string.length() as usize)?;
    Ok(position.map_or(Value::UNDEFINED, |position| {
        Value::int(i64::from(string.text().code_point(position).0))
    }))
}

pub fn concat(call: &Call) -> Outcome {
    let mut result = this_string(call, "concat")?;
    for value in call.args {
        result = string::concat(result, convert::to_string(*value)?)?;
    }
    Ok(result.value())
}

pub fn slice(call: &Call) -> Outcome {
    let string = this_string(call, "slice")?;
    let length = string.length() as usize;
    let from = relative(call.arg(0), length, 0)?;
    let to = relative(call.arg(1), length, length)?;
    Ok(string.substring(from, to.max(from)).value())
}

pub fn substring(call: &Call) -> Outcome {
    let string = this_string(call, "substring")?;
    let length = string.length() as usize;
    let from = clamped(call.arg(0), length, 0)?;
    let to = clamped(call.arg(1), length, length)?;
    Ok(string.substring(from.min(to), from.max(to)).value())
}

pub fn substr(call: &Call) -> Outcome {
    let string = this_string(call, "substr")?;
    let length = string.length() as usize;
    let from = relative(call.arg(0), length, 0)?;
    let count = clamped(call.arg(1), length - from, length - from)?;
    Ok(string.substring(from, from + count).value())
}

pub fn repeat(call: &Call) -> Outcome {
    let string = this_string(call, "repeat")?;
    let count = convert::to_integer(call.arg(0))?;
    if !(0.0..f64::INFINITY).contains(&count) {
        return error::throw_range(format_args!(
            "Invalid count value: {}",
            convert::to_string(call.arg(0))?.to_rust()
        ));
    }
    if count * f64::from(string.length()) > string::MAXIMUM_LENGTH as f64 {
        return error::throw_range(format_args!("Invalid string length"));
    }
    let mut builder = TextBuilder::new();
    if !string.is_empty() {
        for _ in 0..count as usize {
            builder.push(string);
        }
    }
    Ok(builder.finish().value())
}

/// What is to be added to make the string as long as asked.
fn padding(call: &Call, string: Str) -> Outcome<TextBuilder> {
    let mut builder = TextBuilder::new();
    let wanted = convert::to_length(call.arg(0))?;
    if wanted <= f64::from(string.length()) {
        return Ok(builder);
    }
    let filler = if call.arg(1).is_undefined() {
        Str::unit(u16::from(b' '))
    } else {
        convert::to_string(call.arg(1))?
    };
    if filler.is_empty() {
        return Ok(builder);
    }
    if wanted > string::MAXIMUM_LENGTH as f64 {
        return error::throw_range(format_args!("Invalid string length"));
    }
    let missing = wanted as usize - string.length() as usize;
    let text = filler.text();
    while builder.length() + text.length() <= missing {
        builder.push_text(text);
    }
    builder.push_text(text.slice(0, missing - builder.length()));
    Ok(builder)
}

pub fn pad_start(call: &Call) -> Outcome {
    let string = this_string(call, "padStart")?;
    let mut builder = padding(call, string)?;
    builder.push(string);
    Ok(builder.finish().value())
}

pub fn pad_end(call: &Call) -> Outcome {
    let string = this_string(call, "padEnd")?;
    let padding = padding(call, string)?.finish();
    let mut builder = TextBuilder::new();
    builder.push(string);
    builder.push(padding);
    Ok(builder.finish().value())
}

/// Where the text begins and ends without white space.
fn inner(text: Text<'_>, at_start: bool, at_end: bool) -> (usize, usize) {
    let (mut from, mut to) = (0, text.length());
    while at_start && from < to && is_space(text.unit(from)) {
        from += 1;
    }
    while at_end && to > from && is_space(text.unit(to - 1)) {
        to -= 1;
    }
    (from, to)
}

fn trimmed(call: &Call, method: &str, at_start: bool, at_end: bool) -> Outcome {
    let string = this_string(call, method)?;
    let (from, to) = inner(string.text(), at_start, at_end);
    Ok(string.substring(from, to).value())
}

pub fn trim(call: &Call) -> Outcome {
    trimmed(call, "trim", true, true)
}

pub fn trim_start(call: &Call) -> Outcome {
    trimmed(call, "trimStart", true, false)
}

pub fn trim_end(call: &Call) -> Outcome {
    trimmed(call, "trimEnd", false, true)
}
