//! Asks the system's C compiler how it would link: which start files, directories, libraries and dynamic loader.
//!
//! The driver is run with `-###`, which prints the linker's command and runs nothing, in an environment that holds only
//! the variables that count.

use super::around;
use super::directories::environment;
use crate::error::{Error, Result};
use crate::host::{Command, Output};
use crate::link::{Argument, argument, identity, quoting, requisites};
use crate::observe::Reader;
use camino::Utf8Path;
use std::io;

/// The command by which the driver would run the linker, the program first, with [`argument::OBJECTS`] in the place of the
/// objects. What the answer depends on is recorded. `args` are the user's among the `arguments`.
pub fn ask(
    driver: &Utf8Path,
    arguments: &[Argument],
    args: &[String],
    reader: &Reader<'_>,
) -> Result<Vec<String>> {
    let environment = environment(reader);
    let host = reader.world().host();
    let unable = |cause| Error::world("cannot run the C compiler", driver, cause);
    let real = host.real_path(driver).map_err(unable)?;
    let command = |args: Vec<String>| Command {
        called: None,
        program: driver.to_owned(),
        args,
        env: environment.clone(),
    };
    // Where programs can't be observed, whether the driver runs another one can't be seen either.
    let watched = |args: Vec<String>| {
        let command = command(args);
        let observed = match host.observe(&command) {
            Ok(observed) => observed,
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                return host.run(&command).map_err(unable);
            }
            Err(error) => return Err(unable(error)),
        };
        match identity::others(host, &real, &observed).first() {
            Some(other) => Err(around(driver, other)),
            None => Ok(observed.output),
        }
    };

    let mut question = vec!["-###".to_owned()];
    question.extend(arguments.iter().map(|argument| match argument {
        Argument::Text(text) => text.clone(),
        Argument::Objects => format!("-Wl,{}", argument::OBJECTS),
    }));
    let mut directories = args.to_vec();
    directories.push("-print-search-dirs".to_owned());

    let (answer, directories) = rayon::join(
        || watched(question),
        || host.run(&command(directories)).map_err(unable),
    );
    let (answer, directories) = (answer?, directories?);
    let printed = String::from_utf8_lossy(&answer.stderr);
    let words = quoting::commands(&printed)
        .into_iter()
        .rev()
        .find(|words| words.iter().any(|word| word == argument::OBJECTS))
        .filter(|_| answer.status == Some(0))
        .ok_or_else(|| no_answer(driver, &answer, !args.is_empty()))?;
    let searched = String::from_utf8_lossy(&directories.stdout);
    requisites::record(&printed, &searched, &words, args, reader)?;
    Ok(words)
}

/// The driver printed no command: mostly it does not know one of the arguments.
fn no_answer(driver: &Utf8Path, answer: &Output, has_args: bool) -> Error {
    let printed = String::from_utf8_lossy(&answer.stderr);
    let complaint = printed
        .lines()
        .find_map(|line| line.split_once("error: "))
        .map(|(_, complaint)| complaint.trim().to_owned());
    let complaint =
        complaint.unwrap_or_else(|| "it printed no linker command for `-###`".to_owned());
    let message = format!("the C compiler `{driver}` does not say how to link: {complaint}");
    // Only specs files ask for variables.
    if message.contains(" environment variable ") {
        let remedy = "write its value in the specs file that names it";
        return Error::configuration(message, Some(remedy.to_owned()));
    }
    if has_args {
        return Error::configuration(message, Some("look at `args` of [link]".to_owned()));
    }
    Error::missing(
        message,
        "check that this compiler can link a program, or name another one as `driver` in [link]",
    )
}
