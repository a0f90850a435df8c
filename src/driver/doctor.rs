//! `kiln doctor`: which linkers and drivers this machine has, what Kiln knows of them, what it would decline, and how the
//! cache and the file system of the project here are.

mod files;
mod project;
mod survey;
mod text;

pub use text::spelled;

use super::Exit;
use super::args::{DoctorOptions, MessageFormat};
use super::build;
use super::messages::line;
use super::terminal::{Terminal, write_stdout};
use crate::error::Result;
use crate::host::NativeHost;
use crate::rule::Rules;
use project::Project;
use serde::Serialize;
use survey::{Observing, Survey, Tool, survey};

/// Looks at the machine and at the project around the current directory, and tells what is there on stdout.
pub fn doctor(here: NativeHost, terminal: &Terminal, options: &DoctorOptions) -> Exit {
    match told(here, terminal, options) {
        Ok(text) => {
            write_stdout(&text);
            Exit::Done
        }
        Err(error) => {
            terminal.error(&error.to_string(), error.remedy.as_deref());
            error.kind.into()
        }
    }
}

fn told(here: NativeHost, terminal: &Terminal, options: &DoctorOptions) -> Result<String> {
    let rules = Rules::shipped()?;
    let survey = survey(&here, &rules);
    let (place, engine) = build::around(here, terminal, options.cache_dir.as_ref())?;
    let project = Project::look(&engine, &*place.host);
    Ok(match options.message_format {
        MessageFormat::Human => {
            let mut text = text::text(&survey, &rules);
            project.text(&mut text);
            text
        }
        MessageFormat::Json => project.json() + &json(&survey),
    })
}

#[derive(Serialize)]
struct ToolMessage<'s> {
    reason: &'static str,
    /// `linker.lld`
    rule: String,
    place: &'s str,
    names: Vec<NameMessage<'s>>,
    real_path: &'s str,
    version: Option<&'s str>,
    digest: Option<String>,
    linker: Option<LinkerMessage<'s>>,
}

#[derive(Serialize)]
struct NameMessage<'s> {
    path: &'s str,
    variable: &'s str,
    shadowed: bool,
}

#[derive(Serialize)]
struct LinkerMessage<'s> {
    path: &'s str,
    rule: Option<String>,
}

#[derive(Serialize)]
struct VariableMessage<'s> {
    reason: &'static str,
    name: &'s str,
    why: &'s str,
    remedy: &'s str,
    place: &'s str,
}

#[derive(Serialize)]
struct Finished<'s> {
    reason: &'static str,
    schema_version: u32,
    /// Whether all that other programs do is seen.
    observation: bool,
    /// What is not seen, or why nothing is.
    gaps: Vec<&'s str>,
}

/// One object a line, the last one `doctor-finished`.
fn json(survey: &Survey) -> String {
    let mut text: String = survey
        .tools
        .iter()
        .map(|tool| line(&message(tool)))
        .collect();
    text.extend(survey.forbidding.iter().map(|variable| {
        line(&VariableMessage {
            reason: "doctor-variable",
            name: &variable.name,
            why: &variable.why,
            remedy: &variable.remedy,
            place: &variable.place,
        })
    }));
    let (observation, gaps) = match &survey.observing {
        Observing::Works => (true, Vec::new()),
        Observing::Gaps(gaps) => (false, gaps.iter().map(String::as_str).collect()),
        Observing::Fails(why) => (false, vec![why.as_str()]),
    };
    text.push_str(&line(&Finished {
        reason: "doctor-finished",
        schema_version: 1,
        observation,
        gaps,
    }));
    text
}

fn message(tool: &Tool) -> ToolMessage<'_> {
    let names = tool.names.iter().map(|name| NameMessage {
        path: name.path.as_str(),
        variable: name.variable,
        shadowed: name.shadowed,
    });
    ToolMessage {
        reason: "doctor-tool",
        rule: tool.rule.to_string(),
        place: &tool.place,
        names: names.collect(),
        real_path: tool.real.as_str(),
        version: tool.version.as_deref(),
        digest: tool.digest.map(|digest| digest.to_string()),
        linker: tool.linker.as_ref().map(|linker| LinkerMessage {
            path: linker.path.as_str(),
            rule: linker.rule.as_ref().map(ToString::to_string),
        }),
    }
}

#[cfg(test)]
mod tests;
