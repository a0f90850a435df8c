//! State of the one thread. It does not know what it holds.

use core::cell::UnsafeCell;

/// A static that is written to. The runtime has one thread, and no reference into a global outlives the statement that
/// took it unless its owner says so, hence `Sync`.
pub struct Global<T>(UnsafeCell<T>);

unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// The state itself. Callers must not hold two references to the same part across a call that may take another.
    #[allow(clippy::mut_from_ref)]
    #[inline(always)]
    pub fn state(&self) -> &mut T {
        unsafe { &mut *self.0.get() }
    }
}

impl<T: Copy> Global<T> {
    #[inline(always)]
    pub fn read(&self) -> T {
        unsafe { *self.0.get() }
    }

    #[inline(always)]
    pub fn write(&self, value: T) {
        unsafe { *self.0.get() = value }
    }
}
