//! String methods that look for a string, or compare.

use super::{clamped, this_string};
use crate::convert;
use crate::native::Call;
use crate::string::{Str, Text};
use crate::value::{Outcome, Value};
use core::cmp::Ordering;

pub fn includes(call: &Call) -> Outcome {
    let string = this_string(call, "includes")?;
    let needle = convert::to_string(call.arg(0))?;
    let from = clamped(call.arg(1), string.length() as usize, 0)?;
    Ok(Value::boolean(
        string.text().find(needle.text(), from).is_some(),
    ))
}

fn position_value(position: Option<usize>) -> Value {
    Value::int(position.map_or(-1, |position| position as i64))
}

pub fn index_of(call: &Call) -> Outcome {
    let string = this_string(call, "indexOf")?;
    let needle = convert::to_string(call.arg(0))?;
    let from = clamped(call.arg(1), string.length() as usize, 0)?;
    Ok(position_value(string.text().find(needle.text(), from)))
}

pub fn last_index_of(call: &Call) -> Outcome {
    let string = this_string(call, "lastIndexOf")?;
    let needle = convert::to_string(call.arg(0))?;
    let position = convert::to_number(call.arg(1))?;
    let length = string.length() as usize;
    let last = if position.is_nan() {
        length
    } else {
        position.clamp(0.0, length as f64) as usize
    };
    let Some(highest) = length.checked_sub(needle.length() as usize) else {
        return Ok(Value::int(-1));
    };
    let (text, needle) = (string.text(), needle.text());
    let found = (0..=last.min(highest))
        .rev()
        .find(|from| text.slice(*from, from + needle.length()) == needle);
    Ok(position_value(found))
}

pub fn starts_with(call: &Call) -> Outcome {
    let string = this_string(call, "startsWith")?;
    let needle = convert::to_string(call.arg(0))?;
    let from = clamped(call.arg(1), string.length() as usize, 0)?;
    Ok(Value::boolean(occurs_at(string, needle, from)))
}

pub fn ends_with(call: &Call) -> Outcome {
    let string = this_string(call, "endsWith")?;
    let needle = convert::to_string(call.arg(0))?;
    let length = string.length() as usize;
    let end = clamped(call.arg(1), length, length)?;
    let from = end.checked_sub(needle.length() as usize);
    Ok(Value::boolean(
        from.is_some_and(|from| occurs_at(string, needle, from)),
    ))
}

fn occurs_at(string: Str, needle: Str, from: usize) -> bool {
    let end = from + needle.length() as usize;
    end <= string.length() as usize && string.text().slice(from, end) == needle.text()
}

pub fn is_well_formed(call: &Call) -> Outcome {
    let string = this_string(call, "isWellFormed")?;
    Ok(Value::boolean(
        char::decode_utf16(string.text().units()).all(|unit| unit.is_ok()),
    ))
}

/// What a character is compared by first: its place among the classes of characters (white space, punctuation,
/// digits, letters) and its lower-case base letter.
fn primary(c: char) -> (u8, u32) {
    let base = without_accent(c).to_lowercase().next().unwrap_or(c);
    let class = if c.is_whitespace() {
        0
    } else if base.is_ascii_punctuation() {
        return (
            1,
            PUNCTUATION
                .find(base)
                .map_or(u32::MAX, |place| place as u32),
        );
    } else if base.is_numeric() {
        2
    } else {
        3
    };
    (class, base as u32)
}

/// The order of ASCII punctuation in the root collation.
const PUNCTUATION: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

/// The letter without its accent, for the Latin letters that have a place of their own in Latin-1.
fn without_accent(c: char) -> char {
    match c {
        'À'..='Å' => 'A',
        'Ç' => 'C',
        'È'..='Ë' => 'E',
        'Ì'..='Ï' => 'I',
        'Ñ' => 'N',
        'Ò'..='Ö' => 'O',
        'Ù'..='Ü' => 'U',
        'Ý' => 'Y',
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

fn characters(text: Text<'_>) -> impl Iterator<Item = char> + Clone + '_ {
    char::decode_utf16(text.units()).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// The order of two texts for readers: by letters, then by accents, then lower case before upper case. This is the
/// root collation for texts of ASCII and Latin-1 letters; other scripts are in the order of their code points.
pub fn collate(a: Text<'_>, b: Text<'_>) -> Ordering {
    let (a, b) = (characters(a), characters(b));
    let accent = |c: char| c.to_lowercase().next().unwrap_or(c);
    a.clone()
        .map(primary)
        .cmp(b.clone().map(primary))
        .then_with(|| a.clone().map(accent).cmp(b.clone().map(accent)))
        .then_with(|| a.map(char::is_uppercase).cmp(b.map(char::is_uppercase)))
}

pub fn locale_compare(call: &Call) -> Outcome {
    let string = this_string(call, "localeCompare")?;
    let other = convert::to_string(call.arg(0))?;
    Ok(Value::int(match collate(string.text(), other.text()) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }))
}
