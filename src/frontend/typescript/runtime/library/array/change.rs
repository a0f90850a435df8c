//! Array methods that change the array, and their twins that change a copy.

use super::sequence::{Sequence, key_of, position};
use crate::array::Array;
use crate::convert;
use crate::error;
use crate::heap::storage::Values;
use crate::native::Call;
use crate::value::{Outcome, Value};

/// The greatest length of an array-like object.
const MAXIMUM: u64 = (1 << 53) - 1;

fn check_length(length: u64) -> Outcome<()> {
    if length > MAXIMUM {
        return error::throw_type(format_args!(
            "Pushing elements past the maximum array-like object length"
        ));
    }
    Ok(())
}

pub fn push(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "push")?;
    if let Some(array) = sequence.dense() {
        for value in call.args {
            array.push(*value);
        }
        return Ok(Value::int(i64::from(array.length())));
    }
    let mut length = sequence.length()?;
    check_length(length + call.args.len() as u64)?;
    for value in call.args {
        if !sequence.object.is_extensible() {
            return error::throw_type(format_args!(
                "Cannot add property {length}, object is not extensible"
            ));
        }
        sequence.object.set(key_of(length), *value)?;
        length += 1;
    }
    sequence.set_length(length)?;
    Ok(Value::int(length as i64))
}

pub fn pop(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "pop")?;
    let length = sequence.length()?;
    if length == 0 {
        sequence.set_length(0)?;
        return Ok(Value::UNDEFINED);
    }
    let last = sequence.get(length - 1)?;
    if let Some(array) = sequence.dense() {
        array.truncate(length as u32 - 1);
        return Ok(last);
    }
    sequence.delete(length - 1)?;
    sequence.set_length(length - 1)?;
    Ok(last)
}

pub fn shift(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "shift")?;
    let length = sequence.length()?;
    if length == 0 {
        sequence.set_length(0)?;
        return Ok(Value::UNDEFINED);
    }
    let first = sequence.get(0)?;
    if let Some(array) = sequence.dense() {
        array.drop_first();
        return Ok(first);
    }
    relocate(sequence, 1, length, 0)?;
    cut(sequence, length - 1, length)?;
    Ok(first)
}

pub fn unshift(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "unshift")?;
    let length = sequence.length()?;
    let count = call.args.len() as u64;
    check_length(length + count)?;
    if count > 0 {
        insert(sequence, 0, 0, call.args, length)?;
    }
    sequence.set_length(length + count)?;
    Ok(Value::int((length + count) as i64))
}

/// Moves the elements from `from` to `end` so that the first comes to lie at `to`.
fn relocate(sequence: Sequence, from: u64, end: u64, to: u64) -> Outcome<()> {
    if from == to || from >= end {
        return Ok(());
    }
    if let Some(cells) = sequence.dense().and_then(|array| array.dense()) {
        let (first, last, target) = (from as usize, end as usize, to as usize);
        if last <= cells.len() && target + (last - first) <= cells.len() {
            let count = last - first;
            if target < first {
                for index in 0..count {
                    cells[target + index].set(cells[first + index].get());
                }
            } else {
                for index in (0..count).rev() {
                    cells[target + index].set(cells[first + index].get());
                }
            }
            return Ok(());
        }
    }
    let count = end - from;
    if to < from {
        (0..count).try_for_each(|index| sequence.relocate(from + index, to + index))
    } else {
        (0..count)
            .rev()
            .try_for_each(|index| sequence.relocate(from + index, to + index))
    }
}

/// Shortens to `length`; elements up to `end` go.
fn cut(sequence: Sequence, length: u64, end: u64) -> Outcome<()> {
    if let Some(array) = sequence.dense() {
        array.truncate(length as u32);
        return Ok(());
    }
    for index in (length..end).rev() {
        sequence.delete(index)?;
    }
    sequence.set_length(length)
}

/// Replaces `removed` elements at `start` by `values`, in a sequence of `length` elements. The length is set by the caller
/// where it grows.
fn insert(
    sequence: Sequence,
    start: u64,
    removed: u64,
    values: &[Value],
    length: u64,
) -> Outcome<()> {
    let count = values.len() as u64;
    if count < removed {
        relocate(sequence, start + removed, length, start + count)?;
        cut(sequence, length - (removed - count), length)?;
    } else if count > removed {
        if let Some(array) = sequence.dense() {
            for _ in removed..count {
                array.push(Value::UNDEFINED);
            }
        }
        relocate(sequence, start + removed, length, start + count)?;
    }
    for (index, value) in values.iter().enumerate() {
        sequence.set(start + index as u64, *value)?;
    }
    Ok(())
}

/// The start and the number of elements to remove, from the arguments of `splice`.
fn range(call: &Call, length: u64) -> Outcome<(u64, u64)> {
    let start = position(call.arg(0), length, 0)?;
    let removed = match call.args.len() {
        0 => 0,
        1 => length - start,
        _ => convert::to_integer(call.arg(1))?.clamp(0.0, (length - start) as f64) as u64,
    };
    Ok((start, removed))
}

pub fn splice(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "splice")?;
    let length = sequence.length()?;
    let (start, removed) = range(call, length)?;
    let values = call.args.get(2..).unwrap_or(&[]);
    check_length(length - removed + values.len() as u64)?;
    let target = sequence.create(removed)?;
    for index in 0..removed {
        if let Some(value) = sequence.present(start + index)? {
            target.put(index, value);
        }
    }
    let result = target.finish(removed)?;
    insert(sequence, start, removed, values, length)?;
    sequence.set_length(length - removed + values.len() as u64)?;
    Ok(result)
}

pub fn reverse(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "reverse")?;
    let length = sequence.length()?;
    for index in 0..length / 2 {
        let other = length - 1 - index;
        let (low, high) = (sequence.present(index)?, sequence.present(other)?);
        for (place, value) in [(index, high), (other, low)] {
            match value {
                Some(value) => sequence.set(place, value)?,
                None => sequence.delete(place)?,
            }
        }
    }
    Ok(sequence.value())
}

pub fn fill(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "fill")?;
    let length = sequence.length()?;
    let start = position(call.arg(1), length, 0)?;
    let end = position(call.arg(2), length, length)?;
    for index in start..end {
        sequence.set(index, call.arg(0))?;
    }
    Ok(sequence.value())
}

pub fn copy_within(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "copyWithin")?;
    let length = sequence.length()?;
    let to = position(call.arg(0), length, 0)?;
    let from = position(call.arg(1), length, 0)?;
    let end = position(call.arg(2), length, length)?;
    let count = end.saturating_sub(from).min(length - to);
    relocate(sequence, from, from + count, to)?;
    Ok(sequence.value())
}

/// All elements, holes as undefined.
pub fn copy(sequence: Sequence) -> Outcome<Values> {
    let mut values = Values::new();
    for index in 0..sequence.length()? {
        values.push(sequence.get(index)?);
    }
    Ok(values)
}

pub fn to_reversed(call: &Call) -> Outcome {
    let mut values = copy(Sequence::of(call, "toReversed")?)?;
    values.as_mut_slice().reverse();
    Ok(values.into_array().value())
}

pub fn to_spliced(call: &Call) -> Outcome {
    let values = copy(Sequence::of(call, "toSpliced")?)?;
    let (start, removed) = range(call, values.len() as u64)?;
    let array = Array::new();
    let (before, rest) = values.as_slice().split_at(start as usize);
    for value in before
        .iter()
        .chain(call.args.get(2..).unwrap_or(&[]))
        .chain(&rest[removed as usize..])
    {
        array.push(*value);
    }
    Ok(array.value())
}

pub fn with(call: &Call) -> Outcome {
    let mut values = copy(Sequence::of(call, "with")?)?;
    let relative = convert::to_integer(call.arg(0))?;
    let index = if relative < 0.0 {
        values.len() as f64 + relative
    } else {
        relative
    };
    if index < 0.0 || index >= values.len() as f64 {
        return error::throw_range(format_args!(
            "Invalid index : {}",
            crate::number::number_to_text(relative)
        ));
    }
    values.as_mut_slice()[index as usize] = call.arg(1);
    Ok(values.into_array().value())
}
