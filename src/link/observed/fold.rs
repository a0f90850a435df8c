//! Walks through the calls in their order and tells what was there before from what the run made.
//!
//! It asks about symbolic links in parents only, through a function it is given, and about nothing else.

use super::special::{Special, classify};
use super::{Habits, lexical};
use crate::host::{Access, Event, Kind, Stamp};
use crate::link::decline::Decline;
use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;
use std::collections::{HashMap, HashSet};

/// What a run looked at that was there, or was not, before it, and what it made.
#[derive(Debug, Default)]
pub struct Folded {
    /// As spelled, in the order of the first look, each look once.
    pub looked: Vec<Looked>,
    /// Paths at which the run left something, as spelled by whoever wrote last, with what path that is. Some are gone again
    /// by the end.
    pub written: IndexMap<Utf8PathBuf, Utf8PathBuf>,
    /// Those of them where something was written into, so that a symbolic link at the path is not what was made.
    pub through: HashSet<Utf8PathBuf>,
    /// Directories that the run made, likewise.
    pub made: IndexMap<Utf8PathBuf, Utf8PathBuf>,
    /// What was there before and was removed, as spelled.
    pub removed: Vec<Utf8PathBuf>,
    /// Names that the run made or removed, by directory.
    pub own: HashMap<Utf8PathBuf, Vec<String>>,
    /// How often each path was opened for reading, before the run put its hand to it.
    pub reads: HashMap<Utf8PathBuf, usize>,
    /// What keeps this run from being recorded, the first of it.
    pub decline: Option<Decline>,
}

/// A look at something that the run did not make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// As spelled.
    pub path: Utf8PathBuf,
    /// Which path that is, whatever the spelling.
    pub place: Utf8PathBuf,
    pub how: How,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum How {
    Read(Stamp),
    Executed(Stamp),
    Listed(Stamp),
    Present(Stamp),
    Absent,
    Link(Option<Utf8PathBuf>),
    Denied,
}

/// What a path has become in the run.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    /// Made, emptied, removed or replaced by the run: what is there, or not, is its own doing.
    Own,
    /// What was there before the run at another place, moved here.
    Moved { from: Utf8PathBuf },
}

struct Fold<'f> {
    root: &'f Utf8Path,
    habits: &'f Habits,
    real_path: &'f mut dyn FnMut(&Utf8Path) -> Option<Utf8PathBuf>,
    parents: HashMap<Utf8PathBuf, Utf8PathBuf>,
    fates: HashMap<Utf8PathBuf, Fate>,
    looked: IndexMap<(Utf8PathBuf, How), Utf8PathBuf>,
    folded: Folded,
}

impl Folded {
    /// `root` is the directory that relative paths start from; `real_path` resolves the links in a directory's path.
    pub fn of(
        events: &[Event],
        root: &Utf8Path,
        habits: &Habits,
        real_path: &mut dyn FnMut(&Utf8Path) -> Option<Utf8PathBuf>,
    ) -> Self {
        let mut fold = Fold {
            root,
            habits,
            real_path,
            parents: HashMap::new(),
            fates: HashMap::new(),
            looked: IndexMap::new(),
            folded: Self::default(),
        };
        for event in events {
            fold.event(event);
        }
        fold.finish()
    }
}

impl Fold<'_> {
    /// The one name of what a path stands for: links in its parents resolved, not one at its end.
    fn place(&mut self, path: &Utf8Path) -> Utf8PathBuf {
        let whole = lexical(self.root, path);
        // What `..` means behind a link is up to the file system.
        let parent = match path.as_str().contains("..") {
            true => self.root.join(path).parent().map(Utf8Path::to_owned),
            false => whole.parent().map(Utf8Path::to_owned),
        };
        let (Some(parent), Some(name)) = (parent, path.file_name()) else {
            return whole;
        };
        if let Some(known) = self.parents.get(&parent) {
            return known.join(name);
        }
        let real = (self.real_path)(&parent).unwrap_or_else(|| lexical(self.root, &parent));
        let place = real.join(name);
        self.parents.insert(parent, real);
        place
    }

    /// Relative to the directory of the run where it can be: the same path, in one spelling less.
    fn spelled<'e>(&self, path: &'e Utf8Path) -> &'e Utf8Path {
        let below = path.as_str().strip_prefix(self.root.as_str());
        match below.and_then(|below| below.strip_prefix('/')) {
            Some(below) if !below.is_empty() && !below.starts_with('/') => Utf8Path::new(below),
            _ => path,
        }
    }

    fn decline(&mut self, decline: Decline) {
        self.folded.decline.get_or_insert(decline);
    }

    fn event(&mut self, event: &Event) {
        let path = self.spelled(&event.path);
        match classify(path) {
            Special::No => {}
            Special::Harmless => return,
            // That it is there says nothing yet.
            Special::Counts if matches!(event.access, Access::Probed(_)) => return,
            Special::Counts => {
                return self.decline(Decline::SpecialFile {
                    path: path.to_owned(),
                });
            }
        }
        let place = self.place(path);
        match &event.access {
            Access::Read(stamp) if stamp.kind == Kind::Directory => {
                self.look(path, place, How::Present(*stamp));
            }
            Access::Read(stamp) if stamp.kind == Kind::Other => {
                if !self.fates.contains_key(&place) {
                    self.decline(Decline::SpecialFile {
                        path: path.to_owned(),
                    });
                }
            }
            Access::Read(stamp) => self.look(path, place, How::Read(*stamp)),
            Access::Executed(stamp) | Access::Loaded(stamp) => {
                self.look(path, place, How::Executed(*stamp));
            }
            Access::Listed(stamp) => self.look(path, place, How::Listed(*stamp)),
            Access::Probed(Some(stamp)) => self.look(path, place, How::Present(*stamp)),
            Access::Probed(None) => self.look(path, place, How::Absent),
            Access::Link(target) => self.look(path, place, How::Link(target.clone())),
            Access::Denied(_) => self.look(path, place, How::Denied),
            // It was opened before, and counts by that.
            Access::Mapped(_) => {}
            Access::Written { before, kept } => self.write(path, place, *before, *kept),
            Access::Made => {
                self.folded.made.insert(place.clone(), path.to_owned());
                self.fates.insert(place, Fate::Own);
            }
            Access::Removed => {
                if !self.fates.contains_key(&place) {
                    self.folded.removed.push(path.to_owned());
                }
                self.folded.written.shift_remove(&place);
                self.folded.through.remove(&place);
                self.folded.made.shift_remove(&place);
                self.fates.insert(place, Fate::Own);
            }
            Access::Renamed { to } => {
                let to = self.spelled(to);
                let target = self.place(to);
                self.rename(path, &place, to, &target);
            }
        }
    }

    /// A look counts only where the run has not put its hand to.
    fn look(&mut self, path: &Utf8Path, place: Utf8PathBuf, how: How) {
        match self.fates.get(&place) {
            None => {
                if !self.is_within_own(&place) {
                    if matches!(how, How::Read(_)) {
                        *self.folded.reads.entry(place.clone()).or_default() += 1;
                    }
                    self.looked.entry((path.to_owned(), how)).or_insert(place);
                }
            }
            Some(Fate::Own) => {}
            Some(Fate::Moved { from }) => {
                let from = from.clone();
                if matches!(how, How::Read(_) | How::Executed(_)) && !self.habits.opens_output {
                    self.decline(Decline::OwnOutput { path: from });
                }
            }
        }
    }

    /// Whether a directory above was made or removed by the run, so that nothing below it can have been there before.
    fn is_within_own(&self, place: &Utf8Path) -> bool {
        let mut above = place.ancestors().skip(1);
        above.any(|folder| self.folded.made.contains_key(folder))
    }

    fn write(&mut self, path: &Utf8Path, place: Utf8PathBuf, before: Option<Stamp>, kept: bool) {
        if before.is_some_and(|stamp| stamp.kind == Kind::Other) {
            // A pipe of the user's: what is written there can't be put back from a record. One of the run's own is fine.
            if !self.fates.contains_key(&place) {
                self.decline(Decline::StrangeOutput {
                    path: path.to_owned(),
                });
            }
            return;
        }
        let old = match self.fates.get(&place) {
            Some(Fate::Own) => None,
            Some(Fate::Moved { from }) => Some(from.clone()),
            None => Some(path.to_owned()),
        };
        if let Some(old) = old
            && before.is_some()
            && kept
            && !self.habits.opens_output
        {
            self.decline(Decline::OwnOutput { path: old });
        }
        self.fates.insert(place.clone(), Fate::Own);
        if before.is_some() {
            self.folded.through.insert(place.clone());
        }
        self.folded.written.insert(place, path.to_owned());
    }

    fn rename(
        &mut self,
        path: &Utf8Path,
        place: &Utf8PathBuf,
        to: &Utf8Path,
        target: &Utf8PathBuf,
    ) {
        // A directory takes with it what is in it.
        let below = |map: &IndexMap<Utf8PathBuf, Utf8PathBuf>| -> Vec<Utf8PathBuf> {
            map.keys()
                .filter(|key| *key != place && key.starts_with(place))
                .cloned()
                .collect()
        };
        for old in below(&self.folded.written) {
            let rest = old.strip_prefix(place).unwrap_or(&old).to_owned();
            self.folded.written.shift_remove(&old);
            self.fates.insert(old, Fate::Own);
            self.fates.insert(target.join(&rest), Fate::Own);
            self.folded
                .written
                .insert(target.join(&rest), to.join(&rest));
        }
        for old in below(&self.folded.made) {
            let rest = old.strip_prefix(place).unwrap_or(&old).to_owned();
            self.folded.made.shift_remove(&old);
            self.fates.insert(target.join(&rest), Fate::Own);
            self.folded.made.insert(target.join(&rest), to.join(&rest));
        }
        if self.folded.made.shift_remove(place).is_some() {
            self.folded.made.insert(target.clone(), to.to_owned());
        }
        let was_written = self.folded.written.shift_remove(place).is_some();
        self.folded.through.remove(place);
        self.folded.through.remove(target);
        let moved = match self.fates.insert(place.clone(), Fate::Own) {
            None => Some(path.to_owned()),
            Some(Fate::Moved { from }) => Some(from),
            Some(Fate::Own) => None,
        };
        let fate = match moved {
            Some(from) if self.place(&from) == *target => None,
            Some(from) => Some(Fate::Moved { from }),
            None => Some(Fate::Own),
        };
        if was_written {
            self.folded.written.insert(target.clone(), to.to_owned());
        }
        match fate {
            // Moved away and back.
            None => {
                self.fates.remove(target);
            }
            Some(fate) => {
                self.fates.insert(target.clone(), fate);
            }
        }
    }

    fn finish(mut self) -> Folded {
        let moved = self.fates.iter().find_map(|(place, fate)| match fate {
            Fate::Moved { from } => Some((place.clone(), from.clone())),
            Fate::Own => None,
        });
        if let Some((_, from)) = moved {
            self.decline(Decline::ConsumesInput { path: from });
        }
        for ((path, how), place) in std::mem::take(&mut self.looked) {
            if self.fates.contains_key(&place) {
                self.judge_own(&path, &place, &how);
            } else {
                self.folded.looked.push(Looked { path, place, how });
            }
        }
        for place in self.fates.keys() {
            if let (Some(parent), Some(name)) = (place.parent(), place.file_name()) {
                let names = self.folded.own.entry(parent.to_owned()).or_default();
                names.push(name.to_owned());
            }
        }
        for names in self.folded.own.values_mut() {
            names.sort_unstable();
        }
        self.folded
    }

    /// A look at something that the run wrote or removed only later.
    fn judge_own(&mut self, path: &Utf8Path, place: &Utf8Path, how: &How) {
        let spelled = self.folded.written.get(place);
        // As text: to paths, `./x` and `x` are equal.
        let same = |one: &Utf8Path, other: &Utf8Path| {
            self.root.join(one).as_str() == self.root.join(other).as_str()
        };
        let as_written = spelled.is_some_and(|spelled| same(spelled, path));
        let name = place.file_name().unwrap_or_default();
        let wanted = self.habits.libraries.is_some() && self.habits.searches(name);
        match how {
            // Once, on the way to replacing it. A linker that also takes it for an input opens it twice.
            How::Read(_)
                if self.habits.opens_output && as_written && self.folded.reads[place] == 1 => {}
            How::Read(_) | How::Executed(_) => {
                self.decline(Decline::OwnOutput {
                    path: path.to_owned(),
                });
            }
            // Looked for as a library is, in a directory that is searched: under another name than it was then written, or
            // it is the name of a library that this link wants. The next time it is there.
            How::Absent if spelled.is_some() && (!as_written || wanted) => {
                self.decline(Decline::OwnOutput {
                    path: path.to_owned(),
                });
            }
            _ => {}
        }
    }
}
