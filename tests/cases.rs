//! Stories: each file of `tests/cases` is a claim about the command, told as files, edits, builds and what they say.
//!
//! A story is Markdown. A fenced block with `file=PATH` writes that file; a block `sh` is a session: a line `$ COMMAND`,
//! then what is expected of it (see [`run`] for the commands, [`log`] for the account of what a build did). Each story
//! ends with a build that runs nothing. What a story needs is said in its prose (see [`needs`]): a story whose tools are not
//! there is skipped loudly, and so is one that builds a project where the command was made without the frontend for it.
//! `UPDATE=1` writes what happened into the stories; `STORY=TEXT` runs those whose path has the text in it.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(feature = "cli")]

#[path = "story/log.rs"]
mod log;
#[path = "story/manner.rs"]
mod manner;
#[path = "story/needs.rs"]
mod needs;
#[path = "story/page.rs"]
mod page;
#[path = "story/run.rs"]
mod run;
#[path = "story/shape.rs"]
mod shape;
#[path = "story/truth.rs"]
mod truth;

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

/// Tells one story, once for each linker that it is about, and says what was not told since something is missing. `Err`
/// says what was otherwise.
fn tell(path: &Path, update: bool) -> Result<Vec<String>, String> {
    let mut text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    if text.lines().count() > MOST_LINES {
        return Err(format!("a story has at most {MOST_LINES} lines"));
    }
    let page = Page::parse(&text)?;
    let (mut skipped, mut updated) = (Vec::new(), !update);
    for linker in needs::linkers(&page) {
        if let Err(missing) = needs::check(&page, &linker) {
            skipped.push(missing);
            continue;
        }
        let mut page = Page::parse(&text)?;
        let told = run::tell(&mut page, &linker).map_err(|problem| with(&linker, &problem))?;
        let now = page.text();
        if !told.ends_current {
            let problem =
                format!("a story ends with a build that runs nothing; this one ends so:\n{now}");
            return Err(with(&linker, &problem));
        }
        if now != text && updated {
            return Err(with(&linker, &difference(&text, &now)));
        }
        // What the first linker said is what the others have to say.
        if now != text {
            std::fs::write(path, &now).map_err(|error| error.to_string())?;
        }
        (text, updated) = (now, true);
    }
    Ok(skipped)
}

/// A problem, and the linker that it came with if the story is about several.
fn with(linker: &str, problem: &str) -> String {
    match linker {
        "" => problem.to_owned(),
        linker => format!("with {linker}: {problem}"),
    }
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
                        Ok(skipped) if skipped.is_empty() => println!("story {name} ... ok"),
                        Ok(skipped) => {
                            let missing = skipped.join("; ");
                            println!("story {name} ... SKIPPED, in whole or in part: {missing}");
                        }
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
