//! Throwing. The thrown value waits here until someone takes it; everything between returns `Thrown`, or `EXCEPTION` at
//! the border to generated code. Error objects as such are made in `builtin::error`.

use crate::abi;
use crate::builtin;
use crate::convert;
use crate::global::Global;
use crate::realm::Class;
use crate::string::{Str, TextBuilder};
use crate::value::{Outcome, Thrown, Value};
use core::fmt::{Arguments, Write};

static THROWN: Global<Value> = Global::new(Value::EMPTY);

/// The lowest stack address that generated code may use.
#[unsafe(no_mangle)]
pub static kt_stack_limit: Global<u64> = Global::new(0);

/// The waiting value, for the collector.
pub fn waiting() -> Value {
    THROWN.read()
}

pub fn throw_value(value: Value) -> Thrown {
    THROWN.write(value);
    Thrown
}

/// The thrown value, which is no longer thrown.
pub fn take() -> Value {
    let value = THROWN.read();
    THROWN.write(Value::EMPTY);
    value
}

pub fn format(message: Arguments<'_>) -> Str {
    let mut text = TextBuilder::new();
    // Writing to memory does not fail.
    let _ = text.write_fmt(message);
    text.finish()
}

#[cold]
#[inline(never)]
pub fn throw<T>(class: Class, message: Arguments<'_>) -> Outcome<T> {
    let message = format(message);
    Err(throw_value(builtin::error::create(class, message).value()))
}

pub fn throw_type<T>(message: Arguments<'_>) -> Outcome<T> {
    throw(Class::TypeError, message)
}

pub fn throw_range<T>(message: Arguments<'_>) -> Outcome<T> {
    throw(Class::RangeError, message)
}

pub fn throw_reference<T>(message: Arguments<'_>) -> Outcome<T> {
    throw(Class::ReferenceError, message)
}

pub fn throw_syntax<T>(message: Arguments<'_>) -> Outcome<T> {
    throw(Class::SyntaxError, message)
}

#[cold]
pub fn throw_stack_overflow<T>() -> Outcome<T> {
    throw_range(format_args!("Maximum call stack size exceeded"))
}

/// `what is not a function`, where `what` is the text of the expression if there is one.
#[cold]
pub fn throw_not_callable<T>(value: Value, text: Option<Str>) -> Outcome<T> {
    match text {
        Some(text) => throw_type(format_args!("{} is not a function", text.to_rust())),
        None => throw_type(format_args!(
            "{} is not a function",
            convert::to_display(value)
        )),
    }
}

/// Throws when the stack is nearly used up. For everything in the runtime that recurses through the program's data.
#[inline(always)]
pub fn check_stack() -> Outcome<()> {
    let here = 0u8;
    if (&raw const here as u64) < kt_stack_limit.read() {
        throw_stack_overflow()
    } else {
        Ok(())
    }
}

/// The result at the border to generated code.
#[inline(always)]
pub fn to_word(result: Outcome) -> u64 {
    match result {
        Ok(value) => value.0,
        Err(Thrown) => abi::EXCEPTION,
    }
}

/// The result of generated code.
#[inline(always)]
pub fn from_word(word: u64) -> Outcome {
    if word == abi::EXCEPTION {
        Err(Thrown)
    } else {
        Ok(Value(word))
    }
}
