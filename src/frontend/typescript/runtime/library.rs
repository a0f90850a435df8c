//! The standard library: the globals and classes of the language that are not part of its core. One file for each
//! global; here is the list of them, and what several have in common.

mod array;
mod console;
mod date;
mod json;
mod map;
mod math;
mod number;
mod object;
mod set;
mod string;
mod weak;

pub use date::date_text;
pub use json::json_text;
pub use math::pow;
pub use object::object_to_string;

use crate::call;
use crate::collection;
use crate::convert;
use crate::error;
use crate::global::Global;
use crate::iterate;
use crate::key::Key;
use crate::native::{self, Call, Native, NativeClass};
use crate::object::{Attributes, Object};
use crate::operator;
use crate::realm::{self, Class};
use crate::string::Str;
use crate::symbol;
use crate::value::{Outcome, Value};
use alloc::vec::Vec;

/// The name of a global and the function that makes its value.
type Maker = (&'static str, fn() -> Value);

/// The globals that are no classes, made on first use.
pub static GLOBALS: &[Maker] = &[
    ("console", console::create),
    ("Math", math::create),
    ("JSON", json::create),
    ("parseInt", || global_function(&number::PARSE_INT)),
    ("parseFloat", || global_function(&number::PARSE_FLOAT)),
    ("isNaN", || global_function(&number::IS_NAN)),
    ("isFinite", || global_function(&number::IS_FINITE)),
];

/// The description of a class of the library.
pub fn class(class: Class) -> &'static NativeClass {
    match class {
        Class::Array => &array::CLASS,
        Class::String => &string::CLASS,
        Class::Number => &number::NUMBER,
        Class::Boolean => &number::BOOLEAN,
        Class::Map => &map::CLASS,
        Class::Set => &set::CLASS,
        Class::WeakMap => &weak::MAP,
        Class::WeakSet => &weak::SET,
        Class::Date => &date::CLASS,
        // The core describes all other classes itself.
        _ => &object::CLASS,
    }
}

/// The function object of a global function, which is the same wherever it can be reached.
fn global_function(native: &'static Native) -> Value {
    static MADE: Global<Vec<(usize, Value)>> = Global::new(Vec::new());
    let address = &raw const *native as usize;
    if let Some((_, function)) = MADE.state().iter().find(|(known, _)| *known == address) {
        return *function;
    }
    let function = realm::keep(native::function(native));
    MADE.state().push((address, function));
    function
}

/// Gives an object its `Symbol.toStringTag`.
fn define_tag(object: Object, tag: &str) {
    object.define(
        Key::symbol(symbol::to_string_tag()),
        Str::from_utf8(tag).value(),
        Attributes::READ_ONLY,
    );
}

/// The key that a string or symbol from a list of keys stands for.
fn key_of(value: Value) -> Key {
    match (value.as_symbol(), value.as_string()) {
        (Some(symbol), _) => Key::symbol(symbol),
        (None, Some(string)) => Key::from(string),
        (None, None) => Key::from(Str::empty()),
    }
}

/// Throws in the words that V8 has for native functions, if there is nothing to iterate over.
pub fn check_iterable(value: Value) -> Outcome<()> {
    if !value.is_nullish() {
        let method = crate::object::get(value, Key::symbol(symbol::iterator()))?;
        if method.is_callable() {
            return Ok(());
        }
    }
    let kind = operator::typeof_string(value).to_rust();
    let text = if value.is_undefined() || (value.is_object() && !value.is_null()) {
        kind
    } else {
        alloc::format!("{kind} {}", convert::to_display(value))
    };
    error::throw_type(format_args!(
        "{text} is not iterable (cannot read property Symbol(Symbol.iterator))"
    ))
}

/// The key and value of an entry `[key, value]`.
fn entry(entry: Value) -> Outcome<(Value, Value)> {
    if let Some(array) = entry.as_array()
        && array.length() >= 2
        && let (key, value) = (array.get(0), array.get(1))
        && !key.is_empty()
        && !value.is_empty()
    {
        return Ok((key, value));
    }
    match entry.as_object() {
        Some(object) => Ok((object.get(Key::index(0))?, object.get(Key::index(1))?)),
        None => error::throw_type(format_args!(
            "Iterator value {} is not an entry object",
            convert::to_display(entry)
        )),
    }
}

/// Adds what the first argument of a collection's constructor gives, through the method `adder` if the program has put
/// its own in place.
fn fill(
    call: &Call,
    target: Object,
    adder: Key,
    class: Class,
    read: impl Fn(Value) -> Outcome<(Value, Value)>,
) -> Outcome<()> {
    let source = call.arg(0);
    if source.is_nullish() {
        return Ok(());
    }
    let method = target.get(adder)?;
    check_iterable(source)?;
    let own = method == realm::prototype(class).get(adder)?;
    iterate::for_each(source, |item| {
        let (key, value) = read(item)?;
        if own {
            collection::set(target, key, value);
        } else {
            call::call(method, target.value(), &[key, value])?;
        }
        Ok(())
    })
}

/// `forEach` of maps and sets: what is added meanwhile is visited too.
fn visit_collection(call: &Call, target: Object) -> Outcome {
    let function = call.arg(0);
    if !function.is_callable() {
        return error::throw_type(format_args!(
            "{} is not a function",
            convert::to_display(function)
        ));
    }
    let mut cursor = 0;
    while let Some((key, value)) = collection::next(target, &mut cursor) {
        call::call(function, call.arg(1), &[value, key, target.value()])?;
    }
    Ok(Value::UNDEFINED)
}
