//! Functions of the program that C calls while a call of C runs. Each callback has a word of static data, its cell, which
//! says which of the functions lent now it stands for; 0 says none, so a call after the end is noticed.

use super::{LENT, Lent, mistyped};
use crate::call;
use crate::error;
use crate::global::Global;
use crate::libc;
use crate::output;
use crate::start;
use crate::string::Str;
use crate::value::{Outcome, Thrown, Value};
use alloc::vec::Vec;

/// The functions lent now. Roots of the collector.
static FUNCTIONS: Global<Vec<Value>> = Global::new(Vec::new());

pub fn roots(visit: impl FnMut(Value)) {
    FUNCTIONS.state().iter().copied().for_each(visit);
}

/// Lends a function to C, by the cell of a callback.
pub fn lend(cell: *mut u64, value: Value, subject: Str) -> Outcome {
    if !value.is_callable() {
        return mistyped(subject, value, "a function");
    }
    let functions = FUNCTIONS.state();
    functions.push(value);
    let before = unsafe { cell.replace(functions.len() as u64) };
    LENT.state().push(Lent::Callback { cell, before });
    Ok(Value::UNDEFINED)
}

/// Takes the function back that was lent last.
pub fn end(cell: *mut u64, before: u64) {
    FUNCTIONS.state().pop();
    unsafe { cell.write(before) };
}

/// Whether the callback may run: not after an exception, which waits for C to return. Ends the program where C had no
/// right to call: when the call that it was lent to is over, or on another thread.
pub fn may_call(cell: *const u64) -> bool {
    if !start::on_own_stack() {
        // The output's buffer is not this thread's to touch.
        libc::write(
            2,
            b"\nFATAL ERROR: a native library called a function of the program on another thread\n",
        );
        libc::abort();
    }
    if unsafe { *cell } == 0 {
        output::stderr(b"\nFATAL ERROR: a native library called a function of the program after the call that it was lent to\n");
        libc::abort();
    }
    error::waiting().is_empty()
}

pub fn call(cell: *const u64, arguments: &[Value]) -> Outcome {
    error::check_stack()?;
    let function = FUNCTIONS.state()[unsafe { *cell } as usize - 1];
    call::call(function, Value::UNDEFINED, arguments)
}

/// What a callback threw.
pub fn thrown() -> Outcome {
    if error::waiting().is_empty() {
        Ok(Value::UNDEFINED)
    } else {
        Err(Thrown)
    }
}
