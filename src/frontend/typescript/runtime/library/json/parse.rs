//! `JSON.parse`: reads a text, with V8's messages for what is wrong with it.

use crate::array::Array;
use crate::call;
use crate::convert;
use crate::error;
use crate::heap::storage::Values;
use crate::key::Key;
use crate::native::Call;
use crate::number;
use crate::object::{Attributes, Object};
use crate::string::{Str, Text, TextBuilder};
use crate::value::{Outcome, Value};

/// A text being read.
struct Reader {
    text: Text<'static>,
    position: usize,
}

/// So many units around a fault are quoted in a message.
const CONTEXT: usize = 10;

/// Texts that come from values which were turned into strings by mistake.
const MISTAKES: [&str; 4] = ["NaN", "Infinity", "undefined", "[object Object]"];

pub fn parse(call: &Call) -> Outcome {
    let string = convert::to_string(call.arg(0))?;
    let mut reader = Reader {
        text: string.text(),
        position: 0,
    };
    let value = reader.document()?;
    // The text is read in place; the string must stay alive until the end.
    core::hint::black_box(string);
    let reviver = call.arg(1);
    if !reviver.is_callable() {
        return Ok(value);
    }
    let root = Object::new();
    root.define(Key::from(Str::empty()), value, Attributes::ALL);
    revive(root, Key::from(Str::empty()), reviver)
}

/// Lets the program replace every value, innermost first.
fn revive(holder: Object, key: Key, reviver: Value) -> Outcome {
    error::check_stack()?;
    let value = holder.get(key)?;
    if let Some(object) = value.as_object() {
        let keys = match value.as_array() {
            Some(array) => (0..array.length()).fold(Values::new(), |mut keys, index| {
                keys.push(Key::index(index).value());
                keys
            }),
            None => object.own_enumerable_keys(),
        };
        for name in keys.as_slice() {
            let key = crate::library::key_of(*name);
            let new = revive(object, key, reviver)?;
            if new.is_undefined() {
                object.delete(key);
            } else {
                object.define(key, new, Attributes::ALL);
            }
        }
    }
    call::call(reviver, holder.value(), &[key.value(), value])
}

impl Reader {
    fn peek(&self) -> Option<u16> {
        (self.position < self.text.length()).then(|| self.text.unit(self.position))
    }

    /// The next unit as ASCII, 0 at the end and for all else.
    fn ascii(&self) -> u8 {
        self.peek()
            .and_then(|unit| u8::try_from(unit).ok())
            .unwrap_or(0)
    }

    fn skip_space(&mut self) {
        while matches!(self.ascii(), b' ' | b'\t' | b'\n' | b'\r') {
            self.position += 1;
        }
    }

    /// A syntax error at the current position.
    fn fault<T>(&self, message: &str) -> Outcome<T> {
        error::throw_syntax(format_args!(
            "{message} in JSON at position {}",
            self.position
        ))
    }

    /// A syntax error for a token that cannot be here.
    fn unexpected<T>(&self) -> Outcome<T> {
        let whole = Str::from_text(self.text).to_rust();
        if MISTAKES.contains(&whole.as_str()) {
            return error::throw_syntax(format_args!("\"{whole}\" is not valid JSON"));
        }
        match self.ascii() {
            _ if self.peek().is_none() => {
                return error::throw_syntax(format_args!("Unexpected end of JSON input"));
            }
            b'0'..=b'9' | b'-' => return self.fault("Unexpected number"),
            b'"' => return self.fault("Unexpected string"),
            _ => {}
        }
        let length = self.text.length();
        let from = if length > 2 * CONTEXT {
            self.position.saturating_sub(CONTEXT)
        } else {
            0
        };
        let to = if length > 2 * CONTEXT {
            (self.position + CONTEXT).min(length)
        } else {
            length
        };
        let token = Str::unit(self.text.unit(self.position)).to_rust();
        let excerpt = Str::from_text(self.text.slice(from, to)).to_rust();
        let before = if from > 0 { "..." } else { "" };
        let after = if to < length { "..." } else { "" };
        error::throw_syntax(format_args!(
            "Unexpected token '{token}', {before}\"{excerpt}\"{after} is not valid JSON"
        ))
    }

    fn document(&mut self) -> Outcome {
        let value = self.value()?;
        self.skip_space();
        if self.peek().is_some() {
            return error::throw_syntax(format_args!(
                "Unexpected non-whitespace character after JSON at position {}",
                self.position
            ));
        }
        Ok(value)
    }

    fn value(&mut self) -> Outcome {
        self.skip_space();
        match self.ascii() {
            b'{' => self.object(),
            b'[' => self.array(),
            b'"' => Ok(self.string()?.value()),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", Value::TRUE),
            b'f' => self.word("false", Value::FALSE),
            b'n' => self.word("null", Value::NULL),
            _ => self.unexpected(),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Outcome {
        for byte in word.bytes() {
            if self.ascii() != byte {
                return self.unexpected();
            }
            self.position += 1;
        }
        Ok(value)
    }

    fn array(&mut self) -> Outcome {
        error::check_stack()?;
        self.position += 1;
        let array = Array::new();
        self.skip_space();
        if self.ascii() == b']' {
            self.position += 1;
            return Ok(array.value());
        }
        loop {
            array.push(self.value()?);
            self.skip_space();
            match self.ascii() {
                b',' => self.position += 1,
                b']' => break,
                _ => return self.fault("Expected ',' or ']' after array element"),
            }
        }
        self.position += 1;
        Ok(array.value())
    }

    fn object(&mut self) -> Outcome {
        error::check_stack()?;
        self.position += 1;
        let object = Object::new();
        self.skip_space();
        match self.ascii() {
            b'}' => {
                self.position += 1;
                return Ok(object.value());
            }
            b'"' => {}
            _ => return self.fault("Expected property name or '}'"),
        }
        loop {
            let key = Key::from(self.string()?);
            self.skip_space();
            if self.ascii() != b':' {
                return self.fault("Expected ':' after property name");
            }
            self.position += 1;
            object.define(key, self.value()?, Attributes::ALL);
            self.skip_space();
            match self.ascii() {
                b',' => self.position += 1,
                b'}' => break,
                _ => return self.fault("Expected ',' or '}' after property value"),
            }
            self.skip_space();
            if self.ascii() != b'"' {
                return self.fault("Expected double-quoted property name");
            }
        }
        self.position += 1;
        Ok(object.value())
    }

    /// A number: the grammar is stricter than that of `Number(text)`.
    fn number(&mut self) -> Outcome {
        let start = self.position;
        if self.ascii() == b'-' {
            self.position += 1;
            if !self.ascii().is_ascii_digit() {
                return self.fault("No number after minus sign");
            }
        }
        if self.ascii() == b'0' {
            self.position += 1;
            if self.ascii().is_ascii_digit() {
                return self.fault("Unexpected number");
            }
        }
        self.digits();
        if self.ascii() == b'.' {
            self.position += 1;
            if !self.ascii().is_ascii_digit() {
                return self.fault("Unterminated fractional number");
            }
            self.digits();
        }
        if matches!(self.ascii(), b'e' | b'E') {
            self.position += 1;
            if matches!(self.ascii(), b'+' | b'-') {
                self.position += 1;
            }
            if !self.ascii().is_ascii_digit() {
                return self.fault("Exponent part is missing a number");
            }
            self.digits();
        }
        let text = self.text.slice(start, self.position);
        Ok(Value::number(number::string_to_number(text.units())))
    }

    fn digits(&mut self) {
        while self.ascii().is_ascii_digit() {
            self.position += 1;
        }
    }

    /// A string; the position is at its opening quote.
    fn string(&mut self) -> Outcome<Str> {
        self.position += 1;
        let start = self.position;
        while self
            .peek()
            .is_some_and(|unit| unit >= 0x20 && unit != u16::from(b'"') && unit != u16::from(b'\\'))
        {
            self.position += 1;
        }
        let plain = self.text.slice(start, self.position);
        if self.ascii() == b'"' {
            self.position += 1;
            return Ok(Str::from_text(plain));
        }
        let mut builder = TextBuilder::new();
        builder.push_text(plain);
        loop {
            let Some(unit) = self.peek() else {
                return self.fault("Unterminated string");
            };
            match self.ascii() {
                b'"' => break,
                b'\\' => {
                    self.position += 1;
                    let unit = self.escape()?;
                    builder.push_unit(unit);
                }
                _ if unit < 0x20 => return self.fault("Bad control character in string literal"),
                _ => {
                    self.position += 1;
                    builder.push_unit(unit);
                }
            }
        }
        self.position += 1;
        Ok(builder.finish())
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Outcome<u16> {
        if self.peek().is_none() {
            return self.unexpected();
        }
        let unit = match self.ascii() {
            quoted @ (b'"' | b'\\' | b'/') => quoted,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                self.position += 1;
                return self.four_digits();
            }
            _ => return self.fault("Bad escaped character"),
        };
        self.position += 1;
        Ok(u16::from(unit))
    }

    fn four_digits(&mut self) -> Outcome<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.ascii()).to_digit(16) else {
                return self.fault("Bad Unicode escape");
            };
            unit = unit << 4 | digit as u16;
            self.position += 1;
        }
        Ok(unit)
    }
}
