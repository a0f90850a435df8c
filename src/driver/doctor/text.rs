//! A survey for people, 80 columns wide.

use super::survey::{Name, Observing, Survey, Tool};
use crate::rule::{FormValue, OptionRule, RuleId, Rules};
use camino::Utf8Path;

const WIDTH: usize = 80;

/// Everything there is to say.
pub fn text(survey: &Survey, rules: &Rules) -> String {
    let mut text = String::new();
    observing(&survey.observing, &mut text);
    for (heading, drivers) in [("Drivers", true), ("Linkers", false)] {
        text.push_str(&format!("\n{heading}\n"));
        let kind = |tool: &&Tool| matches!(tool.rule, RuleId::Driver(_)) == drivers;
        if !survey.tools.iter().any(|tool| kind(&tool)) {
            text.push_str("  none found by PATH\n");
        }
        for tool in survey.tools.iter().filter(kind) {
            self::tool(tool, &mut text);
        }
    }
    declines(survey, rules, &mut text);
    text
}

fn observing(observing: &Observing, text: &mut String) {
    match observing {
        Observing::Works => {
            text.push_str("Observation works: links by other programs can be proven.\n")
        }
        Observing::Gaps(gaps) => {
            text.push_str("Observation works, but not all is seen:\n");
            for gap in gaps {
                wrapped(gap, 2, text);
            }
        }
        Observing::Fails(why) => {
            wrapped(&format!("Observation does not work here: {why}."), 0, text);
            wrapped(
                "Links by other programs are cached only where their rules say all that they read; `kiln link` says so when it declines.",
                0,
                text,
            );
        }
    }
}

fn tool(tool: &Tool, text: &mut String) {
    text.push_str(&format!(
        "  {} · {} · {}\n",
        tool.rule.name(),
        tool.title,
        tool.place
    ));
    let first = tool.names.first();
    if let Some(name) = first {
        let really = if name.path == tool.real {
            String::new()
        } else {
            format!(", really {}", tool.real)
        };
        let shadowed = if name.shadowed { ", shadowed" } else { "" };
        wrapped(
            &format!("{} by {}{shadowed}{really}", name.path, name.variable),
            4,
            text,
        );
    }
    let folder = first.and_then(|name| name.path.parent());
    let others = tool.names.iter().skip(1);
    let others: Vec<String> = others.map(|name| other(name, folder)).collect();
    if !others.is_empty() {
        wrapped(&format!("also {}", others.join(", ")), 4, text);
    }
    let digest = match &tool.digest {
        Some(digest) => format!("digest {}", digest.short()),
        None => "unreadable".to_owned(),
    };
    let version = tool.version.as_deref().unwrap_or("no version");
    wrapped(&format!("{version} · {digest}"), 4, text);
    if let Some(linker) = &tool.linker {
        let rule = match &linker.rule {
            Some(rule) => rule.name().to_owned(),
            None => "no rule knows it".to_owned(),
        };
        wrapped(&format!("links with {} ({rule})", linker.path), 4, text);
    }
}

/// Another name of the program: its path where that is in another folder.
fn other(name: &Name, folder: Option<&Utf8Path>) -> String {
    let shadowed = if name.shadowed { " (shadowed)" } else { "" };
    match name.path.file_name() {
        Some(file) if name.path.parent() == folder => format!("{file}{shadowed}"),
        _ => format!("{}{shadowed}", name.path),
    }
}

fn declines(survey: &Survey, rules: &Rules, text: &mut String) {
    if !survey.forbidding.is_empty() {
        text.push_str("\nVariables that keep links from being cached\n");
        for variable in &survey.forbidding {
            let (name, why, remedy) = (&variable.name, &variable.why, &variable.remedy);
            wrapped(&format!("{name}: {why}; {remedy}"), 2, text);
        }
    }
    text.push_str("\nWhat is not cached\n");
    let mut told = Vec::new();
    for found in &survey.tools {
        if told.contains(&&found.rule) {
            continue;
        }
        told.push(&found.rule);
        let Some(tool) = rules.tool(&found.rule) else {
            continue;
        };
        for requirement in &tool.requires {
            let (why, remedy) = (&requirement.why, &requirement.remedy);
            wrapped(&format!("{}: {why}; {remedy}", found.rule.name()), 2, text);
        }
        for option in &tool.options {
            if let Some(refusal) = &option.declines {
                let (name, spelled) = (found.rule.name(), spelled(option));
                let (why, remedy) = (&refusal.why, &refusal.remedy);
                wrapped(&format!("{name} {spelled}: {why}; {remedy}"), 2, text);
            }
        }
    }
}

/// The first spelling of an option that fits what it declines.
pub fn spelled(option: &OptionRule) -> String {
    let value = option
        .declines
        .as_ref()
        .and_then(|refusal| refusal.when.first())
        .map(|pattern| pattern.as_str());
    let joined = |form: &&crate::rule::Form| form.value == FormValue::Joined;
    let form = match value {
        Some(_) => option.forms.iter().find(joined),
        None => None,
    };
    let Some(form) = form.or(option.forms.first()) else {
        return String::new();
    };
    match (form.value, value) {
        (FormValue::None, _) => form.name.clone(),
        (FormValue::Joined, Some(value)) => format!("{}{value}", form.name),
        (FormValue::Joined, None) => format!("{}…", form.name),
        (FormValue::Next(_), _) => format!("{} …", form.name),
    }
}

/// Adds words in lines of at most [`WIDTH`] columns; those after the first stand two columns further in.
pub(super) fn wrapped(words: &str, indent: usize, text: &mut String) {
    let mut line = " ".repeat(indent);
    let mut empty = true;
    for word in words.split(' ') {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(line.trim_end());
            text.push('\n');
            line = " ".repeat(indent + 2);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    text.push_str(line.trim_end());
    text.push('\n');
}
