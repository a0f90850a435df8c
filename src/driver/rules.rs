//! `kiln rules`: what is known of linkers and drivers, and whether a file of rules is right.

use super::Exit;
use super::args::RulesCommand;
use super::diagnostics::Excerpts;
use super::doctor::spelled;
use super::terminal::{Terminal, write_stderr, write_stdout};
use crate::document::nearest;
use crate::error::{Error, Result};
use crate::explain::text::count;
use crate::host::Host;
use crate::rule::{FormValue, RuleId, Rules, VariableRole};
use camino::Utf8Path;

/// Carries out one of the commands.
pub fn rules(host: &dyn Host, terminal: &Terminal, command: &RulesCommand) -> Exit {
    let done = Rules::shipped().and_then(|rules| match command {
        RulesCommand::List => {
            write_stdout(&list(&rules));
            Ok(Exit::Done)
        }
        RulesCommand::Show { name } => show(&rules, name).map(|text| {
            write_stdout(&text);
            Exit::Done
        }),
        RulesCommand::Check { file } => check(host, terminal, rules, file),
    });
    match done {
        Ok(exit) => exit,
        Err(error) => {
            let mut excerpts = Excerpts::new(host, terminal);
            write_stderr(&excerpts.text(&error.places));
            terminal.error(&error.to_string(), error.remedy.as_deref());
            error.kind.into()
        }
    }
}

fn list(rules: &Rules) -> String {
    let mut text = String::new();
    for id in rules.ids() {
        let title = rules.tool(&id).map_or("", |tool| tool.title.as_str());
        let place = rules.place(&id).map(ToString::to_string);
        let (id, place) = (id.to_string(), place.unwrap_or_default());
        text.push_str(&format!("{id:17} {title:22} {place}\n"));
    }
    text
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

fn show(rules: &Rules, name: &str) -> Result<String> {
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

/// Reads a file as if it were a project's, and runs its tests.
fn check(host: &dyn Host, terminal: &Terminal, rules: Rules, file: &Utf8Path) -> Result<Exit> {
    let bytes = host
        .read(file)
        .map_err(|cause| Error::world("cannot read the rules", file, cause))?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Error::configuration(format!("{file} is not valid UTF-8"), None))?;
    let (_, tests, failures) = rules.check(file.as_str(), text)?;
    for failure in &failures {
        let message = format!(
            "{}: {}\n  {} is {:?}, expected {:?}",
            failure.place, failure.command, failure.what, failure.found, failure.expected
        );
        terminal.error(&message, None);
    }
    if !failures.is_empty() {
        return Ok(Exit::Usage);
    }
    terminal.status(&format!("{file} is right; {} hold", count(tests, "test")));
    Ok(Exit::Done)
}
