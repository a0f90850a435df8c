//! Where a linker searches: the directories of its arguments and its own, with the system root taken into account.

use super::{Linker, Unmodelled};
use crate::host::Host;
use crate::rule::{Directory, Does, Prefixes, Word};
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

const REMEDY: &str = "spell the directory out, or build where programs can be observed";

/// All places of one link.
pub(super) struct Places {
    sysroot: Option<String>,
    prefixes: Prefixes,
    command_line: Vec<Utf8PathBuf>,
    defaults: Vec<Utf8PathBuf>,
    pub(super) built_in: Vec<Utf8PathBuf>,
}

impl Places {
    pub(super) fn of(linker: &Linker<'_>, words: &[Word]) -> Result<Self, Unmodelled> {
        let mut of_kind = words.iter().rev().filter(|word| word.does == Does::Sysroot);
        // An empty one, or the root itself, changes nothing.
        let sysroot = of_kind
            .next()
            .map(|word| word.value.trim_end_matches('/').to_owned())
            .filter(|sysroot| !sysroot.is_empty());
        let prefixes = &linker.search.prefixes;
        let mut places = Self {
            sysroot,
            prefixes: prefixes.clone(),
            command_line: Vec::new(),
            defaults: Vec::new(),
            built_in: Vec::new(),
        };
        if prefixes.absolute_if_present && places.sysroot.is_some() {
            return Err(Unmodelled::new(
                "the system root",
                "changes every absolute path",
                REMEDY,
            ));
        }
        for word in words.iter().filter(|word| word.does == Does::Search) {
            let mut directory = places.directory(&word.value)?;
            if linker.search.cleans {
                directory = cleaned(&directory);
            }
            places.command_line.push(directory);
        }
        places.built_in = linker
            .built_in
            .iter()
            .map(|directory| match directory.strip_prefix('=') {
                Some(rest) => places.in_sysroot(rest),
                None => directory.into(),
            })
            .collect();
        if words.iter().any(|word| word.does == Does::NoDefaults) {
            return Ok(places);
        }
        for directory in &linker.search.defaults {
            match directory {
                Directory::BuiltIn => places.defaults.extend(places.built_in.iter().cloned()),
                Directory::Path(path) => {
                    let path = match path.strip_prefix('=') {
                        Some(rest) => places.in_sysroot(rest),
                        None => path.into(),
                    };
                    places.defaults.push(path);
                }
                _ => {
                    return Err(Unmodelled::new(
                        "the linker's own directories",
                        "cannot be told from its rule",
                        "build where programs can be observed",
                    ));
                }
            }
        }
        Ok(places)
    }

    pub(super) fn has_sysroot(&self) -> bool {
        self.sysroot.is_some()
    }

    /// The directories of the command line, and the linker's own.
    pub(super) fn searched(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        self.command_line.iter().chain(&self.defaults)
    }

    /// A path in the system root, if there is one.
    pub(super) fn in_sysroot(&self, path: &str) -> Utf8PathBuf {
        let root = self.sysroot.as_deref().unwrap_or_default();
        let slash = if path.starts_with('/') || root.is_empty() {
            ""
        } else {
            "/"
        };
        format!("{root}{slash}{path}").into()
    }

    /// The value of a `-L`.
    fn directory(&self, spelled: &str) -> Result<Utf8PathBuf, Unmodelled> {
        let prefixes = &self.prefixes;
        let rest = prefixes
            .search
            .iter()
            .find_map(|prefix| spelled.strip_prefix(prefix.as_str()));
        let Some(rest) = rest else {
            if spelled.is_empty() {
                return Err(Unmodelled::new("-L", "names no directory", "name one"));
            }
            return Ok(spelled.into());
        };
        let usable = self.sysroot.is_some() || prefixes.removed_without;
        if prefixes.needs_slash && !rest.starts_with('/') || !usable || rest.is_empty() {
            return Err(Unmodelled::new(
                format!("-L{spelled}"),
                "is read differently by each linker",
                REMEDY,
            ));
        }
        Ok(self.in_sysroot(rest))
    }

    /// Directories, in order. `script` is the script in question.
    pub(super) fn all<'d>(
        &self,
        listed: impl IntoIterator<Item = &'d Directory>,
        script: Option<&Utf8Path>,
    ) -> Result<Vec<Utf8PathBuf>, Unmodelled> {
        let mut all = Vec::new();
        for directory in listed {
            match (directory, script) {
                (Directory::CommandLine, _) => {
                    all.extend(self.searched().cloned());
                }
                // Joined to a name it is the name.
                (Directory::Working, _) => all.push(Utf8PathBuf::new()),
                (Directory::Script, Some(script)) => {
                    all.push(script.parent().map(Utf8Path::to_owned).unwrap_or_default());
                }
                _ => {
                    return Err(Unmodelled::new(
                        script.map_or("a directory", Utf8Path::as_str),
                        "is searched in a way that is not modelled",
                        "build where programs can be observed",
                    ));
                }
            }
        }
        Ok(all)
    }

    /// Linkers differ in whether the directory of a script is that of the link or of the file.
    pub(super) fn check_script(
        &self,
        script: &Utf8Path,
        host: &dyn Host,
    ) -> Result<(), Unmodelled> {
        let directory = match script.parent() {
            Some(parent) if !parent.as_str().is_empty() => parent,
            _ => Utf8Path::new("."),
        };
        let real = host.real_path(script).ok();
        let real_directory = host.real_path(directory).ok();
        if real.as_deref().and_then(Utf8Path::parent) != real_directory.as_deref() {
            return Err(Unmodelled::new(
                script.as_str(),
                "is a script behind a symbolic link to another directory",
                "put the script itself there",
            ));
        }
        Ok(())
    }

    /// Where a linker looks for a name in a script.
    pub(super) fn script_input(
        &self,
        name: &str,
        script: &Utf8Path,
        listed: &[Directory],
        host: &dyn Host,
    ) -> Result<Vec<Utf8PathBuf>, Unmodelled> {
        let unclear = || {
            Unmodelled::new(
                name,
                format!("in {script} is read differently by each linker"),
                REMEDY,
            )
        };
        if let Some(rest) = name.strip_prefix('=') {
            let usable = self.prefixes.script_prefix && self.sysroot.is_some();
            return match usable && rest.starts_with('/') {
                true => Ok(vec![self.in_sysroot(rest)]),
                false => Err(unclear()),
            };
        }
        if name.starts_with('$') {
            return Err(unclear());
        }
        if !name.starts_with('/') {
            let directories = self.all(listed, Some(script))?;
            let joined = directories.iter().map(|directory| directory.join(name));
            return Ok(joined.collect());
        }
        let Some(sysroot) = &self.sysroot else {
            return Ok(vec![name.into()]);
        };
        let spelled_inside = script.starts_with(sysroot);
        let real_inside = match (host.real_path(script), host.real_path(sysroot.as_ref())) {
            (Ok(script), Ok(sysroot)) => script.starts_with(sysroot),
            _ => return Err(unclear()),
        };
        match (spelled_inside, real_inside) {
            (true, true) if self.prefixes.script_absolute => Ok(vec![self.in_sysroot(name)]),
            (false, false) => Ok(vec![name.into()]),
            _ => Err(unclear()),
        }
    }
}

/// The path without `.`, and without `..` and what precedes it.
fn cleaned(path: &Utf8Path) -> Utf8PathBuf {
    let mut clean = Utf8PathBuf::new();
    for part in path.components() {
        match (part, clean.components().next_back()) {
            (Utf8Component::CurDir, _)
            | (Utf8Component::ParentDir, Some(Utf8Component::RootDir)) => {}
            (Utf8Component::ParentDir, Some(Utf8Component::Normal(_))) => {
                clean.pop();
            }
            _ => clean.push(part),
        }
    }
    if clean.as_str().is_empty() {
        ".".into()
    } else {
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn parents_are_taken_away_where_there_is_one() {
        for (path, clean) in [
            ("a/../c", "c"),
            ("./a/./b/", "a/b"),
            ("../a/..", ".."),
            ("a/..", "."),
            ("/usr/lib/gcc/../x", "/usr/lib/x"),
            ("/../x", "/x"),
        ] {
            assert_eq!(cleaned(path.as_ref()), clean, "{path}");
        }
    }
}
