//! Functions and constants of `Math` that are single instructions or constants, and the types of their results. It takes
//! for granted that programs leave `Math` as it is.

use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::infer::Type;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Argument, Expr};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, types};

/// The constant `object.name`, where `object` is `Math` or `Number`.
pub fn constant(object: &Expr, name: &str) -> Option<f64> {
    let Expr::Builtin(builtin) = object else {
        return None;
    };
    match (builtin.as_str(), name) {
        ("Math", "PI") => Some(std::f64::consts::PI),
        ("Math", "E") => Some(std::f64::consts::E),
        ("Math", "LN2") => Some(std::f64::consts::LN_2),
        ("Math", "LN10") => Some(std::f64::consts::LN_10),
        ("Math", "LOG2E") => Some(std::f64::consts::LOG2_E),
        ("Math", "LOG10E") => Some(std::f64::consts::LOG10_E),
        ("Math", "SQRT2") => Some(std::f64::consts::SQRT_2),
        ("Math", "SQRT1_2") => Some(std::f64::consts::FRAC_1_SQRT_2),
        ("Number", "EPSILON") => Some(f64::EPSILON),
        ("Number", "MAX_SAFE_INTEGER") => Some(9_007_199_254_740_991.0),
        ("Number", "MIN_SAFE_INTEGER") => Some(-9_007_199_254_740_991.0),
        ("Number", "MAX_VALUE") => Some(f64::MAX),
        ("Number", "POSITIVE_INFINITY") => Some(f64::INFINITY),
        ("Number", "NEGATIVE_INFINITY") => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// The arguments of a call of `Math`'s function `name`, where it is emitted inline.
fn inline<'a>(object: &Expr, name: &str, arguments: &'a [Argument]) -> Option<Vec<&'a Expr>> {
    if !matches!(object, Expr::Builtin(builtin) if builtin == "Math") {
        return None;
    }
    let count = match name {
        "floor" | "ceil" | "trunc" | "sqrt" | "abs" | "fround" => 1,
        "min" | "max" | "imul" | "pow" => 2,
        _ => return None,
    };
    let values = arguments.iter().map(|argument| match argument {
        Argument::Value(value) => Some(value),
        Argument::Spread(_) => None,
    });
    values
        .collect::<Option<Vec<_>>>()
        .filter(|values| values.len() == count)
}

/// The type of the result of `object.name(arguments)`, where that is a function of `Math`.
pub fn result(object: &Expr, name: &str, arguments: &[Argument]) -> Option<Type> {
    inline(object, name, arguments).map(|_| {
        if name == "imul" {
            Type::Int(32)
        } else {
            Type::Number
        }
    })
}

impl<'a> FunctionEmitter<'_, 'a> {
    /// Emits `object.name(arguments)` where that is a function of `Math` known to the code generator.
    pub fn math(
        &mut self,
        object: &'a Expr,
        name: &str,
        arguments: &'a [Argument],
    ) -> Emitted<Option<Operand>> {
        let Some(values) = inline(object, name, arguments) else {
            return Ok(None);
        };
        if name == "imul" {
            let left = self.expr(values[0])?;
            let right = self.expr(values[1])?;
            let left = self.int32_of(left)?;
            let right = self.int32_of(right)?;
            let product = self.b.ins().imul(left, right);
            return Ok(Some(Operand::Int(
                self.b.ins().sextend(types::I64, product),
            )));
        }
        let first = self.expr(values[0])?;
        let second = values.get(1).map(|value| self.expr(value)).transpose()?;
        let first = self.number_of(first)?;
        let second = second.map(|second| self.number_of(second)).transpose()?;
        let ins = self.b.ins();
        let value = match (name, second) {
            ("floor", _) => ins.floor(first),
            ("ceil", _) => ins.ceil(first),
            ("trunc", _) => ins.trunc(first),
            ("sqrt", _) => ins.sqrt(first),
            ("abs", _) => ins.fabs(first),
            ("fround", _) => {
                let narrow = ins.fdemote(types::F32, first);
                self.b.ins().fpromote(types::F64, narrow)
            }
            ("pow", Some(second)) => self.runtime("kt_f64_pow", &[first, second])?,
            // IEEE `minimum` and `maximum`: a NaN wins, and zeros are ordered by sign, as in JavaScript. A NaN result is
            // quiet, but of either sign, which is canonical.
            ("min", Some(second)) => ins.fmin(first, second),
            (_, Some(second)) => ins.fmax(first, second),
            (_, None) => ins.fabs(first),
        };
        Ok(Some(Operand::Number(value)))
    }

    /// Whether a double equals itself and an integer: used by index conversion.
    pub fn is_ordered_equal(
        &mut self,
        left: cranelift_codegen::ir::Value,
        right: cranelift_codegen::ir::Value,
    ) -> cranelift_codegen::ir::Value {
        self.b.ins().fcmp(FloatCC::Equal, left, right)
    }
}
