//! Variables that are named in files: a specs file of gcc can have it put the value of any into a command.

use crate::host::{Access, Host, Kind, Observed};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::HashSet;

/// The first file that was read and holds one of `texts`, with the text.
///
/// Whoever looks for them reads a file to its first zero byte only. So of a file that is no text hardly anything has to be
/// looked at, and its name need not say what it is.
pub fn naming(
    host: &dyn Host,
    observed: &Observed,
    texts: &[&str],
) -> Option<(Utf8PathBuf, String)> {
    if texts.is_empty() {
        return None;
    }
    let mut looked: HashSet<&Utf8Path> = HashSet::new();
    let events = observed.events.iter();
    let mut read = events
        .filter(|event| matches!(event.access, Access::Read(stamp) if stamp.kind == Kind::File));
    read.find_map(|event| {
        if !looked.insert(&event.path) {
            return None;
        }
        // What is gone was made by the tools themselves.
        let bytes = host.read(&event.path).ok()?;
        let text = bytes.split(|byte| *byte == 0).next()?;
        let found = texts.iter().find(|wanted| holds(text, wanted))?;
        Some((event.path.clone(), (*found).to_owned()))
    })
}

fn holds(text: &[u8], wanted: &str) -> bool {
    let wanted = wanted.as_bytes();
    text.windows(wanted.len()).any(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::naming;
    use crate::host::{Access, Event, Host, Kind, MemoryHost, Observed, Stamp};
    use camino::Utf8Path;

    fn found(bytes: &[u8]) -> bool {
        let host = MemoryHost::new();
        let path = Utf8Path::new("any.name");
        host.replace(path, bytes, 0o644).expect("writes to memory");
        let read = |path: &Utf8Path, kind| {
            let stamp = Stamp {
                kind,
                mode: 0o644,
                size: 1,
                mtime: 0,
                ctime: 0,
                inode: 0,
                device: 0,
            };
            let access = Access::Read(stamp);
            let path = path.to_owned();
            Event { path, access }
        };
        let observed = Observed {
            events: vec![
                read("gone".into(), Kind::File),
                read("pipe".into(), Kind::Other),
                read(path, Kind::File),
            ],
            ..Observed::default()
        };
        assert_eq!(naming(&host, &observed, &[]), None);
        let found = naming(&host, &observed, &["%:getenv"]);
        found.is_some_and(|(found, _)| found == path)
    }

    #[test]
    fn texts_are_read_as_those_read_them_who_look_for_variables() {
        assert!(found(b"*link:\n+ -L%:getenv(SDK /lib)\n"));
        assert!(found(b"\xff%:getenv(SDK /lib)\0\0"));
        assert!(!found(b"getenv; environ;\n"));
        assert!(!found(b"\x7fELF\0%:getenv(SDK /lib)"));
        assert!(!found(b""));
    }
}
