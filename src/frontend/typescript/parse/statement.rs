//! Statements, bar loops and declarations of functions and classes.

use super::builder::{Builder, Place, Ready, Target};
use super::pattern::Mode;
use super::required;
use crate::frontend::typescript::hir::{Expr, LabelId, LocalId, Stmt, Ty};
use oxc_ast::ast;
use oxc_span::GetSpan;

impl<'a> Builder<'a> {
    pub fn statements(&mut self, statements: &'a [ast::Statement<'a>], out: &mut Vec<Stmt>) {
        for statement in statements {
            self.statement(statement, out);
        }
    }

    /// A statement as a list of its own.
    pub fn body(&mut self, statement: &'a ast::Statement<'a>) -> Vec<Stmt> {
        let mut out = Vec::new();
        self.statement(statement, &mut out);
        out
    }

    pub fn statement(&mut self, statement: &'a ast::Statement<'a>, out: &mut Vec<Stmt>) {
        self.nested(statement.span(), |builder| {
            builder.any_statement(statement, Vec::new(), out)
        });
    }

    /// A statement with the labels before it, which are for a loop or `switch` itself, and for anything else around it.
    fn any_statement(
        &mut self,
        statement: &'a ast::Statement<'a>,
        names: Vec<&'a str>,
        out: &mut Vec<Stmt>,
    ) {
        use ast::Statement as S;
        let takes_labels = statement.is_iteration_statement()
            || matches!(statement, S::SwitchStatement(_) | S::LabeledStatement(_));
        if names.is_empty() || takes_labels {
            return self.labelled(statement, names, out);
        }
        let label = self.enter_target(names, false, false);
        let body = self.body(statement);
        self.leave_target();
        out.push(Stmt::Block { label, body });
    }

    fn labelled(
        &mut self,
        statement: &'a ast::Statement<'a>,
        names: Vec<&'a str>,
        out: &mut Vec<Stmt>,
    ) {
        use ast::Statement as S;
        match statement {
            S::ExpressionStatement(statement) => {
                let value = self.effect(&statement.expression);
                out.push(Stmt::Expr(value));
            }
            S::VariableDeclaration(declaration) => self.variables(declaration, out),
            S::FunctionDeclaration(function) => self.function_declaration(function, out),
            S::ClassDeclaration(class) => self.class_declaration(class, out),
            S::TSEnumDeclaration(declaration) => self.enum_declaration(declaration, out),
            S::BlockStatement(block) => self.block(&block.body, out),
            S::IfStatement(statement) => {
                let test = self.expression(&statement.test);
                let yes = self.body(&statement.consequent);
                let no = statement
                    .alternate
                    .as_ref()
                    .map(|no| self.body(no))
                    .unwrap_or_default();
                out.push(Stmt::If(test, yes, no));
            }
            S::ReturnStatement(statement) => {
                let value = statement
                    .argument
                    .as_ref()
                    .map(|value| self.expression(value));
                out.push(Stmt::Return(value));
            }
            S::ThrowStatement(statement) => {
                let value = self.expression(&statement.argument);
                out.push(Stmt::Throw(value));
            }
            S::TryStatement(statement) => self.try_statement(statement, out),
            S::SwitchStatement(statement) => self.switch(statement, names, out),
            S::ForStatement(statement) => self.for_loop(statement, names, out),
            S::ForOfStatement(statement) => self.for_of(statement, names, out),
            S::ForInStatement(statement) => self.for_in(statement, names, out),
            S::WhileStatement(statement) => self.while_loop(statement, names, out),
            S::DoWhileStatement(statement) => self.do_while(statement, names, out),
            S::LabeledStatement(labelled) => {
                let mut names = names;
                names.push(labelled.label.name.as_str());
                self.nested(labelled.span, |builder| {
                    builder.any_statement(&labelled.body, names, out)
                });
            }
            S::BreakStatement(statement) => {
                let label = self.target(statement.label.as_ref(), |target| target.breakable);
                out.extend(label.map(Stmt::Break));
            }
            S::ContinueStatement(statement) => {
                let label = self.target(statement.label.as_ref(), |target| target.is_loop);
                out.extend(label.map(Stmt::Continue));
            }
            S::WithStatement(statement) => {
                self.unsupported(statement.span, "`with` statements are", None)
            }
            S::EmptyStatement(_) | S::DebuggerStatement(_) => {}
            _ => self.not_supported_declaration(statement),
        }
    }

    /// Declarations that have no value, or that this release does not compile.
    fn not_supported_declaration(&mut self, statement: &'a ast::Statement<'a>) {
        use ast::Statement as S;
        match statement {
            S::TSNamespaceDeclaration(namespace) => self.namespace(namespace),
            S::TSImportEqualsDeclaration(import) => self.import_equals(import),
            _ => {}
        }
    }

    /// Begins a statement that can be left by `break` or `continue`.
    pub fn enter_target(&mut self, names: Vec<&'a str>, breakable: bool, is_loop: bool) -> LabelId {
        let label = self.label();
        self.frame().targets.push(Target {
            label,
            names,
            breakable,
            is_loop,
        });
        label
    }

    pub fn leave_target(&mut self) {
        self.frame().targets.pop();
    }

    /// What a `break` or `continue` leaves. That it exists has been checked with the early errors.
    fn target(
        &mut self,
        name: Option<&ast::LabelIdentifier<'a>>,
        fits: fn(&Target) -> bool,
    ) -> Option<LabelId> {
        let wanted = |target: &&Target| match name {
            Some(name) => target.names.contains(&name.name.as_str()),
            None => fits(target),
        };
        self.frame()
            .targets
            .iter()
            .rev()
            .find(wanted)
            .map(|target| target.label)
    }

    /// A declaration of variables, in its place.
    pub fn variables(
        &mut self,
        declaration: &'a ast::VariableDeclaration<'a>,
        out: &mut Vec<Stmt>,
    ) {
        use ast::VariableDeclarationKind as Kind;
        if declaration.declare {
            return;
        }
        if matches!(declaration.kind, Kind::Using | Kind::AwaitUsing) {
            self.unsupported(
                declaration.span,
                "`using` declarations are",
                Some("use `try` and `finally`"),
            );
            return;
        }
        let mode = if declaration.kind == Kind::Var {
            Mode::Assign
        } else {
            Mode::Init
        };
        for declarator in &declaration.declarations {
            match &declarator.init {
                Some(init) => {
                    if self.bind_list(&declarator.id, init, mode, out) {
                        continue;
                    }
                    let name = declarator
                        .id
                        .get_identifier_name()
                        .map_or("", |name| name.as_str());
                    let value = self.named(init, name);
                    let value = required::bound(&declarator.id, value, Some(init));
                    self.bind(&declarator.id, value, mode, out);
                }
                None if mode == Mode::Init => self.bind(&declarator.id, Expr::Undefined, mode, out),
                None => {}
            }
        }
    }

    fn try_statement(&mut self, statement: &'a ast::TryStatement<'a>, out: &mut Vec<Stmt>) {
        let mut body = Vec::new();
        self.block(&statement.block.body, &mut body);
        let catch = statement
            .handler
            .as_ref()
            .map(|handler| self.catch(handler));
        let finally = statement.finalizer.as_ref().map(|finalizer| {
            let mut body = Vec::new();
            self.block(&finalizer.body, &mut body);
            body
        });
        out.push(Stmt::Try {
            body,
            catch,
            finally,
        });
    }

    fn catch(&mut self, handler: &'a ast::CatchClause<'a>) -> (Option<LocalId>, Vec<Stmt>) {
        let mut body = Vec::new();
        let block = self.open(&body);
        let parameter = handler.param.as_ref().map(|parameter| {
            for symbol in parameter.pattern.get_symbol_ids() {
                self.local(symbol, Ty::Any, Ready::No);
            }
            self.element(&parameter.pattern, &mut body)
        });
        self.declare(handler.body.body.iter(), false, &mut body);
        self.statements(&handler.body.body, &mut body);
        self.close(block, &mut body);
        (parameter, body)
    }

    /// The local in which a value arrives that a pattern binds: the name itself, if it is one.
    pub fn element(
        &mut self,
        pattern: &'a ast::BindingPattern<'a>,
        out: &mut Vec<Stmt>,
    ) -> LocalId {
        let named = match pattern {
            ast::BindingPattern::BindingIdentifier(identifier) => identifier.symbol_id.get(),
            _ => None,
        };
        if let Some(Place::Local(_, local)) = named.map(|symbol| self.places[symbol.index()]) {
            self.note_unknown(local);
            return local;
        }
        let local = self.temporary();
        self.note_unknown(local);
        let value = required::bound(pattern, Expr::Local(local), None);
        self.bind(pattern, value, Mode::Init, out);
        local
    }

    fn switch(
        &mut self,
        statement: &'a ast::SwitchStatement<'a>,
        names: Vec<&'a str>,
        out: &mut Vec<Stmt>,
    ) {
        let subject = self.expression(&statement.discriminant);
        let block = self.open(out);
        let outer = self.frame().block.len();
        self.declare(
            statement.cases.iter().flat_map(|case| &case.consequent),
            true,
            out,
        );
        let declared: Vec<LocalId> = self.frame().block[outer..].to_vec();
        let made = |builder: &mut Self| -> Vec<Ready> {
            let notes = &builder.frame().notes;
            declared
                .iter()
                .map(|local| notes[local.0 as usize].ready)
                .collect()
        };
        let at_start = made(self);
        let label = self.enter_target(names, true, false);
        let mut cases = Vec::with_capacity(statement.cases.len());
        for case in &statement.cases {
            let test = case.test.as_ref().map(|test| self.expression(test));
            let mut body = Vec::new();
            self.statements(&case.consequent, &mut body);
            cases.push((test, body));
            // A case may be entered without the ones before it having run.
            for (local, ready) in declared.iter().zip(&at_start) {
                self.frame().notes[local.0 as usize].ready = *ready;
            }
        }
        self.leave_target();
        out.push(Stmt::Switch {
            label,
            subject,
            cases,
        });
        self.close(block, out);
    }
}
