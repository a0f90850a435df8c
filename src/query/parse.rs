//! `parse`: a module's text becomes its summary: what it imports, what it exports, the digest of its syntax.
//!
//! The memo holds no syntax tree. The tree is kept aside under its digest until lowering takes it; where it is gone, or
//! came from the store in the first place, the text is parsed again and must give the same digest.

use super::input::{BuildDb, SourceFile};
use super::services::{Services, Stop};
use crate::digest::Digest;
use crate::error::Error;
use crate::explain::Query;
use crate::frontend::{Diagnostic, Parsed, Payload, Request, Source};
use camino::Utf8Path;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What other queries may know of a parsed module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub requests: Vec<Request>,
    /// Sorted by name.
    pub items: Vec<Item>,
    pub syntax: Digest,
    pub diagnostics: Vec<Diagnostic>,
}

/// One exported item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub name: String,
    pub digest: Digest,
    pub encoding: Arc<[u8]>,
}

impl Summary {
    fn new(parsed: &Parsed) -> Self {
        let items = parsed.interface.iter().map(|(name, encoding)| Item {
            name: name.clone(),
            digest: Digest::of(encoding),
            encoding: encoding.as_slice().into(),
        });
        Self {
            requests: parsed.requests.clone(),
            items: items.collect(),
            syntax: parsed.syntax_digest,
            diagnostics: parsed.diagnostics.clone(),
        }
    }

    /// The digest of the whole interface.
    pub fn interface_digest(&self) -> Digest {
        Digest::of_parts(
            self.items
                .iter()
                .flat_map(|item| [item.name.as_bytes(), &item.digest.0[..]]),
        )
    }
}

/// The key of a summary: the text and where it lies, since symbols are named after it.
fn key(services: &Services, path: &Utf8Path, content: Digest) -> Digest {
    services.key("parse", &[path.as_str().as_bytes(), &content.0])
}

/// The summary from the store.
pub fn stored(services: &Services, path: &Utf8Path, content: Digest) -> Option<Summary> {
    let record = services.store.get(&key(services, path, content))?;
    postcard::from_bytes(&record).ok()
}

/// Parses a module, or takes its summary from the store.
#[salsa::tracked(returns(clone))]
pub fn parse(db: &dyn BuildDb, file: SourceFile) -> Result<Arc<Summary>, Stop> {
    let services = db.services();
    let path = file.path(db);
    let Some(content) = file.content(db) else {
        let cause = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(services.fail(Error::world("a module cannot be read", path.clone(), cause)));
    };
    if let Some(summary) = stored(services, path, content) {
        return Ok(Arc::new(summary));
    }
    services.run(Query::Parse, path, || {
        let summary = parse_text(services, path).map(|(parsed, payload)| {
            let summary = Summary::new(&parsed);
            if let Ok(text) = services.text(path) {
                services.store.keep_text(content, &text);
            }
            if let Some(payload) = payload {
                services.keep(summary.syntax, payload);
            }
            let record = postcard::to_stdvec(&summary).unwrap_or_default();
            services.store.put(key(services, path, content), record);
            Arc::new(summary)
        });
        let before = services.previous.get(path.as_str());
        let cut_off = matches!((&summary, before), (Ok(summary), Some(before)) if summary.syntax == before.syntax);
        (summary, vec![services.text_cause(path)], cut_off)
    })
}

/// The exported items, on their own: who reads them does not depend on the rest of the module.
#[salsa::tracked(returns(clone))]
pub fn interface(db: &dyn BuildDb, file: SourceFile) -> Option<Arc<Vec<Item>>> {
    Some(Arc::new(parse(db, file).ok()?.items.clone()))
}

/// One exported item: who reads it does not depend on the others.
#[salsa::tracked(returns(clone))]
pub fn item(db: &dyn BuildDb, file: SourceFile, name: String) -> Option<Item> {
    let items = interface(db, file)?;
    let at = items.binary_search_by(|item| item.name.as_str().cmp(&name));
    at.ok().map(|at| items[at].clone())
}

/// The exported names, sorted.
#[salsa::tracked(returns(clone))]
pub fn names(db: &dyn BuildDb, file: SourceFile) -> Vec<String> {
    let items = interface(db, file).unwrap_or_default();
    items.iter().map(|item| item.name.clone()).collect()
}

/// The syntax tree with this digest. A plain function: whoever calls it has read the digest from [`parse`], and reads
/// nothing more.
pub(super) fn syntax(
    services: &Services,
    path: &Utf8Path,
    digest: &Digest,
) -> Result<Payload, Stop> {
    if let Some(payload) = services.take(digest) {
        return Ok(payload);
    }
    match parse_text(services, path)? {
        (parsed, Some(payload)) if parsed.syntax_digest == *digest => Ok(payload),
        _ => {
            let cause = std::io::Error::other("parsing it again gave another syntax tree");
            Err(services.fail(Error::world(
                "a module was changed while the build ran",
                path,
                cause,
            )))
        }
    }
}

fn parse_text(services: &Services, path: &Utf8Path) -> Result<(Parsed, Option<Payload>), Stop> {
    let bytes = services
        .text(path)
        .map_err(|error| services.fail(Error::world("a module cannot be read", path, error)))?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let start = u32::try_from(error.valid_up_to()).unwrap_or(u32::MAX);
            let diagnostic = Diagnostic {
                code: "not-utf8".to_owned(),
                message: format!("the file is not valid UTF-8 at byte {start}"),
                path: path.to_owned(),
                span: crate::frontend::Span { start, end: start },
                label: String::new(),
                help: Some("save it in UTF-8".to_owned()),
            };
            let parsed = Parsed {
                requests: Vec::new(),
                interface: std::collections::BTreeMap::new(),
                syntax: None,
                syntax_digest: Digest::of(&bytes),
                diagnostics: vec![diagnostic],
            };
            return Ok((parsed, None));
        }
    };
    let mut parsed = services.frontend.parse(&Source { path, text });
    let payload = parsed.syntax.take();
    Ok((parsed, payload))
}
