//! `JSON.stringify`: writes values as text.

use crate::call;
use crate::convert;
use crate::error;
use crate::heap::storage::Values;
use crate::key::{Key, names};
use crate::kind;
use crate::native::Call;
use crate::number;
use crate::object::{Attributes, Object};
use crate::string::{Str, Text, TextBuilder};
use crate::value::{Outcome, Value};
use alloc::format;
use alloc::string::String;
use core::fmt::Write;

/// How the message about a value that contains itself begins.
pub const CIRCULAR: &str = "Converting circular structure to JSON";

/// A text being written.
struct Writer {
    out: TextBuilder,
    /// Called for every property, if it is a function.
    replacer: Value,
    /// The only keys that are written, if there is such a list.
    allowed: Option<Values>,
    /// What one level is indented by.
    gap: Str,
    depth: usize,
    /// The objects being written, outermost first.
    open: Values,
    /// The keys that lead to them, as words.
    path: Values,
}

pub fn stringify(call: &Call) -> Outcome {
    let mut writer = Writer::new();
    if call.arg(1).is_callable() {
        writer.replacer = call.arg(1);
    } else if let Some(list) = call.arg(1).as_array() {
        writer.allowed = Some(allowed_keys(list.object(), list.length())?);
    }
    writer.gap = gap(call.arg(2))?;
    Ok(writer
        .document(call.arg(0))?
        .map_or(Value::UNDEFINED, Str::value))
}

/// The text of a value without any options.
pub fn text_of(value: Value) -> Outcome<Option<Str>> {
    Writer::new().document(value)
}

/// The primitive in a boxed primitive.
fn unboxed(value: Value) -> Value {
    value
        .as_kind(kind::BOXED)
        .map_or(value, |object| object.word(0))
}

fn allowed_keys(list: Object, length: u32) -> Outcome<Values> {
    let mut keys = Values::new();
    for index in 0..length {
        let item = unboxed(list.get(Key::index(index))?);
        if item.is_string() || item.is_number() {
            let key = convert::to_key(item)?.value();
            if !keys
                .as_slice()
                .iter()
                .any(|known| crate::library::key_of(*known) == crate::library::key_of(key))
            {
                keys.push(key);
            }
        }
    }
    Ok(keys)
}

/// At most ten units of white space, or of the text that the program gave.
fn gap(value: Value) -> Outcome<Str> {
    let value = unboxed(value);
    if let Some(string) = value.as_string() {
        return Ok(string.substring(0, string.length().min(10) as usize));
    }
    if value.is_number() {
        let count = convert::to_integer(value)?.clamp(0.0, 10.0) as usize;
        return Ok(Str::from_latin1(&b"          "[..count]));
    }
    Ok(Str::empty())
}

impl Writer {
    fn new() -> Writer {
        Writer {
            out: TextBuilder::new(),
            replacer: Value::UNDEFINED,
            allowed: None,
            gap: Str::empty(),
            depth: 0,
            open: Values::new(),
            path: Values::new(),
        }
    }

    fn document(mut self, value: Value) -> Outcome<Option<Str>> {
        let key = Key::from(Str::empty());
        let holder = if self.replacer.is_undefined() {
            Value::UNDEFINED
        } else {
            Object::new().value()
        };
        if let Some(holder) = holder.as_object() {
            holder.define(key, value, Attributes::ALL);
        }
        let prepared = self.prepare(holder, key, value)?;
        if !is_written(prepared) {
            return Ok(None);
        }
        self.value(key, prepared)?;
        Ok(Some(self.out.finish_checked()?))
    }

    /// What is to be written for a property: the value itself, or what `toJSON` and the replacer make of it.
    fn prepare(&mut self, holder: Value, key: Key, value: Value) -> Outcome {
        let mut value = value;
        if let Some(object) = value.as_object() {
            let to_json = object.get(names::to_json())?;
            if to_json.is_callable() {
                value = call::call(to_json, value, &[key.value()])?;
            }
        }
        if !self.replacer.is_undefined() {
            value = call::call(self.replacer, holder, &[key.value(), value])?;
        }
        match value.as_kind(kind::BOXED) {
            Some(boxed) if boxed.word(0).is_number() => {
                Ok(Value::number(convert::to_number(value)?))
            }
            Some(boxed) if boxed.word(0).is_string() => Ok(convert::to_string(value)?.value()),
            Some(boxed) if boxed.word(0).is_boolean() => Ok(boxed.word(0)),
            _ => Ok(value),
        }
    }

    /// Writes a value for which [`is_written`] holds.
    fn value(&mut self, key: Key, value: Value) -> Outcome<()> {
        if let Some(string) = value.as_string() {
            quote(&mut self.out, string.text());
        } else if let Some(number) = value.as_number() {
            let mut text = String::new();
            if number.is_finite() {
                number::push_number(&mut text, number);
            } else {
                text.push_str("null");
            }
            self.out.push_utf8(&text);
        } else if let Some(object) = value.as_object() {
            self.enter(key, object)?;
            match value.as_array() {
                Some(array) => self.array(array.object())?,
                None => self.object(object)?,
            }
            self.open.pop();
            self.path.pop();
        } else {
            self.out.push_utf8(match value {
                Value::TRUE => "true",
                Value::FALSE => "false",
                _ => "null",
            });
        }
        Ok(())
    }

    fn enter(&mut self, key: Key, object: Object) -> Outcome<()> {
        error::check_stack()?;
        if let Some(start) = self
            .open
            .as_slice()
            .iter()
            .position(|open| *open == object.value())
        {
            let message = self.circle(start, key)?;
            return error::throw_type(format_args!("{message}"));
        }
        self.open.push(object.value());
        self.path.push(Value(key.bits()));
        Ok(())
    }

    fn line(&mut self) {
        if !self.gap.is_empty() {
            self.out.push_utf8("\n");
            for _ in 0..self.depth {
                self.out.push(self.gap);
            }
        }
    }

    fn array(&mut self, array: Object) -> Outcome<()> {
        let length = convert::to_length(array.get(names::length())?)? as u32;
        self.out.push_utf8("[");
        self.depth += 1;
        for index in 0..length {
            if index > 0 {
                self.out.push_utf8(",");
            }
            self.line();
            let key = Key::index(index);
            let item = array.get(key)?;
            let item = self.prepare(array.value(), key, item)?;
            self.value(key, if is_written(item) { item } else { Value::NULL })?;
        }
        self.depth -= 1;
        if length > 0 {
            self.line();
        }
        self.out.push_utf8("]");
        Ok(())
    }

    fn object(&mut self, object: Object) -> Outcome<()> {
        let keys = match &self.allowed {
            Some(keys) => Values::from_slice(keys.as_slice()),
            None => object.own_enumerable_keys(),
        };
        self.out.push_utf8("{");
        self.depth += 1;
        let mut first = true;
        for name in keys.as_slice() {
            let key = crate::library::key_of(*name);
            let item = object.get(key)?;
            let item = self.prepare(object.value(), key, item)?;
            if !is_written(item) {
                continue;
            }
            if !first {
                self.out.push_utf8(",");
            }
            first = false;
            self.line();
            if let Some(name) = name.as_string() {
                quote(&mut self.out, name.text());
            }
            self.out
                .push_utf8(if self.gap.is_empty() { ":" } else { ": " });
            self.value(key, item)?;
        }
        self.depth -= 1;
        if !first {
            self.line();
        }
        self.out.push_utf8("}");
        Ok(())
    }

    /// The message about a value that contains itself: the way round, without the middle of a long one.
    fn circle(&self, start: usize, last: Key) -> Outcome<String> {
        let constructor = |value: Value| -> Outcome<String> {
            let Some(object) = value.as_object() else {
                return Ok(String::new());
            };
            let constructor = object.get(names::constructor())?;
            let name = constructor
                .as_function()
                .map(|function| function.shown_name().to_rust());
            Ok(name.unwrap_or_else(|| String::from("Object")))
        };
        let step = |key: Key| match key.as_index() {
            Some(index) => format!("index {index}"),
            None => format!(
                "property '{}'",
                key.value()
                    .as_string()
                    .map(Str::to_rust)
                    .unwrap_or_default()
            ),
        };
        let mut message = format!(
            "{CIRCULAR}\n    --> starting at object with constructor '{}'",
            constructor(self.open[start])?
        );
        let between = start + 1..self.open.len();
        let skipped = between.len() > 3;
        for (place, index) in between.clone().enumerate() {
            if skipped && place >= 2 && index + 1 < between.end {
                if place == 2 {
                    message.push_str("\n    |     ...");
                }
                continue;
            }
            let line = format!(
                "\n    |     {} -> object with constructor '{}'",
                step(Key::from_bits(self.path[index].0)),
                constructor(self.open[index])?
            );
            message.push_str(&line);
        }
        message.push_str(&format!("\n    --- {} closes the circle", step(last)));
        Ok(message)
    }
}

/// Undefined, functions and symbols are left out.
fn is_written(value: Value) -> bool {
    !value.is_undefined() && !value.is_callable() && !value.is_symbol()
}

/// Adds a string in double quotes.
fn quote(out: &mut TextBuilder, text: Text<'_>) {
    out.push_unit(u16::from(b'"'));
    let mut done = 0;
    let mut index = 0;
    while index < text.length() {
        let (code, units) = text.code_point(index);
        if code >= 0x20 && code != 0x22 && code != 0x5C && !(0xD800..0xE000).contains(&code) {
            index += units;
            continue;
        }
        out.push_text(text.slice(done, index));
        let short = match code {
            8 => "\\b",
            9 => "\\t",
            10 => "\\n",
            12 => "\\f",
            13 => "\\r",
            0x22 => "\\\"",
            0x5C => "\\\\",
            _ => "",
        };
        if short.is_empty() {
            // Writing to a builder does not fail.
            let _ = write!(out, "\\u{code:04x}");
        } else {
            out.push_utf8(short);
        }
        index += units;
        done = index;
    }
    out.push_text(text.slice(done, text.length()));
    out.push_unit(u16::from(b'"'));
}
