//! Operators: arithmetic on doubles and integers, comparisons, and the slow paths for everything else.

use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::infer::Type;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Binary, Expr, Unary};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Value, types};

impl<'a> FunctionEmitter<'_, 'a> {
    pub fn unary(&mut self, operator: Unary, value: &'a Expr) -> Emitted<Operand> {
        if let (Unary::Neg, Expr::Number(value)) = (operator, value) {
            return Ok(Operand::Constant(-value));
        }
        match operator {
            Unary::Neg => {
                let value = self.numeric(value)?;
                let value = self.number_of(value)?;
                Ok(Operand::Number(self.b.ins().fneg(value)))
            }
            Unary::Plus => match self.numeric(value)? {
                number @ (Operand::Constant(_) | Operand::Int(_) | Operand::Number(_)) => {
                    Ok(number)
                }
                other => Ok(Operand::Number(self.number_of(other)?)),
            },
            Unary::Not => {
                let value = self.expr(value)?;
                let value = self.truthy(value)?;
                Ok(Operand::Boolean(self.not(value)))
            }
            Unary::BitNot => {
                let value = self.numeric(value)?;
                let value = self.int32_of(value)?;
                let value = self.b.ins().bnot(value);
                Ok(Operand::Int(self.b.ins().sextend(types::I64, value)))
            }
            Unary::TypeOf => {
                let value = self.value(value)?;
                Ok(Operand::Boxed(self.runtime("kt_typeof", &[value])?))
            }
            Unary::Void => {
                self.effect(value)?;
                Ok(self.undefined())
            }
        }
    }

    fn not(&mut self, value: Value) -> Value {
        self.b.ins().icmp_imm_u(IntCC::Equal, value, 0)
    }

    /// Evaluates an operand of which only ToNumber matters. What comes out boxed is still to be converted, once the
    /// other operand is evaluated.
    pub fn numeric(&mut self, expr: &'a Expr) -> Emitted<Operand> {
        match expr {
            Expr::Binary(Binary::Add, left, right) if !self.known(expr).is_number() => {
                self.add(left, right, true)
            }
            Expr::Get(object, name) if name == "length" && self.member(object, name).is_none() => {
                let object = self.value(object)?;
                Ok(Operand::Number(self.get_length_number(object)?))
            }
            _ => self.expr(expr),
        }
    }

    pub fn binary(
        &mut self,
        whole: &'a Expr,
        operator: Binary,
        left: &'a Expr,
        right: &'a Expr,
    ) -> Emitted<Operand> {
        match operator {
            Binary::Add | Binary::Sub => {
                let known = self.known(whole);
                if let Type::Int(_) = known {
                    let (left, right) = (self.expr(left)?, self.expr(right)?);
                    let (left, right) = (self.coerce(left, known)?, self.coerce(right, known)?);
                    let ins = self.b.ins();
                    return Ok(Operand::Int(if operator == Binary::Add {
                        ins.iadd(left, right)
                    } else {
                        ins.isub(left, right)
                    }));
                }
                if operator == Binary::Add && !known.is_number() {
                    return self.add(left, right, false);
                }
                self.arithmetic(operator, left, right)
            }
            Binary::Mul | Binary::Div | Binary::Pow => self.arithmetic(operator, left, right),
            Binary::Rem => {
                let (left, right) = (self.numeric(left)?, self.numeric(right)?);
                self.remainder(left, right)
            }
            Binary::BitAnd
            | Binary::BitOr
            | Binary::BitXor
            | Binary::Shl
            | Binary::Shr
            | Binary::UShr => self.bitwise(operator, left, right),
            Binary::Less => self.compare(
                "kt_less",
                IntCC::SignedLessThan,
                FloatCC::LessThan,
                left,
                right,
            ),
            Binary::LessEq => self.compare(
                "kt_less_eq",
                IntCC::SignedLessThanOrEqual,
                FloatCC::LessThanOrEqual,
                left,
                right,
            ),
            Binary::Greater => self.compare(
                "kt_greater",
                IntCC::SignedGreaterThan,
                FloatCC::GreaterThan,
                left,
                right,
            ),
            Binary::GreaterEq => self.compare(
                "kt_greater_eq",
                IntCC::SignedGreaterThanOrEqual,
                FloatCC::GreaterThanOrEqual,
                left,
                right,
            ),
            Binary::StrictEq | Binary::StrictNotEq => {
                let equal = self.strict_equal(left, right)?;
                Ok(Operand::Boolean(if operator == Binary::StrictEq {
                    equal
                } else {
                    self.not(equal)
                }))
            }
            Binary::Eq | Binary::NotEq => {
                let equal = self.loose_equal(left, right)?;
                Ok(Operand::Boolean(if operator == Binary::Eq {
                    equal
                } else {
                    self.not(equal)
                }))
            }
            Binary::In | Binary::InstanceOf => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let name = if operator == Binary::In {
                    "kt_in"
                } else {
                    "kt_instance_of"
                };
                let result = self.runtime(name, &[left, right])?;
                Ok(Operand::Boolean(self.is_true(result)))
            }
        }
    }

    fn arithmetic(
        &mut self,
        operator: Binary,
        left: &'a Expr,
        right: &'a Expr,
    ) -> Emitted<Operand> {
        let (left, right) = (self.numeric(left)?, self.numeric(right)?);
        let left = self.number_of(left)?;
        let right = self.number_of(right)?;
        Ok(Operand::Number(match operator {
            Binary::Add => self.b.ins().fadd(left, right),
            Binary::Sub => self.b.ins().fsub(left, right),
            Binary::Mul => self.b.ins().fmul(left, right),
            Binary::Div => self.b.ins().fdiv(left, right),
            _ => self.runtime("kt_f64_pow", &[left, right])?,
        }))
    }

    /// `%`: on integers where both are, else by the C library's rules.
    fn remainder(&mut self, left: Operand, right: Operand) -> Emitted<Operand> {
        let dividend = self.number_of(left)?;
        if self.unit.small {
            let divisor = self.number_of(right)?;
            return Ok(Operand::Number(
                self.runtime("kt_f64_rem", &[dividend, divisor])?,
            ));
        }
        let divisor = match right {
            Operand::Constant(value)
                if value.fract() == 0.0 && (1.0..9_007_199_254_740_992.0).contains(&value) =>
            {
                None
            }
            other => Some(self.number_of(other)?),
        };
        let (cold, fast, done) = (self.cold(), self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(done, types::F64);
        let integer = match left {
            Operand::Int(value) => value,
            _ => {
                let integer = self.b.ins().fcvt_to_sint_sat(types::I64, dividend);
                let exact = self.is_exact(integer, dividend);
                let next = self.b.create_block();
                self.branch(exact, next, cold);
                self.enter(next);
                integer
            }
        };
        let by = match (divisor, right) {
            (None, Operand::Constant(value)) => self.b.ins().iconst(types::I64, value as i64),
            (Some(divisor), _) => {
                let by = self.b.ins().fcvt_to_sint_sat(types::I64, divisor);
                let exact = self.is_exact(by, divisor);
                let nonzero = self.b.ins().icmp_imm_s(IntCC::SignedGreaterThan, by, 0);
                let good = self.b.ins().band(exact, nonzero);
                let next = self.b.create_block();
                self.branch(good, next, cold);
                self.enter(next);
                by
            }
            (None, _) => unreachable!("only constants need no register"),
        };
        self.jump(fast, &[]);
        self.enter(fast);
        let remainder = self.b.ins().srem(integer, by);
        let remainder = self.b.ins().fcvt_from_sint(types::F64, remainder);
        // The result has the sign of the dividend, zero too.
        let remainder = self.b.ins().fcopysign(remainder, dividend);
        self.jump(done, &[remainder]);
        self.enter(cold);
        let divisor = match divisor {
            Some(divisor) => divisor,
            None => self.number_of(right)?,
        };
        let slow = self.runtime("kt_f64_rem", &[dividend, divisor])?;
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(Operand::Number(result))
    }

    /// Whether `integer`, a saturated conversion of `value`, is all of it.
    fn is_exact(&mut self, integer: Value, value: Value) -> Value {
        let back = self.b.ins().fcvt_from_sint(types::F64, integer);
        let same = self.b.ins().fcmp(FloatCC::Equal, back, value);
        // 2^63 saturates to the largest integer, which is rounded to 2^63 on the way back.
        let unsaturated = self.b.ins().icmp_imm_s(IntCC::NotEqual, integer, i64::MAX);
        self.b.ins().band(same, unsaturated)
    }

    /// Evaluates an operand of which only ToInt32 matters: as `i32` where integer arithmetic that wraps gives that, else
    /// in a form still to be converted.
    fn wrapping(&mut self, expr: &'a Expr) -> Emitted<Result<Value, Operand>> {
        if self.inference.magnitude(self.unit, expr).is_none() {
            return self.numeric(expr).map(Err);
        }
        self.wrapped(expr).map(Ok)
    }

    fn wrapped(&mut self, expr: &'a Expr) -> Emitted<Value> {
        if let Expr::Binary(operator @ (Binary::Add | Binary::Sub | Binary::Mul), left, right) =
            expr
        {
            let (left, right) = (self.wrapped(left)?, self.wrapped(right)?);
            return Ok(match operator {
                Binary::Add => self.b.ins().iadd(left, right),
                Binary::Sub => self.b.ins().isub(left, right),
                _ => self.b.ins().imul(left, right),
            });
        }
        let value = self.expr(expr)?;
        self.int32_of(value)
    }

    fn bitwise(&mut self, operator: Binary, left: &'a Expr, right: &'a Expr) -> Emitted<Operand> {
        let (left, right) = match (self.wrapping(left)?, self.wrapping(right)?) {
            (Ok(left), Ok(right)) => (left, right),
            (Ok(left), Err(right)) => (left, self.int32_of(right)?),
            (Err(left), Ok(right)) => (self.int32_of(left)?, right),
            (Err(left), Err(right)) => {
                let left = self.int32_of(left)?;
                (left, self.int32_of(right)?)
            }
        };
        let ins = self.b.ins();
        let value = match operator {
            Binary::BitAnd => ins.band(left, right),
            Binary::BitOr => ins.bor(left, right),
            Binary::BitXor => ins.bxor(left, right),
            Binary::Shl => ins.ishl(left, right),
            Binary::Shr => ins.sshr(left, right),
            _ => {
                let value = ins.ushr(left, right);
                return Ok(Operand::Int(self.b.ins().uextend(types::I64, value)));
            }
        };
        Ok(Operand::Int(self.b.ins().sextend(types::I64, value)))
    }

    /// `+` where strings are possible. With `wanted`, only ToNumber of the result matters, and it is a double.
    fn add(&mut self, left: &'a Expr, right: &'a Expr, wanted: bool) -> Emitted<Operand> {
        let text = is_string(left) || is_string(right);
        let both = is_string(left) && is_string(right);
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        let operands = [left, right];
        let unknown = operands
            .iter()
            .any(|operand| matches!(operand, Operand::Boxed(_)));
        if text || unknown && self.unit.small {
            let (left, right) = (self.boxed(left), self.boxed(right));
            let sum = Operand::Boxed(
                self.runtime(if both { "kt_concat" } else { "kt_add" }, &[left, right])?,
            );
            return if wanted {
                Ok(Operand::Number(self.number_of(sum)?))
            } else {
                Ok(sum)
            };
        }
        let (cold, done) = (self.cold(), self.b.create_block());
        let result = self
            .b
            .append_block_param(done, if wanted { types::F64 } else { types::I64 });
        let mut doubles = Vec::new();
        for operand in [left, right] {
            doubles.push(match operand {
                Operand::Boxed(value) => {
                    let is_number = self.is_number(value);
                    let next = self.b.create_block();
                    self.branch(is_number, next, cold);
                    self.enter(next);
                    self.unboxed(value)
                }
                // `true + 1` is a sum of numbers as well.
                other => self.number_of(other)?,
            });
        }
        let sum = self.b.ins().fadd(doubles[0], doubles[1]);
        let fast = if wanted {
            sum
        } else {
            self.boxed(Operand::Number(sum))
        };
        self.jump(done, &[fast]);
        self.enter(cold);
        let (left, right) = (self.boxed(left), self.boxed(right));
        let slow = self.runtime("kt_add", &[left, right])?;
        let slow = if wanted {
            let number = self.runtime("kt_to_number", &[slow])?;
            self.unboxed(number)
        } else {
            slow
        };
        self.jump(done, &[slow]);
        self.enter(done);
        Ok(if wanted {
            Operand::Number(result)
        } else {
            Operand::Boxed(result)
        })
    }
}

/// Whether an expression is a string by its form.
pub fn is_string(expr: &Expr) -> bool {
    match expr {
        Expr::String(_) | Expr::Template { .. } | Expr::Unary(Unary::TypeOf, _) => true,
        Expr::Binary(Binary::Add, left, right) => is_string(left) || is_string(right),
        _ => false,
    }
}
