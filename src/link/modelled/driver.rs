//! A driver's link: the linker that it will run, and with which words.
//!
//! gcc and clang print the command for `-###` and run nothing. What their answer depends on is recorded with it. gcc then
//! runs `collect2`, which looks for the linker itself, under three names over all its directories. Seen with gcc 12 and
//! clang 19.

use super::Unmodelled;
use crate::host::{Command, Kind};
use crate::link::{quoting, requisites};
use crate::observe::{Reader, Role};
use camino::{Utf8Path, Utf8PathBuf};

const REMEDY: &str = "build where programs can be observed";

const OF_COLLECT2: &[&str] = &["-fuse-ld=", "-flto", "-fno-lto"];

/// What a driver will run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Driven {
    /// The linker, as it will be found.
    pub linker: Utf8PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
}

/// Asks a driver what it will do. `selected` is the value of `-fuse-ld=`, if there is one.
///
/// # Errors
/// If it will do more than link, or cannot be asked.
pub fn driven(
    driver: &Command,
    selected: Option<&str>,
    reader: &Reader<'_>,
) -> Result<Driven, Unmodelled> {
    let answer = ask(driver, &driver.args, "-###", reader)?;
    let searched = ask(driver, &driver.args, "-print-search-dirs", reader)?;
    let printed = String::from_utf8_lossy(&answer.stderr);
    let mut commands = quoting::commands(&printed);
    let refused = |why: &str, remedy: &str| Unmodelled::new(driver.program.as_str(), why, remedy);
    let words = match (commands.pop(), commands.is_empty()) {
        (Some(words), true) if answer.status == Some(0) && !words.is_empty() => words,
        (Some(_), false) => {
            return Err(refused(
                "compiles before it links",
                "compile with a command of its own",
            ));
        }
        _ => return Err(refused("does not say how it links", REMEDY)),
    };
    let searched = String::from_utf8_lossy(&searched.stdout);
    requisites::record(&printed, &searched, &words, &driver.args, reader)
        .map_err(|error| refused(&format!("cannot be asked: {}", error.message), REMEDY))?;
    let program = Utf8PathBuf::from(&words[0]);
    let mut args = words[1..].to_vec();
    if program.file_name() != Some("collect2") {
        record_places(&printed, &searched, &program, reader);
        return Ok(Driven {
            linker: program,
            args,
        });
    }
    // These are for `collect2` itself.
    args.retain(|arg| !OF_COLLECT2.iter().any(|start| arg.starts_with(start)));
    let linker = behind_collect2(&searched, selected, reader)?;
    Ok(Driven { linker, args })
}

fn ask(
    driver: &Command,
    args: &[String],
    question: &str,
    reader: &Reader<'_>,
) -> Result<crate::host::Output, Unmodelled> {
    let mut command = driver.clone();
    command.args = [&[question.to_owned()], args].concat();
    // The answers are read, and only in English.
    command.env.retain(|(name, _)| name != "LC_ALL");
    command.env.push(("LC_ALL".to_owned(), "C".to_owned()));
    reader.world().host().run(&command).map_err(|cause| {
        let why = format!("cannot be asked how it links: {cause}");
        Unmodelled::new(driver.program.as_str(), why, "check that it can be run")
    })
}

/// Where clang would have found another linker, by its name with or without the target in front.
fn record_places(printed: &str, searched: &str, linker: &Utf8Path, reader: &Reader<'_>) {
    let name = linker.file_name().unwrap_or("ld");
    let target = printed
        .lines()
        .find_map(|line| line.strip_prefix("Target: "))
        .unwrap_or("x86_64-pc-linux-gnu");
    for name in [&format!("{}-{name}", target.trim()), name] {
        for directory in program_directories(searched) {
            // What cannot be looked at is no linker for clang either.
            let _ = reader.kind(&directory.join(name), Role::Tool, LINKER);
        }
        reader.tool(name, LINKER);
    }
}

const LINKER: &str = "the linker that the compiler runs";

/// The directories of `programs: =/a/:/b/`.
fn program_directories(searched: &str) -> impl Iterator<Item = &Utf8Path> {
    let line = searched
        .lines()
        .find_map(|line| line.strip_prefix("programs: ="))
        .unwrap_or_default();
    line.split(':')
        .filter(|directory| !directory.is_empty())
        .map(Utf8Path::new)
}

/// The linker that `collect2` will run: one name after the other over all directories, the last in `PATH` too.
fn behind_collect2(
    searched: &str,
    selected: Option<&str>,
    reader: &Reader<'_>,
) -> Result<Utf8PathBuf, Unmodelled> {
    let name = selected.map_or("ld".to_owned(), |selected| format!("ld.{selected}"));
    for name in ["real-ld", "collect-ld", name.as_str()] {
        for directory in program_directories(searched) {
            let path = directory.join(name);
            let found = reader.kind(&path, Role::Tool, LINKER);
            if matches!(found, Ok(Some(Kind::File))) {
                return Ok(path);
            }
        }
    }
    reader
        .tool(&name, LINKER)
        .ok_or_else(|| Unmodelled::new(name, "is found nowhere", "install the linker"))
}
