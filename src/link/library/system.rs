//! Where a link searches for libraries: the directories of the project, and those that the driver names.
//!
//! Only asked where a rule needs to know; then each place that is looked at is recorded, until something is found.

use crate::error::{Error, Result};
use crate::host::Kind;
use crate::link::{LinkOptions, driver};
use crate::observe::{Reader, Role};
use camino::{Utf8Path, Utf8PathBuf};

const NOTE: &str = "a place where the linker searches for a library";

/// Linkers that search these by themselves too.
const SEARCHING: &[&str] = &["bfd", "gold"];

/// Directories that such a linker searches after all others.
const OWN: &[&str] = &["/usr/local/lib/x86_64-linux-gnu", "/usr/local/lib"];

/// The first of these files, all in one directory before the next.
pub fn search(
    directories: &[Utf8PathBuf],
    names: &[String],
    reader: &Reader<'_>,
) -> Result<Option<Utf8PathBuf>> {
    let kind = |path: &Utf8Path| {
        let looked = reader.kind(path, Role::Link, NOTE);
        looked.map_err(|cause| Error::world("cannot search for a library", path, cause))
    };
    for directory in directories {
        // As long as there is no directory, nothing is in it.
        if kind(directory)? != Some(Kind::Directory) {
            continue;
        }
        for name in names {
            let path = directory.join(name);
            if kind(&path)? == Some(Kind::File) {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

/// Where a link searches, in order.
pub fn directories(options: &LinkOptions, reader: &Reader<'_>) -> Result<Vec<Utf8PathBuf>> {
    let (args, selected) = driver::accepted(&options.args, reader)?;
    let mut directories = options.search.clone();
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix("-L") {
            Some("") => directories.extend(words.next().map(Utf8PathBuf::from)),
            Some(directory) => directories.push(directory.into()),
            None => {}
        }
    }
    let program = driver::find(&options.driver, reader)?;
    directories.extend(driver::library_directories(&program, &args, reader)?);
    let linker = selected.unwrap_or_else(|| options.linker.clone());
    if SEARCHING.contains(&linker.as_str()) {
        directories.extend(OWN.iter().map(Utf8PathBuf::from));
    }
    Ok(directories)
}
