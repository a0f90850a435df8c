//! The embedded linker's messages as problems of the program.
//!
//! The linker reports texts; what they are about is taken from their wording, and a wording that is not known here is
//! handed on as it is. Paths of objects are given back their names. This module links nothing.

use super::files::without_prefixes;
use crate::link::LinkProblem;
use std::collections::{BTreeMap, BTreeSet};

/// Begins the message for a path at which there is no file.
pub(super) const NO_FILE: &str = "there is no file at";

const UNDEFINED: &str = "Undefined symbol ";
const UNDEFINED_IN_LIBRARY: &str = "undefined reference to `";

/// Whether some symbol is undefined. The linker then names one of them, and which one depends on its threads.
pub(super) fn is_undefined(text: &str) -> bool {
    text.contains(UNDEFINED) || text.contains(UNDEFINED_IN_LIBRARY)
}

/// What is wrong, given all that the linker said. Undefined symbols come together, in the order of their names.
pub(super) fn problems<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<LinkProblem> {
    let mut undefined: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut others = Vec::new();
    for text in texts {
        let text = plain(text);
        match undefined_symbol(&text) {
            Some((symbol, object)) => {
                undefined.entry(symbol).or_default().insert(object);
            }
            None => others.push(problem(&text)),
        }
    }
    let undefined = undefined
        .into_iter()
        .map(|(symbol, objects)| LinkProblem::undefined(symbol, objects));
    undefined.chain(others).collect()
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

/// The symbol, and the object that needs it: `Undefined symbol f, referenced by a.c:3\n    a.o`, or
/// ``undefined reference to `f` from libx.so``.
fn undefined_symbol(text: &str) -> Option<(String, String)> {
    if let Some((_, found)) = text.split_once(UNDEFINED) {
        let (symbol, by) = found.split_once(", referenced by")?;
        return Some((symbol.to_owned(), by.lines().last()?.trim().to_owned()));
    }
    let (_, found) = text.split_once(UNDEFINED_IN_LIBRARY)?;
    let (symbol, library) = found.split_once("` from ")?;
    Some((symbol.to_owned(), library.trim().to_owned()))
}

/// The text between the first two backquotes.
fn quoted(text: &str) -> Option<String> {
    text.split('`').nth(1).map(str::to_owned)
}

fn problem(text: &str) -> LinkProblem {
    // Contexts come first, each on its line, then the causes.
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && *line != "Caused by:")
        .collect();
    if let Some(line) = lines
        .iter()
        .find(|line| line.starts_with("Couldn't find library"))
    {
        return LinkProblem::missing_library(quoted(line));
    }
    if let Some(line) = lines.iter().find(|line| line.starts_with(NO_FILE)) {
        let asked_by = lines
            .iter()
            .find(|line| line.starts_with("Failed to process"))
            .and_then(|line| quoted(line));
        let asked_by = asked_by
            .map(|asked_by| format!(", which `{asked_by}` names"))
            .unwrap_or_default();
        return LinkProblem::missing_file(format!("{line}{asked_by}"), quoted(line));
    }
    if let Some(line) = lines
        .iter()
        .find_map(|line| line.strip_prefix("Duplicate symbols detected: "))
    {
        let rest = lines
            .iter()
            .skip_while(|other| !other.ends_with(line))
            .skip(1);
        let all: Vec<&str> = std::iter::once(line).chain(rest.copied()).collect();
        let symbol = line
            .split_once(", defined in")
            .map(|(symbol, _)| symbol.to_owned());
        return LinkProblem::duplicate(&all, symbol);
    }
    let message = lines.join(": ");
    if message.contains("LTO") {
        let help = "compile it without `-flto`, or let another linker link it: `linker = \"bfd\"` in [link]";
        return LinkProblem::new("link-failed", "an object or library holds no machine code, but the compiler's own form for link-time optimization".to_owned(), None, help);
    }
    if let Some(options) = message.strip_prefix("unrecognized option(s): ") {
        let help = "the embedded linker does not know it; remove it from `args` of [link], or name another `linker` there";
        return LinkProblem::new(
            "link-failed",
            format!("the link option `{options}` is unknown"),
            Some(options.to_owned()),
            help,
        );
    }
    LinkProblem::new("link-failed", message, None, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::embedded::files::object_path;

    #[test]
    fn undefined_symbols_are_sorted_and_name_their_objects() {
        let texts = [
            format!(
                "Undefined symbol zz, referenced by \n    {}",
                object_path(7, "src/b.ts.o")
            ),
            format!(
                "Undefined symbol aa, referenced by a.c:3\n    {}",
                object_path(0, "src/a.ts.o")
            ),
            format!(
                "Undefined symbol zz, referenced by \n    {}",
                object_path(0, "src/a.ts.o")
            ),
            "undefined reference to `in_library` from /usr/lib/libx.so".to_owned(),
        ];
        let problems = problems(texts.iter().map(String::as_str));
        let found: Vec<(Option<&str>, String)> = problems
            .iter()
            .map(|problem| (problem.subject.as_deref(), problem.objects.join(" ")))
            .collect();
        assert_eq!(
            found,
            [
                (Some("aa"), "src/a.ts.o".to_owned()),
                (Some("in_library"), "/usr/lib/libx.so".to_owned()),
                (Some("zz"), "src/a.ts.o src/b.ts.o".to_owned()),
            ]
        );
        assert!(
            problems
                .iter()
                .all(|problem| problem.code == "link-undefined-symbol")
        );
    }

    #[test]
    fn wordings_are_understood() {
        let one = |text: &str| problems([text]).remove(0);
        let library = one("Couldn't find library `nosuch` on library search path");
        assert_eq!(
            (library.code.as_str(), library.subject.as_deref()),
            ("link-missing-library", Some("nosuch"))
        );
        let file = one(
            "Failed to process `vendor/libx.so`\n  Caused by:\n    there is no file at `vendor/y.a`\n",
        );
        assert_eq!(
            (file.code.as_str(), file.subject.as_deref()),
            ("link-missing-file", Some("vendor/y.a"))
        );
        assert_eq!(
            file.message,
            "there is no file at `vendor/y.a`, which `vendor/libx.so` names"
        );
        let twice = one(
            "Duplicate symbols detected: dup, defined in a.o and b.o\nd2, defined in a.o and c.o",
        );
        assert_eq!(
            twice.message,
            "a symbol is defined twice: dup, defined in a.o and b.o; d2, defined in a.o and c.o"
        );
        assert_eq!(twice.subject.as_deref(), Some("dup"));
        assert!(
            one("Wild was compiled without linker-plugin support, but LTO inputs were detected")
                .help
                .is_some()
        );
        assert_eq!(
            one("\u{1b}[31mstrange\u{1b}[0m\n  Caused by:\n    something\n").message,
            "strange: something"
        );
    }
}
