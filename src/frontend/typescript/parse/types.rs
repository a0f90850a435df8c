//! Type annotations as [`Ty`]: what of them is worth knowing after erasure. It judges nothing.

use crate::frontend::typescript::hir::Ty;
use oxc_ast::ast::{
    TSLiteral, TSType, TSTypeAnnotation, TSTypeName, TSTypeOperatorOperator, UnaryOperator,
};

/// The type that an annotation states.
pub(super) fn annotation(annotation: Option<&TSTypeAnnotation>) -> Ty {
    annotation.map_or(Ty::Any, |annotation| of(&annotation.type_annotation))
}

fn of(ty: &TSType) -> Ty {
    match ty {
        TSType::TSNumberKeyword(_) => Ty::Number,
        TSType::TSBooleanKeyword(_) => Ty::Boolean,
        TSType::TSStringKeyword(_) | TSType::TSTemplateLiteralType(_) => Ty::String,
        TSType::TSUndefinedKeyword(_) | TSType::TSVoidKeyword(_) => Ty::Undefined,
        TSType::TSParenthesizedType(inner) => of(&inner.type_annotation),
        TSType::TSArrayType(array) => Ty::Array(Box::new(of(&array.element_type))),
        TSType::TSTypeOperatorType(operator)
            if operator.operator == TSTypeOperatorOperator::Readonly =>
        {
            of(&operator.type_annotation)
        }
        TSType::TSLiteralType(literal) => match &literal.literal {
            TSLiteral::BooleanLiteral(_) => Ty::Boolean,
            TSLiteral::NumericLiteral(_) => Ty::Number,
            TSLiteral::StringLiteral(_) | TSLiteral::TemplateLiteral(_) => Ty::String,
            TSLiteral::UnaryExpression(unary) if unary.operator == UnaryOperator::UnaryNegation => {
                Ty::Number
            }
            _ => Ty::Any,
        },
        TSType::TSUnionType(union) => {
            let mut types = union.types.iter().map(of);
            let first = types.next().unwrap_or(Ty::Any);
            if types.all(|ty| ty == first) {
                first
            } else {
                Ty::Any
            }
        }
        TSType::TSTypeReference(reference) => {
            let TSTypeName::IdentifierReference(name) = &reference.type_name else {
                return Ty::Any;
            };
            let arguments = reference
                .type_arguments
                .as_ref()
                .map_or(&[][..], |arguments| &arguments.params);
            match (name.name.as_str(), arguments) {
                ("Array" | "ReadonlyArray", [element]) => Ty::Array(Box::new(of(element))),
                (name, _) => Ty::Named(name.to_owned()),
            }
        }
        _ => Ty::Any,
    }
}
