//! Links whose tool runs as a program under observation: from the calls that were seen to what the result rests on.
//!
//! [`Folded::of`] tells inputs from what the tools made themselves, by the order of the calls alone. [`Folded::settle`]
//! compares that with the world after the run, and digests. Nothing here runs a program, knows a linker by name, or writes
//! a file.
//!
//! The rules, in short. The first access to a path decides: what was there before anything wrote to it is an input, and a
//! path that only came to be during the run is none, whatever it is called; so random names of temporary files need no
//! list. A probe of a path that the run then writes is none either, since every linker looks at the output before it
//! replaces it; but reading the old bytes is, and then the link is declined. What was only looked at and never read counts
//! by its size and permissions: existence decides searches, and no linker is known to go by times. What was read counts by
//! its bytes only.

mod fold;
mod given;
mod settle;
mod special;
#[cfg(test)]
mod tests;

pub use fold::{Folded, How, Looked};
pub use given::Given;
pub use settle::{Output, OutputKind, Settled};

use super::decline::Decline;
use crate::host::{Host, Kind, Observed};
use crate::observe::Known;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What must be known of a tool to judge what it did.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    /// It opens its old output and never reads it: to write all of it anew without making a file (mold, wild), or to keep
    /// it while it is removed, which then costs nobody time (lld).
    pub opens_output: bool,
    /// The libraries that it searches, `:name` for one whose file has just that name; `None` if nobody knows.
    pub libraries: Option<Vec<String>>,
    /// Where it makes its temporary files, links resolved. Where nothing else of a run lies in such a directory, a listing of
    /// it (make looks whether a file is there by listing) says nothing but what others do at the same time.
    pub temporary: Vec<Utf8PathBuf>,
    /// Nothing is known of it: the times of files that it looked at may count.
    pub unknown: bool,
    /// Variables that it goes through to find programs. Not the value counts, but what each name that was looked for in
    /// one of the directories stands for.
    pub search: Vec<String>,
}

impl Habits {
    /// Whether a search for libraries could find a file of this name.
    fn searches(&self, name: &str) -> bool {
        // What drivers add by themselves.
        const IMPLIED: &[&str] = &["c", "gcc", "gcc_s", "gcc_eh", "m", "stdc++", "c++"];
        let Some(libraries) = &self.libraries else {
            return name.starts_with("lib") || name.ends_with(".lib");
        };
        let implied = IMPLIED.iter().copied();
        let mut all = libraries.iter().map(String::as_str).chain(implied);
        let stem = name.split('.').next().unwrap_or_default();
        all.any(|library| match library.strip_prefix(':') {
            Some(exact) => name == exact,
            None => {
                stem.strip_prefix("lib") == Some(library)
                    || name.strip_suffix(".lib") == Some(library.trim_end_matches(".lib"))
            }
        })
    }
}

/// The names in some directories before the run. A tool that lists a directory in which it then makes files itself saw what
/// nobody can see afterwards, unless it was noted before.
pub type Listings = HashMap<Utf8PathBuf, Vec<String>>;

/// The names in the directories that a command line names, before it runs: the current one, and those of files and
/// searches.
pub fn listings<'w>(host: &dyn Host, words: impl Iterator<Item = &'w str>) -> Listings {
    let mut folders = BTreeSet::from([Utf8PathBuf::from(".")]);
    for word in words {
        let path = ["-L", "-F", "-B", "-o"]
            .iter()
            .find_map(|option| word.strip_prefix(option))
            .unwrap_or(word);
        folders.insert(path.into());
        if let Some(parent) = Utf8Path::new(path).parent() {
            folders.insert(parent.to_owned());
        }
    }
    let mut listings = Listings::new();
    for folder in folders {
        let is_folder =
            matches!(host.stat(&folder), Ok(Some(stamp)) if stamp.kind == Kind::Directory);
        if is_folder && let (Ok(names), Ok(real)) = (host.list(&folder), host.real_path(&folder)) {
            listings.insert(real, names);
        }
    }
    listings
}

/// What is known of a file without reading it, by its stamp.
pub type KnownFiles<'k> = &'k (dyn Fn(&Utf8Path) -> Option<Known> + Sync);

/// All that a run in the directory `root`, absolute, rests on, and what it left. `before` was taken before the run; what is
/// `known` is not read again.
///
/// # Errors
/// [`Decline`] where nobody can say.
pub fn settled(
    host: &Arc<dyn Host>,
    observed: &Observed,
    root: &Utf8Path,
    habits: &Habits,
    before: &Listings,
    known: KnownFiles<'_>,
) -> Result<Settled, Decline> {
    if let Some(what) = observed.gaps.first() {
        return Err(Decline::Gap { what: what.clone() });
    }
    let mut real_path = |path: &Utf8Path| host.real_path(path).ok();
    let folded = Folded::of(&observed.events, root, habits, &mut real_path);
    match folded.decline {
        Some(decline) => Err(decline),
        None => folded.settle(host, habits, before, known),
    }
}

/// The path without `.`, `..` and double slashes, absolute, as far as that is possible without asking about links.
fn lexical(root: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in root.join(path).components() {
        match part {
            camino::Utf8Component::CurDir => {}
            camino::Utf8Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
