//! What C is given: numbers and booleans as they are, copies of strings and bytes, pointers of handles. It says what is
//! wrong with a value that C cannot be given.

use super::Lent;
use crate::frontend::native::{NativeKind, NativeNumber};
use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::unit::Work;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::Native;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, StackSlot, Type, Value, types};

impl<'a> FunctionEmitter<'_, 'a> {
    /// Makes what C takes for one parameter.
    pub(super) fn lend(
        &mut self,
        native: &'a Native,
        index: usize,
        given: Option<Operand>,
        subject: String,
        lent: &mut Lent<'a>,
    ) -> Emitted<()> {
        let kind = &native.function.parameters[index].kind;
        let given = given.unwrap_or(Operand::Constant(0.0));
        match kind {
            NativeKind::Number(number) => {
                let value = self.number_in(*number, given, &subject)?;
                lent.passed.push(value);
            }
            NativeKind::Bool => {
                let value = self.bool_in(given, &subject)?;
                lent.passed.push((value, types::I64));
            }
            NativeKind::String { nullable } => {
                let value = self.boxed(given);
                let nullable = self.b.ins().iconst(types::I64, i64::from(*nullable));
                let subject = self.text(&subject);
                let pointer = self.runtime("kt_native_string", &[value, nullable, subject])?;
                lent.passed.push((pointer, types::I64));
            }
            NativeKind::Text { length } => {
                let (pointer, slot) = self.bytes_in("kt_native_text", given, *length, &subject)?;
                let count = self.in_slot(types::I64, slot);
                lent.passed
                    .extend([(pointer, types::I64), (count, types::I64)]);
            }
            NativeKind::Bytes { length } => {
                let (pointer, slot) = self.bytes_in("kt_native_bytes", given, *length, &subject)?;
                let count = self.in_slot(types::I64, slot);
                lent.passed
                    .extend([(pointer, types::I64), (count, types::I64)]);
            }
            NativeKind::BytesOut {
                length,
                length_given,
            } => {
                let (pointer, slot) = self.bytes_in("kt_native_bytes", given, *length, &subject)?;
                let count = match length_given {
                    true => self.b.ins().stack_addr(types::I64, slot, 0),
                    false => self.in_slot(types::I64, slot),
                };
                lent.passed
                    .extend([(pointer, types::I64), (count, types::I64)]);
                let array = self.boxed(given);
                lent.written.push((array, pointer, slot, *length, subject));
            }
            NativeKind::Handle {
                handle,
                nullable,
                consumed,
            } => {
                let value = self.boxed(given);
                let flags = if *nullable { abi::NATIVE_NULLABLE } else { 0 };
                let kind = self.handle_kind(native, handle)?;
                let (subject, bits) = (self.text(&subject), self.bits(flags));
                let pointer = self.runtime("kt_native_handle", &[value, kind, bits, subject])?;
                if *consumed {
                    let bits = self.bits(flags | abi::NATIVE_CONSUMED);
                    lent.consumed.push([value, kind, bits, subject]);
                }
                lent.handles.push(value);
                lent.passed.push((pointer, types::I64));
            }
            NativeKind::Constant(value) => {
                let value = self.b.ins().iconst(types::I64, *value);
                lent.passed.push((value, types::I64));
            }
            NativeKind::Out(value) => {
                let slot = self.stack_slot(8);
                let zero = self.b.ins().iconst(types::I64, 0);
                let address = self.b.ins().stack_addr(types::I64, slot, 0);
                self.store(zero, address, 0);
                lent.passed.push((address, types::I64));
                lent.stored.push((value, slot, subject));
            }
            NativeKind::Callback(_) => {
                let value = self.boxed(given);
                let cell = self.callback_cell(index);
                let subject = self.text(&subject);
                self.runtime("kt_native_lend", &[cell, value, subject])?;
                let entry = self.unit.demand(Work::Callback(self.id, index))?;
                let entry = self.unit.data.functions(&[entry]);
                let entry = self.place(entry);
                let entry = self.load(types::I64, entry, 0);
                lent.passed.push((entry, types::I64));
                lent.calls_back = true;
            }
        }
        Ok(())
    }

    /// The bytes of a string or array, and the slot where their number is.
    pub(super) fn bytes_in(
        &mut self,
        how: &'static str,
        given: Operand,
        length: NativeNumber,
        subject: &str,
    ) -> Emitted<(Value, StackSlot)> {
        let value = self.boxed(given);
        let slot = self.stack_slot(8);
        let address = self.b.ins().stack_addr(types::I64, slot, 0);
        let (subject, most) = (self.text(subject), self.bits(length.range().1 as u64));
        let pointer = self.runtime(how, &[value, subject, most, address])?;
        Ok((pointer, slot))
    }

    /// Throws unless `fits`.
    pub(super) fn require(
        &mut self,
        fits: Value,
        subject: &str,
        value: Value,
        what: &str,
    ) -> Emitted<()> {
        let (cold, next) = (self.cold(), self.b.create_block());
        self.branch(fits, next, cold);
        self.enter(cold);
        let (subject, what) = (self.text(subject), self.text(what));
        self.throw("kt_native_wrong", &[subject, value, what])?;
        self.enter(next);
        Ok(())
    }

    /// A number as C takes it: integers as a whole register.
    pub(super) fn number_in(
        &mut self,
        number: NativeNumber,
        given: Operand,
        subject: &str,
    ) -> Emitted<(Value, Type)> {
        let double = match given {
            Operand::Boxed(value) => {
                let is_number = self.is_number(value);
                self.require(is_number, subject, value, "a number")?;
                self.unboxed(value)
            }
            other => self.number_of(other)?,
        };
        match number {
            NativeNumber::F64 => return Ok((double, types::F64)),
            NativeNumber::F32 => return Ok((self.b.ins().fdemote(types::F32, double), types::F32)),
            _ => {}
        }
        let (least, largest) = number.range();
        let integer = self.b.ins().fcvt_to_sint_sat(types::I64, double);
        let again = self.b.ins().fcvt_from_sint(types::F64, integer);
        let whole = self.b.ins().fcmp(FloatCC::Equal, again, double);
        let distance = self.b.ins().iadd_imm_s(integer, -least);
        let within =
            self.b
                .ins()
                .icmp_imm_u(IntCC::UnsignedLessThanOrEqual, distance, largest - least);
        let fits = self.b.ins().band(whole, within);
        let value = self.boxed(Operand::Number(double));
        let what = format!("an integer from {least} to {largest}");
        self.require(fits, subject, value, &what)?;
        Ok((integer, types::I64))
    }

    /// A boolean as C takes it: 0 or 1.
    pub(super) fn bool_in(&mut self, given: Operand, subject: &str) -> Emitted<Value> {
        let value = self.boxed(given);
        let offset = self
            .b
            .ins()
            .iadd_imm_s(value, (abi::FALSE as i64).wrapping_neg());
        let fits = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, offset, 2);
        self.require(fits, subject, value, "a boolean")?;
        Ok(offset)
    }
}
