//! Programs that are not what their names say, or that run others which are.

use crate::desk::{Desk, doubt, has};
use std::fs;

/// Runs another program with the words that a variable holds before its own. Called for the version it may answer itself.
const AROUND: &str = r#"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **words) {
    if (ANSWERS && count > 1 && !strcmp(words[1], "--version")) {
        puts(ANSWER);
        return 0;
    }
    char **all = calloc(count + 64, sizeof *all);
    int at = 0;
    all[at++] = PROGRAM;
    char *more = getenv("MY_FLAGS");
    for (char *word = strtok(strdup(more ? more : ""), " "); word; word = strtok(0, " "))
        all[at++] = word;
    for (int word = 1; word < count; word++)
        all[at++] = words[word];
    execvp(PROGRAM, all);
    return 127;
}
"#;

impl Desk {
    /// A program that is not the one that it runs; `answer`: what it says of itself.
    fn around(&self, name: &str, program: &str, answer: Option<&str>) {
        self.write("around.c", AROUND);
        let folder = self.file(name);
        fs::create_dir_all(folder.parent().expect("a folder")).expect("a directory");
        let mut cc = std::process::Command::new("cc");
        cc.args(["around.c", "-o", name])
            .arg(format!("-DPROGRAM=\"{program}\""))
            .arg(format!("-DANSWERS={}", i32::from(answer.is_some())))
            .arg(format!("-DANSWER=\"{}\"", answer.unwrap_or_default()));
        let output = self.run(cc);
        assert!(output.status.success(), "{output:?}");
    }

    /// The same as a script.
    fn script(&self, name: &str, program: &str) {
        self.write(
            name,
            format!("#!/bin/sh\nexec {program} $MY_FLAGS \"$@\"\n"),
        );
        self.plain(&format!("chmod +x {name}"));
    }

    /// A copy of a program under another name.
    fn copy(&self, program: &str, name: &str) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a directory");
        fs::copy(format!("/usr/bin/{program}"), path).expect("a copy");
    }

    fn has_symbols(&self, name: &str) -> bool {
        let output = self.plain(&format!("nm {name}"));
        !output.stdout.is_empty()
    }
}

/// MY_FLAGS reaches the tool and counts, set and unset, whatever `line` runs.
#[track_caller]
fn follows_its_variable(desk: &mut Desk, line: &str, why: &str) {
    let first = desk.link(line);
    first.is("linked");
    assert_eq!(first.exit, Some(0), "{first:#?}");
    assert!(doubt(&first).contains(why), "{first:#?}");
    assert!(desk.has_symbols("app"));
    desk.link(line).is("current");
    desk.set("MY_FLAGS", "-s");
    let set = desk.link(line);
    set.is("linked");
    assert_eq!(set.sentences("why"), ["MY_FLAGS was unset, is \"-s\""]);
    assert!(!desk.has_symbols("app"), "{set:#?}");
    desk.link(line).is("current");
    // From nothing, and not only by what was recorded before.
    fs::remove_dir_all(desk.cache()).expect("there is a cache");
    desk.link(line).is("linked");
    assert!(!desk.has_symbols("app"));
    desk.link(line).is("current");
    desk.unset("MY_FLAGS");
    desk.link(line).is("linked");
    assert!(desk.has_symbols("app"));
    desk.link(line).is("current");
}

#[test]
fn a_linker_under_the_name_of_another_gets_its_own_variables() {
    let mut desk = Desk::with_objects();
    desk.copy("ld.bfd", "bin/ld.lld-19");
    let line = "bin/ld.lld-19 -e main main.o part.o -o app";
    let first = desk.link(line);
    first.is("linked");
    assert_eq!(doubt(&first), "", "it says what it is");
    desk.link(line).is("current");
    desk.set("LDEMULATION", "elf_i386");
    let plain = desk.plain(line);
    assert!(!plain.status.success());
    let emulated = desk.link(line);
    emulated.is("linked");
    assert_eq!(emulated.exit, plain.status.code());
    assert_eq!(emulated.stderr, String::from_utf8_lossy(&plain.stderr));
    desk.unset("LDEMULATION");
    desk.link(line).is("current");
    desk.set("LD_RUN_PATH", "/opt/lib");
    desk.link(line).is("linked");
    desk.link(line).is("current");
    // What says nothing to it is not given to it.
    desk.set("LLD_VERSION", "LLD of ours");
    desk.link(line).is("current");
}

#[test]
fn a_linker_under_the_name_of_another_is_known_by_what_it_does_with_its_output() {
    if !has("ld.gold") {
        return;
    }
    let desk = Desk::with_objects();
    desk.copy("ld.gold", "bin/mold");
    // mold opens its old output and does not read it; to gold it is an input here.
    let declined = desk.link("bin/mold -r part.o main.o -o part.o");
    declined.is("declined");
    assert_eq!(declined.declined(), "own-output");
}

#[test]
fn a_script_under_the_name_of_a_driver_counts_with_all_of_its_environment() {
    let mut desk = Desk::with_objects();
    desk.script("bin/gcc", "/usr/bin/gcc");
    let line = "bin/gcc main.o part.o -o app";
    follows_its_variable(&mut desk, line, "bin/gcc is a script");
    // It is still known how a driver is told things.
    let declined = desk.link("bin/gcc main.o part.o -Wl,--build-id=uuid -o app");
    assert_eq!(declined.declined(), "argument");
    assert_eq!(desk.link("bin/gcc -c main.c").declined(), "not-a-link");
}

#[test]
fn a_script_with_an_open_name_counts_with_all_of_its_environment() {
    let mut desk = Desk::with_objects();
    desk.script("bin/cc", "/usr/bin/gcc");
    let path = std::env::var("PATH").unwrap_or_default();
    desk.set("PATH", format!("{}:{path}", desk.file("bin").display()));
    follows_its_variable(&mut desk, "cc main.o part.o -o app", "cc is a script");
}

#[test]
fn random_names_of_rustc_are_the_same_link_to_a_script() {
    let desk = Desk::with_objects();
    desk.script("bin/cc", "/usr/bin/gcc");
    let object = desk.read("part.o");
    for (name, outcome) in [("rustcAbCdEf", "linked"), ("rustcXyZ123", "current")] {
        desk.write(format!("{name}/symbols.o"), &object);
        let folder = desk.file(name);
        let line = format!("bin/cc {}/symbols.o main.o -o app", folder.display());
        desk.link(&line).is(outcome);
        fs::remove_dir_all(folder).expect("a directory");
    }
}

#[test]
fn a_program_around_a_driver_counts_with_all_of_its_environment() {
    let mut desk = Desk::with_objects();
    desk.around("bin/clang", "/usr/bin/gcc", None);
    let line = "bin/clang main.o part.o -o app";
    follows_its_variable(&mut desk, line, "bin/clang runs /usr/bin/");
}

#[test]
fn a_program_around_a_driver_that_answers_for_it_is_seen_when_it_links() {
    let mut desk = Desk::with_objects();
    desk.around("bin/gcc", "/usr/bin/gcc", Some("gcc (Ours) 12.2.0"));
    let line = "bin/gcc main.o part.o -o app";
    follows_its_variable(&mut desk, line, "bin/gcc runs /usr/bin/gcc");
}

#[test]
fn a_program_that_nobody_knows_counts_with_all_of_its_environment() {
    let mut desk = Desk::with_objects();
    desk.around("bin/gcc", "/usr/bin/gcc", Some("acc 1.0"));
    let line = "bin/gcc main.o part.o -o app";
    follows_its_variable(&mut desk, line, "bin/gcc says that it is `acc 1.0`");
}

#[test]
fn what_stands_in_the_place_of_the_linker_counts_with_all_of_its_environment() {
    let mut desk = Desk::with_objects();
    desk.script("script/ld", "/usr/bin/ld.bfd");
    desk.around("around/ld", "/usr/bin/ld.bfd", None);
    let version = Some("GNU ld (GNU Binutils) 2.40");
    desk.around("answers/ld", "/usr/bin/ld.bfd", version);
    desk.script("helper/as", "/usr/bin/as");
    for (line, why) in [
        ("gcc -Bscript main.o part.o -o app", "ld is a script"),
        ("gcc -Baround main.o part.o -o app", "ld runs /usr/bin/"),
        ("gcc -Banswers main.o part.o -o app", "ld runs /usr/bin/"),
    ] {
        follows_its_variable(&mut desk, line, why);
    }
    let line = "gcc -Bhelper main.o part.c -o app";
    let assembled = desk.link(line);
    assert!(
        doubt(&assembled).contains("as is a script"),
        "{assembled:#?}"
    );
    desk.link(line).is("current");
}

#[test]
fn a_linker_that_needs_its_variable_is_not_kept_from_it() {
    let mut desk = Desk::with_objects();
    let script = "#!/bin/sh\nexec ${MY_LINKER:?is unset} \"$@\"\n";
    desk.write("bin/ld", script);
    desk.plain("chmod +x bin/ld");
    let line = "gcc -Bbin main.o part.o -o app";
    let failed = desk.link(line);
    assert_ne!(failed.exit, Some(0));
    assert!(failed.stderr.contains("is unset"), "{failed:#?}");
    desk.set("MY_LINKER", "ld.bfd");
    let linked = desk.link(line);
    linked.is("linked");
    assert_eq!(linked.exit, Some(0), "{linked:#?}");
    desk.link(line).is("current");
    // Once the script is gone, a driver is again what it says.
    desk.remove("bin/ld");
    desk.link(line).is("linked");
    desk.link(line).is("current");
    desk.set("MY_LINKER", "ld.gold");
    desk.link(line).is("linked");
    let known = desk.link(line);
    known.is("current");
    assert_eq!(doubt(&known), "");
    desk.set("MY_LINKER", "ld.bfd");
    desk.link(line).is("current");
}

#[test]
fn code_that_a_variable_loads_into_a_tool_may_read_all_others() {
    let mut desk = Desk::with_objects();
    desk.write(
        "loaded.c",
        "#include <stdio.h>\n#include <stdlib.h>\n\
         __attribute__((constructor)) static void begin(void) {\n\
         fputs(getenv(\"MY_KEY\") ? getenv(\"MY_KEY\") : \"no key\", stderr); }\n",
    );
    desk.plain("gcc -shared -fPIC loaded.c -o loaded.so");
    let line = "ld.bfd -e main main.o part.o -o app";
    desk.link(line).is("linked");
    desk.link(line).is("current");
    desk.set("LD_PRELOAD", desk.file("loaded.so").display().to_string());
    desk.set("MY_KEY", "first");
    let loaded = desk.link(line);
    loaded.is("linked");
    assert!(loaded.stderr.contains("first"), "{loaded:#?}");
    assert!(doubt(&loaded).contains("LD_PRELOAD"), "{loaded:#?}");
    desk.link(line).is("current");
    desk.set("MY_KEY", "second");
    let other = desk.link(line);
    other.is("linked");
    assert!(other.stderr.contains("second"), "{other:#?}");
    desk.link(line).is("current");
}

#[test]
fn only_what_may_be_a_tool_is_asked_for_its_version() {
    let desk = Desk::with_objects();
    let script = "#!/bin/sh\necho \"$@\" >>asked\nexec gcc \"$@\"\n";
    for name in ["link", "other", "ldd", "lld", "account"] {
        desk.write(name, script);
        desk.plain(&format!("chmod +x {name}"));
        for words in ["main.o part.o -o app", "-flavor gnu main.o -o app"] {
            desk.link(&format!("./{name} {words}"));
        }
        let asked = String::from_utf8(desk.read("asked")).expect("text");
        assert!(!asked.contains("--version"), "{name}: {asked}");
    }
}

#[test]
fn a_tool_is_asked_once() {
    let desk = Desk::with_objects();
    let answers = || {
        let folder = fs::read_dir(desk.cache().join("answers"));
        folder.expect("somebody was asked").count()
    };
    desk.link("gcc main.o part.o -o app").is("linked");
    let (first, known) = (answers(), "gcc main.o part.o -s -o app");
    assert_eq!(first, 2, "gcc and its linker");
    desk.link(known).is("linked");
    assert_eq!(answers(), first);
    // A damaged answer is asked for again.
    for answer in fs::read_dir(desk.cache().join("answers")).expect("a folder") {
        fs::write(answer.expect("a file").path(), "damaged").expect("a file");
    }
    desk.link("gcc main.o part.o -g -o app").is("linked");
    desk.link("gcc main.o part.o -g -o app").is("current");
}
