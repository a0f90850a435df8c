//! Primitives as they are shown, and the way from any value to its text.

use super::object::Shown;
use super::{Inspection, quote};
use crate::number;
use crate::string::{Str, Text};
use crate::symbol::Symbol;
use crate::value::{Outcome, Value};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Longer strings are cut.
const MAXIMUM_STRING: usize = 10_000;
/// Strings up to this length stay on one line, wherever they are.
const MINIMUM_LINE: usize = 16;

/// A number, with the sign of negative zero.
pub fn number_text(number: f64) -> String {
    if number == 0.0 && number.is_sign_negative() {
        String::from("-0")
    } else {
        number::number_to_text(number)
    }
}

/// `Symbol(description)`.
pub fn symbol_text(symbol: Symbol) -> String {
    let description = symbol
        .description()
        .as_string()
        .map(super::utf8)
        .unwrap_or_default();
    format!("Symbol({description})")
}

/// The code units of a text.
pub fn units(text: Text<'_>) -> impl Iterator<Item = u16> + Clone + '_ {
    (0..text.length()).map(move |index| text.unit(index))
}

/// A string in quotes, however long.
pub fn quoted(string: Str) -> String {
    quote::quote(units(string.text()))
}

impl Inspection {
    /// The text of a value at a level of nesting.
    pub fn show(&mut self, value: Value, level: i32) -> Outcome<String> {
        let Some(object) = value.as_object() else {
            return Ok(self.primitive(value));
        };
        if self.open.as_slice().contains(&value) {
            let known = self
                .circular
                .as_slice()
                .iter()
                .position(|seen| *seen == value);
            let index = known.unwrap_or_else(|| {
                self.circular.push(value);
                self.circular.len() - 1
            });
            return Ok(format!("[Circular *{}]", index + 1));
        }
        Shown::of(self, object, level)?.finish(self, level)
    }

    pub fn primitive(&self, value: Value) -> String {
        if let Some(string) = value.as_string() {
            return self.string(string);
        }
        if let Some(number) = value.as_number() {
            return number_text(number);
        }
        if let Some(symbol) = value.as_symbol() {
            return symbol_text(symbol);
        }
        String::from(match value {
            Value::TRUE => "true",
            Value::FALSE => "false",
            Value::NULL => "null",
            _ => "undefined",
        })
    }

    /// A string; a long one with several lines is shown as a sum of its lines.
    fn string(&self, string: Str) -> String {
        let text = string.text();
        let length = text.length();
        let mut all: Vec<u16> = units(text).take(MAXIMUM_STRING).collect();
        let mut trailer = String::new();
        if length > MAXIMUM_STRING {
            let remaining = length - MAXIMUM_STRING;
            trailer = format!(
                "... {remaining} more character{}",
                if remaining > 1 { "s" } else { "" }
            );
            all.truncate(MAXIMUM_STRING);
        }
        let available = self.options.break_length as i64 - self.indentation as i64 - 4;
        if all.len() <= MINIMUM_LINE || all.len() as i64 <= available {
            return quote::quote(all.iter().copied()) + &trailer;
        }
        let mut out = String::new();
        for (index, line) in all
            .split_inclusive(|unit| *unit == u16::from(b'\n'))
            .enumerate()
        {
            if index > 0 {
                out.push_str(" +\n");
                out.extend(core::iter::repeat_n(' ', self.indentation + 2));
            }
            out.push_str(&quote::quote(line.iter().copied()));
        }
        out + &trailer
    }
}
