//! Deep stacks: a frontend recurses as deep as a program is nested, and the stack of an ordinary thread is too small for what
//! a generator may write.
//!
//! A stack is reserved, not used: a page counts when it is first touched. It knows threads, and nothing of programs.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::thread;

/// Deep enough for any text that a frontend accepts, in bytes.
pub const DEEP: usize = 512 << 20;

thread_local! {
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Says that this thread has a stack of [`DEEP`] bytes. To be called by each thread of a pool that was made so, since a
/// thread for each module costs as much as parsing it.
pub fn declare_deep() {
    IS_DEEP.set(true);
}

/// Runs `work` on a deep stack: this thread's if it has one, else one made for it.
pub fn on_deep<T: Send>(name: &str, work: impl FnOnce() -> T + Send) -> T {
    if IS_DEEP.get() {
        return work();
    }
    // Whichever thread there is takes the work out of here.
    let mut work = Some(work);
    let mut run = || work.take().map(|work| work());
    let result = thread::scope(|scope| {
        let builder = thread::Builder::new()
            .name(name.to_owned())
            .stack_size(DEEP);
        match builder.spawn_scoped(scope, &mut run) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // No more threads, or no room for the stack: the caller's own will nearly always do.
            Err(_) => None,
        }
    });
    match result {
        Some(result) => result,
        None => run().expect("work that no thread has taken is still there"),
    }
}
