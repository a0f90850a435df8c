//! [`NoLanguage`]: a frontend without a language, for an engine that only compiles what other compilers compile.
//!
//! No file is a module of it, and so nobody asks it for anything.

use super::{
    EmitError, EmitOptions, Frontend, Imports, Lowered, Parsed, Payload, Probe, RuntimeArchive,
    Source, Unresolved,
};
use crate::digest::Digest;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLanguage;

impl Frontend for NoLanguage {
    fn name(&self) -> &'static str {
        "none"
    }

    fn version(&self) -> String {
        String::new()
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn parse(&self, _: &Source<'_>) -> Parsed {
        Parsed {
            requests: Vec::new(),
            interface: BTreeMap::new(),
            syntax: None,
            syntax_digest: Digest::of(&[]),
            diagnostics: Vec::new(),
        }
    }

    fn resolve(
        &self,
        _: &Utf8Path,
        specifier: &str,
        _: &mut dyn Probe,
    ) -> Result<Utf8PathBuf, Unresolved> {
        Err(Unresolved {
            message: format!("there is no language in which \"{specifier}\" could be a module"),
            help: None,
        })
    }

    fn lower(&self, _: &Payload, _: &mut dyn Imports) -> Lowered {
        Lowered {
            payload: None,
            digest: Digest::of(&[]),
            diagnostics: Vec::new(),
        }
    }

    fn emit(&self, _: &Payload, _: &EmitOptions) -> Result<Vec<u8>, EmitError> {
        Err(EmitError("there is no language to emit".to_owned()))
    }

    fn start(&self, _: &Utf8Path) -> Result<Vec<u8>, EmitError> {
        Err(EmitError("there is no language to start".to_owned()))
    }

    fn runtime(&self) -> RuntimeArchive {
        RuntimeArchive {
            bytes: &[],
            libraries: &[],
        }
    }
}
