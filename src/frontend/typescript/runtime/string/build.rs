//! Builds a string piece by piece, in one byte a unit for as long as that is enough.

use super::{MAXIMUM_LENGTH, Str, Text};
use crate::error;
use crate::value::Outcome;
use alloc::vec::Vec;

#[derive(Default)]
pub struct TextBuilder {
    narrow: Vec<u8>,
    /// In use once a unit did not fit into a byte; `narrow` is empty then.
    wide: Option<Vec<u16>>,
}

impl TextBuilder {
    pub const fn new() -> Self {
        Self {
            narrow: Vec::new(),
            wide: None,
        }
    }

    pub fn length(&self) -> usize {
        self.wide.as_ref().map_or(self.narrow.len(), Vec::len)
    }

    fn widened(&mut self) -> &mut Vec<u16> {
        let narrow = &mut self.narrow;
        self.wide
            .get_or_insert_with(|| core::mem::take(narrow).into_iter().map(u16::from).collect())
    }

    pub fn push_unit(&mut self, unit: u16) {
        match (&mut self.wide, u8::try_from(unit)) {
            (Some(wide), _) => wide.push(unit),
            (None, Ok(unit)) => self.narrow.push(unit),
            (None, Err(_)) => self.widened().push(unit),
        }
    }

    pub fn push_text(&mut self, text: Text<'_>) {
        match (text, &mut self.wide) {
            (Text::Latin1(units), None) => self.narrow.extend_from_slice(units),
            (Text::Latin1(units), Some(wide)) => {
                wide.extend(units.iter().map(|unit| u16::from(*unit)))
            }
            (Text::Wide(units), _) => self.widened().extend_from_slice(units),
        }
    }

    pub fn push(&mut self, string: Str) {
        self.push_text(string.text());
    }

    pub fn push_utf8(&mut self, text: &str) {
        if text.is_ascii() {
            self.push_text(Text::Latin1(text.as_bytes()));
        } else {
            for unit in text.encode_utf16() {
                self.push_unit(unit);
            }
        }
    }

    pub fn finish(self) -> Str {
        match self.wide {
            Some(wide) => Str::from_units(&wide),
            None => Str::from_latin1(&self.narrow),
        }
    }

    pub fn finish_checked(self) -> Outcome<Str> {
        if self.length() as u64 > MAXIMUM_LENGTH {
            return error::throw_range(format_args!("Invalid string length"));
        }
        Ok(self.finish())
    }
}

impl core::fmt::Write for TextBuilder {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.push_utf8(text);
        Ok(())
    }
}
