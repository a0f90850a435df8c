//! What an object is shown as: which braces it has, what stands before them, and which entries lie between.

use super::layout::{Frame, Grouping, Place, lay_out};
use super::naming::{function_text, prefix, tag_of};
use super::{Inspection, display};
use crate::array::Array;
use crate::collection;
use crate::iterate::IterationKind;
use crate::key::Key;
use crate::kind;
use crate::object::Object;
use crate::object::list::Wanted;
use crate::value::{Outcome, Value};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What lies between the braces besides properties.
pub enum Content {
    None,
    Array(Array),
    Map,
    Set,
    /// What a map or set iterator has still to give.
    Iterator,
    /// A weak collection, which cannot be looked into.
    Unknown,
}

/// An object about to be shown.
pub struct Shown {
    pub object: Object,
    constructor: Option<String>,
    tag: String,
    base: String,
    open: String,
    close: &'static str,
    content: Content,
    pub keys: Vec<Key>,
    /// Where there are no entries, this is all of it.
    alone: Option<String>,
}

/// The keys of the properties that are shown.
fn keys_of(object: Object, show_hidden: bool) -> Vec<Key> {
    object.key_list(if show_hidden {
        Wanted::All
    } else {
        Wanted::Enumerable
    })
}

/// What an object without any constructor is called.
fn fallback_name(object: Object) -> &'static str {
    match object.kind() {
        kind::ARRAY => "Array",
        kind::FUNCTION => "Function",
        kind::ERROR => "Error",
        kind::MAP => "Map",
        kind::SET => "Set",
        kind::WEAK_MAP => "WeakMap",
        kind::WEAK_SET => "WeakSet",
        kind::DATE => "Date",
        kind::NAMESPACE => "Module",
        _ => "Object",
    }
}

/// Whether an iterator of the runtime gives pairs.
pub fn is_entries(iterator: Object) -> bool {
    iterator.word(2).0 == IterationKind::Entries as u64
}

impl Shown {
    pub fn of(inspection: &Inspection, object: Object, level: i32) -> Outcome<Shown> {
        crate::error::check_stack()?;
        let mut shown = Shown {
            object,
            constructor: inspection.constructor_name(object, level)?,
            tag: tag_of(object, inspection.options.show_hidden)?,
            base: String::new(),
            open: String::from("{"),
            close: "}",
            content: Content::None,
            keys: keys_of(object, inspection.options.show_hidden),
            alone: None,
        };
        match object.kind() {
            kind::ARRAY => shown.array(Array::at(object.pointer())),
            kind::MAP => shown.collection(Content::Map, "Map"),
            kind::SET => shown.collection(Content::Set, "Set"),
            kind::MAP_ITERATOR | kind::SET_ITERATOR => shown.iterator(),
            _ => shown.other(inspection)?,
        }
        Ok(shown)
    }

    fn prefix(&self, fallback: &str, size: &str) -> String {
        prefix(self.constructor.as_deref(), &self.tag, fallback, size)
    }

    /// The prefix by the object's own kind.
    fn plain_prefix(&self) -> String {
        let fallback = fallback_name(self.object);
        self.prefix(
            if fallback == self.tag {
                "Object"
            } else {
                fallback
            },
            "",
        )
    }

    fn array(&mut self, array: Array) {
        self.keys.retain(|key| key.as_index().is_none());
        self.open = String::from("[");
        if self.constructor.as_deref() != Some("Array") || !self.tag.is_empty() {
            self.open = self.prefix("Array", &format!("({})", array.length())) + "[";
        }
        self.close = "]";
        if array.length() == 0 && self.keys.is_empty() {
            self.alone = Some(self.open.clone() + "]");
        }
        self.content = Content::Array(array);
    }

    fn collection(&mut self, content: Content, name: &str) {
        let size = collection::size(self.object);
        let prefix = self.prefix(name, &format!("({size})"));
        if size == 0 && self.keys.is_empty() {
            self.alone = Some(prefix.clone() + "{}");
        }
        self.open = prefix + "{";
        self.content = content;
    }

    fn iterator(&mut self) {
        let kind = if self.object.kind() == kind::MAP_ITERATOR {
            "Map"
        } else {
            "Set"
        };
        let own = format!("{kind} Iterator");
        let gives = if is_entries(self.object) {
            format!("{kind} Entries")
        } else {
            own.clone()
        };
        self.open = if self.tag == own || self.tag.is_empty() {
            format!("[{gives}] {{")
        } else {
            format!("[{}] [{gives}] {{", self.tag)
        };
        self.content = Content::Iterator;
    }

    /// All that is not a sequence.
    fn other(&mut self, inspection: &Inspection) -> Outcome<()> {
        let constructor = self.constructor.clone();
        match self.object.kind() {
            kind::FUNCTION => {
                if let Some(function) = self.object.value().as_function() {
                    self.base = function_text(function, constructor.as_deref(), &self.tag)?;
                }
                self.base_alone();
            }
            kind::HANDLE => {
                self.base = crate::foreign::handle::shown(self.object);
                self.base_alone();
            }
            _ if constructor.as_deref() == Some("Object") => {
                if !self.tag.is_empty() {
                    self.open = self.prefix("Object", "") + "{";
                }
                if self.keys.is_empty() {
                    self.alone = Some(self.open.clone() + "}");
                }
            }
            kind::ERROR => {
                let mut keys = core::mem::take(&mut self.keys);
                self.base =
                    inspection.error(self.object, constructor.as_deref(), &self.tag, &mut keys)?;
                self.keys = keys;
                self.base_alone();
            }
            kind::WEAK_MAP | kind::WEAK_SET => {
                self.open = self.prefix(fallback_name(self.object), "") + "{";
                self.content = Content::Unknown;
            }
            kind::NAMESPACE => self.open = self.prefix("Module", "") + "{",
            kind::BOXED => {
                self.boxed(inspection);
                self.base_alone();
            }
            kind::DATE => {
                self.base = crate::library::date_text(self.object);
                let prefix = self.prefix("Date", "");
                if prefix != "Date " {
                    self.base = prefix + &self.base;
                }
                self.base_alone();
            }
            _ => {
                self.open = self.plain_prefix() + "{";
                if self.keys.is_empty() {
                    self.alone = Some(self.open.clone() + "}");
                }
            }
        }
        Ok(())
    }

    fn base_alone(&mut self) {
        if self.keys.is_empty() {
            self.alone = Some(self.base.clone());
        }
    }

    /// `[Number: 3]`.
    fn boxed(&mut self, inspection: &Inspection) {
        let primitive = self.object.word(0);
        let name = if let Some(string) = primitive.as_string() {
            self.keys
                .retain(|key| key.as_index().is_none_or(|index| index >= string.length()));
            "String"
        } else if primitive.is_number() {
            "Number"
        } else if primitive.is_boolean() {
            "Boolean"
        } else {
            "Symbol"
        };
        self.base = format!("[{name}");
        match self.constructor.as_deref() {
            Some(constructor) if constructor == name => {}
            Some(constructor) => self.base.push_str(&format!(" ({constructor})")),
            None => self.base.push_str(" (null prototype)"),
        }
        let text = match primitive.as_string() {
            Some(string) => display::quoted(string),
            None => inspection.primitive(primitive),
        };
        self.base.push_str(&format!(": {text}]"));
        if !self.tag.is_empty() && self.constructor.as_deref() != Some(&self.tag) {
            self.base.push_str(&format!(" [{}]", self.tag));
        }
    }

    /// The whole text.
    pub fn finish(self, inspection: &mut Inspection, level: i32) -> Outcome<String> {
        if let Some(text) = self.alone {
            return Ok(text);
        }
        if level > inspection.options.depth {
            let name = self.plain_prefix();
            let name = name.trim_end();
            return Ok(if self.constructor.is_some() {
                format!("[{name}]")
            } else {
                String::from(name)
            });
        }
        let level = level + 1;
        let value = self.object.value();
        inspection.open.push(value);
        inspection.innermost = level;
        let mut entries = inspection.entries(&self.content, self.object, level)?;
        for key in &self.keys {
            entries.push(inspection.property(self.object, *key, level)?);
        }
        inspection.open.pop();
        let mut base = self.base;
        if let Some(index) = inspection
            .circular
            .as_slice()
            .iter()
            .position(|seen| *seen == value)
        {
            let space = if base.is_empty() { "" } else { " " };
            base = format!("<ref *{}>{space}{base}", index + 1);
        }
        let grouping = match self.content {
            Content::Array(array) => grouping_of(array, entries.len()),
            _ => Grouping::None,
        };
        let surplus = entries.len() > inspection.options.maximum_items;
        let frame = Frame {
            base: &base,
            open: &self.open,
            close: self.close,
        };
        Ok(lay_out(
            entries,
            &frame,
            inspection.place(level),
            grouping,
            surplus,
        ))
    }
}

/// Numbers are aligned right, if every entry has one.
fn grouping_of(array: Array, entries: usize) -> Grouping {
    let number = |index: usize| array.get(index as u32).is_number();
    if (0..entries).all(number) {
        Grouping::Right
    } else {
        Grouping::Left
    }
}

impl Inspection {
    /// Where the entries of the object at `level` are laid out.
    pub fn place(&self, level: i32) -> Place {
        Place {
            indentation: self.indentation,
            break_length: self.options.break_length,
            inner_levels: usize::try_from(self.innermost - level).unwrap_or(0),
        }
    }

    /// A property of an object: `key: value`.
    pub fn property(&mut self, object: Object, key: Key, level: i32) -> Outcome<String> {
        let value = self.property_value(object, key, level)?;
        let enumerable = object
            .get_own(key)
            .is_none_or(|property| property.attributes.is_enumerable());
        Ok(format!("{}: {value}", self.key_text(key, enumerable)))
    }

    /// The value of a property; accessors are named, not run.
    pub fn property_value(&mut self, object: Object, key: Key, level: i32) -> Outcome<String> {
        let property = object.get_own(key);
        let value = match property {
            Some(property)
                if property.attributes.is_accessor() && object.kind() != kind::NAMESPACE =>
            {
                return Ok(String::from(
                    match (
                        property.getter.is_undefined(),
                        property.setter.is_undefined(),
                    ) {
                        (false, false) => "[Getter/Setter]",
                        (false, true) => "[Getter]",
                        (true, false) => "[Setter]",
                        (true, true) => "undefined",
                    },
                ));
            }
            Some(property) if !property.attributes.is_accessor() => property.value,
            _ => object.get(key)?,
        };
        if value == Value::UNDEFINED {
            return Ok(String::from("undefined"));
        }
        self.indentation += 2;
        let text = self.show(value, level);
        self.indentation -= 2;
        text
    }
}
