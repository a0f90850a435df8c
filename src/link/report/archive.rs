//! Archives: the members of `lib….a` and `….lib`.
//!
//! A regular archive holds its members; a thin one names files beside it, which the linker opens when it needs them. So a
//! member of a thin archive can change while the archive's bytes stay. The format itself is read by the `object` crate: GNU,
//! BSD and COFF, with long names. Archives of AIX and z/OS are refused, and so are thin archives within thin archives.
//! This module does not look whether the members are there.

use super::{ReportError, ReportProblem, name};
use camino::{Utf8Path, Utf8PathBuf};
use object::read::archive::{ArchiveFile, ArchiveKind};

/// The members of one archive, in order. Names are those in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive<'a> {
    pub thin: bool,
    pub members: Vec<Member<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// For a thin archive a path: absolute, or relative to the directory of the archive.
    pub name: &'a str,
    /// Empty for a thin archive.
    pub bytes: &'a [u8],
}

impl Archive<'_> {
    /// The files that a thin archive at `path` consists of; none for a regular one.
    pub fn files(&self, path: &Utf8Path) -> Vec<Utf8PathBuf> {
        if !self.thin {
            return Vec::new();
        }
        let directory = path.parent().unwrap_or(Utf8Path::new(""));
        self.members
            .iter()
            .map(|member| directory.join(member.name))
            .collect()
    }
}

/// Whether these are the first bytes of an archive that [`parse`] may read.
pub(super) fn parse(bytes: &[u8]) -> Result<Archive<'_>, ReportError> {
    if bytes.is_empty() {
        return Err(ReportProblem::Empty.at(0));
    }
    let broken = |_| ReportProblem::Archive.at(0);
    let file = ArchiveFile::parse(bytes).map_err(broken)?;
    if matches!(file.kind(), ArchiveKind::AixBig | ArchiveKind::Zos) {
        return Err(ReportProblem::Archive.at(0));
    }
    let base = bytes.as_ptr() as usize;
    let mut members = Vec::new();
    for member in file.members() {
        let member = member.map_err(broken)?;
        let at = (member.name().as_ptr() as usize).saturating_sub(base);
        members.push(Member {
            name: name(member.name(), at)?,
            bytes: member.data(bytes).map_err(broken)?,
        });
    }
    Ok(Archive {
        thin: file.is_thin(),
        members,
    })
}
