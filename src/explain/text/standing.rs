//! A [`Standing`] as text.

use super::layout::{Fold, group, paragraph};
use super::{Limits, ago, count, reason};
use crate::explain::{LinkStanding, ModuleStanding, Question, Standing, ToolStanding};
use std::fmt::Write;

/// What a result rests on.
pub fn standing(standing: &Standing, limits: Limits) -> String {
    let mut out = String::new();
    let artifact = &standing.artifact;
    let recorded = ago(standing.recorded);
    if standing.reasons.is_empty() {
        let all = count(standing.observations, "observation");
        let text = format!(
            "{artifact} is current: all {all} of the build hold, checked just now, recorded {recorded}."
        );
        paragraph(&mut out, 0, &text);
    } else {
        let text =
            format!("{artifact} as it was recorded {recorded}; the build is stale by now, because");
        paragraph(&mut out, 0, &text);
        let mut fold = Fold::new(&mut out, 2, limits);
        for item in &standing.reasons {
            fold.line(&reason(item), 1);
        }
        fold.finish();
    }
    if let Some(of) = &standing.module {
        module(of, limits, &mut out);
    }
    if let Some(of) = &standing.tool {
        tool(of, limits, &mut out);
    }
    if let Some(of) = &standing.link {
        link(of, limits, &mut out);
    }
    out
}

fn question(question: &Question) -> String {
    let answer = question.answer.as_deref().unwrap_or("nothing");
    format!("{}: {answer}", question.question)
}

fn module(module: &ModuleStanding, limits: Limits, out: &mut String) {
    let digests = [
        ("text", &module.text),
        ("syntax", &module.syntax),
        ("exports", &module.interface),
        ("meaning", &module.lowered),
        ("object", &module.object),
    ];
    let digests = digests.map(|(name, digest)| format!("{name:8} {digest}"));
    group(out, "its results, by digest", digests.into(), limits);
    let imports = module.imports.iter();
    let imports = imports.map(|(specifier, path)| format!("\"{specifier}\" is {path}"));
    group(out, "what it imports", imports.collect(), limits);
    let absent = module.absent.iter().map(ToString::to_string).collect();
    group(out, "looked for first, where nothing is", absent, limits);
    let questions = module.questions.iter().map(question).collect();
    group(
        out,
        "what it asked of other modules, and the answers",
        questions,
        limits,
    );
    if module.other_traces > 0 {
        let others = count(module.other_traces, "other state");
        paragraph(
            out,
            2,
            &format!("remembered besides: its meaning in {others} of those"),
        );
    }
    group(out, "what it exports", module.exports.clone(), limits);
    let importers = module.importers.iter().map(ToString::to_string).collect();
    group(out, "imported by", importers, limits);
}

fn tool(tool: &ToolStanding, limits: Limits, out: &mut String) {
    if let Some(object) = &tool.object {
        let _ = writeln!(out, "\ncompiled by the rule of {} to {object}", tool.tool);
    }
    let made = tool.made.iter().map(ToString::to_string).collect();
    group(out, "what it made", made, limits);
    let files = tool.files.iter().map(|(path, note)| match note.as_str() {
        "" => path.to_string(),
        note => format!("{path} ({note})"),
    });
    group(out, "what it read", files.collect(), limits);
    let absent = tool.absent.iter().map(ToString::to_string).collect();
    group(
        out,
        "where nothing is, and something would count",
        absent,
        limits,
    );
    let others = tool.others.iter().map(question).collect();
    group(out, "variables and tools", others, limits);
}

fn link(link: &LinkStanding, limits: Limits, out: &mut String) {
    let objects = count(link.objects, "object");
    let _ = writeln!(out, "\n{} links {objects} ({})", link.linker, link.way);
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for argument in &link.arguments {
        match lines.last_mut() {
            Some((from, words)) if *from == argument.from => words.push(&argument.text),
            _ => lines.push((argument.from.clone(), vec![&argument.text])),
        }
    }
    let lines = lines.into_iter();
    let lines = lines.map(|(from, words)| format!("{} (from {from})", words.join(" ")));
    group(out, "its arguments", lines.collect(), limits);
    let inputs = link.inputs.iter().map(|input| {
        let before = match input.before.as_slice() {
            [] => String::new(),
            [only] => format!("; nothing is at {only}, where it was looked for first"),
            [first, others @ ..] => format!(
                "; nothing is at {first} and {}, where it was looked for first",
                count(others.len(), "other place")
            ),
        };
        format!("{} ({}{before})", input.path, input.why)
    });
    group(out, "what it read besides", inputs.collect(), limits);
    let absent = link.absent.iter().map(ToString::to_string).collect();
    group(
        out,
        "where nothing is, and something would count",
        absent,
        limits,
    );
    group(
        out,
        "variables and tools",
        link.others.iter().map(question).collect(),
        limits,
    );
}
