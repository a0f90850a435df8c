//! Checks a proof against the world: all of it, so that every reason is known and not only the first.

use super::format::{self, Entry, ProofHeader, What};
use crate::digest::Digest;
use crate::explain::{FileFacts, Reason};
use crate::host::{Host, Kind, Stamp};
use crate::observe::{Known, Observation, Role, World};
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// From this many observations on, a second thread pays for itself.
const PARALLEL_FROM: usize = 400;

/// What the check found.
pub struct Verdict {
    pub header: ProofHeader,
    /// Empty: everything is as it was.
    pub reasons: Vec<Reason>,
    /// Some stamp differed or was too young to be believed, and the bytes were read and found equal: the proof should be
    /// written again with the new stamps, so that the next check need not read.
    pub refresh: bool,
    /// Files shown to be as recorded, with the stamp of now.
    pub known: Vec<(Utf8PathBuf, Known)>,
    /// Files whose bytes were read for the check.
    pub files_digested: usize,
    /// When the check began, in nanoseconds since 1970.
    pub taken: i64,
    pub observations: usize,
    /// The running program: path, and what is known of it.
    pub program: Option<(Utf8PathBuf, Known)>,
    /// The output, if it is what the last build left there, as far as its stamp tells.
    pub left: Option<Known>,
}

/// What one entry turned out to be.
enum Finding {
    Current,
    /// A file whose bytes are as recorded. `read`: shown by its digest, not by its stamp.
    File {
        stamp: Stamp,
        read: bool,
    },
    Stale(Reason),
}

/// Checks the proof in `bytes`.
///
/// # Errors
/// Says what is wrong with the file.
pub fn verify(host: &Arc<dyn Host>, bytes: &[u8]) -> Result<Verdict, &'static str> {
    let parts = format::decode(bytes)?;
    let taken = host.now();
    let rebooted = parts.header.boot != host.boot();
    let world = World::new(host.clone());
    let findings = check_all(&world, &parts.entries, rebooted);

    let mut verdict = Verdict {
        reasons: Vec::new(),
        refresh: rebooted,
        known: Vec::with_capacity(parts.entries.len()),
        files_digested: 0,
        taken,
        observations: parts.entries.len(),
        program: None,
        left: None,
        header: parts.header,
    };
    for (entry, finding) in parts.entries.iter().zip(findings) {
        match (finding, entry.what) {
            (Finding::File { stamp, read }, What::File { path, known, .. }) => {
                verdict.refresh |= read;
                verdict.files_digested += usize::from(read);
                verdict.known.push((
                    path.to_owned(),
                    Known {
                        stamp,
                        digest: known.digest,
                    },
                ));
            }
            (Finding::Stale(reason), _) => verdict.reasons.push(reason),
            (Finding::Current | Finding::File { .. }, _) => {}
        }
    }
    check_program(host, &mut verdict);
    check_output(host, &mut verdict, rebooted);
    Ok(verdict)
}

fn check_all(world: &World, entries: &[Entry<'_>], rebooted: bool) -> Vec<Finding> {
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
        } => check_file(host, entry, path, known, settled && !rebooted),
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
            let new = host.variable(name);
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
        return Finding::File { stamp, read: false };
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
                return Finding::File { stamp, read: true };
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

/// The running program against the one that recorded: by what it is now, not by what was recorded.
fn check_program(host: &Arc<dyn Host>, verdict: &mut Verdict) {
    let Ok(path) = host.program() else { return };
    let Ok(Some(stamp)) = host.stat(&path) else {
        return;
    };
    if let Some((old_path, old_stamp, digest)) = &verdict.header.program {
        if *old_path == path && *old_stamp == stamp {
            verdict.program = Some((
                path,
                Known {
                    stamp,
                    digest: *digest,
                },
            ));
            return;
        }
        if let Ok(bytes) = host.read(&path) {
            let known = Known {
                stamp,
                digest: Digest::of(&bytes),
            };
            verdict.program = Some((path, known));
            if known.digest == *digest {
                verdict.refresh = true;
                return;
            }
        }
    }
    let new = format!(
        "{} {}",
        env!("CARGO_PKG_VERSION"),
        verdict
            .program
            .as_ref()
            .map_or(String::new(), |(_, known)| known.digest.short())
    );
    let old = verdict
        .header
        .program
        .as_ref()
        .map_or(String::new(), |(_, _, digest)| digest.short());
    verdict.reasons.push(Reason::EngineChanged {
        old: format!("{} {old}", verdict.header.engine),
        new,
    });
}

fn check_output(host: &Arc<dyn Host>, verdict: &mut Verdict, rebooted: bool) {
    let Some(output) = &verdict.header.output else {
        return;
    };
    let path = output.path.clone();
    let stamp = host.stat(&path);
    if matches!(&stamp, Ok(Some(stamp)) if *stamp == output.stamp) && !rebooted {
        let known = Known {
            stamp: output.stamp,
            digest: output.digest,
        };
        verdict.left = Some(known);
        if output.settled {
            verdict.known.push((path, known));
            return;
        }
        // Written so shortly before it was recorded that its stamp alone proves nothing. A build that is stale for other
        // reasons reads it where it must, which is mostly nowhere.
        if !verdict.reasons.is_empty() {
            return;
        }
    }
    let reason = match stamp {
        Ok(Some(stamp)) if stamp.kind == Kind::File => match host.read(&path) {
            Ok(bytes) => {
                verdict.files_digested += 1;
                let new = FileFacts {
                    size: stamp.size,
                    digest: Digest::of(&bytes),
                };
                if new.digest == output.digest && stamp.mode == output.stamp.mode {
                    verdict.refresh = true;
                    let known = Known {
                        stamp,
                        digest: output.digest,
                    };
                    verdict.known.push((path, known));
                    return;
                }
                Reason::OutputChanged {
                    path,
                    old: FileFacts {
                        size: output.stamp.size,
                        digest: output.digest,
                    },
                    new,
                }
            }
            Err(error) => Reason::Unreadable {
                role: Role::Output,
                path,
                error: error.to_string(),
            },
        },
        Ok(Some(stamp)) => Reason::KindChanged {
            role: Role::Output,
            path,
            old: Kind::File,
            new: stamp.kind,
            note: String::new(),
        },
        Ok(None) => Reason::OutputMissing { path },
        Err(error) => Reason::Unreadable {
            role: Role::Output,
            path,
            error: error.to_string(),
        },
    };
    verdict.reasons.push(reason);
}
