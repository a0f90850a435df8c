//! Loops, and the variables that are new in each round.

use super::builder::Builder;
use super::pattern::Mode;
use super::required;
use super::types::annotation;
use crate::frontend::typescript::hir::{Expr, LocalId, Stmt, Ty};
use oxc_ast::ast;

impl<'a> Builder<'a> {
    pub fn while_loop(
        &mut self,
        statement: &'a ast::WhileStatement<'a>,
        names: Vec<&'a str>,
        out: &mut Vec<Stmt>,
    ) {
        let test = Some(self.expression(&statement.test));
        let label = self.enter_target(names, true, true);
        let body = self.body(&statement.body);
        self.leave_target();
        out.push(Stmt::Loop {
            label,
            test,
            update: None,
            body,
            test_first: true,
            per_iteration: Vec::new(),
        });
    }

    pub fn do_while(
        &mut self,
        statement: &'a ast::DoWhileStatement<'a>,
        names: Vec<&'a str>,
        out: &mut Vec<Stmt>,
    ) {
        let label = self.enter_target(names, true, true);
        let body = self.body(&statement.body);
        self.leave_target();
        let test = Some(self.expression(&statement.test));
        out.push(Stmt::Loop {
            label,
            test,
            update: None,
            body,
            test_first: false,
            per_iteration: Vec::new(),
        });
    }

    pub fn for_loop(
        &mut self,
        statement: &'a ast::ForStatement<'a>,
        names: Vec<&'a str>,
        out: &mut Vec<Stmt>,
    ) {
        let block = self.open(out);
        let outer = self.frame().block.len();
        match &statement.init {
            Some(ast::ForStatementInit::VariableDeclaration(declaration)) => {
                self.declare_variables(declaration);
                self.variables(declaration, out);
            }
            Some(init) => {
                if let Some(init) = init.as_expression() {
                    let init = self.effect(init);
                    out.push(Stmt::Expr(init));
                }
            }
            None => {}
        }
        let declared: Vec<LocalId> = self.frame().block[outer..].to_vec();
        // A closure made in the head keeps the variable of the head: the first round has a copy as well.
        for local in &declared {
            let note = &self.frame().notes[local.0 as usize];
            if note.captured && note.mutated {
                let copy = self.init(*local, Expr::Local(*local));
                out.push(copy);
            }
        }
        let test = statement.test.as_ref().map(|test| self.expression(test));
        let label = self.enter_target(names, true, true);
        let body = self.body(&statement.body);
        self.leave_target();
        let update = statement.update.as_ref().map(|update| self.effect(update));
        // All uses have been seen: those captured by closures of a round keep the value of that round.
        let notes = &self.frame().notes;
        let is_kept =
            |local: &LocalId| notes[local.0 as usize].captured && notes[local.0 as usize].mutated;
        let per_iteration = declared.into_iter().filter(is_kept).collect();
        out.push(Stmt::Loop {
            label,
            test,
            update,
            body,
            test_first: true,
            per_iteration,
        });
        self.close(block, out);
    }

    pub fn for_of(
        &mut self,
        statement: &'a ast::ForOfStatement<'a>,
        names: Vec<&'a str>,
        out: &mut Vec<Stmt>,
    ) {
        if statement.r#await {
            self.unsupported(statement.span, "`for await` loops are", None);
            return;
        }
        let block = self.open(out);
        self.declare_head(&statement.left);
        let iterable = self.expression(&statement.right);
        let label = self.enter_target(names, true, true);
        let mut body = Vec::new();
        let element = self.head(&statement.left, Ty::Any, &mut body);
        self.statement(&statement.body, &mut body);
        self.leave_target();
        out.push(Stmt::ForOf {
            label,
            element,
            iterable,
            body,
        });
        self.close(block, out);
    }

    pub fn for_in(
        &mut self,
        statement: &'a ast::ForInStatement<'a>,
        names: Vec<&'a str>,
        out: &mut Vec<Stmt>,
    ) {
        let block = self.open(out);
        self.declare_head(&statement.left);
        let object = self.expression(&statement.right);
        let label = self.enter_target(names, true, true);
        let mut body = Vec::new();
        let element = self.head(&statement.left, Ty::String, &mut body);
        self.statement(&statement.body, &mut body);
        self.leave_target();
        out.push(Stmt::ForIn {
            label,
            element,
            object,
            body,
        });
        self.close(block, out);
    }

    fn declare_head(&mut self, left: &'a ast::ForStatementLeft<'a>) {
        if let ast::ForStatementLeft::VariableDeclaration(declaration) = left {
            self.declare_variables(declaration);
        }
    }

    /// What happens to each element: the local it arrives in, and the statements at the start of the body.
    fn head(
        &mut self,
        left: &'a ast::ForStatementLeft<'a>,
        ty: Ty,
        out: &mut Vec<Stmt>,
    ) -> LocalId {
        let declaration = match left {
            ast::ForStatementLeft::VariableDeclaration(declaration) => declaration,
            other => {
                let local = self.temporary();
                self.note_unknown(local);
                if let Some(target) = other.as_assignment_target() {
                    let value = required::assigned(target, Expr::Local(local), None);
                    self.assign_target(target, value, out);
                }
                return local;
            }
        };
        if declaration.kind.is_using() {
            self.unsupported(
                declaration.span,
                "`using` declarations are",
                Some("use `try` and `finally`"),
            );
        }
        let Some(declarator) = declaration.declarations.first() else {
            return self.temporary();
        };
        if declaration.kind == ast::VariableDeclarationKind::Var {
            let local = self.temporary();
            self.note_unknown(local);
            let value = required::bound(&declarator.id, Expr::Local(local), None);
            self.bind(&declarator.id, value, Mode::Assign, out);
            return local;
        }
        let local = self.element(&declarator.id, out);
        let flags = &mut self.frame().locals[local.0 as usize];
        if flags.ty == Ty::Any {
            flags.ty = if ty == Ty::Any {
                annotation(declarator.type_annotation.as_deref())
            } else {
                ty
            };
        }
        local
    }
}
