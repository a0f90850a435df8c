//! `[[executable]]`: one program of a project.

use super::{Executable, normalise};
use crate::document::{Problems, Section, Spanned};
use crate::rule::{Named, Reading};
use camino::{Utf8Path, Utf8PathBuf};

/// One `[[executable]]`; `None` where it lacks something, which is reported.
pub(super) fn executable(
    mut section: Section<'_>,
    inherited: Option<String>,
    root: &dyn Fn() -> Option<Utf8PathBuf>,
    reading: &mut Reading<'_>,
) -> Option<Executable> {
    let problems = &mut reading.problems;
    let name = match section.string("name", problems) {
        Some(written) => {
            let span = written.span.clone();
            let name = program_name(written, problems);
            if let Some(name) = &name {
                problems.unique("executables", "name", name, span);
            }
            name
        }
        None => inherited.filter(|_| !section.has("name")),
    };
    if name.is_none() && !section.has("name") {
        problems.add_with_help(
            "config-missing",
            section.heading(),
            "this executable has no name",
            "add `name = \"…\"`",
        );
    }
    let entry = section.filled_string("entry", problems);
    if entry.is_none() && !section.has("entry") {
        problems.add_with_help(
            "config-missing",
            section.heading(),
            "this executable has no entry",
            "add `entry = \"src/main.ts\"`: the module that runs first",
        );
    }
    let output = section.filled_string("output", problems);
    if let Some(output) = &output {
        if output.value.ends_with('/') {
            problems.add(
                "config-value",
                output.span.clone(),
                "`output` must name a file, not a folder",
            );
        }
        problems.unique(
            "executables",
            "output",
            normalise(output.value.as_str().into()).as_str(),
            output.span.clone(),
        );
    }
    let sources = section.strings("sources", problems);
    if let Some(first) = sources.first() {
        problems.add_with_help(
            "config-unsupported",
            first.span.clone(),
            "`sources` is not supported yet: only the modules that the entry imports are compiled",
            "compile these files apart, and name the library they make under `libraries`",
        );
    }
    let libraries = section.strings("libraries", problems);
    section.finish(problems);
    let libraries = names(libraries, reading);
    Some(Executable {
        name: name?,
        entry: relative_entry(&entry?.value, root),
        output: output.map(|output| normalise(output.value.as_str().into())),
        libraries,
    })
}

/// The entry as the engine spells it: relative to the project where it lies inside.
fn relative_entry(entry: &str, root: &dyn Fn() -> Option<Utf8PathBuf>) -> Utf8PathBuf {
    let entry = normalise(Utf8Path::new(entry));
    if !entry.is_absolute() {
        return entry;
    }
    match root().and_then(|root| entry.strip_prefix(root).map(Utf8Path::to_owned).ok()) {
        Some(inside) => inside,
        None => entry,
    }
}

/// A name that can be the last part of a path.
pub(super) fn program_name(name: Spanned<String>, problems: &mut Problems) -> Option<String> {
    let text = &name.value;
    if text.is_empty() || text == "." || text == ".." || text.contains(['/', '\0']) {
        problems.add_with_help(
            "config-value",
            name.span,
            "a name must be usable as a file name",
            "use letters, digits, `-` and `_`; `output` says where the program goes",
        );
        return None;
    }
    Some(name.value)
}

/// Names of libraries, each once.
fn names(libraries: Vec<Spanned<String>>, reading: &mut Reading<'_>) -> Vec<Named> {
    let mut names: Vec<Named> = Vec::new();
    for library in libraries {
        let bare = library.value.trim_start_matches("-l");
        if library.value.is_empty() || library.value.starts_with('-') {
            let help = if bare.is_empty() || bare.starts_with('-') {
                "options for the linker belong to `args` of [link]".to_owned()
            } else {
                format!("write \"{bare}\"")
            };
            let message = "this is no library name";
            reading
                .problems
                .add_with_help("config-value", library.span, message, help);
        } else if names.iter().any(|known| known.name == library.value) {
            let message = format!("the library \"{}\" stands there twice", library.value);
            let help = "libraries that need each other are one: put their files into one [library.NAME], with `group = true`";
            reading
                .problems
                .add_with_help("config-duplicate", library.span, message, help);
        } else {
            let place = reading.place(&library.span);
            let name = library.value;
            names.push(Named { name, place });
        }
    }
    names
}
