//! The state of one function while its code is emitted: the builder, the locals, what encloses the current statement; and
//! the means that all of `emit` shares: calls of the runtime, exceptions, static data, variables.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::data::{Access, Place};
use crate::frontend::typescript::emit::exit::Scope;
use crate::frontend::typescript::emit::infer::{Inference, Type};
use crate::frontend::typescript::emit::signature;
use crate::frontend::typescript::emit::unit::Unit;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Function, FunctionId, JsString, LocalId, Ty};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    Block, ExtFuncData, ExternalName, FuncRef, GlobalValueData, InstBuilder, MemFlagsData, SigRef,
    StackSlot, StackSlotData, StackSlotKind, UserExternalName, Value, types,
};
use cranelift_frontend::{FunctionBuilder, Variable};
use cranelift_module::{DataId, FuncId};
use std::collections::HashMap;

/// Where a local lives.
#[derive(Clone, Copy)]
pub enum Slot {
    Register(Variable, Type),
    /// The variable holds the boxed cell.
    Cell(Variable),
}

pub struct FunctionEmitter<'f, 'a> {
    pub unit: &'f mut Unit<'a>,
    pub b: FunctionBuilder<'f>,
    pub id: FunctionId,
    pub function: &'a Function,
    pub inference: Inference,
    pub locals: Vec<Slot>,
    /// The function object as a value; undefined where there is none.
    pub callee: Value,
    pub this: Variable,
    pub new_target: Value,
    /// The result travels as a double.
    pub returns_double: bool,
    /// What `break`, `continue` and `return` pass on their way out, innermost last.
    pub scopes: Vec<Scope>,
    /// Where exceptions go, innermost last.
    pub handlers: Vec<Block>,
    /// Where the `OptionalGuard`s of the enclosing chains end, innermost last.
    pub chains: Vec<Block>,
    /// The end of the current block can be reached.
    pub open: bool,
    /// Returns EXCEPTION.
    throw_block: Option<Block>,
    runtime: HashMap<usize, FuncRef>,
    functions: HashMap<FuncId, FuncRef>,
    addresses: HashMap<DataId, UserName>,
    generic: Option<SigRef>,
    outgoing: Option<StackSlot>,
    /// The address of the module's static data, where code is to be small: each place in it is a distance from here, and
    /// the linker has one address to fill in for each function.
    data: Option<Value>,
}

type UserName = cranelift_codegen::ir::UserExternalNameRef;

impl<'f, 'a> FunctionEmitter<'f, 'a> {
    /// A function whose entry block is open and has the function's parameters.
    pub fn new(unit: &'f mut Unit<'a>, mut b: FunctionBuilder<'f>, id: FunctionId) -> Self {
        let entry = b.create_block();
        b.append_block_params_for_function_params(entry);
        b.switch_to_block(entry);
        b.seal_block(entry);
        let callee = b.ins().iconst(types::I64, abi::UNDEFINED as i64);
        let this = b.declare_var(types::I64);
        b.def_var(this, callee);
        let function = unit.function(id);
        let inference = Inference::of(unit, id);
        let locals =
            function
                .locals
                .iter()
                .zip(&inference.locals)
                .map(|(local, known)| match local.cell {
                    true => Slot::Cell(b.declare_var(types::I64)),
                    false => Slot::Register(b.declare_var(known.register()), *known),
                });
        let mut this = Self {
            locals: locals.collect(),
            unit,
            b,
            id,
            function,
            inference,
            callee,
            this,
            new_target: callee,
            returns_double: false,
            scopes: Vec::new(),
            handlers: Vec::new(),
            chains: Vec::new(),
            open: true,
            throw_block: None,
            runtime: HashMap::new(),
            functions: HashMap::new(),
            addresses: HashMap::new(),
            generic: None,
            outgoing: None,
            data: None,
        };
        if this.unit.small {
            let data = this.unit.data_id;
            this.data = Some(this.address(data, 0));
        }
        this
    }

    /// Ends the function.
    pub fn finish(mut self) {
        if let Some(block) = self.throw_block {
            self.enter(block);
            let exception = self.bits(abi::EXCEPTION);
            let result = if self.returns_double {
                self.unboxed(exception)
            } else {
                exception
            };
            self.b.ins().return_(&[result]);
        }
        let config = self.unit.frontend_config();
        self.b.finalize(config);
    }

    /// A function as the target of calls. Everything is linked into one executable, so every call is near.
    pub fn reference(&mut self, id: FuncId) -> FuncRef {
        if let Some(reference) = self.functions.get(&id) {
            return *reference;
        }
        let signature = self.b.import_signature(self.unit.signature_of(id));
        let name = self
            .b
            .func
            .declare_imported_user_function(UserExternalName {
                namespace: 0,
                index: id.as_u32(),
            });
        let data = ExtFuncData {
            name: ExternalName::user(name),
            signature,
            colocated: true,
            patchable: false,
        };
        let reference = self.b.import_function(data);
        self.functions.insert(id, reference);
        reference
    }

    /// The address of a datum, plus an offset.
    pub fn address(&mut self, data: DataId, offset: i64) -> Value {
        let name = match self.addresses.get(&data) {
            Some(name) => *name,
            None => {
                let name = self
                    .b
                    .func
                    .declare_imported_user_function(UserExternalName {
                        namespace: 1,
                        index: data.as_u32(),
                    });
                self.addresses.insert(data, name);
                name
            }
        };
        let data = GlobalValueData::Symbol {
            name: ExternalName::user(name),
            offset: offset.into(),
            colocated: true,
            tls: false,
        };
        let value = self.b.create_global_value(data);
        self.b.ins().symbol_value(types::I64, value)
    }

    /// The address of something in this module's static data.
    pub fn place(&mut self, place: Place) -> Value {
        match self.data {
            Some(data) => self.b.ins().iadd_imm_s(data, i64::from(place.0)),
            None => self.address(self.unit.data_id, i64::from(place.0)),
        }
    }

    /// The address of a property access site: one of its own where code is to be fast, one for the module where it is to
    /// be small.
    pub fn site(&mut self, access: Access, key: &str) -> Value {
        let data = &mut self.unit.data;
        let place = if self.unit.small {
            data.shared_site(access, key)
        } else {
            data.site(key)
        };
        self.place(place)
    }

    /// The address of a static string.
    pub fn text(&mut self, text: &str) -> Value {
        let place = self.unit.data.text(text);
        self.place(place)
    }

    /// A string literal as a value.
    pub fn string(&mut self, string: &JsString) -> Value {
        let place = self.unit.data.string(string);
        let pointer = self.place(place);
        self.b
            .ins()
            .bor_imm_s(pointer, (abi::TAG_STRING << 48) as i64)
    }

    /// A string of text as a value.
    pub fn text_value(&mut self, text: &str) -> Value {
        let pointer = self.text(text);
        self.b
            .ins()
            .bor_imm_s(pointer, (abi::TAG_STRING << 48) as i64)
    }

    /// Calls a function of the runtime that has a result; if that is EXCEPTION, goes to the handler.
    pub fn runtime(&mut self, name: &'static str, arguments: &[Value]) -> Emitted<Value> {
        let (index, results) = self.runtime_raw(name, arguments)?;
        let result = results.expect("the function has a result");
        if abi::RUNTIME[index].throws {
            self.check(result);
        }
        Ok(result)
    }

    /// Calls a function of the runtime and checks nothing.
    pub fn runtime_raw(
        &mut self,
        name: &'static str,
        arguments: &[Value],
    ) -> Emitted<(usize, Option<Value>)> {
        let (index, id) = self.unit.runtime(name)?;
        let reference = match self.runtime.get(&index) {
            Some(reference) => *reference,
            None => {
                let reference = self.reference(id);
                self.runtime.insert(index, reference);
                reference
            }
        };
        let call = self.b.ins().call(reference, arguments);
        Ok((index, self.b.inst_results(call).first().copied()))
    }

    /// Where an exception goes from here.
    pub fn handler(&mut self) -> Block {
        if let Some(handler) = self.handlers.last() {
            return *handler;
        }
        if let Some(block) = self.throw_block {
            return block;
        }
        let block = self.cold();
        self.throw_block = Some(block);
        block
    }

    /// Goes to the handler if `result` is EXCEPTION.
    pub fn check(&mut self, result: Value) {
        let handler = self.handler();
        let thrown = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, result, abi::EXCEPTION as i64);
        let next = self.b.create_block();
        self.branch(thrown, handler, next);
        self.enter(next);
    }

    /// Calls a function of the runtime that throws in any case, and ends the block.
    pub fn throw(&mut self, name: &'static str, arguments: &[Value]) -> Emitted<()> {
        self.runtime_raw(name, arguments)?;
        let handler = self.handler();
        self.jump(handler, &[]);
        Ok(())
    }

    /// The signature of generic entries, for indirect calls.
    pub fn generic_signature(&mut self) -> SigRef {
        if let Some(signature) = self.generic {
            return signature;
        }
        let signature = self.b.import_signature(signature::generic());
        self.generic = Some(signature);
        signature
    }

    /// A stack slot of so many bytes, aligned to 8.
    pub fn stack_slot(&mut self, size: u32) -> StackSlot {
        self.b
            .create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, size, 3))
    }

    /// Stores values into the array that all calls of this function share, and gives its address. They are to be used
    /// before anything else is called.
    pub fn outgoing(&mut self, values: &[Value]) -> Value {
        if values.is_empty() {
            return self.b.ins().iconst(types::I64, 0);
        }
        let size = values.len() as u32 * 8;
        let slot = match self.outgoing {
            Some(slot) => slot,
            None => {
                let slot = self.stack_slot(size);
                self.outgoing = Some(slot);
                slot
            }
        };
        let data = &mut self.b.func.sized_stack_slots[slot];
        data.size = data.size.max(size);
        let address = self.b.ins().stack_addr(types::I64, slot, 0);
        for (index, value) in values.iter().enumerate() {
            self.store(*value, address, index as i32 * 8);
        }
        address
    }

    /// Throws a ReferenceError if `value` is EMPTY.
    pub fn check_initialised(&mut self, value: Value, name: &str) -> Emitted<()> {
        let empty = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, value, abi::EMPTY as i64);
        let (cold, next) = (self.cold(), self.b.create_block());
        self.branch(empty, cold, next);
        self.enter(cold);
        let name = self.text(name);
        self.throw("kt_throw_tdz", &[name])?;
        self.enter(next);
        Ok(())
    }

    /// The address in a boxed cell.
    fn cell(&mut self, cell: Value) -> Value {
        self.pointer(cell, abi::TAG_CELL)
    }

    pub fn get_local(&mut self, id: LocalId) -> Emitted<Operand> {
        let local = &self.function.locals[id.0 as usize];
        match self.locals[id.0 as usize] {
            Slot::Register(variable, known) => {
                let value = self.b.use_var(variable);
                if local.tdz {
                    self.check_initialised(value, &local.name)?;
                }
                Ok(known.operand(value))
            }
            Slot::Cell(variable) => {
                let cell = self.b.use_var(variable);
                let cell = self.cell(cell);
                let value = self.load(types::I64, cell, abi::CELL_VALUE);
                if local.tdz {
                    self.check_initialised(value, &local.name)?;
                }
                Ok(Operand::Boxed(value))
            }
        }
    }

    /// The value that a closure captures: the cell of a variable that has one.
    pub fn captured(&mut self, id: LocalId) -> Value {
        match self.locals[id.0 as usize] {
            Slot::Register(variable, known) => {
                let value = self.b.use_var(variable);
                self.boxed(known.operand(value))
            }
            Slot::Cell(variable) => self.b.use_var(variable),
        }
    }

    /// Assigns to a local that was initialised.
    pub fn set_local(&mut self, id: LocalId, value: Operand) -> Emitted<()> {
        let local = &self.function.locals[id.0 as usize];
        if local.tdz {
            self.get_local(id)?;
        }
        match self.locals[id.0 as usize] {
            Slot::Register(variable, known) => {
                let value = self.coerce(value, known)?;
                self.b.def_var(variable, value);
            }
            Slot::Cell(variable) => {
                let value = self.boxed(value);
                let cell = self.b.use_var(variable);
                let cell = self.cell(cell);
                self.store(value, cell, abi::CELL_VALUE);
            }
        }
        Ok(())
    }

    /// Initialises a local.
    pub fn init_local(&mut self, id: LocalId, value: Operand) -> Emitted<()> {
        match self.locals[id.0 as usize] {
            Slot::Register(variable, known) => {
                let value = self.coerce(value, known)?;
                self.b.def_var(variable, value);
            }
            Slot::Cell(variable) => {
                let value = self.boxed(value);
                if self.function.locals[id.0 as usize].early {
                    let cell = self.b.use_var(variable);
                    let cell = self.cell(cell);
                    self.store(value, cell, abi::CELL_VALUE);
                } else {
                    let cell = self.runtime("kt_cell", &[value])?;
                    self.b.def_var(variable, cell);
                }
            }
        }
        Ok(())
    }

    /// Begins the life of an `early` local.
    pub fn fresh_local(&mut self, id: LocalId) -> Emitted<()> {
        let empty = self.bits(abi::EMPTY);
        match self.locals[id.0 as usize] {
            Slot::Register(variable, Type::Any) => self.b.def_var(variable, empty),
            Slot::Register(..) => {}
            Slot::Cell(variable) => {
                let cell = self.runtime("kt_cell", &[empty])?;
                self.b.def_var(variable, cell);
            }
        }
        Ok(())
    }

    /// Gives a local a fresh cell that holds what its cell holds.
    pub fn renew_local(&mut self, id: LocalId) -> Emitted<()> {
        if let Slot::Cell(variable) = self.locals[id.0 as usize] {
            let cell = self.b.use_var(variable);
            let cell = self.cell(cell);
            let value = self.load(types::I64, cell, abi::CELL_VALUE);
            let cell = self.runtime("kt_cell", &[value])?;
            self.b.def_var(variable, cell);
        }
        Ok(())
    }

    /// The captured value as it lies in the function object.
    pub fn capture_bits(&mut self, index: u32) -> Value {
        let pointer = self.pointer(self.callee, abi::TAG_OBJECT);
        self.load(
            types::I64,
            pointer,
            abi::FUNCTION_CAPTURES + index as i32 * 8,
        )
    }

    pub fn get_capture(&mut self, index: u32) -> Emitted<Operand> {
        let mut value = self.capture_bits(index);
        let Some(local) = self.unit.captured_local(self.id, index) else {
            return Ok(Operand::Boxed(value));
        };
        if local.cell {
            let cell = self.cell(value);
            value = self.load(types::I64, cell, abi::CELL_VALUE);
        }
        if local.tdz {
            self.check_initialised(value, &local.name)?;
        }
        if local.ty == Ty::Number && !local.cell && !local.early {
            let number = self.b.ins().bitcast(types::F64, MemFlagsData::new(), value);
            return Ok(Operand::Number(number));
        }
        Ok(Operand::Boxed(value))
    }

    pub fn set_capture(&mut self, index: u32, value: Operand) -> Emitted<()> {
        if self
            .unit
            .captured_local(self.id, index)
            .is_some_and(|local| local.tdz)
        {
            self.get_capture(index)?;
        }
        let value = self.boxed(value);
        let cell = self.capture_bits(index);
        let cell = self.cell(cell);
        self.store(value, cell, abi::CELL_VALUE);
        Ok(())
    }
}
