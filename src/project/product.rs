//! One product: an `[[executable]]`, a `[[static-library]]` or a `[[shared-library]]`.

use super::compile::{self, Compile};
use super::{normalise, values};
use crate::document::{Problems, Section, Spanned};
use crate::rule::{Named, Reading};
use camino::{Utf8Path, Utf8PathBuf};

/// What a product is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    #[default]
    Executable,
    StaticLibrary,
    SharedLibrary,
}

impl Kind {
    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Executable => "executable",
            Self::StaticLibrary => "static library",
            Self::SharedLibrary => "shared library",
        }
    }

    /// The file of a product with this name, without its folder.
    pub fn file_name(self, name: &str) -> String {
        match self {
            Self::Executable => name.to_owned(),
            Self::StaticLibrary => format!("lib{name}.a"),
            Self::SharedLibrary => format!("lib{name}.so"),
        }
    }
}

/// One product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Executable {
    pub kind: Kind,
    pub name: String,
    /// Relative to the project and normalised, or absolute if it lies outside. `None` for a library, which has none, and for
    /// a program all of whose files are `sources`.
    pub entry: Option<Utf8PathBuf>,
    /// Where it goes; `None` is the default place.
    pub output: Option<Utf8PathBuf>,
    /// Patterns of further files to compile and link.
    pub sources: Vec<String>,
    /// How they are compiled, besides what `[compile]` says for all.
    pub compile: Compile,
    /// Names of [library.*] entries, or of system libraries, as for `-l`.
    pub libraries: Vec<Named>,
    /// Names of the actions that run first; `None` is all of them.
    pub actions: Option<Vec<Named>>,
}

/// All products of a file, in the order of their kinds.
pub fn products(
    top: &mut Section<'_>,
    package: Option<&String>,
    root: &dyn Fn() -> Option<Utf8PathBuf>,
    reading: &mut Reading<'_>,
) -> Vec<Executable> {
    let problems = &mut reading.problems;
    let tables = [
        (Kind::Executable, top.tables("executable", problems)),
        (Kind::StaticLibrary, top.tables("static-library", problems)),
        (Kind::SharedLibrary, top.tables("shared-library", problems)),
    ];
    let only = tables.iter().map(|(_, tables)| tables.len()).sum::<usize>() == 1;
    let mut found = Vec::new();
    for (kind, sections) in tables {
        for section in sections {
            let inherited = package.filter(|_| only).cloned();
            found.extend(product(kind, section, inherited, root, reading));
        }
    }
    found
}

/// One product; `None` where it lacks something, which is reported.
fn product(
    kind: Kind,
    mut section: Section<'_>,
    inherited: Option<String>,
    root: &dyn Fn() -> Option<Utf8PathBuf>,
    reading: &mut Reading<'_>,
) -> Option<Executable> {
    let problems = &mut reading.problems;
    let title = kind.title();
    let name = match section.string("name", problems) {
        Some(written) => {
            let span = written.span.clone();
            let name = product_name(written, problems);
            if let Some(name) = &name {
                let things = match kind {
                    Kind::Executable => "executables",
                    Kind::StaticLibrary | Kind::SharedLibrary => "products",
                };
                problems.unique(things, "name", name, span);
            }
            name
        }
        None => inherited.filter(|_| !section.has("name")),
    };
    if name.is_none() && !section.has("name") {
        problems.add_with_help(
            "config-missing",
            section.heading(),
            format!("this {title} has no name"),
            "add `name = \"…\"`",
        );
    }
    let entry = match kind {
        Kind::Executable => section.filled_string("entry", problems),
        Kind::StaticLibrary | Kind::SharedLibrary => None,
    };
    let sources = section.strings("sources", problems);
    check_sources(&sources, problems);
    let has_sources = section.has("sources") && !sources.is_empty();
    let no_entry = kind == Kind::Executable && entry.is_none() && !section.has("entry");
    let lacking = no_entry && !has_sources;
    if lacking {
        problems.add_with_help(
            "config-missing",
            section.heading(),
            "this executable has no entry",
            "add `entry = \"src/main.ts\"`: the module that runs first",
        );
    }
    if kind != Kind::Executable && !has_sources {
        problems.add_with_help(
            "config-missing",
            section.heading(),
            format!("this {title} has no sources"),
            "add `sources = [\"src/*.c\"]`",
        );
    }
    let wrong_entry = section.has("entry") && entry.is_none() && kind == Kind::Executable;
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
    let compile = compile::keys(&mut section, problems);
    let libraries = section.strings("libraries", problems);
    let listed = section.has("actions");
    let actions = section.strings("actions", problems);
    section.finish(problems);
    let libraries = names(libraries, reading);
    let actions = actions.into_iter().map(|action| {
        let place = reading.place(&action.span);
        let name = action.value;
        Named { name, place }
    });
    let actions: Vec<Named> = actions.collect();
    if wrong_entry || lacking {
        return None;
    }
    Some(Executable {
        kind,
        name: name?,
        entry: entry.map(|entry| relative_entry(&entry.value, root)),
        output: output.map(|output| normalise(output.value.as_str().into())),
        sources: values(sources),
        compile,
        libraries,
        actions: listed.then_some(actions),
    })
}

fn check_sources(sources: &[Spanned<String>], problems: &mut Problems) {
    for source in sources {
        let text = &source.value;
        let wrong = text.is_empty()
            || text
                .split('/')
                .any(|part| part.contains("**") && part != "**");
        if wrong {
            problems.add_with_help(
                "config-value",
                source.span.clone(),
                "this is no pattern of files",
                "`*` stands for any letters within a name, `**` for folders: \"src/**/*.c\"",
            );
        }
    }
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
pub fn product_name(name: Spanned<String>, problems: &mut Problems) -> Option<String> {
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
