//! Asks the driver where it has a linker search for libraries.

use crate::error::{Error, Result};
use crate::host::Command;
use crate::link::requisites;
use crate::observe::Reader;
use camino::{Utf8Path, Utf8PathBuf};

/// Change what gcc (the first five) or clang answers. `PATH` is none of them: the driver is called by an absolute path,
/// and the linker that it would find there is not used.
const VARIABLES: &[&str] = &[
    "LIBRARY_PATH",
    "LPATH",
    "COMPILER_PATH",
    "GCC_EXEC_PREFIX",
    "BINUTILS_ROOT",
    "CCC_OVERRIDE_OPTIONS",
    "CLANG_NO_DEFAULT_CONFIG",
];

/// The variables that count, each recorded also where it is unset.
pub fn environment(reader: &Reader<'_>) -> Vec<(String, String)> {
    let value = |name: &&str| {
        reader
            .variable(name, "the C compiler reads it")
            .map(|value| ((*name).to_owned(), value))
    };
    let mut environment: Vec<(String, String)> = VARIABLES.iter().filter_map(value).collect();
    // Messages are read by this module, and only in English.
    environment.push(("LC_ALL".to_owned(), "C".to_owned()));
    // gcc makes a file there even for `-###`; its name does not reach the plan.
    if let Some(directory) = reader.world().host().variable("TMPDIR") {
        environment.push(("TMPDIR".to_owned(), directory));
    }
    environment
}

/// The directories, in the order of the search. What the answer depends on is recorded. `args` are the user's.
pub fn library_directories(
    driver: &Utf8Path,
    args: &[String],
    reader: &Reader<'_>,
) -> Result<Vec<Utf8PathBuf>> {
    let mut words = args.to_vec();
    // With `-v` it says which files it has read.
    words.extend(["-v", "-print-search-dirs"].map(str::to_owned));
    let command = Command {
        called: None,
        program: driver.to_owned(),
        args: words,
        env: environment(reader),
    };
    let answer = reader
        .world()
        .host()
        .run(&command)
        .map_err(|cause| Error::world("cannot run the C compiler", driver, cause))?;
    let printed = String::from_utf8_lossy(&answer.stderr);
    let searched = String::from_utf8_lossy(&answer.stdout);
    requisites::record(&printed, &searched, &[], args, reader)?;
    let library_path = reader.world().host().variable("LIBRARY_PATH");
    let first = library_path.iter().flat_map(|path| path.split(':'));
    let mut directories: Vec<Utf8PathBuf> = first
        .filter(|directory| !directory.is_empty())
        .map(Utf8PathBuf::from)
        .collect();
    directories.extend(requisites::library_directories(&searched));
    Ok(directories)
}
