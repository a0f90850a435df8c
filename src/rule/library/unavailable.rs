//! What is said where a library is not there: every alternative with why it does not fit, and what to install.

use super::Member;
use super::resolution::Rejected;
use crate::document::diagnostic;
use crate::error::{Error, ErrorKind};
use crate::rule::schema::LibraryRule;

/// What each package manager is told.
const COMMANDS: &[(&str, &str)] = &[
    ("apt", "apt-get install"),
    ("dnf", "dnf install"),
    ("pacman", "pacman -S"),
    ("apk", "apk add"),
    ("brew", "brew install"),
];

/// The error about all that is missing.
pub fn unavailable(missing: &[(&Member, &LibraryRule, Vec<Rejected>)]) -> Error {
    let places = missing.iter().flat_map(|(member, rule, rejected)| {
        let count = rule.alternatives.len();
        rejected.iter().map(move |rejected| {
            let name = &member.named.name;
            let which = match count {
                1 => format!("library \"{name}\""),
                _ => format!(
                    "alternative {} of library \"{name}\"",
                    rejected.alternative + 1
                ),
            };
            let place = &rejected.place;
            diagnostic(
                &place.file,
                "library-unavailable",
                place.span.clone(),
                format!("{which} does not fit: {}", rejected.why),
                None,
            )
        })
    });
    let named: Vec<String> = missing
        .iter()
        .map(|(member, ..)| {
            let name = &member.named.name;
            match &member.needed_by {
                Some(by) => format!("\"{name}\", which \"{by}\" needs,"),
                None => format!("\"{name}\""),
            }
        })
        .collect();
    let noun = if named.len() == 1 {
        "the library"
    } else {
        "the libraries"
    };
    let verb = if named.len() == 1 { "is" } else { "are" };
    let mut error = Error::places(
        format!("{noun} {} {verb} not to be had", named.join(" and ")),
        places.collect(),
    );
    error.kind = ErrorKind::World;
    let remedies: Vec<String> = missing
        .iter()
        .filter_map(|(member, rule, _)| remedy(&member.named.name, rule))
        .collect();
    error.remedy = Some(match remedies.is_empty() {
        true => "correct the alternatives, or add one that fits".to_owned(),
        false => remedies.join("; "),
    });
    error
}

/// How to install the library.
fn remedy(name: &str, rule: &LibraryRule) -> Option<String> {
    let commands: Vec<String> = COMMANDS
        .iter()
        .filter_map(|(manager, command)| {
            let package = rule.install.get(*manager)?;
            Some(format!("`{command} {package}`"))
        })
        .collect();
    let (last, others) = commands.split_last()?;
    let listed = match others.is_empty() {
        true => last.clone(),
        false => format!("{} or {last}", others.join(", ")),
    };
    Some(format!("install \"{name}\": {listed}"))
}
