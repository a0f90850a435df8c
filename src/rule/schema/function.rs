//! `functions` of a library: what it offers to programs.

use super::Place;
use serde::Serialize;

/// One function of a native library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FunctionRule {
    #[serde(skip)]
    pub place: Place,
}
