//! Linkers that are programs of their own, run by the driver: planned, run, and their result fetched.
//!
//! [`plan`] finds the linker and how the driver is told of it. [`link`] lays the objects out as files, runs the driver under
//! observation, and records what it and its children looked at, if the linker's own report agrees. Where programs can't be
//! observed, the link is modelled, or else run and not recorded. A linker's messages become problems of the program.
//! This module knows no linker by name; the rules do.

mod asked;
mod bench;
mod find;
mod message;
mod model;
mod told;

pub(super) use find::{Wanted, plan};

use super::identity::{Company, Question};
use super::observed::{self, Habits, Listings, OutputKind, Settled};
use super::{
    Decline, External, Kept, LinkFailure, LinkObject, LinkPlace, LinkPlan, Linked, OwnRules, Way,
};
use crate::error::Error;
use crate::host::{Command, Host, Kind, Observed, Output};
use crate::observe::{Attributes, Known, Observation, Reader, Role};
use crate::rule::{RuleId, Rules};
use asked::Asked;
use bench::Bench;
use camino::{Utf8Path, Utf8PathBuf};
use model::Modelled;
use std::io;
use told::Told;

/// Links `objects` at `place`, and records what the link rests on.
pub(super) fn link(
    plan: &LinkPlan,
    external: &External,
    objects: &[LinkObject],
    place: &LinkPlace<'_>,
    reader: &Reader<'_>,
) -> Result<Linked, LinkFailure> {
    let host = reader.world().shared_host();
    let rules = place.rules.map(OwnRules::of).unwrap_or_default().all()?;
    let bench = Bench::lay_out(&**host, place.folder, plan, external, objects)
        .map_err(|(path, cause)| Error::world("the objects cannot be laid out", path, cause))?;
    let told = Told::of(plan, external, &bench, &rules, &**host)?;
    record_tools(plan, &told, reader)?;
    let program = plan.driver.as_path();
    let not_started =
        |cause| Error::world("cannot run the C compiler, which links", program, cause);
    if let Some(decline) = told.decline.clone() {
        let output = host.run(&told.command).map_err(not_started)?;
        return finish(&bench, objects, output, Way::Unknown, reader, |_| {
            Ok(Kept::Declined(decline))
        });
    }
    let words = told.command.args.iter().map(String::as_str);
    let before = observed::listings(&**host, words);
    let asked = Asked::of(plan, &bench, &rules, &**host);
    let mut command = told.command.clone();
    command
        .args
        .extend(asked.iter().flat_map(|asked| asked.arguments.clone()));
    match host.observe(&command) {
        Ok(Observed {
            output,
            events,
            gaps,
        }) => {
            let observed = Observed {
                output: Output::default(),
                events,
                gaps,
            };
            finish(&bench, objects, output, Way::Observed, reader, |bench| {
                let contradicted = asked
                    .as_ref()
                    .and_then(|asked| asked.contradicts(&observed.events, bench.root(), &**host));
                let ran = Ran::of(plan, external, &rules, &observed, &**host)?;
                match ran.stranger.or(contradicted) {
                    Some(decline) => Ok(Kept::Declined(decline)),
                    None => {
                        let habits = Habits {
                            opens_output: ran.opens_output,
                            ..told.habits.clone()
                        };
                        keep(bench, &habits, &observed, &before, reader)
                    }
                }
            })
        }
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            match Modelled::of(plan, &told, &bench, &rules, reader) {
                Ok(modelled) => {
                    let output = host.run(&modelled.command).map_err(not_started)?;
                    finish(&bench, objects, output, Way::Modelled, reader, |bench| {
                        Ok(match modelled.confirm(bench, reader) {
                            Ok(()) => Kept::Recorded,
                            Err(decline) => Kept::Declined(decline),
                        })
                    })
                }
                Err(decline) => {
                    let output = host.run(&told.command).map_err(not_started)?;
                    finish(&bench, objects, output, Way::Unknown, reader, |_| {
                        Ok(Kept::Declined(decline))
                    })
                }
            }
        }
        Err(error) => Err(not_started(error).into()),
    }
}

/// What is known of the programs that ran.
struct Ran {
    /// One of whom nobody knows what he reads.
    stranger: Option<Decline>,
    opens_output: bool,
}

impl Ran {
    fn of(
        plan: &LinkPlan,
        external: &External,
        rules: &Rules,
        observed: &Observed,
        host: &dyn Host,
    ) -> Result<Self, Error> {
        let driver = host
            .real_path(&plan.driver)
            .map_err(|cause| Error::world("cannot read the C compiler", &*plan.driver, cause))?;
        let linker = plan.linker.path.as_ref();
        let linker = linker.and_then(|path| host.real_path(path).ok());
        // The plan holds as long as the linker is the same program, which has answered then.
        let ask = |question: &Question<'_>| match &plan.linker.answer {
            Some(answer) if linker.as_deref() == Some(question.real) => answer.clone(),
            _ => question.ask(),
        };
        let company = Company::of(host, rules, &driver, observed, &ask);
        let id = RuleId::Driver(external.rule.clone());
        let doubt = company.doubt(host, rules, &id, &driver);
        // The driver may have been shown it under another name.
        let doubt = doubt.map(|doubt| match &plan.linker.path {
            Some(path) if host.real_path(doubt.program()).ok() == linker => doubt.of_program(path),
            _ => doubt,
        });
        Ok(Self {
            stranger: doubt.map(Decline::from),
            opens_output: company.opens_output(rules),
        })
    }
}

/// The linker as it was found, and the variables that count.
fn record_tools(plan: &LinkPlan, told: &Told, reader: &Reader<'_>) -> Result<(), Error> {
    const NOTE: &str = "the linker";
    if let Some(path) = &plan.linker.path {
        let unreadable = |cause| Error::world("cannot read the linker", path.as_path(), cause);
        reader.file(path, Role::Tool, NOTE).map_err(unreadable)?;
        let stamp = reader.world().stamp(path).map_err(unreadable)?;
        if let Some(stamp) = stamp {
            let attributes = Observation::Attributes {
                path: path.clone(),
                attributes: Attributes::of(&stamp, false),
            };
            reader.record(attributes, Role::Tool, NOTE);
        }
    }
    for variable in &told.counts {
        reader.record(
            variable.clone(),
            Role::Environment,
            "the C compiler or the linker reads it",
        );
    }
    Ok(())
}

/// What came of the run: the program, or the problems. `keep` records what the program rests on.
fn finish(
    bench: &Bench<'_>,
    objects: &[LinkObject],
    output: Output,
    way: Way,
    reader: &Reader<'_>,
    keep: impl FnOnce(&Bench<'_>) -> Result<Kept, Error>,
) -> Result<Linked, LinkFailure> {
    let said = [output.stdout, output.stderr].concat();
    let said = bench.plain(&String::from_utf8_lossy(&said));
    match output.status {
        Some(0) => {}
        Some(_) => return Err(message::failure(&said, objects)),
        None => {
            let signal = output.signal.unwrap_or_default();
            return Err(message::ended(signal).into());
        }
    }
    let host = reader.world().host();
    let program = bench.program();
    let failed = |cause| {
        Error::world(
            "the linked program cannot be read",
            program.as_path(),
            cause,
        )
    };
    let kept = keep(bench)?;
    let bytes = host.read(&program).map_err(failed)?;
    // The program is stored and put in place by others; here it would only take up room.
    host.remove(&program).map_err(failed)?;
    Ok(Linked {
        bytes,
        warnings: said.trim_end().to_owned(),
        way: match kept {
            Kept::Declined(_) => Way::Unknown,
            Kept::Recorded | Kept::Changed(_) => way,
        },
        kept,
    })
}

/// Records what was seen, where that is all that the program rests on.
fn keep(
    bench: &Bench<'_>,
    habits: &Habits,
    observed: &Observed,
    before: &Listings,
    reader: &Reader<'_>,
) -> Result<Kept, Error> {
    let world = reader.world();
    let host = world.shared_host();
    let root = bench.root();
    let taken = host.now();
    let known = |path: &Utf8Path| {
        let (known, taken) = world.known(path)?;
        known.stamp.settled(taken).then_some(known)
    };
    let settled = match observed::settled(host, observed, root, habits, before, &known) {
        Ok(settled) => settled,
        Err(decline) => return Ok(Kept::Declined(decline)),
    };
    let Settled {
        seen,
        outputs,
        changed,
    } = settled;
    if !changed.is_empty() {
        return Ok(Kept::Changed(changed));
    }
    for (seen, known) in seen {
        let path = Utf8Path::new(seen.observation.subject());
        let is_named = matches!(
            seen.observation,
            Observation::Variable { .. } | Observation::Tool { .. }
        );
        // What was laid out here is known by the digests of the objects.
        if !is_named && bench.holds(path) {
            continue;
        }
        if let (Observation::File { .. }, Some((known, _))) = (&seen.observation, known) {
            world.learn(path, known, taken);
        }
        reader.record(seen.observation, seen.role, &seen.note);
    }
    for output in outputs {
        if bench.holds(&output.path) {
            continue;
        }
        record_side_output(output.path, &output.kind, taken, reader);
    }
    Ok(Kept::Recorded)
}

/// Another file that the link wrote: if it is lost or changed, the link has to run again.
fn record_side_output(path: Utf8PathBuf, kind: &OutputKind, taken: i64, reader: &Reader<'_>) {
    let observation = match kind {
        OutputKind::File { digest, stamp, .. } => {
            let (stamp, digest) = (*stamp, *digest);
            reader.world().made(&path, Known { stamp, digest }, taken);
            Observation::File { path, digest }
        }
        OutputKind::Link { target } => Observation::Link {
            path,
            target: Some(target.clone()),
        },
        OutputKind::Directory => Observation::Present {
            path,
            kind: Kind::Directory,
        },
    };
    reader.record(observation, Role::Link, "written by the link");
}

/// A command of one of the tools, for a question that is answered on its standard output.
fn question(program: &Utf8Path, args: Vec<String>, env: &[(String, String)]) -> Command {
    Command {
        program: program.to_owned(),
        called: None,
        args,
        env: env.to_vec(),
    }
}
