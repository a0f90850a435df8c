//! `Map`: the constructor and its methods. The table itself is `collection`'s.

use crate::array::Array;
use crate::call;
use crate::collection;
use crate::convert;
use crate::error;
use crate::iterate::{self, IterationKind};
use crate::key::Key;
use crate::kind;
use crate::native::{Call, Native, NativeClass};
use crate::object::{Attributes, Object};
use crate::realm::{self, Class};
use crate::value::{Outcome, Value};

pub static CLASS: NativeClass = NativeClass {
    name: "Map",
    length: 0,
    run: construct,
    parent: None,
    methods: METHODS,
    statics: STATICS,
    setup: Some(setup),
};

static METHODS: &[Native] = &[
    Native::new("get", 1, get),
    Native::new("set", 2, set),
    Native::new("has", 1, |call| {
        Ok(Value::boolean(collection::has(
            this(call, "has")?,
            call.arg(0),
        )))
    }),
    Native::new("delete", 1, |call| {
        Ok(Value::boolean(collection::delete(
            this(call, "delete")?,
            call.arg(0),
        )))
    }),
    Native::new("clear", 0, clear),
    Native::new("entries", 0, |call| {
        iterator(call, "entries", IterationKind::Entries)
    }),
    Native::new("forEach", 1, for_each),
    Native::new("keys", 0, |call| {
        iterator(call, "keys", IterationKind::Keys)
    }),
    Native::new("get size", 0, |call| {
        Ok(Value::int(i64::from(collection::size(this(call, "size")?))))
    }),
    Native::new("values", 0, |call| {
        iterator(call, "values", IterationKind::Values)
    }),
];

static STATICS: &[Native] = &[
    Native::new("groupBy", 2, group_by),
    Native::new("get @@species", 0, |call| Ok(call.this)),
];

/// `Symbol.iterator` is the very function that `entries` is.
fn setup(_: Object, prototype: Object) {
    if let Ok(entries) = prototype.get(Key::of("entries")) {
        prototype.define(
            Key::symbol(crate::symbol::iterator()),
            entries,
            Attributes::HIDDEN,
        );
    }
    super::define_tag(prototype, "Map");
}

fn this(call: &Call, method: &str) -> Outcome<Object> {
    match call.this.as_kind(kind::MAP) {
        Some(map) => Ok(map),
        None => call.incompatible(&alloc::format!("Map.prototype.{method}")),
    }
}

fn construct(call: &Call) -> Outcome {
    call.require_new("Map")?;
    let map = collection::create(kind::MAP, call.instance_prototype(Class::Map)?);
    super::fill(call, map, Key::of("set"), Class::Map, |entry| {
        super::entry(entry)
    })?;
    Ok(map.value())
}

fn get(call: &Call) -> Outcome {
    Ok(collection::get(this(call, "get")?, call.arg(0)).unwrap_or(Value::UNDEFINED))
}

fn set(call: &Call) -> Outcome {
    collection::set(this(call, "set")?, call.arg(0), call.arg(1));
    Ok(call.this)
}

fn clear(call: &Call) -> Outcome {
    collection::clear(this(call, "clear")?);
    Ok(Value::UNDEFINED)
}

fn iterator(call: &Call, method: &str, kind: IterationKind) -> Outcome {
    Ok(iterate::map_iterator(this(call, method)?, kind).into())
}

fn for_each(call: &Call) -> Outcome {
    super::visit_collection(call, this(call, "forEach")?)
}

fn group_by(call: &Call) -> Outcome {
    let function = call.arg(1);
    super::check_iterable(call.arg(0))?;
    if !function.is_callable() {
        return error::throw_type(format_args!(
            "{} is not a function",
            convert::to_display(function)
        ));
    }
    let map = collection::create(kind::MAP, realm::prototype(Class::Map).value());
    let mut index = 0;
    iterate::for_each(call.arg(0), |value| {
        let key = call::call(function, Value::UNDEFINED, &[value, Value::int(index)])?;
        index += 1;
        match collection::get(map, key).and_then(Value::as_array) {
            Some(group) => group.push(value),
            None => collection::set(map, key, Array::from_values(&[value]).value()),
        };
        Ok(())
    })?;
    Ok(map.value())
}
