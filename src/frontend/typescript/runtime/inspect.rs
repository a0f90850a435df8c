//! Values as `console.log` shows them: Node's `util.inspect` with its default options.
//!
//! The text is made in UTF-8. What a value looks like is decided in `object` and below it; how entries are put on lines
//! is `layout`'s. It runs no getters of the program except `constructor`, `name`, `message`, `stack` and
//! `Symbol.toStringTag`, as Node does.

mod display;
mod entries;
mod failure;
mod format;
mod layout;
mod naming;
mod object;
mod quote;
mod width;

pub use format::format;
pub use width::columns_of;

use crate::heap::storage::Values;
use crate::string::Str;
use crate::value::{Outcome, Value};
use alloc::string::String;

/// What may be varied; the rest is fixed to Node's defaults.
#[derive(Clone, Copy)]
pub struct Options {
    /// Objects below so many levels are shown by name only; −1 shows even the outermost by name.
    pub depth: i32,
    pub show_hidden: bool,
    pub break_length: usize,
    /// More elements of one array, map or set than this are only counted.
    pub maximum_items: usize,
}

impl Options {
    pub const DEFAULT: Options = Options {
        depth: 2,
        show_hidden: false,
        break_length: 80,
        maximum_items: 100,
    };
}

/// The state of showing one value.
struct Inspection {
    options: Options,
    /// Columns by which the text around the current value is indented.
    indentation: usize,
    /// The objects that are being shown, outermost first.
    open: Values,
    /// Those that were met again inside themselves, in the order of their numbers.
    circular: Values,
    /// The level of the object whose entries were begun last.
    innermost: i32,
}

/// The text of a value.
pub fn text(value: Value, options: Options) -> Outcome<String> {
    let mut inspection = Inspection {
        options,
        indentation: 0,
        open: Values::new(),
        circular: Values::new(),
        innermost: 0,
    };
    inspection.show(value, 0)
}

/// The text of a value that nothing can be thrown for: whatever a property of it throws is dropped.
pub fn inspect(value: Value) -> Str {
    match text(value, Options::DEFAULT) {
        Ok(text) => Str::from_utf8(&text),
        Err(_) => {
            crate::error::take();
            Str::from_utf8("[object]")
        }
    }
}

/// A string as UTF-8.
pub fn utf8(string: Str) -> String {
    let mut bytes = alloc::vec::Vec::new();
    string.to_utf8(&mut bytes);
    // `to_utf8` replaces what cannot be encoded, so the check never fails.
    String::from_utf8(bytes).unwrap_or_default()
}
