//! Strings as they are shown inside other values: in the quotes that need least escaping, control characters escaped.
//!
//! It takes UTF-16 code units, because a lone surrogate is shown as an escape, and gives UTF-8.

use alloc::string::String;
use core::fmt::Write;

/// A string in quotes.
pub fn quote(units: impl Iterator<Item = u16> + Clone) -> String {
    let has = |wanted: char| units.clone().any(|unit| unit == wanted as u16);
    let mark = if !has('\'') {
        '\''
    } else if !has('"') {
        '"'
    } else if !has('`') && !has_placeholder(units.clone()) {
        '`'
    } else {
        '\''
    };
    let mut out = String::new();
    out.push(mark);
    escape(&mut out, units, mark == '\'');
    out.push(mark);
    out
}

fn has_placeholder(units: impl Iterator<Item = u16> + Clone) -> bool {
    units
        .clone()
        .zip(units.skip(1))
        .any(|pair| pair == (u16::from(b'$'), u16::from(b'{')))
}

/// Adds the text with control characters, backslashes and lone surrogates escaped, and single quotes if asked.
pub fn escape(out: &mut String, units: impl Iterator<Item = u16>, single_quotes: bool) {
    for unit in char::decode_utf16(units) {
        // Writing to a `String` does not fail.
        let _ = match unit {
            Ok('\'') if single_quotes => out.write_str("\\'"),
            Ok('\\') => out.write_str("\\\\"),
            Ok('\u{8}') => out.write_str("\\b"),
            Ok('\t') => out.write_str("\\t"),
            Ok('\n') => out.write_str("\\n"),
            Ok('\u{C}') => out.write_str("\\f"),
            Ok('\r') => out.write_str("\\r"),
            Ok(c) if (c as u32) < 32 || (0x7F..=0x9F).contains(&(c as u32)) => {
                write!(out, "\\x{:02X}", c as u32)
            }
            Ok(c) => out.write_char(c),
            Err(lone) => write!(out, "\\u{:x}", lone.unpaired_surrogate()),
        };
    }
}

/// Whether a key is shown without quotes.
pub fn is_plain_key(key: &str) -> bool {
    let mut bytes = key.bytes();
    bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
