//! Calls: direct ones with arguments in registers, method calls through their sites, and all others through the function
//! object; `new` and `super(…)`.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::data::Access;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::signature;
use crate::frontend::typescript::emit::symbol;
use crate::frontend::typescript::emit::unit::{Unit, Work};
use crate::frontend::typescript::emit::value::{MEMORY, Operand};
use crate::frontend::typescript::hir::{Argument, Expr, GlobalKind, Home, Key};
use crate::frontend::typescript::lower::{Binding, Signature};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, FuncRef, InstBuilder, Value, types};

/// Arguments, evaluated.
pub enum Arguments {
    List(Vec<Value>),
    /// An array value, where spreads are among them.
    Array(Value),
}

impl Unit<'_> {
    /// Whether a call is direct and gives a double.
    pub fn returns_number(&self, callee: &Expr, arguments: &[Argument]) -> bool {
        self.direct_call(callee, arguments)
            .is_some_and(|signature| signature.returns_number)
    }

    /// The signature of the direct entry that a call uses, if it can use one.
    fn direct_call(&self, callee: &Expr, arguments: &[Argument]) -> Option<&Signature> {
        let signature = match callee {
            Expr::Global(global) => match self.hir.globals[global.0 as usize].kind {
                GlobalKind::Function(function) => self.direct(function)?,
                _ => return None,
            },
            Expr::Import(import) => match &self.lowered.bindings[import.0 as usize] {
                Binding::Function {
                    signature: Some(signature),
                    ..
                } => signature,
                _ => return None,
            },
            _ => return None,
        };
        let plain = arguments
            .iter()
            .all(|argument| matches!(argument, Argument::Value(_)));
        let given = |index: usize| index < arguments.len();
        let enough = signature
            .params
            .iter()
            .enumerate()
            .all(|(index, param)| !param.number || given(index));
        (plain && enough).then_some(signature)
    }
}

impl<'a> FunctionEmitter<'_, 'a> {
    pub fn call(&mut self, callee: &'a Expr, arguments: &'a [Argument]) -> Emitted<Operand> {
        if let Some(signature) = self.unit.direct_call(callee, arguments).cloned() {
            let target = self.direct_target(callee, &signature)?;
            return self.direct_call(target, &signature, callee, arguments);
        }
        let function = self.value(callee)?;
        let arguments = self.arguments_of(arguments)?;
        let this = self.bits(abi::UNDEFINED);
        let text = describe(self, callee);
        self.invoke(function, this, &arguments, &text)
    }

    fn direct_target(&mut self, callee: &'a Expr, signature: &Signature) -> Emitted<FuncRef> {
        let id = match callee {
            Expr::Global(global) => match self.unit.hir.globals[global.0 as usize].kind {
                GlobalKind::Function(function) => self.unit.demand(Work::Direct(function))?,
                _ => unreachable!("only functions are called directly"),
            },
            Expr::Import(import) => match &self.unit.lowered.bindings[import.0 as usize] {
                Binding::Function { stem, global, .. } => self.unit.imported_function(
                    symbol::function(stem, global),
                    &signature::direct(signature),
                )?,
                _ => unreachable!("only functions are called directly"),
            },
            _ => unreachable!("only declarations are called directly"),
        };
        Ok(self.reference(id))
    }

    fn direct_call(
        &mut self,
        target: FuncRef,
        signature: &Signature,
        callee: &Expr,
        arguments: &'a [Argument],
    ) -> Emitted<Operand> {
        let mut operands = Vec::new();
        for argument in arguments {
            let (Argument::Value(value) | Argument::Spread(value)) = argument;
            operands.push(self.expr(value)?);
        }
        let mut values = Vec::new();
        let name = describe(self, callee);
        for (index, param) in signature.params.iter().enumerate() {
            values.push(if param.rest {
                let rest: Vec<Value> = operands
                    .iter()
                    .skip(index)
                    .map(|operand| self.boxed(*operand))
                    .collect();
                let count = self.b.ins().iconst(types::I64, rest.len() as i64);
                let rest = self.outgoing(&rest);
                self.runtime("kt_array_new", &[count, rest])?
            } else {
                match operands.get(index) {
                    Some(operand) if param.number => self.expect_number(*operand, &name)?,
                    Some(operand) => self.boxed(*operand),
                    None => self.bits(abi::UNDEFINED),
                }
            });
        }
        let call = self.b.ins().call(target, &values);
        let result = self.b.inst_results(call)[0];
        if signature.returns_number {
            let bits = self.boxed(Operand::Number(result));
            self.check(bits);
            return Ok(Operand::Number(result));
        }
        self.check(result);
        Ok(Operand::Boxed(result))
    }

    pub fn arguments_of(&mut self, arguments: &'a [Argument]) -> Emitted<Arguments> {
        let spread = arguments
            .iter()
            .position(|argument| matches!(argument, Argument::Spread(_)));
        let mut values = Vec::new();
        for argument in &arguments[..spread.unwrap_or(arguments.len())] {
            let (Argument::Value(value) | Argument::Spread(value)) = argument;
            values.push(self.value(value)?);
        }
        let Some(spread) = spread else {
            return Ok(Arguments::List(values));
        };
        let count = self.b.ins().iconst(types::I64, values.len() as i64);
        let values = self.outgoing(&values);
        let array = self.runtime("kt_array_new", &[count, values])?;
        for argument in &arguments[spread..] {
            match argument {
                Argument::Value(value) => {
                    let value = self.value(value)?;
                    self.runtime("kt_array_push", &[array, value])?;
                }
                Argument::Spread(value) => self.spread(array, value, true)?,
            }
        }
        Ok(Arguments::Array(array))
    }

    /// Calls a value. `text` is the callee as written, for the message where it is no function.
    pub fn invoke(
        &mut self,
        function: Value,
        this: Value,
        arguments: &Arguments,
        text: &str,
    ) -> Emitted<Operand> {
        let values = match arguments {
            Arguments::Array(array) => {
                return Ok(Operand::Boxed(
                    self.runtime("kt_call_array", &[function, this, *array])?,
                ));
            }
            Arguments::List(values) => values,
        };
        if self.unit.small {
            let text = self.text(text);
            let (argc, argv) = self.passed(values);
            return Ok(Operand::Boxed(
                self.runtime("kt_call_named", &[function, this, argc, argv, text])?,
            ));
        }
        let (miss, check, go) = (self.cold(), self.b.create_block(), self.b.create_block());
        let is_object = self.has_tag(function, abi::TAG_OBJECT);
        self.branch(is_object, check, miss);
        self.enter(check);
        let pointer = self.pointer(function, abi::TAG_OBJECT);
        let kind = self.b.ins().uload8(types::I32, MEMORY, pointer, 0);
        let is_function =
            self.b
                .ins()
                .icmp_imm_u(IntCC::Equal, kind, i64::from(abi::KIND_FUNCTION));
        self.branch(is_function, go, miss);
        self.enter(miss);
        let text = self.text(text);
        self.throw("kt_throw_not_callable", &[function, text])?;
        self.enter(go);
        let entry = self.load(types::I64, pointer, abi::FUNCTION_ENTRY);
        let (argc, argv) = self.passed(values);
        let undefined = self.bits(abi::UNDEFINED);
        let signature = self.generic_signature();
        let call =
            self.b
                .ins()
                .call_indirect(signature, entry, &[function, this, undefined, argc, argv]);
        let result = self.b.inst_results(call)[0];
        self.check(result);
        Ok(Operand::Boxed(result))
    }

    fn passed(&mut self, values: &[Value]) -> (Value, Value) {
        let argc = self.b.ins().iconst(types::I64, values.len() as i64);
        let argv = self.outgoing(values);
        (argc, argv)
    }

    /// `object.name(arguments)`.
    pub fn call_method(
        &mut self,
        object: &'a Expr,
        name: &'a str,
        arguments: &'a [Argument],
    ) -> Emitted<Operand> {
        if let Some(result) = self.math(object, name, arguments)? {
            return Ok(result);
        }
        if let Some(member) = self.member(object, name) {
            let function = self.binding(member, name)?;
            let function = self.boxed(function);
            let this = self.bits(abi::UNDEFINED);
            let arguments = self.arguments_of(arguments)?;
            return self.invoke(function, this, &arguments, name);
        }
        let text = format!("{}.{name}", describe(self, object));
        let object = self.value(object)?;
        let function = self.method(object, name)?;
        let arguments = self.arguments_of(arguments)?;
        self.invoke(function, object, &arguments, &text)
    }

    /// The value of `object.name`, about to be called.
    fn method(&mut self, object: Value, name: &str) -> Emitted<Value> {
        let site = self.site(Access::Method, name);
        if self.unit.small {
            return self.runtime("kt_method_site", &[object, site]);
        }
        let (miss, done) = (self.cold(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I64);
        self.of_shape(object, site, abi::SITE_METHOD_SHAPE, miss);
        let epoch = self.unit.imported_data(abi::PROTOTYPE_EPOCH.to_owned())?;
        let epoch = self.address(epoch, 0);
        let epoch = self.load(types::I64, epoch, 0);
        let remembered = self.load(types::I64, site, abi::SITE_EPOCH);
        let hit = self.b.ins().icmp(IntCC::Equal, epoch, remembered);
        let value = self.load(types::I64, site, abi::SITE_VALUE);
        self.b
            .ins()
            .brif(hit, done, &[BlockArg::Value(value)], miss, &[]);
        self.enter(miss);
        let slow = self.runtime("kt_method_site", &[object, site])?;
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(result)
    }

    pub fn call_index(
        &mut self,
        object: &'a Expr,
        index: &'a Expr,
        arguments: &'a [Argument],
    ) -> Emitted<Operand> {
        let text = format!("{}[…]", describe(self, object));
        let object = self.value(object)?;
        let key = self.value(index)?;
        let function = self.runtime("kt_get", &[object, key])?;
        let arguments = self.arguments_of(arguments)?;
        self.invoke(function, object, &arguments, &text)
    }

    pub fn call_with(
        &mut self,
        this: &'a Expr,
        callee: &'a Expr,
        arguments: &'a [Argument],
    ) -> Emitted<Operand> {
        let mut text = describe(self, callee);
        if let (Some(member), Expr::SetLocal(_, object)) = (text.strip_prefix('.'), this) {
            text = format!("{}.{member}", describe(self, object));
        }
        let this = self.value(this)?;
        let function = self.value(callee)?;
        let arguments = self.arguments_of(arguments)?;
        self.invoke(function, this, &arguments, &text)
    }

    pub fn call_super_method(
        &mut self,
        home: &'a Home,
        key: &'a Key,
        arguments: &'a [Argument],
    ) -> Emitted<Operand> {
        let (function, this) = (self.value(&home.function)?, self.value(&home.this)?);
        let name = self.key(key)?;
        let method = self.runtime("kt_super_get", &[function, this, name])?;
        let arguments = self.arguments_of(arguments)?;
        let text = match key {
            Key::Name(name) => format!("(intermediate value).{name}"),
            Key::Computed(_) => "(intermediate value)[…]".to_owned(),
        };
        self.invoke(method, this, &arguments, &text)
    }

    pub fn construct(
        &mut self,
        constructor: &'a Expr,
        arguments: &'a [Argument],
    ) -> Emitted<Operand> {
        let text = describe(self, constructor);
        let constructor = self.value(constructor)?;
        let arguments = self.arguments_of(arguments)?;
        let Arguments::List(values) = arguments else {
            return Ok(Operand::Boxed(self.construct_with(
                constructor,
                constructor,
                &arguments,
            )?));
        };
        let text = self.text(&text);
        let (argc, argv) = self.passed(&values);
        Ok(Operand::Boxed(self.runtime(
            "kt_construct_named",
            &[constructor, argc, argv, text],
        )?))
    }

    fn construct_with(
        &mut self,
        constructor: Value,
        new_target: Value,
        arguments: &Arguments,
    ) -> Emitted<Value> {
        match arguments {
            Arguments::Array(array) => {
                self.runtime("kt_construct_array", &[constructor, new_target, *array])
            }
            Arguments::List(values) => {
                let (argc, argv) = self.passed(values);
                self.runtime("kt_construct", &[constructor, new_target, argc, argv])
            }
        }
    }

    pub fn super_call(&mut self, arguments: &'a [Argument]) -> Emitted<Operand> {
        let parent = self.runtime("kt_super_constructor", &[self.callee])?;
        let arguments = self.arguments_of(arguments)?;
        let this = self.construct_with(parent, self.new_target, &arguments)?;
        let old = self.b.use_var(self.this);
        let first = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, old, abi::EMPTY as i64);
        let (cold, next) = (self.cold(), self.b.create_block());
        self.branch(first, next, cold);
        self.enter(cold);
        let message = self.text("Super constructor may only be called once");
        self.throw("kt_throw_reference", &[message])?;
        self.enter(next);
        self.b.def_var(self.this, this);
        Ok(Operand::Boxed(this))
    }
}

/// A callee as messages show it.
pub fn describe(emitter: &FunctionEmitter<'_, '_>, callee: &Expr) -> String {
    match callee {
        Expr::Local(local) => emitter.function.locals[local.0 as usize].name.clone(),
        Expr::Capture(index) => emitter
            .unit
            .captured_local(emitter.id, *index)
            .map_or_else(|| "this".to_owned(), |local| local.name.clone()),
        Expr::Global(global) => emitter.unit.hir.globals[global.0 as usize].name.clone(),
        Expr::Import(import) => emitter.unit.hir.imports[import.0 as usize].local.clone(),
        Expr::Builtin(name) => name.clone(),
        Expr::This => "this".to_owned(),
        Expr::Get(object, name) => format!("{}.{name}", describe(emitter, object)),
        Expr::GetIndex(object, _) => format!("{}[…]", describe(emitter, object)),
        Expr::OptionalGuard(inner) | Expr::OptionalChain(inner) => describe(emitter, inner),
        Expr::Call(callee, _) => format!("{}(...)", describe(emitter, callee)),
        Expr::CallMethod(object, name, _) => format!("{}.{name}(...)", describe(emitter, object)),
        Expr::SetLocal(local, value)
            if emitter.function.locals[local.0 as usize].name.is_empty() =>
        {
            describe(emitter, value)
        }
        Expr::Undefined => "undefined".to_owned(),
        Expr::Null => "null".to_owned(),
        _ => "(intermediate value)".to_owned(),
    }
}
