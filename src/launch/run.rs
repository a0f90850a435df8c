//! Runs a command under observation, and records it if it can be.
//!
//! A tool is first given what its rule names. If then somebody ran of whom nobody knows which variables he reads, such as a
//! script in the place of the linker, he may have missed some: that run is no answer, and the command runs again with
//! all variables. Links are made to be repeated, and the second run finds what it would find if the command were called
//! twice.

use super::record::{Head, Links, OutputRecord, OutputRecordKind, encode, encode_record};
use super::tool::Tool;
use super::{Kept, Launched, Ran, Work, environment};
use crate::digest::Digest;
use crate::explain::Reason;
use crate::host::{Command, Kind, Observed};
use crate::link::Decline;
use crate::link::identity::{Company, Doubt, Question};
use crate::link::observed::{self, Listings, Output, OutputKind, Settled};
use crate::observe::{Observation, Role, Seen};
use crate::proof::Recorded;
use camino::Utf8Path;
use std::collections::BTreeSet;
use std::io;

/// A run that is over.
struct Run {
    observed: Observed,
    before: Listings,
    /// Why nobody knows which variables count.
    doubt: Option<Doubt>,
}

/// Runs the command. `why` says why it is not current.
pub fn run(
    work: &Work<'_>,
    key: Digest,
    recorded: &Links<'_>,
    mut tool: Tool,
    why: Vec<Reason>,
) -> Launched {
    let mut distrust = !tool.whole && recorded.doubt().is_some();
    let run = loop {
        if distrust && let Err(decline) = tool.give_all(&**work.host, work.request) {
            return Launched::Declined(decline);
        }
        let run = match once(work, &mut tool) {
            Ok(run) => run,
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                let problem = error.to_string();
                return Launched::Declined(Decline::Unobservable { problem });
            }
            Err(error) => return Launched::NotStarted(error),
        };
        distrust = !tool.whole && run.doubt.is_some();
        if !distrust {
            break run;
        }
    };
    // As a shell says it.
    let output = &run.observed.output;
    let status = output.status.unwrap_or(128 + output.signal.unwrap_or(0));
    let mut ran = Ran {
        key,
        status,
        stdout: Vec::new(),
        stderr: Vec::new(),
        outputs: Vec::new(),
        why,
        observations: 0,
        doubt: run.doubt.clone(),
        kept: Kept::Failed,
    };
    if status == 0 {
        ran.kept = keep(work, &tool, recorded, &run, &mut ran);
    }
    ran.stdout = run.observed.output.stdout;
    ran.stderr = run.observed.output.stderr;
    Launched::Ran(ran)
}

/// Runs the command with what the tool is given.
fn once(work: &Work<'_>, tool: &mut Tool) -> io::Result<Run> {
    let (host, request) = (&**work.host, work.request);
    let words = request.command.iter().map(String::as_str);
    let before = observed::listings(host, words);
    let command = Command {
        program: tool.program.clone(),
        called: request.command.first().cloned(),
        args: request.command.iter().skip(1).cloned().collect(),
        env: tool.environment.clone(),
    };
    let observed = host.observe(&command)?;
    let ask = |question: &Question<'_>| work.ask(question);
    let company = Company::of(host, &work.rules, &tool.real, &observed, &ask);
    tool.habits.opens_output |= company.opens_output(&work.rules);
    let doubt = match &tool.rule {
        Some(id) => company.doubt(host, &work.rules, id, &tool.real),
        None => tool.doubt.clone(),
    };
    Ok(Run {
        observed,
        before,
        doubt,
    })
}

/// Records what was seen.
fn keep(work: &Work<'_>, tool: &Tool, recorded: &Links<'_>, run: &Run, ran: &mut Ran) -> Kept {
    let root = &work.request.directory;
    let (observed, before) = (&run.observed, &run.before);
    let settled = observed::settled(work.host, observed, root, &tool.habits, before, &|_| None);
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
    match write(work, tool, recorded, run, settled, ran) {
        Ok(()) => Kept::Recorded,
        Err(error) => Kept::Unwritable(error),
    }
}

fn write(
    work: &Work<'_>,
    tool: &Tool,
    recorded: &Links<'_>,
    run: &Run,
    settled: Settled,
    ran: &mut Ran,
) -> io::Result<()> {
    let (host, cache, observed) = (work.host, work.cache, &run.observed);
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
        match tool.names.hide_seen(&work.request.directory, &seen) {
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
        doubt: run.doubt.clone(),
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
    let older = recorded.raw.iter().copied();
    cache.put_links(&ran.key, &encode_record(&newest, older))
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
