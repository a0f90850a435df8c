//! Compares a linker's report with what was seen of the linker.
//!
//! What a report leaves out is no alarm: each leaves out something. What it names and nobody saw is one, for then the
//! observation has a hole, except in the cases where reports name what is no file (see [`Naming`]), and for files that the
//! linker and its helpers made themselves, such as those of link-time optimization.
//! This module does not know which linker wrote the report.

use super::{Naming, Report, ReportedFile};
use crate::host::{Access, Event, Host};
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use std::collections::{BTreeSet, HashSet};

/// What was seen of a linker, as far as its report can name it. Paths are compared as absolute ones without `.`; symbolic
/// links and `..` stay as they are, since a linker reports a path as it opened it.
#[derive(Clone, Debug)]
pub struct Sight {
    root: Utf8PathBuf,
    read: BTreeSet<Utf8PathBuf>,
    /// Where the linker looked, in any way.
    looked: HashSet<Utf8PathBuf>,
    listed: HashSet<Utf8PathBuf>,
    absent: HashSet<Utf8PathBuf>,
    made: HashSet<Utf8PathBuf>,
}

/// What a report names and nobody saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The report says that the file was read.
    Read(ReportedFile),
    /// The report says that something was looked for here in vain.
    Missed(Utf8PathBuf),
}

impl Alarm {
    pub fn path(&self) -> &Utf8Path {
        match self {
            Self::Read(file) => &file.path,
            Self::Missed(path) => path,
        }
    }
}

impl Sight {
    /// `root` is the absolute directory in which the linker ran.
    pub fn new(root: &Utf8Path) -> Self {
        Self {
            root: root.to_owned(),
            read: BTreeSet::new(),
            looked: HashSet::new(),
            listed: HashSet::new(),
            absent: HashSet::new(),
            made: HashSet::new(),
        }
    }

    /// What the calls of an observed program show.
    pub fn of(events: &[Event], root: &Utf8Path) -> Self {
        let mut sight = Self::new(root);
        for event in events {
            match &event.access {
                Access::Read(_) | Access::Executed(_) | Access::Loaded(_) => {
                    sight.read(&event.path)
                }
                Access::Listed(_) => sight.listed(&event.path),
                Access::Probed(None) => sight.absent(&event.path),
                Access::Probed(Some(_)) | Access::Link(_) | Access::Denied(_) => {
                    sight.looked(&event.path);
                }
                Access::Written { .. } => sight.made(&event.path),
                Access::Renamed { to } => sight.made(to),
                Access::Made | Access::Removed | Access::Mapped(_) => {}
            }
        }
        sight
    }

    pub fn read(&mut self, path: &Utf8Path) {
        let path = self.plain(path);
        self.looked.insert(path.clone());
        self.read.insert(path);
    }

    /// A place was looked at, whatever was there.
    pub fn looked(&mut self, path: &Utf8Path) {
        let path = self.plain(path);
        self.looked.insert(path);
    }

    /// Nothing was there, and so nothing below it.
    pub fn absent(&mut self, path: &Utf8Path) {
        let path = self.plain(path);
        self.looked.insert(path.clone());
        self.absent.insert(path);
    }

    pub fn listed(&mut self, path: &Utf8Path) {
        let path = self.plain(path);
        self.listed.insert(path);
    }

    pub fn made(&mut self, path: &Utf8Path) {
        let path = self.plain(path);
        self.made.insert(path);
    }

    /// What the report names and this sight has not. `host` is asked for the members of archives that were read, where the
    /// report may name one.
    pub fn disagreement(&self, report: &Report, host: &dyn Host) -> Vec<Alarm> {
        let mut members = None;
        let mut alarms = Vec::new();
        for file in &report.read {
            let path = self.plain(&file.path);
            let known = self.read.contains(&path)
                || self.made.contains(&path)
                || match file.naming {
                    Naming::Path => false,
                    Naming::CleanedPath => self.is_cleaned(&path),
                    Naming::SlashedPath => self.is_slashed(&path),
                    Naming::PathOrWritten => self.is_written(&file.path),
                    Naming::PathOrMember => members
                        .get_or_insert_with(|| self.members(host))
                        .contains(file.path.as_str()),
                    Naming::PathOrLibraryMember => self.is_in_library(file.path.as_str()),
                };
            if !known {
                alarms.push(Alarm::Read(file.clone()));
            }
        }
        for missed in &report.missed {
            let path = self.plain(missed);
            // A linker that lists directories looks for names in the lists, and in none where there is no directory.
            let known = self.looked.contains(&path)
                || path
                    .parent()
                    .is_some_and(|parent| self.listed.contains(parent))
                || path
                    .ancestors()
                    .any(|ancestor| self.absent.contains(ancestor));
            if !known {
                alarms.push(Alarm::Missed(missed.clone()));
            }
        }
        alarms
    }

    fn plain(&self, path: &Utf8Path) -> Utf8PathBuf {
        let absolute = self.root.join(path);
        let parts = absolute.components();
        parts
            .filter(|part| !matches!(part, Utf8Component::CurDir))
            .collect()
    }

    fn is_slashed(&self, path: &Utf8Path) -> bool {
        self.read
            .iter()
            .filter(|read| read.as_str().contains('\\') || read.as_str().contains(".."))
            .map(|read| self.plain(read.as_str().replace('\\', "/").as_ref()))
            .any(|read| read == path || cleaned(&read) == path)
    }

    fn is_cleaned(&self, path: &Utf8Path) -> bool {
        self.read
            .iter()
            .filter(|read| read.as_str().contains(".."))
            .any(|read| cleaned(read) == path)
    }

    /// Whether a file was read whose path ends in what was written.
    fn is_written(&self, written: &Utf8Path) -> bool {
        let written: Utf8PathBuf = written
            .components()
            .filter(|part| !matches!(part, Utf8Component::CurDir))
            .collect();
        written.is_relative() && self.read.iter().any(|read| read.ends_with(&written))
    }

    /// Whether a library was read of which `library(member)` may be a member.
    fn is_in_library(&self, name: &str) -> bool {
        name.match_indices('(').any(|(at, _)| {
            let library = Utf8Path::new(&name[..at]);
            self.read
                .iter()
                .any(|read| read.file_name() == library.file_name())
        })
    }

    /// The names of the members of all archives that were read, as far as they still can be.
    fn members(&self, host: &dyn Host) -> HashSet<String> {
        let mut members = HashSet::new();
        for path in &self.read {
            let Ok(bytes) = host.read(path) else { continue };
            let Ok(archive) = super::archive(&bytes) else {
                continue;
            };
            members.extend(archive.members.iter().map(|member| member.name.to_owned()));
        }
        members
    }
}

/// A path without `..` and what precedes it, which is another file where that is a symbolic link.
fn cleaned(path: &Utf8Path) -> Utf8PathBuf {
    let mut clean = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}
