//! How functions begin: the module's evaluation, direct entries with parameters in registers, generic entries that take
//! them from an array, and the constructors' `this`. It leaves bodies to `statement` and `expression`.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::{FunctionEmitter, Slot};
use crate::frontend::typescript::emit::infer::Type;
use crate::frontend::typescript::emit::math;
use crate::frontend::typescript::emit::signature;
use crate::frontend::typescript::emit::symbol;
use crate::frontend::typescript::emit::unit::{Unit, Work, failed};
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Expr, FunctionId, FunctionKind, LocalId, Ty};
use crate::frontend::typescript::lower::Signature;
use crate::frontend::typescript::lower::walk::{self, Node};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};
use cranelift_frontend::FunctionBuilder;
use cranelift_module::{FuncId, Linkage};

/// Compiles one piece of code as `id`.
pub fn compile(unit: &mut Unit<'_>, work: &Work, id: FuncId) -> Emitted<()> {
    let mut code = std::mem::replace(
        &mut unit.context.func,
        cranelift_codegen::ir::Function::new(),
    );
    code.signature = unit.signature_of(id);
    code.name = cranelift_codegen::ir::UserFuncName::user(0, id.as_u32());
    let mut builder_context = std::mem::take(&mut unit.builder_context);
    let builder = FunctionBuilder::new(&mut code, &mut builder_context);
    match work {
        Work::Init => init(unit, builder)?,
        Work::Direct(function) => direct(unit, builder, *function)?,
        Work::Generic(function) => match unit.direct(*function).cloned() {
            Some(signature) => thunk(unit, builder, *function, &signature)?,
            None => generic(unit, builder, *function)?,
        },
        Work::Namespace { stem, members } => {
            let init = unit.hir.init;
            let mut this = FunctionEmitter::new(unit, builder, init);
            this.namespace(stem, members)?;
            this.finish();
        }
        Work::Callback(function, parameter) => {
            let mut this = FunctionEmitter::new(unit, builder, *function);
            this.callback(*parameter)?;
            this.finish();
        }
        Work::Getter(binding) => {
            let init = unit.hir.init;
            let mut this = FunctionEmitter::new(unit, builder, init);
            let value = this.binding(binding, "")?;
            let value = this.boxed(value);
            this.b.ins().return_(&[value]);
            this.finish();
        }
    }
    unit.context.func = code;
    unit.builder_context = builder_context;
    unit.define(id)
}

/// Evaluates what the module requests, then its body; once only.
fn init(unit: &mut Unit<'_>, builder: FunctionBuilder<'_>) -> Emitted<()> {
    let (id, state) = (unit.hir.init, unit.state);
    let mut this = FunctionEmitter::new(unit, builder, id);
    let place = this.place(state);
    let entered = this.load(types::I64, place, 0);
    let (done, begin) = (this.b.create_block(), this.b.create_block());
    this.branch(entered, done, begin);
    this.enter(done);
    let undefined = this.bits(abi::UNDEFINED);
    this.b.ins().return_(&[undefined]);
    this.enter(begin);
    let one = this.b.ins().iconst(types::I64, 1);
    this.store(one, place, 0);
    let lowered = this.unit.lowered;
    for stem in &lowered.requests {
        let init = this
            .unit
            .imported_function(symbol::init(stem), &signature::thunk())?;
        let init = this.reference(init);
        let call = this.b.ins().call(init, &[]);
        let result = this.b.inst_results(call)[0];
        this.check(result);
    }
    this.body()?;
    this.finish();
    Ok(())
}

fn direct(unit: &mut Unit<'_>, builder: FunctionBuilder<'_>, id: FunctionId) -> Emitted<()> {
    let mut this = FunctionEmitter::new(unit, builder, id);
    this.returns_double = this.function.returns == Ty::Number;
    this.check_stack()?;
    let entry = this.b.current_block().expect("the entry block is open");
    let values = this.entry_values(entry);
    for (param, value) in this.function.params.iter().zip(values) {
        let value = if param.ty == Ty::Number && !param.rest {
            Operand::Number(value)
        } else {
            Operand::Boxed(value)
        };
        this.param(param.local, value)?;
    }
    this.body()?;
    this.finish();
    Ok(())
}

/// The generic entry of a function that has a direct one.
fn thunk(
    unit: &mut Unit<'_>,
    builder: FunctionBuilder<'_>,
    id: FunctionId,
    signature: &Signature,
) -> Emitted<()> {
    let target = unit.demand(Work::Direct(id))?;
    let mut this = FunctionEmitter::new(unit, builder, id);
    let values = this.arguments()?;
    let mut passed = Vec::new();
    for (param, value) in signature.params.iter().zip(values) {
        passed.push(match param.number {
            true => this.expect_number(Operand::Boxed(value), &this.function.name)?,
            false => value,
        });
    }
    let target = this.reference(target);
    let call = this.b.ins().call(target, &passed);
    let result = this.b.inst_results(call)[0];
    let result = if signature.returns_number {
        this.boxed(Operand::Number(result))
    } else {
        result
    };
    this.b.ins().return_(&[result]);
    this.finish();
    Ok(())
}

/// The generic entry of a function that has no other.
fn generic(unit: &mut Unit<'_>, builder: FunctionBuilder<'_>, id: FunctionId) -> Emitted<()> {
    let mut this = FunctionEmitter::new(unit, builder, id);
    let entry = this.b.current_block().expect("the entry block is open");
    let inputs = this.entry_values(entry);
    this.callee = inputs[0];
    this.new_target = inputs[2];
    let receiver = this.this;
    this.b.def_var(receiver, inputs[1]);
    this.check_stack()?;
    if let FunctionKind::Constructor { class, derived } = this.function.kind {
        let plain = this
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, this.new_target, abi::UNDEFINED as i64);
        let (cold, next) = (this.cold(), this.b.create_block());
        this.branch(plain, cold, next);
        this.enter(cold);
        this.throw("kt_throw_class_call", &[this.callee])?;
        this.enter(next);
        let object = if derived {
            this.bits(abi::EMPTY)
        } else {
            let keys: Vec<&str> = this
                .unit
                .class(class)
                .field_types
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            let literal = if keys.is_empty() {
                this.b.ins().iconst(types::I64, 0)
            } else {
                let literal = this.unit.data.literal(&keys);
                this.place(literal)
            };
            this.runtime("kt_new_object", &[this.new_target, literal])?
        };
        this.b.def_var(receiver, object);
    }
    let values = this.arguments()?;
    for (param, value) in this.function.params.iter().zip(values) {
        let value = match param.ty == Ty::Number && !param.rest {
            true => Operand::Number(this.expect_number(
                Operand::Boxed(value),
                &this.function.locals[param.local.0 as usize].name,
            )?),
            false => Operand::Boxed(value),
        };
        this.param(param.local, value)?;
    }
    this.body()?;
    this.finish();
    Ok(())
}

/// The start of the program: the function that the runtime calls evaluates the entry module.
pub fn start(module: &mut cranelift_object::ObjectModule, stem: &str) -> Emitted<()> {
    use cranelift_module::Module;
    let signature = signature::thunk();
    let init = module
        .declare_function(&symbol::init(stem), Linkage::Import, &signature)
        .map_err(failed)?;
    let entry = module
        .declare_function(abi::ENTRY, Linkage::Export, &signature)
        .map_err(failed)?;
    let mut context = module.make_context();
    context.func.signature = signature;
    let mut builder_context = cranelift_frontend::FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut context.func, &mut builder_context);
    let block = builder.create_block();
    builder.switch_to_block(block);
    builder.seal_block(block);
    let init = module.declare_func_in_func(init, builder.func);
    builder.func.dfg.ext_funcs[init].colocated = true;
    let call = builder.ins().call(init, &[]);
    let result = builder.inst_results(call)[0];
    builder.ins().return_(&[result]);
    builder.finalize(module.isa().frontend_config());
    module.define_function(entry, &mut context).map_err(failed)
}

impl FunctionEmitter<'_, '_> {
    fn entry_values(&self, entry: cranelift_codegen::ir::Block) -> Vec<Value> {
        let first = self.b.func.layout.entry_block().unwrap_or(entry);
        self.b.block_params(first).to_vec()
    }

    /// Gives a parameter its value.
    fn param(&mut self, id: LocalId, value: Operand) -> Emitted<()> {
        match self.locals[id.0 as usize] {
            Slot::Register(variable, known) => {
                let value = match (known, value) {
                    (Type::Number, Operand::Boxed(value)) => self.unboxed(value),
                    (known, value) => self.coerce(value, known)?,
                };
                self.b.def_var(variable, value);
            }
            Slot::Cell(variable) => {
                let value = self.boxed(value);
                let cell = self.runtime("kt_cell", &[value])?;
                self.b.def_var(variable, cell);
            }
        }
        Ok(())
    }

    /// The arguments of a generic entry, one for each parameter: missing ones are undefined, the rest is an array.
    fn arguments(&mut self) -> Emitted<Vec<Value>> {
        let entry = self.b.current_block().expect("a block is open");
        let inputs = self.entry_values(entry);
        let (argc, argv) = (inputs[3], inputs[4]);
        let rest = self.function.params.iter().any(|param| param.rest);
        let count = self.function.params.len() - usize::from(rest);
        let mut values = Vec::new();
        if count > 0 {
            let (cold, ready) = (self.cold(), self.b.create_block());
            let source = self.b.append_block_param(ready, types::I64);
            let short = self
                .b
                .ins()
                .icmp_imm_u(IntCC::UnsignedLessThan, argc, count as i64);
            self.b
                .ins()
                .brif(short, cold, &[], ready, &[BlockArg::Value(argv)]);
            self.enter(cold);
            let slot = self.stack_slot(count as u32 * 8);
            let padded = self.b.ins().stack_addr(types::I64, slot, 0);
            let wanted = self.b.ins().iconst(types::I64, count as i64);
            self.runtime_raw("kt_pad_arguments", &[argc, argv, wanted, padded])?;
            self.jump(ready, &[padded]);
            self.enter(ready);
            for index in 0..count {
                values.push(self.load(types::I64, source, index as i32 * 8));
            }
        }
        if rest {
            let more = self
                .b
                .ins()
                .icmp_imm_u(IntCC::UnsignedGreaterThan, argc, count as i64);
            let remaining = self.b.ins().iadd_imm_s(argc, -(count as i64));
            let zero = self.b.ins().iconst(types::I64, 0);
            let remaining = self.b.ins().select(more, remaining, zero);
            let from = self.b.ins().iadd_imm_s(argv, count as i64 * 8);
            values.push(self.runtime("kt_array_new", &[remaining, from])?);
        }
        Ok(values)
    }

    /// Throws a RangeError where the stack is used up. Functions that call nothing do without, save those that property
    /// accesses and conversions may call.
    fn check_stack(&mut self) -> Emitted<()> {
        let mut calls = !matches!(
            self.function.kind,
            FunctionKind::Plain | FunctionKind::Arrow
        );
        walk::body(&self.function.body, &mut |node| {
            calls |= match node {
                Node::Expr(Expr::CallMethod(object, name, arguments)) => {
                    math::result(object, name, arguments).is_none()
                }
                Node::Expr(
                    Expr::Call(..)
                    | Expr::CallIndex(..)
                    | Expr::CallWith { .. }
                    | Expr::CallSuperMethod(..),
                ) => true,
                Node::Expr(Expr::SuperCall(_) | Expr::New(..) | Expr::Native(..)) => true,
                _ => false,
            }
        });
        if !calls {
            return Ok(());
        }
        let limit = self.unit.imported_data(abi::STACK_LIMIT.to_owned())?;
        let limit = self.address(limit, 0);
        let limit = self.load(types::I64, limit, 0);
        let pointer = self.b.ins().get_stack_pointer(types::I64);
        let exceeded = self.b.ins().icmp(IntCC::UnsignedLessThan, pointer, limit);
        let (cold, next) = (self.cold(), self.b.create_block());
        self.branch(exceeded, cold, next);
        self.enter(cold);
        self.throw("kt_throw_stack_overflow", &[])?;
        self.enter(next);
        Ok(())
    }

    /// The function's statements and its end.
    fn body(&mut self) -> Emitted<()> {
        let function = self.function;
        self.statements(&function.body)?;
        if self.open {
            self.leave(None)?;
        }
        Ok(())
    }
}
