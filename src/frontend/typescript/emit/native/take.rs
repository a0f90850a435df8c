//! What C gives, as values: numbers that a number holds exactly, copies of strings, handles.

use super::Lent;
use crate::frontend::native::{NativeNumber, NativeValue};
use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::signature;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::Native;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};

impl FunctionEmitter<'_, '_> {
    /// An integer of C as a whole register.
    pub(super) fn extended(&mut self, value: Value, number: NativeNumber) -> Value {
        match (number.size(), number.is_signed()) {
            (8, _) => value,
            (_, true) => self.b.ins().sextend(types::I64, value),
            (_, false) => self.b.ins().uextend(types::I64, value),
        }
    }

    /// A number that C gives.
    pub(super) fn number_back(
        &mut self,
        number: NativeNumber,
        value: Value,
        subject: &str,
    ) -> Emitted<Operand> {
        let double = match number {
            NativeNumber::F64 => value,
            NativeNumber::F32 => self.b.ins().fpromote(types::F64, value),
            _ => {
                let value = self.extended(value, number);
                if number.size() < 8 {
                    return Ok(Operand::Int(value));
                }
                let (least, largest) = number.range();
                let distance = self.b.ins().iadd_imm_s(value, -least);
                let fits = self.b.ins().icmp_imm_u(
                    IntCC::UnsignedLessThanOrEqual,
                    distance,
                    largest - least,
                );
                let (cold, next) = (self.cold(), self.b.create_block());
                self.branch(fits, next, cold);
                self.enter(cold);
                let subject = self.text(subject);
                let signed = self.bits(u64::from(number.is_signed()));
                self.throw("kt_native_wide", &[subject, value, signed])?;
                self.enter(next);
                return Ok(Operand::Int(value));
            }
        };
        // A NaN of C may have any bits; here there is one.
        let is_nan = self.b.ins().fcmp(FloatCC::Unordered, double, double);
        let nan = self.bits(abi::NAN);
        let nan = self.unboxed(nan);
        Ok(Operand::Number(self.b.ins().select(is_nan, nan, double)))
    }

    /// A value that C gives.
    pub(super) fn taken(
        &mut self,
        native: &Native,
        value: &NativeValue,
        bits: Value,
        subject: &str,
        handles: Value,
        lent: &Lent<'_>,
    ) -> Emitted<Operand> {
        match value {
            NativeValue::Number(number) => self.number_back(*number, bits, subject),
            NativeValue::Bool => Ok(Operand::Boolean(self.b.ins().icmp_imm_s(
                IntCC::NotEqual,
                bits,
                0,
            ))),
            NativeValue::String { nullable, free } => {
                let free = match free {
                    Some(symbol) => self.c_function(symbol)?,
                    None => self.b.ins().iconst(types::I64, 0),
                };
                let nullable = self.b.ins().iconst(types::I64, i64::from(*nullable));
                let subject = self.text(subject);
                let arguments = [bits, nullable, free, subject];
                Ok(Operand::Boxed(
                    self.runtime("kt_native_string_back", &arguments)?,
                ))
            }
            NativeValue::Handle {
                handle,
                nullable,
                borrowed,
            } => {
                let mut flags = 0;
                flags |= if *nullable { abi::NATIVE_NULLABLE } else { 0 };
                flags |= if *borrowed { abi::NATIVE_BORROWED } else { 0 };
                let (kind, flags) = (self.handle_kind(native, handle)?, self.bits(flags));
                let subject = self.text(subject);
                let count = self.b.ins().iconst(types::I64, lent.handles.len() as i64);
                let arguments = [bits, kind, flags, subject, count, handles];
                Ok(Operand::Boxed(
                    self.runtime("kt_native_handle_back", &arguments)?,
                ))
            }
        }
    }
}

/// The register in which C gives a value.
pub(super) fn register(value: &NativeValue) -> Type {
    match value {
        NativeValue::Number(number) => signature::native_number(*number),
        NativeValue::Bool => types::I8,
        NativeValue::String { .. } | NativeValue::Handle { .. } => types::I64,
    }
}
