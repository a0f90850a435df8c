//! Upper and lower case by the full mappings of Unicode, and repairs of what is not well formed.

use super::this_string;
use crate::convert;
use crate::error;
use crate::native::Call;
use crate::string::{Str, Text, TextBuilder};
use crate::value::Outcome;
use alloc::vec::Vec;

/// Maps text through characters; lone surrogates stay.
fn mapped(text: Text<'_>, mut map: impl FnMut(usize, char, &mut TextBuilder)) -> Str {
    let mut builder = TextBuilder::new();
    let mut index = 0;
    while index < text.length() {
        let (code, units) = text.code_point(index);
        match char::from_u32(code) {
            Some(character) => map(index, character, &mut builder),
            None => builder.push_unit(code as u16),
        }
        index += units;
    }
    builder.finish()
}

fn push_characters(builder: &mut TextBuilder, characters: impl Iterator<Item = char>) {
    let mut buffer = [0; 2];
    for character in characters {
        for unit in character.encode_utf16(&mut buffer) {
            builder.push_unit(*unit);
        }
    }
}

pub fn to_upper_case(call: &Call) -> Outcome {
    let string = this_string(call, "toUpperCase")?;
    let text = string.text();
    if let Text::Latin1(units) = text
        && units.is_ascii()
    {
        if !units.iter().any(u8::is_ascii_lowercase) {
            return Ok(string.value());
        }
        let upper: Vec<u8> = units.iter().map(u8::to_ascii_uppercase).collect();
        return Ok(Str::from_latin1(&upper).value());
    }
    Ok(mapped(text, |_, character, builder| {
        push_characters(builder, character.to_uppercase())
    })
    .value())
}

pub fn to_lower_case(call: &Call) -> Outcome {
    let string = this_string(call, "toLowerCase")?;
    let text = string.text();
    if let Text::Latin1(units) = text
        && units.is_ascii()
    {
        if !units.iter().any(u8::is_ascii_uppercase) {
            return Ok(string.value());
        }
        let lower: Vec<u8> = units.iter().map(u8::to_ascii_lowercase).collect();
        return Ok(Str::from_latin1(&lower).value());
    }
    let lower = mapped(text, |index, character, builder| {
        if character == 'Σ' && is_final(text, index) {
            builder.push_unit('ς' as u16);
        } else {
            push_characters(builder, character.to_lowercase());
        }
    });
    Ok(lower.value())
}

/// Whether a sigma is at the end of a word: a letter before it, none after it.
fn is_final(text: Text<'_>, index: usize) -> bool {
    let letter = |unit: u16| char::from_u32(u32::from(unit)).is_some_and(char::is_alphabetic);
    let before = index > 0 && letter(text.unit(index - 1));
    let after = index + 1 < text.length() && letter(text.unit(index + 1));
    before && !after
}

pub fn to_well_formed(call: &Call) -> Outcome {
    let string = this_string(call, "toWellFormed")?;
    Ok(Str::from_utf8(&string.to_rust()).value())
}

/// `normalize`: text in ASCII is normal in every form; for other text the tables are not part of the runtime.
pub fn normalize(call: &Call) -> Outcome {
    let string = this_string(call, "normalize")?;
    let form = if call.arg(0).is_undefined() {
        Str::from_utf8("NFC")
    } else {
        convert::to_string(call.arg(0))?
    };
    let form = form.to_rust();
    if !["NFC", "NFD", "NFKC", "NFKD"].contains(&form.as_str()) {
        return error::throw_range(format_args!(
            "The normalization form should be one of NFC, NFD, NFKC, NFKD."
        ));
    }
    // Latin-1 is in form NFC: it has no combining marks.
    match string.text() {
        Text::Latin1(units) if units.is_ascii() || form == "NFC" => Ok(string.value()),
        _ => error::throw(
            crate::realm::Class::Error,
            format_args!(
                "String.prototype.normalize is supported for ASCII text only (and for Latin-1 in the form NFC)"
            ),
        ),
    }
}
