//! Array methods that put arrays together or take parts of them, and those that make text.

use super::sequence::{Sequence, Target, callback, position};
use crate::call;
use crate::convert;
use crate::error;
use crate::global::Global;
use crate::key::{Key, names};
use crate::native::Call;
use crate::string::{MAXIMUM_LENGTH, Str, TextBuilder};
use crate::value::{Outcome, Value};
use alloc::vec::Vec;

pub fn slice(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "slice")?;
    let length = sequence.length()?;
    let start = position(call.arg(0), length, 0)?;
    let end = position(call.arg(1), length, length)?;
    let count = end.saturating_sub(start);
    let target = sequence.create(count)?;
    append(&target, 0, sequence, start..start + count)?;
    target.finish(count)
}

/// Adds a range of elements; holes stay holes. Gives the index after them.
fn append(
    target: &Target,
    mut index: u64,
    source: Sequence,
    range: core::ops::Range<u64>,
) -> Outcome<u64> {
    for position in range {
        if let Some(value) = source.present(position)? {
            target.put(index, value);
        }
        index += 1;
    }
    Ok(index)
}

pub fn concat(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "concat")?;
    let target = sequence.create(0)?;
    let mut index = 0;
    for value in core::iter::once(&sequence.value()).chain(call.args) {
        if value.as_array().is_some() {
            let source = Sequence::of_value(*value)?;
            index = append(&target, index, source, 0..source.length()?)?;
        } else {
            target.put(index, *value);
            index += 1;
        }
    }
    target.finish(index)
}

/// Adds the elements of `source`, those of arrays in it one by one, `depth` levels down.
fn flatten(target: &Target, mut index: u64, source: Sequence, depth: f64) -> Outcome<u64> {
    error::check_stack()?;
    for position in 0..source.length()? {
        let Some(value) = source.present(position)? else {
            continue;
        };
        if depth > 0.0 && value.as_array().is_some() {
            index = flatten(target, index, Sequence::of_value(value)?, depth - 1.0)?;
        } else {
            target.put(index, value);
            index += 1;
        }
    }
    Ok(index)
}

pub fn flat(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "flat")?;
    let depth = if call.arg(0).is_undefined() {
        1.0
    } else {
        convert::to_integer(call.arg(0))?
    };
    let target = sequence.create(0)?;
    let count = flatten(&target, 0, sequence, depth)?;
    target.finish(count)
}

pub fn flat_map(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "flatMap")?;
    let length = sequence.length()?;
    let function = call.arg(0);
    if !function.is_callable() {
        return error::throw_type(format_args!("flatMap mapper function is not callable"));
    }
    let function = callback(call)?;
    let target = sequence.create(0)?;
    let mut count = 0;
    for index in 0..length {
        let Some(element) = sequence.present(index)? else {
            continue;
        };
        let value = call::call(
            function,
            call.arg(1),
            &[element, Value::int(index as i64), sequence.value()],
        )?;
        if value.as_array().is_some() {
            count = flatten(&target, count, Sequence::of_value(value)?, 0.0)?;
        } else {
            target.put(count, value);
            count += 1;
        }
    }
    target.finish(count)
}

/// The objects whose elements are being joined: one that contains itself gives nothing the second time.
static JOINING: Global<Vec<Value>> = Global::new(Vec::new());

/// The texts of all elements with a separator between; null and undefined are empty.
fn joined(sequence: Sequence, separator: Str, text: impl Fn(Value) -> Outcome<Str>) -> Outcome {
    if JOINING.state().contains(&sequence.value()) {
        return Ok(Str::empty().value());
    }
    error::check_stack()?;
    JOINING.state().push(sequence.value());
    let result = join_elements(sequence, separator, text);
    JOINING.state().pop();
    result
}

fn join_elements(
    sequence: Sequence,
    separator: Str,
    text: impl Fn(Value) -> Outcome<Str>,
) -> Outcome {
    let mut builder = TextBuilder::new();
    for index in 0..sequence.length()? {
        if index > 0 {
            builder.push(separator);
        }
        if builder.length() as u64 > MAXIMUM_LENGTH {
            // Not at the end only: an absurd length would exhaust the memory first.
            break;
        }
        let element = sequence.get(index)?;
        if let Some(string) = element.as_string() {
            builder.push(string);
        } else if !element.is_nullish() {
            builder.push(text(element)?);
        }
    }
    Ok(builder.finish_checked()?.value())
}

pub fn join(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "join")?;
    let separator = if call.arg(0).is_undefined() {
        Str::unit(u16::from(b','))
    } else {
        convert::to_string(call.arg(0))?
    };
    joined(sequence, separator, convert::to_string)
}

pub fn to_string(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "toString")?;
    let join = sequence.object.get(names::join())?;
    if join.is_callable() {
        return call::call(join, sequence.value(), &[]);
    }
    crate::library::object_to_string(sequence.value())
}

pub fn to_locale_string(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "toLocaleString")?;
    let key = Key::of("toLocaleString");
    joined(sequence, Str::unit(u16::from(b',')), |element| {
        convert::to_string(call::invoke(element, key, &[])?)
    })
}
