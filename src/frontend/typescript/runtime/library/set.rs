//! `Set`: the constructor and its methods. The table itself is `collection`'s.

use crate::collection;
use crate::iterate::{self, IterationKind};
use crate::key::Key;
use crate::kind;
use crate::native::{Call, Native, NativeClass};
use crate::object::{Attributes, Object};
use crate::realm::Class;
use crate::value::{Outcome, Value};

pub static CLASS: NativeClass = NativeClass {
    name: "Set",
    length: 0,
    run: construct,
    parent: None,
    methods: METHODS,
    statics: STATICS,
    setup: Some(setup),
};

static METHODS: &[Native] = &[
    Native::new("has", 1, |call| {
        Ok(Value::boolean(collection::has(
            this(call, "has")?,
            call.arg(0),
        )))
    }),
    Native::new("add", 1, add),
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
    Native::new("forEach", 1, |call| {
        super::visit_collection(call, this(call, "forEach")?)
    }),
    Native::new("get size", 0, |call| {
        Ok(Value::int(i64::from(collection::size(this(call, "size")?))))
    }),
    Native::new("values", 0, |call| {
        iterator(call, "values", IterationKind::Values)
    }),
];

static STATICS: &[Native] = &[Native::new("get @@species", 0, |call| Ok(call.this))];

/// `keys` and `Symbol.iterator` are the very function that `values` is.
fn setup(_: Object, prototype: Object) {
    if let Ok(values) = prototype.get(Key::of("values")) {
        prototype.define(Key::of("keys"), values, Attributes::HIDDEN);
        prototype.define(
            Key::symbol(crate::symbol::iterator()),
            values,
            Attributes::HIDDEN,
        );
    }
    super::define_tag(prototype, "Set");
}

fn this(call: &Call, method: &str) -> Outcome<Object> {
    match call.this.as_kind(kind::SET) {
        Some(set) => Ok(set),
        None => call.incompatible(&alloc::format!("Set.prototype.{method}")),
    }
}

fn construct(call: &Call) -> Outcome {
    call.require_new("Set")?;
    let set = collection::create(kind::SET, call.instance_prototype(Class::Set)?);
    super::fill(call, set, Key::of("add"), Class::Set, |value| {
        Ok((value, value))
    })?;
    Ok(set.value())
}

fn add(call: &Call) -> Outcome {
    collection::set(this(call, "add")?, call.arg(0), call.arg(0));
    Ok(call.this)
}

fn clear(call: &Call) -> Outcome {
    collection::clear(this(call, "clear")?);
    Ok(Value::UNDEFINED)
}

fn iterator(call: &Call, method: &str, kind: IterationKind) -> Outcome {
    Ok(iterate::set_iterator(this(call, method)?, kind).into())
}
