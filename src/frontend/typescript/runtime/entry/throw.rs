//! Throwing and catching.

use super::text;
use crate::convert;
use crate::error::{self, to_word};
use crate::function::Function;
use crate::value::Value;

#[unsafe(no_mangle)]
pub extern "C" fn kt_throw(value: u64) -> u64 {
    to_word(Err(error::throw_value(Value(value))))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_throw_tdz(name: u64) -> u64 {
    let name = text(name).to_rust();
    if name == "this" {
        return to_word(error::throw_reference(format_args!(
            "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"
        )));
    }
    to_word(error::throw_reference(format_args!(
        "Cannot access '{name}' before initialization"
    )))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_throw_constant(_: u64) -> u64 {
    to_word(error::throw_type(format_args!(
        "Assignment to constant variable."
    )))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_throw_stack_overflow() -> u64 {
    to_word(error::throw_stack_overflow())
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_throw_not_a_number(name: u64, value: u64) -> u64 {
    let shown = convert::to_display(Value(value));
    to_word(error::throw_type(format_args!(
        "{} is annotated as number but got {shown}",
        text(name).to_rust()
    )))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_throw_type(message: u64) -> u64 {
    to_word(error::throw_type(format_args!(
        "{}",
        text(message).to_rust()
    )))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_throw_reference(message: u64) -> u64 {
    to_word(error::throw_reference(format_args!(
        "{}",
        text(message).to_rust()
    )))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_throw_not_callable(value: u64, expression: u64) -> u64 {
    let expression = (expression != 0).then(|| text(expression));
    to_word(error::throw_not_callable(Value(value), expression))
}

/// A class was called without `new`.
#[unsafe(no_mangle)]
pub extern "C" fn kt_throw_class_call(class: u64) -> u64 {
    let name = Value(class)
        .as_function()
        .map(Function::shown_name)
        .map_or_else(Default::default, crate::string::Str::to_rust);
    to_word(error::throw_type(format_args!(
        "Class constructor {name} cannot be invoked without 'new'"
    )))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_require_object(value: u64) -> u64 {
    if Value(value).is_nullish() {
        let shown = convert::to_display(Value(value));
        return to_word(error::throw_type(format_args!(
            "Cannot destructure '{shown}' as it is {shown}."
        )));
    }
    value
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_take_exception() -> u64 {
    error::take().0
}
