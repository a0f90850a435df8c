//! [`ImportsReader`]: the way lowering learns of other modules. It records each question with its answer, for salsa and
//! for the trace in one walk.

use super::input::{BuildDb, SourceFile};
use super::services::Stop;
use super::trace::{Answer, Answered, Read};
use super::{parse, resolve};
use crate::digest::Digest;
use crate::frontend::Imports;
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// Answers questions about other modules by asking queries.
pub struct ImportsReader<'db> {
    db: &'db dyn BuildDb,
    answered: Vec<Answered>,
}

impl<'db> ImportsReader<'db> {
    pub fn new(db: &'db dyn BuildDb) -> Self {
        Self {
            db,
            answered: Vec::new(),
        }
    }

    /// All questions, each once, in order.
    pub fn finish(self) -> Vec<Answered> {
        self.answered
    }

    fn source(&self, module: &Utf8Path) -> Result<SourceFile, Stop> {
        self.db.services().source(self.db, module)
    }

    fn record(&mut self, read: Read, answer: Answer) {
        let answered = Answered { read, answer };
        if !self.answered.contains(&answered) {
            self.answered.push(answered);
        }
    }

    /// The answer of now to a recorded question.
    pub fn answer(&self, read: &Read) -> Answer {
        match read {
            Read::Resolve {
                importer,
                specifier,
            } => {
                let resolved = self
                    .source(importer)
                    .ok()
                    .and_then(|file| resolve::resolve(self.db, file, specifier.clone()).ok());
                resolution_answer(resolved.as_deref())
            }
            Read::Item { module, name } => {
                let item = self
                    .source(module)
                    .ok()
                    .and_then(|file| parse::item(self.db, file, name.clone()));
                self.item_answer(name, item.as_ref())
            }
            Read::Names { module } => {
                let names = self
                    .source(module)
                    .map(|file| parse::names(self.db, file))
                    .unwrap_or_default();
                names_answer(Digest::of_parts(names.iter().map(String::as_bytes)))
            }
        }
    }

    fn item_answer(&self, name: &str, item: Option<&parse::Item>) -> Answer {
        let shown = item.map(|item| self.db.services().frontend.describe(name, &item.encoding));
        Answer {
            digest: item.map(|item| item.digest),
            shown,
        }
    }
}

/// The answer to [`Read::Resolve`].
pub fn resolution_answer(module: Option<&Utf8Path>) -> Answer {
    Answer {
        digest: module.map(|module| Digest::of(module.as_str().as_bytes())),
        shown: module.map(|module| module.to_string()),
    }
}

/// The answer to [`Read::Names`].
pub fn names_answer(names: Digest) -> Answer {
    Answer {
        digest: Some(names),
        shown: None,
    }
}

impl Imports for ImportsReader<'_> {
    fn resolve(&mut self, importer: &Utf8Path, specifier: &str) -> Option<Utf8PathBuf> {
        let file = self.source(importer).ok()?;
        let module = resolve::resolve(self.db, file, specifier.to_owned()).ok();
        let read = Read::Resolve {
            importer: importer.to_owned(),
            specifier: specifier.to_owned(),
        };
        self.record(read, resolution_answer(module.as_deref()));
        module
    }

    fn item(&mut self, module: &Utf8Path, name: &str) -> Option<Arc<[u8]>> {
        let file = self.source(module).ok()?;
        let item = parse::item(self.db, file, name.to_owned());
        let answer = self.item_answer(name, item.as_ref());
        self.record(
            Read::Item {
                module: module.to_owned(),
                name: name.to_owned(),
            },
            answer,
        );
        item.map(|item| item.encoding)
    }

    fn names(&mut self, module: &Utf8Path) -> Vec<String> {
        let Ok(file) = self.source(module) else {
            return Vec::new();
        };
        let names = parse::names(self.db, file);
        let answer = names_answer(Digest::of_parts(names.iter().map(String::as_bytes)));
        self.record(
            Read::Names {
                module: module.to_owned(),
            },
            answer,
        );
        names
    }
}
