//! Calls of C functions.

use super::{text, values};
use crate::error::to_word;
use crate::foreign::{self, callback, handle};
use crate::value::{Outcome, Value};

/// A pointer or the exception, at the border to generated code: no pointer looks like it.
fn pointer(result: Outcome<*mut u8>) -> u64 {
    to_word(result.map(|pointer| Value(pointer as u64)))
}

/// The same, with the number of bytes stored apart.
fn counted(result: Outcome<(*mut u8, usize)>, count: *mut u64) -> u64 {
    pointer(result.map(|(pointer, bytes)| {
        unsafe { count.write(bytes as u64) };
        pointer
    }))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_mark() -> u64 {
    foreign::mark()
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_release(mark: u64) {
    foreign::release(mark);
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_wrong(subject: u64, value: u64, what: u64) -> u64 {
    to_word(foreign::wrong(
        text(subject),
        Value(value),
        &text(what).to_rust(),
    ))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_wide(subject: u64, integer: u64, signed: u64) -> u64 {
    to_word(foreign::wide(text(subject), integer, signed != 0))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_string(value: u64, nullable: u64, subject: u64) -> u64 {
    pointer(foreign::string(Value(value), nullable != 0, text(subject)))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_text(value: u64, subject: u64, most: u64, count: *mut u64) -> u64 {
    counted(foreign::text(Value(value), text(subject), most), count)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_bytes(value: u64, subject: u64, most: u64, count: *mut u64) -> u64 {
    counted(foreign::bytes(Value(value), text(subject), most), count)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_bytes_back(
    array: u64,
    bytes: *const u8,
    count: u64,
    subject: u64,
) -> u64 {
    to_word(foreign::bytes_back(
        Value(array),
        bytes,
        count,
        text(subject),
    ))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_string_back(
    string: *mut u8,
    nullable: u64,
    free: Option<extern "C" fn(*mut u8)>,
    subject: u64,
) -> u64 {
    to_word(foreign::string_back(
        string,
        nullable != 0,
        free,
        text(subject),
    ))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_handle(value: u64, kind: u64, flags: u64, subject: u64) -> u64 {
    to_word(handle::pointer(Value(value), kind, flags, text(subject)).map(Value))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_handle_back(
    pointer: u64,
    kind: u64,
    flags: u64,
    subject: u64,
    count: u64,
    owners: *const u64,
) -> u64 {
    to_word(handle::handle(
        pointer,
        kind,
        flags,
        text(subject),
        values(count, owners),
    ))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_lend(cell: *mut u64, value: u64, subject: u64) -> u64 {
    to_word(callback::lend(cell, Value(value), text(subject)))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_may_call(cell: *const u64) -> i32 {
    i32::from(callback::may_call(cell))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_call_back(cell: *const u64, count: u64, arguments: *const u64) -> u64 {
    to_word(callback::call(cell, values(count, arguments)))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_native_thrown() -> u64 {
    to_word(callback::thrown())
}
