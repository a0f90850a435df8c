//! The rules of native libraries, listed and shown.

use crate::error::Result;
use crate::project::Project;
use crate::rule::library::shipped_libraries;
use crate::rule::{Alternative, LibraryRule, Place, Source};
use std::collections::BTreeSet;

/// One line for each library, with where its rule is written.
pub fn list(project: &Project) -> Result<String> {
    let own = project.libraries.own().map(|(name, _)| name);
    let shipped = shipped_libraries().iter().map(|(name, ..)| *name);
    let names: BTreeSet<&str> = own.chain(shipped).collect();
    let mut text = String::new();
    for name in names {
        let Some(rule) = project.libraries.get(name)? else {
            continue;
        };
        let sources: Vec<&str> = rule
            .alternatives
            .iter()
            .map(|alternative| alternative.source.key())
            .collect();
        let replaced = match overridden(project, name, &rule).is_empty() {
            true => "",
            false => " (instead of another)",
        };
        let (id, sources) = (format!("library.{name}"), sources.join(", "));
        text.push_str(&format!("{id:17} {sources:22} {}{replaced}\n", rule.place));
    }
    Ok(text)
}

/// Where rules of the same name are written that do not count.
pub fn overridden(project: &Project, name: &str, rule: &LibraryRule) -> Vec<String> {
    let own = project.overridden.get(name).into_iter().flatten();
    let mut places: Vec<String> = own.map(Place::to_string).collect();
    let shipped = shipped_libraries()
        .iter()
        .find(|(known, ..)| *known == name);
    if let Some((_, file, text)) = shipped
        && *rule.place.file != **file
    {
        let heading = format!("[library.{name}]");
        let line = text.lines().position(|line| line == heading).unwrap_or(0) + 1;
        places.insert(0, format!("{file}:{line}"));
    }
    places
}

/// What one rule says; `None` if there is no library of this name.
pub fn show(project: &Project, name: &str) -> Result<Option<String>> {
    let bare = name.strip_prefix("library.").unwrap_or(name);
    let Some(rule) = project.libraries.get(bare)? else {
        return Ok(None);
    };
    let mut text = format!("library.{bare}\n  {}\n", rule.place);
    for place in overridden(project, bare, &rule) {
        text.push_str(&format!("  instead of {place}\n"));
    }
    if let Some(confined) = &rule.confined {
        text.push_str(&format!(
            "  of the package {}, confined to {}\n",
            confined.package, confined.folder
        ));
    }
    let mut add = |what: &str, said: String| {
        if !said.is_empty() {
            text.push_str(&format!("  {what}: {said}\n"));
        }
    };
    add("why", rule.why.clone().unwrap_or_default());
    let names = |named: &[crate::rule::Named]| {
        let names: Vec<&str> = named.iter().map(|named| named.name.as_str()).collect();
        names.join(", ")
    };
    add("needs", names(&rule.needs));
    add("comes after", names(&rule.link_after));
    let functions: Vec<&str> = rule
        .functions
        .library
        .functions
        .keys()
        .map(String::as_str)
        .collect();
    add("functions", functions.join(", "));
    let packages = rule.install.iter();
    let packages: Vec<String> = packages
        .map(|(manager, it)| format!("{it} ({manager})"))
        .collect();
    add("to install", packages.join(", "));
    for (at, alternative) in rule.alternatives.iter().enumerate() {
        text.push_str(&format!(
            "\n{}. {}\n     {}\n",
            at + 1,
            source(alternative),
            alternative.source_place
        ));
        for condition in conditions(alternative) {
            text.push_str(&format!("     {condition}\n"));
        }
    }
    Ok(Some(text))
}

/// The source as it stands in a file.
pub fn source(alternative: &Alternative) -> String {
    let key = alternative.source.key();
    match &alternative.source {
        Source::PkgConfig {
            package, version, ..
        } => match version {
            Some(version) => format!("{key} {package}, version {version}"),
            None => format!("{key} {package}"),
        },
        Source::System(names) => format!("{key} {}", names.join(" ")),
        Source::Paths(paths) => {
            let paths: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
            format!("{key} {}", paths.join(" "))
        }
        Source::Framework(name) => format!("{key} {name}"),
        Source::Sources(built) => {
            let sources: Vec<&str> = built.sources.iter().map(|path| path.as_str()).collect();
            format!("{key} {}", sources.join(" "))
        }
    }
}

/// What must hold, a line each.
fn conditions(alternative: &Alternative) -> Vec<String> {
    let when = &alternative.when;
    let mut lines = Vec::new();
    for (what, words) in [
        ("system", &when.os),
        ("processor", &when.arch),
        ("profile", &when.profile),
    ] {
        if !words.is_empty() {
            lines.push(format!("when the {what} is {}", words.join(" or ")));
        }
    }
    let options = when.option.iter();
    lines.extend(
        options.map(|(option, value)| format!("when the option {} is {value}", option.name)),
    );
    lines
}
