//! From the linker command that a driver prints to the arguments of a [`LinkPlan`](super::LinkPlan).
//!
//! What only `collect2` or a plugin would read is left out; what cannot work here is refused with a reason, before
//! anything is linked. This module knows the options of GNU-style linkers, and not how a driver is asked.

use super::{Argument, response};
use crate::error::{Error, Result};
use crate::host::Kind;
use crate::observe::{Reader, Role};
use camino::Utf8Path;

/// What the driver is told instead of objects, and hands on to the linker where the objects belong.
pub(super) const OBJECTS: &str = "--kiln-objects";

/// Options that are left out, and whether a value follows as a word of its own.
const LEFT_OUT: &[(&str, bool)] = &[
    // The program stays in memory.
    ("o", true),
    ("output", true),
    // For `collect2` and for link-time optimization by a plugin.
    ("plugin-opt", true),
    ("fno-lto", false),
    ("flto", false),
    ("fuse-linker-plugin", false),
    ("fno-use-linker-plugin", false),
    // The caller's pool is used.
    ("threads", false),
    ("no-threads", false),
    ("thread-count", true),
];

/// An option that cannot work here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// As spelled.
    pub option: String,
    /// A clause, or two sentences' worth of it.
    pub reason: String,
    /// Whether another linker could do it, and give a program.
    pub elsewhere: bool,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        let Refused { option, reason, .. } = &refused;
        let or = match refused.elsewhere {
            true => ", or name another `linker` there",
            false => "",
        };
        let remedy = format!(
            "remove it from `args` of [link]{or}, from the compiler's configuration, or from a response file: {reason}"
        );
        Self::configuration(
            format!("the link option `{option}` cannot be used"),
            Some(remedy),
        )
    }
}

/// Options that cannot work with any linker.
const NEVER: &[(&str, &[&str])] = &[
    (
        "the result would be no program",
        &["r", "relocatable", "i", "shared", "Bshareable", "Ur"],
    ),
    ("it only prints", &["help", "version", "v", "V", "sym-info"]),
];

/// Options that the embedded linker cannot do, by reason.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "it writes a file beside the program, which the embedded linker does not",
        SIDE_OUTPUTS,
    ),
    (
        "the embedded linker has a layout of its own and takes no linker script by `-T`",
        &["T", "script", "dT", "default-script", "c", "mri-script"],
    ),
    (
        "it prints what the embedded linker does not",
        &["verbose", "t", "trace", "stats", "time"],
    ),
    (
        "the embedded linker would read its file behind the engine's back",
        &["retain-symbols-file"],
    ),
    ("it is for the development of the linker", INTERNAL),
];

const SIDE_OUTPUTS: &[&str] = &[
    "Map",
    "M",
    "print-map",
    "cref",
    "dependency-file",
    "write-gc-stats",
    "write-layout",
    "write-trace",
    "out-implib",
    "reproduce",
];

const INTERNAL: &[&str] = &[
    "wild-experiments",
    "wild-experimental-sframe",
    "debug-fuel",
    "validate-output",
    "update-in-place",
    "no-update-in-place",
    "gc-stats-ignore",
    "verbose-gc-stats",
    "prepopulate-maps",
    "fork",
];

/// The arguments of the command `words` (without the program). `keep_build_id` says that the user asked for a build id,
/// which drivers otherwise add by themselves; `shared` that a shared library is to be made.
///
/// # Errors
/// If a response file cannot be read, or another look at the world fails. The inner error is an option that this linker
/// cannot do.
pub(super) fn translate(
    words: Vec<String>,
    keep_build_id: bool,
    shared: bool,
    reader: &Reader<'_>,
) -> Result<std::result::Result<Vec<Argument>, Refused>> {
    let mut arguments = Vec::new();
    let mut words = response::expand(words, reader)?.into_iter();
    while let Some(word) = words.next() {
        if word == OBJECTS {
            arguments.push(Argument::Objects);
            continue;
        }
        let Some((name, value)) = option(&word) else {
            arguments.push(Argument::Text(word));
            continue;
        };
        let mut next = || {
            words
                .next()
                .ok_or_else(|| Error::from(refused(&word, "its value is missing")))
        };
        if let Some((_, spaced)) = LEFT_OUT.iter().find(|(left_out, _)| *left_out == name) {
            if *spaced && value.is_none() {
                next()?;
            }
            continue;
        }
        match (name, value) {
            ("plugin", _) => {
                let path = value.map_or_else(next, |value| Ok(value.to_owned()))?;
                // Drivers always pass their own; a plugin that somebody asked for would be missed.
                if !path.contains("liblto_plugin") && !path.contains("LLVMgold") {
                    return Ok(Err(refused(
                        &format!("-plugin {path}"),
                        "the embedded linker loads no plugins",
                    )));
                }
            }
            ("build-id", Some("uuid")) => {
                return Ok(Err(refused(
                    &word,
                    "the program would be another one with every link; use `--build-id=sha1`",
                )));
            }
            ("build-id", _) if !keep_build_id => {}
            ("sysroot", Some("/" | "")) => {}
            ("sysroot", _) => {
                return Ok(Err(refused(
                    &word,
                    "the embedded linker looks at a system root behind the engine's back",
                )));
            }
            ("m", _) if value.is_none() => {
                let emulation = next()?;
                if emulation != "elf_x86_64" {
                    return Ok(Err(never(
                        &format!("-m {emulation}"),
                        "programs are made for x86-64 only",
                    )));
                }
                arguments.extend([Argument::Text(word), Argument::Text(emulation)]);
            }
            ("R", _) => {
                // GNU linkers read `-R` as `--just-symbols` where it names a file, and as `-rpath` otherwise.
                let path = value.map_or_else(next, |value| Ok(value.to_owned()))?;
                let looked = reader.kind(
                    Utf8Path::new(&path),
                    Role::Link,
                    "`-R` means something else for a file",
                );
                let looked = looked.map_err(|cause| {
                    Error::world("cannot look at the value of `-R`", path.as_str(), cause)
                })?;
                if looked == Some(Kind::File) {
                    return Ok(Err(refused(
                        &format!("-R {path}"),
                        "the embedded linker cannot take symbols from a file",
                    )));
                }
                arguments.extend([Argument::Text("-rpath".to_owned()), Argument::Text(path)]);
            }
            _ => {
                let known = |table: &[(&'static str, &[&str])]| {
                    let row = table.iter().find(|(_, names)| names.contains(&name));
                    row.map(|(reason, _)| *reason)
                };
                let made = shared && name == "shared";
                if let Some(reason) = known(NEVER).filter(|_| !made) {
                    return Ok(Err(never(&word, reason)));
                }
                if let Some(reason) = known(REFUSED) {
                    return Ok(Err(refused(&word, reason)));
                }
                arguments.push(Argument::Text(word));
            }
        }
    }
    Ok(Ok(arguments))
}

/// The name and value of an option; `None` for a file.
fn option(word: &str) -> Option<(&str, Option<&str>)> {
    let name = word.strip_prefix('-')?;
    let split = |option: &'_ str| option.find('=').unwrap_or(option.len());
    if let Some(long) = name.strip_prefix('-') {
        return Some((&long[..split(long)], long.get(split(long) + 1..)));
    }
    // `-Ttext=…` and its like set an address; other values of `-T`, as those of `-R`, may be attached.
    let sets_address = ["Ttext=", "Tdata=", "Tbss="]
        .iter()
        .any(|address| name.starts_with(address));
    for (letter, attached) in [("R", 1), ("T", 1), ("flto", 4)] {
        if name.starts_with(letter) && name.len() > attached && !sets_address {
            return Some((letter, Some(&name[attached..])));
        }
    }
    Some((&name[..split(name)], name.get(split(name) + 1..)))
}

fn refused(word: &str, reason: &str) -> Refused {
    Refused {
        option: word.to_owned(),
        reason: reason.to_owned(),
        elsewhere: true,
    }
}

fn never(word: &str, reason: &str) -> Refused {
    Refused {
        elsewhere: false,
        ..refused(word, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Host, MemoryHost};
    use crate::observe::{Observation, World};
    use std::sync::Arc;

    fn translated(command: &str, keep_build_id: bool) -> Result<String> {
        let host = MemoryHost::new();
        host.replace("symbols.elf".into(), b"", 0o644)
            .expect("writes to memory");
        let world = World::new(Arc::new(host));
        let words = command.split(' ').map(str::to_owned).collect();
        let arguments = translate(words, keep_build_id, false, &Reader::new(&world))??;
        let texts = arguments.into_iter().map(|argument| match argument {
            Argument::Text(text) => text,
            Argument::Objects => "OBJECTS".to_owned(),
        });
        Ok(texts.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_gcc_command_loses_what_is_for_collect2() {
        let command = "-plugin /usr/lib/gcc/x86_64-linux-gnu/12/liblto_plugin.so -plugin-opt=-fresolution=/tmp/cc1.res -fno-lto --build-id \
                       --eh-frame-hdr -m elf_x86_64 --hash-style=gnu --as-needed -dynamic-linker /lib64/ld-linux-x86-64.so.2 -pie -o a.out \
                       /usr/lib/Scrt1.o -Lq --kiln-objects -lm --push-state -lgcc_s --pop-state";
        let expected = "--eh-frame-hdr -m elf_x86_64 --hash-style=gnu --as-needed -dynamic-linker /lib64/ld-linux-x86-64.so.2 -pie \
                        /usr/lib/Scrt1.o -Lq OBJECTS -lm --push-state -lgcc_s --pop-state";
        assert_eq!(translated(command, false).expect("translates"), expected);
    }

    #[test]
    fn values_and_attached_letters_are_told_apart() {
        assert_eq!(
            translated("--build-id=sha1 -Ttext=0x1000 -rpath=/x -R /y -R/z", true)
                .expect("translates"),
            "--build-id=sha1 -Ttext=0x1000 -rpath=/x -rpath /y -rpath /z"
        );
        assert_eq!(
            translated(
                "--sysroot=/ -z now -e start --threads=4 -flto=auto -o x",
                false
            )
            .expect("translates"),
            "-z now -e start"
        );
    }

    #[test]
    fn what_cannot_work_is_refused() {
        for command in [
            "--build-id=uuid",
            "-T x.ld",
            "-Tx.ld",
            "--script=x.ld",
            "-shared",
            "-r",
            "-Map=x.map",
            "-Map x.map",
            "--dependency-file=d",
            "-plugin mine.so",
            "-m elf_i386",
            "--sysroot=/opt/root",
            "-R symbols.elf",
            "--retain-symbols-file=x",
            "--version",
            "--help",
        ] {
            let error = translated(command, true).expect_err(command);
            assert!(
                error.message.contains("cannot be used") && error.remedy.is_some(),
                "{command}: {error}"
            );
        }
    }

    #[test]
    fn the_meaning_of_r_is_observed() {
        let world = World::new(Arc::new(MemoryHost::new()));
        let reader = Reader::new(&world);
        let translated = translate(
            vec!["-R".to_owned(), "lib".to_owned()],
            false,
            false,
            &reader,
        );
        translated
            .expect("the place can be looked at")
            .expect("translates");
        assert!(
            matches!(&reader.finish()[0].observation, Observation::Absent { path } if path == "lib")
        );
    }
}
