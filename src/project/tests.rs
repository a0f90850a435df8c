//! What `kiln.toml` may say, what it may not, and what each request makes of it.

use super::{Kind, Project, expand, load, resolve, with_rules};
use crate::engine::{Request, Target};
use crate::error::{Error, ErrorKind};
use crate::frontend::OptLevel;
use crate::host::{Host, MemoryHost};
use crate::observe::{Observation, Reader, World};
use std::sync::Arc;

fn read(text: &str) -> Result<Project, Error> {
    let world = World::new(Arc::new(MemoryHost::new()));
    with_rules(text, &|| Some("/project".into()), &Reader::new(&world))
}

/// Each problem as `code line: message (label) [help]`.
fn problems(text: &str) -> Vec<String> {
    let error = read(text).expect_err("this configuration is wrong");
    assert_eq!(error.kind, ErrorKind::Configuration);
    let describe = |place: &crate::frontend::Diagnostic| {
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        let line = text[..start].matches('\n').count() + 1;
        let written = text[start..end].replace('\n', "⏎");
        let help = place
            .help
            .as_ref()
            .map(|help| format!(" [{help}]"))
            .unwrap_or_default();
        format!("{} {line} `{written}`: {}{help}", place.code, place.message)
    };
    error.places.iter().map(describe).collect()
}

const FULL: &str = r#"
[package]
name = "shop"

[[executable]]
name = "app"
entry = "./src//main.ts"
output = "dist/app"
sources = []
libraries = ["z"]

[[executable]]
name = "tool"
entry = "/project/tool/main.ts"

[link]
linker = "wild"
driver = "gcc"
args = ["-s"]
search = ["vendor/lib"]

[profile.dev]
opt-level = "speed"

[profile.release]
opt-level = "none"

[cache]
dir = "/tmp/cache"
"#;

#[test]
fn every_key_is_read() {
    let project = read(FULL).expect("a valid configuration");
    assert_eq!(project.name.as_deref(), Some("shop"));
    assert_eq!(
        project.executables[0].entry.as_deref(),
        Some("src/main.ts".into())
    );
    assert_eq!(
        project.executables[1].entry.as_deref(),
        Some("tool/main.ts".into())
    );
    assert_eq!(
        (project.dev, project.release),
        (OptLevel::Speed, OptLevel::None)
    );
    assert_eq!(project.cache.as_deref(), Some("/tmp/cache".into()));
    let program = resolve(&project, &Request::executable("app")).expect("a known executable");
    assert_eq!(
        (program.name.as_str(), program.output.as_str()),
        ("app", "dist/app")
    );
    assert_eq!(
        (program.link.linker.as_str(), program.link.driver.as_str()),
        ("wild", "gcc")
    );
    assert_eq!(
        (program.link.args, program.libraries.names[0].name.as_str()),
        (vec!["-s".to_owned()], "z")
    );
    assert_eq!(program.link.search, ["vendor/lib"]);
    assert_eq!(program.options.opt_level, OptLevel::Speed);
}

#[test]
fn all_problems_are_found_in_one_run() {
    let text = "[package]\nnmae = \"x\"\n[[executable]]\nname = 3\nentyr = \"a.ts\"\n[link]\nargs = \"-s\"\nsearch = [\"a\", 1]\n[profile.fast]\n[cahce]\n";
    assert_eq!(
        problems(text),
        [
            "config-unknown-key 2 `nmae`: unknown key `nmae` in [package] [did you mean `name`?]",
            "config-missing 3 `[[executable]]`: this executable has no entry [add `entry = \"src/main.ts\"`: the module that runs first]",
            "config-type 4 `3`: `name` must be a string",
            "config-unknown-key 5 `entyr`: unknown key `entyr` in [[executable]] [did you mean `entry`?]",
            "config-type 7 `\"-s\"`: `args` must be a list of strings",
            "config-type 8 `1`: `search` must hold strings only",
            "config-unknown-key 9 `fast`: unknown key `fast` in [profile] [known keys are `dev`, `release`]",
            "config-unknown-key 10 `cahce`: unknown key `cahce` in the top level of kiln.toml [did you mean `cache`?]",
        ]
    );
}

#[test]
fn values_are_checked() {
    let text = "[[executable]]\nname = \"a/b\"\nentry = \"\"\nsources = [\"a**.c\"]\nlibraries = [\"-lz\"]\n[profile.dev]\nopt-level = \"fast\"\n";
    assert_eq!(
        problems(text),
        [
            "config-value 2 `\"a/b\"`: a name must be usable as a file name [use letters, digits, `-` and `_`; `output` says where the program goes]",
            "config-value 3 `\"\"`: `entry` may not be empty",
            "config-value 4 `\"a**.c\"`: this is no pattern of files [`*` stands for any letters within a name, `**` for folders: \"src/**/*.c\"]",
            "config-value 5 `\"-lz\"`: this is no library name [write \"z\"]",
            "config-value 7 `\"fast\"`: `opt-level` knows no \"fast\" [use \"none\", \"speed\"]",
        ]
    );
}

#[test]
fn duplicates_and_syntax_errors_have_places() {
    let twice = "[[executable]]\nname = \"a\"\nentry = \"a.ts\"\n[[executable]]\nname = \"a\"\nentry = \"b.ts\"\n";
    assert_eq!(
        problems(twice),
        ["config-duplicate 5 `\"a\"`: there are two executables with the name \"a\""]
    );
    let found = problems("[package]\nname = \"a\"\nname = \"b\"\n[link\n");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("config-duplicate 3 `name`"),
        "{found:?}"
    );
    assert!(found[1].starts_with("config-syntax 4"), "{found:?}");
}

#[test]
fn rules_of_linkers_and_drivers_are_read_like_others() {
    let found =
        problems("[driver.mine]\ntitel = \"mine\"\n[driver.mine.linkers]\ndefault = \"bdf\"\n");
    let has = |start: &str| {
        assert!(
            found.iter().any(|problem| problem.starts_with(start)),
            "{start}: {found:#?}"
        );
    };
    has("config-unknown-key 2 `titel`");
    has("config-missing 1 `mine`: `recognise` is missing");
    has("config-value 4 `\"bdf\"`: there is no linker \"bdf\" [did you mean \"bfd\"?]");
}

#[test]
fn an_only_executable_takes_the_name_of_the_package() {
    let project =
        read("[package]\nname = \"shop\"\n[[executable]]\nentry = \"main.ts\"\n").expect("valid");
    let program = resolve(&project, &Request::new(Target::Default)).expect("one executable");
    assert_eq!(
        (program.name.as_str(), program.output.as_str()),
        ("shop", "target/kiln/dev/shop")
    );
    let release = Request {
        release: true,
        ..Request::new(Target::Default)
    };
    let program = resolve(&project, &release).expect("one executable");
    assert_eq!(
        (program.output.as_str(), program.options.opt_level),
        ("target/kiln/release/shop", OptLevel::Speed)
    );
}

#[test]
fn a_choice_that_cannot_be_made_says_what_there_is() {
    let project = read(FULL).expect("valid");
    let error = |target| {
        let error = resolve(&project, &Request::new(target)).expect_err("no such program");
        format!("{error}; {}", error.remedy.clone().unwrap_or_default())
    };
    assert_eq!(
        error(Target::Default),
        "kiln.toml has 2 executables, and none was chosen; choose one with `--executable`: app, tool"
    );
    assert_eq!(
        error(Target::Executable("tol".into())),
        "there is no executable called `tol`; did you mean `tool`?"
    );
    assert_eq!(
        error(Target::Executable("zzz".into())),
        "there is no executable called `zzz`; there are: app, tool"
    );
}

#[test]
fn a_file_is_its_own_program_unless_it_is_declared() {
    let project = read(FULL).expect("valid");
    let program =
        |path: &str| resolve(&project, &Request::new(Target::File(path.into()))).expect("a file");
    let other = program("./src/../other.ts");
    assert_eq!(
        (
            other.name.as_str(),
            other.entry.as_ref().map_or("", |entry| entry.as_str()),
            other.output.as_str()
        ),
        ("other", "other.ts", "target/kiln/dev/other")
    );
    assert_eq!(program("src/main.ts").output, "dist/app");
    let asked = Request {
        output: Some("here".into()),
        ..Request::new(Target::File("src/main.ts".into()))
    };
    assert_eq!(resolve(&project, &asked).expect("a file").output, "here");
}

const NATIVE: &str = r#"
[compile]
include = ["include"]
defines = { NDEBUG = true, OLD = "", LEVEL = "1" }
flags = ["-Wall"]
tools = { c = "clang-19" }

[[executable]]
name = "app"
sources = ["src/*.c"]
defines = { LEVEL = "2", OLD = false }
flags = ["-Wno-unused"]

[[static-library]]
name = "greet"
sources = ["greet/**/*.c"]
include = ["greet/include"]

[[shared-library]]
name = "shout"
sources = ["shout.c"]

[profile.dev]
flags = ["-g"]
"#;

#[test]
fn products_are_compiled_as_all_are_and_as_they_say_themselves() {
    let project = read(NATIVE).expect("a valid configuration");
    let program = |name: &str| resolve(&project, &Request::executable(name)).expect("a product");
    let app = program("app");
    assert_eq!(app.compile.flags, ["-Wall", "-g", "-Wno-unused"]);
    let defines: Vec<_> = app.compile.defines.iter().collect();
    assert_eq!(
        format!("{defines:?}"),
        r#"[("NDEBUG", Plain), ("OLD", Not), ("LEVEL", Text("2"))]"#
    );
    assert_eq!(app.compile.tools["c"], "clang-19");
    let greet = program("greet");
    assert_eq!(greet.kind, Kind::StaticLibrary);
    assert_eq!(greet.output, "target/kiln/dev/libgreet.a");
    assert_eq!(greet.compile.include, ["include", "greet/include"]);
    let shout = program("shout");
    assert_eq!(shout.output, "target/kiln/dev/libshout.so");
    assert!(shout.link.shared && !app.link.shared);
}

#[test]
fn products_lack_nothing() {
    let text = "[[static-library]]\nname = \"a\"\n[[shared-library]]\nname = \"b\"\nentry = \"b.c\"\nsources = [\"\"]\n[compile]\nflags = [\"\"]\ndefines = { \"A B\" = \"\" }\n";
    assert_eq!(
        problems(text),
        [
            "config-missing 1 `[[static-library]]`: this static library has no sources [add `sources = [\"src/*.c\"]`]",
            "config-unknown-key 5 `entry`: unknown key `entry` in [[shared-library]] [known keys are `name`, `sources`, `output`, `include`, `flags`, `defines`, `libraries`, `actions`]",
            "config-value 6 `\"\"`: this is no pattern of files [`*` stands for any letters within a name, `**` for folders: \"src/**/*.c\"]",
            "config-value 8 `\"\"`: a flag may not be empty",
            "config-value 9 `\"A B\"`: this is no name of a macro [use letters, digits and `_`; what needs more belongs to `flags`]",
        ]
    );
}

#[test]
fn patterns_stand_for_files_in_a_fixed_order() {
    let host = MemoryHost::new();
    for file in [
        "src/b.c",
        "src/a.c",
        "src/deep/er/c.c",
        "src/.hidden.c",
        "src/a.h",
        "main.c",
        "target/x.c",
    ] {
        host.replace(file.into(), b"", 0o666)
            .expect("writes to memory");
    }
    let world = World::new(Arc::new(host));
    let reader = Reader::new(&world);
    let files = |patterns: &[&str]| {
        let patterns: Vec<String> = patterns.iter().map(|it| (*it).to_owned()).collect();
        let found = expand(&patterns, "`sources`", &reader).expect("files");
        found
            .iter()
            .map(|it| it.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(files(&["src/*.c"]), "src/a.c src/b.c");
    assert_eq!(files(&["**/*.c"]), "main.c src/a.c src/b.c src/deep/er/c.c");
    assert_eq!(
        files(&["src/b.c", "./src/*.c", "src/*/er/*.c"]),
        "src/b.c src/a.c src/deep/er/c.c"
    );
    assert!(expand(&["lib/*.c".to_owned()], "`sources`", &reader).is_err());
    let listed = |path: &str| Observation::Absent { path: path.into() };
    assert!(
        reader
            .finish()
            .iter()
            .any(|seen| seen.observation == listed("lib"))
    );
}

#[test]
fn absence_is_recorded() {
    let world = World::new(Arc::new(MemoryHost::new()));
    let reader = Reader::new(&world);
    let project = load(&reader).expect("no file is no error");
    assert!(!project.present && project.executables.is_empty());
    let seen = reader.finish();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        seen[0].observation,
        Observation::Absent {
            path: "kiln.toml".into()
        }
    );
}
