//! [`Cascades`]: which root made which query run, however many others lie between, and how many ran on its account.
//!
//! Computed from an [`Outcome`] alone, so that it holds of a recorded build as of this one. A query that ran and leads back
//! to no root is a defect of the engine: see [`Cascades::unexplained`].

use super::{Cause, Outcome, Query, Ran, Reason};
use crate::observe::Role;
use camino::Utf8Path;
use std::collections::HashMap;

/// What a query that ran leads back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// The reason at this place of [`Outcome::reasons`].
    Reason(usize),
    /// The store had lost something: nothing of the world is another.
    Lost,
}

/// How much ran on account of one root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cascade {
    pub root: Root,
    /// Commands of the project.
    pub acted: usize,
    pub parsed: usize,
    pub lowered: usize,
    pub compiled: usize,
    pub linked: usize,
}

impl Cascade {
    /// How many queries in all.
    pub fn total(&self) -> usize {
        self.acted + self.parsed + self.lowered + self.compiled + self.linked
    }
}

/// All of one build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cascades {
    /// One for each reason, in the order of the reasons, then one for what the store had lost, if anything ran for that.
    pub of: Vec<Cascade>,
    /// For each query that ran, in the order of [`Outcome::ran`], the roots that it leads back to.
    pub roots: Vec<Vec<Root>>,
}

impl Cascades {
    /// Queries that ran and lead back to no root, by their place in [`Outcome::ran`].
    pub fn unexplained(&self) -> impl Iterator<Item = usize> {
        let places = self.roots.iter().enumerate();
        places.filter_map(|(at, roots)| roots.is_empty().then_some(at))
    }
}

impl Outcome {
    /// Which root made which query run.
    pub fn cascades(&self) -> Cascades {
        let tracer = Tracer::new(self);
        let mut roots: Vec<Vec<Root>> = Vec::with_capacity(self.ran.len());
        for ran in &self.ran {
            let mut found: Vec<Root> = Vec::new();
            for cause in &ran.causes {
                found.extend(tracer.roots(cause, ran));
            }
            found.sort_unstable();
            found.dedup();
            roots.push(found);
        }
        tracer.follow_objects(&mut roots);
        let mut of: Vec<Cascade> = (0..self.reasons.len())
            .map(|at| none(Root::Reason(at)))
            .collect();
        let mut lost = none(Root::Lost);
        for (ran, roots) in self.ran.iter().zip(&roots) {
            for root in roots {
                let cascade = match root {
                    Root::Reason(at) => &mut of[*at],
                    Root::Lost => &mut lost,
                };
                match ran.query {
                    Query::Action => cascade.acted += 1,
                    Query::Parse => cascade.parsed += 1,
                    Query::Lower => cascade.lowered += 1,
                    Query::Object => cascade.compiled += 1,
                    Query::Executable => cascade.linked += 1,
                }
            }
        }
        of.extend((lost.total() > 0).then_some(lost));
        Cascades { of, roots }
    }
}

fn none(root: Root) -> Cascade {
    Cascade {
        root,
        acted: 0,
        parsed: 0,
        lowered: 0,
        compiled: 0,
        linked: 0,
    }
}

/// The reasons of a build, found by what they are about.
pub(super) struct Tracer<'o> {
    outcome: &'o Outcome,
    by_path: HashMap<&'o Utf8Path, Vec<usize>>,
    /// Those for which nothing recorded is looked at.
    whole: Vec<Root>,
}

impl<'o> Tracer<'o> {
    pub(super) fn new(outcome: &'o Outcome) -> Self {
        let mut by_path: HashMap<&Utf8Path, Vec<usize>> = HashMap::new();
        for (at, reason) in outcome.reasons.iter().enumerate() {
            // That it changed while the build ran made nothing of it run.
            if let Some(path) = reason.path()
                && !matches!(reason, Reason::ChangedWhileBuilding { .. })
            {
                by_path.entry(path).or_default().push(at);
            }
        }
        let mut tracer = Self {
            outcome,
            by_path,
            whole: Vec::new(),
        };
        tracer.whole = tracer.all(Reason::is_whole);
        tracer
    }

    fn all(&self, which: impl Fn(&Reason) -> bool) -> Vec<Root> {
        let reasons = self.outcome.reasons.iter().enumerate();
        reasons
            .filter(|(_, reason)| which(reason))
            .map(|(at, _)| Root::Reason(at))
            .collect()
    }

    fn at(&self, path: &Utf8Path) -> Vec<Root> {
        let found = self.by_path.get(path).into_iter().flatten();
        found.map(|at| Root::Reason(*at)).collect()
    }

    /// Those of `found`, or where there are none, what `otherwise` gives, or those for which nothing recorded counts.
    fn or(&self, found: Vec<Root>, otherwise: impl Fn(&Reason) -> bool) -> Vec<Root> {
        if !found.is_empty() {
            return found;
        }
        let found = self.all(otherwise);
        match found.is_empty() {
            true => self.whole.clone(),
            false => found,
        }
    }

    /// Whether a reason is about this path, or about a variable or a tool of this name.
    pub(super) fn has(&self, path: &Utf8Path) -> bool {
        !self.at_or_called(path).is_empty()
    }

    pub(super) fn roots(&self, cause: &Cause, ran: &Ran) -> Vec<Root> {
        let role = |wanted: Role| move |reason: &Reason| reason.role() == Some(wanted);
        match cause {
            Cause::BlobLost { .. } => vec![Root::Lost],
            Cause::Engine => self.all(|reason| matches!(reason, Reason::EngineChanged { .. })),
            Cause::Options { .. } => self.or(Vec::new(), role(Role::Configuration)),
            Cause::Text { path } => self.made(path, self.at(path)),
            // What a tool read; variables and other tools are looked at by name.
            Cause::Read { path, .. } => self.made(path, self.at_or_called(path)),
            Cause::Command { .. } => self.or(self.of_command(), another),
            Cause::Item { module, .. } | Cause::Names { module } => {
                // A module that now stands where another stood exports what it exports.
                self.or(self.made(module, self.at(module)), role(Role::Resolution))
            }
            Cause::Imported { by } => self.imported(by, &mut Vec::new()),
            Cause::Resolution {
                importer,
                specifier,
                old,
                new,
            } => {
                let places = [old, new].into_iter().flatten();
                let mut found: Vec<Root> = places.flat_map(|path| self.at(path)).collect();
                let asked = format!("import \"{specifier}\" in {importer}");
                found.extend(self.all(|reason| note(reason) == asked));
                self.or(found, |reason| {
                    matches!(reason.role(), Some(Role::Resolution | Role::Configuration))
                })
            }
            Cause::New if !self.whole.is_empty() => self.whole.clone(),
            Cause::New => {
                let engine = |reason: &Reason| matches!(reason, Reason::EngineChanged { .. });
                let own = self.at(&ran.subject);
                // Another meaning than ever before, through what it imports; or its last compilation was not recorded.
                let found = self.or(self.or(own, engine), |reason| {
                    matches!(
                        reason.role(),
                        Some(Role::Source | Role::Resolution | Role::Configuration)
                    )
                });
                self.or(found, |reason| {
                    matches!(reason, Reason::UnitDeclined { .. })
                        || matches!(
                            reason.role(),
                            Some(Role::Action | Role::Tool | Role::Environment)
                        )
                })
            }
            // What made the objects others made the link run: see `follow_objects`.
            Cause::Objects { paths } => paths.iter().flat_map(|path| self.at(path)).collect(),
            Cause::LinkInput { path, .. } => self.at_or_named(path),
            Cause::LinkDeclined { .. } => {
                self.all(|reason| matches!(reason, Reason::LinkDeclined { .. }))
            }
            Cause::LinkPlan { .. } => {
                let plan = self.or(Vec::new(), Reason::reaches_link_plan);
                self.or(plan, another)
            }
            Cause::Library { place, .. } => self.of_library(place),
        }
    }

    /// Why `by` now imports another module: its own text, or what made it a part of the program, or where its imports lie.
    /// Modules that import each other are followed once.
    fn imported<'p>(&'p self, by: &Utf8Path, followed: &mut Vec<&'p Utf8Path>) -> Vec<Root> {
        let found = self.at(by);
        if !found.is_empty() {
            return found;
        }
        let importer = self.outcome.ran.iter().find_map(|ran| {
            let new = ran.query == Query::Parse && ran.subject == by;
            ran.causes.iter().find_map(|cause| match cause {
                Cause::Imported { by } if new => Some(by),
                _ => None,
            })
        });
        match importer {
            Some(importer) if !followed.contains(&&**importer) => {
                followed.push(importer);
                self.imported(importer, followed)
            }
            _ => self.or(Vec::new(), |reason| {
                matches!(
                    reason.role(),
                    Some(Role::Source | Role::Resolution | Role::Configuration)
                )
            }),
        }
    }

    /// What is about this path, or about a variable or a tool of this name.
    fn at_or_called(&self, path: &Utf8Path) -> Vec<Root> {
        match self.at(path) {
            found if found.is_empty() => {
                self.all(|reason| reason.looked_at() == Some(path.as_str()))
            }
            found => found,
        }
    }

    /// `found`, or what led to a file that this build itself has made: by an action, or from the configuration.
    fn made(&self, path: &Utf8Path, found: Vec<Root>) -> Vec<Root> {
        if !found.is_empty() {
            return found;
        }
        let ran = self.outcome.ran.iter();
        let acted = ran.filter(|ran| {
            // An action that rests on what another makes leads to no file that it reads itself.
            let reads_it =
                |cause: &Cause| matches!(cause, Cause::Read { path: read, .. } if read == path);
            ran.query == Query::Action && !ran.causes.iter().any(reads_it)
        });
        let mut found = Vec::new();
        for ran in acted {
            for cause in &ran.causes {
                found.extend(match cause {
                    Cause::Read { path, .. } | Cause::Text { path } => self.at_or_called(path),
                    // No action runs on account of a module's meaning.
                    Cause::Item { .. } | Cause::Names { .. } => Vec::new(),
                    other => self.roots(other, ran),
                });
            }
        }
        let found = self.or(found, |reason| reason.role() == Some(Role::Configuration));
        self.or(found, another)
    }

    /// What makes another command of a compiler, or of an action.
    fn of_command(&self) -> Vec<Root> {
        self.all(|reason| {
            matches!(
                reason.role(),
                Some(Role::Configuration | Role::Tool | Role::Environment | Role::Program)
            )
        })
    }

    /// Why a library is given in other words: the file that these come from, or whatever its rule looked at.
    fn of_library(&self, place: &str) -> Vec<Root> {
        let place = place.strip_prefix("before: ").unwrap_or(place);
        let file = place.rsplit_once(':').map_or(place, |(file, _)| file);
        let found = self.at(Utf8Path::new(file));
        let found = self.or(found, |reason| {
            reason.reaches_link_plan() || reason.role() == Some(Role::Link)
        });
        self.or(found, another)
    }

    /// Variables and tools are looked at by name.
    fn at_or_named(&self, path: &Utf8Path) -> Vec<Root> {
        let found = self.at(path);
        match found.is_empty() {
            true => self.or(found, |reason| {
                reason.subject() == path.as_str() || reason.role() == Some(Role::Link)
            }),
            false => found,
        }
    }

    /// A link that ran for its objects ran for what those ran for.
    fn follow_objects(&self, roots: &mut [Vec<Root>]) {
        let mut by_subject: HashMap<&Utf8Path, Vec<Root>> = HashMap::new();
        for (ran, roots) in self.outcome.ran.iter().zip(roots.iter()) {
            if ran.query != Query::Executable {
                by_subject
                    .entry(&ran.subject)
                    .or_default()
                    .extend(roots.iter().copied());
            }
        }
        let source = |reason: &Reason| {
            matches!(
                reason.role(),
                Some(Role::Source | Role::Resolution | Role::Configuration | Role::Program)
            )
        };
        for (ran, found) in self.outcome.ran.iter().zip(roots.iter_mut()) {
            for cause in &ran.causes {
                let Cause::Objects { paths } = cause else {
                    continue;
                };
                let of_objects = paths.iter().filter_map(|path| by_subject.get(&**path));
                found.extend(of_objects.flatten().copied());
                // Objects that came from the store: another state of the sources was built before.
                if found.is_empty() {
                    *found = self.or(self.or(Vec::new(), source), another);
                }
            }
            found.sort_unstable();
            found.dedup();
        }
    }
}

/// Something of the world is another, or was not recorded.
fn another(reason: &Reason) -> bool {
    !matches!(reason, Reason::ChangedWhileBuilding { .. })
}

/// Why it was looked at.
fn note(reason: &Reason) -> &str {
    match reason {
        Reason::Changed { note, .. }
        | Reason::Appeared { note, .. }
        | Reason::Disappeared { note, .. }
        | Reason::KindChanged { note, .. }
        | Reason::LinkRetargeted { note, .. } => note,
        _ => "",
    }
}
