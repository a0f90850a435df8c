//! Expressions: one function that says what each does, and the conditional ones among them. Operators, properties, calls
//! and literals are in files of their own.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::infer::Type;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::emit::{math, operator::is_string, property::Name};
use crate::frontend::typescript::hir::{Expr, FunctionKind, JsString, Key, Logical, Unary};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, types};

impl<'a> FunctionEmitter<'_, 'a> {
    pub fn known(&self, expr: &Expr) -> Type {
        self.inference.of_expr(self.unit, expr)
    }

    /// Evaluates for the effect alone.
    pub fn effect(&mut self, expr: &'a Expr) -> Emitted<()> {
        self.expr(expr).map(|_| ())
    }

    /// Evaluates to the 64 bits of a value.
    pub fn value(&mut self, expr: &'a Expr) -> Emitted<cranelift_codegen::ir::Value> {
        let operand = self.expr(expr)?;
        Ok(self.boxed(operand))
    }

    pub fn expr(&mut self, expr: &'a Expr) -> Emitted<Operand> {
        match expr {
            Expr::Undefined => Ok(self.undefined()),
            Expr::Null => Ok(Operand::Boxed(self.bits(abi::NULL))),
            Expr::Bool(value) => Ok(Operand::Boolean(
                self.b.ins().iconst(types::I8, i64::from(*value)),
            )),
            Expr::Number(value) => Ok(Operand::Constant(*value)),
            Expr::String(string) => Ok(Operand::Boxed(self.string(string))),
            Expr::Template { quasis, values } => self.template(quasis, values),
            Expr::Local(local) => self.get_local(*local),
            Expr::Capture(index) => self.get_capture(*index),
            Expr::Global(global) => self.load_global(*global),
            Expr::Import(import) => self.load_import(*import),
            Expr::Builtin(name) => self.builtin(name),
            Expr::This => self.this_value(),
            Expr::NewTarget => Ok(Operand::Boxed(self.new_target)),
            Expr::Callee => Ok(Operand::Boxed(self.callee)),
            Expr::SetLocal(local, value) => {
                let value = self.expr(value)?;
                self.set_local(*local, value)?;
                Ok(value)
            }
            Expr::Init(local, value) => {
                let value = self.expr(value)?;
                self.init_local(*local, value)?;
                Ok(value)
            }
            Expr::SetCapture(index, value) => {
                let value = self.expr(value)?;
                self.set_capture(*index, value)?;
                Ok(value)
            }
            Expr::SetGlobal(global, value) => {
                let value = self.expr(value)?;
                self.set_global(*global, value)?;
                Ok(value)
            }
            Expr::ToNumeric(value) => match self.numeric(value)? {
                number @ (Operand::Constant(_) | Operand::Number(_) | Operand::Int(_)) => {
                    Ok(number)
                }
                other => Ok(Operand::Number(self.number_of(other)?)),
            },
            Expr::Unary(operator, value) => self.unary(*operator, value),
            Expr::Binary(operator, left, right) => self.binary(expr, *operator, left, right),
            Expr::Logical(operator, left, right) => self.logical(expr, *operator, left, right),
            Expr::Conditional(test, yes, no) => self.conditional(expr, test, yes, no),
            Expr::Sequence(values) => {
                let mut last = self.undefined();
                for value in values {
                    last = self.expr(value)?;
                }
                Ok(last)
            }
            Expr::Get(object, name) => self.get(object, name),
            Expr::GetIndex(object, index) => self.get_index(object, index),
            Expr::Set(object, name, value) => self.set(object, name, value),
            Expr::SetIndex(object, index, value) => self.set_index(object, index, value),
            Expr::SuperGet(home, key) => {
                let (function, this) = (self.value(&home.function)?, self.value(&home.this)?);
                let key = self.key(key)?;
                Ok(Operand::Boxed(
                    self.runtime("kt_super_get", &[function, this, key])?,
                ))
            }
            Expr::SuperSet(home, key, value) => {
                let (function, this) = (self.value(&home.function)?, self.value(&home.this)?);
                let key = self.key(key)?;
                let value = self.expr(value)?;
                let bits = self.boxed(value);
                self.runtime("kt_super_set", &[function, this, key, bits])?;
                Ok(value)
            }
            Expr::Delete(object, key) => {
                let object = self.value(object)?;
                let key = self.key(key)?;
                let deleted = self.runtime("kt_delete", &[object, key])?;
                Ok(Operand::Boolean(self.is_true(deleted)))
            }
            Expr::Define(object, key, value) => {
                let is_this = **object == Expr::This;
                let object = self.value(object)?;
                if let (Key::Name(name), true) = (key, is_this) {
                    return self.define_field(object, name, value);
                }
                let key = self.key(key)?;
                let value = self.value(value)?;
                self.runtime("kt_define", &[object, key, value])?;
                Ok(self.undefined())
            }
            Expr::Call(callee, arguments) => self.call(callee, arguments),
            Expr::CallMethod(object, name, arguments) => self.call_method(object, name, arguments),
            Expr::CallIndex(object, index, arguments) => self.call_index(object, index, arguments),
            Expr::CallWith {
                this,
                callee,
                arguments,
            } => self.call_with(this, callee, arguments),
            Expr::CallSuperMethod(home, key, arguments) => {
                self.call_super_method(home, key, arguments)
            }
            Expr::SuperCall(arguments) => self.super_call(arguments),
            Expr::New(constructor, arguments) => self.construct(constructor, arguments),
            Expr::OptionalChain(value) => {
                let end = self.b.create_block();
                let result = self.b.append_block_param(end, types::I64);
                self.chains.push(end);
                let value = self.value(value)?;
                self.chains.pop();
                self.jump(end, &[value]);
                self.enter(end);
                Ok(Operand::Boxed(result))
            }
            Expr::OptionalGuard(value) => {
                let value = self.value(value)?;
                let nullish = self.is_nullish(value);
                let end = *self.chains.last().expect("a guard stands within a chain");
                let next = self.b.create_block();
                let undefined = self.bits(abi::UNDEFINED);
                self.b
                    .ins()
                    .brif(nullish, end, &[BlockArg::Value(undefined)], next, &[]);
                self.enter(next);
                Ok(Operand::Boxed(value))
            }
            Expr::Array(elements) => self.array(elements),
            Expr::Object(properties) => self.object(properties),
            Expr::Function(function) => Ok(Operand::Boxed(self.closure(*function)?)),
            Expr::Class(class, parent) => self.class(*class, parent.as_deref()),
            Expr::Destructure {
                source,
                elements,
                rest,
            } => {
                self.destructure(source, elements, *rest)?;
                Ok(self.undefined())
            }
            Expr::ObjectRest { source, excluded } => {
                let source = self.value(source)?;
                let keys = excluded
                    .iter()
                    .map(|key| self.key(key))
                    .collect::<Emitted<Vec<_>>>()?;
                let count = self.b.ins().iconst(types::I64, keys.len() as i64);
                let keys = self.outgoing(&keys);
                Ok(Operand::Boxed(
                    self.runtime("kt_object_rest", &[source, count, keys])?,
                ))
            }
            Expr::RequireObject {
                value,
                property,
                text,
            } => {
                let value = self.value(value)?;
                self.require_object(value, property.as_deref(), text)
            }
            Expr::Native(native, arguments) => self.native(native, arguments),
            Expr::ExpectNumber { value, name } => {
                let value = self.expr(value)?;
                Ok(match value {
                    Operand::Int(_) | Operand::Constant(_) => value,
                    other => Operand::Number(self.expect_number(other, name)?),
                })
            }
        }
    }

    fn this_value(&mut self) -> Emitted<Operand> {
        let this = self.b.use_var(self.this);
        if matches!(
            self.function.kind,
            FunctionKind::Constructor { derived: true, .. }
        ) {
            self.check_this(this)?;
        }
        Ok(Operand::Boxed(this))
    }

    /// A property key as a value.
    pub fn key(&mut self, key: &'a Key) -> Emitted<cranelift_codegen::ir::Value> {
        match key {
            Key::Name(name) => Ok(self.text_value(name)),
            Key::Computed(value) => self.value(value),
        }
    }

    pub fn is_nullish(
        &mut self,
        value: cranelift_codegen::ir::Value,
    ) -> cranelift_codegen::ir::Value {
        let offset = self
            .b
            .ins()
            .iadd_imm_s(value, (abi::UNDEFINED as i64).wrapping_neg());
        self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, offset, 2)
    }

    pub fn is_true(&mut self, value: cranelift_codegen::ir::Value) -> cranelift_codegen::ir::Value {
        self.b
            .ins()
            .icmp_imm_s(IntCC::Equal, value, abi::TRUE as i64)
    }

    fn template(&mut self, quasis: &'a [JsString], values: &'a [Expr]) -> Emitted<Operand> {
        let mut parts = Vec::new();
        for (index, quasi) in quasis.iter().enumerate() {
            let empty = match quasi {
                JsString::Text(text) => text.is_empty(),
                JsString::Units(units) => units.is_empty(),
            };
            if !empty {
                parts.push(self.string(quasi));
            }
            if let Some(value) = values.get(index) {
                let part = self.value(value)?;
                // Where later values may have effects, the conversion must not wait for them.
                let later = values[index + 1..].iter().any(|value| !is_simple(value));
                parts.push(if later && !is_string(value) {
                    self.runtime("kt_to_string", &[part])?
                } else {
                    part
                });
            }
        }
        let count = self.b.ins().iconst(types::I64, parts.len() as i64);
        let parts = self.outgoing(&parts);
        Ok(Operand::Boxed(
            self.runtime("kt_template", &[count, parts])?,
        ))
    }

    /// Throws a TypeError if `value`, which is about to be destructured, is null or undefined.
    fn require_object(
        &mut self,
        value: cranelift_codegen::ir::Value,
        property: Option<&str>,
        text: &str,
    ) -> Emitted<Operand> {
        let nullish = self.is_nullish(value);
        let (cold, next) = (self.cold(), self.b.create_block());
        self.branch(nullish, cold, next);
        self.enter(cold);
        let text = self.text(text);
        let property = match property {
            Some(property) => self.text(property),
            None => self.b.ins().iconst(types::I64, 0),
        };
        self.throw("kt_throw_cannot_destructure", &[value, text, property])?;
        self.enter(next);
        Ok(Operand::Boxed(value))
    }

    fn builtin(&mut self, name: &str) -> Emitted<Operand> {
        Ok(match name {
            "undefined" => self.undefined(),
            "NaN" => Operand::Constant(f64::from_bits(abi::NAN)),
            "Infinity" => Operand::Constant(f64::INFINITY),
            _ => {
                let name = self.text(name);
                Operand::Boxed(self.runtime("kt_builtin", &[name])?)
            }
        })
    }

    /// Branches on the truth of an expression; neither block is entered.
    pub fn condition(&mut self, test: &'a Expr, yes: Block, no: Block) -> Emitted<()> {
        match test {
            Expr::Bool(value) => self.jump(if *value { yes } else { no }, &[]),
            Expr::Unary(Unary::Not, value) => self.condition(value, no, yes)?,
            Expr::Logical(operator @ (Logical::And | Logical::Or), left, right) => {
                let next = self.b.create_block();
                match operator {
                    Logical::And => self.condition(left, next, no)?,
                    _ => self.condition(left, yes, next)?,
                }
                self.enter(next);
                self.condition(right, yes, no)?;
            }
            _ => {
                let value = self.expr(test)?;
                let value = self.truthy(value)?;
                self.branch(value, yes, no);
            }
        }
        Ok(())
    }

    fn logical(
        &mut self,
        whole: &'a Expr,
        operator: Logical,
        left: &'a Expr,
        right: &'a Expr,
    ) -> Emitted<Operand> {
        let known = self.known(whole);
        let left = self.expr(left)?;
        if operator == Logical::Nullish && !matches!(left, Operand::Boxed(_)) {
            return Ok(left);
        }
        let (other, done) = (self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(done, known.register());
        let test = match operator {
            Logical::Nullish => {
                let bits = self.boxed(left);
                self.is_nullish(bits)
            }
            Logical::And | Logical::Or => self.truthy(left)?,
        };
        // For `??` of values that may be absent, and of others, the left value has the form of the result only where it
        // is the result.
        let keep = self.b.create_block();
        match operator {
            Logical::And | Logical::Nullish => self.branch(test, other, keep),
            Logical::Or => self.branch(test, keep, other),
        }
        self.enter(keep);
        let left = self.coerce(left, known)?;
        self.jump(done, &[left]);
        self.enter(other);
        let right = self.expr(right)?;
        let right = self.coerce(right, known)?;
        self.jump(done, &[right]);
        self.enter(done);
        Ok(known.operand(result))
    }

    fn conditional(
        &mut self,
        whole: &'a Expr,
        test: &'a Expr,
        yes: &'a Expr,
        no: &'a Expr,
    ) -> Emitted<Operand> {
        let known = self.known(whole);
        let (then, other, done) = (
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        let result = self.b.append_block_param(done, known.register());
        self.condition(test, then, other)?;
        for (block, value) in [(then, yes), (other, no)] {
            self.enter(block);
            let value = self.expr(value)?;
            let value = self.coerce(value, known)?;
            self.jump(done, &[value]);
        }
        self.enter(done);
        Ok(known.operand(result))
    }

    fn get(&mut self, object: &'a Expr, name: &'a str) -> Emitted<Operand> {
        if let Some(value) = math::constant(object, name) {
            return Ok(Operand::Constant(value));
        }
        if let Some(member) = self.member(object, name) {
            return self.binding(member, name);
        }
        let object = self.value(object)?;
        let value = if name == "length" {
            self.get_length(object)?
        } else {
            self.get_named(object, Name(name))?
        };
        Ok(Operand::Boxed(value))
    }
}

/// Whether evaluating an expression has no effect on anything.
fn is_simple(expr: &Expr) -> bool {
    match expr {
        Expr::Local(_)
        | Expr::Capture(_)
        | Expr::Global(_)
        | Expr::Import(_)
        | Expr::Builtin(_)
        | Expr::This => true,
        Expr::Number(_) | Expr::String(_) | Expr::Bool(_) | Expr::Undefined | Expr::Null => true,
        Expr::Get(object, _) => is_simple(object),
        Expr::GetIndex(object, index) => is_simple(object) && is_simple(index),
        _ => false,
    }
}
