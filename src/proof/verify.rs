//! Checks a proof against the world: all of it, so that every reason is known and not only the first.

use super::check::{Finding, check_all, refreshed};
use super::entry::{Recorded, What};
use super::format::{self, ProofHeader};
use crate::digest::Digest;
use crate::explain::{FileFacts, Reason};
use crate::host::{Host, Kind};
use crate::observe::{Known, Role, World};
use camino::Utf8PathBuf;
use std::sync::Arc;

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
    /// Those of them whose bytes were read to know it, by place: their stamps are not the recorded ones.
    pub reread: Vec<usize>,
    /// Directories shown to be as recorded, likewise.
    pub listings: Vec<(Utf8PathBuf, Known)>,
    /// Whether the names in one of them were read to know it.
    pub relisted: bool,
    /// The machine was started again since the proof was recorded.
    pub rebooted: bool,
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
        reread: Vec::new(),
        listings: Vec::new(),
        relisted: false,
        rebooted,
        files_digested: 0,
        taken,
        observations: parts.entries.len(),
        program: None,
        left: None,
        header: parts.header,
    };
    for (entry, finding) in parts.entries.iter().zip(findings) {
        match finding {
            Finding::Known { stamp, read } => {
                verdict.refresh |= read;
                match entry.what {
                    What::File { path, known, .. } => {
                        let digest = known.digest;
                        verdict.files_digested += usize::from(read);
                        if read {
                            verdict.reread.push(verdict.known.len());
                        }
                        verdict.known.push((path.into(), Known { stamp, digest }));
                    }
                    What::ListingWithout { path, digest, .. } => {
                        verdict.relisted |= read;
                        verdict
                            .listings
                            .push((path.into(), Known { stamp, digest }));
                    }
                    _ => {}
                }
            }
            Finding::Stale(reason) => verdict.reasons.push(reason),
            Finding::Current => {}
        }
    }
    if let Some(message) = &verdict.header.declined {
        let message = message.clone();
        verdict.reasons.push(Reason::LinkDeclined { message });
    }
    if let Some(message) = &verdict.header.uncompiled {
        let message = message.clone();
        verdict.reasons.push(Reason::UnitDeclined { message });
    }
    check_program(host, &mut verdict);
    check_output(host, &mut verdict, rebooted);
    Ok(verdict)
}

/// What the proof in `bytes` says, unchecked: for whoever explains it.
pub fn observations(bytes: &[u8]) -> Option<(ProofHeader, Vec<Recorded>)> {
    let parts = format::decode(bytes).ok()?;
    let seen = refreshed(&parts.entries, std::iter::empty(), 0);
    Some((parts.header, seen))
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
