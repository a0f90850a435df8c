//! [`SharedLibrary`]: what an ELF file says to those who link with it or load it. Programs say it too.

use object::read::elf::ElfFile64;
use object::{LittleEndian, elf};

/// What a shared library, or a program, says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedLibrary {
    pub soname: Option<String>,
    pub needed: Vec<String>,
    /// `DT_RPATH` and `DT_RUNPATH`, as they are.
    pub paths: Vec<String>,
}

impl SharedLibrary {
    /// `None`: the file is damaged.
    pub fn of(file: &ElfFile64<'_, LittleEndian>) -> Option<Self> {
        let table = file
            .elf_section_table()
            .dynamic_table(file.endian(), file.data())
            .ok()?;
        let mut library = Self::default();
        for entry in &table {
            let text = || {
                let text = table.string(entry).ok()?;
                std::str::from_utf8(text).ok().map(str::to_owned)
            };
            match entry.tag {
                elf::DT_SONAME => library.soname = Some(text()?),
                elf::DT_NEEDED => library.needed.push(text()?),
                elf::DT_RPATH | elf::DT_RUNPATH => library.paths.push(text()?),
                _ => {}
            }
        }
        Some(library)
    }
}

/// The same bytes where the reader of such files can have them, which wants them as aligned as the numbers in them are.
pub fn aligned<'b>(bytes: &'b [u8], copy: &'b mut Vec<u8>) -> &'b [u8] {
    if (bytes.as_ptr() as usize).is_multiple_of(8) {
        return bytes;
    }
    *copy = bytes.to_vec();
    copy
}
