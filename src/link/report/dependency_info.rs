//! `-dependency_info`: what lld and Apple's linkers read for Mach-O, and where they looked in vain.
//!
//! One entry after the other, each a code and a name that a zero byte ends:
//!
//! | code | the name is |
//! |---|---|
//! | `0x00` | the linker and its version; the first entry |
//! | `0x10` | a file that was read, or the name of a member in its archive |
//! | `0x11` | a place where nothing was |
//! | `0x40` | the output |
//!
//! Seen with ld64.lld 19; the codes are those of Apple's `ld64` sources (`Options.cpp`). Directories that are absent,
//! response files and lists of symbols are not in it. This module does not know what the files are.

use super::{Names, Naming, Report, ReportError, ReportProblem, name};

pub(super) fn parse(bytes: &[u8]) -> Result<Report, ReportError> {
    if bytes.is_empty() {
        return Err(ReportProblem::Empty.at(0));
    }
    let mut names = Names::default();
    let (mut at, mut rest) = (0, bytes);
    while let Some((code, after)) = rest.split_first() {
        let end = after
            .iter()
            .position(|byte| *byte == 0)
            .ok_or(ReportProblem::Incomplete.at(at))?;
        let text = name(&after[..end], at + 1)?;
        match code {
            0x00 if at == 0 => {}
            _ if at == 0 => return Err(ReportProblem::Form.at(0)),
            0x10 => names.read(text, Naming::PathOrMember),
            0x11 => names.missed(text),
            0x40 => {}
            code => return Err(ReportProblem::Code(*code).at(at)),
        }
        rest = &after[end + 1..];
        at += end + 2;
    }
    Ok(names.report)
}
