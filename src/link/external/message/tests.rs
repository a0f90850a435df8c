//! Messages of real linkers, word by word: GNU ld 2.40, gold 1.16, lld 19, mold 1.10, through gcc 12 and clang 19.

use super::problems;
use crate::host::Bytes;
use crate::link::{LinkObject, LinkProblem};

fn read(text: &str) -> Vec<LinkProblem> {
    let object = |name: &str| LinkObject {
        name: name.to_owned(),
        bytes: Bytes::built_in(&[]),
    };
    problems(text, &[object("m.ts"), object("src/n.ts")])
}

fn subjects(text: &str) -> Vec<(String, String)> {
    read(text)
        .into_iter()
        .map(|problem| {
            assert_eq!(problem.code, "link-undefined-symbol");
            (
                problem.subject.unwrap_or_default(),
                problem.objects.join(" "),
            )
        })
        .collect()
}

#[test]
fn undefined_symbols_and_their_objects_are_found() {
    let expected = [
        ("bar".to_owned(), "m.ts".to_owned()),
        ("foo".to_owned(), "m.ts src/n.ts".to_owned()),
    ];
    for text in [
        "/usr/bin/ld.bfd: m.ts: in function `main':\nm.c:(.text+0xa): undefined reference to `foo'\n\
         /usr/bin/ld.bfd: m.c:(.text+0x11): undefined reference to `bar'\n\
         /usr/bin/ld.bfd: src/n.ts: in function `g':\nn.c:(.text+0x5): undefined reference to `foo'\n\
         collect2: error: ld returned 1 exit status\n",
        "m.ts:m.c:function main: error: undefined reference to 'foo'\nm.ts:m.c:function main: error: undefined reference to 'bar'\n\
         src/n.ts:n.c:function g: error: undefined reference to 'foo'\ncollect2: error: ld returned 1 exit status\n",
        "mold: error: undefined symbol: foo\n>>> referenced by m.c\n>>>               m.ts:(main)>>> referenced by n.c\n\
         >>>               src/n.ts:(g)\nmold: error: undefined symbol: bar\n>>> referenced by m.c\n>>>               m.ts:(main)\n",
        "ld.lld: error: undefined symbol: foo\n>>> referenced by m.c\n>>>               m.ts:(main)\n>>> referenced by n.c\n\
         >>>               src/n.ts:(g)\n\nld.lld: error: undefined symbol: bar\n>>> referenced by m.c\n>>>               m.ts:(main)\n\
         clang-19: error: linker command failed with exit code 1 (use -v to see invocation)\n",
    ] {
        assert_eq!(subjects(text), expected, "{text}");
    }
}

#[test]
fn missing_libraries_and_files_are_told_apart() {
    for (text, code, subject) in [
        (
            "/usr/bin/ld.bfd: cannot find -lnope: No such file or directory\n",
            "link-missing-library",
            "nope",
        ),
        (
            "/usr/bin/ld.gold: error: cannot find -lnope\n",
            "link-missing-library",
            "nope",
        ),
        (
            "ld.lld: error: unable to find library -lnope\n",
            "link-missing-library",
            "nope",
        ),
        (
            "mold: fatal: library not found: nope\n",
            "link-missing-library",
            "nope",
        ),
        (
            "/usr/bin/ld.bfd: cannot find nox.o: No such file or directory\n",
            "link-missing-file",
            "nox.o",
        ),
        (
            "/usr/bin/ld.gold: error: cannot open nox.o: No such file or directory\n",
            "link-missing-file",
            "nox.o",
        ),
        (
            "mold: fatal: cannot open nox.o: No such file or directory\n",
            "link-missing-file",
            "nox.o",
        ),
        (
            "clang-19: error: no such file or directory: 'nox.o'\n",
            "link-missing-file",
            "nox.o",
        ),
        (
            "gcc: error: nox.o: No such file or directory\n",
            "link-missing-file",
            "nox.o",
        ),
    ] {
        let problems = read(text);
        assert_eq!(problems.len(), 1, "{text}");
        assert_eq!(
            (problems[0].code.as_str(), problems[0].subject.as_deref()),
            (code, Some(subject)),
            "{text}"
        );
    }
}

#[test]
fn what_a_missing_library_would_define_is_not_missed_too() {
    let text = "/usr/bin/ld.gold: error: cannot find -lnope\nm.ts:m.c:function main: error: undefined reference to 'foo'\n";
    let problems = read(text);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "link-missing-library");
}

#[test]
fn symbols_that_are_defined_twice_are_named() {
    for text in [
        "/usr/bin/ld.bfd: src/n.ts:(.data+0x0): multiple definition of `x'; m.ts:(.data+0x0): first defined here\n",
        "/usr/bin/ld.gold: error: src/n.ts: multiple definition of 'x'\n/usr/bin/ld.gold: m.ts: previous definition here\n",
        "mold: error: duplicate symbol: src/n.ts: m.ts: x\n",
        "ld.lld: error: duplicate symbol: x\n>>> defined at d1.c\n>>>            m.ts:(x)\n>>> defined at d2.c\n>>>            src/n.ts:(.data+0x0)\n",
    ] {
        let problems = read(text);
        assert_eq!(problems.len(), 1, "{text}");
        assert_eq!(problems[0].code, "link-duplicate-symbol");
        assert_eq!(problems[0].subject.as_deref(), Some("x"), "{text}");
        assert!(!problems[0].objects.is_empty(), "{text}");
    }
}

#[test]
fn a_variable_that_gcc_is_not_given_is_named() {
    let text =
        "gcc: fatal error: environment variable 'SDK' not defined\ncompilation terminated.\n";
    let problems = read(text);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].subject.as_deref(), Some("SDK"));
}

#[test]
fn anything_else_is_handed_on() {
    let text = "ld.lld: error: unknown argument '--frob'\nclang-19: error: linker command failed with exit code 1 (use -v to see invocation)\n";
    let problems = read(text);
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].code.as_str(), problems[0].message.as_str()),
        ("link-failed", "ld.lld: error: unknown argument '--frob'")
    );
    assert_eq!(read("").len(), 1);
}
