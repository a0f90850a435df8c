//! What a program is: its name is a claim, and what it says and does is evidence.
//!
//! A tool is given only the variables that its rule names, which is right only for a tool that reads no others. A script
//! called `gcc`, a program called `clang` that runs another one, or a linker called as another linker reads what no rule
//! knows of. So [`Identity::of`] asks a program for its version, and watches what it does to answer: a driver or a linker
//! runs no other program for that. And [`Company`] is what ran in a link: whoever is not known there, or is there
//! twice, may have read anything, and so may a plugin. A file can name variables, too.
//! Only programs that claim to be linkers or drivers are asked; any other might take the question for an order.

mod company;
mod loaded;
mod named;

pub use company::Company;

use super::Decline;
use crate::host::{Command, Host, Observed};
use crate::rule::{Claim, Program, RuleId, Rules, VariableRole};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::io;

/// What came of asking a program for its version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Answer {
    /// The first line that it printed; `None` if it failed.
    pub line: Option<String>,
    /// The other programs that it ran to answer, by their real paths.
    pub ran: Vec<Utf8PathBuf>,
}

/// The question to a program for its version, by the name that makes the claim, since one file can be several programs.
pub struct Question<'q> {
    host: &'q dyn Host,
    rules: &'q Rules,
    claim: &'q Claim,
    program: &'q Utf8Path,
    /// The real path of the program.
    pub real: &'q Utf8Path,
    pub called: &'q str,
    pub args: Vec<String>,
}

/// Whoever is asked may know the answer from an earlier time.
pub type Ask<'a> = &'a dyn Fn(&Question<'_>) -> Answer;

/// A program that is about to run, or did.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    /// Absolute, or relative to the directory of the host.
    pub program: &'s Utf8Path,
    /// What it is told that it is called.
    pub called: &'s str,
    pub args: &'s [String],
    /// Whether somebody says that it is a linker or a driver, so that it may be asked whatever its name is.
    pub meant: bool,
}

/// What a program is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The rule by which its command line is read, if there is one.
    pub rule: Option<RuleId>,
    /// What it answered, where it was asked.
    pub answer: Option<Answer>,
    /// Why nobody knows which variables it reads; `None`: its rule does.
    pub doubt: Option<Doubt>,
}

/// Why nobody knows which variables a program reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubt {
    /// No rule is for a program of this name.
    Unknown { program: Utf8PathBuf },
    /// It is a script.
    Script { program: Utf8PathBuf },
    /// It says of itself what is of no rule, or nothing.
    Says {
        program: Utf8PathBuf,
        line: Option<String>,
    },
    /// It runs another program that its rule does not say it does.
    Runs {
        program: Utf8PathBuf,
        other: Utf8PathBuf,
    },
    /// A variable loads code into it that may read any.
    Loads {
        program: Utf8PathBuf,
        variable: String,
    },
    /// It reads variables that whoever ran it is not given.
    Reads {
        program: Utf8PathBuf,
        variable: String,
    },
    /// Code that a tool loaded, and that neither the tool nor its rule says it needs.
    Plugin { program: Utf8PathBuf },
    /// No program, but a file that a tool read and by whose text it reads variables that are named there.
    Names { program: Utf8PathBuf, text: String },
}

impl Doubt {
    /// The program that nobody knows.
    pub fn program(&self) -> &Utf8Path {
        match self {
            Self::Unknown { program }
            | Self::Script { program }
            | Self::Says { program, .. }
            | Self::Runs { program, .. }
            | Self::Loads { program, .. }
            | Self::Reads { program, .. }
            | Self::Plugin { program }
            | Self::Names { program, .. } => program,
        }
    }

    /// The same of a program that people know by another path.
    #[must_use]
    pub fn of_program(mut self, path: &Utf8Path) -> Self {
        let (Self::Unknown { program }
        | Self::Script { program }
        | Self::Says { program, .. }
        | Self::Runs { program, .. }
        | Self::Loads { program, .. }
        | Self::Reads { program, .. }
        | Self::Plugin { program }
        | Self::Names { program, .. }) = &mut self;
        path.clone_into(program);
        self
    }

    /// How to have a link in a project without it, as a sentence without a full stop.
    fn remedy(&self) -> &'static str {
        match self {
            Self::Plugin { .. } => "link without it",
            Self::Names { .. } => "write the value in its place",
            _ => "name the linker that it runs as `linker` in [link]",
        }
    }
}

impl From<Doubt> for Decline {
    fn from(doubt: Doubt) -> Self {
        Self::Stranger {
            program: doubt.program().to_owned(),
            why: doubt.to_string(),
            remedy: doubt.remedy().to_owned(),
        }
    }
}

/// A sentence without a full stop.
impl fmt::Display for Doubt {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { program } => write!(to, "no rule knows {program}"),
            Self::Script { program } => write!(to, "{program} is a script"),
            Self::Says {
                program,
                line: Some(line),
            } => write!(
                to,
                "{program} says that it is `{line}`, which no rule knows"
            ),
            Self::Says {
                program,
                line: None,
            } => write!(to, "{program} does not say what it is"),
            Self::Runs { program, other } => write!(to, "{program} runs {other}"),
            Self::Loads { program, variable } => {
                write!(to, "{variable} loads code into {program}")
            }
            Self::Reads { program, variable } => {
                write!(to, "{program} reads {variable}, which its caller does not")
            }
            Self::Plugin { program } => write!(to, "{program} is a plugin"),
            Self::Names { program, text } => write!(to, "{program} says `{text}`"),
        }
    }
}

impl Identity {
    /// What the program is.
    pub fn of(host: &dyn Host, rules: &Rules, subject: Subject<'_>, ask: Ask<'_>) -> Self {
        let doubted = |rule: Option<&RuleId>, doubt| Self {
            rule: rule.cloned(),
            answer: None,
            doubt: Some(doubt),
        };
        let program = subject.program.to_owned();
        let Ok(real) = host.real_path(&program) else {
            return doubted(None, Doubt::Unknown { program });
        };
        let called = Utf8Path::new(subject.called);
        let claim = rules.claim(&Program {
            called: called.file_name().unwrap_or_default(),
            real: real.file_name().unwrap_or_default(),
            args: subject.args,
        });
        let is_asked = match claim {
            Claim::Rule { .. } | Claim::Open => true,
            Claim::Nothing => subject.meant,
            Claim::Other => false,
        };
        if !is_asked {
            return doubted(None, Doubt::Unknown { program });
        }
        let script = is_script(host, &real);
        if script && let Some(id) = claim.rule() {
            // What it says would be what another program says.
            return doubted(Some(id), Doubt::Script { program });
        }
        let by_real_name = matches!(claim, Claim::Rule { real: true, .. });
        let flavor = match subject.args {
            [option, flavor, ..] if option == "-flavor" => vec![option.clone(), flavor.clone()],
            _ => Vec::new(),
        };
        let answer = ask(&Question {
            host,
            rules,
            claim: &claim,
            program: subject.program,
            real: &real,
            called: if by_real_name {
                real.as_str()
            } else {
                subject.called
            },
            args: flavor.into_iter().chain(["--version".to_owned()]).collect(),
        });
        let line = answer.line.as_deref();
        let said = line.and_then(|line| rules.said(&claim, line));
        let doubt = match &said {
            _ if script => Some(Doubt::Script { program }),
            None => Some(Doubt::Says {
                program,
                line: line.map(str::to_owned),
            }),
            Some(id) => {
                let runs = Runs::of(host, rules, id, &real);
                let mut others = answer.ran.iter();
                let other = others.find(|other| !runs.has_file(other)).cloned();
                other.map(|other| Doubt::Runs { program, other })
            }
        };
        Self {
            rule: said.or_else(|| claim.rule().cloned()),
            answer: Some(answer),
            doubt,
        }
    }

    /// Whether its name says that it is a linker or a driver.
    fn is_claimed(&self) -> bool {
        self.rule.is_some() || !matches!(self.doubt, Some(Doubt::Unknown { .. }))
    }

    /// The rule, if the program is what it says.
    pub fn known(&self) -> Option<&RuleId> {
        self.rule.as_ref().filter(|_| self.doubt.is_none())
    }
}

/// Whether a shell or another interpreter reads the file when it is run.
pub fn is_script(host: &dyn Host, real: &Utf8Path) -> bool {
    // Enough for the header of any program, and no text holds a zero.
    const HEAD: usize = 256;
    host.read(real).is_ok_and(|bytes| {
        let head = &bytes[..bytes.len().min(HEAD)];
        head.starts_with(b"#!") || !head.contains(&0)
    })
}

impl Question<'_> {
    /// Asks the program, and watches it where that can be done.
    pub fn ask(&self) -> Answer {
        let command = Command {
            program: self.program.to_owned(),
            called: Some(self.called.to_owned()),
            args: self.args.clone(),
            env: self.environment(),
        };
        let host = self.host;
        let (output, ran) = match host.observe(&command) {
            // Whom nobody saw nobody knows.
            Ok(observed) if !observed.gaps.is_empty() => return Answer::default(),
            Ok(observed) => {
                let ran = others(host, self.real, &observed);
                (Ok(observed.output), ran)
            }
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                (host.run(&command), Vec::new())
            }
            Err(error) => (Err(error), Vec::new()),
        };
        let line = output
            .ok()
            .filter(|output| output.status == Some(0))
            .and_then(|output| {
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                text.lines().next().map(str::to_owned)
            });
        Answer { line, ran }
    }

    /// The variables of the rule that do not change what a program is: lld has one for its version.
    fn environment(&self) -> Vec<(String, String)> {
        let ids = match self.claim.rule() {
            Some(id) => vec![id.clone()],
            None => self.rules.ids().collect(),
        };
        let mut environment = BTreeMap::new();
        for id in ids {
            for (name, variable) in self.rules.environment(&id).given() {
                let only_finds = matches!(
                    variable.role,
                    VariableRole::SearchPath | VariableRole::Ignored
                );
                if only_finds && let Some(value) = self.host.variable(name) {
                    environment.insert(name.to_owned(), value);
                }
            }
        }
        environment.insert("LC_ALL".to_owned(), "C".to_owned());
        environment.into_iter().collect()
    }
}

/// The programs that ran besides the one at `real`, by their real paths.
pub fn others(host: &dyn Host, real: &Utf8Path, observed: &Observed) -> Vec<Utf8PathBuf> {
    let programs = observed.programs().into_iter();
    let programs = programs.filter(|program| !is_itself(program));
    let programs = programs.map(|program| {
        let path = host.real_path(program);
        path.unwrap_or_else(|_| program.to_owned())
    });
    programs.filter(|program| program != real).collect()
}

/// Whether a path is that by which a process runs its own program once more.
fn is_itself(program: &Utf8Path) -> bool {
    let below = program.as_str().strip_prefix("/proc/");
    below.is_some_and(|below| {
        let process = below.strip_suffix("/exe");
        process.is_some_and(|process| {
            process == "self" || process.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

/// What a program may run by its rule.
struct Runs<'r> {
    entries: Vec<&'r str>,
    /// Those of the entries that are paths, as real ones.
    files: Vec<Utf8PathBuf>,
}

impl<'r> Runs<'r> {
    fn of(host: &dyn Host, rules: &'r Rules, id: &RuleId, real: &Utf8Path) -> Self {
        let entries = rules.runs(id);
        let folder = real.parent().unwrap_or(Utf8Path::new("/"));
        let paths = entries.iter().filter(|entry| entry.contains('/'));
        let files = paths.filter_map(|path| host.real_path(&folder.join(path)).ok());
        Self {
            files: files.collect(),
            entries,
        }
    }

    fn has_file(&self, real: &Utf8Path) -> bool {
        self.files.iter().any(|file| file == real)
    }

    /// The entry that is one of these names, with or without a target before it.
    fn entry(&self, names: &[&str]) -> Option<&'r str> {
        let mut entries = self.entries.iter().filter(|entry| !entry.contains('/'));
        let fits = |entry: &str| {
            names.iter().any(|name| {
                let target = name.strip_suffix(entry);
                target.is_some_and(|target| target.is_empty() || target.ends_with('-'))
            })
        };
        entries.find(|entry| fits(entry)).copied()
    }
}
