//! Objects, properties, arrays and iteration.

use super::values;
use crate::abi::{self, LITERAL_COUNT, LITERAL_KEYS, PropertySite};
use crate::array::Array;
use crate::class;
use crate::convert;
use crate::error::{self, to_word};
use crate::function;
use crate::iterate::{self, Iteration};
use crate::key::Key;
use crate::kind;
use crate::object::{self, Attributes, Object, list, root_shape, site};
use crate::realm::{self, Class};
use crate::shape::Shape;
use crate::string::Str;
use crate::value::{Outcome, Thrown, Value};
use alloc::string::String;
use alloc::vec::Vec;

fn done(result: Outcome<()>) -> u64 {
    to_word(result.map(|()| Value::UNDEFINED))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_object_new() -> u64 {
    Object::new().value().0
}

/// The static data of a literal.
#[derive(Clone, Copy)]
struct Literal(*mut u64);

impl Literal {
    fn count(self) -> u32 {
        unsafe { *self.0.byte_offset(LITERAL_COUNT as isize) as u32 }
    }

    fn key(self, index: u32) -> Key {
        Key::from(Str::at(unsafe {
            *self
                .0
                .byte_offset(LITERAL_KEYS as isize)
                .add(index as usize)
        } as *mut u8))
    }

    /// The shape of all objects that the literal makes; none if its keys are not those of a record.
    fn shape(self) -> Option<&'static Shape> {
        let known = unsafe { *self.0 };
        if known != 0 {
            return Some(unsafe { &*(known as *const Shape) });
        }
        let mut shape = root_shape(realm::prototype(Class::Object).value());
        for index in 0..self.count() {
            let key = self.key(index);
            if shape.find(key).is_some() {
                return None;
            }
            shape = shape.with(key, Attributes::ALL)?;
        }
        unsafe { *self.0 = &raw const *shape as u64 };
        site::keep_literal(self.0);
        Some(shape)
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_object_literal(literal: *mut u64, parts: *const u64) -> u64 {
    let literal = Literal(literal);
    let parts = values(u64::from(literal.count()), parts);
    if let Some(shape) = literal.shape() {
        let object = Object::with_shape(shape, parts.len() as u32);
        unsafe { core::ptr::copy_nonoverlapping(parts.as_ptr(), object.slot(0), parts.len()) };
        return object.value().0;
    }
    let object = Object::new();
    for (index, value) in parts.iter().enumerate() {
        object.define(literal.key(index as u32), *value, Attributes::ALL);
    }
    object.value().0
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_new_object(new_target: u64, literal: *mut u64) -> u64 {
    let capacity = if literal.is_null() {
        4
    } else {
        Literal(literal).count()
    };
    to_word(crate::call::new_object(Value(new_target), capacity).map(Object::value))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_get(base: u64, key: u64) -> u64 {
    let (base, key) = (Value(base), Value(key));
    if let Some(index) = key.as_index() {
        if let Some(array) = base.as_array() {
            let value = array.get(index);
            return if value.is_empty() {
                to_word(crate::array::element(array, index))
            } else {
                value.0
            };
        }
        if let Some(string) = base.as_string().filter(|string| index < string.length()) {
            return Str::unit(string.text().unit(index as usize)).value().0;
        }
    }
    to_word(get(base, key))
}

/// A computed key, without running any code of the program.
fn shown_key(key: Value) -> String {
    key.as_string()
        .map_or_else(|| convert::to_display(key), Str::to_rust)
}

fn get(base: Value, key: Value) -> Outcome {
    if base.is_nullish() {
        return error::throw_type(format_args!(
            "Cannot read properties of {} (reading '{}')",
            convert::to_display(base),
            shown_key(key)
        ));
    }
    object::get(base, convert::to_key(key)?)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_set(base: u64, key: u64, value: u64) -> u64 {
    let (base, key, value) = (Value(base), Value(key), Value(value));
    if let Some(array) = base.as_array()
        && let Some(index) = key.as_index()
        && !array.is_sparse()
        && array.length() >= index
    {
        if index == array.length() {
            array.push(value);
        } else {
            array.put(index, value);
        }
        return abi::UNDEFINED;
    }
    done(set(base, key, value))
}

fn set(base: Value, key: Value, value: Value) -> Outcome<()> {
    if base.is_nullish() {
        return error::throw_type(format_args!(
            "Cannot set properties of {} (setting '{}')",
            convert::to_display(base),
            shown_key(key)
        ));
    }
    object::set_value(base, convert::to_key(key)?, value)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_get_site(base: u64, site: &mut PropertySite) -> u64 {
    to_word(site::get(Value(base), site))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_set_site(base: u64, value: u64, site: &mut PropertySite) -> u64 {
    done(site::set(Value(base), Value(value), site))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_method_site(base: u64, site: &mut PropertySite) -> u64 {
    to_word(site::method(Value(base), site))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_delete(base: u64, key: u64) -> u64 {
    to_word(delete(Value(base), Value(key)))
}

fn delete(base: Value, key: Value) -> Outcome {
    if base.is_nullish() {
        return error::throw_type(format_args!("Cannot convert undefined or null to object"));
    }
    let key = convert::to_key(key)?;
    if object::is_unit(base, key) {
        return error::throw_type(format_args!(
            "Cannot delete property '{}' of [object String]",
            convert::key_display(key)
        ));
    }
    match base.as_object() {
        Some(object) if !object.delete(key) => error::throw_type(format_args!(
            "Cannot delete property '{}' of {}",
            convert::key_display(key),
            convert::describe_object(base)
        )),
        _ => Ok(Value::TRUE),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_define(target: u64, key: u64, value: u64) -> u64 {
    done(define_computed(Value(target), Value(key), Value(value)))
}

fn define_computed(target: Value, key: Value, value: Value) -> Outcome<()> {
    let key = convert::to_key(key)?;
    function::name_after(value, key, "");
    define(target, key, value)
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_define_site(target: u64, value: u64, site: &mut abi::PropertySite) -> u64 {
    let (target, value) = (Value(target), Value(value));
    done(site::define(target, value, site, |key| {
        define(target, key, value)
    }))
}

fn define(target: Value, key: Key, value: Value) -> Outcome<()> {
    let Some(object) = target.as_object() else {
        return Err(Thrown);
    };
    if !object.is_extensible() && !object.has_own(key) {
        return error::throw_type(format_args!(
            "Cannot define property {}, object is not extensible",
            convert::key_display(key)
        ));
    }
    // A static field may be called `name` or `prototype`.
    if object.get_own(key).is_some_and(|property| {
        !property.attributes.is_configurable() && !property.attributes.has(Attributes::PRIVATE)
    }) {
        return error::throw_type(format_args!(
            "Cannot redefine property: {}",
            convert::key_display(key)
        ));
    }
    let attributes = if key.is_private() {
        Attributes::WRITABLE.with(Attributes::PRIVATE)
    } else {
        Attributes::ALL
    };
    object.define(key, value, attributes);
    Ok(())
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_define_method(
    target: u64,
    key: u64,
    function: u64,
    what: u64,
    enumerable: u64,
) -> u64 {
    done(define_method(
        Value(target),
        Value(key),
        Value(function),
        what,
        enumerable != 0,
    ))
}

fn define_method(
    target: Value,
    key: Value,
    function: Value,
    what: u64,
    enumerable: bool,
) -> Outcome<()> {
    let key = convert::to_key(key)?;
    function::name_after(function, key, ["", "get ", "set "][what as usize % 3]);
    if let Some(object) = target.as_object() {
        class::define_method(object, key, function, what, enumerable);
    }
    Ok(())
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_copy_properties(target: u64, source: u64) -> u64 {
    done(Value(target).as_object().map_or(Ok(()), |target| {
        list::copy_properties(target, Value(source), &[])
    }))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_object_rest(source: u64, count: u64, excluded: *const u64) -> u64 {
    to_word(object_rest(Value(source), values(count, excluded)))
}

fn object_rest(source: Value, excluded: &[Value]) -> Outcome {
    let mut keys = Vec::with_capacity(excluded.len());
    for key in excluded {
        keys.push(convert::to_key(*key)?);
    }
    let target = Object::new();
    list::copy_properties(target, source, &keys)?;
    Ok(target.value())
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_for_in_keys(value: u64) -> u64 {
    if Value(value).is_nullish() {
        return Array::new().value().0;
    }
    to_word(convert::to_object(Value(value)).map(|object| list::for_in_keys(object).value()))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_super_get(callee: u64, this: u64, key: u64) -> u64 {
    to_word(
        convert::to_key(Value(key))
            .and_then(|key| class::super_get(Value(callee), Value(this), key)),
    )
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_super_set(callee: u64, this: u64, key: u64, value: u64) -> u64 {
    done(
        convert::to_key(Value(key))
            .and_then(|key| class::super_set(Value(callee), Value(this), key, Value(value))),
    )
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_array_new(count: u64, elements: *const u64) -> u64 {
    Array::from_values(values(count, elements)).value().0
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_array_push(array: u64, value: u64) -> u64 {
    Array::at(Value(array).pointer()).push(Value(value));
    array
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_array_append(array: u64, iterable: u64) -> u64 {
    let array = Array::at(Value(array).pointer());
    done(iterate::for_each(Value(iterable), |value| {
        array.push(value);
        Ok(())
    }))
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_iteration_open(iterable: u64, state: *mut Iteration) -> u64 {
    match Iteration::open(Value(iterable)) {
        Ok(iteration) => {
            unsafe { state.write(iteration) };
            abi::UNDEFINED
        }
        Err(Thrown) => abi::EXCEPTION,
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_iteration_next(state: &mut Iteration) -> u64 {
    match state.next() {
        Ok(Some(value)) => value.0,
        Ok(None) => abi::EMPTY,
        Err(Thrown) => abi::EXCEPTION,
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_iteration_close(state: &mut Iteration) -> u64 {
    done(state.close())
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_namespace(count: u64, names: *const u64, getters: *const list::Getter) -> u64 {
    let names = if count == 0 {
        &[]
    } else {
        unsafe { core::slice::from_raw_parts(names, count as usize) }
    };
    list::namespace(count as usize, names, getters).value().0
}

#[unsafe(no_mangle)]
pub extern "C" fn kt_cell(value: u64) -> u64 {
    let cell = crate::heap::allocate(16);
    unsafe {
        cell.cast::<kind::Header>()
            .write(kind::Header::new(kind::CELL, 0, 0));
        cell.add(abi::CELL_VALUE as usize)
            .cast::<u64>()
            .write(value);
    }
    Value::cell(cell).0
}
