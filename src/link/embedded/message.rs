//! The embedded linker's messages as problems of the program.
//!
//! The linker reports texts; what they are about is taken from their wording, and a wording that is not known here is
//! handed on as it is. Paths of objects are given back their names.

use super::files::without_prefixes;
use crate::link::{LinkFailure, LinkProblem};

/// Why the linker made no program.
pub(super) fn failure(text: &str, _objects: &[String]) -> LinkFailure {
    LinkFailure::Program(vec![problem(&plain(text))])
}

/// Without colours, and with paths as people know them.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // A colour: everything up to the letter `m`.
            letters.by_ref().find(|letter| *letter == 'm');
        } else {
            plain.push(letter);
        }
    }
    without_prefixes(&plain)
}

fn problem(text: &str) -> LinkProblem {
    let _ = text;
    LinkProblem { code: "link-failed".to_owned(), message: text.trim().to_owned(), subject: None, objects: Vec::new(), help: None }
}
