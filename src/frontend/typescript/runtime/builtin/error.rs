//! Error objects: the hierarchy of classes, `message`, `cause` and `stack`. There are no source positions at run time, so
//! a stack has a header and one line that says so.

use crate::convert;
use crate::error;
use crate::key::names;
use crate::kind;
use crate::native::{Call, Native, NativeClass};
use crate::object::{Attributes, Object};
use crate::realm::{self, Class};
use crate::string::{Str, TextBuilder};
use crate::value::{Outcome, Value};

const WORDS: u8 = 1;

/// What follows the header in every stack.
const FRAMES: &str = "\n    at <anonymous>";

macro_rules! classes {
    ($($constant:ident $construct:ident $name:literal $class:expr, $parent:expr, $methods:expr, $statics:expr;)*) => {
        $(
            fn $construct(call: &Call) -> Outcome {
                construct(call, $class)
            }

            pub static $constant: NativeClass = NativeClass {
                name: $name,
                length: 1,
                run: $construct,
                parent: $parent,
                methods: $methods,
                statics: $statics,
                setup: Some(|_, prototype| {
                    prototype.add_hidden(names::name(), Str::from_utf8($name).value());
                    prototype.add_hidden(names::message(), Str::empty().value());
                }),
            };
        )*
    };
}

classes! {
    ERROR construct_error "Error" Class::Error, None, METHODS, STATICS;
    TYPE_ERROR construct_type_error "TypeError" Class::TypeError, Some(Class::Error), &[], &[];
    RANGE_ERROR construct_range_error "RangeError" Class::RangeError, Some(Class::Error), &[], &[];
    REFERENCE_ERROR construct_reference_error "ReferenceError" Class::ReferenceError, Some(Class::Error), &[], &[];
    SYNTAX_ERROR construct_syntax_error "SyntaxError" Class::SyntaxError, Some(Class::Error), &[], &[];
    EVAL_ERROR construct_eval_error "EvalError" Class::EvalError, Some(Class::Error), &[], &[];
    URI_ERROR construct_uri_error "URIError" Class::UriError, Some(Class::Error), &[], &[];
}

static METHODS: &[Native] = &[Native::new("toString", 0, to_string)];
static STATICS: &[Native] = &[Native::new("captureStackTrace", 2, capture_stack_trace)];

fn construct(call: &Call, class: Class) -> Outcome {
    let prototype = call.instance_prototype(class)?;
    let object = Object::private(kind::ERROR, prototype, WORDS);
    let message = match call.arg(0) {
        Value::UNDEFINED => None,
        message => Some(convert::to_string(message)?),
    };
    initialise(object, message);
    if let Some(options) = call.arg(1).as_object()
        && options.has(names::cause())
    {
        let cause = options.get(names::cause())?;
        object.define(names::cause(), cause, Attributes::HIDDEN);
    }
    Ok(object.value())
}

/// An error of the runtime's own.
pub fn create(class: Class, message: Str) -> Object {
    let object = Object::private(kind::ERROR, realm::prototype(class).value(), WORDS);
    initialise(object, Some(message));
    object
}

fn initialise(object: Object, message: Option<Str>) {
    object.add_hidden(names::stack(), Value::UNDEFINED);
    if let Some(message) = message {
        object.add_hidden(names::message(), message.value());
    }
    object.define(names::stack(), stack(object).value(), Attributes::HIDDEN);
}

/// The header as it is at this moment, and the frames that are not known.
fn stack(object: Object) -> Str {
    let mut text = TextBuilder::new();
    match header(object) {
        Ok(header) => text.push(header),
        Err(_) => drop(error::take()),
    }
    text.push_utf8(FRAMES);
    text.finish()
}

fn capture_stack_trace(call: &Call) -> Outcome {
    if let Some(object) = call.arg(0).as_object() {
        object.define(names::stack(), stack(object).value(), Attributes::HIDDEN);
    }
    Ok(Value::UNDEFINED)
}

/// `Name: message`, or one of them where the other is empty.
pub fn header(object: Object) -> Outcome<Str> {
    let name = match object.get(names::name())? {
        Value::UNDEFINED => Str::from_utf8("Error"),
        name => convert::to_string(name)?,
    };
    let message = match object.get(names::message())? {
        Value::UNDEFINED => Str::empty(),
        message => convert::to_string(message)?,
    };
    if name.is_empty() || message.is_empty() {
        return Ok(if name.is_empty() { message } else { name });
    }
    let mut text = TextBuilder::new();
    text.push(name);
    text.push_utf8(": ");
    text.push(message);
    Ok(text.finish())
}

fn to_string(call: &Call) -> Outcome {
    match call.this.as_object() {
        Some(object) => Ok(header(object)?.value()),
        None => call.incompatible("Error.prototype.toString"),
    }
}
