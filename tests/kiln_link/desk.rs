//! A scratch directory in which commands run through `kiln link`, and what the log says of each. It knows nothing of what a
//! test is about.

use serde_json::Value;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub struct Desk {
    directory: tempfile::TempDir,
    /// Variables that the commands get besides those of the test.
    pub variables: Vec<(String, String)>,
}

/// What came of one call.
#[derive(Debug)]
pub struct Call {
    pub exit: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// The line in the log.
    pub log: Value,
}

impl Call {
    /// `linked`, `current` or `declined`.
    pub fn outcome(&self) -> &str {
        self.log["outcome"].as_str().unwrap_or_default()
    }

    /// The sentences of what is in a field: `why`, `not_recorded`.
    pub fn sentences(&self, field: &str) -> Vec<String> {
        let all = self.log[field].as_array().cloned().unwrap_or_default();
        let sentence = |value: &Value| value["message"].as_str().unwrap_or_default().to_owned();
        all.iter().map(sentence).collect()
    }

    /// The kind of the decline.
    pub fn declined(&self) -> &str {
        self.log["reason"]["kind"].as_str().unwrap_or_default()
    }

    #[track_caller]
    pub fn is(&self, outcome: &str) -> &Self {
        assert_eq!(self.outcome(), outcome, "{self:#?}");
        self
    }
}

/// What tells two files at one path apart, even if they have the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(u64, i64, i64);

impl Desk {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a scratch directory can be made");
        let desk = Self {
            directory,
            variables: Vec::new(),
        };
        fs::create_dir(desk.path("work")).expect("a new directory");
        desk.write(
            "main.c",
            "int part(void);\nint main(void) { return part(); }\n",
        );
        desk.write("part.c", "int part(void) { return 0; }\n");
        desk
    }

    /// With `main.o` and `part.o`.
    pub fn with_objects() -> Self {
        let desk = Self::new();
        desk.compile("main");
        desk.compile("part");
        desk
    }

    /// Sets a variable for the commands from now on.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.unset(name);
        self.variables.push((name.to_owned(), value.into()));
    }

    pub fn unset(&mut self, name: &str) {
        self.variables.retain(|(known, _)| known != name);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The directory in which commands run.
    pub fn work(&self) -> PathBuf {
        self.path("work")
    }

    pub fn file(&self, name: impl AsRef<Path>) -> PathBuf {
        self.work().join(name)
    }

    pub fn cache(&self) -> PathBuf {
        self.path("cache")
    }

    pub fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().expect("a file in a directory")).expect("a directory");
        fs::write(path, text).expect("a file can be written");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    pub fn exists(&self, name: &str) -> bool {
        self.file(name).exists()
    }

    pub fn stamp(&self, name: &str) -> Stamp {
        let found = fs::metadata(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        Stamp(found.ino(), found.mtime(), found.mtime_nsec())
    }

    /// Runs a command in the directory as it is, without Kiln.
    pub fn plain(&self, line: &str) -> Output {
        let mut words = line.split_whitespace();
        let mut command = Command::new(words.next().expect("a command"));
        command.args(words);
        self.run(command)
    }

    /// Compiles `name.c` to `name.o`.
    pub fn compile(&self, name: &str) {
        let output = self.plain(&format!("cc -c {name}.c -o {name}.o"));
        assert!(output.status.success(), "{output:?}");
    }

    /// A command with the variables of this desk, and without input.
    pub fn run(&self, mut command: Command) -> Output {
        command
            .current_dir(self.work())
            .env("KILN_CACHE_DIR", self.cache())
            .env("KILN_LOG_JSON", self.path("log"))
            .stdin(Stdio::null());
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command.output().expect("the program starts")
    }

    /// Runs `kiln link -- LINE`.
    pub fn link(&self, line: &str) -> Call {
        let words: Vec<&str> = line.split_whitespace().collect();
        self.link_words(&words)
    }

    pub fn link_words(&self, words: &[&str]) -> Call {
        let before = self.log().len();
        let mut command = Command::new(env!("CARGO_BIN_EXE_kiln"));
        command.args(["link", "--"]).args(words);
        let output = self.run(command);
        let mut log = self.log();
        assert_eq!(log.len(), before + 1, "one line for each call: {output:?}");
        Call {
            exit: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            log: log.pop().expect("one line"),
        }
    }

    /// All lines of the log.
    pub fn log(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("log")).unwrap_or_default();
        let line =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        text.lines().map(line).collect()
    }

    /// Forgets the log.
    pub fn clear_log(&self) {
        let _ = fs::remove_file(self.path("log"));
    }

    /// The exit status of a program in the directory.
    pub fn exit_of(&self, name: &str) -> Option<i32> {
        let output = Command::new(self.file(name)).output();
        output
            .unwrap_or_else(|error| panic!("{name}: {error}"))
            .status
            .code()
    }
}

/// Why all variables counted.
pub fn doubt(call: &Call) -> &str {
    call.log["all_variables"].as_str().unwrap_or_default()
}

/// Whether a tool is there; says so loudly if not.
pub fn has(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = std::env::split_paths(&path).any(|folder| folder.join(tool).exists());
    if !there {
        eprintln!("SKIPPED: {tool} is not installed");
    }
    there
}
