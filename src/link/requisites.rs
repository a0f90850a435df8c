//! What a driver's answer depends on besides its arguments and variables, recorded so that the answer is asked anew when
//! it would be another one.
//!
//! Drivers print where they search but not what they look for there. What is recorded was found by watching the system
//! calls of gcc 12 and clang 19, and covers a little more than either looks at: an observation too many costs a stat, one
//! too few a wrong program. This module knows the drivers' habits, and not the linker's.

use crate::error::{Error, Result};
use crate::observe::{Reader, Role};
use camino::{Utf8Path, Utf8PathBuf};
use std::io;

const SPECS: &str = "a file of this name would change what gcc does";
const START_FILE: &str = "a start file here would be taken";
const DIRECTORY: &str = "a library directory of the compiler";
const CLANG_CONFIGURATION: &str = "clang reads it if it is there";
const GCC_INSTALLATION: &str = "clang takes the newest gcc installation";
const DISTRIBUTION: &str = "clang adapts to the distribution";

/// Records them. `printed` is what the driver printed for `-###`, `searched` what it printed for `-print-search-dirs`,
/// `words` the linker's command, and `args` the user's arguments.
pub(super) fn record(printed: &str, searched: &str, words: &[String], args: &[String], reader: &Reader<'_>) -> Result<()> {
    let directories = library_directories(searched);
    let recorded = record_all(printed, &directories, words, args, reader);
    recorded.map_err(|(path, cause)| Error::world("cannot look at what the C compiler depends on", path, cause))?;
    match words.iter().skip(1).find(|word| is_missing_start_file(word)) {
        Some(file) => Err(Error::missing(
            format!("the C compiler finds no start file `{file}`, which every program begins with"),
            "install the C library's files for development, for example with `apt-get install libc6-dev`",
        )),
        None => Ok(()),
    }
}

/// What failed, and at which path.
type Failed = (Utf8PathBuf, io::Error);

fn record_all(
    printed: &str,
    directories: &[Utf8PathBuf],
    words: &[String],
    args: &[String],
    reader: &Reader<'_>,
) -> std::result::Result<(), Failed> {
    let file = |path: &Utf8Path, note| reader.file(path, Role::Tool, note).map(|_| ()).map_err(|cause| (path.to_owned(), cause));
    let kind = |path: &Utf8Path, note| reader.kind(path, Role::Tool, note).map(|_| ()).map_err(|cause| (path.to_owned(), cause));

    for directory in directories {
        // Directories that do not exist are left out of the linker's command.
        kind(directory, DIRECTORY)?;
    }
    for word in words.iter().skip(1) {
        let start_file = Utf8Path::new(word);
        let (Some("o"), Some(name)) = (start_file.extension(), start_file.file_name()) else { continue };
        // Only the driver's own files are looked for; those of the user are taken as they are spelled.
        let found = directories.iter().position(|directory| start_file.parent() == Some(directory));
        let missing = is_missing_start_file(word).then_some(directories.len());
        for directory in directories.iter().take(found.or(missing).unwrap_or(0)) {
            kind(&directory.join(name), START_FILE)?;
        }
    }
    for line in printed.lines() {
        // Printed by gcc and by clang for each configuration file that they did read.
        if let Some(path) = line.strip_prefix("Reading specs from ").or_else(|| line.strip_prefix("Configuration file: ")) {
            file(Utf8Path::new(path), SPECS)?;
        }
    }
    if printed.contains("clang version") {
        return record_clang(printed, reader);
    }

    let install = printed.lines().find_map(|line| line.strip_prefix("COLLECT_LTO_WRAPPER=")).map(Utf8Path::new);
    // `<prefix>/lib/gcc/<machine>/<version>/lto-wrapper`: the version's and the machine's directory.
    let of_gcc = install.into_iter().flat_map(|wrapper| wrapper.ancestors().skip(1).take(2)).map(Utf8Path::to_owned);
    let places: Vec<Utf8PathBuf> = directories.iter().cloned().chain(of_gcc).collect();
    for place in &places {
        file(&place.join("specs"), SPECS)?;
    }
    for specs in args.iter().filter_map(|arg| arg.strip_prefix("-specs=").or_else(|| arg.strip_prefix("--specs="))) {
        file(Utf8Path::new(specs), SPECS)?;
        for place in &places {
            file(&place.join(specs), SPECS)?;
        }
    }
    Ok(())
}

fn record_clang(printed: &str, reader: &Reader<'_>) -> std::result::Result<(), Failed> {
    let file = |path: &Utf8Path, note| reader.file(path, Role::Tool, note).map(|_| ()).map_err(|cause| (path.to_owned(), cause));
    let list = |path: &Utf8Path| reader.list(path, Role::Tool, GCC_INSTALLATION).map_err(|cause| (path.to_owned(), cause));
    let value = |name: &str| printed.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);

    let triple = value("Target:").unwrap_or("x86_64-pc-linux-gnu");
    for place in value("InstalledDir:").into_iter().chain(["/etc/clang"]) {
        for name in ["clang.cfg".to_owned(), format!("{triple}.cfg"), format!("{triple}-clang.cfg")] {
            file(&Utf8Path::new(place).join(name), CLANG_CONFIGURATION)?;
        }
    }
    // `Found candidate GCC installation: /usr/bin/../lib/gcc/x86_64-linux-gnu/12`
    let candidates = printed.lines().filter_map(|line| line.split_once("GCC installation: ")).map(|(_, path)| Utf8Path::new(path));
    let mut machines: Vec<&Utf8Path> = candidates.filter_map(Utf8Path::parent).collect();
    machines.sort_unstable();
    machines.dedup();
    for machine in machines {
        if let Some(machines) = machine.parent() {
            list(machines)?;
        }
        for version in list(machine)?.unwrap_or_default() {
            let path = machine.join(version).join("crtbegin.o");
            reader.kind(&path, Role::Tool, GCC_INSTALLATION).map_err(|cause| (path.clone(), cause))?;
        }
    }
    for prefix in ["/usr/lib/gcc", "/usr/lib64/gcc", "/usr/lib/gcc-cross"] {
        list(Utf8Path::new(prefix))?;
    }
    for path in ["/etc/os-release", "/usr/lib/os-release", "/etc/lsb-release", "/etc/redhat-release", "/etc/debian_version"] {
        file(Utf8Path::new(path), DISTRIBUTION)?;
    }
    for directory in ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib/../lib64", "/usr/lib/../lib64"] {
        let directory = Utf8Path::new(directory);
        reader.kind(directory, Role::Tool, DIRECTORY).map_err(|cause| (directory.to_owned(), cause))?;
    }
    Ok(())
}

/// The directories of `libraries: =/a/:/b/`, each once, in the order in which they are searched.
fn library_directories(searched: &str) -> Vec<Utf8PathBuf> {
    let line = searched.lines().find_map(|line| line.strip_prefix("libraries: =")).unwrap_or_default();
    let mut directories: Vec<Utf8PathBuf> = Vec::new();
    for directory in line.split(':').filter(|directory| !directory.is_empty()) {
        // Without the final slash, which would make a file of this name look absent.
        let directory = Utf8PathBuf::from(if directory == "/" { "/" } else { directory.trim_end_matches('/') });
        if !directories.contains(&directory) {
            directories.push(directory);
        }
    }
    directories
}

/// Drivers leave the bare name of a start file that they do not find.
fn is_missing_start_file(word: &str) -> bool {
    word.ends_with(".o") && !word.contains('/') && ["crt", "Scrt", "rcrt", "gcrt", "Mcrt"].iter().any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Host, MemoryHost};
    use crate::observe::{Observation, World};
    use std::sync::Arc;

    fn subjects(world: &World, printed: &str, words: &[&str]) -> Result<Vec<String>> {
        let searched = "install: /gcc/x/12/\nlibraries: =/gcc/x/12/:/gcc/x/12/../../../x/:/lib/x/\n";
        let words: Vec<String> = words.iter().copied().map(str::to_owned).collect();
        let reader = Reader::new(world);
        record(printed, searched, &words, &["-specs=mine".to_owned()], &reader)?;
        Ok(reader.finish().into_iter().map(|seen| seen.observation.subject().to_owned()).collect())
    }

    #[test]
    fn gcc_depends_on_specs_and_on_earlier_places_of_start_files() {
        let world = World::new(Arc::new(MemoryHost::new()));
        let printed = "COLLECT_LTO_WRAPPER=/gcc/x/12/lto-wrapper\nReading specs from /gcc/x/12/libgomp.spec\n";
        let words = ["collect2", "/gcc/x/12/../../../x/Scrt1.o", "/gcc/x/12/crtbeginS.o", "vendor/own.o"];
        let subjects = subjects(&world, printed, &words).expect("records");
        let expected = [
            "/gcc/x/12",
            "/gcc/x/12/../../../x",
            "/lib/x",
            "/gcc/x/12/Scrt1.o",
            "/gcc/x/12/libgomp.spec",
            "/gcc/x/12/specs",
            "/gcc/x/12/../../../x/specs",
            "/lib/x/specs",
            "/gcc/x/specs",
            "mine",
            "/gcc/x/12/mine",
            "/gcc/x/12/../../../x/mine",
            "/lib/x/mine",
            "/gcc/x/mine",
        ];
        assert_eq!(subjects, expected);
    }

    #[test]
    fn clang_depends_on_configuration_gcc_and_the_distribution() {
        let host = MemoryHost::new();
        host.replace("/usr/lib/gcc/x/12/crtbegin.o".into(), b"", 0o644).expect("writes to memory");
        let world = World::new(Arc::new(host));
        let printed = "Debian clang version 19.1.7\nTarget: x86_64-pc-linux-gnu\nInstalledDir: /usr/lib/llvm-19/bin\n\
                       Found candidate GCC installation: /usr/lib/gcc/x/12\nSelected GCC installation: /usr/lib/gcc/x/12\n";
        let reader = Reader::new(&world);
        record(printed, "", &["ld".to_owned()], &[], &reader).expect("records");
        let seen = reader.finish();
        for path in ["/usr/lib/llvm-19/bin/clang.cfg", "/usr/lib/llvm-19/bin/x86_64-pc-linux-gnu.cfg", "/etc/os-release"] {
            assert!(seen.iter().any(|seen| matches!(&seen.observation, Observation::Absent { path: absent } if absent == path)), "{path}");
        }
        for path in ["/usr/lib/gcc", "/usr/lib/gcc/x"] {
            assert!(seen.iter().any(|seen| matches!(&seen.observation, Observation::Listing { path: listed, .. } if listed == path)), "{path}");
        }
        assert!(seen.iter().any(|seen| seen.observation.subject() == "/usr/lib/gcc/x/12/crtbegin.o"));
    }

    #[test]
    fn a_start_file_that_is_not_found_is_an_error_with_a_remedy() {
        let world = World::new(Arc::new(MemoryHost::new()));
        let error = subjects(&world, "", &["collect2", "Scrt1.o"]).expect_err("there is no start file");
        assert!(error.message.contains("Scrt1.o") && error.remedy.is_some_and(|remedy| remedy.contains("libc6-dev")));
    }
}
