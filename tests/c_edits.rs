//! Random edits of a C project: each build is compared, byte by byte, with one that uses no recorded result.
//!
//! On the real disk, with the compiler of this machine. `KILN_C_STEPS` sets the number of steps for each seed. A failure
//! prints the seed and the steps that led to it. Without a compiler nothing is tested, and that is said loudly.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(target_os = "linux")]

#[path = "model/random.rs"]
mod random;

use kiln::explain::Status;
use kiln::host::{Host, NativeHost};
use kiln::link::Linkers;
use kiln::{Engine, Request, Target};
use random::Random;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const STEPS: usize = 14;

/// Headers and sources of the project; each source includes some of the headers.
const HEADERS: usize = 4;
const SOURCES: usize = 4;

/// Lines that may stand in any file, some of which are comments in part and some look as if they were.
const LINES: &[&str] = &[
    "// a comment",
    "/* a comment */",
    "/* over\n   lines */",
    "",
    "   ",
    "/* begins */ KEPT int NAME(void) { return 1; } /* and ends */",
    "KEPT const char *NAME(void) { return \"http://NAME\"; } // \"",
    "KEPT int NAME(void) { return '\"' + sizeof \"/* no comment */\"; }",
    "KEPT int NAME(void) { return __LINE__; }",
    "#define NAME(x) #x // \\\"",
    "#define NAME a \\\n  b /* c */",
    "KEPT int NAME(int a) { switch (a) { case 1: a++; /* fall through */ default: return a; } }",
    "KEPT int NAME(void) { return 0x1; } /* a */ /* b */",
];

/// What is emitted though nobody calls it.
const KEPT: &str = "#undef KEPT\n#define KEPT __attribute__((used)) static\n";

struct Project {
    root: PathBuf,
    host: Arc<dyn Host>,
    log: Vec<String>,
    names: usize,
}

impl Project {
    fn new(root: PathBuf) -> Self {
        let host = NativeHost::open(root.to_str().expect("UTF-8").into(), "test".to_owned())
            .expect("a folder");
        let project = Self {
            root,
            host: Arc::new(host),
            log: Vec::new(),
            names: 0,
        };
        for folder in ["src", "include", "first"] {
            std::fs::create_dir(project.root.join(folder)).expect("makes a folder");
        }
        project.configure("");
        for header in 0..HEADERS {
            let text = format!("#pragma once\n{KEPT}#define VALUE{header} {header}\n");
            project.write(&format!("include/h{header}.h"), &text);
        }
        let mut calls = String::new();
        for source in 1..SOURCES {
            let (one, two) = (source % HEADERS, (source * 2 + 1) % HEADERS);
            let text = format!(
                "#include \"h{one}.h\"\n#include \"h{two}.h\"\nint part{source}(void) {{ return VALUE{one} * 10 + VALUE{two}; }}\n"
            );
            project.write(&format!("src/s{source}.c"), &text);
            calls += &format!("int part{source}(void);\n");
        }
        let main = format!(
            "#include <assert.h>\n#include \"h0.h\"\n{calls}int main(void) {{ assert(VALUE0 < 1000); return part1() + part2() + part3(); }}\n"
        );
        project.write("src/s0.c", &main);
        project
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.root.join(file), text).expect("writes");
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.root.join(file)).expect("reads")
    }

    fn configure(&self, flags: &str) {
        let text = format!(
            "[[executable]]\nname = \"app\"\nsources = [\"src/*.c\"]\ninclude = [\"first\", \"include\"]\nflags = [{flags}]\n"
        );
        self.write("kiln.toml", &text);
    }

    fn some_file(&self, random: &mut Random) -> String {
        match random.below(2) {
            0 => format!("include/h{}.h", random.below(HEADERS)),
            _ => format!("src/s{}.c", random.below(SOURCES)),
        }
    }

    fn edit(&mut self, random: &mut Random) {
        let file = self.some_file(random);
        let text = self.read(&file);
        let lines: Vec<&str> = text.lines().collect();
        self.names += 1;
        let told = match random.below(9) {
            0..=3 => {
                let line = random
                    .pick(LINES)
                    .replace("NAME", &format!("name{}", self.names));
                // Between whole lines, and never within one that goes on.
                let at = if random.once_in(2) {
                    3.min(lines.len())
                } else {
                    lines.len()
                };
                let mut lines = lines.clone();
                lines.insert(at, &line);
                self.write(&file, &(lines.join("\n") + "\n"));
                format!("{file}: line {at} is {line:?}")
            }
            4 => {
                let header = random.below(HEADERS);
                let path = format!("include/h{header}.h");
                let value = random.below(50);
                let text = format!(
                    "{}#undef VALUE{header}\n#define VALUE{header} {value}\n",
                    self.read(&path)
                );
                self.write(&path, &text);
                format!("{path}: VALUE{header} is {value}")
            }
            5 => {
                let header = random.below(HEADERS);
                let path = self.root.join(format!("first/h{header}.h"));
                match path.exists() {
                    true => std::fs::remove_file(&path).expect("removes"),
                    false => std::fs::write(&path, format!("{KEPT}#define VALUE{header} 7\n"))
                        .expect("writes"),
                }
                format!("first/h{header}.h comes or goes")
            }
            6 => {
                let flags = [
                    "",
                    "\"-g\"",
                    "\"-Wall\", \"-Wextra\"",
                    "\"-O2\"",
                    "\"-DVALUE9\"",
                ];
                let flags = random.pick(&flags);
                self.configure(flags);
                format!("flags are {flags}")
            }
            7 => {
                self.write(
                    &file,
                    &text
                        .replace("  ", " ")
                        .replace("// a comment", "// another"),
                );
                format!("{file}: less space")
            }
            _ => {
                self.write(&file, &text);
                format!("{file} is touched")
            }
        };
        self.log.push(told);
    }

    fn build(&self, cache: bool) -> (Status, Vec<u8>) {
        let engine = Engine::builder(Arc::clone(&self.host))
            .linker(Linkers)
            .build();
        let output = if cache { "app" } else { "clean" };
        let request = Request {
            cache,
            output: Some(output.into()),
            ..Request::new(Target::Default)
        };
        let built = engine.expect("an engine").build(&request);
        let outcome =
            built.unwrap_or_else(|failure| panic!("{failure:?}\n{}", self.log.join("\n")));
        (
            outcome.status,
            std::fs::read(self.root.join(output)).expect("a program"),
        )
    }
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).exists())
}

#[test]
fn every_build_is_what_a_clean_build_is() {
    if !is_there("cc") {
        eprintln!("NOT TESTED: there is no cc");
        return;
    }
    let steps = std::env::var("KILN_C_STEPS")
        .ok()
        .and_then(|steps| steps.parse().ok());
    for seed in [1, 2] {
        let folder = tempfile::tempdir().expect("a scratch directory");
        let root = folder.path().canonicalize().expect("a folder");
        let mut project = Project::new(root);
        let mut random = Random::new(seed);
        for step in 0..steps.unwrap_or(STEPS) {
            for _ in 0..=random.below(2) {
                project.edit(&mut random);
            }
            let told = |what: &str| {
                format!(
                    "seed {seed}, step {step}: {what}\n{}",
                    project.log.join("\n")
                )
            };
            let (_, built) = project.build(true);
            let (_, clean) = project.build(false);
            assert!(built == clean, "{}", told("another program"));
            let (status, _) = project.build(true);
            assert_eq!(status, Status::Current, "{}", told("not current"));
        }
    }
}
