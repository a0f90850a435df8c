//! Proves a recorded link current, and puts back outputs that are not in place.

use super::cache::Cache;
use super::record::{Link, Links, OutputRecord, OutputRecordKind, encode, encode_record};
use super::volatile::RandomNames;
use super::{Current, environment};
use crate::digest::Digest;
use crate::explain::{FileFacts, Reason};
use crate::host::{Bytes, Host, Kind, Stamp};
use crate::observe::{Known, Observation, Role};
use crate::proof::{Checked, Observations, Recorded};
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// What has to be done to have an output in place.
enum Need {
    Nothing,
    /// The bytes are right, but the recorded stamp is not, or was too young to be believed.
    Stamp(Stamp),
    Restore(Restore, Reason),
}

enum Restore {
    File(Bytes),
    Link,
    Directory,
}

/// The newest recorded link that holds; otherwise why the newest does not.
///
/// # Errors
/// The reasons, if none holds.
pub fn prove(
    host: &Arc<dyn Host>,
    cache: &Cache,
    key: &Digest,
    recorded: &Bytes,
    names: &RandomNames,
) -> Result<Current, Vec<Reason>> {
    let links = Links::of(recorded);
    let boot = host.boot();
    let mut why = Vec::new();
    for (at, raw) in links.raw.iter().enumerate() {
        let link = match Link::of(raw) {
            Ok(link) => link,
            Err(problem) => {
                why.push(Reason::ProofUnusable {
                    path: cache.folder().join("links").join(key.to_string()),
                    problem: problem.to_owned(),
                });
                continue;
            }
        };
        // All reasons are wanted of the newest link; an older one either holds or does not.
        let checked = match check(host, &link, names, at == 0, link.head.boot != boot) {
            Ok(checked) => checked,
            Err(reasons) => {
                why.extend(reasons);
                continue;
            }
        };
        match put_in_place(host, cache, &link) {
            Ok(places) => {
                let current = Proof {
                    host,
                    cache,
                    key,
                    links: &links,
                    at,
                    link,
                    checked,
                    places,
                };
                return Ok(current.finish(&boot, why));
            }
            Err(reasons) => why.extend(reasons),
        }
    }
    if why.is_empty() {
        why.push(Reason::FirstBuild);
    }
    Err(why)
}

/// Whether everything that a link rests on is as it was.
fn check(
    host: &Arc<dyn Host>,
    link: &Link<'_>,
    names: &RandomNames,
    newest: bool,
    rebooted: bool,
) -> Result<Checked, Vec<Reason>> {
    let mut reasons = Vec::new();
    if let Some(old) = &link.head.environment {
        // A value that can't be read is not what was recorded, since it could be then.
        let new = host.variables().unwrap_or_default();
        reasons = environment::differences(old, &environment::counted(&new));
    }
    reasons.extend(check_volatile(host, link, names));
    if !newest {
        if !reasons.is_empty() {
            return Err(Vec::new());
        }
        return link.observations.hold(host, rebooted).ok_or_else(Vec::new);
    }
    let mut checked = link.observations.check(host, rebooted);
    reasons.append(&mut checked.reasons);
    if reasons.is_empty() {
        Ok(checked)
    } else {
        Err(reasons)
    }
}

/// Whether the files with random names are those that were there under other names.
fn check_volatile(host: &Arc<dyn Host>, link: &Link<'_>, names: &RandomNames) -> Vec<Reason> {
    let head = &link.head;
    if head.volatile.is_empty() {
        return Vec::new();
    }
    let recorded: Vec<Recorded> = head
        .volatile
        .iter()
        .filter_map(|(seen, size)| {
            let seen = names.reveal_seen(seen)?;
            let Observation::File { digest, .. } = seen.observation else {
                return Some((seen, None));
            };
            Some((
                seen,
                Some((
                    Known {
                        stamp: unknown(*size),
                        digest,
                    },
                    false,
                )),
            ))
        })
        .collect();
    let bytes = Observations::encode(&recorded);
    let checked = Observations::decode(&bytes).map(|all| all.check(host, true));
    checked.map_or(Vec::new(), |checked| checked.reasons)
}

/// A stamp that no file has: the file is another each time.
fn unknown(size: u64) -> Stamp {
    Stamp {
        kind: Kind::File,
        mode: 0,
        size,
        mtime: 0,
        ctime: 0,
        inode: 0,
        device: 0,
    }
}

/// Looks at all outputs before any is written, so that a missing blob leaves everything as it is.
fn put_in_place(
    host: &Arc<dyn Host>,
    cache: &Cache,
    link: &Link<'_>,
) -> Result<Vec<Need>, Vec<Reason>> {
    let rebooted = link.head.boot != host.boot();
    let mut places = Vec::new();
    for output in &link.head.outputs {
        places.push(look(&**host, cache, output, rebooted)?);
    }
    for (place, output) in places.iter().zip(&link.head.outputs) {
        let Need::Restore(restore, _) = place else {
            continue;
        };
        let path = &output.path;
        let done = match (restore, &output.kind) {
            (Restore::File(bytes), OutputRecordKind::File { stamp, .. }) => {
                host.replace(path, bytes, mode(stamp))
            }
            (Restore::Link, OutputRecordKind::Link { target }) => host.symlink(target, path),
            _ => host.make_directory(path),
        };
        if let Err(error) = done {
            return Err(vec![Reason::Unreadable {
                role: Role::Output,
                path: path.clone(),
                error: error.to_string(),
            }]);
        }
    }
    Ok(places)
}

/// What a fresh file would get before the umask: a linker makes a file that may be run, or one that may not.
fn mode(stamp: &Stamp) -> u32 {
    if stamp.mode & 0o111 == 0 {
        0o666
    } else {
        0o777
    }
}

fn look(
    host: &dyn Host,
    cache: &Cache,
    output: &OutputRecord,
    rebooted: bool,
) -> Result<Need, Vec<Reason>> {
    let path = &output.path;
    let missing = || Reason::OutputMissing { path: path.clone() };
    let found = host.read_link(path).ok().flatten();
    let stamp = host.stat(path).ok().flatten();
    match &output.kind {
        OutputRecordKind::Link { target } if found.as_ref() == Some(target) => Ok(Need::Nothing),
        OutputRecordKind::Link { .. } => match (found, stamp) {
            // Whatever else is there now may be somebody's.
            (None, Some(_)) => Err(vec![missing()]),
            _ => Ok(Need::Restore(Restore::Link, missing())),
        },
        OutputRecordKind::Directory => match stamp {
            Some(stamp) if stamp.kind == Kind::Directory => Ok(Need::Nothing),
            Some(_) => Err(vec![missing()]),
            None => Ok(Need::Restore(Restore::Directory, missing())),
        },
        OutputRecordKind::File {
            digest,
            stamp: old,
            settled,
        } => {
            let reason = match stamp {
                Some(stamp) if stamp.kind == Kind::File && found.is_none() => {
                    if stamp == *old && *settled && !rebooted {
                        return Ok(Need::Nothing);
                    }
                    match differs(host, path, *digest, old, &stamp) {
                        None => return Ok(Need::Stamp(stamp)),
                        Some(reason) => reason,
                    }
                }
                _ => missing(),
            };
            match cache.blob(digest) {
                Some(bytes) => Ok(Need::Restore(Restore::File(bytes), reason)),
                None => Err(vec![reason]),
            }
        }
    }
}

/// How a file in place differs from the recorded output.
fn differs(
    host: &dyn Host,
    path: &Utf8Path,
    digest: Digest,
    old: &Stamp,
    stamp: &Stamp,
) -> Option<Reason> {
    let bytes = match host.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            return Some(Reason::Unreadable {
                role: Role::Output,
                path: path.to_owned(),
                error: error.to_string(),
            });
        }
    };
    let new = FileFacts {
        size: bytes.len() as u64,
        digest: Digest::of(&bytes),
    };
    let as_linked = new.digest == digest && (stamp.mode == old.mode);
    (!as_linked).then(|| Reason::OutputChanged {
        path: path.to_owned(),
        old: FileFacts {
            size: old.size,
            digest,
        },
        new,
    })
}

/// A link that holds, and its outputs are in place.
struct Proof<'p> {
    host: &'p Arc<dyn Host>,
    cache: &'p Cache,
    key: &'p Digest,
    links: &'p Links<'p>,
    at: usize,
    link: Link<'p>,
    checked: Checked,
    places: Vec<Need>,
}

impl Proof<'_> {
    /// Writes the record again where the next check would otherwise read again, and says what was found.
    fn finish(mut self, boot: &str, mut why: Vec<Reason>) -> Current {
        let taken = self.host.now();
        let mut stale_stamps = self.checked.refresh || self.at != 0;
        let mut restored: Vec<Utf8PathBuf> = Vec::new();
        for (place, output) in self.places.into_iter().zip(&mut self.link.head.outputs) {
            let now = match place {
                Need::Nothing => continue,
                Need::Stamp(stamp) => Some(stamp),
                Need::Restore(_, reason) => {
                    restored.push(output.path.clone());
                    why.push(reason);
                    self.host.stat(&output.path).ok().flatten()
                }
            };
            stale_stamps = true;
            if let (OutputRecordKind::File { stamp, settled, .. }, Some(now)) =
                (&mut output.kind, now)
            {
                *stamp = now;
                *settled = now.settled(taken);
            }
        }
        if stale_stamps {
            boot.clone_into(&mut self.link.head.boot);
            let newest = encode(
                &self.link.head,
                &self.link.observations.refreshed(&self.checked),
            );
            let others = self.links.raw.iter().enumerate();
            let others = others.filter(|(at, _)| *at != self.at).map(|(_, raw)| *raw);
            // If it can't be written, the next check reads again, and that is all.
            let _ = self
                .cache
                .put_links(self.key, &encode_record(&newest, others));
        }
        let head = self.link.head;
        Current {
            key: *self.key,
            stdout: head.stdout,
            stderr: head.stderr,
            outputs: head.outputs.into_iter().map(|output| output.path).collect(),
            restored,
            why,
            observations: self.link.observations.len(),
            doubt: head.doubt,
        }
    }
}
