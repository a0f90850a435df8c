//! What this machine has: linkers and drivers by their rules, and whether other programs can be observed.
//!
//! Looks only; knows nothing of how it is told.

use crate::digest::Digest;
use crate::host::{Access, Command, Host, Kind};
use crate::rule::{Environment, Program, RuleId, Rules, VariableRole};
use camino::{Utf8Path, Utf8PathBuf};

/// Names that tell no rule, but by which linkers and drivers are called all the same.
const GENERIC: &[&str] = &["cc", "c++", "ld"];

/// Where programs are looked for. The second is heeded by drivers, for linkers.
const PATH: &str = "PATH";
const COMPILER_PATH: &str = "COMPILER_PATH";

/// All that was found.
pub struct Survey {
    pub tools: Vec<Tool>,
    pub observing: Observing,
    /// Variables that are set and keep links from being cached.
    pub forbidding: Vec<Forbidding>,
}

/// One program, under all its names.
pub struct Tool {
    pub rule: RuleId,
    /// Where the rule is written.
    pub place: String,
    pub title: String,
    /// Each in the order in which it was found; the first is what its name stands for in the variable.
    pub names: Vec<Name>,
    pub real: Utf8PathBuf,
    /// The first line of what it prints for `--version`.
    pub version: Option<String>,
    /// The digest of the program's bytes; `None` if it cannot be read.
    pub digest: Option<Digest>,
    /// For a driver: the linker that it runs.
    pub linker: Option<Behind>,
}

/// A name and the variable by which it was found.
pub struct Name {
    pub path: Utf8PathBuf,
    pub variable: &'static str,
    /// Another program of this name comes earlier.
    pub shadowed: bool,
}

/// The linker that a driver runs if the command line selects none.
pub struct Behind {
    pub path: Utf8PathBuf,
    pub rule: Option<RuleId>,
}

pub enum Observing {
    Works,
    /// It works here, but this could not be seen.
    Gaps(Vec<String>),
    /// Why not.
    Fails(String),
}

pub struct Forbidding {
    pub name: String,
    pub why: String,
    pub remedy: String,
    pub place: String,
}

/// Looks at the machine through `host`.
pub fn survey(host: &dyn Host, rules: &Rules) -> Survey {
    let mut tools = Vec::new();
    let mut seen = Vec::new();
    for variable in [COMPILER_PATH, PATH] {
        for directory in directories(host, variable) {
            let mut names = host.list(&directory).unwrap_or_default();
            // What people call comes first.
            names.sort_by_key(|name| !GENERIC.contains(&name.as_str()));
            for name in names {
                let path = directory.join(&name);
                if variable == COMPILER_PATH && rules_for_linkers(rules, &name).is_none() {
                    continue;
                }
                look_at(host, rules, path, variable, &mut seen, &mut tools);
            }
        }
    }
    // Drivers last, as in the rules, and otherwise in the order of the search.
    tools.sort_by_key(|tool| matches!(tool.rule, RuleId::Linker(_)));
    for tool in &mut tools {
        if matches!(tool.rule, RuleId::Driver(_)) {
            tool.linker = behind(host, rules, tool);
        }
    }
    let forbidding = forbidding(host, rules, &tools);
    Survey {
        tools,
        observing: observing(host),
        forbidding,
    }
}

/// The directories in a variable. Several names of one directory, such as `/bin` and `/usr/bin`, are one.
fn directories(host: &dyn Host, variable: &str) -> Vec<Utf8PathBuf> {
    let (mut directories, mut real) = (Vec::new(), Vec::new());
    let value = host.variable(variable).unwrap_or_default();
    for directory in value.split(':').filter(|directory| !directory.is_empty()) {
        let directory = Utf8PathBuf::from(directory);
        let Ok(place) = host.real_path(&directory) else {
            continue;
        };
        if !real.contains(&place) {
            real.push(place);
            directories.push(directory);
        }
    }
    directories
}

/// A linker's rule that the name alone fits.
fn rules_for_linkers(rules: &Rules, name: &str) -> Option<RuleId> {
    let program = Program {
        called: name,
        real: name,
        args: &[],
    };
    let found = rules.recognise(&program, &mut || None);
    found.filter(|id| matches!(id, RuleId::Linker(_)))
}

/// Adds the file at `path` to `tools`, if some rule knows it.
fn look_at(
    host: &dyn Host,
    rules: &Rules,
    path: Utf8PathBuf,
    variable: &'static str,
    seen: &mut Vec<String>,
    tools: &mut Vec<Tool>,
) {
    let name = path.file_name().unwrap_or_default().to_owned();
    // Only names that can be meant are looked at further: a directory of programs has thousands.
    let alone = Program {
        called: &name,
        real: &name,
        args: &[],
    };
    let generic = GENERIC.contains(&name.as_str());
    if !generic && rules.recognise(&alone, &mut || None).is_none() {
        return;
    }
    let executable = host.stat(&path).ok().flatten();
    if !executable.is_some_and(|stamp| stamp.kind == Kind::File && stamp.mode & 0o111 != 0) {
        return;
    }
    let Ok(real) = host.real_path(&path) else {
        return;
    };
    let shadowed = seen.contains(&name);
    seen.push(name.clone());
    let found = Name {
        path: path.clone(),
        variable,
        shadowed,
    };
    let mut version = None;
    let program = Program {
        called: &name,
        real: real.file_name().unwrap_or_default(),
        args: &[],
    };
    let rule = rules.recognise(&program, &mut || {
        version = printed(host, &path, "--version");
        version.clone()
    });
    let Some(rule) = rule else { return };
    if let Some(known) = tools
        .iter_mut()
        .find(|tool| tool.real == real && tool.rule == rule)
    {
        known.names.push(found);
        return;
    }
    let version = version.or_else(|| printed(host, &path, "--version"));
    let first = version.and_then(|text| text.lines().next().map(str::to_owned));
    tools.push(Tool {
        place: rules
            .place(&rule)
            .map(ToString::to_string)
            .unwrap_or_default(),
        title: rules
            .tool(&rule)
            .map(|tool| tool.title.clone())
            .unwrap_or_default(),
        names: vec![found],
        version: first,
        digest: host.read(&real).ok().map(|bytes| Digest::of(&bytes)),
        real,
        rule,
        linker: None,
    });
}

/// What a program prints, run with an empty environment.
fn printed(host: &dyn Host, path: &Utf8Path, arg: &str) -> Option<String> {
    run(host, path, arg, Vec::new())
}

fn run(host: &dyn Host, path: &Utf8Path, arg: &str, env: Vec<(String, String)>) -> Option<String> {
    let command = Command {
        called: None,
        program: path.to_owned(),
        args: vec![arg.to_owned()],
        env,
    };
    let output = host.run(&command).ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status == Some(0) && !text.is_empty()).then_some(text)
}

/// The linker that a driver runs, as the driver says with the environment that its rule gives it.
fn behind(host: &dyn Host, rules: &Rules, tool: &Tool) -> Option<Behind> {
    let driver = tool.names.first()?;
    let environment = rules.environment(&tool.rule);
    let named = run(
        host,
        &driver.path,
        "-print-prog-name=ld",
        given(host, &environment),
    )?;
    let path = if named.contains('/') {
        Utf8PathBuf::from(named)
    } else {
        let mut places = directories(host, PATH).into_iter();
        places.find_map(|directory| {
            let path = directory.join(&named);
            host.stat(&path).ok().flatten().map(|_| path)
        })?
    };
    let real = host.real_path(&path).ok()?;
    let program = Program {
        called: path.file_name().unwrap_or_default(),
        real: real.file_name().unwrap_or_default(),
        args: &[],
    };
    let rule = rules.recognise(&program, &mut || printed(host, &path, "--version"));
    Some(Behind { path, rule })
}

fn given(host: &dyn Host, environment: &Environment) -> Vec<(String, String)> {
    let given = environment.given();
    given
        .filter_map(|(name, _)| Some((name.to_owned(), host.variable(name)?)))
        .collect()
}

fn forbidding(host: &dyn Host, rules: &Rules, tools: &[Tool]) -> Vec<Forbidding> {
    let mut found: Vec<Forbidding> = Vec::new();
    for tool in tools {
        for (name, variable) in rules.environment(&tool.rule).variables {
            let set = variable.role == VariableRole::Forbids && host.variable(&name).is_some();
            if !set || found.iter().any(|known| known.name == name) {
                continue;
            }
            found.push(Forbidding {
                remedy: variable.remedy.unwrap_or_else(|| format!("unset {name}")),
                name,
                why: variable.why,
                place: variable.place.to_string(),
            });
        }
    }
    found
}

/// Observes a program that does nothing, and looks whether it was seen.
fn observing(host: &dyn Host) -> Observing {
    let program = Utf8PathBuf::from("/bin/true");
    let command = Command {
        called: None,
        program: program.clone(),
        args: Vec::new(),
        env: Vec::new(),
    };
    match host.observe(&command) {
        Err(error) => Observing::Fails(error.to_string()),
        Ok(observed) if !observed.gaps.is_empty() => Observing::Gaps(observed.gaps),
        Ok(observed) => {
            let ran = observed
                .events
                .iter()
                .any(|event| matches!(event.access, Access::Executed(_)) && event.path == program);
            if ran && observed.output.status == Some(0) {
                Observing::Works
            } else {
                Observing::Fails(format!("{program} ran, and nothing was seen of it"))
            }
        }
    }
}
