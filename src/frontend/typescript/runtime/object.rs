//! Objects: creation, slots, prototypes. The operations on properties are in the files below, one each.

pub mod define;
mod delete;
pub mod list;
mod own;
mod read;
pub mod recent;
pub mod site;
mod write;

pub use crate::shape::table::Attributes;
pub use own::{Found, Property};
pub use read::get;
pub use write::{is_unit, set_value};

use crate::global::Global;
use crate::heap::{self, storage};
use crate::kind::{self, Header, IS_PROTOTYPE, NOT_EXTENSIBLE};
use crate::realm::{self, Class};
use crate::shape::Shape;
use crate::value::{Value, handle};
use core::cell::Cell;

#[repr(C)]
pub struct ObjectCell {
    pub header: Header,
    pub shape: Cell<*const Shape>,
    pub slots: Cell<*mut Value>,
}

pub const SIZE: usize = core::mem::size_of::<ObjectCell>();
/// Slots of an object of which nothing is known.
const USUAL_SLOTS: u32 = 4;

handle! {
    /// An object of any kind.
    Object: ObjectCell, crate::abi::TAG_OBJECT
}

/// The number of changes to prototypes so far. Method sites that remember an older number look again.
#[unsafe(no_mangle)]
pub static kt_prototype_epoch: Global<u64> = Global::new(1);

pub fn bump_epoch() {
    *kt_prototype_epoch.state() += 1;
}

/// The first shape of objects without a prototype. A root of the collector.
static NULL_ROOT: Global<*const Shape> = Global::new(core::ptr::null());

pub fn null_root() -> *const Shape {
    NULL_ROOT.read()
}

/// The shape of an object with this prototype (an object or null) and no properties.
pub fn root_shape(prototype: Value) -> &'static Shape {
    let Some(prototype) = prototype.as_object() else {
        if NULL_ROOT.read().is_null() {
            NULL_ROOT.write(Shape::first(Value::NULL));
        }
        return unsafe { &*NULL_ROOT.read() };
    };
    prototype.become_prototype();
    let shape = prototype.shape();
    if shape.root.get().is_null() {
        shape.root.set(Shape::first(prototype.value()));
    }
    unsafe { &*shape.root.get() }
}

impl Object {
    /// `{}`.
    #[inline]
    pub fn new() -> Object {
        Object::with_shape(
            root_shape(realm::prototype(Class::Object).value()),
            USUAL_SLOTS,
        )
    }

    /// The prototype is an object or null.
    pub fn with_prototype(prototype: Value) -> Object {
        Object::with_shape(root_shape(prototype), USUAL_SLOTS)
    }

    /// An ordinary object with room for some slots in its own cell, all undefined.
    #[inline(always)]
    pub fn with_shape(shape: &'static Shape, capacity: u32) -> Object {
        let cell = heap::allocate(SIZE + capacity as usize * 8);
        let slots = if capacity == 0 {
            core::ptr::null_mut()
        } else {
            cell.wrapping_add(SIZE).cast::<Value>()
        };
        unsafe {
            cell.cast::<ObjectCell>().write(ObjectCell {
                header: Header::new(kind::OBJECT, 0, capacity),
                shape: Cell::new(shape),
                slots: Cell::new(slots),
            });
            for index in 0..capacity as usize {
                slots.add(index).write(Value::UNDEFINED);
            }
        }
        Object::at(cell)
    }

    /// An object of a kind that has values of its own besides properties, all undefined at first.
    pub fn private(kind: u8, prototype: Value, words: u8) -> Object {
        let shape = root_shape(prototype);
        let cell = heap::allocate(SIZE + usize::from(words) * 8);
        unsafe {
            cell.cast::<ObjectCell>().write(ObjectCell {
                header: Header::new(kind, words, 0),
                shape: Cell::new(shape),
                slots: Cell::new(core::ptr::null_mut()),
            });
            for index in 0..usize::from(words) {
                cell.add(SIZE)
                    .cast::<Value>()
                    .add(index)
                    .write(Value::UNDEFINED);
            }
        }
        Object::at(cell)
    }

    #[inline(always)]
    pub fn header(self) -> &'static Header {
        &self.cell().header
    }

    #[inline(always)]
    pub fn kind(self) -> u8 {
        self.header().kind
    }

    #[inline(always)]
    pub fn shape(self) -> &'static Shape {
        unsafe { &*self.cell().shape.get() }
    }

    #[inline(always)]
    pub fn set_shape(self, shape: &'static Shape) {
        self.cell().shape.set(shape);
    }

    /// Of an object with private state.
    #[inline(always)]
    pub fn word(self, index: usize) -> Value {
        debug_assert!(index < usize::from(self.header().flags.get()));
        unsafe { self.pointer().add(SIZE).cast::<Value>().add(index).read() }
    }

    #[inline(always)]
    pub fn set_word(self, index: usize, value: Value) {
        debug_assert!(index < usize::from(self.header().flags.get()));
        unsafe {
            self.pointer()
                .add(SIZE)
                .cast::<Value>()
                .add(index)
                .write(value)
        }
    }

    #[inline(always)]
    pub fn slot(self, slot: u32) -> *mut Value {
        self.cell().slots.get().wrapping_add(slot as usize)
    }

    /// Makes sure that a slot exists.
    #[inline(always)]
    pub fn reserve_slot(self, slot: u32) {
        if slot >= self.header().extra.get() {
            self.grow_slots(slot + 1);
        }
    }

    #[cold]
    fn grow_slots(self, least: u32) {
        let before = self.header().extra.get();
        let capacity = storage::values_capacity(least.max(before * 2).max(USUAL_SLOTS) as usize);
        let fresh = storage::values(capacity, Value::UNDEFINED);
        if before > 0 {
            unsafe {
                core::ptr::copy_nonoverlapping(self.cell().slots.get(), fresh, before as usize)
            };
        }
        self.cell().slots.set(fresh);
        self.header().extra.set(capacity as u32);
    }

    #[inline(always)]
    pub fn is_prototype(self) -> bool {
        self.header().object.get() & IS_PROTOTYPE != 0
    }

    pub fn is_extensible(self) -> bool {
        self.header().object.get() & NOT_EXTENSIBLE == 0
    }

    /// From now on changes to this object are noticed by method sites.
    fn become_prototype(self) {
        if self.is_prototype() {
            return;
        }
        self.header()
            .object
            .set(self.header().object.get() | IS_PROTOTYPE);
        let shape = self.shape();
        let fresh = if shape.is_unique() {
            shape.changeable()
        } else {
            shape.unique(shape.prototype.get())
        };
        self.set_shape(fresh);
    }

    /// Gives the object a shape of its own that may change in place.
    pub fn own_shape(self) -> &'static Shape {
        let shape = self.shape();
        let own = if shape.is_unique() {
            shape.changeable()
        } else {
            shape.unique(shape.prototype.get())
        };
        self.set_shape(own);
        own
    }

    pub fn prototype(self) -> Value {
        self.shape().prototype.get()
    }

    /// False where it is refused: the object is not extensible, or it would become its own prototype.
    pub fn set_prototype(self, prototype: Value) -> bool {
        if self.prototype() == prototype {
            return true;
        }
        if !self.is_extensible() {
            return false;
        }
        let mut ancestor = prototype.as_object();
        while let Some(object) = ancestor {
            if object == self {
                return false;
            }
            ancestor = object.prototype().as_object();
        }
        if let Some(prototype) = prototype.as_object() {
            prototype.become_prototype();
        }
        if self.shape().count.get() == 0 && !self.is_prototype() {
            self.set_shape(root_shape(prototype));
        } else {
            // A copy even of a unique shape: what was remembered about the old one included its prototype.
            self.set_shape(self.shape().unique(prototype));
        }
        if self.is_prototype() {
            bump_epoch();
        }
        true
    }
}
