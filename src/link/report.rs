//! What linkers themselves say they read: parsed, and compared with what was seen of them.
//!
//! No report is complete (each linker leaves something out that changes its output), so none is evidence that a link is
//! current. Each is a second witness: a file that a report names and that nobody saw being read is an alarm. The bytes come
//! from outside, so no parser panics or holds more than a small multiple of what it is given, and one that is in doubt
//! says so instead of giving half an answer. This module runs nothing and looks at no file.

mod agreement;
mod archive;
mod dependency_info;
mod depfile;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
mod verbose;

pub use agreement::{Alarm, Sight};
pub use archive::{Archive, Member};

use crate::rule::{self, ReportFormat, Reported};
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportForm {
    /// A Makefile rule with names as they are: `--dependency-file` of gold.
    Depfile,
    /// The same with `.` and `..` taken out of the names: `--dependency-file` of mold and wild.
    DepfileCleaned,
    /// The same by `ld.bfd`, which names a script of `-T` or `INCLUDE` as it was written, not as it was found.
    DepfileAsWritten,
    /// A Makefile rule with names escaped for make, `\` turned into `/` and `..` taken out: `--dependency-file` of lld.
    DepfileEscaped,
    /// Byte codes with names, absent ones too: `-dependency_info` of lld and of Apple's linkers.
    DependencyInfo,
    /// `Reading …` among other lines: `/verbose` of lld-link.
    Reading,
    /// `attempt to open … succeeded` among other lines: `--verbose` of `ld.bfd` and gold.
    Attempts,
}

impl ReportForm {
    /// The form that a linker's rule names.
    pub fn of(rule: &rule::Report) -> Self {
        let misnames = |what| rule.misnames.iter().any(|gap| gap.what == what);
        match rule.format {
            ReportFormat::DepfileRaw if misnames(Reported::Scripts) => Self::DepfileAsWritten,
            ReportFormat::DepfileRaw => Self::Depfile,
            ReportFormat::DepfileRawOneLine => Self::DepfileCleaned,
            ReportFormat::DepfileEscaped => Self::DepfileEscaped,
            ReportFormat::DependencyInfo => Self::DependencyInfo,
            ReportFormat::Verbose => Self::Reading,
        }
    }
}

/// What a report says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order of the report, each once.
    pub read: Vec<ReportedFile>,
    /// Where something was looked for and not had; mostly because nothing was there.
    pub missed: Vec<Utf8PathBuf>,
}

/// A file as the report names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReportedFile {
    pub path: Utf8PathBuf,
    pub naming: Naming,
}

/// What the name in a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Naming {
    /// The path by which the file was opened, but for `./` in front.
    Path,
    /// The same with each `\` turned into `/`, and perhaps without `..` and what precedes it.
    SlashedPath,
    /// The same without `.`, and without `..` and what precedes it.
    CleanedPath,
    /// That, or the name as it stands in the arguments or in a script, and the file was found elsewhere.
    PathOrWritten,
    /// That, or the name of a member of some archive, as it stands in the archive.
    PathOrMember,
    /// That, or `library(member)`, the library without its directory.
    PathOrLibraryMember,
}

/// Why a report can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportError {
    pub problem: ReportProblem,
    /// Where in the bytes.
    pub at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportProblem {
    Empty,
    /// A name is no UTF-8, or has a zero byte.
    NoText,
    /// A name is longer than any file system takes.
    TooLong,
    /// The rules for the single files are not those that the first rule promises: written by halves, or a name in it
    /// has a line break.
    Incomplete,
    /// Something else than the form prescribes.
    Form,
    /// A byte code that the form does not have.
    Code(u8),
    /// An archive of a kind that linkers for our targets do not write.
    Archive,
}

impl fmt::Display for ReportError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        match self.problem {
            ReportProblem::Empty => write!(to, "it is empty"),
            ReportProblem::NoText => write!(to, "the name at byte {at} is no UTF-8"),
            ReportProblem::TooLong => write!(to, "the name at byte {at} is too long for a path"),
            ReportProblem::Incomplete => write!(
                to,
                "it is incomplete at byte {at}, or a name in it has a line break"
            ),
            ReportProblem::Form => write!(to, "it has another form at byte {at}"),
            ReportProblem::Code(code) => {
                write!(to, "it has the unknown code {code:#04x} at byte {at}")
            }
            ReportProblem::Archive => write!(to, "it is no archive that can be read, at byte {at}"),
        }
    }
}

impl ReportProblem {
    fn at(self, at: usize) -> ReportError {
        ReportError { problem: self, at }
    }
}

/// Reads a report.
///
/// # Errors
/// If it is not of this form from beginning to end, as far as the form has an end.
pub fn parse(form: ReportForm, bytes: &[u8]) -> Result<Report, ReportError> {
    match form {
        ReportForm::Depfile => depfile::parse(bytes, Naming::Path),
        ReportForm::DepfileCleaned => depfile::parse(bytes, Naming::CleanedPath),
        ReportForm::DepfileAsWritten => depfile::parse(bytes, Naming::PathOrWritten),
        ReportForm::DepfileEscaped => depfile::parse(bytes, Naming::SlashedPath),
        ReportForm::DependencyInfo => dependency_info::parse(bytes),
        ReportForm::Reading => verbose::readings(bytes),
        ReportForm::Attempts => verbose::attempts(bytes),
    }
}

/// The members of an archive.
///
/// # Errors
/// If it is no archive of the GNU, BSD or COFF kind, or is damaged.
pub fn archive(bytes: &[u8]) -> Result<Archive<'_>, ReportError> {
    archive::parse(bytes)
}

/// The longest path that Linux takes.
const LONGEST_PATH: usize = 4096;

/// A name of a report as text. `at` is where it begins.
fn name(bytes: &[u8], at: usize) -> Result<&str, ReportError> {
    if bytes.len() > LONGEST_PATH {
        return Err(ReportProblem::TooLong.at(at));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ReportProblem::NoText.at(at))?;
    match text {
        "" => Err(ReportProblem::Form.at(at)),
        text if text.contains('\0') => Err(ReportProblem::NoText.at(at)),
        text => Ok(text),
    }
}

/// Collects names, each once.
#[derive(Default)]
struct Names {
    report: Report,
    /// As text: two paths are equal where they differ in doubled slashes only.
    known: std::collections::HashSet<(bool, String)>,
}

impl Names {
    fn read(&mut self, path: impl Into<String>, naming: Naming) {
        let path = path.into();
        if self.known.insert((true, path.clone())) {
            let path = path.into();
            self.report.read.push(ReportedFile { path, naming });
        }
    }

    fn missed(&mut self, path: impl Into<String>) {
        let path = path.into();
        if self.known.insert((false, path.clone())) {
            self.report.missed.push(path.into());
        }
    }
}
