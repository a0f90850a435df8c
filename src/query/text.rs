//! `parse` of files that a compiler of their own compiles: which of their bytes count. Each file is read once, whoever
//! includes it.

use super::services::{Services, lock};
use crate::compile::{Texts, UnitRead};
use crate::digest::Digest;
use crate::explain::{Cause, Query, Reason};
use crate::observe::Role;
use crate::rule::Text;
use camino::Utf8Path;
use std::io;
use std::sync::Arc;

/// Reads texts through the store: a text that was ever read is known by its digest.
pub struct TextReader<'s>(pub &'s Services);

impl Texts for TextReader<'_> {
    fn text(&self, compiler: &str, path: &Utf8Path) -> io::Result<Option<Text>> {
        let services = self.0;
        let Some(rule) = services.rules.compilers.get(compiler) else {
            return Ok(None);
        };
        let Some(digest) = services.world.digested(path)?.digest() else {
            return Ok(None);
        };
        // Held while the file is read, so that nobody else reads it.
        let cell = {
            let mut texts = lock(&services.units.texts);
            let key = (compiler.to_owned(), path.to_owned());
            Arc::clone(texts.entry(key).or_default())
        };
        let mut cell = lock(&cell);
        if let Some(text) = *cell {
            return Ok(Some(text));
        }
        let key = services.key(
            "text",
            &[&services.units.rule(&services.rules, compiler).0, &digest.0],
        );
        let stored = services.store.get(&key);
        if let Some(text) = stored.and_then(|record| postcard::from_bytes(&record).ok()) {
            *cell = Some(text);
            return Ok(Some(text));
        }
        let within = !path.is_absolute();
        let read = || -> io::Result<Text> {
            let bytes = services.world.bytes(path)?;
            if within {
                // To show later which lines were changed.
                services.store.keep_text(digest, &bytes);
            }
            Ok(Text::of(rule, &bytes, digest))
        };
        // What lies outside of the project is not what anybody works on.
        let text = match within {
            false => read()?,
            true => services.run(Query::Parse, path, || {
                let text = read();
                let cut_off = text.as_ref().is_ok_and(|text| was(services, path, text));
                (text, vec![cause(services, path)], cut_off)
            })?,
        };
        let record = postcard::to_stdvec(&text).unwrap_or_default();
        services.store.put(key, record);
        *cell = Some(text);
        Ok(Some(text))
    }

    fn opaque(&self, compiler: &str, path: &Utf8Path) -> io::Result<Option<Text>> {
        let services = self.0;
        let rule = services.rules.compilers.get(compiler);
        let digest = services.world.digested(path)?.digest();
        let (Some(rule), Some(digest)) = (rule, digest) else {
            return Ok(None);
        };
        let of_rule = services.units.rule(&services.rules, compiler).0;
        let key = services.key("opaque", &[&of_rule, &digest.0]);
        let stored = services.store.get(&key);
        if let Some(text) = stored.and_then(|record| postcard::from_bytes(&record).ok()) {
            return Ok(Some(text));
        }
        let text = Text::opaque(rule, &services.world.bytes(path)?, digest);
        let record = postcard::to_stdvec(&text).unwrap_or_default();
        services.store.put(key, record);
        Ok(Some(text))
    }
}

/// Whether all that the last build knew of this text still holds.
fn was(services: &Services, path: &Utf8Path, text: &Text) -> bool {
    let known = services.units.known_texts(path);
    !known.is_empty() && known.iter().all(|(by, digest)| text.digest(*by) == *digest)
}

fn cause(services: &Services, path: &Utf8Path) -> Cause {
    let is_rule = |reason: &Reason| reason.role() == Some(Role::Configuration);
    if services.account_lost() || services.other_engine() {
        return services.lost("what the last build knew of its sources");
    }
    if services.units.known_texts(path).is_empty() {
        return Cause::New;
    }
    if services.is_stale(path.as_str()) {
        return Cause::Text {
            path: path.to_owned(),
        };
    }
    // It is read as another rule has it.
    match services.reasons.iter().any(is_rule) {
        true => Cause::Command {
            source: path.to_owned(),
        },
        false => services.lost(&format!("the record of {path}")),
    }
}

/// Whether a read still holds.
pub fn holds(services: &Services, read: &UnitRead) -> bool {
    read.holds(&services.world, &TextReader(services))
}

/// The digest of a list of reads.
pub fn digest_of(reads: &[UnitRead]) -> Digest {
    Digest::of(&postcard::to_stdvec(reads).unwrap_or_default())
}
