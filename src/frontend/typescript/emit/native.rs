//! Calls of C functions: what is given becomes what C takes, and what C gives becomes values. Strings and bytes are lent for
//! the call as copies; what fits no type is an exception, never another value. It knows the C calling convention, and
//! neither where a library is nor what its functions do.

use crate::frontend::native::{
    NativeCallback, NativeKind, NativeNumber, NativeParameter, NativeScalar, NativeValue,
};
use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::data::Place;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::signature;
use crate::frontend::typescript::emit::unit::Work;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Expr, Function, Native, Stmt};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, StackSlot, Type, Value, types};
use cranelift_codegen::isa::CallConv;

/// The native call that a function is made for.
fn call_of(function: &Function) -> &Native {
    match function.body.as_slice() {
        [Stmt::Return(Some(Expr::Native(native, _)))] => native,
        _ => unreachable!("the function of a native library consists of its call"),
    }
}

/// The callback that a parameter of a native function is.
pub fn callback(function: &Function, parameter: usize) -> &NativeCallback {
    match &call_of(function).function.parameters[parameter].kind {
        NativeKind::Callback(callback) => callback,
        _ => unreachable!("only callbacks are compiled as such"),
    }
}

/// What C is given, and what is to be done with it after the call.
#[derive(Default)]
struct Lent<'a> {
    /// Registers and their types, in order.
    passed: Vec<(Value, Type)>,
    /// Where values are stored by the function.
    stored: Vec<(&'a NativeValue, StackSlot, String)>,
    /// Arrays that get back what the function wrote: the array, the bytes, where their number is, and its type.
    written: Vec<(Value, Value, StackSlot, NativeNumber, String)>,
    /// The handles among the arguments.
    handles: Vec<Value>,
    /// The function may call back.
    calls_back: bool,
}

/// Whether something is lent for a parameter until the call is over.
fn is_lent(parameter: &NativeParameter) -> bool {
    match parameter.kind {
        NativeKind::String { .. } | NativeKind::Text { .. } => true,
        NativeKind::Bytes { .. } | NativeKind::BytesOut { .. } => true,
        NativeKind::Callback(_) => true,
        NativeKind::Number(_) | NativeKind::Bool | NativeKind::Handle { .. } => false,
        NativeKind::Constant(_) | NativeKind::Out(_) => false,
    }
}

/// A parameter as messages call it.
fn subject(native: &Native, index: usize) -> String {
    let parameters = &native.function.parameters;
    let (parameter, function) = (&parameters[index], &native.name);
    match &parameter.name {
        Some(name) => format!("{name} of {function}"),
        None if parameter.is_given() => {
            let before = parameters[..index]
                .iter()
                .filter(|before| before.is_given());
            format!("argument {} of {function}", before.count() + 1)
        }
        None => format!("what {function} stores"),
    }
}

/// The result as messages call it.
fn result_of(native: &Native) -> String {
    format!("the result of {}", native.name)
}

impl<'a> FunctionEmitter<'_, 'a> {
    /// Calls a C function. What was lent is taken back whether it returns or something is thrown.
    pub fn native(&mut self, native: &'a Native, arguments: &'a [Expr]) -> Emitted<Operand> {
        let mut given = Vec::with_capacity(arguments.len());
        for argument in arguments {
            given.push(self.expr(argument)?);
        }
        if !native.function.parameters.iter().any(is_lent) {
            return self.native_call(native, &given);
        }
        let (_, mark) = self.runtime_raw("kt_native_mark", &[])?;
        let mark = mark.expect("a mark is given");
        let thrown = self.cold();
        self.handlers.push(thrown);
        let result = self.native_call(native, &given);
        self.handlers.pop();
        let result = result?;
        self.runtime_raw("kt_native_release", &[mark])?;
        let next = self.b.create_block();
        self.jump(next, &[]);
        self.enter(thrown);
        self.runtime_raw("kt_native_release", &[mark])?;
        let handler = self.handler();
        self.jump(handler, &[]);
        self.enter(next);
        Ok(result)
    }

    fn native_call(&mut self, native: &'a Native, given: &[Operand]) -> Emitted<Operand> {
        let function = &native.function;
        let mut lent = Lent::default();
        let mut given = given.iter().copied();
        for (index, parameter) in function.parameters.iter().enumerate() {
            let operand = if parameter.is_given() {
                given.next()
            } else {
                None
            };
            let subject = subject(native, index);
            self.lend(native, index, operand, subject, &mut lent)?;
        }
        // Kept where the collector sees them: C may use what belongs to a handle for as long as this call is not over.
        let handles = self.stack_slot(8 * lent.handles.len().max(1) as u32);
        let handles = self.b.ins().stack_addr(types::I64, handles, 0);
        for (index, handle) in lent.handles.iter().enumerate() {
            self.store(*handle, handles, index as i32 * 8);
        }
        let mut c = ir::Signature::new(CallConv::SystemV);
        let types = lent.passed.iter().map(|(_, ty)| AbiParam::new(*ty));
        c.params.extend(types);
        let returned = function.returns.as_ref().map(register);
        c.returns.extend(returned.map(AbiParam::new));
        let c = self.b.import_signature(c);
        let address = self.c_function(&function.symbol)?;
        let passed: Vec<Value> = lent.passed.iter().map(|(value, _)| *value).collect();
        let call = self.b.ins().call_indirect(c, address, &passed);
        let returned = self.b.inst_results(call).first().copied();
        if lent.calls_back {
            self.runtime("kt_native_thrown", &[])?;
        }
        let mut values = Vec::new();
        for ((value, bits), number) in function.returns.iter().zip(returned).zip(0..) {
            values.push((number, value, bits, result_of(native)));
        }
        for (value, slot, subject) in std::mem::take(&mut lent.stored) {
            let bits = self.in_slot(register(value), slot);
            values.push((values.len(), value, bits, subject));
        }
        for (array, bytes, slot, number, subject) in std::mem::take(&mut lent.written) {
            let count = self.in_slot(signature::native_number(number), slot);
            let count = self.extended(count, number);
            let subject = self.text(&subject);
            self.runtime("kt_native_bytes_back", &[array, bytes, count, subject])?;
        }
        // Handles first: they would be lost if another value could not be had.
        values.sort_by_key(|(_, value, ..)| !matches!(value, NativeValue::Handle { .. }));
        let mut results = vec![self.undefined(); values.len()];
        for (position, value, bits, subject) in values {
            results[position] = self.taken(native, value, bits, &subject, handles, &lent)?;
        }
        match results.as_slice() {
            [] => Ok(self.undefined()),
            [only] => Ok(*only),
            several => {
                let values: Vec<Value> = several.iter().map(|value| self.boxed(*value)).collect();
                let count = self.b.ins().iconst(types::I64, values.len() as i64);
                let values = self.outgoing(&values);
                Ok(Operand::Boxed(
                    self.runtime("kt_array_new", &[count, values])?,
                ))
            }
        }
    }

    /// What was stored to a slot.
    fn in_slot(&mut self, register: Type, slot: StackSlot) -> Value {
        let address = self.b.ins().stack_addr(types::I64, slot, 0);
        self.load(register, address, 0)
    }

    /// The address of a C function, which the linker or the loader puts into the static data: it may be anywhere.
    fn c_function(&mut self, symbol: &str) -> Emitted<Value> {
        let id = self
            .unit
            .imported_function(symbol.to_owned(), &signature::thunk())?;
        let place = self.unit.data.functions(&[id]);
        let place = self.place(place);
        Ok(self.load(types::I64, place, 0))
    }

    /// Makes what C takes for one parameter.
    fn lend(
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
                let mut flags = 0;
                flags |= if *nullable { abi::NATIVE_NULLABLE } else { 0 };
                flags |= if *consumed { abi::NATIVE_CONSUMED } else { 0 };
                let (kind, flags) = (self.handle_kind(native, handle)?, self.bits(flags));
                let subject = self.text(&subject);
                let pointer = self.runtime("kt_native_handle", &[value, kind, flags, subject])?;
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
    fn bytes_in(
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

    /// The description of a kind of handle.
    fn handle_kind(&mut self, native: &Native, handle: &str) -> Emitted<Value> {
        let place = match self.unit.handle_kinds.get(handle) {
            Some(place) => *place,
            None => {
                let known = native.handles.iter().find(|(name, _)| name == handle);
                let finalizer = match known.and_then(|(_, finalizer)| finalizer.clone()) {
                    Some(symbol) => Some(self.unit.imported_function(symbol, &signature::thunk())?),
                    None => None,
                };
                let place = self.unit.data.handle_kind(handle, finalizer);
                self.unit.handle_kinds.insert(handle.to_owned(), place);
                place
            }
        };
        Ok(self.place(place))
    }

    /// The word that says which function a callback calls.
    fn callback_cell(&mut self, parameter: usize) -> Value {
        let data = &mut self.unit.data;
        let cells = &mut self.unit.callback_cells;
        let place: Place = *cells
            .entry((self.id, parameter))
            .or_insert_with(|| data.reserve(8));
        self.place(place)
    }

    /// Throws unless `fits`.
    fn require(&mut self, fits: Value, subject: &str, value: Value, what: &str) -> Emitted<()> {
        let (cold, next) = (self.cold(), self.b.create_block());
        self.branch(fits, next, cold);
        self.enter(cold);
        let (subject, what) = (self.text(subject), self.text(what));
        self.throw("kt_native_wrong", &[subject, value, what])?;
        self.enter(next);
        Ok(())
    }

    /// A number as C takes it: integers as a whole register.
    fn number_in(
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
    fn bool_in(&mut self, given: Operand, subject: &str) -> Emitted<Value> {
        let value = self.boxed(given);
        let offset = self
            .b
            .ins()
            .iadd_imm_s(value, (abi::FALSE as i64).wrapping_neg());
        let fits = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, offset, 2);
        self.require(fits, subject, value, "a boolean")?;
        Ok(offset)
    }

    /// An integer of C as a whole register.
    fn extended(&mut self, value: Value, number: NativeNumber) -> Value {
        match (number.size(), number.is_signed()) {
            (8, _) => value,
            (_, true) => self.b.ins().sextend(types::I64, value),
            (_, false) => self.b.ins().uextend(types::I64, value),
        }
    }

    /// A number that C gives.
    fn number_back(
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
    fn taken(
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

/// The register in which C gives a value.
fn register(value: &NativeValue) -> Type {
    match value {
        NativeValue::Number(number) => signature::native_number(*number),
        NativeValue::Bool => types::I8,
        NativeValue::String { .. } | NativeValue::Handle { .. } => types::I64,
    }
}
