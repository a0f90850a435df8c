//! The functions of libc and libm that the runtime uses, and the global allocator over malloc. Knows no values.

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{c_int, c_void};

mod raw {
    use core::ffi::{c_int, c_long, c_void};
    unsafe extern "C" {
        pub fn malloc(size: usize) -> *mut c_void;
        pub fn aligned_alloc(align: usize, size: usize) -> *mut c_void;
        pub fn realloc(pointer: *mut c_void, size: usize) -> *mut c_void;
        pub fn free(pointer: *mut c_void);
        pub fn mprotect(address: *mut c_void, length: usize, protection: c_int) -> c_int;
        pub fn mmap(
            address: *mut c_void,
            length: usize,
            protection: c_int,
            flags: c_int,
            file: c_int,
            offset: c_long,
        ) -> *mut c_void;
        pub fn madvise(address: *mut c_void, length: usize, advice: c_int) -> c_int;
        pub fn write(file: c_int, bytes: *const c_void, count: usize) -> isize;
        pub fn exit(code: c_int) -> !;
        pub fn abort() -> !;
        pub fn localtime_r(
            time: *const i64,
            parts: *mut super::BrokenTime,
        ) -> *mut super::BrokenTime;
        pub fn clock_gettime(clock: c_int, time: *mut [i64; 2]) -> c_int;
    }
}

struct Malloc;

#[global_allocator]
static ALLOCATOR: Malloc = Malloc;

unsafe impl GlobalAlloc for Malloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe {
            if layout.align() <= 16 {
                raw::malloc(layout.size()).cast()
            } else {
                raw::aligned_alloc(
                    layout.align(),
                    layout.size().next_multiple_of(layout.align()),
                )
                .cast()
            }
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, _: Layout) {
        unsafe { raw::free(pointer.cast()) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        unsafe {
            if layout.align() <= 16 {
                return raw::realloc(pointer.cast(), size).cast();
            }
            let fresh = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !fresh.is_null() {
                core::ptr::copy_nonoverlapping(pointer, fresh, layout.size().min(size));
                self.dealloc(pointer, layout);
            }
            fresh
        }
    }
}

const READ_WRITE: c_int = 1 | 2;
/// `MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE`.
const RESERVE: c_int = 0x02 | 0x20 | 0x4000;
const DONT_NEED: c_int = 4;

/// Reserves zeroed pages that cost nothing until they are touched.
pub fn reserve(length: usize) -> Option<*mut u8> {
    let address = unsafe { raw::mmap(core::ptr::null_mut(), length, READ_WRITE, RESERVE, -1, 0) };
    (address as isize != -1).then_some(address.cast())
}

/// Memory for C; null where there is none.
pub fn allocate(size: usize) -> *mut u8 {
    unsafe { raw::malloc(size).cast() }
}

pub fn free(memory: *mut u8) {
    unsafe { raw::free(memory.cast()) }
}

/// From now on, whoever touches these pages ends the program.
pub fn guard(address: *mut u8, length: usize) {
    unsafe { raw::mprotect(address.cast(), length, 0) };
}

/// Gives pages back; they read as zero afterwards.
pub fn release(address: *mut u8, length: usize) {
    unsafe { raw::madvise(address.cast(), length, DONT_NEED) };
}

/// Writes all bytes; what cannot be written (a closed pipe) is lost, as there is nobody to tell.
pub fn write(file: i32, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        let count = unsafe { raw::write(file, bytes.as_ptr().cast::<c_void>(), bytes.len()) };
        if count <= 0 {
            return;
        }
        bytes = &bytes[count as usize..];
    }
}

pub fn exit(code: i32) -> ! {
    unsafe { raw::exit(code) }
}

pub fn abort() -> ! {
    unsafe { raw::abort() }
}

/// `struct tm` of glibc and musl; only what the runtime reads has a name.
#[repr(C)]
#[derive(Default)]
pub struct BrokenTime {
    parts: [i32; 10],
    offset: i64,
    zone: usize,
}

/// By how many seconds local time is ahead of UTC at a time, and what the time zone is called then.
pub fn local_offset(seconds: i64) -> (i64, &'static str) {
    let mut broken = BrokenTime::default();
    let known = unsafe { raw::localtime_r(&raw const seconds, &raw mut broken) };
    if known.is_null() || broken.zone == 0 {
        return (0, "UTC");
    }
    // The names belong to libc and are never freed.
    let zone = unsafe { core::ffi::CStr::from_ptr(broken.zone as *const core::ffi::c_char) };
    (broken.offset, zone.to_str().unwrap_or("UTC"))
}

/// Seconds and nanoseconds since 1970.
pub fn now() -> (i64, i64) {
    let mut time = [0; 2];
    unsafe { raw::clock_gettime(0, &raw mut time) };
    (time[0], time[1])
}

/// Declares functions of libm as safe ones: they only compute.
macro_rules! mathematics {
    ($($name:ident($($parameter:ident),*)),* $(,)?) => {
        mod mathematics {
            unsafe extern "C" { $(pub safe fn $name($($parameter: f64),*) -> f64;)* }
        }
        $(#[inline(always)] pub fn $name($($parameter: f64),*) -> f64 { mathematics::$name($($parameter),*) })*
    };
}

mathematics! {
    fmod(x, y), floor(x), ceil(x), trunc(x), sqrt(x),
}
