//! The entries between the braces: elements of arrays, maps and sets, and the keys of properties.

use super::display::{symbol_text, units};
use super::layout::{Frame, Grouping, lay_out};
use super::object::{Content, is_entries};
use super::{Inspection, quote, utf8};
use crate::array::Array;
use crate::collection;
use crate::heap::storage::Values;
use crate::iterate::IterationKind;
use crate::key::Key;
use crate::kind;
use crate::object::Object;
use crate::object::list::Wanted;
use crate::value::{Outcome, Value};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

fn plural(count: usize) -> &'static str {
    if count > 1 { "s" } else { "" }
}

fn push_remaining(entries: &mut Vec<String>, remaining: usize) {
    if remaining > 0 {
        entries.push(format!("... {remaining} more item{}", plural(remaining)));
    }
}

/// What a map or set iterator has still to give, keys and values in turn if it gives pairs.
fn rest_of(iterator: Object, pairs: bool) -> Values {
    let mut rest = Values::new();
    let Some(source) = iterator.word(0).as_object() else {
        return rest;
    };
    let mut cursor = iterator.word(1).0 as u32;
    let keys = iterator.word(2).0 == IterationKind::Keys as u64;
    while let Some((key, value)) = collection::next(source, &mut cursor) {
        let value = if source.kind() == kind::SET {
            key
        } else {
            value
        };
        if pairs || keys {
            rest.push(key);
        }
        if !keys {
            rest.push(value);
        }
    }
    rest
}

impl Inspection {
    /// All entries but the properties.
    pub fn entries(
        &mut self,
        content: &Content,
        object: Object,
        level: i32,
    ) -> Outcome<Vec<String>> {
        match content {
            Content::None => Ok(Vec::new()),
            Content::Unknown => Ok(alloc::vec![String::from("<items unknown>")]),
            Content::Array(array) => self.elements(*array, level),
            Content::Map => self.collection(object, true, level),
            Content::Set => self.collection(object, false, level),
            Content::Iterator => self.rest_of_iterator(object, level),
        }
    }

    fn elements(&mut self, array: Array, level: i32) -> Outcome<Vec<String>> {
        let length = array.length() as usize;
        let shown = length.min(self.options.maximum_items);
        let mut entries = Vec::new();
        for index in 0..shown {
            if !array.object().has_own(Key::index(index as u32)) {
                return self.sparse_elements(array, entries, shown, level);
            }
            entries.push(self.property_value(array.object(), Key::index(index as u32), level)?);
        }
        push_remaining(&mut entries, length - shown);
        Ok(entries)
    }

    /// Goes on from the first hole: runs of holes count as one entry.
    fn sparse_elements(
        &mut self,
        array: Array,
        mut entries: Vec<String>,
        limit: usize,
        level: i32,
    ) -> Outcome<Vec<String>> {
        let length = array.length() as usize;
        let mut index = entries.len();
        let keys = array.object().key_list(Wanted::EnumerableStrings);
        let present = keys.iter().filter_map(|key| key.as_index());
        for next in present.map(|next| next as usize).skip(index) {
            if entries.len() >= limit {
                break;
            }
            if next != index {
                let empty = next - index;
                entries.push(format!("<{empty} empty item{}>", plural(empty)));
                index = next;
                if entries.len() == limit {
                    break;
                }
            }
            entries.push(self.property_value(array.object(), Key::index(next as u32), level)?);
            index += 1;
        }
        let remaining = length - index;
        if entries.len() == limit {
            push_remaining(&mut entries, remaining);
        } else if remaining > 0 {
            entries.push(format!("<{remaining} empty item{}>", plural(remaining)));
        }
        Ok(entries)
    }

    fn collection(&mut self, object: Object, keyed: bool, level: i32) -> Outcome<Vec<String>> {
        let size = collection::size(object) as usize;
        let shown = size.min(self.options.maximum_items);
        let mut entries = Vec::new();
        let mut cursor = 0;
        self.indentation += 2;
        while entries.len() < shown {
            let Some((key, value)) = collection::next(object, &mut cursor) else {
                break;
            };
            let mut entry = self.show(key, level)?;
            if keyed {
                entry = format!("{entry} => {}", self.show(value, level)?);
            }
            entries.push(entry);
        }
        self.indentation -= 2;
        push_remaining(&mut entries, size - shown);
        Ok(entries)
    }

    /// What a map or set iterator has still to give; the iterator is not moved.
    fn rest_of_iterator(&mut self, object: Object, level: i32) -> Outcome<Vec<String>> {
        let pairs = is_entries(object);
        let rest = rest_of(object, pairs);
        let step = if pairs { 2 } else { 1 };
        let mut entries = Vec::new();
        self.indentation += 2;
        for entry in rest
            .as_slice()
            .chunks(step)
            .take(self.options.maximum_items)
        {
            let texts = entry
                .iter()
                .map(|value| self.show(*value, level))
                .collect::<Outcome<Vec<String>>>()?;
            entries.push(match texts.len() {
                2 => {
                    let frame = Frame {
                        base: "",
                        open: "[",
                        close: "]",
                    };
                    lay_out(texts, &frame, self.place(level), Grouping::None, false)
                }
                _ => texts.concat(),
            });
        }
        self.indentation -= 2;
        let shown = entries.len();
        push_remaining(&mut entries, rest.len() / step - shown);
        Ok(entries)
    }

    /// A key as it stands before the colon.
    pub fn key_text(&self, key: Key, enumerable: bool) -> String {
        let value: Value = key.value();
        if let Some(symbol) = value.as_symbol() {
            let mut out = String::from("[");
            quote::escape(&mut out, symbol_text(symbol).encode_utf16(), true);
            out.push(']');
            return out;
        }
        let Some(string) = value.as_string() else {
            return String::new();
        };
        let name = utf8(string);
        if name == "__proto__" {
            return String::from("['__proto__']");
        }
        if !enumerable {
            let mut out = String::from("[");
            quote::escape(&mut out, units(string.text()), true);
            out.push(']');
            return out;
        }
        if quote::is_plain_key(&name) {
            name
        } else {
            quote::quote(units(string.text()))
        }
    }
}
