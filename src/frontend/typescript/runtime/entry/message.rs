//! Checks that know how the program wrote a value, for messages like V8's.

use super::{text, values};
use crate::call;
use crate::convert;
use crate::error::{self, to_word};
use crate::iterate::Iteration;
use crate::key::Key;
use crate::library;
use crate::object;
use crate::symbol;
use crate::value::{Outcome, Value};

/// A call, where `expression` is the text of the callee.
#[unsafe(no_mangle)]
pub extern "C" fn kt_call_named(
    callee: u64,
    this: u64,
    count: u64,
    args: *const u64,
    expression: u64,
) -> u64 {
    match Value(callee).as_function() {
        Some(function) => (function.entry())(callee, this, Value::UNDEFINED.0, count, args),
        None => to_word(error::throw_not_callable(
            Value(callee),
            Some(text(expression)),
        )),
    }
}

/// `new constructor(...)`, where `expression` is the text of the constructor.
#[unsafe(no_mangle)]
pub extern "C" fn kt_construct_named(
    constructor: u64,
    count: u64,
    args: *const u64,
    expression: u64,
) -> u64 {
    let value = Value(constructor);
    if value
        .as_function()
        .is_none_or(|function| !function.is_constructor())
    {
        return to_word(error::throw_type(format_args!(
            "{} is not a constructor",
            text(expression).to_rust()
        )));
    }
    to_word(call::construct(value, value, values(count, args)))
}

/// Throws a TypeError unless `value` is iterable. `expression` is its text, empty where it has none; `spread` is 1 for
/// the arguments of a call.
#[unsafe(no_mangle)]
pub extern "C" fn kt_check_iterable(value: u64, expression: u64, spread: u64) -> u64 {
    to_word(
        check_iterable(Value(value), &text(expression).to_rust(), spread == 1)
            .map(|()| Value::UNDEFINED),
    )
}

fn check_iterable(value: Value, expression: &str, spread: bool) -> Outcome<()> {
    if value.is_string() {
        return Ok(());
    }
    if expression.is_empty() {
        return library::check_iterable(value);
    }
    if value.is_nullish() {
        let detail = match (spread, value.is_undefined()) {
            (false, _) => "",
            (true, true) => " (cannot read property undefined)",
            (true, false) => " (cannot read property null)",
        };
        return error::throw_type(format_args!("{expression} is not iterable{detail}"));
    }
    if object::get(value, Key::symbol(symbol::iterator()))?.is_callable() {
        return Ok(());
    }
    if spread {
        return error::throw_type(format_args!(
            "Spread syntax requires ...iterable[Symbol.iterator] to be a function"
        ));
    }
    error::throw_type(format_args!("{expression} is not iterable"))
}

/// Destructuring of null or undefined: `expression` is its text, empty where it has none; `property` the first property
/// of the pattern, or 0.
#[unsafe(no_mangle)]
pub extern "C" fn kt_throw_cannot_destructure(value: u64, expression: u64, property: u64) -> u64 {
    let shown = convert::to_display(Value(value));
    let expression = match text(expression).to_rust() {
        empty if empty.is_empty() => shown.clone(),
        expression => expression,
    };
    to_word(if property == 0 {
        error::throw_type(format_args!(
            "Cannot destructure '{expression}' as it is {shown}."
        ))
    } else {
        let property = text(property).to_rust();
        error::throw_type(format_args!(
            "Cannot destructure property '{property}' of '{expression}' as it is {shown}."
        ))
    })
}

/// Begins an iteration: `expression` is the text of what is iterated over, empty where it has none.
#[unsafe(no_mangle)]
pub extern "C" fn kt_iteration_begin(iterable: u64, state: *mut Iteration, expression: u64) -> u64 {
    let value = Value(iterable);
    if value.as_array().is_none()
        && let Err(thrown) = check_iterable(value, &text(expression).to_rust(), false)
    {
        return to_word(Err(thrown));
    }
    to_word(Iteration::open(value).map(|iteration| {
        unsafe { state.write(iteration) };
        Value::UNDEFINED
    }))
}

/// Ends an iteration because of an exception, which goes on whatever closing does.
#[unsafe(no_mangle)]
pub extern "C" fn kt_iteration_abandon(state: &mut Iteration) -> u64 {
    let exception = error::take();
    if state.close().is_err() {
        error::take();
    }
    to_word(Err(error::throw_value(exception)))
}
