//! Runs a command under observation, and records it if it can be.

use super::cache::Cache;
use super::record::{Head, Links, OutputRecord, OutputRecordKind, encode, encode_record};
use super::tool::Tool;
use super::{Kept, Launched, Ran, Request, environment};
use crate::digest::Digest;
use crate::explain::Reason;
use crate::host::{Bytes, Command, Host, Kind, Observed};
use crate::link::Decline;
use crate::link::observed::{self, Listings, Output, OutputKind, Settled};
use crate::observe::{Observation, Role, Seen};
use crate::proof::Recorded;
use camino::Utf8Path;
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

/// Runs the command. `why` says why it is not current.
pub fn run(
    host: &Arc<dyn Host>,
    cache: &Cache,
    request: &Request,
    key: Digest,
    recorded: &Bytes,
    tool: &Tool,
    why: Vec<Reason>,
) -> Launched {
    let words = request.command.iter().map(String::as_str);
    let before = observed::listings(&**host, words);
    let command = Command {
        program: tool.program.clone(),
        called: request.command.first().cloned(),
        args: request.command.iter().skip(1).cloned().collect(),
        env: tool.environment.clone(),
    };
    let observed = match host.observe(&command) {
        Ok(observed) => observed,
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            let problem = error.to_string();
            return Launched::Declined(Decline::Unobservable { problem });
        }
        Err(error) => return Launched::NotStarted(error),
    };
    // As a shell says it.
    let killed = 128 + observed.output.signal.unwrap_or(0);
    let status = observed.output.status.unwrap_or(killed);
    let mut ran = Ran {
        key,
        status,
        stdout: Vec::new(),
        stderr: Vec::new(),
        outputs: Vec::new(),
        why,
        observations: 0,
        kept: Kept::Failed,
    };
    if status == 0 {
        ran.kept = keep(
            host, cache, request, tool, recorded, &before, &observed, &mut ran,
        );
    }
    ran.stdout = observed.output.stdout;
    ran.stderr = observed.output.stderr;
    Launched::Ran(ran)
}

/// Records what was seen.
#[allow(clippy::too_many_arguments)]
fn keep(
    host: &Arc<dyn Host>,
    cache: &Cache,
    request: &Request,
    tool: &Tool,
    recorded: &Bytes,
    before: &Listings,
    observed: &Observed,
    ran: &mut Ran,
) -> Kept {
    let directory = &request.directory;
    let settled = observed::settled(host, observed, directory, &tool.habits, before, &|_| None);
    let mut settled = match settled {
        Ok(settled) => settled,
        Err(decline) => return Kept::Declined(decline),
    };
    if !settled.changed.is_empty() {
        let changed = settled.changed.into_iter();
        return Kept::Changed(
            changed
                .map(|path| Reason::ChangedWhileBuilding { path })
                .collect(),
        );
    }
    let root = &request.directory;
    settled
        .outputs
        .retain(|output| !tool.names.is_made(root, &output.path));
    if let Some(output) = settled
        .outputs
        .iter()
        .find(|output| tool.names.holds(root, &output.path))
    {
        return Kept::Declined(Decline::StrangeOutput {
            path: output.path.clone(),
        });
    }
    if settled.outputs.is_empty() {
        return Kept::Declined(Decline::NotALink { argument: None });
    }
    ran.outputs = settled
        .outputs
        .iter()
        .map(|output| output.path.clone())
        .collect();
    match write(host, cache, request, tool, recorded, observed, settled, ran) {
        Ok(()) => Kept::Recorded,
        Err(error) => Kept::Unwritable(error),
    }
}

#[allow(clippy::too_many_arguments)]
fn write(
    host: &Arc<dyn Host>,
    cache: &Cache,
    request: &Request,
    tool: &Tool,
    recorded: &Bytes,
    observed: &Observed,
    settled: Settled,
    ran: &mut Ran,
) -> io::Result<()> {
    for output in &settled.outputs {
        if let OutputKind::File { digest, bytes, .. } = &output.kind {
            cache.put_blob(digest, bytes)?;
        }
    }
    let seen = |observation: &Observation| Seen {
        observation: observation.clone(),
        role: Role::Tool,
        note: String::new(),
    };
    let mut all: Vec<Recorded> = tool.seen.iter().map(|known| (seen(known), None)).collect();
    all.extend(parents(&settled.outputs));
    let mut volatile = Vec::new();
    for (seen, known) in settled.seen {
        match tool.names.hide_seen(&request.directory, &seen) {
            Some(hidden) => {
                let size = known.map_or(0, |(known, _)| known.stamp.size);
                volatile.push((hidden, size));
            }
            None => all.push((seen, known)),
        }
    }
    ran.observations = all.len();
    let environment = tool.whole.then(|| environment::counted(&tool.environment));
    let taken = host.now();
    let head = Head {
        boot: host.boot(),
        environment,
        volatile,
        outputs: settled
            .outputs
            .into_iter()
            .map(|output| OutputRecord {
                path: output.path,
                kind: match output.kind {
                    OutputKind::File { digest, stamp, .. } => OutputRecordKind::File {
                        digest,
                        stamp,
                        settled: stamp.settled(taken),
                    },
                    OutputKind::Link { target } => OutputRecordKind::Link { target },
                    OutputKind::Directory => OutputRecordKind::Directory,
                },
            })
            .collect(),
        stdout: observed.output.stdout.clone(),
        stderr: observed.output.stderr.clone(),
    };
    let newest = encode(&head, &all);
    let older = Links::of(recorded);
    cache.put_links(&ran.key, &encode_record(&newest, older.raw.into_iter()))
}

/// A linker does not make the directory of its output: where that is gone, the link would fail.
fn parents(outputs: &[Output]) -> Vec<Recorded> {
    let made: BTreeSet<&Utf8Path> = outputs
        .iter()
        .filter(|output| matches!(output.kind, OutputKind::Directory))
        .map(|output| output.path.as_path())
        .collect();
    let parents: BTreeSet<&Utf8Path> = outputs
        .iter()
        .filter_map(|output| output.path.parent())
        .filter(|parent| !parent.as_str().is_empty() && !made.contains(parent))
        .collect();
    let present = |path: &Utf8Path| Seen {
        observation: Observation::Present {
            path: path.to_owned(),
            kind: Kind::Directory,
        },
        role: Role::Output,
        note: String::new(),
    };
    parents
        .into_iter()
        .map(|path| (present(path), None))
        .collect()
}
