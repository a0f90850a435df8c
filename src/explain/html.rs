//! One recorded build as a page: one file with style, script and data in it, that asks nothing of a network.
//!
//! What is drawn is drawn by the script; here its data is put together, and kept from being read as anything but data. The page
//! forbids itself to load anything. Knows nothing of where the page goes.

mod rows;

use super::text::{self, Limits, duration, number};
use super::{Build, Counts, LinkReport, Notice, Query, Said, Status};
use camino::Utf8Path;
use rows::{GroupRow, RootRow, StepRow};
use serde::Serialize;
use std::collections::BTreeMap;

const PAGE: &str = include_str!("html/page.html");
const STYLE: &[&str] = &[
    include_str!("html/page.css"),
    include_str!("html/views.css"),
];
/// In the order in which they run: each knows those before it.
const SCRIPT: &[&str] = &[
    include_str!("html/page.js"),
    include_str!("html/head.js"),
    include_str!("html/graph.js"),
    include_str!("html/timeline.js"),
    include_str!("html/tables.js"),
    include_str!("html/links.js"),
];

/// What the script is handed.
#[derive(Serialize)]
struct Contents<'b> {
    number: u64,
    /// Milliseconds since 1970.
    time: i64,
    microseconds: u64,
    kiln: &'b str,
    goal: &'b str,
    name: &'b str,
    profile: &'b str,
    output: Option<&'b Utf8Path>,
    digest: Option<String>,
    status: Status,
    problems: &'b [String],
    options: &'b BTreeMap<String, String>,
    set: &'b BTreeMap<String, String>,
    left_out: usize,
    counts: &'b Counts,
    /// Phases with their microseconds.
    phases: Vec<(&'static str, u64)>,
    notices: &'b [Notice],
    messages: &'b [Said],
    link: Option<&'b LinkReport>,
    arguments: &'b [String],
    /// Paths and short digests.
    inputs: Vec<(&'b Utf8Path, &'b str)>,
    roots: Vec<RootRow<'b>>,
    steps: Vec<StepRow<'b>>,
    groups: Vec<GroupRow>,
}

impl<'b> Contents<'b> {
    fn new(build: &'b Build) -> Self {
        let outcome = &build.outcome;
        let graph = outcome.graph();
        let groups = graph.folded(outcome);
        let (arguments, inputs) = match &build.link {
            Some(link) => (&link.arguments[..], Some(&link.inputs)),
            None => (&[][..], None),
        };
        let inputs = inputs.into_iter().flatten();
        let phases = outcome.timings.iter();
        Self {
            number: build.number,
            time: build.time,
            microseconds: super::report::as_micros(&build.duration),
            kiln: &build.kiln,
            goal: &build.asked.goal,
            name: &build.asked.name,
            profile: &build.asked.profile,
            output: outcome.output.as_deref(),
            digest: outcome
                .output_digest
                .map(|digest| digest.short().to_string()),
            status: outcome.status,
            problems: &build.problems,
            options: &build.options,
            set: &build.asked.set,
            left_out: build.left_out,
            counts: &outcome.counts,
            phases: phases
                .map(|(phase, took)| (*phase, super::report::as_micros(took)))
                .collect(),
            notices: &outcome.notices,
            messages: &outcome.messages,
            link: outcome.link.as_ref(),
            arguments,
            inputs: inputs
                .map(|(path, digest)| (&**path, digest.as_str()))
                .collect(),
            roots: rows::roots(outcome, &graph),
            steps: rows::steps(outcome, &graph),
            groups: groups
                .iter()
                .map(|group| GroupRow::new(&graph, group))
                .collect(),
        }
    }
}

/// The page of one recorded build.
pub fn page(build: &Build) -> String {
    // What cannot be written as JSON cannot occur in these types.
    let data = serde_json::to_string(&Contents::new(build)).unwrap_or_default();
    let fill = |name: &str| match name {
        "title" => escaped(&title(build)),
        "style" => STYLE.concat(),
        "script" => SCRIPT.concat(),
        "data" => inert(&data),
        "text" => escaped(&as_text(build)),
        other => unreachable!("the page has no place called {other}"),
    };
    let mut out = String::with_capacity(PAGE.len() + data.len() + (64 << 10));
    // What is filled in is never looked at for places.
    for (at, part) in PAGE.split("{{").enumerate() {
        match part.split_once("}}") {
            Some((name, rest)) if at > 0 => {
                out.push_str(&fill(name));
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
    }
    out
}

fn title(build: &Build) -> String {
    let name = Utf8Path::new(&build.asked.name);
    let name = name.file_name().unwrap_or(name.as_str());
    match build.number {
        0 => format!("{name}: why it ran"),
        number => format!("{name}: why build {number} ran"),
    }
}

/// For readers without a script.
fn as_text(build: &Build) -> String {
    let ran = |query: Query| {
        let ran = build.outcome.ran.iter();
        number(ran.filter(|ran| ran.query == query).count())
    };
    let mut out = format!(
        "build {}: {}, {}, took {}; {} parsed, {} compiled\n\n",
        build.number,
        build.asked.name,
        build.asked.profile,
        duration(build.duration),
        ran(Query::Parse),
        ran(Query::Object),
    );
    out.push_str(&text::text(&build.outcome, Limits::ALL));
    if !build.problems.is_empty() {
        out.push_str("\nthe program was wrong\n");
    }
    for problem in &build.problems {
        out.push_str(&format!("  {problem}\n"));
    }
    out
}

/// JSON that no reader of HTML takes for anything else: outside of strings it has none of these characters.
fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            other => out.push(other),
        }
    }
    out
}

/// Text in HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests;
