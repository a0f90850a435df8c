//! Finds the linker that is asked for, and how the driver is told to run it.
//!
//! What is looked at is recorded: the driver's answers hold as long as the same programs are found.

use super::super::{Argument, External, LinkPlan, LinkerIdentity, OwnRules};
use super::question;
use crate::error::{Error, Result};
use crate::host::{Command, Host};
use crate::link::driver::{SHARED, around};
use crate::link::identity::{Answer, Doubt, Identity, Question, Subject};
use crate::link::observed::Given;
use crate::observe::{Reader, Role};
use crate::rule::{Does, DriverRule, FormValue, Line, RuleId, Rules};
use camino::{Utf8Path, Utf8PathBuf};

const NOTE: &str = "the linker";

/// Linkers whose output is a program for this system.
const FOR_PROGRAMS: &[&str] = &["bfd", "gold", "lld", "mold", "wild"];

/// Which linker is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The one that the driver takes by itself.
    Default,
    Named(String),
    Path(Utf8PathBuf),
}

/// How to link by running `driver` with `arguments`.
///
/// # Errors
/// If the linker is not there, or no rule knows it or the driver.
pub fn plan(
    driver: Utf8PathBuf,
    wanted: &Wanted,
    arguments: Vec<Argument>,
    own: &OwnRules,
    reader: &Reader<'_>,
) -> Result<LinkPlan> {
    let rules = own.all()?;
    let host = reader.world().host();
    let rule = driver_rule(&rules, &driver, host)?;
    let driver_rule = &rules.drivers[&rule];
    let id = RuleId::Driver(rule.clone());
    let mut given = Given::of(&rules, &id, host);
    given.set("LC_ALL", Some("C"));
    given.set("PWD", None);
    for variable in &given.counts {
        let note = "the C compiler or the linker reads it";
        reader.record(variable.clone(), Role::Environment, note);
    }
    refuse_other_results(&rules, &id, &arguments)?;

    let find = Find {
        rules: &rules,
        own,
        driver: &driver,
        environment: &given.environment,
        reader,
    };
    let linker = find.linker(wanted)?;
    let mut shown_as = None;
    let mut selecting = None;
    match wanted {
        Wanted::Default => {}
        Wanted::Named(name) => {
            selecting = select(driver_rule, name);
            if selecting.is_none() {
                shown_as = Some("ld".to_owned());
            }
        }
        Wanted::Path(_) => match spelled(driver_rule, Does::SelectPath) {
            Some(option) => {
                let path = linker.path.as_deref().unwrap_or(Utf8Path::new(""));
                selecting = Some(format!("{option}{path}"));
            }
            None => {
                selecting = select(driver_rule, &linker.name);
                shown_as = Some(match &selecting {
                    Some(_) => format!("ld.{}", linker.name),
                    None => "ld".to_owned(),
                });
            }
        },
    }
    // A driver that can be told the path of a linker needs to be shown none.
    if let (Some(_), Some(option), Some(path)) = (
        &shown_as,
        spelled(driver_rule, Does::SelectPath),
        &linker.path,
    ) {
        selecting = Some(format!("{option}{path}"));
        shown_as = None;
    }
    let arguments = selecting
        .map(Argument::Text)
        .into_iter()
        .chain(arguments)
        .collect();
    Ok(LinkPlan {
        driver,
        external: Some(External {
            rules: own.consulted(&rules, &rule, &linker.name),
            rule,
            shown_as,
        }),
        linker,
        arguments,
        instead: None,
    })
}

/// The argument that selects a linker by name, where the driver knows that name.
fn select(driver: &DriverRule, name: &str) -> Option<String> {
    let known = driver.linkers.named.contains_key(name);
    let option = spelled(driver, Does::Select).filter(|_| known)?;
    Some(format!("{option}{name}"))
}

/// The option that does this and whose value is joined to it.
fn spelled(driver: &DriverRule, does: Does) -> Option<&str> {
    let options = driver.tool.options.iter();
    let mut forms = options
        .filter(|option| option.does == does)
        .flat_map(|option| &option.forms);
    forms
        .find(|form| form.value == FormValue::Joined)
        .map(|form| form.name.as_str())
}

/// Arguments with which no program would come of the link.
fn refuse_other_results(rules: &Rules, id: &RuleId, arguments: &[Argument]) -> Result<()> {
    let args: Vec<String> = arguments
        .iter()
        .map(|argument| match argument {
            Argument::Text(text) => text.clone(),
            Argument::Objects => "main.o".to_owned(),
        })
        .collect();
    let examined = rules.examine(
        id,
        &mut Line {
            args: &args,
            variable: &|_| None,
            response: &mut |_| None,
        },
    );
    let other = [SHARED, "-r", "-relocatable", "-Wl,-shared", "-Wl,-r"];
    // The first is the engine's own word for what it makes.
    let own = usize::from(args.first().is_some_and(|arg| arg == SHARED));
    let mut users = args.into_iter().skip(own);
    let found = users.find(|arg| other.contains(&arg.as_str()));
    match examined.instead.or(found) {
        None => Ok(()),
        Some(argument) => Err(Error::configuration(
            format!(
                "the link argument `{argument}` cannot be used: the result would be no program"
            ),
            Some("remove it from `args` of [link]".to_owned()),
        )),
    }
}

/// The name of the driver's rule.
fn driver_rule(rules: &Rules, driver: &Utf8Path, host: &dyn Host) -> Result<String> {
    let identity = identify(rules, driver, host);
    let problem = match identity {
        Identity {
            rule: Some(RuleId::Driver(rule)),
            doubt: None,
            ..
        } => return Ok(rule),
        Identity {
            doubt: Some(Doubt::Runs { other, .. }),
            ..
        } => return Err(around(driver, &other)),
        Identity {
            doubt: Some(Doubt::Says {
                line: Some(line), ..
            }),
            ..
        } => format!(
            "no rule knows the C compiler `{driver}`, which says that it is `{line}`, so it cannot be told which linker to run"
        ),
        _ => format!(
            "no rule knows the C compiler `{driver}`, so it cannot be told which linker to run"
        ),
    };
    Err(Error::configuration(
        problem,
        Some("name gcc or clang as `driver` in [link], or let the built-in linker link: `linker = \"wild\"`".to_owned()),
    ))
}

/// What a program is that the project or the driver takes for a tool.
fn identify(rules: &Rules, program: &Utf8Path, host: &dyn Host) -> Identity {
    let subject = Subject {
        program,
        called: program.as_str(),
        args: &[],
        meant: true,
    };
    Identity::of(host, rules, subject, &|question: &Question<'_>| {
        question.ask()
    })
}

struct Find<'f> {
    rules: &'f Rules,
    own: &'f OwnRules,
    driver: &'f Utf8Path,
    environment: &'f [(String, String)],
    reader: &'f Reader<'f>,
}

impl Find<'_> {
    fn linker(&self, wanted: &Wanted) -> Result<LinkerIdentity> {
        match wanted {
            Wanted::Default => self.searched("ld", None),
            Wanted::Named(name) => self.searched(&format!("ld.{name}"), Some(name)),
            Wanted::Path(path) => {
                let found = self.reader.tool(path.as_str(), NOTE);
                let found = found.ok_or_else(|| {
                    Error::missing(
                        format!("there is no linker at `{path}`"),
                        "correct `linker` in [link]",
                    )
                })?;
                self.identity(&self.absolute(found)?)
            }
        }
    }

    /// The program that the driver finds under this name.
    fn searched(&self, program: &str, name: Option<&str>) -> Result<LinkerIdentity> {
        let in_path = self.reader.tool(program, NOTE);
        let found = match self.asked_of_driver(program)? {
            Some(path) => Some(path),
            None if name == Some("wild") => in_path.or_else(|| self.reader.tool("wild", NOTE)),
            None => in_path,
        };
        let found = found.ok_or_else(|| {
            let asked = name.unwrap_or(program);
            Error::missing(
                format!("the linker `{asked}` was not found: the C compiler `{}` looks for `{program}`", self.driver),
                format!("install it, or set `linker` in [link] to its path, such as \"/usr/bin/{program}-19\""),
            )
        })?;
        self.identity(&self.absolute(found)?)
    }

    /// A path from the driver's own search; `None` if it leaves the name to `PATH`.
    fn asked_of_driver(&self, program: &str) -> Result<Option<Utf8PathBuf>> {
        let args = vec![format!("-print-prog-name={program}")];
        let output = self.run(&question(self.driver, args, self.environment))?;
        let path = Utf8PathBuf::from(output.lines().next().unwrap_or_default().trim());
        Ok(path.as_str().contains('/').then_some(path))
    }

    fn run(&self, command: &Command) -> Result<String> {
        let host = self.reader.world().host();
        let output = host.run(command).map_err(|cause| {
            Error::world(
                "cannot ask for the linker",
                command.program.as_path(),
                cause,
            )
        })?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn absolute(&self, path: Utf8PathBuf) -> Result<Utf8PathBuf> {
        if path.is_absolute() {
            return Ok(path);
        }
        let host = self.reader.world().host();
        let root = host
            .real_path(Utf8Path::new("."))
            .map_err(|cause| Error::world("cannot look at the project", ".", cause))?;
        Ok(root.join(path))
    }

    /// What the linker is, as its rule and it itself say.
    fn identity(&self, path: &Utf8Path) -> Result<LinkerIdentity> {
        let host = self.reader.world().host();
        let unreadable = |cause| Error::world("cannot read the linker", path, cause);
        let real = host.real_path(path).map_err(unreadable)?;
        for path in [path, &real] {
            self.reader
                .file(path, Role::Tool, NOTE)
                .map_err(unreadable)?;
        }
        let identity = identify(self.rules, path, host);
        // What the linker runs besides is seen when it links.
        let is_identified = matches!(
            identity.doubt,
            None | Some(Doubt::Script { .. } | Doubt::Runs { .. })
        );
        let known = match identity.rule {
            Some(RuleId::Linker(rule))
                if is_identified
                    && (FOR_PROGRAMS.contains(&rule.as_str()) || self.own.has_linker(&rule)) =>
            {
                Some(rule)
            }
            _ => None,
        };
        let Some(name) = known else {
            return Err(Error::configuration(
                format!(
                    "`{path}` is no linker that a rule knows and that makes programs for this system"
                ),
                Some(format!(
                    "name one of these kinds as `linker` in [link]: {}",
                    FOR_PROGRAMS.join(", ")
                )),
            ));
        };
        Ok(LinkerIdentity {
            name,
            version: version(identity.answer.as_ref()),
            answer: identity.answer,
            path: Some(path.to_owned()),
        })
    }
}

/// The number in the line that a linker prints for its version; the last where there are several, since the
/// first is that of a collection.
fn version(answer: Option<&Answer>) -> String {
    let line = answer.and_then(|answer| answer.line.as_deref());
    let line = line.unwrap_or_default();
    let is_number = |word: &&str| {
        word.starts_with(|letter: char| letter.is_ascii_digit()) && word.contains('.')
    };
    let number = line.split_whitespace().rfind(is_number);
    number
        .unwrap_or_default()
        .trim_end_matches(|letter: char| !letter.is_alphanumeric())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Answer, version};

    #[test]
    fn versions_are_numbers() {
        for (printed, number) in [
            ("GNU ld (GNU Binutils for Debian) 2.40", "2.40"),
            ("GNU gold (GNU Binutils for Debian 2.40) 1.16", "1.16"),
            ("Debian LLD 19.1.7 (compatible with GNU linkers)", "19.1.7"),
            ("mold 1.10.1 (compatible with GNU ld)", "1.10.1"),
            ("", ""),
        ] {
            let answer = Answer {
                line: Some(printed.to_owned()),
                ran: Vec::new(),
            };
            assert_eq!(version(Some(&answer)), number);
        }
    }
}
