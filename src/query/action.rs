//! `action`: a command of the project runs and makes its files, or these are as a trace has them.
//!
//! A trace has what the command rested on and the digests of what it made, whose bytes are in the store: where a trace
//! holds, a file that is gone or was edited is put back, and nothing runs.

use super::executable::depend;
use super::input::BuildDb;
use super::services::{Services, Stop};
use super::trace::{self, Found, Trace};
use crate::action::{Action, Kept, Ran, run as perform};
use crate::digest::Digest;
use crate::error::Error;
use crate::explain::{Cause, Query};
use crate::host::Bytes;
use crate::observe::{Known, Observation, Reader, Role, Seen};
use crate::rule::{ActionRule, Environment};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An action as it is demanded.
#[derive(Clone, Debug)]
pub struct Demanded {
    pub name: String,
    pub rule: ActionRule,
    pub environment: Environment,
    /// The files that its inputs stand for, and the looks that found them.
    pub inputs: Vec<Utf8PathBuf>,
    pub seen: Vec<Seen>,
    /// Of the rule and its environment.
    pub digest: Digest,
}

/// So many things that no longer hold are told of one action.
const STALE: usize = 4;

#[salsa::input]
pub struct ActionInput {
    #[returns(ref)]
    pub action: Arc<Demanded>,
}

/// What a trace keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ActionResult {
    outputs: Vec<OutputState>,
    /// What it said, to be said again.
    messages: String,
    undeclared: Vec<Utf8PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OutputState {
    path: Utf8PathBuf,
    digest: Digest,
    /// Permission bits.
    mode: u32,
}

/// What came of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    pub name: String,
    pub success: bool,
    pub messages: String,
    /// The command ran, rather than a trace being found.
    pub ran: bool,
    /// Files of the project that it read and did not declare.
    pub undeclared: Vec<Utf8PathBuf>,
    /// Files that it made and did not declare.
    pub others: Vec<Utf8PathBuf>,
    /// Its outputs that have other bytes than they had, or were put back.
    pub remade: Vec<Utf8PathBuf>,
    /// What the result rests on, its outputs included.
    pub seen: Vec<Seen>,
    /// Outputs that were there already and were made by no action, each with the place where what it was is kept.
    pub replaced: Vec<(Utf8PathBuf, Utf8PathBuf)>,
    pub declined: Option<(String, String)>,
    pub changed: Vec<Utf8PathBuf>,
}

/// Runs an action, or finds it done.
#[salsa::tracked(returns(clone))]
pub fn acted(db: &dyn BuildDb, input: ActionInput) -> Result<Arc<Acted>, Stop> {
    let services = db.services();
    let demanded = input.action(db);
    let causes = match stored(services, demanded) {
        Ok(acted) => {
            depend(db, &acted.seen);
            return Ok(Arc::new(acted));
        }
        Err(causes) => causes,
    };
    let subject = Utf8PathBuf::from(demanded.name.as_str());
    if services.dry_run {
        let predicted = Arc::new(nothing(demanded));
        return services.run(Query::Action, &subject, || (Ok(predicted), causes, false));
    }
    services.run(Query::Action, &subject, || {
        let acted = run(services, demanded);
        if let Ok(acted) = &acted {
            depend(db, &acted.seen);
        }
        let cut_off = matches!(&acted, Ok(acted) if acted.success && acted.remade.is_empty());
        (acted.map(Arc::new), causes, cut_off)
    })
}

fn key(services: &Services, demanded: &Demanded) -> Digest {
    // Nobody knows whether the command asks where it is.
    let root = services
        .world
        .host()
        .real_path(Utf8Path::new("."))
        .unwrap_or_default();
    let parts = [
        demanded.name.as_bytes(),
        &demanded.digest.0,
        root.as_str().as_bytes(),
    ];
    services.key("action", &parts)
}

fn nothing(demanded: &Demanded) -> Acted {
    Acted {
        name: demanded.name.clone(),
        success: true,
        messages: String::new(),
        ran: true,
        undeclared: Vec::new(),
        others: Vec::new(),
        remade: Vec::new(),
        seen: demanded.seen.clone(),
        replaced: Vec::new(),
        declined: None,
        changed: Vec::new(),
    }
}

/// The result of a trace that holds, its outputs in place; else why it has to run.
fn stored(services: &Services, demanded: &Demanded) -> Result<Acted, Vec<Cause>> {
    let record = services.store.get(&key(services, demanded));
    let holds = |seen: &Seen| services.world.holds(&seen.observation);
    let found = trace::find(record.as_deref(), holds);
    let Trace { reads, result } = match found {
        Found::Hit(trace) => trace,
        Found::Miss => return Err(causes(services, record.as_deref())),
    };
    let result: ActionResult = result;
    let mut acted = Acted {
        ran: false,
        messages: result.messages,
        undeclared: result.undeclared,
        seen: reads,
        ..nothing(demanded)
    };
    for output in &result.outputs {
        acted
            .seen
            .push(made(&demanded.name, &output.path, output.digest));
        let there = services
            .world
            .digested(&output.path)
            .ok()
            .and_then(|state| state.digest());
        if there == Some(output.digest) {
            continue;
        }
        acted.remade.push(output.path.clone());
        if services.dry_run {
            continue;
        }
        let lost = || Cause::BlobLost {
            what: output.path.to_string(),
        };
        let bytes = services
            .store
            .blob(&output.digest)
            .ok_or_else(|| vec![lost()])?;
        let host = services.world.host();
        // What cannot be put back is made again, and whoever makes it says why that fails.
        host.replace(&output.path, &bytes, output.mode)
            .map_err(|_| vec![lost()])?;
        learn(services, &output.path, output.digest);
    }
    Ok(acted)
}

/// Why an action runs: what no longer holds of what it rested on in the last build.
fn causes(services: &Services, record: Option<&[u8]>) -> Vec<Cause> {
    let holds = |seen: &Seen| services.world.holds(&seen.observation);
    let may_change = |seen: &Seen| services.is_stale(seen.observation.subject());
    let stale = trace::stale::<Seen, ActionResult>(record, holds, may_change, STALE);
    if services.other_engine() {
        return vec![Cause::Engine];
    }
    if stale.is_empty() {
        return vec![Cause::New];
    }
    let read = |seen: Seen| Cause::Read {
        path: seen.observation.subject().into(),
        change: seen.observation.change().to_owned(),
    };
    stale.into_iter().map(read).collect()
}

/// Tells the world what is at an output now.
fn learn(services: &Services, path: &Utf8Path, digest: Digest) {
    let host = services.world.host();
    if let Ok(Some(stamp)) = host.stat(path) {
        services
            .world
            .made(path, Known { stamp, digest }, host.now());
    }
}

/// That an output has the bytes that the action gave it.
fn made(action: &str, path: &Utf8Path, digest: Digest) -> Seen {
    Seen {
        observation: Observation::File {
            path: path.to_owned(),
            digest,
        },
        role: Role::Source,
        note: format!("made by the action `{action}`"),
    }
}

/// A file in the place of an output that no action has made, as far as the store knows: it may be somebody's work.
struct Stranger {
    path: Utf8PathBuf,
    bytes: Bytes,
    mode: u32,
    /// Where it is kept meanwhile.
    kept: Utf8PathBuf,
}

/// Keeps such files before the outputs are removed.
fn keep_strangers(
    services: &Services,
    demanded: &Demanded,
    before: &[Option<Digest>],
) -> Result<Vec<Stranger>, Stop> {
    let host = services.world.host();
    let mut strangers = Vec::new();
    for (output, digest) in demanded.rule.outputs.iter().zip(before) {
        let path = Utf8PathBuf::from(output.as_str());
        if !digest.is_some_and(|digest| !services.store.has_blob(&digest)) {
            continue;
        }
        let kept = services
            .state_folder
            .join("replaced")
            .join(output.replace('/', "+"));
        let keep = || {
            let mode = host.stat(&path)?.map_or(0o666, |stamp| stamp.mode & 0o777);
            let bytes = host.read(&path)?;
            host.replace(&kept, &bytes, mode)?;
            Ok((bytes, mode))
        };
        let (bytes, mode) = keep().map_err(|cause| {
            let doing = "what is in the place of an action's output cannot be kept";
            services.fail(Error::world(doing, &path, cause))
        })?;
        strangers.push(Stranger {
            path,
            bytes,
            mode,
            kept,
        });
    }
    Ok(strangers)
}

impl Stranger {
    fn put_back(&self, services: &Services) {
        let host = services.world.host();
        // Else it stays where it is kept.
        if host.replace(&self.path, &self.bytes, self.mode).is_ok() {
            self.forget(services);
        }
    }

    fn forget(&self, services: &Services) {
        // One copy too many does no harm.
        let _ = services.world.host().remove(&self.kept);
    }
}

fn run(services: &Services, demanded: &Demanded) -> Result<Acted, Stop> {
    let before: Vec<Option<Digest>> = demanded
        .rule
        .outputs
        .iter()
        .map(|output| {
            services
                .world
                .digested(output.as_str().into())
                .ok()?
                .digest()
        })
        .collect();
    let reader = Reader::new(&services.world);
    for seen in &demanded.seen {
        reader.record(seen.observation.clone(), seen.role, &seen.note);
    }
    let what = Action {
        name: &demanded.name,
        rule: &demanded.rule,
        environment: &demanded.environment,
        inputs: &demanded.inputs,
        state: &services.state_folder,
    };
    let strangers = keep_strangers(services, demanded, &before)?;
    let ran = perform(what, &reader);
    if !ran.as_ref().is_ok_and(|ran| ran.success) {
        // Whatever goes wrong is told; what was there is where it was.
        for stranger in &strangers {
            stranger.put_back(services);
        }
    }
    let ran = ran.map_err(|error| services.fail(error))?;
    let reads = reader.finish();
    let mut acted = Acted {
        success: ran.success,
        ..nothing(demanded)
    };
    if demanded.rule.strict && ran.success && !ran.undeclared.is_empty() {
        return Err(services.fail(refused(demanded, &ran)));
    }
    let mut outputs = Vec::new();
    for (made, before) in ran.outputs.iter().zip(before) {
        services.world.made(
            &made.path,
            Known {
                stamp: made.stamp,
                digest: made.digest,
            },
            services.world.host().now(),
        );
        services
            .store
            .put_blob(made.digest, Bytes::clone(&made.bytes));
        let stranger = strangers.iter().find(|stranger| stranger.path == made.path);
        match stranger {
            Some(stranger) if before == Some(made.digest) => stranger.forget(services),
            Some(stranger) => acted
                .replaced
                .push((made.path.clone(), stranger.kept.clone())),
            None => {}
        }
        if before != Some(made.digest) {
            acted.remade.push(made.path.clone());
        }
        outputs.push(OutputState {
            path: made.path.clone(),
            digest: made.digest,
            mode: made.stamp.mode & 0o777,
        });
    }
    match ran.kept {
        Kept::Recorded if ran.success => {
            let result = ActionResult {
                outputs: outputs.clone(),
                messages: ran.messages.clone(),
                undeclared: ran.undeclared.clone(),
            };
            let key = key(services, demanded);
            let record = services.store.get(&key);
            let trace = Trace {
                reads: reads.clone(),
                result,
            };
            services
                .store
                .put(key, trace::add(record.as_deref(), trace));
        }
        Kept::Recorded => {}
        Kept::Declined(decline) => acted.declined = Some((decline.message(), decline.remedy())),
        Kept::Changed(paths) => acted.changed = paths,
    }
    acted.seen = reads;
    acted.seen.extend(
        outputs
            .iter()
            .map(|output| made(&demanded.name, &output.path, output.digest)),
    );
    acted.messages = ran.messages;
    acted.undeclared = ran.undeclared;
    acted.others = ran.others;
    Ok(acted)
}

/// A strict action read what it had not declared.
fn refused(demanded: &Demanded, ran: &Ran) -> Error {
    let message = format!(
        "the action `{}` read {}, which its `inputs` do not name",
        demanded.name,
        listed(&ran.undeclared)
    );
    Error::configuration(message, Some(to_add(demanded, &ran.undeclared)))
}

/// The line that declares these.
pub fn to_add(demanded: &Demanded, undeclared: &[Utf8PathBuf]) -> String {
    let known = demanded.rule.inputs.iter().map(String::as_str);
    let all = known.chain(undeclared.iter().map(|path| path.as_str()));
    let quoted: Vec<String> = all.map(|path| format!("{path:?}")).collect();
    format!(
        "write in {}: inputs = [{}]",
        demanded.rule.place,
        quoted.join(", ")
    )
}

/// Up to three paths, and how many more there are.
pub fn listed(paths: &[Utf8PathBuf]) -> String {
    let named: Vec<&str> = paths.iter().take(3).map(|path| path.as_str()).collect();
    match paths.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
