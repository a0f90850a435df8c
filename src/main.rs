//! The command `kiln`. Everything it does is in [`kiln::driver`].

fn main() -> std::process::ExitCode {
    keep_memory();
    kiln::driver::main()
}

/// Has the C library ask the system for memory in few large pieces and keep it: a build is over in milliseconds, and each
/// piece that comes and goes costs a system call and its page faults anew.
fn keep_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: called first of all, so no other thread allocates.
    unsafe {
        libc::mallopt(libc::M_TOP_PAD, 1 << 20);
        libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 1 << 30);
    }
}
