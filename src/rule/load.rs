//! A rule file's text as rules, every problem at its place.
//!
//! The keys are asked for where their meaning is given, so that what is known and what is read cannot differ. Knows no
//! linker, and does not know which rules refer to which: that is checked when files are put together.

mod function;
mod compiler;
mod option;
mod search;
mod tool;
mod types;

use function::functions;

use super::sample::Sample;
use super::schema::{CompilerRule, DriverRule, EnvironmentRule, FunctionsRule, LinkerRule, Place};
use crate::document::{Problems, Section, Spanned, document};
use crate::error::{Error, Result};
use indexmap::IndexMap;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// What one file says.
pub struct Loaded {
    pub linkers: IndexMap<String, LinkerRule>,
    pub drivers: IndexMap<String, DriverRule>,
    pub environments: IndexMap<String, EnvironmentRule>,
    pub compilers: IndexMap<String, CompilerRule>,
    /// Command lines and what must be seen of them.
    pub samples: Vec<Sample>,
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
pub(super) struct Reading<'t> {
    text: &'t str,
    file: Arc<str>,
    pub problems: Problems,
    references: Vec<Reference>,
    /// Forms of the tool that is being read.
    forms: HashSet<String>,
}

impl Reading<'_> {
    pub(super) fn place(&self, span: &Range<usize>) -> Place {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        Place {
            file: self.file.clone(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
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

/// The functions of the library called `name`, whose table in the text of `file` is `library`.
pub fn library_functions(
    file: &str,
    text: &str,
    name: &str,
    library: &mut Section<'_>,
    problems: &mut Problems,
) -> FunctionsRule {
    let mut reading = Reading {
        text,
        file: Arc::from(file),
        problems: std::mem::replace(problems, Problems::new(file)),
        references: Vec::new(),
        forms: HashSet::new(),
    };
    let functions = functions(library, name, &mut reading);
    *problems = reading.problems;
    functions
}

/// Reads the text of a rule file.
///
/// # Errors
/// With a place for each problem.
pub fn load(file: &str, text: &str) -> Result<Loaded> {
    let mut reading = Reading {
        text,
        file: Arc::from(file),
        problems: Problems::new(file),
        references: Vec::new(),
        forms: HashSet::new(),
    };
    let table = document(text, &mut reading.problems);
    let mut top = Section::new(&format!("the top level of {file}"), &table);
    let mut loaded = Loaded {
        linkers: IndexMap::new(),
        drivers: IndexMap::new(),
        environments: IndexMap::new(),
        compilers: IndexMap::new(),
        samples: Vec::new(),
        references: Vec::new(),
    };
    if let Some(entries) = top.table("environment", &mut reading.problems) {
        for (name, section) in entries.entries(&mut reading.problems) {
            let rule = tool::environment(section, reading.place(&name.span), &mut reading);
            loaded.environments.insert(name.value, rule);
        }
    }
    if let Some(entries) = top.table("linker", &mut reading.problems) {
        for (name, section) in entries.entries(&mut reading.problems) {
            let rule = tool::linker(section, reading.place(&name.span), &mut reading);
            loaded.linkers.insert(name.value, rule);
        }
    }
    if let Some(entries) = top.table("driver", &mut reading.problems) {
        for (name, section) in entries.entries(&mut reading.problems) {
            let rule = tool::driver(section, reading.place(&name.span), &mut reading);
            loaded.drivers.insert(name.value, rule);
        }
    }
    if let Some(entries) = top.table("compiler", &mut reading.problems) {
        for (name, section) in entries.entries(&mut reading.problems) {
            let rule = compiler::compiler(section, reading.place(&name.span), &mut reading);
            loaded.compilers.insert(name.value, rule);
        }
    }
    for section in top.tables("test", &mut reading.problems) {
        loaded
            .samples
            .push(super::sample::read(section, &mut reading));
    }
    top.finish(&mut reading.problems);
    loaded.references = std::mem::take(&mut reading.references);
    reading.problems.into_result(loaded)
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
