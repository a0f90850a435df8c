//! The corpus: TypeScript programs with the outputs that Node prints for them, built by the real command, unoptimised and
//! optimised, and run. `tests/programs/regenerate.mjs` made the outputs; no Node is needed here.
#![cfg(all(feature = "cli", feature = "typescript", feature = "wild"))]
// A test drives the real command and the real file system.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A program: its entry and the output that Node prints.
struct Program {
    name: String,
    folder: PathBuf,
    entry: String,
    expected: PathBuf,
}

fn corpus() -> Vec<Program> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let mut programs = Vec::new();
    for entry in fs::read_dir(&root).expect("tests/programs").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.join("main.ts").exists() {
            let expected = path.join("expected.out");
            programs.push(Program {
                name,
                folder: path,
                entry: "main.ts".to_owned(),
                expected,
            });
        } else if let Some(stem) = name.strip_suffix(".ts") {
            let expected = root.join(format!("{stem}.out"));
            programs.push(Program {
                name: stem.to_owned(),
                folder: root.clone(),
                entry: name,
                expected,
            });
        }
    }
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    programs
}

/// Builds and runs one program; what is wrong, if anything.
fn run(program: &Program, release: bool) -> Result<(), String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let app = scratch.path().join("app");
    let mut kiln = Command::new(env!("CARGO_BIN_EXE_kiln"));
    kiln.current_dir(&program.folder)
        .args(["build", &program.entry, "-q", "-j", "1", "-o"])
        .arg(&app);
    kiln.arg("--cache-dir").arg(scratch.path().join("cache"));
    if release {
        kiln.arg("--release");
    }
    let built = kiln.output().map_err(|error| error.to_string())?;
    if !built.status.success() {
        return Err(String::from_utf8_lossy(&built.stderr).into_owned());
    }
    let ran = Command::new(&app)
        .output()
        .map_err(|error| error.to_string())?;
    let expected = fs::read(&program.expected)
        .map_err(|error| format!("{}: {error}", program.expected.display()))?;
    if ran.stdout == expected && ran.status.success() {
        return Ok(());
    }
    let (got, want) = (
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&expected),
    );
    let at = got
        .lines()
        .zip(want.lines())
        .take_while(|(got, want)| got == want)
        .count();
    Err(format!(
        "{}, line {}:\n  got  {:?}\n  want {:?}\n{}",
        ran.status,
        at + 1,
        got.lines().nth(at).unwrap_or_default(),
        want.lines().nth(at).unwrap_or_default(),
        String::from_utf8_lossy(&ran.stderr)
    ))
}

fn run_all(release: bool) {
    let programs = corpus();
    assert!(
        programs.len() >= 25,
        "the corpus has only {} programs",
        programs.len()
    );
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(problem) = run(program, release) {
                        failures
                            .lock()
                            .expect("no thread panics")
                            .push(format!("{}: {problem}", program.name));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no thread panics");
    assert!(
        failures.is_empty(),
        "{} of {} programs differ:\n{}",
        failures.len(),
        programs.len(),
        failures.join("\n")
    );
}

#[test]
fn programs_print_what_node_prints() {
    run_all(false);
}

#[test]
fn optimised_programs_print_what_node_prints() {
    run_all(true);
}
