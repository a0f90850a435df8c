//! The parts of the HIR that are about native libraries: calls of their functions in programs, and the functions themselves.

use super::ImportId;
use crate::frontend::native::NativeFunction;
use serde::{Deserialize, Serialize};

/// A call of a function that is imported from a native library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NativeCall {
    pub import: ImportId,
    /// Where a namespace is imported: the function.
    pub member: Option<String>,
    /// What is known of each argument; up to the first spread.
    pub arguments: Vec<Given>,
    /// There is a spread among the arguments.
    pub spread: bool,
}

/// What is known of an argument without running the program.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Given {
    Unknown,
    Number,
    Constant(f64),
    String,
    Boolean,
    Null,
    Undefined,
    Array,
    Function,
    /// An object literal.
    Object,
}

/// A function of a native library, called with the parameters of the function that it is the body of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Native {
    /// As programs know it.
    pub name: String,
    pub function: NativeFunction,
    /// The handles that it takes and gives, with the functions that end their lives.
    pub handles: Vec<(String, Option<String>)>,
}
