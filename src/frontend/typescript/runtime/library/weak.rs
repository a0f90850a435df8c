//! `WeakMap` and `WeakSet`. A program cannot tell when an entry goes, so here none goes before its collection does:
//! they hold their keys.

use crate::collection;
use crate::error;
use crate::key::Key;
use crate::kind;
use crate::native::{Call, Native, NativeClass};
use crate::object::Object;
use crate::realm::Class;
use crate::symbol;
use crate::value::{Outcome, Value};

pub static MAP: NativeClass = NativeClass {
    name: "WeakMap",
    length: 0,
    run: construct_map,
    parent: None,
    methods: MAP_METHODS,
    statics: &[],
    setup: Some(|_, prototype| super::define_tag(prototype, "WeakMap")),
};

pub static SET: NativeClass = NativeClass {
    name: "WeakSet",
    length: 0,
    run: construct_set,
    parent: None,
    methods: SET_METHODS,
    statics: &[],
    setup: Some(|_, prototype| super::define_tag(prototype, "WeakSet")),
};

static MAP_METHODS: &[Native] = &[
    Native::new("delete", 1, |call| {
        Ok(Value::boolean(collection::delete(
            this_map(call, "delete")?,
            call.arg(0),
        )))
    }),
    Native::new("get", 1, |call| {
        Ok(collection::get(this_map(call, "get")?, call.arg(0)).unwrap_or(Value::UNDEFINED))
    }),
    Native::new("set", 2, set),
    Native::new("has", 1, |call| {
        Ok(Value::boolean(collection::has(
            this_map(call, "has")?,
            call.arg(0),
        )))
    }),
];

static SET_METHODS: &[Native] = &[
    Native::new("delete", 1, |call| {
        Ok(Value::boolean(collection::delete(
            this_set(call, "delete")?,
            call.arg(0),
        )))
    }),
    Native::new("has", 1, |call| {
        Ok(Value::boolean(collection::has(
            this_set(call, "has")?,
            call.arg(0),
        )))
    }),
    Native::new("add", 1, add),
];

fn this_map(call: &Call, method: &str) -> Outcome<Object> {
    match call.this.as_kind(kind::WEAK_MAP) {
        Some(map) => Ok(map),
        None => call.incompatible(&alloc::format!("WeakMap.prototype.{method}")),
    }
}

fn this_set(call: &Call, method: &str) -> Outcome<Object> {
    match call.this.as_kind(kind::WEAK_SET) {
        Some(set) => Ok(set),
        None => call.incompatible(&alloc::format!("WeakSet.prototype.{method}")),
    }
}

/// Objects, and symbols that no registry can give again.
fn may_be_key(value: Value) -> bool {
    value.is_object()
        || value
            .as_symbol()
            .is_some_and(|symbol| symbol::key_for(symbol).is_undefined())
}

fn construct_map(call: &Call) -> Outcome {
    call.require_new("WeakMap")?;
    let map = collection::create(kind::WEAK_MAP, call.instance_prototype(Class::WeakMap)?);
    super::fill(call, map, Key::of("set"), Class::WeakMap, |entry| {
        let (key, value) = super::entry(entry)?;
        check(key, "weak map key")?;
        Ok((key, value))
    })?;
    Ok(map.value())
}

fn construct_set(call: &Call) -> Outcome {
    call.require_new("WeakSet")?;
    let set = collection::create(kind::WEAK_SET, call.instance_prototype(Class::WeakSet)?);
    super::fill(call, set, Key::of("add"), Class::WeakSet, |value| {
        check(value, "weak set")?;
        Ok((value, value))
    })?;
    Ok(set.value())
}

fn check(value: Value, role: &str) -> Outcome<()> {
    if may_be_key(value) {
        return Ok(());
    }
    if role == "weak set" {
        return error::throw_type(format_args!("Invalid value used in weak set"));
    }
    error::throw_type(format_args!("Invalid value used as {role}"))
}

fn set(call: &Call) -> Outcome {
    let map = this_map(call, "set")?;
    check(call.arg(0), "weak map key")?;
    collection::set(map, call.arg(0), call.arg(1));
    Ok(call.this)
}

fn add(call: &Call) -> Outcome {
    let set = this_set(call, "add")?;
    check(call.arg(0), "weak set")?;
    collection::set(set, call.arg(0), call.arg(0));
    Ok(call.this)
}
