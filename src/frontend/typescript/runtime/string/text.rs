//! The units of a flat string, in either width, and what can be asked of them.

use alloc::vec::Vec;
use core::cmp::Ordering;

#[derive(Clone, Copy)]
pub enum Text<'a> {
    Latin1(&'a [u8]),
    Wide(&'a [u16]),
}

impl<'a> Text<'a> {
    #[inline(always)]
    pub fn length(self) -> usize {
        match self {
            Text::Latin1(units) => units.len(),
            Text::Wide(units) => units.len(),
        }
    }

    #[inline(always)]
    pub fn unit(self, index: usize) -> u16 {
        match self {
            Text::Latin1(units) => u16::from(units[index]),
            Text::Wide(units) => units[index],
        }
    }

    #[inline(always)]
    pub fn slice(self, from: usize, to: usize) -> Text<'a> {
        match self {
            Text::Latin1(units) => Text::Latin1(&units[from..to]),
            Text::Wide(units) => Text::Wide(&units[from..to]),
        }
    }

    pub fn units(self) -> impl Iterator<Item = u16> + Clone + 'a {
        (0..self.length()).map(move |index| self.unit(index))
    }

    /// The code point at an index and how many units it takes; a lone surrogate stands for itself.
    pub fn code_point(self, index: usize) -> (u32, usize) {
        let first = self.unit(index);
        if (0xD800..0xDC00).contains(&first) && index + 1 < self.length() {
            let second = self.unit(index + 1);
            if (0xDC00..0xE000).contains(&second) {
                return (
                    0x10000 + ((u32::from(first) - 0xD800) << 10) + (u32::from(second) - 0xDC00),
                    2,
                );
            }
        }
        (u32::from(first), 1)
    }

    /// Where the needle first occurs at or after an index.
    pub fn find(self, needle: Text<'_>, from: usize) -> Option<usize> {
        let last = self.length().checked_sub(needle.length())?;
        if needle.length() == 0 {
            return (from <= self.length()).then_some(from);
        }
        let first = needle.unit(0);
        let mut index = from;
        while index <= last {
            match self {
                Text::Latin1(units) => {
                    let wanted = u8::try_from(first).ok()?;
                    index += units[index..=last]
                        .iter()
                        .position(|unit| *unit == wanted)?;
                }
                Text::Wide(units) => {
                    index += units[index..=last].iter().position(|unit| *unit == first)?
                }
            }
            if self.slice(index, index + needle.length()) == needle {
                return Some(index);
            }
            index += 1;
        }
        None
    }

    pub fn compare(self, other: Text<'_>) -> Ordering {
        match (self, other) {
            (Text::Latin1(a), Text::Latin1(b)) => a.cmp(b),
            (a, b) => a.units().cmp(b.units()),
        }
    }

    pub fn hash(self) -> u32 {
        match self {
            Text::Latin1(units) => crate::abi::hash_latin1(units),
            Text::Wide(units) => crate::abi::hash_units(units),
        }
    }

    /// The array index that the text is the canonical form of.
    pub fn as_index(self) -> Option<u32> {
        let length = self.length();
        if length == 0 || length > 10 {
            return None;
        }
        let mut index: u64 = 0;
        for position in 0..length {
            let digit = u64::from(self.unit(position)).wrapping_sub(u64::from(b'0'));
            if digit > 9 || (position == 0 && digit == 0 && length > 1) {
                return None;
            }
            index = index * 10 + digit;
        }
        (index < u64::from(u32::MAX)).then_some(index as u32)
    }

    pub fn to_utf8(self, target: &mut Vec<u8>) {
        match self {
            Text::Latin1(units) if units.is_ascii() => target.extend_from_slice(units),
            _ => {
                let mut buffer = [0; 4];
                for unit in char::decode_utf16(self.units()) {
                    let character = unit.unwrap_or(char::REPLACEMENT_CHARACTER);
                    target.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                }
            }
        }
    }
}

impl PartialEq<Text<'_>> for Text<'_> {
    fn eq(&self, other: &Text<'_>) -> bool {
        match (*self, *other) {
            (Text::Latin1(a), Text::Latin1(b)) => a == b,
            (Text::Wide(a), Text::Wide(b)) => a == b,
            (Text::Latin1(narrow), Text::Wide(wide)) | (Text::Wide(wide), Text::Latin1(narrow)) => {
                narrow.len() == wide.len()
                    && narrow.iter().zip(wide).all(|(a, b)| u16::from(*a) == *b)
            }
        }
    }
}
