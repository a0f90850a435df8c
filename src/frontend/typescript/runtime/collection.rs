//! The storage of maps and sets: a hash table that keeps the order of insertion, and whose iteration survives any change.
//! Does not know the methods that maps and sets have.
//!
//! Entries lie in order in one storage cell, three words each: key, value, and a *number* with the next entry of the same
//! bucket. Numbers only grow, so a cursor that holds one stays true when deleted entries are squeezed out.

use crate::heap::storage;
use crate::object::Object;
use crate::operator;
use crate::value::Value;

const ENTRIES: usize = 0;
const BUCKETS: usize = 1;
/// Entries in use, deleted ones included.
const USED: usize = 2;
const SIZE: usize = 3;
const CAPACITY: usize = 4;
const NEXT_NUMBER: usize = 5;
/// The position that an iteration reached last: the next question is mostly about the one after it.
const HINT: usize = 6;
const WORDS: u8 = 7;

const SMALLEST: u32 = 8;

/// The number is in the upper half, so it must not make the word look like a reference.
const LAST_NUMBER: u32 = (1 << 31) - 1;

/// An empty collection of this kind.
pub fn create(kind: u8, prototype: Value) -> Object {
    let object = Object::private(kind, prototype, WORDS);
    for word in [USED, SIZE, CAPACITY, NEXT_NUMBER, HINT] {
        set_count(object, word, 0);
    }
    object
}

fn count(object: Object, word: usize) -> u32 {
    object.word(word).0 as u32
}

fn set_count(object: Object, word: usize, count: u32) {
    object.set_word(word, Value(u64::from(count)));
}

/// Key, value and link of an entry.
#[inline(always)]
fn entry(object: Object, index: u32) -> *mut Value {
    storage::first_of(object.word(ENTRIES).pointer())
        .cast::<Value>()
        .wrapping_add(index as usize * 3)
}

#[inline(always)]
fn bucket(object: Object, hash: u32) -> *mut u32 {
    let mask = count(object, CAPACITY) - 1;
    storage::first_of(object.word(BUCKETS).pointer())
        .cast::<u32>()
        .wrapping_add((hash & mask) as usize)
}

/// Both zeros are one key.
#[inline(always)]
fn normalised(key: Value) -> Value {
    if key.as_number() == Some(0.0) {
        Value::int(0)
    } else {
        key
    }
}

#[inline(always)]
fn hash(key: Value) -> u32 {
    if let Some(string) = key.as_string() {
        return string.hash();
    }
    let mixed = (key.0 ^ (key.0 >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as u32
}

#[inline(always)]
fn find(object: Object, key: Value) -> Option<u32> {
    if count(object, SIZE) == 0 {
        return None;
    }
    let key = normalised(key);
    let mut link = unsafe { *bucket(object, hash(key)) };
    while link != 0 {
        let entry = entry(object, link - 1);
        let known = unsafe { *entry };
        if known == key || operator::same_value_zero(known, key) {
            return Some(link - 1);
        }
        link = unsafe { (*entry.add(2)).0 as u32 };
    }
    None
}

pub fn size(object: Object) -> u32 {
    count(object, SIZE)
}

pub fn has(object: Object, key: Value) -> bool {
    find(object, key).is_some()
}

pub fn get(object: Object, key: Value) -> Option<Value> {
    find(object, key).map(|index| unsafe { *entry(object, index).add(1) })
}

pub fn set(object: Object, key: Value, value: Value) {
    if let Some(index) = find(object, key) {
        unsafe { *entry(object, index).add(1) = value };
        return;
    }
    let used = count(object, USED);
    if used == count(object, CAPACITY) || count(object, NEXT_NUMBER) == LAST_NUMBER {
        let size = count(object, SIZE);
        rebuild(
            object,
            if size >= used / 2 {
                (used * 2).max(SMALLEST)
            } else {
                used
            },
        );
    }
    let number = count(object, NEXT_NUMBER);
    set_count(object, NEXT_NUMBER, number + 1);
    append(object, normalised(key), value, number);
    set_count(object, SIZE, count(object, SIZE) + 1);
}

fn append(object: Object, key: Value, value: Value, number: u32) {
    let index = count(object, USED);
    let bucket = bucket(object, hash(key));
    let entry = entry(object, index);
    unsafe {
        *entry = key;
        *entry.add(1) = value;
        *entry.add(2) = Value(u64::from(number) << 32 | u64::from(*bucket));
        *bucket = index + 1;
    }
    set_count(object, USED, index + 1);
}

/// Moves the live entries into tables for `capacity` (a power of two) entries.
fn rebuild(object: Object, capacity: u32) {
    let used = count(object, USED);
    let old = object.word(ENTRIES);
    let entries = storage::values(capacity as usize * 3, Value::UNDEFINED);
    let buckets = storage::bytes(capacity as usize * 4);
    object.set_word(ENTRIES, Value::cell(storage::cell_of(entries)));
    object.set_word(BUCKETS, Value::cell(storage::cell_of(buckets)));
    set_count(object, CAPACITY, capacity);
    set_count(object, USED, 0);
    set_count(object, HINT, 0);
    let renumber = count(object, NEXT_NUMBER) == LAST_NUMBER;
    for index in 0..used {
        let entry = storage::first_of(old.pointer())
            .cast::<Value>()
            .wrapping_add(index as usize * 3);
        let (key, value, link) = unsafe { (*entry, *entry.add(1), *entry.add(2)) };
        if !key.is_empty() {
            let number = if renumber {
                count(object, USED)
            } else {
                (link.0 >> 32) as u32
            };
            append(object, key, value, number);
        }
    }
    if renumber {
        set_count(object, NEXT_NUMBER, count(object, USED));
    }
    if old.tag() == crate::abi::TAG_CELL {
        crate::heap::give_back(old.pointer());
    }
}

pub fn delete(object: Object, key: Value) -> bool {
    let Some(index) = find(object, key) else {
        return false;
    };
    let entry = entry(object, index);
    unsafe {
        *entry = Value::EMPTY;
        *entry.add(1) = Value::UNDEFINED;
    }
    let size = count(object, SIZE) - 1;
    set_count(object, SIZE, size);
    let capacity = count(object, CAPACITY);
    if capacity > SMALLEST && size < capacity / 4 && count(object, USED) > capacity / 2 {
        rebuild(object, capacity / 2);
    }
    true
}

pub fn clear(object: Object) {
    object.set_word(ENTRIES, Value::UNDEFINED);
    object.set_word(BUCKETS, Value::UNDEFINED);
    for word in [USED, SIZE, CAPACITY, HINT] {
        set_count(object, word, 0);
    }
}

/// The first entry whose number is not below the cursor, which moves behind it. A cursor starts at 0.
pub fn next(object: Object, cursor: &mut u32) -> Option<(Value, Value)> {
    let used = count(object, USED);
    let number_at = |index: u32| (unsafe { (*entry(object, index).add(2)).0 } >> 32) as u32;
    let hint = count(object, HINT);
    let mut index = if hint < used
        && number_at(hint) >= *cursor
        && (hint == 0 || number_at(hint - 1) < *cursor)
    {
        hint
    } else {
        let (mut low, mut high) = (0, used);
        while low < high {
            let middle = (low + high) / 2;
            if number_at(middle) < *cursor {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    };
    while index < used {
        let entry = entry(object, index);
        let key = unsafe { *entry };
        if !key.is_empty() {
            *cursor = number_at(index) + 1;
            set_count(object, HINT, index + 1);
            return Some((key, unsafe { *entry.add(1) }));
        }
        index += 1;
    }
    *cursor = count(object, NEXT_NUMBER);
    None
}
