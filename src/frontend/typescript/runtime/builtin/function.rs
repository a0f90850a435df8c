//! `Function.prototype`: call, apply and bind.

use crate::call;
use crate::convert;
use crate::error;
use crate::function::Function;
use crate::heap::storage::Values;
use crate::key::names;
use crate::native::{self, Call, Native, NativeClass};
use crate::object::Attributes;
use crate::operator;
use crate::string::{Str, TextBuilder};
use crate::symbol;
use crate::value::{Outcome, Value};

pub static CLASS: NativeClass = NativeClass {
    name: "Function",
    length: 1,
    run: construct,
    parent: None,
    methods: METHODS,
    statics: &[],
    setup: Some(|_, prototype| {
        prototype.add_slot(names::name(), Str::empty().value(), Attributes::READ_ONLY);
        prototype.add_slot(names::length(), Value::int(0), Attributes::READ_ONLY);
        let has_instance = native::function(&HAS_INSTANCE);
        prototype.add_slot(
            crate::key::Key::symbol(symbol::has_instance()),
            has_instance,
            Attributes::NONE,
        );
    }),
};

static METHODS: &[Native] = &[
    Native::new("call", 1, call_with),
    Native::new("apply", 2, apply),
    Native::new("bind", 1, bind),
    Native::new("toString", 0, to_string),
];

static HAS_INSTANCE: Native = Native::new("@@hasInstance", 1, has_instance);

/// A bound function: what it calls, `this`, then its first arguments.
static BOUND: Native = Native::new("bound", 0, call_bound);

fn construct(_: &Call) -> Outcome {
    error::throw_type(format_args!(
        "Functions can not be made from text in a compiled program"
    ))
}

fn callee(call: &Call, method: &str) -> Outcome<Function> {
    match call.this.as_function() {
        Some(function) => Ok(function),
        None => error::throw_type(format_args!(
            "Function.prototype.{method} was called on {}, which is not a function",
            convert::to_display(call.this)
        )),
    }
}

fn call_with(call: &Call) -> Outcome {
    let function = callee(call, "call")?;
    call::call_function(function, call.arg(0), call.args.get(1..).unwrap_or(&[]))
}

fn apply(call: &Call) -> Outcome {
    let function = callee(call, "apply")?;
    let list = call.arg(1);
    if list.is_nullish() {
        return call::call_function(function, call.arg(0), &[]);
    }
    if !list.is_object() {
        return error::throw_type(format_args!("CreateListFromArrayLike called on non-object"));
    }
    let length = convert::to_length(crate::object::get(list, names::length())?)?;
    let mut args = Values::new();
    for index in 0..length as u32 {
        args.push(crate::object::get(list, crate::key::Key::index(index))?);
    }
    call::call_function(function, call.arg(0), &args)
}

fn bind(call: &Call) -> Outcome {
    let function = callee(call, "bind")?;
    let mut captures = Values::new();
    captures.push(function.value());
    captures.push(call.arg(0));
    call.args
        .iter()
        .skip(1)
        .for_each(|value| captures.push(*value));
    let bound = native::closure(&BOUND, &captures);
    if let Some(bound) = bound.as_function() {
        let length = convert::to_integer(function.object().get(names::length())?)?;
        let length = (length - call.args.len().saturating_sub(1) as f64).max(0.0);
        let mut name = TextBuilder::new();
        name.push_utf8("bound ");
        if let Some(text) = function.object().get(names::name())?.as_string() {
            name.push(text);
        }
        bound.object().define(
            names::length(),
            Value::number(length),
            Attributes::READ_ONLY,
        );
        bound
            .object()
            .define(names::name(), name.finish().value(), Attributes::READ_ONLY);
    }
    Ok(bound)
}

fn call_bound(call: &Call) -> Outcome {
    let target = call.capture(0);
    let bound = &call.callee.captures()[3..];
    let mut args = Values::with_capacity(bound.len() + call.args.len());
    bound
        .iter()
        .chain(call.args)
        .for_each(|value| args.push(*value));
    if call.is_construct() {
        let new_target = if call.new_target == call.callee.value() {
            target
        } else {
            call.new_target
        };
        return call::construct(target, new_target, &args);
    }
    call::call(target, call.capture(1), &args)
}

/// What a bound function calls.
pub fn bound_target(function: Function) -> Option<Value> {
    function
        .native()
        .filter(|native| core::ptr::eq(*native, &BOUND))
        .map(|_| function.captures()[1])
}

fn to_string(call: &Call) -> Outcome {
    let function = callee(call, "toString")?;
    let mut text = TextBuilder::new();
    text.push_utf8(if function.is_class() {
        "class "
    } else {
        "function "
    });
    text.push(function.shown_name());
    text.push_utf8(if function.is_class() {
        " { [native code] }"
    } else {
        "() { [native code] }"
    });
    Ok(text.finish().value())
}

fn has_instance(call: &Call) -> Outcome {
    match call.this.as_function() {
        Some(function) => Ok(Value::boolean(operator::is_instance(
            call.arg(0),
            function,
        )?)),
        None => Ok(Value::FALSE),
    }
}

/// Whether `Symbol.hasInstance` of a class is the language's own.
pub fn is_has_instance(method: Value) -> bool {
    method
        .as_function()
        .and_then(Function::native)
        .is_some_and(|native| core::ptr::eq(native, &HAS_INSTANCE))
}
