//! Functions of native libraries, as the engine hands them to frontends: which there are, and how C sees what they take and
//! give. It knows neither how a library is found nor what a language makes of a type.
//!
//! A library with functions is a module of its own, whose path is [`path`] of its name and whose text the frontend makes
//! ([`super::Frontend::native_module`]): so parsing, interfaces and cutoffs are those of any module, and an edit of one
//! function reaches the modules that use it.

use camino::Utf8PathBuf;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the specifiers and paths of such modules begin with.
pub const SCHEME: &str = "native:";

/// The path of a library's module.
pub fn path(library: &str) -> Utf8PathBuf {
    format!("{SCHEME}{library}").into()
}

/// The functions of one library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeLibrary {
    pub name: String,
    /// The kinds of opaque handles that its functions take and give.
    pub handles: IndexMap<String, NativeHandle>,
    pub functions: IndexMap<String, NativeFunction>,
}

/// A kind of pointer that only the library looks into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeHandle {
    /// The C function that ends the life of one: `void f(T *)`, whatever it returns.
    pub finalizer: Option<String>,
}

/// One function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeFunction {
    /// Its name in the library.
    pub symbol: String,
    pub parameters: Vec<NativeParameter>,
    /// `None` is `void`.
    pub returns: Option<NativeValue>,
}

/// One parameter as the rule says it; it can be several parameters in C.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeParameter {
    /// For declarations and messages.
    pub name: Option<String>,
    pub kind: NativeKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NativeKind {
    Number(NativeNumber),
    Bool,
    /// `const char *`: UTF-8 with a NUL at its end, there for the call only.
    String {
        nullable: bool,
    },
    /// Two parameters, `const char *` and a length in bytes: UTF-8, there for the call only.
    Text {
        length: NativeNumber,
    },
    /// Two parameters, `const unsigned char *` and a length, there for the call only.
    Bytes {
        length: NativeNumber,
    },
    /// Two parameters, `unsigned char *` and a length: what the function writes there is seen by the caller.
    /// `length_given`: the second is a pointer to the length, and the function says there how much it wrote.
    BytesOut {
        length: NativeNumber,
        length_given: bool,
    },
    /// `T *`. `consumed`: the function ends its life.
    Handle {
        handle: String,
        nullable: bool,
        consumed: bool,
    },
    /// Always this integer (or pointer); the program has no say.
    Constant(i64),
    /// A pointer to where the function stores a value, which the program gets with its result.
    Out(NativeValue),
    /// A pointer to a function that may be called until this call returns.
    Callback(NativeCallback),
}

/// What a function gives: its result, or what it stores through a pointer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NativeValue {
    Number(NativeNumber),
    Bool,
    /// `char *`: UTF-8 with a NUL at its end. It is copied; `free` names the C function that then gets it.
    String {
        nullable: bool,
        free: Option<String>,
    },
    /// `T *`. `borrowed`: the library ends its life.
    Handle {
        handle: String,
        nullable: bool,
        borrowed: bool,
    },
}

/// A function that the library calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeCallback {
    /// `None`: a pointer or integer that the program does not get to see, such as `void *user`.
    pub parameters: Vec<Option<NativeScalar>>,
    pub returns: Option<NativeScalar>,
}

/// What a callback takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NativeScalar {
    Number(NativeNumber),
    Bool,
    /// `const char *`, possibly null; a callback cannot give one.
    String {
        nullable: bool,
    },
}

/// The numbers of C.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NativeNumber {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    Isize,
    Usize,
    F32,
    F64,
}

/// The largest integer up to which a double holds every one.
pub const LARGEST_EXACT: i64 = (1 << 53) - 1;

impl NativeNumber {
    /// All of them, by their names in rules.
    pub const NAMES: &[(&str, Self)] = &[
        ("i8", Self::I8),
        ("i16", Self::I16),
        ("i32", Self::I32),
        ("i64", Self::I64),
        ("u8", Self::U8),
        ("u16", Self::U16),
        ("u32", Self::U32),
        ("u64", Self::U64),
        ("isize", Self::Isize),
        ("usize", Self::Usize),
        ("f32", Self::F32),
        ("f64", Self::F64),
    ];

    pub fn name(self) -> &'static str {
        let named = Self::NAMES.iter().find(|(_, number)| *number == self);
        named.map_or("", |(name, _)| name)
    }

    pub fn is_integer(self) -> bool {
        !matches!(self, Self::F32 | Self::F64)
    }

    pub fn is_signed(self) -> bool {
        matches!(
            self,
            Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::Isize
        )
    }

    /// Its size in bytes.
    pub fn size(self) -> u32 {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::Isize | Self::Usize | Self::F64 => 8,
        }
    }

    /// The least and the largest integer of it that a double holds for certain.
    pub fn range(self) -> (i64, i64) {
        match (self.size(), self.is_signed()) {
            (8, true) => (-LARGEST_EXACT, LARGEST_EXACT),
            (8, false) => (0, LARGEST_EXACT),
            (size, true) => (-(1 << (size * 8 - 1)), (1 << (size * 8 - 1)) - 1),
            (size, false) => (0, (1 << (size * 8)) - 1),
        }
    }
}

impl NativeParameter {
    /// Whether the program gives an argument for it.
    pub fn is_given(&self) -> bool {
        !matches!(self.kind, NativeKind::Constant(_) | NativeKind::Out(_))
    }
}

impl NativeFunction {
    /// What the program gets: the result, then what the function stores through pointers.
    pub fn gives(&self) -> impl Iterator<Item = &NativeValue> {
        let stored = self
            .parameters
            .iter()
            .filter_map(|parameter| match &parameter.kind {
                NativeKind::Out(value) => Some(value),
                _ => None,
            });
        self.returns.iter().chain(stored)
    }

    /// Whether it takes or gives handles of this kind.
    pub fn uses_handle(&self, name: &str) -> bool {
        let taken = self
            .parameters
            .iter()
            .filter_map(|parameter| match &parameter.kind {
                NativeKind::Handle { handle, .. } => Some(handle.as_str()),
                _ => None,
            });
        let given = self.gives().filter_map(NativeValue::handle);
        taken.chain(given).any(|used| used == name)
    }
}

impl NativeValue {
    fn handle(&self) -> Option<&str> {
        match self {
            Self::Handle { handle, .. } => Some(handle),
            _ => None,
        }
    }
}

impl fmt::Display for NativeNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// As rules write it, short forms where there are such.
impl fmt::Display for NativeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let optional = |nullable: bool| if nullable { "?" } else { "" };
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool => f.write_str("bool"),
            Self::String { nullable } => write!(f, "string{}", optional(*nullable)),
            Self::Text { length } => write!(f, "text[{length}]"),
            Self::Bytes { length } => write!(f, "bytes[{length}]"),
            Self::BytesOut {
                length,
                length_given,
            } => {
                let given = if *length_given { "*" } else { "" };
                write!(f, "out bytes[{length}{given}]")
            }
            Self::Handle {
                handle,
                nullable,
                consumed,
            } => {
                let consumed = if *consumed { "consumes " } else { "" };
                write!(f, "{consumed}handle:{handle}{}", optional(*nullable))
            }
            Self::Constant(value) => write!(f, "constant {value}"),
            Self::Out(value) => write!(f, "out {value}"),
            Self::Callback(callback) => {
                let parameter = |parameter: &Option<NativeScalar>| match parameter {
                    Some(scalar) => scalar.to_string(),
                    None => "ignored".to_owned(),
                };
                let parameters: Vec<String> = callback.parameters.iter().map(parameter).collect();
                write!(f, "callback({})", parameters.join(", "))?;
                match callback.returns {
                    Some(scalar) => write!(f, ": {scalar}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl fmt::Display for NativeScalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool => f.write_str("bool"),
            Self::String { nullable: false } => f.write_str("string"),
            Self::String { nullable: true } => f.write_str("string?"),
        }
    }
}

impl fmt::Display for NativeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let optional = |nullable: bool| if nullable { "?" } else { "" };
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool => f.write_str("bool"),
            Self::String { nullable, free } => {
                write!(f, "string{}", optional(*nullable))?;
                match free {
                    Some(free) => write!(f, " freed by {free}"),
                    None => Ok(()),
                }
            }
            Self::Handle {
                handle,
                nullable,
                borrowed,
            } => {
                let borrowed = if *borrowed { "borrowed " } else { "" };
                write!(f, "{borrowed}handle:{handle}{}", optional(*nullable))
            }
        }
    }
}
