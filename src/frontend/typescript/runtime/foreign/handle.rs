//! Handles: pointers that only a library looks into, as objects. One pointer is one object for as long as it lives, so its
//! end is told to the library at most once: by a function that consumes it, by the collector, or at the end of the program.
//!
//! A handle keeps alive the handles that the call which gave it was given: a statement keeps its database. Those that die
//! together are ended in reverse order of their making.

use super::{mistyped, null};
use crate::abi::{NATIVE_BORROWED, NATIVE_CONSUMED, NATIVE_NULLABLE, NativeHandleKind};
use crate::array::Array;
use crate::error;
use crate::global::Global;
use crate::heap::collect;
use crate::kind;
use crate::object::Object;
use crate::realm::{self, Class};
use crate::string::Str;
use crate::value::{Outcome, Value};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// The words of a handle. The pointer is 0 once its life is over.
const POINTER: usize = 0;
const KIND: usize = 1;
const OWNERS: usize = 2;

/// A handle whose pointer is alive.
struct Entry {
    object: *mut u8,
    /// Rises with each handle.
    number: u64,
    /// Its life ends when nothing refers to it.
    owned: bool,
}

/// Ends to be told: the number of the handle, its kind, its pointer.
type Ends = Vec<(u64, usize, usize)>;

/// A handle is little for the collector and may be much for the system (a file, a connection): at least so many are made
/// between two collections, or as many as are alive.
const AMPLE: usize = 500;

struct Registry {
    /// By kind and pointer. The objects are not kept alive.
    alive: BTreeMap<(usize, usize), Entry>,
    count: u64,
    /// Made since the last collection.
    fresh: usize,
    /// Found dead by the collector, to be ended when it is done.
    dead: Ends,
    /// Ends are being told.
    busy: bool,
}

static REGISTRY: Global<Registry> = Global::new(Registry {
    alive: BTreeMap::new(),
    count: 0,
    fresh: 0,
    dead: Vec::new(),
    busy: false,
});

fn description(kind: usize) -> &'static NativeHandleKind {
    unsafe { &*(kind as *const NativeHandleKind) }
}

fn name_of(kind: usize) -> String {
    Str::at(description(kind).name.cast_mut()).to_rust()
}

/// How a handle is shown.
pub fn shown(handle: Object) -> String {
    let name = name_of(handle.word(KIND).0 as usize);
    match handle.word(POINTER).0 {
        0 => alloc::format!("[{name} handle, closed]"),
        _ => alloc::format!("[{name} handle]"),
    }
}

/// The pointer of a handle, for C.
pub fn pointer(value: Value, kind: u64, flags: u64, subject: Str) -> Outcome<u64> {
    let nullable = flags & NATIVE_NULLABLE != 0;
    if nullable && value.is_null() {
        return Ok(0);
    }
    let handle = value
        .as_kind(kind::HANDLE)
        .filter(|handle| handle.word(KIND).0 == kind);
    let Some(handle) = handle else {
        let name = name_of(kind as usize);
        let or_null = if nullable { " or null" } else { "" };
        return mistyped(subject, value, &alloc::format!("a {name} handle{or_null}"));
    };
    let pointer = handle.word(POINTER).0;
    if pointer == 0 {
        return error::throw_type(format_args!("{} is closed", subject.to_rust()));
    }
    if flags & NATIVE_CONSUMED != 0 {
        close(handle);
        REGISTRY
            .state()
            .alive
            .remove(&(kind as usize, pointer as usize));
    }
    Ok(pointer)
}

fn close(handle: Object) {
    handle.set_word(POINTER, Value(0));
    handle.set_word(OWNERS, Value::UNDEFINED);
}

/// The handle of a pointer that C gives. It keeps `owners` alive.
pub fn handle(pointer: u64, kind: u64, flags: u64, subject: Str, owners: &[Value]) -> Outcome {
    if pointer == 0 {
        let nullable = flags & NATIVE_NULLABLE != 0;
        return if nullable {
            Ok(Value::NULL)
        } else {
            null(subject)
        };
    }
    // Such a word would be taken for a value. No system gives a program addresses like that.
    if pointer >> 47 != 0 {
        return error::throw_range(format_args!("{} is no address", subject.to_rust()));
    }
    let owned = flags & NATIVE_BORROWED == 0;
    let key = (kind as usize, pointer as usize);
    if let Some(entry) = REGISTRY.state().alive.get_mut(&key) {
        entry.owned |= owned;
        return Ok(Object::at(entry.object).value());
    }
    let registry = REGISTRY.state();
    if registry.fresh >= registry.alive.len().max(AMPLE) {
        collect::collect();
    }
    let object = Object::private(kind::HANDLE, realm::prototype(Class::Object).value(), 3);
    object.set_word(POINTER, Value(pointer));
    object.set_word(KIND, Value(kind));
    let owners = match owners {
        [] => Value::UNDEFINED,
        [only] => *only,
        several => Array::from_values(several).value(),
    };
    object.set_word(OWNERS, owners);
    let registry = REGISTRY.state();
    registry.count += 1;
    registry.fresh += 1;
    let entry = Entry {
        object: object.pointer(),
        number: registry.count,
        owned,
    };
    registry.alive.insert(key, entry);
    Ok(object.value())
}

/// Forgets handles that are not alive any more; their ends are told by [`end_dead`].
pub fn purge(is_alive: impl Fn(*mut u8) -> bool) {
    let Registry {
        alive, dead, fresh, ..
    } = REGISTRY.state();
    *fresh = 0;
    alive.retain(|(kind, pointer), entry| {
        let keep = is_alive(entry.object);
        if !keep && entry.owned {
            dead.push((entry.number, *kind, *pointer));
        }
        keep
    });
}

/// Tells the library of the handles that the collector found dead.
pub fn end_dead() {
    let registry = REGISTRY.state();
    if registry.dead.is_empty() || registry.busy {
        return;
    }
    registry.busy = true;
    loop {
        let dead = core::mem::take(&mut REGISTRY.state().dead);
        if dead.is_empty() {
            break;
        }
        end(dead);
    }
    REGISTRY.state().busy = false;
}

/// The last one first.
fn end(mut ends: Ends) {
    ends.sort_unstable();
    for (_, kind, pointer) in ends.into_iter().rev() {
        if let Some(finalizer) = description(kind).finalizer {
            finalizer(pointer as *mut u8);
        }
    }
}

/// At the end of the program: tells the library of all that are still alive.
pub fn end_all() {
    end_dead();
    let mut all = Vec::new();
    for ((kind, pointer), entry) in core::mem::take(&mut REGISTRY.state().alive) {
        close(Object::at(entry.object));
        if entry.owned {
            all.push((entry.number, kind, pointer));
        }
    }
    end(all);
}
