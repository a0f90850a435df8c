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

use alloc::string::String;

/// `String(x)`.
pub fn number_to_text(x: f64) -> String {
    let mut out = String::new();
    push_number(&mut out, x);
    out
}

unsafe extern "C" {
    safe fn floor(x: f64) -> f64;
    safe fn fmod(x: f64, y: f64) -> f64;
}
