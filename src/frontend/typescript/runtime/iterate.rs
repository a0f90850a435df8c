//! Iteration: the protocol of the language, and shorter ways for what the runtime itself iterates. The shorter ways hold
//! for objects whose iterator is the language's own; that a program replaces `Array.prototype[Symbol.iterator]` is not
//! supported.

use crate::abi::ITERATION_SIZE;
use crate::array::{self, Array};
use crate::call;
use crate::collection;
use crate::convert;
use crate::error;
use crate::heap::storage::Values;
use crate::key::{Key, names};
use crate::kind;
use crate::object::{self, Object, root_shape};
use crate::realm::{self, Class};
use crate::shape::table::Attributes;
use crate::string::Str;
use crate::symbol;
use crate::value::{Outcome, Value};

/// What an iterator of an array, map or set gives.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum IterationKind {
    Keys = 0,
    Values = 1,
    Entries = 2,
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
enum Mode {
    /// `source` is an array, `position` the index.
    Array,
    /// `source` is a string, `position` the unit.
    String,
    /// `source` is an iterator of the runtime.
    Own,
    /// `source` is any iterator, `next` its method.
    Protocol,
    Done,
}

/// One running iteration. It must lie on the stack, where the collector sees it: generated code has stack slots for it.
#[repr(C)]
pub struct Iteration {
    mode: Mode,
    source: Value,
    next: Value,
    position: u64,
}

const _: () = assert!(core::mem::size_of::<Iteration>() <= ITERATION_SIZE as usize);

impl Iteration {
    pub fn open(iterable: Value) -> Outcome<Iteration> {
        let start = |mode, source| Iteration {
            mode,
            source,
            next: Value::UNDEFINED,
            position: 0,
        };
        if let Some(object) = iterable.as_object() {
            let is_plain = |class| {
                object.shape().count.get() == 0
                    && object.prototype() == realm::prototype(class).value()
            };
            match object.kind() {
                kind::ARRAY if is_plain(Class::Array) => return Ok(start(Mode::Array, iterable)),
                kind::MAP if is_plain(Class::Map) => {
                    return Ok(start(
                        Mode::Own,
                        map_iterator(object, IterationKind::Entries).value(),
                    ));
                }
                kind::SET if is_plain(Class::Set) => {
                    return Ok(start(
                        Mode::Own,
                        set_iterator(object, IterationKind::Values).value(),
                    ));
                }
                kind::ARRAY_ITERATOR..=kind::SET_ITERATOR if object.shape().count.get() == 0 => {
                    return Ok(start(Mode::Own, iterable));
                }
                _ => {}
            }
        }
        if iterable.is_string() {
            return Ok(start(Mode::String, iterable));
        }
        let method = if iterable.is_nullish() {
            Value::UNDEFINED
        } else {
            object::get(iterable, Key::symbol(symbol::iterator()))?
        };
        if !method.is_callable() {
            return error::throw_type(format_args!("{} is not iterable", describe(iterable)));
        }
        let iterator = call::call(method, iterable, &[])?;
        let Some(object) = iterator.as_object() else {
            return error::throw_type(format_args!(
                "Result of the Symbol.iterator method is not an object"
            ));
        };
        if (kind::ARRAY_ITERATOR..=kind::SET_ITERATOR).contains(&object.kind())
            && object.shape().count.get() == 0
        {
            return Ok(start(Mode::Own, iterator));
        }
        let next = object.get(names::next())?;
        Ok(Iteration {
            mode: Mode::Protocol,
            source: iterator,
            next,
            position: 0,
        })
    }

    #[inline(always)]
    pub fn next(&mut self) -> Outcome<Option<Value>> {
        if self.mode == Mode::Array {
            let array = Array::at(self.source.pointer());
            let index = self.position as u32;
            let value = array.get(index);
            if !value.is_empty() {
                self.position += 1;
                return Ok(Some(value));
            }
        }
        self.next_slow()
    }

    #[inline(never)]
    fn next_slow(&mut self) -> Outcome<Option<Value>> {
        match self.mode {
            Mode::Array => {
                let array = Array::at(self.source.pointer());
                let index = self.position as u32;
                if index >= array.length() {
                    self.mode = Mode::Done;
                    return Ok(None);
                }
                self.position += 1;
                array::element(array, index).map(Some)
            }
            Mode::String => {
                let text = Str::at(self.source.pointer()).text();
                let index = self.position as usize;
                if index >= text.length() {
                    self.mode = Mode::Done;
                    return Ok(None);
                }
                let (_, count) = text.code_point(index);
                self.position += count as u64;
                Ok(Some(
                    Str::from_text(text.slice(index, index + count)).value(),
                ))
            }
            Mode::Own => step(Object::at(self.source.pointer())),
            Mode::Protocol => self.next_by_protocol(),
            Mode::Done => Ok(None),
        }
    }

    fn next_by_protocol(&mut self) -> Outcome<Option<Value>> {
        // What throws here is not closed: the iterator itself has failed.
        let mode = core::mem::replace(&mut self.mode, Mode::Done);
        let result = call::call(self.next, self.source, &[])?;
        let Some(object) = result.as_object() else {
            return error::throw_type(format_args!(
                "Iterator result {} is not an object",
                convert::to_display(result)
            ));
        };
        if convert::to_boolean(object.get(names::done())?) {
            return Ok(None);
        }
        let value = object.get(names::value())?;
        self.mode = mode;
        Ok(Some(value))
    }

    /// On early exit.
    pub fn close(&mut self) -> Outcome<()> {
        let mode = core::mem::replace(&mut self.mode, Mode::Done);
        if mode != Mode::Protocol {
            return Ok(());
        }
        let method = object::get(self.source, names::r#return())?;
        if method.is_nullish() {
            return Ok(());
        }
        let result = call::call(method, self.source, &[])?;
        if !result.is_object() {
            return error::throw_type(format_args!(
                "{} is not an object",
                convert::to_display(result)
            ));
        }
        Ok(())
    }

    /// On early exit because something was thrown, which stays thrown whatever closing does.
    pub fn close_after_throw(&mut self) {
        let thrown = error::take();
        let _ = self.close();
        let _ = error::throw_value(thrown);
    }
}

fn describe(value: Value) -> alloc::string::String {
    match value.as_number() {
        Some(_) => alloc::format!("number {}", convert::to_display(value)),
        None if value.is_boolean() => alloc::format!("boolean {}", convert::to_display(value)),
        None => convert::to_display(value),
    }
}

/// Calls a function with each value; if it throws, the iterator is closed.
pub fn for_each(iterable: Value, mut visit: impl FnMut(Value) -> Outcome<()>) -> Outcome<()> {
    let mut iteration = Iteration::open(iterable)?;
    while let Some(value) = iteration.next()? {
        if let Err(thrown) = visit(value) {
            iteration.close_after_throw();
            return Err(thrown);
        }
    }
    Ok(())
}

pub fn collect(iterable: Value) -> Outcome<Values> {
    let mut values = Values::new();
    for_each(iterable, |value| {
        values.push(value);
        Ok(())
    })?;
    Ok(values)
}

// The iterators of the runtime: word 0 is what is iterated (undefined at the end), 1 the position, 2 the kind.

fn create(kind: u8, class: Class, source: Value, what: IterationKind) -> Object {
    let object = Object::private(kind, realm::prototype(class).value(), 3);
    object.set_word(0, source);
    object.set_word(1, Value(0));
    object.set_word(2, Value(what as u64));
    object
}

/// Over anything with a length.
pub fn array_iterator(object: Object, what: IterationKind) -> Object {
    create(
        kind::ARRAY_ITERATOR,
        Class::ArrayIterator,
        object.value(),
        what,
    )
}

pub fn string_iterator(string: Str) -> Object {
    create(
        kind::STRING_ITERATOR,
        Class::StringIterator,
        string.value(),
        IterationKind::Values,
    )
}

pub fn map_iterator(map: Object, what: IterationKind) -> Object {
    create(kind::MAP_ITERATOR, Class::MapIterator, map.value(), what)
}

pub fn set_iterator(set: Object, what: IterationKind) -> Object {
    create(kind::SET_ITERATOR, Class::SetIterator, set.value(), what)
}

/// The next value of an iterator of the runtime.
pub fn step(iterator: Object) -> Outcome<Option<Value>> {
    let source = iterator.word(0);
    if source.is_undefined() {
        return Ok(None);
    }
    let position = iterator.word(1).0;
    let what = iterator.word(2).0;
    let pair = |key: Value, value: Value| match what {
        0 => key,
        1 => value,
        _ => Array::from_values(&[key, value]).value(),
    };
    let finish = || {
        iterator.set_word(0, Value::UNDEFINED);
        Ok(None)
    };
    match iterator.kind() {
        kind::ARRAY_ITERATOR => {
            let length = match source.as_array() {
                Some(array) => f64::from(array.length()),
                None => convert::to_length(object::get(source, names::length())?)?,
            };
            if position as f64 >= length {
                return finish();
            }
            iterator.set_word(1, Value(position + 1));
            let key = Value::int(position as i64);
            if what == IterationKind::Keys as u64 {
                return Ok(Some(key));
            }
            let value = match source.as_array() {
                Some(array) => array::element(array, position as u32)?,
                None => object::get(source, convert::to_key(key)?)?,
            };
            Ok(Some(pair(key, value)))
        }
        kind::STRING_ITERATOR => {
            let text = Str::at(source.pointer()).text();
            let index = position as usize;
            if index >= text.length() {
                return finish();
            }
            let (_, count) = text.code_point(index);
            iterator.set_word(1, Value((index + count) as u64));
            Ok(Some(
                Str::from_text(text.slice(index, index + count)).value(),
            ))
        }
        _ => {
            let mut cursor = position as u32;
            let Some((key, value)) = collection::next(Object::at(source.pointer()), &mut cursor)
            else {
                return finish();
            };
            iterator.set_word(1, Value(u64::from(cursor)));
            Ok(Some(if iterator.kind() == kind::SET_ITERATOR {
                pair(key, key)
            } else {
                pair(key, value)
            }))
        }
    }
}

/// `{ value, done }`.
pub fn result(value: Option<Value>) -> Value {
    let mut shape = root_shape(realm::prototype(Class::Object).value());
    // Always found after the first time, and never too many to be shared.
    for key in [names::value(), names::done()] {
        match shape.with(key, Attributes::ALL) {
            Some(next) => shape = next,
            None => break,
        }
    }
    let object = Object::with_shape(shape, 2);
    unsafe {
        *object.slot(0) = value.unwrap_or(Value::UNDEFINED);
        *object.slot(1) = Value::boolean(value.is_none());
    }
    object.value()
}
