//! What a language must offer to be built by the engine: [`Frontend`].
//!
//! A frontend is pure. It parses text that it is given, lowers syntax against the items of other modules that it asks
//! for, and emits object files; where it must look at the world (to resolve an import), it asks through [`Probe`], and
//! everything it asks is recorded. It never writes a cache key: the engine knows what it consulted.
//! This module knows no language; `typescript` does.

use crate::digest::Digest;
use camino::{Utf8Path, Utf8PathBuf};
use native::NativeLibrary;
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

pub mod native;
mod none;
pub mod stack;
#[cfg(feature = "typescript")]
pub mod typescript;

pub use none::NoLanguage;

/// A syntax tree or a lowered module: opaque to the engine, identified by a digest that covers everything a later step
/// can read from it.
pub type Payload = Arc<dyn Any + Send + Sync>;

/// A language.
pub trait Frontend: Send + Sync + 'static {
    /// A short name, for messages: `typescript`.
    fn name(&self) -> &'static str;

    /// Part of every key: differs whenever any result of this frontend may differ, its runtime included.
    fn version(&self) -> String;

    /// File name extensions without the dot, in the order in which [`Frontend::resolve`] prefers them.
    fn extensions(&self) -> &'static [&'static str];

    /// Parses one module. Errors in the text are diagnostics, not failures.
    fn parse(&self, source: &Source<'_>) -> Parsed;

    /// The module file that `specifier` stands for in `importer`, by probing the world. `importer` and the result are
    /// relative to the project, `/`-separated and normalised (`..` only at the start).
    fn resolve(
        &self,
        importer: &Utf8Path,
        specifier: &str,
        world: &mut dyn Probe,
    ) -> Result<Utf8PathBuf, Unresolved>;

    /// An item of an interface as a person would write it, for explanations: `run(seed: number): number`.
    fn describe(&self, name: &str, _item: &[u8]) -> String {
        name.to_owned()
    }

    /// Binds the imports of a module and checks them. Everything it learns of other modules comes through `imports`.
    fn lower(&self, syntax: &Payload, imports: &mut dyn Imports) -> Lowered;

    /// An object file (relocatable ELF) for a lowered module. Equal payload digests and options must give equal bytes.
    fn emit(&self, lowered: &Payload, options: &EmitOptions) -> Result<Vec<u8>, EmitError>;

    /// The text of the module that offers the functions of a native library to programs; its path is
    /// [`native::path`] of the library's name. `None`: the language has no native functions.
    fn native_module(&self, _library: &NativeLibrary) -> Option<String> {
        None
    }

    /// A file that tells editors and type checkers of the modules of native libraries: its name and its text.
    fn native_declarations(&self, _libraries: &[NativeLibrary]) -> Option<(&'static str, String)> {
        None
    }

    /// The object file that makes `entry` the program: it defines the symbol the runtime calls.
    fn start(&self, entry: &Utf8Path) -> Result<Vec<u8>, EmitError>;

    /// The static archive that every program of this language is linked with, and the system libraries it needs.
    fn runtime(&self) -> RuntimeArchive;
}

/// One module's text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Relative to the project, `/`-separated.
    pub path: &'a Utf8Path,
    pub text: &'a str,
}

/// What parsing gives.
#[derive(Clone)]
pub struct Parsed {
    /// The modules it imports, in source order, without duplicates.
    pub requests: Vec<Request>,
    /// What it exports: for each name an encoding, in the frontend's own form, of all that an importer may depend on.
    pub interface: BTreeMap<String, Vec<u8>>,
    /// The syntax tree, in any form; absent where there are errors.
    pub syntax: Option<Payload>,
    /// Covers everything that [`Frontend::lower`] can read from `syntax`; equal for two texts that differ in comments
    /// or formatting only.
    pub syntax_digest: Digest,
    pub diagnostics: Vec<Diagnostic>,
}

/// One module request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub specifier: String,
    /// Where it is written first.
    pub span: Span,
}

/// Byte offsets into the source text, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

/// Something wrong with the program: a value like any other, with a place and a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable, for machines and for the book: `ts-unsupported`, `ts-syntax`, `ts-unresolved-import`, …
    pub code: String,
    pub message: String,
    /// Relative to the project.
    pub path: Utf8PathBuf,
    pub span: Span,
    /// A short text at the span; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// What kind of thing is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PlaceKind {
    File,
    Directory,
    Absent,
}

/// The way a frontend looks at the world; every look is recorded. Paths are relative to the project.
pub trait Probe {
    fn kind(&mut self, path: &Utf8Path) -> PlaceKind;
    /// The text of a configuration file, `None` where there is no such file (or it is no UTF-8).
    fn text(&mut self, path: &Utf8Path) -> Option<Arc<str>>;
}

/// Why a specifier stands for no module.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Unresolved {
    pub message: String,
    pub help: Option<String>,
}

/// The way [`Frontend::lower`] learns of other modules; every question is recorded, and the module is lowered again when
/// an answer changes, and only then. Modules are named by their project-relative path.
pub trait Imports {
    /// The module that `specifier` stands for in `importer`; `None` where unresolved (which is reported elsewhere).
    fn resolve(&mut self, importer: &Utf8Path, specifier: &str) -> Option<Utf8PathBuf>;
    /// The encoding of one exported item of a module's own interface.
    fn item(&mut self, module: &Utf8Path, name: &str) -> Option<Arc<[u8]>>;
    /// All names of a module's own interface, sorted.
    fn names(&mut self, module: &Utf8Path) -> Vec<String>;
}

/// What lowering gives.
#[derive(Clone)]
pub struct Lowered {
    /// The lowered module; absent where there are errors.
    pub payload: Option<Payload>,
    /// Covers everything that [`Frontend::emit`] can read from `payload`.
    pub digest: Digest,
    pub diagnostics: Vec<Diagnostic>,
}

/// Options of code generation: one field for each thing that can change alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EmitOptions {
    pub opt_level: OptLevel,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptLevel {
    /// Shortest compile time.
    #[default]
    None,
    Speed,
}

/// The code generator failed on a program that was accepted: the engine reports it as an error that names the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmitError(pub String);

/// The archive that programs are linked with.
#[derive(Clone, Copy, Debug)]
pub struct RuntimeArchive {
    /// Bytes of a static archive (`ar`).
    pub bytes: &'static [u8],
    /// Names of system libraries it needs besides libc, as for `-l`.
    pub libraries: &'static [&'static str],
}
