//! The diagnostics of parsing: their codes, and how they are made. It knows neither the syntax tree nor the HIR.

use super::builder::Builder;
use crate::frontend::typescript::abi::BUILTINS;
use crate::frontend::{Diagnostic, Span};
use camino::Utf8Path;
use oxc_diagnostics::OxcDiagnostic;

pub(super) const SYNTAX: &str = "ts-syntax";
pub(super) const UNSUPPORTED: &str = "ts-unsupported";
pub(super) const UNDEFINED_NAME: &str = "ts-undefined-name";
pub(super) const CONSTANT_ASSIGNMENT: &str = "ts-constant-assignment";

/// Global names of JavaScript hosts that this runtime does not have: a typing error is unlikely.
const ELSEWHERE: &[&str] = &[
    "AbortController",
    "Array",
    "ArrayBuffer",
    "AsyncIterator",
    "Atomics",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "Buffer",
    "DataView",
    "Float32Array",
    "Float64Array",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "Intl",
    "Promise",
    "Proxy",
    "Reflect",
    "RegExp",
    "SharedArrayBuffer",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "WeakRef",
    "clearInterval",
    "clearTimeout",
    "decodeURI",
    "decodeURIComponent",
    "document",
    "encodeURI",
    "encodeURIComponent",
    "escape",
    "fetch",
    "performance",
    "process",
    "queueMicrotask",
    "require",
    "setInterval",
    "setTimeout",
    "structuredClone",
    "window",
];

/// A span of the parser as one of ours.
pub(super) fn span(span: oxc_span::Span) -> Span {
    Span {
        start: span.start,
        end: span.end,
    }
}

/// A diagnostic of the parser or of its early errors as one of ours.
pub(super) fn syntax(path: &Utf8Path, text: &str, error: &OxcDiagnostic) -> Diagnostic {
    let label = error
        .labels
        .iter()
        .find(|label| label.primary())
        .or(error.labels.first());
    let (span, text_at) = match label {
        Some(label) => {
            let start = (label.offset() as usize).min(text.len()) as u32;
            let end = ((label.offset() + label.len()) as usize).min(text.len()) as u32;
            (
                Span { start, end },
                label.label().unwrap_or_default().to_owned(),
            )
        }
        None => (Span::default(), String::new()),
    };
    Diagnostic {
        code: SYNTAX.to_owned(),
        message: error.message.to_string(),
        path: path.to_owned(),
        span,
        label: text_at,
        help: error.help.as_ref().map(|help| help.to_string()),
    }
}

impl Builder<'_> {
    /// Adds a diagnostic, unless the same one is there already.
    pub fn report(
        &mut self,
        code: &str,
        at: oxc_span::Span,
        message: String,
        label: &str,
        help: Option<String>,
    ) {
        let diagnostic = Diagnostic {
            code: code.to_owned(),
            message,
            path: self.path.to_owned(),
            span: span(at),
            label: label.to_owned(),
            help,
        };
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Something that this release does not compile. `what` reads well before "are not supported".
    pub fn unsupported(&mut self, at: oxc_span::Span, what: &str, help: Option<&str>) {
        let message = format!("{what} not supported yet");
        self.report(
            UNSUPPORTED,
            at,
            message,
            "not supported",
            help.map(str::to_owned),
        );
    }

    /// A name that nothing declares.
    pub fn undefined_name(&mut self, at: oxc_span::Span, name: &str) {
        let message = format!("Cannot find name '{name}'.");
        let help = if ELSEWHERE.contains(&name) {
            Some(format!(
                "the runtime of this release does not provide `{name}`"
            ))
        } else {
            let known = self
                .scoping
                .symbol_ids()
                .filter(|symbol| self.scoping.symbol_flags(*symbol).is_value());
            let declared = known.map(|symbol| self.scoping.symbol_name(symbol));
            nearest(name, declared.chain(BUILTINS.iter().copied()))
                .map(|near| format!("did you mean `{near}`?"))
        };
        self.report(UNDEFINED_NAME, at, message, "not declared", help);
    }

    /// An assignment to something that is no variable, or a constant one.
    pub fn constant_assignment(&mut self, at: oxc_span::Span, name: &str, why: &str) {
        let message = format!("Cannot assign to '{name}' because it is {why}.");
        let help = (why == "a constant")
            .then(|| "declare it with `let` if it is meant to change".to_owned());
        self.report(CONSTANT_ASSIGNMENT, at, message, "assigned here", help);
    }
}

/// The name at the smallest edit distance, if that is small for its length.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let limit = (name.chars().count() / 3).clamp(1, 3);
    let candidates =
        known.filter(|known| *known != name && known.len().abs_diff(name.len()) <= limit);
    let mut scored: Vec<_> = candidates
        .map(|known| (distance(name, known), known))
        .collect();
    scored.sort_unstable();
    scored
        .first()
        .filter(|(score, _)| *score <= limit)
        .map(|(_, known)| *known)
}

/// Levenshtein's distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replace = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replace.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_finds_its_name_and_a_short_name_is_not_stretched() {
        assert_eq!(
            nearest("consle", ["console", "const"].into_iter()),
            Some("console")
        );
        assert_eq!(nearest("Console", ["console"].into_iter()), Some("console"));
        assert_eq!(nearest("ab", ["xyz", "cd"].into_iter()), None);
    }
}
