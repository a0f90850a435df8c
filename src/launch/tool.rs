//! The command's program: where it is, what its rule says of the command line, and what it may be given.

use super::Request;
use super::volatile::RandomNames;
use crate::host::{Command, Host};
use crate::link::Decline;
use crate::link::observed::{Given, Habits};
use crate::observe::{Observation, World};
use crate::rule::{Line, Program, RuleId, Rules};
use camino::{Utf8Path, Utf8PathBuf};
use std::sync::Arc;

/// How a command is run and judged.
pub struct Tool {
    /// Absolute.
    pub program: Utf8PathBuf,
    /// All that the program is given.
    pub environment: Vec<(String, String)>,
    /// Whether nobody knows which of the variables count, so that all do.
    pub whole: bool,
    /// What was looked at to find the program and its environment.
    pub seen: Vec<Observation>,
    pub habits: Habits,
    /// The command line for the key, where random names in it have to be left out.
    pub normal: Option<Vec<String>>,
    pub names: RandomNames,
}

/// Finds the program and its rule.
///
/// # Errors
/// [`Decline`] where it should not be run under observation.
pub fn recognise(host: &Arc<dyn Host>, request: &Request) -> Result<Tool, Decline> {
    let name = request.command.first().map_or("", String::as_str);
    let arguments = request.command.get(1..).unwrap_or_default();
    let world = World::new(host.clone());
    // What is not found at all is said by whoever tries to run it.
    let found = world.find_tool(name, "PATH");
    let program = request
        .directory
        .join(found.clone().unwrap_or_else(|| name.into()));
    let mut tool = Tool {
        seen: vec![Observation::Tool {
            name: name.to_owned(),
            variable: "PATH".to_owned(),
            path: found,
        }],
        program,
        environment: Vec::new(),
        whole: true,
        habits: Habits::default(),
        normal: None,
        names: RandomNames::default(),
    };
    // A rule file that can't be read is a bug that a test finds; without rules all variables count.
    let rules = Rules::shipped().unwrap_or_default();
    match rule(host, &rules, &tool.program, name, arguments) {
        Some(id) => tool.follow(&**host, &rules, &id, request)?,
        None => tool.follow_none(&**host, request)?,
    }
    Ok(tool)
}

/// The rule that the program falls under.
fn rule(
    host: &Arc<dyn Host>,
    rules: &Rules,
    program: &Utf8Path,
    name: &str,
    arguments: &[String],
) -> Option<RuleId> {
    let called = Utf8Path::new(name).file_name().unwrap_or_default();
    let real = host.real_path(program).ok()?;
    let described = Program {
        called,
        real: real.file_name().unwrap_or_default(),
        args: arguments,
    };
    // Only what has the name of a linker or a compiler is asked for its version: anything else might take the question for
    // an order.
    let is_asked = ["ld", "cc", "c++"]
        .iter()
        .any(|known| called == *known || called.ends_with(&format!("-{known}")));
    rules.recognise(&described, &mut || {
        let command = Command {
            program: program.to_owned(),
            called: Some(name.to_owned()),
            args: vec!["--version".to_owned()],
            env: host.variables().ok()?,
        };
        let output = is_asked.then(|| host.run(&command).ok())??;
        String::from_utf8(output.stdout).ok()
    })
}

impl Tool {
    /// What the rule says.
    fn follow(
        &mut self,
        host: &dyn Host,
        rules: &Rules,
        id: &RuleId,
        request: &Request,
    ) -> Result<(), Decline> {
        let arguments = request.command.get(1..).unwrap_or_default();
        let examined = rules.examine(
            id,
            &mut Line {
                args: arguments,
                variable: &|name| host.variable(name),
                response: &mut |path| Some(host.read(path.into()).ok()?.to_vec()),
            },
        );
        if let Some(argument) = examined.instead {
            return Err(Decline::NotALink {
                argument: Some(argument),
            });
        }
        if let Some(declined) = examined.declines.first().cloned() {
            return Err(Decline::Argument {
                argument: declined.argument,
                problem: declined.why,
                remedy: declined.remedy,
                rule: declined.place.to_string(),
            });
        }
        // The tools of these rules read their input only where they are told so.
        if arguments.iter().any(|word| is_input(word)) {
            return Err(Decline::StandardInput);
        }
        self.whole = false;
        self.habits.libraries = Some(Habits::libraries(&examined));
        self.habits.temporary = Habits::temporary(host);
        let given = Given::of(rules, id, host);
        self.environment.extend(given.environment);
        self.habits.search.extend(given.search);
        self.seen.extend(given.counts);
        if examined.key != arguments {
            let program = request.command.iter().take(1).cloned();
            self.normal = Some(program.chain(examined.key).collect());
            self.names = RandomNames::of(&examined.volatile, host, &request.directory);
        }
        Ok(())
    }

    /// Everything is given, and counts.
    fn follow_none(&mut self, host: &dyn Host, request: &Request) -> Result<(), Decline> {
        self.environment = host.variables().map_err(|error| Decline::NotUtf8 {
            what: error.to_string(),
        })?;
        self.habits.unknown = true;
        let told = request.command.iter().any(|word| is_input(word));
        if told || request.has_input {
            return Err(Decline::StandardInput);
        }
        Ok(())
    }
}

/// Whether an argument means standard input.
fn is_input(argument: &str) -> bool {
    ["-", "@-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].contains(&argument)
}
