//! Runs a command under observation, and records it if it can be.

use super::cache::Cache;
use super::record::{Head, Links, OutputRecord, OutputRecordKind, encode, encode_record};
use super::tool::Tool;
use super::{Kept, Launched, Ran, Request, environment};
use crate::digest::Digest;
use crate::explain::Reason;
use crate::host::{Access, Bytes, Command, Host, Kind, Observed};
use crate::link::Decline;
use crate::link::observed::{Folded, Habits, Listings, Output, OutputKind, Settled};
use crate::observe::{Observation, Role, Seen};
use crate::proof::Recorded;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

/// Linkers that open their old output and never read it, by the names of their programs.
const OPENS_OUTPUT: &[&str] = &[
    "mold", "ld.mold", "wild", "lld", "ld.lld", "ld64.lld", "lld-link",
];

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
    let before = listings(&**host, request);
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

/// The names in the directories that the command line names, before the run: the current one, and those of files and
/// searches.
fn listings(host: &dyn Host, request: &Request) -> Listings {
    let mut folders = BTreeSet::from([Utf8PathBuf::from(".")]);
    for argument in &request.command {
        let path = ["-L", "-F", "-B", "-o"]
            .iter()
            .find_map(|option| argument.strip_prefix(option))
            .unwrap_or(argument);
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
    if let Some(what) = observed.gaps.first() {
        return Kept::Declined(Decline::Gap { what: what.clone() });
    }
    let habits = Habits {
        opens_output: tool.habits.opens_output || opens_output(&**host, observed),
        ..tool.habits.clone()
    };
    let mut real_path = |path: &Utf8Path| host.real_path(path).ok();
    let folded = Folded::of(
        &observed.events,
        &request.directory,
        &habits,
        &mut real_path,
    );
    if let Some(decline) = folded.decline {
        return Kept::Declined(decline);
    }
    let mut settled = match folded.settle(host, &habits, before) {
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

/// Whether one of the programs that ran is known to open its old output without reading it.
fn opens_output(host: &dyn Host, observed: &Observed) -> bool {
    let mut programs = observed
        .events
        .iter()
        .filter(|event| matches!(event.access, Access::Executed(_)))
        .map(|event| &event.path);
    programs.any(|program| {
        let real = host.real_path(program).unwrap_or_else(|_| program.clone());
        real.file_name()
            .is_some_and(|name| OPENS_OUTPUT.contains(&name))
    })
}
