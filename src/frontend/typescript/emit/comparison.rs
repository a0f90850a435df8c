//! Comparisons: order, strict and loose equality, tests of `typeof`. Numbers are compared in line, and what tags tell
//! apart; the rest asks the runtime.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::infer::Type;
use crate::frontend::typescript::emit::operator::is_string;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Expr, JsString, Unary};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};

impl<'a> FunctionEmitter<'_, 'a> {
    pub fn compare(
        &mut self,
        slow: &'static str,
        int: IntCC,
        float: FloatCC,
        left: &'a Expr,
        right: &'a Expr,
    ) -> Emitted<Operand> {
        let (left_known, right_known) = (self.known(left), self.known(right));
        if let (Type::Int(_), Type::Int(_)) = (left_known, right_known) {
            let (left, right) = (self.expr(left)?, self.expr(right)?);
            let (left, right) = (
                self.coerce(left, left_known)?,
                self.coerce(right, right_known)?,
            );
            return Ok(Operand::Boolean(self.b.ins().icmp(int, left, right)));
        }
        if left_known.is_number() || right_known.is_number() {
            // Against a number, the other side is converted to one.
            let (left, right) = (self.numeric(left)?, self.numeric(right)?);
            let left = self.number_of(left)?;
            let right = self.number_of(right)?;
            return Ok(Operand::Boolean(self.b.ins().fcmp(float, left, right)));
        }
        let (left, right) = (self.value(left)?, self.value(right)?);
        if self.unit.small {
            let result = self.runtime(slow, &[left, right])?;
            return Ok(Operand::Boolean(self.is_true(result)));
        }
        let (cold, second, fast, done) = (
            self.cold(),
            self.b.create_block(),
            self.b.create_block(),
            self.b.create_block(),
        );
        let result = self.b.append_block_param(done, types::I8);
        let is_number = self.is_number(left);
        self.branch(is_number, second, cold);
        self.enter(second);
        let is_number = self.is_number(right);
        self.branch(is_number, fast, cold);
        self.enter(fast);
        let (first, second) = (self.unboxed(left), self.unboxed(right));
        let less = self.b.ins().fcmp(float, first, second);
        self.jump(done, &[less]);
        self.enter(cold);
        let slow = self.runtime(slow, &[left, right])?;
        let slow = self.is_true(slow);
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(Operand::Boolean(result))
    }

    pub fn strict_equal(&mut self, left: &'a Expr, right: &'a Expr) -> Emitted<Value> {
        if let Some(value) = self.type_test(left, right)? {
            return Ok(value);
        }
        if let Some(value) = self.type_test(right, left)? {
            return Ok(value);
        }
        let left = self.expr(left)?;
        self.strict_equal_to(left, right)
    }

    /// `left === right`, as `i8`.
    pub fn strict_equal_to(&mut self, left: Operand, right: &'a Expr) -> Emitted<Value> {
        let right_is_string = is_string(right);
        let right_is_special = matches!(right, Expr::Undefined | Expr::Null | Expr::Bool(_))
            || matches!(right, Expr::Builtin(name) if name == "undefined");
        let right = self.expr(right)?;
        match (left, right) {
            (Operand::Int(left), Operand::Int(right))
            | (Operand::Boolean(left), Operand::Boolean(right)) => {
                return Ok(self.b.ins().icmp(IntCC::Equal, left, right));
            }
            (Operand::Int(left), Operand::Constant(value))
            | (Operand::Constant(value), Operand::Int(left))
                if value.fract() == 0.0 && value.abs() < 1e15 =>
            {
                return Ok(self.b.ins().icmp_imm_s(IntCC::Equal, left, value as i64));
            }
            // As doubles, all other values are NaN, which equals nothing.
            (Operand::Constant(_) | Operand::Number(_) | Operand::Int(_), Operand::Boxed(_))
            | (Operand::Boxed(_), Operand::Constant(_) | Operand::Number(_) | Operand::Int(_))
            | (
                Operand::Constant(_) | Operand::Number(_) | Operand::Int(_),
                Operand::Constant(_) | Operand::Number(_) | Operand::Int(_),
            ) => {
                let (left, right) = (self.as_double(left)?, self.as_double(right)?);
                return Ok(self.b.ins().fcmp(FloatCC::Equal, left, right));
            }
            _ => {}
        }
        let boolean = matches!(left, Operand::Boolean(_)) || matches!(right, Operand::Boolean(_));
        let (left, right) = (self.boxed(left), self.boxed(right));
        let same = self.b.ins().icmp(IntCC::Equal, left, right);
        if right_is_special || boolean {
            return Ok(same);
        }
        if self.unit.small {
            let equal = self.runtime("kt_strict_eq", &[left, right])?;
            return Ok(self.b.ins().ireduce(types::I8, equal));
        }
        let (strings, cold, done) = (self.b.create_block(), self.cold(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I8);
        let is_string = self.has_tag(left, abi::TAG_STRING);
        if right_is_string {
            self.b
                .ins()
                .brif(is_string, strings, &[], done, &[BlockArg::Value(is_string)]);
        } else {
            let other = self.b.create_block();
            self.branch(is_string, strings, other);
            self.enter(other);
            let (first, second) = (self.unboxed(left), self.unboxed(right));
            let equal = self.b.ins().fcmp(FloatCC::Equal, first, second);
            let number = self.is_number(left);
            let identical = self.b.ins().band_not(same, number);
            let equal = self.b.ins().bor(equal, identical);
            self.jump(done, &[equal]);
        }
        self.enter(strings);
        self.b
            .ins()
            .brif(same, done, &[BlockArg::Value(same)], cold, &[]);
        self.enter(cold);
        let slow = self.runtime("kt_strict_eq", &[left, right])?;
        let slow = self.b.ins().ireduce(types::I8, slow);
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(result)
    }

    /// A double of the same bits, or of the same number.
    fn as_double(&mut self, operand: Operand) -> Emitted<Value> {
        match operand {
            Operand::Boxed(value) => Ok(self.unboxed(value)),
            other => self.number_of(other),
        }
    }

    /// `typeof value === "name"` for the names that tags tell apart.
    fn type_test(&mut self, test: &'a Expr, name: &'a Expr) -> Emitted<Option<Value>> {
        let (Expr::Unary(Unary::TypeOf, value), Expr::String(JsString::Text(name))) = (test, name)
        else {
            return Ok(None);
        };
        if !matches!(name.as_str(), "number" | "string" | "undefined" | "boolean") {
            return Ok(None);
        }
        let value = self.value(value)?;
        Ok(Some(match name.as_str() {
            "number" => self.is_number(value),
            "string" => self.has_tag(value, abi::TAG_STRING),
            "undefined" => self
                .b
                .ins()
                .icmp_imm_s(IntCC::Equal, value, abi::UNDEFINED as i64),
            _ => {
                let value = self.b.ins().bor_imm_s(value, 1);
                self.b
                    .ins()
                    .icmp_imm_s(IntCC::Equal, value, abi::TRUE as i64)
            }
        }))
    }

    pub fn loose_equal(&mut self, left: &'a Expr, right: &'a Expr) -> Emitted<Value> {
        let nullish = |expr: &Expr| {
            matches!(expr, Expr::Undefined | Expr::Null)
                || matches!(expr, Expr::Builtin(name) if name == "undefined")
        };
        if nullish(right) || nullish(left) {
            let (left_value, right_value) = (self.value(left)?, self.value(right)?);
            return Ok(self.is_nullish(if nullish(right) {
                left_value
            } else {
                right_value
            }));
        }
        if self.known(left).is_number() && self.known(right).is_number() {
            return self.strict_equal(left, right);
        }
        let (left, right) = (self.value(left)?, self.value(right)?);
        let equal = self.runtime("kt_loose_eq", &[left, right])?;
        Ok(self.is_true(equal))
    }
}
