//! Statements: blocks, conditions, loops, switches. Every function here begins in an open block and leaves `open` to say
//! whether its end can be reached.

use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::exit::{Exit, Scope};
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Expr, LabelId, LocalId, Stmt};
use cranelift_codegen::ir::Block;

impl<'a> FunctionEmitter<'_, 'a> {
    pub fn statements(&mut self, statements: &'a [Stmt]) -> Emitted<()> {
        for statement in statements {
            if !self.open {
                break;
            }
            self.statement(statement)?;
        }
        Ok(())
    }

    fn statement(&mut self, statement: &'a Stmt) -> Emitted<()> {
        match statement {
            Stmt::Expr(value) => self.effect(value),
            Stmt::Init(local, value) => {
                let value = self.expr(value)?;
                self.init_local(*local, value)
            }
            Stmt::Fresh(locals) => locals.iter().try_for_each(|local| self.fresh_local(*local)),
            Stmt::InitGlobal(global, value) => {
                let value = self.expr(value)?;
                self.store_global(*global, value)
            }
            Stmt::Return(value) => {
                let value = value.as_ref().map(|value| self.expr(value)).transpose()?;
                // `return;` where a number is declared is an error, as `return undefined;` is.
                let value = match value {
                    None if self.function.returns
                        == crate::frontend::typescript::hir::Ty::Number =>
                    {
                        Some(self.undefined())
                    }
                    other => other,
                };
                self.leave(value)
            }
            Stmt::If(test, yes, no) => self.if_statement(test, yes, no),
            Stmt::Loop {
                label,
                test,
                update,
                body,
                test_first,
                per_iteration,
            } => {
                let parts = Loop {
                    label: *label,
                    test: test.as_ref(),
                    update: update.as_ref(),
                    body,
                    test_first: *test_first,
                    per_iteration,
                };
                self.loop_statement(&parts)
            }
            Stmt::ForOf {
                label,
                element,
                iterable,
                body,
            } => self.for_of(*label, *element, iterable, body),
            Stmt::ForIn {
                label,
                element,
                object,
                body,
            } => self.for_in(*label, *element, object, body),
            Stmt::Block { label, body } => {
                let done = self.b.create_block();
                self.scopes.push(Scope::Target {
                    label: *label,
                    leave: done,
                    again: None,
                });
                self.statements(body)?;
                self.scopes.pop();
                self.close(done);
                Ok(())
            }
            Stmt::Switch {
                label,
                subject,
                cases,
            } => self.switch(*label, subject, cases),
            Stmt::Break(label) => self.exit(Exit::Break(*label), None),
            Stmt::Continue(label) => self.exit(Exit::Continue(*label), None),
            Stmt::Throw(value) => {
                let value = self.expr(value)?;
                let value = self.boxed(value);
                self.throw("kt_throw", &[value])?;
                self.open = false;
                Ok(())
            }
            Stmt::Try {
                body,
                catch,
                finally,
            } => self.try_statement(body, catch.as_ref(), finally.as_deref()),
        }
    }

    /// Ends a statement whose exits go to `done`: goes on there. A block that nothing goes to is dropped by the code
    /// generator.
    pub fn close(&mut self, done: Block) {
        if self.open {
            self.jump(done, &[]);
        }
        self.enter(done);
        self.open = true;
    }

    fn if_statement(&mut self, test: &'a Expr, yes: &'a [Stmt], no: &'a [Stmt]) -> Emitted<()> {
        let (then, done) = (self.b.create_block(), self.b.create_block());
        let other = if no.is_empty() {
            done
        } else {
            self.b.create_block()
        };
        self.condition(test, then, other)?;
        self.enter(then);
        self.statements(yes)?;
        let mut reached = self.open || no.is_empty();
        if self.open {
            self.jump(done, &[]);
        }
        if !no.is_empty() {
            self.enter(other);
            self.open = true;
            self.statements(no)?;
            reached |= self.open;
            if self.open {
                self.jump(done, &[]);
            }
        }
        if reached {
            self.enter(done);
        }
        self.open = reached;
        Ok(())
    }

    fn loop_statement(&mut self, parts: &Loop<'a>) -> Emitted<()> {
        let (head, again, done) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        // Closures made by the initialisation keep the variables of before the first turn.
        for local in parts.per_iteration {
            self.renew_local(*local)?;
        }
        // The test stands at the top; a loop that runs its body first jumps over it.
        let begin = self.b.create_block();
        self.jump(if parts.test_first { head } else { begin }, &[]);
        self.b.switch_to_block(head);
        match parts.test {
            Some(test) => self.condition(test, begin, done)?,
            None => self.jump(begin, &[]),
        }
        if parts.test_first {
            self.enter(begin);
        } else {
            // The head is reached from the update alone, which is emitted below.
            self.b.switch_to_block(begin);
        }
        self.scopes.push(Scope::Target {
            label: parts.label,
            leave: done,
            again: Some(again),
        });
        self.statements(parts.body)?;
        self.scopes.pop();
        self.close(again);
        for local in parts.per_iteration {
            self.renew_local(*local)?;
        }
        if let Some(update) = parts.update {
            self.effect(update)?;
        }
        self.jump(head, &[]);
        self.b.seal_block(head);
        if !parts.test_first {
            self.b.seal_block(begin);
        }
        self.enter(done);
        self.open = true;
        Ok(())
    }

    fn switch(
        &mut self,
        label: LabelId,
        subject: &'a Expr,
        cases: &'a [(Option<Expr>, Vec<Stmt>)],
    ) -> Emitted<()> {
        let subject = self.expr(subject)?;
        let subject = match subject {
            Operand::Constant(_) => Operand::Boxed(self.boxed(subject)),
            other => other,
        };
        let done = self.b.create_block();
        let bodies: Vec<Block> = cases.iter().map(|_| self.b.create_block()).collect();
        let mut default = done;
        for ((test, _), body) in cases.iter().zip(&bodies) {
            let Some(test) = test else {
                default = *body;
                continue;
            };
            let equal = self.strict_equal_to(subject, test)?;
            let next = self.b.create_block();
            self.branch(equal, *body, next);
            self.enter(next);
        }
        self.jump(default, &[]);
        self.scopes.push(Scope::Target {
            label,
            leave: done,
            again: None,
        });
        self.open = false;
        for ((_, statements), body) in cases.iter().zip(&bodies) {
            if self.open {
                self.jump(*body, &[]);
            }
            self.enter(*body);
            self.open = true;
            self.statements(statements)?;
        }
        self.scopes.pop();
        if cases.is_empty() {
            self.enter(done);
            self.open = true;
        } else {
            self.close(done);
        }
        Ok(())
    }
}

struct Loop<'a> {
    label: LabelId,
    test: Option<&'a Expr>,
    update: Option<&'a Expr>,
    body: &'a [Stmt],
    test_first: bool,
    per_iteration: &'a [LocalId],
}
