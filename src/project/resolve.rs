//! From what was asked for to one program: names, places and options, every default filled in.
//!
//! Looks at no file: whether the entry exists is seen by the build.

use super::{Compile, Executable, Kind, Project, normalise};
use crate::document::nearest;
use crate::engine::{Request, Target};
use crate::error::{Error, Result};
use crate::frontend::EmitOptions;
use crate::frontend::native::NativeLibrary;
use crate::link::library::{Facts, Wanted};
use crate::link::{LinkOptions, OwnRules};
use crate::rule::{ActionRule, Named};
use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;
use std::sync::Arc;

/// One program to build.
#[derive(Clone, Debug)]
pub struct Program {
    pub kind: Kind,
    pub name: String,
    /// The file that runs first, relative to the project and normalised; `None` for a library, or where all are sources.
    pub entry: Option<Utf8PathBuf>,
    /// Patterns of further files.
    pub sources: Vec<String>,
    /// How files are compiled that a compiler of their own compiles, the profile's flags included.
    pub compile: Compile,
    /// Where the program goes, relative to the project or absolute.
    pub output: Utf8PathBuf,
    pub options: EmitOptions,
    /// Without the libraries, which are only words when they are resolved.
    pub link: LinkOptions,
    /// The libraries whose functions it can import.
    pub native: Vec<NativeLibrary>,
    pub libraries: Wanted,
    /// The commands that run first, by name.
    pub actions: Vec<(String, ActionRule)>,
}

/// The program that `request` asks for.
///
/// # Errors
/// If the project has no such executable, or several where none was chosen.
pub fn resolve(project: &Project, request: &Request) -> Result<Program> {
    let executable = match &request.target {
        Target::Default => only_executable(project)?,
        Target::Executable(name) => named_executable(project, name)?,
        Target::File(path) => file_executable(project, path)?,
    };
    let facts = facts(project, request)?;
    let profile = facts.profile.as_str();
    let opt_level = match request.release {
        true => project.release,
        false => project.dev,
    };
    let default_output = || {
        let file = executable.kind.file_name(&executable.name);
        Utf8PathBuf::from(format!("target/kiln/{profile}/{file}"))
    };
    let profile_flags = match request.release {
        true => &project.release_flags,
        false => &project.dev_flags,
    };
    let mut compile = Compile {
        flags: [&project.compile.flags[..], profile_flags].concat(),
        ..project.compile.clone()
    };
    compile = compile.with(&executable.compile);
    let output = request.output.clone().or_else(|| executable.output.clone());
    Ok(Program {
        output: output.unwrap_or_else(default_output),
        options: EmitOptions { opt_level },
        link: LinkOptions {
            linker: project.link.linker.clone(),
            driver: project.link.driver.clone(),
            args: project.link.args.clone(),
            search: project.link.search.clone(),
            libraries: Vec::new(),
            shared: executable.kind == Kind::SharedLibrary,
            rules: OwnRules::of(&project.tools),
        },
        libraries: Wanted {
            names: executable.libraries,
            libraries: Arc::clone(&project.libraries),
            facts,
        },
        native: project
            .libraries
            .own()
            .filter(|(_, rule)| !rule.functions.is_empty())
            .map(|(_, rule)| rule.functions.library.clone())
            .collect(),
        actions: actions(project, executable.actions.as_deref())?,
        kind: executable.kind,
        compile,
        sources: executable.sources,
        entry: executable.entry,
        name: executable.name,
    })
}

/// The actions that a product names; all of the project's where it names none.
fn actions(project: &Project, named: Option<&[Named]>) -> Result<Vec<(String, ActionRule)>> {
    let Some(named) = named else {
        let all = project.actions.iter();
        return Ok(all
            .map(|(name, rule)| (name.clone(), rule.clone()))
            .collect());
    };
    let known = || project.actions.keys().map(String::as_str);
    let action = |action: &Named| match project.actions.get(&action.name) {
        Some(rule) => Ok((action.name.clone(), rule.clone())),
        None => {
            let near = nearest(&action.name, known());
            Err(Error::configuration(
                format!(
                    "there is no action `{}`, which {} names",
                    action.name, action.place
                ),
                Some(near.map_or_else(
                    || format!("declare it: [action.{}]", action.name),
                    |near| format!("did you mean `{near}`?"),
                )),
            ))
        }
    };
    named.iter().map(action).collect()
}

/// What conditions of rules are about, in the build that is asked for.
///
/// # Errors
/// If the request chooses a value for an option that the project does not have.
pub fn facts(project: &Project, request: &Request) -> Result<Facts> {
    let profile = if request.release { "release" } else { "dev" };
    Ok(Facts::here(profile, options(project, request)?))
}

/// The named choices of the project, with what the request says of them.
fn options(project: &Project, request: &Request) -> Result<IndexMap<String, String>> {
    let mut options = project.options.clone();
    for (name, value) in &request.options {
        let Some(option) = options.get_mut(name) else {
            let known: Vec<&str> = project.options.keys().map(String::as_str).collect();
            let remedy = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => "name it in [options] of kiln.toml first".to_owned(),
                None => format!("there are: {}", known.join(", ")),
            };
            return Err(Error::configuration(
                format!("there is no option called `{name}`"),
                Some(remedy),
            ));
        };
        option.clone_from(value);
    }
    Ok(options)
}

fn only_executable(project: &Project) -> Result<Executable> {
    match project.executables.as_slice() {
        [only] => Ok(only.clone()),
        [] if project.present => Err(Error::configuration(
            "kiln.toml has no executable",
            Some("add one:  [[executable]]  name = \"app\"  entry = \"src/main.ts\"".to_owned()),
        )),
        [] => Err(Error::configuration(
            "there is no kiln.toml",
            Some("make one with `kiln init`, or name a file: `kiln build src/main.ts`".to_owned()),
        )),
        several => Err(Error::configuration(
            format!(
                "kiln.toml has {} executables, and none was chosen",
                several.len()
            ),
            Some(format!(
                "choose one with `--executable`: {}",
                names(several)
            )),
        )),
    }
}

fn named_executable(project: &Project, name: &str) -> Result<Executable> {
    let executables = &project.executables;
    if let Some(found) = executables
        .iter()
        .find(|executable| executable.name == name)
    {
        return Ok(found.clone());
    }
    let remedy = match nearest(
        name,
        executables
            .iter()
            .map(|executable| executable.name.as_str()),
    ) {
        Some(near) => format!("did you mean `{near}`?"),
        None if executables.is_empty() => {
            "name a file instead: `kiln build src/main.ts`".to_owned()
        }
        None => format!("there are: {}", names(executables)),
    };
    Err(Error::configuration(
        format!("there is no executable called `{name}`"),
        Some(remedy),
    ))
}

/// The executable whose entry a file is; for any other file one that is called as the file is.
fn file_executable(project: &Project, path: &Utf8Path) -> Result<Executable> {
    let entry = normalise(path);
    let mut declared = project
        .executables
        .iter()
        .filter(|executable| executable.entry.as_ref() == Some(&entry));
    if let (Some(found), None) = (declared.next(), declared.next()) {
        return Ok(found.clone());
    }
    let Some(name) = entry.file_stem() else {
        return Err(Error::configuration(
            format!("`{path}` is no source file"),
            Some("name the module that runs first: `kiln build src/main.ts`".to_owned()),
        ));
    };
    Ok(Executable {
        name: name.to_owned(),
        entry: Some(entry.clone()),
        ..Executable::default()
    })
}

fn names(executables: &[Executable]) -> String {
    executables
        .iter()
        .map(|executable| executable.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
