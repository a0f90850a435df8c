//! What machines read: one JSON object a line on stdout, each with `reason`, the last one `build-finished`.
//!
//! Fields are only ever added. Knows nothing of people.

use crate::error::{Error, ErrorKind};
use crate::explain::{
    Asked, Build, Cascade, Counts, Declined, Dependencies, Difference, LinkReport, Notice, Outcome,
    Query, Ran, Reason, Root, Standing, Status, Verified, text,
};
use camino::Utf8Path;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::collections::BTreeMap;
use std::time::Duration;

/// The version of the schema: it changes only where a field changes its meaning.
const SCHEMA: u32 = 1;

/// One line. What cannot be written as JSON cannot occur in these types.
pub fn line(message: &impl Serialize) -> String {
    serde_json::to_string(message)
        .map(|text| text + "\n")
        .unwrap_or_default()
}

#[derive(Serialize)]
struct Tagged<'m, T> {
    reason: &'static str,
    #[serde(flatten)]
    body: &'m T,
}

/// What rests on what.
pub fn graph(dependencies: &Dependencies) -> String {
    line(&Tagged {
        reason: "graph",
        body: dependencies,
    })
}

/// A line for each reason, each query that ran, and each notice.
pub fn happened(outcome: &Outcome) -> String {
    let mut text = String::new();
    text.extend(outcome.reasons.iter().map(|body| {
        line(&Tagged {
            reason: "stale",
            body,
        })
    }));
    text.extend(outcome.ran.iter().map(|body| {
        line(&Tagged {
            reason: "ran",
            body,
        })
    }));
    text.extend(outcome.notices.iter().map(|body| {
        line(&Tagged {
            reason: "notice",
            body,
        })
    }));
    text
}

/// A line for each source of which a compiler said something.
pub fn said(outcome: &Outcome) -> String {
    let said = outcome.messages.iter().map(|body| {
        line(&Tagged {
            reason: "compiler-output",
            body,
        })
    });
    said.collect()
}

#[derive(Serialize)]
struct Finished<'o> {
    reason: &'static str,
    schema_version: u32,
    success: bool,
    /// 0 to 4, as the process ends.
    exit_code: u8,
    status: Option<Status>,
    output: Option<&'o Utf8Path>,
    output_digest: Option<String>,
    error: Option<Fault<'o>>,
    build_cache: BuildCache,
    codegen_cache: CodegenCache,
    link_cache: LinkCache<'o>,
    queries: Queries,
    modules: usize,
    observations: usize,
    files_digested: usize,
    timings: Timings<'o>,
}

#[derive(Serialize)]
struct Fault<'o> {
    kind: &'static str,
    message: String,
    path: Option<&'o Utf8Path>,
    help: Option<&'o str>,
}

#[derive(Serialize)]
struct BuildCache {
    hit: bool,
    /// The first of them.
    miss_reason: Option<String>,
    /// Each kind once.
    miss_reasons: Vec<String>,
}

#[derive(Default, Serialize)]
struct CodegenCache {
    hits: usize,
    misses: usize,
    stores: usize,
}

#[derive(Default, Serialize)]
struct LinkCache<'o> {
    linked: bool,
    skipped: bool,
    way: Option<&'o str>,
    linker: Option<&'o str>,
    linker_path: Option<&'o Utf8Path>,
    driver: Option<&'o Utf8Path>,
    declined: Option<&'o Declined>,
    object_fingerprints_used: usize,
    object_files_hashed: usize,
    external_inputs_hashed: usize,
}

#[derive(Default, Serialize)]
struct Queries {
    parse: usize,
    lower: usize,
    object: usize,
    executable: usize,
}

/// In milliseconds, in the order of the phases.
struct Timings<'o> {
    phases: &'o [(&'static str, Duration)],
    total: Duration,
}

impl Serialize for Timings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let milliseconds = |duration: &Duration| (duration.as_secs_f64() * 1e6).round() / 1e3;
        let mut map = serializer.serialize_map(Some(self.phases.len() + 1))?;
        for (phase, duration) in self.phases {
            map.serialize_entry(phase, &milliseconds(duration))?;
        }
        map.serialize_entry("total", &milliseconds(&self.total))?;
        map.end()
    }
}

/// The last line. `outcome` is absent where the build did not get far enough to have one.
pub fn finished(
    outcome: Option<&Outcome>,
    error: Option<&Error>,
    exit_code: u8,
    total: Duration,
) -> String {
    let counts = outcome.map(|outcome| outcome.counts).unwrap_or_default();
    let hit = outcome.is_some_and(|outcome| outcome.status == Status::Current);
    let reasons = outcome
        .map(|outcome| outcome.reasons.as_slice())
        .unwrap_or_default();
    let mut miss_reasons: Vec<String> = Vec::new();
    for code in reasons.iter().map(code) {
        if !miss_reasons.contains(&code) {
            miss_reasons.push(code);
        }
    }
    let Counts {
        modules,
        parsed,
        lowered,
        emitted,
        objects_reused,
        stored,
        observations,
        files_digested,
    } = counts;
    line(&Finished {
        reason: "build-finished",
        schema_version: SCHEMA,
        success: exit_code == 0,
        exit_code,
        status: outcome.map(|outcome| outcome.status),
        output: outcome.and_then(|outcome| outcome.output.as_deref()),
        output_digest: outcome
            .and_then(|outcome| outcome.output_digest)
            .map(|digest| digest.to_string()),
        error: error.map(fault),
        build_cache: BuildCache {
            hit,
            miss_reason: miss_reasons.first().cloned(),
            miss_reasons,
        },
        codegen_cache: CodegenCache {
            hits: objects_reused,
            misses: emitted,
            stores: stored,
        },
        link_cache: link_cache(outcome.and_then(|outcome| outcome.link.as_ref()), hit),
        queries: Queries {
            parse: parsed,
            lower: lowered,
            object: emitted,
            executable: links(outcome),
        },
        modules,
        observations,
        files_digested,
        timings: Timings {
            phases: outcome
                .map(|outcome| outcome.timings.as_slice())
                .unwrap_or_default(),
            total,
        },
    })
}

fn fault(error: &Error) -> Fault<'_> {
    Fault {
        kind: match error.kind {
            ErrorKind::Configuration => "configuration",
            ErrorKind::World => "world",
        },
        message: error.to_string(),
        path: error.path.as_deref(),
        help: error.remedy.as_deref(),
    }
}

fn links(outcome: Option<&Outcome>) -> usize {
    outcome.map_or(0, |outcome| {
        outcome
            .ran
            .iter()
            .filter(|ran| ran.query == Query::Executable)
            .count()
    })
}

fn link_cache(link: Option<&LinkReport>, hit: bool) -> LinkCache<'_> {
    match link {
        None => LinkCache {
            skipped: hit,
            ..LinkCache::default()
        },
        Some(link) => LinkCache {
            linked: link.linked,
            skipped: !link.linked,
            way: Some(&link.way),
            linker: Some(&link.linker),
            linker_path: link.linker_path.as_deref(),
            driver: link.driver.as_deref(),
            declined: link.declined.as_ref(),
            object_fingerprints_used: link.object_fingerprints_used,
            object_files_hashed: link.object_files_hashed,
            external_inputs_hashed: link.external_inputs_hashed,
        },
    }
}

/// A reason in a word: its kind, preceded by the role of the file where it has one: `source-changed`, `link-appeared`.
fn code(reason: &Reason) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(reason) else {
        return String::new();
    };
    let text = |key: &str| {
        fields
            .get(key)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    match text("role") {
        role if role.is_empty() => text("kind"),
        role => format!("{role}-{}", text("kind")),
    }
}

#[derive(Serialize)]
struct Explanation<'o> {
    reason: &'static str,
    schema_version: u32,
    status: Status,
    output: Option<&'o Utf8Path>,
    reasons: &'o [Reason],
    ran: &'o [Ran],
    counts: &'o Counts,
    link: Option<&'o LinkReport>,
    notices: &'o [Notice],
    timings: Timings<'o>,
}

/// `--explain=json`: everything that the text says, whole, as one object.
pub fn explanation(outcome: &Outcome, total: Duration) -> String {
    line(&Explanation {
        reason: "explanation",
        schema_version: SCHEMA,
        status: outcome.status,
        output: outcome.output.as_deref(),
        reasons: &outcome.reasons,
        ran: &outcome.ran,
        counts: &outcome.counts,
        link: outcome.link.as_ref(),
        notices: &outcome.notices,
        timings: Timings {
            phases: &outcome.timings,
            total,
        },
    })
}

#[derive(Serialize)]
struct Recorded<'b> {
    reason: &'static str,
    schema_version: u32,
    number: u64,
    /// Milliseconds since 1970.
    time: i64,
    microseconds: u128,
    kiln: &'b str,
    asked: &'b Asked,
    options: &'b BTreeMap<String, String>,
    problems: &'b [String],
    counts: &'b Counts,
    left_out: usize,
}

/// A recorded build in a list.
pub fn build(build: &Build) -> String {
    line(&Recorded {
        reason: "build",
        schema_version: SCHEMA,
        number: build.number,
        time: build.time,
        microseconds: build.duration.as_micros(),
        kiln: &build.kiln,
        asked: &build.asked,
        options: &build.options,
        problems: &build.problems,
        counts: &build.outcome.counts,
        left_out: build.left_out,
    })
}

/// A recorded build whole: its entry in the list, which root made how much run, then the explanation.
pub fn recorded(recorded: &Build) -> String {
    let outcome = &recorded.outcome;
    let mut text = build(recorded);
    text.extend(
        outcome
            .cascades()
            .of
            .iter()
            .map(|cascade| cascade_line(outcome, cascade)),
    );
    text.push_str(&explanation(outcome, recorded.duration));
    text
}

#[derive(Serialize)]
struct CascadeMessage<'o> {
    reason: &'static str,
    /// As in the explanation; `null`: the store had lost something.
    root: Option<&'o Reason>,
    /// The root in a sentence.
    message: String,
    acted: usize,
    parsed: usize,
    lowered: usize,
    compiled: usize,
    linked: usize,
}

fn cascade_line(outcome: &Outcome, cascade: &Cascade) -> String {
    let root = match cascade.root {
        Root::Reason(at) => outcome.reasons.get(at),
        Root::Lost => None,
    };
    line(&CascadeMessage {
        reason: "cascade",
        root,
        message: root.map_or_else(|| "something stored was lost".to_owned(), text::reason),
        acted: cascade.acted,
        parsed: cascade.parsed,
        lowered: cascade.lowered,
        compiled: cascade.compiled,
        linked: cascade.linked,
    })
}

/// What differs between two builds.
pub fn difference(difference: &Difference) -> String {
    line(&Tagged {
        reason: "difference",
        body: difference,
    })
}

#[derive(Serialize)]
struct StandingMessage<'s> {
    reason: &'static str,
    schema_version: u32,
    /// The build in which it last ran, if that is recorded.
    last_ran: Option<u64>,
    #[serde(flatten)]
    standing: &'s Standing,
}

/// What a result rests on.
pub fn standing(standing: &Standing, last_ran: Option<u64>) -> String {
    line(&StandingMessage {
        reason: "standing",
        schema_version: SCHEMA,
        last_ran,
        standing,
    })
}

/// What came of `--verify`.
pub fn verified(verified: &Verified) -> String {
    line(&Tagged {
        reason: "verified",
        body: verified,
    })
}

#[cfg(test)]
mod tests;
