//! Random command lines and layouts for the linkers of ELF and the drivers before them.

use crate::foreign;
use crate::pool::{Pool, VARIANTS};
use crate::random::Random;
use crate::scenario::{ROOT, Scenario};
use crate::tree::Node;

/// The words that a family begins with, and a program that it needs.
pub const FAMILIES: &[(&str, &str)] = &[
    ("ld.bfd", "ld.bfd"),
    ("ld.gold", "ld.gold"),
    ("ld.lld-19", "ld.lld-19"),
    ("mold", "mold"),
    ("gcc -fuse-ld=bfd", "gcc"),
    ("gcc", "gcc"),
    ("gcc -fuse-ld=gold", "gcc"),
    ("gcc -fuse-ld=mold", "mold"),
    ("clang-19", "clang-19"),
    ("clang-19 -fuse-ld=lld", "clang-19"),
];

const FOLDERS: &[&str] = &["d0", "d1", "d2", "d3"];

struct Maker<'m> {
    random: &'m mut Random,
    pool: &'m Pool,
    scenario: Scenario,
    driver: bool,
    family: &'static str,
}

pub fn scenario(random: &mut Random, pool: &Pool, family: &'static str) -> Scenario {
    let mut maker = Maker {
        random,
        pool,
        scenario: Scenario::new(family),
        driver: family.starts_with("gcc") || family.starts_with("clang"),
        family,
    };
    maker.make();
    maker.scenario
}

impl Maker<'_> {
    fn make(&mut self) {
        for word in self.family.split(' ') {
            self.scenario.word(word);
        }
        self.objects();
        let folders = self.folders();
        self.libraries(&folders);
        self.states_and_libraries();
        self.files_of_options();
        if self.driver {
            self.surroundings();
        }
        self.tools();
        self.output();
        let nested = !self.family.contains("mold") || self.driver;
        self.scenario.respond(self.random, nested);
    }

    /// A word for the linker, through the driver if there is one.
    fn linker_word(&mut self, word: &str) {
        if self.driver {
            self.scenario.word(format!("-Wl,{word}"));
        } else {
            self.scenario.word(word);
        }
    }

    fn variant(&mut self) -> usize {
        self.random.below(VARIANTS)
    }

    fn objects(&mut self) {
        let bare = !self.driver || self.random.once_in(2);
        let main = if bare { "start.o" } else { "main.o" };
        if self.driver && bare {
            let word = *self.random.pick(&["-nostdlib", "-nostartfiles"]);
            self.scenario.word(word);
        }
        self.scenario.put(main, Node::file(self.pool.get(main)));
        self.scenario.word(main);
        if self.random.once_in(3) {
            self.file_and_candidates("extra.o", "extra", "o");
            self.scenario.word("extra.o");
        }
        // A response file that is not there is a file of that name, at-sign and all.
        if self.random.once_in(6) && !self.family.contains("mold") {
            self.file_and_candidates("@absent", "extra", "o");
            self.scenario.word("@absent");
            self.scenario.candidate("absent", Node::text("\n"));
            self.scenario
                .candidate("absent", Node::text("-Ld3 -lbaz\n"));
        }
    }

    /// A file, and its variants as candidates.
    fn file_and_candidates(&mut self, path: &str, name: &str, extension: &str) {
        let variant = self.variant();
        let node = Node::file(self.pool.variant(name, variant, extension));
        self.scenario.put(path, node);
        self.candidates(path, name, extension);
    }

    fn candidates(&mut self, path: &str, name: &str, extension: &str) {
        for variant in 0..VARIANTS {
            let node = Node::file(self.pool.variant(name, variant, extension));
            self.scenario.candidate(path, node);
        }
    }

    fn folders(&mut self) -> Vec<String> {
        let mut folders = Vec::new();
        for folder in FOLDERS {
            let real = match self.random.below(6) {
                // Missing, until something is put into it.
                0 => None,
                1 => {
                    let target = format!("real_{folder}");
                    self.scenario.put(*folder, Node::link(target.clone()));
                    Some(target)
                }
                _ => Some((*folder).to_owned()),
            };
            if let Some(real) = &real {
                self.scenario.put(real, Node::Directory);
            }
            let real = real.unwrap_or_else(|| (*folder).to_owned());
            self.scenario.candidate(&real, Node::Directory);
            folders.push(real);
            if self.random.once_in(5) {
                continue;
            }
            let word = match self.random.below(6) {
                0 if !self.driver => format!("--library-path={folder}"),
                1 => format!("-L./{folder}"),
                2 => format!("-L{ROOT}/{folder}"),
                _ => format!("-L{folder}"),
            };
            self.scenario.word(word);
        }
        if self.random.once_in(6) {
            self.scenario.word("-L.");
        }
        if self.random.once_in(6) {
            self.scenario.word("-Lmissing/deep");
            self.scenario.candidate("missing", Node::Directory);
            folders.push("missing/deep".to_owned());
        }
        folders
    }

    fn libraries(&mut self, folders: &[String]) {
        for name in ["foo", "bar"] {
            for folder in folders {
                if self.random.once_in(2) && self.scenario.tree.contains_key(folder) {
                    self.library(folder, name);
                }
                self.library_candidates(folder, name);
            }
        }
        // Something to find, mostly.
        for name in ["foo", "bar"] {
            if !self.random.once_in(8) {
                let folder = self.random.pick(&["d0", "d1", "d2", "d3"]).to_string();
                let real = folders.iter().find(|real| real.ends_with(&folder));
                let folder = real.cloned().unwrap_or(folder);
                self.file_and_candidates(&format!("{folder}/lib{name}.a"), name, "a");
                self.scenario.word(format!("-L{folder}"));
            }
        }
        for place in [
            "d0/libr.a",
            "d1/libr.a",
            "d2/libr.a",
            "d3/libr.a",
            "libr.a",
            "vendor/libr.a",
        ] {
            if self.random.once_in(3) {
                let variant = self.variant();
                let node = Node::file(self.pool.variant("r", variant, "a"));
                self.place(place, node);
            }
            self.candidates(place, "r", "a");
        }
        for folder in folders {
            self.candidates(&format!("{folder}/libbaz.a"), "baz", "a");
            if self.random.once_in(4) {
                self.candidates(&format!("{folder}/libbaz.so"), "baz", "so");
            }
        }
    }

    /// Puts a node where nothing is in the way.
    fn place(&mut self, path: &str, node: Node) {
        let blocked = |(at, _): (usize, &str)| {
            let found = self.scenario.tree.get(&path[..at]);
            found.is_some_and(|found| *found != Node::Directory)
        };
        if !path.match_indices('/').any(blocked) {
            self.scenario.put(path, node);
        }
    }

    fn library(&mut self, folder: &str, name: &str) {
        let variant = self.variant();
        let archive = Node::file(self.pool.variant(name, variant, "a"));
        let shared = Node::file(self.pool.variant(name, variant, "so"));
        let (at_a, at_so) = (
            format!("{folder}/lib{name}.a"),
            format!("{folder}/lib{name}.so"),
        );
        match self.random.below(13) {
            0..=2 => self.place(&at_a, archive),
            3 | 4 => self.place(&at_so, shared),
            5 | 6 => {
                self.place(&at_a, archive);
                self.place(&at_so, shared);
            }
            7 => {
                let thin = Node::file(self.pool.variant(name, variant, "thin"));
                let member = Node::file(self.pool.variant(name, variant, "o"));
                self.place(&at_a, thin);
                self.place(&format!("{folder}/t_{name}.o"), member);
            }
            8 | 9 if name == "foo" => {
                let text = Node::text(self.script());
                self.place(&at_so, text);
            }
            10 => {
                let other = Node::file(self.pool.variant("other", variant, "a"));
                self.place(&at_a, other);
            }
            11 => self.place(&at_so, Node::link("nowhere")),
            12 => {
                self.place(&format!("vendor/lib{name}.{variant}.so"), shared);
                let above = "../".repeat(1 + folder.matches('/').count());
                self.place(
                    &at_so,
                    Node::link(format!("{above}vendor/lib{name}.{variant}.so")),
                );
            }
            _ => {}
        }
    }

    fn script(&mut self) -> String {
        (*self.random.pick(&[
            "INPUT(libr.a)\n",
            "GROUP ( libr.a AS_NEEDED ( libr.a ) )\n",
            "INPUT(-lbaz)\n",
            "/* GNU ld script */\nGROUP ( vendor/libr.a )\n",
            "INPUT(AS_NEEDED(-lbaz) libr.a)\n",
        ]))
        .to_owned()
    }

    fn library_candidates(&mut self, folder: &str, name: &str) {
        let base = format!("{folder}/lib{name}");
        self.candidates(&format!("{base}.a"), name, "a");
        self.candidates(&format!("{base}.so"), name, "so");
        self.candidates(&format!("{folder}/t_{name}.o"), name, "o");
        let script = Node::text(self.script());
        self.scenario.candidate(format!("{base}.so"), script);
        let other = Node::file(self.pool.variant("other", 0, "a"));
        self.scenario.candidate(format!("{base}.a"), other);
        let thin = Node::file(self.pool.variant(name, 1, "thin"));
        self.scenario.candidate(format!("{base}.a"), thin);
        if self.driver {
            for shadowed in ["libc.so", "libc.a", "libgcc.a", "libgcc_s.so", "crtbegin.o"] {
                let node = Node::file(self.pool.variant("extra", 0, "a"));
                self.scenario
                    .candidate(format!("{folder}/{shadowed}"), node);
            }
        }
    }

    fn states_and_libraries(&mut self) {
        if self.random.once_in(8) && !self.driver {
            self.scenario.word("-static");
        }
        let state = self.random.below(6);
        match state {
            0 => self.linker_word("-Bstatic"),
            1 => {
                self.linker_word("--push-state");
                self.linker_word("-Bstatic");
            }
            2 => self.linker_word("--as-needed"),
            _ => {}
        }
        let word = if self.random.once_in(8) {
            "-l:libfoo.a"
        } else {
            "-lfoo"
        };
        self.scenario.word(word);
        match state {
            0 => self.linker_word("-Bdynamic"),
            1 => self.linker_word("--pop-state"),
            _ => {}
        }
        self.scenario.word("-lbar");
        if self.random.once_in(5) {
            self.scenario.word("-lfoo");
        }
    }

    fn files_of_options(&mut self) {
        if self.random.once_in(5) {
            self.scenario
                .put("v.map", Node::text("{ local: marker_*; };\n"));
            self.scenario
                .candidate("v.map", Node::text("{ local: marker_f*; };\n"));
            self.scenario
                .candidate("v.map", Node::text("{ global: bar; local: *; };\n"));
            self.linker_word("--version-script=v.map");
        }
        if self.random.once_in(3) {
            self.linker_word("-rpath-link=rl0:rl1");
            for folder in ["rl0", "rl1"] {
                let path = format!("{folder}/libdep.so");
                if self.random.once_in(2) {
                    self.file_and_candidates(&path, "dep", "so");
                } else {
                    self.candidates(&path, "dep", "so");
                }
            }
        }
        if self.random.once_in(8) {
            self.scenario.put("sr/opt", Node::Directory);
            self.candidates("sr/opt/libfoo.a", "foo", "a");
            self.candidates("sr/usr/lib/libfoo.a", "foo", "a");
            let sysroot = format!("--sysroot={ROOT}/sr");
            // The driver would look for its own files in there.
            if self.driver {
                self.linker_word(&sysroot);
            } else {
                self.scenario.word(sysroot);
            }
            self.linker_word("-L=/opt");
        }
        if !self.driver && !self.family.contains("mold") && self.random.once_in(6) {
            let text = "INCLUDE more.ld\n";
            let more = "SECTIONS { . = 0x400000; .text : { *(.text*) } .data : { *(.data*) } }\n";
            self.scenario.put("t/x.ld", Node::text(text));
            self.scenario.put("t/more.ld", Node::text(more));
            for place in ["more.ld", "t/more.ld", "x.ld", "t/x.ld"] {
                for start in ["500000", "600000"] {
                    let other = more.replace("400000", start);
                    self.scenario.candidate(place, Node::text(other));
                }
            }
            self.scenario.word("-Lt");
            self.scenario.word("-T");
            self.scenario.word("x.ld");
        }
    }

    /// What drivers look at besides.
    fn surroundings(&mut self) {
        const SPECS: &[&str] = &[
            "*link:\n+ --defsym=oracle=1\n\n",
            "*link:\n+ --defsym=oracle=2\n\n",
        ];
        let mut places = Vec::new();
        if self.random.once_in(2) {
            let value = *self.random.pick(&["lp0:lp1", "lp0", ":lp1", "d3:lp1"]);
            let value = value.to_owned();
            self.scenario.variables.insert("LIBRARY_PATH".into(), value);
        }
        for value in ["lp0", "lp1:lp0", "", "d0"] {
            let value = Some(value.to_owned());
            self.scenario.settings.push(("LIBRARY_PATH".into(), value));
        }
        self.scenario.settings.push(("LIBRARY_PATH".into(), None));
        self.scenario
            .settings
            .push(("LPATH".into(), Some("lp1".into())));
        places.extend(["lp0", "lp1"]);
        if self.random.once_in(3) {
            self.scenario
                .variables
                .insert("COMPILER_PATH".into(), "cp".into());
        }
        self.scenario
            .settings
            .push(("COMPILER_PATH".into(), Some("cp".into())));
        self.scenario.settings.push(("COMPILER_PATH".into(), None));
        self.scenario
            .settings
            .push(("COMPILER_PATH".into(), Some(String::new())));
        if self.random.once_in(3) {
            let word = *self.random.pick(&["-Bbd", "-Bbd/"]);
            self.scenario.word(word);
        }
        places.extend(["bd", "cp"]);
        for place in places {
            self.scenario.candidate(place, Node::Directory);
            for specs in SPECS {
                self.scenario
                    .candidate(format!("{place}/specs"), Node::text(*specs));
            }
            for (name, kind) in [("foo", "a"), ("bar", "so")] {
                self.candidates(&format!("{place}/lib{name}.{kind}"), name, kind);
            }
            for crt in ["crti.o", "Scrt1.o", "x86_64-linux-gnu/Scrt1.o"] {
                let node = Node::file(self.pool.variant("extra", 1, "o"));
                self.scenario.candidate(format!("{place}/{crt}"), node);
            }
            for name in [
                "ld",
                "real-ld",
                "collect-ld",
                "ld.bfd",
                "ld.gold",
                "ld.lld",
                "x86_64-pc-linux-gnu-ld",
            ] {
                let path = format!("{place}/{name}");
                foreign::candidates(&mut self.scenario, self.pool, &path, true);
            }
        }
    }

    /// Programs that come earlier in `PATH`.
    fn tools(&mut self) {
        let path = format!("{ROOT}/tools:/usr/local/bin:/usr/bin:/bin");
        self.scenario.variables.insert("PATH".into(), path);
        if self.driver {
            for path in ["tools/ld", "tools/ld.bfd", "tools/ld.gold"] {
                foreign::candidates(&mut self.scenario, self.pool, path, true);
            }
        } else if self.family != "mold" {
            let node = Node::program(self.pool.get(self.family));
            let path = format!("tools/{}", self.family);
            self.scenario.candidate(path, node);
        }
        let program = self.family.split(' ').next().unwrap_or_default();
        foreign::place(self.random, &mut self.scenario, self.pool, program);
        for (name, value) in [
            ("LD_RUN_PATH", "rl1"),
            ("LD_LIBRARY_PATH", "rl1"),
            ("LDEMULATION", "elf_i386"),
            ("GNUTARGET", "elf64-x86-64"),
            ("SOURCE_DATE_EPOCH", "7"),
            ("LLD_VERSION", "LLD of ours"),
            ("MOLD_DEBUG", "1"),
        ] {
            for value in [Some(value), Some(""), None] {
                let value = value.map(str::to_owned);
                self.scenario.settings.push((name.into(), value));
            }
        }
    }

    fn output(&mut self) {
        let output = if self.random.once_in(3) {
            "out/app"
        } else {
            "app"
        };
        if output != "app" {
            self.scenario.put("out", Node::Directory);
        }
        self.scenario.word("-o");
        self.scenario.word(output);
        self.scenario.outputs.push(output.into());
        if self.random.once_in(4) {
            self.linker_word("-Map=app.map");
            self.scenario.outputs.push("app.map".into());
        }
        if self.random.once_in(5) {
            self.linker_word("--dependency-file=app.d");
            self.scenario.outputs.push("app.d".into());
        }
        if self.random.once_in(6) {
            self.scenario.word("-shared");
        }
    }
}
