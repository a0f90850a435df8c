//! `util.format`: the text of the arguments of `console.log`, with `%` placeholders in the first.

use super::display::number_text;
use super::{Options, text, utf8};
use crate::abi::FN_CLASS;
use crate::convert;
use crate::key::Key;
use crate::kind;
use crate::number;
use crate::object::Object;
use crate::symbol;
use crate::value::{Outcome, Value};
use alloc::string::String;

/// The arguments as one text.
pub fn format(arguments: &[Value]) -> Outcome<String> {
    let mut out = String::new();
    let mut used = 0;
    if let Some(first) = arguments.first().and_then(|first| first.as_string()) {
        let first = utf8(first);
        used = 1;
        if arguments.len() > 1 {
            fill(&mut out, &first, arguments, &mut used)?;
        } else {
            out = first;
        }
    }
    for (index, value) in arguments.iter().enumerate().skip(used) {
        if index > 0 {
            out.push(' ');
        }
        match value.as_string() {
            Some(string) => out.push_str(&utf8(string)),
            None => out.push_str(&text(*value, Options::DEFAULT)?),
        }
    }
    Ok(out)
}

/// Replaces the placeholders of `first`; `used` counts the arguments that are done with.
fn fill(out: &mut String, first: &str, arguments: &[Value], used: &mut usize) -> Outcome<()> {
    let mut rest = first;
    while let Some(position) = rest.find('%') {
        let (before, tail) = rest.split_at(position);
        out.push_str(before);
        let Some(letter) = tail[1..].chars().next() else {
            rest = tail;
            break;
        };
        let available = *used < arguments.len();
        if letter == '%' {
            out.push('%');
        } else if available && matches!(letter, 's' | 'd' | 'i' | 'f' | 'j' | 'o' | 'O' | 'c') {
            out.push_str(&placeholder(letter, arguments[*used])?);
            *used += 1;
        } else {
            out.push('%');
            out.push(letter);
        }
        rest = &tail[1 + letter.len_utf8()..];
    }
    out.push_str(rest);
    Ok(())
}

fn placeholder(letter: char, value: Value) -> Outcome<String> {
    Ok(match letter {
        's' => plain(value)?,
        'd' if value.is_symbol() => String::from("NaN"),
        'd' => number_text(convert::to_number(value)?),
        'i' | 'f' if value.is_symbol() => String::from("NaN"),
        'i' => {
            let string = convert::to_string(value)?;
            number_text(number::parse_int(super::display::units(string.text()), 0))
        }
        'f' => {
            let string = convert::to_string(value)?;
            number_text(number::parse_float(super::display::units(string.text())))
        }
        'j' => crate::library::json_text(value)?,
        'O' => text(
            value,
            Options {
                depth: 2,
                ..Options::DEFAULT
            },
        )?,
        'o' => text(
            value,
            Options {
                depth: 4,
                show_hidden: true,
                ..Options::DEFAULT
            },
        )?,
        // Style sheets mean nothing on a terminal.
        _ => String::new(),
    })
}

/// `%s`: the text of primitives and of objects whose class says how to make text; others are shown by name.
fn plain(value: Value) -> Outcome<String> {
    if let Some(number) = value.as_number() {
        return Ok(number_text(number));
    }
    if let Some(symbol) = value.as_symbol() {
        return Ok(super::display::symbol_text(symbol));
    }
    match value.as_object() {
        Some(object) if object.kind() != kind::FUNCTION && has_built_in_text(object)? => text(
            value,
            Options {
                depth: 0,
                ..Options::DEFAULT
            },
        ),
        Some(object) if object.kind() == kind::FUNCTION => {
            // The source text of functions is not kept in compiled programs; their shown form stands in for it.
            let class = value
                .as_function()
                .is_some_and(|function| function.flags() & FN_CLASS != 0);
            if class || has_built_in_text(object)? {
                text(value, Options::DEFAULT)
            } else {
                Ok(utf8(convert::to_string(value)?))
            }
        }
        _ => Ok(utf8(convert::to_string(value)?)),
    }
}

/// Whether `toString` and `Symbol.toPrimitive` of an object are those of a class of the language.
fn has_built_in_text(object: Object) -> Outcome<bool> {
    let to_string = Key::of("toString");
    let to_primitive = Key::symbol(symbol::to_primitive());
    let mut next = object.value();
    while let Some(current) = next.as_object() {
        if current.has_own(to_string) || current.has_own(to_primitive) {
            if current == object {
                return Ok(false);
            }
            let constructor = current.get(Key::of("constructor"))?;
            return Ok(constructor
                .as_function()
                .is_some_and(|function| function.native().is_some()));
        }
        next = current.prototype();
    }
    Ok(true)
}
