//! Libraries by name: each place and each file name in the linker's order, until one serves.

use super::Unmodelled;
use super::input::Input;
use super::walk::{Opened, REMEDY, Walk, no_scripts};
use crate::rule::{Directory, Order, Outcome};
use camino::{Utf8Path, Utf8PathBuf};

impl Walk<'_, '_> {
    /// `-lNAME`; `script` is the script that says so, which lies in a directory, and how deep it is.
    pub(super) fn library(
        &mut self,
        name: &str,
        script: Option<(&Utf8Path, usize)>,
    ) -> Result<(), Unmodelled> {
        if let Some(file) = name.strip_prefix(':') {
            return self.exact(file, script);
        }
        let search = self.linker.search;
        let spelled = format!("-l{name}");
        if name.is_empty() || name.starts_with('=') || name.contains('/') {
            return Err(Unmodelled::new(
                spelled,
                "is read differently by each linker",
                "name the library only",
            ));
        }
        let directories = self.searched(script)?;
        let archives = &search.candidates.archive;
        let shared: &[String] = if self.state.only_static || self.always_static {
            &[]
        } else {
            &search.candidates.shared
        };
        let file = |pattern: &String| pattern.replace("{}", name);
        let candidates: Vec<Utf8PathBuf> = match search.order {
            Order::ByDirectory => directories
                .iter()
                .flat_map(|directory| {
                    let files = shared.iter().chain(archives).map(file);
                    files.map(|file| directory.join(file))
                })
                .collect(),
            Order::ByKind => [shared, archives]
                .iter()
                .flat_map(|kind| {
                    let files = |directory: &Utf8PathBuf| {
                        let directory = directory.clone();
                        kind.iter().map(file).map(move |file| directory.join(file))
                    };
                    directories.iter().flat_map(files)
                })
                .collect(),
            Order::ByName => {
                return Err(Unmodelled::new(
                    spelled,
                    "is not known to this linker",
                    REMEDY,
                ));
            }
        };
        self.first(&spelled, candidates, script)
    }

    /// `-l:FILE`.
    pub(super) fn exact(
        &mut self,
        file: &str,
        script: Option<(&Utf8Path, usize)>,
    ) -> Result<(), Unmodelled> {
        let search = self.linker.search;
        let spelled = format!("-l:{file}");
        let slash = file.contains('/') && !search.exact_with_slash;
        if !search.exact || slash || file.is_empty() || file.starts_with(['/', '=']) {
            return Err(Unmodelled::new(
                spelled,
                "is not understood by every linker",
                "name the file only",
            ));
        }
        let directories = self.searched(script)?;
        let candidates = directories.iter().map(|directory| directory.join(file));
        self.first(&spelled, candidates.collect(), script)
    }

    /// Where a library is searched.
    fn searched(&self, script: Option<(&Utf8Path, usize)>) -> Result<Vec<Utf8PathBuf>, Unmodelled> {
        let search = self.linker.search;
        let command_line = [Directory::CommandLine];
        let listed = match (script, &search.scripts) {
            (Some(_), Some(scripts)) => &scripts.library[..],
            (Some((script, _)), None) => return Err(no_scripts(script)),
            (None, _) => &command_line,
        };
        let listed = search.before.iter().chain(listed);
        self.places.all(listed, script.map(|(script, _)| script))
    }

    /// The first candidate that serves.
    fn first(
        &mut self,
        spelled: &str,
        candidates: Vec<Utf8PathBuf>,
        script: Option<(&Utf8Path, usize)>,
    ) -> Result<(), Unmodelled> {
        let unsuitable = self.linker.search.unsuitable;
        let mut skipped: Option<Utf8PathBuf> = None;
        for path in candidates {
            // A linker that goes by lists of names goes on with the next directory.
            if self.linker.search.lists
                && skipped
                    .as_deref()
                    .is_some_and(|skipped| skipped.parent() == path.parent())
            {
                continue;
            }
            let (outcome, what) = match self.open(&path, spelled)? {
                Opened::Nothing => continue,
                Opened::Directory => (unsuitable.directory, "is a directory"),
                Opened::File(bytes) => match self.classify(&path, &bytes)? {
                    Input::Foreign => {
                        self.opened(&path);
                        if self.linker.search.lists && bytes.starts_with(b"!<") {
                            // Such a linker finds out when a member is needed, and goes on only then.
                            let why =
                                "is an archive for another machine, which symbols decide about";
                            return Err(Unmodelled::new(path, why, "remove it from the directory"));
                        }
                        (unsuitable.wrong_architecture, "is for another machine")
                    }
                    input => return self.take(path, input, script.map_or(0, |(_, depth)| depth)),
                },
            };
            if outcome != Outcome::Skipped {
                return Err(Unmodelled::new(path, what, "remove it from the directory"));
            }
            skipped = Some(path);
        }
        Err(Unmodelled::new(
            spelled,
            "is found nowhere",
            "name its directory with `-L`",
        ))
    }
}
