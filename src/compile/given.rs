//! The variables of a compiler: what it is given, and what of it counts. Knows no variable by name but `PATH`.

use crate::host::Host;
use crate::observe::Observation;
use crate::rule::{Environment, VariableRole};

/// What one run of a compiler is given.
pub struct Given {
    /// All variables that it has.
    pub environment: Vec<(String, String)>,
    /// Those whose value counts, also where they are unset.
    pub counts: Vec<Observation>,
    /// Those that count by what is found in their directories.
    pub search: Vec<String>,
}

impl Given {
    /// What the rule says, with the values of now. Messages are kept with the results, and so have to be in one language.
    pub fn of(environment: &Environment, host: &dyn Host) -> Self {
        let language = |name: &str| name.starts_with("LC_") || name.starts_with("LANG");
        let mut given = Self {
            environment: vec![("LC_ALL".to_owned(), "C".to_owned())],
            counts: Vec::new(),
            search: Vec::new(),
        };
        for (name, _) in environment.given().filter(|(name, _)| !language(name)) {
            if let Some(value) = host.variable(name) {
                given.environment.push((name.to_owned(), value));
            }
        }
        for (name, variable) in environment.recorded() {
            // Which directories are searched for programs counts by what is found in them.
            match variable.role == VariableRole::SearchPath && name == "PATH" {
                true => given.search.push(name.to_owned()),
                false => given
                    .counts
                    .push(Observation::variable(name, host.variable(name))),
            }
        }
        given
    }

    /// Whether a variable has a value.
    pub fn has(&self, name: &str) -> bool {
        let mut all = self.environment.iter();
        all.any(|(given, value)| given == name && !value.is_empty())
    }
}
