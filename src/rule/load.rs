//! A rule file's text as rules, every problem at its place.
//!
//! The keys are asked for where their meaning is given, so that what is known and what is read cannot differ. Knows no
//! linker, and does not know which rules refer to which: that is checked when files are put together.

mod action;
mod compiler;
mod function;
mod library;
mod option;
mod search;
mod tool;
mod types;

use super::library::{LibrarySample, sample};
use super::sample::Sample;
use super::schema::{
    ActionRule, CompilerRule, Confined, DriverRule, EnvironmentRule, LibraryRule, LinkerRule, Place,
};
use crate::document::{Problems, Section, Spanned, document};
use crate::error::{Diagnostic, Error, Result};
use camino::Utf8Path;
use indexmap::IndexMap;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// What one file says.
#[derive(Default)]
pub struct Loaded {
    pub linkers: IndexMap<String, LinkerRule>,
    pub drivers: IndexMap<String, DriverRule>,
    pub environments: IndexMap<String, EnvironmentRule>,
    pub compilers: IndexMap<String, CompilerRule>,
    pub libraries: IndexMap<String, LibraryRule>,
    pub actions: IndexMap<String, ActionRule>,
    /// Command lines and what must be seen of them.
    pub samples: Vec<Sample>,
    /// Machines and what must become of a library there.
    pub library_samples: Vec<LibrarySample>,
    /// Names of other rules, each with what it must name and where it is written.
    pub references: Vec<Reference>,
}

/// A name that stands for a rule.
pub struct Reference {
    pub kind: &'static str,
    pub name: String,
    pub span: Range<usize>,
}

/// A file while it is read.
pub struct Reading<'t> {
    text: &'t str,
    file: Arc<str>,
    pub problems: Problems,
    references: Vec<Reference>,
    /// Forms of the tool that is being read.
    forms: HashSet<String>,
    /// What the file may name, if it is somebody else's.
    pub confined: Option<Confined>,
    /// Names of options that conditions ask for.
    pub options_used: Vec<Spanned<String>>,
}

impl<'t> Reading<'t> {
    /// `file` is the path of the file, as messages call it.
    pub fn new(file: &str, text: &'t str, confined: Option<Confined>) -> Self {
        Self {
            text,
            file: Arc::from(file),
            problems: Problems::new(file),
            references: Vec::new(),
            forms: HashSet::new(),
            confined,
            options_used: Vec::new(),
        }
    }

    /// Where relative paths in the file start.
    pub fn folder(&self) -> &Utf8Path {
        Utf8Path::new(&*self.file).parent().unwrap_or("".into())
    }

    pub fn place(&self, span: &Range<usize>) -> Place {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        Place {
            file: self.file.clone(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            span: span.clone(),
        }
    }

    fn refer(&mut self, kind: &'static str, name: &Spanned<String>) {
        self.references.push(Reference {
            kind,
            name: name.value.clone(),
            span: name.span.clone(),
        });
    }

    /// Reports forms that another option of the tool has too: only one of them would ever be found.
    pub(super) fn unique(&mut self, forms: &[Spanned<String>]) {
        for form in forms {
            if !self.forms.insert(form.value.clone()) {
                let message = format!("there are two options with the form \"{}\"", form.value);
                self.problems
                    .add("config-duplicate", form.span.clone(), message);
            }
        }
    }

    /// A string that must be there and be filled.
    pub(super) fn required(&mut self, section: &mut Section<'_>, key: &'static str) -> String {
        let found = section.filled_string(key, &mut self.problems);
        section.require(key);
        if found.is_none() && !section.has(key) {
            let message = format!("`{key}` is missing from {}", section.name());
            self.problems
                .add("config-missing", section.heading(), message);
        }
        found.map(|found| found.value).unwrap_or_default()
    }

    /// Each string as `make` makes it; what it refuses is reported.
    pub(super) fn made<T>(
        &mut self,
        strings: Vec<Spanned<String>>,
        make: impl Fn(&str) -> std::result::Result<T, &'static str>,
    ) -> Vec<T> {
        let mut made = Vec::new();
        for string in strings {
            match make(&string.value) {
                Ok(value) => made.push(value),
                Err(problem) => self.problems.add("config-value", string.span, problem),
            }
        }
        made
    }
}

/// Reads the text of a rule file. `confined` says whose it is, if it is somebody else's.
///
/// # Errors
/// With a place for each problem.
pub fn load(file: &str, text: &str, confined: Option<Confined>) -> Result<Loaded> {
    load_with_options(file, text, confined).map(|(loaded, _)| loaded)
}

/// The same, and the options that conditions ask for.
pub fn load_with_options(
    file: &str,
    text: &str,
    confined: Option<Confined>,
) -> Result<(Loaded, Vec<Spanned<String>>)> {
    let mut reading = Reading::new(file, text, confined);
    let table = document(text, &mut reading.problems);
    let mut top = Section::new(&format!("the top level of {file}"), &table);
    let mut loaded = Loaded::default();
    loaded.tools(&mut top, &mut reading);
    loaded.libraries(&mut top, &mut reading);
    for section in top.tables("test", &mut reading.problems) {
        loaded.sample(section, &mut reading);
    }
    top.finish(&mut reading.problems);
    loaded.references.append(&mut reading.references);
    let options = std::mem::take(&mut reading.options_used);
    reading.problems.into_result((loaded, options))
}

impl Loaded {
    /// Environments, linkers, drivers and compilers.
    pub fn tools(&mut self, top: &mut Section<'_>, reading: &mut Reading<'_>) {
        if reading.confined.is_some() {
            for kind in ["environment", "linker", "driver", "compiler", "action"] {
                forbidden(kind, top, reading);
            }
            return;
        }
        for (name, section) in entries("linker", top, reading) {
            let rule = tool::linker(section, reading.place(&name.span), reading);
            self.linkers.insert(name.value, rule);
        }
        for (name, section) in entries("driver", top, reading) {
            let rule = tool::driver(section, reading.place(&name.span), reading);
            self.drivers.insert(name.value, rule);
        }
        self.compilers(top, reading);
        self.actions(top, reading);
    }

    /// Compilers, and the environments that rules name.
    fn compilers(&mut self, top: &mut Section<'_>, reading: &mut Reading<'_>) {
        for (name, section) in entries("environment", top, reading) {
            let rule = tool::environment(section, reading.place(&name.span), reading);
            self.environments.insert(name.value, rule);
        }
        for (name, section) in entries("compiler", top, reading) {
            let rule = compiler::compiler(section, reading.place(&name.span), reading);
            self.compilers.insert(name.value, rule);
        }
        self.references.append(&mut reading.references);
    }

    /// Commands of the project.
    fn actions(&mut self, top: &mut Section<'_>, reading: &mut Reading<'_>) {
        for (name, section) in entries("action", top, reading) {
            let rule = action::action(section, reading.place(&name.span), reading);
            self.actions.insert(name.value, rule);
        }
        self.references.append(&mut reading.references);
    }

    /// Problems with names of rules that are none of the `known` ones of their kind.
    pub fn unknown_names<'n>(
        &self,
        file: &str,
        known: impl Fn(&str) -> Vec<&'n str>,
    ) -> Vec<Diagnostic> {
        let checked = check_references(file, &self.references, known);
        checked.err().map(|error| error.places).unwrap_or_default()
    }

    /// Native libraries.
    pub fn libraries(&mut self, top: &mut Section<'_>, reading: &mut Reading<'_>) {
        for (name, section) in entries("library", top, reading) {
            let rule = library::library(section, &name, reading);
            self.libraries.insert(name.value, rule);
        }
        super::library::check_cycles(&self.libraries, &mut reading.problems);
    }

    /// Both kinds of `[[test]]` rows in one, for a row that is only described.
    pub fn describe_samples(&mut self, row: Section<'_>, reading: &mut Reading<'_>) {
        if let Some(again) = row.described_again() {
            self.samples.push(super::sample::read(again, reading));
        }
        if let Some(again) = row.described_again() {
            self.samples.push(super::sample::read_unit(again, reading));
        }
        let either = row.described_again();
        self.library_samples.push(sample(row, reading));
        // A row has one of them.
        if let Some(row) = either {
            row.need_not("command");
            row.need_not("compiler");
            row.need_not("library");
        }
    }

    /// A `[[test]]` row, which is about a command line or about a library.
    pub fn sample(&mut self, row: Section<'_>, reading: &mut Reading<'_>) {
        if row.has("library") {
            self.library_samples.push(sample(row, reading));
        } else {
            self.samples.push(super::sample::read(row, reading));
        }
    }
}

/// The entries of a kind.
fn entries<'t>(
    kind: &'static str,
    top: &mut Section<'t>,
    reading: &mut Reading<'_>,
) -> Vec<(Spanned<String>, Section<'t>)> {
    let table = top.table(kind, &mut reading.problems);
    let entries = table.map(|table| table.entries(&mut reading.problems));
    entries.unwrap_or_default()
}

/// Reports rules that say which programs are run, in a file that may not.
fn forbidden(kind: &'static str, top: &mut Section<'_>, reading: &mut Reading<'_>) {
    let Some(confined) = reading.confined.clone() else {
        return;
    };
    if let Some(span) = top.has(kind).then(|| top.span_of(kind)).flatten() {
        let package = &confined.package;
        let message = format!(
            "the rules of the package \"{package}\" may not say which programs are run, as `{kind}` does"
        );
        let help = format!("allow it in kiln.toml: `[allow] packages = [\"{package}\"]`");
        reading
            .problems
            .add_with_help("rules-forbidden", span, message, help);
    }
}

/// What to say of references that name no rule. `known` gives the names of a kind.
pub fn check_references<'n>(
    file: &str,
    references: &[Reference],
    known: impl Fn(&str) -> Vec<&'n str>,
) -> std::result::Result<(), Error> {
    let mut problems = Problems::new(file);
    for reference in references {
        let names = known(reference.kind);
        if names.contains(&reference.name.as_str()) {
            continue;
        }
        let message = format!("there is no {} \"{}\"", reference.kind, reference.name);
        let help = match crate::document::nearest(&reference.name, names.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("there are {}", names.join(", ")),
        };
        let span = reference.span.clone();
        problems.add_with_help("config-value", span, message, help);
    }
    problems.into_result(())
}
