//! The messages of external linkers and drivers as problems of the program.
//!
//! GNU ld, gold, lld and mold word the usual problems in four ways; what is in none of them is handed on as it is. This
//! module knows wordings of English messages, and links nothing.

use crate::error::Error;
use crate::link::{LinkFailure, LinkObject, LinkProblem};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// What drivers and linkers say besides, which says nothing.
const NOISE: &[&str] = &[
    "ld returned 1 exit status",
    "linker command failed with exit code",
    "use the --help option for usage information",
    "previous definition here",
];

/// Begins what is said of an undefined symbol: GNU ld and gold, then lld, then mold and lld.
const UNDEFINED: &[&str] = &[
    "undefined reference to ",
    "undefined hidden symbol: ",
    "undefined protected symbol: ",
    "undefined symbol: ",
];

const MISSING_LIBRARY: &[&str] = &[
    "cannot find -l",
    "unable to find library -l",
    "library not found: ",
];

const NO_FILE: &str = ": No such file or directory";

const TWICE: &[&str] = &["multiple definition of ", "duplicate symbol: "];

/// Why a link whose driver said `text` gave no program.
pub fn failure(text: &str, objects: &[LinkObject]) -> LinkFailure {
    if text.contains("No space left on device") {
        let cause = io::Error::from(io::ErrorKind::StorageFull);
        return Error::world("the linker cannot write the program", "", cause).into();
    }
    let killed = text
        .split_once("terminated with signal ")
        .and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    if let Some(signal) = killed {
        return ended(signal).into();
    }
    LinkFailure::Program(problems(text, objects))
}

/// A signal ended the linker.
pub fn ended(signal: i32) -> Error {
    Error::missing(
        format!("the linker was ended by signal {signal}"),
        "build again; if it happens again, look for a lack of memory, or name another `linker` in [link]",
    )
}

/// What is wrong. Undefined symbols come together, in the order of their names.
fn problems(text: &str, objects: &[LinkObject]) -> Vec<LinkProblem> {
    let mut read = Read {
        objects,
        undefined: BTreeMap::new(),
        problems: Vec::new(),
        rest: Vec::new(),
        within: None,
        pending: Pending::None,
    };
    for line in text.lines() {
        read.line(line);
    }
    let mut problems = read.problems;
    // What a library that is missing would have defined is no problem of its own.
    let missing = |problem: &LinkProblem| problem.code.starts_with("link-missing");
    if !problems.iter().any(missing) {
        let undefined = read.undefined.into_iter();
        let undefined = undefined.map(|(symbol, objects)| LinkProblem::undefined(symbol, objects));
        problems.splice(0..0, undefined);
    }
    if problems.is_empty() {
        let message = match read.rest.is_empty() {
            true => "the linker gave no program, and no reason".to_owned(),
            false => read.rest.join("\n"),
        };
        let help = "look at `args` and `linker` of [link]";
        problems.push(LinkProblem::new("link-failed", message, None, help));
    }
    problems
}

/// What lines that begin with `>>>` belong to.
enum Pending {
    None,
    Undefined(String),
    /// The place in `problems`.
    Twice(usize),
}

struct Read<'o> {
    objects: &'o [LinkObject],
    undefined: BTreeMap<String, BTreeSet<String>>,
    problems: Vec<LinkProblem>,
    /// What nobody here understands.
    rest: Vec<String>,
    /// The object that GNU ld speaks of.
    within: Option<String>,
    pending: Pending,
}

impl Read<'_> {
    fn line(&mut self, line: &str) {
        if let Some((_, more)) = line.split_once(">>>") {
            self.continued(line, more.trim());
            return;
        }
        self.pending = Pending::None;
        let after = |beginnings: &[&str]| {
            let mut found = beginnings.iter();
            found.find_map(|beginning| Some(line.split_once(beginning)?.1.to_owned()))
        };
        if line.contains(": in function ") {
            self.within = self.object(line).or_else(|| before_function(line));
        } else if let Some(symbol) = after(UNDEFINED) {
            let symbol = unquoted(&symbol);
            let object = self.object(line).or_else(|| self.within.clone());
            // lld and mold name the objects in the lines that follow.
            let objects = self.undefined.entry(symbol.clone()).or_default();
            if line.contains("undefined reference") {
                objects.extend(object);
            }
            self.pending = Pending::Undefined(symbol);
        } else if let Some(library) = after(MISSING_LIBRARY) {
            let library = library.split(':').next().unwrap_or_default().trim();
            let problem = LinkProblem::missing_library(Some(library.to_owned()));
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        } else if let Some(name) = missing_variable(line) {
            let message =
                format!("a specs file names the variable `{name}`, which gcc is not given");
            let help = "write its value in the specs file";
            let problem = LinkProblem::new("link-failed", message, Some(name), help);
            self.problems.push(problem);
        } else if let Some(file) = missing_file(line) {
            let message = format!("there is no file at `{file}`");
            self.problems
                .push(LinkProblem::missing_file(message, Some(file)));
        } else if let Some(symbol) = after(TWICE) {
            self.twice(line, &symbol);
        } else if !line.trim().is_empty() && !NOISE.iter().any(|noise| line.contains(noise)) {
            self.rest.push(line.trim_end().to_owned());
        }
    }

    /// A line that goes on with what the last one said. mold does not always end one before the next.
    fn continued(&mut self, line: &str, more: &str) {
        let found = self.object(line);
        match &self.pending {
            Pending::Undefined(symbol) => {
                let objects = self.undefined.entry(symbol.clone()).or_default();
                objects.extend(found);
            }
            Pending::Twice(at) => {
                let problem = &mut self.problems[*at];
                problem.objects.extend(found);
                if let Some(place) = more.strip_prefix("defined at ") {
                    problem.message.push_str("; defined at ");
                    problem.message.push_str(place);
                }
            }
            Pending::None => self.rest.push(line.trim_end().to_owned()),
        }
    }

    /// A symbol with more than one definition.
    fn twice(&mut self, line: &str, symbol: &str) {
        // mold: `b.o: a.o: symbol`.
        let symbol = match symbol.starts_with(['`', '\'']) {
            true => unquoted(symbol),
            false => unquoted(symbol.rsplit(": ").next().unwrap_or(symbol)),
        };
        let said = match line.contains("multiple definition of") {
            // GNU ld: `ld: b.o:(.data+0x0): multiple definition of `x'; a.o:(.data+0x0): first defined here`.
            true => line.split_once(": ").map_or(line, |(_, said)| said).trim(),
            false => &symbol,
        };
        let mut problem = LinkProblem::duplicate(&[said], Some(symbol.clone()));
        problem.objects.extend(self.object(line));
        self.problems.push(problem);
        self.pending = Pending::Twice(self.problems.len() - 1);
    }

    /// The object that a line names.
    fn object(&self, line: &str) -> Option<String> {
        let named = |object: &&LinkObject| {
            let mut places = line.match_indices(object.name.as_str());
            places.any(|(at, name)| {
                let before = line[..at].chars().next_back();
                let after = line[at + name.len()..].chars().next();
                before.is_none_or(|letter| letter == ' ' || letter == '>')
                    && after.is_none_or(|letter| letter == ':' || letter == '(')
            })
        };
        self.objects
            .iter()
            .find(named)
            .map(|object| object.name.clone())
            .or_else(|| member(line))
    }
}

/// Where lld and mold say that a symbol is used: `>>>  path/x.o:(main)`, or `libx.a(x.o):(main)`.
fn member(line: &str) -> Option<String> {
    let (place, _) = line.split_once(":(")?;
    let place = place.rsplit([' ', '>']).next()?;
    (place.ends_with(".o") || place.ends_with(')')).then(|| place.to_owned())
}

/// `ld: main.o: in function …`.
fn before_function(line: &str) -> Option<String> {
    let (before, _) = line.split_once(": in function ")?;
    Some(before.rsplit(": ").next()?.to_owned())
}

/// The first word, without its quotation marks.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    let quotes = ['`', '\'', '"'];
    match text.strip_prefix(quotes) {
        Some(inner) => inner.split(quotes).next().unwrap_or(inner).to_owned(),
        None => text.to_owned(),
    }
}

/// The variable that gcc says is not there, and that only a specs file can have asked for.
fn missing_variable(line: &str) -> Option<String> {
    let (_, name) = line.split_once(" environment variable ")?;
    let (name, _) = name.split_once(" not defined")?;
    Some(unquoted(name))
}

/// The file that a line says is not there.
fn missing_file(line: &str) -> Option<String> {
    // clang's own.
    if let Some((_, file)) = line.split_once("no such file or directory: ") {
        return Some(unquoted(file));
    }
    let (before, _) = line.split_once(NO_FILE)?;
    let file = ["cannot find ", "cannot open "]
        .iter()
        .find_map(|beginning| Some(before.split_once(beginning)?.1))
        .or_else(|| before.rsplit(": ").next())?;
    Some(unquoted(file))
}

#[cfg(test)]
#[path = "message/tests.rs"]
mod tests;
