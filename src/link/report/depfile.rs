//! `--dependency-file`: the rule of make that says what a program was made of.
//!
//! The families quote differently. lld escapes blanks, `#` and `$`; GNU ld and gold write names as they are, one a line;
//! mold and wild write them as they are and separate them by blanks, so that their first rule cannot be taken apart. All
//! write a rule without prerequisites for each file after it, as `make` needs them for files that vanish:
//!
//! ```text
//! prog: \          prog: a.o sp ace.o
//!   a.o \
//!   sp ace.o       a.o:
//!
//! a.o:             sp ace.o:
//!
//! sp ace.o:
//! ```
//!
//! These rules are read. The first rule must then be the same names again in one of the three layouts: so a report that was
//! cut off, or a name with a line break, is noticed. Seen with GNU ld 2.40, gold 1.16, lld 19, mold 1.10 and wild 0.10.
//! This module does not know what the files are.

use super::{Names, Naming, Report, ReportError, ReportProblem, name};

/// Between the names of the first rule: GNU ld and gold, lld, mold and wild.
const SEPARATORS: [&[u8]; 3] = [b" \\\n  ", b" \\\n ", b" "];

pub(super) fn parse(bytes: &[u8], naming: Naming) -> Result<Report, ReportError> {
    if bytes.is_empty() {
        return Err(ReportProblem::Empty.at(0));
    }
    // A rule ends at an empty line.
    let end = bytes
        .windows(2)
        .position(|pair| pair == b"\n\n")
        .ok_or_else(|| no_files(bytes))?;
    let (first, rules) = (&bytes[..end], &bytes[end + 1..]);
    let mut raw = Vec::new();
    let mut at = end + 1;
    for line in rules.split_inclusive(|byte| *byte == b'\n') {
        let (start, ended) = (at, line.ends_with(b"\n"));
        at += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        match line.strip_suffix(b":") {
            Some(file) if ended => raw.push((start, file)),
            _ => return Err(ReportProblem::Incomplete.at(start)),
        }
    }
    if !SEPARATORS
        .iter()
        .any(|separator| is_first_rule(first, &raw, separator))
    {
        return Err(ReportProblem::Incomplete.at(end));
    }
    let mut names = Names::default();
    for (start, file) in raw {
        let file = name(file, start)?;
        match naming {
            Naming::SlashedPath => names.read(unescaped(file, start)?, naming),
            _ => names.read(file, naming),
        }
    }
    Ok(names.report)
}

/// A link of no files is none: what is there was cut off.
fn no_files(bytes: &[u8]) -> ReportError {
    ReportProblem::Incomplete.at(bytes.len())
}

/// Whether the first rule ends in these names.
fn is_first_rule(first: &[u8], names: &[(usize, &[u8])], separator: &[u8]) -> bool {
    let mut rest = first;
    for (_, name) in names.iter().rev() {
        let before = rest
            .strip_suffix(*name)
            .and_then(|rest| rest.strip_suffix(separator));
        match before {
            Some(before) => rest = before,
            None => return false,
        }
    }
    // Before the first name stands the output, whatever its name.
    !names.is_empty() && rest.len() > 1 && rest.ends_with(b":")
}

/// What lld wrote as `\ `, `\#` or `$$`. It turns each `\` of a name into `/`, so that no other one is there.
fn unescaped(name: &str, at: usize) -> Result<String, ReportError> {
    let mut plain = String::with_capacity(name.len());
    let mut letters = name.chars();
    while let Some(letter) = letters.next() {
        let escaped = match letter {
            '\\' => letters.next().filter(|next| matches!(next, ' ' | '#')),
            '$' => letters.next().filter(|next| *next == '$'),
            // Such a letter always has its escape before it.
            ' ' | '#' => None,
            other => Some(other),
        };
        plain.push(escaped.ok_or(ReportProblem::Form.at(at))?);
    }
    Ok(plain)
}
