//! Files about a build that somebody asked for: its timings, and a summary in Markdown for the page of a continuous
//! integration run.

use super::args::Common;
use super::diagnostics::{self, Excerpts};
use super::summary::summary;
use super::terminal::Terminal;
use crate::engine::{Failure, Goal};
use crate::error::{Error, Result};
use crate::explain::text::{self, count, duration};
use crate::explain::{Outcome, trace};
use crate::frontend::Diagnostic;
use crate::host::Host;
use camino::Utf8PathBuf;
use std::fmt::Write;
use std::time::Duration;

/// The file that GitHub shows on the page of a run.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";
/// So many rows and problems are shown.
const ROWS: usize = 50;

/// Where files about a build go.
pub struct Files<'f> {
    pub host: &'f dyn Host,
    pub terminal: &'f Terminal,
    /// Spells paths of the command line as the host does.
    pub seen: &'f dyn Fn(&Utf8PathBuf) -> Utf8PathBuf,
    /// The folder of the project's state; `None` where no engine came to be.
    pub folder: Option<Utf8PathBuf>,
    pub took: Duration,
}

impl Files<'_> {
    /// Writes what `common` asks for.
    ///
    /// # Errors
    /// If a file cannot be written, or nobody says which.
    pub fn write(
        &self,
        common: &Common,
        goal: Goal,
        result: &std::result::Result<Outcome, Failure>,
    ) -> Result<()> {
        let (outcome, diagnostics) = match result {
            Ok(outcome) => (outcome, &[][..]),
            Err(Failure::Program {
                diagnostics,
                outcome,
            }) => (&**outcome, &diagnostics[..]),
            // There is nothing to tell but the error.
            Err(Failure::Error(_)) => return Ok(()),
        };
        if let Some(path) = &common.timings {
            let path = match (path.as_str(), &self.folder) {
                ("", Some(folder)) => folder.join("timings.json"),
                _ => (self.seen)(path),
            };
            let failed = |error| Error::world("the timings cannot be written", &path, error);
            let bytes = trace(outcome).into_bytes();
            self.host.replace(&path, &bytes, 0o666).map_err(failed)?;
        }
        if let Some(path) = &common.summary {
            let path = match path.as_str() {
                "" => self.step_summary()?,
                _ => (self.seen)(path),
            };
            let failed = |error| Error::world("the summary cannot be written", &path, error);
            let text = markdown(
                Excerpts::new(self.host, self.terminal),
                outcome,
                diagnostics,
                goal,
                self.took,
            );
            self.host.append(&path, text.as_bytes()).map_err(failed)?;
        }
        Ok(())
    }

    fn step_summary(&self) -> Result<Utf8PathBuf> {
        let path = self.host.variable(STEP_SUMMARY);
        let path = path.filter(|path| !path.is_empty());
        path.map(Utf8PathBuf::from).ok_or_else(|| {
            Error::configuration(
                format!("there is no {STEP_SUMMARY}, so nobody says where the summary goes"),
                Some("name a file: --summary=FILE".to_owned()),
            )
        })
    }
}

/// What a build did, why, and what is wrong, in Markdown.
fn markdown(
    mut excerpts: Excerpts<'_>,
    outcome: &Outcome,
    diagnostics: &[Diagnostic],
    goal: Goal,
    took: Duration,
) -> String {
    let title = match diagnostics.len() {
        0 => summary(outcome, goal, took),
        problems => format!("{} ({})", count(problems, "problem"), duration(took)),
    };
    let mut out = format!("### kiln: {}\n", escaped(&title));
    if !diagnostics.is_empty() {
        out.push('\n');
    }
    let mut sorted = diagnostics.to_vec();
    diagnostics::sort(&mut sorted);
    for diagnostic in sorted.iter().take(ROWS) {
        let place = excerpts.place(diagnostic);
        row(
            &mut out,
            format_args!("- {} {}", code(&place), escaped(&diagnostic.message)),
        );
    }
    more(&mut out, diagnostics.len(), "problem");
    if !outcome.reasons.is_empty() {
        out.push_str("\n| stale, because | so |\n|---|---|\n");
        for cascade in outcome.cascades().of.iter().take(ROWS) {
            let root = match cascade.root {
                crate::explain::Root::Reason(at) => text::reason(&outcome.reasons[at]),
                crate::explain::Root::Lost => "the store had lost something".to_owned(),
            };
            let caused = text::caused(cascade).unwrap_or_default();
            row(
                &mut out,
                format_args!("| {} | {} |", escaped(&root), escaped(&caused)),
            );
        }
        more(&mut out, outcome.reasons.len(), "reason");
    }
    for notice in &outcome.notices {
        let remedy = notice.remedy.iter().map(|remedy| format!(" ({remedy})"));
        let text = format!("{}{}", notice.message, remedy.collect::<String>());
        row(&mut out, format_args!("\n> {}", escaped(&text)));
    }
    let report = outcome.report().text();
    // A fence that is longer than any in the text.
    let fence = "`".repeat(3.max(longest_run(&report) + 1));
    row(
        &mut out,
        format_args!(
            "\n<details><summary>Report</summary>\n\n{fence}text\n{report}{fence}\n\n</details>\n"
        ),
    );
    out
}

fn row(out: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = writeln!(out, "{line}");
}

fn more(out: &mut String, all: usize, what: &str) {
    if all > ROWS {
        row(
            out,
            format_args!("\n… and {} more", count(all - ROWS, what)),
        );
    }
}

/// Text as it is: nothing in it is markup, and it stays in one line and one cell.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
    }
    out
}

/// A span of code.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    format!("{fence}{}{fence}", text.replace('\n', " "))
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|letter| letter != '`');
    runs.map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{code, escaped};

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escaped("a|b\n<img> *x*"), "a\\|b &lt;img> \\*x\\*");
        assert_eq!(code("a`b"), "``a`b``");
    }
}
