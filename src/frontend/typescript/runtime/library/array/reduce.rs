//! `reduce` and `reduceRight`.

use super::sequence::{Sequence, callback};
use crate::call;
use crate::error;
use crate::native::Call;
use crate::value::{Outcome, Value};

pub fn reduce(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "reduce")?;
    let length = sequence.length()?;
    fold(call, sequence, 0..length)
}

pub fn reduce_right(call: &Call) -> Outcome {
    let sequence = Sequence::of(call, "reduceRight")?;
    let length = sequence.length()?;
    fold(call, sequence, (0..length).rev())
}

fn fold(call: &Call, sequence: Sequence, mut indices: impl Iterator<Item = u64>) -> Outcome {
    let function = callback(call)?;
    let mut result = match call.args.get(1) {
        Some(initial) => *initial,
        None => loop {
            let Some(index) = indices.next() else {
                return error::throw_type(format_args!(
                    "Reduce of empty array with no initial value"
                ));
            };
            if let Some(element) = sequence.present(index)? {
                break element;
            }
        },
    };
    for index in indices {
        if let Some(element) = sequence.present(index)? {
            result = call::call(
                function,
                Value::UNDEFINED,
                &[result, element, Value::int(index as i64), sequence.value()],
            )?;
        }
    }
    Ok(result)
}
