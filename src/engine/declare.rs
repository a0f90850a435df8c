//! A file beside the state that tells editors which functions native libraries have: written when it would change.

use super::Engine;
use super::cache::Cache;
use crate::project::Program;
use std::io;

impl Engine {
    /// Writes the declarations of the libraries that `program` can import from, unless just these are there. Nothing is
    /// built from the file, so it is no observation; where there is nothing to declare, one that is there is emptied.
    pub(super) fn declare(&self, cache: &Cache, program: &Program) -> io::Result<()> {
        let declarations = self.frontend.native_declarations(&program.native);
        let Some((name, text)) = declarations else {
            return Ok(());
        };
        let path = cache.directory.join(name);
        let known = match self.host.stat(&path)? {
            Some(_) => self.host.read(&path).ok(),
            None if program.native.is_empty() => return Ok(()),
            None => None,
        };
        if known.is_some_and(|known| *known == *text.as_bytes()) {
            return Ok(());
        }
        self.host.replace(&path, text.as_bytes(), 0o666)
    }
}
