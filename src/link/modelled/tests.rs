//! The walk in a world in memory: what each kind of rule makes of the same files, and what is declined.

use super::*;
use crate::host::MemoryHost;
use crate::observe::{Observation, World};
use crate::rule::{Line, RuleId, Rules};
use std::sync::Arc;

const ARCHIVE: &[u8] = b"!<arch>\n";

/// A relocatable ELF file without sections; with machine 3 one for i386.
fn object(machine: u16) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    bytes[16] = 1;
    bytes[18..20].copy_from_slice(&machine.to_le_bytes());
    bytes[20] = 1;
    bytes[52] = 64;
    bytes[58] = 64;
    bytes
}

/// The model of a command in a world of files: its inputs, and where nothing was.
fn modelled(
    linker: &str,
    command: &str,
    files: &[(&str, &[u8])],
) -> Result<(String, Vec<String>), Unmodelled> {
    let host = MemoryHost::new();
    for (path, bytes) in files {
        host.replace(Utf8Path::new(path), bytes, 0o644)
            .expect("writes to memory");
    }
    let rules = Rules::shipped().expect("the shipped rules are right");
    let args: Vec<String> = command.split(' ').map(str::to_owned).collect();
    let examined = rules.examine(
        &RuleId::Linker(linker.to_owned()),
        &mut Line {
            args: &args,
            variable: &|_| None,
            response: &mut |_| None,
        },
    );
    let world = World::new(Arc::new(host));
    let reader = Reader::new(&world);
    let linker = Linker {
        search: &rules.linkers[linker].search,
        built_in: &["=/usr/lib".to_owned()],
    };
    let model = model(&linker, &examined, &reader)?;
    let seen = reader.finish().into_iter();
    let absent = seen.filter_map(|seen| match seen.observation {
        Observation::Absent { path } => Some(path.into_string()),
        _ => None,
    });
    let inputs: Vec<&str> = model.inputs.iter().map(|path| path.as_str()).collect();
    Ok((inputs.join(" "), absent.collect()))
}

fn inputs(linker: &str, command: &str, files: &[(&str, &[u8])]) -> String {
    let found = modelled(linker, command, files);
    found
        .unwrap_or_else(|error| panic!("{linker} {command}: {error}"))
        .0
}

#[test]
fn each_linker_has_its_own_order() {
    let main = object(62);
    let files: &[(&str, &[u8])] = &[
        ("a.o", &main),
        ("d1/libfoo.a", ARCHIVE),
        ("d3/libfoo.so", b"INPUT(a.o)"),
    ];
    for linker in ["bfd", "gold", "lld", "mold"] {
        assert_eq!(
            inputs(linker, "a.o -Ld1 -Ld3 -lfoo", files),
            "a.o d1/libfoo.a"
        );
    }
    // It looks for shared libraries everywhere first.
    assert_eq!(inputs("wild", "-Ld1 -Ld3 -lfoo", files), "a.o");
    assert_eq!(
        inputs("wild", "-Bstatic -Ld1 -Ld3 -lfoo", files),
        "d1/libfoo.a"
    );
}

#[test]
fn each_place_that_is_passed_is_recorded() {
    let main = object(62);
    let files: &[(&str, &[u8])] = &[("a.o", &main), ("d/libfoo.a", ARCHIVE)];
    let (inputs, absent) = modelled("lld", "a.o -lfoo -Lnone -Ld", files).expect("a model");
    assert_eq!(inputs, "a.o d/libfoo.a");
    assert_eq!(absent, ["none/libfoo.so", "none/libfoo.a", "d/libfoo.so"]);
}

#[test]
fn the_built_in_directories_lie_in_the_system_root() {
    let files: &[(&str, &[u8])] = &[
        ("/sr/usr/lib/libfoo.a", ARCHIVE),
        ("/usr/lib/libfoo.a", ARCHIVE),
    ];
    assert_eq!(
        inputs("bfd", "--sysroot=/sr -lfoo", files),
        "/sr/usr/lib/libfoo.a"
    );
    assert_eq!(inputs("bfd", "-lfoo", files), "/usr/lib/libfoo.a");
    for (linker, command) in [("bfd", "-nostdlib -lfoo"), ("lld", "-lfoo")] {
        let error = modelled(linker, command, files).expect_err("not searched");
        assert_eq!(error.what, "-lfoo");
    }
}

#[test]
fn the_state_of_mold_begins_with_the_last() {
    let files: &[(&str, &[u8])] = &[
        ("d/libfoo.a", ARCHIVE),
        ("d/libfoo.so", b"INPUT(x.a)"),
        ("x.a", ARCHIVE),
    ];
    for (linker, taken) in [("bfd", "x.a"), ("lld", "x.a"), ("mold", "d/libfoo.a")] {
        assert_eq!(
            inputs(linker, "-Ld -lfoo -Bstatic", files),
            taken,
            "{linker}"
        );
    }
    for (linker, taken) in [("bfd", "x.a"), ("gold", "d/libfoo.a"), ("mold", "x.a")] {
        let command = "-Ld -static -Bdynamic -lfoo";
        let found = modelled(linker, command, files);
        assert_eq!(found.expect("a model").0, taken, "{linker}");
    }
}

#[test]
fn foreign_files_are_skipped_or_end_the_walk() {
    let (main, foreign) = (object(62), object(3));
    let files: &[(&str, &[u8])] = &[
        ("a.o", &main),
        ("d/libfoo.so", &foreign),
        ("d/libfoo.a", ARCHIVE),
    ];
    assert_eq!(inputs("bfd", "a.o -Ld -lfoo", files), "a.o d/libfoo.a");
    for linker in ["lld", "gold"] {
        let error = modelled(linker, "a.o -Ld -lfoo", files).expect_err("no model");
        // gold goes on with the next directory, and there is none.
        let what = if linker == "gold" {
            "-lfoo"
        } else {
            "d/libfoo.so"
        };
        assert_eq!(error.what, what);
    }
}

#[test]
fn what_is_not_modelled_is_named_with_a_remedy() {
    let main = object(62);
    let files: &[(&str, &[u8])] = &[
        ("a.o", &main),
        ("bit.o", b"BC\xC0\xDE"),
        ("odd.o", b"\0\0\0"),
        ("x.ld", b"SECTIONS { }"),
        ("d/libfoo.so", b"INPUT(-l:libbar.a) INCLUDE y.ld"),
    ];
    for (command, what) in [
        ("a.o --no-such-option", "--no-such-option"),
        ("a.o -T x.ld", "-T"),
        ("a.o -b binary", "-b"),
        ("a.o -m elf_i386", "-m elf_i386"),
        ("bit.o", "bit.o"),
        ("odd.o", "odd.o"),
        ("x.ld", "x.ld"),
        ("none.o", "none.o"),
        ("a.o -Ld -lfoo", "d/libfoo.so"),
        ("a.o -l=foo", "-l=foo"),
        ("a.o --version-script=none", "none"),
        ("a.o --pop-state", "--pop-state"),
        ("a.o --version", "--version"),
    ] {
        let error = modelled("bfd", command, files).expect_err(command);
        assert_eq!(error.what, what, "{command}: {error}");
        assert!(
            !error.why.is_empty() && !error.remedy.is_empty(),
            "{command}"
        );
    }
}
