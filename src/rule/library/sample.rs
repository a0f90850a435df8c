//! `[[test]]` rows about libraries: a machine, and what must become of a library there.
//!
//! The machine is made of the files that a search finds and of what pkg-config says. Only what a row names is compared.

use super::{Facts, Libraries, Package, Resolution, Surroundings};
use crate::document::Section;
use crate::error::Error;
use crate::rule::load::Reading;
use crate::rule::schema::{Named, Place};
use crate::rule::{Failure, gnu_words};
use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;

/// One row.
pub struct LibrarySample {
    place: Place,
    /// The names that a program asks for.
    libraries: Vec<Named>,
    facts: Facts,
    machine: Machine,
    expected: Vec<(&'static str, Vec<String>)>,
}

/// A machine that exists in a test only.
#[derive(Clone, Debug, Default)]
struct Machine {
    /// What pkg-config says of each package; `None`: there is no pkg-config.
    packages: Option<IndexMap<String, Package>>,
    /// Names of files where the linker searches, and paths of others.
    files: Vec<String>,
}

impl Surroundings for Machine {
    type Error = Error;

    fn package(&mut self, name: &str, _statically: bool) -> Result<Result<Package, String>, Error> {
        let Some(packages) = &self.packages else {
            return Ok(Err("there is no pkg-config".to_owned()));
        };
        let found = packages.get(name).cloned();
        Ok(found.ok_or_else(|| format!("pkg-config knows no package {name}")))
    }

    fn search(
        &mut self,
        names: &[String],
        _first: &[Utf8PathBuf],
    ) -> Result<Option<Utf8PathBuf>, Error> {
        let found = names.iter().find(|name| self.files.contains(name));
        Ok(found.map(Utf8PathBuf::from))
    }

    fn file(
        &mut self,
        path: &Utf8Path,
        _within: Option<&Utf8Path>,
    ) -> Result<Result<(), String>, Error> {
        let there = self.files.iter().any(|file| path == file.as_str());
        Ok(there
            .then_some(())
            .ok_or_else(|| format!("there is no {path}")))
    }
}

/// Reads a row.
pub fn sample(mut row: Section<'_>, reading: &mut Reading<'_>) -> LibrarySample {
    let place = reading.place(&row.heading());
    let names = row.one_or_several("library", &mut reading.problems);
    row.require("library");
    let libraries = names.into_iter().map(|name| Named {
        place: reading.place(&name.span),
        name: name.value,
    });
    let libraries = libraries.collect();
    let mut text = |key: &'static str, default: &str| {
        let found = row.filled_string(key, &mut reading.problems);
        found.map_or_else(|| default.to_owned(), |found| found.value)
    };
    let (os, arch) = (text("os", "linux"), text("arch", "x86_64"));
    let profile = text("profile", "dev");
    let pairs = row.table("options", &mut reading.problems);
    let pairs = pairs.map(|table| table.pairs(&mut reading.problems));
    let options = pairs.unwrap_or_default().into_iter();
    let facts = Facts {
        os,
        arch,
        profile,
        options: options
            .map(|(name, value)| (name.value, value.value))
            .collect(),
    };
    let mut machine = Machine::default();
    if let Some(packages) = row.table("packages", &mut reading.problems) {
        let mut known = IndexMap::new();
        for (name, mut package) in packages.entries(&mut reading.problems) {
            let version = reading.required(&mut package, "version");
            let mut words = |key| {
                let found = package.string(key, &mut reading.problems);
                found.map_or_else(Vec::new, |found| gnu_words(&found.value))
            };
            let (libs, cflags) = (words("libs"), words("cflags"));
            package.finish(&mut reading.problems);
            known.insert(
                name.value,
                Package {
                    version,
                    libs,
                    cflags,
                },
            );
        }
        machine.packages = Some(known);
    }
    let files = row.strings("present", &mut reading.problems).into_iter();
    machine.files = files.map(|file| file.value).collect();
    let mut expected = Vec::new();
    for key in [
        "link", "include", "defines", "sources", "rejected", "missing",
    ] {
        let found = row.strings(key, &mut reading.problems).into_iter();
        if row.has(key) {
            expected.push((key, found.map(|found| found.value).collect()));
        }
    }
    if expected.is_empty() {
        let message = "a test that expects nothing proves nothing";
        reading
            .problems
            .add("config-missing", row.heading(), message);
    }
    row.finish(&mut reading.problems);
    LibrarySample {
        place,
        libraries,
        facts,
        machine,
        expected,
    }
}

impl LibrarySample {
    /// What does not hold under these rules.
    pub fn failures(&self, libraries: &Libraries) -> Vec<Failure> {
        let mut machine = self.machine.clone();
        let resolved = libraries
            .closure(&self.libraries)
            .and_then(|closure| closure.resolve(&self.facts, &mut machine));
        let names = self.libraries.iter().map(|named| named.name.as_str());
        let command = names.collect::<Vec<_>>().join(" ");
        let failures = self.expected.iter().filter_map(|(what, expected)| {
            let found = found(what, &resolved);
            (found != *expected).then(|| Failure {
                place: self.place.clone(),
                command: command.clone(),
                what,
                expected: expected.clone(),
                found,
            })
        });
        failures.collect()
    }
}

fn found(what: &str, resolved: &Result<Resolution, Error>) -> Vec<String> {
    let resolution = match resolved {
        Ok(resolution) => resolution,
        Err(error) if what == "missing" => {
            let places = error.places.iter().map(|place| place.message.as_str());
            return places.map(str::to_owned).collect();
        }
        Err(error) => return vec![format!("error: {error}")],
    };
    let libraries = resolution.libraries.iter();
    match what {
        "link" => resolution.words(),
        "include" => libraries
            .flat_map(|library| library.include.iter().map(ToString::to_string))
            .collect(),
        "defines" => libraries
            .flat_map(|library| &library.defines)
            .filter_map(|(name, definition)| definition.said(name))
            .collect(),
        "sources" => libraries
            .filter_map(|library| library.build.as_ref())
            .flat_map(|built| built.sources.iter().map(ToString::to_string))
            .collect(),
        "rejected" => libraries
            .flat_map(|library| library.rejected.iter().map(|rejected| rejected.why.clone()))
            .collect(),
        _ => Vec::new(),
    }
}
