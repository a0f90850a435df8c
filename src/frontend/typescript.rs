//! TypeScript, compiled to native code: oxc parses, Cranelift generates code, and a small runtime does the rest.
//!
//! | module | what it does |
//! |---|---|
//! | `parse` | text → HIR: names resolved, types erased, patterns and compound assignments spelled out |
//! | `hir` | the high-level intermediate representation of one module |
//! | `native` | the functions of native libraries, as modules |
//! | `interface` | what a module shows to its importers, name by name |
//! | `resolve` | which file a specifier stands for |
//! | `lower` | binds imports to the variables and functions of other modules |
//! | `emit` | HIR → Cranelift's IR → an ELF object |
//! | `abi` | what generated code and the runtime agree on |
//! | `runtime` | the runtime itself: a `no_std` crate, compiled into an archive by `runtime/build.rs` |
//!
//! This file is the door: it makes a [`Frontend`] of them. Types are erased, save that a parameter or result declared
//! `number` travels in a floating-point register and is checked where it enters.

pub mod abi;
pub mod emit;
pub mod hir;
pub mod interface;
pub mod lower;
pub mod native;
pub mod parse;
pub mod resolve;

use super::{
    EmitError, EmitOptions, Frontend, Imports, Lowered, Parsed, Payload, Probe, RuntimeArchive,
    Source, Unresolved,
};
use crate::digest::Digest;
use crate::frontend::native::NativeLibrary;
use camino::{Utf8Path, Utf8PathBuf};
use lower::{LoweredModule, Syntax};
use std::sync::Arc;

/// Raised whenever the same text could give another HIR, or the same HIR another object.
const GENERATION: u32 = 2;

/// The TypeScript language.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypeScript;

impl Frontend for TypeScript {
    fn name(&self) -> &'static str {
        "typescript"
    }

    fn version(&self) -> String {
        format!("{} generation {GENERATION}", env!("CARGO_PKG_VERSION"))
    }

    fn extensions(&self) -> &'static [&'static str] {
        resolve::EXTENSIONS
    }

    fn parse(&self, source: &Source<'_>) -> Parsed {
        let (mut parsed, calls) = match native::is_native(source.path) {
            true => (native::parse(source), Vec::new()),
            false => parse::parse(source),
        };
        let module = parsed
            .syntax
            .take()
            .and_then(|syntax| syntax.downcast::<hir::Module>().ok());
        let spans = parsed
            .requests
            .iter()
            .map(|request| (request.specifier.clone(), request.span))
            .collect();
        let digest = parsed.syntax_digest;
        parsed.syntax = module.map(|module| {
            Arc::new(Syntax {
                path: source.path.to_owned(),
                module,
                digest,
                spans,
                calls,
            }) as Payload
        });
        parsed
    }

    fn resolve(
        &self,
        importer: &Utf8Path,
        specifier: &str,
        world: &mut dyn Probe,
    ) -> Result<Utf8PathBuf, Unresolved> {
        resolve::resolve(importer, specifier, world)
    }

    fn describe(&self, name: &str, item: &[u8]) -> String {
        interface::describe(name, item)
    }

    fn lower(&self, syntax: &Payload, imports: &mut dyn Imports) -> Lowered {
        let syntax = syntax
            .downcast_ref::<Syntax>()
            .expect("the engine hands back what `parse` gave");
        let (lowered, diagnostics) = lower::lower(syntax, imports);
        match lowered {
            Some(lowered) => Lowered {
                digest: lowered.digest(),
                payload: Some(Arc::new(lowered)),
                diagnostics,
            },
            None => Lowered {
                payload: None,
                digest: Digest::of(b""),
                diagnostics,
            },
        }
    }

    fn emit(&self, lowered: &Payload, options: &EmitOptions) -> Result<Vec<u8>, EmitError> {
        let lowered = lowered
            .downcast_ref::<LoweredModule>()
            .expect("the engine hands back what `lower` gave");
        emit::emit(lowered, options)
    }

    fn native_module(&self, library: &NativeLibrary) -> Option<String> {
        Some(native::text(library))
    }

    fn native_declarations(&self, libraries: &[NativeLibrary]) -> Option<(&'static str, String)> {
        Some((
            native::declare::FILE,
            native::declare::declarations(libraries),
        ))
    }

    fn start(&self, entry: &Utf8Path) -> Result<Vec<u8>, EmitError> {
        emit::start(entry.as_str())
    }

    fn runtime(&self) -> RuntimeArchive {
        RuntimeArchive {
            bytes: archive(),
            libraries: &["m"],
        }
    }
}

/// The compiled runtime, which the build script puts where it builds.
fn archive() -> &'static [u8] {
    include_bytes!(concat!(env!("OUT_DIR"), "/libkiln_runtime.a"))
}
