//! A `[[test]]` row about a compiler: the arguments for a file, or two texts and what of them is the same.

use super::super::load::Reading;
use super::super::{
    CompilerRule, Definition, Definitions, Place, Rules, Significance, Text, UnitWords,
};
use super::Failure;
use crate::digest::Digest;
use crate::document::Section;
use camino::Utf8PathBuf;

/// One row.
pub struct UnitSample {
    place: Place,
    compiler: String,
    file: String,
    include: Vec<Utf8PathBuf>,
    defines: Definitions,
    flags: Vec<String>,
    position_independent: bool,
    speed: bool,
    /// Two texts.
    texts: Option<(String, String)>,
    expected: Vec<(&'static str, Vec<String>)>,
}

pub fn read(mut row: Section<'_>, reading: &mut Reading<'_>) -> UnitSample {
    let place = reading.place(&row.heading());
    let compiler = reading.required(&mut row, "compiler");
    let mut string = |row: &mut Section<'_>, key| {
        let found = row.string(key, &mut reading.problems);
        found.map(|found| found.value)
    };
    let file = string(&mut row, "file").unwrap_or_default();
    let (before, after) = (string(&mut row, "before"), string(&mut row, "after"));
    let depends = string(&mut row, "depends-on");
    let mut strings = |row: &mut Section<'_>, key| -> Vec<String> {
        let found = row.strings(key, &mut reading.problems).into_iter();
        found.map(|found| found.value).collect()
    };
    let include = strings(&mut row, "include");
    let flags = strings(&mut row, "flags");
    let mut expected = Vec::new();
    for key in ["arguments", "refused", "same"] {
        let found = strings(&mut row, key);
        if row.has(key) {
            expected.push((key, found));
        }
    }
    expected.extend(depends.map(|by| ("depends-on", vec![by])));
    if expected.is_empty() {
        let message = "a test that expects nothing proves nothing";
        let problems = &mut reading.problems;
        problems.add("config-missing", row.heading(), message);
    }
    let defines = match row.table("macros", &mut reading.problems) {
        Some(table) => Definition::read(table, &mut reading.problems),
        None => Vec::new(),
    };
    let mut boolean = |key| row.boolean(key, &mut reading.problems).unwrap_or(false);
    let (position_independent, speed) = (boolean("position-independent"), boolean("speed"));
    row.finish(&mut reading.problems);
    UnitSample {
        place,
        compiler,
        file,
        include: include.into_iter().map(Utf8PathBuf::from).collect(),
        defines: defines
            .into_iter()
            .map(|(name, value)| (name.value, value.value))
            .collect(),
        flags,
        position_independent,
        speed,
        texts: before.zip(after),
        expected,
    }
}

impl UnitSample {
    /// What does not hold under these rules.
    pub fn failures(&self, rules: &Rules) -> Vec<Failure> {
        let mut failures = Vec::new();
        let rule = rules.compilers.get(&self.compiler);
        for (what, expected) in &self.expected {
            let found = match rule {
                Some(rule) => self.found(what, rule),
                None => vec![format!("there is no compiler {}", self.compiler)],
            };
            if found != *expected {
                failures.push(Failure {
                    place: self.place.clone(),
                    command: format!("{} {}", self.compiler, self.file),
                    what,
                    expected: expected.clone(),
                    found,
                });
            }
        }
        failures
    }

    fn found(&self, what: &str, rule: &CompilerRule) -> Vec<String> {
        match what {
            "arguments" => {
                let words = UnitWords {
                    source: &self.file,
                    object: "OBJECT",
                    include: &self.include,
                    defines: &self.defines,
                    flags: &self.flags,
                    position_independent: self.position_independent,
                    speed: self.speed,
                };
                rule.arguments(&rule.compile, &words)
            }
            "refused" => {
                let refused = self.flags.iter();
                refused
                    .filter(|flag| rule.refuses(flag).is_some())
                    .cloned()
                    .collect()
            }
            "depends-on" => vec![name(rule.depends_on(&self.flags, &[]).0)],
            _ => {
                let (before, after) = self.texts.clone().unwrap_or_default();
                let text =
                    |text: &str| Text::of(rule, text.as_bytes(), Digest::of(text.as_bytes()));
                let (before, after) = (text(&before), text(&after));
                let all = [
                    Significance::Words,
                    Significance::Layout,
                    Significance::Lines,
                    Significance::Bytes,
                ];
                all.into_iter()
                    .filter(|by| before.digest(*by) == after.digest(*by))
                    .map(name)
                    .collect()
            }
        }
    }
}

/// What rule files call it.
fn name(by: Significance) -> String {
    match by {
        Significance::Words => "words",
        Significance::Layout => "layout",
        Significance::Lines => "lines",
        Significance::Bytes => "bytes",
    }
    .to_owned()
}
