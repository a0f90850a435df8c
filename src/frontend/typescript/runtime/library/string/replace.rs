//! `replace`, `replaceAll` and `split`, with strings as patterns: regular expressions are not part of the runtime. An
//! object may bring its own way by the methods `Symbol.replace` and `Symbol.split` of the language, which programs
//! without regular expressions do not have, so they are not looked for.

use super::this_string;
use crate::array::Array;
use crate::call;
use crate::convert;
use crate::native::Call;
use crate::string::{MAXIMUM_LENGTH, Str, Text, TextBuilder};
use crate::value::{Outcome, Value};

/// What matches are replaced by.
enum Replacement {
    /// Called with the match, its position and the string.
    Function(Value),
    /// A text in which `$&` and the like stand for parts.
    Text(Str),
}

impl Replacement {
    fn of(value: Value) -> Outcome<Replacement> {
        Ok(if value.is_callable() {
            Replacement::Function(value)
        } else {
            Replacement::Text(convert::to_string(value)?)
        })
    }

    fn push(&self, builder: &mut TextBuilder, string: Str, pattern: Str, at: usize) -> Outcome<()> {
        match self {
            Replacement::Function(function) => {
                let arguments = [pattern.value(), Value::int(at as i64), string.value()];
                builder.push(convert::to_string(call::call(
                    *function,
                    Value::UNDEFINED,
                    &arguments,
                )?)?);
            }
            Replacement::Text(template) => expand(
                builder,
                template.text(),
                string.text(),
                at,
                at + pattern.length() as usize,
            ),
        }
        Ok(())
    }
}

/// Adds a replacement text: `$$` is a dollar sign, `$&` the match, `` $` `` what is before it, `$'` what is after it.
fn expand(
    builder: &mut TextBuilder,
    template: Text<'_>,
    string: Text<'_>,
    start: usize,
    end: usize,
) {
    let mut from = 0;
    while let Some(dollar) = template.find(Text::Latin1(b"$"), from) {
        builder.push_text(template.slice(from, dollar));
        let letter = if dollar + 1 < template.length() {
            template.unit(dollar + 1)
        } else {
            0
        };
        match u8::try_from(letter) {
            Ok(b'$') => builder.push_unit(letter),
            Ok(b'&') => builder.push_text(string.slice(start, end)),
            Ok(b'`') => builder.push_text(string.slice(0, start)),
            Ok(b'\'') => builder.push_text(string.slice(end, string.length())),
            _ => {
                builder.push_unit(u16::from(b'$'));
                from = dollar + 1;
                continue;
            }
        }
        from = dollar + 2;
    }
    builder.push_text(template.slice(from, template.length()));
}

pub fn replace(call: &Call) -> Outcome {
    let string = this_string(call, "replace")?;
    let pattern = convert::to_string(call.arg(0))?;
    let replacement = Replacement::of(call.arg(1))?;
    let Some(at) = string.text().find(pattern.text(), 0) else {
        return Ok(string.value());
    };
    let mut builder = TextBuilder::new();
    builder.push_text(string.text().slice(0, at));
    replacement.push(&mut builder, string, pattern, at)?;
    builder.push_text(
        string
            .text()
            .slice(at + pattern.length() as usize, string.length() as usize),
    );
    Ok(builder.finish_checked()?.value())
}

pub fn replace_all(call: &Call) -> Outcome {
    let string = this_string(call, "replaceAll")?;
    let pattern = convert::to_string(call.arg(0))?;
    let replacement = Replacement::of(call.arg(1))?;
    let length = pattern.length() as usize;
    let mut builder = TextBuilder::new();
    let mut done = 0;
    let mut next = string.text().find(pattern.text(), 0);
    while let Some(at) = next {
        builder.push_text(string.text().slice(done, at));
        if builder.length() as u64 > MAXIMUM_LENGTH {
            // Not at the end only: the memory might not be enough to get there.
            break;
        }
        replacement.push(&mut builder, string, pattern, at)?;
        done = at + length;
        // An empty pattern matches between all units.
        next = string.text().find(pattern.text(), at + length.max(1));
    }
    builder.push_text(string.text().slice(done, string.length() as usize));
    Ok(builder.finish_checked()?.value())
}

pub fn split(call: &Call) -> Outcome {
    let string = this_string(call, "split")?;
    let limit = if call.arg(1).is_undefined() {
        u32::MAX
    } else {
        convert::to_uint32(call.arg(1))?
    };
    let array = Array::new();
    if limit == 0 {
        return Ok(array.value());
    }
    if call.arg(0).is_undefined() {
        array.push(string.value());
        return Ok(array.value());
    }
    let separator = convert::to_string(call.arg(0))?;
    let text = string.text();
    if separator.is_empty() {
        for index in 0..text.length().min(limit as usize) {
            array.push(Str::unit(text.unit(index)).value());
        }
        return Ok(array.value());
    }
    let mut from = 0;
    while let Some(at) = text.find(separator.text(), from) {
        array.push(string.substring(from, at).value());
        if array.length() == limit {
            return Ok(array.value());
        }
        from = at + separator.length() as usize;
    }
    array.push(string.substring(from, text.length()).value());
    Ok(array.value())
}
