//! The driver: which one it is, what of the user's arguments it is told, and how it would run the linker.
//!
//! It interprets the user's arguments, so that `-static`, `-pthread` or `-Wl,…` mean what they always mean. This module
//! knows drivers, and leaves the linker's options to `argument`.

#[cfg(feature = "wild")]
mod ask;
mod directories;

#[cfg(feature = "wild")]
pub(super) use ask::ask;
pub(super) use directories::library_directories;

use super::{Argument, LinkOptions, response};
use crate::error::{Error, Result};
use crate::observe::{Reader, Role};
use camino::{Utf8Path, Utf8PathBuf};

/// Searched in this order.
const AUTOMATIC: &[&str] = &["cc", "gcc", "clang"];

/// Programs that are called by a compiler's name and run the next one in `PATH`.
const LAUNCHERS: &[&str] = &["ccache", "sccache", "distcc", "icecc"];

/// By which every driver is told to make a shared library.
pub(super) const SHARED: &str = "-shared";

/// What a driver is told to link a program: the user's directories, the objects, his arguments, and the libraries.
pub(super) fn arguments(
    options: &LinkOptions,
    args: &[String],
    runtime_libraries: &[&str],
) -> Vec<Argument> {
    let text = |text: String| Argument::Text(text);
    let search = options.search.iter().map(|path| text(format!("-L{path}")));
    let args = args.iter().cloned().map(text);
    let libraries = options.libraries.iter().cloned().map(text);
    let runtime = runtime_libraries.iter();
    let shared = options.shared.then(|| text(SHARED.to_owned()));
    shared
        .into_iter()
        .chain(search)
        .chain([Argument::Objects])
        .chain(args)
        .chain(libraries)
        .chain(runtime.map(|library| text(format!("-l{library}"))))
        .collect()
}

/// The driver's absolute path as it is found, which may be a symbolic link: drivers look at the name they are called by.
pub(super) fn find(wanted: &str, reader: &Reader<'_>) -> Result<Utf8PathBuf> {
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

/// The driver runs another program, instead of answering itself.
pub(super) fn around(driver: &Utf8Path, other: &Utf8Path) -> Error {
    Error::configuration(
        format!(
            "the C compiler `{driver}` runs another program, `{other}`, and what it does itself cannot be observed"
        ),
        Some("name the compiler that it runs as `driver` in [link]".to_owned()),
    )
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

/// The user's arguments with response files expanded, without those that select a linker, and what the last of these
/// selects: a name or a path.
pub(super) fn accepted(
    args: &[String],
    reader: &Reader<'_>,
) -> Result<(Vec<String>, Option<String>)> {
    let mut kept = Vec::with_capacity(args.len());
    let mut selected = None;
    for arg in response::expand(args.iter().cloned(), reader)? {
        let linker = arg
            .strip_prefix("-fuse-ld=")
            .or_else(|| arg.strip_prefix("--ld-path="));
        if let Some(linker) = linker {
            selected = Some(linker.to_owned());
            continue;
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
    Ok((kept, selected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::MemoryHost;
    use crate::observe::World;
    use std::sync::Arc;

    #[test]
    fn arguments_that_select_a_linker_are_told_from_others() {
        let world = World::new(Arc::new(MemoryHost::new()));
        let reader = Reader::new(&world);
        let words = |texts: &[&str]| texts.iter().copied().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            accepted(&words(&["-static", "-fuse-ld=wild", "-Lx"]), &reader).expect("accepts"),
            (words(&["-static", "-Lx"]), Some("wild".to_owned()))
        );
        let selected = accepted(&words(&["-fuse-ld=lld", "--ld-path=/usr/bin/ld"]), &reader);
        let (_, selected) = selected.expect("accepts");
        assert_eq!(selected.as_deref(), Some("/usr/bin/ld"));
        for arg in ["-c", "-o", "-oprogram", "-print-search-dirs"] {
            assert!(accepted(&words(&[arg]), &reader).is_err(), "{arg}");
        }
    }

    #[test]
    fn a_missing_compiler_is_named_with_a_remedy() {
        let world = World::new(Arc::new(MemoryHost::new()));
        let reader = Reader::new(&world);
        let error = find("auto", &reader).expect_err("there is no compiler");
        assert!(
            error.message.contains("no C compiler")
                && error
                    .remedy
                    .is_some_and(|remedy| remedy.contains("apt-get install gcc"))
        );
        assert!(
            find("tcc", &Reader::new(&world))
                .expect_err("there is none")
                .message
                .contains("`tcc`")
        );
        // Found later, the compiler changes the answer.
        assert_eq!(reader.finish().len(), AUTOMATIC.len());
    }
}
