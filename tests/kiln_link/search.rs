//! Where libraries are looked for: each place in which nothing was found counts.

use crate::desk::{Desk, has};
use std::fs;

/// A desk with a library in `b/`, and `a/` before it.
fn libraries() -> Desk {
    let desk = Desk::with_objects();
    fs::create_dir(desk.file("a")).expect("a new directory");
    fs::create_dir(desk.file("b")).expect("a new directory");
    archive(&desk, "b/libpart.a", 0);
    desk
}

/// An archive whose `part` gives `value`.
fn archive(desk: &Desk, name: &str, value: i32) {
    desk.write("made.c", format!("int part(void) {{ return {value}; }}\n"));
    desk.compile("made");
    let _ = fs::remove_file(desk.file(name));
    assert!(
        desk.plain(&format!("ar rcsD {name} made.o"))
            .status
            .success()
    );
}

const LINKERS: &[(&str, &str)] = &[
    ("gcc -fuse-ld=bfd", "ld.bfd"),
    ("gcc -fuse-ld=gold", "ld.gold"),
    ("gcc -fuse-ld=mold", "mold"),
    ("clang-19 -fuse-ld=lld", "ld.lld-19"),
];

fn each_linker(check: impl Fn(&str)) {
    for (linker, needed) in LINKERS {
        if has(needed) {
            check(linker);
        }
    }
}

#[test]
fn a_library_that_appears_earlier_is_linked() {
    each_linker(|linker| {
        let desk = libraries();
        let line = format!("{linker} main.o -La -Lb -lpart -o app");
        desk.link(&line).is("linked");
        desk.link(&line).is("current");
        archive(&desk, "a/libpart.a", 1);
        desk.link(&line).is("linked");
        assert_eq!(desk.exit_of("app"), Some(1), "{linker}");
        desk.remove("a/libpart.a");
        desk.link(&line).is("current");
        assert_eq!(desk.exit_of("app"), Some(0), "{linker}");
    });
}

#[test]
fn a_directory_that_is_born_with_a_library_is_linked() {
    each_linker(|linker| {
        let desk = libraries();
        let line = format!("{linker} main.o -Lnew -Lb -lpart -o app");
        desk.link(&line).is("linked");
        desk.link(&line).is("current");
        fs::create_dir(desk.file("new")).expect("a new directory");
        archive(&desk, "new/libpart.a", 2);
        desk.link(&line).is("linked");
        assert_eq!(desk.exit_of("app"), Some(2), "{linker}");
    });
}

#[test]
fn a_shared_library_beside_an_archive_is_linked() {
    each_linker(|linker| {
        let desk = libraries();
        let line = format!("{linker} main.o -Lb -lpart -Wl,-rpath,$ORIGIN/b -o app");
        desk.link(&line).is("linked");
        desk.write("shared.c", "int part(void) { return 3; }\n");
        assert!(
            desk.plain("gcc -shared -fPIC shared.c -o b/libpart.so")
                .status
                .success()
        );
        desk.link(&line).is("linked");
        assert_eq!(desk.exit_of("app"), Some(3), "{linker}");
        desk.remove("b/libpart.so");
        desk.link(&line).is("current");
        assert_eq!(desk.exit_of("app"), Some(0), "{linker}");
    });
}

#[test]
fn a_file_that_is_put_somewhere_else_changes_nothing() {
    each_linker(|linker| {
        let desk = libraries();
        let line = format!("{linker} main.o -La -Lb -lpart -o app");
        desk.link(&line).is("linked");
        desk.write("elsewhere/libpart.a", "");
        desk.link(&line).is("current");
    });
}

#[test]
fn a_response_file_counts() {
    each_linker(|linker| {
        let desk = libraries();
        desk.write("objects.rsp", "main.o @more.rsp\n");
        desk.write("more.rsp", "part.o\n");
        let line = format!("{linker} @objects.rsp -o app");
        desk.link(&line).is("linked");
        desk.link(&line).is("current");
        desk.write("made.c", "int part(void) { return 4; }\n");
        desk.compile("made");
        desk.write("more.rsp", "made.o\n");
        desk.link(&line).is("linked");
        assert_eq!(desk.exit_of("app"), Some(4), "{linker}");
    });
}

#[test]
fn a_restored_time_hides_no_change() {
    let desk = libraries();
    let line = "gcc main.o part.o -o app";
    desk.link(line).is("linked");
    // Until the stamps are believed.
    std::thread::sleep(std::time::Duration::from_millis(30));
    desk.link(line).is("current");
    let mut bytes = desk.read("part.o");
    desk.plain("touch -r part.o time");
    // `return 0` becomes another one: `xor eax,eax` or `mov eax,0` is found by its neighbour `pop rbp; ret`.
    let at = bytes
        .windows(4)
        .position(|code| code == [0, 0, 0, 0x5d])
        .map(|at| at - 1);
    let at = at.expect("the code of `part` has a constant");
    bytes[at] = 9;
    let path = desk.file("part.o");
    fs::write(path, bytes).expect("a file can be written");
    desk.plain("touch -r time part.o");
    desk.link(line).is("linked");
    assert_eq!(desk.exit_of("app"), Some(9));
}

#[test]
fn a_link_that_points_elsewhere_is_seen() {
    each_linker(|linker| {
        let desk = libraries();
        archive(&desk, "a/libpart.a", 6);
        std::os::unix::fs::symlink("b", desk.file("current")).expect("a symbolic link");
        let line = format!("{linker} main.o -Lcurrent -lpart -o app");
        desk.link(&line).is("linked");
        desk.link(&line).is("current");
        desk.remove("current");
        std::os::unix::fs::symlink("a", desk.file("current")).expect("a symbolic link");
        desk.link(&line).is("linked");
        assert_eq!(desk.exit_of("app"), Some(6), "{linker}");
    });
}

#[test]
fn a_link_that_leads_to_itself_is_passed_over() {
    each_linker(|linker| {
        if linker.contains("gold") {
            // It takes what is in the directory, and fails.
            return;
        }
        let desk = libraries();
        std::os::unix::fs::symlink("libpart.so", desk.file("a/libpart.so")).expect("a new link");
        let line = format!("{linker} main.o -La -Lb -lpart -o app");
        let first = desk.link(&line);
        first.is("linked");
        assert_eq!(first.log["recorded"], true, "{linker}: {first:#?}");
        desk.link(&line).is("current");
        desk.remove("a/libpart.so");
        archive(&desk, "a/libpart.a", 1);
        desk.link(&line).is("linked");
        assert_eq!(desk.exit_of("app"), Some(1), "{linker}");
    });
}
