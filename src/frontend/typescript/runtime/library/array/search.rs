//! Array methods that look for an element.

use super::sequence::{Sequence, callback, position};
use crate::call;
use crate::convert;
use crate::native::Call;
use crate::operator::{same_value_zero, strict_equal};
use crate::value::{Outcome, Value};

pub fn at(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "at")?;
    let length = sequence.length()? as f64;
    let relative = convert::to_integer(call.arg(0))?;
    let index = if relative < 0.0 {
        length + relative
    } else {
        relative
    };
    if index < 0.0 || index >= length {
        Ok(Value::UNDEFINED)
    } else {
        sequence.get(index as u64)
    }
}

/// The first element of those at `indices` that the function accepts, with its index.
fn search(
    call: &Call,
    sequence: Sequence,
    indices: impl Iterator<Item = u64>,
) -> Outcome<Option<(u64, Value)>> {
    let function = callback(call)?;
    for index in indices {
        let element = sequence.get(index)?;
        let result = call::call(
            function,
            call.arg(1),
            &[element, Value::int(index as i64), sequence.value()],
        )?;
        if convert::to_boolean(result) {
            return Ok(Some((index, element)));
        }
    }
    Ok(None)
}

fn element(found: Option<(u64, Value)>) -> Value {
    found.map_or(Value::UNDEFINED, |(_, element)| element)
}

fn index(found: Option<(u64, Value)>) -> Value {
    found.map_or(Value::int(-1), |(index, _)| Value::int(index as i64))
}

pub fn find(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "find")?;
    let length = sequence.length()?;
    search(call, sequence, 0..length).map(element)
}

pub fn find_index(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "findIndex")?;
    let length = sequence.length()?;
    search(call, sequence, 0..length).map(index)
}

pub fn find_last(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "findLast")?;
    let length = sequence.length()?;
    search(call, sequence, (0..length).rev()).map(element)
}

pub fn find_last_index(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "findLastIndex")?;
    let length = sequence.length()?;
    search(call, sequence, (0..length).rev()).map(index)
}

pub fn includes(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "includes")?;
    let length = sequence.length()?;
    for index in position(call.arg(1), length, 0)?..length {
        if same_value_zero(sequence.get(index)?, call.arg(0)) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

pub fn index_of(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "indexOf")?;
    let length = sequence.length()?;
    for index in position(call.arg(1), length, 0)?..length {
        if let Some(element) = sequence.present(index)?
            && strict_equal(element, call.arg(0))
        {
            return Ok(Value::int(index as i64));
        }
    }
    Ok(Value::int(-1))
}

pub fn last_index_of(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "lastIndexOf")?;
    let length = sequence.length()?;
    let mut end = length;
    if let Some(from) = call.args.get(1) {
        let from = convert::to_integer(*from)?;
        let last = if from < 0.0 {
            length as f64 + from
        } else {
            from
        };
        end = (last + 1.0).clamp(0.0, length as f64) as u64;
    }
    for index in (0..end).rev() {
        if let Some(element) = sequence.present(index)?
            && strict_equal(element, call.arg(0))
        {
            return Ok(Value::int(index as i64));
        }
    }
    Ok(Value::int(-1))
}
