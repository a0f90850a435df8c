//! The static data of one object file: string literals, access sites, literals and function records, all in one writable
//! block behind one symbol, so that code refers to it by offset. It knows the layouts of `abi`, not the code.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::unit::failed;
use crate::frontend::typescript::hir::{FunctionId, JsString};
use cranelift_module::{DataDescription, DataId, FuncId, Module};
use cranelift_object::ObjectModule;
use std::collections::HashMap;

/// An offset into the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(pub u32);

/// The block while it grows.
#[derive(Default)]
pub struct Data {
    bytes: Vec<u8>,
    /// Addresses to be written by the linker: where, and of what.
    pointers: Vec<(u32, Target)>,
    /// Strings already placed, by their units. Only looked up, never iterated: the order of the block is that of use.
    strings: HashMap<Vec<u16>, Place>,
    /// Sites that are shared; only looked up, too.
    sites: HashMap<(Access, String), Place>,
    /// Kinds of handles are known by where they lie, and so are callbacks.
    handle_kinds: HashMap<String, Place>,
    callback_cells: HashMap<(FunctionId, usize), Place>,
}

/// What is done at a property access site: each remembers other things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    Get,
    Set,
    Method,
    Define,
}

enum Target {
    Data(Place),
    Function(FuncId),
}

impl Data {
    /// Room for `size` zero bytes, at a multiple of 8.
    pub fn reserve(&mut self, size: usize) -> Place {
        let start = self.bytes.len().next_multiple_of(8);
        self.bytes.resize(start + size, 0);
        Place(u32::try_from(start).expect("static data of one module is below 4 GiB"))
    }

    fn word(&mut self, place: Place, offset: i32, value: u64) {
        let start = place.0 as usize + offset as usize;
        self.bytes[start..start + 8].copy_from_slice(&value.to_le_bytes());
    }

    fn pointer(&mut self, place: Place, offset: i32, target: Target) {
        self.pointers.push((place.0 + offset as u32, target));
    }

    /// A static string of this text.
    pub fn text(&mut self, text: &str) -> Place {
        self.units(text.encode_utf16().collect())
    }

    /// A static string of a literal.
    pub fn string(&mut self, string: &JsString) -> Place {
        match string {
            JsString::Text(text) => self.text(text),
            JsString::Units(units) => self.units(units.clone()),
        }
    }

    fn units(&mut self, units: Vec<u16>) -> Place {
        if let Some(place) = self.strings.get(&units) {
            return *place;
        }
        let wide = units.iter().any(|unit| *unit > 0xFF);
        let head = abi::STRING_UNITS as usize;
        let place = self.reserve(head + units.len() * if wide { 2 } else { 1 });
        let start = place.0 as usize;
        self.bytes[start] = abi::KIND_STRING;
        self.bytes[start + 1] = abi::FLAG_STATIC;
        self.bytes[start + 2] = if wide { abi::STRING_TWO_BYTE } else { 0 };
        let length = u32::try_from(units.len()).expect("a literal is below 4 Gi units");
        self.bytes[start + abi::STRING_LENGTH as usize..][..4]
            .copy_from_slice(&length.to_le_bytes());
        let mut at = start + head;
        for unit in &units {
            let [low, high] = unit.to_le_bytes();
            self.bytes[at] = low;
            at += 1;
            if wide {
                self.bytes[at] = high;
                at += 1;
            }
        }
        self.strings.insert(units, place);
        place
    }

    /// A property access site for `key` that all accesses of one kind share.
    pub fn shared_site(&mut self, access: Access, key: &str) -> Place {
        let known = (access, key.to_owned());
        if let Some(place) = self.sites.get(&known) {
            return *place;
        }
        let place = self.site(key);
        self.sites.insert(known, place);
        place
    }

    /// A property access site for `key`.
    pub fn site(&mut self, key: &str) -> Place {
        let key = self.text(key);
        let place = self.reserve(abi::SITE_SIZE as usize);
        self.pointer(place, abi::SITE_KEY, Target::Data(key));
        place
    }

    /// The description of an object literal or of a constructor's fields.
    pub fn literal(&mut self, keys: &[&str]) -> Place {
        let names = self.names(keys, abi::LITERAL_KEYS);
        self.word(names, abi::LITERAL_COUNT, keys.len() as u64);
        names
    }

    /// Pointers to static strings, after `head` zero bytes.
    pub fn names(&mut self, names: &[&str], head: i32) -> Place {
        let strings: Vec<Place> = names.iter().map(|name| self.text(name)).collect();
        let place = self.reserve(head as usize + strings.len() * 8);
        for (index, string) in strings.into_iter().enumerate() {
            self.pointer(place, head + index as i32 * 8, Target::Data(string));
        }
        place
    }

    /// Pointers to functions.
    pub fn functions(&mut self, functions: &[FuncId]) -> Place {
        let place = self.reserve(functions.len() * 8);
        for (index, function) in functions.iter().enumerate() {
            self.pointer(place, index as i32 * 8, Target::Function(*function));
        }
        place
    }

    /// An [`abi::FunctionRecord`].
    pub fn record(&mut self, entry: FuncId, name: &str, length: u32, flags: u32) -> Place {
        let name = self.text(name);
        let place = self.reserve(24);
        self.pointer(place, 0, Target::Function(entry));
        self.pointer(place, 8, Target::Data(name));
        self.word(place, 16, u64::from(length) | u64::from(flags) << 32);
        place
    }

    /// An [`abi::NativeHandleKind`], one for each name.
    pub fn handle_kind(&mut self, name: &str, finalizer: Option<FuncId>) -> Place {
        if let Some(place) = self.handle_kinds.get(name) {
            return *place;
        }
        let text = self.text(name);
        let place = self.reserve(16);
        self.handle_kinds.insert(name.to_owned(), place);
        self.pointer(place, 0, Target::Data(text));
        if let Some(finalizer) = finalizer {
            self.pointer(place, 8, Target::Function(finalizer));
        }
        place
    }

    /// The word that says which function a callback calls: one for each parameter of each function.
    pub fn callback_cell(&mut self, function: FunctionId, parameter: usize) -> Place {
        if let Some(place) = self.callback_cells.get(&(function, parameter)) {
            return *place;
        }
        let place = self.reserve(8);
        self.callback_cells.insert((function, parameter), place);
        place
    }

    /// Defines the block as `id`.
    pub fn define(self, module: &mut ObjectModule, id: DataId) -> Emitted<()> {
        let mut description = DataDescription::new();
        description.set_align(8);
        let itself = module.declare_data_in_data(id, &mut description);
        let mut functions = HashMap::new();
        for (offset, target) in &self.pointers {
            match target {
                Target::Data(place) => {
                    description.write_data_addr(*offset, itself, i64::from(place.0))
                }
                Target::Function(function) => {
                    let reference = *functions.entry(*function).or_insert_with(|| {
                        module.declare_func_in_data(*function, &mut description)
                    });
                    description.write_function_addr(*offset, reference);
                }
            }
        }
        // The block is never empty: the module's state word is its first member.
        description.define(self.bytes.into_boxed_slice());
        module.define_data(id, &description).map_err(failed)
    }
}
