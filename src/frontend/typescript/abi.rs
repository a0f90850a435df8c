//! What generated code and the runtime agree on: the form of values, the layout of heap cells, and the runtime's
//! functions. Both the code generator and the runtime (a separate `no_std` crate) compile this one file, so it uses
//! nothing but `core`.
//!
//! # Values
//!
//! A value is 64 bits. Below `TAG_FIRST << 48` it is the bits of an IEEE double (NaN is canonical, positive or
//! negative quiet). Above, the top 16 bits are the tag and the low 48 the payload.
//!
//! # Calls
//!
//! Every function object has a *generic entry*:
//! `extern "C" fn(callee: u64, this: u64, new_target: u64, argc: u64, argv: *const u64) -> u64`.
//! `callee` is the function object as a value (captures are read from it), `new_target` is `UNDEFINED` in a plain call.
//! A returned `EXCEPTION` means that something was thrown: the thrown value is in the runtime until
//! `kt_take_exception` takes it. Every runtime function marked *throws* returns `EXCEPTION` in the same way.
//! Direct entries (known callee, parameters in registers, `number`s as doubles) are the code generator's own affair;
//! they return `EXCEPTION` too, as the bits of a double if they return a double.
//!
//! # Memory
//!
//! The collector does not move, and scans the machine stack and registers conservatively (a word counts if it, or its low
//! 48 bits, points into a live cell, interior pointers included), so generated code keeps values where it likes: in
//! registers, stack slots, argument arrays. Module variables lie in the section `kiln_roots` (8-byte slots, scanned
//! whole through `__start_kiln_roots`/`__stop_kiln_roots`). Nothing else in data sections is scanned.
//! There are no write barriers.

#![allow(dead_code)]

pub const TAG_FIRST: u64 = 0xFFF9;
/// Payload 0 undefined, 1 null, 2 false, 3 true, 4 empty, 5 exception.
pub const TAG_SPECIAL: u64 = 0xFFF9;
pub const TAG_STRING: u64 = 0xFFFA;
/// Objects of every kind, functions and arrays included.
pub const TAG_OBJECT: u64 = 0xFFFB;
pub const TAG_SYMBOL: u64 = 0xFFFC;
/// Reserved for BigInt.
pub const TAG_BIGINT: u64 = 0xFFFD;
/// A variable's heap cell (`KIND_CELL`); never visible to the program.
pub const TAG_CELL: u64 = 0xFFFE;

pub const PAYLOAD: u64 = 0x0000_FFFF_FFFF_FFFF;
pub const UNDEFINED: u64 = 0xFFF9_0000_0000_0000;
pub const NULL: u64 = 0xFFF9_0000_0000_0001;
pub const FALSE: u64 = 0xFFF9_0000_0000_0002;
pub const TRUE: u64 = 0xFFF9_0000_0000_0003;
/// A hole in an array, a variable in its temporal dead zone, the end of an iteration. Never visible to the program.
pub const EMPTY: u64 = 0xFFF9_0000_0000_0004;
pub const EXCEPTION: u64 = 0xFFF9_0000_0000_0005;
pub const NAN: u64 = 0x7FF8_0000_0000_0000;

/// The first byte of every heap cell and static string.
pub const KIND_FREE: u8 = 0;
pub const KIND_STRING: u8 = 1;
pub const KIND_CELL: u8 = 2;
pub const KIND_OBJECT: u8 = 3;
pub const KIND_ARRAY: u8 = 4;
pub const KIND_FUNCTION: u8 = 5;
/// Kinds from here on are objects private to the runtime (Map, Error, iterators, boxed primitives, …) or raw storage.
pub const KIND_PRIVATE: u8 = 8;

/// Header: byte 0 kind, byte 1 collector flags, bytes 2–3 kind-specific flags, bytes 4–7 kind-specific.
pub const HEADER_SIZE: u64 = 8;
/// Bit 0 of byte 1: static, not in the collected heap.
pub const FLAG_STATIC: u8 = 1;

/// Strings: header flags (byte 2) bit 0: two bytes per unit, else Latin-1; bit 1: rope (never in static strings).
/// At 8: length in units (u32); at 12: hash (u32, 0 = not computed); at 16: the units.
pub const STRING_TWO_BYTE: u8 = 1;
pub const STRING_ROPE: u8 = 2;
pub const STRING_LENGTH: i32 = 8;
pub const STRING_HASH: i32 = 12;
pub const STRING_UNITS: i32 = 16;

/// The hash of a string's units, the same for both widths, never 0. Static strings may carry it.
pub const fn hash_latin1(units: &[u8]) -> u32 {
    let mut hash = 0;
    let mut index = 0;
    while index < units.len() {
        hash = hash_step(hash, units[index] as u16);
        index += 1;
    }
    hash_finish(hash)
}

pub const fn hash_units(units: &[u16]) -> u32 {
    let mut hash = 0;
    let mut index = 0;
    while index < units.len() {
        hash = hash_step(hash, units[index]);
        index += 1;
    }
    hash_finish(hash)
}

const fn hash_step(hash: u32, unit: u16) -> u32 {
    (hash.rotate_left(5) ^ unit as u32).wrapping_mul(0x9E37_79B1)
}

const fn hash_finish(hash: u32) -> u32 {
    let mixed = (hash ^ (hash >> 15)).wrapping_mul(0x85EB_CA6B);
    let mixed = mixed ^ (mixed >> 13);
    if mixed == 0 { 1 } else { mixed }
}

/// A variable's heap cell: its value at 8.
pub const CELL_VALUE: i32 = 8;

/// Every object: at 8 its shape, at 16 a pointer to its property slots (8 bytes each).
pub const OBJECT_SHAPE: i32 = 8;
pub const OBJECT_SLOTS: i32 = 16;
/// Arrays: at 24 a pointer to the elements (values, `EMPTY` for holes), at 32 the length (u32), at 36 the capacity (u32).
/// Every index below the length is below the capacity too, unless byte 2 of the header has `ARRAY_SPARSE` (then generated
/// code must not touch elements directly: `length` there is 0 for the inline check and the runtime keeps the real one).
pub const ARRAY_ELEMENTS: i32 = 24;
pub const ARRAY_LENGTH: i32 = 32;
pub const ARRAY_CAPACITY: i32 = 36;
/// In byte 2 of an array's header.
pub const ARRAY_SPARSE: u8 = 1;
/// Functions: at 24 the generic entry, at 32 the [`FunctionRecord`], at 40 runtime data, at 48 the number of captures
/// (u64), from 56 on the captures (values; cells are tagged `TAG_CELL`).
pub const FUNCTION_ENTRY: i32 = 24;
pub const FUNCTION_RECORD: i32 = 32;
pub const FUNCTION_CAPTURES: i32 = 56;

/// Static data that describes one function, in a data section of the object file.
/// Layout: entry (8), name: pointer to a static string (8), length (u32), flags (u32).
#[repr(C)]
pub struct FunctionRecord {
    pub entry: extern "C" fn(u64, u64, u64, u64, *const u64) -> u64,
    pub name: *const u8,
    pub length: u32,
    pub flags: u32,
}
pub const FN_ARROW: u32 = 1;
/// A method, getter or setter: no `prototype`, not a constructor.
pub const FN_METHOD: u32 = 2;
/// A class constructor: calling it without `new` throws.
pub const FN_CLASS: u32 = 4;
/// A class constructor with `extends`: `this` is made by `super(…)`.
pub const FN_DERIVED: u32 = 8;

/// Static, writable data of one property access site. Layout below; zero-initialised but for `key`.
/// A hit for an own data property: the object's shape equals `shape`, the slot is at byte `offset` of its slots.
/// A hit for a method found on the prototype chain (`kt_method_ic` only): the shape equals `shape` and `epoch` equals
/// the data symbol `kt_prototype_epoch` (u64); the method is `value`. `shape` is then in `method_shape`.
#[repr(C)]
pub struct PropertySite {
    pub shape: u64,
    pub offset: u64,
    /// Pointer to the static string of the property name.
    pub key: u64,
    /// The runtime's interned form of `key`, filled on the first miss.
    pub atom: u64,
    pub method_shape: u64,
    pub epoch: u64,
    pub value: u64,
    pub reserved: u64,
}
pub const SITE_SIZE: u32 = 64;
pub const SITE_SHAPE: i32 = 0;
pub const SITE_OFFSET: i32 = 8;
pub const SITE_KEY: i32 = 16;
pub const SITE_METHOD_SHAPE: i32 = 32;
pub const SITE_EPOCH: i32 = 40;
pub const SITE_VALUE: i32 = 48;

/// Static, writable data of one object literal or constructor: `shape` (8, zero at first), key count (u64), then that
/// many pointers to static strings.
pub const LITERAL_SHAPE: i32 = 0;
pub const LITERAL_COUNT: i32 = 8;
pub const LITERAL_KEYS: i32 = 16;

/// Static data of one kind of handle: pointer to the static string of its name (8), the function that ends its life or 0 (8).
#[repr(C)]
pub struct NativeHandleKind {
    pub name: *const u8,
    pub finalizer: Option<extern "C" fn(*mut u8)>,
}
/// Null is a value.
pub const NATIVE_NULLABLE: u64 = 1;
/// C ends the life of the handle that it gets.
pub const NATIVE_CONSUMED: u64 = 2;
/// C ends the life of the handle that it gives.
pub const NATIVE_BORROWED: u64 = 4;

/// State of one running iteration: a stack slot of generated code, opaque but for its size.
pub const ITERATION_SIZE: u32 = 64;

/// How one parameter or result of a runtime function is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// 64-bit integer register: a value, a pointer or a count.
    Word,
    /// A double.
    Double,
    /// 32-bit integer.
    Int,
}

/// A runtime function.
#[derive(Clone, Copy, Debug)]
pub struct RuntimeFunction {
    pub name: &'static str,
    pub params: &'static [Pass],
    pub result: Option<Pass>,
    /// Its result may be `EXCEPTION`.
    pub throws: bool,
}

use Pass::{Double, Int, Word};
const fn throws(name: &'static str, params: &'static [Pass]) -> RuntimeFunction {
    RuntimeFunction {
        name,
        params,
        result: Some(Word),
        throws: true,
    }
}
const fn gives(name: &'static str, params: &'static [Pass], result: Pass) -> RuntimeFunction {
    RuntimeFunction {
        name,
        params,
        result: Some(result),
        throws: false,
    }
}

/// All runtime functions. `value` parameters are boxed values unless named otherwise.
pub const RUNTIME: &[RuntimeFunction] = &[
    // Operators on boxed values. Comparisons give TRUE or FALSE.
    throws("kt_add", &[Word, Word]),
    throws("kt_sub", &[Word, Word]),
    throws("kt_mul", &[Word, Word]),
    throws("kt_div", &[Word, Word]),
    throws("kt_rem", &[Word, Word]),
    throws("kt_pow", &[Word, Word]),
    throws("kt_bit_and", &[Word, Word]),
    throws("kt_bit_or", &[Word, Word]),
    throws("kt_bit_xor", &[Word, Word]),
    throws("kt_shl", &[Word, Word]),
    throws("kt_shr", &[Word, Word]),
    throws("kt_ushr", &[Word, Word]),
    throws("kt_neg", &[Word]),
    throws("kt_bit_not", &[Word]),
    throws("kt_to_number", &[Word]),
    throws("kt_to_numeric", &[Word]),
    throws("kt_less", &[Word, Word]),
    throws("kt_less_eq", &[Word, Word]),
    throws("kt_greater", &[Word, Word]),
    throws("kt_greater_eq", &[Word, Word]),
    throws("kt_loose_eq", &[Word, Word]),
    throws("kt_in", &[Word, Word]),
    throws("kt_instance_of", &[Word, Word]),
    // 0 or 1.
    gives("kt_strict_eq", &[Word, Word], Int),
    gives("kt_truthy", &[Word], Int),
    // A string value.
    gives("kt_typeof", &[Word], Word),
    // Doubles: `%`, `**`, and ToInt32.
    gives("kt_f64_rem", &[Double, Double], Double),
    gives("kt_f64_pow", &[Double, Double], Double),
    gives("kt_f64_to_int32", &[Double], Int),
    // Strings. `kt_concat`: both operands are strings. `kt_template(count, values)`: ToString of each, joined.
    throws("kt_concat", &[Word, Word]),
    throws("kt_to_string", &[Word]),
    throws("kt_template", &[Word, Word]),
    // Objects. `kt_object_new()`; `kt_object_literal(literal, values)`; `kt_get(object, key)`.
    gives("kt_object_new", &[], Word),
    gives("kt_object_literal", &[Word, Word], Word),
    throws("kt_get", &[Word, Word]),
    throws("kt_set", &[Word, Word, Word]),
    // `(object, site)`, `(object, value, site)`: after the inline check missed.
    throws("kt_get_site", &[Word, Word]),
    throws("kt_set_site", &[Word, Word, Word]),
    // `(object, site)`: gives the method's value (any value), remembers it in the site where it can.
    throws("kt_method_site", &[Word, Word]),
    throws("kt_delete", &[Word, Word]),
    // `(target, key, value)`: CreateDataProperty, for computed keys and class fields.
    throws("kt_define", &[Word, Word, Word]),
    // `(object, value, site)`: CreateDataProperty under the site's key. Where that adds to a shared shape, the site remembers
    // the shape before in `method_shape`, the one after in `value`, the slot in `offset`.
    throws("kt_define_site", &[Word, Word, Word]),
    // `(target, key, function, kind, enumerable)`: kind 0 method, 1 getter, 2 setter. Sets the home object for `super`.
    throws("kt_define_method", &[Word, Word, Word, Word, Word]),
    // `(target, source)`: own enumerable properties, for spread in object literals.
    throws("kt_copy_properties", &[Word, Word]),
    // `(source, count, excluded keys)`.
    throws("kt_object_rest", &[Word, Word, Word]),
    // An array of the enumerable string keys, inherited ones included.
    throws("kt_for_in_keys", &[Word]),
    // `super.key`, `super.key = value` within a method: `(callee function, this, key[, value])` by its home object.
    throws("kt_super_get", &[Word, Word, Word]),
    throws("kt_super_set", &[Word, Word, Word, Word]),
    // Arrays. `kt_array_new(count, values)`.
    gives("kt_array_new", &[Word, Word], Word),
    gives("kt_array_push", &[Word, Word], Word),
    // `(array, iterable)`: appends all elements.
    throws("kt_array_append", &[Word, Word]),
    // `(value, its text or the empty string, 1 for the arguments of a call)`: throws unless it is iterable.
    throws("kt_check_iterable", &[Word, Word, Word]),
    // `(iterable, state, its text or the empty string)`: `kt_check_iterable` and `kt_iteration_open` in one.
    throws("kt_iteration_begin", &[Word, Word, Word]),
    // `(state)`: after an exception: closes the iteration, forgets what that throws, and throws the exception again.
    throws("kt_iteration_abandon", &[Word]),
    // Iteration: `(iterable, state)`, `(state)`: the next value or EMPTY at the end; `(state)`: on early exit.
    throws("kt_iteration_open", &[Word, Word]),
    throws("kt_iteration_next", &[Word]),
    throws("kt_iteration_close", &[Word]),
    // Functions. `(record, capture count, captures)`.
    gives("kt_closure", &[Word, Word, Word], Word),
    // `(slot, record)`: the function object of a declaration at module scope, made on first use.
    gives("kt_static_function", &[Word, Word], Word),
    // `(count, values, wanted count, target)`: copies arguments, fills up with undefined.
    RuntimeFunction {
        name: "kt_pad_arguments",
        params: &[Word, Word, Word, Word],
        result: None,
        throws: false,
    },
    // `(initial value)`: a boxed `TAG_CELL`.
    gives("kt_cell", &[Word], Word),
    // `(callee, this, count, values)`.
    throws("kt_call", &[Word, Word, Word, Word]),
    // `(constructor, new target, count, values)`.
    throws("kt_construct", &[Word, Word, Word, Word]),
    // `(callee, this, count, values, text of the callee)`.
    throws("kt_call_named", &[Word, Word, Word, Word, Word]),
    // `(constructor, count, values, text of the constructor)`: `new`.
    throws("kt_construct_named", &[Word, Word, Word, Word]),
    // `(callee, this, array)`, `(constructor, new target, array)`: with spread arguments.
    throws("kt_call_array", &[Word, Word, Word]),
    throws("kt_construct_array", &[Word, Word, Word]),
    // `(record, parent or EMPTY, capture count, captures)`: the class; its `prototype` is a property of it.
    throws("kt_class", &[Word, Word, Word, Word]),
    // `(class)`: its prototype object, where methods are defined.
    gives("kt_class_prototype", &[Word], Word),
    // `(new target, literal or 0)`: an ordinary object with `new_target.prototype`; room for the literal's keys.
    throws("kt_new_object", &[Word, Word]),
    // `(callee class)`: the parent constructor for `super(…)`.
    throws("kt_super_constructor", &[Word]),
    // Errors. All give EXCEPTION. The pointers are static strings.
    throws("kt_throw", &[Word]),
    throws("kt_throw_tdz", &[Word]),
    // `(class)`: "Class constructor X cannot be invoked without 'new'".
    throws("kt_throw_class_call", &[Word]),
    throws("kt_throw_constant", &[Word]),
    throws("kt_throw_stack_overflow", &[]),
    // `(parameter or function name, value)`: a value contradicts a `number` annotation at a function boundary.
    throws("kt_throw_not_a_number", &[Word, Word]),
    // `(message)`: TypeError; `(message)`: ReferenceError.
    throws("kt_throw_type", &[Word]),
    throws("kt_throw_reference", &[Word]),
    // `(value, text of the expression or 0)`: "X is not a function", "Cannot destructure …".
    throws("kt_throw_not_callable", &[Word, Word]),
    throws("kt_require_object", &[Word]),
    // `(value, its text or the empty string, first property of the pattern or 0)`: "Cannot destructure …".
    throws("kt_throw_cannot_destructure", &[Word, Word, Word]),
    gives("kt_take_exception", &[], Word),
    // `(static string)`: a global by name; never fails for names in BUILTINS.
    gives("kt_builtin", &[Word], Word),
    // Calls of C functions. `where` is a static string that names an argument or result in messages: "argument 1 of f".
    // `()`: a mark of what is lent to C; `(mark)`: takes back all that was lent since.
    gives("kt_native_mark", &[], Word),
    RuntimeFunction {
        name: "kt_native_release",
        params: &[Word],
        result: None,
        throws: false,
    },
    // `(where, value, what)`: "WHERE must be WHAT but got VALUE".
    throws("kt_native_wrong", &[Word, Word, Word]),
    // `(where, integer, signed)`: an integer that no number holds exactly.
    throws("kt_native_wide", &[Word, Word, Word]),
    // `(value, nullable, where)`: a C string, until it is released; 0 for null.
    throws("kt_native_string", &[Word, Word, Word]),
    // `(value, where, most, address of the length)`: the bytes of a string or array, until they are released.
    throws("kt_native_text", &[Word, Word, Word, Word]),
    throws("kt_native_bytes", &[Word, Word, Word, Word]),
    // `(array, bytes, count, where)`: what C left there, at most as much as the array holds.
    throws("kt_native_bytes_back", &[Word, Word, Word, Word]),
    // `(C string, nullable, function that frees it or 0, where)`.
    throws("kt_native_string_back", &[Word, Word, Word, Word]),
    // `(value, kind, NATIVE_… flags, where)`: the pointer of a handle.
    throws("kt_native_handle", &[Word, Word, Word, Word]),
    // `(pointer, kind, NATIVE_… flags, where, count, values)`: the handle of a pointer, which keeps those values alive.
    throws(
        "kt_native_handle_back",
        &[Word, Word, Word, Word, Word, Word],
    ),
    // `(cell, value, where)`: the function that the callback of this cell calls, until it is released.
    throws("kt_native_lend", &[Word, Word, Word]),
    // `(cell)`: whether a callback may run; ends the program where C had no right to call it.
    gives("kt_native_may_call", &[Word], Int),
    // `(cell, count, values)`: calls it.
    throws("kt_native_call_back", &[Word, Word, Word]),
    // Throws what a callback threw, if one did.
    throws("kt_native_thrown", &[]),
    // `import * as ns`: `(count, names, getters)`: names are static strings, getters `extern "C" fn() -> u64`.
    gives("kt_namespace", &[Word, Word, Word], Word),
];

/// Data symbols of the runtime: the lowest stack address generated code may use (u64), and the number of changes to
/// prototypes so far (u64).
pub const STACK_LIMIT: &str = "kt_stack_limit";
pub const PROTOTYPE_EPOCH: &str = "kt_prototype_epoch";

/// The function that the runtime's `main` calls: evaluates the entry module. `extern "C" fn() -> u64`.
pub const ENTRY: &str = "kiln_entry";

/// Names that `Expr::Builtin` may hold.
pub const BUILTINS: &[&str] = &[
    "undefined",
    "NaN",
    "Infinity",
    "globalThis",
    "console",
    "Math",
    "Object",
    "Function",
    "Array",
    "String",
    "Number",
    "Boolean",
    "Symbol",
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "Error",
    "TypeError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "EvalError",
    "URIError",
    "Date",
    "JSON",
    "parseInt",
    "parseFloat",
    "isNaN",
    "isFinite",
];
