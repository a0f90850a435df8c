//! `kiln explain library`: which alternative of a native library is taken, looked at now.

use crate::document::nearest;
use crate::driver::args::ExplainCommand;
use crate::driver::diagnostics::Excerpts;
use crate::driver::rules::library::{overridden, source};
use crate::driver::terminal::{Terminal, write_stderr, write_stdout};
use crate::driver::{Exit, place};
use crate::engine::{Request, Target};
use crate::error::Result;
use crate::host::{Host, NativeHost};
use crate::link::library::{self, Common, Member, Named, Place, Resolution, Resolved};
use crate::link::{LinkOptions, OwnRules};
use crate::observe::{Reader, World};
use crate::project::{self, Project};
use crate::rule::library::shipped_libraries;
use std::fmt::Write;
use std::sync::Arc;

/// Carries out the command.
pub fn explain(here: NativeHost, terminal: &Terminal, command: &ExplainCommand) -> Exit {
    let ExplainCommand::Library { name, release, set } = command;
    let host = place::nearest_project(&here).and_then(|root| match root {
        Some(root) => place::rooted(here, &root),
        None => place::here().map(Arc::new),
    });
    let request = Request {
        release: *release,
        options: set.iter().cloned().collect(),
        ..Request::new(Target::Default)
    };
    let told = match &host {
        Ok(host) => library(host, name, &request),
        Err(error) => {
            terminal.error(&error.to_string(), error.remedy.as_deref());
            return error.kind.into();
        }
    };
    match told {
        Ok(text) => {
            write_stdout(&text);
            Exit::Done
        }
        Err(error) => {
            if let Ok(host) = &host {
                write_stderr(&Excerpts::new(&**host, terminal).text(&error.places));
            }
            terminal.error(&error.to_string(), error.remedy.as_deref());
            error.kind.into()
        }
    }
}

/// What becomes of one library and of what it needs.
fn library(host: &Arc<NativeHost>, name: &str, request: &Request) -> Result<String> {
    let world = World::new(Arc::clone(host) as Arc<dyn Host>);
    let reader = Reader::new(&world);
    let project = project::load(&reader)?;
    let facts = project::facts(&project, request)?;
    let named = Named {
        name: name.to_owned(),
        place: Place::default(),
    };
    let closure = project.libraries.closure(&[named])?;
    let options = LinkOptions {
        shared: false,
        linker: project.link.linker.clone(),
        driver: project.link.driver.clone(),
        args: project.link.args.clone(),
        search: project.link.search.clone(),
        libraries: Vec::new(),
        rules: OwnRules::of(&project.tools),
    };
    let common = Common::new(&options, &world);
    let (mut resolution, mut missing) = (Resolution::default(), Vec::new());
    for member in &closure.members {
        match (
            library::resolve(member, &facts, &common, &reader)?,
            &member.rule,
        ) {
            (Ok(resolved), _) => resolution.libraries.push(resolved),
            (Err(rejected), Some(rule)) => missing.push((member, &**rule, rejected)),
            (Err(_), None) => {}
        }
    }
    if !missing.is_empty() {
        return Err(library::unavailable(&missing));
    }
    let mut text = String::new();
    for (resolved, member) in resolution.libraries.iter().zip(&closure.members) {
        if !text.is_empty() {
            text.push('\n');
        }
        one(&project, resolved, member, &mut text);
    }
    Ok(text)
}

fn one(project: &Project, resolved: &Resolved, member: &Member, out: &mut String) {
    let needed = match &resolved.needed_by {
        Some(by) => format!(", needed by {by} ({})", member.named.place),
        None => String::new(),
    };
    let _ = writeln!(out, "library {}{needed}", resolved.name);
    let Some(rule) = &member.rule else {
        let _ = writeln!(
            out,
            "  no rule knows it: it is a library of the system by its name"
        );
        if let Some(near) = near(project, &resolved.name) {
            let _ = writeln!(out, "  there is a rule for `{near}`");
        }
        words(resolved, false, out);
        return;
    };
    let _ = writeln!(out, "  rule: {}", rule.place);
    for place in overridden(project, &resolved.name, rule) {
        let _ = writeln!(out, "  instead of {place}");
    }
    if let Some(why) = &rule.why {
        let _ = writeln!(out, "  known from: {why}");
    }
    for (at, alternative) in rule.alternatives.iter().enumerate() {
        let rejected = resolved.rejected.iter().find(|it| it.alternative == at);
        let said = match rejected {
            Some(rejected) => rejected.why.as_str(),
            None if at == resolved.alternative => "fits",
            None => "not tried",
        };
        let (number, place) = (at + 1, &alternative.source_place);
        let _ = writeln!(out, "  {number}. {} ({place}): {said}", source(alternative));
    }
    words(resolved, true, out);
}

/// The words of the link and for the compiler, each with where it comes from.
fn words(resolved: &Resolved, places: bool, out: &mut String) {
    if !resolved.link.is_empty() {
        let _ = writeln!(out, "  words of the link:");
    }
    for word in &resolved.link {
        let _ = match places {
            true => writeln!(out, "    {:28} {}", word.word, word.place),
            false => writeln!(out, "    {}", word.word),
        };
    }
    let include = resolved.include.iter().map(|folder| format!("-I{folder}"));
    let defines = resolved.defines.iter();
    let defines = defines.filter_map(|(name, definition)| definition.said(name));
    let defines = defines.map(|said| format!("-D{said}"));
    let compile: Vec<String> = include
        .chain(defines)
        .chain(resolved.compile.iter().cloned())
        .collect();
    if !compile.is_empty() {
        let _ = writeln!(out, "  for units of C: {}", compile.join(" "));
    }
    if resolved.build.is_some() {
        let _ = writeln!(out, "  it is compiled here");
    }
}

/// The rule that was meant, maybe.
fn near<'p>(project: &'p Project, name: &str) -> Option<&'p str> {
    let own = project.libraries.own().map(|(name, _)| name);
    let shipped = shipped_libraries().iter().map(|(name, ..)| *name);
    nearest(name, own.chain(shipped))
}
