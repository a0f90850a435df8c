//! The prototypes of the runtime's own iterators.

use crate::error;
use crate::iterate;
use crate::key::Key;
use crate::kind;
use crate::native::{Call, Native, NativeClass};
use crate::object::{Attributes, Object};
use crate::realm::Class;
use crate::string::Str;
use crate::symbol;
use crate::value::Outcome;

pub static ITERATOR: NativeClass = NativeClass {
    name: "Iterator",
    length: 0,
    run: construct,
    parent: None,
    methods: &[Native::new("@@iterator", 0, itself)],
    statics: &[],
    setup: None,
};

macro_rules! iterators {
    ($($constant:ident $tag:literal;)*) => {
        $(
            pub static $constant: NativeClass = NativeClass {
                name: $tag,
                length: 0,
                run: construct,
                parent: Some(Class::Iterator),
                methods: &[Native::new("next", 0, next)],
                statics: &[],
                setup: Some(|_, prototype| tag(prototype, $tag)),
            };
        )*
    };
}

iterators! {
    ARRAY_ITERATOR "Array Iterator";
    STRING_ITERATOR "String Iterator";
    MAP_ITERATOR "Map Iterator";
    SET_ITERATOR "Set Iterator";
}

fn tag(prototype: Object, tag: &str) {
    prototype.define(
        Key::symbol(symbol::to_string_tag()),
        Str::from_utf8(tag).value(),
        Attributes::READ_ONLY,
    );
}

fn construct(_: &Call) -> Outcome {
    error::throw_type(format_args!("Illegal constructor"))
}

fn itself(call: &Call) -> Outcome {
    Ok(call.this)
}

fn next(call: &Call) -> Outcome {
    match call
        .this
        .as_object()
        .filter(|object| (kind::ARRAY_ITERATOR..=kind::SET_ITERATOR).contains(&object.kind()))
    {
        Some(iterator) => Ok(iterate::result(iterate::step(iterator)?)),
        None => call.incompatible("next"),
    }
}
