//! The shipped rules against the tools of this machine: what drivers tell linkers is known, and what rules say is written
//! is written.
//!
//! A tool that is absent is named on stderr, and its part is not tested.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use kiln::Rules;
use kiln::rule::{Examined, Holds, Line, Program, RuleId, gnu_words};
use std::path::Path;
use std::process::{Command, Output};

fn rules() -> Rules {
    Rules::shipped().expect("the shipped rules are right")
}

/// Runs a command line in a directory; `None`, loudly, if there is no such program.
fn run(directory: &Path, line: &[String]) -> Option<Output> {
    let ran = Command::new("timeout")
        .arg("60")
        .args(line)
        .current_dir(directory)
        .env_remove("LLD_REPRODUCE")
        .output()
        .expect("timeout runs");
    if ran.status.code() == Some(127) {
        eprintln!("NOT TESTED: there is no {}", line[0]);
        return None;
    }
    Some(ran)
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// The rule of the program, by its name alone, and what its line means.
fn examine(rules: &Rules, line: &[String]) -> (RuleId, Examined) {
    let (program, args) = line.split_first().expect("a line has a program");
    let called = program.rsplit('/').next().unwrap_or_default();
    let id = rules
        .recognise(
            &Program {
                called,
                real: called,
                args,
            },
            &mut || None,
        )
        .unwrap_or_else(|| panic!("no rule knows {program}"));
    let examined = examine_as(rules, &id, args);
    (id, examined)
}

fn examine_as(rules: &Rules, id: &RuleId, args: &[String]) -> Examined {
    let mut line = Line {
        args,
        variable: &|_| None,
        response: &mut |_| None,
    };
    rules.examine(id, &mut line)
}

/// A directory with objects for ELF, Mach-O and COFF, as far as there are compilers.
fn objects() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a scratch directory");
    let at = directory.path();
    let write = |name: &str, text: &str| std::fs::write(at.join(name), text).expect("writes");
    write("main.c", "int _start(void); int main(void) { return 0; }\n");
    write(
        "start.c",
        "int _start(void) { return 0; } int main(void) { return 0; }\n",
    );
    write(
        "coff.c",
        "__declspec(dllexport) int f(void) { return 1; } int mainCRTStartup(void) { return 0; }\n",
    );
    for line in [
        "gcc -c main.c -o main.o",
        "gcc -c start.c -o start.o",
        "clang-19 --target=x86_64-apple-macos11 -c start.c -o macho.o",
        "clang-19 --target=x86_64-pc-windows-msvc -g -c coff.c -o coff.obj",
    ] {
        run(at, &words(line));
    }
    directory
}

#[test]
fn what_drivers_tell_linkers_is_known() {
    let rules = rules();
    let directory = objects();
    for (line, linker) in [
        ("gcc main.o -o x", "bfd"),
        ("gcc -static main.o -o x -lm", "bfd"),
        ("gcc -static-pie main.o -o x", "bfd"),
        ("gcc -no-pie -rdynamic main.o -o x -s", "bfd"),
        ("gcc -shared main.o -o x -Wl,-soname,y -Ld", "bfd"),
        ("gcc -flto -O2 main.o -o x", "bfd"),
        ("gcc -r main.o -o x", "bfd"),
        ("gcc -fuse-ld=gold main.o -o x -pthread", "gold"),
        (
            "gcc -fuse-ld=mold main.o -o x -Wl,--gc-sections,-z,now",
            "mold",
        ),
        ("gcc -fuse-ld=lld main.o -o x -u f -T s", "lld"),
        ("g++ main.o -o x", "bfd"),
        ("clang-19 main.o -o x", "bfd"),
        ("clang-19 -fuse-ld=lld main.o -o x -pg", "lld"),
        (
            "clang-19 -fuse-ld=lld -flto=thin -static main.o -o x",
            "lld",
        ),
        ("clang-19 --ld-path=/usr/bin/ld.mold main.o -o x", "mold"),
        (
            "clang-19 --target=x86_64-apple-macos11 -fuse-ld=lld macho.o -o x -F d -framework X -lfoo",
            "ld64-lld",
        ),
        (
            "clang-19 --target=x86_64-apple-macos11 -dynamiclib macho.o -o x -flto",
            "ld64-lld",
        ),
        (
            "clang-19 --target=x86_64-pc-windows-msvc -fuse-ld=lld coff.obj -o x -Wl,/brepro -g",
            "lld-link",
        ),
        (
            "clang-19 --target=x86_64-pc-windows-msvc -fuse-ld=lld -shared coff.obj -o x -Ld",
            "lld-link",
        ),
    ] {
        let line = words(line);
        let mut question = line.clone();
        question.push("-###".to_owned());
        let Some(answer) = run(directory.path(), &question) else {
            continue;
        };
        let printed = String::from_utf8_lossy(&answer.stderr).into_owned();
        // The last command is the linker's; lines of other text do not begin with a space.
        let Some(command) = printed.lines().rfind(|line| line.starts_with(' ')) else {
            eprintln!("NOT TESTED: {line:?} is refused: {printed}");
            continue;
        };
        let (_, driver) = examine(&rules, &line);
        assert_eq!(driver.linker, linker, "{line:?}");
        assert_eq!(driver.output, "x", "{line:?}");
        assert_eq!(driver.unknown, Vec::<String>::new(), "{line:?}");
        assert_eq!(driver.instead, None, "{line:?}");

        // gcc runs collect2, which takes the linker's name out of what it hands on.
        let mut told = gnu_words(command);
        told.retain(|word| !word.starts_with("-fuse-ld="));
        let direct = examine_as(&rules, &RuleId::Linker(driver.linker.clone()), &told[1..]);
        assert_eq!(direct.unknown, Vec::<String>::new(), "{told:?}");
        assert_eq!(direct.output, "x", "{told:?}");
        assert_eq!(direct.instead, None, "{told:?}");
        // What the driver's line says to the linker is part of what the linker is told.
        for word in &driver.words {
            let found = direct.words.iter().any(|told| {
                told.does == word.does && (told.value == word.value || word.value.is_empty())
            });
            assert!(found, "{word:?} of {line:?} is not in {told:?}");
        }
        let random = told.iter().filter(|word| word.contains("/tmp/cc")).count();
        assert_eq!(direct.volatile.len(), random, "{told:?}");
    }
}

#[test]
fn side_outputs_are_where_the_rules_say() {
    let rules = rules();
    for line in [
        "ld.bfd start.o -o o/x -Map=o/x.map --dependency-file=o/x.d",
        "ld.bfd start.o -o o/x -Map o/y.map --dependency-file o/y.d --cref",
        "ld.gold start.o -o o/x -Map=o/x.map --dependency-file=o/x.d --print-symbol-counts=o/x.counts",
        "mold start.o -o o/x -Map=o/x.map --dependency-file=o/x.d",
        "ld.lld-19 start.o -o o/x -Map=o/x.map --dependency-file=o/x.d --why-extract=o/w --time-trace --reproduce=o/r.tar",
        "ld.lld-19 start.o -o o/x --save-temps --print-archive-stats=o/s",
        "ld64.lld-19 -arch x86_64 -platform_version macos 11.0 11.0 macho.o -undefined dynamic_lookup -o o/x -map o/x.map -dependency_info o/x.d --time-trace",
        "lld-link-19 /entry:mainCRTStartup /subsystem:console /Brepro coff.obj /out:o/x.exe /debug /map /manifest",
        "lld-link-19 /ENTRY:mainCRTStartup -subsystem:console /Brepro coff.obj -OUT:o/x.exe /debug /pdb:o/p.pdb /implib:o/i.lib /lldmap:o/l.map",
        "gcc main.c -o o/x -MD --coverage -save-temps",
        "gcc main.c -o o/x -Wl,-Map,o/x.map -Xlinker --dependency-file=o/x.d",
        "clang-19 -fuse-ld=lld main.c -o o/x -Wl,-Map,o/x.map -MMD -MF o/c.d",
    ] {
        let directory = objects();
        let at = directory.path();
        std::fs::create_dir(at.join("o")).expect("makes a folder");
        let line = words(line);
        let Some(ran) = run(at, &line) else { continue };
        let stderr = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{line:?}: {stderr}");
        let (_, examined) = examine(&rules, &line);
        let mut told = vec![examined.output.clone()];
        assert!(at.join(&examined.output).exists(), "{line:?}");
        for side in &examined.side_outputs {
            if side.holds == Holds::Output {
                assert!(at.join(&side.path).exists(), "{side:?} of {line:?}");
            }
            told.push(side.path.clone());
        }
        // And nothing else is written.
        let written = std::fs::read_dir(at.join("o")).expect("lists the folder");
        for entry in written {
            let name = entry.expect("a file").file_name();
            let path = format!("o/{}", name.to_string_lossy());
            let known = told.iter().any(|pattern| {
                kiln::rule::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(&path))
            });
            assert!(known, "{path} of {line:?} is none of {told:?}");
        }
    }
}

#[test]
fn names_and_versions_lead_to_the_same_rule() {
    let rules = rules();
    for name in [
        "ld.bfd",
        "ld.gold",
        "ld.lld-19",
        "mold",
        "gcc",
        "g++-12",
        "clang-19",
        "clang++-19",
    ] {
        let line = [name.to_owned(), "--version".to_owned()];
        let Some(ran) = run(Path::new("/"), &line) else {
            continue;
        };
        let version = String::from_utf8_lossy(&ran.stdout).into_owned();
        let by = |called: &str| {
            rules.recognise(
                &Program {
                    called,
                    real: called,
                    args: &[],
                },
                &mut || Some(version.clone()),
            )
        };
        assert!(by(name).is_some(), "{name}");
        assert_eq!(by(name), by("some-other-name"), "{version}");
    }
}
