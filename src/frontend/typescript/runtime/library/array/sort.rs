//! `sort` and `toSorted`: a stable merge sort of runs, extended by binary insertion as V8 does it, so that comparison
//! functions which are no proper order mostly lead to the same result.

use super::change::copy;
use super::sequence::Sequence;
use crate::array::Array;
use crate::call;
use crate::convert;
use crate::error;
use crate::heap::storage::Values;
use crate::native::Call;
use crate::string::{self, Str};
use crate::value::{Outcome, Value};
use alloc::vec::Vec;

/// Decides whether the first is to come before the second.
type Before<'a> = dyn Fn(Value, Value) -> Outcome<bool> + 'a;

fn comparator(call: &Call) -> Outcome {
    let function = call.arg(0);
    if function.is_undefined() || function.is_callable() {
        return Ok(function);
    }
    error::throw_type(format_args!(
        "The comparison function must be either a function or undefined"
    ))
}

pub fn sort(call: &Call) -> Outcome {
    let function = comparator(call)?;
    let sequence = Sequence::of(call, "sort")?;
    let length = sequence.length()?;
    let mut values = Values::new();
    let mut undefined = 0;
    for index in 0..length {
        match sequence.present(index)? {
            Some(Value::UNDEFINED) => undefined += 1,
            Some(value) => values.push(value),
            None => {}
        }
    }
    sort_values(&mut values, function)?;
    let mut index = 0;
    for value in values
        .as_slice()
        .iter()
        .copied()
        .chain(core::iter::repeat_n(Value::UNDEFINED, undefined))
    {
        sequence.set(index, value)?;
        index += 1;
    }
    for index in index..length {
        if sequence.present(index)?.is_some() {
            sequence.delete(index)?;
        }
    }
    Ok(sequence.value())
}

pub fn to_sorted(call: &Call) -> Outcome {
    let function = comparator(call)?;
    let all = copy(Sequence::of(call, "toSorted")?)?;
    let mut values = Values::new();
    all.as_slice()
        .iter()
        .filter(|value| !value.is_undefined())
        .for_each(|value| values.push(*value));
    sort_values(&mut values, function)?;
    let array = Array::from_values(values.as_slice());
    for _ in values.len()..all.len() {
        array.push(Value::UNDEFINED);
    }
    Ok(array.value())
}

fn sort_values(values: &mut Values, function: Value) -> Outcome<()> {
    if !function.is_undefined() {
        return merge_sort(values.as_mut_slice(), &|a, b| {
            let order = call::call(function, Value::UNDEFINED, &[a, b])?;
            let order = match order.as_number() {
                Some(order) => order,
                None => convert::to_number(order)?,
            };
            Ok(order < 0.0)
        });
    }
    if values.as_slice().iter().all(|value| value.is_string()) {
        return merge_sort(values.as_mut_slice(), &|a, b| Ok(text_before(a, b)));
    }
    sort_by_text(values)
}

fn text_before(a: Value, b: Value) -> bool {
    match (a.as_string(), b.as_string()) {
        (Some(a), Some(b)) => string::compare(a, b).is_lt(),
        _ => false,
    }
}

/// Sorts by the texts of the values, each of which is made once.
fn sort_by_text(values: &mut Values) -> Outcome<()> {
    let mut texts = Values::new();
    for value in values.as_slice() {
        let text: Str = convert::to_string(*value)?;
        texts.push(text.value());
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(
        |a, b| match (texts[*a].as_string(), texts[*b].as_string()) {
            (Some(a), Some(b)) => string::compare(a, b),
            _ => core::cmp::Ordering::Equal,
        },
    );
    let sorted = Values::from_slice(values.as_slice());
    for (target, source) in values.as_mut_slice().iter_mut().zip(order) {
        *target = sorted[source];
    }
    Ok(())
}

/// The least length of a run that is merged: between 32 and 64, so that their number is close to a power of two.
fn minimum_run(mut length: usize) -> usize {
    let mut odd = 0;
    while length >= 64 {
        odd |= length & 1;
        length >>= 1;
    }
    length + odd
}

fn merge_sort(values: &mut [Value], before: &Before) -> Outcome<()> {
    let length = values.len();
    if length < 2 {
        return Ok(());
    }
    let minimum = minimum_run(length);
    let mut scratch = Values::from_slice(values);
    // Start and length of the runs that are not merged yet.
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    while start < length {
        let found = natural_run(&mut values[start..], before)?;
        let wanted = minimum.min(length - start).max(found);
        insert_sorted(&mut values[start..start + wanted], found, before)?;
        runs.push((start, wanted));
        start += wanted;
        while let [.., a, b, c] = runs[..] {
            if a.1 > b.1 + c.1 && b.1 > c.1 {
                break;
            }
            let at = if a.1 < c.1 {
                runs.len() - 3
            } else {
                runs.len() - 2
            };
            merge_at(values, &mut runs, at, &mut scratch, before)?;
        }
        if let [a, b] = runs[..]
            && a.1 <= b.1
        {
            merge_at(values, &mut runs, 0, &mut scratch, before)?;
        }
    }
    while runs.len() > 1 {
        let at = runs.len() - 2;
        merge_at(values, &mut runs, at, &mut scratch, before)?;
    }
    Ok(())
}

/// The length of the run at the start; a strictly descending one is turned round.
fn natural_run(values: &mut [Value], before: &Before) -> Outcome<usize> {
    if values.len() < 2 {
        return Ok(values.len());
    }
    let mut length = 2;
    let descending = before(values[1], values[0])?;
    while length < values.len() && before(values[length], values[length - 1])? == descending {
        length += 1;
    }
    if descending {
        values[..length].reverse();
    }
    Ok(length)
}

/// Sorts, where the first `sorted` values are in order already.
fn insert_sorted(values: &mut [Value], sorted: usize, before: &Before) -> Outcome<()> {
    for index in sorted..values.len() {
        let pivot = values[index];
        let (mut low, mut high) = (0, index);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(pivot, values[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        values.copy_within(low..index, low + 1);
        values[low] = pivot;
    }
    Ok(())
}

/// Merges the runs at `at` and `at + 1`. `scratch` is as long as the whole.
fn merge_at(
    values: &mut [Value],
    runs: &mut Vec<(usize, usize)>,
    at: usize,
    scratch: &mut Values,
    before: &Before,
) -> Outcome<()> {
    let ((start, left), (_, right)) = (runs[at], runs[at + 1]);
    runs[at].1 = left + right;
    runs.remove(at + 1);
    let low = &mut scratch.as_mut_slice()[..left];
    low.copy_from_slice(&values[start..start + left]);
    let (mut from_low, mut from_high, end) = (0, start + left, start + left + right);
    let mut target = start;
    while from_low < left && from_high < end {
        if before(values[from_high], low[from_low])? {
            values[target] = values[from_high];
            from_high += 1;
        } else {
            values[target] = low[from_low];
            from_low += 1;
        }
        target += 1;
    }
    values[target..target + left - from_low].copy_from_slice(&low[from_low..]);
    Ok(())
}
