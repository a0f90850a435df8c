//! `JSON`: its two functions. How text is read and written is in the files below.

mod parse;
mod stringify;

use crate::error;
use crate::key::Key;
use crate::native::{self, Native};
use crate::object::Object;
use crate::value::{Outcome, Value};
use alloc::string::String;

static FUNCTIONS: &[Native] = &[
    Native::new("parse", 2, parse::parse),
    Native::new("stringify", 3, stringify::stringify),
];

/// Makes the object.
pub fn create() -> Value {
    let object = Object::new();
    native::define_all(object, FUNCTIONS);
    super::define_tag(object, "JSON");
    object.value()
}

/// The text for `%j`: as `JSON.stringify` gives it, or a note where the value contains itself.
pub fn json_text(value: Value) -> Outcome<String> {
    match stringify::text_of(value) {
        Ok(Some(text)) => Ok(text.to_rust()),
        Ok(None) => Ok(String::from("undefined")),
        Err(_) => {
            let reason = error::take();
            let message = match reason.as_object() {
                Some(object) => object
                    .get(Key::of("message"))?
                    .as_string()
                    .map(crate::string::Str::to_rust),
                None => None,
            };
            if message.is_some_and(|message| message.starts_with(stringify::CIRCULAR)) {
                return Ok(String::from("[Circular]"));
            }
            Err(error::throw_value(reason))
        }
    }
}
