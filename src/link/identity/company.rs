//! Who ran in a link: the tool, its linkers, and what their rules say that they run.
//!
//! Each kind stands for one file: one driver, one linker, one assembler. A linker that runs another linker is a program
//! around it, and what such a one reads is known to nobody. Nor is it where one of them loaded a plugin, or read a file by
//! which it reads variables.

use super::{Ask, Doubt, Identity, Runs, Subject, is_itself, is_script, loaded, named};
use crate::host::{Host, Observed};
use crate::rule::{Pattern, RuleId, Rules};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;

/// The programs that ran, but for the tool itself.
#[derive(Debug)]
pub struct Company<'o> {
    observed: &'o Observed,
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    /// As whoever ran it spelled it.
    path: Utf8PathBuf,
    real: Utf8PathBuf,
    script: bool,
    /// What it is, where its name claims that it is a linker or a driver.
    identity: Option<Identity>,
}

impl<'o> Company<'o> {
    /// `tool` is the real path of what was run. Whoever claims to be a linker or a driver is asked.
    pub fn of(
        host: &dyn Host,
        rules: &Rules,
        tool: &Utf8Path,
        observed: &'o Observed,
        ask: Ask<'_>,
    ) -> Self {
        let mut members: Vec<Member> = Vec::new();
        for path in observed.programs() {
            let real = host.real_path(path).unwrap_or_else(|_| path.to_owned());
            let is_known = |member: &Member| {
                member.real == real && member.path.file_name() == path.file_name()
            };
            if is_itself(path) || real == tool || members.iter().any(is_known) {
                continue;
            }
            let script = is_script(host, &real);
            let subject = Subject {
                program: path,
                called: path.as_str(),
                args: &[],
                meant: false,
            };
            let identity = (!script).then(|| Identity::of(host, rules, subject, ask));
            members.push(Member {
                script,
                identity: identity.filter(Identity::is_claimed),
                path: path.to_owned(),
                real,
            });
        }
        Self { observed, members }
    }

    /// Whether one of them is a linker that opens its old output without reading it.
    pub fn opens_output(&self, rules: &Rules) -> bool {
        let identities = self.members.iter().filter_map(|it| it.identity.as_ref());
        let mut known = identities.filter_map(Identity::known);
        known.any(|id| rules.tool(id).is_some_and(|tool| tool.opens_output))
    }

    /// Why it is not known what variables were read, in a link by the tool at the real path `tool`, which is what the rule
    /// `id` is for. `None`: the rule knows them all.
    pub fn doubt(
        &self,
        host: &dyn Host,
        rules: &Rules,
        id: &RuleId,
        tool: &Utf8Path,
    ) -> Option<Doubt> {
        let environment = rules.environment(id);
        let mut runs = vec![Runs::of(host, rules, id, tool)];
        let mut ids = vec![id];
        let (mut driver, mut linker) = match id {
            RuleId::Driver(_) => (Some(tool), None),
            RuleId::Linker(_) => (None, Some(tool)),
        };
        let mut known: BTreeMap<&str, &Utf8Path> = BTreeMap::new();
        for member in &self.members {
            let (program, real) = (member.path.clone(), member.real.as_path());
            if member.script {
                return Some(Doubt::Script { program });
            }
            if runs.iter().any(|runs| runs.has_file(real)) {
                continue;
            }
            let around = |inner: &Utf8Path| {
                Some(Doubt::Runs {
                    program: inner.to_owned(),
                    other: program.clone(),
                })
            };
            let Some(identity) = &member.identity else {
                let names = [member.path.file_name(), real.file_name()];
                let names = names.map(Option::unwrap_or_default);
                let Some(entry) = runs.iter().find_map(|runs| runs.entry(&names)) else {
                    return Some(Doubt::Unknown { program });
                };
                match known.insert(entry, real) {
                    Some(other) if other != real => return around(other),
                    _ => continue,
                }
            };
            let Some(found) = identity.known() else {
                return identity.doubt.clone();
            };
            ids.push(found);
            match found {
                RuleId::Driver(name) => {
                    let is_run = runs.iter().any(|runs| runs.entries.contains(&&**name));
                    match driver.replace(real) {
                        Some(other) if other != real => return around(other),
                        None if !is_run => return around(tool),
                        _ => {}
                    }
                }
                RuleId::Linker(_) => {
                    if let Some(other) = linker.replace(real).filter(|other| *other != real) {
                        return around(other);
                    }
                    let own = rules.environment(found).variables.into_iter();
                    let mut own = own.map(|(name, _)| name);
                    if let Some(variable) =
                        own.find(|name| !environment.variables.contains_key(name))
                    {
                        return Some(Doubt::Reads { program, variable });
                    }
                    runs.push(Runs::of(host, rules, found, real));
                }
            }
        }
        let loads: Vec<&Pattern> = ids.iter().flat_map(|id| rules.loads(id)).collect();
        if let Some(program) = loaded::plugin(host, self.observed, &loads) {
            return Some(Doubt::Plugin { program });
        }
        let tools = ids.iter().filter_map(|id| rules.tool(id));
        let texts = tools.flat_map(|tool| &tool.reads_variables);
        let texts: Vec<&str> = texts.map(String::as_str).collect();
        let (program, text) = named::naming(host, self.observed, &texts)?;
        Some(Doubt::Names { program, text })
    }
}
