//! Tells what came of a build: people on stderr, machines on stdout, the caller by the exit code.

use super::Exit;
use super::args::{Common, Explain, MessageFormat};
use super::diagnostics::{self, Excerpts};
use super::messages;
use super::summary::{self, summary};
use super::terminal::{Terminal, write_stdout};
use crate::engine::{Failure, Goal};
use crate::error::Error;
use crate::explain::text::{count, duration, number, ordered, reason};
use crate::explain::{Outcome, Status, Verified};
use crate::frontend::Diagnostic;
use crate::host::Host;
use std::collections::HashSet;
use std::time::Duration;

/// Reasons that are printed with `--verbose` or `--expect-current`, until the rest is only counted.
const REASONS: usize = 10;

/// How one build is to be reported.
pub struct Report<'t> {
    terminal: &'t Terminal,
    json: bool,
    explain: Option<Explain>,
    expect_current: bool,
    goal: Goal,
    /// Nanoseconds since 1970.
    started: i64,
}

impl<'t> Report<'t> {
    pub fn new(terminal: &'t Terminal, common: &Common, goal: Goal, started: i64) -> Self {
        Self {
            terminal,
            json: common.message_format == MessageFormat::Json,
            explain: common.explain,
            expect_current: common.expect_current,
            goal,
            started,
        }
    }

    /// How long it has taken so far.
    pub fn took(&self, host: &dyn Host) -> Duration {
        Duration::from_nanos(u64::try_from(host.now() - self.started).unwrap_or(0))
    }

    /// There was no project to build.
    pub fn nowhere(&self, error: &Error) -> Exit {
        let exit = Exit::from(error.kind);
        self.terminal
            .error(&error.to_string(), error.remedy.as_deref());
        self.last_line(None, Some(error), exit, Duration::ZERO);
        exit
    }

    /// What the engine gave.
    pub fn result(
        &self,
        host: &dyn Host,
        result: &Result<Outcome, Failure>,
        verified: Option<&crate::error::Result<Verified>>,
    ) -> Exit {
        let took = self.took(host);
        match result {
            Ok(outcome) => self.outcome(outcome, verified, took),
            Err(Failure::Program {
                diagnostics,
                outcome,
            }) => self.program(host, diagnostics, outcome, took),
            Err(Failure::Error(error)) => self.error(host, error, took),
        }
    }

    fn outcome(
        &self,
        outcome: &Outcome,
        verified: Option<&crate::error::Result<Verified>>,
        took: Duration,
    ) -> Exit {
        let stale = self.expect_current && outcome.status != Status::Current;
        let exit = match verified {
            _ if stale => Exit::Stale,
            Some(Err(error)) => Exit::from(error.kind),
            Some(Ok(verified)) if !verified.mismatches.is_empty() => Exit::World,
            Some(Ok(_)) | None => Exit::Done,
        };
        self.said(outcome);
        self.happened(outcome, took);
        if stale {
            self.terminal.error(&summary::stale(outcome), None);
        } else {
            self.terminal.status(&summary(outcome, self.goal, took));
        }
        self.details(outcome, stale || outcome.status == Status::Predicted);
        let failed = match verified {
            Some(Err(error)) => Some(error),
            Some(Ok(verified)) => {
                self.verified(verified);
                None
            }
            None => None,
        };
        if let Some(error) = failed {
            self.terminal
                .error(&error.to_string(), error.remedy.as_deref());
        }
        self.last_line(Some(outcome), failed, exit, took);
        exit
    }

    /// What came of computing results again.
    fn verified(&self, verified: &Verified) {
        if self.json {
            write_stdout(&messages::verified(verified));
        }
        for mismatch in &verified.mismatches {
            let remedy =
                "report it as a bug; until then remove the cache folder, or build with --no-cache";
            self.terminal.error(&mismatch.message(), Some(remedy));
        }
        if verified.mismatches.is_empty() {
            let links = match verified.linked {
                0 => "",
                _ => " and the link",
            };
            let others = match verified.others {
                0 => String::new(),
                others => format!(
                    "; {} not, by other compilers or actions",
                    count(others, "result")
                ),
            };
            self.terminal.status(&format!(
                "{} computed again{links}: all are as stored{others}",
                count(verified.parsed, "module")
            ));
        }
    }

    fn program(
        &self,
        host: &dyn Host,
        diagnostics: &[Diagnostic],
        outcome: &Outcome,
        took: Duration,
    ) -> Exit {
        let exit = if self.expect_current && outcome.status != Status::Current {
            Exit::Stale
        } else {
            Exit::Program
        };
        self.said(outcome);
        self.places(host, diagnostics);
        self.happened(outcome, took);
        self.details(outcome, false);
        let files: HashSet<_> = diagnostics
            .iter()
            .map(|diagnostic| &diagnostic.path)
            .collect();
        let (problems, files) = (
            count(diagnostics.len(), "problem"),
            count(files.len(), "file"),
        );
        self.terminal
            .error(&format!("{problems} in {files} ({})", duration(took)), None);
        if exit == Exit::Stale {
            self.terminal.error(&summary::stale(outcome), None);
        }
        self.last_line(Some(outcome), None, exit, took);
        exit
    }

    fn error(&self, host: &dyn Host, error: &Error, took: Duration) -> Exit {
        let exit = Exit::from(error.kind);
        self.places(host, &error.places);
        self.terminal
            .error(&error.to_string(), error.remedy.as_deref());
        self.last_line(None, Some(error), exit, took);
        exit
    }

    /// What compilers that are programs of their own said, in their own words.
    fn said(&self, outcome: &Outcome) {
        if self.json {
            write_stdout(&messages::said(outcome));
            return;
        }
        for said in &outcome.messages {
            match said.success {
                true => self.terminal.text(&said.text),
                false => super::terminal::write_stderr(&said.text),
            }
        }
    }

    /// Diagnostics, in the order of files and places.
    fn places(&self, host: &dyn Host, diagnostics: &[Diagnostic]) {
        let mut sorted = diagnostics.to_vec();
        diagnostics::sort(&mut sorted);
        let mut excerpts = Excerpts::new(host, self.terminal);
        if self.json {
            let messages: String = sorted
                .iter()
                .map(|diagnostic| messages::line(&excerpts.message(diagnostic)))
                .collect();
            write_stdout(&messages);
        } else {
            super::terminal::write_stderr(&excerpts.text(&sorted));
        }
    }

    /// Notices, the messages for machines, and the explanation that was asked for.
    fn happened(&self, outcome: &Outcome, took: Duration) {
        if self.json {
            write_stdout(&messages::happened(outcome));
        }
        match self.explain {
            Some(Explain::Json) => write_stdout(&messages::explanation(outcome, took)),
            // The text has the notices too.
            Some(Explain::Text) => return self.terminal.explanation(&outcome.report().text()),
            Some(Explain::All) => return self.terminal.explanation(&outcome.report().whole_text()),
            // The page is written when the build is recorded.
            Some(Explain::Html) | None => {}
        }
        for notice in &outcome.notices {
            self.terminal
                .warning(&notice.message, notice.remedy.as_deref());
        }
    }

    /// Reasons, where the user is to know them without having asked for the whole report, and times.
    fn details(&self, outcome: &Outcome, reasons: bool) {
        let mut text = String::new();
        // One reason is in the summary already.
        if (reasons && outcome.reasons.len() > 1 || self.terminal.verbose)
            && !matches!(self.explain, Some(Explain::Text | Explain::All))
        {
            for item in ordered(&outcome.reasons).into_iter().take(REASONS) {
                text.push_str(&format!("  {}\n", reason(item)));
            }
            if outcome.reasons.len() > REASONS {
                text.push_str(&format!(
                    "  … and {} others (--explain lists them)\n",
                    number(outcome.reasons.len() - REASONS)
                ));
            }
        }
        if self.terminal.verbose && !outcome.timings.is_empty() {
            let phases = outcome
                .timings
                .iter()
                .map(|(phase, took)| format!("{phase} {}", duration(*took)));
            text.push_str(&format!("  {}\n", phases.collect::<Vec<_>>().join(", ")));
        }
        self.terminal.text(&text);
    }

    fn last_line(
        &self,
        outcome: Option<&Outcome>,
        error: Option<&Error>,
        exit: Exit,
        took: Duration,
    ) {
        if self.json {
            write_stdout(&messages::finished(outcome, error, exit as u8, took));
        }
    }
}
