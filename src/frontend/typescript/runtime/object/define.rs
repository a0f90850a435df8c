//! Defining properties with attributes, redefining them, and freezing objects.

use super::own::{Accessor, Property};
use super::{Attributes, Found, Object, bump_epoch};
use crate::array::Array;
use crate::convert;
use crate::error;
use crate::key::Key;
use crate::kind::{self, NOT_EXTENSIBLE};
use crate::value::{Outcome, Value};

/// A property descriptor: what is absent stays as it is.
#[derive(Clone, Copy, Default)]
pub struct Descriptor {
    pub value: Option<Value>,
    pub getter: Option<Value>,
    pub setter: Option<Value>,
    pub writable: Option<bool>,
    pub enumerable: Option<bool>,
    pub configurable: Option<bool>,
}

impl Object {
    /// Defines a data property, or redefines it, whatever it was: for the runtime's own objects and for literals and
    /// fields, where redefinition cannot be refused but for frozen objects.
    pub fn define(self, key: Key, value: Value, attributes: Attributes) {
        match self.find_own(key) {
            None => {
                // The caller's object is extensible, or the refusal is the program's to see through `add`.
                let _ = self.add(key, value, attributes);
            }
            Some(Found::Slot(slot, known)) => self.replace_slot(slot, value, attributes, known),
            Some(Found::Element(index)) if attributes == Attributes::ALL => {
                Array::at(self.pointer()).put(index, value)
            }
            Some(Found::Element(index)) => {
                Array::at(self.pointer()).make_sparse();
                self.define(Key::index(index), value, attributes);
            }
            Some(Found::Computed(..)) => {}
        }
    }

    pub fn define_accessor(self, key: Key, getter: Value, setter: Value, attributes: Attributes) {
        let attributes = attributes
            .with(Attributes::ACCESSOR)
            .without(Attributes::WRITABLE);
        let pair = Accessor::create(getter, setter);
        match self.find_own(key) {
            None if self.kind() == kind::ARRAY && key.as_index().is_some() => {
                Array::at(self.pointer()).make_sparse();
                self.add_slot(key, pair, attributes);
            }
            None => self.add_slot(key, pair, attributes),
            Some(Found::Slot(slot, known)) => self.replace_slot(slot, pair, attributes, known),
            Some(Found::Element(_)) => {
                Array::at(self.pointer()).make_sparse();
                self.define_accessor(key, getter, setter, attributes);
            }
            Some(Found::Computed(..)) => {}
        }
    }

    /// One half of an accessor, keeping the other: what `get x() {}` and `set x(v) {}` in a literal or class do.
    pub fn define_half(self, key: Key, function: Value, is_setter: bool, enumerable: bool) {
        let known = self
            .get_own(key)
            .filter(|property| property.attributes.is_accessor());
        let (getter, setter) = known.map_or((Value::UNDEFINED, Value::UNDEFINED), |property| {
            (property.getter, property.setter)
        });
        let (getter, setter) = if is_setter {
            (getter, function)
        } else {
            (function, setter)
        };
        let mut attributes = if enumerable {
            Attributes::CONFIGURABLE.with(Attributes::ENUMERABLE)
        } else {
            Attributes::CONFIGURABLE
        };
        if key.is_private() {
            attributes = Attributes::PRIVATE;
        }
        self.define_accessor(key, getter, setter, attributes);
    }

    fn replace_slot(self, slot: u32, value: Value, attributes: Attributes, known: Attributes) {
        if attributes != known {
            self.own_shape().table_mut().set_attributes(
                slot,
                attributes.with(Attributes(known.0 & Attributes::PRIVATE.0)),
            );
        }
        if self.is_prototype() {
            bump_epoch();
        }
        unsafe { *self.slot(slot) = value };
    }

    /// `Object.defineProperty`: validated against what is there.
    pub fn define_checked(self, key: Key, descriptor: &Descriptor) -> Outcome<()> {
        let is_accessor = descriptor.getter.is_some() || descriptor.setter.is_some();
        let Some(known) = self.get_own(key) else {
            if !self.is_extensible() {
                return error::throw_type(format_args!(
                    "Cannot define property {}, object is not extensible",
                    convert::key_display(key)
                ));
            }
            let attributes = merged(descriptor, Attributes::NONE, is_accessor);
            if is_accessor {
                self.define_accessor(
                    key,
                    descriptor.getter.unwrap_or(Value::UNDEFINED),
                    descriptor.setter.unwrap_or(Value::UNDEFINED),
                    attributes,
                );
            } else {
                if self.kind() == kind::ARRAY
                    && key.as_index().is_some()
                    && attributes != Attributes::ALL
                {
                    Array::at(self.pointer()).make_sparse();
                }
                self.add(
                    key,
                    descriptor.value.unwrap_or(Value::UNDEFINED),
                    attributes,
                )?;
            }
            return Ok(());
        };
        if !known.attributes.is_configurable() && !is_allowed(&known, descriptor, is_accessor) {
            return error::throw_type(format_args!(
                "Cannot redefine property: {}",
                convert::key_display(key)
            ));
        }
        if let Some(Found::Computed(..)) = self.find_own(key) {
            // The length of an array.
            let array = Array::at(self.pointer());
            if self.kind() == kind::ARRAY {
                if let Some(length) = descriptor.value {
                    crate::array::assign_length(array, length)?;
                }
                if descriptor.writable == Some(false) {
                    array.fix_length();
                }
            }
            return Ok(());
        }
        if is_accessor {
            let attributes = merged(descriptor, known.attributes, true);
            self.define_accessor(
                key,
                descriptor.getter.unwrap_or(known.getter),
                descriptor.setter.unwrap_or(known.setter),
                attributes,
            );
        } else if known.attributes.is_accessor()
            && descriptor.value.is_none()
            && descriptor.writable.is_none()
        {
            self.define_accessor(
                key,
                known.getter,
                known.setter,
                merged(descriptor, known.attributes, true),
            );
        } else {
            let base = if known.attributes.is_accessor() {
                known.attributes.without(Attributes::WRITABLE)
            } else {
                known.attributes
            };
            self.define(
                key,
                descriptor.value.unwrap_or(known.value),
                merged(descriptor, base, false),
            );
        }
        Ok(())
    }

    pub fn prevent_extensions(self) {
        if self.is_extensible() {
            if self.kind() == kind::ARRAY {
                Array::at(self.pointer()).make_sparse();
            }
            // Shapes that are shared lead to more properties, so this object must leave them.
            self.own_shape();
            self.header()
                .object
                .set(self.header().object.get() | NOT_EXTENSIBLE);
        }
    }

    pub fn freeze(self) {
        self.restrict(true);
    }

    pub fn seal(self) {
        self.restrict(false);
    }

    fn restrict(self, freeze: bool) {
        if let Some(function) = self.value().as_function() {
            function.materialise();
        }
        self.prevent_extensions();
        let shape = self.own_shape();
        for slot in 0..shape.count.get() {
            let known = shape.table().entries(shape.count.get())[slot as usize].attributes;
            if known.has(Attributes::PRIVATE) {
                continue;
            }
            let attributes = known.without(Attributes::CONFIGURABLE);
            let attributes = if freeze && !known.is_accessor() {
                attributes.without(Attributes::WRITABLE)
            } else {
                attributes
            };
            shape.table_mut().set_attributes(slot, attributes);
        }
        if freeze && self.kind() == kind::ARRAY {
            Array::at(self.pointer()).fix_length();
        }
        if self.is_prototype() {
            bump_epoch();
        }
    }

    pub fn is_frozen(self) -> bool {
        self.is_restricted(true)
    }

    pub fn is_sealed(self) -> bool {
        self.is_restricted(false)
    }

    fn is_restricted(self, frozen: bool) -> bool {
        if self.is_extensible() {
            return false;
        }
        let shape = self.shape();
        shape
            .table()
            .entries(shape.count.get())
            .iter()
            .filter(|entry| entry.key != Key::NONE && !entry.attributes.has(Attributes::PRIVATE))
            .all(|entry| {
                !entry.attributes.is_configurable()
                    && (!frozen
                        || entry.attributes.is_accessor()
                        || !entry.attributes.is_writable())
            })
    }
}

/// The attributes that a descriptor asks for, with those that it does not name from `base`.
fn merged(descriptor: &Descriptor, base: Attributes, is_accessor: bool) -> Attributes {
    let mut attributes = base.without(Attributes::ACCESSOR);
    for (wanted, bit) in [
        (descriptor.writable, Attributes::WRITABLE),
        (descriptor.enumerable, Attributes::ENUMERABLE),
        (descriptor.configurable, Attributes::CONFIGURABLE),
    ] {
        match wanted {
            Some(true) => attributes = attributes.with(bit),
            Some(false) => attributes = attributes.without(bit),
            None => {}
        }
    }
    if is_accessor {
        attributes
            .with(Attributes::ACCESSOR)
            .without(Attributes::WRITABLE)
    } else {
        attributes
    }
}

/// Whether a property that is not configurable may be redefined so.
fn is_allowed(known: &Property, descriptor: &Descriptor, is_accessor: bool) -> bool {
    if descriptor.configurable == Some(true)
        || descriptor
            .enumerable
            .is_some_and(|enumerable| enumerable != known.attributes.is_enumerable())
    {
        return false;
    }
    if known.attributes.is_accessor() {
        return descriptor.value.is_none()
            && descriptor.writable.is_none()
            && descriptor
                .getter
                .is_none_or(|getter| getter == known.getter)
            && descriptor
                .setter
                .is_none_or(|setter| setter == known.setter);
    }
    if is_accessor {
        return false;
    }
    known.attributes.is_writable()
        || (descriptor.writable != Some(true)
            && descriptor
                .value
                .is_none_or(|value| crate::operator::same_value(value, known.value)))
}
