//! Blocks: which variables they declare, and when their function declarations are made.
//!
//! A function declaration is made at the start of its block, as the language demands, but only where that can be told
//! from making it in its place: where the name is used before. Made in place, it captures the constants before it by value.

use super::builder::{Builder, Place, Ready};
use super::types::annotation;
use crate::frontend::typescript::hir::{Expr, LocalId, Stmt, Ty};
use oxc_ast::ast;
use oxc_semantic::{NodeId, ScopeId, SymbolFlags, SymbolId};

/// What is to be done at the end of a block.
pub(super) struct Block {
    /// The index of the first statement of the block.
    start: usize,
    /// The number of locals of the blocks around it.
    outer: usize,
}

/// A function declaration of a block.
struct Declared<'a> {
    function: &'a ast::Function<'a>,
    symbol: SymbolId,
    hoisted: bool,
}

impl<'a> Builder<'a> {
    /// A statement list with a scope of its own.
    pub fn block(&mut self, statements: &'a [ast::Statement<'a>], out: &mut Vec<Stmt>) {
        let block = self.open(out);
        self.declare(statements.iter(), false, out);
        self.statements(statements, out);
        self.close(block, out);
    }

    /// Begins a block.
    pub fn open(&mut self, out: &[Stmt]) -> Block {
        Block {
            start: out.len(),
            outer: self.frame().block.len(),
        }
    }

    /// Ends a block: its variables are out of reach, so it is known which of them must exist from its start.
    pub fn close(&mut self, block: Block, out: &mut Vec<Stmt>) {
        let frame = self.frame();
        let locals = frame.block.split_off(block.outer);
        let early: Vec<LocalId> = locals
            .into_iter()
            .filter(|local| frame.locals[local.0 as usize].early)
            .collect();
        if !early.is_empty() {
            out.insert(block.start, Stmt::Fresh(early));
        }
    }

    /// Declares the lexical variables of a statement list, and makes the functions that are needed at once: all of them
    /// where control may enter the list in its middle.
    pub fn declare(
        &mut self,
        statements: impl Iterator<Item = &'a ast::Statement<'a>>,
        all: bool,
        out: &mut Vec<Stmt>,
    ) {
        let mut functions = Vec::new();
        for statement in statements {
            match statement {
                ast::Statement::VariableDeclaration(declaration) => {
                    self.declare_variables(declaration)
                }
                ast::Statement::FunctionDeclaration(function) => {
                    let symbol = function.id.as_ref().and_then(|id| id.symbol_id.get());
                    if let (Some(symbol), true) =
                        (symbol, function.body.is_some() && !function.declare)
                    {
                        self.declare_function(function, symbol, &mut functions);
                    }
                }
                ast::Statement::ClassDeclaration(class) if !class.declare => {
                    let symbol = class.id.as_ref().and_then(|id| id.symbol_id.get());
                    symbol.map(|symbol| self.local(symbol, Ty::Any, Ready::No));
                }
                ast::Statement::TSEnumDeclaration(declaration) if !declaration.declare => {
                    let symbol = declaration.id.symbol_id.get();
                    if let Some(symbol) =
                        symbol.filter(|symbol| self.places[symbol.index()] == Place::None)
                    {
                        self.local(symbol, Ty::Any, Ready::No);
                    }
                }
                _ => {}
            }
        }
        functions
            .iter_mut()
            .for_each(|declared| declared.hoisted |= all);
        self.hoist(functions, out);
    }

    /// Declares the names of a `let` or `const`.
    pub fn declare_variables(&mut self, declaration: &'a ast::VariableDeclaration<'a>) {
        if declaration.kind == ast::VariableDeclarationKind::Var || declaration.declare {
            return;
        }
        for declarator in &declaration.declarations {
            let ty = match declarator.id {
                ast::BindingPattern::BindingIdentifier(_) => {
                    annotation(declarator.type_annotation.as_deref())
                }
                _ => Ty::Any,
            };
            for symbol in declarator.id.get_symbol_ids() {
                self.local(symbol, ty.clone(), Ready::No);
            }
        }
    }

    fn declare_function(
        &mut self,
        function: &'a ast::Function<'a>,
        symbol: SymbolId,
        functions: &mut Vec<Declared<'a>>,
    ) {
        if self.places[symbol.index()] == Place::None {
            self.local(symbol, Ty::Any, Ready::No);
        }
        // A parameter or `var` of the same name, or two functions: the last one made first wins.
        let flags = self.scoping.symbol_flags(symbol);
        let shared = flags.intersects(SymbolFlags::Variable)
            || !self.scoping.symbol_redeclarations(symbol).is_empty();
        let node = function.node_id.get();
        let hoisted = shared || self.is_used_before(symbol, node);
        functions.push(Declared {
            function,
            symbol,
            hoisted,
        });
    }

    /// Whether a name is used at a place before this one in the text.
    fn is_used_before(&self, symbol: SymbolId, node: NodeId) -> bool {
        self.scoping
            .get_resolved_references(symbol)
            .any(|reference| reference.node_id() < node)
    }

    /// Makes the function declarations that may be used before their place, in one go.
    fn hoist(&mut self, mut functions: Vec<Declared<'a>>, out: &mut Vec<Stmt>) {
        // A function that a hoisted one uses is hoisted too.
        while let Some(next) = (0..functions.len()).find(|next| {
            let candidate = &functions[*next];
            !candidate.hoisted
                && functions
                    .iter()
                    .any(|other| other.hoisted && self.uses(other.function, candidate.symbol))
        }) {
            functions[next].hoisted = true;
        }
        functions.retain(|declared| declared.hoisted);
        for declared in &functions {
            self.set_ready(declared.symbol, Ready::Soon);
        }
        for declared in functions {
            let statement = self.make_function(declared.function, declared.symbol);
            out.push(statement);
        }
    }

    /// Whether a symbol is used within a function.
    fn uses(&self, function: &ast::Function<'a>, symbol: SymbolId) -> bool {
        let Some(scope) = function.scope_id.get() else {
            return true;
        };
        let within =
            |inner: ScopeId| inner == scope || self.scoping.scope_is_descendant_of(inner, scope);
        self.scoping
            .get_resolved_references(symbol)
            .any(|reference| within(reference.scope_id()))
    }

    /// A function declaration in its place, unless it has been made at the start of the block.
    pub fn function_declaration(&mut self, function: &'a ast::Function<'a>, out: &mut Vec<Stmt>) {
        let symbol = function.id.as_ref().and_then(|id| id.symbol_id.get());
        let (Some(symbol), true) = (symbol, function.body.is_some() && !function.declare) else {
            return;
        };
        if let Place::Local(depth, local) = self.places[symbol.index()]
            && depth == self.top()
            && self.frames[depth].notes[local.0 as usize].ready != Ready::Yes
        {
            let statement = self.make_function(function, symbol);
            out.push(statement);
        }
    }

    fn make_function(&mut self, function: &'a ast::Function<'a>, symbol: SymbolId) -> Stmt {
        let id = self.local_function(function, symbol);
        match self.places[symbol.index()] {
            Place::Local(depth, local) if depth == self.top() => {
                self.init(local, Expr::Function(id))
            }
            _ => Stmt::Expr(
                self.set(symbol, Expr::Function(id))
                    .unwrap_or(Expr::Undefined),
            ),
        }
    }

    /// Sets how far a local of the function being built has come.
    pub fn set_ready(&mut self, symbol: SymbolId, ready: Ready) {
        if let Place::Local(depth, local) = self.places[symbol.index()] {
            self.frames[depth].notes[local.0 as usize].ready = ready;
        }
    }

    /// Declares the `var`s of a function, which begin undefined.
    pub fn declare_vars(&mut self, scope: Option<ScopeId>, out: &mut Vec<Stmt>) {
        for symbol in self.vars(scope) {
            let local = self.local(symbol, Ty::Any, Ready::Yes);
            let statement = self.init(local, Expr::Undefined);
            // Its own initialiser is an assignment: it begins undefined.
            self.frame().notes[local.0 as usize].mutated = true;
            out.push(statement);
        }
    }

    /// The `var`s of a scope that are not parameters, in the order of declaration.
    pub fn vars(&self, scope: Option<ScopeId>) -> Vec<SymbolId> {
        let Some(scope) = scope else {
            return Vec::new();
        };
        let is_var = |symbol: &SymbolId| {
            let flags = self.scoping.symbol_flags(*symbol);
            let is_var = flags.contains(SymbolFlags::FunctionScopedVariable) && !flags.is_ambient();
            is_var && self.places[symbol.index()] == Place::None
        };
        let mut symbols: Vec<SymbolId> = self
            .scoping
            .get_bindings(scope)
            .values()
            .copied()
            .filter(is_var)
            .collect();
        symbols.sort_unstable();
        symbols
    }
}
