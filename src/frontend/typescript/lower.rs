//! Binds the imports of a module to what other modules export: follows re-exports to the variable that holds the value,
//! decides which calls are direct, and reports what is not there. It sees other modules through [`Imports`] only, and
//! knows nothing of machine code.

pub mod bind;
pub mod walk;

use crate::digest::Digest;
use crate::frontend::typescript::hir::{Capture, Expr, Function, FunctionKind, Module, Param, Ty};
use crate::frontend::typescript::lower::walk::Node;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Everything that code generation reads.
#[derive(Clone, Debug)]
pub struct LoweredModule {
    pub module: Arc<Module>,
    /// The stems of the modules to be evaluated first, in order.
    pub requests: Vec<String>,
    /// What each of `module.imports` is, by [`crate::frontend::typescript::hir::ImportId`].
    pub bindings: Vec<Binding>,
}

impl LoweredModule {
    /// Covers all fields. `module` is encoded without its exports: what other modules may do with this one is not part of
    /// its code, beyond each variable's `exported`.
    pub fn digest(&self) -> Digest {
        let module = &*self.module;
        let encoded = (&module.name, &module.imports.len(), &module.globals, &module.functions, &module.classes, &module.init);
        let bytes = postcard::to_stdvec(&(encoded, &self.requests, &self.bindings)).expect("plain data can always be encoded");
        Digest::of(&bytes)
    }
}

/// What an imported name stands for, all re-exports followed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Binding {
    /// A variable (or class) of another module, read through its slot at every use.
    Variable { stem: String, global: String, tdz: bool, number: bool },
    /// A function declaration of another module.
    Function { stem: String, global: String, signature: Option<Signature> },
    /// All exports of a module, or those of them that are used where every use names one. Sorted by name.
    Namespace { members: Vec<(String, Binding)>, whole: bool },
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
    pub fn of(module: &Module, function: &Function) -> Option<Self> {
        let plain = matches!(function.kind, FunctionKind::Plain | FunctionKind::Arrow);
        if !plain || function.uses_this || function.uses_callee || !function.captures.is_empty() || uses_new_target(module, function) {
            return None;
        }
        Self::from_types(function.params.iter().map(|Param { ty, rest, .. }| (ty, *rest)), &function.returns)
    }

    /// The same from what an interface tells.
    pub fn from_types<'a>(params: impl Iterator<Item = (&'a Ty, bool)>, returns: &Ty) -> Option<Self> {
        let params: Vec<DirectParam> = params.map(|(ty, rest)| DirectParam { number: !rest && *ty == Ty::Number, rest }).collect();
        (params.len() <= MOST_PARAMETERS).then_some(Self { params, returns_number: *returns == Ty::Number })
    }
}

fn uses_new_target(module: &Module, function: &Function) -> bool {
    let mut found = false;
    walk::body(&function.body, &mut |node| {
        found |= match node {
            Node::Expr(Expr::NewTarget) => true,
            Node::Expr(Expr::Function(inner)) => module.functions[inner.0 as usize].captures.contains(&Capture::NewTarget),
            _ => false,
        }
    });
    found
}
