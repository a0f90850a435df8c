//! Calls of C functions: what is given becomes what C takes, and what C gives becomes values. Strings and bytes are lent for
//! the call as copies; what fits no type is an exception, never another value. It knows the C calling convention, and
//! neither where a library is nor what its functions do.

mod callback;
mod lend;
mod take;

pub use callback::callback;

use crate::frontend::native::{NativeKind, NativeNumber, NativeParameter, NativeValue};
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::signature;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Expr, Function, Native, Stmt};
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, StackSlot, Type, Value, types};
use cranelift_codegen::isa::CallConv;
use take::register;

/// The native call that a function is made for.
fn call_of(function: &Function) -> &Native {
    match function.body.as_slice() {
        [Stmt::Return(Some(Expr::Native(native, _)))] => native,
        _ => unreachable!("the function of a native library consists of its call"),
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
    /// Those of them that the function ends: what the runtime is told once nothing can be thrown any more.
    consumed: Vec<[Value; 4]>,
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
        for handle in &lent.consumed {
            self.runtime("kt_native_handle", handle)?;
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

    /// The description of a kind of handle.
    pub(super) fn handle_kind(&mut self, native: &Native, handle: &str) -> Emitted<Value> {
        let known = native.handles.iter().find(|(name, _)| name == handle);
        let finalizer = match known.and_then(|(_, finalizer)| finalizer.clone()) {
            Some(symbol) => Some(self.unit.imported_function(symbol, &signature::thunk())?),
            None => None,
        };
        let place = self.unit.data.handle_kind(handle, finalizer);
        Ok(self.place(place))
    }

    /// The address of the word that says which function a callback calls.
    pub(super) fn callback_cell(&mut self, parameter: usize) -> Value {
        let place = self.unit.data.callback_cell(self.id, parameter);
        self.place(place)
    }
}
