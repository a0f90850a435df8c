//! [`Graph`]: what made what run in one build, from the roots to the program.
//!
//! Computed from an [`Outcome`] alone. Each query that leads back to a root (see [`super::Cascades`]) is reached from one
//! here too. What made a file that a query read is not recorded: it is an action that had ended before.

use super::cascade::Tracer;
use super::{Cause, Outcome, Query, Ran, Reason, Root};
use camino::Utf8Path;
use std::collections::HashMap;

/// What made one query run: a root, or another query, by its place in [`Outcome::ran`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    Root(Root),
    Step(usize),
}

/// The invalidation graph of one build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// Each reason in its order, then what the store had lost, if anything ran for that.
    pub roots: Vec<Root>,
    /// For each query that ran, in the order of [`Outcome::ran`], what made it run.
    pub from: Vec<Vec<Origin>>,
}

/// Roots of one kind, or queries that ran for like causes: one node, where all of them would be too many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `None`: roots.
    pub query: Option<Query>,
    pub cut_off: bool,
    pub members: Vec<Origin>,
    /// The groups that made these run, by their places. Those come before.
    pub from: Vec<usize>,
}

impl Outcome {
    /// What made what run.
    pub fn graph(&self) -> Graph {
        let cascades = self.cascades();
        let tracer = Tracer::new(self);
        let steps = Steps::new(self, &tracer);
        let mut from: Vec<Vec<Origin>> = Vec::with_capacity(self.ran.len());
        for ran in &self.ran {
            let mut origins = Vec::new();
            for cause in &ran.causes {
                let before = steps.before(ran, cause);
                if before.is_empty() {
                    origins.extend(tracer.roots(cause, ran).into_iter().map(Origin::Root));
                }
                origins.extend(before.into_iter().map(Origin::Step));
            }
            origins.sort_unstable();
            origins.dedup();
            from.push(origins);
        }
        // Objects from the store, and modules that import each other: the roots are known, the way is not.
        let reached = reached(&from);
        for (at, origins) in from.iter_mut().enumerate().filter(|(at, _)| !reached[*at]) {
            origins.extend(cascades.roots[at].iter().copied().map(Origin::Root));
        }
        let roots = cascades.of.iter().map(|cascade| cascade.root).collect();
        Graph { roots, from }
    }
}

impl Graph {
    /// Nodes in all.
    pub fn len(&self) -> usize {
        self.roots.len() + self.from.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same with like nodes together. What leads from one query to another of the same kind is left out: modules
    /// that were imported by modules that were imported are one group, made to run by what made the first one run.
    pub fn folded(&self, outcome: &Outcome) -> Vec<Group> {
        let cascades = outcome.cascades();
        let mut groups: Vec<Group> = Vec::new();
        let mut of_root: HashMap<Root, usize> = HashMap::new();
        let mut kinds = HashMap::new();
        for root in &self.roots {
            let kind = match root {
                Root::Reason(at) => {
                    let reason = &outcome.reasons[*at];
                    Some((std::mem::discriminant::<Reason>(reason), reason.role()))
                }
                Root::Lost => None,
            };
            let at = *kinds.entry(kind).or_insert_with(|| {
                groups.push(Group {
                    query: None,
                    cut_off: false,
                    members: Vec::new(),
                    from: Vec::new(),
                });
                groups.len() - 1
            });
            groups[at].members.push(Origin::Root(*root));
            of_root.insert(*root, at);
        }
        // What is of a later query is in a later group.
        let mut order: Vec<usize> = (0..outcome.ran.len()).collect();
        order.sort_by_key(|at| outcome.ran[*at].query);
        let mut of_step = vec![0; outcome.ran.len()];
        let mut likes = HashMap::new();
        for at in order {
            let ran = &outcome.ran[at];
            let mut from = Vec::new();
            for origin in &self.from[at] {
                match *origin {
                    Origin::Root(root) => from.push(of_root[&root]),
                    Origin::Step(step) if outcome.ran[step].query < ran.query => {
                        from.push(of_step[step]);
                    }
                    Origin::Step(step) => {
                        from.extend(cascades.roots[step].iter().map(|root| of_root[root]));
                    }
                }
            }
            if from.is_empty() {
                from.extend(cascades.roots[at].iter().map(|root| of_root[root]));
            }
            from.sort_unstable();
            from.dedup();
            let mut causes: Vec<_> = Vec::new();
            for kind in ran.causes.iter().map(std::mem::discriminant::<Cause>) {
                if !causes.contains(&kind) {
                    causes.push(kind);
                }
            }
            let like = (ran.query, ran.cut_off, causes, from);
            let group = match likes.get(&like) {
                Some(group) => *group,
                None => {
                    groups.push(Group {
                        query: Some(ran.query),
                        cut_off: ran.cut_off,
                        members: Vec::new(),
                        from: like.3.clone(),
                    });
                    likes.insert(like, groups.len() - 1);
                    groups.len() - 1
                }
            };
            groups[group].members.push(Origin::Step(at));
            of_step[at] = group;
        }
        groups
    }
}

/// Which queries something leads to from a root.
fn reached(from: &[Vec<Origin>]) -> Vec<bool> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); from.len()];
    let mut reached = vec![false; from.len()];
    let mut found = Vec::new();
    for (at, origins) in from.iter().enumerate() {
        for origin in origins {
            match *origin {
                Origin::Step(step) => next[step].push(at),
                Origin::Root(_) => found.push(at),
            }
        }
    }
    while let Some(at) = found.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            found.extend(&next[at]);
        }
    }
    reached
}

/// The queries that ran, found by what they are about.
struct Steps<'o> {
    outcome: &'o Outcome,
    tracer: &'o Tracer<'o>,
    by_subject: HashMap<(Query, &'o Utf8Path), usize>,
}

impl<'o> Steps<'o> {
    fn new(outcome: &'o Outcome, tracer: &'o Tracer<'o>) -> Self {
        let ran = outcome.ran.iter().enumerate();
        Self {
            outcome,
            tracer,
            by_subject: ran
                .map(|(at, ran)| ((ran.query, &*ran.subject), at))
                .collect(),
        }
    }

    fn at(&self, query: Query, subject: &Utf8Path) -> Option<usize> {
        self.by_subject.get(&(query, subject)).copied()
    }

    /// The query that gives the meaning of a module, or what that rests on.
    fn meaning(&self, module: &Utf8Path) -> Option<usize> {
        self.at(Query::Lower, module)
            .or_else(|| self.at(Query::Parse, module))
    }

    /// The actions that may have made this file: those that had ended when `ran` began. None did if the world itself has
    /// another one there.
    fn actions(&self, ran: &Ran, path: &Utf8Path) -> Vec<usize> {
        if self.tracer.has(path) {
            return Vec::new();
        }
        let reads = |action: &Ran| {
            let mut causes = action.causes.iter();
            causes.any(|cause| matches!(cause, Cause::Read { path: read, .. } if read == path))
        };
        let others = self.outcome.ran.iter().enumerate();
        let actions = others.filter(|(_, action)| {
            action.query == Query::Action
                && action.started < ran.started
                && action.started + action.duration <= ran.started
                && !reads(action)
        });
        actions.map(|(at, _)| at).collect()
    }

    /// What ran before `ran` and made it run, on account of this cause.
    fn before(&self, ran: &Ran, cause: &Cause) -> Vec<usize> {
        match (ran.query, cause) {
            // The world, the options and the store are no queries.
            (
                _,
                Cause::BlobLost { .. }
                | Cause::Engine
                | Cause::Options { .. }
                | Cause::Command { .. }
                | Cause::LinkDeclined { .. }
                | Cause::LinkInput { .. }
                | Cause::LinkPlan { .. }
                | Cause::Library { .. },
            ) => Vec::new(),
            (_, Cause::Objects { paths }) => {
                let objects = paths
                    .iter()
                    .filter_map(|path| self.at(Query::Object, path).or_else(|| self.meaning(path)));
                objects.collect()
            }
            (Query::Executable, Cause::New) => {
                let ran = self.outcome.ran.iter().enumerate();
                let objects = ran.filter(|(_, ran)| ran.query == Query::Object && !ran.cut_off);
                objects.map(|(at, _)| at).collect()
            }
            // A source or a header that was looked at again before this read it.
            (_, Cause::Read { path, .. }) => match self.at(Query::Parse, path) {
                Some(parsed) => vec![parsed],
                None => self.actions(ran, path),
            },
            (Query::Object | Query::Executable, _) => {
                self.meaning(&ran.subject).into_iter().collect()
            }
            (Query::Lower, Cause::Item { module, .. } | Cause::Names { module }) => {
                let parsed = self.at(Query::Parse, module);
                parsed.into_iter().collect()
            }
            (Query::Lower, _) => self.at(Query::Parse, &ran.subject).into_iter().collect(),
            (Query::Parse, Cause::Imported { by }) if *by != ran.subject => {
                self.at(Query::Parse, by).into_iter().collect()
            }
            (Query::Parse, Cause::Text { path }) => self.actions(ran, path),
            (Query::Action | Query::Parse, _) => Vec::new(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
