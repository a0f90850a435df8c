//! What a tool that falls under a rule is given, and what of it counts: its variables, and the libraries it searches.
//!
//! It looks at variables only, and knows no tool by name.

use super::Habits;
use crate::host::Host;
use crate::observe::Observation;
use crate::rule::{Does, Environment, Examined, RuleId, Rules, VariableRole};
use camino::Utf8PathBuf;

/// The variables of one tool.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// All that it is given.
    pub environment: Vec<(String, String)>,
    /// Those whose value counts, also where they are unset.
    pub counts: Vec<Observation>,
    /// Those that count by what is found in their directories.
    pub search: Vec<String>,
}

impl Given {
    /// What the rule says, with the values of now.
    pub fn of(rules: &Rules, id: &RuleId, host: &dyn Host) -> Self {
        Self::of_environment(&rules.environment(id), host)
    }

    /// What these variables come to.
    pub fn of_environment(environment: &Environment, host: &dyn Host) -> Self {
        let mut given = Self::default();
        for (name, _) in environment.given() {
            if let Some(value) = host.variable(name) {
                given.environment.push((name.to_owned(), value));
            }
        }
        for (name, variable) in environment.recorded() {
            // Which directories are searched for programs counts by what is found in them.
            if variable.role == VariableRole::SearchPath && name == "PATH" {
                given.search.push(name.to_owned());
                continue;
            }
            let value = host.variable(name);
            given.counts.push(Observation::variable(name, value));
        }
        given
    }

    /// The tool is told this, whatever its value is outside, which then does not count.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        self.environment.retain(|(given, _)| given != name);
        if let Some(value) = value {
            self.environment.push((name.to_owned(), value.to_owned()));
        }
        self.counts.retain(|counted| counted.subject() != name);
    }
}

impl Habits {
    /// The libraries that a command line has a linker search.
    pub fn libraries(examined: &Examined) -> Vec<String> {
        let searched = examined.words.iter().filter_map(|word| match word.does {
            Does::Library | Does::DefaultLibrary => Some(word.value.clone()),
            Does::ExactLibrary => Some(format!(":{}", word.value)),
            _ => None,
        });
        searched.collect()
    }

    /// Where tools make their temporary files.
    pub fn temporary(host: &dyn Host) -> Vec<Utf8PathBuf> {
        let variables = ["TMPDIR", "TMP", "TEMP"].into_iter();
        let named = variables.filter_map(|name| host.variable(name));
        named
            .chain(["/tmp".to_owned()])
            .filter_map(|folder| host.real_path(folder.as_str().into()).ok())
            .collect()
    }
}
