//! Errors as they are shown: their stack, in brackets where it has no frames, with the name put right for subclasses.

use super::naming::prefix;
use super::{Inspection, utf8};
use crate::convert;
use crate::key::Key;
use crate::object::Object;
use crate::value::Outcome;
use alloc::format;
use alloc::string::String;

/// The start of the first stack frame.
const FRAME: &str = "\n    at";

/// The text of a property, as ToString gives it; none where it is null or undefined.
fn text_property(object: Object, name: &str) -> Outcome<Option<String>> {
    let value = object.get(Key::of(name))?;
    if value.is_nullish() {
        Ok(None)
    } else {
        Ok(Some(utf8(convert::to_string(value)?)))
    }
}

/// `name: message` of an error.
pub fn summary(error: Object) -> Outcome<String> {
    let name = text_property(error, "name")?.unwrap_or_else(|| String::from("Error"));
    let message = text_property(error, "message")?.unwrap_or_default();
    Ok(if name.is_empty() {
        message
    } else if message.is_empty() {
        name
    } else {
        format!("{name}: {message}")
    })
}

/// Puts the class in front where the stack only names the class that it inherits its `name` from.
fn improve(stack: String, constructor: Option<&str>, name: &str, tag: &str) -> String {
    let regular = name.ends_with("Error")
        && stack
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '\n']));
    if constructor.is_some() && !regular {
        return stack;
    }
    let mut length = name.len();
    let mut fallback = String::from("Error");
    if constructor.is_none() {
        let end = stack
            .find(':')
            .or_else(|| stack.find(FRAME))
            .unwrap_or(stack.len());
        let start = &stack[..end];
        let named =
            start.chars().next().is_some_and(char::is_alphabetic) && start.ends_with("Error");
        length = if named { start.len() } else { 0 };
        if named {
            fallback = String::from(start);
        }
    }
    let full = prefix(constructor, tag, &fallback, "");
    let full = full.trim_end();
    if name == full {
        stack
    } else if full.contains(name) {
        if length == 0 {
            format!("{full}: {stack}")
        } else {
            format!("{full}{}", &stack[length..])
        }
    } else {
        format!("{full} [{name}]{}", &stack[length.min(stack.len())..])
    }
}

impl Inspection {
    /// The base text of an error. Removes from `keys` what the stack says already, and adds `cause`.
    pub fn error(
        &self,
        error: Object,
        constructor: Option<&str>,
        tag: &str,
        keys: &mut alloc::vec::Vec<Key>,
    ) -> Outcome<String> {
        let name = text_property(error, "name")?.unwrap_or_else(|| String::from("Error"));
        let stack = match text_property(error, "stack")? {
            Some(stack) if !stack.is_empty() => stack,
            _ => summary(error)?,
        };
        if !self.options.show_hidden {
            for hidden in ["name", "message", "stack"] {
                let key = Key::of(hidden);
                if keys.contains(&key)
                    && text_property(error, hidden)?.is_some_and(|text| stack.contains(&text))
                {
                    keys.retain(|other| *other != key);
                }
            }
        }
        let cause = Key::of("cause");
        if error.has(cause) && !keys.contains(&cause) {
            keys.push(cause);
        }
        let stack = improve(stack, constructor, &name, tag);
        let message = text_property(error, "message")?.unwrap_or_default();
        let from = match stack.find(&message) {
            Some(position) if position > 0 && !message.is_empty() => position + message.len(),
            _ => 0,
        };
        let stack = if stack[from..].contains(FRAME) {
            stack
        } else {
            format!("[{stack}]")
        };
        if self.indentation == 0 {
            return Ok(stack);
        }
        let mut line = String::from("\n");
        line.extend(core::iter::repeat_n(' ', self.indentation));
        Ok(stack.replace('\n', &line))
    }
}
