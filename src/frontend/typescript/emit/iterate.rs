//! `for … of`, `for … in` and array destructuring. Arrays are walked by index, everything else by the runtime, with the
//! iteration's state in a stack slot. It takes for granted that programs leave the iterator of arrays as it is.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::call::describe;
use crate::frontend::typescript::emit::exit::Scope;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Expr, LabelId, LocalId, Stmt};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};

impl<'a> FunctionEmitter<'_, 'a> {
    /// Goes to `yes` with the object's address if `value` is an array that is not sparse, else to `no`.
    pub fn branch_on_array(&mut self, value: Value, yes: Block, no: Block) {
        let object = self.has_tag(value, abi::TAG_OBJECT);
        let next = self.b.create_block();
        self.branch(object, next, no);
        self.enter(next);
        let pointer = self.pointer(value, abi::TAG_OBJECT);
        let header = self.load(types::I32, pointer, 0);
        let header = self
            .b
            .ins()
            .band_imm_u(header, 0xFF | i64::from(abi::ARRAY_SPARSE) << 16);
        let array = self
            .b
            .ins()
            .icmp_imm_u(IntCC::Equal, header, i64::from(abi::KIND_ARRAY));
        self.b
            .ins()
            .brif(array, yes, &[BlockArg::Value(pointer)], no, &[]);
    }

    /// The length of an array as `i64`, 0 where its elements may not be touched.
    pub fn array_length(&mut self, pointer: Value) -> Value {
        self.b
            .ins()
            .uload32(super::value::MEMORY, pointer, abi::ARRAY_LENGTH)
    }

    /// The address of an element.
    pub fn array_element(&mut self, pointer: Value, index: Value) -> Value {
        let elements = self.load(types::I64, pointer, abi::ARRAY_ELEMENTS);
        let offset = self.b.ins().ishl_imm_u(index, 3);
        self.b.ins().iadd(elements, offset)
    }

    /// Throws unless a value is iterable; arrays are.
    fn check_iterable(&mut self, value: Value, text: &str, call: bool) -> Emitted<()> {
        if self.unit.small {
            let text = self.text(text);
            let call = self.b.ins().iconst(types::I64, i64::from(call));
            self.runtime("kt_check_iterable", &[value, text, call])?;
            return Ok(());
        }
        let (array, other, next) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        self.b.append_block_param(array, types::I64);
        self.branch_on_array(value, array, other);
        self.enter(array);
        self.jump(next, &[]);
        self.enter(other);
        let text = self.text(text);
        let call = self.b.ins().iconst(types::I64, i64::from(call));
        self.runtime("kt_check_iterable", &[value, text, call])?;
        self.jump(next, &[]);
        self.enter(next);
        Ok(())
    }

    /// Appends what an iterable gives to an array.
    pub fn spread(&mut self, array: Value, iterable: &'a Expr, call: bool) -> Emitted<()> {
        let text = describe(self, iterable);
        let value = self.value(iterable)?;
        self.check_iterable(value, &text, call)?;
        self.runtime("kt_array_append", &[array, value])?;
        Ok(())
    }

    pub fn for_of(
        &mut self,
        label: LabelId,
        element: LocalId,
        iterable: &'a Expr,
        body: &'a [Stmt],
    ) -> Emitted<()> {
        let text = describe(self, iterable);
        let iterable = self.value(iterable)?;
        let state = self.stack_slot(abi::ITERATION_SIZE);
        // An array is walked by index (`protocol` is 0) unless it is sparse.
        let (protocol, position, array) = (
            self.b.declare_var(types::I8),
            self.b.declare_var(types::I64),
            self.b.declare_var(types::I64),
        );
        let zero = self.b.ins().iconst(types::I64, 0);
        self.b.def_var(position, zero);
        let (is_array, other, head) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        if self.unit.small {
            self.jump(other, &[]);
        } else {
            self.b.append_block_param(is_array, types::I64);
            self.branch_on_array(iterable, is_array, other);
            self.enter(is_array);
            self.b.def_var(array, iterable);
            let none = self.b.ins().iconst(types::I8, 0);
            self.b.def_var(protocol, none);
            self.jump(head, &[]);
        }
        self.enter(other);
        let one = self.b.ins().iconst(types::I8, 1);
        self.b.def_var(protocol, one);
        self.b.def_var(array, iterable);
        let name = self.text(&text);
        let address = self.b.ins().stack_addr(types::I64, state, 0);
        self.runtime("kt_iteration_begin", &[iterable, address, name])?;
        self.jump(head, &[]);

        let (by_index, by_protocol, begin, close, done) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        let value = self.b.append_block_param(begin, types::I64);
        self.b.switch_to_block(head);
        if self.unit.small {
            self.jump(by_protocol, &[]);
        } else {
            let uses_protocol = self.b.use_var(protocol);
            self.branch(uses_protocol, by_protocol, by_index);
            self.enter(by_index);
            let pointer = self.b.use_var(array);
            let pointer = self.pointer(pointer, abi::TAG_OBJECT);
            let length = self.array_length(pointer);
            let index = self.b.use_var(position);
            let more = self.b.ins().icmp(IntCC::UnsignedLessThan, index, length);
            let fetch = self.b.create_block();
            self.branch(more, fetch, done);
            self.enter(fetch);
            let place = self.array_element(pointer, index);
            let found = self.load(types::I64, place, 0);
            let next = self.b.ins().iadd_imm_s(index, 1);
            self.b.def_var(position, next);
            let hole = self
                .b
                .ins()
                .icmp_imm_s(IntCC::Equal, found, abi::EMPTY as i64);
            let undefined = self.bits(abi::UNDEFINED);
            let found = self.b.ins().select(hole, undefined, found);
            self.jump(begin, &[found]);
        }
        self.enter(by_protocol);
        let address = self.b.ins().stack_addr(types::I64, state, 0);
        let found = self.runtime("kt_iteration_next", &[address])?;
        let end = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, found, abi::EMPTY as i64);
        self.b
            .ins()
            .brif(end, done, &[], begin, &[BlockArg::Value(found)]);

        self.enter(begin);
        let thrown = self.cold();
        self.scopes.push(Scope::Iteration {
            state,
            protocol,
            handlers: self.handlers.len(),
        });
        self.scopes.push(Scope::Target {
            label,
            leave: close,
            again: Some(head),
        });
        self.handlers.push(thrown);
        self.init_local(element, Operand::Boxed(value))?;
        self.statements(body)?;
        self.handlers.pop();
        self.scopes.pop();
        let Some(Scope::Iteration { .. }) = self.scopes.pop() else {
            unreachable!("scopes are balanced")
        };
        if self.open {
            self.jump(head, &[]);
        }
        self.b.seal_block(head);

        // An exception closes the iteration and goes on; what closing throws is forgotten.
        self.enter(thrown);
        if !self.unit.small {
            let uses_protocol = self.b.use_var(protocol);
            let (abandon, quick) = (self.b.create_block(), self.handler());
            self.branch(uses_protocol, abandon, quick);
            self.enter(abandon);
        }
        let address = self.b.ins().stack_addr(types::I64, state, 0);
        self.throw("kt_iteration_abandon", &[address])?;

        self.enter(close);
        self.close_iteration(state, protocol)?;
        self.jump(done, &[]);
        self.enter(done);
        self.open = true;
        Ok(())
    }

    pub fn for_in(
        &mut self,
        label: LabelId,
        element: LocalId,
        object: &'a Expr,
        body: &'a [Stmt],
    ) -> Emitted<()> {
        let object = self.expr(object)?;
        let object = self.boxed(object);
        let keys = self.runtime("kt_for_in_keys", &[object])?;
        let position = self.b.declare_var(types::I64);
        let zero = self.b.ins().iconst(types::I64, 0);
        self.b.def_var(position, zero);
        let (head, begin, done) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        self.jump(head, &[]);
        self.b.switch_to_block(head);
        let pointer = self.pointer(keys, abi::TAG_OBJECT);
        let length = self.array_length(pointer);
        let index = self.b.use_var(position);
        let more = self.b.ins().icmp(IntCC::UnsignedLessThan, index, length);
        self.branch(more, begin, done);
        self.enter(begin);
        let place = self.array_element(pointer, index);
        let value = self.load(types::I64, place, 0);
        let next = self.b.ins().iadd_imm_s(index, 1);
        self.b.def_var(position, next);
        // A key that was deleted meanwhile is passed over; primitives keep theirs.
        let (ask, visit) = (self.b.create_block(), self.b.create_block());
        let is_object = self.has_tag(object, abi::TAG_OBJECT);
        self.branch(is_object, ask, visit);
        self.enter(ask);
        let present = self.runtime("kt_in", &[value, object])?;
        let present = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, present, abi::TRUE as i64);
        self.branch(present, visit, head);
        self.enter(visit);
        self.scopes.push(Scope::Target {
            label,
            leave: done,
            again: Some(head),
        });
        self.init_local(element, Operand::Boxed(value))?;
        self.statements(body)?;
        self.scopes.pop();
        if self.open {
            self.jump(head, &[]);
        }
        self.b.seal_block(head);
        self.enter(done);
        self.open = true;
        Ok(())
    }

    /// Stores the elements of an iterable to temporaries.
    pub fn destructure(
        &mut self,
        source: &'a Expr,
        elements: &[Option<LocalId>],
        rest: Option<LocalId>,
    ) -> Emitted<()> {
        let text = describe(self, source);
        let source = self.value(source)?;
        self.check_iterable(source, &text, false)?;
        let slot = self.stack_slot(abi::ITERATION_SIZE);
        let state = self.b.ins().stack_addr(types::I64, slot, 0);
        self.runtime("kt_iteration_open", &[source, state])?;
        // After the end, `ended` is 1 and every further element is undefined.
        let ended = self.b.declare_var(types::I8);
        let no = self.b.ins().iconst(types::I8, 0);
        self.b.def_var(ended, no);
        for element in elements {
            let value = self.next_or_empty(slot, ended)?;
            if let Some(local) = element {
                let empty = self
                    .b
                    .ins()
                    .icmp_imm_s(IntCC::Equal, value, abi::EMPTY as i64);
                let undefined = self.bits(abi::UNDEFINED);
                let value = self.b.ins().select(empty, undefined, value);
                self.init_local(*local, Operand::Boxed(value))?;
            }
        }
        if let Some(rest) = rest {
            let zero = self.b.ins().iconst(types::I64, 0);
            let array = self.runtime("kt_array_new", &[zero, zero])?;
            let (head, push, done) = (
                self.b.create_block(),
                self.b.create_block(),
                self.b.create_block(),
            );
            self.jump(head, &[]);
            self.b.switch_to_block(head);
            let value = self.next_or_empty(slot, ended)?;
            let empty = self
                .b
                .ins()
                .icmp_imm_s(IntCC::Equal, value, abi::EMPTY as i64);
            self.branch(empty, done, push);
            self.enter(push);
            self.runtime("kt_array_push", &[array, value])?;
            self.jump(head, &[]);
            self.b.seal_block(head);
            self.enter(done);
            return self.init_local(rest, Operand::Boxed(array));
        }
        let (close, done) = (self.b.create_block(), self.b.create_block());
        let is_ended = self.b.use_var(ended);
        self.branch(is_ended, done, close);
        self.enter(close);
        let state = self.b.ins().stack_addr(types::I64, slot, 0);
        self.runtime("kt_iteration_close", &[state])?;
        self.jump(done, &[]);
        self.enter(done);
        Ok(())
    }

    fn next_or_empty(
        &mut self,
        slot: cranelift_codegen::ir::StackSlot,
        ended: cranelift_frontend::Variable,
    ) -> Emitted<Value> {
        let (ask, done) = (self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I64);
        let empty = self.bits(abi::EMPTY);
        let is_ended = self.b.use_var(ended);
        self.b
            .ins()
            .brif(is_ended, done, &[BlockArg::Value(empty)], ask, &[]);
        self.enter(ask);
        let state = self.b.ins().stack_addr(types::I64, slot, 0);
        let value = self.runtime("kt_iteration_next", &[state])?;
        let end = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, value, abi::EMPTY as i64);
        self.b.def_var(ended, end);
        self.jump(done, &[value]);
        self.enter(done);
        Ok(result)
    }
}
