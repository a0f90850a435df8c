//! What variables, wrappers and random names do to a link.

use crate::desk::Desk;
use std::fs;

fn path() -> String {
    std::env::var("PATH").unwrap_or_default()
}

#[test]
fn a_variable_that_the_rule_does_not_name_does_not_reach_the_tool() {
    let mut desk = Desk::with_objects();
    let line = "gcc main.o part.o -o app";
    desk.link(line).is("linked");
    desk.set("NOBODY_KNOWS_THIS", "1");
    desk.link(line).is("current");
}

#[test]
fn a_variable_that_the_linker_reads_counts_set_empty_or_unset() {
    let mut desk = Desk::with_objects();
    let line = "gcc -fuse-ld=bfd main.o part.o -o app";
    desk.link(line).is("linked");
    desk.set("LD_RUN_PATH", "/opt/lib");
    let set = desk.link(line);
    set.is("linked");
    assert_eq!(
        set.sentences("why"),
        ["LD_RUN_PATH was unset, is \"/opt/lib\""]
    );
    let output = desk.plain("readelf -d app");
    assert!(String::from_utf8_lossy(&output.stdout).contains("/opt/lib"));
    desk.set("LD_RUN_PATH", "");
    desk.link(line).is("linked");
    desk.unset("LD_RUN_PATH");
    desk.link(line).is("current");
}

#[test]
fn a_driver_that_is_shadowed_in_path_is_seen() {
    let mut desk = Desk::with_objects();
    let line = "cc main.o part.o -o app";
    fs::create_dir(desk.file("bin")).expect("a new directory");
    desk.set("PATH", format!("{}:{}", desk.file("bin").display(), path()));
    desk.link(line).is("linked");
    desk.write(
        "bin/cc",
        "#!/bin/sh\necho shadow\nexec /usr/bin/cc \"$@\"\n",
    );
    desk.plain("chmod +x bin/cc");
    let shadowed = desk.link(line);
    shadowed.is("linked");
    assert_eq!(shadowed.stdout, "shadow\n");
    desk.remove("bin/cc");
    desk.link(line).is("current");
}

#[test]
fn a_linker_that_is_shadowed_in_path_is_seen() {
    let mut desk = Desk::with_objects();
    let line = "gcc main.o part.o -o app";
    fs::create_dir(desk.file("bin")).expect("a new directory");
    desk.set("PATH", format!("{}:{}", desk.file("bin").display(), path()));
    desk.link(line).is("linked");
    desk.write(
        "bin/ld",
        "#!/bin/sh\necho shadow\nexec /usr/bin/ld \"$@\"\n",
    );
    desk.plain("chmod +x bin/ld");
    let shadowed = desk.link(line);
    shadowed.is("linked");
    assert_eq!(shadowed.stdout, "shadow\n");
    // One that may not be run is passed over.
    desk.plain("chmod -x bin/ld");
    let refused = desk.link(line);
    assert_ne!(refused.stdout, "shadow\n");
}

#[test]
fn a_longer_path_that_finds_the_same_programs_is_the_same() {
    let mut desk = Desk::with_objects();
    let line = "gcc main.o part.o -o app";
    desk.link(line).is("linked");
    fs::create_dir(desk.file("bin")).expect("a new directory");
    desk.set("PATH", format!("{}:{}", desk.file("bin").display(), path()));
    desk.link(line).is("current");
}

#[test]
fn a_script_around_the_driver_counts_with_all_of_its_environment() {
    let mut desk = Desk::with_objects();
    desk.write(
        "link.sh",
        "#!/bin/sh\necho \"$FLAVOUR\"\nexec gcc \"$@\" -o app\n",
    );
    desk.plain("chmod +x link.sh");
    let line = "./link.sh main.o part.o";
    desk.link(line).is("linked");
    desk.link(line).is("current");
    desk.set("SHLVL", "77");
    desk.link(line).is("current");
    desk.set("FLAVOUR", "sweet");
    let sweet = desk.link(line);
    sweet.is("linked");
    assert_eq!(sweet.stdout, "sweet\n");
    assert_eq!(sweet.sentences("why"), ["FLAVOUR was unset, is \"sweet\""]);
    desk.write("link.sh", "#!/bin/sh\nexec gcc \"$@\" -s -o app\n");
    desk.link(line).is("linked");
}

#[test]
fn random_names_of_rustc_are_the_same_link() {
    let desk = Desk::with_objects();
    let line = |name: &str| {
        let folder = desk.file(name);
        fs::create_dir_all(&folder).expect("a new directory");
        let folder = folder.display();
        format!("cc {folder}/symbols.o main.o -L {folder}/raw-dylibs -o app")
    };
    let object = desk.read("part.o");
    let first = line("rustcAbCdEf");
    desk.write("rustcAbCdEf/symbols.o", &object);
    desk.link(&first).is("linked");
    fs::remove_dir_all(desk.file("rustcAbCdEf")).expect("a directory");
    let second = line("rustcXyZ123");
    desk.write("rustcXyZ123/symbols.o", &object);
    desk.link(&second).is("current");
    desk.write("part.c", "int part(void) { return 5; }\n");
    desk.compile("part");
    desk.write("rustcXyZ123/symbols.o", desk.read("part.o"));
    desk.link(&second).is("linked");
    assert_eq!(desk.exit_of("app"), Some(5));
    desk.write("rustcXyZ123/symbols.o", &object);
    desk.link(&second).is("current");
    assert_eq!(desk.exit_of("app"), Some(0));
}

#[test]
fn beneath_a_driver_the_random_name_of_its_resolutions_is_the_same_link() {
    let desk = Desk::with_objects();
    // A linker of this name runs the real one through Kiln.
    fs::create_dir(desk.file("bin")).expect("a new directory");
    desk.write(
        "bin/ld",
        format!(
            "#!/bin/sh\nexec {} link -- ld.bfd \"$@\"\n",
            env!("CARGO_BIN_EXE_kiln")
        ),
    );
    desk.plain("chmod +x bin/ld");
    for outcome in ["linked", "current"] {
        desk.clear_log();
        let output = desk.plain("gcc -Bbin main.o part.o -o app");
        assert!(output.status.success(), "{output:?}");
        let log = desk.log();
        assert_eq!(log.len(), 1, "{log:?}");
        assert_eq!(log[0]["outcome"], outcome, "{:#}", log[0]);
    }
}

#[test]
fn input_for_a_command_that_may_read_it_is_left_to_it() {
    let desk = Desk::new();
    let mut command = std::process::Command::new("sh");
    let kiln = env!("CARGO_BIN_EXE_kiln");
    command.args([
        "-c",
        &format!("echo text | {kiln} link -- sh -c 'cat >app'"),
    ]);
    assert!(desk.run(command).status.success());
    assert_eq!(desk.read("app"), b"text\n");
    assert_eq!(desk.log()[0]["reason"]["kind"], "standard-input");
}
