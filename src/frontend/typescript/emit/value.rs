//! Values while code is emitted: the forms in which one can be held, and the conversions between them, with their inline
//! paths. It knows nothing of the HIR.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::infer::Type;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{
    Block, BlockArg, InstBuilder, MemFlagsData, Type as Register, Value, types,
};

/// A value in some form.
#[derive(Clone, Copy, Debug)]
pub enum Operand {
    /// A number known at compile time.
    Constant(f64),
    /// A double.
    Number(Value),
    /// An integer as `i64`, below 2^53 in magnitude, never negative zero.
    Int(Value),
    /// A boolean as `i8`, 0 or 1.
    Boolean(Value),
    /// The 64 bits of a value of any type.
    Boxed(Value),
}

/// Flags of all loads and stores: addresses are valid and aligned by construction.
pub const MEMORY: MemFlagsData = MemFlagsData::trusted();

/// The first bits that are no number.
pub const FIRST_NON_NUMBER: u64 = abi::TAG_FIRST << 48;

impl Type {
    /// The register that holds a variable of this type.
    pub fn register(self) -> Register {
        match self {
            Self::Int(_) | Self::Any | Self::Never => types::I64,
            Self::Number => types::F64,
            Self::Boolean => types::I8,
        }
    }

    /// The operand that a register of this type holds.
    pub fn operand(self, value: Value) -> Operand {
        match self {
            Self::Int(_) => Operand::Int(value),
            Self::Any | Self::Never => Operand::Boxed(value),
            Self::Number => Operand::Number(value),
            Self::Boolean => Operand::Boolean(value),
        }
    }
}

impl FunctionEmitter<'_, '_> {
    pub fn bits(&mut self, bits: u64) -> Value {
        self.b.ins().iconst(types::I64, bits as i64)
    }

    pub fn undefined(&mut self) -> Operand {
        Operand::Boxed(self.bits(abi::UNDEFINED))
    }

    pub fn load(&mut self, register: Register, address: Value, offset: i32) -> Value {
        self.b.ins().load(register, MEMORY, address, offset)
    }

    pub fn store(&mut self, value: Value, address: Value, offset: i32) {
        self.b.ins().store(MEMORY, value, address, offset);
    }

    /// Jumps to `block` with these arguments.
    pub fn jump(&mut self, block: Block, arguments: &[Value]) {
        let arguments: Vec<BlockArg> = arguments
            .iter()
            .map(|value| BlockArg::Value(*value))
            .collect();
        self.b.ins().jump(block, &arguments);
    }

    pub fn branch(&mut self, condition: Value, yes: Block, no: Block) {
        self.b.ins().brif(condition, yes, &[], no, &[]);
    }

    /// A block off the straight path.
    pub fn cold(&mut self) -> Block {
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        block
    }

    /// Goes on in `block`, whose predecessors are all known.
    pub fn enter(&mut self, block: Block) {
        self.b.switch_to_block(block);
        self.b.seal_block(block);
    }

    /// The 64 bits of a value.
    pub fn boxed(&mut self, operand: Operand) -> Value {
        match operand {
            Operand::Constant(value) => self.bits(value.to_bits()),
            Operand::Number(value) => self.b.ins().bitcast(types::I64, MemFlagsData::new(), value),
            Operand::Int(value) => {
                let value = self.b.ins().fcvt_from_sint(types::F64, value);
                self.b.ins().bitcast(types::I64, MemFlagsData::new(), value)
            }
            Operand::Boolean(value) => {
                let value = self.b.ins().uextend(types::I64, value);
                self.b.ins().bor_imm_s(value, abi::FALSE as i64)
            }
            Operand::Boxed(value) => value,
        }
    }

    /// A value as a register of `known`, which it is known to have.
    pub fn coerce(&mut self, operand: Operand, known: Type) -> Emitted<Value> {
        Ok(match (known, operand) {
            (Type::Int(_), Operand::Constant(value)) => {
                self.b.ins().iconst(types::I64, value as i64)
            }
            (Type::Int(_), Operand::Int(value)) => value,
            (Type::Int(_), other) => {
                let value = self.number_of(other)?;
                self.b.ins().fcvt_to_sint_sat(types::I64, value)
            }
            (Type::Number, other) => self.number_of(other)?,
            (Type::Boolean, Operand::Boolean(value)) => value,
            (Type::Boolean, other) => self.truthy(other)?,
            (Type::Any | Type::Never, other) => self.boxed(other),
        })
    }

    /// The bits of a double.
    pub fn unboxed(&mut self, value: Value) -> Value {
        self.b.ins().bitcast(types::F64, MemFlagsData::new(), value)
    }

    /// Whether a boxed value is a number.
    pub fn is_number(&mut self, value: Value) -> Value {
        self.b
            .ins()
            .icmp_imm_s(IntCC::UnsignedLessThan, value, FIRST_NON_NUMBER as i64)
    }

    /// Whether a boxed value has this tag.
    pub fn has_tag(&mut self, value: Value, tag: u64) -> Value {
        let found = self.b.ins().ushr_imm_u(value, 48);
        self.b.ins().icmp_imm_u(IntCC::Equal, found, tag as i64)
    }

    /// The pointer in a boxed value that has this tag.
    pub fn pointer(&mut self, value: Value, tag: u64) -> Value {
        self.b.ins().bxor_imm_s(value, (tag << 48) as i64)
    }

    /// ToNumber, as a double.
    pub fn number_of(&mut self, operand: Operand) -> Emitted<Value> {
        match operand {
            Operand::Constant(value) => Ok(self.b.ins().f64const(value)),
            Operand::Number(value) => Ok(value),
            Operand::Int(value) => Ok(self.b.ins().fcvt_from_sint(types::F64, value)),
            Operand::Boolean(value) => {
                let value = self.b.ins().uextend(types::I32, value);
                Ok(self.b.ins().fcvt_from_sint(types::F64, value))
            }
            Operand::Boxed(value) if self.unit.small => {
                let number = self.runtime("kt_to_number", &[value])?;
                Ok(self.unboxed(number))
            }
            Operand::Boxed(value) => {
                self.number_or(value, |this| this.runtime("kt_to_number", &[value]))
            }
        }
    }

    /// The double in a boxed value, or in the boxed number that `slow` gives.
    pub fn number_or(
        &mut self,
        value: Value,
        slow: impl FnOnce(&mut Self) -> Emitted<Value>,
    ) -> Emitted<Value> {
        let is_number = self.is_number(value);
        let cold = self.cold();
        let done = self.b.create_block();
        let number = self.b.append_block_param(done, types::I64);
        self.b
            .ins()
            .brif(is_number, done, &[BlockArg::Value(value)], cold, &[]);
        self.enter(cold);
        let converted = slow(self)?;
        self.jump(done, &[converted]);
        self.enter(done);
        Ok(self.unboxed(number))
    }

    /// A value that must be a number where it crosses a function's boundary; `name` is for the message.
    pub fn expect_number(&mut self, operand: Operand, name: &str) -> Emitted<Value> {
        match operand {
            Operand::Constant(_) | Operand::Number(_) | Operand::Int(_) => self.number_of(operand),
            Operand::Boolean(_) | Operand::Boxed(_) => {
                let value = self.boxed(operand);
                let is_number = self.is_number(value);
                let (cold, done) = (self.cold(), self.b.create_block());
                self.branch(is_number, done, cold);
                self.enter(cold);
                let name = self.text(name);
                self.throw("kt_throw_not_a_number", &[name, value])?;
                self.enter(done);
                Ok(self.unboxed(value))
            }
        }
    }

    /// ToInt32, as `i32`.
    pub fn int32_of(&mut self, operand: Operand) -> Emitted<Value> {
        if let Operand::Constant(value) = operand {
            let wrapped = (value.trunc() % 4_294_967_296.0) as i64 as u32 as i32;
            return Ok(self.b.ins().iconst(types::I32, i64::from(wrapped)));
        }
        if let Operand::Int(value) = operand {
            return Ok(self.b.ins().ireduce(types::I32, value));
        }
        if let Operand::Boolean(value) = operand {
            return Ok(self.b.ins().uextend(types::I32, value));
        }
        let value = self.number_of(operand)?;
        if self.unit.small {
            return self.runtime("kt_f64_to_int32", &[value]);
        }
        // The conversion saturates, and modulo 2^32 it is exact wherever it does not.
        let wide = self.b.ins().fcvt_to_sint_sat(types::I64, value);
        let narrow = self.b.ins().ireduce(types::I32, wide);
        let shifted = self.b.ins().iadd_imm_s(wide, i64::MIN + 1);
        let saturated = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, shifted, 2);
        let (cold, done) = (self.cold(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I32);
        self.b
            .ins()
            .brif(saturated, cold, &[], done, &[BlockArg::Value(narrow)]);
        self.enter(cold);
        let slow = self.runtime("kt_f64_to_int32", &[value])?;
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(result)
    }

    /// ToBoolean, as `i8`.
    pub fn truthy(&mut self, operand: Operand) -> Emitted<Value> {
        match operand {
            Operand::Constant(value) => Ok(self
                .b
                .ins()
                .iconst(types::I8, i64::from(value != 0.0 && !value.is_nan()))),
            Operand::Boolean(value) => Ok(value),
            Operand::Int(value) => Ok(self.b.ins().icmp_imm_s(IntCC::NotEqual, value, 0)),
            Operand::Number(value) => {
                let zero = self.b.ins().f64const(0.0);
                let magnitude = self.b.ins().fabs(value);
                Ok(self.b.ins().fcmp(FloatCC::GreaterThan, magnitude, zero))
            }
            Operand::Boxed(value) if self.unit.small => {
                let truth = self.runtime("kt_truthy", &[value])?;
                Ok(self.b.ins().ireduce(types::I8, truth))
            }
            Operand::Boxed(value) => {
                let done = self.b.create_block();
                let result = self.b.append_block_param(done, types::I8);
                let (special, other, cold) =
                    (self.b.create_block(), self.b.create_block(), self.cold());
                // undefined, null, false, true by their bits; objects are true; the rest asks.
                let offset = self
                    .b
                    .ins()
                    .iadd_imm_s(value, (abi::UNDEFINED as i64).wrapping_neg());
                let is_special = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, offset, 4);
                self.branch(is_special, special, other);
                self.enter(special);
                let is_true = self.b.ins().icmp_imm_s(IntCC::Equal, offset, 3);
                self.jump(done, &[is_true]);
                self.enter(other);
                let is_object = self.has_tag(value, abi::TAG_OBJECT);
                self.b
                    .ins()
                    .brif(is_object, done, &[BlockArg::Value(is_object)], cold, &[]);
                self.enter(cold);
                let slow = self.runtime("kt_truthy", &[value])?;
                let slow = self.b.ins().ireduce(types::I8, slow);
                self.jump(done, &[slow]);
                self.enter(done);
                Ok(result)
            }
        }
    }
}
