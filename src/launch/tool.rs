//! The command's program: where it is, what its rule says of the command line, and what it may be given.
//!
//! A tool that is what its rule is for gets the variables that the rule names, and no others. Of any other all variables
//! count; a rule that its name claims still says what declines and which names are random.

use super::volatile::RandomNames;
use super::{Request, Work};
use crate::host::Host;
use crate::link::Decline;
use crate::link::identity::{Doubt, Identity, Question, Subject};
use crate::link::observed::{Given, Habits};
use crate::observe::{Observation, World};
use crate::rule::{Line, RuleId};
use camino::Utf8PathBuf;

/// How a command is run and judged.
pub struct Tool {
    /// Absolute.
    pub program: Utf8PathBuf,
    /// The same with symbolic links resolved.
    pub real: Utf8PathBuf,
    /// The rule of a tool that is what its rule is for.
    pub rule: Option<RuleId>,
    /// Why nobody knows which of the variables count.
    pub doubt: Option<Doubt>,
    /// All that the program is given.
    pub environment: Vec<(String, String)>,
    /// Whether these are all variables there are, so that all count.
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
pub fn recognise(work: &Work<'_>) -> Result<Tool, Decline> {
    let (host, request) = (work.host, work.request);
    let name = request.command.first().map_or("", String::as_str);
    let arguments = request.command.get(1..).unwrap_or_default();
    let world = World::new(host.clone());
    // What is not found at all is said by whoever tries to run it.
    let found = world.find_tool(name, "PATH");
    let program = request
        .directory
        .join(found.clone().unwrap_or_else(|| name.into()));
    let ask = |question: &Question<'_>| work.ask(question);
    let subject = Subject {
        program: &program,
        called: name,
        args: arguments,
        meant: false,
    };
    let mut identity = Identity::of(&**host, &work.rules, subject, &ask);
    if let Some(variable) = identity.known().and_then(|id| loading(work, id)) {
        let program = program.clone();
        identity.doubt = Some(Doubt::Loads { program, variable });
    }
    let mut tool = Tool {
        seen: vec![Observation::Tool {
            name: name.to_owned(),
            variable: "PATH".to_owned(),
            path: found,
        }],
        real: host.real_path(&program).unwrap_or_else(|_| program.clone()),
        program,
        rule: identity.known().cloned(),
        doubt: identity.doubt,
        environment: Vec::new(),
        whole: false,
        habits: Habits::default(),
        normal: None,
        names: RandomNames::default(),
    };
    if let Some(id) = &identity.rule {
        tool.read_line(work, id)?;
    }
    match tool.rule.clone() {
        Some(id) => tool.give_named(work, &id),
        None => tool.give_all(&**host, request)?,
    }
    Ok(tool)
}

impl Tool {
    /// What the rule says of the command line.
    fn read_line(&mut self, work: &Work<'_>, id: &RuleId) -> Result<(), Decline> {
        let (host, request) = (&**work.host, work.request);
        let arguments = request.command.get(1..).unwrap_or_default();
        let examined = work.rules.examine(
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
        self.habits.libraries = Some(Habits::libraries(&examined));
        if examined.key != arguments {
            let program = request.command.iter().take(1).cloned();
            self.normal = Some(program.chain(examined.key).collect());
            self.names = RandomNames::of(&examined.volatile, host, &request.directory);
        }
        Ok(())
    }

    /// What the rule names is given.
    fn give_named(&mut self, work: &Work<'_>, id: &RuleId) {
        let host = &**work.host;
        self.habits.temporary = Habits::temporary(host);
        let rule = work.rules.tool(id);
        self.habits.opens_output = rule.is_some_and(|rule| rule.opens_output);
        let given = Given::of(&work.rules, id, host);
        self.environment = given.environment;
        self.habits.search = given.search;
        self.seen.extend(given.counts);
    }

    /// Everything is given, and counts.
    ///
    /// # Errors
    /// [`Decline`] where it can't be recorded, or where standard input may count too.
    pub fn give_all(&mut self, host: &dyn Host, request: &Request) -> Result<(), Decline> {
        self.environment = host.variables().map_err(|error| Decline::NotUtf8 {
            what: error.to_string(),
        })?;
        self.whole = true;
        self.habits = Habits {
            unknown: true,
            ..Habits::default()
        };
        // Each variable is recorded with all others.
        let is_variable = |seen: &Observation| matches!(seen, Observation::Variable { .. });
        self.seen.retain(|seen| !is_variable(seen));
        let told = request.command.iter().any(|word| is_input(word));
        if told || request.has_input {
            return Err(Decline::StandardInput);
        }
        Ok(())
    }
}

/// A variable by which code is loaded into the tool now.
fn loading(work: &Work<'_>, id: &RuleId) -> Option<String> {
    let environment = work.rules.environment(id);
    let mut names = environment.loading().map(|(name, _)| name);
    let is_set = |name: &&str| {
        let value = work.host.variable(name);
        value.is_some_and(|value| !value.is_empty())
    };
    names.find(is_set).map(str::to_owned)
}

/// Whether an argument means standard input.
fn is_input(argument: &str) -> bool {
    ["-", "@-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].contains(&argument)
}
