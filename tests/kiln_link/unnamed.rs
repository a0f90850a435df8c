//! Variables that no rule names, read all the same: by way of a specs file, or by a plugin.

use crate::desk::{Desk, doubt, has};

/// A plugin for linkers. It adds the file that a variable names to the link, and says what another one holds.
const LINKER_PLUGIN: &str = r#"
#include <stdio.h>
#include <stdlib.h>

struct entry {
    int tag;
    union { int value; int (*add_input_file)(const char *); int (*all_read)(int (*)(void)); } of;
};
static int (*add_input_file)(const char *);

static int all_read(void) {
    char *more = getenv("MY_INPUT");
    return more ? add_input_file(more) : 0;
}

int onload(struct entry *entry) {
    for (; entry->tag; entry++) {
        if (entry->tag == 10)
            add_input_file = entry->of.add_input_file;
        if (entry->tag == 6)
            entry->of.all_read(all_read);
    }
    if (getenv("MY_WORDS"))
        puts(getenv("MY_WORDS"));
    return 0;
}
"#;

/// Without an entry of its own for anybody: what is loaded may act at once.
const CONSTRUCTOR: &str = r#"
#include <stdio.h>
#include <stdlib.h>
int plugin_is_GPL_compatible;
int plugin_init(void *name, void *version) { return !name || !version; }
__attribute__((constructor)) static void begin(void) {
    if (getenv("MY_WORDS"))
        fputs(getenv("MY_WORDS"), stderr);
}
"#;

impl Desk {
    fn shared(&self, name: &str, text: &str) {
        self.write(format!("{name}.c"), text);
        let made = self.plain(&format!("gcc -shared -fPIC {name}.c -o {name}.so"));
        assert!(made.status.success(), "{made:?}");
    }

    /// What Kiln gives is what the command alone gives, the first time and afterwards, when it does not run.
    #[track_caller]
    fn same_as_plain(&self, line: &str) {
        let plain = self.plain(line);
        let bytes = self.read("app");
        self.remove("app");
        let linked = self.link(line);
        linked.is("linked");
        assert_eq!(linked.log["recorded"], true, "{linked:#?}");
        for call in [linked, self.link(line)] {
            assert_eq!(call.exit, plain.status.code(), "{call:#?}");
            assert_eq!(call.stdout, String::from_utf8_lossy(&plain.stdout));
            assert_eq!(call.stderr, String::from_utf8_lossy(&plain.stderr));
            assert!(self.read("app") == bytes, "{call:#?}");
        }
        self.link(line).is("current");
    }
}

#[test]
fn a_specs_file_may_name_any_variable() {
    let mut desk = Desk::with_objects();
    let specs = "*link:\n+ %:getenv(MY_PREFIX /lib) %:getenv(MY_SYMBOL =7)\n";
    desk.write("mine/link.specs", specs);
    desk.write("including", "%include <mine/link.specs>\n");
    desk.write("specs/specs", specs);
    for way in ["-specs=mine/link.specs", "-specs=including", "-Bspecs"] {
        let line = format!("gcc {way} main.o part.o -o app");
        desk.set("MY_PREFIX", "-L/opt");
        desk.set("MY_SYMBOL", "--defsym=mark");
        desk.same_as_plain(&line);
        let symbols = || String::from_utf8(desk.plain("nm app").stdout).expect("text");
        assert!(symbols().contains("7 A mark"), "{way}");
        desk.set("MY_SYMBOL", "--defsym=other");
        let changed = desk.link(&line);
        changed.is("linked");
        let why = "MY_SYMBOL was \"--defsym=mark\", is \"--defsym=other\"";
        assert_eq!(changed.sentences("why"), [why], "{way}");
        assert!(doubt(&changed).ends_with("says `%:getenv`"), "{changed:#?}");
        let symbols = || String::from_utf8(desk.plain("nm app").stdout).expect("text");
        assert!(symbols().contains("7 A other"), "{way}");
        desk.link(&line).is("current");
        // gcc takes none that is unset.
        desk.unset("MY_SYMBOL");
        let (plain, failed) = (desk.plain(&line), desk.link(&line));
        assert_ne!(failed.exit, Some(0), "{failed:#?}");
        assert_eq!(failed.exit, plain.status.code());
        assert_eq!(failed.stderr, String::from_utf8_lossy(&plain.stderr));
    }
}

#[test]
fn a_variable_that_is_given_and_does_not_count_counts_where_specs_name_it() {
    let mut desk = Desk::with_objects();
    desk.write("own.specs", "*link:\n+ -L%:getenv(HOME /lib) -lmine\n");
    for (home, value) in [("one", "1"), ("two", "2")] {
        let source = format!("{home}/lib/mine.c");
        desk.write(&source, format!("int mine(void) {{ return {value}; }}\n"));
        let out = format!("{home}/lib/libmine.a");
        assert!(
            desk.plain(&format!("gcc -r {source} -o {out}"))
                .status
                .success()
        );
    }
    desk.write(
        "part.c",
        "int mine(void);\nint part(void) { return mine(); }\n",
    );
    desk.compile("part");
    let line = "gcc -specs=own.specs main.o part.o -o app";
    for (home, exit) in [("one", 1), ("two", 2), ("one", 1)] {
        desk.set("HOME", desk.file(home).display().to_string());
        assert_eq!(desk.link(line).exit, Some(0));
        assert_eq!(desk.exit_of("app"), Some(exit), "{home}");
        desk.link(line).is("current");
    }
}

#[test]
fn a_specs_file_without_variables_leaves_all_others_out() {
    let mut desk = Desk::with_objects();
    desk.write("plain.specs", "*link:\n+ --defsym=mark=1\n");
    let line = "gcc -specs=plain.specs main.o part.o -o app";
    let first = desk.link(line);
    first.is("linked");
    assert_eq!(doubt(&first), "");
    desk.set("MY_SYMBOL", "--defsym=other");
    desk.link(line).is("current");
    desk.write("plain.specs", "*link:\n+ %:getenv(MY_SYMBOL =7)\n");
    desk.same_as_plain(line);
}

#[test]
fn a_linkers_plugin_may_read_any_variable() {
    let mut desk = Desk::with_objects();
    desk.shared("plugin", LINKER_PLUGIN);
    desk.write("one.c", "int one;\n");
    desk.compile("one");
    let mut lines = vec!["ld.bfd -plugin ./plugin.so -e main main.o part.o -o app"];
    for (linker, line) in [
        (
            "ld.gold",
            "ld.gold --plugin ./plugin.so -e main main.o part.o -o app",
        ),
        (
            "ld.gold",
            "gcc -fuse-ld=gold -fno-lto -Wl,-plugin,./plugin.so main.o part.o -o app",
        ),
        (
            "ld.bfd",
            "gcc -fuse-ld=bfd -Wl,-plugin,./plugin.so main.o part.o -o app",
        ),
        (
            "clang-19",
            "clang-19 -fuse-ld=bfd -Wl,-plugin,./plugin.so main.o part.o -o app",
        ),
    ] {
        if has(linker) {
            lines.push(line);
        }
    }
    for line in lines {
        desk.unset("MY_INPUT");
        desk.set("MY_WORDS", "first");
        desk.same_as_plain(line);
        desk.set("MY_WORDS", "second");
        let other = desk.link(line);
        other.is("linked");
        assert_eq!(
            other.sentences("why"),
            ["MY_WORDS was \"first\", is \"second\""],
            "{line}"
        );
        assert!(
            doubt(&other).ends_with("plugin.so is a plugin"),
            "{other:#?}"
        );
        desk.set("MY_INPUT", "one.o");
        desk.same_as_plain(line);
        let symbols = String::from_utf8(desk.plain("nm app").stdout).expect("text");
        assert!(symbols.contains(" one\n"), "{line}: {symbols}");
    }
}

#[test]
fn a_compilers_plugin_may_read_any_variable() {
    let mut desk = Desk::new();
    desk.shared("plugin", CONSTRUCTOR);
    let mut lines = vec!["gcc -fplugin=./plugin.so main.c part.c -o app"];
    if has("clang-19") {
        lines.push("clang-19 -fplugin=./plugin.so main.c part.c -o app");
    }
    if has("ld.lld-19") {
        lines.push("clang-19 -fuse-ld=lld -Wl,-mllvm,-load=./plugin.so main.c part.c -o app");
    }
    for line in lines {
        desk.set("MY_WORDS", "first");
        let first = desk.link(line);
        first.is("linked");
        assert_eq!(first.exit, Some(0), "{first:#?}");
        assert!(first.stderr.contains("first"), "{first:#?}");
        desk.link(line).is("current");
        desk.set("MY_WORDS", "second");
        let second = desk.link(line);
        second.is("linked");
        assert!(second.stderr.contains("second"), "{second:#?}");
        assert!(
            doubt(&second).ends_with("plugin.so is a plugin"),
            "{second:#?}"
        );
        desk.link(line).is("current");
    }
}

#[test]
fn the_plugin_for_optimisation_at_link_time_is_known() {
    let desk = Desk::new();
    let first = desk.link("gcc -fuse-ld=bfd -flto main.c part.c -o app");
    first.is("linked");
    assert_eq!(doubt(&first), "", "{first:#?}");
}
