//! Standard output and standard error. Standard output is buffered, and flushed before anything else becomes visible.

use crate::global::Global;
use crate::libc;
use alloc::vec::Vec;

const CAPACITY: usize = 64 << 10;

static BUFFER: Global<Vec<u8>> = Global::new(Vec::new());

pub fn stdout(bytes: &[u8]) {
    let buffer = BUFFER.state();
    if buffer.len() + bytes.len() > CAPACITY {
        flush();
    }
    if bytes.len() >= CAPACITY {
        libc::write(1, bytes);
        return;
    }
    if buffer.capacity() == 0 {
        buffer.reserve_exact(CAPACITY);
    }
    buffer.extend_from_slice(bytes);
}

pub fn flush() {
    let buffer = BUFFER.state();
    libc::write(1, buffer);
    buffer.clear();
}

pub fn stderr(bytes: &[u8]) {
    flush();
    libc::write(2, bytes);
}
