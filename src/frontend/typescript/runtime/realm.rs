//! The objects that the language itself has: its classes, made when they are first used, and its globals. Knows which
//! classes there are; what is in them say `builtin` and `library`.

use crate::builtin;
use crate::function::{FN_CONSTRUCTOR, Function};
use crate::global::Global;
use crate::key::{Key, names};
use crate::kind;
use crate::library;
use crate::native::{self, Native, NativeClass};
use crate::object::{Attributes, Object, root_shape};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// A class of the language. The iterators have no constructor that a program could name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Class {
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    Symbol,
    Map,
    Set,
    WeakMap,
    WeakSet,
    Date,
    Error,
    TypeError,
    RangeError,
    ReferenceError,
    SyntaxError,
    EvalError,
    UriError,
    Iterator,
    ArrayIterator,
    StringIterator,
    MapIterator,
    SetIterator,
}

const COUNT: usize = Class::SetIterator as usize + 1;

const GLOBAL_CLASSES: &[(&str, Class)] = &[
    ("Object", Class::Object),
    ("Function", Class::Function),
    ("Array", Class::Array),
    ("String", Class::String),
    ("Number", Class::Number),
    ("Boolean", Class::Boolean),
    ("Symbol", Class::Symbol),
    ("Map", Class::Map),
    ("Set", Class::Set),
    ("WeakMap", Class::WeakMap),
    ("WeakSet", Class::WeakSet),
    ("Date", Class::Date),
    ("Error", Class::Error),
    ("TypeError", Class::TypeError),
    ("RangeError", Class::RangeError),
    ("ReferenceError", Class::ReferenceError),
    ("SyntaxError", Class::SyntaxError),
    ("EvalError", Class::EvalError),
    ("URIError", Class::UriError),
];

struct Realm {
    constructors: [Value; COUNT],
    prototypes: [Value; COUNT],
    globals: Vec<(&'static str, Value)>,
    /// What the library keeps for itself.
    kept: Vec<Value>,
}

static REALM: Global<Realm> = Global::new(Realm {
    constructors: [Value::EMPTY; COUNT],
    prototypes: [Value::EMPTY; COUNT],
    globals: Vec::new(),
    kept: Vec::new(),
});

pub fn roots(mut visit: impl FnMut(Value)) {
    let realm = REALM.state();
    realm
        .constructors
        .into_iter()
        .chain(realm.prototypes)
        .for_each(&mut visit);
    realm.globals.iter().for_each(|(_, value)| visit(*value));
    realm.kept.iter().for_each(|value| visit(*value));
}

/// Keeps a value alive for ever.
pub fn keep(value: Value) -> Value {
    REALM.state().kept.push(value);
    value
}

fn description(class: Class) -> &'static NativeClass {
    builtin::class(class).unwrap_or_else(|| library::class(class))
}

#[inline(always)]
pub fn prototype(class: Class) -> Object {
    let known = REALM.state().prototypes[class as usize];
    match known.as_object() {
        Some(prototype) => prototype,
        None => create_prototype(class),
    }
}

#[inline(always)]
pub fn constructor(class: Class) -> Object {
    let known = REALM.state().constructors[class as usize];
    if let Some(constructor) = known.as_object() {
        return constructor;
    }
    prototype(class);
    Object::at(REALM.state().constructors[class as usize].pointer())
}

#[cold]
#[inline(never)]
fn create_prototype(class: Class) -> Object {
    create(class);
    Object::at(REALM.state().prototypes[class as usize].pointer())
}

/// Makes constructor and prototype. Both are known before anything is defined on them, as what is defined may need them.
fn create(class: Class) {
    let description = description(class);
    let above = match (class, description.parent) {
        (Class::Object, _) => Value::NULL,
        (_, Some(parent)) => prototype(parent).value(),
        (_, None) => prototype(Class::Object).value(),
    };
    if REALM.state().prototypes[class as usize].is_object() {
        // The parent needed this class, and so it is made.
        return;
    }
    let prototype_object = match class {
        Class::Array => crate::array::Array::with_prototype(above, 0).object(),
        Class::String | Class::Number | Class::Boolean => {
            let boxed = Object::private(kind::BOXED, above, 1);
            boxed.set_word(
                0,
                match class {
                    Class::String => crate::string::Str::empty().value(),
                    Class::Number => Value::int(0),
                    _ => Value::FALSE,
                },
            );
            boxed
        }
        _ => Object::with_prototype(above),
    };
    REALM.state().prototypes[class as usize] = prototype_object.value();

    let parent = match description.parent {
        Some(parent) if parent as u8 >= Class::Error as u8 && parent != Class::Iterator => {
            constructor(parent).value()
        }
        _ => prototype(Class::Function).value(),
    };
    // Lives as long as the program does.
    let native: &'static Native = Box::leak(Box::new(Native {
        name: description.name,
        length: description.length,
        flags: FN_CONSTRUCTOR,
        run: description.run,
    }));
    let constructor = Function::create(
        root_shape(parent),
        native::entry,
        core::ptr::null(),
        &[Value(&raw const *native as u64)],
    );
    constructor.set_data(prototype_object.value());
    REALM.state().constructors[class as usize] = constructor.value();

    // No program can name the constructors of iterators, nor reach them.
    if (class as u8) < Class::Iterator as u8 {
        prototype_object.define(
            names::constructor(),
            constructor.value(),
            Attributes::HIDDEN,
        );
    }
    native::define_all(prototype_object, description.methods);
    native::define_all(constructor.object(), description.statics);
    if let Some(setup) = description.setup {
        setup(constructor.object(), prototype_object);
    }
}

/// The names of all other globals.
fn all_names() -> impl Iterator<Item = &'static str> {
    crate::abi::BUILTINS
        .iter()
        .copied()
        .filter(|name| *name != "globalThis")
}

/// A global by name.
pub fn global(name: &str) -> Option<Value> {
    match name {
        "undefined" => return Some(Value::UNDEFINED),
        "NaN" => return Some(Value::NAN),
        "Infinity" => return Some(Value::number(f64::INFINITY)),
        _ => {}
    }
    if let Some((_, class)) = GLOBAL_CLASSES.iter().find(|(known, _)| *known == name) {
        return Some(constructor(*class).value());
    }
    if let Some((_, value)) = REALM
        .state()
        .globals
        .iter()
        .find(|(known, _)| *known == name)
    {
        return Some(*value);
    }
    let (known, value) = if name == "globalThis" {
        ("globalThis", global_this())
    } else {
        let (known, create) = library::GLOBALS.iter().find(|(known, _)| *known == name)?;
        (*known, create())
    };
    REALM.state().globals.push((known, value));
    Some(value)
}

fn global_this() -> Value {
    let object = Object::new();
    for name in all_names() {
        if let Some(value) = global(name) {
            object.define(Key::of(name), value, Attributes::HIDDEN);
        }
    }
    object.define(Key::of("globalThis"), object.value(), Attributes::HIDDEN);
    object.value()
}
