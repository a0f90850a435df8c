//! The start of the program: makes the heap and a stack of its own, runs the program, and reports what was thrown and not
//! caught.

use crate::builtin;
use crate::convert;
use crate::error;
use crate::foreign::handle;
use crate::global::Global;
use crate::heap;
use crate::inspect;
use crate::key::{self, names};
use crate::kind;
use crate::libc;
use crate::output;
use crate::symbol;
use crate::value::Value;
use alloc::vec::Vec;

/// Node's default limit allows some ten thousand calls; this allows as many with frames of three KiB. Pages are only
/// taken when they are used.
const STACK_SIZE: usize = 40 << 20;
/// Below the limit that programs see, the runtime and native libraries still have as much as a program of C has in all.
const RESERVED: usize = 8 << 20;
/// What is below that is not to be touched.
const GUARD: usize = 64 << 10;

/// The first address above the stack.
static TOP: Global<usize> = Global::new(0);

/// Whether the code that asks runs on the stack that the program was given.
pub fn on_own_stack() -> bool {
    let here = 0u8;
    TOP.read().wrapping_sub(&raw const here as usize) <= STACK_SIZE
}

unsafe extern "C" {
    fn kiln_entry() -> u64;
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let Some(stack) = libc::reserve(STACK_SIZE) else {
        output::stderr(b"FATAL ERROR: no memory for the stack\n");
        return 134;
    };
    libc::guard(stack, GUARD);
    let top = stack as usize + STACK_SIZE;
    TOP.write(top);
    heap::collect::set_stack_base(top);
    *error::kt_stack_limit.state() = (stack as usize + RESERVED) as u64;
    let code: u64;
    unsafe {
        core::arch::asm!(
            "mov r12, rsp",
            "mov rsp, {top}",
            "call {run}",
            "mov rsp, r12",
            top = in(reg) top,
            run = sym run,
            out("r12") _,
            lateout("rax") code,
            clobber_abi("C"),
        );
    }
    libc::exit(code as i32)
}

extern "C" fn run() -> u64 {
    heap::initialise();
    key::initialise();
    symbol::initialise();
    let result = error::from_word(unsafe { kiln_entry() });
    let code = match result {
        Ok(_) => 0,
        Err(_) => {
            report(error::take());
            1
        }
    };
    output::flush();
    handle::end_all();
    code
}

/// In the manner of Node, without the source line.
fn report(thrown: Value) {
    let mut text = Vec::from(&b"Uncaught "[..]);
    let shown = match thrown.as_kind(kind::ERROR) {
        Some(object) => object
            .get_own(names::stack())
            .and_then(|property| property.value.as_string())
            .or_else(|| builtin::error::header(object).ok()),
        None => None,
    };
    match shown {
        Some(shown) => shown.to_utf8(&mut text),
        None => inspect::inspect(thrown).to_utf8(&mut text),
    }
    if thrown.as_kind(kind::ERROR).is_none() && thrown.is_symbol() {
        text.truncate(b"Uncaught ".len());
        text.extend_from_slice(convert::to_display(thrown).as_bytes());
    }
    text.push(b'\n');
    output::stderr(&text);
}

#[panic_handler]
fn panic(information: &core::panic::PanicInfo<'_>) -> ! {
    let text = alloc::format!("\nFATAL ERROR: the runtime has failed: {information}\n");
    output::stderr(text.as_bytes());
    libc::abort()
}

// The precompiled `core` and `alloc` were built to unwind, and so name two functions that unwinding needs. Nothing here
// unwinds: both are local symbols of this one object, so that native libraries keep the real ones.
core::arch::global_asm!("_Unwind_Resume:", "rust_eh_personality:", "ud2");
