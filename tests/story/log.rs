//! What a build or a link did, as lines without times: made of what `--explain=json` says, or the log of `kiln link`. Knows
//! nothing of processes.
//!
//! `stale: …` for each root cause, `ran QUERY SUBJECT: CAUSE` for each query, with `(cut off)` where its result was what it
//! had been, `notice: CODE`, and `not linked` where the program came from the store.

use serde_json::Value;
use std::collections::BTreeSet;

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn or<'v>(value: &'v Value, key: &str, absent: &'v str) -> &'v str {
    value[key].as_str().unwrap_or(absent)
}

/// The account of one build.
pub fn lines(explanation: &Value) -> Vec<String> {
    let list = |key: &str| explanation[key].as_array().cloned().unwrap_or_default();
    let mut lines: Vec<String> = list("reasons")
        .iter()
        .map(|reason| format!("stale: {}", stale(reason)))
        .collect();
    for ran in list("ran") {
        let causes: Vec<String> = ran["causes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(cause)
            .collect();
        let cut = match (ran["cut_off"].as_bool(), ran["spared"].as_u64()) {
            (Some(true), Some(spared)) if spared > 0 => format!(" (cut off, spared {spared})"),
            (Some(true), _) => " (cut off)".to_owned(),
            _ => String::new(),
        };
        lines.push(format!(
            "ran {} {}: {}{cut}",
            text(&ran, "query"),
            text(&ran, "subject"),
            causes.join("; ")
        ));
    }
    lines.extend(
        list("notices")
            .iter()
            .map(|notice| format!("notice: {}", text(notice, "code"))),
    );
    if explanation["link"]["linked"] == Value::Bool(false) {
        lines.push("not linked".to_owned());
    }
    lines
}

/// Whether a line tells what a link did, or an exit code, and not what was said.
pub fn is_account(line: &str) -> bool {
    let beginnings = ["? ", "linked: ", "current: ", "declined: "];
    line == "current" || beginnings.iter().any(|begin| line.starts_with(begin))
}

/// The account of one call of `kiln link`, and whether it was current and everything was in place.
pub fn link(call: &Value) -> (String, bool) {
    // What is wrong with an output says nothing of why a link was run, or was not. Of one file one thing is said: how it
    // looks, or where a link points, is looked at by some linkers and not by others.
    let list = |key: &str| {
        let list = call[key].as_array().into_iter().flatten();
        let list = list.filter(|reason| !text(reason, "kind").starts_with("output-"));
        let list: BTreeSet<String> = list.map(seen).collect();
        let again = |line: &&String| {
            ["link-retargeted ", "attributes-changed "]
                .iter()
                .any(|less| {
                    let more = |more| list.contains(&line.replace(less, more));
                    line.contains(less) && (more("changed ") || more("permitted "))
                })
        };
        let list = list.iter().filter(|line| !again(line));
        list.cloned().collect::<Vec<_>>()
    };
    let mut why = list("why");
    match text(call, "outcome") {
        "current" => {
            let restored = call["restored"].as_array().into_iter().flatten();
            let restored = restored.filter_map(Value::as_str);
            why.extend(restored.map(|path| format!("restored {path}")));
            match why.is_empty() {
                true => ("current".to_owned(), true),
                false => (format!("current: {}", why.join("; ")), false),
            }
        }
        "linked" => {
            let kept = match (&call["recorded"], call["not_recorded"].is_array()) {
                (Value::Bool(true), _) => String::new(),
                (_, true) => format!(" (not recorded: {})", list("not_recorded").join("; ")),
                _ => " (not recorded)".to_owned(),
            };
            (format!("linked: {}{kept}", why.join("; ")), false)
        }
        outcome => {
            let why = or(&call["reason"], "message", text(call, "problem"));
            (format!("{outcome}: {why}"), false)
        }
    }
}

/// Why a link is stale. That it is the link that rests on it goes without saying.
fn seen(reason: &Value) -> String {
    let stale = stale(reason);
    let bare = stale.strip_prefix("link ").map(str::to_owned);
    bare.unwrap_or(stale)
}

fn stale(reason: &Value) -> String {
    let kind = text(reason, "kind");
    let role = text(reason, "role");
    let role = if role.is_empty() {
        String::new()
    } else {
        format!("{role} ")
    };
    match kind {
        "variable-changed" => {
            let (old, new) = (or(reason, "old", "unset"), or(reason, "new", "unset"));
            format!("variable {}: {old} → {new}", text(reason, "name"))
        }
        "tool-moved" => format!(
            "tool {}: {} → {}",
            text(reason, "name"),
            or(reason, "old", "none"),
            or(reason, "new", "none")
        ),
        "proof-unusable" => format!("proof unusable: {}", text(reason, "problem")),
        _ => format!("{role}{kind} {}", text(reason, "path"))
            .trim_end()
            .to_owned(),
    }
}

fn cause(cause: &Value) -> String {
    let paths = |key: &str| {
        cause[key]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match text(cause, "kind") {
        "item" => {
            let (old, new) = (
                or(cause, "old", "not exported"),
                or(cause, "new", "not exported"),
            );
            format!(
                "{} of {}: {old} → {new}",
                text(cause, "name"),
                text(cause, "module")
            )
        }
        "resolution" => {
            let (old, new) = (or(cause, "old", "nothing"), or(cause, "new", "nothing"));
            format!("\"{}\": {old} → {new}", text(cause, "specifier"))
        }
        "imported" => format!("imported by {}", text(cause, "by")),
        "options" => format!("{} → {}", text(cause, "old"), text(cause, "new")),
        "names" => format!("names of {}", text(cause, "module")),
        "blob-lost" => format!("lost {}", text(cause, "what")),
        "objects" => format!("objects {}", paths("paths")),
        "link-input" => format!("{} {}", text(cause, "path"), text(cause, "change")),
        "library" => {
            let (old, new) = (or(cause, "old", "none"), or(cause, "new", "none"));
            let (name, place) = (text(cause, "name"), text(cause, "place"));
            format!("library {name}: {old} → {new} ({place})")
        }
        "link-plan" => format!("other {}", text(cause, "what")),
        other => other.to_owned(),
    }
}
