//! The actions of a project: which of them a build needs, in which order, and what came of them.
//!
//! They run before modules are found and sources are compiled, since any of these may be what an action makes.

use super::Engine;
use super::demand::Demanded;
use crate::error::{Error, Result};
use crate::explain::{Notice, Said};
use crate::frontend::{Diagnostic, Span};
use crate::observe::{Reader, Role};
use crate::project;
use crate::query::action::{self, Acted, ActionInput};
use crate::query::{EngineDb, Stop};
use crate::rule::ActionRule;
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use std::sync::Arc;

impl Engine {
    /// Runs the actions that are not provably current, each after those that make its inputs.
    pub(super) fn demand_actions(
        &self,
        db: &EngineDb,
        demanded: &mut Demanded,
    ) -> std::result::Result<(), Stop> {
        let services = demanded.services.clone();
        // Again, where the store has lost something.
        demanded.acted.clear();
        demanded.action_notices.clear();
        let order = order(&demanded.program.actions).map_err(|error| services.fail(error))?;
        for level in order {
            let inputs: Vec<Arc<action::Demanded>> = level
                .iter()
                .map(|name| prepared(demanded, name))
                .collect::<Result<_>>()
                .map_err(|error| services.fail(error))?;
            let acted: Vec<std::result::Result<Arc<Acted>, Stop>> = inputs
                .par_iter()
                .with_max_len(1)
                .map_with(db.clone(), |db, input| {
                    action::acted(db, ActionInput::new(db, input.clone()))
                })
                .collect();
            for (acted, input) in acted.into_iter().zip(&inputs) {
                let acted = acted?;
                services.remade(acted.remade.iter());
                out_of_order(demanded, &acted).map_err(|error| services.fail(error))?;
                demanded.action_notices.extend(notices(&acted, input));
                if !acted.success {
                    demanded.diagnostics.push(failed(&acted, input));
                }
                services.world.rely(acted.seen.iter().cloned());
                demanded.acted.push(acted);
            }
            // What rests on a failed one has nothing to rest on.
            if !demanded.diagnostics.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

impl Demanded {
    /// What the commands said, now or when they ran.
    pub(super) fn said_by_actions(&self) -> impl Iterator<Item = Said> {
        let said = self.acted.iter().filter(|it| !it.messages.is_empty());
        said.map(|it| Said {
            source: it.name.as_str().into(),
            success: it.success,
            text: it.messages.clone(),
        })
    }
}

/// The names of the actions, level by level: those of one level need nothing of each other.
fn order(actions: &[(String, ActionRule)]) -> Result<Vec<Vec<String>>> {
    let mut left: Vec<&(String, ActionRule)> = actions.iter().collect();
    let mut levels = Vec::new();
    for (at, (name, rule)) in actions.iter().enumerate() {
        for (other, before) in &actions[..at] {
            if let Some(output) = rule.outputs.iter().find(|it| before.outputs.contains(it)) {
                let message = format!("the actions `{other}` and `{name}` both make {output}");
                let remedy = format!(
                    "remove it from `outputs` in {} or in {}",
                    before.place, rule.place
                );
                return Err(Error::configuration(message, Some(remedy)));
            }
        }
    }
    while !left.is_empty() {
        let needs = |rule: &ActionRule, of: &ActionRule| {
            of.outputs
                .iter()
                .any(|output| rule.inputs.iter().any(|input| project::fits(input, output)))
        };
        let ready = |it: &&(String, ActionRule)| {
            left.iter()
                .all(|other| other.0 == it.0 || !needs(&it.1, &other.1))
        };
        let (level, rest): (Vec<_>, Vec<_>) = left.iter().copied().partition(ready);
        if level.is_empty() {
            let names: Vec<String> = rest.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!(
                "the actions {} need what they make themselves",
                names.join(" and ")
            );
            let remedy = format!("see `inputs` in {}", rest[0].1.place);
            return Err(Error::configuration(message, Some(remedy)));
        }
        levels.push(level.iter().map(|(name, _)| name.clone()).collect());
        left = rest;
    }
    Ok(levels)
}

/// An action with the files that its inputs stand for, now that all before it have run.
fn prepared(demanded: &Demanded, name: &str) -> Result<Arc<action::Demanded>> {
    let services = &demanded.services;
    let found = demanded
        .program
        .actions
        .iter()
        .find(|(known, _)| known == name);
    let (_, rule) =
        found.ok_or_else(|| Error::configuration(format!("there is no action `{name}`"), None))?;
    let note = format!("an input of the action `{name}`");
    let reader = Reader::new(&services.world);
    let inputs = project::expand(
        &rule.inputs,
        &format!("`inputs` in {}", rule.place),
        &reader,
    )?;
    for input in &inputs {
        let unreadable = |cause| Error::world("an input of an action cannot be read", input, cause);
        if reader
            .file(input, Role::Action, &note)
            .map_err(unreadable)?
            .is_none()
        {
            let message = format!("there is no {input}, which is an input of the action `{name}`");
            let remedy = format!("create it, or correct `inputs` in {}", rule.place);
            return Err(Error::configuration(message, Some(remedy)));
        }
    }
    let (environment, digest) = services.rules.action(rule);
    Ok(Arc::new(action::Demanded {
        name: name.to_owned(),
        rule: rule.clone(),
        environment,
        inputs,
        seen: reader.finish(),
        digest,
    }))
}

/// An action that reads what another makes has to say so, or it may run too early.
fn out_of_order(demanded: &Demanded, acted: &Acted) -> Result<()> {
    for read in &acted.undeclared {
        let makes =
            |(_, rule): &&(String, ActionRule)| rule.outputs.iter().any(|output| read == output);
        let Some((maker, _)) = demanded.program.actions.iter().find(makes) else {
            continue;
        };
        let rule = demanded
            .program
            .actions
            .iter()
            .find(|(name, _)| *name == acted.name);
        let place = rule
            .map(|(_, rule)| rule.place.to_string())
            .unwrap_or_default();
        let message = format!(
            "the action `{}` read {read}, which the action `{maker}` makes",
            acted.name
        );
        let remedy = format!("add \"{read}\" to `inputs` in {place}, so that they run in order");
        return Err(Error::configuration(message, Some(remedy)));
    }
    Ok(())
}

/// What is told of an action that ran.
fn notices(acted: &Acted, input: &action::Demanded) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut say = |code, message, remedy| {
        notices.push(Notice {
            code,
            message,
            remedy: Some(remedy),
        });
    };
    if !acted.ran {
        return notices;
    }
    let name = &acted.name;
    if !acted.undeclared.is_empty() {
        say(
            "action-undeclared-input",
            format!(
                "the action `{name}` read {}, which its `inputs` do not name",
                action::listed(&acted.undeclared)
            ),
            action::to_add(input, &acted.undeclared),
        );
    }
    for (output, kept) in &acted.replaced {
        say(
            "action-replaced",
            format!(
                "the action `{name}` has replaced {output}, which no action had made: what it was is kept as {kept}"
            ),
            format!(
                "take it back from there if it is yours, and name another output in {}",
                input.rule.place
            ),
        );
    }
    if !acted.others.is_empty() {
        say(
            "action-undeclared-output",
            format!(
                "the action `{name}` made {}, which nothing would put back",
                action::listed(&acted.others)
            ),
            format!(
                "name it under `outputs` in {}, or under `scratch` if it is nobody else's",
                input.rule.place
            ),
        );
    }
    if let Some((message, remedy)) = &acted.declined {
        say(
            "action-declined",
            format!("the action `{name}` is not recorded, so each build runs it again: {message}"),
            remedy.clone(),
        );
    }
    notices
}

fn failed(acted: &Acted, input: &action::Demanded) -> Diagnostic {
    let place = &input.rule.place;
    Diagnostic {
        code: "action-failed".to_owned(),
        message: format!("the action `{}` failed", acted.name),
        path: Utf8Path::new(&*place.file).to_owned(),
        span: Span {
            start: u32::try_from(place.span.start).unwrap_or(0),
            end: u32::try_from(place.span.end).unwrap_or(0),
        },
        label: "this command ended with an error".to_owned(),
        help: None,
    }
}

/// Those that were changed while an action that read them ran.
pub(super) fn changed(demanded: &Demanded) -> impl Iterator<Item = Utf8PathBuf> {
    demanded
        .acted
        .iter()
        .flat_map(|acted| acted.changed.iter().cloned())
}

/// Why an action is not recorded.
pub(super) fn declined(demanded: &Demanded) -> Option<String> {
    let mut declined = demanded
        .acted
        .iter()
        .filter_map(|acted| acted.declined.as_ref());
    declined.next().map(|(message, _)| message.clone())
}

#[cfg(test)]
mod tests {
    use super::order;
    use crate::rule::Rules;

    fn levels(text: &str) -> Result<Vec<Vec<String>>, String> {
        let (loaded, _) = Rules::load("kiln.toml", text, None).expect("these are right");
        let actions: Vec<_> = loaded.actions.into_iter().collect();
        order(&actions).map_err(|error| error.message)
    }

    #[test]
    fn an_action_runs_after_those_that_make_its_inputs() {
        let text = "[action.b]\ncommand = [\"b\"]\ninputs = [\"gen/*.x\", \"own.txt\"]\noutputs = [\"out/b\"]\n\
            [action.a]\ncommand = [\"a\"]\noutputs = [\"gen/a.x\"]\n[action.c]\ncommand = [\"c\"]\noutputs = [\"c\"]\n";
        let found = levels(text).expect("there is an order");
        assert_eq!(found, [vec!["a", "c"], vec!["b"]]);
    }

    #[test]
    fn actions_in_a_ring_and_rivals_are_told() {
        let ring = "[action.a]\ncommand = [\"a\"]\ninputs = [\"b\"]\noutputs = [\"a\"]\n\
            [action.b]\ncommand = [\"b\"]\ninputs = [\"a\"]\noutputs = [\"b\"]\n";
        assert_eq!(
            levels(ring),
            Err("the actions `a` and `b` need what they make themselves".to_owned())
        );
        let rivals = "[action.a]\ncommand = [\"a\"]\noutputs = [\"x\"]\n[action.b]\ncommand = [\"b\"]\noutputs = [\"x\"]\n";
        assert_eq!(
            levels(rivals),
            Err("the actions `a` and `b` both make x".to_owned())
        );
    }
}
