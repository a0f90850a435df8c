//! Compares what a run looked at with the world after it, and digests what it read and made.
//!
//! Whatever is not the same any more was changed while the run went on: then nobody knows which of the two the tool saw,
//! and the result is used but not recorded.

use super::fold::{Folded, How, Looked};
use super::{Habits, KnownFiles, Listings};
use crate::digest::Digest;
use crate::host::{Bytes, Host, Kind, Stamp};
use crate::link::decline::Decline;
use crate::observe::{Attributes, Known, Observation, Role, Seen, World, listing_digest_without};
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::Arc;

/// All that a run rests on, and what it left.
#[derive(Debug, Default)]
pub struct Settled {
    /// With what is known of each file and listing, and whether its stamp may be believed.
    pub seen: Vec<(Seen, Option<(Known, bool)>)>,
    pub outputs: Vec<Output>,
    /// What was changed by others while the run went on. With any of these there is nothing to record.
    pub changed: Vec<Utf8PathBuf>,
}

/// Something that a run left behind.
#[derive(Clone, Debug)]
pub struct Output {
    /// As spelled by whoever wrote it last.
    pub path: Utf8PathBuf,
    pub kind: OutputKind,
}

#[derive(Clone, Debug)]
pub enum OutputKind {
    File {
        digest: Digest,
        stamp: Stamp,
        bytes: Bytes,
    },
    Link {
        target: Utf8PathBuf,
    },
    Directory,
}

/// What became of one look.
enum Finding {
    Same(Observation, Option<(Known, bool)>),
    Changed,
    /// The next run would find what this one made.
    Own(Utf8PathBuf),
}

impl Folded {
    /// # Errors
    /// [`Decline`] where the run left what can't be kept.
    pub fn settle(
        &self,
        host: &Arc<dyn Host>,
        habits: &Habits,
        before: &Listings,
        known: KnownFiles<'_>,
    ) -> Result<Settled, Decline> {
        let looks = self.counting_looks(habits);
        let findings: Vec<Finding> = looks
            .par_iter()
            .map(|looked| self.compare(&**host, habits, before, known, looked))
            .collect();
        let mut settled = Settled::default();
        for (looked, finding) in looks.iter().zip(findings) {
            match finding {
                Finding::Changed => settled.changed.push(looked.path.clone()),
                Finding::Own(path) => return Err(Decline::OwnOutput { path }),
                Finding::Same(observation, known) => {
                    let role = role(looked);
                    // A program must not only be the same: it must be allowed to run.
                    if let (How::Executed(stamp), Observation::File { path, .. }) =
                        (&looked.how, &observation)
                    {
                        let attributes = Observation::Attributes {
                            path: path.clone(),
                            attributes: Attributes::of(stamp, false),
                        };
                        settled.seen.push((seen(attributes, role), None));
                    }
                    settled.seen.push((seen(observation, role), known));
                }
            }
        }
        self.add_removed(&**host, &mut settled);
        add_searches(host, habits, &looks, &mut settled);
        self.add_outputs(&**host, &mut settled)?;
        settled.changed.sort();
        settled.changed.dedup();
        Ok(settled)
    }

    /// Where a file's bytes count, how it looks needs no word of its own.
    fn counting_looks(&self, habits: &Habits) -> Vec<&Looked> {
        let read: BTreeSet<&Utf8Path> = self
            .looked
            .iter()
            .filter(|looked| matches!(looked.how, How::Read(_) | How::Executed(_)))
            .map(|looked| looked.path.as_path())
            .collect();
        let executed: BTreeSet<&Utf8Path> = self
            .looked
            .iter()
            .filter(|looked| matches!(looked.how, How::Executed(_)))
            .map(|looked| looked.path.as_path())
            .collect();
        let mut looks: Vec<&Looked> = self
            .looked
            .iter()
            .filter(|looked| match &looked.how {
                How::Present(stamp) if stamp.kind == Kind::File => {
                    !read.contains(looked.path.as_path())
                }
                How::Read(_) => !executed.contains(looked.path.as_path()),
                How::Listed(_) => !self.is_for_temporary_files(habits, looked),
                _ => true,
            })
            .collect();
        // That there is no symbolic link costs nothing beside a look at the file.
        let mut order: HashMap<&Utf8Path, usize> = HashMap::new();
        for (at, looked) in looks.iter().enumerate() {
            order.entry(&looked.path).or_insert(at);
        }
        let kind = |looked: &Looked| match looked.how {
            How::Read(_) | How::Executed(_) => 1,
            How::Link(_) => 2,
            _ => 0,
        };
        looks.sort_by_key(|looked| (order[looked.path.as_path()], kind(looked)));
        looks
    }

    fn compare(
        &self,
        host: &dyn Host,
        habits: &Habits,
        before: &Listings,
        known: KnownFiles<'_>,
        looked: &Looked,
    ) -> Finding {
        let path = looked.path.clone();
        let taken = host.now();
        match &looked.how {
            How::Read(stamp) | How::Executed(stamp) => {
                let digest = match known(&path).filter(|known| known.stamp == *stamp) {
                    Some(known) => known.digest,
                    None => match host.read(&path) {
                        Ok(bytes) => Digest::of(&bytes),
                        Err(_) => return Finding::Changed,
                    },
                };
                if host.stat(&path).ok().flatten() != Some(*stamp) {
                    return Finding::Changed;
                }
                let known = Known {
                    stamp: *stamp,
                    digest,
                };
                Finding::Same(
                    Observation::File { path, digest },
                    Some((known, stamp.settled(taken))),
                )
            }
            How::Listed(stamp) => self.compare_listing(host, habits, before, looked, *stamp),
            How::Absent => match host.stat(&path) {
                Ok(None) => Finding::Same(Observation::Absent { path }, None),
                _ => Finding::Changed,
            },
            How::Present(stamp) => {
                let Ok(Some(now)) = host.stat(&path) else {
                    return Finding::Changed;
                };
                // Where the same file is read under another name, its time says no more.
                let timed = habits.unknown && !self.is_read(&looked.place);
                let (kind, attributes) = (stamp.kind, Attributes::of(stamp, timed));
                match kind {
                    Kind::File if attributes.fits(&now) => {
                        Finding::Same(Observation::Attributes { path, attributes }, None)
                    }
                    Kind::Directory | Kind::Other if now.kind == kind => {
                        Finding::Same(Observation::Present { path, kind }, None)
                    }
                    _ => Finding::Changed,
                }
            }
            How::Link(target) => match host.read_link(&path) {
                Ok(now) if now == *target => Finding::Same(
                    Observation::Link {
                        path,
                        target: target.clone(),
                    },
                    None,
                ),
                _ => Finding::Changed,
            },
            How::Denied => match (host.denied(&path), host.stat(&path)) {
                (Ok(true), _) => Finding::Same(Observation::Denied { path }, None),
                // It can be read, and so something else was not allowed, such as running it.
                (_, Ok(Some(now))) => {
                    let attributes = Attributes::of(&now, habits.unknown);
                    Finding::Same(Observation::Attributes { path, attributes }, None)
                }
                _ => Finding::Changed,
            },
        }
    }

    /// Whether a directory holds temporary files of the run, and nothing else of it.
    fn is_for_temporary_files(&self, habits: &Habits, listed: &Looked) -> bool {
        let within = |place: &Utf8Path| place.parent() == Some(listed.place.as_path());
        let mut others = self.looked.iter().filter(|looked| within(&looked.place));
        habits.temporary.contains(&listed.place)
            && self.own.contains_key(&listed.place)
            && others.all(|looked| match looked.how {
                How::Absent | How::Link(None) => true,
                How::Present(stamp) => stamp.kind == Kind::Directory,
                _ => false,
            })
            && !self.written.keys().any(|place| within(place))
    }

    fn is_read(&self, place: &Utf8Path) -> bool {
        self.reads.contains_key(place)
    }

    /// The names in a directory, as the tool saw them but for its own. Where the run itself made names there, the stamp
    /// can't tell whether others did too, and only what was noted before the run can.
    fn compare_listing(
        &self,
        host: &dyn Host,
        habits: &Habits,
        before: &Listings,
        looked: &Looked,
        seen: Stamp,
    ) -> Finding {
        let taken = host.now();
        let (Ok(Some(stamp)), Ok(names)) = (host.stat(&looked.path), host.list(&looked.path))
        else {
            return Finding::Changed;
        };
        let without = self.own.get(&looked.place).cloned().unwrap_or_default();
        // What was searched in this directory would be found the next time.
        let found = without
            .iter()
            .find(|name| names.binary_search(name).is_ok() && habits.searches(name));
        if let Some(name) = found {
            return Finding::Own(looked.path.join(name));
        }
        let digest = listing_digest_without(&names, &without);
        if stamp != seen {
            let noted = before.get(&looked.place);
            if noted.is_none_or(|names| listing_digest_without(names, &without) != digest) {
                return Finding::Changed;
            }
        }
        let known = Known { stamp, digest };
        Finding::Same(
            Observation::ListingWithout {
                path: looked.path.clone(),
                without,
                digest,
            },
            Some((known, stamp.settled(taken))),
        )
    }

    /// What was removed must stay away: if it comes back, the same command would remove it again.
    fn add_removed(&self, host: &dyn Host, settled: &mut Settled) {
        for path in &self.removed {
            if matches!(host.stat(path), Ok(None)) {
                let absent = Observation::Absent { path: path.clone() };
                settled.seen.push((seen(absent, Role::Output), None));
            }
        }
    }

    fn add_outputs(&self, host: &dyn Host, settled: &mut Settled) -> Result<(), Decline> {
        let made = self.made.values().filter_map(|path| {
            let stamp = host.stat(path).ok().flatten()?;
            (stamp.kind == Kind::Directory).then(|| Output {
                path: path.clone(),
                kind: OutputKind::Directory,
            })
        });
        let mut outputs = made.collect::<Vec<Output>>();
        for (place, path) in &self.written {
            let strange = || Decline::StrangeOutput { path: path.clone() };
            let link = host.read_link(path).map_err(|_| strange())?;
            let path = match link {
                // What is behind it was written, and the link was there before.
                Some(target) if self.through.contains(place) => {
                    let link = Observation::Link {
                        path: path.clone(),
                        target: Some(target),
                    };
                    settled.seen.push((seen(link, Role::Output), None));
                    host.real_path(path).map_err(|_| strange())?
                }
                Some(target) => {
                    let (path, kind) = (path.clone(), OutputKind::Link { target });
                    outputs.push(Output { path, kind });
                    continue;
                }
                None => path.clone(),
            };
            if let Some(kind) = output(host, &path).map_err(|_| strange())? {
                outputs.push(Output { path, kind });
            }
        }
        settled.outputs = outputs;
        Ok(())
    }
}

/// What is at a path that was written; `None` if nothing is.
fn output(host: &dyn Host, path: &Utf8Path) -> io::Result<Option<OutputKind>> {
    let Some(stamp) = host.stat(path)? else {
        return Ok(None);
    };
    match stamp.kind {
        Kind::Directory => Ok(Some(OutputKind::Directory)),
        Kind::Other => Err(io::ErrorKind::Unsupported.into()),
        Kind::File => {
            let bytes = host.read(path)?;
            let digest = Digest::of(&bytes);
            Ok(Some(OutputKind::File {
                digest,
                stamp,
                bytes,
            }))
        }
    }
}

/// For each name that was looked for in a directory of a search path: what the name stands for.
fn add_searches(host: &Arc<dyn Host>, habits: &Habits, looks: &[&Looked], settled: &mut Settled) {
    let world = World::new(host.clone());
    for variable in &habits.search {
        let value = host.variable(variable).unwrap_or_default();
        // As the directory that it is, since a look there may be spelled in another way; as spelled where there is none.
        let folders: BTreeSet<Utf8PathBuf> = value
            .split(':')
            .map(|folder| match folder.trim_end_matches('/') {
                "" => Utf8Path::new(if folder.is_empty() { "." } else { "/" }),
                folder => Utf8Path::new(folder),
            })
            .map(|folder| host.real_path(folder).unwrap_or_else(|_| folder.to_owned()))
            .collect();
        let is_folder = |path: &Utf8Path| path.parent().is_some_and(|it| folders.contains(it));
        let names: BTreeSet<&str> = looks
            .iter()
            .filter(|looked| is_folder(&looked.place) || is_folder(&looked.path))
            .filter_map(|looked| looked.path.file_name())
            .collect();
        for name in names {
            let tool = Observation::Tool {
                name: name.to_owned(),
                variable: variable.clone(),
                path: world.find_tool(name, variable),
            };
            settled.seen.push((seen(tool, Role::Tool), None));
        }
    }
}

fn seen(observation: Observation, role: Role) -> Seen {
    Seen {
        observation,
        role,
        note: String::new(),
    }
}

/// Programs, and what the system loads to run them, are tools; the rest is what they worked on. Only messages differ.
fn role(looked: &Looked) -> Role {
    let path = looked.path.as_str();
    let loaded = path == "/etc/ld.so.cache"
        || path == "/etc/ld.so.preload"
        || (path.contains(".so.") && (path.starts_with("/lib") || path.starts_with("/usr/lib")));
    match looked.how {
        How::Executed(_) => Role::Tool,
        _ if loaded => Role::Tool,
        _ => Role::Link,
    }
}
