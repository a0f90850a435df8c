//! Runs a program under `strace`, for tests: what it did to files by a witness that is not ours.

use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};

/// What a program did and left.
#[derive(Debug, Default)]
pub struct Traced {
    pub succeeded: bool,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// Opened for reading, and no directory.
    pub read: BTreeSet<Utf8PathBuf>,
    /// Looked at or opened in vain.
    pub missed: BTreeSet<Utf8PathBuf>,
    /// Looked at without being opened.
    pub looked: BTreeSet<Utf8PathBuf>,
    /// Opened as directories.
    pub listed: BTreeSet<Utf8PathBuf>,
    /// Opened for writing, or the new name of what was.
    pub made: BTreeSet<Utf8PathBuf>,
}

/// Whether `program` can be run here; says so where not.
pub fn is_here(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    // lld-link knows no `--version`, and says so.
    let here = found.is_ok();
    if !here {
        eprintln!("NOT TESTED: {program} is not installed");
    }
    here
}

/// Runs it in `directory` with only these variables and `PATH`, for half a minute at most.
pub fn run(directory: &Utf8Path, program: &str, args: &[&str], env: &[(&str, &str)]) -> Traced {
    let traces = tempfile::tempdir().expect("a scratch directory");
    let mut command = Command::new("timeout");
    command.args(["30", "strace", "-ff", "-qq", "-s", "8192", "-o"]);
    command.arg(traces.path().join("trace"));
    command.args(["-e", "trace=%file"]).arg(program).args(args);
    command.current_dir(directory).stdin(Stdio::null());
    let path = std::env::var("PATH").expect("a search path");
    command.env_clear().env("PATH", path).env("LC_ALL", "C");
    command.envs(env.iter().copied());
    let output = command.output().expect("strace runs");
    let mut traced = Traced {
        succeeded: output.status.success(),
        stdout: output.stdout,
        stderr: output.stderr,
        ..Traced::default()
    };
    for trace in fs::read_dir(traces.path()).expect("traces") {
        let text = fs::read(trace.expect("a trace").path()).expect("a trace");
        for line in String::from_utf8_lossy(&text).lines() {
            traced.call(line);
        }
    }
    traced
}

impl Traced {
    /// One line such as `openat(AT_FDCWD, "a.o", O_RDONLY) = 3`.
    fn call(&mut self, line: &str) {
        let Some((name, rest)) = line.split_once('(') else {
            return;
        };
        let paths = strings(rest);
        let Some((_, result)) = rest.rsplit_once(" = ") else {
            return;
        };
        let failed = result.starts_with('-');
        let Some(path) = paths.first().filter(|path| !path.as_str().is_empty()) else {
            return;
        };
        let path = path.clone();
        match name {
            "open" | "openat" | "creat" if failed => {
                self.missed.insert(path);
            }
            "open" | "openat" if rest.contains("O_WRONLY") || rest.contains("O_RDWR") => {
                self.made.insert(path);
            }
            "open" | "openat" if rest.contains("O_DIRECTORY") => {
                self.listed.insert(path);
            }
            "open" | "openat" => {
                self.read.insert(path);
            }
            "creat" => {
                self.made.insert(path);
            }
            "rename" | "renameat" | "renameat2" | "link" | "linkat" => {
                self.made.extend(paths.get(1).cloned());
            }
            "unlink" | "unlinkat" | "mkdir" | "chmod" | "fchmodat" => {}
            "execve" if !failed => {
                self.read.insert(path);
            }
            _ if failed => {
                self.missed.insert(path);
            }
            _ => {
                self.looked.insert(path);
            }
        }
    }
}

/// The texts in quotes, in order.
fn strings(call: &str) -> Vec<Utf8PathBuf> {
    let mut found = Vec::new();
    let mut letters = call.chars();
    while letters.by_ref().any(|letter| letter == '"') {
        let mut text = String::new();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => break,
                '\\' => text.extend(letters.next()),
                other => text.push(other),
            }
        }
        found.push(text.into());
    }
    found
}
