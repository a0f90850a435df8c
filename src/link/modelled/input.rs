//! What an input file is, as far as it decides the search: told by its bytes, never by its name.

use crate::link::report;
use crate::link::shared_library::{SharedLibrary, aligned};
use object::read::elf::ElfFile64;
use object::{LittleEndian, Object as _, ObjectKind, ObjectSection as _};

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Object,
    /// Regular, or with no members.
    Archive,
    /// Names of members, relative to the archive's directory.
    ThinArchive(Vec<String>),
    Shared(SharedLibrary),
    /// A linker script, perhaps.
    Text(String),
    Empty,
    /// For another machine.
    Foreign,
}

/// # Errors
/// Why it cannot be said what a linker does with the file, as a clause that follows its name.
pub(super) fn classify(bytes: &[u8]) -> Result<Input, &'static str> {
    if bytes.is_empty() {
        return Ok(Input::Empty);
    }
    if bytes.starts_with(b"\x7fELF") {
        return elf_file(bytes);
    }
    if bytes.starts_with(b"!<arch>\n") || bytes.starts_with(b"!<thin>\n") {
        return archive(bytes);
    }
    if is_bitcode(bytes) {
        return Err(BITCODE);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(Input::Text(text.to_owned())),
        _ => Err("is neither an ELF file, an archive nor text"),
    }
}

const BITCODE: &str =
    "holds code for link-time optimization, for which linkers read more than they say";

/// A member of an archive: an object, for this machine or another.
///
/// # Errors
/// As [`classify`].
pub(super) fn member(bytes: &[u8]) -> Result<Input, &'static str> {
    match classify(bytes)? {
        found @ (Input::Object | Input::Foreign) => Ok(found),
        _ => Err("holds a member that is no object"),
    }
}

fn is_bitcode(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BC\xC0\xDE") || bytes.starts_with(&[0xDE, 0xC0, 0x17, 0x0B])
}

fn archive(bytes: &[u8]) -> Result<Input, &'static str> {
    let archive = report::archive(bytes).map_err(|_| "is a damaged archive")?;
    if archive.thin {
        let names = archive.members.iter().map(|member| member.name.to_owned());
        return Ok(Input::ThinArchive(names.collect()));
    }
    of_members(archive.members.iter().map(|found| member(found.bytes)))
}

/// What an archive with such members is.
///
/// # Errors
/// If one of them is none for a linker, or if they are for several machines.
pub(super) fn of_members(
    members: impl Iterator<Item = Result<Input, &'static str>>,
) -> Result<Input, &'static str> {
    let mut all = None;
    for member in members {
        let foreign = member? == Input::Foreign;
        match all {
            None => all = Some(foreign),
            Some(known) if known != foreign => return Err("holds objects for several machines"),
            Some(_) => {}
        }
    }
    Ok(match all {
        Some(true) => Input::Foreign,
        _ => Input::Archive,
    })
}

fn elf_file(bytes: &[u8]) -> Result<Input, &'static str> {
    const DAMAGED: &str = "is a damaged ELF file";
    // Class, byte order and machine.
    let native = bytes.get(4) == Some(&2)
        && bytes.get(5) == Some(&1)
        && bytes.get(18..20) == Some(&X86_64.to_le_bytes()[..]);
    if !native {
        return Ok(Input::Foreign);
    }
    // Members of archives are at even places only.
    let mut copy = Vec::new();
    let bytes = aligned(bytes, &mut copy);
    let file = ElfFile64::<LittleEndian>::parse(bytes).map_err(|_| DAMAGED)?;
    match file.kind() {
        ObjectKind::Relocatable => {
            for section in file.sections() {
                let name = section.name_bytes().map_err(|_| DAMAGED)?;
                if name.starts_with(b".gnu.lto_") || name == b".llvm.lto" {
                    return Err(BITCODE);
                }
                if name == b".deplibs" {
                    return Err("names libraries that it needs, for which only some linkers look");
                }
            }
            Ok(Input::Object)
        }
        ObjectKind::Dynamic => SharedLibrary::of(&file).map(Input::Shared).ok_or(DAMAGED),
        _ => Err("is a program, which each linker takes as something else"),
    }
}

const X86_64: u16 = 62;
