//! The command `kiln`. Everything it does is in [`kiln::driver`].

/// A build is over in milliseconds, and has two threads allocate from the first one on. The C library's allocator grows
/// the second thread's memory by one page and one system call at a time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    kiln::driver::main()
}
