//! Which locals of a function always hold numbers, integers or booleans, and so need no boxing. One answer for a
//! variable in all of its function, found as a least fixpoint over its assignments. It trusts what the builder promises
//! (`Local::ty`), and no annotation.

use crate::frontend::typescript::emit::math;
use crate::frontend::typescript::emit::unit::Unit;
use crate::frontend::typescript::hir::{
    Binary, Binding as Place, Expr, Function, FunctionId, GlobalKind, LocalId, Logical, Stmt, Ty,
    Unary,
};
use crate::frontend::typescript::lower::Binding;
use crate::frontend::typescript::lower::walk::{self, Node};

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// No value reaches here (yet).
    Never,
    /// An integer whose magnitude is below two to this power, never negative zero.
    Int(u8),
    Number,
    Boolean,
    Any,
}

/// Constants and results of bitwise operators lie within this.
const WORD: u8 = 33;
/// A variable that moves by steps of one alone is taken to stay within this: leaving it would take a day of counting.
const COUNTER: u8 = 46;
/// The same for steps of at most [`STEP`].
const STEPPER: u8 = 50;
const STEP: f64 = 16.0;
/// Doubles hold integers exactly up to this.
const EXACT: u8 = 53;

impl Type {
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, known) | (known, Self::Never) => known,
            (Self::Int(left), Self::Int(right)) => Self::Int(left.max(right)),
            (left, right) if left.is_number() && right.is_number() => Self::Number,
            (Self::Boolean, Self::Boolean) => Self::Boolean,
            _ => Self::Any,
        }
    }

    pub fn is_number(self) -> bool {
        matches!(self, Self::Int(_) | Self::Number)
    }
}

/// Types of the locals of one function.
pub struct Inference {
    pub locals: Vec<Type>,
    function: FunctionId,
}

impl Inference {
    pub fn of(unit: &Unit<'_>, id: FunctionId) -> Self {
        let function = unit.function(id);
        let mut locals: Vec<Type> = function.locals.iter().map(|_| Type::Never).collect();
        for (index, local) in function.locals.iter().enumerate() {
            // Cells hold boxed values, and a variable in its dead zone holds EMPTY.
            if local.cell || local.tdz {
                locals[index] = Type::Any;
            }
        }
        for param in &function.params {
            let place = &mut locals[param.local.0 as usize];
            *place = if param.ty == Ty::Number && !param.rest {
                place.join(Type::Number)
            } else {
                Type::Any
            };
        }
        let mut assignments = Vec::new();
        collect(unit, function, &mut locals, &mut assignments);
        let mut this = Self {
            locals,
            function: id,
        };
        loop {
            let mut changed = false;
            for (local, value) in &assignments {
                let index = local.0 as usize;
                let old = this.locals[index];
                if old == Type::Any {
                    continue;
                }
                let new = old.join(this.stored(unit, value));
                changed |= new != old;
                this.locals[index] = new;
            }
            if !changed {
                break;
            }
        }
        let boxed: Vec<LocalId> = function
            .params
            .iter()
            .filter(|param| param.ty != Ty::Number)
            .map(|param| param.local)
            .collect();
        for (index, (local, known)) in function.locals.iter().zip(&mut this.locals).enumerate() {
            if boxed.contains(&LocalId(index as u32)) {
                continue;
            }
            let promised = local.ty == Ty::Number && !local.cell && !local.tdz;
            match known {
                Type::Never => *known = Type::Any,
                Type::Any if promised => *known = Type::Number,
                _ => {}
            }
        }
        this
    }

    /// The type that a variable gets by being assigned `value`.
    fn stored(&self, unit: &Unit<'_>, value: &Expr) -> Type {
        match self.of_expr(unit, value) {
            Type::Int(bits) if bits <= WORD => Type::Int(WORD),
            Type::Int(bits) if bits <= STEPPER + 1 => match self.step(value) {
                Some(step) if step <= 1.0 && bits <= COUNTER + 1 => Type::Int(COUNTER),
                Some(step) if step <= STEP => Type::Int(STEPPER),
                _ => Type::Number,
            },
            Type::Int(_) => Type::Number,
            other => other,
        }
    }

    /// By how much `value` moves away from the variable that it is.
    fn step(&self, value: &Expr) -> Option<f64> {
        match value {
            Expr::Local(_) => Some(0.0),
            Expr::SetLocal(_, value) | Expr::Init(_, value) | Expr::ToNumeric(value) => {
                self.step(value)
            }
            Expr::Binary(Binary::Add | Binary::Sub, left, right) => match **right {
                Expr::Number(step) => self.step(left).map(|before| before + step.abs()),
                _ => None,
            },
            Expr::Sequence(values) => values.last().and_then(|value| self.step(value)),
            _ => None,
        }
    }

    /// Two to this power bounds the magnitude of an expression that is an exact integer, computed with `+`, `-` and `*`
    /// from integers; negative zero is possible.
    pub fn magnitude(&self, unit: &Unit<'_>, expr: &Expr) -> Option<u8> {
        if let Expr::Binary(operator @ (Binary::Add | Binary::Sub | Binary::Mul), left, right) =
            expr
        {
            let (left, right) = (self.magnitude(unit, left)?, self.magnitude(unit, right)?);
            let bits = if *operator == Binary::Mul {
                left + right
            } else {
                left.max(right) + 1
            };
            return (bits <= EXACT).then_some(bits);
        }
        match (expr, self.of_expr(unit, expr)) {
            (Expr::Number(value), Type::Int(_)) => {
                Some((64 - (value.abs() as u64).leading_zeros()) as u8)
            }
            (_, Type::Int(bits)) => Some(bits),
            _ => None,
        }
    }

    /// The type of an expression.
    pub fn of_expr(&self, unit: &Unit<'_>, expr: &Expr) -> Type {
        match expr {
            Expr::Number(value) => of_constant(*value),
            Expr::Bool(_) => Type::Boolean,
            Expr::Local(local) => self.locals[local.0 as usize],
            Expr::Capture(index) => match unit.captured_local(self.function, *index) {
                Some(local) if local.ty == Ty::Number && !local.cell && !local.early => {
                    Type::Number
                }
                _ => Type::Any,
            },
            Expr::Global(global) => match &unit.hir.globals[global.0 as usize].kind {
                GlobalKind::Variable { ty: Ty::Number, .. } => Type::Number,
                _ => Type::Any,
            },
            Expr::Import(import) => match &unit.lowered.bindings[import.0 as usize] {
                Binding::Variable { number: true, .. } => Type::Number,
                _ => Type::Any,
            },
            Expr::Builtin(name) if name == "NaN" || name == "Infinity" => Type::Number,
            Expr::SetLocal(_, value)
            | Expr::Init(_, value)
            | Expr::SetCapture(_, value)
            | Expr::SetGlobal(_, value) => self.of_expr(unit, value),
            Expr::Set(_, _, value) | Expr::SetIndex(_, _, value) => self.of_expr(unit, value),
            Expr::ExpectNumber { value, .. }
            | Expr::ToNumeric(value)
            | Expr::Unary(Unary::Plus, value) => match self.of_expr(unit, value) {
                known @ (Type::Int(_) | Type::Number | Type::Never) => known,
                _ => Type::Number,
            },
            Expr::Unary(Unary::Neg, value) => match **value {
                Expr::Number(value) => of_constant(-value),
                _ => Type::Number,
            },
            Expr::Unary(Unary::BitNot, _) => Type::Int(32),
            Expr::Unary(Unary::Not, _) | Expr::Delete(..) => Type::Boolean,
            Expr::Unary(Unary::TypeOf | Unary::Void, _) => Type::Any,
            Expr::Binary(operator, left, right) => self.of_binary(unit, *operator, left, right),
            Expr::Logical(Logical::And | Logical::Or, left, right) => {
                self.of_expr(unit, left).join(self.of_expr(unit, right))
            }
            Expr::Logical(Logical::Nullish, left, right) => match self.of_expr(unit, left) {
                known @ (Type::Int(_) | Type::Number | Type::Boolean) => known,
                known => known.join(self.of_expr(unit, right)),
            },
            Expr::Conditional(_, yes, no) => self.of_expr(unit, yes).join(self.of_expr(unit, no)),
            Expr::Sequence(values) => values
                .last()
                .map_or(Type::Any, |value| self.of_expr(unit, value)),
            Expr::Call(callee, arguments) => match unit.returns_number(callee, arguments) {
                true => Type::Number,
                false => Type::Any,
            },
            Expr::CallMethod(object, name, arguments) => {
                math::result(object, name, arguments).unwrap_or(Type::Any)
            }
            Expr::Get(object, name) => match math::constant(object, name) {
                Some(_) => Type::Number,
                None => Type::Any,
            },
            _ => Type::Any,
        }
    }

    fn of_binary(&self, unit: &Unit<'_>, operator: Binary, left: &Expr, right: &Expr) -> Type {
        match operator {
            Binary::Add | Binary::Sub => {
                match (self.of_expr(unit, left), self.of_expr(unit, right)) {
                    (Type::Never, _) | (_, Type::Never) => Type::Never,
                    (Type::Int(left), Type::Int(right)) if left.max(right) < EXACT => {
                        Type::Int(left.max(right) + 1)
                    }
                    (left, right)
                        if operator == Binary::Sub || left.is_number() && right.is_number() =>
                    {
                        Type::Number
                    }
                    _ => Type::Any,
                }
            }
            Binary::Mul | Binary::Div | Binary::Rem | Binary::Pow => Type::Number,
            Binary::BitAnd | Binary::BitOr | Binary::BitXor | Binary::Shl | Binary::Shr => {
                Type::Int(32)
            }
            Binary::UShr => Type::Int(WORD),
            _ => Type::Boolean,
        }
    }
}

/// The type of a constant: integers of one machine word are integers.
pub fn of_constant(value: f64) -> Type {
    let negative_zero = value == 0.0 && value.is_sign_negative();
    if value.fract() == 0.0 && value.abs() <= f64::from(u32::MAX) && !negative_zero {
        Type::Int(WORD)
    } else {
        Type::Number
    }
}

/// Finds all assignments to locals; those that store what is not an expression make the local `Any`.
fn collect<'a>(
    unit: &Unit<'a>,
    function: &'a Function,
    locals: &mut [Type],
    assignments: &mut Vec<(LocalId, &'a Expr)>,
) {
    walk::body(&function.body, &mut |node| match node {
        Node::Stmt(Stmt::Init(local, value)) => assignments.push((*local, value)),
        Node::Expr(Expr::SetLocal(local, value) | Expr::Init(local, value)) => {
            assignments.push((*local, value))
        }
        Node::Stmt(Stmt::ForOf { element: local, .. } | Stmt::ForIn { element: local, .. }) => {
            locals[local.0 as usize] = Type::Any
        }
        Node::Stmt(Stmt::Try {
            catch: Some((Some(local), _)),
            ..
        }) => locals[local.0 as usize] = Type::Any,
        Node::Expr(Expr::Class(class, _)) => {
            if let Some(Place::Local(local)) = unit.class(*class).binding {
                locals[local.0 as usize] = Type::Any;
            }
        }
        Node::Expr(Expr::Destructure { elements, rest, .. }) => {
            for local in elements.iter().flatten().chain(rest) {
                locals[local.0 as usize] = Type::Any;
            }
        }
        _ => {}
    });
}
