//! What holds of the sources as text: who may know whom, sizes, names, and that documents name only what there is.
//!
//! It knows nothing of what the code does.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A file has at most so many lines.
const MOST_LINES: usize = 500;

/// The modules of the crate, and the others that each may name. What is not here may name everything.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("src/digest", &[]),
    ("src/host", &["host"]),
    // A configuration error has places, and a place is a diagnostic.
    ("src/error", &["frontend"]),
    ("src/document", &["document", "error", "frontend"]),
    // Rules are data: they look at nothing, and whoever uses them hands in what they ask for.
    // The types of a library's functions are those that frontends know.
    (
        "src/rule",
        &["digest", "document", "error", "frontend", "rule"],
    ),
    ("src/observe", &["digest", "host"]),
    ("src/store", &["digest", "host"]),
    (
        "src/launch",
        &[
            "digest", "explain", "host", "link", "observe", "proof", "rule",
        ],
    ),
    ("src/proof", &["digest", "explain", "host", "observe"]),
    ("src/explain", &["digest", "explain", "host", "observe"]),
    ("src/history", &["digest", "explain", "host"]),
    (
        "src/link",
        &["digest", "error", "host", "link", "observe", "rule"],
    ),
    // A compiler is observed as a linker is: its calls are told apart by the same rules.
    (
        "src/action",
        &["digest", "error", "host", "link", "observe", "rule"],
    ),
    (
        "src/compile",
        &[
            "compile", "digest", "error", "host", "link", "observe", "rule",
        ],
    ),
    ("src/frontend", &["digest", "frontend"]),
    (
        "src/project",
        &[
            "document", "engine", "error", "frontend", "host", "link", "observe", "rule",
        ],
    ),
    (
        "src/query",
        &[
            "action", "compile", "digest", "document", "engine", "error", "explain", "frontend",
            "host", "link", "observe", "proof", "rule", "store",
        ],
    ),
    (
        "src/engine",
        &[
            "compile", "digest", "document", "engine", "error", "explain", "frontend", "history",
            "host", "link", "observe", "project", "proof", "query", "rule", "store",
        ],
    ),
];

/// Words that only these places may use.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("clap::", &["src/driver"]),
    ("indicatif::", &["src/driver"]),
    ("std::env::", &["src/driver", "src/host/native"]),
    // The linker's own trait names the type of an open file, of which it gets none.
    (
        "std::fs",
        &["src/host/native", "src/link/embedded/files.rs"],
    ),
    (
        "std::process::Command",
        &["src/host/native", "src/driver/run.rs", "src/driver/link.rs"],
    ),
    ("SystemTime", &["src/host/native"]),
    ("Instant::now", &["src/host/native"]),
    ("println!", &["src/driver"]),
    ("process::exit", &[]),
    // The engine knows frontends and linkers by their traits.
    ("frontend::typescript", &["src/frontend", "src/driver"]),
    ("link::Embedded", &["src/driver"]),
    ("link::Concatenate", &[]),
    // Explaining observes nothing.
    (
        "dyn Host",
        &[
            "src/action",
            "src/host",
            "src/history",
            "src/observe",
            "src/store",
            "src/proof",
            "src/engine",
            "src/driver",
            "src/query",
            "src/link",
            "src/launch",
            "src/project",
            "src/compile",
        ],
    ),
    ("todo!", &[]),
    ("unimplemented!", &[]),
];

/// Words that say nothing in the name of a type.
const EMPTY_WORDS: &[&str] = &["Manager", "Helper", "Util", "Utils", "Context", "Info"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.expect("a folder of the project can be read").path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(found_extension) if found_extension == extension => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{extension} file in {folder}");
    found
}

fn name(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The runtime of the TypeScript frontend is a crate of its own, for programs and not for the engine.
fn is_runtime(name: &str) -> bool {
    name.starts_with("src/frontend/typescript/runtime/")
}

/// Numbered lines that are no comments and no tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let tests = text.find("#[cfg(test)]").unwrap_or(text.len());
    text[..tests]
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Whether the file holds tests only.
fn is_test(name: &str) -> bool {
    name.ends_with("/tests.rs")
}

fn report(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn each_file_says_what_it_is_and_fits_its_size() {
    let mut problems = Vec::new();
    for path in files("src", "rs").iter().chain(&files("tests", "rs")) {
        let (name, text) = (name(path), text(path));
        if !text.starts_with("//! ") {
            problems.push(format!("{name} does not open with //! and what it is"));
        }
        if text.lines().count() > MOST_LINES {
            problems.push(format!("{name} has more than {MOST_LINES} lines"));
        }
        if name.ends_with("/mod.rs") || name.contains("util") {
            problems.push(format!("{name}: a module is a noun beside its folder"));
        }
    }
    report(problems);
}

#[test]
fn modules_know_only_whom_they_may() {
    let mut problems = Vec::new();
    for path in files("src", "rs") {
        let (name, text) = (name(&path), text(&path));
        let rule = MAY_NAME.iter().find(|(module, _)| {
            name.strip_prefix(module)
                .is_some_and(|rest| rest.starts_with(['/', '.']))
        });
        let Some((_, allowed)) = rule else { continue };
        if is_runtime(&name) || is_test(&name) {
            continue;
        }
        for (line, code) in code(&text) {
            for used in code.split("crate::").skip(1) {
                let used = used
                    .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                    .next()
                    .unwrap_or_default();
                if !allowed.contains(&used) {
                    problems.push(format!("{name}:{line} may not know crate::{used}"));
                }
            }
        }
    }
    report(problems);
}

#[test]
fn doors_to_the_world_are_few() {
    let mut problems = Vec::new();
    for path in files("src", "rs") {
        let (name, text) = (name(&path), text(&path));
        if is_runtime(&name) {
            continue;
        }
        for (word, places) in ONLY_IN {
            if places.iter().any(|place| name.starts_with(place)) {
                continue;
            }
            for (line, _) in code(&text).filter(|(_, code)| code.contains(word)) {
                problems.push(format!("{name}:{line} uses {word}"));
            }
        }
        for (at, line) in text.lines().enumerate() {
            if ["TODO", "FIXME", "XXX"]
                .iter()
                .any(|mark| line.contains(mark))
            {
                problems.push(format!("{name}:{} is not finished", at + 1));
            }
        }
    }
    report(problems);
}

#[test]
fn types_have_names_that_say_something() {
    let mut problems = Vec::new();
    for path in files("src", "rs") {
        let (name, text) = (name(&path), text(&path));
        for (line, code) in code(&text) {
            let mut words = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            while let Some(word) = words.next() {
                if matches!(word, "struct" | "enum" | "trait" | "type" | "union") {
                    let declared = words.next().unwrap_or_default();
                    if EMPTY_WORDS
                        .iter()
                        .any(|empty| camel_words(declared).contains(empty))
                    {
                        problems.push(format!("{name}:{line} {declared} says nothing"));
                    }
                }
            }
        }
    }
    report(problems);
}

/// The words of a name in camel case.
fn camel_words(name: &str) -> Vec<&str> {
    let starts: Vec<usize> = name
        .char_indices()
        .filter(|(_, letter)| letter.is_ascii_uppercase())
        .map(|(at, _)| at)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([name.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| &name[*start..end])
        .collect()
}

#[test]
fn camel_case_is_taken_apart() {
    assert_eq!(camel_words("BuildInfo"), ["Build", "Info"]);
    assert_eq!(camel_words("Information"), ["Information"]);
    assert!(camel_words("lower").is_empty());
}

/// What stands in single backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.starts_with("```"))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The documents, without the decisions, which tell of what was rejected too.
fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    found.extend(files("book/src", "md"));
    found.retain(|path| path.exists() && !name(path).contains("decisions/"));
    found
}

#[test]
fn documents_name_only_files_that_exist() {
    const FOLDERS: &[&str] = &[
        "src/",
        "tests/",
        "examples/",
        "book/",
        "bench/",
        "rules/",
        ".ci/",
    ];
    let mut problems = Vec::new();
    for path in documents() {
        for word in quoted(&text(&path)) {
            let ours = FOLDERS.iter().any(|folder| word.starts_with(folder))
                && !word.contains([' ', '*', '<', '{', '…']);
            // Files in `src` that are no Rust are those of a user's project.
            let theirs = word.starts_with("src/") && !word.ends_with(".rs") && !word.ends_with('/');
            if ours && !theirs && !root().join(word).exists() {
                problems.push(format!("{} names {word}, which is not there", name(&path)));
            }
        }
    }
    report(problems);
}

#[test]
fn the_architecture_names_only_types_that_exist() {
    let sources: String = files("src", "rs").iter().map(|path| text(path)).collect();
    let known: BTreeSet<&str> = sources
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .collect();
    let mut problems = Vec::new();
    for document in ["book/src/architecture.md", "README.md"] {
        let path = root().join(document);
        for word in quoted(&text(&path)) {
            // `Reader`, `World::rely`, `engine::Request`, `Request { .. }`.
            let head = word.split([' ', '(', '{', '<']).next().unwrap_or_default();
            let is_path = head.split("::").all(|part| {
                !part.is_empty()
                    && part
                        .chars()
                        .all(|letter| letter.is_alphanumeric() || letter == '_')
            });
            let has_type = head.split("::").any(|part| {
                camel_words(part).len() == 1
                    && part.len() > 3
                    && part.starts_with(|letter: char| letter.is_ascii_uppercase())
                    && part.chars().any(char::is_lowercase)
            });
            if !is_path
                || !has_type && camel_words(head).len() < 2
                || head
                    .chars()
                    .all(|letter| letter.is_uppercase() || letter == '_')
            {
                continue;
            }
            for part in head.split("::").filter(|part| !known.contains(part)) {
                problems.push(format!("{document} names {word}, and there is no {part}"));
            }
        }
    }
    report(problems);
}

#[test]
fn each_dependency_is_justified() {
    let manifest = text(&root().join("Cargo.toml"));
    let mut problems = Vec::new();
    // A comment is for the dependency below it, and for others of its family.
    let (mut in_dependencies, mut comment, mut family) = (false, false, String::new());
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            (in_dependencies, comment) = (line.ends_with("dependencies]"), false);
        } else if line.is_empty() || line.starts_with('#') {
            comment = !line.is_empty();
            family.clear();
        } else if in_dependencies {
            let name = line.split(['_', '-', ' ']).next().unwrap_or_default();
            if comment {
                family = name.to_owned();
            } else if family != name {
                problems.push(format!("Cargo.toml says no why for {line}"));
            }
            comment = false;
        }
    }
    report(problems);
}
