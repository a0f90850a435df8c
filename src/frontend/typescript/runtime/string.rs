//! Strings: UTF-16 code units, stored one byte each where all are Latin-1, two otherwise, or as a rope that is made flat
//! when someone looks at it. Knows nothing of the methods that strings have in the language.

pub mod atom;
pub mod build;
pub mod rope;
pub mod text;

pub use build::TextBuilder;
pub use rope::concat;
pub use text::Text;

use crate::abi::{FLAG_STATIC, STRING_ROPE, STRING_TWO_BYTE};
use crate::global::Global;
use crate::heap;
use crate::kind::{self, Header};
use crate::value::handle;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::cmp::Ordering;

/// As in V8.
pub const MAXIMUM_LENGTH: u64 = (1 << 29) - 24;

/// The string is the interned one of its text.
pub const ATOM: u8 = 4;

#[repr(C)]
pub struct StrCell {
    pub header: Header,
    length: u32,
    hash: Cell<u32>,
    units: [u8; 0],
}

const UNITS: usize = core::mem::size_of::<StrCell>();

handle! {
    /// A string.
    Str: StrCell, crate::abi::TAG_STRING
}

/// A string known when the runtime is compiled, laid out as generated code does it. Each must be interned
/// ([`atom::adopt`]) before any other string of its text.
#[repr(C, align(8))]
pub struct StaticStr<const LENGTH: usize> {
    header: [u8; 8],
    length: u32,
    hash: u32,
    units: [u8; LENGTH],
}

impl<const LENGTH: usize> StaticStr<LENGTH> {
    pub const fn new(text: &[u8; LENGTH]) -> Self {
        Self {
            header: [kind::STRING, FLAG_STATIC, ATOM, 0, 0, 0, 0, 0],
            length: LENGTH as u32,
            hash: crate::abi::hash_latin1(text),
            units: *text,
        }
    }

    pub fn str(&'static self) -> Str {
        Str::at((&raw const *self).cast_mut())
    }
}

static EMPTY: StaticStr<0> = StaticStr::new(b"");
/// The strings of one Latin-1 unit, made on first use. Roots of the collector.
static SINGLE: Global<[u64; 256]> = Global::new([0; 256]);

pub fn single_roots() -> &'static [u64; 256] {
    SINGLE.state()
}

impl Str {
    pub fn empty() -> Str {
        EMPTY.str()
    }

    #[inline(always)]
    pub fn length(self) -> u32 {
        self.cell().length
    }

    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self.length() == 0
    }

    #[inline(always)]
    pub fn header(self) -> &'static Header {
        &self.cell().header
    }

    #[inline(always)]
    pub fn is_rope(self) -> bool {
        self.header().flags.get() & STRING_ROPE != 0
    }

    #[inline(always)]
    pub fn is_wide(self) -> bool {
        self.header().flags.get() & STRING_TWO_BYTE != 0
    }

    #[inline(always)]
    pub fn is_atom(self) -> bool {
        self.header().flags.get() & ATOM != 0
    }

    /// A cell for a flat string; the caller writes the units.
    fn create(length: usize, wide: bool) -> (Str, *mut u8) {
        let cell = heap::allocate(UNITS + (length << u32::from(wide)));
        let flags = if wide { STRING_TWO_BYTE } else { 0 };
        unsafe {
            cell.cast::<StrCell>().write(StrCell {
                header: Header::new(kind::STRING, flags, 0),
                length: length as u32,
                hash: Cell::new(0),
                units: [],
            })
        };
        (Str::at(cell), cell.wrapping_add(UNITS))
    }

    pub fn from_latin1(units: &[u8]) -> Str {
        match units {
            [] => Str::empty(),
            [unit] => Str::unit(u16::from(*unit)),
            _ => {
                let (string, target) = Str::create(units.len(), false);
                unsafe { core::ptr::copy_nonoverlapping(units.as_ptr(), target, units.len()) };
                string
            }
        }
    }

    /// One byte a unit where that is enough.
    pub fn from_units(units: &[u16]) -> Str {
        match units {
            [] => return Str::empty(),
            [unit] => return Str::unit(*unit),
            _ => {}
        }
        let wide = units.iter().any(|unit| *unit > 0xFF);
        let (string, target) = Str::create(units.len(), wide);
        if wide {
            unsafe {
                core::ptr::copy_nonoverlapping(units.as_ptr().cast(), target, units.len() * 2)
            };
        } else {
            for (index, unit) in units.iter().enumerate() {
                unsafe { target.add(index).write(*unit as u8) };
            }
        }
        string
    }

    pub fn from_text(text: Text<'_>) -> Str {
        match text {
            Text::Latin1(units) => Str::from_latin1(units),
            Text::Wide(units) => Str::from_units(units),
        }
    }

    pub fn from_utf8(text: &str) -> Str {
        if text.is_ascii() {
            return Str::from_latin1(text.as_bytes());
        }
        let units: Vec<u16> = text.encode_utf16().collect();
        Str::from_units(&units)
    }

    /// The string of one unit; those of Latin-1 are made once.
    pub fn unit(unit: u16) -> Str {
        if unit > 0xFF {
            let (string, target) = Str::create(1, true);
            unsafe { target.cast::<u16>().write(unit) };
            return string;
        }
        let single = &mut SINGLE.state()[usize::from(unit)];
        if *single == 0 {
            let (string, target) = Str::create(1, false);
            unsafe { target.write(unit as u8) };
            *single = string.value().0;
        }
        Str::at(crate::value::Value(*single).pointer())
    }

    /// The units; a rope is made flat first.
    #[inline(always)]
    pub fn text(self) -> Text<'static> {
        let flat = if self.is_rope() {
            rope::flatten(self)
        } else {
            self
        };
        let units = flat.pointer().wrapping_add(UNITS);
        let length = flat.length() as usize;
        unsafe {
            if flat.is_wide() {
                Text::Wide(core::slice::from_raw_parts(units.cast(), length))
            } else {
                Text::Latin1(core::slice::from_raw_parts(units, length))
            }
        }
    }

    pub fn substring(self, from: usize, to: usize) -> Str {
        if from == 0 && to == self.length() as usize {
            return self;
        }
        Str::from_text(self.text().slice(from, to))
    }

    /// Equal texts have equal hashes, however they are stored. Never 0.
    pub fn hash(self) -> u32 {
        let cell = self.cell();
        if cell.hash.get() != 0 {
            return cell.hash.get();
        }
        let hash = self.text().hash();
        // Static strings of generated code are writable; the runtime's own have their hash.
        cell.hash.set(hash);
        hash
    }

    /// Appends the text as UTF-8. A lone surrogate becomes U+FFFD.
    pub fn to_utf8(self, target: &mut Vec<u8>) {
        self.text().to_utf8(target);
    }

    pub fn to_rust(self) -> String {
        let mut bytes = Vec::with_capacity(self.length() as usize);
        self.to_utf8(&mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }
}

pub fn equal(a: Str, b: Str) -> bool {
    if a == b {
        return true;
    }
    if a.length() != b.length() || (a.is_atom() && b.is_atom()) {
        return false;
    }
    a.text() == b.text()
}

/// By code units.
pub fn compare(a: Str, b: Str) -> Ordering {
    if a == b {
        Ordering::Equal
    } else {
        a.text().compare(b.text())
    }
}
