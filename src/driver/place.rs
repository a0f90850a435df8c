//! Where a command works: the project's root, and what is asked for as seen from there.
//!
//! Looks upwards for `kiln.toml`, and never into it.

use super::args::Common;
use crate::engine::Target;
use crate::error::{Error, Result};
use crate::host::{Host, Kind, NativeHost};
use crate::project::{FILE, normalise, relative_to};
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// A project and what to build of it.
pub struct Place {
    pub host: Arc<NativeHost>,
    pub target: Target,
}

/// Opens the current directory.
///
/// # Errors
/// If it was removed, or cannot be searched.
pub fn here() -> Result<NativeHost> {
    open(Utf8Path::new("."))
}

/// Opens a folder; other processes that wait for this one are told its number.
pub fn open(folder: &Utf8Path) -> Result<NativeHost> {
    let process = format!("kiln, process {}", std::process::id());
    NativeHost::open(folder, process)
        .map_err(|cause| Error::world("cannot open the folder", folder, cause))
}

/// Finds the project that `common` is about, from the current directory.
///
/// # Errors
/// If there is none, or the path that was given is neither a project nor a file.
pub fn find(here: NativeHost, common: &Common) -> Result<Place> {
    let Some(path) = &common.path else {
        return match nearest_project(&here)? {
            Some(root) => project(here, &root, common),
            None => Err(Error::configuration(
                format!("there is no {FILE} here or in any folder above"),
                Some(
                    "make a project with `kiln init`, or name a file: `kiln build src/main.ts`"
                        .to_owned(),
                ),
            )),
        };
    };
    match kind(&here, path)? {
        None => Err(Error::configuration(
            format!("`{path}` does not exist"),
            Some("name a project folder or a source file".to_owned()),
        )),
        Some(Kind::Directory) => {
            if kind(&here, &path.join(FILE))? != Some(Kind::File) {
                let init =
                    format!("make a project of it with `kiln init {path}`, or name a source file");
                return Err(Error::configuration(
                    format!("there is no {FILE} in `{path}`"),
                    Some(init),
                ));
            }
            let root = absolute(&here, path);
            project(here, &root, common)
        }
        Some(Kind::File | Kind::Other) => file(here, path, common),
    }
}

/// The project around the current directory, and that directory.
pub struct Around {
    pub host: Arc<NativeHost>,
    pub working: Utf8PathBuf,
}

/// Finds the project around the current directory; without a `kiln.toml` it is the directory itself.
///
/// # Errors
/// If it cannot be looked at.
pub fn around(here: NativeHost) -> Result<Around> {
    let working = here.root().to_owned();
    let root = nearest_project(&here)?.unwrap_or_else(|| working.clone());
    Ok(Around {
        host: rooted(here, &root)?,
        working,
    })
}

/// The project whose root is known.
fn project(here: NativeHost, root: &Utf8Path, common: &Common) -> Result<Place> {
    let target = common
        .executable
        .clone()
        .map_or(Target::Default, Target::Executable);
    Ok(Place {
        host: rooted(here, root)?,
        target,
    })
}

/// One source file. The project is the one around the current directory, wherever the file lies, so that the same
/// command in the same place means the same project.
fn file(here: NativeHost, path: &Utf8Path, common: &Common) -> Result<Place> {
    if let Some(name) = &common.executable {
        return Err(Error::configuration(
            format!("`--executable {name}` chooses from {FILE}, and `{path}` is a file"),
            Some("give one of the two".to_owned()),
        ));
    }
    let root = nearest_project(&here)?.unwrap_or_else(|| here.root().to_owned());
    let target = Target::File(relative_to(&absolute(&here, path), &root));
    Ok(Place {
        host: rooted(here, &root)?,
        target,
    })
}

/// The host of the project; the one that is there already, where the project is here.
pub fn rooted(here: NativeHost, root: &Utf8Path) -> Result<Arc<NativeHost>> {
    Ok(Arc::new(if here.root() == root {
        here
    } else {
        open(root)?
    }))
}

/// The nearest folder upwards that has a `kiln.toml`.
pub fn nearest_project(here: &NativeHost) -> Result<Option<Utf8PathBuf>> {
    for folder in here.root().ancestors() {
        if kind(here, &folder.join(FILE))? == Some(Kind::File) {
            return Ok(Some(folder.to_owned()));
        }
    }
    Ok(None)
}

fn kind(host: &NativeHost, path: &Utf8Path) -> Result<Option<Kind>> {
    let stamp = host
        .stat(path)
        .map_err(|cause| Error::world("cannot look at", path, cause))?;
    Ok(stamp.map(|stamp| stamp.kind))
}

/// A path as it was given, which is relative to `here`.
pub fn absolute(here: &NativeHost, path: &Utf8Path) -> Utf8PathBuf {
    normalise(&here.root().join(path))
}

/// A path as it was given, as the engine spells it: relative to the project where it lies inside, else absolute.
pub fn as_seen_from(root: &Utf8Path, here: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let path = normalise(&here.join(path));
    path.strip_prefix(root)
        .map(Utf8Path::to_owned)
        .unwrap_or(path)
}
