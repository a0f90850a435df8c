//! Static libraries: objects in memory become the bytes of an archive, with the index of symbols that linkers expect.
//!
//! No times, owners or modes reach it, so that equal members give equal bytes. It runs no program and reads nothing.

use super::LinkObject;
use crate::host::Bytes;
use ar_archive_writer::{
    ArchiveKind, DEFAULT_OBJECT_READER, NewArchiveMember, write_archive_to_stream,
};
use std::collections::HashSet;
use std::io;

/// The archive with these members, in this order. Members are called by the last part of their names; where two have the
/// same, the later ones by all of it.
///
/// # Errors
/// If an object cannot be read.
pub fn archive(objects: &[LinkObject]) -> io::Result<Bytes> {
    let mut known = HashSet::new();
    let members: Vec<NewArchiveMember<'_>> = objects
        .iter()
        .map(|object| {
            let last = object.name.rsplit('/').next().unwrap_or(&object.name);
            let mut name = format!("{last}.o");
            if !known.insert(name.clone()) {
                name = format!("{}.o", object.name.replace('/', "+"));
            }
            NewArchiveMember {
                buf: Box::new(&object.bytes[..]),
                object_reader: &DEFAULT_OBJECT_READER,
                member_name: name,
                mtime: 0,
                uid: 0,
                gid: 0,
                perms: 0o644,
            }
        })
        .collect();
    let mut out = io::Cursor::new(Vec::new());
    write_archive_to_stream(&mut out, &members, ArchiveKind::Gnu, false, None)?;
    Ok(Bytes::from(out.into_inner()))
}
