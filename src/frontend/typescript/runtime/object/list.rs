//! Listing properties: own keys in the order of the language, `for … in`, copies for spread and rest, and the objects
//! of `import * as`.

use super::{Attributes, Object};
use crate::array::Array;
use crate::function::Function;
use crate::heap::storage::Values;
use crate::key::{Key, names};
use crate::kind;
use crate::object::Found;
use crate::value::{Outcome, Value};
use alloc::vec::Vec;

/// Which own keys are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Strings, then symbols.
    All,
    EnumerableStrings,
    /// For spread and `Object.assign`.
    Enumerable,
}

impl Object {
    /// Calls a function with each own key: indices ascending, then other strings and then symbols as they were made.
    pub fn each_own_key(self, wanted: Wanted, mut visit: impl FnMut(Key, Attributes)) {
        let mut visit = |key: Key, attributes: Attributes| {
            let is_wanted = match wanted {
                Wanted::All => true,
                Wanted::EnumerableStrings => attributes.is_enumerable() && !key.is_symbol(),
                Wanted::Enumerable => attributes.is_enumerable(),
            };
            if is_wanted {
                visit(key, attributes);
            }
        };
        match self.kind() {
            kind::ARRAY => {
                let array = Array::at(self.pointer());
                if !array.is_sparse() {
                    for index in (0..array.length()).filter(|index| !array.get(*index).is_empty()) {
                        visit(Key::index(index), Attributes::ALL);
                    }
                }
            }
            kind::BOXED => {
                let length = self.word(0).as_string().map_or(0, |string| string.length());
                (0..length).for_each(|index| visit(Key::index(index), Attributes::ENUMERABLE));
            }
            kind::FUNCTION => Function::at(self.pointer()).materialise(),
            kind::NAMESPACE => namespace_keys(self)
                .for_each(|key| visit(key, Attributes::WRITABLE.with(Attributes::ENUMERABLE))),
            _ => {}
        }
        let shape = self.shape();
        let entries = shape.table().entries(shape.count.get());
        // Only a unique shape has indices.
        if shape.is_unique() {
            let mut indices: Vec<(u32, Attributes)> = entries
                .iter()
                .filter_map(|entry| Some((entry.key.as_index()?, entry.attributes)))
                .collect();
            indices.sort_unstable_by_key(|(index, _)| *index);
            indices
                .into_iter()
                .for_each(|(index, attributes)| visit(Key::index(index), attributes));
        }
        if wanted == Wanted::All && (self.kind() == kind::ARRAY || self.is_boxed_string()) {
            visit(names::length(), Attributes::WRITABLE);
        }
        let mut symbols = false;
        for entry in entries {
            symbols |= entry.key.is_symbol();
            if entry.key != Key::NONE
                && entry.key.as_index().is_none()
                && !entry.key.is_symbol()
                && !entry.attributes.has(Attributes::PRIVATE)
            {
                visit(entry.key, entry.attributes);
            }
        }
        if symbols {
            entries
                .iter()
                .filter(|entry| entry.key.is_symbol())
                .for_each(|entry| visit(entry.key, entry.attributes));
        }
    }

    fn is_boxed_string(self) -> bool {
        self.kind() == kind::BOXED && self.word(0).is_string()
    }

    fn keys(self, wanted: Wanted) -> Values {
        // The visitor must not change the object, so indices are made strings while the keys are gathered.
        let mut keys = Values::new();
        self.each_own_key(wanted, |key, _| keys.push(key.value()));
        keys
    }

    /// Strings, then symbols, as values.
    pub fn own_keys(self) -> Values {
        self.keys(Wanted::All)
    }

    pub fn own_enumerable_keys(self) -> Values {
        self.keys(Wanted::EnumerableStrings)
    }

    /// The keys themselves: indices as raw words, so they can be looked up without a string being made.
    pub fn key_list(self, wanted: Wanted) -> Vec<Key> {
        let mut keys = Vec::new();
        self.each_own_key(wanted, |key, _| keys.push(key));
        keys
    }
}

/// The enumerable string keys of an object and its prototypes, each once.
pub fn for_in_keys(object: Object) -> Array {
    let keys = Array::new();
    let mut seen: Vec<Key> = Vec::new();
    let mut holder = Some(object);
    while let Some(current) = holder {
        let next = current.prototype().as_object();
        // Most objects inherit nothing that is enumerable: then nothing need be remembered.
        let is_last = next.is_none();
        current.each_own_key(Wanted::All, |key, attributes| {
            if key.is_symbol() || (!(seen.is_empty() || current == object) && seen.contains(&key)) {
                return;
            }
            if attributes.is_enumerable() {
                keys.push(key.value());
            }
            if !is_last {
                seen.push(key);
            }
        });
        holder = next;
    }
    keys
}

/// Copies the own enumerable properties of any value, as `{ ...source }` does.
pub fn copy_properties(target: Object, source: Value, excluded: &[Key]) -> Outcome<()> {
    if let Some(string) = source.as_string() {
        for index in 0..string.length() {
            target.define(
                Key::index(index),
                crate::object::get(source, Key::index(index))?,
                Attributes::ALL,
            );
        }
        return Ok(());
    }
    let Some(source) = source.as_object() else {
        return Ok(());
    };
    for key in source.key_list(Wanted::Enumerable) {
        if excluded.contains(&key) {
            continue;
        }
        // A getter may have removed it meanwhile.
        if let Some(found) = source.find_own(key) {
            let value = match found {
                Found::Slot(slot, attributes) if !attributes.is_accessor() => unsafe {
                    *source.slot(slot)
                },
                found => source.read(found, source.value())?,
            };
            target.define(key, value, Attributes::ALL);
        }
    }
    Ok(())
}

/// Gives the value of one export.
pub type Getter = extern "C" fn() -> u64;

/// `import * as`: the words are the count, the array of names and the address of the getters.
pub fn namespace(count: usize, names: &[u64], getters: *const Getter) -> Object {
    let keys = Array::new();
    for name in &names[..count] {
        keys.push(crate::string::Str::at(*name as *mut u8).value());
    }
    let object = Object::private(kind::NAMESPACE, Value::NULL, 2);
    object.set_word(0, keys.value());
    // An address is a small double as bits, which nobody looks at.
    object.set_word(1, Value(getters as u64));
    let tag = Key::symbol(crate::symbol::to_string_tag());
    object.add_slot(
        tag,
        crate::string::Str::from_utf8("Module").value(),
        Attributes::NONE,
    );
    object.prevent_extensions();
    object
}

fn namespace_keys(object: Object) -> impl Iterator<Item = Key> {
    let keys = Array::at(object.word(0).pointer());
    (0..keys.length())
        .filter_map(move |index| keys.get(index).as_string())
        .map(Key::from)
}

pub fn namespace_getter(object: Object, key: Key) -> Option<Getter> {
    let position = namespace_keys(object).position(|name| name == key)?;
    let getters = object.word(1).0 as *const Getter;
    Some(unsafe { *getters.add(position) })
}
