//! One scenario in two trees, one linked through Kiln and one without, and what must hold between them.

use crate::mutation::Mutation;
use crate::random::Random;
use crate::scenario::{ROOT, Scenario};
use crate::tree::{Node, Tree, differences, restore, restore_all, snapshot};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a command left and said.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

/// How often what happened.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub scenarios: usize,
    pub steps: usize,
    /// Links that succeeded, of those at the beginning of a scenario.
    pub succeeded: usize,
    /// Steps after which a fresh link was another one.
    pub differed: usize,
    /// Steps after which Kiln ran the tool, though the result was the same.
    pub in_vain: usize,
    pub current: usize,
    pub declined: BTreeMap<String, usize>,
}

/// The two trees.
struct Bench {
    directory: tempfile::TempDir,
    variables: BTreeMap<String, String>,
    words: Vec<String>,
    calls: usize,
    /// Who runs the commands, if not whoever runs this test: root may read all files.
    user: Option<u32>,
}

/// What is wrong, with all that is needed to see it again.
pub type Failure = String;

impl Bench {
    fn root(&self, side: &str) -> PathBuf {
        self.directory.path().join(side)
    }

    fn with_root(side: &Path, text: &str) -> String {
        text.replace(ROOT, side.to_str().expect("text"))
    }

    fn command(&self, side: &str, kiln: bool) -> Outcome {
        let root = self.root(side);
        let mut words = self.words.iter().map(|word| Self::with_root(&root, word));
        let variables = self.variables.iter();
        let variables: BTreeMap<&String, String> = variables
            .map(|(name, value)| (name, Self::with_root(&root, value)))
            .collect();
        let program = words.next().expect("a program");
        let mut command = if kiln {
            let mut command = Command::new(self::kiln());
            command.args(["link", "--", &program]);
            command
        } else {
            // The program is found in the `PATH` of the command, not in that of this test.
            let mut command = Command::new("/usr/bin/env");
            command.arg(&program);
            command
        };
        command
            .args(words)
            .current_dir(&root)
            .env_clear()
            .env("HOME", self.directory.path())
            .envs(variables)
            .stdin(Stdio::null());
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        if kiln {
            command
                .env("KILN_CACHE_DIR", self.root("cache"))
                .env("KILN_LOG_JSON", self.root("log"));
        }
        let output = command.output().expect("the program starts");
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            text.replace(root.to_str().expect("text"), ROOT)
        };
        Outcome {
            // A shell and Kiln say so of a signal.
            status: output.status.code().or_else(|| {
                let signal = output.status.signal();
                signal.map(|signal| 128 + signal)
            }),
            stdout: without_random_names(&text(&output.stdout)),
            stderr: without_random_names(&text(&output.stderr)),
        }
    }

    fn plain(&self) -> Outcome {
        self.command("tree1", false)
    }

    fn kiln(&mut self) -> Result<(Outcome, Value), Failure> {
        let outcome = self.command("tree0", true);
        let log = fs::read_to_string(self.root("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        self.calls += 1;
        let line = lines
            .get(self.calls - 1)
            .ok_or("a call left no line in the log")?;
        let line = serde_json::from_str(line).map_err(|error| format!("{line}: {error}"))?;
        Ok((outcome, line))
    }

    /// The tree of a side, with its own path as the other side would have it.
    fn tree(&self, side: &str) -> Tree {
        snapshot(&self.root(side))
    }
}

/// gcc's own files have random names, and the file that mold writes first.
fn without_random_names(text: &str) -> String {
    let mut text = text.to_owned();
    for before in ["/tmp/cc", "/.mold-"] {
        let mut parts = text.split(before);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            out += before;
            out += part.get(6..).unwrap_or_default();
        }
        text = out;
    }
    text
}

/// How what Kiln left and said differs from what the tool alone did.
fn compare(
    bench: &Bench,
    plain: &Outcome,
    kiln: &Outcome,
    log: &Value,
    expected: &Tree,
) -> Result<(), Failure> {
    if plain != kiln {
        return Err(format!(
            "the tool alone says {plain:#?}\nKiln says {kiln:#?}\nlog {log:#}"
        ));
    }
    if outcome(log) == "declined" {
        // Kiln was not there, and what was declined may be another each time.
        restore_all(&bench.root("tree0"), expected);
        return Ok(());
    }
    let found = bench.tree("tree0");
    let of = bench.root("tree0");
    let to = bench.root("tree1");
    let (of, to) = (of.to_str().expect("text"), to.to_str().expect("text"));
    let differ = |path: &&String| match (found.get(*path), expected.get(*path)) {
        (
            Some(Node::File { bytes, mode }),
            Some(Node::File {
                bytes: other,
                mode: other_mode,
            }),
        ) => {
            mode != other_mode || (bytes != other && !is_same_text(&replace(bytes, of, to), other))
        }
        (found, expected) => found != expected,
    };
    let all: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    if all.iter().any(differ) {
        let lines = differences(expected, &found).join("\n  ");
        return Err(format!(
            "what Kiln leaves is not what the tool leaves:\n  {lines}\nlog {log:#}"
        ));
    }
    Ok(())
}

/// Whether two texts differ in random names only: a list of what was read may hold some.
fn is_same_text(one: &[u8], other: &[u8]) -> bool {
    match (std::str::from_utf8(one), std::str::from_utf8(other)) {
        (Ok(one), Ok(other)) => without_random_names(one) == without_random_names(other),
        _ => one == other,
    }
}

/// The bytes with one path in place of another of the same length.
fn replace(bytes: &[u8], of: &str, to: &str) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at + of.len() <= out.len() {
        if out[at..].starts_with(of.as_bytes()) {
            out[at..at + of.len()].copy_from_slice(to.as_bytes());
        }
        at += 1;
    }
    out
}

fn outcome(log: &Value) -> &str {
    log["outcome"].as_str().unwrap_or_default()
}

/// Somebody who may not do everything, if that can be had, and can run Kiln.
fn other_user() -> Option<u32> {
    const NOBODY: u32 = 65534;
    let mut command = Command::new(kiln());
    command.arg("--version").uid(NOBODY).gid(NOBODY);
    let output = command.output().ok()?;
    output.status.success().then_some(NOBODY)
}

/// The program.
fn kiln() -> OsString {
    let built = env!("CARGO_BIN_EXE_kiln").into();
    std::env::var_os("KILN_ORACLE_PROGRAM").unwrap_or(built)
}

/// Links, changes one thing and links again, a few times.
pub fn run(scenario: &Scenario, random: &mut Random, counts: &mut Counts) -> Result<(), Failure> {
    let directory = tempfile::tempdir().expect("a scratch directory can be made");
    let mut bench = Bench {
        directory,
        variables: scenario.variables.clone(),
        words: scenario.words.clone(),
        calls: 0,
        user: random.once_in(4).then(other_user).flatten(),
    };
    for side in ["", "cache", "tree0", "tree1"] {
        let root = bench.root(side);
        fs::create_dir_all(&root).expect("a directory");
        if let Some(user) = bench.user {
            chown(&root, Some(user), Some(user)).expect("root may");
        }
    }
    for side in ["tree0", "tree1"] {
        restore_all(&bench.root(side), &scenario.tree);
    }
    let mut story = scenario.story();
    if let Some(user) = bench.user {
        story += &format!("by the user {user}\n");
    }
    let done = steps(scenario, &mut bench, random, counts, &mut story);
    if std::env::var_os("KILN_ORACLE_STORY").is_some() {
        eprintln!("{story}");
    }
    done.map_err(|failure| {
        let kept = bench.directory.keep();
        format!("{story}{failure}\nthe trees are in {}", kept.display())
    })
}

fn steps(
    scenario: &Scenario,
    bench: &mut Bench,
    random: &mut Random,
    counts: &mut Counts,
    story: &mut String,
) -> Result<(), Failure> {
    counts.scenarios += 1;
    let mut base = step(scenario, bench, counts, None)?;
    *story += &format!("it says {:?}\n", base.outcome);
    counts.succeeded += usize::from(base.succeeded);
    if !base.succeeded && !random.once_in(4) {
        // What could make it succeed is worth a few steps only.
        return Ok(());
    }
    for _ in 0..5 {
        counts.steps += 1;
        let before = bench.tree("tree1");
        let variables = bench.variables.clone();
        let mutation = Mutation::any(random, scenario, &before);
        *story += &format!("then {mutation:?}\n");
        for side in ["tree0", "tree1"] {
            let mut variables = variables.clone();
            mutation.apply(&bench.root(side), &mut variables);
            bench.variables = variables;
        }
        let mutated = bench.tree("tree1");
        let now = step(scenario, bench, counts, Some((&base, &mutation)))?;
        if random.once_in(4) {
            *story += "  and it stays\n";
            base = now;
            continue;
        }
        *story += "  and it is undone\n";
        // What was changed by hand, and what a link made that the first one did not.
        let all: BTreeSet<&String> = before.keys().chain(mutated.keys()).collect();
        let changed = all
            .into_iter()
            .filter(|path| before.get(*path) != mutated.get(*path));
        let made = now
            .tree
            .keys()
            .filter(|path| !base.tree.contains_key(*path));
        let touched: Vec<String> = changed.chain(made).cloned().collect();
        restore(&bench.root("tree0"), &base.tree, &touched);
        restore_all(&bench.root("tree1"), &base.tree);
        bench.variables = variables;
        let (said, log) = bench.kiln()?;
        // What was written again has another time.
        let same = base.known || matches!(mutation, Mutation::Variable { .. });
        if base.recorded && same && outcome(&log) != "current" {
            return Err(format!(
                "it is not current, though all is as it was: {log:#}"
            ));
        }
        if base.succeeded {
            compare(bench, &base.outcome, &said, &log, &base.tree)?;
        } else {
            // A failed link leaves what it left before.
            restore_all(&bench.root("tree0"), &base.tree);
        }
    }
    Ok(())
}

/// The state after a link.
struct State {
    outcome: Outcome,
    tree: Tree,
    succeeded: bool,
    recorded: bool,
    /// Kiln knows what the tool reads.
    known: bool,
    /// What Kiln says that the link left.
    made: Vec<String>,
}

/// Links on both sides, and again through Kiln.
fn step(
    scenario: &Scenario,
    bench: &mut Bench,
    counts: &mut Counts,
    after: Option<(&State, &Mutation)>,
) -> Result<State, Failure> {
    let plain = bench.plain();
    let expected = bench.tree("tree1");
    let (said, log) = bench.kiln()?;
    compare(bench, &plain, &said, &log, &expected)?;
    let kind = log["reason"]["kind"].as_str().unwrap_or_default();
    let declined = outcome(&log) == "declined";
    if declined {
        *counts.declined.entry(kind.to_owned()).or_default() += 1;
        // Without its response file a command may be none.
        let is_broken = kind == "not-a-link" && plain.status != Some(0)
            || kind == "argument" && after.is_some() && scenario.has_response;
        if !is_broken && !scenario.may_decline.contains(&kind) {
            return Err(format!("it is declined: {log:#}"));
        }
    }
    let succeeded = plain.status == Some(0);
    let mut recorded = outcome(&log) == "current";
    if outcome(&log) == "linked" {
        recorded = log["recorded"] == true;
        if succeeded && !recorded {
            return Err(format!("it is not recorded: {log:#}"));
        }
        if log["why"].as_array().is_none_or(Vec::is_empty) {
            return Err(format!("it was linked, and nothing says why: {log:#}"));
        }
    }
    if let Some((old, mutation)) = after {
        let left = |tree: &Tree| {
            let outputs = scenario.outputs.iter();
            outputs
                .map(|path| tree.get(path).cloned())
                .collect::<Vec<_>>()
        };
        let same = old.outcome == plain && left(&old.tree) == left(&expected);
        counts.current += usize::from(outcome(&log) == "current");
        counts.differed += usize::from(!same);
        counts.in_vain += usize::from(same && old.recorded && outcome(&log) == "linked");
        let nothing = mutation.changes_nothing(&old.made, old.known);
        if old.recorded && nothing && outcome(&log) != "current" {
            return Err(format!(
                "nothing was changed, and it is not current: {log:#}"
            ));
        }
    }
    let known = log["all_variables"].is_null();
    let made = log["outputs"].as_array().cloned().unwrap_or_default();
    let made = made.iter().filter_map(Value::as_str).map(str::to_owned);
    let made = made.collect();
    let (again, log) = bench.kiln()?;
    if recorded && outcome(&log) != "current" {
        return Err(format!("the second call is not current: {log:#}"));
    }
    // A tool that fails may not leave what it leaves when it runs twice.
    if succeeded {
        compare(bench, &plain, &again, &log, &expected)?;
    } else {
        restore_all(&bench.root("tree0"), &expected);
    }
    Ok(State {
        outcome: plain,
        tree: expected,
        succeeded,
        recorded,
        known,
        made,
    })
}
