//! What clang looks at besides its arguments: configuration files, the gcc installation whose start files and libraries
//! it uses, the distribution, and places that it prefers to those.
//!
//! As watched on clang 19. The places are clang's for Linux on x86-64; it knows nothing of other targets here.

use super::{DIRECTORY, Failed, Look, START_FILE, start_files};
use camino::{Utf8Path, Utf8PathBuf};

const CONFIGURATION: &str = "clang reads it if it is there";
const GCC_INSTALLATION: &str = "clang takes the newest gcc installation";
const DISTRIBUTION: &str = "clang adapts to the distribution";
const IMPLEMENTATION: &str = "the library that holds clang";

/// Records them. The first of `directories` is clang's own.
pub(super) fn record(
    printed: &str,
    directories: &[Utf8PathBuf],
    words: &[String],
    look: &Look<'_, '_>,
) -> Result<(), Failed> {
    let value = |name: &str| {
        printed
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    let triple = value("Target:").unwrap_or("x86_64-pc-linux-gnu");
    let installed = Utf8Path::new(value("InstalledDir:").unwrap_or("/usr/bin"));

    for place in [installed, Utf8Path::new("/etc/clang")] {
        for name in [
            "clang.cfg",
            &format!("{triple}.cfg"),
            &format!("{triple}-clang.cfg"),
        ] {
            look.file(&place.join(name), CONFIGURATION)?;
        }
    }
    // `clang` itself is small, and the same for many versions of this library.
    let libraries = installed.join("../lib");
    for name in look.list(&libraries, IMPLEMENTATION)? {
        if name.starts_with("libclang-cpp.so") {
            look.file(&libraries.join(name), IMPLEMENTATION)?;
        }
    }
    record_gcc_installations(installed, directories, look)?;
    for path in [
        "/etc/os-release",
        "/usr/lib/os-release",
        "/etc/lsb-release",
        "/etc/redhat-release",
        "/etc/debian_version",
    ] {
        look.file(Utf8Path::new(path), DISTRIBUTION)?;
    }
    for directory in [
        "/lib/x86_64-linux-gnu",
        "/lib/../lib64",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/../lib64",
        "/lib",
        "/usr/lib",
    ] {
        look.kind(Utf8Path::new(directory), DIRECTORY)?;
    }
    look.kind(&libraries.join("libc++.so"), DIRECTORY)?;

    // Searched for start files before the directories of libraries.
    let resources = directories
        .first()
        .map(Utf8PathBuf::as_path)
        .unwrap_or(installed);
    let first = [
        resources.join("lib/linux"),
        installed.join(".."),
        resources.join("lib").join(triple),
    ];
    for (name, found) in start_files(words) {
        if found.is_none_or(|found| directories.iter().any(|directory| directory == found)) {
            for directory in &first {
                look.kind(&directory.join(name), START_FILE)?;
            }
        }
    }
    Ok(())
}

/// The gcc installations among which clang chooses: a new version, a new machine or a new place may win.
fn record_gcc_installations(
    installed: &Utf8Path,
    directories: &[Utf8PathBuf],
    look: &Look<'_, '_>,
) -> Result<(), Failed> {
    for place in [installed.join(".."), "/usr".into()] {
        for libraries in ["lib", "lib32", "lib64"] {
            look.list(&place.join(libraries).join("gcc"), GCC_INSTALLATION)?;
            look.kind(&place.join(libraries).join("gcc-cross"), GCC_INSTALLATION)?;
        }
    }
    look.kind(Utf8Path::new("/opt/rh"), GCC_INSTALLATION)?;
    // `…/gcc/<machine>/<version>` is among the directories of libraries.
    for chosen in directories {
        let Some(machine) = chosen.parent().filter(|machine| {
            machine
                .parent()
                .is_some_and(|gcc| gcc.file_name() == Some("gcc"))
        }) else {
            continue;
        };
        for version in look.list(machine, GCC_INSTALLATION)? {
            look.kind(&machine.join(&version).join("crtbegin.o"), GCC_INSTALLATION)?;
        }
        for other in [
            "../lib64",
            "../../../../lib64",
            "../../../../x86_64-linux-gnu/lib",
            "../../../../x86_64-linux-gnu/lib/../lib64",
        ] {
            look.kind(&chosen.join(other), DIRECTORY)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::host::{Host, MemoryHost};
    use crate::observe::{Observation, Reader, World};
    use std::sync::Arc;

    #[test]
    fn clang_depends_on_configuration_gcc_and_the_distribution() {
        let host = MemoryHost::new();
        for path in [
            "/usr/lib/gcc/x/12/crtbegin.o",
            "/usr/lib/llvm-19/lib/libclang-cpp.so.19.1",
            "/usr/lib/llvm-19/lib/clang/19/include/x.h",
            "/usr/lib/llvm-19/lib/clang/19/lib/linux/y",
            "/lib/x86_64-linux-gnu/Scrt1.o",
        ] {
            host.replace(path.into(), b"", 0o644)
                .expect("writes to memory");
        }
        let world = World::new(Arc::new(host));
        let printed = "Debian clang version 19.1.7\nTarget: x86_64-pc-linux-gnu\nThread model: posix\nInstalledDir: /usr/lib/llvm-19/bin\n";
        let searched = "programs: =/usr/lib/llvm-19/bin\nlibraries: =/usr/lib/llvm-19/lib/clang/19:/usr/lib/gcc/x/12:/lib/x86_64-linux-gnu\n";
        let words = [
            "/usr/bin/ld",
            "/lib/x86_64-linux-gnu/Scrt1.o",
            "/usr/lib/gcc/x/12/crtbeginS.o",
        ]
        .map(str::to_owned);
        let reader = Reader::new(&world);
        super::super::record(printed, searched, &words, &[], &reader).expect("records");
        let seen = reader.finish();
        let is_seen = |path: &str, wanted: fn(&Observation) -> bool| {
            let found = seen
                .iter()
                .map(|seen| &seen.observation)
                .filter(|seen| seen.subject() == path)
                .any(wanted);
            assert!(found, "{path}");
        };
        for path in [
            "/usr/lib/llvm-19/bin/clang.cfg",
            "/usr/lib/llvm-19/bin/x86_64-pc-linux-gnu.cfg",
            "/etc/os-release",
            "/usr/lib/llvm-19/lib/clang/19/Scrt1.o",
            "/usr/lib/llvm-19/lib/clang/19/lib/linux/crtbeginS.o",
            "/usr/lib/llvm-19/bin/../Scrt1.o",
            "/usr/lib/gcc/x/12/Scrt1.o",
        ] {
            is_seen(path, |seen| matches!(seen, Observation::Absent { .. }));
        }
        for path in ["/usr/lib/gcc", "/usr/lib/gcc/x"] {
            is_seen(path, |seen| matches!(seen, Observation::Listing { .. }));
        }
        is_seen("/usr/lib/gcc/x/12/crtbegin.o", |seen| {
            matches!(seen, Observation::Present { .. })
        });
        is_seen("/usr/lib/llvm-19/bin/../lib/libclang-cpp.so.19.1", |seen| {
            matches!(seen, Observation::File { .. })
        });
        // Found in an earlier directory, it is not looked for in later ones.
        assert!(
            !seen
                .iter()
                .any(|seen| seen.observation.subject() == "/lib/x86_64-linux-gnu/crtbeginS.o")
        );
    }
}
