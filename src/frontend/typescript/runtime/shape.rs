//! Shapes (hidden classes): which properties an object has, in which slots, with which attributes, and its prototype.
//! Knows tables and transitions; not objects' slots.
//!
//! A *shared* shape belongs to all objects that got the same properties in the same order; adding a property leads to
//! another shared shape. A *unique* shape belongs to one object and changes in place: that of a prototype, of an object
//! with very many, deleted, redefined or indexed properties. Whatever is cached about a shape stays true as long as some
//! object has it, so a unique shape that has been cached is replaced by a copy before it changes.

pub mod table;

use crate::global::Global;
use crate::heap;
use crate::key::Key;
use crate::kind::{self, Header};
use crate::value::Value;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{Cell, UnsafeCell};
use table::{Attributes, Table};

/// In the flags of a shape's header: it belongs to one object.
pub const UNIQUE: u8 = 1;
/// Some property site remembers it.
pub const CACHED: u8 = 2;

/// An object with more properties has a unique shape.
const MOST_SHARED: u32 = 128;
/// A shape with more transitions than this is that of a map, not of a record.
const MOST_TRANSITIONS: usize = 64;

#[repr(C)]
pub struct Shape {
    pub header: Header,
    pub prototype: Cell<Value>,
    /// The number of slots in use.
    pub count: Cell<u32>,
    /// Entries before `count` are this shape's; a table is shared along a line of transitions.
    table: UnsafeCell<Rc<UnsafeCell<Table>>>,
    /// Kept alive, so that the line stays whole; null for the first.
    parent: Cell<*const Shape>,
    /// Weak: cleared by the collector.
    transitions: UnsafeCell<Vec<Transition>>,
    /// Of the shape of a prototype: the first shape of the objects that have it.
    pub root: Cell<*const Shape>,
}

struct Transition {
    key: Key,
    attributes: Attributes,
    target: *const Shape,
}

/// All shapes, for the collector, as they own memory of malloc.
static SHAPES: Global<Vec<*mut Shape>> = Global::new(Vec::new());

fn allocate(
    flags: u8,
    prototype: Value,
    count: u32,
    table: Rc<UnsafeCell<Table>>,
    parent: *const Shape,
) -> &'static Shape {
    let cell = heap::allocate(core::mem::size_of::<Shape>()).cast::<Shape>();
    let shape = Shape {
        header: Header::new(kind::SHAPE, flags, 0),
        prototype: Cell::new(prototype),
        count: Cell::new(count),
        table: UnsafeCell::new(table),
        parent: Cell::new(parent),
        transitions: UnsafeCell::new(Vec::new()),
        root: Cell::new(core::ptr::null()),
    };
    unsafe { cell.write(shape) };
    SHAPES.state().push(cell);
    unsafe { &*cell }
}

impl Shape {
    /// The first shape of a line: no properties.
    pub fn first(prototype: Value) -> &'static Shape {
        allocate(
            0,
            prototype,
            0,
            Rc::new(UnsafeCell::new(Table::new())),
            core::ptr::null(),
        )
    }

    /// The copy of a shape for one object, possibly with another prototype.
    pub fn unique(&self, prototype: Value) -> &'static Shape {
        let copy = self.table().prefix(self.count.get());
        let shape = allocate(
            UNIQUE,
            prototype,
            self.count.get(),
            Rc::new(UnsafeCell::new(copy)),
            core::ptr::null(),
        );
        shape.root.set(self.root.get());
        shape
    }

    /// A unique shape that may change in place: itself, or a successor that takes its table over where it is cached.
    /// The object must be given the result.
    pub fn changeable(&'static self) -> &'static Shape {
        if self.header.flags.get() & CACHED == 0 {
            return self;
        }
        let table = core::mem::take(self.table_mut());
        let shape = allocate(
            UNIQUE,
            self.prototype.get(),
            self.count.get(),
            Rc::new(UnsafeCell::new(table)),
            core::ptr::null(),
        );
        shape.root.set(self.root.get());
        self.count.set(0);
        shape
    }

    #[inline(always)]
    pub fn is_unique(&self) -> bool {
        self.header.flags.get() & UNIQUE != 0
    }

    pub fn set_cached(&self) {
        self.header.flags.set(self.header.flags.get() | CACHED);
    }

    #[inline(always)]
    pub fn table(&self) -> &Table {
        unsafe { &*(*self.table.get()).get() }
    }

    /// For unique shapes, whose table nobody shares.
    #[allow(clippy::mut_from_ref)]
    pub fn table_mut(&self) -> &mut Table {
        unsafe { &mut *(*self.table.get()).get() }
    }

    /// The slot and attributes of a property.
    #[inline(always)]
    pub fn find(&self, key: Key) -> Option<(u32, Attributes)> {
        self.table().find(key, self.count.get())
    }

    /// The shape after a property is added to a shared shape; `None` where the object should get a unique one.
    pub fn with(&'static self, key: Key, attributes: Attributes) -> Option<&'static Shape> {
        let transitions = unsafe { &mut *self.transitions.get() };
        if let Some(known) = transitions
            .iter()
            .find(|known| known.key == key && known.attributes == attributes)
        {
            return Some(unsafe { &*known.target });
        }
        let count = self.count.get();
        if count >= MOST_SHARED || transitions.len() >= MOST_TRANSITIONS || key.as_index().is_some()
        {
            return None;
        }
        let shared = unsafe { &*self.table.get() };
        let table = if self.table().length() == count {
            shared.clone()
        } else {
            Rc::new(UnsafeCell::new(self.table().prefix(count)))
        };
        unsafe { (*table.get()).push(key, attributes) };
        let target = allocate(0, self.prototype.get(), count + 1, table, &raw const *self);
        unsafe { &mut *self.transitions.get() }.push(Transition {
            key,
            attributes,
            target,
        });
        Some(target)
    }
}

/// Calls a function with every cell that a shape refers to.
pub fn trace(shape: &Shape, mut visit: impl FnMut(*mut u8)) {
    let prototype = shape.prototype.get();
    if prototype.is_object() {
        visit(prototype.pointer());
    }
    for entry in shape.table().entries(shape.count.get()) {
        if entry.key.as_index().is_none() && entry.key != Key::NONE {
            visit(entry.key.pointer());
        }
    }
    for other in [shape.parent.get(), shape.root.get()] {
        if !other.is_null() {
            visit(other.cast_mut().cast());
        }
    }
}

/// After marking: drops the shapes that are not alive and the transitions to them.
pub fn purge(is_alive: impl Fn(*mut u8) -> bool) {
    let shapes = SHAPES.state();
    for shape in shapes.iter().filter(|shape| is_alive(shape.cast())) {
        let transitions = unsafe { &mut *(**shape).transitions.get() };
        transitions.retain(|transition| is_alive(transition.target.cast_mut().cast()));
    }
    shapes.retain(|shape| {
        let alive = is_alive(shape.cast());
        if !alive {
            unsafe { core::ptr::drop_in_place(*shape) };
        }
        alive
    });
}
