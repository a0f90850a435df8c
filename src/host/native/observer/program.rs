//! What else the system opens to run a program: the interpreter that a script names, the loader that an ELF program
//! names. It knows the two formats as far as that, and nothing of files.

use camino::Utf8PathBuf;

/// The system looks no further for the line of a script, and all that is needed of an ELF header and its table lies here.
pub(super) const HEAD: usize = 256;

/// How a program is begun.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// By this interpreter.
    Script(Utf8PathBuf),
    /// By itself, or by the loader whose name is in the file, at this offset with this length.
    Elf { loader: Option<(u64, usize)> },
    /// An ELF program whose table of segments does not lie in the head: it is at this offset, of this length.
    ElfTable { at: u64, size: usize },
    /// Text without a first line that names an interpreter: the system refuses it, and a shell would read it.
    Text,
    /// In a format that the system hands to a program which nobody can name.
    Foreign,
}

const ELF: &[u8] = b"\x7fELF";
/// 64 bits, little-endian.
const CLASS: [u8; 2] = [2, 1];
#[cfg(target_arch = "x86_64")]
const MACHINE: u16 = 62;
#[cfg(target_arch = "aarch64")]
const MACHINE: u16 = 183;

const SEGMENT: usize = 56;
const INTERPRETER: u32 = 3;
/// Names of loaders are short; what claims to be longer is damaged.
const LONGEST_NAME: u64 = 4096;

/// How the program that starts with these bytes is begun.
pub(super) fn start(head: &[u8]) -> Start {
    if let Some(line) = head.strip_prefix(b"#!") {
        let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let name = line
            .split(|byte| matches!(byte, b' ' | b'\t' | 0))
            .find(|word| !word.is_empty())
            .unwrap_or_default();
        return match std::str::from_utf8(name) {
            Ok("") => Start::Text,
            Ok(name) => Start::Script(name.into()),
            Err(_) => Start::Foreign,
        };
    }
    if !head.starts_with(ELF) {
        let text = !head.contains(&0);
        return if text { Start::Text } else { Start::Foreign };
    }
    elf(head).unwrap_or(Start::Foreign)
}

fn elf(head: &[u8]) -> Option<Start> {
    if head.get(4..6)? != CLASS || half(head, 18)? != MACHINE {
        return None;
    }
    let at = long(head, 32)?;
    if usize::from(half(head, 54)?) != SEGMENT {
        return None;
    }
    let size = SEGMENT * usize::from(half(head, 56)?);
    let within = usize::try_from(at)
        .ok()
        .and_then(|at| head.get(at..)?.get(..size));
    Some(match within {
        Some(table) => Start::Elf {
            loader: loader(table),
        },
        None => Start::ElfTable { at, size },
    })
}

/// Where the name of the loader lies, and its length, according to a table of segments.
pub(super) fn loader(table: &[u8]) -> Option<(u64, usize)> {
    let (segments, _) = table.as_chunks::<SEGMENT>();
    let segment = segments
        .iter()
        .find(|segment| word(*segment, 0) == Some(INTERPRETER))?;
    let size = long(segment, 32).filter(|size| *size <= LONGEST_NAME)?;
    Some((long(segment, 8)?, usize::try_from(size).ok()?))
}

/// The name that lies in a file as these bytes.
pub(super) fn name(bytes: &[u8]) -> Option<Utf8PathBuf> {
    let name = bytes.split(|byte| *byte == 0).next()?;
    let name = std::str::from_utf8(name).ok()?;
    (!name.is_empty()).then(|| name.into())
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{SEGMENT, Start, loader, name, start};

    #[test]
    fn scripts_name_their_interpreter() {
        let script = |text: &str| start(text.as_bytes());
        assert_eq!(script("#!/bin/sh\necho"), Start::Script("/bin/sh".into()));
        assert_eq!(
            script("#! \t/usr/bin/env python3\n"),
            Start::Script("/usr/bin/env".into())
        );
        assert_eq!(script("#!\n/bin/sh"), Start::Text);
        assert_eq!(script("echo hello"), Start::Text);
        assert_eq!(script("MZ\0\0"), Start::Foreign);
        assert_eq!(script(""), Start::Text);
    }

    #[test]
    fn damaged_programs_are_no_danger() {
        let program = std::fs::read("/proc/self/exe").expect("the test is a program");
        assert!(matches!(
            start(&program[..256]),
            Start::Elf { .. } | Start::ElfTable { .. }
        ));
        for size in 0..256 {
            start(&program[..size]);
        }
        for at in 0..128 {
            let mut head = program[..256].to_vec();
            head[at] = 0xff;
            start(&head);
        }
    }

    #[test]
    fn a_table_names_the_loader() {
        let mut table = vec![0; 2 * SEGMENT + 7];
        table[SEGMENT] = 3;
        table[SEGMENT + 8..SEGMENT + 10].copy_from_slice(&[0x18, 0x03]);
        table[SEGMENT + 32] = 28;
        assert_eq!(loader(&table), Some((0x318, 28)));
        table[SEGMENT + 39] = 0xff;
        assert_eq!(loader(&table), None, "a name that long is damage");
        assert_eq!(name(b"/lib64/ld.so\0"), Some("/lib64/ld.so".into()));
        assert_eq!(name(b"\0"), None);
    }
}
