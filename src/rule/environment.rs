//! The variables that a tool is given: its own, those it has in common with others, and for a driver those of every
//! linker that may stand behind it. And the programs that it runs, which get them from it.

use super::schema::{Variable, VariableRole};
use super::{Pattern, RuleId, Rules, ToolRule};
use indexmap::IndexMap;
use serde::Serialize;

/// Variables by name, with what becomes of each. One that is not here is not given to the tool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Environment {
    pub variables: IndexMap<String, Variable>,
}

impl Environment {
    /// Those that the tool gets, with the value that they have outside.
    pub fn given(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.having(|role| role != VariableRole::Withheld)
    }

    /// Those that are recorded, also where they are unset.
    pub fn recorded(&self) -> impl Iterator<Item = (&str, &Variable)> {
        use VariableRole::{Forbids, Loads, SearchPath, Value};
        self.having(|role| matches!(role, SearchPath | Value | Loads | Forbids))
    }

    /// Those that load code into the tool while they are set to something.
    pub fn loading(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.having(|role| role == VariableRole::Loads)
    }

    /// Those that keep a link from being cached while they are set.
    pub fn forbidding(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.having(|role| role == VariableRole::Forbids)
    }

    fn having(
        &self,
        role: impl Fn(VariableRole) -> bool,
    ) -> impl Iterator<Item = (&str, &Variable)> {
        self.variables
            .iter()
            .filter(move |(_, variable)| role(variable.role))
            .map(|(name, variable)| (name.as_str(), variable))
    }

    /// Adds another linker's. Where both know a variable, the role that takes it more seriously holds.
    fn join(&mut self, other: Self) {
        for (name, variable) in other.variables {
            match self.variables.get_mut(&name) {
                Some(known) if known.role < variable.role => *known = variable,
                Some(_) => {}
                None => {
                    self.variables.insert(name, variable);
                }
            }
        }
    }
}

impl Rules {
    /// The variables of a tool; none where there is no such rule.
    pub fn environment(&self, id: &RuleId) -> Environment {
        let Some(tool) = self.tool(id) else {
            return Environment::default();
        };
        let mut environment = self.own_environment(tool);
        let RuleId::Driver(name) = id else {
            return environment;
        };
        let mut behind = Environment::default();
        if let Some(driver) = self.drivers.get(name) {
            let linkers = &driver.linkers;
            let targets = linkers.targets.iter().map(|target| &target.linker);
            let named = linkers.named.values().chain(&linkers.others);
            let named = named.chain(targets);
            for name in std::iter::once(&linkers.default).chain(named) {
                if let Some(linker) = self.linkers.get(name) {
                    behind.join(self.own_environment(&linker.tool));
                }
            }
        }
        // What the driver says of a variable holds for its children: it runs them.
        for (name, variable) in behind.variables {
            environment.variables.entry(name).or_insert(variable);
        }
        environment
    }

    /// The variables of a compiler; none where there is no such rule.
    pub fn compiler_environment(&self, name: &str) -> Environment {
        let rule = self.compilers.get(name);
        rule.map(|rule| {
            self.with_common(
                rule.variables.clone(),
                rule.environment.iter().map(String::as_str),
            )
        })
        .unwrap_or_default()
    }

    /// Programs that the tool runs besides itself and, for a driver, its linkers. An entry is a name, which also stands for
    /// itself with a target before it (`x86_64-linux-gnu-as` for `as`); a path with a slash, from the directory of whoever
    /// runs it; or the name of a driver's rule.
    pub fn runs(&self, id: &RuleId) -> Vec<&str> {
        let Some(tool) = self.tool(id) else {
            return Vec::new();
        };
        let common = tool.environment.iter();
        let common = common.filter_map(|name| self.environments.get(name));
        let common = common.flat_map(|environment| &environment.runs);
        tool.runs.iter().chain(common).map(String::as_str).collect()
    }

    /// Libraries that the tool may load while it runs, besides those that it needs.
    pub fn loads(&self, id: &RuleId) -> impl Iterator<Item = &Pattern> {
        let names = self.tool(id).into_iter().flat_map(|tool| &tool.environment);
        let common = names.filter_map(|name| self.environments.get(name));
        common.flat_map(|environment| &environment.loads)
    }

    /// The variables of a tool that has no rule of its own: those of these entries, the first one's before the next one's.
    pub fn common_environment(&self, names: &[&str]) -> Environment {
        self.with_common(IndexMap::new(), names.iter().copied())
    }

    /// What a tool says itself wins over what it has in common with others.
    pub(super) fn own_environment(&self, tool: &ToolRule) -> Environment {
        let names = tool.environment.iter().map(String::as_str);
        self.with_common(tool.variables.clone(), names)
    }

    pub(super) fn with_common<'n>(
        &self,
        variables: IndexMap<String, Variable>,
        names: impl Iterator<Item = &'n str>,
    ) -> Environment {
        let mut environment = Environment { variables };
        for name in names {
            let Some(common) = self.environments.get(name) else {
                continue;
            };
            for (name, variable) in &common.variables {
                let entry = environment.variables.entry(name.clone());
                entry.or_insert_with(|| variable.clone());
            }
        }
        environment
    }
}
