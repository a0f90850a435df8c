//! Function objects. Knows their form and their lazily made properties; calls are in `call`, classes in `class`.

use crate::abi::{FN_ARROW, FN_CLASS, FN_METHOD, FunctionRecord};
use crate::heap;
use crate::key::{Key, names};
use crate::kind::{self, FUNCTION_MATERIALISED, Header};
use crate::native::Native;
use crate::object::{Attributes, Object, ObjectCell, root_shape};
use crate::realm::{self, Class};
use crate::shape::Shape;
use crate::string::{Str, TextBuilder};
use crate::value::{Value, handle};
use core::cell::Cell;

pub type Entry = extern "C" fn(u64, u64, u64, u64, *const u64) -> u64;

#[repr(C)]
pub struct FunctionCell {
    object: ObjectCell,
    pub entry: Entry,
    /// Null in native functions, whose first capture is the address of the [`Native`].
    pub record: *const FunctionRecord,
    /// The home object for `super`: of a class constructor its prototype object, of a method the object it is defined
    /// in. Undefined in other functions.
    pub data: Cell<Value>,
    pub count: u64,
    captures: [Value; 0],
}

handle! {
    /// A function.
    Function: FunctionCell, crate::abi::TAG_OBJECT
}

/// Native functions that can be constructed have this in the flags that records have.
pub const FN_CONSTRUCTOR: u32 = 1 << 16;

/// Gives a function that its definition leaves without a name that of a computed key.
pub fn name_after(value: Value, key: Key, prefix: &str) {
    let Some(function) = value.as_function().filter(|function| {
        !function.is_materialised() && !function.is_native() && function.defined_name().is_empty()
    }) else {
        return;
    };
    let mut name = TextBuilder::new();
    name.push_utf8(prefix);
    match key.as_symbol().map(|symbol| symbol.description()) {
        Some(description) => {
            if let Some(description) = description.as_string() {
                name.push_utf8("[");
                name.push(description);
                name.push_utf8("]");
            }
        }
        None => name.push_utf8(&crate::convert::key_display(key)),
    }
    function
        .object()
        .define(names::name(), name.finish().value(), Attributes::READ_ONLY);
}

impl Function {
    /// A function with captures; the shape decides its prototype.
    #[inline(always)]
    pub fn create(
        shape: &'static Shape,
        entry: Entry,
        record: *const FunctionRecord,
        captures: &[Value],
    ) -> Function {
        let cell = heap::allocate(core::mem::size_of::<FunctionCell>() + captures.len() * 8);
        let object = ObjectCell {
            header: Header::new(kind::FUNCTION, 0, 0),
            shape: Cell::new(shape),
            slots: Cell::new(core::ptr::null_mut()),
        };
        unsafe {
            cell.cast::<FunctionCell>().write(FunctionCell {
                object,
                entry,
                record,
                data: Cell::new(Value::UNDEFINED),
                count: captures.len() as u64,
                captures: [],
            });
            let target = cell
                .add(core::mem::size_of::<FunctionCell>())
                .cast::<Value>();
            core::ptr::copy_nonoverlapping(captures.as_ptr(), target, captures.len());
        }
        Function::at(cell)
    }

    /// A closure of generated code.
    #[inline(always)]
    pub fn closure(record: *const FunctionRecord, captures: &[Value]) -> Function {
        let shape = root_shape(realm::prototype(Class::Function).value());
        Function::create(shape, unsafe { (*record).entry }, record, captures)
    }

    #[inline(always)]
    pub fn object(self) -> Object {
        Object::at(self.pointer())
    }

    #[inline(always)]
    pub fn entry(self) -> Entry {
        self.cell().entry
    }

    #[inline(always)]
    pub fn data(self) -> Value {
        self.cell().data.get()
    }

    pub fn set_data(self, data: Value) {
        self.cell().data.set(data);
    }

    pub fn captures(self) -> &'static [Value] {
        unsafe {
            core::slice::from_raw_parts(
                self.pointer()
                    .add(core::mem::size_of::<FunctionCell>())
                    .cast(),
                self.cell().count as usize,
            )
        }
    }

    /// The description of a native function.
    #[inline(always)]
    pub fn native(self) -> Option<&'static Native> {
        self.cell()
            .record
            .is_null()
            .then(|| unsafe { &*(self.captures()[0].0 as *const Native) })
    }

    pub fn is_native(self) -> bool {
        self.cell().record.is_null()
    }

    pub fn record(self) -> Option<&'static FunctionRecord> {
        unsafe { self.cell().record.as_ref() }
    }

    pub fn flags(self) -> u32 {
        match self.record() {
            Some(record) => record.flags,
            None => self.native().map_or(0, |native| native.flags),
        }
    }

    pub fn is_class(self) -> bool {
        self.record()
            .is_some_and(|record| record.flags & FN_CLASS != 0)
    }

    pub fn is_constructor(self) -> bool {
        match self.record() {
            Some(record) => record.flags & (FN_ARROW | FN_METHOD) == 0,
            None => {
                let Some(native) = self.native() else {
                    return false;
                };
                if native.flags & FN_CONSTRUCTOR != 0 {
                    return true;
                }
                crate::builtin::function::bound_target(self)
                    .and_then(Value::as_function)
                    .is_some_and(Function::is_constructor)
            }
        }
    }

    /// The name as the definition gives it; a `name` property may say otherwise.
    pub fn defined_name(self) -> Str {
        match self.record() {
            Some(record) if record.name.is_null() => Str::empty(),
            Some(record) => Str::at(record.name.cast_mut()),
            None => self.native().map_or(Str::empty(), Native::function_name),
        }
    }

    /// The name as errors and `inspect` show it: the `name` property if it is a plain string.
    pub fn shown_name(self) -> Str {
        let name = if self.is_materialised() {
            self.object()
                .get_own(names::name())
                .and_then(|property| property.value.as_string())
        } else {
            None
        };
        match name {
            Some(name) => name,
            None if self.is_materialised() => Str::empty(),
            None => self.defined_name(),
        }
    }

    fn is_materialised(self) -> bool {
        self.object().header().flags.get() & FUNCTION_MATERIALISED != 0
    }

    /// Makes `length`, `name` and `prototype` ordinary properties. They are made when someone looks, as most functions
    /// are only called.
    #[inline(always)]
    pub fn materialise(self) {
        if !self.is_materialised() {
            self.materialise_now();
        }
    }

    #[cold]
    fn materialise_now(self) {
        let object = self.object();
        object.header().flags.set(FUNCTION_MATERIALISED);
        let length = match self.record() {
            Some(record) => record.length,
            None => self.native().map_or(0, |native| native.length),
        };
        object.add_slot(
            names::length(),
            Value::int(i64::from(length)),
            Attributes::READ_ONLY,
        );
        object.add_slot(
            names::name(),
            self.defined_name().value(),
            Attributes::READ_ONLY,
        );
        let Some(record) = self.record() else {
            // Of native functions only classes have a prototype, and `native` has put it into `data`.
            if self.data().is_object() && self.flags() & FN_CONSTRUCTOR != 0 {
                object.add_slot(names::prototype(), self.data(), Attributes::NONE);
            }
            return;
        };
        if record.flags & FN_CLASS != 0 {
            object.add_slot(names::prototype(), self.data(), Attributes::NONE);
        } else if record.flags & (FN_ARROW | FN_METHOD) == 0 {
            let prototype = Object::new();
            prototype.add_hidden(names::constructor(), self.value());
            object.add_slot(names::prototype(), prototype.value(), Attributes::WRITABLE);
        }
    }
}
