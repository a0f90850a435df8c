//! The functions that generated code calls, as `abi.rs` lists them: each takes words, does what another module does, and
//! gives a word. Nothing is decided here.

mod access;
mod foreign;
mod function;
mod message;
mod operator;
mod throw;

use crate::string::Str;
use crate::value::Value;

/// The values that generated code passes as count and pointer.
#[inline(always)]
fn values<'a>(count: u64, values: *const u64) -> &'a [Value] {
    if count == 0 {
        &[]
    } else {
        unsafe { core::slice::from_raw_parts(values.cast(), count as usize) }
    }
}

/// A static string.
#[inline(always)]
fn text(string: u64) -> Str {
    Str::at(string as *mut u8)
}
