//! What can be told of an expression without running it: that it gives a number, and that evaluating it calls nothing.
//! Only what holds for certain counts: annotations of locals do not, since TypeScript does not check them.

use super::builder::{Builder, Note};
use crate::frontend::typescript::hir::{
    Argument, ArrayElement, Binary, Expr, GlobalKind, Key, Local, LocalId, Logical, Property, Stmt,
    Ty, Unary,
};

/// Whether an expression of the function being built gives a number, provided that the locals added to `relies_on` do.
pub(super) fn is_number(builder: &Builder, value: &Expr, relies_on: &mut Vec<LocalId>) -> bool {
    match value {
        Expr::Number(_) | Expr::ToNumeric(_) | Expr::ExpectNumber { .. } => true,
        Expr::Unary(op, _) => matches!(op, Unary::Neg | Unary::Plus | Unary::BitNot),
        Expr::Binary(op, left, right) => match op {
            Binary::Add => {
                is_number(builder, left, relies_on) && is_number(builder, right, relies_on)
            }
            Binary::Sub | Binary::Mul | Binary::Div | Binary::Rem | Binary::Pow => true,
            Binary::BitAnd
            | Binary::BitOr
            | Binary::BitXor
            | Binary::Shl
            | Binary::Shr
            | Binary::UShr => true,
            _ => false,
        },
        Expr::Logical(op, left, right) => {
            // `number ?? x` never gets to `x`, but that is no code anyone writes.
            *op != Logical::Nullish
                && is_number(builder, left, relies_on)
                && is_number(builder, right, relies_on)
        }
        Expr::Conditional(_, yes, no) => {
            is_number(builder, yes, relies_on) && is_number(builder, no, relies_on)
        }
        Expr::Sequence(list) => list
            .last()
            .is_some_and(|last| is_number(builder, last, relies_on)),
        Expr::SetLocal(_, value) | Expr::SetCapture(_, value) | Expr::SetGlobal(_, value) => {
            is_number(builder, value, relies_on)
        }
        Expr::Local(local) => {
            let note = &builder.frames[builder.top()].notes[local.0 as usize];
            relies_on.push(*local);
            note.stored && !note.not_number
        }
        Expr::Global(global) => {
            let note = &builder.global_notes[global.0 as usize];
            let constant = matches!(
                builder.globals[global.0 as usize].kind,
                GlobalKind::Variable { constant: true, .. }
            );
            constant && note.initialised && note.numbers
        }
        Expr::Call(callee, _) => match **callee {
            Expr::Global(global) => builder.global_notes[global.0 as usize].returns_number,
            _ => false,
        },
        _ => false,
    }
}

/// Writes what has been found out to the locals of a finished function.
pub(super) fn settle(locals: &mut [Local], notes: &[Note]) {
    let mut numbers: Vec<bool> = notes
        .iter()
        .map(|note| note.stored && !note.not_number)
        .collect();
    // Whoever relies on something refuted is refuted; chains are short, so this ends after a round or two.
    let mut changed = true;
    while changed {
        changed = false;
        for (index, note) in notes.iter().enumerate() {
            if numbers[index]
                && note
                    .relies_on
                    .iter()
                    .any(|local| !numbers[local.0 as usize])
            {
                numbers[index] = false;
                changed = true;
            }
        }
    }
    for ((local, note), number) in locals.iter_mut().zip(notes).zip(numbers) {
        if number && !(note.captured && note.mutated) {
            local.ty = Ty::Number;
        } else if local.ty == Ty::Number {
            local.ty = Ty::Any;
        }
    }
}

/// Whether evaluating this can call no function of the program and throw nothing.
pub(super) fn is_inert(value: &Expr) -> bool {
    match value {
        Expr::Undefined | Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::String(_) => true,
        Expr::Function(_) | Expr::Builtin(_) | Expr::This | Expr::Local(_) => true,
        // What a class definition runs is noted where it is built.
        Expr::Class(..) => true,
        Expr::SetGlobal(_, value) => is_inert(value),
        Expr::Unary(Unary::Not | Unary::TypeOf | Unary::Void, operand) => is_inert(operand),
        Expr::Unary(_, operand) => matches!(**operand, Expr::Number(_)),
        Expr::Binary(_, left, right) => is_constant(left) && is_constant(right),
        Expr::Logical(_, left, right) => is_inert(left) && is_inert(right),
        Expr::Conditional(test, yes, no) => is_inert(test) && is_inert(yes) && is_inert(no),
        Expr::Template { values, .. } => values.iter().all(is_constant),
        Expr::Array(elements) => elements.iter().all(|element| match element {
            ArrayElement::Value(value) => is_inert(value),
            ArrayElement::Hole => true,
            ArrayElement::Spread(_) => false,
        }),
        Expr::Object(properties) => properties.iter().all(|property| match property {
            Property::Value(key, value) => is_plain(key) && is_inert(value),
            Property::Method(key, _) | Property::Getter(key, _) | Property::Setter(key, _) => {
                is_plain(key)
            }
            Property::Spread(_) => false,
        }),
        Expr::New(callee, arguments) => {
            is_library(callee) && arguments.iter().all(is_inert_argument)
        }
        Expr::CallMethod(object, _, arguments) => {
            is_library(object) && arguments.iter().all(is_literal_argument)
        }
        _ => false,
    }
}

/// Whether a statement of the module body can call no function of the program.
pub(super) fn is_inert_statement(statement: &Stmt) -> bool {
    match statement {
        Stmt::Init(_, value) | Stmt::InitGlobal(_, value) | Stmt::Expr(value) => is_inert(value),
        Stmt::Fresh(_) => true,
        _ => false,
    }
}

/// A number or string, or an operation on such: nothing that `valueOf` could be called on.
fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::Number(_) | Expr::String(_) | Expr::Bool(_) => true,
        Expr::Unary(_, operand) => is_constant(operand),
        Expr::Binary(op, left, right) => {
            !matches!(op, Binary::In | Binary::InstanceOf)
                && is_constant(left)
                && is_constant(right)
        }
        _ => false,
    }
}

fn is_plain(key: &Key) -> bool {
    match key {
        Key::Name(_) => true,
        Key::Computed(value) => is_constant(value),
    }
}

/// A class or namespace of the runtime that calls nothing back when given literals.
fn is_library(value: &Expr) -> bool {
    let Expr::Builtin(name) = value else {
        return false;
    };
    matches!(
        name.as_str(),
        "Map" | "Set" | "WeakMap" | "WeakSet" | "Math" | "Object" | "Symbol" | "Number" | "Date"
    )
}

fn is_inert_argument(argument: &Argument) -> bool {
    matches!(argument, Argument::Value(value) if is_inert(value) && !matches!(value, Expr::Local(_)))
}

/// An argument that holds no getters and functions.
fn is_literal_argument(argument: &Argument) -> bool {
    match argument {
        Argument::Value(Expr::Object(properties)) => {
            properties.iter().all(|property| matches!(property, Property::Value(key, value) if is_plain(key) && is_constant(value)))
        }
        Argument::Value(Expr::Array(elements)) => {
            elements.iter().all(|element| matches!(element, ArrayElement::Value(value) if is_constant(value)))
        }
        Argument::Value(value) => is_constant(value),
        Argument::Spread(_) => false,
    }
}
