//! What linkers print when they are asked to be verbose, among much else.
//!
//! `/verbose` of lld-link (19) names files as they were resolved, and members of libraries as `library(member)`:
//!
//! ```text
//! lld-link: Reading d/foo.lib
//! lld-link: Loaded foo.lib(foo1.obj) for foo1
//! ```
//!
//! `--verbose` of GNU ld (2.40) and gold (1.16) names each attempt:
//!
//! ```text
//! attempt to open d/libf.so failed
//! ld.gold: Attempt to open d/libf.a succeeded
//! ```
//!
//! Other lines say nothing here, so a report that was cut off between lines is not noticed. This module does not know what
//! the files are.

use super::{Names, Naming, Report, ReportError, name};

/// The lines `Reading X` and `Loaded X for SYMBOL` of lld-link.
pub(super) fn readings(bytes: &[u8]) -> Result<Report, ReportError> {
    let mut names = Names::default();
    for (at, line) in lines(bytes) {
        let Some((start, said)) = after_program(line) else {
            continue;
        };
        let file = match said.strip_prefix(b"Reading ") {
            Some(file) => Some((start + b"Reading ".len(), file)),
            None => said.strip_prefix(b"Loaded ").and_then(|loaded| {
                let end = rfind(loaded, b" for ")?;
                Some((start + b"Loaded ".len(), &loaded[..end]))
            }),
        };
        let Some((start, file)) = file else { continue };
        let file = name(file, at + start)?;
        let naming = if file.ends_with(')') && file.contains('(') {
            Naming::PathOrLibraryMember
        } else {
            Naming::Path
        };
        names.read(file, naming);
    }
    Ok(names.report)
}

/// The lines `attempt to open X succeeded` or `failed` of GNU ld and gold.
pub(super) fn attempts(bytes: &[u8]) -> Result<Report, ReportError> {
    const ATTEMPT: &[u8] = b"ttempt to open ";
    let mut names = Names::default();
    for (at, line) in lines(bytes) {
        // Of gold after the program's name, of GNU ld at the beginning of a line.
        let (start, said) = after_program(line).unwrap_or((0, line));
        let Some(attempt) = said
            .split_first()
            .filter(|(letter, _)| matches!(letter, b'a' | b'A'))
            .and_then(|(_, rest)| rest.strip_prefix(ATTEMPT))
        else {
            continue;
        };
        let at = at + start + 1 + ATTEMPT.len();
        if let Some(path) = attempt.strip_suffix(b" succeeded") {
            names.read(name(path, at)?, Naming::Path);
        } else if let Some(path) = attempt.strip_suffix(b" failed") {
            names.missed(name(path, at)?);
        }
    }
    Ok(names.report)
}

/// The lines, and where each begins.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(move |line| {
            let start = at;
            at += line.len();
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            (start, line.strip_suffix(b"\r").unwrap_or(line))
        })
}

/// What follows `program: ` at the beginning of a line, and where.
fn after_program(line: &[u8]) -> Option<(usize, &[u8])> {
    let end = line.windows(2).position(|pair| pair == b": ")?;
    Some((end + 2, &line[end + 2..]))
}

fn rfind(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).rposition(|found| found == part)
}
