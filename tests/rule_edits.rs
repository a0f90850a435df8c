//! Random edits of a project of rules: actions that make headers, one from what the other made; sources that include them;
//! a library from its sources, chosen by an option, with a header of definitions.
//!
//! After each step the program is, byte by byte, that of a build that uses no recorded result; it prints what the edits make
//! it print; and a second build runs nothing. On the real disk, with the compiler of this machine. `KILN_RULES_STEPS` sets
//! the number of steps for each seed. A failure prints the seed and the steps that led to it. Without a compiler or a shell
//! nothing is tested, and that is said loudly.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(target_os = "linux")]

#[path = "model/random.rs"]
mod random;

use kiln::engine::Failure;
use kiln::explain::Status;
use kiln::host::{Host, NativeHost};
use kiln::link::Linkers;
use kiln::{Engine, Request, Target};
use random::Random;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

const STEPS: usize = 8;
const SEEDS: [u64; 2] = [1, 2];

const RULES: &str = r#"
[[executable]]
name = "app"
sources = ["src/*.c"]
include = ["made"]
libraries = ["part"]

[options]
kind = "KIND"

[action.numbers]
command = ["sh", "numbers.sh"]
inputs = ["numbers.sh", "values.txt"]
outputs = ["made/numbers.h"]

# What it reads besides is not declared, and counts all the same.
[action.count]
command = ["sh", "count.sh", "made/numbers.h", "{output}"]
inputs = ["made/numbers.h", "count.sh"]
outputs = ["made/count.h"]

[[library.part.alternative]]
when = { option = { kind = "plain" } }
sources = ["plain/*.c"]
include = ["part"]
defines = { BIAS = "0", KIND = true }
config-header = { path = "config.h", defines = { FACTOR = "FACTOR_VALUE", UNUSED = "" } }

[[library.part.alternative]]
sources = ["sharp/*.c"]
include = ["part"]
defines = { BIAS = "100", KIND = false }
config-header = { path = "config.h", defines = { FACTOR = "FACTOR_VALUE" } }
"#;

const MAIN: &str = r#"#include <stdio.h>
#include "numbers.h"
#include "count.h"
#include "part.h"
int main(void) {
  static const int numbers[] = { NUMBERS };
  int sum = BIAS + EXTRA;
  for (int at = 0; at < COUNT; at++) sum += numbers[at];
  printf("%d\n", part(sum));
  return 0;
}
"#;

/// What the project says, apart from how it is written.
struct Meaning {
    values: Vec<i64>,
    extra: i64,
    factor: i64,
    offset: i64,
    sharp: bool,
    /// A file that does not compile, with what it was.
    broken: Option<(&'static str, String)>,
}

struct Project {
    root: PathBuf,
    host: Arc<dyn Host>,
    meaning: Meaning,
    log: Vec<String>,
    comments: usize,
}

impl Project {
    fn new(root: PathBuf) -> Self {
        let host = NativeHost::open(root.to_str().expect("UTF-8").into(), "test".to_owned());
        let project = Self {
            root,
            host: Arc::new(host.expect("a folder")),
            meaning: Meaning {
                values: vec![1, 2],
                extra: 0,
                factor: 1,
                offset: 5,
                sharp: false,
                broken: None,
            },
            log: Vec::new(),
            comments: 0,
        };
        for folder in ["src", "made", "part", "plain", "sharp"] {
            std::fs::create_dir(project.root.join(folder)).expect("makes a folder");
        }
        project.write("src/main.c", MAIN);
        for (folder, sign) in [("plain", '+'), ("sharp", '-')] {
            let text = format!(
                "#include \"config.h\"\n#include \"part.h\"\nint part(int it) {{ return it * FACTOR {sign} OFFSET; }}\n"
            );
            project.write(&format!("{folder}/part.c"), &text);
        }
        project.write(
            "numbers.sh",
            "echo \"#define NUMBERS $(grep -v '#' values.txt | tr '\\n' ',')0\" > made/numbers.h\n",
        );
        project.write(
            "count.sh",
            "read extra < extra.txt\ncount=$(tr -cd , < \"$1\" | wc -c)\nprintf '#define COUNT %d\\n#define EXTRA %d\\n' $count $extra > \"$2\"\n",
        );
        project.say();
        project
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.root.join(file), text).expect("writes");
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.root.join(file)).expect("reads")
    }

    /// Writes the files that say what is meant, as far as they say something else.
    fn say(&self) {
        let Meaning {
            values,
            extra,
            factor,
            offset,
            sharp,
            ..
        } = &self.meaning;
        let kind = if *sharp { "sharp" } else { "plain" };
        let rules = RULES.replace("\"KIND\"", &format!("\"{kind}\""));
        let values: Vec<String> = values.iter().map(|value| format!("{value}\n")).collect();
        for (file, text) in [
            (
                "kiln.toml",
                rules.replace("FACTOR_VALUE", &factor.to_string()),
            ),
            ("values.txt", values.concat()),
            ("extra.txt", format!("{extra}\n")),
            (
                "part/part.h",
                format!("#define OFFSET {offset}\nint part(int it);\n"),
            ),
        ] {
            let there = std::fs::read_to_string(self.root.join(file));
            if there.ok().as_ref() != Some(&text) {
                self.write(file, &text);
            }
        }
    }

    fn edit(&mut self, random: &mut Random) {
        if let Some((file, text)) = self.meaning.broken.take() {
            self.write(file, &text);
            self.log.push(format!("{file} is as it was"));
            return;
        }
        let number = i64::try_from(random.below(20)).expect("small");
        let meaning = &mut self.meaning;
        let told = match random.below(12) {
            0 => {
                meaning.values.push(number);
                format!("one more value, {number}")
            }
            1 => {
                meaning.values.pop();
                "one value less".to_owned()
            }
            2 => {
                meaning.extra = number % 4;
                format!("extra is {}", meaning.extra)
            }
            3 => {
                meaning.factor = number % 5;
                format!("factor is {}", meaning.factor)
            }
            4 => {
                meaning.offset = number;
                format!("offset is {number}")
            }
            5 | 6 => {
                meaning.sharp = !meaning.sharp;
                format!("sharp is {}", meaning.sharp)
            }
            7 => return self.damage(random),
            8 => return self.break_one(random),
            9 => return self.another_source(),
            _ => return self.comment(random),
        };
        self.say();
        self.log.push(told);
    }

    /// Spoils or removes what an action made: it is put back.
    fn damage(&mut self, random: &mut Random) {
        let file = *random.pick(&["made/numbers.h", "made/count.h"]);
        let path = self.root.join(file);
        let told = if random.once_in(2) {
            // It may be gone already.
            let _ = std::fs::remove_file(path);
            "removed"
        } else {
            self.write(file, "#error spoilt\n");
            "spoilt"
        };
        self.log.push(format!("{file} is {told}"));
    }

    fn break_one(&mut self, random: &mut Random) {
        let folder = if self.meaning.sharp {
            "sharp/part.c"
        } else {
            "plain/part.c"
        };
        let file = *random.pick(&["src/main.c", "part/part.h", folder]);
        let text = self.read(file);
        self.write(file, &format!("{text}#error broken\n"));
        self.meaning.broken = Some((file, text));
        self.log.push(format!("{file} is broken"));
    }

    /// A source of the library comes or goes.
    fn another_source(&mut self) {
        let path = self.root.join("plain/other.c");
        match path.exists() {
            true => std::fs::remove_file(path).expect("removes"),
            false => self.write("plain/other.c", "int other(void) { return 1; }\n"),
        }
        self.log.push("plain/other.c comes or goes".to_owned());
    }

    /// A comment at the end of a file, which makes nothing else of the program.
    fn comment(&mut self, random: &mut Random) {
        let files = [
            ("src/main.c", "//"),
            ("plain/part.c", "//"),
            ("numbers.sh", "#"),
            ("count.sh", "#"),
            ("values.txt", "#"),
            ("kiln.toml", "#"),
        ];
        let (file, begin) = *random.pick(&files);
        self.comments += 1;
        let text = format!("{}{begin} comment {}\n", self.read(file), self.comments);
        self.write(file, &text);
        self.log.push(format!("a comment in {file}"));
    }

    fn build(&self, cache: bool) -> Option<(Status, Vec<u8>)> {
        let engine = Engine::builder(Arc::clone(&self.host))
            .linker(Linkers)
            .build();
        let output = if cache { "app" } else { "clean" };
        let request = Request {
            cache,
            output: Some(output.into()),
            ..Request::new(Target::Default)
        };
        match engine.expect("an engine").build(&request) {
            Ok(outcome) => {
                let program = std::fs::read(self.root.join(output)).expect("a program");
                Some((outcome.status, program))
            }
            Err(Failure::Program { .. }) if self.meaning.broken.is_some() => None,
            Err(failure) => panic!("{failure:?}\n{}", self.log.join("\n")),
        }
    }

    /// What the program is to print.
    fn expected(&self) -> String {
        let Meaning {
            values,
            extra,
            factor,
            offset,
            sharp,
            ..
        } = &self.meaning;
        let bias = if *sharp { 100 } else { 0 };
        let it = (values.iter().sum::<i64>() + bias + extra) * factor;
        let printed = if *sharp { it - offset } else { it + offset };
        format!("{printed}\n")
    }
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).exists())
}

#[test]
fn every_build_is_what_a_clean_build_is() {
    if !is_there("cc") || !is_there("sh") {
        eprintln!("NOT TESTED: there is no cc, or no sh");
        return;
    }
    let steps = std::env::var("KILN_RULES_STEPS")
        .ok()
        .and_then(|steps| steps.parse().ok());
    eprintln!("seeds {SEEDS:?}");
    for seed in SEEDS {
        let folder = tempfile::tempdir().expect("a scratch directory");
        let root = folder.path().canonicalize().expect("a folder");
        let mut project = Project::new(root);
        let mut random = Random::new(seed);
        for step in 0..steps.unwrap_or(STEPS) {
            for _ in 0..=random.below(3) {
                project.edit(&mut random);
            }
            let told = |what: &str| {
                let log = project.log.join("\n");
                format!("seed {seed}, step {step}: {what}\n{log}")
            };
            let Some((_, built)) = project.build(true) else {
                let clean = project.build(false);
                assert!(clean.is_none(), "{}", told("only one build is wrong"));
                continue;
            };
            let printed = Command::new(project.root.join("app")).output();
            let printed = String::from_utf8(printed.expect("runs").stdout).expect("UTF-8");
            assert_eq!(printed, project.expected(), "{}", told("another output"));
            let current = |when: &str| {
                let (status, _) = project.build(true).expect("it was right");
                assert_eq!(status, Status::Current, "{}", told(when));
            };
            current("not current");
            let (_, clean) = project.build(false).expect("it was right");
            assert!(built == clean, "{}", told("another program"));
            // The clean build has run the actions too, which wrote what they had written.
            current("not current after a clean build");
        }
    }
}
