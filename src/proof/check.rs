//! Checks observations against the world, one by one: all of them, so that every reason is known and not only the first.

use super::entry::{Entry, Recorded, What, decode_entries, encode_entries, names as names_of};
use crate::digest::Digest;
use crate::explain::{FileFacts, Reason};
use crate::host::{Host, Kind, Stamp};
use crate::observe::{
    Attributes, Known, Observation, Role, Seen, World, listing_digest_without, told,
};
use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxBuildHasher;
use std::collections::HashMap;
use std::sync::Arc;

/// From this many observations on, a second thread pays for itself.
const PARALLEL_FROM: usize = 400;

/// Observations in a record that is no proof, but is checked as one is.
pub struct Observations<'p>(Vec<Entry<'p>>);

/// What the check of [`Observations`] found.
pub struct Checked {
    /// Empty: everything is as it was.
    pub reasons: Vec<Reason>,
    /// Some stamp differed or was too young to be believed, and what it stands for was found equal: the record should be
    /// written again with the new stamps.
    pub refresh: bool,
    /// Files and directories shown to be as recorded, with the stamp of now.
    known: Vec<(Utf8PathBuf, Known)>,
    /// When the check began, in nanoseconds since 1970.
    taken: i64,
}

impl<'p> Observations<'p> {
    /// The bytes of a record's observations. They have no checksum of their own.
    pub fn encode(seen: &[Recorded]) -> Vec<u8> {
        encode_entries(seen)
    }

    /// What [`Observations::encode`] wrote; `None` if it is something else.
    pub fn decode(bytes: &'p [u8]) -> Option<Self> {
        decode_entries(bytes).map(Self)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks all of them. After a restart of the machine no stamp is believed.
    pub fn check(&self, host: &Arc<dyn Host>, rebooted: bool) -> Checked {
        let taken = host.now();
        let findings = check_all(&World::new(host.clone()), &self.0, rebooted);
        self.checked(findings, taken, rebooted)
    }

    /// As [`Observations::check`], but stops at the first reason: `None` if there is one.
    pub fn hold(&self, host: &Arc<dyn Host>, rebooted: bool) -> Option<Checked> {
        let taken = host.now();
        let world = World::new(host.clone());
        let findings: Option<Vec<Finding>> = self
            .0
            .iter()
            .map(|entry| match check(&world, entry, rebooted) {
                Finding::Stale(_) => None,
                finding => Some(finding),
            })
            .collect();
        Some(self.checked(findings?, taken, rebooted))
    }

    fn checked(&self, findings: Vec<Finding>, taken: i64, rebooted: bool) -> Checked {
        let mut checked = Checked {
            reasons: Vec::new(),
            refresh: rebooted,
            known: Vec::new(),
            taken,
        };
        for (entry, finding) in self.0.iter().zip(findings) {
            match (finding, entry.what) {
                (Finding::Stale(reason), _) => checked.reasons.push(reason),
                (
                    Finding::Known { stamp, read },
                    What::File {
                        path,
                        known: Known { digest, .. },
                        ..
                    }
                    | What::ListingWithout { path, digest, .. },
                ) if read => {
                    checked.refresh = true;
                    checked.known.push((path.into(), Known { stamp, digest }));
                }
                (Finding::Known { .. } | Finding::Current, _) => {}
            }
        }
        checked
    }

    /// The observations with the stamps that a check found.
    pub fn refreshed(&self, checked: &Checked) -> Vec<Recorded> {
        refreshed(&self.0, checked.known.iter(), checked.taken)
    }
}

/// Observations as values, with the stamps that a check found where it found any.
pub(super) fn refreshed<'k>(
    entries: &[Entry<'_>],
    known: impl Iterator<Item = &'k (Utf8PathBuf, Known)>,
    taken: i64,
) -> Vec<Recorded> {
    let known: HashMap<&str, Known, FxBuildHasher> =
        known.map(|(path, known)| (path.as_str(), *known)).collect();
    let now = |path: &Utf8Path| {
        let known = known.get(path.as_str())?;
        Some((*known, known.stamp.settled(taken)))
    };
    let mut recorded = Vec::with_capacity(entries.len());
    for entry in entries {
        let stamp = match entry.what {
            What::File {
                path,
                known,
                settled,
                ..
            } => now(path).or(Some((known, settled))),
            What::ListingWithout {
                path,
                digest,
                stamp,
                ..
            } => now(path).or(stamp.map(|stamp| (Known { stamp, digest }, true))),
            _ => None,
        };
        recorded.push((entry.seen(), stamp));
        if let What::File {
            path, plain: true, ..
        } = entry.what
        {
            let no_link = Observation::Link {
                path: path.into(),
                target: None,
            };
            recorded.push((
                Seen {
                    observation: no_link,
                    role: entry.role,
                    note: entry.note.to_owned(),
                },
                None,
            ));
        }
    }
    recorded
}

/// What one entry turned out to be.
pub(super) enum Finding {
    Current,
    /// A file whose bytes, or a directory whose names are as recorded. `read`: shown by a digest, not by the stamp.
    Known {
        stamp: Stamp,
        read: bool,
    },
    Stale(Reason),
}

pub(super) fn check_all(world: &World, entries: &[Entry<'_>], rebooted: bool) -> Vec<Finding> {
    let check_each = |entries: &[Entry<'_>]| {
        entries
            .iter()
            .map(|entry| check(world, entry, rebooted))
            .collect::<Vec<_>>()
    };
    if entries.len() < PARALLEL_FROM {
        return check_each(entries);
    }
    let (first, second) = entries.split_at(entries.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| check_each(second));
        let mut findings = check_each(first);
        match other.join() {
            Ok(rest) => findings.extend(rest),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        findings
    })
}

fn check(world: &World, entry: &Entry<'_>, rebooted: bool) -> Finding {
    let host = world.host();
    let role = entry.role;
    let note = || entry.note.to_owned();
    match entry.what {
        What::File {
            path,
            known,
            settled,
            plain,
        } => match check_file(host, entry, path, known, settled && !rebooted) {
            file @ Finding::Known { read: true, .. } if plain => {
                match check_link(host, entry, path, None) {
                    Finding::Current => file,
                    stale => stale,
                }
            }
            finding => finding,
        },
        What::Absent { path } => match host.stat(path) {
            Ok(None) => Finding::Current,
            Ok(Some(_)) => Finding::Stale(Reason::Appeared {
                role,
                path: path.to_owned(),
                note: note(),
            }),
            Err(error) => unreadable(role, path, &error),
        },
        What::Present { path, kind } => match host.stat(path) {
            Ok(Some(stamp)) if stamp.kind == kind => Finding::Current,
            Ok(Some(stamp)) => Finding::Stale(Reason::KindChanged {
                role,
                path: path.to_owned(),
                old: kind,
                new: stamp.kind,
                note: note(),
            }),
            Ok(None) => Finding::Stale(Reason::Disappeared {
                role,
                path: path.to_owned(),
                note: note(),
            }),
            Err(error) => unreadable(role, path, &error),
        },
        What::Listing { path, digest } => {
            if world.holds(&Observation::Listing {
                path: path.to_owned(),
                digest,
            }) {
                Finding::Current
            } else {
                Finding::Stale(Reason::ListingChanged {
                    role,
                    path: path.to_owned(),
                    note: note(),
                })
            }
        }
        What::Variable { name, value } => {
            let new = told(name, host.variable(name));
            if new.as_deref() == value {
                Finding::Current
            } else {
                Finding::Stale(Reason::VariableChanged {
                    name: name.to_owned(),
                    old: value.map(str::to_owned),
                    new,
                    note: note(),
                })
            }
        }
        What::Tool {
            name,
            variable,
            path,
        } => {
            let new = world.find_tool(name, variable);
            let old = path.map(Utf8PathBuf::from);
            if new == old {
                Finding::Current
            } else {
                Finding::Stale(Reason::ToolMoved {
                    name: name.to_owned(),
                    old,
                    new,
                    note: note(),
                })
            }
        }
        What::Attributes { path, attributes } => check_attributes(host, entry, path, attributes),
        What::Link { path, target } => check_link(host, entry, path, target),
        What::Root { path } => match host.real_path(Utf8Path::new(".")) {
            Ok(root) if root == path => Finding::Current,
            Ok(root) => Finding::Stale(Reason::Moved {
                old: path.to_owned(),
                new: root,
                note: note(),
            }),
            Err(error) => unreadable(role, path, &error),
        },
        What::Denied { path } => match host.denied(path) {
            Ok(true) => Finding::Current,
            Ok(false) => Finding::Stale(Reason::Permitted {
                role,
                path: path.to_owned(),
                note: note(),
            }),
            Err(error) => unreadable(role, path, &error),
        },
        What::ListingWithout {
            path,
            without,
            digest,
            stamp: believed,
        } => {
            let stamp = host.stat(path).ok().flatten();
            if let Some(stamp) = stamp
                && Some(stamp) == believed
                && !rebooted
            {
                return Finding::Known { stamp, read: false };
            }
            let names = host.list(path).ok();
            let same = names
                .is_some_and(|found| listing_digest_without(&found, &names_of(without)) == digest);
            match stamp {
                Some(stamp) if same => Finding::Known { stamp, read: true },
                _ => Finding::Stale(Reason::ListingChanged {
                    role,
                    path: path.to_owned(),
                    note: note(),
                }),
            }
        }
    }
}

fn check_link(host: &dyn Host, entry: &Entry<'_>, path: &Utf8Path, old: Option<&str>) -> Finding {
    match host.read_link(path) {
        Ok(new) if new.as_deref().map(Utf8Path::as_str) == old => Finding::Current,
        Ok(new) => Finding::Stale(Reason::LinkRetargeted {
            role: entry.role,
            path: path.to_owned(),
            old: old.map(Utf8PathBuf::from),
            new,
            note: entry.note.to_owned(),
        }),
        Err(error) => unreadable(entry.role, path, &error),
    }
}

fn check_attributes(
    host: &dyn Host,
    entry: &Entry<'_>,
    path: &Utf8Path,
    old: Attributes,
) -> Finding {
    let (role, note) = (entry.role, entry.note.to_owned());
    match host.stat(path) {
        Ok(Some(stamp)) if old.fits(&stamp) => Finding::Current,
        Ok(Some(stamp)) => Finding::Stale(Reason::AttributesChanged {
            role,
            path: path.to_owned(),
            old,
            new: Attributes::of(&stamp, old.mtime.is_some()),
            note,
        }),
        Ok(None) => Finding::Stale(Reason::Disappeared {
            role,
            path: path.to_owned(),
            note,
        }),
        Err(error) => unreadable(role, path, &error),
    }
}

fn check_file(
    host: &dyn Host,
    entry: &Entry<'_>,
    path: &Utf8Path,
    known: Known,
    believed: bool,
) -> Finding {
    let (role, note) = (entry.role, entry.note.to_owned());
    let stamp = match host.stat(path) {
        Ok(Some(stamp)) => stamp,
        Ok(None) => {
            return Finding::Stale(Reason::Disappeared {
                role,
                path: path.to_owned(),
                note,
            });
        }
        Err(error) => return unreadable(role, path, &error),
    };
    if believed && stamp == known.stamp {
        return Finding::Known { stamp, read: false };
    }
    if stamp.kind != Kind::File {
        return Finding::Stale(Reason::KindChanged {
            role,
            path: path.to_owned(),
            old: Kind::File,
            new: stamp.kind,
            note,
        });
    }
    match host.read(path) {
        Ok(bytes) => {
            let new = FileFacts {
                size: bytes.len() as u64,
                digest: Digest::of(&bytes),
            };
            if new.digest == known.digest {
                return Finding::Known { stamp, read: true };
            }
            let old = FileFacts {
                size: known.stamp.size,
                digest: known.digest,
            };
            Finding::Stale(Reason::Changed {
                role,
                path: path.to_owned(),
                old,
                new,
                note,
                lines: None,
            })
        }
        Err(error) => unreadable(role, path, &error),
    }
}

fn unreadable(role: Role, path: &Utf8Path, error: &std::io::Error) -> Finding {
    Finding::Stale(Reason::Unreadable {
        role,
        path: path.to_owned(),
        error: error.to_string(),
    })
}
