//! Asks the system's C compiler how it would link: which start files, directories, libraries and dynamic loader.
//!
//! The driver is run with `-###`, which prints the linker's command and runs nothing, in an environment that holds only
//! the variables that count. It interprets the user's arguments, so that `-static`, `-pthread` or `-Wl,…` mean what they
//! always mean. This module knows drivers, and leaves the linker's options to `argument`.

use super::{LinkOptions, LinkPlan, argument, quoting, requisites, response};
use crate::error::{Error, Result};
use crate::host::{Command, Output};
use crate::observe::{Reader, Role};
use camino::{Utf8Path, Utf8PathBuf};

/// Searched in this order.
const AUTOMATIC: &[&str] = &["cc", "gcc", "clang"];

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

/// Programs that are called by a compiler's name and run the next one in `PATH`.
const LAUNCHERS: &[&str] = &["ccache", "sccache", "distcc", "icecc"];

/// Asks the driver that `options` names.
pub(super) fn plan(
    options: &LinkOptions,
    runtime_libraries: &[&str],
    reader: &Reader<'_>,
) -> Result<LinkPlan> {
    let driver = find(&options.driver, reader)?;
    let args = accepted(response::expand(options.args.iter().cloned(), reader)?)?;
    let environment = environment(reader);
    let host = reader.world().host();
    let run = |args: Vec<String>| {
        let command = Command {
            called: None,
            program: driver.clone(),
            args,
            env: environment.clone(),
        };
        host.run(&command)
            .map_err(|cause| Error::world("cannot run the C compiler", driver.as_path(), cause))
    };

    let mut question = vec!["-###".to_owned()];
    question.extend(
        options
            .search
            .iter()
            .map(|directory| format!("-L{directory}")),
    );
    question.push(format!("-Wl,{}", argument::OBJECTS));
    question.extend(args.iter().cloned());
    let libraries = options
        .libraries
        .iter()
        .map(String::as_str)
        .chain(runtime_libraries.iter().copied());
    question.extend(libraries.map(|library| format!("-l{library}")));
    let mut directories = args.clone();
    directories.push("-print-search-dirs".to_owned());

    let (answer, directories) = rayon::join(|| run(question), || run(directories));
    let (answer, directories) = (answer?, directories?);
    let printed = String::from_utf8_lossy(&answer.stderr);
    let words = quoting::commands(&printed)
        .into_iter()
        .rev()
        .find(|words| words.iter().any(|word| word == argument::OBJECTS))
        .filter(|_| answer.status == Some(0))
        .ok_or_else(|| no_answer(&driver, &answer, !args.is_empty()))?;
    requisites::record(
        &printed,
        &String::from_utf8_lossy(&directories.stdout),
        &words,
        &args,
        reader,
    )?;

    let keep_build_id = args.iter().any(|arg| arg.contains("--build-id"));
    let arguments =
        argument::translate(words.into_iter().skip(1).collect(), keep_build_id, reader)?;
    Ok(LinkPlan { driver, arguments })
}

/// The driver's absolute path as it is found, which may be a symbolic link: drivers look at the name they are called by.
fn find(wanted: &str, reader: &Reader<'_>) -> Result<Utf8PathBuf> {
    const NOTE: &str = "the C compiler that says how to link";
    let names = if wanted == "auto" {
        AUTOMATIC
    } else {
        &[wanted]
    };
    let host = reader.world().host();
    let mut script = None;
    for name in names {
        let Some(found) = reader.tool(name, NOTE) else {
            continue;
        };
        let Some(path) = behind_launchers(name, found, reader)? else {
            continue;
        };
        let unreadable = |cause| Error::world("cannot read the C compiler", path.as_path(), cause);
        let real = host.real_path(&path).map_err(unreadable)?;
        reader.file(&path, Role::Tool, NOTE).map_err(unreadable)?;
        let bytes = reader.bytes(&real, Role::Tool, NOTE).map_err(unreadable)?;
        // A script may read anything, and nobody could tell what its answer depends on.
        if bytes.is_some_and(|bytes| bytes.starts_with(b"#!")) {
            script.get_or_insert(path);
            continue;
        }
        if path.is_absolute() {
            return Ok(path);
        }
        let root = host.real_path(Utf8Path::new(".")).map_err(unreadable)?;
        return Ok(root.join(path));
    }
    Err(missing(wanted, script))
}

/// The program itself where `found` is a launcher that is called by the compiler's name.
fn behind_launchers(
    name: &str,
    found: Utf8PathBuf,
    reader: &Reader<'_>,
) -> Result<Option<Utf8PathBuf>> {
    let world = reader.world();
    let is_launcher = |path: &Utf8Path| {
        let real = world.host().real_path(path).ok();
        real.is_some_and(|real| {
            real.file_name()
                .is_some_and(|name| LAUNCHERS.contains(&name))
        })
    };
    if name.contains('/') || !is_launcher(&found) {
        return Ok(Some(found));
    }
    let search = reader
        .variable("PATH", "the compiler that the launcher before it would run")
        .unwrap_or_default();
    let candidates = search.split(':').map(|directory| {
        Utf8Path::new(if directory.is_empty() { "." } else { directory }).join(name)
    });
    // Each candidate before the one that is taken is observed by being looked up by its path.
    Ok(candidates
        .into_iter()
        .find(|path| reader.tool(path.as_str(), "the C compiler").is_some() && !is_launcher(path)))
}

fn missing(wanted: &str, script: Option<Utf8PathBuf>) -> Error {
    if let Some(script) = script {
        return Error::configuration(
            format!("the C compiler `{script}` is a script, and what it does cannot be observed"),
            Some("name the compiler that it runs as `driver` in [link]".to_owned()),
        );
    }
    if wanted == "auto" {
        return Error::missing(
            "no C compiler was found in PATH (cc, gcc, clang), which is asked how programs are linked on this system",
            "install one, for example with `apt-get install gcc libc6-dev`, or name one as `driver` in [link]",
        );
    }
    Error::missing(
        format!(
            "the C compiler `{wanted}` was not found, which is asked how programs are linked on this system"
        ),
        "install it, for example with `apt-get install gcc libc6-dev`, or change `driver` in [link]",
    )
}

/// The variables that count, each recorded also where it is unset.
fn environment(reader: &Reader<'_>) -> Vec<(String, String)> {
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

/// The user's arguments without those that name the embedded linker itself.
fn accepted(args: Vec<String>) -> Result<Vec<String>> {
    let mut kept = Vec::with_capacity(args.len());
    for arg in args {
        let linker = arg
            .strip_prefix("-fuse-ld=")
            .or_else(|| arg.strip_prefix("--ld-path="));
        if let Some(linker) = linker {
            if linker.rsplit('/').next() == Some("wild") {
                continue;
            }
            return Err(Error::configuration(
                format!(
                    "the link argument `{arg}` contradicts the embedded linker, which makes the program"
                ),
                Some("remove it from `args` of [link]".to_owned()),
            ));
        }
        let no_link = ["-c", "-S", "-E", "-M", "-MM", "-###", "-fsyntax-only"]
            .contains(&arg.as_str())
            || arg.starts_with("-print-");
        if no_link || arg.starts_with("-o") && !arg.starts_with("-object") {
            return Err(Error::configuration(
                format!(
                    "the link argument `{arg}` cannot be used: the engine says what is made and where"
                ),
                Some("remove it from `args` of [link]".to_owned()),
            ));
        }
        kept.push(arg);
    }
    Ok(kept)
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
    if has_args {
        return Error::configuration(message, Some("look at `args` of [link]".to_owned()));
    }
    Error::missing(
        message,
        "check that this compiler can link a program, or name another one as `driver` in [link]",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryHost;
    use crate::observe::World;
    use std::sync::Arc;

    #[test]
    fn another_linker_contradicts() {
        let words = |texts: &[&str]| texts.iter().copied().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            accepted(words(&["-static", "-fuse-ld=wild", "-Lx"])).expect("accepts"),
            words(&["-static", "-Lx"])
        );
        for arg in [
            "-fuse-ld=lld",
            "--ld-path=/usr/bin/ld",
            "-c",
            "-o",
            "-oprogram",
            "-print-search-dirs",
        ] {
            assert!(accepted(words(&[arg])).is_err(), "{arg}");
        }
    }

    #[test]
    fn a_missing_compiler_is_named_with_a_remedy() {
        let world = World::new(Arc::new(MemoryHost::new()));
        let reader = Reader::new(&world);
        let error = plan(&LinkOptions::default(), &[], &reader).expect_err("there is no compiler");
        assert!(
            error.message.contains("no C compiler")
                && error
                    .remedy
                    .is_some_and(|remedy| remedy.contains("apt-get install gcc"))
        );
        let named = LinkOptions {
            driver: "tcc".to_owned(),
            ..LinkOptions::default()
        };
        assert!(
            plan(&named, &[], &Reader::new(&world))
                .expect_err("there is none")
                .message
                .contains("`tcc`")
        );
        // Found later, the compiler changes the answer.
        assert_eq!(reader.finish().len(), AUTOMATIC.len());
    }
}
