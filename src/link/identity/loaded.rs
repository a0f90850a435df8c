//! Code that was loaded into the tools of a link: the libraries that they need, and what else.
//!
//! A library that a program says it needs is a part of the program, as is what its rule says that it loads. Any other was
//! loaded because somebody asked for it, by an option, a file or a place where tools look for plugins. It may do anything.

use super::is_itself;
use crate::host::{Access, Host, Observed, Stamp};
use crate::link::shared_library::{SharedLibrary, aligned};
use crate::rule::Pattern;
use camino::{Utf8Path, Utf8PathBuf};
use object::LittleEndian;
use object::read::elf::ElfFile64;
use std::collections::BTreeSet;

/// A library that was loaded.
struct Loaded<'o> {
    path: &'o Utf8Path,
    /// The names by which it was opened, and its own.
    names: BTreeSet<&'o str>,
}

/// The first that no program which ran needs, and that is none of `loads`, by its real path.
pub fn plugin(host: &dyn Host, observed: &Observed, loads: &[&Pattern]) -> Option<Utf8PathBuf> {
    let mut unknown = loaded(observed);
    let programs = observed.programs().into_iter();
    let programs = programs.filter(|program| !is_itself(program));
    let mut needed: BTreeSet<String> = programs.flat_map(|path| needs(host, path)).collect();
    loop {
        let is_known = |library: &Loaded<'_>| {
            let mut names = library.names.iter();
            names.any(|name| {
                needed.contains(*name) || loads.iter().any(|pattern| pattern.matches(name))
            })
        };
        let (known, rest): (Vec<_>, Vec<_>) = unknown.into_iter().partition(is_known);
        if known.is_empty() {
            return rest.first().map(|library| library.path.to_owned());
        }
        needed.extend(known.iter().flat_map(|library| needs(host, library.path)));
        unknown = rest;
    }
}

/// The libraries that were loaded, in the order of the loading.
fn loaded(observed: &Observed) -> Vec<Loaded<'_>> {
    let mut files: Vec<(Stamp, Loaded<'_>)> = Vec::new();
    for event in &observed.events {
        if let Access::Mapped(stamp) = event.access
            && !files.iter().any(|(known, _)| *known == stamp)
        {
            let names = event.path.file_name().into_iter().collect();
            let path = event.path.as_path();
            files.push((stamp, Loaded { path, names }));
        }
    }
    for event in &observed.events {
        if let Access::Read(stamp) = event.access
            && let Some((_, library)) = files.iter_mut().find(|(known, _)| *known == stamp)
        {
            library.names.extend(event.path.file_name());
        }
    }
    files.into_iter().map(|(_, library)| library).collect()
}

/// The names of the libraries that a program or a library says it needs.
fn needs(host: &dyn Host, path: &Utf8Path) -> Vec<String> {
    let Ok(bytes) = host.read(path) else {
        return Vec::new();
    };
    let mut copy = Vec::new();
    let file = ElfFile64::<LittleEndian>::parse(aligned(&bytes, &mut copy));
    let library = file.ok().and_then(|file| SharedLibrary::of(&file));
    let needed = library.unwrap_or_default().needed.into_iter();
    // It may be a path.
    let name = |needed: String| Utf8Path::new(&needed).file_name().map(str::to_owned);
    needed.filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::plugin;
    use crate::host::{Access, Event, Kind, MemoryHost, Observed, Stamp};
    use crate::rule::Pattern;

    fn event(path: &str, access: fn(Stamp) -> Access, inode: u64) -> Event {
        let access = access(Stamp {
            kind: Kind::File,
            mode: 0o644,
            size: 1,
            mtime: 0,
            ctime: 0,
            inode,
            device: 0,
        });
        let path = path.into();
        Event { path, access }
    }

    #[test]
    fn what_is_loaded_is_known_by_the_name_that_it_was_opened_by() {
        let observed = Observed {
            events: vec![
                event("/usr/lib/libtwo.so", Access::Read, 2),
                event("/usr/lib/libknown.so", Access::Read, 1),
                event("/usr/lib/libknown-1.0.so", Access::Mapped, 1),
            ],
            ..Observed::default()
        };
        let host = MemoryHost::new();
        let of = |loads: &str| {
            let pattern = Pattern::new(loads).expect("a pattern");
            plugin(&host, &observed, &[&pattern])
        };
        assert_eq!(of("libknown.so"), None, "and what is only read is no code");
        let found = of("libtwo.so");
        assert_eq!(found.as_deref(), Some("/usr/lib/libknown-1.0.so".into()));
    }
}
