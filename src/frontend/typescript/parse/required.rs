//! What destructuring says of a value that cannot be destructured: how it is written, and what was asked for first.

use super::expression::erased;
use crate::frontend::typescript::hir::Expr;
use oxc_ast::ast;

/// The value that a pattern takes apart, checked where an object pattern asks for it.
pub(super) fn bound(
    pattern: &ast::BindingPattern,
    value: Expr,
    written: Option<&ast::Expression>,
) -> Expr {
    match pattern {
        ast::BindingPattern::ObjectPattern(pattern) => {
            let first = pattern
                .properties
                .first()
                .and_then(|property| name(&property.key));
            check(value, first, written)
        }
        _ => value,
    }
}

/// The same for the target of an assignment.
pub(super) fn assigned(
    target: &ast::AssignmentTarget,
    value: Expr,
    written: Option<&ast::Expression>,
) -> Expr {
    match target {
        ast::AssignmentTarget::ObjectAssignmentTarget(pattern) => {
            let first = pattern
                .properties
                .first()
                .and_then(|property| match property {
                    ast::AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(property) => {
                        Some(property.binding.name.to_string())
                    }
                    ast::AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                        name(&property.name)
                    }
                });
            check(value, first, written)
        }
        _ => value,
    }
}

/// The value of a pattern within a pattern: getting a property of null or undefined throws by itself.
pub(super) fn inner(value: Expr, gets_property: bool) -> Expr {
    if gets_property || matches!(value, Expr::RequireObject { .. }) {
        return value;
    }
    check(value, None, None)
}

fn check(value: Expr, property: Option<String>, written: Option<&ast::Expression>) -> Expr {
    let text = written.map_or(String::new(), text);
    Expr::RequireObject {
        value: Box::new(value),
        property,
        text,
    }
}

/// The name of a key that is not computed.
fn name(key: &ast::PropertyKey) -> Option<String> {
    if key.is_identifier() {
        key.static_name().map(|name| name.into_owned())
    } else {
        None
    }
}

/// An expression as JavaScript engines show it in messages.
fn text(expression: &ast::Expression) -> String {
    use ast::Expression as E;
    match erased(expression) {
        E::Identifier(identifier) => identifier.name.to_string(),
        E::ThisExpression(_) => "this".to_owned(),
        E::NullLiteral(_) => "null".to_owned(),
        E::BooleanLiteral(literal) => literal.value.to_string(),
        E::NumericLiteral(literal) => literal.raw.map_or(String::new(), |raw| raw.to_string()),
        E::StringLiteral(literal) => format!("\"{}\"", literal.value),
        E::StaticMemberExpression(member) => {
            format!("{}.{}", text(&member.object), member.property.name)
        }
        E::PrivateFieldExpression(member) => {
            format!("{}.#{}", text(&member.object), member.field.name)
        }
        E::ComputedMemberExpression(member) => match erased(&member.expression) {
            E::StringLiteral(name) => format!("{}.{}", text(&member.object), name.value),
            index => format!("{}[{}]", text(&member.object), text(index)),
        },
        E::CallExpression(call) => format!("{}(...)", text(&call.callee)),
        _ => "(intermediate value)".to_owned(),
    }
}
