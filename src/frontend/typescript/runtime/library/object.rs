//! `Object`: the constructor, its statics and the methods of `Object.prototype`. Property descriptors are in
//! `descriptor`.

mod descriptor;

use crate::array::Array;
use crate::call;
use crate::convert;
use crate::error;
use crate::iterate;
use crate::key::{Key, names};
use crate::kind;
use crate::native::{Call, Native, NativeClass};
use crate::object::{Attributes, Object};
use crate::operator::same_value;
use crate::realm::Class;
use crate::string::{Str, TextBuilder};
use crate::symbol;
use crate::value::{Outcome, Value};

pub static CLASS: NativeClass = NativeClass {
    name: "Object",
    length: 1,
    run: construct,
    parent: None,
    methods: METHODS,
    statics: STATICS,
    setup: None,
};

static METHODS: &[Native] = &[
    Native::new("hasOwnProperty", 1, has_own_property),
    Native::new("isPrototypeOf", 1, is_prototype_of),
    Native::new("propertyIsEnumerable", 1, property_is_enumerable),
    Native::new("toString", 0, |call| object_to_string(call.this)),
    Native::new("toLocaleString", 0, |call| {
        call::invoke(call.this, names::to_string(), &[])
    }),
    Native::new("valueOf", 0, |call| {
        Ok(convert::to_object(call.this)?.value())
    }),
    Native::new("get __proto__", 0, |call| {
        Ok(convert::to_object(call.this)?.prototype())
    }),
    Native::new("set __proto__", 1, set_proto),
];

static STATICS: &[Native] = &[
    Native::new("assign", 2, assign),
    Native::new("getOwnPropertyDescriptor", 2, descriptor::get_own),
    Native::new("getOwnPropertyDescriptors", 1, descriptor::get_all_own),
    Native::new("getOwnPropertyNames", 1, |call| own_keys(call, false)),
    Native::new("getOwnPropertySymbols", 1, |call| own_keys(call, true)),
    Native::new("hasOwn", 2, has_own),
    Native::new("is", 2, |call| {
        Ok(Value::boolean(same_value(call.arg(0), call.arg(1))))
    }),
    Native::new("preventExtensions", 1, |call| {
        restrict(call, |object| object.prevent_extensions())
    }),
    Native::new("seal", 1, |call| restrict(call, |object| object.seal())),
    Native::new("create", 2, create),
    Native::new("defineProperties", 2, descriptor::define_all),
    Native::new("defineProperty", 3, descriptor::define),
    Native::new("freeze", 1, |call| restrict(call, |object| object.freeze())),
    Native::new("getPrototypeOf", 1, |call| prototype_of(call.arg(0))),
    Native::new("setPrototypeOf", 2, set_prototype_of),
    Native::new("isExtensible", 1, |call| {
        test(call, false, |object| object.is_extensible())
    }),
    Native::new("isFrozen", 1, |call| {
        test(call, true, |object| object.is_frozen())
    }),
    Native::new("isSealed", 1, |call| {
        test(call, true, |object| object.is_sealed())
    }),
    Native::new("keys", 1, |call| enumerate(call, |key, _| key)),
    Native::new("entries", 1, |call| {
        enumerate(call, |key, value| Array::from_values(&[key, value]).value())
    }),
    Native::new("fromEntries", 1, from_entries),
    Native::new("groupBy", 2, group_by),
    Native::new("values", 1, |call| enumerate(call, |_, value| value)),
];

fn construct(call: &Call) -> Outcome {
    if !call.new_target.is_undefined() && call.new_target != call.callee.value() {
        return Ok(Object::with_prototype(call.instance_prototype(Class::Object)?).value());
    }
    if call.arg(0).is_nullish() {
        Ok(Object::new().value())
    } else {
        Ok(convert::to_object(call.arg(0))?.value())
    }
}

fn own_keys(call: &Call, symbols: bool) -> Outcome {
    let array = Array::new();
    for key in convert::to_object(call.arg(0))?.own_keys().as_slice() {
        if key.is_symbol() == symbols {
            array.push(*key);
        }
    }
    Ok(array.value())
}

/// An array of what `each` makes of every own enumerable property.
fn enumerate(call: &Call, each: impl Fn(Value, Value) -> Value) -> Outcome {
    let object = convert::to_object(call.arg(0))?;
    let array = Array::new();
    for key in object.own_enumerable_keys().as_slice() {
        let name = crate::library::key_of(*key);
        // A getter may have removed it meanwhile.
        if object
            .get_own(name)
            .is_some_and(|property| property.attributes.is_enumerable())
        {
            array.push(each(*key, object.get(name)?));
        }
    }
    Ok(array.value())
}

fn assign(call: &Call) -> Outcome {
    let target = convert::to_object(call.arg(0))?;
    for source in call
        .args
        .iter()
        .skip(1)
        .filter(|source| !source.is_nullish())
    {
        let source = convert::to_object(*source)?;
        for key in source.own_keys().as_slice() {
            let key = crate::library::key_of(*key);
            if source
                .get_own(key)
                .is_some_and(|property| property.attributes.is_enumerable())
            {
                target.set(key, source.get(key)?)?;
            }
        }
    }
    Ok(target.value())
}

fn has_own(call: &Call) -> Outcome {
    let object = convert::to_object(call.arg(0))?;
    Ok(Value::boolean(
        object.has_own(convert::to_key(call.arg(1))?),
    ))
}

fn has_own_property(call: &Call) -> Outcome {
    let key = convert::to_key(call.arg(0))?;
    Ok(Value::boolean(convert::to_object(call.this)?.has_own(key)))
}

fn property_is_enumerable(call: &Call) -> Outcome {
    let key = convert::to_key(call.arg(0))?;
    let property = convert::to_object(call.this)?.get_own(key);
    Ok(Value::boolean(property.is_some_and(|property| {
        property.attributes.is_enumerable()
    })))
}

fn is_prototype_of(call: &Call) -> Outcome {
    let Some(mut object) = call.arg(0).as_object() else {
        return Ok(Value::FALSE);
    };
    let this = convert::to_object(call.this)?;
    while let Some(prototype) = object.prototype().as_object() {
        if prototype == this {
            return Ok(Value::TRUE);
        }
        object = prototype;
    }
    Ok(Value::FALSE)
}

/// `Object.prototype.toString`.
pub fn object_to_string(value: Value) -> Outcome {
    let built_in = match value {
        Value::UNDEFINED => return Ok(Str::from_utf8("[object Undefined]").value()),
        Value::NULL => return Ok(Str::from_utf8("[object Null]").value()),
        _ if value.is_number() => "Number",
        _ if value.is_string() => "String",
        _ if value.is_boolean() => "Boolean",
        _ => match value
            .as_object()
            .map_or(kind::OBJECT, |object| object.kind())
        {
            kind::ARRAY => "Array",
            kind::FUNCTION => "Function",
            kind::ERROR => "Error",
            kind::DATE => "Date",
            kind::BOXED => boxed_name(value),
            _ => "Object",
        },
    };
    let mut builder = TextBuilder::new();
    builder.push_utf8("[object ");
    match crate::object::get(value, Key::symbol(symbol::to_string_tag()))?.as_string() {
        Some(tag) => builder.push(tag),
        None => builder.push_utf8(built_in),
    }
    builder.push_utf8("]");
    Ok(builder.finish().value())
}

fn boxed_name(value: Value) -> &'static str {
    let primitive = value
        .as_object()
        .map_or(Value::UNDEFINED, |object| object.word(0));
    if primitive.is_number() {
        "Number"
    } else if primitive.is_string() {
        "String"
    } else if primitive.is_boolean() {
        "Boolean"
    } else {
        "Object"
    }
}

fn restrict(call: &Call, how: impl Fn(Object)) -> Outcome {
    if let Some(object) = call.arg(0).as_object() {
        how(object);
    }
    Ok(call.arg(0))
}

/// A question about an object; primitives have the answer given.
fn test(call: &Call, primitive: bool, question: impl Fn(Object) -> bool) -> Outcome {
    Ok(Value::boolean(
        call.arg(0).as_object().map_or(primitive, question),
    ))
}

fn prototype_of(value: Value) -> Outcome {
    match value.as_object() {
        Some(object) => Ok(object.prototype()),
        None => Ok(convert::to_object(value)?.prototype()),
    }
}

/// Sets a prototype, which must be an object or null.
fn change_prototype(object: Object, prototype: Value) -> Outcome<()> {
    if object.prototype() == prototype || object.set_prototype(prototype) {
        return Ok(());
    }
    if object.is_extensible() {
        return error::throw_type(format_args!("Cyclic __proto__ value"));
    }
    error::throw_type(format_args!(
        "{} is not extensible",
        convert::to_display(object.value())
    ))
}

fn check_prototype(prototype: Value) -> Outcome<()> {
    if prototype.is_object() || prototype.is_null() {
        return Ok(());
    }
    error::throw_type(format_args!(
        "Object prototype may only be an Object or null: {}",
        convert::to_display(prototype)
    ))
}

fn set_prototype_of(call: &Call) -> Outcome {
    if call.arg(0).is_nullish() {
        return error::throw_type(format_args!(
            "Object.setPrototypeOf called on null or undefined"
        ));
    }
    check_prototype(call.arg(1))?;
    if let Some(object) = call.arg(0).as_object() {
        change_prototype(object, call.arg(1))?;
    }
    Ok(call.arg(0))
}

fn set_proto(call: &Call) -> Outcome {
    let prototype = call.arg(0);
    if let Some(object) = call.this.as_object()
        && (prototype.is_object() || prototype.is_null())
    {
        change_prototype(object, prototype)?;
    }
    Ok(Value::UNDEFINED)
}

fn create(call: &Call) -> Outcome {
    check_prototype(call.arg(0))?;
    let object = Object::with_prototype(call.arg(0));
    if !call.arg(1).is_undefined() {
        descriptor::define_from(object, call.arg(1))?;
    }
    Ok(object.value())
}

fn from_entries(call: &Call) -> Outcome {
    super::check_iterable(call.arg(0))?;
    let result = Object::new();
    iterate::for_each(call.arg(0), |entry| {
        let (key, value) = super::entry(entry)?;
        result.define(convert::to_key(key)?, value, Attributes::ALL);
        Ok(())
    })?;
    Ok(result.value())
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
    let result = Object::with_prototype(Value::NULL);
    let mut index = 0;
    iterate::for_each(call.arg(0), |value| {
        let key = convert::to_key(call::call(
            function,
            Value::UNDEFINED,
            &[value, Value::int(index)],
        )?)?;
        index += 1;
        match result.get(key)?.as_array() {
            Some(group) => group.push(value),
            None => result.define(key, Array::from_values(&[value]).value(), Attributes::ALL),
        };
        Ok(())
    })?;
    Ok(result.value())
}
