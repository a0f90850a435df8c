//! `[action.NAME]`: its keys, and what of them cannot be.

use super::Reading;
use super::tool::{self, patterns};
use crate::document::{Section, Spanned, normalise};
use crate::rule::schema::*;
use camino::{Utf8Component, Utf8Path};
use indexmap::IndexMap;

pub(super) fn action(
    mut section: Section<'_>,
    place: Place,
    reading: &mut Reading<'_>,
) -> ActionRule {
    let environment = tool::environments(&mut section, reading);
    let command = section.strings("command", &mut reading.problems);
    let outputs = section.strings("outputs", &mut reading.problems);
    for (key, list) in [("command", &command), ("outputs", &outputs)] {
        section.require(key);
        if list.is_empty() && !section.has(key) {
            let message = format!("`{key}` is missing from {}", section.name());
            reading
                .problems
                .add("config-missing", section.heading(), message);
        } else if list.is_empty() {
            let message = format!("`{key}` may not be empty");
            reading
                .problems
                .add("config-value", section.heading(), message);
        }
    }
    for word in &command {
        check_fields(word, reading);
    }
    let inputs = section.strings("inputs", &mut reading.problems);
    let rule = ActionRule {
        place,
        inputs: paths(&inputs, true, reading),
        outputs: paths(&outputs, false, reading),
        scratch: patterns(&mut section, "scratch", reading),
        environment,
        variables: variables(&mut section, reading),
        strict: section
            .boolean("strict", &mut reading.problems)
            .unwrap_or(false),
        times: section
            .boolean("times", &mut reading.problems)
            .unwrap_or(false),
        command: command.into_iter().map(|word| word.value).collect(),
    };
    for output in &outputs {
        let plain = |path: &str| normalise(Utf8Path::new(path));
        let mut inputs = inputs.iter();
        if inputs.any(|input| plain(&input.value) == plain(&output.value)) {
            let message = format!("\"{}\" is both an input and an output", output.value);
            let help = "a command whose result depends on its last result is never current; remove it from one of them";
            let problems = &mut reading.problems;
            problems.add_with_help("config-value", output.span.clone(), message, help);
        }
    }
    section.finish(&mut reading.problems);
    rule
}

/// A field that there is not would silently be given to the command as it stands.
fn check_fields(word: &Spanned<String>, reading: &mut Reading<'_>) {
    let mut rest = word.value.as_str();
    while let Some((_, after)) = rest.split_once('{') {
        let Some((field, after)) = after.split_once('}') else {
            return;
        };
        let is_name = !field.is_empty()
            && field
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '-');
        if is_name && !["input", "output"].contains(&field) {
            let message = format!("there is no `{{{field}}}` here");
            let help = "write {input} or {output}; other files are named as they are";
            let problems = &mut reading.problems;
            problems.add_with_help("config-value", word.span.clone(), message, help);
        }
        rest = after;
    }
}

/// Paths within the project.
fn paths(written: &[Spanned<String>], starred: bool, reading: &mut Reading<'_>) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for path in written {
        let span = path.span.clone();
        let text = path.value.strip_prefix("./").unwrap_or(&path.value);
        let outside = Utf8Path::new(text)
            .components()
            .any(|part| matches!(part, Utf8Component::ParentDir | Utf8Component::RootDir));
        let problem = if text.is_empty() || text == "." || text.ends_with('/') {
            Some("this names no file")
        } else if outside {
            Some("an action works within the project")
        } else if !starred && text.starts_with(['-', '@']) {
            Some("this could be taken for an option of a command: write another name")
        } else if !starred && text == "kiln.toml" {
            Some("this says what the project is, and no command may replace it")
        } else if !starred && text.contains('*') {
            Some(
                "outputs are named one by one: what a command makes has to be known before it runs",
            )
        } else {
            None
        };
        if let Some(problem) = problem {
            reading.problems.add("config-value", span, problem);
        } else if paths.iter().any(|known| known == text) {
            let message = format!("\"{text}\" is listed twice");
            reading.problems.add("config-duplicate", span, message);
        } else {
            paths.push(text.to_owned());
        }
    }
    paths
}

/// `variables = ["NAME"]`: their values count. What needs another role stands in an `[environment.NAME]`.
fn variables(section: &mut Section<'_>, reading: &mut Reading<'_>) -> IndexMap<String, Variable> {
    let names = section.strings("variables", &mut reading.problems);
    let variable = |name: Spanned<String>| {
        let variable = Variable {
            place: reading.place(&name.span),
            role: VariableRole::Value,
            why: "the action names it".to_owned(),
            remedy: None,
        };
        (name.value, variable)
    };
    names.into_iter().map(variable).collect()
}
