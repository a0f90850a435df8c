//! `Array`: the constructor and its statics, and the table of all methods. What the methods do is in the files below,
//! by what they are for; `sequence` is how they reach elements.

mod change;
mod combine;
mod reduce;
mod search;
mod sequence;
mod sort;
mod visit;

use crate::array::Array;
use crate::call;
use crate::error;
use crate::heap::storage::Values;
use crate::iterate;
use crate::key::{Key, names};
use crate::native::{Call, Native, NativeClass};
use crate::object::{Attributes, Object};
use crate::realm;
use crate::realm::Class;
use crate::symbol;
use crate::value::{Outcome, Value};
use sequence::Sequence;

pub static CLASS: NativeClass = NativeClass {
    name: "Array",
    length: 1,
    run: construct,
    parent: None,
    methods: METHODS,
    statics: STATICS,
    setup: Some(setup),
};

static METHODS: &[Native] = &[
    Native::new("at", 1, search::at),
    Native::new("concat", 1, combine::concat),
    Native::new("copyWithin", 2, change::copy_within),
    Native::new("fill", 1, change::fill),
    Native::new("find", 1, search::find),
    Native::new("findIndex", 1, search::find_index),
    Native::new("findLast", 1, search::find_last),
    Native::new("findLastIndex", 1, search::find_last_index),
    Native::new("lastIndexOf", 1, search::last_index_of),
    Native::new("pop", 0, change::pop),
    Native::new("push", 1, change::push),
    Native::new("reverse", 0, change::reverse),
    Native::new("shift", 0, change::shift),
    Native::new("unshift", 1, change::unshift),
    Native::new("slice", 2, combine::slice),
    Native::new("sort", 1, sort::sort),
    Native::new("splice", 2, change::splice),
    Native::new("includes", 1, search::includes),
    Native::new("indexOf", 1, search::index_of),
    Native::new("join", 1, combine::join),
    Native::new("keys", 0, |call| {
        iterator(call, iterate::IterationKind::Keys)
    }),
    Native::new("entries", 0, |call| {
        iterator(call, iterate::IterationKind::Entries)
    }),
    Native::new("values", 0, |call| {
        iterator(call, iterate::IterationKind::Values)
    }),
    Native::new("forEach", 1, visit::for_each),
    Native::new("filter", 1, visit::filter),
    Native::new("flat", 0, combine::flat),
    Native::new("flatMap", 1, combine::flat_map),
    Native::new("map", 1, visit::map),
    Native::new("every", 1, visit::every),
    Native::new("some", 1, visit::some),
    Native::new("reduce", 1, reduce::reduce),
    Native::new("reduceRight", 1, reduce::reduce_right),
    Native::new("toLocaleString", 0, combine::to_locale_string),
    Native::new("toReversed", 0, change::to_reversed),
    Native::new("toSorted", 1, sort::to_sorted),
    Native::new("toSpliced", 2, change::to_spliced),
    Native::new("toString", 0, combine::to_string),
    Native::new("with", 2, change::with),
];

static STATICS: &[Native] = &[
    Native::new("isArray", 1, |call| {
        Ok(Value::boolean(call.arg(0).as_array().is_some()))
    }),
    Native::new("from", 1, from),
    Native::new("of", 0, of),
    Native::new("get @@species", 0, |call| Ok(call.this)),
];

/// `Symbol.iterator` is the very function that `values` is.
fn setup(_: Object, prototype: Object) {
    if let Ok(values) = prototype.get(Key::of("values")) {
        prototype.define(Key::symbol(symbol::iterator()), values, Attributes::HIDDEN);
    }
}

fn iterator(call: &Call, kind: iterate::IterationKind) -> Outcome {
    let sequence = Sequence::of(call, "values")?;
    Ok(iterate::array_iterator(sequence.object, kind).into())
}

/// A length of 2^32 − 1 at most, from a number.
fn checked_length(length: f64) -> Outcome<u32> {
    if f64::from(length as u32) == length {
        Ok(length as u32)
    } else {
        error::throw_range(format_args!("Invalid array length"))
    }
}

/// `Array(…)` and `new Array(…)`.
fn construct(call: &Call) -> Outcome {
    let array = match call.args {
        [length] if length.is_number() => {
            let array = Array::new();
            array.set_length(checked_length(length.as_number().unwrap_or(0.0))?)?;
            array
        }
        elements => Array::from_values(elements),
    };
    if !call.new_target.is_undefined() {
        let prototype = call.instance_prototype(Class::Array)?;
        if prototype != realm::prototype(Class::Array).value() {
            array.object().set_prototype(prototype);
        }
    }
    Ok(array.value())
}

/// The new array of a static method called on `constructor`: `Array` itself or a class that extends it.
fn create(constructor: Value, length: Option<usize>) -> Outcome<Object> {
    let plain =
        constructor == realm::constructor(Class::Array).value() || !constructor.is_callable();
    if plain {
        return Ok(Array::with_capacity(length.unwrap_or(0)).object());
    }
    let made = match length {
        Some(length) => call::construct(constructor, constructor, &[Value::int(length as i64)])?,
        None => call::construct(constructor, constructor, &[])?,
    };
    match made.as_object() {
        Some(object) => Ok(object),
        None => error::throw_type(format_args!("object null is not a function")),
    }
}

/// Stores all values in an object made by [`create`].
fn store(object: Object, values: &Values) -> Outcome {
    for (index, value) in values.as_slice().iter().enumerate() {
        object.define(Key::index(index as u32), *value, Attributes::ALL);
    }
    object.set(names::length(), Value::int(values.len() as i64))?;
    Ok(object.value())
}

fn of(call: &Call) -> Outcome {
    if call.this == realm::constructor(Class::Array).value() {
        return Ok(Array::from_values(call.args).value());
    }
    store(
        create(call.this, Some(call.args.len()))?,
        &Values::from_slice(call.args),
    )
}

/// `Array.from(source, map, this)`.
fn from(call: &Call) -> Outcome {
    let (source, map, this) = (call.arg(0), call.arg(1), call.arg(2));
    if !map.is_undefined() && !map.is_callable() {
        return error::throw_type(format_args!(
            "{} is not a function",
            crate::convert::to_display(map)
        ));
    }
    let apply = |value: Value, index: usize| {
        if map.is_undefined() {
            Ok(value)
        } else {
            call::call(map, this, &[value, Value::int(index as i64)])
        }
    };
    let mut values = Values::new();
    let iterable = !source.is_nullish()
        && !crate::object::get(source, Key::symbol(symbol::iterator()))?.is_nullish();
    if source.is_nullish() {
        super::check_iterable(source)?;
    }
    if iterable {
        iterate::for_each(source, |value| {
            let value = apply(value, values.len())?;
            values.push(value);
            Ok(())
        })?;
    } else {
        let source = Sequence::of_value(source)?;
        for index in 0..source.length()? {
            let value = apply(source.get(index)?, index as usize)?;
            values.push(value);
        }
    }
    if call.this == realm::constructor(Class::Array).value() {
        return Ok(values.into_array().value());
    }
    store(create(call.this, None)?, &values)
}
