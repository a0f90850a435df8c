//! Libraries that only shared libraries need: GNU ld opens them for a program, the others do not.
//!
//! It looks for them where the system's loader would, roughly, and only for those that no input is. An input under
//! `--as-needed` may turn out not to be needed, and then GNU ld looks for it too; that is decided by symbols, so here it is
//! always looked for. What is found is therefore possible, not certain. Seen with GNU ld 2.40 and strace.

use super::Unmodelled;
use super::walk::Walk;
use crate::observe::Role;
use crate::rule::{Directory, Does, Word};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;

const CONFIGURATION: &str = "/etc/ld.so.conf";

const REMEDY: &str = "name the library with `-l`, or build where programs can be observed";

impl Walk<'_, '_> {
    pub(super) fn needed(&mut self, words: &[Word]) -> Result<(), Unmodelled> {
        const NO_PROGRAM: &[&str] = &["shared", "Bshareable", "r", "i", "relocatable"];
        let Some(rule) = &self.linker.search.needed else {
            return Ok(());
        };
        let no_program = words
            .iter()
            .any(|word| NO_PROGRAM.contains(&word.argument.trim_start_matches('-')));
        if rule.programs_only && no_program {
            return Ok(());
        }
        let sure: BTreeSet<String> = self
            .shared
            .iter()
            .filter(|taken| !taken.as_needed)
            .filter_map(|taken| {
                let name = taken.library.soname.as_deref().or(taken.path.file_name());
                name.map(str::to_owned)
            })
            .collect();
        let mut pending: Vec<(String, Vec<String>)> = self
            .shared
            .iter()
            .flat_map(|taken| {
                let library = &taken.library;
                let needed = library.needed.iter().cloned();
                needed.map(|name| (name, library.paths.clone()))
            })
            .collect();
        pending.reverse();
        let mut looked = BTreeSet::new();
        while let Some((name, paths)) = pending.pop() {
            if sure.contains(&name) || !looked.insert((name.clone(), paths.clone())) {
                continue;
            }
            if self.places.has_sysroot() {
                return Err(Unmodelled::new(
                    name,
                    "is needed by a library, and the search for it in a system root is not modelled",
                    REMEDY,
                ));
            }
            let directories = self.loader_directories(&rule.directories, &paths, words)?;
            for directory in directories {
                let path = directory.join(&name);
                let note = "a shared library needs it";
                if let Some(library) = self.needed_at(&path, note)? {
                    let needed = library.needed.into_iter();
                    pending.extend(needed.map(|name| (name, library.paths.clone())));
                    break;
                }
            }
        }
        Ok(())
    }

    fn loader_directories(
        &mut self,
        listed: &[Directory],
        runpath: &[String],
        words: &[Word],
    ) -> Result<Vec<Utf8PathBuf>, Unmodelled> {
        let named: Vec<&Word> = words
            .iter()
            .filter(|word| word.does == Does::NeededSearch)
            .collect();
        let (links, paths): (Vec<&Word>, Vec<&Word>) = named
            .iter()
            .partition(|word| word.argument.contains("rpath-link"));
        let mut directories = Vec::new();
        for directory in listed {
            match directory {
                Directory::NeededSearch => {
                    for word in links.iter().chain(&paths) {
                        directories.extend(listed_in(&word.value, &word.argument)?);
                    }
                }
                // It stands for the option.
                Directory::Variable(name) if name == "LD_RUN_PATH" && !named.is_empty() => {}
                Directory::Variable(name) => {
                    let value = self.reader.variable(name, "the linker searches in it");
                    let value = value.unwrap_or_default();
                    directories.extend(listed_in(&value, name)?);
                }
                Directory::Runpath => {
                    for path in runpath {
                        directories.extend(listed_in(path, "DT_RUNPATH")?);
                    }
                }
                Directory::LoaderConfiguration => directories.extend(self.configured()?),
                Directory::BuiltIn => directories.extend(self.places.built_in.iter().cloned()),
                _ => {
                    return Err(Unmodelled::new(
                        "a library that libraries need",
                        "is searched in a way that is not modelled",
                        REMEDY,
                    ));
                }
            }
        }
        Ok(directories)
    }

    /// The directories of `/etc/ld.so.conf` and the files that it includes.
    fn configured(&mut self) -> Result<Vec<Utf8PathBuf>, Unmodelled> {
        let mut directories = Vec::new();
        // What is still to be read, the next last; the second says that the file is included, and includes none.
        let mut pending = vec![(Utf8PathBuf::from(CONFIGURATION), false)];
        while let Some((path, included)) = pending.pop() {
            let text = self.configuration(&path)?;
            let strange = |line: &str| {
                Unmodelled::new(path.as_str(), format!("has the line `{line}`"), REMEDY)
            };
            for line in text.lines() {
                let line = line.split('#').next().unwrap_or_default().trim();
                match line.strip_prefix("include") {
                    _ if line.is_empty() => {}
                    Some(pattern) if !included && pattern.starts_with([' ', '\t']) => {
                        let pattern = Utf8Path::new(pattern.trim());
                        let folder = pattern.parent().filter(|_| {
                            pattern.is_absolute() && pattern.file_name() == Some("*.conf")
                        });
                        let folder = folder.ok_or_else(|| strange(line))?;
                        let names =
                            self.reader
                                .list(folder, Role::Link, "where the loader searches");
                        let names = names.map_err(|_| strange(line))?.unwrap_or_default();
                        let files = names.iter().rev().filter(|name| name.ends_with(".conf"));
                        pending.extend(files.map(|name| (folder.join(name), true)));
                    }
                    _ if line.starts_with('/') && !line.contains([' ', '\t', ':', ',', '=']) => {
                        directories.push(line.into());
                    }
                    _ => return Err(strange(line)),
                }
            }
        }
        Ok(directories)
    }
}

/// The directories in a value, between colons.
fn listed_in(value: &str, name: &str) -> Result<Vec<Utf8PathBuf>, Unmodelled> {
    if value.is_empty() {
        return Ok(Vec::new());
    }
    // `$ORIGIN` and empty places.
    let strange = value.contains('$') || value.split(':').any(str::is_empty);
    if strange {
        return Err(Unmodelled::new(
            format!("{name} {value}"),
            "is read in a way that is not modelled",
            REMEDY,
        ));
    }
    Ok(value.split(':').map(Utf8PathBuf::from).collect())
}
