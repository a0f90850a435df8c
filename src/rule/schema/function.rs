//! What a `[library.NAME]` says of its functions: the library as frontends see it, and where each function is written.

use super::Place;
use crate::frontend::native::NativeLibrary;
use indexmap::IndexMap;
use serde::Serialize;

/// The tables `functions` and `handles` of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FunctionsRule {
    pub library: NativeLibrary,
    /// Where each function is written, by its name.
    #[serde(skip)]
    pub places: IndexMap<String, Place>,
    /// Where each kind of handle is written.
    #[serde(skip)]
    pub handle_places: IndexMap<String, Place>,
}

impl FunctionsRule {
    /// Whether programs can import something of it.
    pub fn is_empty(&self) -> bool {
        self.library.functions.is_empty() && self.library.handles.is_empty()
    }
}
