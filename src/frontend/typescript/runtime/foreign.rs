//! Calls of C functions: what is lent to C for the time of a call, and what comes back. Copies only: C never sees memory of
//! the collected heap. Knows the forms of values, and not which functions there are.

pub mod callback;
pub mod handle;

use crate::array::Array;
use crate::convert;
use crate::error;
use crate::global::Global;
use crate::libc;
use crate::string::{MAXIMUM_LENGTH, Str, TextBuilder};
use crate::value::{Outcome, Value};
use alloc::vec::Vec;

/// Something that C has until the call is over.
enum Lent {
    /// Memory of malloc.
    Memory(*mut u8),
    /// What the cell of a callback was before.
    Callback { cell: *mut u64, before: u64 },
}

/// All that C has, of calls within calls too.
static LENT: Global<Vec<Lent>> = Global::new(Vec::new());

/// Where what is lent from now on begins.
pub fn mark() -> u64 {
    LENT.state().len() as u64
}

/// Takes back what was lent since.
pub fn release(mark: u64) {
    while LENT.state().len() as u64 > mark {
        match LENT.state().pop() {
            Some(Lent::Memory(memory)) => libc::free(memory),
            Some(Lent::Callback { cell, before }) => callback::end(cell, before),
            None => return,
        }
    }
}

/// Memory until it is released, never null.
fn lend(size: usize) -> *mut u8 {
    let memory = libc::allocate(size.max(1));
    if memory.is_null() {
        crate::heap::out_of_memory();
    }
    LENT.state().push(Lent::Memory(memory));
    memory
}

fn lend_bytes(bytes: &[u8]) -> *mut u8 {
    let memory = lend(bytes.len());
    unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), memory, bytes.len()) };
    memory
}

/// What C cannot be given. Numbers are of the right type, and out of range.
#[cold]
pub fn wrong<T>(subject: Str, value: Value, what: &str) -> Outcome<T> {
    let shown = convert::to_display(value);
    let message = format_args!("{} must be {what} but got {shown}", subject.to_rust());
    match value.is_number() && what != "a boolean" {
        true => error::throw_range(message),
        false => error::throw_type(message),
    }
}

/// An integer that no number holds exactly.
#[cold]
pub fn wide<T>(subject: Str, integer: u64, signed: bool) -> Outcome<T> {
    let subject = subject.to_rust();
    if signed {
        let integer = integer as i64;
        return error::throw_range(format_args!(
            "{subject} is {integer}, which no number holds exactly"
        ));
    }
    error::throw_range(format_args!(
        "{subject} is {integer}, which no number holds exactly"
    ))
}

/// What C gives is NULL, and its type does not allow it.
#[cold]
fn null<T>(subject: Str) -> Outcome<T> {
    error::throw_type(format_args!("{} is NULL", subject.to_rust()))
}

/// A string as UTF-8.
fn utf8(value: Value, subject: Str, what: &str) -> Outcome<Vec<u8>> {
    let Some(string) = value.as_string() else {
        return mistyped(subject, value, what);
    };
    let mut bytes = Vec::with_capacity(string.length() as usize + 1);
    string.to_utf8(&mut bytes);
    Ok(bytes)
}

#[cold]
fn mistyped<T>(subject: Str, value: Value, what: &str) -> Outcome<T> {
    let shown = convert::to_display(value);
    error::throw_type(format_args!(
        "{} must be {what} but got {shown}",
        subject.to_rust()
    ))
}

/// A C string: UTF-8 with a NUL at its end.
pub fn string(value: Value, nullable: bool, subject: Str) -> Outcome<*mut u8> {
    if nullable && value.is_null() {
        return Ok(core::ptr::null_mut());
    }
    let what = if nullable {
        "a string or null"
    } else {
        "a string"
    };
    let mut bytes = utf8(value, subject, what)?;
    if bytes.contains(&0) {
        return error::throw_type(format_args!(
            "{} holds a NUL character, where a C string ends",
            subject.to_rust()
        ));
    }
    bytes.push(0);
    Ok(lend_bytes(&bytes))
}

fn check_count(count: usize, most: u64, subject: Str) -> Outcome<()> {
    if count as u64 > most {
        return error::throw_range(format_args!(
            "{} has {count} bytes, more than its length can say",
            subject.to_rust()
        ));
    }
    Ok(())
}

/// The bytes of a string, and how many there are.
pub fn text(value: Value, subject: Str, most: u64) -> Outcome<(*mut u8, usize)> {
    let bytes = utf8(value, subject, "a string")?;
    check_count(bytes.len(), most, subject)?;
    Ok((lend_bytes(&bytes), bytes.len()))
}

/// The bytes of an array of numbers.
pub fn bytes(value: Value, subject: Str, most: u64) -> Outcome<(*mut u8, usize)> {
    let elements = value.as_array().and_then(Array::dense);
    let Some(elements) = elements else {
        return mistyped(subject, value, "an array of bytes");
    };
    check_count(elements.len(), most, subject)?;
    let memory = lend(elements.len());
    for (index, element) in elements.iter().enumerate() {
        let number = element.get().as_number().unwrap_or(f64::NAN);
        let byte = number as u8;
        if f64::from(byte) != number {
            let element = match element.get() {
                hole if hole.is_empty() => Value::UNDEFINED,
                element => element,
            };
            let shown = convert::to_display(element);
            return error::throw_range(format_args!(
                "element {index} of {} must be an integer from 0 to 255 but got {shown}",
                subject.to_rust()
            ));
        }
        unsafe { memory.add(index).write(byte) };
    }
    Ok((memory, elements.len()))
}

/// Puts what C left into the array that the bytes are of, which gets as many elements as C says it wrote.
pub fn bytes_back(value: Value, memory: *const u8, count: u64, subject: Str) -> Outcome {
    let elements = value
        .as_array()
        .and_then(|array| Some((array, array.dense()?)));
    let Some((array, elements)) = elements else {
        return mistyped(subject, value, "an array of bytes");
    };
    // A callback may have changed the array: what does not fit any more is an error too.
    if count > elements.len() as u64 {
        return error::throw_range(format_args!(
            "{} has room for {} bytes, and {count} are said to be there",
            subject.to_rust(),
            elements.len()
        ));
    }
    for (index, element) in elements.iter().enumerate().take(count as usize) {
        element.set(Value::int(i64::from(unsafe { *memory.add(index) })));
    }
    if count < elements.len() as u64 {
        array.set_length(count as u32)?;
    }
    Ok(Value::UNDEFINED)
}

/// A C string as a value; then `free` gets it. What is no UTF-8 in it becomes U+FFFD.
pub fn string_back(
    memory: *mut u8,
    nullable: bool,
    free: Option<extern "C" fn(*mut u8)>,
    subject: Str,
) -> Outcome {
    if memory.is_null() {
        return if nullable {
            Ok(Value::NULL)
        } else {
            null(subject)
        };
    }
    let bytes = unsafe { core::ffi::CStr::from_ptr(memory.cast()) }.to_bytes();
    // In code units there are at most as many.
    let result = if bytes.len() as u64 > MAXIMUM_LENGTH {
        error::throw_range(format_args!("Invalid string length"))
    } else {
        Ok(decode(bytes).value())
    };
    if let Some(free) = free {
        free(memory);
    }
    result
}

fn decode(bytes: &[u8]) -> Str {
    if bytes.is_ascii() {
        return Str::from_latin1(bytes);
    }
    let mut text = TextBuilder::new();
    for chunk in bytes.utf8_chunks() {
        text.push_utf8(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_unit(0xFFFD);
        }
    }
    text.finish()
}
