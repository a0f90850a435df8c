//! Assigning properties. Programs are modules, so what sloppy code would ignore throws here.

use super::own::Accessor;
use super::{Attributes, Found, Object, bump_epoch, read};
use crate::array::Array;
use crate::call;
use crate::convert;
use crate::error;
use crate::key::{Key, names};
use crate::kind;
use crate::value::{Outcome, Value};

/// `target.key = value` for any target.
pub fn set_value(target: Value, key: Key, value: Value) -> Outcome<()> {
    match target.as_object() {
        Some(object) => object.set(key, value),
        None if is_unit(target, key) => read_only(key, target),
        None => match read::prototype_of_primitive(target) {
            Some(prototype) => prototype.set_for(key, value, target),
            None => error::throw_type(format_args!(
                "Cannot set properties of {} (setting '{}')",
                convert::to_display(target),
                convert::key_display(key)
            )),
        },
    }
}

/// Whether a key is that of a unit or the length of a string.
pub fn is_unit(target: Value, key: Key) -> bool {
    target.as_string().is_some_and(|string| {
        key == names::length() || key.as_index().is_some_and(|index| index < string.length())
    })
}

impl Object {
    #[inline]
    pub fn set(self, key: Key, value: Value) -> Outcome<()> {
        self.set_for(key, value, self.value())
    }

    /// Looks for the property from this object on, and assigns to `receiver` (they differ in `super.key = value`).
    pub fn set_for(self, key: Key, value: Value, receiver: Value) -> Outcome<()> {
        let mut holder = self;
        loop {
            match holder.find_own(key) {
                None => {}
                Some(Found::Slot(slot, attributes)) if attributes.is_accessor() => {
                    let setter = Accessor::of(unsafe { *holder.slot(slot) }).setter;
                    if setter.is_undefined() {
                        return error::throw_type(format_args!(
                            "Cannot set property {} of {} which has only a getter",
                            convert::key_display(key),
                            convert::describe_object(receiver)
                        ));
                    }
                    return call::call(setter, receiver, &[value]).map(drop);
                }
                Some(Found::Slot(slot, attributes)) if attributes.is_writable() => {
                    if holder.value() == receiver {
                        holder.write_slot(slot, value);
                        return Ok(());
                    }
                    break;
                }
                Some(Found::Element(index)) => {
                    if holder.value() == receiver {
                        Array::at(holder.pointer()).put(index, value);
                        return Ok(());
                    }
                    break;
                }
                Some(Found::Computed(_, attributes))
                    if attributes.is_writable() && holder.kind() == kind::ARRAY =>
                {
                    if holder.value() == receiver {
                        return crate::array::assign_length(Array::at(holder.pointer()), value);
                    }
                    break;
                }
                Some(_) => return read_only(key, receiver),
            }
            match holder.prototype().as_object() {
                Some(prototype) => holder = prototype,
                None => break,
            }
        }
        match receiver.as_object() {
            Some(object) if object == self => object.add(key, value, Attributes::ALL),
            Some(object) => object.set_own(key, value),
            None => error::throw_type(format_args!(
                "Cannot create property '{}' on {} '{}'",
                convert::key_display(key),
                crate::operator::typeof_text(receiver),
                receiver.as_string().map_or_else(
                    || convert::to_display(receiver),
                    crate::string::Str::to_rust
                )
            )),
        }
    }

    /// The object's own property is assigned or made, as the last step of an assignment that began elsewhere.
    fn set_own(self, key: Key, value: Value) -> Outcome<()> {
        match self.find_own(key) {
            None => self.add(key, value, Attributes::ALL),
            Some(Found::Slot(slot, attributes))
                if attributes.is_writable() && !attributes.is_accessor() =>
            {
                self.write_slot(slot, value);
                Ok(())
            }
            Some(Found::Element(index)) => {
                Array::at(self.pointer()).put(index, value);
                Ok(())
            }
            Some(_) => read_only(key, self.value()),
        }
    }

    /// Stores into a slot that holds a value.
    #[inline(always)]
    pub fn write_slot(self, slot: u32, value: Value) {
        let slot = self.slot(slot);
        // Method sites remember functions only.
        if self.is_prototype() && unsafe { *slot }.is_callable() {
            bump_epoch();
        }
        unsafe { *slot = value };
    }

    /// Adds a property that the object does not have.
    pub fn add(self, key: Key, value: Value, attributes: Attributes) -> Outcome<()> {
        if !self.is_extensible() {
            return error::throw_type(format_args!(
                "Cannot add property {}, object is not extensible",
                convert::key_display(key)
            ));
        }
        if self.kind() == kind::ARRAY
            && let Some(index) = key.as_index()
        {
            return crate::array::add_element(Array::at(self.pointer()), index, value, attributes);
        }
        let attributes = if key.is_private() {
            Attributes::WRITABLE.with(Attributes::PRIVATE)
        } else {
            attributes
        };
        self.add_slot(key, value, attributes);
        Ok(())
    }

    /// Adds a property to the shape, whatever the kind of the object.
    pub fn add_slot(self, key: Key, value: Value, attributes: Attributes) {
        let shape = self.shape();
        if !shape.is_unique()
            && let Some(next) = shape.with(key, attributes)
        {
            let slot = shape.count.get();
            self.reserve_slot(slot);
            unsafe { *self.slot(slot) = value };
            self.set_shape(next);
            return;
        }
        let shape = self.own_shape();
        let slot = shape.table_mut().push(key, attributes);
        shape.count.set(slot + 1);
        self.reserve_slot(slot);
        unsafe { *self.slot(slot) = value };
        if self.is_prototype() {
            bump_epoch();
        }
    }

    /// Adds a name that the runtime knows the object not to have.
    pub fn add_hidden(self, name: Key, value: Value) {
        self.add_slot(name, value, Attributes::HIDDEN);
    }
}

fn read_only(key: Key, receiver: Value) -> Outcome<()> {
    if let Some(string) = receiver.as_string() {
        return error::throw_type(format_args!(
            "Cannot assign to read only property '{}' of string '{}'",
            convert::key_display(key),
            string.to_rust()
        ));
    }
    if receiver.as_kind(kind::FUNCTION).is_some() && key == names::prototype() {
        return error::throw_type(format_args!(
            "Cannot assign to read only property 'prototype' of function '{}'",
            convert::to_display(receiver)
        ));
    }
    error::throw_type(format_args!(
        "Cannot assign to read only property '{}' of object '{}'",
        convert::key_display(key),
        convert::describe_object(receiver)
    ))
}
