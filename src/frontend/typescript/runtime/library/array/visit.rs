//! Array methods that call a function for each element in order.

use super::sequence::{Sequence, callback};
use crate::call;
use crate::convert::to_boolean;
use crate::native::Call;
use crate::value::{Outcome, Value};

/// Calls the function for every element that is not a hole, until `each` says that it is enough.
fn visit(call: &Call, name: &str, mut each: impl FnMut(u64, Value, Value) -> bool) -> Outcome<()> {
    let sequence = Sequence::of(call, name)?;
    let length = sequence.length()?;
    let function = callback(call)?;
    for index in 0..length {
        if let Some(element) = sequence.present(index)? {
            let result = call::call(
                function,
                call.arg(1),
                &[element, Value::int(index as i64), sequence.value()],
            )?;
            if !each(index, element, result) {
                break;
            }
        }
    }
    Ok(())
}

pub fn for_each(call: &Call) -> Outcome {
    visit(call, "forEach", |_, _, _| true)?;
    Ok(Value::UNDEFINED)
}

pub fn some(call: &Call) -> Outcome {
    let mut found = false;
    visit(call, "some", |_, _, result| {
        found = to_boolean(result);
        !found
    })?;
    Ok(Value::boolean(found))
}

pub fn every(call: &Call) -> Outcome {
    let mut all = true;
    visit(call, "every", |_, _, result| {
        all = to_boolean(result);
        all
    })?;
    Ok(Value::boolean(all))
}

pub fn map(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "map")?;
    let length = sequence.length()?;
    callback(call)?;
    let target = sequence.create(length)?;
    visit(call, "map", |index, _, result| {
        target.put(index, result);
        true
    })?;
    target.finish(length)
}

pub fn filter(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "filter")?;
    callback(call)?;
    let target = sequence.create(0)?;
    let mut count = 0;
    visit(call, "filter", |_, element, result| {
        if to_boolean(result) {
            target.put(count, element);
            count += 1;
        }
        true
    })?;
    target.finish(count)
}
