//! Stories: each file of `tests/cases` is a claim about the command, told as files, edits, builds and what they say.
//!
//! A story is Markdown. A fenced block with `file=PATH` writes that file; a block `sh` is a session: a line `$ COMMAND`,
//! then what is expected of it (see [`run`] for the commands, [`log`] for the account of what a build did). Each story
//! ends with a build that runs nothing. `UPDATE=1` writes what happened into the stories; `STORY=TEXT` runs those whose
//! path has the text in it.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(all(feature = "cli", feature = "typescript", feature = "wild"))]

#[path = "story/log.rs"]
mod log;
#[path = "story/page.rs"]
mod page;
#[path = "story/run.rs"]
mod run;

use page::Page;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A story fits on a page.
const MOST_LINES: usize = 60;

fn stories(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of stories is there") {
        let path = entry.expect("the folder of stories can be read").path();
        if path.is_dir() {
            stories(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// Tells one story. `Err` says what was otherwise.
fn tell(path: &Path, update: bool) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    if text.lines().count() > MOST_LINES {
        return Err(format!("a story has at most {MOST_LINES} lines"));
    }
    let mut page = Page::parse(&text)?;
    let told = run::tell(&mut page)?;
    if !told.ends_current {
        return Err(format!(
            "a story ends with a build that runs nothing; this one ends so:\n{}",
            page.text()
        ));
    }
    let now = page.text();
    if now == text {
        return Ok(());
    }
    if update {
        return std::fs::write(path, now).map_err(|error| error.to_string());
    }
    Err(difference(&text, &now))
}

/// The lines around the first one that differs.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<&str>, Vec<&str>) =
        (expected.lines().collect(), found.lines().collect());
    let at = expected
        .iter()
        .zip(&found)
        .take_while(|(a, b)| a == b)
        .count();
    let part = |lines: &[&str]| {
        lines
            .iter()
            .skip(at)
            .take(12)
            .map(|line| format!("    {line}\n"))
            .collect::<String>()
    };
    format!(
        "from line {} on, expected\n{}  but found\n{}",
        at + 1,
        part(&expected),
        part(&found)
    )
}

#[test]
fn stories_come_true() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths = Vec::new();
    stories(&folder, &mut paths);
    let chosen = std::env::var("STORY").unwrap_or_default();
    paths.retain(|path| path.to_string_lossy().contains(&chosen));
    paths.sort();
    assert!(!paths.is_empty(), "no story has {chosen} in its path");
    let update = std::env::var_os("UPDATE").is_some();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, |count| count.get());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let name = path.strip_prefix(&folder).unwrap_or(path).display();
                    match tell(path, update) {
                        Ok(()) => println!("story {name} ... ok"),
                        Err(problem) => {
                            println!("story {name} ... FAILED");
                            failures
                                .lock()
                                .expect("no thread panicked")
                                .push(format!("{name}: {problem}"));
                        }
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no thread panicked");
    assert!(
        failures.is_empty(),
        "{} of {} stories failed\n\n{}",
        failures.len(),
        paths.len(),
        failures.join("\n")
    );
}
