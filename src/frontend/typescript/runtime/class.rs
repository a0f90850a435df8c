//! Classes: constructor and prototype object, methods with their home objects, and `super`.

use crate::abi::FunctionRecord;
use crate::convert;
use crate::error;
use crate::function::Function;
use crate::key::{Key, names};
use crate::object::recent::{self, Place};
use crate::object::{Attributes, Found, Object, root_shape};
use crate::realm::{self, Class};
use crate::value::{Outcome, Value};

/// What a class extends: nothing, null, or a constructor.
pub fn create(record: *const FunctionRecord, parent: Value, captures: &[Value]) -> Outcome {
    let (above, constructor_parent) = if parent.is_empty() {
        (
            realm::prototype(Class::Object).value(),
            realm::prototype(Class::Function).value(),
        )
    } else if parent.is_null() {
        (Value::NULL, realm::prototype(Class::Function).value())
    } else {
        let Some(function) = parent
            .as_function()
            .filter(|function| function.is_constructor())
        else {
            return error::throw_type(format_args!(
                "Class extends value {} is not a constructor or null",
                convert::to_display(parent)
            ));
        };
        let prototype = function.object().get(names::prototype())?;
        if !prototype.is_object() && !prototype.is_null() {
            return error::throw_type(format_args!(
                "Class extends value does not have valid prototype property {}",
                convert::to_display(prototype)
            ));
        }
        (prototype, parent)
    };
    let prototype = Object::with_prototype(above);
    let class = Function::create(
        root_shape(constructor_parent),
        unsafe { (*record).entry },
        record,
        captures,
    );
    class.set_data(prototype.value());
    prototype.add_hidden(names::constructor(), class.value());
    Ok(class.value())
}

/// Defines a method, getter (1) or setter (2) of a class or literal.
pub fn define_method(target: Object, key: Key, function: Value, what: u64, enumerable: bool) {
    if let Some(function) = function.as_function() {
        function.set_data(target.value());
    }
    match what {
        0 => {
            let attributes = if key.is_private() {
                Attributes::PRIVATE
            } else if enumerable {
                Attributes::ALL
            } else {
                Attributes::HIDDEN
            };
            target.define(key, function, attributes);
        }
        what => target.define_half(key, function, what == 2, enumerable),
    }
}

/// Where `super.key` is looked up: the prototype of the function's home object.
fn super_object(callee: Value) -> Value {
    let home = callee
        .as_function()
        .map_or(Value::UNDEFINED, Function::data);
    home.as_object().map_or(Value::NULL, Object::prototype)
}

pub fn super_get(callee: Value, this: Value, key: Key) -> Outcome {
    match super_object(callee).as_object() {
        Some(object) => {
            let shape = object.shape();
            match recent::find(shape, key) {
                Some(Place::Own(slot)) => return Ok(unsafe { *object.slot(slot) }),
                Some(Place::Method(method)) => return Ok(method),
                _ => {}
            }
            if let Some(Found::Slot(slot, attributes)) = object.find_own(key)
                && !attributes.is_accessor()
            {
                recent::remember(object.shape(), key, Place::Own(slot));
            }
            object.get_for(key, this)
        }
        None => error::throw_type(format_args!(
            "Cannot read properties of null (reading '{}')",
            convert::key_display(key)
        )),
    }
}

pub fn super_set(callee: Value, this: Value, key: Key, value: Value) -> Outcome<()> {
    match super_object(callee).as_object() {
        Some(object) => object.set_for(key, value, this),
        None => error::throw_type(format_args!(
            "Cannot set properties of null (setting '{}')",
            convert::key_display(key)
        )),
    }
}

/// The constructor that `super(…)` calls.
pub fn super_constructor(class: Value) -> Outcome {
    let parent = class.as_object().map_or(Value::NULL, Object::prototype);
    if parent.as_function().is_some_and(Function::is_constructor) {
        return Ok(parent);
    }
    let name = class
        .as_function()
        .map_or_else(Default::default, |class| class.shown_name().to_rust());
    let name = if name.is_empty() {
        "anonymous class"
    } else {
        &name
    };
    // Null as a class has it to extend: its own prototype is that of all functions.
    let parent = if class.as_function().is_some_and(|class| {
        class
            .data()
            .as_object()
            .is_some_and(|home| home.prototype().is_null())
    }) {
        Value::NULL
    } else {
        parent
    };
    error::throw_type(format_args!(
        "Super constructor {} of {name} is not a constructor",
        convert::to_display(parent)
    ))
}

/// The name of the class that an object is an instance of, as its prototypes tell, without running anything.
pub fn name_of_instance(object: Object) -> Option<crate::string::Str> {
    let mut holder = Some(object);
    while let Some(current) = holder {
        if let Some(constructor) = current
            .get_own(names::constructor())
            .and_then(|property| property.value.as_function())
        {
            let name = constructor.shown_name();
            return (!name.is_empty()).then_some(name);
        }
        holder = current.prototype().as_object();
    }
    None
}
