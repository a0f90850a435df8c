//! Where two files differ that should be the same: by section where they are object files or programs.

use object::{Object, ObjectSection};

/// What differs, for people: the first differing section, or the first byte.
pub(super) fn difference(stored: &[u8], right: &[u8]) -> String {
    let at = stored.iter().zip(right).take_while(|(a, b)| a == b).count();
    let bytes = format!(
        "byte {at} of {}, which should be {} bytes",
        stored.len(),
        right.len()
    );
    let files = (object::File::parse(stored), object::File::parse(right));
    let (Ok(stored), Ok(right)) = files else {
        return bytes;
    };
    let name = |section: &object::Section<'_, '_>| section.name().unwrap_or("?").to_owned();
    for section in right.sections() {
        let name = name(&section);
        let Some(other) = stored.section_by_name(&name) else {
            return format!("section {name}, which is missing ({bytes})");
        };
        let (should, is) = (section.data().unwrap_or(&[]), other.data().unwrap_or(&[]));
        if should != is {
            let at = should.iter().zip(is).take_while(|(a, b)| a == b).count();
            return format!("section {name} from byte {at} of {} on ({bytes})", is.len());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn what_is_no_object_differs_by_byte() {
        let found = difference(b"abcd", b"abXd!");
        assert_eq!(found, "byte 2 of 4, which should be 5 bytes");
    }

    #[test]
    fn what_is_one_differs_by_section() {
        // The headers of an object of 64 bits: one section of four bytes, named in the table of names.
        let elf = |code: &[u8; 4]| {
            let mut file = vec![0_u8; 64];
            file[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\0");
            file[16..20].copy_from_slice(&[1, 0, 62, 0]);
            file[20] = 1;
            file.extend_from_slice(code);
            let names = b"\0.text\0.names\0\0\0\0\0\0";
            let at = file.len() as u64;
            file.extend_from_slice(names);
            let table = file.len() as u64;
            file[40..48].copy_from_slice(&table.to_le_bytes());
            file[52..54].copy_from_slice(&64_u16.to_le_bytes());
            file[58..60].copy_from_slice(&64_u16.to_le_bytes());
            file[60..62].copy_from_slice(&3_u16.to_le_bytes());
            file[62..64].copy_from_slice(&2_u16.to_le_bytes());
            let mut section = |name: u32, kind: u32, offset: u64, size: u64| {
                let mut header = [0_u8; 64];
                header[..4].copy_from_slice(&name.to_le_bytes());
                header[4..8].copy_from_slice(&kind.to_le_bytes());
                header[24..32].copy_from_slice(&offset.to_le_bytes());
                header[32..40].copy_from_slice(&size.to_le_bytes());
                header[48] = u8::from(kind != 0);
                file.extend_from_slice(&header);
            };
            section(0, 0, 0, 0);
            section(1, 1, 64, 4);
            section(7, 3, at, names.len() as u64);
            file
        };
        let found = difference(&elf(b"abcd"), &elf(b"abXd"));
        assert!(
            found.starts_with("section .text from byte 2 of 4 on"),
            "{found}"
        );
    }
}
