//! Recorded builds as text: one with its report, all in a list, and the part of one that is about one thing.

use super::layout::{Fold, paragraph};
use super::{Limits, ago, cause, count, duration, number, ordered, reason, text};
use crate::explain::{Build, Query, Root, Status};
use std::fmt::Write;
use std::time::Duration;

/// One build: what was asked for and when, its report, and what is wrong with the program. `now` in milliseconds since
/// 1970.
pub fn build(build: &Build, now: i64, limits: Limits) -> String {
    let mut out = String::new();
    head(build, now, &mut out);
    out.push('\n');
    out.push_str(&text(&build.outcome, limits));
    if build.left_out > 0 {
        let left_out = count(build.left_out, "step");
        paragraph(&mut out, 0, &format!("\n{left_out} more ran than are kept"));
    }
    if !build.problems.is_empty() {
        let _ = writeln!(out, "\nthe program was wrong");
        let mut fold = Fold::new(&mut out, 2, limits);
        for problem in &build.problems {
            fold.line(problem, 1);
        }
        fold.finish();
    }
    out
}

/// A line for each build, the newest last.
pub fn builds(builds: &[Build], now: i64) -> String {
    let mut out = String::new();
    for build in builds {
        let first = match ordered(&build.outcome.reasons).first() {
            Some(first) => reason(first),
            None => "something of it was missing from the cache".to_owned(),
        };
        let others = match build.outcome.reasons.len() {
            0 | 1 => String::new(),
            several => format!(", and {}", count(several - 1, "other reason")),
        };
        head(build, now, &mut out);
        paragraph(&mut out, 2, &format!("{first}{others}"));
    }
    out
}

/// Two lines: what was built and when, and what was done.
fn head(build: &Build, now: i64, out: &mut String) {
    let asked = &build.asked;
    let since = Duration::from_millis(u64::try_from(now - build.time).unwrap_or(0));
    let counts = &build.outcome.counts;
    let did = match (build.problems.is_empty(), build.outcome.status) {
        (false, _) => "failed",
        (true, Status::Built) if asked.goal == "check" => "checked",
        (true, _) => "built",
    };
    let linked = build.outcome.link.as_ref().is_some_and(|link| link.linked);
    let linked = if linked { ", linked" } else { "" };
    let _ = writeln!(
        out,
        "build {}: {}, {}, {}\n  {did} in {}, {} of {} compiled{linked}",
        build.number,
        asked.name,
        asked.profile,
        ago(since),
        duration(build.duration),
        number(counts.emitted),
        count(counts.modules, "module")
    );
}

/// What a build did to one module, output or the link, and on account of which roots; `None` if it did nothing to it.
pub fn part(build: &Build, artifact: &str, limits: Limits) -> Option<String> {
    let outcome = &build.outcome;
    let about = |query: Query, subject: &str| match artifact {
        "link" => query == Query::Executable,
        artifact => subject == artifact,
    };
    let cascades = outcome.cascades();
    let mut out = String::new();
    let mut roots: Vec<Root> = Vec::new();
    for (ran, of) in outcome.ran.iter().zip(&cascades.roots) {
        if !about(ran.query, ran.subject.as_str()) {
            continue;
        }
        let verb = match ran.query {
            Query::Action => "ran",
            Query::Parse => "parsed",
            Query::Lower => "lowered",
            Query::Object => "compiled",
            Query::Executable => "linked",
        };
        let causes: Vec<String> = ran.causes.iter().map(|item| cause(item, ran)).collect();
        let same = if ran.cut_off {
            ", and the result was the same"
        } else {
            ""
        };
        let line = format!(
            "{verb} in {}{same}: {}",
            duration(ran.duration),
            causes.join("; ")
        );
        paragraph(&mut out, 2, &line);
        roots.extend(of);
    }
    if out.is_empty() {
        return None;
    }
    roots.sort_unstable();
    roots.dedup();
    let _ = writeln!(out, "  since");
    let mut fold = Fold::new(&mut out, 4, limits);
    for root in roots {
        let why = match root {
            Root::Reason(at) => reason(&outcome.reasons[at]),
            Root::Lost => "some of what was stored was lost".to_owned(),
        };
        fold.line(&why, 1);
    }
    fold.finish();
    Some(out)
}
