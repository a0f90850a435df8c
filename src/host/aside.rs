//! [`Aside`]: a file that is written, and waits to be put in its place.

use super::Host;
use camino::{Utf8Path, Utf8PathBuf};
use std::io;
use std::sync::Arc;

/// A file written beside its place. Unless it is put there, it is removed.
pub struct Aside {
    host: Arc<dyn Host>,
    written: Utf8PathBuf,
    path: Utf8PathBuf,
    waits: bool,
}

impl Aside {
    /// Writes what is to be at `path`, as [`Host::replace`] does, and leaves there what is there.
    ///
    /// # Errors
    /// If it cannot be written, or if the host knows no such thing.
    pub fn write(
        host: &Arc<dyn Host>,
        path: &Utf8Path,
        bytes: &[u8],
        mode: u32,
    ) -> io::Result<Self> {
        Ok(Self {
            written: host.write_aside(path, bytes, mode)?,
            host: host.clone(),
            path: path.to_owned(),
            waits: true,
        })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If it cannot be put there; it is then removed.
    pub fn put_in_place(mut self) -> io::Result<()> {
        self.host.put_in_place(&self.written, &self.path)?;
        self.waits = false;
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if self.waits {
            // A file left aside is harmless.
            let _ = self.host.remove(&self.written);
        }
    }
}
