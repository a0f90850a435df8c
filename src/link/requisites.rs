//! What a driver's answer depends on besides its arguments and variables, recorded so that the answer is asked anew when
//! it would be another one.
//!
//! Drivers print where they search but not what they look for there. What is recorded was found by watching the system
//! calls of gcc 12 and clang 19, and covers a little more than either looks at: an observation too many costs a stat, one
//! too few a wrong program. This module knows the drivers' habits, and not the linker's.

mod clang;

use crate::error::{Error, Result};
use crate::observe::{Reader, Role};
use camino::{Utf8Path, Utf8PathBuf};
use std::cell::RefCell;
use std::collections::HashSet;
use std::io;

const SPECS: &str = "a file of this name would change what gcc does";
const START_FILE: &str = "a start file here would be taken";
const DIRECTORY: &str = "a library directory of the compiler";

/// By which a specs file has gcc read a variable.
const READS_VARIABLE: &[u8] = b"%:getenv";

/// Records them. `printed` is what the driver printed for `-###`, `searched` what it printed for `-print-search-dirs`,
/// `words` the linker's command, and `args` the user's arguments.
pub(super) fn record(
    printed: &str,
    searched: &str,
    words: &[String],
    args: &[String],
    reader: &Reader<'_>,
) -> Result<()> {
    let directories = library_directories(searched);
    let look = Look {
        reader,
        absent: RefCell::default(),
    };
    let recorded = record_common(printed, &directories, words, &look).and_then(|()| {
        if printed.contains("clang version") {
            clang::record(printed, &directories, words, &look)
        } else {
            record_gcc(printed, &directories, args, &look)
        }
    });
    let failed =
        |(path, cause)| Error::world("cannot look at what the C compiler depends on", path, cause);
    recorded.map_err(failed)?;
    if let Some(specs) = reading_variables(printed, &look).map_err(failed)? {
        return Err(Error::configuration(
            format!(
                "the specs file `{specs}` says `%:getenv`, and nobody knows which variables that reads"
            ),
            Some("write the value in its place, or name another `linker` in [link]".to_owned()),
        ));
    }
    match words
        .iter()
        .skip(1)
        .find(|word| is_missing_start_file(word))
    {
        Some(file) => Err(Error::missing(
            format!("the C compiler finds no start file `{file}`, which every program begins with"),
            "install the C library's files for development, for example with `apt-get install libc6-dev`",
        )),
        None => Ok(()),
    }
}

/// What failed, and at which path.
type Failed = (Utf8PathBuf, io::Error);

/// Looks that belong to the compiler.
struct Look<'r, 'w> {
    reader: &'r Reader<'w>,
    /// Directories recorded as absent: nothing can be below them as long as that holds.
    absent: RefCell<HashSet<Utf8PathBuf>>,
}

impl Look<'_, '_> {
    fn file(&self, path: &Utf8Path, note: &str) -> std::result::Result<(), Failed> {
        if self.below_nothing(path) {
            return Ok(());
        }
        self.reader
            .file(path, Role::Tool, note)
            .map(|_| ())
            .map_err(|cause| (path.to_owned(), cause))
    }

    fn kind(&self, path: &Utf8Path, note: &str) -> std::result::Result<(), Failed> {
        if self.below_nothing(path) {
            return Ok(());
        }
        let kind = self
            .reader
            .kind(path, Role::Tool, note)
            .map_err(|cause| (path.to_owned(), cause))?;
        if kind.is_none() {
            self.absent.borrow_mut().insert(path.to_owned());
        }
        Ok(())
    }

    fn below_nothing(&self, path: &Utf8Path) -> bool {
        path.parent()
            .is_some_and(|parent| self.absent.borrow().contains(parent))
    }

    fn list(&self, path: &Utf8Path, note: &str) -> std::result::Result<Vec<String>, Failed> {
        self.reader
            .list(path, Role::Tool, note)
            .map(Option::unwrap_or_default)
            .map_err(|cause| (path.to_owned(), cause))
    }
}

fn record_common(
    printed: &str,
    directories: &[Utf8PathBuf],
    words: &[String],
    look: &Look<'_, '_>,
) -> std::result::Result<(), Failed> {
    for directory in directories {
        // Directories that do not exist are left out of the linker's command.
        look.kind(directory, DIRECTORY)?;
    }
    for (name, found) in start_files(words) {
        // Only the driver's own files are looked for; those of the user are taken as they are spelled.
        let found = found.map_or(Some(directories.len()), |found| {
            directories.iter().position(|directory| found == directory)
        });
        for directory in directories.iter().take(found.unwrap_or(0)) {
            look.kind(&directory.join(name), START_FILE)?;
        }
    }
    for line in printed.lines() {
        // Printed by gcc and by clang for each configuration file that they did read.
        if let Some(path) = line
            .strip_prefix("Reading specs from ")
            .or_else(|| line.strip_prefix("Configuration file: "))
        {
            look.file(Utf8Path::new(path), SPECS)?;
        }
    }
    Ok(())
}

fn record_gcc(
    printed: &str,
    directories: &[Utf8PathBuf],
    args: &[String],
    look: &Look<'_, '_>,
) -> std::result::Result<(), Failed> {
    let install = printed
        .lines()
        .find_map(|line| line.strip_prefix("COLLECT_LTO_WRAPPER="))
        .map(Utf8Path::new);
    // `<prefix>/lib/gcc/<machine>/<version>/lto-wrapper`: the version's and the machine's directory.
    let of_gcc = install
        .into_iter()
        .flat_map(|wrapper| wrapper.ancestors().skip(1).take(2))
        .map(Utf8Path::to_owned);
    let places: Vec<Utf8PathBuf> = directories.iter().cloned().chain(of_gcc).collect();
    for place in &places {
        look.file(&place.join("specs"), SPECS)?;
    }
    for specs in args.iter().filter_map(|arg| {
        arg.strip_prefix("-specs=")
            .or_else(|| arg.strip_prefix("--specs="))
    }) {
        look.file(Utf8Path::new(specs), SPECS)?;
        for place in &places {
            look.file(&place.join(specs), SPECS)?;
        }
    }
    Ok(())
}

/// The first specs file, of those that gcc says it read, by which it reads variables. Some that it is given do not count.
fn reading_variables<'p>(
    printed: &'p str,
    look: &Look<'_, '_>,
) -> std::result::Result<Option<&'p Utf8Path>, Failed> {
    let lines = printed.lines();
    let specs = lines.filter_map(|line| line.strip_prefix("Reading specs from "));
    for path in specs.map(Utf8Path::new) {
        let bytes = look.reader.bytes(path, Role::Tool, SPECS);
        let bytes = bytes.map_err(|cause| (path.to_owned(), cause))?;
        let mut parts = bytes
            .iter()
            .flat_map(|bytes| bytes.windows(READS_VARIABLE.len()));
        if parts.any(|part| part == READS_VARIABLE) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// The object files in a linker's command: the name of each, and the directory where the driver found it; `None` where
/// it left the bare name of a start file that it found nowhere.
fn start_files(words: &[String]) -> impl Iterator<Item = (&str, Option<&Utf8Path>)> {
    words
        .iter()
        .skip(1)
        .filter(|word| word.ends_with(".o"))
        .filter_map(|word| {
            let path = Utf8Path::new(word);
            let directory = path.parent().filter(|_| !is_missing_start_file(word));
            (directory.is_some() || is_missing_start_file(word))
                .then_some((path.file_name()?, directory))
        })
}

/// The directories of `libraries: =/a/:/b/`, each once, in the order in which they are searched.
pub(super) fn library_directories(searched: &str) -> Vec<Utf8PathBuf> {
    let line = searched
        .lines()
        .find_map(|line| line.strip_prefix("libraries: ="))
        .unwrap_or_default();
    let mut directories: Vec<Utf8PathBuf> = Vec::new();
    for directory in line.split(':').filter(|directory| !directory.is_empty()) {
        // Without the final slash, which would make a file of this name look absent.
        let directory = Utf8PathBuf::from(if directory == "/" {
            "/"
        } else {
            directory.trim_end_matches('/')
        });
        if !directories.contains(&directory) {
            directories.push(directory);
        }
    }
    directories
}

/// Drivers leave the bare name of a start file that they do not find.
fn is_missing_start_file(word: &str) -> bool {
    word.ends_with(".o")
        && !word.contains('/')
        && ["crt", "Scrt", "rcrt", "gcrt", "Mcrt"]
            .iter()
            .any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Host, MemoryHost};
    use crate::observe::World;
    use std::sync::Arc;

    fn subjects(world: &World, printed: &str, words: &[&str]) -> Result<Vec<String>> {
        let searched =
            "install: /gcc/x/12/\nlibraries: =/gcc/x/12/:/none/:/gcc/x/12/../../../x/:/lib/x/\n";
        let words: Vec<String> = words.iter().copied().map(str::to_owned).collect();
        let reader = Reader::new(world);
        record(
            printed,
            searched,
            &words,
            &["-specs=mine".to_owned()],
            &reader,
        )?;
        Ok(reader
            .finish()
            .into_iter()
            .map(|seen| seen.observation.subject().to_owned())
            .collect())
    }

    #[test]
    fn gcc_depends_on_specs_and_on_earlier_places_of_start_files() {
        let host = MemoryHost::new();
        for path in ["/gcc/x/12/crtbeginS.o", "/x/Scrt1.o", "/lib/x/libc.so"] {
            host.replace(path.into(), b"", 0o644)
                .expect("writes to memory");
        }
        let world = World::new(Arc::new(host));
        let printed = "COLLECT_LTO_WRAPPER=/gcc/x/12/lto-wrapper\nReading specs from /gcc/x/12/libgomp.spec\n";
        let words = [
            "collect2",
            "/gcc/x/12/../../../x/Scrt1.o",
            "/gcc/x/12/crtbeginS.o",
            "vendor/own.o",
        ];
        let subjects = subjects(&world, printed, &words).expect("records");
        let expected = [
            "/gcc/x/12",
            "/none",
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
    fn specs_that_name_variables_are_an_error_with_a_remedy() {
        let host = MemoryHost::new();
        let specs = b"*link:\n+ -L%:getenv(HOME /lib)\n";
        host.replace("own.inc".into(), specs, 0o644)
            .expect("writes to memory");
        let world = World::new(Arc::new(host));
        let printed = "Reading specs from own.inc\n";
        let error = subjects(&world, printed, &["collect2"]).expect_err("it can't be recorded");
        assert!(error.message.contains("own.inc"), "{error:?}");
        assert!(error.remedy.is_some());
    }

    #[test]
    fn a_start_file_that_is_not_found_is_an_error_with_a_remedy() {
        let world = World::new(Arc::new(MemoryHost::new()));
        let error =
            subjects(&world, "", &["collect2", "Scrt1.o"]).expect_err("there is no start file");
        assert!(
            error.message.contains("Scrt1.o")
                && error
                    .remedy
                    .is_some_and(|remedy| remedy.contains("libc6-dev"))
        );
    }
}
