//! Leaving statements early: `break`, `continue` and `return` past loops, iterations that must be closed, and `finally`
//! blocks. A `finally` block is emitted once; a number says where to go after it.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{FunctionKind, LabelId, Stmt};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, StackSlot, Value, types};
use cranelift_frontend::Variable;

/// Something that an exit passes.
pub enum Scope {
    /// A statement that `break` or `continue` may leave.
    Target {
        label: LabelId,
        leave: Block,
        again: Option<Block>,
    },
    /// A running iteration, to be closed if `protocol` (an `i8`) is not 0. `handlers` is their number outside of it.
    Iteration {
        state: StackSlot,
        protocol: Variable,
        handlers: usize,
    },
    /// A `finally` block.
    Finally(Finally),
}

pub struct Finally {
    block: Block,
    /// Where to go afterwards: see [`NORMAL`] and [`THROW`], else an index into `exits`.
    kind: Variable,
    /// The value returned or thrown.
    value: Variable,
    exits: Vec<Exit>,
}

const NORMAL: i64 = 0;
const THROW: i64 = 1;
const FIRST_EXIT: i64 = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Break(LabelId),
    Continue(LabelId),
    Return,
}

impl<'a> FunctionEmitter<'_, 'a> {
    /// Leaves the function with this value, or with none.
    pub fn leave(&mut self, value: Option<Operand>) -> Emitted<()> {
        let value = match value {
            // What is returned is checked here, within the `try` statements around it.
            Some(value)
                if self.function.returns == crate::frontend::typescript::hir::Ty::Number =>
            {
                Some(Operand::Number(
                    self.expect_number(value, &self.function.name)?,
                ))
            }
            other => other,
        };
        self.exit(Exit::Return, value)
    }

    /// Goes where `exit` leads, through everything on the way, and ends the block.
    pub fn exit(&mut self, exit: Exit, value: Option<Operand>) -> Emitted<()> {
        self.open = false;
        let handlers = self.handlers.clone();
        for index in (0..self.scopes.len()).rev() {
            let (state, protocol, outer) = match &mut self.scopes[index] {
                Scope::Target {
                    label,
                    leave,
                    again,
                } => {
                    let target = match exit {
                        Exit::Break(wanted) if wanted == *label => Some(*leave),
                        Exit::Continue(wanted) if wanted == *label => *again,
                        _ => None,
                    };
                    if let Some(target) = target {
                        self.jump(target, &[]);
                        self.handlers = handlers;
                        return Ok(());
                    }
                    continue;
                }
                Scope::Finally(finally) => {
                    let position = finally.exits.iter().position(|known| *known == exit);
                    let position = position.unwrap_or_else(|| {
                        finally.exits.push(exit);
                        finally.exits.len() - 1
                    });
                    let (block, kind, place) = (finally.block, finally.kind, finally.value);
                    let value = self.boxed_or_undefined(value);
                    self.b.def_var(place, value);
                    let number = self
                        .b
                        .ins()
                        .iconst(types::I32, FIRST_EXIT + position as i64);
                    self.b.def_var(kind, number);
                    self.jump(block, &[]);
                    self.handlers = handlers;
                    return Ok(());
                }
                Scope::Iteration {
                    state,
                    protocol,
                    handlers,
                } => (*state, *protocol, *handlers),
            };
            self.handlers.truncate(outer);
            self.close_iteration(state, protocol)?;
        }
        self.handlers.clear();
        self.return_value(value)?;
        self.handlers = handlers;
        Ok(())
    }

    fn boxed_or_undefined(&mut self, value: Option<Operand>) -> Value {
        match value {
            Some(value) => self.boxed(value),
            None => self.bits(abi::UNDEFINED),
        }
    }

    pub fn close_iteration(&mut self, state: StackSlot, protocol: Variable) -> Emitted<()> {
        if self.unit.small {
            // Every iteration is the runtime's.
            let state = self.b.ins().stack_addr(types::I64, state, 0);
            self.runtime("kt_iteration_close", &[state])?;
            return Ok(());
        }
        let (close, next) = (self.b.create_block(), self.b.create_block());
        let protocol = self.b.use_var(protocol);
        self.branch(protocol, close, next);
        self.enter(close);
        let state = self.b.ins().stack_addr(types::I64, state, 0);
        self.runtime("kt_iteration_close", &[state])?;
        self.jump(next, &[]);
        self.enter(next);
        Ok(())
    }

    /// The return instruction, nothing left on the way.
    fn return_value(&mut self, value: Option<Operand>) -> Emitted<()> {
        if let FunctionKind::Constructor { derived, .. } = self.function.kind {
            let this = self.constructed(value, derived)?;
            self.b.ins().return_(&[this]);
            return Ok(());
        }
        if self.function.returns == crate::frontend::typescript::hir::Ty::Number {
            let value = match value {
                Some(Operand::Boxed(value)) if self.returns_double => self.unboxed(value),
                Some(Operand::Boxed(value)) => value,
                Some(value) if self.returns_double => self.number_of(value)?,
                Some(value) => self.boxed(value),
                None => {
                    let name = self.text(&self.function.name);
                    let undefined = self.bits(abi::UNDEFINED);
                    return self.throw("kt_throw_not_a_number", &[name, undefined]);
                }
            };
            self.b.ins().return_(&[value]);
            return Ok(());
        }
        let value = self.boxed_or_undefined(value);
        self.b.ins().return_(&[value]);
        Ok(())
    }

    /// What a constructor gives: an object that it returned, else `this`.
    fn constructed(&mut self, value: Option<Operand>, derived: bool) -> Emitted<Value> {
        let done = self.b.create_block();
        let result = self.b.append_block_param(done, types::I64);
        if let Some(value) = value {
            let value = self.boxed(value);
            let object = self.has_tag(value, abi::TAG_OBJECT);
            let next = self.b.create_block();
            self.b.ins().brif(object, done, &[value.into()], next, &[]);
            self.enter(next);
        }
        let this = self.b.use_var(self.this);
        if derived {
            self.check_this(this)?;
        }
        self.jump(done, &[this]);
        self.enter(done);
        Ok(result)
    }

    /// Throws a ReferenceError if `this` of a derived constructor does not exist yet.
    pub fn check_this(&mut self, this: Value) -> Emitted<()> {
        let empty = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, this, abi::EMPTY as i64);
        let (cold, next) = (self.cold(), self.b.create_block());
        self.branch(empty, cold, next);
        self.enter(cold);
        let message = "Must call super constructor in derived class before accessing 'this' or returning from derived constructor";
        let message = self.text(message);
        self.throw("kt_throw_reference", &[message])?;
        self.enter(next);
        Ok(())
    }

    /// `try … catch … finally`.
    pub fn try_statement(
        &mut self,
        body: &'a [Stmt],
        catch: Option<&'a (Option<crate::frontend::typescript::hir::LocalId>, Vec<Stmt>)>,
        finally: Option<&'a [Stmt]>,
    ) -> Emitted<()> {
        let Some(finally) = finally else {
            return self.try_catch(body, catch);
        };
        let (block, thrown) = (self.b.create_block(), self.cold());
        let (kind, value) = (
            self.b.declare_var(types::I32),
            self.b.declare_var(types::I64),
        );
        self.scopes.push(Scope::Finally(Finally {
            block,
            kind,
            value,
            exits: Vec::new(),
        }));
        self.handlers.push(thrown);
        self.try_catch(body, catch)?;
        self.handlers.pop();
        if self.open {
            let normal = self.b.ins().iconst(types::I32, NORMAL);
            self.b.def_var(kind, normal);
            let undefined = self.bits(abi::UNDEFINED);
            self.b.def_var(value, undefined);
            self.jump(block, &[]);
        }
        self.enter(thrown);
        let exception = self.runtime("kt_take_exception", &[])?;
        self.b.def_var(value, exception);
        let throw = self.b.ins().iconst(types::I32, THROW);
        self.b.def_var(kind, throw);
        self.jump(block, &[]);
        let Some(Scope::Finally(done)) = self.scopes.pop() else {
            unreachable!("scopes are balanced")
        };
        self.enter(block);
        self.open = true;
        self.statements(finally)?;
        if !self.open {
            return Ok(());
        }
        for (index, exit) in done.exits.iter().enumerate() {
            self.after_finally(kind, FIRST_EXIT + index as i64, |this| {
                let value = (*exit == Exit::Return).then(|| Operand::Boxed(this.b.use_var(value)));
                // `return;` and `return undefined;` are the same by now.
                this.exit(*exit, value)
            })?;
        }
        self.after_finally(kind, THROW, |this| {
            let value = this.b.use_var(value);
            this.throw("kt_throw", &[value])
        })?;
        self.open = true;
        Ok(())
    }

    fn after_finally(
        &mut self,
        kind: Variable,
        number: i64,
        go: impl FnOnce(&mut Self) -> Emitted<()>,
    ) -> Emitted<()> {
        let found = self.b.use_var(kind);
        let found = self.b.ins().icmp_imm_s(IntCC::Equal, found, number);
        let (yes, no) = (self.b.create_block(), self.b.create_block());
        self.branch(found, yes, no);
        self.enter(yes);
        go(self)?;
        self.enter(no);
        Ok(())
    }

    fn try_catch(
        &mut self,
        body: &'a [Stmt],
        catch: Option<&'a (Option<crate::frontend::typescript::hir::LocalId>, Vec<Stmt>)>,
    ) -> Emitted<()> {
        let Some((local, handler)) = catch else {
            return self.statements(body);
        };
        let (caught, done) = (self.cold(), self.b.create_block());
        self.handlers.push(caught);
        self.statements(body)?;
        self.handlers.pop();
        let mut reached = self.open;
        if self.open {
            self.jump(done, &[]);
        }
        self.enter(caught);
        self.open = true;
        let exception = self.runtime("kt_take_exception", &[])?;
        if let Some(local) = local {
            self.init_local(*local, Operand::Boxed(exception))?;
        }
        self.statements(handler)?;
        reached |= self.open;
        if self.open {
            self.jump(done, &[]);
        }
        self.enter(done);
        self.open = true;
        if !reached {
            // Nothing comes here; the block still needs an end.
            let exception = self.bits(abi::EXCEPTION);
            let result = if self.returns_double {
                self.unboxed(exception)
            } else {
                exception
            };
            self.b.ins().return_(&[result]);
            self.open = false;
        }
        Ok(())
    }
}
