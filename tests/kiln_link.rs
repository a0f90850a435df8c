//! `kiln link -- COMMAND` with real drivers and linkers: what runs, what does not, and that nobody can tell the difference.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(all(feature = "cli", target_os = "linux"))]

#[path = "kiln_link/build_systems.rs"]
mod build_systems;
#[path = "kiln_link/damage.rs"]
mod damage;
#[path = "kiln_link/desk.rs"]
mod desk;
#[path = "kiln_link/environment.rs"]
mod environment;
#[path = "kiln_link/identity.rs"]
mod identity;
#[path = "kiln_link/output.rs"]
mod output;
#[path = "kiln_link/search.rs"]
mod search;
#[path = "kiln_link/unnamed.rs"]
mod unnamed;

use desk::{Desk, has};

/// Drivers with linkers, and the program that has to be there.
const LINKERS: &[(&str, &str)] = &[
    ("gcc -fuse-ld=bfd", "ld.bfd"),
    ("gcc -fuse-ld=gold", "ld.gold"),
    ("gcc -fuse-ld=mold", "mold"),
    ("clang-19 -fuse-ld=bfd", "clang-19"),
    ("clang-19 -fuse-ld=lld", "ld.lld-19"),
    ("clang-19 -fuse-ld=mold", "mold"),
    ("gcc -flto=auto", "gcc"),
];

fn each_linker(check: impl Fn(&str)) {
    for (linker, needed) in LINKERS {
        if has(needed) && has(linker.split(' ').next().unwrap_or_default()) {
            check(linker);
        }
    }
}

#[test]
fn a_link_runs_once_and_is_current_afterwards() {
    each_linker(|linker| {
        let desk = Desk::with_objects();
        let line = format!("{linker} main.o part.o -o app");
        let first = desk.link(&line);
        first.is("linked");
        assert_eq!(first.log["recorded"], true, "{linker}: {first:#?}");
        assert!(first.log["all_variables"].is_null(), "{linker}: {first:#?}");
        assert_eq!(desk.exit_of("app"), Some(0), "{linker}");
        let linked = desk.stamp("app");
        for _ in 0..3 {
            let again = desk.link(&line);
            again.is("current");
            assert!(again.sentences("why").is_empty(), "{linker}: {again:#?}");
            assert_eq!(desk.stamp("app"), linked, "{linker}: nothing was written");
        }
    });
}

#[test]
fn the_output_is_what_the_command_alone_makes() {
    each_linker(|linker| {
        let desk = Desk::with_objects();
        let line = format!("{linker} main.o part.o -o app");
        assert!(desk.plain(&line).status.success());
        let plain = desk.read("app");
        desk.remove("app");
        desk.link(&line).is("linked");
        assert!(desk.read("app") == plain, "{linker}: other bytes");
        desk.remove("app");
        let restored = desk.link(&line);
        restored.is("current");
        assert_eq!(restored.log["restored"][0], "app", "{linker}");
        assert!(desk.read("app") == plain, "{linker}: other bytes restored");
        assert_eq!(desk.exit_of("app"), Some(0), "{linker}: it can be run");
        desk.link(&line).is("current");
    });
}

#[test]
fn an_edited_object_is_linked_and_going_back_is_not() {
    each_linker(|linker| {
        let desk = Desk::with_objects();
        let line = format!("{linker} main.o part.o -o app");
        desk.link(&line).is("linked");
        desk.write("part.c", "int part(void) { return 7; }\n");
        desk.compile("part");
        let edited = desk.link(&line);
        edited.is("linked");
        let why = edited.sentences("why");
        assert!(
            why.iter().any(|why| why.starts_with("part.o changed")),
            "{linker}: {why:?}"
        );
        assert_eq!(desk.exit_of("app"), Some(7), "{linker}");
        desk.write("part.c", "int part(void) { return 0; }\n");
        desk.compile("part");
        let back = desk.link(&line);
        back.is("current");
        assert_eq!(back.log["restored"][0], "app", "{linker}");
        assert_eq!(desk.exit_of("app"), Some(0), "{linker}");
        desk.link(&line).is("current");
    });
}

#[test]
fn compiling_and_linking_in_one_step_is_a_link() {
    each_linker(|linker| {
        let desk = Desk::new();
        let line = format!("{linker} main.c part.c -o app");
        desk.link(&line).is("linked");
        desk.link(&line).is("current");
        desk.write("part.c", "int part(void) { return 3; }\n");
        desk.link(&line).is("linked");
        assert_eq!(desk.exit_of("app"), Some(3), "{linker}");
    });
}

#[test]
fn objects_for_the_optimiser_at_link_time_are_a_link() {
    // Compiler, assembler and make run within it, with files of random names.
    let mut lines = vec![("gcc -flto=auto", "gcc -c -flto")];
    if has("clang-19") && has("ld.lld-19") {
        lines.push(("clang-19 -fuse-ld=lld -flto=thin", "clang-19 -c -flto=thin"));
    }
    for (link, compile) in lines {
        let desk = Desk::new();
        for name in ["main", "part"] {
            let compiled = desk.plain(&format!("{compile} {name}.c -o {name}.o"));
            assert!(compiled.status.success());
        }
        let line = format!("{link} main.o part.o -o app");
        let first = desk.link(&line);
        first.is("linked");
        assert_eq!(
            first.log["outputs"].as_array().map(Vec::len),
            Some(1),
            "{first:#?}"
        );
        assert!(first.log["all_variables"].is_null(), "{first:#?}");
        desk.link(&line).is("current");
    }
}

#[test]
fn cross_linkers_are_observed_too() {
    if !has("clang-19") {
        return;
    }
    let desk = Desk::new();
    desk.write("mac.c", "int start(void) { return 0; }\n");
    desk.plain("clang-19 --target=x86_64-apple-macos11 -c mac.c -o mac.o");
    desk.plain("clang-19 --target=x86_64-pc-windows-msvc -c mac.c -o win.o");
    let mut lines = Vec::new();
    if has("ld64.lld-19") {
        lines.push(
            "ld64.lld-19 -arch x86_64 -platform_version macos 11.0 11.0 -dylib mac.o -o mac.dylib",
        );
    }
    if has("lld-link-19") {
        lines.push(
            "lld-link-19 /Brepro /subsystem:console /entry:start /nodefaultlib win.o /out:win.exe",
        );
    }
    for line in lines {
        let first = desk.link(line);
        first.is("linked");
        assert_eq!(first.exit, Some(0), "{first:#?}");
        assert_eq!(first.log["recorded"], true, "{first:#?}");
        assert!(first.log["all_variables"].is_null(), "{first:#?}");
        desk.link(line).is("current");
    }
}

#[test]
fn a_failed_link_is_passed_on_and_not_recorded() {
    each_linker(|linker| {
        let desk = Desk::with_objects();
        let line = format!("{linker} main.o -o app");
        let plain = desk.plain(&line);
        assert!(!plain.status.success());
        for _ in 0..2 {
            let failed = desk.link(&line);
            failed.is("linked");
            assert_eq!(failed.exit, plain.status.code(), "{linker}");
            assert_eq!(failed.log["recorded"], false, "{linker}");
            assert!(failed.stderr.contains("part"), "{linker}: {failed:#?}");
        }
        assert!(!desk.exists("app"), "{linker}");
    });
}

#[test]
fn after_a_failed_link_the_old_output_is_not_put_back() {
    let desk = Desk::with_objects();
    let line = "gcc -fuse-ld=bfd main.o part.o -o app";
    desk.link(line).is("linked");
    let part = desk.read("part.o");
    desk.write("part.o", "no object\n");
    assert_ne!(desk.link(line).exit, Some(0));
    assert!(
        !desk.exists("app"),
        "ld.bfd removes its output when it fails"
    );
    desk.write("part.o", part);
    desk.link(line).is("current");
    assert_eq!(desk.exit_of("app"), Some(0));
}

#[test]
fn what_is_no_link_is_run_as_it_is() {
    let desk = Desk::new();
    let version = desk.link("cc --version");
    version.is("declined");
    assert_eq!(version.declined(), "not-a-link");
    assert!(version.stdout.contains("Copyright"), "{version:#?}");
    desk.link("cc -c main.c -o main.o").is("declined");
    assert!(desk.exists("main.o"));
}

#[test]
fn what_differs_each_time_is_declined_with_a_remedy() {
    let desk = Desk::with_objects();
    let line = "gcc main.o part.o -Wl,--build-id=uuid -o app";
    for _ in 0..2 {
        let declined = desk.link(line);
        declined.is("declined");
        assert_eq!(declined.declined(), "argument");
        let reason = &declined.log["reason"];
        assert_eq!(reason["argument"], "--build-id=uuid");
        assert_eq!(reason["remedy"], "use --build-id=sha1");
        assert_eq!(declined.exit, Some(0));
    }
}

#[test]
fn a_program_that_is_not_there_is_said_as_by_a_shell() {
    let desk = Desk::with_objects();
    assert_eq!(desk.link("no-such-linker main.o").exit, Some(127));
    assert_eq!(desk.link("./main.c").exit, Some(126));
}

#[test]
fn a_signal_is_passed_on_as_a_shell_does() {
    let desk = Desk::new();
    let killed = desk.link_words(&["sh", "-c", "kill -KILL $$"]);
    assert_eq!(killed.exit, Some(128 + 9));
    assert_eq!(killed.log["recorded"], false);
}

#[test]
fn calls_at_the_same_time_do_no_harm() {
    let desk = Desk::with_objects();
    let line = "gcc main.o part.o -o app";
    assert!(desk.plain(line).status.success());
    let plain = desk.read("app");
    let kiln = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_kiln"));
        // Each with an output of its own, and all of them twice.
        command.args(["link", "--"]).args(line.split(' '));
        desk.run(command)
    };
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..8).map(|_| scope.spawn(kiln)).collect();
        for call in calls {
            let output = call.join().expect("no panic");
            assert!(output.status.success(), "{output:?}");
        }
    });
    assert_eq!(desk.log().len(), 8);
    assert_eq!(desk.exit_of("app"), Some(0));
    desk.clear_log();
    desk.link(line);
    desk.link(line).is("current");
    assert!(desk.read("app") == plain);
}
