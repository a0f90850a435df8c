//! Functions of native libraries as TypeScript declares them: for editors and type checkers, and in messages.

use super::{given, parameter_name};
use crate::frontend::native::{
    NativeCallback, NativeFunction, NativeKind, NativeLibrary, NativeScalar, NativeValue, SCHEME,
};

/// The file's name.
pub const FILE: &str = "native.d.ts";

/// The text of the file that declares the modules of all these libraries.
pub fn declarations(libraries: &[NativeLibrary]) -> String {
    let mut text = String::from(
        "// The functions of native libraries, as the configuration of this project describes them. Written by kiln.\n",
    );
    for library in libraries {
        text.push_str(&format!(
            "\ndeclare module \"{SCHEME}{}\" {{\n",
            library.name.escape_default()
        ));
        if !library.handles.is_empty() {
            text.push_str("  const handle: unique symbol;\n");
        }
        for name in library.handles.keys() {
            text.push_str(&format!(
                "  export interface {name} {{ readonly [handle]: \"{name}\" }}\n"
            ));
        }
        for (name, function) in &library.functions {
            let signature = signature(name, function);
            text.push_str(&format!("  export function {signature};\n"));
        }
        // Without it, what is not exported would be, too.
        text.push_str("  export {};\n}\n");
    }
    text
}

/// `greet(name: string): string`.
pub fn signature(name: &str, function: &NativeFunction) -> String {
    let parameters: Vec<String> = given(function)
        .enumerate()
        .map(|(at, parameter)| {
            let ty = kind(&parameter.kind).unwrap_or_default();
            format!("{}: {ty}", parameter_name(parameter, at))
        })
        .collect();
    let gives: Vec<String> = function.gives().map(value).collect();
    let returns = match gives.as_slice() {
        [] => "void".to_owned(),
        [only] => only.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    format!("{name}({}): {returns}", parameters.join(", "))
}

/// The type of an argument; `None` where there is none.
pub fn kind(kind: &NativeKind) -> Option<String> {
    Some(match kind {
        NativeKind::Number(_) => "number".to_owned(),
        NativeKind::Bool => "boolean".to_owned(),
        NativeKind::String { nullable } => or_null("string", *nullable),
        NativeKind::Text { .. } => "string".to_owned(),
        NativeKind::Bytes { .. } => "readonly number[]".to_owned(),
        NativeKind::BytesOut { .. } => "number[]".to_owned(),
        NativeKind::Handle {
            handle, nullable, ..
        } => or_null(handle, *nullable),
        NativeKind::Callback(NativeCallback {
            parameters,
            returns,
        }) => {
            let seen = parameters.iter().flatten();
            let parameters: Vec<String> = (1..)
                .zip(seen)
                .map(|(at, scalar)| format!("p{at}: {}", self::scalar(*scalar)))
                .collect();
            let returns = returns.map_or_else(|| "void".to_owned(), scalar);
            format!("({}) => {returns}", parameters.join(", "))
        }
        NativeKind::Constant(_) | NativeKind::Out(_) => return None,
    })
}

fn scalar(scalar: NativeScalar) -> String {
    match scalar {
        NativeScalar::Number(_) => "number".to_owned(),
        NativeScalar::Bool => "boolean".to_owned(),
        NativeScalar::String { nullable } => or_null("string", nullable),
    }
}

fn value(value: &NativeValue) -> String {
    match value {
        NativeValue::Number(_) => "number".to_owned(),
        NativeValue::Bool => "boolean".to_owned(),
        NativeValue::String { nullable, .. } => or_null("string", *nullable),
        NativeValue::Handle {
            handle, nullable, ..
        } => or_null(handle, *nullable),
    }
}

fn or_null(ty: &str, nullable: bool) -> String {
    if nullable {
        format!("{ty} | null")
    } else {
        ty.to_owned()
    }
}
