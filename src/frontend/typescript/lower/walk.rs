//! Visits every statement and expression of a function body, outer before inner. It knows the shape of the HIR and
//! nothing of its meaning; bodies of nested functions are not part of it.

use crate::frontend::typescript::hir::{
    Argument, ArrayElement, Expr, FunctionId, Key, Module, Property, Stmt,
};
use std::collections::HashMap;

/// What is visited.
#[derive(Clone, Copy)]
pub enum Node<'a> {
    Stmt(&'a Stmt),
    Expr(&'a Expr),
}

/// Visits `body` and everything in it.
pub fn body<'a>(body: &'a [Stmt], visit: &mut dyn FnMut(Node<'a>)) {
    for stmt in body {
        statement(stmt, visit);
    }
}

fn statement<'a>(stmt: &'a Stmt, visit: &mut dyn FnMut(Node<'a>)) {
    visit(Node::Stmt(stmt));
    match stmt {
        Stmt::Expr(value)
        | Stmt::Init(_, value)
        | Stmt::InitGlobal(_, value)
        | Stmt::Throw(value) => expression(value, visit),
        Stmt::Return(value) => value.iter().for_each(|value| expression(value, visit)),
        Stmt::If(test, yes, no) => {
            expression(test, visit);
            body(yes, visit);
            body(no, visit);
        }
        Stmt::Loop {
            test,
            update,
            body: inner,
            ..
        } => {
            test.iter().for_each(|test| expression(test, visit));
            body(inner, visit);
            update.iter().for_each(|update| expression(update, visit));
        }
        Stmt::ForOf {
            iterable: value,
            body: inner,
            ..
        }
        | Stmt::ForIn {
            object: value,
            body: inner,
            ..
        } => {
            expression(value, visit);
            body(inner, visit);
        }
        Stmt::Block { body: inner, .. } => body(inner, visit),
        Stmt::Switch { subject, cases, .. } => {
            expression(subject, visit);
            for (test, inner) in cases {
                test.iter().for_each(|test| expression(test, visit));
                body(inner, visit);
            }
        }
        Stmt::Try {
            body: inner,
            catch,
            finally,
        } => {
            body(inner, visit);
            catch.iter().for_each(|(_, handler)| body(handler, visit));
            finally.iter().for_each(|handler| body(handler, visit));
        }
        Stmt::Fresh(_) | Stmt::Break(_) | Stmt::Continue(_) => {}
    }
}

/// Visits `expr` and everything in it.
pub fn expression<'a>(expr: &'a Expr, visit: &mut dyn FnMut(Node<'a>)) {
    visit(Node::Expr(expr));
    let all = |expressions: &[&'a Expr], visit: &mut dyn FnMut(Node<'a>)| {
        expressions
            .iter()
            .for_each(|inner| expression(inner, visit))
    };
    match expr {
        Expr::Undefined | Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::String(_) => {}
        Expr::Local(_)
        | Expr::Capture(_)
        | Expr::Global(_)
        | Expr::Import(_)
        | Expr::Builtin(_) => {}
        Expr::This | Expr::NewTarget | Expr::Callee | Expr::Function(_) => {}
        Expr::Template { values, .. } | Expr::Sequence(values) | Expr::Native(_, values) => {
            values.iter().for_each(|value| expression(value, visit))
        }
        Expr::Init(_, value)
        | Expr::SetLocal(_, value)
        | Expr::SetCapture(_, value)
        | Expr::SetGlobal(_, value) => expression(value, visit),
        Expr::ToNumeric(value) | Expr::Unary(_, value) | Expr::Get(value, _) => {
            expression(value, visit)
        }
        Expr::OptionalChain(value) | Expr::OptionalGuard(value) => expression(value, visit),
        Expr::ExpectNumber { value, .. }
        | Expr::RequireObject { value, .. }
        | Expr::Destructure { source: value, .. } => expression(value, visit),
        Expr::Binary(_, left, right) | Expr::Logical(_, left, right) => all(&[left, right], visit),
        Expr::GetIndex(left, right) | Expr::Set(left, _, right) => all(&[left, right], visit),
        Expr::Conditional(first, second, third) | Expr::SetIndex(first, second, third) => {
            all(&[first, second, third], visit)
        }
        Expr::SuperGet(home, name) => {
            all(&[&home.function, &home.this], visit);
            key(name, visit);
        }
        Expr::SuperSet(home, name, value) => {
            all(&[&home.function, &home.this], visit);
            key(name, visit);
            expression(value, visit);
        }
        Expr::Delete(object, name) => {
            expression(object, visit);
            key(name, visit);
        }
        Expr::Define(object, name, value) => {
            expression(object, visit);
            key(name, visit);
            expression(value, visit);
        }
        Expr::Call(callee, list) | Expr::CallMethod(callee, _, list) | Expr::New(callee, list) => {
            expression(callee, visit);
            arguments(list, visit);
        }
        Expr::CallIndex(object, index, list) => {
            all(&[object, index], visit);
            arguments(list, visit);
        }
        Expr::CallWith {
            this,
            callee,
            arguments: list,
        } => {
            all(&[this, callee], visit);
            arguments(list, visit);
        }
        Expr::CallSuperMethod(home, name, list) => {
            all(&[&home.function, &home.this], visit);
            key(name, visit);
            arguments(list, visit);
        }
        Expr::SuperCall(list) => arguments(list, visit),
        Expr::Array(elements) => {
            for element in elements {
                match element {
                    ArrayElement::Value(value) | ArrayElement::Spread(value) => {
                        expression(value, visit)
                    }
                    ArrayElement::Hole => {}
                }
            }
        }
        Expr::Object(properties) => {
            for property in properties {
                match property {
                    Property::Value(name, value) => {
                        key(name, visit);
                        expression(value, visit);
                    }
                    Property::Method(name, _)
                    | Property::Getter(name, _)
                    | Property::Setter(name, _) => key(name, visit),
                    Property::Spread(value) => expression(value, visit),
                }
            }
        }
        // The members' computed keys belong to the class, which `Module::classes` holds; see `Class::members`.
        Expr::Class(_, parent) => parent.iter().for_each(|parent| expression(parent, visit)),
        Expr::ObjectRest { source, excluded } => {
            expression(source, visit);
            excluded.iter().for_each(|name| key(name, visit));
        }
    }
}

fn key<'a>(key: &'a Key, visit: &mut dyn FnMut(Node<'a>)) {
    if let Key::Computed(value) = key {
        expression(value, visit);
    }
}

fn arguments<'a>(list: &'a [Argument], visit: &mut dyn FnMut(Node<'a>)) {
    for argument in list {
        match argument {
            Argument::Value(value) | Argument::Spread(value) => expression(value, visit),
        }
    }
}

/// For each function, the one whose code makes its closure.
pub fn parents(hir: &Module) -> HashMap<FunctionId, FunctionId> {
    let mut parents = HashMap::new();
    for (index, function) in hir.functions.iter().enumerate() {
        let parent = FunctionId(index as u32);
        body(&function.body, &mut |node| match node {
            Node::Expr(Expr::Function(id)) => {
                parents.insert(*id, parent);
            }
            Node::Expr(Expr::Class(class, _)) => {
                let class = &hir.classes[class.0 as usize];
                parents.insert(class.constructor, parent);
                parents.extend(class.members.iter().map(|member| (member.function, parent)));
            }
            Node::Expr(Expr::Object(properties)) => {
                parents.extend(properties.iter().filter_map(|property| match property {
                    Property::Method(_, id) | Property::Getter(_, id) | Property::Setter(_, id) => {
                        Some((*id, parent))
                    }
                    Property::Value(..) | Property::Spread(_) => None,
                }))
            }
            _ => {}
        });
    }
    parents
}
