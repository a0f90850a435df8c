//! Functions: parameters, bodies, and what they are called.

use super::builder::{Builder, Place, Ready};
use super::pattern::Mode;
use super::required;
use super::types::annotation;
use crate::frontend::typescript::hir::{Expr, FunctionId, FunctionKind, LocalId, Param, Stmt, Ty};
use oxc_ast::ast;
use oxc_semantic::SymbolId;

impl<'a> Builder<'a> {
    /// A function that its own name cannot reach: a method, or a declaration at module scope.
    pub fn function(
        &mut self,
        function: &'a ast::Function<'a>,
        kind: FunctionKind,
        name: &str,
    ) -> FunctionId {
        self.enter(kind, name);
        self.complete(function)
    }

    /// A function expression; its own name is the function itself.
    pub fn function_expression(&mut self, function: &'a ast::Function<'a>, name: &str) -> Expr {
        let name = function.id.as_ref().map_or(name, |id| id.name.as_str());
        self.enter(FunctionKind::Plain, name);
        if let Some(symbol) = function.id.as_ref().and_then(|id| id.symbol_id.get()) {
            self.places[symbol.index()] = Place::Callee(self.top());
        }
        Expr::Function(self.complete(function))
    }

    /// A function declaration within a function or block.
    pub fn local_function(
        &mut self,
        function: &'a ast::Function<'a>,
        symbol: SymbolId,
    ) -> FunctionId {
        self.enter(FunctionKind::Plain, self.scoping.symbol_name(symbol));
        let is_only_one = self.scoping.symbol_redeclarations(symbol).is_empty();
        if is_only_one && !self.scoping.symbol_is_mutated(symbol) {
            self.frame().own_symbol = Some(symbol);
        }
        self.complete(function)
    }

    pub fn arrow(&mut self, arrow: &'a ast::ArrowFunctionExpression<'a>, name: &str) -> Expr {
        self.enter(FunctionKind::Arrow, name);
        let head = oxc_span::Span::new(
            arrow.span.start,
            arrow.params.span.end.max(arrow.span.start),
        );
        self.check_kind(head, false, arrow.r#async);
        self.frame().returns = annotation(arrow.return_type.as_deref());
        let mut body = Vec::new();
        let block = self.open(&body);
        self.parameters(&arrow.params, &mut body);
        match &arrow.body {
            ast::ArrowFunctionBody::FunctionBody(statements) => {
                self.function_body(statements, arrow.scope_id.get(), &mut body);
            }
            value => {
                let value = value.as_expression().map(|value| self.expression(value));
                body.push(Stmt::Return(value));
            }
        }
        self.close(block, &mut body);
        Expr::Function(self.leave(body))
    }

    /// Builds the function that has been entered last.
    fn complete(&mut self, function: &'a ast::Function<'a>) -> FunctionId {
        let head = oxc_span::Span::new(
            function.span.start,
            function.params.span.end.max(function.span.start),
        );
        self.check_kind(head, function.generator, function.r#async);
        if matches!(
            self.frame().kind,
            FunctionKind::Plain | FunctionKind::Method
        ) {
            self.frame().returns = annotation(function.return_type.as_deref());
        }
        let mut body = Vec::new();
        let block = self.open(&body);
        self.parameters(&function.params, &mut body);
        if let Some(statements) = &function.body {
            self.function_body(statements, function.scope_id.get(), &mut body);
        }
        self.close(block, &mut body);
        self.leave(body)
    }

    pub fn function_body(
        &mut self,
        body: &'a ast::FunctionBody<'a>,
        scope: Option<oxc_semantic::ScopeId>,
        out: &mut Vec<Stmt>,
    ) {
        self.declare_vars(scope, out);
        self.declare(body.statements.iter(), false, out);
        self.statements(&body.statements, out);
    }

    fn check_kind(&mut self, at: oxc_span::Span, generator: bool, is_async: bool) {
        self.frame().refused = generator || is_async;
        if is_async {
            self.unsupported(
                at,
                "`async` functions are",
                Some("call it directly, or pass a callback"),
            );
        } else if generator {
            self.unsupported(
                at,
                "generators are",
                Some("return an array, or an object with a `next` method"),
            );
        }
    }

    /// Declares the parameters; patterns and defaults become statements.
    pub fn parameters(&mut self, params: &'a ast::FormalParameters<'a>, out: &mut Vec<Stmt>) {
        let is_plain = |param: &ast::FormalParameter| param.initializer.is_none();
        let length = params
            .items
            .iter()
            .take_while(|param| is_plain(param))
            .count();
        self.frame().length = length as u32;
        // A default may use the parameters before it; the names after it are not there yet.
        let mut arrived = Vec::with_capacity(params.items.len());
        for param in &params.items {
            self.check_decorators(&param.decorators);
            arrived.push(self.parameter(param));
        }
        if let Some(rest) = &params.rest {
            let ty = annotation(rest.type_annotation.as_deref());
            let local = match &rest.rest.argument {
                ast::BindingPattern::BindingIdentifier(name) => {
                    name.symbol_id.get().map(|symbol| self.arriving(symbol, ty))
                }
                _ => None,
            };
            let is_named = local.is_some();
            let local = local.unwrap_or_else(|| self.temporary());
            self.note_unknown(local);
            self.frame().params.push(Param {
                local,
                ty: Ty::Any,
                rest: true,
            });
            if !is_named {
                self.declare_pattern(&rest.rest.argument, None);
            }
        }
        for (param, local) in params.items.iter().zip(arrived) {
            if let Some(local) = local {
                self.bind_parameter(param, local, out);
            }
        }
        if let Some(rest) = &params.rest
            && !matches!(
                rest.rest.argument,
                ast::BindingPattern::BindingIdentifier(_)
            )
            && let Some(param) = self.frame().params.last()
        {
            let local = param.local;
            self.bind(&rest.rest.argument, Expr::Local(local), Mode::Init, out);
        }
    }

    /// Declares one parameter. Gives the temporary in which it arrives, if statements have to bind its names.
    fn parameter(&mut self, param: &'a ast::FormalParameter<'a>) -> Option<LocalId> {
        let ty = annotation(param.type_annotation.as_deref());
        if let (ast::BindingPattern::BindingIdentifier(name), None) =
            (&param.pattern, &param.initializer)
        {
            let checked = if param.optional { Ty::Any } else { ty.clone() };
            let local = match name.symbol_id.get() {
                Some(symbol) => self.arriving(symbol, ty),
                None => self.temporary(),
            };
            let note = &mut self.frame().notes[local.0 as usize];
            note.stored = true;
            note.not_number = checked != Ty::Number;
            self.frame().params.push(Param {
                local,
                ty: checked,
                rest: false,
            });
            return None;
        }
        let local = self.temporary();
        self.note_unknown(local);
        self.frame().params.push(Param {
            local,
            ty: Ty::Any,
            rest: false,
        });
        self.declare_pattern(&param.pattern, Some(ty));
        Some(local)
    }

    /// A parameter that needs no statement.
    fn arriving(&mut self, symbol: SymbolId, ty: Ty) -> LocalId {
        self.local(symbol, ty, Ready::Yes)
    }

    fn declare_pattern(&mut self, pattern: &'a ast::BindingPattern<'a>, ty: Option<Ty>) {
        let ty = match pattern {
            ast::BindingPattern::BindingIdentifier(_) => ty.unwrap_or_default(),
            _ => Ty::Any,
        };
        for symbol in pattern.get_symbol_ids() {
            self.local(symbol, ty.clone(), Ready::No);
        }
    }

    fn bind_parameter(
        &mut self,
        param: &'a ast::FormalParameter<'a>,
        local: LocalId,
        out: &mut Vec<Stmt>,
    ) {
        let name = param
            .pattern
            .get_identifier_name()
            .map_or("", |name| name.as_str());
        let mut value = Expr::Local(local);
        if let Some(default) = &param.initializer {
            value = self.or_default(value, default, name, out);
        }
        // As for a parameter without default, the annotation is taken at its word, and checked.
        if annotation(param.type_annotation.as_deref()) == Ty::Number && !name.is_empty() {
            value = Expr::ExpectNumber {
                value: Box::new(value),
                name: name.to_owned(),
            };
        }
        let value = required::bound(&param.pattern, value, None);
        self.bind(&param.pattern, value, Mode::Init, out);
    }

    pub fn check_decorators(&mut self, decorators: &[ast::Decorator<'a>]) {
        if let Some(decorator) = decorators.first() {
            self.unsupported(
                decorator.span,
                "decorators are",
                Some("call the function that it stands for"),
            );
        }
    }
}
