//! Functions written in Rust as function objects, and the tables that define them. Knows no particular function.

use crate::abi;
use crate::convert;
use crate::error;
use crate::function::Function;
use crate::key::{Key, names};
use crate::object::{Attributes, Object, root_shape};
use crate::realm::{self, Class};
use crate::string::{Str, TextBuilder};
use crate::symbol;
use crate::value::{Outcome, Value};

/// The description of a native function. A name that begins with `@@` is that of a well-known symbol; with `get ` or
/// `set `, that of an accessor.
pub struct Native {
    pub name: &'static str,
    pub length: u32,
    pub flags: u32,
    pub run: fn(&Call) -> Outcome,
}

impl Native {
    pub const fn new(name: &'static str, length: u32, run: fn(&Call) -> Outcome) -> Native {
        Native {
            name,
            length,
            flags: 0,
            run,
        }
    }

    pub fn function_name(&self) -> Str {
        match self.name.strip_prefix("@@") {
            Some(name) => {
                let mut text = TextBuilder::new();
                text.push_utf8("[Symbol.");
                text.push_utf8(name);
                text.push_utf8("]");
                text.finish()
            }
            None => Str::from_utf8(self.name),
        }
    }
}

/// One call of a native function.
pub struct Call<'a> {
    pub callee: Function,
    pub this: Value,
    /// Undefined in a plain call.
    pub new_target: Value,
    pub args: &'a [Value],
}

impl Call<'_> {
    /// An argument, undefined where it is missing.
    #[inline(always)]
    pub fn arg(&self, index: usize) -> Value {
        self.args.get(index).copied().unwrap_or(Value::UNDEFINED)
    }

    /// What [`closure`] was given.
    #[inline(always)]
    pub fn capture(&self, index: usize) -> Value {
        self.callee.captures()[index + 1]
    }

    pub fn is_construct(&self) -> bool {
        !self.new_target.is_undefined()
    }

    pub fn require_new(&self, class: &str) -> Outcome<()> {
        if self.is_construct() {
            Ok(())
        } else {
            error::throw_type(format_args!("Constructor {class} requires 'new'"))
        }
    }

    /// The prototype for what this constructor call makes: `new.target.prototype`, if that is an object.
    pub fn instance_prototype(&self, class: Class) -> Outcome {
        if let Some(target) = self.new_target.as_function()
            && target != self.callee
        {
            let prototype = target.object().get(names::prototype())?;
            if prototype.is_object() {
                return Ok(prototype);
            }
        }
        Ok(realm::prototype(class).value())
    }

    pub fn incompatible<T>(&self, method: &str) -> Outcome<T> {
        error::throw_type(format_args!(
            "Method {method} called on incompatible receiver {}",
            convert::to_display(self.this)
        ))
    }
}

/// The generic entry of every native function.
pub extern "C" fn entry(
    callee: u64,
    this: u64,
    new_target: u64,
    count: u64,
    values: *const u64,
) -> u64 {
    let callee = Function::at(Value(callee).pointer());
    let Some(native) = callee.native() else {
        return abi::UNDEFINED;
    };
    let args = if count == 0 {
        &[]
    } else {
        unsafe { core::slice::from_raw_parts(values.cast::<Value>(), count as usize) }
    };
    let result = match error::check_stack() {
        Ok(()) => (native.run)(&Call {
            callee,
            this: Value(this),
            new_target: Value(new_target),
            args,
        }),
        Err(thrown) => Err(thrown),
    };
    error::to_word(result)
}

pub fn function(native: &'static Native) -> Value {
    closure(native, &[])
}

/// A native function that carries values.
pub fn closure(native: &'static Native, values: &[Value]) -> Value {
    let mut captures = crate::heap::storage::Values::with_capacity(values.len() + 1);
    // An address is a small double as bits; the collector does not take it for a reference.
    captures.push(Value(&raw const *native as u64));
    values.iter().for_each(|value| captures.push(*value));
    let shape = root_shape(realm::prototype(Class::Function).value());
    Function::create(shape, entry, core::ptr::null(), &captures).value()
}

/// Defines native functions as properties, hidden as the language has them.
pub fn define_all(object: Object, natives: &'static [Native]) {
    for native in natives {
        define(object, native);
    }
}

fn define(object: Object, native: &'static Native) {
    let function = function(native);
    let accessor = native
        .name
        .strip_prefix("get ")
        .map(|name| (name, false))
        .or_else(|| native.name.strip_prefix("set ").map(|name| (name, true)));
    match accessor {
        Some((name, is_setter)) => object.define_half(key_of(name), function, is_setter, false),
        None => {
            // `Symbol.prototype[Symbol.toPrimitive]` alone is not writable; nobody minds.
            object.define(key_of(native.name), function, Attributes::HIDDEN);
        }
    }
}

fn key_of(name: &str) -> Key {
    match name.strip_prefix("@@") {
        Some(name) => symbol::well_known()
            .find(|(known, _)| *known == name)
            .map_or_else(|| Key::of(name), |(_, symbol)| Key::symbol(symbol)),
        None => Key::of(name),
    }
}

/// The description of a class of the language: constructor, prototype and their properties.
pub struct NativeClass {
    pub name: &'static str,
    pub length: u32,
    pub run: fn(&Call) -> Outcome,
    /// The class whose constructor and prototype are the prototypes of these.
    pub parent: Option<Class>,
    pub methods: &'static [Native],
    pub statics: &'static [Native],
    /// Defines what is not a function. Gets the constructor and the prototype.
    pub setup: Option<fn(Object, Object)>,
}
