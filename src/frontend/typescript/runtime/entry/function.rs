//! Functions, classes, calls and globals.

use super::{text, values};
use crate::abi::{self, FunctionRecord};
use crate::array::{self, Array};
use crate::call;
use crate::class;
use crate::error::{self, to_word};
use crate::function::Function;
use crate::heap::storage::Values;
use crate::realm;
use crate::value::{Outcome, Value};

#[unsafe(no_mangle)]
pub extern "C" fn kt_closure(
    record: *const FunctionRecord,
    count: u64,
    captures: *const u64,
) -> u64 {
    Function::closure(record, values(count, captures)).value().0
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_static_function(slot: *mut u64, record: *const FunctionRecord) -> u64 {
    let known = Value(unsafe { *slot });
    if known.is_object() {
        return known.0;
    }
    let function = Function::closure(record, &[]).value();
    unsafe { *slot = function.0 };
    function.0
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_call(callee: u64, this: u64, count: u64, args: *const u64) -> u64 {
    match Value(callee).as_function() {
        Some(function) => (function.entry())(callee, this, abi::UNDEFINED, count, args),
        None => to_word(error::throw_not_callable(Value(callee), None)),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_construct(
    constructor: u64,
    new_target: u64,
    count: u64,
    args: *const u64,
) -> u64 {
    to_word(call::construct(
        Value(constructor),
        Value(new_target),
        values(count, args),
    ))
}

/// Copies the arguments to where there is room for as many as are wanted; what is missing is undefined.
#[unsafe(no_mangle)]
pub extern "C" fn kt_pad_arguments(count: u64, args: *const u64, wanted: u64, target: *mut u64) {
    let args = values(count, args);
    for index in 0..wanted as usize {
        let value = args.get(index).copied().unwrap_or(Value::UNDEFINED);
        unsafe { target.add(index).write(value.0) };
    }
}

/// The elements of an array, holes being undefined. A copy, as the callee may change the array.
fn elements(array: Value) -> Outcome<Values> {
    let array = Array::at(array.pointer());
    let mut values = Values::with_capacity(array.length() as usize);
    for index in 0..array.length() {
        values.push(array::element(array, index)?);
    }
    Ok(values)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_call_array(callee: u64, this: u64, array: u64) -> u64 {
    to_word(elements(Value(array)).and_then(|args| call::call(Value(callee), Value(this), &args)))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_construct_array(constructor: u64, new_target: u64, array: u64) -> u64 {
    to_word(
        elements(Value(array))
            .and_then(|args| call::construct(Value(constructor), Value(new_target), &args)),
    )
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_class(
    record: *const FunctionRecord,
    parent: u64,
    count: u64,
    captures: *const u64,
) -> u64 {
    to_word(class::create(
        record,
        Value(parent),
        values(count, captures),
    ))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_class_prototype(class: u64) -> u64 {
    Function::at(Value(class).pointer()).data().0
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_super_constructor(class: u64) -> u64 {
    to_word(class::super_constructor(Value(class)))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_builtin(name: u64) -> u64 {
    realm::global(&text(name).to_rust())
        .unwrap_or(Value::UNDEFINED)
        .0
}
