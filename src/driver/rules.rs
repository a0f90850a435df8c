//! `kiln rules`: what is known of linkers, drivers and native libraries, and whether files of rules are right.

mod check;
pub(super) mod library;

use super::args::{RulesCommand, SchemaFormat};
use super::diagnostics::Excerpts;
use super::doctor::spelled;
use super::terminal::{Terminal, write_stderr, write_stdout};
use super::{Exit, place};
use crate::document::nearest;
use crate::error::{Error, Result};
use crate::host::{Host, NativeHost};
use crate::observe::{Reader, World};
use crate::project::Project;
use crate::rule::{FormValue, Place, RuleId, Rules, VariableRole, describe};
use std::sync::Arc;

/// Carries out one of the commands.
pub fn rules(here: NativeHost, terminal: &Terminal, command: &RulesCommand) -> Exit {
    let host = match command {
        // What is told of a project is told wherever in it one stands.
        RulesCommand::List | RulesCommand::Show { .. } | RulesCommand::Check { file: None } => {
            match place::nearest_project(&here).and_then(|root| match root {
                Some(root) => place::rooted(here, &root),
                None => place::here().map(Arc::new),
            }) {
                Ok(host) => host,
                Err(error) => {
                    terminal.error(&error.to_string(), error.remedy.as_deref());
                    return error.kind.into();
                }
            }
        }
        _ => Arc::new(here),
    };
    let told = |text: String| {
        write_stdout(&text);
        Exit::Done
    };
    let done = match command {
        RulesCommand::List => list(&host).map(told),
        RulesCommand::Show { name } => show(&host, name).map(told),
        RulesCommand::Check { file: Some(file) } => check::file(&*host, terminal, file),
        RulesCommand::Check { file: None } => check::project(&host, terminal),
        RulesCommand::Schema { project, format } => Ok(told(schema(*project, *format))),
    };
    match done {
        Ok(exit) => exit,
        Err(error) => {
            let mut excerpts = Excerpts::new(&*host, terminal);
            write_stderr(&excerpts.text(&error.places));
            terminal.error(&error.to_string(), error.remedy.as_deref());
            error.kind.into()
        }
    }
}

/// What the project says, if there is one here.
fn project(host: &Arc<NativeHost>) -> Result<Project> {
    let world = World::new(Arc::clone(host) as Arc<dyn Host>);
    crate::project::load(&Reader::new(&world))
}

fn list(host: &Arc<NativeHost>) -> Result<String> {
    let (shipped, project) = (Rules::shipped()?, project(host)?);
    let rules = shipped.clone().beneath(&project.tools);
    let mut text = String::new();
    for id in rules.ids() {
        let title = rules.tool(&id).map_or("", |tool| tool.title.as_str());
        let place = rules.place(&id).map(ToString::to_string);
        let replaced = match instead(&shipped, &rules, &id) {
            Some(_) => " (instead of another)",
            None => "",
        };
        let (id, place) = (id.to_string(), place.unwrap_or_default());
        text.push_str(&format!("{id:17} {title:22} {place}{replaced}\n"));
    }
    text.push_str(&library::list(&project)?);
    Ok(text)
}

fn schema(project: bool, format: SchemaFormat) -> String {
    if format == SchemaFormat::Page {
        return describe::page();
    }
    let (shape, title) = match project {
        true => (crate::project::shape(), "kiln.toml"),
        false => (describe::shape(), "Rules of Kiln"),
    };
    let schema = describe::json(&shape, title, &describe::Reference::shipped());
    format!("{schema:#}\n")
}

/// The rule that is called `lld` or `linker.lld`.
fn find(rules: &Rules, name: &str) -> Result<RuleId> {
    let fits = |id: &RuleId| id.name() == name || id.to_string() == name;
    rules.ids().find(fits).ok_or_else(|| {
        let names: Vec<String> = rules.ids().map(|id| id.name().to_owned()).collect();
        let remedy = match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`kiln rules list` lists them".to_owned(),
        };
        Error::configuration(format!("there is no rule `{name}`"), Some(remedy))
    })
}

fn show(host: &Arc<NativeHost>, name: &str) -> Result<String> {
    let (shipped, project) = (Rules::shipped()?, project(host)?);
    if let Some(text) = library::show(&project, name)? {
        return Ok(text);
    }
    let rules = shipped.clone().beneath(&project.tools);
    tool(&shipped, &rules, name)
}

/// Where the shipped rule is written that a project's own replaces.
fn instead<'s>(shipped: &'s Rules, rules: &Rules, id: &RuleId) -> Option<&'s Place> {
    let shipped = shipped.place(id)?;
    (rules.place(id)?.file != shipped.file).then_some(shipped)
}

fn tool(shipped: &Rules, rules: &Rules, name: &str) -> Result<String> {
    let id = find(rules, name)?;
    let mut text = String::new();
    let (Some(tool), Some(place)) = (rules.tool(&id), rules.place(&id)) else {
        return Ok(text);
    };
    text.push_str(&format!(
        "{id}: {}\n  {place}, digest {}\n",
        tool.title,
        rules.digest(&id).short()
    ));
    if let Some(place) = instead(shipped, rules, &id) {
        text.push_str(&format!("  instead of {place}\n"));
    }
    let names: Vec<&str> = tool
        .recognise
        .names
        .iter()
        .map(|name| name.as_str())
        .collect();
    text.push_str(&format!("  called {}\n", names.join(", ")));
    if let RuleId::Driver(name) = &id
        && let Some(driver) = rules.drivers.get(name)
    {
        let linkers = &driver.linkers;
        let named: Vec<&str> = linkers.named.keys().map(String::as_str).collect();
        text.push_str(&format!(
            "  links with {}, or by name {}\n",
            linkers.default,
            named.join(", ")
        ));
    }
    for (heading, role) in [
        ("Variables that count", VariableRole::Value),
        ("Search paths", VariableRole::SearchPath),
        ("Variables that load code", VariableRole::Loads),
        ("Variables that forbid caching", VariableRole::Forbids),
        ("Given, not counted", VariableRole::Ignored),
        ("Not given", VariableRole::Withheld),
    ] {
        let environment = rules.environment(&id);
        let mut variables = environment.variables.iter();
        if variables.any(|(_, variable)| variable.role == role) {
            text.push_str(&format!("\n{heading}\n"));
        }
        for (name, variable) in &environment.variables {
            if variable.role == role {
                text.push_str(&format!("  {name}: {}\n", variable.why));
            }
        }
    }
    text.push_str("\nSide outputs\n");
    for option in &tool.options {
        if let (Some(side), Some(form)) = (&option.side_output, option.forms.first()) {
            let value = if form.value == FormValue::None {
                ""
            } else {
                "…"
            };
            text.push_str(&format!("  {}{value}: {}\n", form.name, side.kind));
        }
    }
    text.push_str("\nNot cached\n");
    for requirement in &tool.requires {
        text.push_str(&format!(
            "  unless changed: {}; {}\n",
            requirement.why, requirement.remedy
        ));
    }
    for option in &tool.options {
        if let Some(refusal) = &option.declines {
            text.push_str(&format!(
                "  {}: {}; {}\n",
                spelled(option),
                refusal.why,
                refusal.remedy
            ));
        }
    }
    Ok(text)
}
