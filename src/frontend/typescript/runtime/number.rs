//! Numbers and their text: what `String(x)`, `Number(s)`, `toFixed` and their kin compute.
//!
//! The submodules deal in doubles and plain text only. They know neither values nor the heap, so they can be tested
//! alone; the library turns arguments into doubles and text into strings.

mod decimal;
mod parse;
mod radix;

pub use decimal::{push_fixed, push_grouped, push_number, push_precision, push_scientific};
pub use parse::{is_space, parse_float, parse_int, string_to_number};
pub use radix::push_radix;

use crate::libc::{floor, fmod};
use crate::string::Text;
use alloc::string::String;

/// `String(x)`.
pub fn number_to_text(x: f64) -> String {
    let mut out = String::with_capacity(24);
    push_number(&mut out, x);
    out
}

/// `String(x)` in a buffer of the caller: no text of a double is longer than 24 bytes.
pub fn format(x: f64, buffer: &mut [u8; 32]) -> &str {
    let mut out = String::with_capacity(buffer.len());
    push_number(&mut out, x);
    let length = out.len().min(buffer.len());
    buffer[..length].copy_from_slice(&out.as_bytes()[..length]);
    core::str::from_utf8(&buffer[..length]).unwrap_or("NaN")
}

/// `Number(text)`.
pub fn parse(text: Text<'_>) -> f64 {
    string_to_number(text.units())
}
