//! Files by patterns: `native/*.c`, `src/**/*.c`. Every folder that is looked into is recorded by its names, so that a new
//! file is seen.

use super::normalise;
use crate::error::{Error, Result};
use crate::host::Kind;
use crate::observe::{Observation, Reader, Role};
use crate::rule::Pattern;
use camino::{Utf8Path, Utf8PathBuf};

/// The files that the patterns stand for, in the order of the patterns and sorted within each, each once.
///
/// # Errors
/// If a folder cannot be listed, or if a pattern stands for no file.
pub fn expand(patterns: &[String], note: &str, reader: &Reader<'_>) -> Result<Vec<Utf8PathBuf>> {
    let looking = Looking { note, reader };
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
            &looking,
            &mut found,
        )?;
        if found.len() == before {
            return Err(Error::configuration(
                format!("no file fits the pattern \"{pattern}\": {note}"),
                Some("correct the pattern, or remove it".to_owned()),
            ));
        }
        found[before..].sort();
    }
    let mut known = std::collections::HashSet::new();
    found.retain(|path| known.insert(path.clone()));
    Ok(found)
}

/// Who looks, and what for.
struct Looking<'l, 'w> {
    note: &'l str,
    reader: &'l Reader<'w>,
}

/// The files below `folder` that fit the rest of a pattern.
fn walk(
    folder: &Utf8Path,
    parts: &[&str],
    looking: &Looking<'_, '_>,
    found: &mut Vec<Utf8PathBuf>,
) -> Result<()> {
    let Some((part, rest)) = parts.split_first() else {
        return Ok(());
    };
    if *part != "**" && !part.contains('*') {
        let path = folder.join(part);
        if !rest.is_empty() {
            return walk(&path, rest, looking, found);
        }
        if looking.is(&path, Kind::File)? {
            found.push(path);
        }
        return Ok(());
    }
    let here = match folder.as_str() {
        "" => Utf8Path::new("."),
        _ => folder,
    };
    let unlisted = |cause| Error::world("cannot list a folder of sources", here, cause);
    let names = looking
        .reader
        .list(here, Role::Configuration, looking.note)
        .map_err(unlisted)?;
    let names = names.unwrap_or_default();
    if *part == "**" {
        walk(folder, rest, looking, found)?;
        for name in names.iter().filter(|name| !is_left_out(folder, name)) {
            let path = folder.join(name);
            if looking.is(&path, Kind::Directory)? && !looking.leads_back(&path, here)? {
                walk(&path, parts, looking, found)?;
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
            if looking.is(&path, Kind::Directory)? {
                walk(&path, rest, looking, found)?;
            }
        } else if looking.is(&path, Kind::File)? {
            found.push(path);
        }
    }
    Ok(())
}

/// What no `**` goes into: hidden folders, and the one that builds write to.
fn is_left_out(folder: &Utf8Path, name: &str) -> bool {
    name.starts_with('.') || folder.as_str().is_empty() && name == "target"
}

impl Looking<'_, '_> {
    /// Whether a folder in `around` is a link to one that it lies in itself; then what lies below has been found already.
    fn leads_back(&self, path: &Utf8Path, around: &Utf8Path) -> Result<bool> {
        let unseen = |cause| Error::world("cannot look at a folder of sources", path, cause);
        let host = self.reader.world().host();
        let Some(target) = host.read_link(path).map_err(unseen)? else {
            return Ok(false);
        };
        let real = host.real_path(path).map_err(unseen)?;
        let back = host.real_path(around).map_err(unseen)?.starts_with(real);
        if back {
            let observation = Observation::Link {
                path: path.to_owned(),
                target: Some(target),
            };
            self.reader.record(observation, Role::Resolution, self.note);
        }
        Ok(back)
    }

    /// Recorded only where it is not so: that it is a file is seen by who reads it, and a folder by who lists it.
    fn is(&self, path: &Utf8Path, kind: Kind) -> Result<bool> {
        let unseen = |cause| Error::world("cannot look at a source", path, cause);
        let stamp = self.reader.world().stamp(path).map_err(unseen)?;
        if stamp.is_some_and(|stamp| stamp.kind == kind) {
            return Ok(true);
        }
        self.reader
            .kind(path, Role::Resolution, self.note)
            .map_err(unseen)?;
        Ok(false)
    }
}

/// Whether a path is one of those that a pattern stands for.
pub fn fits(pattern: &str, path: &str) -> bool {
    fn parts_fit(patterns: &[&str], parts: &[&str]) -> bool {
        match (patterns.split_first(), parts.split_first()) {
            (None, None) => true,
            (Some((&"**", rest)), _) => {
                parts_fit(rest, parts) || !parts.is_empty() && parts_fit(patterns, &parts[1..])
            }
            (Some((first, patterns)), Some((part, parts))) => {
                Pattern::new(first).is_ok_and(|first| first.matches(part))
                    && parts_fit(patterns, parts)
            }
            _ => false,
        }
    }
    let (pattern, path) = (normalise(pattern.into()), normalise(path.into()));
    let split = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (pattern, path) = (split(pattern.as_str()), split(path.as_str()));
    let pattern: Vec<&str> = pattern.iter().map(String::as_str).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    parts_fit(&pattern, &path)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_path_is_told_from_those_beside_it() {
        for (pattern, path) in [
            ("a/*.c", "a/x.c"),
            ("./a/x.c", "a/x.c"),
            ("**/x.c", "x.c"),
            ("a/**/x.c", "a/b/c/x.c"),
        ] {
            assert!(fits(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("a/*.c", "a/b/x.c"),
            ("*.c", "a/x.c"),
            ("a/**/y.c", "a/b/x.c"),
        ] {
            assert!(!fits(pattern, path), "{pattern} {path}");
        }
    }
}
