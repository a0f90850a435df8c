//! Links by all kinds of tools: the observer and `strace` see the same.

use crate::place::{Place, command, find};
use crate::strace;
use kiln::host::{Command, Host};

const HELLO: &str = "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n";

/// The observer and `strace` see the same paths, found and absent, in a link by this driver or linker.
fn same_as_strace(driver: &str, options: &[&str]) {
    let place = Place::new();
    let Some(driver) = find(driver) else { return };
    let optimised = options.contains(&"-flto");
    let compiling: &[&str] = if optimised { &["-c", "-flto"] } else { &["-c"] };
    if place.compile("hello.o", HELLO, compiling).is_none() {
        return;
    }
    let mut args = options.to_vec();
    args.extend(["hello.o", "-o", "hello", "-Lmissing", "-Lthere"]);
    std::fs::create_dir(place.root.join("there")).expect("a directory");
    agree(&place, &command(driver.as_str(), &args));
}

/// The same paths are seen, found and absent, in this link of `hello.o` to `hello`.
fn agree(place: &Place, link: &Command) {
    let observed = place.observe(link);
    let errors = String::from_utf8_lossy(&observed.output.stderr);
    assert_eq!(observed.output.status, Some(0), "{errors}");
    assert!(observed.gaps.is_empty(), "{:?}", observed.gaps);
    std::fs::remove_file(place.root.join("hello")).expect("the program was made");
    let Some(traced) = strace::findings(&place.root, link) else {
        eprintln!("NOT TESTED: strace is not installed");
        return;
    };
    let (mut ours, executed) = strace::of_events(&observed.events);
    // Loaders and interpreters are opened by the system, where no call is seen.
    for path in executed {
        let finding = (path, true);
        if traced.contains(&finding) {
            ours.insert(finding);
        } else {
            assert!(
                finding.0.as_str().contains("/ld-"),
                "{} was not run",
                finding.0
            );
        }
    }
    let overlooked: Vec<_> = traced.difference(&ours).collect();
    let invented: Vec<_> = ours.difference(&traced).collect();
    assert!(
        overlooked.is_empty() && invented.is_empty(),
        "overlooked: {overlooked:#?}\ninvented: {invented:#?}"
    );
    assert!(
        ours.contains(&("hello.o".into(), true)),
        "the object is seen as it was spelled"
    );
    assert!(
        ours.iter().filter(|(_, found)| !found).count() > 5,
        "absences are seen"
    );
}

#[test]
fn gcc_with_bfd_is_seen_as_by_strace() {
    same_as_strace("gcc", &["-fuse-ld=bfd"]);
}

#[test]
fn gcc_with_gold_is_seen_as_by_strace() {
    same_as_strace("gcc", &["-fuse-ld=gold"]);
}

#[test]
fn gcc_with_link_time_optimisation_is_seen_as_by_strace() {
    same_as_strace("gcc", &["-flto"]);
}

#[test]
fn clang_is_seen_as_by_strace() {
    same_as_strace("clang-19", &[]);
}

#[test]
fn clang_with_lld_is_seen_as_by_strace() {
    if find("ld.lld-19").is_some() {
        same_as_strace("clang-19", &["-fuse-ld=/usr/bin/ld.lld-19"]);
    }
}

#[test]
fn gcc_with_mold_is_seen_as_by_strace() {
    if find("mold").is_some() {
        same_as_strace("gcc", &["-fuse-ld=mold"]);
    }
}

/// A link for another system, of an object that clang makes for it.
fn cross_link(linker: &str, target: &str, args: &[&str]) {
    let place = Place::new();
    let (Some(linker), Some(clang)) = (find(linker), find("clang-19")) else {
        return;
    };
    place.write("hello.c", "int main(void) { return 0; }\n");
    let compile = command(clang.as_str(), &["-target", target, "-c", "hello.c"]);
    assert_eq!(
        place.host.run(&compile).expect("clang runs").status,
        Some(0)
    );
    agree(&place, &command(linker.as_str(), args));
}

#[test]
fn lld_for_windows_is_seen_as_by_strace() {
    let args = [
        "/out:hello",
        "/entry:main",
        "/subsystem:console",
        "/nodefaultlib",
        "hello.o",
    ];
    cross_link("lld-link-19", "x86_64-pc-windows-msvc", &args);
}

#[test]
fn lld_for_macos_is_seen_as_by_strace() {
    let version = ["-arch", "x86_64", "-platform_version", "macos", "11", "11"];
    let rest = [
        "-syslibroot",
        "missing",
        "-Lmissing",
        "-L/missing",
        "-o",
        "hello",
        "hello.o",
    ];
    cross_link(
        "ld64.lld-19",
        "x86_64-apple-macos11",
        &[&version[..], &rest].concat(),
    );
}
