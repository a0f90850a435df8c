//! What a link leaves besides its program: side outputs, messages, modes, links at the place of the output.

use crate::desk::{Desk, has};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

#[test]
fn an_edited_output_is_put_back() {
    let desk = Desk::with_objects();
    let line = "gcc main.o part.o -o app";
    desk.link(line).is("linked");
    let linked = desk.read("app");
    desk.write("app", "edited");
    let restored = desk.link(line);
    restored.is("current");
    assert!(restored.sentences("why")[0].starts_with("the output app was changed"));
    assert!(desk.read("app") == linked);
    fs::set_permissions(desk.file("app"), fs::Permissions::from_mode(0o644)).expect("a mode");
    desk.link(line).is("current");
    assert_eq!(desk.exit_of("app"), Some(0), "it can be run again");
}

#[test]
fn a_touched_output_is_current() {
    let desk = Desk::with_objects();
    let line = "gcc main.o part.o -o app";
    desk.link(line).is("linked");
    desk.plain("touch app");
    let stamp = desk.stamp("app");
    let current = desk.link(line);
    current.is("current");
    assert_eq!(current.log["restored"].as_array().map(Vec::len), Some(0));
    assert_eq!(desk.stamp("app"), stamp, "nothing was written");
}

#[test]
fn side_outputs_are_put_back_too() {
    let desk = Desk::with_objects();
    let line = "gcc -fuse-ld=bfd main.o part.o -Wl,-Map=app.map,--dependency-file=app.d -o app";
    desk.link(line).is("linked");
    let (map, depfile) = (desk.read("app.map"), desk.read("app.d"));
    desk.remove("app.map");
    desk.write("app.d", "edited");
    let current = desk.link(line);
    current.is("current");
    assert!(desk.read("app.map") == map && desk.read("app.d") == depfile);
    desk.link(line).is("current");
}

#[test]
fn messages_are_said_again_byte_for_byte() {
    let desk = Desk::with_objects();
    let line = "gcc -fuse-ld=bfd main.o part.o -Wl,-z,nonsense,-t -o app";
    let plain = desk.plain(line);
    let first = desk.link(line);
    first.is("linked");
    let again = desk.link(line);
    again.is("current");
    assert!(again.stderr.contains("nonsense"), "{again:#?}");
    assert!(again.stdout.contains("main.o"), "{again:#?}");
    for call in [&first, &again] {
        assert_eq!(call.stdout.as_bytes(), plain.stdout);
        assert_eq!(call.stderr.as_bytes(), plain.stderr);
    }
}

#[test]
fn a_directory_that_is_gone_makes_the_link_fail_again() {
    let desk = Desk::with_objects();
    let line = "gcc main.o part.o -o out/app";
    assert_ne!(desk.link(line).exit, Some(0));
    fs::create_dir(desk.file("out")).expect("a new directory");
    desk.link(line).is("linked");
    desk.link(line).is("current");
    fs::remove_dir_all(desk.file("out")).expect("a directory");
    let gone = desk.link(line);
    assert_ne!(
        gone.exit,
        Some(0),
        "the linker does not make it, and neither does Kiln"
    );
    assert!(!desk.exists("out"));
}

#[test]
fn a_symbolic_link_at_the_output_is_replaced() {
    let desk = Desk::with_objects();
    let line = "gcc -fuse-ld=bfd main.o part.o -o app";
    desk.link(line).is("linked");
    desk.remove("app");
    desk.write("precious", "mine");
    symlink("precious", desk.file("app")).expect("a symbolic link");
    desk.link(line).is("current");
    assert_eq!(desk.exit_of("app"), Some(0));
    assert!(!desk.file("app").is_symlink());
    assert_eq!(desk.read("precious"), b"mine");
}

#[test]
fn a_linker_that_writes_through_a_symbolic_link_is_seen_to() {
    if !has("mold") {
        return;
    }
    let desk = Desk::with_objects();
    let line = "gcc -fuse-ld=mold main.o part.o -o app";
    desk.write("real", "");
    symlink("real", desk.file("app")).expect("a symbolic link");
    desk.link(line);
    assert_eq!(desk.exit_of("app"), Some(0));
    desk.write("part.c", "int part(void) { return 7; }\n");
    desk.compile("part");
    desk.link(line).is("linked");
    assert_eq!(desk.exit_of("app"), Some(7));
    desk.write("real", "edited");
    desk.link(line);
    assert_eq!(
        desk.exit_of("app"),
        Some(7),
        "what was behind the link is put back or made again"
    );
}

#[test]
fn a_hard_link_to_the_output_is_not_written_through_by_a_restore() {
    let desk = Desk::with_objects();
    let line = "gcc -fuse-ld=bfd main.o part.o -o app";
    desk.link(line).is("linked");
    desk.write("app", "edited");
    fs::hard_link(desk.file("app"), desk.file("copy")).expect("a hard link");
    desk.link(line).is("current");
    assert_eq!(desk.read("copy"), b"edited");
    assert_eq!(desk.exit_of("app"), Some(0));
}

#[test]
fn the_mode_of_a_restored_output_is_by_the_umask() {
    let desk = Desk::with_objects();
    let line = "umask 077; exec \"$KILN\" link -- gcc main.o part.o -o app";
    let mode = || {
        fs::metadata(desk.file("app"))
            .expect("linked")
            .permissions()
            .mode()
            & 0o777
    };
    let call = |line: &str| {
        let mut command = std::process::Command::new("sh");
        command
            .args(["-c", line])
            .env("KILN", env!("CARGO_BIN_EXE_kiln"));
        assert!(desk.run(command).status.success());
    };
    call(line);
    assert_eq!(mode(), 0o700);
    desk.remove("app");
    call(line);
    assert_eq!(mode(), 0o700);
    assert_eq!(desk.log()[1]["outcome"], "current");
    // Another umask is another command.
    call("umask 022; exec \"$KILN\" link -- gcc main.o part.o -o app");
    assert_eq!(desk.log()[2]["outcome"], "linked");
}

/// A shared library that is linked with another one of its own name, which is searched in the place of its output first.
fn finds_itself(driver: &str) -> (Desk, String) {
    let desk = Desk::with_objects();
    fs::create_dir(desk.file("lib")).expect("a new directory");
    desk.plain("gcc -shared -fPIC part.c -o lib/libpart.so");
    desk.plain("gcc -c -fPIC part.c -o pic.o");
    let line = format!("{driver} -shared pic.o -L. -Llib -lpart -o libpart.so");
    (desk, line)
}

#[test]
fn a_library_that_would_find_itself_is_declined() {
    for (driver, needed) in [
        // This one makes its output before it searches, and so finds the same each time; what it did can't tell.
        ("gcc -fuse-ld=bfd", "ld.bfd"),
        ("gcc -fuse-ld=gold", "ld.gold"),
        ("gcc -fuse-ld=mold", "mold"),
        ("clang-19 -fuse-ld=lld", "ld.lld-19"),
    ] {
        if !has(needed) {
            continue;
        }
        // The first link takes `lib/libpart.so`, and the next one would take what this one made.
        let (desk, line) = finds_itself(driver);
        let first = desk.link(&line);
        assert_eq!(first.exit, Some(0), "{driver}: {first:#?}");
        first.is("declined");
        assert_eq!(first.declined(), "own-output");
        // GNU ld removes what is there before it searches, so that it may be recorded now.
        assert_ne!(desk.link(&line).outcome(), "current", "{driver}");
        // However the directory is called.
        desk.remove("libpart.so");
        let here = format!("-L{}", desk.work().display());
        let absolute = desk.link(&line.replace("-L.", &here));
        assert_eq!(absolute.declined(), "own-output", "{driver}: {absolute:#?}");
    }
}
