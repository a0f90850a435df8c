//! Symbols, the well-known ones, and the registry of `Symbol.for`.

use crate::global::Global;
use crate::heap;
use crate::kind::{self, Header};
use crate::string::{self, Str};
use crate::value::{Value, handle};
use alloc::vec::Vec;

#[repr(C)]
pub struct SymbolCell {
    header: Header,
    description: Value,
}

handle! {
    /// A symbol.
    Symbol: SymbolCell, crate::abi::TAG_SYMBOL
}

impl Symbol {
    /// `description` is a string or undefined.
    pub fn new(description: Value) -> Symbol {
        let cell = heap::allocate(core::mem::size_of::<SymbolCell>());
        unsafe {
            cell.cast::<SymbolCell>().write(SymbolCell {
                header: Header::new(kind::SYMBOL, 0, 0),
                description,
            })
        };
        Symbol::at(cell)
    }

    pub fn description(self) -> Value {
        self.cell().description
    }
}

macro_rules! well_known {
    ($($name:ident $text:literal $position:literal),* $(,)?) => {
        const WELL_KNOWN_TEXTS: &[&str] = &[$($text),*];
        $(#[allow(dead_code)] pub fn $name() -> Symbol { Symbol::at(WELL_KNOWN.read()[$position].pointer()) })*
    };
}

well_known! {
    iterator "Symbol.iterator" 0, async_iterator "Symbol.asyncIterator" 1, has_instance "Symbol.hasInstance" 2, to_primitive "Symbol.toPrimitive" 3,
    to_string_tag "Symbol.toStringTag" 4, species "Symbol.species" 5,
}

/// The well-known symbols by the name that they have as properties of `Symbol`.
pub fn well_known() -> impl Iterator<Item = (&'static str, Symbol)> {
    WELL_KNOWN_TEXTS
        .iter()
        .zip(WELL_KNOWN.read())
        .map(|(text, symbol)| (&text["Symbol.".len()..], Symbol::at(symbol.pointer())))
}

static WELL_KNOWN: Global<[Value; 6]> = Global::new([Value::UNDEFINED; 6]);
static REGISTERED: Global<Vec<(Value, Value)>> = Global::new(Vec::new());

pub fn initialise() {
    for (position, text) in WELL_KNOWN_TEXTS.iter().enumerate() {
        WELL_KNOWN.state()[position] = Symbol::new(Str::from_utf8(text).value()).value();
    }
}

/// Calls a function with every symbol that lives for ever.
pub fn roots(mut visit: impl FnMut(Value)) {
    WELL_KNOWN.read().into_iter().for_each(&mut visit);
    for (key, symbol) in REGISTERED.state() {
        visit(*key);
        visit(*symbol);
    }
}

/// `Symbol.for`.
pub fn for_key(key: Str) -> Symbol {
    let known = REGISTERED.state().iter().find(|(known, _)| {
        known
            .as_string()
            .is_some_and(|known| string::equal(known, key))
    });
    if let Some((_, symbol)) = known {
        return Symbol::at(symbol.pointer());
    }
    let symbol = Symbol::new(key.value());
    REGISTERED.state().push((key.value(), symbol.value()));
    symbol
}

/// `Symbol.keyFor`.
pub fn key_for(symbol: Symbol) -> Value {
    REGISTERED
        .state()
        .iter()
        .find(|(_, known)| *known == symbol.value())
        .map_or(Value::UNDEFINED, |(key, _)| *key)
}
