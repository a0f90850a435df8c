//! Checks the calls of native functions against what the functions take: how many arguments, and of which types as far as
//! that is known. What is not known here is checked when the program runs.

use super::{declare, given};
use crate::frontend::native::{NativeFunction, NativeKind};
use crate::frontend::typescript::hir::{Given, ImportName, NativeCall};
use crate::frontend::typescript::interface::Item;
use crate::frontend::typescript::lower::{CallSpans, Syntax};
use crate::frontend::{Diagnostic, Imports, Span};

/// What is wrong with the calls of a module.
pub fn calls(syntax: &Syntax, imports: &mut dyn Imports) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (call, spans) in syntax.module.native_calls.iter().zip(&syntax.calls) {
        let import = &syntax.module.imports[call.import.0 as usize];
        let name = match (&import.name, &call.member) {
            (_, Some(member)) => member,
            (ImportName::Named(name), None) => name,
            (ImportName::Namespace, None) => continue,
        };
        let Some(target) = imports.resolve(&syntax.path, &import.specifier) else {
            continue;
        };
        let item = imports.item(&target, name);
        let Some(Item::Native { function, .. }) = item.and_then(|bytes| Item::decode(&bytes))
        else {
            continue;
        };
        let problem = |span, message, label: String| Diagnostic {
            code: "ts-native-call".to_owned(),
            message,
            path: syntax.path.clone(),
            span,
            label,
            help: Some(format!("it is `{}`", declare::signature(name, &function))),
        };
        let found = check(call, spans, &function);
        problems.extend(found.map(|(span, message, label)| problem(span, message, label)));
    }
    problems
}

/// The problem of one call.
fn check(
    call: &NativeCall,
    spans: &CallSpans,
    function: &NativeFunction,
) -> Option<(Span, String, String)> {
    let wanted = given(function).count();
    let got = call.arguments.len();
    if got > wanted || got < wanted && !call.spread {
        let plural = if wanted == 1 { "" } else { "s" };
        let message = format!("Expected {wanted} argument{plural}, but got {got}.");
        return Some((spans.call, message, String::new()));
    }
    let arguments = call.arguments.iter().zip(&spans.arguments);
    for ((argument, span), parameter) in arguments.zip(given(function)) {
        if let Some((message, label)) = unfit(*argument, &parameter.kind) {
            return Some((*span, message, label));
        }
    }
    None
}

/// Why an argument is none for a parameter.
fn unfit(argument: Given, kind: &NativeKind) -> Option<(String, String)> {
    let fits = match (kind, argument) {
        (_, Given::Unknown) => true,
        (NativeKind::Number(number), Given::Constant(value)) if number.is_integer() => {
            let (least, largest) = number.range();
            let range = least as f64..=largest as f64;
            if value.fract() == 0.0 && range.contains(&value) {
                return None;
            }
            let message = format!("{value} is no integer from {least} to {largest}.");
            return Some((message, format!("`{number}` is wanted here")));
        }
        (NativeKind::Number(_), given) => matches!(given, Given::Number | Given::Constant(_)),
        (NativeKind::Bool, given) => given == Given::Boolean,
        (NativeKind::String { nullable: true }, Given::Null) => true,
        (NativeKind::String { .. } | NativeKind::Text { .. }, given) => given == Given::String,
        (NativeKind::Bytes { .. } | NativeKind::BytesOut { .. }, given) => given == Given::Array,
        // Where a handle comes from is not known.
        (NativeKind::Handle { nullable, .. }, given) => *nullable && given == Given::Null,
        (NativeKind::Callback(_), given) => given == Given::Function,
        (NativeKind::Constant(_) | NativeKind::Out(_), _) => true,
    };
    if fits {
        return None;
    }
    let message = format!(
        "Argument of type '{}' is not assignable to parameter of type '{}'.",
        described(argument),
        declare::kind(kind).unwrap_or_default()
    );
    Some((message, format!("`{kind}` is wanted here")))
}

fn described(argument: Given) -> &'static str {
    match argument {
        Given::Unknown => "unknown",
        Given::Number | Given::Constant(_) => "number",
        Given::String => "string",
        Given::Boolean => "boolean",
        Given::Null => "null",
        Given::Undefined => "undefined",
        Given::Array => "array",
        Given::Function => "function",
        Given::Object => "object",
    }
}
