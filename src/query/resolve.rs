//! `resolve`: which module a specifier stands for, by looking at the places where it may lie.

use super::input::{BuildDb, SourceFile};
use super::services::{Services, lock};
use crate::frontend::{PlaceKind, Probe, Unresolved};
use crate::host::Kind;
use crate::observe::{Observation, Reader, Role, Seen};
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// A resolved specifier and every look at the world that decided it.
#[derive(Debug)]
pub struct Resolved {
    pub module: Result<Utf8PathBuf, Unresolved>,
    pub seen: Vec<Seen>,
}

/// Resolves a specifier, once for each importer.
#[salsa::tracked(returns(clone))]
pub fn resolve(
    db: &dyn BuildDb,
    importer: SourceFile,
    specifier: String,
) -> Result<Utf8PathBuf, Unresolved> {
    let services = db.services();
    let resolved = services.resolve(importer.path(db), &specifier);
    for seen in &resolved.seen {
        match &seen.observation {
            Observation::Absent { path } | Observation::Present { path, .. } => {
                services.place(db, path).kind(db);
            }
            Observation::File { path, .. } => {
                if let Ok(file) = services.source(db, path) {
                    file.content(db);
                }
            }
            _ => {}
        }
    }
    resolved.module.clone()
}

impl Services {
    /// The same, outside salsa: for the pre-pass.
    pub fn resolve(&self, importer: &Utf8Path, specifier: &str) -> Arc<Resolved> {
        let key = (importer.to_owned(), specifier.to_owned());
        if let Some(resolved) = lock(&self.resolutions).get(&key) {
            return resolved.clone();
        }
        let mut probe = ReaderProbe {
            reader: Reader::new(&self.world),
            note: format!("import \"{specifier}\" in {importer}"),
        };
        let module = match self.native.resolve(specifier) {
            Some(module) => module,
            None => self.frontend.resolve(importer, specifier, &mut probe),
        };
        let resolved = Arc::new(Resolved {
            module,
            seen: probe.reader.finish(),
        });
        lock(&self.resolutions)
            .entry(key)
            .or_insert(resolved)
            .clone()
    }
}

/// A frontend's looks at the world, recorded.
struct ReaderProbe<'w> {
    reader: Reader<'w>,
    note: String,
}

impl Probe for ReaderProbe<'_> {
    fn kind(&mut self, path: &Utf8Path) -> PlaceKind {
        // A place that may not be looked at holds no module that could be read.
        match self.reader.kind(path, Role::Resolution, &self.note) {
            Ok(Some(Kind::File)) => PlaceKind::File,
            Ok(Some(Kind::Directory)) => PlaceKind::Directory,
            Ok(Some(Kind::Other) | None) | Err(_) => PlaceKind::Absent,
        }
    }

    fn text(&mut self, path: &Utf8Path) -> Option<Arc<str>> {
        let bytes = self
            .reader
            .bytes(path, Role::Configuration, &self.note)
            .ok()??;
        std::str::from_utf8(&bytes).ok().map(Arc::from)
    }
}
