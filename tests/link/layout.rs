//! Random libraries in random places, and random command lines that look for them. The same seed gives the same.

use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

/// The libraries; scripts of one name later ones only, so that none goes in circles.
const NAMES: [&str; 3] = ["foo", "bar", "baz"];
const DIRECTORIES: [&str; 3] = ["a", "b", "c"];
/// Libraries of each name and kind.
const KINDS: usize = 4;

/// Small numbers in an order that looks random (xorshift).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

/// Libraries that are made once and copied to many places. Each has a symbol, or a name, of its own: `foo_m2`.
pub struct Pool {
    folder: tempfile::TempDir,
}

impl Pool {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a scratch directory");
        let run = |program: &str, args: &str| {
            let output = Command::new(program)
                .args(args.split(' '))
                .current_dir(folder.path())
                .output()
                .unwrap_or_else(|error| panic!("{program}: {error}"));
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{program} {args}: {stderr}");
        };
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("writes");
        };
        write(
            "start.s",
            ".globl start\nstart: call foo\ncall bar\ncall baz\n.section .note.GNU-stack,\"\",@progbits\n",
        );
        run("as", "-o start.o start.s");
        for name in NAMES {
            for kind in 0..KINDS {
                let marked = format!("{name}_m{kind}");
                let text = format!(
                    ".globl {name}\n.globl {marked}\n.type {name},@function\n{name}: {marked}: ret\n.section .note.GNU-stack,\"\",@progbits\n"
                );
                write("marked.s", &text);
                run("as", &format!("-o {marked}.o marked.s"));
                run("ar", &format!("rcs {marked}.a {marked}.o"));
                run(
                    "ld",
                    &format!("-shared -soname {marked} -o {marked}.so {marked}.o"),
                );
            }
            run("as", &format!("--32 -o {name}_32.o marked.s"));
            run("ar", &format!("rcs {name}_32.a {name}_32.o"));
            run(
                "ld",
                &format!("-m elf_i386 -shared -o {name}_32.so {name}_32.o"),
            );
        }
        Self { folder }
    }

    fn copy(&self, name: &str, to: &Utf8Path) {
        fs::copy(self.folder.path().join(name), to).expect("copies");
    }
}

/// One layout with a command line.
pub struct Layout {
    pub folder: tempfile::TempDir,
    pub args: Vec<String>,
    /// By path: what shows in the program that this file was taken.
    pub markers: BTreeMap<Utf8PathBuf, String>,
}

impl Layout {
    pub fn new(random: &mut Random, pool: &Pool) -> Self {
        let folder = tempfile::tempdir().expect("a scratch directory");
        let mut layout = Self {
            folder,
            args: Vec::new(),
            markers: BTreeMap::new(),
        };
        pool.copy("start.o", &layout.root().join("start.o"));
        for directory in DIRECTORIES {
            fs::create_dir_all(layout.root().join(directory)).expect("a directory");
        }
        fs::create_dir_all(layout.root().join("sr/c")).expect("a directory");
        for (at, name) in NAMES.iter().enumerate() {
            for directory in [&DIRECTORIES[..], &["sr/c"]].concat() {
                layout.library(random, pool, directory, at, name);
            }
            // What scripts may name.
            for directory in ["", "a/", "b/"] {
                if random.chance(50) {
                    layout.marked(random, pool, &format!("{directory}{name}_x.o"), name, "o");
                }
            }
        }
        layout.command(random);
        layout
    }

    pub fn root(&self) -> Utf8PathBuf {
        let path = fs::canonicalize(self.folder.path()).expect("the directory is there");
        Utf8PathBuf::from_path_buf(path).expect("a path in UTF-8")
    }

    fn marked(&mut self, random: &mut Random, pool: &Pool, path: &str, name: &str, kind: &str) {
        let marker = format!("{name}_m{}", random.below(KINDS));
        pool.copy(&format!("{marker}.{kind}"), &self.root().join(path));
        self.markers.insert(path.into(), marker);
    }

    fn library(
        &mut self,
        random: &mut Random,
        pool: &Pool,
        directory: &str,
        at: usize,
        name: &str,
    ) {
        let shared = format!("{directory}/lib{name}.so");
        let place = self.root().join(&shared);
        match random.below(100) {
            0..22 => self.marked(random, pool, &shared, name, "so"),
            22..38 => {
                let script = script(random, at);
                let script = script.replace("ROOT", self.root().as_str());
                fs::write(place, script).expect("writes");
            }
            38..40 => symlink("nothing", place).expect("links"),
            40..41 => fs::create_dir(place).expect("a directory"),
            41..45 => pool.copy(&format!("{name}_32.so"), &place),
            45..46 => fs::write(place, "").expect("writes"),
            46..47 => fs::write(place, "hello\n").expect("writes"),
            _ => {}
        }
        let archive = format!("{directory}/lib{name}.a");
        let place = self.root().join(&archive);
        match random.below(100) {
            0..50 => self.marked(random, pool, &archive, name, "a"),
            50..70 => {
                let member = format!("{directory}/{name}_member.o");
                self.marked(random, pool, &member, name, "o");
                let marker = self.markers[Utf8Path::new(&member)].clone();
                let made = Command::new("ar")
                    .args(["rcsT", &archive, &member])
                    .current_dir(self.root())
                    .status();
                assert!(made.expect("ar runs").success());
                self.markers.insert(archive.into(), marker);
            }
            70..74 => pool.copy(&format!("{name}_32.a"), &place),
            74..75 => fs::create_dir(place).expect("a directory"),
            75..77 => symlink("nothing", place).expect("links"),
            77..80 => fs::write(place, b"!<arch>\n").expect("writes"),
            _ => {}
        }
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.root().join(path), text).expect("writes");
    }

    fn command(&mut self, random: &mut Random) {
        let mut args: Vec<String> = Vec::new();
        let mut open = 0;
        let sysroot = random.chance(20);
        if sysroot {
            args.push(format!("--sysroot={}/sr", self.root()));
        }
        for _ in 0..3 + random.below(8) {
            let directory = random.of(&["a", "b", "c", "absent", "./a", "b/", "a/../c"]);
            let name = random.of(&NAMES);
            match random.below(24) {
                0..5 => args.push(format!("-L{directory}")),
                5 => args.extend(["-L".to_owned(), directory.to_owned()]),
                6 if sysroot => args.push(random.of(&["-L=/c", "-L=c", "-L$SYSROOT/c"]).to_owned()),
                7..13 => args.push(format!("-l{name}")),
                13 => args.push(format!("-l:lib{name}.{}", random.of(&["a", "so"]))),
                14 => args.push(
                    random
                        .of(&["-Bstatic", "-Bdynamic", "-static", "-dn"])
                        .to_owned(),
                ),
                15 => args.push(random.of(&["-Bstatic", "-Bdynamic"]).to_owned()),
                16 => {
                    open += 1;
                    args.push("--push-state".to_owned());
                }
                17 if open > 0 => {
                    open -= 1;
                    args.push("--pop-state".to_owned());
                }
                18 => args.push(random.of(&["--as-needed", "--no-as-needed"]).to_owned()),
                19 => args.extend([
                    "--start-group".to_owned(),
                    format!("-l{name}"),
                    "--end-group".to_owned(),
                ]),
                20 => {
                    let file = format!("{directory}/lib{name}.{}", random.of(&["a", "so"]));
                    if fs::metadata(self.root().join(&file)).is_ok_and(|found| found.is_file()) {
                        args.push(file);
                    }
                }
                21 => {
                    self.write("v.map", "{ global: start; local: *; };\n");
                    args.push("--version-script=v.map".to_owned());
                }
                22 => {
                    self.write("nested.rsp", &format!("-l{name} '-L{directory}'\n"));
                    self.write("more.rsp", "@nested.rsp \"-Lc\"\n");
                    args.push(random.of(&["@more.rsp", "@nested.rsp"]).to_owned());
                }
                _ => args.push(format!("-L{}/{directory}", self.root())),
            }
        }
        args.extend((0..open).map(|_| "--pop-state".to_owned()));
        let at = random.below(2) * args.len();
        args.insert(at, "start.o".to_owned());
        let rest =
            "-e start -z muldefs --unresolved-symbols=ignore-all -o out --dependency-file=out.d";
        args.extend(rest.split(' ').map(str::to_owned));
        self.args = args;
    }
}

/// What a library of this rank can be instead of a library.
fn script(random: &mut Random, at: usize) -> String {
    let mut wanted = Vec::new();
    for _ in 0..=random.below(2) {
        let object = random.of(&NAMES);
        let later = NAMES.get(at + 1 + random.below(2));
        let word = match (random.below(6), later) {
            (0, Some(later)) => format!("-l{later}"),
            (1, Some(later)) => format!("lib{later}.a"),
            (2, Some(later)) => format!("AS_NEEDED ( lib{later}.so )"),
            (3, Some(later)) => format!("AS_NEEDED ( -l{later} )"),
            (4, _) => format!("ROOT/a/{object}_x.o"),
            _ => format!("{object}_x.o"),
        };
        wanted.push(word);
    }
    let command = random.of(&["INPUT", "GROUP"]);
    let format = random.of(&["", "/* a script */ ", "OUTPUT_FORMAT(elf64-x86-64)\n"]);
    format!(
        "{format}{command} ( {} )\n",
        wanted.join(random.of(&[" ", ", "]))
    )
}
