//! What the file system of the project can do, found out by trying: builds believe its stamps.

use crate::host::Host;
use camino::{Utf8Path, Utf8PathBuf};
use std::io;

/// In nanoseconds.
const SECOND: i64 = 1_000_000_000;
/// How long it is tried to see stamps advance, in nanoseconds.
const PATIENCE: i64 = SECOND / 10;

/// See [`files`].
pub struct Files {
    pub folder: Utf8PathBuf,
    /// The stamps of a file that is written again and again differ by this, in nanoseconds; `None`: they did not change.
    pub granularity: Option<i64>,
    /// How far a new file's stamp lies before the clock (positive) or after it, in nanoseconds.
    pub behind: i64,
    /// A file can have a second name.
    pub links: bool,
    /// Names that differ by case alone are one.
    pub folds_case: bool,
    /// Two processes can be kept apart.
    pub locks: bool,
}

/// Tries what the file system of `folder` does, with a file of its own that is removed again.
///
/// # Errors
/// If nothing can be written there.
pub fn files(host: &dyn Host, folder: &Utf8Path) -> io::Result<Files> {
    let path = folder.join(format!("doctor-{}", std::process::id()));
    let found = tried(host, folder, &path);
    host.remove(&path)?;
    found
}

fn tried(host: &dyn Host, folder: &Utf8Path, path: &Utf8Path) -> io::Result<Files> {
    let stamp = || {
        host.append(path, b"x")?;
        let stamp = host.stat(path)?;
        stamp.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    let first = stamp()?;
    let began = host.now();
    let mut steps = Vec::new();
    let mut last = first.mtime;
    while steps.len() < 5 && host.now() - began < PATIENCE {
        let next = stamp()?.mtime;
        if next != last {
            steps.push(next - last);
            last = next;
        }
    }
    // The first step began before anybody looked.
    let granularity = steps.iter().skip(1).min().or(steps.first()).copied();
    let other = path.with_extension("link");
    let links = host.link(path, &other).is_ok();
    host.remove(&other)?;
    let upper = folder.join(path.file_name().unwrap_or_default().to_uppercase());
    let folds_case = host
        .stat(&upper)?
        .is_some_and(|stamp| stamp.inode == first.inode);
    let lock = path.with_extension("lock");
    let locks = host.lock(&lock, &mut |_| {}).is_ok();
    host.remove(&lock)?;
    Ok(Files {
        folder: folder.to_owned(),
        granularity,
        behind: began - first.mtime,
        links,
        folds_case,
        locks,
    })
}

impl Files {
    /// What of this is a reason for concern, with what Kiln does about it, or what the user can.
    pub fn concerns(&self) -> Vec<(String, String)> {
        let mut concerns = Vec::new();
        let mut add = |what: &str, so: &str| concerns.push((what.to_owned(), so.to_owned()));
        if self.granularity.is_none_or(|step| step > SECOND / 50) {
            add(
                "stamps of files advance in large steps",
                "files that changed within two seconds of a build are read again by the next one",
            );
        }
        if self.behind.abs() > 2 * SECOND {
            add(
                "the clock of the file system is not that of this machine",
                "set both by the network's time; until then touched files are read again more often than they need to be",
            );
        }
        if !self.links {
            add(
                "files cannot have a second name",
                "going back to an earlier large program links it again",
            );
        }
        if !self.locks {
            add(
                "processes cannot be kept apart",
                "do not run two builds of this project at once, or put the cache on another disk: --cache-dir",
            );
        }
        concerns
    }
}
