//! Names in the descriptions of functions: of C's numbers, of symbols, of handles, and those that programs see.

use super::Reading;
use crate::document::{Spanned, nearest};
use crate::frontend::native::{NativeHandle, NativeNumber};
use indexmap::IndexMap;

/// C's own names, as the platform that programs are made for has them: 64-bit Linux on x86-64.
const C_NAMES: &[(&str, NativeNumber)] = &[
    ("char", NativeNumber::I8),
    ("signed char", NativeNumber::I8),
    ("unsigned char", NativeNumber::U8),
    ("short", NativeNumber::I16),
    ("unsigned short", NativeNumber::U16),
    ("int", NativeNumber::I32),
    ("unsigned int", NativeNumber::U32),
    ("long", NativeNumber::I64),
    ("unsigned long", NativeNumber::U64),
    ("long long", NativeNumber::I64),
    ("unsigned long long", NativeNumber::U64),
    ("size_t", NativeNumber::Usize),
    ("ssize_t", NativeNumber::Isize),
    ("float", NativeNumber::F32),
    ("double", NativeNumber::F64),
];

/// Words that no function of a module can be declared by.
const RESERVED: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// The number that a name stands for.
pub(super) fn number(name: &str) -> Option<NativeNumber> {
    let all = NativeNumber::NAMES.iter().chain(C_NAMES);
    all.into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, number)| *number)
}

pub(super) fn number_names() -> impl Iterator<Item = &'static str> + Clone {
    NativeNumber::NAMES
        .iter()
        .chain(C_NAMES)
        .map(|(name, _)| *name)
}

/// Reports a name that is none of those known for `what`.
pub(super) fn unknown(
    name: &Spanned<String>,
    what: &str,
    known: impl Iterator<Item = &'static str> + Clone,
    reading: &mut Reading<'_>,
) {
    let message = format!("\"{}\" is not {what}", name.value);
    let help = match nearest(&name.value, known.clone()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => {
            let plain = known.filter(|name| !name.contains(' '));
            let all: Vec<String> = plain.map(|name| format!("\"{name}\"")).collect();
            format!("use {}", all.join(", "))
        }
    };
    let problems = &mut reading.problems;
    problems.add_with_help("config-value", name.span.clone(), message, help);
}

/// A name that programs use: the identifiers that all languages have in common.
pub(super) fn identifier(name: &Spanned<String>, reading: &mut Reading<'_>) {
    let mut letters = name.value.chars();
    let begins = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || "_$".contains(first));
    let problem = if RESERVED.contains(&name.value.as_str()) {
        "is a word of the language"
    } else if !begins
        || !letters.all(|letter| letter.is_ascii_alphanumeric() || "_$".contains(letter))
    {
        "cannot be a name in programs"
    } else {
        return;
    };
    let message = format!("`{}` {problem}", name.value);
    let help =
        "choose another name; `symbol = \"…\"` says what a function is called in the library";
    let problems = &mut reading.problems;
    problems.add_with_help("config-value", name.span.clone(), message, help);
}

/// The name of something in a library.
pub(super) fn symbol(name: Spanned<String>, reading: &mut Reading<'_>) -> Option<String> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_$.".contains(letter);
    if name.value.chars().all(fits) && !name.value.starts_with(|first: char| first.is_ascii_digit())
    {
        return Some(name.value);
    }
    let message = format!("\"{}\" cannot be the name of a C function", name.value);
    reading.problems.add("config-value", name.span, message);
    None
}

/// The handle that `handle:NAME` stands for, and whether it may be null (`handle:NAME?`).
pub(super) fn handle(
    ty: &Spanned<String>,
    handles: &IndexMap<String, NativeHandle>,
    reading: &mut Reading<'_>,
) -> Option<(String, bool)> {
    let problems = &mut reading.problems;
    let Some(written) = ty.value.strip_prefix("handle:") else {
        let message = format!("\"{}\" is no handle", ty.value);
        let help = "write \"handle:NAME\"";
        problems.add_with_help("config-value", ty.span.clone(), message, help);
        return None;
    };
    let name = written.strip_suffix('?').unwrap_or(written);
    if handles.contains_key(name) {
        return Some((name.to_owned(), name.len() < written.len()));
    }
    let message = format!("the library has no handle \"{name}\"");
    let help = match nearest(name, handles.keys().map(String::as_str)) {
        Some(near) => format!("did you mean \"handle:{near}\"?"),
        None => format!("declare it: `handles.{name} = {{ finalizer = \"…\" }}`"),
    };
    problems.add_with_help("config-value", ty.span.clone(), message, help);
    None
}
