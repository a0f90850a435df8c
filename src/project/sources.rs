//! Files by patterns: `native/*.c`, `src/**/*.c`. Every folder that is looked into is recorded by its names, so that a new
//! file is seen.

use super::normalise;
use crate::error::{Error, Result};
use crate::host::Kind;
use crate::observe::{Reader, Role};
use crate::rule::Pattern;
use camino::{Utf8Path, Utf8PathBuf};

const NOTE: &str = "`sources` in kiln.toml";

/// The files that the patterns stand for, in the order of the patterns and sorted within each, each once.
///
/// # Errors
/// If a folder cannot be listed, or if a pattern stands for no file.
pub fn expand(patterns: &[String], reader: &Reader<'_>) -> Result<Vec<Utf8PathBuf>> {
    let mut found: Vec<Utf8PathBuf> = Vec::new();
    for pattern in patterns {
        // A name without a star is that file, whether it is there or not: who compiles it says so.
        if !pattern.contains('*') {
            found.push(normalise(pattern.as_str().into()));
            continue;
        }
        let normal = normalise(pattern.as_str().into());
        let parts: Vec<&str> = normal.as_str().split('/').collect();
        let start = match normal.is_absolute() {
            true => Utf8PathBuf::from("/"),
            false => Utf8PathBuf::new(),
        };
        let before = found.len();
        walk(
            &start,
            &parts[usize::from(normal.is_absolute())..],
            reader,
            &mut found,
        )?;
        if found.len() == before {
            return Err(Error::configuration(
                format!("no file fits the pattern \"{pattern}\" in `sources`"),
                Some("correct the pattern, or remove it".to_owned()),
            ));
        }
        found[before..].sort();
    }
    let mut known = std::collections::HashSet::new();
    found.retain(|path| known.insert(path.clone()));
    Ok(found)
}

/// The files below `folder` that fit the rest of a pattern.
fn walk(
    folder: &Utf8Path,
    parts: &[&str],
    reader: &Reader<'_>,
    found: &mut Vec<Utf8PathBuf>,
) -> Result<()> {
    let Some((part, rest)) = parts.split_first() else {
        return Ok(());
    };
    if *part != "**" && !part.contains('*') {
        let path = folder.join(part);
        if !rest.is_empty() {
            return walk(&path, rest, reader, found);
        }
        if is(&path, Kind::File, reader)? {
            found.push(path);
        }
        return Ok(());
    }
    let here = match folder.as_str() {
        "" => Utf8Path::new("."),
        _ => folder,
    };
    let unlisted = |cause| Error::world("cannot list a folder of sources", here, cause);
    let names = reader
        .list(here, Role::Configuration, NOTE)
        .map_err(unlisted)?;
    let names = names.unwrap_or_default();
    if *part == "**" {
        walk(folder, rest, reader, found)?;
        for name in names.iter().filter(|name| !is_left_out(folder, name)) {
            let path = folder.join(name);
            if is(&path, Kind::Directory, reader)? {
                walk(&path, parts, reader, found)?;
            }
        }
        return Ok(());
    }
    let Ok(pattern) = Pattern::new(part) else {
        return Ok(());
    };
    for name in names.iter().filter(|name| pattern.matches(name)) {
        if name.starts_with('.') && !part.starts_with('.') {
            continue;
        }
        let path = folder.join(name);
        if !rest.is_empty() {
            if is(&path, Kind::Directory, reader)? {
                walk(&path, rest, reader, found)?;
            }
        } else if is(&path, Kind::File, reader)? {
            found.push(path);
        }
    }
    Ok(())
}

/// What no `**` goes into: hidden folders, and the one that builds write to.
fn is_left_out(folder: &Utf8Path, name: &str) -> bool {
    name.starts_with('.') || folder.as_str().is_empty() && name == "target"
}

/// Recorded only where it is not so: that it is a file is seen by who reads it, and a folder by who lists it.
fn is(path: &Utf8Path, kind: Kind, reader: &Reader<'_>) -> Result<bool> {
    let unseen = |cause| Error::world("cannot look at a source", path, cause);
    let stamp = reader.world().stamp(path).map_err(unseen)?;
    if stamp.is_some_and(|stamp| stamp.kind == kind) {
        return Ok(true);
    }
    reader.kind(path, Role::Resolution, NOTE).map_err(unseen)?;
    Ok(false)
}
