//! Explanations that go to files: what `kiln explain --output` writes, and the page of a build that was just made.

use crate::driver::terminal::Terminal;
use crate::engine::{Engine, Failure};
use crate::error::{Error, Result};
use crate::explain::{Outcome, Status, html};
use crate::host::{Host, Kind};
use camino::{Utf8Path, Utf8PathBuf};

/// The page of the last build, in the folder of the cache.
const NAME: &str = "explain.html";

/// What came of `--explain=html`.
pub enum Written {
    /// The page of this build.
    This(u64, Utf8PathBuf),
    /// Nothing had to run: the page of the last build that did something.
    Last(u64, Utf8PathBuf),
    /// What this build did is recorded nowhere.
    Unrecorded,
    /// No build is.
    Nothing,
    /// There was nothing to be told: the world failed, or the configuration is wrong.
    Failed,
}

/// Writes the page of the build that began at `began`, in nanoseconds since 1970, or of the last one that did something.
///
/// # Errors
/// If it cannot be written.
pub fn written(
    engine: &Engine,
    host: &dyn Host,
    began: i64,
    result: &std::result::Result<Outcome, Failure>,
) -> Result<Written> {
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(Failure::Program { outcome, .. }) => outcome,
        Err(Failure::Error(_)) => return Ok(Written::Failed),
    };
    let current = outcome.status == Status::Current;
    let history = engine.history();
    let Some(build) = history.builds.last() else {
        return Ok(match current {
            true => Written::Nothing,
            false => Written::Unrecorded,
        });
    };
    if !current && build.time < began / 1_000_000 {
        return Ok(Written::Unrecorded);
    }
    let path = engine.folder().join(NAME);
    write(host, &path, html::page(build).as_bytes())?;
    Ok(match current {
        true => Written::Last(build.number, path),
        false => Written::This(build.number, path),
    })
}

/// Says where the page is; `seen` spells its path as the user does. Gives whether all went well.
pub fn tell(
    terminal: &Terminal,
    written: &Result<Written>,
    seen: &dyn Fn(&Utf8Path) -> Utf8PathBuf,
) -> bool {
    match written {
        Ok(Written::This(number, path)) => {
            terminal.status(&format!("why build {number} ran: see {}", seen(path)));
        }
        Ok(Written::Last(number, path)) => terminal.status(&format!(
            "the last build that did something was build {number}: see {}",
            seen(path)
        )),
        Ok(Written::Unrecorded) => terminal.warning(
            "this build is not recorded, so there is no page of it",
            Some("a build is recorded without --no-cache and --dry-run"),
        ),
        Ok(Written::Nothing) => {
            terminal.warning("no build is recorded yet, so there is no page of one", None);
        }
        Ok(Written::Failed) => {}
        Err(error) => terminal.error(&error.to_string(), error.remedy.as_deref()),
    }
    written.is_ok()
}

/// Puts an explanation into a file.
///
/// # Errors
/// If it cannot be written, or a directory is there.
pub fn write(host: &dyn Host, path: &Utf8Path, bytes: &[u8]) -> Result<()> {
    let cannot = |cause| Error::world("cannot write the explanation", path, cause);
    let there = host.stat(path).map_err(cannot)?;
    match there.map(|stamp| stamp.kind) {
        // A device or a pipe is written to, not replaced.
        Some(Kind::Other) => host.append(path, bytes).map(|_| ()).map_err(cannot),
        Some(Kind::Directory) => Err(cannot(std::io::ErrorKind::IsADirectory.into())),
        Some(Kind::File) | None => host.replace(path, bytes, 0o666).map_err(cannot),
    }
}
