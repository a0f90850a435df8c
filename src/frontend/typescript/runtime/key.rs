//! Property keys: array indices, interned strings and symbols, each one word that compares by bits.

use crate::abi::{PAYLOAD, TAG_SYMBOL};
use crate::global::Global;
use crate::string::{StaticStr, Str, atom};
use crate::symbol::Symbol;
use crate::value::Value;

/// A property key. Below 2^32 it is an array index, otherwise the bits of a string or symbol value.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// No key: a deleted entry.
    pub const NONE: Key = Key(crate::abi::EMPTY);

    #[inline(always)]
    pub const fn index(index: u32) -> Key {
        Key(index as u64)
    }

    /// The key that a text spells.
    pub fn from(string: Str) -> Key {
        if !string.is_atom()
            && let Some(index) = string.text().as_index()
        {
            return Key::index(index);
        }
        Key(atom::intern(string).value().0)
    }

    /// A name that the runtime itself uses; names that are used often are in [`names`].
    pub fn of(name: &str) -> Key {
        Key::from(Str::from_utf8(name))
    }

    #[inline(always)]
    pub fn symbol(symbol: Symbol) -> Key {
        Key(symbol.value().0)
    }

    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }

    #[inline(always)]
    pub const fn from_bits(bits: u64) -> Key {
        Key(bits)
    }

    #[inline(always)]
    pub const fn as_index(self) -> Option<u32> {
        if self.0 <= u32::MAX as u64 {
            Some(self.0 as u32)
        } else {
            None
        }
    }

    #[inline(always)]
    pub const fn is_symbol(self) -> bool {
        self.0 >> 48 == TAG_SYMBOL
    }

    #[inline(always)]
    pub fn as_symbol(self) -> Option<Symbol> {
        Value(self.0).as_symbol()
    }

    /// The cell of a string or symbol, for the collector.
    pub const fn pointer(self) -> *mut u8 {
        (self.0 & PAYLOAD) as *mut u8
    }

    /// As a string or symbol.
    pub fn value(self) -> Value {
        match self.as_index() {
            Some(index) => index_string(index).value(),
            None => Value(self.0),
        }
    }

    /// `#x@module:class`: a private name, as the compiler spells it.
    #[inline(always)]
    pub fn is_private(self) -> bool {
        Value(self.0).as_string().is_some_and(|string| {
            let text = string.text();
            text.length() > 1
                && text.unit(0) == u16::from(b'#')
                && text.units().any(|unit| unit == u16::from(b'@'))
        })
    }

    /// For hash tables.
    #[inline(always)]
    pub const fn hash(self) -> u32 {
        let mixed = (self.0 ^ (self.0 >> 4)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as u32
    }
}

/// The decimal form of an index.
pub fn index_string(index: u32) -> Str {
    let mut digits = [0; 10];
    let mut position = digits.len();
    let mut rest = index;
    loop {
        position -= 1;
        digits[position] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return Str::from_latin1(&digits[position..]);
        }
    }
}

/// Declares the names that the runtime uses often: static strings whose keys are made at the start.
macro_rules! names {
    ($($name:ident $text:literal),* $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Position { $($name,)* COUNT }

        static KEYS: Global<[Key; Position::COUNT as usize]> = Global::new([Key::NONE; Position::COUNT as usize]);

        /// Interns the names below, before anything else is interned, so that the static strings are the atoms.
        pub fn initialise() {
            atom::adopt(Str::empty());
            $({
                static NAME: StaticStr<{ $text.len() }> = StaticStr::new($text);
                atom::adopt(NAME.str());
                KEYS.state()[Position::$name as usize] = Key(NAME.str().value().0);
            })*
        }

        pub mod names {
            use super::{KEYS, Key, Position};
            $(#[inline(always)] pub fn $name() -> Key { KEYS.state()[Position::$name as usize] })*
        }
    };
}

names! {
    length b"length", name b"name", prototype b"prototype", constructor b"constructor", value b"value", done b"done", next b"next", r#return b"return",
    message b"message", stack b"stack", cause b"cause", get b"get", set b"set", enumerable b"enumerable", configurable b"configurable",
    writable b"writable", to_string b"toString", value_of b"valueOf", to_json b"toJSON", default b"default",
    join b"join", undefined b"undefined", object b"object", function b"function", number b"number", boolean b"boolean", string b"string", symbol b"symbol",
    raw b"raw", null b"null", r#true b"true", r#false b"false",
}
