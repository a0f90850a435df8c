//! Which libraries a link has, and in which order: those that need others come before them.

use super::Libraries;
use crate::document::{Problems, diagnostic};
use crate::error::{Error, Result};
use crate::rule::schema::{LibraryRule, Named, Place};
use indexmap::{IndexMap, IndexSet};
use std::sync::Arc;

/// The libraries of a link, in its order.
#[derive(Clone, Debug, Default)]
pub struct Closure {
    pub members: Vec<Member>,
}

/// One library of a link.
#[derive(Clone, Debug)]
pub struct Member {
    /// The name, and where it is written first.
    pub named: Named,
    /// `None`: a library of the system that no rule knows.
    pub rule: Option<Arc<LibraryRule>>,
    /// The library that needs it, if it is not asked for itself.
    pub needed_by: Option<String>,
}

impl Libraries {
    /// The named libraries and what they need, in the order of the link. The order of the names is kept, as far as
    /// no rule says otherwise.
    ///
    /// # Errors
    /// If they cannot all come after each other.
    pub fn closure(&self, names: &[Named]) -> Result<Closure> {
        let mut found: IndexMap<String, Member> = IndexMap::new();
        for named in names {
            self.find(named, None, &mut found)?;
        }
        let rules = found.values().filter_map(|member| {
            let rule = member.rule.as_ref()?;
            Some((member.named.name.as_str(), &**rule))
        });
        let edges = edges(rules, |name| found.contains_key(name));
        if let Some(cycle) = cycles(&edges).first() {
            let places = vec![cycle.diagnostic()];
            return Err(Error::places(cycle.message(), places));
        }
        let order = sorted(found.keys().map(String::as_str).collect(), &edges);
        let order: Vec<String> = order.into_iter().map(str::to_owned).collect();
        let members = order
            .iter()
            .filter_map(|name| found.swap_remove(name))
            .collect();
        Ok(Closure { members })
    }

    /// The first of the project's own libraries that would have to come before each other.
    pub fn cycle(&self) -> Option<crate::error::Diagnostic> {
        let own: IndexMap<&str, &LibraryRule> = self.own().collect();
        let rules = own.iter().map(|(name, rule)| (*name, *rule));
        let edges = edges(rules, |name| own.contains_key(name));
        cycles(&edges).first().map(Cycle::diagnostic)
    }

    fn find(
        &self,
        named: &Named,
        needed_by: Option<&str>,
        found: &mut IndexMap<String, Member>,
    ) -> Result<()> {
        if let Some(known) = found.get_mut(&named.name) {
            // What is asked for is that, whatever else needs it too.
            if needed_by.is_none() {
                known.needed_by = None;
                known.named = named.clone();
            }
            return Ok(());
        }
        let rule = self.get(&named.name)?;
        let member = Member {
            named: named.clone(),
            rule: rule.clone(),
            needed_by: needed_by.map(str::to_owned),
        };
        found.insert(named.name.clone(), member);
        for needed in rule.iter().flat_map(|rule| &rule.needs) {
            self.find(needed, Some(&named.name), found)?;
        }
        Ok(())
    }
}

/// One library comes before another, since a rule says so at this place.
#[derive(Clone, Debug)]
struct Edge<'r> {
    before: &'r str,
    after: &'r str,
    place: &'r Place,
}

fn edges<'r>(
    rules: impl Iterator<Item = (&'r str, &'r LibraryRule)>,
    counts: impl Fn(&str) -> bool,
) -> Vec<Edge<'r>> {
    let mut edges = Vec::new();
    for (name, rule) in rules {
        for needed in rule.needs.iter().filter(|needed| counts(&needed.name)) {
            edges.push(Edge {
                before: name,
                after: &needed.name,
                place: &needed.place,
            });
        }
        for earlier in rule
            .link_after
            .iter()
            .filter(|earlier| counts(&earlier.name))
        {
            edges.push(Edge {
                before: &earlier.name,
                after: name,
                place: &earlier.place,
            });
        }
    }
    edges
}

/// Libraries of which each would have to come before the next one, and the last one before the first.
struct Cycle<'r> {
    names: Vec<&'r str>,
    place: &'r Place,
}

impl Cycle<'_> {
    fn message(&self) -> String {
        let first = self.names.first().copied().unwrap_or_default();
        format!(
            "libraries would have to come before each other: {} → {first}",
            self.names.join(" → ")
        )
    }

    fn help() -> &'static str {
        "libraries that need each other are one: put their files into one entry, with `group = true`"
    }

    fn diagnostic(&self) -> crate::error::Diagnostic {
        let (place, help) = (self.place, Some(Self::help().to_owned()));
        diagnostic(
            &place.file,
            "library-cycle",
            place.span.clone(),
            self.message(),
            help,
        )
    }
}

/// Reports the cycles among libraries of one file.
pub fn check_cycles(libraries: &IndexMap<String, LibraryRule>, problems: &mut Problems) {
    let rules = libraries.iter().map(|(name, rule)| (name.as_str(), rule));
    let edges = edges(rules, |name| libraries.contains_key(name));
    for cycle in cycles(&edges) {
        let span = cycle.place.span.clone();
        problems.add_with_help("library-cycle", span, cycle.message(), Cycle::help());
    }
}

/// The cycles, each once.
fn cycles<'r>(edges: &[Edge<'r>]) -> Vec<Cycle<'r>> {
    let mut cycles = Vec::new();
    let mut done: IndexSet<&str> = IndexSet::new();
    for edge in edges {
        follow(edge.before, edges, &mut Vec::new(), &mut done, &mut cycles);
    }
    cycles
}

fn follow<'r>(
    name: &'r str,
    edges: &[Edge<'r>],
    path: &mut Vec<&'r str>,
    done: &mut IndexSet<&'r str>,
    cycles: &mut Vec<Cycle<'r>>,
) {
    if done.contains(name) {
        return;
    }
    path.push(name);
    for edge in edges.iter().filter(|edge| edge.before == name) {
        match path.iter().position(|known| *known == edge.after) {
            Some(at) => cycles.push(Cycle {
                names: path[at..].to_vec(),
                place: edge.place,
            }),
            None => follow(edge.after, edges, path, done, cycles),
        }
    }
    path.pop();
    done.insert(name);
}

/// The names in an order that the edges allow: of those that could come next, the one that was found first. There is
/// no cycle among them.
fn sorted<'r>(names: Vec<&'r str>, edges: &[Edge<'r>]) -> Vec<&'r str> {
    let mut left = names;
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |name: &str| {
            let mut before = edges.iter().filter(|edge| edge.after == name);
            before.any(|edge| left.contains(&edge.before))
        };
        let at = left.iter().position(|name| !waits(name)).unwrap_or(0);
        order.push(left.remove(at));
    }
    order
}
