//! The native libraries of a program: resolved, or known from a trace.
//!
//! Like the plan of a link, this is asked before the queries. Each library has a trace of its own, whose key holds the rule
//! that it consults, so that another entry, another comment or a moved line changes nothing.

use super::services::Services;
use super::trace::{self, Found, Trace};
use crate::error::Result;
use crate::link::LinkOptions;
use crate::link::library::{
    self, Closure, Common, Facts, Member, Place, Rejected, Resolution, Resolved, Wanted,
    unavailable,
};
use crate::observe::{Reader, Seen};
use crate::proof::LibraryState;

/// Resolves the libraries of a program. `options` are those of its link. Also gives what the answer rests on.
///
/// # Errors
/// If a library is not there, or if the world can't be asked.
pub fn resolve(
    services: &Services,
    wanted: &Wanted,
    options: &LinkOptions,
) -> Result<(Resolution, Vec<Seen>)> {
    let closure = wanted.libraries.closure(&wanted.names)?;
    let common = Common::new(options, &services.world);
    let (mut resolution, mut all, mut missing) = (Resolution::default(), Vec::new(), Vec::new());
    for member in &closure.members {
        let (resolved, seen) = one(services, member, &wanted.facts, options, &common)?;
        all.extend(seen);
        match (resolved, &member.rule) {
            (Ok(resolved), _) => resolution.libraries.push(resolved),
            (Err(rejected), Some(rule)) => missing.push((member, &**rule, rejected)),
            (Err(_), None) => {}
        }
    }
    if !missing.is_empty() {
        return Err(unavailable(&missing));
    }
    resolution.locate(&wanted.libraries, &|name| place(&closure, name));
    Ok((resolution, all))
}

/// A library, or why no alternative fits.
type Tried = std::result::Result<Resolved, Vec<Rejected>>;

/// One library, and what its answer rests on. That none of its alternatives fits is not recorded: it is an error.
fn one(
    services: &Services,
    member: &Member,
    facts: &Facts,
    options: &LinkOptions,
    common: &Common<'_>,
) -> Result<(Tried, Vec<Seen>)> {
    let key = services.key("library", &[&ingredients(member, facts, options)]);
    let record = services.store.get(&key);
    let found = trace::find(record.as_deref(), |seen: &Seen| {
        services.world.holds(&seen.observation)
    });
    if let Found::Hit(Trace { reads, result }) = found {
        return Ok((Ok(result), reads));
    }
    let reader = Reader::new(&services.world);
    let resolved = library::resolve(member, facts, common, &reader)?;
    let seen = reader.finish();
    // What no rule knows is only a name.
    if let (Ok(resolved), Some(_)) = (&resolved, &member.rule) {
        let trace = Trace {
            reads: seen.clone(),
            result: resolved.clone(),
        };
        services
            .store
            .put(key, trace::add(record.as_deref(), trace));
    }
    Ok((resolved, seen))
}

/// Where a name is written first.
fn place(closure: &Closure, name: &str) -> Place {
    let member = closure
        .members
        .iter()
        .find(|member| member.named.name == name);
    member.map_or_else(Place::default, |member| member.named.place.clone())
}

/// All that the resolution of one library depends on besides the world.
fn ingredients(member: &Member, facts: &Facts, options: &LinkOptions) -> Vec<u8> {
    let rule = member.rule.as_ref();
    let link = LinkOptions {
        libraries: Vec::new(),
        ..options.clone()
    };
    let all = (
        (&member.named.name, &member.needed_by),
        rule.map(|rule| rule.digest()),
        rule.map(|rule| rule.consulted(facts)),
        (&facts.os, &facts.arch),
        rule.is_some_and(|rule| rule.searches()).then_some(link),
    );
    postcard::to_stdvec(&all).unwrap_or_default()
}

/// What is to be known of the libraries when they are another.
pub fn states(resolution: &Resolution) -> Vec<LibraryState> {
    let libraries = resolution.libraries.iter();
    libraries
        .map(|library| {
            let words: Vec<&str> = library.link.iter().map(|word| word.word.as_str()).collect();
            let place = library
                .link
                .first()
                .map_or(&library.place, |word| &word.place);
            LibraryState {
                name: library.name.clone(),
                place: place.to_string(),
                words: words.join(" "),
            }
        })
        .collect()
}
