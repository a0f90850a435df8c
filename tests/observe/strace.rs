//! What `strace` says that a program did to files, in the terms of the observer's events. It knows as much of the format
//! as the tests need.

use camino::{Utf8Path, Utf8PathBuf};
use kiln::host::{Access, Command, Event};
use std::collections::{BTreeSet, HashMap};

/// A path, and whether something was found there.
pub type Findings = BTreeSet<(Utf8PathBuf, bool)>;

/// Runs `command` in `root` under `strace`; `None` if there is none.
pub fn findings(root: &Utf8Path, command: &Command) -> Option<Findings> {
    let log = root.with_extension("strace");
    let status = std::process::Command::new("strace")
        .args([
            "-f",
            "-y",
            "-s",
            "4096",
            "-e",
            "trace=%file,fchmod,fchown",
            "-o",
            log.as_str(),
        ])
        .arg(&command.program)
        .args(&command.args)
        .env_clear()
        .envs(command.env.iter().map(|(name, value)| (name, value)))
        .current_dir(root)
        .output();
    if status.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return None;
    }
    let log = std::fs::read_to_string(log).expect("strace wrote its log");
    let mut begun: HashMap<&str, String> = HashMap::new();
    let mut findings = Findings::new();
    for line in log.lines() {
        let (process, line) = line.split_once(' ').expect("a process and a call");
        let line = line.trim_start();
        if let Some(begin) = line.strip_suffix(" <unfinished ...>") {
            begun.insert(process, begin.to_owned());
        } else if let Some(rest) = line.strip_prefix("<... ") {
            let (_, rest) = rest.split_once("resumed>").expect("the rest of a call");
            let whole = begun.remove(process).unwrap_or_default() + rest;
            call(root, &whole, &mut findings);
        } else {
            call(root, line, &mut findings);
        }
    }
    Some(findings)
}

/// Adds what one call found.
fn call(root: &Utf8Path, line: &str, findings: &mut Findings) {
    let Some((name, rest)) = line.split_once('(') else {
        return;
    };
    let Some((arguments, result)) = rest.rsplit_once(") = ").or_else(|| rest.rsplit_once(" = "))
    else {
        return;
    };
    if name == "getcwd" {
        return;
    }
    let absent = result.starts_with("-1 ENOENT") || result.starts_with("-1 ENOTDIR");
    let mut paths = paths(root, name, arguments);
    if absent {
        // Of two paths, it is the first that is missing in what these tests do.
        paths.truncate(1);
    }
    findings.extend(paths.into_iter().map(|path| (masked(&path), !absent)));
}

fn paths(root: &Utf8Path, name: &str, arguments: &str) -> Vec<Utf8PathBuf> {
    if name == "fchmod" || name == "fchown" {
        let path = arguments.split(['<', '>']).nth(1).expect("a file");
        let path = Utf8Path::new(path);
        return vec![path.strip_prefix(root).unwrap_or(path).to_owned()];
    }
    let mut found = Vec::new();
    let wanted = if name.starts_with("rename") || name.starts_with("link") {
        2
    } else {
        1
    };
    let mut parts = arguments.split('"');
    while let (Some(before), Some(path)) = (parts.next(), parts.next()) {
        if found.len() == wanted {
            break;
        }
        let directory = before.split(['<', '>']).nth(1).map(Utf8Path::new);
        match directory {
            _ if path.is_empty() => {}
            Some(directory) if directory != root => found.push(directory.join(path)),
            _ => found.push(path.into()),
        }
    }
    if name.starts_with("symlink") {
        found.remove(0);
    }
    found
}

/// What the observer's events say, but for the loaders and interpreters that the system opens by itself.
pub fn of_events(events: &[Event]) -> (Findings, BTreeSet<Utf8PathBuf>) {
    let (mut findings, mut executed) = (Findings::new(), BTreeSet::new());
    for event in events {
        let path = masked(&event.path);
        match &event.access {
            // Comes before the event that says what was there instead.
            Access::Link(None) => {}
            // `strace` says it of an open file, which was opened by another name.
            Access::Mapped(_) => {}
            Access::Executed(_) | Access::Loaded(_) => drop(executed.insert(path)),
            Access::Probed(None) => drop(findings.insert((path, false))),
            Access::Renamed { to } => {
                findings.insert((masked(to), true));
                findings.insert((path, true));
            }
            _ => drop(findings.insert((path, true))),
        }
    }
    (findings, executed)
}

/// The path with its random part masked: a number of a process, or the letters of a temporary name.
fn masked(path: &Utf8Path) -> Utf8PathBuf {
    let mut text = path.as_str().to_owned();
    for (mark, random) in [("/tmp/cc", 6), (".mold-", 6), (".tmp", 7)] {
        if let Some(at) = text.find(mark).map(|at| at + mark.len())
            && text.len() >= at + random
        {
            text.replace_range(at..at + random, "*");
        }
    }
    text.into()
}
