//! Deleting properties. An object that loses one gets a shape of its own; deleted slots are reclaimed once there are
//! as many of them as of others.

use super::{Attributes, Found, Object, bump_epoch};
use crate::array::Array;
use crate::key::Key;
use crate::value::Value;

impl Object {
    /// False where the property is not configurable.
    pub fn delete(self, key: Key) -> bool {
        match self.find_own(key) {
            None => true,
            Some(Found::Element(index)) => {
                Array::at(self.pointer()).put(index, Value::EMPTY);
                true
            }
            Some(Found::Slot(slot, attributes)) if attributes.has(Attributes::CONFIGURABLE) => {
                self.remove_slot(slot);
                true
            }
            Some(_) => false,
        }
    }

    fn remove_slot(self, slot: u32) {
        let shape = self.own_shape();
        shape.table_mut().delete(slot);
        unsafe { *self.slot(slot) = Value::UNDEFINED };
        if self.is_prototype() {
            bump_epoch();
        }
        let deleted = shape.table().deleted();
        if deleted < 16 || deleted * 2 < shape.count.get() {
            return;
        }
        let former = shape.table_mut().compact();
        for (slot, former) in former.iter().enumerate() {
            unsafe { *self.slot(slot as u32) = *self.slot(*former) };
        }
        for slot in former.len() as u32..shape.count.get() {
            unsafe { *self.slot(slot) = Value::UNDEFINED };
        }
        shape.count.set(former.len() as u32);
    }
}
