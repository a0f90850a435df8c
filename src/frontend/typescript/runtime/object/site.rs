//! Property sites: what one access in the program found last time, so that generated code need not ask again.
//! `abi.rs` says what generated code reads of them. Beyond that, a *get* site remembers a getter found on a prototype
//! (`reserved` is [`GETTER`]), and a *set* site the shape that adding its property leads to (`value`).

use super::own::Accessor;
use super::recent::{self, Place};
use super::{Found, Object, kt_prototype_epoch, read};
use crate::abi::PropertySite;
use crate::call;
use crate::convert;
use crate::error;
use crate::global::Global;
use crate::key::Key;
use crate::kind;
use crate::shape::Shape;
use crate::string::Str;
use crate::value::{Outcome, Value};
use alloc::vec::Vec;

const GETTER: u64 = 1;

/// What `method_shape` is for a method of strings: no shape, so generated code never takes it for a hit.
const STRING_RECEIVER: u64 = 1;
const NUMBER_RECEIVER: u64 = 2;

/// Every site that has been reached, and every literal: roots of the collector.
static SITES: Global<Vec<*const PropertySite>> = Global::new(Vec::new());
static LITERALS: Global<Vec<*const u64>> = Global::new(Vec::new());

pub fn roots(mut visit: impl FnMut(u64)) {
    for site in SITES.state() {
        let site = unsafe { &**site };
        [site.shape, site.atom, site.method_shape, site.value]
            .into_iter()
            .for_each(&mut visit);
    }
    for literal in LITERALS.state() {
        visit(unsafe { **literal });
    }
}

/// Remembers a literal whose shape has been set.
pub fn keep_literal(literal: *const u64) {
    LITERALS.state().push(literal);
}

#[inline(always)]
fn key_of(site: &mut PropertySite) -> Key {
    if site.atom == 0 {
        let key = Key::from(Str::at(site.key as *mut u8));
        SITES.state().push(&raw const *site);
        // Index 0 would look unset; it is only looked up again.
        site.atom = key.bits();
    }
    Key::from_bits(site.atom)
}

fn epoch() -> u64 {
    kt_prototype_epoch.read()
}

fn address(shape: &'static Shape) -> u64 {
    &raw const *shape as u64
}

/// Looks a property up, and remembers where it was if it may be found there again.
#[inline(always)]
pub fn get(base: Value, site: &mut PropertySite) -> Outcome {
    // Generated code that is to be small does not look at the site itself.
    if let Some(object) = base.as_object()
        && site.shape == address(object.shape())
    {
        return Ok(unsafe { *object.slot(site.offset as u32 / 8) });
    }
    look_up(base, site)
}

#[inline(never)]
fn look_up(base: Value, site: &mut PropertySite) -> Outcome {
    let key = key_of(site);
    let Some(object) = base.as_object() else {
        return read::get(base, key);
    };
    let shape = object.shape();
    if site.method_shape == address(shape) && site.epoch == epoch() {
        return if site.reserved == GETTER {
            call::call(Value(site.value), base, &[])
        } else {
            Ok(Value(site.value))
        };
    }
    match recent::find(shape, key) {
        Some(Place::Own(slot)) => {
            remember_own(object, slot, site);
            return Ok(unsafe { *object.slot(slot) });
        }
        Some(Place::Method(value)) => {
            remember_inherited(object, value, 0, site);
            return Ok(value);
        }
        Some(Place::Getter(getter)) => {
            remember_inherited(object, getter, GETTER, site);
            return call::call(getter, base, &[]);
        }
        None => {}
    }
    let mut holder = object;
    loop {
        match holder.find_own(key) {
            None => {}
            Some(Found::Slot(slot, attributes)) => {
                // Finding it may have given the object another shape: functions get their properties when asked.
                let shape = object.shape();
                let value = unsafe { *holder.slot(slot) };
                if holder == object {
                    if !attributes.is_accessor() {
                        remember_own(object, slot, site);
                        recent::remember(shape, key, Place::Own(slot));
                    }
                } else if attributes.is_accessor() {
                    let getter = Accessor::of(value).getter;
                    if !getter.is_undefined() {
                        remember_inherited(object, getter, GETTER, site);
                        recent::remember(shape, key, Place::Getter(getter));
                    }
                } else if value.is_callable() {
                    remember_inherited(object, value, 0, site);
                    recent::remember(shape, key, Place::Method(value));
                }
                return holder.read(Found::Slot(slot, attributes), base);
            }
            Some(found) => return holder.read(found, base),
        }
        match holder.prototype().as_object() {
            Some(prototype) => holder = prototype,
            None => return missing(key),
        }
    }
}

/// A property that is nowhere is undefined, but for private names.
#[cold]
fn missing(key: Key) -> Outcome {
    if key.is_private() {
        return error::throw_type(format_args!(
            "Cannot read private member {} from an object whose class did not declare it",
            convert::key_display(key)
        ));
    }
    Ok(Value::UNDEFINED)
}

/// As [`get`], for a method call: primitives are remembered too.
pub fn method(base: Value, site: &mut PropertySite) -> Outcome {
    if base.is_object() {
        return get(base, site);
    }
    let receiver = if base.is_string() {
        STRING_RECEIVER
    } else if base.is_number() {
        NUMBER_RECEIVER
    } else {
        0
    };
    if receiver != 0 && site.method_shape == receiver && site.epoch == epoch() {
        return Ok(Value(site.value));
    }
    let method = read::get(base, key_of(site))?;
    if receiver != 0 && method.is_callable() {
        site.method_shape = receiver;
        site.epoch = epoch();
        site.value = method.0;
        site.reserved = 0;
    }
    Ok(method)
}

#[inline(always)]
fn remember_own(object: Object, slot: u32, site: &mut PropertySite) {
    let shape = object.shape();
    shape.set_cached();
    site.shape = address(shape);
    site.offset = u64::from(slot) * 8;
}

fn remember_inherited(object: Object, value: Value, what: u64, site: &mut PropertySite) {
    let shape = object.shape();
    shape.set_cached();
    site.method_shape = address(shape);
    site.epoch = epoch();
    site.value = value.0;
    site.reserved = what;
}

/// Assigns a property, and remembers where it was, or where it went if it was added.
#[inline(always)]
pub fn set(base: Value, value: Value, site: &mut PropertySite) -> Outcome<()> {
    if let Some(object) = base.as_object()
        && site.shape == address(object.shape())
    {
        unsafe { *object.slot(site.offset as u32 / 8) = value };
        return Ok(());
    }
    assign(base, value, site)
}

#[inline(never)]
fn assign(base: Value, value: Value, site: &mut PropertySite) -> Outcome<()> {
    let key = key_of(site);
    let Some(object) = base.as_object() else {
        return super::write::set_value(base, key, value);
    };
    let shape = object.shape();
    if site.method_shape == address(shape) && site.epoch == epoch() {
        let slot = shape.count.get();
        object.reserve_slot(slot);
        unsafe { *object.slot(slot) = value };
        object.set_shape(unsafe { &*(site.value as *const Shape) });
        return Ok(());
    }
    if object.kind() == kind::NAMESPACE {
        return object.set(key, value);
    }
    match object.find_own(key) {
        Some(Found::Slot(slot, attributes))
            if attributes.is_writable() && !attributes.is_accessor() =>
        {
            // A prototype must notice that a method is replaced.
            if !object.is_prototype() {
                remember_own(object, slot, site);
            }
            object.write_slot(slot, value);
            return Ok(());
        }
        None => {
            if key.is_private() && !object.has(key) {
                return error::throw_type(format_args!(
                    "Cannot write private member {} to an object whose class did not declare it",
                    convert::key_display(key)
                ));
            }
            object.set(key, value)?;
            // Remembered only where the property was simply added to a shared shape.
            let after = object.shape();
            if !shape.is_unique()
                && !after.is_unique()
                && after.count.get() == shape.count.get() + 1
                && after
                    .find(key)
                    .is_some_and(|(slot, _)| slot == shape.count.get())
            {
                shape.set_cached();
                site.method_shape = address(shape);
                site.epoch = epoch();
                site.value = address(after);
            }
            return Ok(());
        }
        Some(_) => {}
    }
    object.set(key, value)
}

/// Makes a property of an object, as class fields do, and remembers where it went if it was added. Nothing but the shape
/// decides that, so the site is right whatever becomes of prototypes.
pub fn define(
    base: Value,
    value: Value,
    site: &mut PropertySite,
    slow: impl FnOnce(Key) -> Outcome<()>,
) -> Outcome<()> {
    let key = key_of(site);
    let Some(object) = base.as_object() else {
        return slow(key);
    };
    let shape = object.shape();
    let slot = shape.count.get();
    if site.method_shape == address(shape) && object.is_extensible() {
        object.reserve_slot(slot);
        unsafe { *object.slot(slot) = value };
        object.set_shape(unsafe { &*(site.value as *const Shape) });
        return Ok(());
    }
    slow(key)?;
    let after = object.shape();
    let added =
        after.count.get() == slot + 1 && after.find(key).is_some_and(|(found, _)| found == slot);
    if added && !shape.is_unique() && !after.is_unique() {
        shape.set_cached();
        site.method_shape = address(shape);
        site.offset = u64::from(slot) * 8;
        site.value = address(after);
    }
    Ok(())
}
