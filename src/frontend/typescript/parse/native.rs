//! Calls of functions imported from native libraries: what is known of their arguments, for `lower` to check. It knows the
//! syntax, and not what any function takes.

use super::builder::{Builder, Place};
use super::diagnose::span;
use crate::frontend::native::SCHEME;
use crate::frontend::typescript::hir::{Given, GlobalKind, ImportName, NativeCall, Ty};
use crate::frontend::typescript::lower::CallSpans;
use oxc_ast::ast;
use oxc_span::GetSpan;
use oxc_syntax::operator::{BinaryOperator, UnaryOperator};

impl<'a> Builder<'a> {
    /// Notes a call if it is one of a function that a native library offers.
    pub fn note_native_call(&mut self, call: &'a ast::CallExpression<'a>) {
        if self.imports.is_empty() {
            return;
        }
        let (name, member) = match &call.callee {
            ast::Expression::Identifier(name) => (name, None),
            ast::Expression::StaticMemberExpression(access) => match &access.object {
                ast::Expression::Identifier(name) => (name, Some(access.property.name.to_string())),
                _ => return,
            },
            _ => return,
        };
        let Some(symbol) = self.symbol(name) else {
            return;
        };
        let Place::Import(import) = self.places[symbol.index()] else {
            return;
        };
        let imported = &self.imports[import.0 as usize];
        let is_namespace = imported.name == ImportName::Namespace;
        if !imported.specifier.starts_with(SCHEME) || is_namespace != member.is_some() {
            return;
        }
        let spread = |argument: &ast::Argument| matches!(argument, ast::Argument::SpreadElement(_));
        let plain = call
            .arguments
            .iter()
            .take_while(|argument| !spread(argument));
        let values: Vec<_> = plain.filter_map(ast::Argument::as_expression).collect();
        let arguments = values.iter().map(|value| self.given(value)).collect();
        self.native_calls.push(NativeCall {
            import,
            member,
            arguments,
            spread: call.arguments.iter().any(spread),
        });
        self.native_spans.push(CallSpans {
            call: span(call.span),
            arguments: values.iter().map(|value| span(value.span())).collect(),
        });
    }

    /// What is known of a value without running the program: by its form, and by the annotation of a variable.
    fn given(&self, value: &ast::Expression<'a>) -> Given {
        use ast::Expression as E;
        match value {
            E::ParenthesizedExpression(inner) => self.given(&inner.expression),
            E::BooleanLiteral(_) | E::PrivateInExpression(_) => Given::Boolean,
            E::NullLiteral(_) => Given::Null,
            E::NumericLiteral(literal) => Given::Constant(literal.value),
            E::StringLiteral(_) | E::TemplateLiteral(_) => Given::String,
            E::ArrayExpression(_) => Given::Array,
            E::ObjectExpression(_) => Given::Object,
            E::FunctionExpression(_) | E::ArrowFunctionExpression(_) | E::ClassExpression(_) => {
                Given::Function
            }
            E::UpdateExpression(_) => Given::Number,
            E::UnaryExpression(unary) => match (unary.operator, self.given(&unary.argument)) {
                (UnaryOperator::UnaryNegation, Given::Constant(value)) => Given::Constant(-value),
                (UnaryOperator::LogicalNot | UnaryOperator::Delete, _) => Given::Boolean,
                (UnaryOperator::Typeof, _) => Given::String,
                (UnaryOperator::Void, _) => Given::Undefined,
                _ => Given::Number,
            },
            E::BinaryExpression(binary) => match binary.operator {
                BinaryOperator::Addition => {
                    match (self.given(&binary.left), self.given(&binary.right)) {
                        (Given::String, _) | (_, Given::String) => Given::String,
                        (
                            Given::Number | Given::Constant(_),
                            Given::Number | Given::Constant(_),
                        ) => Given::Number,
                        _ => Given::Unknown,
                    }
                }
                operator if operator.is_arithmetic() || operator.is_bitwise() => Given::Number,
                _ => Given::Boolean,
            },
            E::Identifier(name) => self.given_by(name),
            _ => Given::Unknown,
        }
    }

    /// What the annotation of a variable says.
    fn given_by(&self, name: &ast::IdentifierReference<'a>) -> Given {
        let Some(symbol) = self.symbol(name) else {
            return match name.name.as_str() {
                "undefined" => Given::Undefined,
                "NaN" | "Infinity" => Given::Number,
                _ => Given::Unknown,
            };
        };
        let ty = match self.places[symbol.index()] {
            Place::Local(depth, local) => &self.frames[depth].locals[local.0 as usize].ty,
            Place::Global(global) => match &self.globals[global.0 as usize].kind {
                GlobalKind::Variable { ty, .. } => ty,
                GlobalKind::Function(_) | GlobalKind::Class { .. } => return Given::Function,
            },
            Place::None | Place::Import(_) | Place::Callee(_) => return Given::Unknown,
        };
        match ty {
            Ty::Number => Given::Number,
            Ty::Boolean => Given::Boolean,
            Ty::String => Given::String,
            Ty::Array(_) => Given::Array,
            Ty::Any | Ty::Undefined | Ty::Named(_) => Given::Unknown,
        }
    }
}
