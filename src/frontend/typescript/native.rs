//! The modules of native libraries: their text is the library's description as JSON, and their HIR has one function for
//! each of the library's, whose body is the call. So all that is true of modules is true of them: direct calls, function
//! objects, namespaces, re-exports.

pub mod check;
pub mod declare;

use super::hir::{
    Export, ExportTarget, Expr, Function, FunctionId, FunctionKind, Global, GlobalId, GlobalKind,
    Local, LocalId, Module, Native, Param, Stmt, Ty,
};
use super::interface;
use crate::digest::Digest;
use crate::frontend::native::{
    NativeFunction, NativeKind, NativeLibrary, NativeParameter, NativeValue, SCHEME,
};
use crate::frontend::{Diagnostic, Parsed, Payload, Source, Span};
use camino::Utf8Path;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether a path is that of such a module.
pub fn is_native(path: &Utf8Path) -> bool {
    path.as_str().starts_with(SCHEME)
}

/// The text of a library's module.
pub fn text(library: &NativeLibrary) -> String {
    serde_json::to_string(library).expect("plain data can always be encoded")
}

/// Parses such a text.
pub fn parse(source: &Source<'_>) -> Parsed {
    let library: NativeLibrary = match serde_json::from_str(source.text) {
        Ok(library) => library,
        Err(problem) => return failed(source, &problem.to_string()),
    };
    let module = module(source.path.as_str(), &library);
    let types: Vec<String> = library.handles.keys().cloned().collect();
    let bytes =
        postcard::to_stdvec(&module).expect("encoding to memory fails for no value of this type");
    Parsed {
        requests: Vec::new(),
        interface: interface::of(&module, &types),
        syntax_digest: Digest::of(&bytes),
        syntax: Some(Arc::new(module) as Payload),
        diagnostics: Vec::new(),
    }
}

fn failed(source: &Source<'_>, problem: &str) -> Parsed {
    let diagnostic = Diagnostic {
        code: "ts-syntax".to_owned(),
        message: format!("the description of a native library cannot be read: {problem}"),
        path: source.path.to_owned(),
        span: Span::default(),
        label: String::new(),
        help: None,
    };
    Parsed {
        requests: Vec::new(),
        interface: BTreeMap::new(),
        syntax: None,
        syntax_digest: Digest::of(source.text.as_bytes()),
        diagnostics: vec![diagnostic],
    }
}

fn module(name: &str, library: &NativeLibrary) -> Module {
    let mut module = Module {
        name: name.to_owned(),
        ..Module::default()
    };
    for (at, (name, function)) in (0..).zip(&library.functions) {
        module
            .functions
            .push(self::function(name, function, library));
        module.globals.push(Global {
            name: name.clone(),
            kind: GlobalKind::Function(FunctionId(at)),
            exported: true,
        });
        module.exports.push(Export::Local {
            name: name.clone(),
            target: ExportTarget::Global(GlobalId(at)),
        });
    }
    module.init = FunctionId(module.functions.len() as u32);
    module
        .functions
        .push(made(String::new(), FunctionKind::Init));
    module
}

/// A function without anything.
fn made(name: String, kind: FunctionKind) -> Function {
    Function {
        name,
        kind,
        params: Vec::new(),
        locals: Vec::new(),
        captures: Vec::new(),
        returns: Ty::Any,
        uses_this: false,
        uses_callee: false,
        uses_new_target: false,
        body: Vec::new(),
        length: 0,
    }
}

fn function(name: &str, native: &NativeFunction, library: &NativeLibrary) -> Function {
    let mut function = made(name.to_owned(), FunctionKind::Plain);
    let mut arguments = Vec::new();
    for (at, parameter) in (0..).zip(given(native)) {
        function.locals.push(Local {
            name: parameter_name(parameter, at),
            // What is given is checked by the call itself.
            ty: Ty::Any,
            constant: true,
            cell: false,
            early: false,
            tdz: false,
        });
        let local = LocalId(at as u32);
        function.params.push(Param {
            local,
            ty: Ty::Any,
            rest: false,
        });
        arguments.push(Expr::Local(local));
    }
    let mut gives = native.gives();
    if let (Some(NativeValue::Number(_)), None) = (gives.next(), gives.next()) {
        function.returns = Ty::Number;
    }
    function.length = arguments.len() as u32;
    let used = |handle: &str| native.uses_handle(handle);
    let handles = library.handles.iter().filter(|(name, _)| used(name));
    let native = Native {
        name: name.to_owned(),
        function: native.clone(),
        handles: handles
            .map(|(name, handle)| (name.clone(), handle.finalizer.clone()))
            .collect(),
    };
    function.body = vec![Stmt::Return(Some(Expr::Native(
        Box::new(native),
        arguments,
    )))];
    function
}

/// The parameters that programs see.
pub fn given(function: &NativeFunction) -> impl Iterator<Item = &NativeParameter> {
    function
        .parameters
        .iter()
        .filter(|parameter| parameter.is_given())
}

/// A parameter's name in programs; `at` counts from 0.
pub fn parameter_name(parameter: &NativeParameter, at: usize) -> String {
    match &parameter.name {
        Some(name) => name.clone(),
        None => format!("p{}", at + 1),
    }
}

/// What callers of a function depend on: neither its symbol nor who frees what it gives.
pub fn as_seen(function: &NativeFunction) -> NativeFunction {
    let mut seen = function.clone();
    seen.symbol.clear();
    let stored = seen
        .parameters
        .iter_mut()
        .filter_map(|parameter| match &mut parameter.kind {
            NativeKind::Out(value) => Some(value),
            _ => None,
        });
    for value in seen.returns.iter_mut().chain(stored) {
        match value {
            NativeValue::String { free, .. } => *free = None,
            NativeValue::Handle { borrowed, .. } => *borrowed = false,
            NativeValue::Number(_) | NativeValue::Bool => {}
        }
    }
    seen
}
