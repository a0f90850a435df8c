//! `functions` and `handles` of a `[library.NAME]`: how C sees what each function takes and gives.
//!
//! A type is written in short, as a string, or in full, as a table. All problems are reported at their place; what is
//! wrong is left out, and reading goes on.

use super::Reading;
use super::types;
use crate::document::{Section, Spanned, Written};
use crate::frontend::native::{
    NativeCallback, NativeFunction, NativeHandle, NativeKind, NativeLibrary, NativeNumber,
    NativeParameter, NativeScalar, NativeValue,
};
use crate::rule::schema::FunctionsRule;
use indexmap::IndexMap;
use std::ops::Range;

/// The kinds of handles of the library that is read.
type Handles = IndexMap<String, NativeHandle>;

/// Reads `functions` and `handles` of the library called `name`.
pub fn functions(
    library: &mut Section<'_>,
    name: &str,
    reading: &mut Reading<'_>,
) -> FunctionsRule {
    let mut rule = FunctionsRule {
        library: NativeLibrary {
            name: name.to_owned(),
            ..NativeLibrary::default()
        },
        places: IndexMap::new(),
        handle_places: IndexMap::new(),
    };
    if let Some(entries) = library.table("handles", &mut reading.problems) {
        for (name, section) in entries.entries(&mut reading.problems) {
            types::identifier(&name, reading);
            let place = reading.place(&name.span);
            let handle = handle(section, reading);
            rule.library.handles.insert(name.value.clone(), handle);
            rule.handle_places.insert(name.value, place);
        }
    }
    if let Some(entries) = library.table("functions", &mut reading.problems) {
        for (name, section) in entries.entries(&mut reading.problems) {
            types::identifier(&name, reading);
            let place = reading.place(&name.span);
            let function = function(&name.value, section, &rule.library.handles, reading);
            rule.library.functions.insert(name.value.clone(), function);
            rule.places.insert(name.value, place);
        }
    }
    rule
}

fn handle(mut section: Section<'_>, reading: &mut Reading<'_>) -> NativeHandle {
    let finalizer = section.filled_string("finalizer", &mut reading.problems);
    section.finish(&mut reading.problems);
    NativeHandle {
        finalizer: finalizer.and_then(|symbol| types::symbol(symbol, reading)),
    }
}

fn function(
    name: &str,
    mut section: Section<'_>,
    handles: &Handles,
    reading: &mut Reading<'_>,
) -> NativeFunction {
    let symbol = section.filled_string("symbol", &mut reading.problems);
    let written = section.all_written("parameters", &mut reading.problems);
    let mut parameters = Vec::new();
    for parameter in written {
        parameters.extend(self::parameter(parameter, handles, reading));
    }
    let returns = section.written("returns", &mut reading.problems);
    section.finish(&mut reading.problems);
    NativeFunction {
        symbol: symbol
            .and_then(|symbol| types::symbol(symbol, reading))
            .unwrap_or_else(|| name.to_owned()),
        parameters,
        returns: match returns {
            Some(Written::Short(void)) if void.value == "void" => None,
            Some(written) => value(written, handles, reading),
            None => None,
        },
    }
}

fn parameter(
    written: Written<'_>,
    handles: &Handles,
    reading: &mut Reading<'_>,
) -> Option<NativeParameter> {
    let mut section = match written {
        Written::Short(ty) => {
            let kind = short(&ty, handles, reading)?;
            return Some(NativeParameter { name: None, kind });
        }
        Written::Full(section) => section,
    };
    let name = section.filled_string("name", &mut reading.problems);
    if let Some(name) = &name {
        types::identifier(name, reading);
    }
    let kind = full(&mut section, handles, reading);
    section.finish(&mut reading.problems);
    Some(NativeParameter {
        name: name.map(|name| name.value),
        kind: kind?,
    })
}

/// What a table must have one of, and of which it may have only one.
const WAYS: &[&str] = &["type", "out", "consumes", "constant", "callback"];

fn full(
    section: &mut Section<'_>,
    handles: &Handles,
    reading: &mut Reading<'_>,
) -> Option<NativeKind> {
    let ways = WAYS.iter().filter(|way| section.has(way)).count();
    let ty = section.filled_string("type", &mut reading.problems);
    let out = section.written("out", &mut reading.problems);
    let consumes = section.filled_string("consumes", &mut reading.problems);
    let constant = section.integer("constant", &mut reading.problems);
    let callback = section.table("callback", &mut reading.problems);
    let length = section.filled_string("length", &mut reading.problems);
    if ways != 1 {
        // Where the table is only described, there is one of each all the same.
        if let (0, Some(callback)) = (ways, callback) {
            self::callback(callback, reading);
        }
        if let (0, Some(out)) = (ways, out) {
            value(out, handles, reading);
        }
        let message = match ways {
            0 => "a parameter needs one of `type`, `out`, `consumes`, `constant` and `callback`",
            _ => "a parameter has only one of `type`, `out`, `consumes`, `constant` and `callback`",
        };
        let code = if ways == 0 {
            "config-missing"
        } else {
            "config-value"
        };
        reading.problems.add(code, section.heading(), message);
        return None;
    }
    let kind = if let Some(ty) = ty {
        short(&ty, handles, reading)
    } else if let Some(consumed) = consumes {
        types::handle(&consumed, handles, reading).map(|(handle, nullable)| NativeKind::Handle {
            handle,
            nullable,
            consumed: true,
        })
    } else if let Some(constant) = constant {
        Some(NativeKind::Constant(constant.value))
    } else if let Some(callback) = callback {
        self::callback(callback, reading).map(NativeKind::Callback)
    } else {
        match out? {
            Written::Short(bytes) if bytes.value == "bytes" => Some(NativeKind::BytesOut {
                length: NativeNumber::Usize,
                length_given: false,
            }),
            written => value(written, handles, reading).map(NativeKind::Out),
        }
    };
    match length {
        Some(length) => with_length(kind?, length, reading),
        None => kind,
    }
}

/// The type of a length, where there is one: `u32`, or `u64*` if the function gets a pointer to it.
fn with_length(
    kind: NativeKind,
    written: Spanned<String>,
    reading: &mut Reading<'_>,
) -> Option<NativeKind> {
    let name = written.value.trim_end_matches('*');
    let is_pointer = name.len() + 1 == written.value.len();
    let bare = Spanned {
        value: name.to_owned(),
        span: written.span.clone(),
    };
    let length = types::number(&bare.value).filter(|number| number.is_integer());
    let Some(length) = length else {
        types::unknown(&bare, "a type of integers", types::number_names(), reading);
        return None;
    };
    let with = match kind {
        NativeKind::Text { .. } if !is_pointer => NativeKind::Text { length },
        NativeKind::Bytes { .. } if !is_pointer => NativeKind::Bytes { length },
        NativeKind::BytesOut { .. } => NativeKind::BytesOut {
            length,
            length_given: is_pointer,
        },
        NativeKind::Text { .. } | NativeKind::Bytes { .. } => {
            let message = "only what the function writes to has a pointer to its length";
            let help = "use `out = \"bytes\"`";
            let problems = &mut reading.problems;
            problems.add_with_help("config-value", written.span, message, help);
            return None;
        }
        _ => {
            let message = "only \"text\" and \"bytes\" have a length";
            reading.problems.add("config-value", written.span, message);
            return None;
        }
    };
    Some(with)
}

/// A parameter's type in short.
fn short(ty: &Spanned<String>, handles: &Handles, reading: &mut Reading<'_>) -> Option<NativeKind> {
    if let Some(number) = types::number(&ty.value) {
        return Some(NativeKind::Number(number));
    }
    let length = NativeNumber::Usize;
    match ty.value.as_str() {
        "bool" => Some(NativeKind::Bool),
        "string" => Some(NativeKind::String { nullable: false }),
        "string?" => Some(NativeKind::String { nullable: true }),
        "text" => Some(NativeKind::Text { length }),
        "bytes" => Some(NativeKind::Bytes { length }),
        "null" => Some(NativeKind::Constant(0)),
        other if other.starts_with("handle:") => {
            let (handle, nullable) = types::handle(ty, handles, reading)?;
            Some(NativeKind::Handle {
                handle,
                nullable,
                consumed: false,
            })
        }
        "void" => {
            let message = "a parameter cannot be \"void\"";
            let help = "write `parameters = []` for a function without any";
            let problems = &mut reading.problems;
            problems.add_with_help("config-value", ty.span.clone(), message, help);
            None
        }
        _ => {
            let known = types::number_names().chain(PARAMETERS.iter().copied());
            types::unknown(ty, "a type", known, reading);
            None
        }
    }
}

const PARAMETERS: &[&str] = &[
    "bool",
    "string",
    "string?",
    "text",
    "bytes",
    "null",
    "handle:…",
];
const VALUES: &[&str] = &["bool", "string", "string?", "handle:…", "void"];

/// The type of a result, or of what is stored through a pointer.
fn value(
    written: Written<'_>,
    handles: &Handles,
    reading: &mut Reading<'_>,
) -> Option<NativeValue> {
    let mut section = match written {
        Written::Short(ty) => return short_value(&ty, handles, reading),
        Written::Full(section) => section,
    };
    let string = section.filled_string("string", &mut reading.problems);
    let borrowed = section.filled_string("borrowed", &mut reading.problems);
    let nullable = section.boolean("nullable", &mut reading.problems);
    let heading: Range<usize> = section.heading();
    section.finish(&mut reading.problems);
    match (string, borrowed) {
        (Some(free), None) => Some(NativeValue::String {
            nullable: nullable.unwrap_or(false),
            free: match free.value.as_str() {
                "borrowed" => None,
                _ => Some(types::symbol(free, reading)?),
            },
        }),
        (None, Some(handle)) => {
            let (handle, optional) = types::handle(&handle, handles, reading)?;
            Some(NativeValue::Handle {
                handle,
                nullable: nullable.unwrap_or(optional),
                borrowed: true,
            })
        }
        _ => {
            let message = "this needs one of `string` (who frees it: \"borrowed\", \"free\", or the name of a function) and `borrowed` (a handle)";
            reading.problems.add("config-missing", heading, message);
            None
        }
    }
}

fn short_value(
    ty: &Spanned<String>,
    handles: &Handles,
    reading: &mut Reading<'_>,
) -> Option<NativeValue> {
    if let Some(number) = types::number(&ty.value) {
        return Some(NativeValue::Number(number));
    }
    match ty.value.as_str() {
        "bool" => Some(NativeValue::Bool),
        "string" | "string?" => Some(NativeValue::String {
            nullable: ty.value.ends_with('?'),
            free: None,
        }),
        other if other.starts_with("handle:") => {
            let (handle, nullable) = types::handle(ty, handles, reading)?;
            Some(NativeValue::Handle {
                handle,
                nullable,
                borrowed: false,
            })
        }
        "bytes" | "text" => {
            let message = format!("a function cannot return \"{}\"", ty.value);
            let help = "let it write to a buffer: `{ out = \"bytes\" }` among the parameters";
            let problems = &mut reading.problems;
            problems.add_with_help("config-value", ty.span.clone(), message, help);
            None
        }
        _ => {
            let known = types::number_names().chain(VALUES.iter().copied());
            types::unknown(ty, "a type of results", known, reading);
            None
        }
    }
}

/// A callback's own parameters and result.
fn callback(mut section: Section<'_>, reading: &mut Reading<'_>) -> Option<NativeCallback> {
    let parameters = section.strings("parameters", &mut reading.problems);
    let returns = section.filled_string("returns", &mut reading.problems);
    section.finish(&mut reading.problems);
    let mut callback = NativeCallback {
        parameters: Vec::new(),
        returns: None,
    };
    for ty in &parameters {
        callback.parameters.push(match ty.value.as_str() {
            "ignored" => None,
            _ => Some(scalar(
                ty,
                &["bool", "string", "string?", "ignored"],
                reading,
            )?),
        });
    }
    if let Some(ty) = returns.filter(|ty| ty.value != "void") {
        let returned = scalar(&ty, &["bool", "void"], reading)?;
        callback.returns = Some(returned);
    }
    Some(callback)
}

fn scalar(
    ty: &Spanned<String>,
    known: &'static [&'static str],
    reading: &mut Reading<'_>,
) -> Option<NativeScalar> {
    if let Some(number) = types::number(&ty.value) {
        return Some(NativeScalar::Number(number));
    }
    match ty.value.as_str() {
        name if !known.contains(&name) => {}
        "bool" => return Some(NativeScalar::Bool),
        "string" => return Some(NativeScalar::String { nullable: false }),
        "string?" => return Some(NativeScalar::String { nullable: true }),
        _ => {}
    }
    let known = types::number_names().chain(known.iter().copied());
    types::unknown(ty, "a type of callbacks", known, reading);
    None
}

#[cfg(test)]
mod tests;
