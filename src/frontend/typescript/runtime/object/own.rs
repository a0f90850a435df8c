//! Finding a property of an object itself, whatever its kind. Does not look at prototypes.

use super::{Attributes, Object};
use crate::array::Array;
use crate::function::Function;
use crate::heap;
use crate::key::{Key, names};
use crate::kind::{self, Header};
use crate::string::Str;
use crate::value::Value;

/// Where a property is.
pub enum Found {
    /// In a slot of the object.
    Slot(u32, Attributes),
    /// An element of a dense array: all attributes.
    Element(u32),
    /// Not stored as a property: the length of an array, a unit of a string object, an export.
    Computed(Value, Attributes),
}

/// A property as the library sees it.
#[derive(Clone, Copy)]
pub struct Property {
    pub value: Value,
    /// Undefined unless it is an accessor that has one.
    pub getter: Value,
    pub setter: Value,
    pub attributes: Attributes,
}

/// What the slot of an accessor refers to.
#[repr(C)]
pub struct Accessor {
    header: Header,
    pub getter: Value,
    pub setter: Value,
}

impl Accessor {
    pub fn create(getter: Value, setter: Value) -> Value {
        let cell = heap::allocate(core::mem::size_of::<Accessor>()).cast::<Accessor>();
        unsafe {
            cell.write(Accessor {
                header: Header::new(kind::ACCESSOR, 0, 0),
                getter,
                setter,
            })
        };
        Value::cell(cell)
    }

    #[inline(always)]
    pub fn of(slot: Value) -> &'static Accessor {
        unsafe { &*slot.pointer().cast() }
    }
}

impl Object {
    /// The object's own property.
    #[inline(always)]
    pub fn find_own(self, key: Key) -> Option<Found> {
        if self.kind() != kind::OBJECT
            && let Some(decided) = self.find_exotic(key)
        {
            return decided;
        }
        self.shape()
            .find(key)
            .map(|(slot, attributes)| Found::Slot(slot, attributes))
    }

    /// `Some` where the kind decides whether there is such a property.
    #[inline(never)]
    fn find_exotic(self, key: Key) -> Option<Option<Found>> {
        match self.kind() {
            kind::ARRAY => {
                let array = Array::at(self.pointer());
                if let Some(index) = key.as_index() {
                    if array.is_sparse() {
                        return None;
                    }
                    return Some((!array.get(index).is_empty()).then_some(Found::Element(index)));
                }
                if key == names::length() {
                    let attributes = if array.is_length_writable() {
                        Attributes::WRITABLE
                    } else {
                        Attributes::NONE
                    };
                    return Some(Some(Found::Computed(
                        Value::int(i64::from(array.length())),
                        attributes,
                    )));
                }
                None
            }
            kind::FUNCTION => {
                if key == names::prototype() || key == names::name() || key == names::length() {
                    Function::at(self.pointer()).materialise();
                }
                None
            }
            kind::BOXED => {
                let string = self.word(0).as_string()?;
                if key == names::length() {
                    return Some(Some(Found::Computed(
                        Value::int(i64::from(string.length())),
                        Attributes::NONE,
                    )));
                }
                let index = key.as_index().filter(|index| *index < string.length())?;
                let unit = Str::unit(string.text().unit(index as usize));
                Some(Some(Found::Computed(unit.value(), Attributes::ENUMERABLE)))
            }
            kind::NAMESPACE => super::list::namespace_getter(self, key).map(|getter| {
                let value = Value(getter());
                Some(Found::Computed(
                    value,
                    Attributes::WRITABLE.with(Attributes::ENUMERABLE),
                ))
            }),
            _ => None,
        }
    }

    /// The object's own property, with all that is known of it.
    pub fn get_own(self, key: Key) -> Option<Property> {
        let data = |value, attributes| Property {
            value,
            getter: Value::UNDEFINED,
            setter: Value::UNDEFINED,
            attributes,
        };
        Some(match self.find_own(key)? {
            Found::Slot(slot, attributes) => {
                let value = unsafe { *self.slot(slot) };
                if attributes.is_accessor() {
                    let accessor = Accessor::of(value);
                    Property {
                        value: Value::UNDEFINED,
                        getter: accessor.getter,
                        setter: accessor.setter,
                        attributes,
                    }
                } else {
                    data(value, attributes)
                }
            }
            Found::Element(index) => data(Array::at(self.pointer()).get(index), Attributes::ALL),
            Found::Computed(value, attributes) => data(value, attributes),
        })
    }

    pub fn has_own(self, key: Key) -> bool {
        self.find_own(key).is_some()
    }
}
