//! Make, ninja, CMake and cargo, each with a project as its users write it.

use crate::desk::{Desk, has};
use std::process::{Command, Output};

const KILN: &str = env!("CARGO_BIN_EXE_kiln");

impl Desk {
    /// Runs a build and gives the outcomes of the links in it.
    fn build(&self, line: &str) -> Vec<String> {
        self.clear_log();
        let mut words = line.split(' ');
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        let output: Output = self.run(command);
        assert!(
            output.status.success(),
            "{line}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        let outcome = |line: &serde_json::Value| {
            assert_ne!(line["outcome"], "declined", "{line:#}");
            line["outcome"].as_str().unwrap_or_default().to_owned()
        };
        self.log().iter().map(outcome).collect()
    }
}

#[test]
fn a_makefile() {
    if !has("make") {
        return;
    }
    let desk = Desk::new();
    desk.write(
        "Makefile",
        format!(
            "LINK = {KILN} link -- $(CC)\n\
             app: main.o part.o\n\t$(LINK) $^ -o $@\n\
             clean:\n\trm -f app *.o\n"
        ),
    );
    assert_eq!(desk.build("make -j4"), ["linked"]);
    assert!(desk.build("make").is_empty(), "make has nothing to do");
    assert_eq!(desk.build("make clean app"), ["current"]);
    assert_eq!(desk.exit_of("app"), Some(0));
    desk.write("part.c", "int part(void) { return 7; }\n");
    assert_eq!(desk.build("make -B -j2"), ["linked"]);
    assert_eq!(desk.exit_of("app"), Some(7));
}

#[test]
fn ninja() {
    if !has("ninja") {
        return;
    }
    let desk = Desk::new();
    desk.write(
        "build.ninja",
        format!(
            "rule cc\n  command = cc -c $in -o $out\n\
             rule link\n  command = {KILN} link -- cc $in -o $out\n\
             build main.o: cc main.c\nbuild part.o: cc part.c\nbuild app: link main.o part.o\n"
        ),
    );
    assert_eq!(desk.build("ninja"), ["linked"]);
    assert!(desk.build("ninja").is_empty(), "ninja has nothing to do");
    desk.remove("app");
    assert_eq!(desk.build("ninja"), ["current"]);
    assert_eq!(desk.exit_of("app"), Some(0));
}

#[test]
fn cmake() {
    if !has("cmake") || !has("ninja") {
        return;
    }
    let desk = Desk::new();
    desk.write(
        "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.21)\nproject(app C)\n\
         add_library(part SHARED part.c)\nadd_executable(app main.c)\ntarget_link_libraries(app part)\n",
    );
    for generator in ["Ninja", "Unix\u{a0}Makefiles"] {
        let mut configure = Command::new("cmake");
        let generator = generator.replace('\u{a0}', " ");
        let folder = generator.replace(' ', "-");
        configure
            .args(["-G", &generator, "-S", ".", "-B", &folder])
            .arg(format!("-DCMAKE_C_LINKER_LAUNCHER={KILN};link;--"));
        let output = desk.run(configure);
        assert!(output.status.success(), "{output:?}");
        let build = format!("cmake --build {folder}");
        assert_eq!(desk.build(&build), ["linked", "linked"], "{generator}");
        assert_eq!(desk.exit_of(&format!("{folder}/app")), Some(0));
        let clean = format!("cmake --build {folder} --clean-first");
        assert_eq!(desk.build(&clean), ["current", "current"], "{generator}");
        assert_eq!(desk.exit_of(&format!("{folder}/app")), Some(0));
    }
}

#[test]
fn cargo() {
    if !has("cargo") {
        return;
    }
    let desk = Desk::new();
    desk.write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n",
    );
    desk.write("src/main.rs", "fn main() {}\n");
    desk.write(
        "linker.sh",
        format!("#!/bin/sh\nexec {KILN} link -- cc \"$@\"\n"),
    );
    desk.plain("chmod +x linker.sh");
    // A path with a slash is relative to the folder of `.cargo`.
    desk.write(
        ".cargo/config.toml",
        "[target.x86_64-unknown-linux-gnu]\nlinker = \"./linker.sh\"\n\
         [target.aarch64-unknown-linux-gnu]\nlinker = \"./linker.sh\"\n",
    );
    assert_eq!(
        desk.build("cargo build --offline --target-dir target"),
        ["linked"]
    );
    desk.remove("target/debug/app");
    // rustc makes up other names for the same link.
    desk.plain("cargo clean --offline --target-dir target");
    assert_eq!(
        desk.build("cargo build --offline --target-dir target"),
        ["current"]
    );
    assert_eq!(desk.exit_of("target/debug/app"), Some(0));
    desk.write("src/main.rs", "fn main() { std::process::exit(7) }\n");
    assert_eq!(
        desk.build("cargo build --offline --target-dir target"),
        ["linked"]
    );
    assert_eq!(desk.exit_of("target/debug/app"), Some(7));
}
