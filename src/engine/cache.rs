//! Where the state of a project lies, and the lock that keeps two builds apart.

use super::{Engine, Goal, Request, Target};
use crate::digest::Digest;
use crate::explain::Notice;
use crate::host::Lock;
use camino::{Utf8Path, Utf8PathBuf};
use std::io;

/// The state of a project lies here unless somebody says otherwise.
const DEFAULT: &str = "target/kiln";
/// In the default folder: where `kiln.toml` has moved the state to, so that the proof is found without parsing it.
const MOVED: &str = "moved-to";

/// The folders of one request.
pub(super) struct Cache {
    pub directory: Utf8PathBuf,
    /// The proof of this request.
    pub proof: Utf8PathBuf,
    /// `kiln.toml` has no say.
    explicit: bool,
}

/// The lock, if it could be had.
pub(super) struct Locked {
    pub lock: Option<Lock>,
    /// Another process held it first.
    pub waited: bool,
    pub notices: Vec<Notice>,
}

impl Engine {
    /// Where the state for this request lies, as far as can be known before `kiln.toml` is read.
    pub(super) fn locate(&self, request: &Request) -> Cache {
        let moved = || {
            let bytes = self.host.read(&Utf8Path::new(DEFAULT).join(MOVED)).ok()?;
            std::str::from_utf8(&bytes)
                .ok()
                .map(|text| Utf8PathBuf::from(text.trim()))
        };
        let explicit = self.cache.is_some();
        let directory = self
            .cache
            .clone()
            .or_else(moved)
            .unwrap_or_else(|| DEFAULT.into());
        Cache {
            proof: proof_path(&directory, request),
            directory,
            explicit,
        }
    }

    /// Follows `[cache] dir`, now that `kiln.toml` is read. Gives whether the state lies elsewhere than was thought.
    pub(super) fn relocate(
        &self,
        request: &Request,
        cache: &mut Cache,
        configured: Option<&Utf8Path>,
    ) -> io::Result<()> {
        let wanted = configured.unwrap_or(Utf8Path::new(DEFAULT));
        if cache.explicit || cache.directory == wanted || request.dry_run || !request.cache {
            return Ok(());
        }
        let pointer = Utf8Path::new(DEFAULT).join(MOVED);
        match configured {
            Some(directory) => self
                .host
                .replace(&pointer, directory.as_str().as_bytes(), 0o666)?,
            None => self.host.remove(&pointer)?,
        }
        *cache = Cache {
            proof: proof_path(wanted, request),
            directory: wanted.to_owned(),
            explicit: false,
        };
        Ok(())
    }

    /// Takes the lock of the cache. That it cannot be had is no reason not to build.
    pub(super) fn lock(&self, request: &Request, cache: &Cache) -> Locked {
        let mut locked = Locked {
            lock: None,
            waited: false,
            notices: Vec::new(),
        };
        if request.dry_run || !request.cache {
            return locked;
        }
        let waited = &mut locked.waited;
        let taken = self
            .host
            .lock(&cache.directory.join("lock"), &mut |holder| {
                *waited = true;
                self.progress.waiting(holder);
            });
        match taken {
            Ok(lock) => locked.lock = Some(lock),
            Err(error) => locked.notices.push(unwritable(&cache.directory, &error)),
        }
        locked
    }

    /// Marks the folder as one that backups and version control may leave out.
    pub(super) fn mark(&self, cache: &Cache) -> io::Result<()> {
        const TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds the state of kiln. Removing it costs time only.\n";
        for (name, text) in [("CACHEDIR.TAG", TAG), (".gitignore", "*\n")] {
            let path = cache.directory.join(name);
            if self.host.stat(&path)?.is_none() {
                self.host.replace(&path, text.as_bytes(), 0o666)?;
            }
        }
        Ok(())
    }
}

/// One proof for each way to ask.
fn proof_path(directory: &Utf8Path, request: &Request) -> Utf8PathBuf {
    let (kind, name) = match &request.target {
        Target::Default => ("default", ""),
        Target::Executable(name) => ("executable", name.as_str()),
        Target::File(path) => ("file", path.as_str()),
    };
    let output = request.output.as_ref().map_or("", |path| path.as_str());
    let profile = if request.release { "release" } else { "dev" };
    let goal = match request.goal {
        Goal::Build => "build",
        Goal::Check => "check",
    };
    let request_parts = [kind, name, output, profile, goal].into_iter();
    let options = request.options.iter();
    let options = options.flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    let key = Digest::of_parts(request_parts.chain(options).map(str::as_bytes));
    directory.join("proofs").join(&key.to_string()[..32])
}

/// The state cannot be kept: said once, and the build goes on.
pub(super) fn unwritable(directory: &Utf8Path, error: &io::Error) -> Notice {
    Notice {
        code: "store-unwritable",
        message: format!(
            "the cache {directory} cannot be written ({error}), so this build is not remembered"
        ),
        remedy: Some("make the folder writable, or choose another with --cache-dir".to_owned()),
    }
}
