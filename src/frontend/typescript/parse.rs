//! From text to HIR: oxc parses and resolves scopes, then the syntax tree is walked once and everything is spelled out.
//!
//! Nothing here looks at the world or at other modules. Types are erased, apart from what [`Ty`](super::hir::Ty) keeps.

mod access;
mod assign;
mod block;
mod builder;
mod class;
mod constructor;
mod diagnose;
mod enumeration;
mod exchange;
mod expression;
mod function;
mod infer;
mod literal;
mod loops;
mod module;
mod native;
mod pattern;
mod required;
mod statement;
mod types;

#[cfg(test)]
mod tests;

use super::lower::CallSpans;
use super::{hir, interface};
use crate::digest::Digest;
use crate::frontend::{Diagnostic, Parsed, Payload, Source, stack};
use builder::{Builder, Place};
use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Parses one module; also gives where each of its calls of native functions stands. Parser and scope analysis recurse as
/// deep as the text is nested.
pub fn parse(source: &Source<'_>) -> (Parsed, Vec<CallSpans>) {
    stack::on_deep("parse", || parse_here(source))
}

fn parse_here(source: &Source<'_>) -> (Parsed, Vec<CallSpans>) {
    let allocator = Allocator::default();
    let is_tsx = source.path.extension() == Some("tsx");
    let source_type = SourceType::ts().with_module(true).with_jsx(is_tsx);
    let options = ParseOptions {
        preserve_parens: false,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(&allocator, source.text, source_type)
        .with_options(options)
        .parse();
    let refused = |errors: &oxc_diagnostics::Diagnostics| {
        errors
            .errors()
            .map(|error| diagnose::syntax(source.path, source.text, error))
            .collect::<Vec<_>>()
    };
    let mut diagnostics = refused(&parsed.diagnostics);
    if parsed.panicked {
        return (failed(diagnostics), Vec::new());
    }
    let program = allocator.alloc(parsed.program);
    let analysed = SemanticBuilder::new_compiler()
        .with_enum_eval(true)
        .build(program);
    diagnostics.extend(refused(&analysed.diagnostics));
    if !diagnostics.is_empty() {
        return (failed(diagnostics), Vec::new());
    }
    let scoping = analysed.semantic.scoping();
    let builder = Builder {
        scoping,
        path: source.path,
        name: source.path.with_extension("").into_string(),
        diagnostics,
        places: vec![Place::None; scoping.symbols_len()],
        globals: Vec::new(),
        global_notes: Vec::new(),
        imports: Vec::new(),
        requests: Vec::new(),
        functions: Vec::new(),
        classes: Vec::new(),
        frames: Vec::new(),
        privates: Vec::new(),
        depth: 0,
        quiet: true,
        too_deep: false,
        native_calls: Vec::new(),
        native_spans: Vec::new(),
    };
    let (mut builder, module, types) = builder.module(program);
    builder
        .diagnostics
        .sort_by_key(|diagnostic| diagnostic.span.start);
    let spans = std::mem::take(&mut builder.native_spans);
    (finished(builder, module, &types), spans)
}

fn finished(builder: Builder<'_>, module: hir::Module, types: &[String]) -> Parsed {
    let bytes =
        postcard::to_stdvec(&module).expect("encoding to memory fails for no value of this type");
    let complete = builder.diagnostics.is_empty();
    Parsed {
        requests: builder.requests,
        interface: interface::of(&module, types),
        syntax_digest: Digest::of(&bytes),
        syntax: complete.then(|| Arc::new(module) as Payload),
        diagnostics: builder.diagnostics,
    }
}

/// A text that cannot be understood at all.
fn failed(mut diagnostics: Vec<Diagnostic>) -> Parsed {
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    Parsed {
        requests: Vec::new(),
        interface: BTreeMap::new(),
        syntax: None,
        syntax_digest: Digest::of(b""),
        diagnostics,
    }
}
