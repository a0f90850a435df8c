//! From what was asked for to one program: names, places and options, every default filled in.
//!
//! Looks at no file: whether the entry exists is seen by the build.

use super::{Compile, Executable, Kind, Project, normalise};
use crate::document::nearest;
use crate::engine::{Request, Target};
use crate::error::{Error, Result};
use crate::frontend::EmitOptions;
use crate::frontend::native::NativeLibrary;
use crate::link::LinkOptions;
use camino::{Utf8Path, Utf8PathBuf};

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
    pub link: LinkOptions,
    /// The libraries whose functions it can import.
    pub native: Vec<NativeLibrary>,
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
    let (profile, opt_level) = if request.release {
        ("release", project.release)
    } else {
        ("dev", project.dev)
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
            libraries: executable.libraries,
            shared: executable.kind == Kind::SharedLibrary,
        },
        native: project
            .functions
            .iter()
            .filter(|functions| !functions.is_empty())
            .map(|functions| functions.library.clone())
            .collect(),
        kind: executable.kind,
        compile,
        sources: executable.sources,
        entry: executable.entry,
        name: executable.name,
    })
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
