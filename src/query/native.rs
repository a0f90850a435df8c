//! The modules of native libraries: their text lies in memory, made by the frontend from what the configuration says, and is
//! never an observation of a file.

use super::services::Services;
use crate::digest::Digest;
use crate::document::nearest;
use crate::frontend::native::{self, NativeLibrary, SCHEME};
use crate::frontend::{Frontend, Unresolved};
use crate::host::Bytes;
use crate::rule::{Libraries, Place};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// The text of each such module, by its path.
#[derive(Default)]
pub struct NativeModules {
    texts: BTreeMap<Utf8PathBuf, (Digest, Bytes)>,
    /// What they are made of.
    rules: Arc<Libraries>,
}

impl NativeModules {
    pub fn new(
        frontend: &dyn Frontend,
        libraries: &[NativeLibrary],
        rules: &Arc<Libraries>,
    ) -> Self {
        let text = |library: &NativeLibrary| {
            let text = frontend.native_module(library)?.into_bytes();
            Some((
                native::path(&library.name),
                (Digest::of(&text), Bytes::from(text)),
            ))
        };
        Self {
            texts: libraries.iter().filter_map(text).collect(),
            rules: Arc::clone(rules),
        }
    }

    /// Who says that there is a symbol of this name, as the beginning of a sentence, each with where it is written.
    pub(super) fn said_of(&self, symbol: &str) -> Vec<(String, &Place)> {
        let rules = self.rules.own().map(|(_, rule)| &rule.functions);
        let all = rules.flat_map(|rule| {
            let functions = rule.library.functions.iter();
            let functions = functions.filter(|(_, function)| function.symbol == symbol);
            let functions = functions.filter_map(|(name, _)| {
                Some((
                    format!("the function `{name}` says that its symbol"),
                    rule.places.get(name)?,
                ))
            });
            let handles = rule.library.handles.iter();
            let handles = handles.filter(|(_, it)| it.finalizer.as_deref() == Some(symbol));
            functions.chain(handles.filter_map(|(name, _)| {
                let place = rule.handle_places.get(name)?;
                Some((
                    format!("the handle `{name}` says that its finalizer"),
                    place,
                ))
            }))
        });
        all.collect()
    }

    /// The digest of a module's text; `None` where this is no such module.
    pub fn content(&self, path: &Utf8Path) -> Option<Digest> {
        self.texts.get(path).map(|(digest, _)| *digest)
    }

    /// The module that a specifier stands for; `None` where it is none of this kind.
    pub(super) fn resolve(&self, specifier: &str) -> Option<Result<Utf8PathBuf, Unresolved>> {
        let name = specifier.strip_prefix(SCHEME)?;
        let path = native::path(name);
        if self.texts.contains_key(&path) {
            return Some(Ok(path));
        }
        let known = || {
            let paths = self.texts.keys();
            paths.filter_map(|path| path.as_str().strip_prefix(SCHEME))
        };
        let help = match nearest(name, known()) {
            Some(near) => format!("did you mean `{SCHEME}{near}`?"),
            None if self.texts.is_empty() => {
                format!(
                    "declare functions in kiln.toml: [library.{name}] with `functions.NAME = {{ parameters = [], returns = \"i32\" }}`"
                )
            }
            None => {
                let known: Vec<String> = known().map(|name| format!("`{name}`")).collect();
                format!("libraries with functions are {}", known.join(", "))
            }
        };
        Some(Err(Unresolved {
            message: format!("there is no native library `{name}` with functions"),
            help: Some(help),
        }))
    }
}

impl Services {
    /// The digest of a module's text; `None` where there is no such file.
    pub(super) fn content(&self, path: &Utf8Path) -> io::Result<Option<Digest>> {
        match self.native.content(path) {
            Some(digest) => Ok(Some(digest)),
            None => Ok(self.world.digested(path)?.digest()),
        }
    }

    /// A module's text.
    pub(super) fn text(&self, path: &Utf8Path) -> io::Result<Bytes> {
        match self.native.texts.get(path) {
            Some((_, text)) => Ok(text.clone()),
            None => self.world.bytes(path),
        }
    }
}
