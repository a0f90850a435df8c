//! `[[test]]` rows of a rule file: a command line, and what must be seen of it.
//!
//! They stand beside the rules that they are about, and `kiln rules check` runs them. Only what a row names is compared.

mod unit;

use super::load::Reading;
use super::{Examined, Line, Place, Program, Rules, gnu_words};
use crate::document::Section;
use std::collections::BTreeMap;

/// One row.
pub enum Sample {
    Command(CommandSample),
    Unit(unit::UnitSample),
}

impl Sample {
    /// What does not hold under these rules.
    pub fn failures(&self, rules: &Rules) -> Vec<Failure> {
        match self {
            Self::Command(sample) => sample.failures(rules),
            Self::Unit(sample) => sample.failures(rules),
        }
    }
}

/// A row about a linker or a driver.
pub struct CommandSample {
    place: Place,
    /// The program and its arguments, quoted as in a response file.
    command: String,
    /// The program's real name, if it is another one.
    real: Option<String>,
    /// The first line of what it prints for `--version`.
    version: Option<String>,
    variables: BTreeMap<String, String>,
    /// Response files and their text.
    files: BTreeMap<String, String>,
    expected: Vec<(&'static str, Vec<String>)>,
}

/// A row that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub place: Place,
    pub command: String,
    pub what: &'static str,
    pub expected: Vec<String>,
    pub found: Vec<String>,
}

/// Expectations that are one string; empty where nothing is expected.
const SINGLE: &[&str] = &["rule", "linker", "output", "instead", "key"];

/// Expectations that are lists.
const SEVERAL: &[&str] = &[
    "side-outputs",
    "declines",
    "fixes",
    "responses",
    "volatile",
    "words",
    "unknown",
];

pub(super) fn read(row: Section<'_>, reading: &mut Reading<'_>) -> Sample {
    match row.has("compiler") {
        true => read_unit(row, reading),
        false => Sample::Command(command(row, reading)),
    }
}

/// A row about a compiler.
pub(super) fn read_unit(row: Section<'_>, reading: &mut Reading<'_>) -> Sample {
    Sample::Unit(unit::read(row, reading))
}

fn command(mut row: Section<'_>, reading: &mut Reading<'_>) -> CommandSample {
    let place = reading.place(&row.heading());
    let command = reading.required(&mut row, "command");
    let mut expected = Vec::new();
    for key in SINGLE.iter().copied() {
        let found = row.string(key, &mut reading.problems);
        expected.extend(found.map(|found| (key, vec![found.value])));
    }
    for key in SEVERAL.iter().copied() {
        let found = row.strings(key, &mut reading.problems);
        if row.has(key) {
            expected.push((key, found.into_iter().map(|found| found.value).collect()));
        }
    }
    if expected.is_empty() {
        let message = "a test that expects nothing proves nothing";
        reading
            .problems
            .add("config-missing", row.heading(), message);
    }
    let mut pairs = |key| {
        let table = row.table(key, &mut reading.problems);
        let pairs = table.map(|table| table.pairs(&mut reading.problems));
        let pairs = pairs.unwrap_or_default().into_iter();
        pairs.map(|(name, text)| (name.value, text.value)).collect()
    };
    let (variables, files) = (pairs("variables"), pairs("files"));
    let sample = CommandSample {
        place,
        command,
        real: row.string("real", &mut reading.problems).map(|s| s.value),
        version: row
            .string("version", &mut reading.problems)
            .map(|s| s.value),
        variables,
        files,
        expected,
    };
    row.finish(&mut reading.problems);
    sample
}

impl CommandSample {
    fn failures(&self, rules: &Rules) -> Vec<Failure> {
        let mut words = gnu_words(&self.command).into_iter();
        let program = words.next().unwrap_or_default();
        let called = program.rsplit('/').next().unwrap_or_default();
        let args: Vec<String> = words.collect();
        let id = rules.recognise(
            &Program {
                called,
                real: self.real.as_deref().unwrap_or(called),
                args: &args,
            },
            &mut || self.version.clone(),
        );
        let mut examined = Examined::default();
        if let Some(id) = &id {
            let mut response = |path: &str| Some(self.files.get(path)?.clone().into_bytes());
            let mut line = Line {
                args: &args,
                variable: &|name| self.variables.get(name).cloned(),
                response: &mut response,
            };
            examined = rules.examine(id, &mut line);
        }
        let rule = id.map(|id| id.to_string()).unwrap_or_default();
        let failures = self.expected.iter().filter_map(|(what, expected)| {
            let found = found(what, &rule, &examined);
            (found != *expected).then(|| Failure {
                place: self.place.clone(),
                command: self.command.clone(),
                what,
                expected: expected.clone(),
                found,
            })
        });
        failures.collect()
    }
}

fn found(what: &str, rule: &str, examined: &Examined) -> Vec<String> {
    match what {
        "rule" => vec![rule.to_owned()],
        "linker" => vec![examined.linker.clone()],
        "output" => vec![examined.output.clone()],
        "instead" => vec![examined.instead.clone().unwrap_or_default()],
        "key" => vec![examined.key.join(" ")],
        "side-outputs" => {
            let sides = examined.side_outputs.iter();
            sides.map(|side| side.path.clone()).collect()
        }
        "declines" => {
            let declines = examined.declines.iter();
            declines.map(|decline| decline.argument.clone()).collect()
        }
        "fixes" => examined.fixes.clone(),
        "responses" => {
            let files = examined.responses.iter();
            files
                .map(|file| format!("{}{}", file.path, if file.found { "" } else { " (absent)" }))
                .collect()
        }
        "volatile" => {
            let volatile = examined.volatile.iter();
            volatile.map(|volatile| volatile.path.clone()).collect()
        }
        "words" => {
            let words = examined.words.iter();
            words
                .map(|word| format!("{}:{}", name(word.does), word.value))
                .collect()
        }
        _ => examined.unknown.clone(),
    }
}

/// What rule files call it.
fn name(does: super::Does) -> String {
    serde_json::to_value(does)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
