//! Expressions, bar those with files of their own: [`super::access`], [`super::assign`], [`super::literal`].

use super::builder::Builder;
use super::literal::{string, text};
use crate::frontend::typescript::abi::BUILTINS;
use crate::frontend::typescript::hir::{Binary, Expr, Key, Logical, Unary};
use oxc_ast::ast;
use oxc_semantic::SymbolId;
use oxc_span::GetSpan;
use oxc_syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator};

/// How deep expressions and statements may be nested: all that walks the HIR recurses.
const DEEPEST: u32 = 1000;

/// An expression without what is only for the type checker.
pub(super) fn erased<'a>(expression: &'a ast::Expression<'a>) -> &'a ast::Expression<'a> {
    match expression {
        ast::Expression::ParenthesizedExpression(inner) => erased(&inner.expression),
        ast::Expression::TSAsExpression(inner) => erased(&inner.expression),
        ast::Expression::TSSatisfiesExpression(inner) => erased(&inner.expression),
        ast::Expression::TSTypeAssertion(inner) => erased(&inner.expression),
        ast::Expression::TSNonNullExpression(inner) => erased(&inner.expression),
        ast::Expression::TSInstantiationExpression(inner) => erased(&inner.expression),
        _ => expression,
    }
}

impl<'a> Builder<'a> {
    /// One level deeper in the syntax tree; `None` at the limit.
    pub fn nested<T>(
        &mut self,
        at: oxc_span::Span,
        build: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.depth >= DEEPEST {
            if !self.too_deep {
                self.too_deep = true;
                let help = "name a part of it, or build it in a loop";
                self.unsupported(
                    at,
                    &format!("expressions and statements nested more than {DEEPEST} deep are"),
                    Some(help),
                );
            }
            return None;
        }
        self.depth += 1;
        let built = build(self);
        self.depth -= 1;
        Some(built)
    }

    pub fn expression(&mut self, expression: &'a ast::Expression<'a>) -> Expr {
        self.named(expression, "")
    }

    /// An expression that, if it is an anonymous function or class, gets this name.
    pub fn named(&mut self, expression: &'a ast::Expression<'a>, name: &str) -> Expr {
        let expression = erased(expression);
        self.nested(expression.span(), |builder| builder.any(expression, name))
            .unwrap_or(Expr::Undefined)
    }

    /// An expression whose value is not used: some are simpler then.
    pub fn effect(&mut self, expression: &'a ast::Expression<'a>) -> Expr {
        match erased(expression) {
            ast::Expression::UpdateExpression(update) => self.update(update, false),
            ast::Expression::AssignmentExpression(assignment) => self.assignment(assignment, false),
            ast::Expression::SequenceExpression(sequence) => Expr::Sequence(
                sequence
                    .expressions
                    .iter()
                    .map(|part| self.effect(part))
                    .collect(),
            ),
            other => self.expression(other),
        }
    }

    fn any(&mut self, expression: &'a ast::Expression<'a>, name: &str) -> Expr {
        use ast::Expression as E;
        match expression {
            E::BooleanLiteral(literal) => Expr::Bool(literal.value),
            E::NullLiteral(_) => Expr::Null,
            E::NumericLiteral(literal) => Expr::Number(literal.value),
            E::StringLiteral(literal) => {
                Expr::String(string(&literal.value, literal.lone_surrogates))
            }
            E::TemplateLiteral(template) => self.template(template),
            E::Identifier(identifier) => self.identifier(identifier),
            E::ArrayExpression(array) => self.array(array),
            E::ObjectExpression(object) => self.object(object),
            E::FunctionExpression(function) => self.function_expression(function, name),
            E::ArrowFunctionExpression(arrow) => self.arrow(arrow, name),
            E::ClassExpression(class) => self.class_expression(class, name),
            E::AssignmentExpression(assignment) => self.assignment(assignment, true),
            E::UpdateExpression(update) => self.update(update, true),
            E::BinaryExpression(binary) => self.binary(binary),
            E::PrivateInExpression(check) => {
                let key = text(&self.private_key(&check.left));
                let object = self.expression(&check.right);
                Expr::Binary(Binary::In, Box::new(key), Box::new(object))
            }
            E::LogicalExpression(logical) => {
                let op = match logical.operator {
                    LogicalOperator::And => Logical::And,
                    LogicalOperator::Or => Logical::Or,
                    LogicalOperator::Coalesce => Logical::Nullish,
                };
                let left = self.expression(&logical.left);
                Expr::Logical(
                    op,
                    Box::new(left),
                    Box::new(self.expression(&logical.right)),
                )
            }
            E::ConditionalExpression(conditional) => {
                let test = self.expression(&conditional.test);
                let yes = self.expression(&conditional.consequent);
                let no = self.expression(&conditional.alternate);
                Expr::Conditional(Box::new(test), Box::new(yes), Box::new(no))
            }
            E::UnaryExpression(unary) => self.unary(unary),
            E::SequenceExpression(sequence) => {
                let (last, before) = match sequence.expressions.split_last() {
                    Some(parts) => parts,
                    None => return Expr::Undefined,
                };
                let mut parts: Vec<_> = before.iter().map(|part| self.effect(part)).collect();
                parts.push(self.expression(last));
                Expr::Sequence(parts)
            }
            E::ThisExpression(_) => self.this(),
            E::NewTarget(_) => self.new_target(),
            E::CallExpression(call) => self.call(call),
            E::NewExpression(new) => {
                let callee = self.expression(&new.callee);
                Expr::New(Box::new(callee), self.arguments(&new.arguments))
            }
            E::ChainExpression(chain) => {
                Expr::OptionalChain(Box::new(self.chain(&chain.expression)))
            }
            E::StaticMemberExpression(member) => self.static_member(member),
            E::ComputedMemberExpression(member) => self.computed_member(member),
            E::PrivateFieldExpression(member) => self.private_member(member),
            _ => self.not_supported(expression),
        }
    }

    /// The expressions that this release does not compile.
    fn not_supported(&mut self, expression: &'a ast::Expression<'a>) -> Expr {
        use ast::Expression as E;
        let (what, help) = match expression {
            E::BigIntLiteral(_) => (
                "BigInt literals are",
                Some("use `number` where 53 bits are enough"),
            ),
            E::RegExpLiteral(_) => (
                "regular expressions are",
                Some("use the methods of `String`, such as `indexOf` and `split`"),
            ),
            E::AwaitExpression(_) | E::YieldExpression(_) if self.frame().refused => {
                return Expr::Undefined;
            }
            E::AwaitExpression(_) => ("`await` is", None),
            E::YieldExpression(_) => (
                "generators are",
                Some("return an array, or an object with a `next` method"),
            ),
            E::ImportExpression(_) => ("dynamic imports are", Some("use an `import` declaration")),
            E::ImportMeta(_) => ("`import.meta` is", None),
            E::TaggedTemplateExpression(_) => (
                "tagged templates are",
                Some("call the function with an array of strings"),
            ),
            E::JSXElement(_) | E::JSXFragment(_) => {
                ("JSX is", Some("call the functions that it stands for"))
            }
            E::Super(_) => ("this use of `super` is", None),
            _ => ("this kind of expression is", None),
        };
        self.unsupported(expression.span(), what, help);
        Expr::Undefined
    }

    /// The symbol that a name stands for, if something in this module declares it.
    pub fn symbol(&self, identifier: &ast::IdentifierReference<'a>) -> Option<SymbolId> {
        identifier
            .reference_id
            .get()
            .and_then(|reference| self.scoping.get_reference(reference).symbol_id())
    }

    /// The value of a name.
    pub fn identifier(&mut self, identifier: &ast::IdentifierReference<'a>) -> Expr {
        let name = identifier.name.as_str();
        if let Some(symbol) = self.symbol(identifier) {
            if self.scoping.symbol_flags(symbol).is_enum_member() {
                return self.enum_member(symbol);
            }
            if let Some(value) = self.get(symbol) {
                return value;
            }
        }
        if let Some(value) = builtin(name) {
            return value;
        }
        match name {
            "arguments" => {
                self.unsupported(
                    identifier.span,
                    "`arguments` is",
                    Some("declare a rest parameter: `...args`"),
                );
            }
            "eval" => self.unsupported(identifier.span, "`eval` is", None),
            _ => self.undefined_name(identifier.span, name),
        }
        Expr::Undefined
    }

    fn binary(&mut self, binary: &'a ast::BinaryExpression<'a>) -> Expr {
        let left = self.expression(&binary.left);
        let right = self.expression(&binary.right);
        Expr::Binary(operator(binary.operator), Box::new(left), Box::new(right))
    }

    fn unary(&mut self, unary: &'a ast::UnaryExpression<'a>) -> Expr {
        let op = match unary.operator {
            UnaryOperator::UnaryNegation => Unary::Neg,
            UnaryOperator::UnaryPlus => Unary::Plus,
            UnaryOperator::LogicalNot => Unary::Not,
            UnaryOperator::BitwiseNot => Unary::BitNot,
            UnaryOperator::Void => Unary::Void,
            UnaryOperator::Delete => return self.delete(&unary.argument),
            UnaryOperator::Typeof => {
                if self.is_undeclared(&unary.argument) {
                    return text("undefined");
                }
                Unary::TypeOf
            }
        };
        match (op, self.expression(&unary.argument)) {
            (Unary::Neg, Expr::Number(value)) => Expr::Number(-value),
            (op, operand) => Expr::Unary(op, Box::new(operand)),
        }
    }

    /// Whether this is a name that neither the module nor the runtime knows, of which `typeof` says `undefined`.
    fn is_undeclared(&self, expression: &'a ast::Expression<'a>) -> bool {
        let ast::Expression::Identifier(identifier) = erased(expression) else {
            return false;
        };
        let declared = match self.symbol(identifier) {
            Some(symbol) => self.places[symbol.index()] != super::builder::Place::None,
            None => false,
        };
        !declared && builtin(&identifier.name).is_none() && identifier.name != "arguments"
    }

    fn delete(&mut self, operand: &'a ast::Expression<'a>) -> Expr {
        match erased(operand) {
            ast::Expression::ChainExpression(chain) => {
                // `delete a?.b` is true where `a` is undefined, and where it is deleted.
                let deleted = match &chain.expression {
                    ast::ChainElement::StaticMemberExpression(member) => {
                        let object = self.object_of(&member.object, member.optional);
                        Expr::Delete(
                            Box::new(object),
                            Key::Name(member.property.name.to_string()),
                        )
                    }
                    ast::ChainElement::ComputedMemberExpression(member) => {
                        let object = self.object_of(&member.object, member.optional);
                        let key = self.expression(&member.expression);
                        Expr::Delete(Box::new(object), Key::Computed(Box::new(key)))
                    }
                    other => Expr::Unary(Unary::Void, Box::new(self.chain(other))),
                };
                let chain = Expr::OptionalChain(Box::new(deleted));
                Expr::Logical(
                    Logical::Nullish,
                    Box::new(chain),
                    Box::new(Expr::Bool(true)),
                )
            }
            ast::Expression::StaticMemberExpression(member) => {
                let object = self.expression(&member.object);
                Expr::Delete(
                    Box::new(object),
                    Key::Name(member.property.name.to_string()),
                )
            }
            ast::Expression::ComputedMemberExpression(member) => {
                let object = self.expression(&member.object);
                let key = self.expression(&member.expression);
                Expr::Delete(Box::new(object), Key::Computed(Box::new(key)))
            }
            other => Expr::Sequence(vec![self.effect(other), Expr::Bool(true)]),
        }
    }
}

/// A name that the runtime provides.
pub(super) fn builtin(name: &str) -> Option<Expr> {
    match name {
        "undefined" => Some(Expr::Undefined),
        "NaN" => Some(Expr::Number(f64::NAN)),
        "Infinity" => Some(Expr::Number(f64::INFINITY)),
        _ => BUILTINS
            .contains(&name)
            .then(|| Expr::Builtin(name.to_owned())),
    }
}

/// A binary operator of the syntax as one of the HIR.
pub(super) fn operator(operator: BinaryOperator) -> Binary {
    match operator {
        BinaryOperator::Addition => Binary::Add,
        BinaryOperator::Subtraction => Binary::Sub,
        BinaryOperator::Multiplication => Binary::Mul,
        BinaryOperator::Division => Binary::Div,
        BinaryOperator::Remainder => Binary::Rem,
        BinaryOperator::Exponential => Binary::Pow,
        BinaryOperator::BitwiseAnd => Binary::BitAnd,
        BinaryOperator::BitwiseOR => Binary::BitOr,
        BinaryOperator::BitwiseXOR => Binary::BitXor,
        BinaryOperator::ShiftLeft => Binary::Shl,
        BinaryOperator::ShiftRight => Binary::Shr,
        BinaryOperator::ShiftRightZeroFill => Binary::UShr,
        BinaryOperator::LessThan => Binary::Less,
        BinaryOperator::LessEqualThan => Binary::LessEq,
        BinaryOperator::GreaterThan => Binary::Greater,
        BinaryOperator::GreaterEqualThan => Binary::GreaterEq,
        BinaryOperator::Equality => Binary::Eq,
        BinaryOperator::Inequality => Binary::NotEq,
        BinaryOperator::StrictEquality => Binary::StrictEq,
        BinaryOperator::StrictInequality => Binary::StrictNotEq,
        BinaryOperator::In => Binary::In,
        BinaryOperator::Instanceof => Binary::InstanceOf,
    }
}
