//! What keeps objects from being a program, as diagnostics: at the object that needs it, or at the rule that says it.

use super::native::NativeModules;
use crate::frontend::{Diagnostic, Span};
use crate::link::LinkProblem;
use crate::rule::Place;
use camino::{Utf8Path, Utf8PathBuf};

/// The diagnostics of a problem. What a rule of functions says of a symbol that nothing defines is told at its place:
/// whoever calls the function has no other name for it. `entry` is where a problem is told that is of no object.
pub(super) fn diagnostics(
    native: &NativeModules,
    problem: LinkProblem,
    entry: &Utf8Path,
) -> Vec<Diagnostic> {
    let undefined = problem.code == "link-undefined-symbol";
    let symbol = problem.subject.as_deref().filter(|_| undefined);
    let said = symbol.map(|symbol| native.said_of(symbol));
    let said = said.unwrap_or_default();
    if said.is_empty() {
        return vec![of_object(problem, entry)];
    }
    let symbol = problem.subject.unwrap_or_default();
    let at_rule = |(who, place): &(String, &Place)| Diagnostic {
        code: problem.code.clone(),
        message: format!("{who} is `{symbol}`, and no library of the link has it"),
        path: Utf8Path::new(&*place.file).to_owned(),
        span: Span {
            start: u32::try_from(place.span.start).unwrap_or(0),
            end: u32::try_from(place.span.end).unwrap_or(0),
        },
        label: String::new(),
        help: Some("correct it, or link the library that defines it".to_owned()),
    };
    said.iter().map(at_rule).collect()
}

fn of_object(problem: LinkProblem, entry: &Utf8Path) -> Diagnostic {
    let path = problem
        .objects
        .first()
        .map_or_else(|| entry.to_owned(), Utf8PathBuf::from);
    Diagnostic {
        code: problem.code,
        message: problem.message,
        path,
        span: Span::default(),
        label: String::new(),
        help: problem.help,
    }
}
