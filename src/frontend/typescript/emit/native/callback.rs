//! What C calls in place of a function of the program, for as long as the call lasts to which the function was given.

use super::{call_of, subject};
use crate::frontend::native::{NativeCallback, NativeKind, NativeScalar};
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::signature;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::Function;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

/// The callback that a parameter of a native function is.
pub fn callback(function: &Function, parameter: usize) -> &NativeCallback {
    match &call_of(function).function.parameters[parameter].kind {
        NativeKind::Callback(callback) => callback,
        _ => unreachable!("only callbacks are compiled as such"),
    }
}

impl FunctionEmitter<'_, '_> {
    /// The body of what C calls in place of a function of the program. What is thrown waits until C has returned; until
    /// then C gets zeros.
    pub fn callback(&mut self, parameter: usize) -> Emitted<()> {
        let native = call_of(self.function);
        let callback = callback(self.function, parameter);
        let subject = subject(native, parameter);
        let entry = self.b.current_block().expect("the entry block is open");
        let inputs = self.b.block_params(entry).to_vec();
        let thrown = self.cold();
        self.handlers.push(thrown);
        let cell = self.callback_cell(parameter);
        let (_, may) = self.runtime_raw("kt_native_may_call", &[cell])?;
        let may = may.expect("an answer is given");
        let go = self.b.create_block();
        self.branch(may, go, thrown);
        self.enter(go);
        let mut values = Vec::new();
        for (scalar, bits) in callback.parameters.iter().zip(inputs) {
            let Some(scalar) = scalar else { continue };
            let subject = format!(
                "argument {} that {} was called with",
                values.len() + 1,
                subject
            );
            let value = match scalar {
                NativeScalar::Number(number) => self.number_back(*number, bits, &subject)?,
                NativeScalar::Bool => {
                    Operand::Boolean(self.b.ins().icmp_imm_s(IntCC::NotEqual, bits, 0))
                }
                NativeScalar::String { nullable } => {
                    let nullable = self.b.ins().iconst(types::I64, i64::from(*nullable));
                    let zero = self.b.ins().iconst(types::I64, 0);
                    let subject = self.text(&subject);
                    let arguments = [bits, nullable, zero, subject];
                    Operand::Boxed(self.runtime("kt_native_string_back", &arguments)?)
                }
            };
            values.push(self.boxed(value));
        }
        let count = self.b.ins().iconst(types::I64, values.len() as i64);
        let values = self.outgoing(&values);
        let result = self.runtime("kt_native_call_back", &[cell, count, values])?;
        let subject = format!("what {subject} returns");
        let result = Operand::Boxed(result);
        let returned = match callback.returns {
            None => Vec::new(),
            Some(NativeScalar::Number(number)) => {
                let (value, _) = self.number_in(number, result, &subject)?;
                let ty = signature::native_number(number);
                let narrow = ty.is_int() && ty != types::I64;
                vec![if narrow {
                    self.b.ins().ireduce(ty, value)
                } else {
                    value
                }]
            }
            Some(NativeScalar::Bool | NativeScalar::String { .. }) => {
                let value = self.bool_in(result, &subject)?;
                vec![self.b.ins().ireduce(types::I8, value)]
            }
        };
        self.b.ins().return_(&returned);
        self.handlers.pop();
        self.enter(thrown);
        let zeros: Vec<Value> = returned
            .iter()
            .map(|value| self.zero_like(*value))
            .collect();
        self.b.ins().return_(&zeros);
        Ok(())
    }

    fn zero_like(&mut self, value: Value) -> Value {
        match self.b.func.dfg.value_type(value) {
            types::F64 => self.b.ins().f64const(0.0),
            types::F32 => self.b.ins().f32const(0.0),
            ty => self.b.ins().iconst(ty, 0),
        }
    }
}
