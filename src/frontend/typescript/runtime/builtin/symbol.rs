//! `Symbol`.

use crate::convert;
use crate::error;
use crate::key::Key;
use crate::kind;
use crate::native::{Call, Native, NativeClass};
use crate::object::Attributes;
use crate::string::Str;
use crate::symbol::{self, Symbol};
use crate::value::{Outcome, Value};

pub static CLASS: NativeClass = NativeClass {
    name: "Symbol",
    length: 0,
    run: construct,
    parent: None,
    methods: METHODS,
    statics: STATICS,
    setup: Some(|constructor, prototype| {
        for (name, symbol) in symbol::well_known() {
            constructor.define(Key::of(name), symbol.value(), Attributes::NONE);
        }
        prototype.define(
            Key::symbol(symbol::to_string_tag()),
            Str::from_utf8("Symbol").value(),
            Attributes::READ_ONLY,
        );
    }),
};

static METHODS: &[Native] = &[
    Native::new("toString", 0, to_string),
    Native::new("valueOf", 0, value_of),
    Native::new("get description", 0, description),
    Native::new("@@toPrimitive", 1, value_of),
];

static STATICS: &[Native] = &[
    Native::new("for", 1, for_key),
    Native::new("keyFor", 1, key_for),
];

fn construct(call: &Call) -> Outcome {
    if call.is_construct() {
        return error::throw_type(format_args!("Symbol is not a constructor"));
    }
    let description = match call.arg(0) {
        Value::UNDEFINED => Value::UNDEFINED,
        description => convert::to_string(description)?.value(),
    };
    Ok(Symbol::new(description).value())
}

fn this_symbol(call: &Call, method: &str) -> Outcome<Symbol> {
    let boxed = call
        .this
        .as_kind(kind::BOXED)
        .and_then(|object| object.word(0).as_symbol());
    match call.this.as_symbol().or(boxed) {
        Some(symbol) => Ok(symbol),
        None => call.incompatible(method),
    }
}

fn to_string(call: &Call) -> Outcome {
    let symbol = this_symbol(call, "Symbol.prototype.toString")?;
    Ok(Str::from_utf8(&convert::symbol_display(symbol)).value())
}

fn value_of(call: &Call) -> Outcome {
    Ok(this_symbol(call, "Symbol.prototype.valueOf")?.value())
}

fn description(call: &Call) -> Outcome {
    Ok(this_symbol(call, "Symbol.prototype.description")?.description())
}

fn for_key(call: &Call) -> Outcome {
    Ok(symbol::for_key(convert::to_string(call.arg(0))?).value())
}

fn key_for(call: &Call) -> Outcome {
    match call.arg(0).as_symbol() {
        Some(symbol) => Ok(symbol::key_for(symbol)),
        None => {
            let shown = call
                .arg(0)
                .as_string()
                .map_or_else(|| convert::to_display(call.arg(0)), Str::to_rust);
            error::throw_type(format_args!("{shown} is not a symbol"))
        }
    }
}
