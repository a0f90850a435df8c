//! Binds the imports of a module to what other modules export: follows re-exports to the variable that holds the value,
//! decides which calls are direct, and reports what is not there. It sees other modules through [`Imports`] only, and
//! knows nothing of machine code.

mod bind;
mod diagnose;
pub mod walk;

use crate::digest::Digest;
use crate::frontend::typescript::emit::symbol::stem;
use crate::frontend::typescript::hir::{
    Expr, Function, FunctionKind, ImportId, ImportName, Module, Param, Ty,
};
use crate::frontend::typescript::native::check;
use crate::frontend::{Diagnostic, Imports, Span};
use bind::Resolution;
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use walk::Node;

/// What `parse` hands to `lower`.
#[derive(Clone, Debug)]
pub struct Syntax {
    pub path: Utf8PathBuf,
    pub module: Arc<Module>,
    /// The digest of `module`.
    pub digest: Digest,
    /// Where each specifier stands. Not part of the digest: it matters to messages only.
    pub spans: Vec<(String, Span)>,
    /// Where each of `module.native_calls` stands. Likewise.
    pub calls: Vec<CallSpans>,
}

/// Where a call stands, and each of its arguments up to the first spread.
#[derive(Clone, Debug)]
pub struct CallSpans {
    pub call: Span,
    pub arguments: Vec<Span>,
}

impl Syntax {
    fn span(&self, specifier: &str) -> Span {
        self.spans
            .iter()
            .find(|(known, _)| known == specifier)
            .map_or(Span::default(), |(_, span)| *span)
    }
}

/// Binds the imports of a module. Without diagnostics and without a module, an import could not be resolved, which is
/// reported where it is resolved.
pub fn lower(
    syntax: &Syntax,
    imports: &mut dyn Imports,
) -> (Option<LoweredModule>, Vec<Diagnostic>) {
    let module = &syntax.module;
    let mut diagnostics = Vec::new();
    let mut bindings = Vec::new();
    let mut complete = true;
    for (index, import) in module.imports.iter().enumerate() {
        let Some(target) = imports.resolve(&syntax.path, &import.specifier) else {
            complete = false;
            continue;
        };
        let (resolution, missing) = match &import.name {
            ImportName::Named(name) => match bind::export(&target, name, imports) {
                Resolution::Missing => (Resolution::Missing, vec![name.clone()]),
                other => (other, Vec::new()),
            },
            ImportName::Namespace => {
                let wanted = members_used(module, ImportId(index as u32));
                let mut missing = Vec::new();
                (
                    bind::namespace(&target, wanted.as_ref(), imports, &mut missing),
                    missing,
                )
            }
        };
        let span = syntax.span(&import.specifier);
        for name in &missing {
            let names = bind::names(&target, imports);
            diagnostics.push(diagnose::missing(
                &syntax.path,
                span,
                &import.specifier,
                name,
                &names,
            ));
        }
        match resolution {
            Resolution::Found(binding) => bindings.push(binding),
            Resolution::Ambiguous => {
                let ImportName::Named(name) = &import.name else {
                    continue;
                };
                diagnostics.push(diagnose::ambiguous(
                    &syntax.path,
                    span,
                    &import.specifier,
                    name,
                ));
            }
            Resolution::Missing => {}
            Resolution::Unresolved => complete = false,
        }
    }
    diagnostics.extend(check::calls(syntax, imports));
    let mut requests = Vec::new();
    for specifier in &module.requests {
        match imports.resolve(&syntax.path, specifier) {
            Some(target) => requests.push(stem(target.as_str()).to_owned()),
            None => complete = false,
        }
    }
    let lowered = complete && diagnostics.is_empty();
    (
        lowered.then(|| LoweredModule {
            module: module.clone(),
            syntax: syntax.digest,
            requests,
            bindings,
        }),
        diagnostics,
    )
}

/// The members of an imported namespace that a module uses, if each use names one.
fn members_used(module: &Module, import: ImportId) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let (mut uses, mut named) = (0, 0);
    for function in &module.functions {
        walk::body(&function.body, &mut |node| match node {
            Node::Expr(Expr::Import(used)) if *used == import => uses += 1,
            Node::Expr(Expr::Get(object, name) | Expr::CallMethod(object, name, _))
                if **object == Expr::Import(import) =>
            {
                named += 1;
                names.insert(name.clone());
            }
            _ => {}
        });
    }
    (uses == named).then_some(names)
}

/// Everything that code generation reads.
#[derive(Clone, Debug)]
pub struct LoweredModule {
    pub module: Arc<Module>,
    /// The digest of `module`.
    pub syntax: Digest,
    /// The stems of the modules to be evaluated first, in order.
    pub requests: Vec<String>,
    /// What each of `module.imports` is, by [`crate::frontend::typescript::hir::ImportId`].
    pub bindings: Vec<Binding>,
}

impl LoweredModule {
    /// Covers all fields.
    pub fn digest(&self) -> Digest {
        let bound = postcard::to_stdvec(&(&self.requests, &self.bindings))
            .expect("plain data can always be encoded");
        Digest::of_parts([&self.syntax.0[..], &bound])
    }
}

/// What an imported name stands for, all re-exports followed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Binding {
    /// A variable (or class) of another module, read through its slot at every use.
    Variable {
        stem: String,
        global: String,
        tdz: bool,
        number: bool,
    },
    /// A function declaration of another module.
    Function {
        stem: String,
        global: String,
        signature: Option<Signature>,
    },
    /// All exports of a module, or those of them that are used where every use names one. Sorted by name.
    Namespace {
        stem: String,
        members: Vec<(String, Binding)>,
        whole: bool,
    },
    /// The namespace of a module within the description of itself.
    SameNamespace { stem: String },
    /// A type: it has no value, and the HIR does not mention it.
    Type,
}

/// How a direct entry is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature {
    pub params: Vec<DirectParam>,
    /// The result is a double.
    pub returns_number: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DirectParam {
    /// Passed as a double; the caller checks.
    pub number: bool,
    /// Takes the remaining arguments as an array, made by the caller.
    pub rest: bool,
}

/// More parameters than this are passed by the generic entry alone.
const MOST_PARAMETERS: usize = 16;

impl Signature {
    /// The signature of the direct entry of `function`, if it can have one: it must need neither captures nor a
    /// function object nor `this`.
    pub fn of(function: &Function) -> Option<Self> {
        let plain = matches!(function.kind, FunctionKind::Plain | FunctionKind::Arrow);
        if !plain
            || function.uses_this
            || function.uses_callee
            || !function.captures.is_empty()
            || function.uses_new_target
        {
            return None;
        }
        Self::from_types(
            function
                .params
                .iter()
                .map(|Param { ty, rest, .. }| (ty, *rest)),
            &function.returns,
        )
    }

    /// The same from what an interface tells.
    pub fn from_types<'a>(
        params: impl Iterator<Item = (&'a Ty, bool)>,
        returns: &Ty,
    ) -> Option<Self> {
        let params: Vec<DirectParam> = params
            .map(|(ty, rest)| DirectParam {
                number: !rest && *ty == Ty::Number,
                rest,
            })
            .collect();
        (params.len() <= MOST_PARAMETERS).then_some(Self {
            params,
            returns_number: *returns == Ty::Number,
        })
    }
}
