//! What a recorded build was made from besides its modules, found again as the build found it: its libraries, its other
//! sources, and its actions.

use super::libraries;
use super::standing::{Recorded, question};
use crate::compile::UnitRead;
use crate::error::{Error, Result};
use crate::explain::ToolStanding;
use crate::link::LinkPlan;
use crate::link::library::Resolution;
use crate::observe::{Observation, Reader, Seen};
use crate::project;
use crate::query::executable::{self, ObjectSource};
use crate::query::units::UnitState;
use crate::query::{Stop, archive, library};
use crate::rule::Rules;
use camino::{Utf8Path, Utf8PathBuf};

/// The link of a recorded build.
pub(super) struct Linked {
    pub plan: LinkPlan,
    /// What the plan rests on.
    pub seen: Vec<Seen>,
    /// What was linked, in order.
    pub objects: Vec<ObjectSource>,
    pub resolution: Resolution,
}

impl Recorded<'_> {
    /// How the build was linked, and of what.
    pub fn linked(&self) -> Result<Linked> {
        let (services, program) = (&self.services, &self.program);
        let modules = || services.previous.modules();
        let wanted = libraries::wanted(program, modules().map(|module| module.path.as_path()))?;
        let (resolution, mut seen) = library::resolve(services, &wanted, &program.link)?;
        let units = self.units.units();
        let options = libraries::options(program, &resolution, &words(&services.rules, units));
        let (plan, asked) = executable::plan(services, &options, program.entry.is_some())?;
        seen.extend(asked);
        let mut objects: Vec<ObjectSource> = modules()
            .map(|state| ObjectSource::Known(state.path.clone(), state.object))
            .collect();
        // The product's own sources first, then those of each library that is compiled here.
        let reader = Reader::new(&services.world);
        let own = project::expand(&program.sources, "", &reader)?.len();
        let mut left = units.iter();
        objects.extend(left.by_ref().take(own).filter_map(object));
        for resolved in &resolution.libraries {
            let Some(built) = &resolved.build else {
                continue;
            };
            let patterns: Vec<String> = built.sources.iter().map(ToString::to_string).collect();
            let sources = project::expand(&patterns, "", &reader)?.len();
            let members = left.by_ref().take(sources);
            let members: Vec<_> = members
                .filter_map(|unit| Some((unit.source.clone(), unit.result.object?)))
                .collect();
            let name = Utf8PathBuf::from(format!("lib{}.a", resolved.name));
            let digest = archive::library(services, &name, &members).map_err(|Stop| {
                let lost = || {
                    let cause = std::io::Error::other("an object in it is lost");
                    Error::world("a library of the build cannot be made again", &name, cause)
                };
                services.take_error().unwrap_or_else(lost)
            })?;
            objects.push(ObjectSource::Archive {
                name,
                digest,
                objects: members,
            });
        }
        Ok(Linked {
            plan,
            seen,
            objects,
            resolution,
        })
    }

    /// What a source that a compiler of its own compiles rests on, or an action.
    pub fn tool(&self, artifact: &str) -> Option<ToolStanding> {
        let unit = self
            .units
            .units()
            .iter()
            .find(|unit| unit.source == artifact);
        unit.map(|unit| self.unit(unit))
            .or_else(|| self.action(artifact))
    }

    fn unit(&self, unit: &UnitState) -> ToolStanding {
        let name = unit.source.file_name().unwrap_or_default();
        let compiler = self.services.rules.compiler_of(name);
        let mut standing = ToolStanding {
            tool: compiler
                .map(|(name, _)| name.to_owned())
                .unwrap_or_default(),
            object: unit.result.object.map(|object| object.short()),
            ..ToolStanding::default()
        };
        for read in self.units.reads(unit) {
            match read {
                UnitRead::Text { path, .. } => standing.files.push((path.clone(), String::new())),
                UnitRead::Seen(seen) => add(&mut standing, seen),
            }
        }
        // What is in the project is looked for first.
        standing.files.sort_by_key(|(path, _)| path.is_absolute());
        standing
    }

    fn action(&self, name: &str) -> Option<ToolStanding> {
        self.program
            .actions
            .iter()
            .find(|(known, _)| known == name)?;
        let mut standing = ToolStanding {
            tool: "action".to_owned(),
            ..ToolStanding::default()
        };
        let its = format!("the action `{name}`");
        for seen in self.seen.iter().filter(|seen| seen.note.ends_with(&its)) {
            match &seen.observation {
                Observation::File { path, .. } if seen.note.starts_with("made by") => {
                    standing.made.push(path.clone());
                }
                _ => add(&mut standing, seen),
            }
        }
        // Every line would say the same.
        for (_, note) in &mut standing.files {
            note.clear();
        }
        standing.files.sort_by_key(|(path, _)| path.is_absolute());
        Some(standing)
    }
}

fn add(standing: &mut ToolStanding, seen: &Seen) {
    match &seen.observation {
        Observation::File { path, .. } => standing.files.push((path.clone(), seen.note.clone())),
        Observation::Absent { path } => standing.absent.push(path.clone()),
        _ => standing.others.extend(question(seen)),
    }
}

fn object(unit: &UnitState) -> Option<ObjectSource> {
    Some(ObjectSource::Known(
        unit.source.clone(),
        unit.result.object?,
    ))
}

/// What the languages of the sources add to the link, each once.
fn words(rules: &Rules, units: &[UnitState]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for unit in units {
        let name = Utf8Path::file_name(&unit.source).unwrap_or_default();
        let known = rules.compiler_of(name);
        for word in known.iter().flat_map(|(_, rule)| &rule.link) {
            if !words.contains(word) {
                words.push(word.clone());
            }
        }
    }
    words
}
