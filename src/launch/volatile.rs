//! Random names among the arguments: the directory that rustc makes for each link, the files that gcc makes for its tools.
//!
//! What is seen of such a file is recorded under its place among the random names of the command line, `{0}` and so on, and
//! compared with the file that has this place now. Knows no pattern: the rules do.

use crate::host::Host;
use crate::observe::{Observation, Seen};
use crate::rule;
use camino::{Utf8Path, Utf8PathBuf};

/// The random names of one command line, in their order.
#[derive(Clone, Debug, Default)]
pub struct RandomNames(Vec<RandomName>);

#[derive(Clone, Debug)]
struct RandomName {
    /// Up to and with the random part: `/tmp/rustcAbC123` of `/tmp/rustcAbC123/symbols.o`. Absolute.
    path: Utf8PathBuf,
    /// The same with links in its parents resolved, which some tools do before they look.
    real: Utf8PathBuf,
    /// The tool makes it, for its caller to read.
    made: bool,
}

impl RandomNames {
    pub fn of(found: &[rule::Volatile], host: &dyn Host, root: &Utf8Path) -> Self {
        let mut names: Vec<RandomName> = Vec::new();
        for volatile in found {
            let (spelled, normal) = (
                Utf8Path::new(&volatile.path),
                Utf8Path::new(&volatile.normal_path),
            );
            let mut path = root.to_owned();
            for (part, known) in spelled.components().zip(normal.components()) {
                path.push(part);
                if part != known {
                    break;
                }
            }
            if names.iter().any(|name| name.path == path) {
                continue;
            }
            let parent = path.parent().and_then(|parent| host.real_path(parent).ok());
            let real = match (parent, path.file_name()) {
                (Some(parent), Some(name)) => parent.join(name),
                _ => path.clone(),
            };
            names.push(RandomName {
                path,
                real,
                made: volatile.holds == rule::Holds::Output,
            });
        }
        Self(names)
    }

    /// The path without its random part; `None` if it has none.
    fn hide(&self, root: &Utf8Path, path: &Utf8Path) -> Option<Utf8PathBuf> {
        let path = root.join(path);
        self.0.iter().enumerate().find_map(|(at, name)| {
            let below = path
                .strip_prefix(&name.path)
                .or_else(|_| path.strip_prefix(&name.real));
            Some(Utf8PathBuf::from(format!("{{{at}}}")).join(below.ok()?))
        })
    }

    /// The path that [`RandomNames::hide`] made this of, with the random part of now.
    fn reveal(&self, hidden: &Utf8Path) -> Option<Utf8PathBuf> {
        let mut parts = hidden.components();
        let place = parts.next()?.as_str();
        let at: usize = place.strip_prefix('{')?.strip_suffix('}')?.parse().ok()?;
        let mut path = self.0.get(at)?.path.clone();
        path.extend(parts);
        Some(path)
    }

    /// What is to be recorded instead of an observation of a random name; `None` if it is of another.
    pub fn hide_seen(&self, root: &Utf8Path, seen: &Seen) -> Option<Seen> {
        if self.0.is_empty() {
            return None;
        }
        let hidden = self.hide(root, path(&seen.observation)?)?;
        Some(with_path(seen, hidden))
    }

    /// The observation to be made now; `None` if there are fewer random names than there were.
    pub fn reveal_seen(&self, seen: &Seen) -> Option<Seen> {
        let revealed = self.reveal(path(&seen.observation)?)?;
        Some(with_path(seen, revealed))
    }

    /// Whether a path is a file that the tool makes for its caller: no output of the link.
    pub fn is_made(&self, root: &Utf8Path, path: &Utf8Path) -> bool {
        let path = root.join(path);
        let mut made = self.0.iter().filter(|name| name.made);
        made.any(|name| path == name.path || path == name.real)
    }

    /// Whether a path has a random part.
    pub fn holds(&self, root: &Utf8Path, path: &Utf8Path) -> bool {
        self.hide(root, path).is_some()
    }
}

/// The path of an observation that has one.
fn path(observation: &Observation) -> Option<&Utf8Path> {
    match observation {
        Observation::Variable { .. } | Observation::Tool { .. } => None,
        other => Some(Utf8Path::new(other.subject())),
    }
}

fn with_path(seen: &Seen, new: Utf8PathBuf) -> Seen {
    let mut seen = seen.clone();
    match &mut seen.observation {
        Observation::File { path, .. }
        | Observation::Absent { path }
        | Observation::Present { path, .. }
        | Observation::Listing { path, .. }
        | Observation::Attributes { path, .. }
        | Observation::Link { path, .. }
        | Observation::Denied { path }
        | Observation::Root { path }
        | Observation::ListingWithout { path, .. } => *path = new,
        Observation::Variable { .. } | Observation::Tool { .. } => {}
    }
    seen
}
