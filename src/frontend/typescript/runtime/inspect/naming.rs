//! What an object is called: its constructor's name, its prefix, and the text of functions and classes.

use super::{Inspection, Options, utf8};
use crate::abi::FN_CLASS;
use crate::function::Function;
use crate::key::Key;
use crate::object::Object;
use crate::realm;
use crate::realm::Class;
use crate::symbol;
use crate::value::{Outcome, Value};
use alloc::format;
use alloc::string::String;

/// What is in front of the braces of an object: `Foo(2) [tag] `, with the space.
pub fn prefix(constructor: Option<&str>, tag: &str, fallback: &str, size: &str) -> String {
    match constructor {
        None if !tag.is_empty() && fallback != tag => {
            format!("[{fallback}{size}: null prototype] [{tag}] ")
        }
        None => format!("[{fallback}{size}: null prototype] "),
        Some(name) if !tag.is_empty() && name != tag => format!("{name}{size} [{tag}] "),
        Some(name) => format!("{name}{size} "),
    }
}

/// Whether `prototype` is among the prototypes of `object`.
fn inherits_from(object: Object, prototype: Value) -> bool {
    let mut next = object.prototype();
    while let Some(object) = next.as_object() {
        if next == prototype {
            return true;
        }
        next = object.prototype();
    }
    false
}

/// The text of a property that should be a string; empty where it is none.
pub fn string_property(object: Object, name: &str) -> Outcome<String> {
    Ok(object
        .get(Key::of(name))?
        .as_string()
        .map(utf8)
        .unwrap_or_default())
}

/// The `Symbol.toStringTag` of an object, unless it is shown as an own property anyway.
pub fn tag_of(object: Object, show_hidden: bool) -> Outcome<String> {
    let key = Key::symbol(symbol::to_string_tag());
    let Some(tag) = object.get(key)?.as_string() else {
        return Ok(String::new());
    };
    let own = object
        .get_own(key)
        .is_some_and(|property| show_hidden || property.attributes.is_enumerable());
    Ok(if own { String::new() } else { utf8(tag) })
}

impl Inspection {
    /// The name of the constructor that made an object; none where its prototypes end in null before there is one.
    pub fn constructor_name(&self, object: Object, level: i32) -> Outcome<Option<String>> {
        let object_prototype = realm::prototype(Class::Object).value();
        let function_prototype = realm::prototype(Class::Function).value();
        let mut next = object.value();
        while let Some(current) = next.as_object() {
            for (prototype, name) in [
                (object_prototype, "Object"),
                (function_prototype, "Function"),
            ] {
                if next == prototype && inherits_from(object, prototype) {
                    return Ok(Some(String::from(name)));
                }
            }
            let constructor = current
                .get_own(Key::of("constructor"))
                .filter(|property| !property.attributes.is_accessor());
            if let Some(constructor) = constructor.and_then(|property| property.value.as_function())
            {
                let constructor = constructor.object();
                let name = string_property(constructor, "name")?;
                if !name.is_empty() && inherits_from(object, constructor.get(Key::of("prototype"))?)
                {
                    return Ok(Some(name));
                }
            }
            next = current.prototype();
        }
        let Some(first) = object.prototype().as_object() else {
            return Ok(None);
        };
        if level > self.options.depth {
            return Ok(Some(String::from("Object <Complex prototype>")));
        }
        let parent = match self.constructor_name(first, level + 1)? {
            Some(name) => name,
            None => super::text(
                first.value(),
                Options {
                    depth: -1,
                    ..self.options
                },
            )?,
        };
        Ok(Some(format!("Object <{parent}>")))
    }
}

/// `[Function: name]` or `[class Name extends Parent]`.
pub fn function_text(function: Function, constructor: Option<&str>, tag: &str) -> Outcome<String> {
    if function.flags() & FN_CLASS != 0 {
        return class_text(function, constructor, tag);
    }
    let mut out = String::from("[Function");
    if constructor.is_none() {
        out.push_str(" (null prototype)");
    }
    let name = function.object().get(Key::of("name"))?;
    match name.as_string() {
        Some(name) if name.length() == 0 => out.push_str(" (anonymous)"),
        Some(name) => out.push_str(&format!(": {}", utf8(name))),
        None => out.push_str(&format!(": {}", utf8(crate::convert::to_string(name)?))),
    }
    out.push(']');
    if let Some(constructor) = constructor.filter(|name| *name != "Function") {
        out.push_str(&format!(" {constructor}"));
    }
    if !tag.is_empty() && constructor != Some(tag) {
        out.push_str(&format!(" [{tag}]"));
    }
    Ok(out)
}

fn class_text(function: Function, constructor: Option<&str>, tag: &str) -> Outcome<String> {
    let object = function.object();
    let own = object.get_own(Key::of("name")).is_some();
    let mut name = if own {
        string_property(object, "name")?
    } else {
        String::new()
    };
    if name.is_empty() {
        name = String::from("(anonymous)");
    }
    let mut out = format!("[class {name}");
    if let Some(constructor) = constructor.filter(|name| *name != "Function") {
        out.push_str(&format!(" [{constructor}]"));
    }
    if !tag.is_empty() && constructor != Some(tag) {
        out.push_str(&format!(" [{tag}]"));
    }
    match (constructor, object.prototype().as_object()) {
        (None, _) => out.push_str(" extends [null prototype]"),
        (Some(_), Some(parent)) => {
            let parent = string_property(parent, "name")?;
            if !parent.is_empty() {
                out.push_str(&format!(" extends {parent}"));
            }
        }
        _ => {}
    }
    out.push(']');
    Ok(out)
}
