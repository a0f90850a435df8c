//! [`Told`]: what the driver is told to link a program, by its rule: arguments, variables, and what forbids to record it.
//!
//! It runs nothing.

use super::bench::Bench;
use crate::error::Error;
use crate::host::{Command, Host};
use crate::link::observed::{Given, Habits};
use crate::link::{Argument, Decline, External, LinkPlan};
use crate::observe::Observation;
use crate::rule::{Does, Examined, FormValue, Line, RuleId, Rules};

pub struct Told {
    pub command: Command,
    /// Variables that count by their value.
    pub counts: Vec<Observation>,
    pub habits: Habits,
    /// The link is run, and not recorded.
    pub decline: Option<Decline>,
}

impl Told {
    pub fn of(
        plan: &LinkPlan,
        external: &External,
        bench: &Bench<'_>,
        rules: &Rules,
        host: &dyn Host,
    ) -> Result<Self, Error> {
        let id = RuleId::Driver(external.rule.clone());
        let mut given = Given::of(rules, &id, host);
        // Messages are read by this module, and only in English. The driver runs in the project, wherever its caller is.
        given.set("LC_ALL", Some("C"));
        given.set("PWD", None);

        let mut args = vec!["-o".to_owned(), bench.program().into_string()];
        if let (Some(tools), Some(option)) = (&bench.tools, programs(rules, external)) {
            args.push(format!("{option}{tools}"));
        }
        for argument in &plan.arguments {
            match argument {
                Argument::Text(text) => args.push(text.clone()),
                Argument::Objects => {
                    let objects = bench.objects().iter();
                    args.extend(objects.map(|path| path.as_str().to_owned()));
                }
            }
        }
        let mut examined = examine(rules, &id, &args, host);
        if !examined.fixes.is_empty() {
            args.append(&mut examined.fixes);
            examined = examine(rules, &id, &args, host);
        }
        if examined.output != bench.program().as_str() {
            return Err(Error::configuration(
                format!(
                    "a link argument sends the program to `{}`: the engine says what is made and where",
                    examined.output
                ),
                Some("remove it from `args` of [link]".to_owned()),
            ));
        }
        let decline = examined.declines.first().map(|declined| Decline::Argument {
            argument: declined.argument.clone(),
            problem: declined.why.clone(),
            remedy: declined.remedy.clone(),
            rule: declined.place.to_string(),
        });
        let habits = Habits {
            libraries: Some(Habits::libraries(&examined)),
            temporary: Habits::temporary(host),
            search: given.search,
            ..Habits::default()
        };
        let args = bench.shortened(host, args).map_err(|(path, cause)| {
            Error::world("the arguments of the link cannot be written", path, cause)
        })?;
        Ok(Self {
            command: Command {
                program: plan.driver.clone(),
                called: None,
                args,
                env: given.environment,
            },
            counts: given.counts,
            habits,
            decline,
        })
    }
}

fn examine(rules: &Rules, id: &RuleId, args: &[String], host: &dyn Host) -> Examined {
    let mut line = Line {
        args,
        variable: &|name| host.variable(name),
        response: &mut |path| Some(host.read(path.into()).ok()?.to_vec()),
    };
    rules.examine(id, &mut line)
}

/// The option by which the driver is shown a folder of programs.
fn programs<'r>(rules: &'r Rules, external: &External) -> Option<&'r str> {
    let driver = rules.drivers.get(&external.rule)?;
    let options = driver.tool.options.iter();
    let mut forms = options
        .filter(|option| option.does == Does::Programs)
        .flat_map(|option| &option.forms);
    let joined = forms.find(|form| form.value == FormValue::Joined);
    joined.map(|form| form.name.as_str())
}
