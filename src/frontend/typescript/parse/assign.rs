//! Assignments: plain, compound, logical, `++` and `--`. Destructuring assignments are in [`super::pattern`].

use super::access::get;
use super::builder::{Builder, Place};
use super::expression::{builtin, erased, operator};
use super::required;
use crate::frontend::typescript::hir::{Binary, Expr, Home, Key, Logical, Stmt};
use oxc_ast::ast;
use oxc_semantic::SymbolFlags;
use oxc_span::GetSpan;
use oxc_syntax::operator::LogicalOperator;

/// What can be assigned to, once its parts have been evaluated into temporaries.
enum Reference<'a> {
    Name(&'a ast::IdentifierReference<'a>),
    Property(Expr, Key),
    Super(Home, Key),
    /// Reported already.
    Nothing,
}

impl<'a> Builder<'a> {
    /// An assignment expression; its own value is needed only where `used`.
    pub fn assignment(
        &mut self,
        assignment: &'a ast::AssignmentExpression<'a>,
        used: bool,
    ) -> Expr {
        let target = &assignment.left;
        let Some(simple) = target.as_simple_assignment_target() else {
            return self.destructuring_assignment(assignment, used);
        };
        if assignment.operator == ast::AssignmentOperator::Assign {
            return self.store(simple, |builder, name| {
                builder.named(&assignment.right, name)
            });
        }
        let mut before = Vec::new();
        let reference = self.reference(simple, &mut before);
        let old = self.load(&reference);
        let new = match (
            assignment.operator.to_binary_operator(),
            assignment.operator.to_logical_operator(),
        ) {
            (Some(op), _) => {
                let right = self.expression(&assignment.right);
                let value = Expr::Binary(operator(op), Box::new(old), Box::new(right));
                self.assign(&reference, value)
            }
            (None, op) => {
                let op = match op {
                    Some(LogicalOperator::And) => Logical::And,
                    Some(LogicalOperator::Or) => Logical::Or,
                    _ => Logical::Nullish,
                };
                let name = match reference {
                    Reference::Name(identifier) => identifier.name.as_str(),
                    _ => "",
                };
                let right = self.named(&assignment.right, name);
                let stored = self.assign(&reference, right);
                Expr::Logical(op, Box::new(old), Box::new(stored))
            }
        };
        sequence(before, new)
    }

    /// `++` and `--`; the old value of a postfix one is needed only where `used`.
    pub fn update(&mut self, update: &'a ast::UpdateExpression<'a>, used: bool) -> Expr {
        let op = match update.operator {
            ast::UpdateOperator::Increment => Binary::Add,
            ast::UpdateOperator::Decrement => Binary::Sub,
        };
        let mut before = Vec::new();
        let reference = self.reference(&update.argument, &mut before);
        let old = Expr::ToNumeric(Box::new(self.load(&reference)));
        let step = |old| Expr::Binary(op, Box::new(old), Box::new(Expr::Number(1.0)));
        if update.prefix || !used {
            let new = self.assign(&reference, step(old));
            return sequence(before, new);
        }
        let kept = self.temporary();
        let keep = self.keep(kept, old);
        before.push(keep);
        let new = self.assign(&reference, step(Expr::Local(kept)));
        before.push(new);
        sequence(before, Expr::Local(kept))
    }

    /// A plain assignment of what `value` builds, which is evaluated after the target's parts.
    pub fn store(
        &mut self,
        target: &'a ast::SimpleAssignmentTarget<'a>,
        value: impl FnOnce(&mut Self, &str) -> Expr,
    ) -> Expr {
        use ast::SimpleAssignmentTarget as T;
        match target {
            T::AssignmentTargetIdentifier(identifier) => {
                let value = value(self, &identifier.name);
                self.assign(&Reference::Name(identifier), value)
            }
            T::StaticMemberExpression(member) => {
                let key = Key::Name(member.property.name.to_string());
                self.store_property(&member.object, key, value)
            }
            T::ComputedMemberExpression(member) => {
                if let ast::Expression::Super(_) = member.object {
                    let home = self.super_home(member.span);
                    let key = Key::Computed(Box::new(self.expression(&member.expression)));
                    return Expr::SuperSet(home, key, Box::new(value(self, "")));
                }
                let object = self.expression(&member.object);
                let key = self.index(&member.expression);
                set(object, key, value(self, ""))
            }
            T::PrivateFieldExpression(member) => {
                let key = Key::Name(self.private_key(&member.field));
                self.store_property(&member.object, key, value)
            }
            _ => {
                let mut before = Vec::new();
                let reference = self.reference(target, &mut before);
                let value = value(self, "");
                let stored = self.assign(&reference, value);
                sequence(before, stored)
            }
        }
    }

    fn store_property(
        &mut self,
        object: &'a ast::Expression<'a>,
        key: Key,
        value: impl FnOnce(&mut Self, &str) -> Expr,
    ) -> Expr {
        if let ast::Expression::Super(object) = object {
            let home = self.super_home(object.span);
            return Expr::SuperSet(home, key, Box::new(value(self, "")));
        }
        let object = self.expression(object);
        set(object, key, value(self, ""))
    }

    /// Evaluates the parts of a target, each once, into `before`.
    fn reference(
        &mut self,
        target: &'a ast::SimpleAssignmentTarget<'a>,
        before: &mut Vec<Expr>,
    ) -> Reference<'a> {
        use ast::SimpleAssignmentTarget as T;
        match target {
            T::AssignmentTargetIdentifier(identifier) => Reference::Name(identifier),
            T::StaticMemberExpression(member) => {
                let key = Key::Name(member.property.name.to_string());
                self.property_reference(&member.object, key, before)
            }
            T::PrivateFieldExpression(member) => {
                let key = Key::Name(self.private_key(&member.field));
                self.property_reference(&member.object, key, before)
            }
            T::ComputedMemberExpression(member) => self.computed_reference(member, before),
            T::TSAsExpression(inner) => self.erased_reference(&inner.expression, before),
            T::TSSatisfiesExpression(inner) => self.erased_reference(&inner.expression, before),
            T::TSNonNullExpression(inner) => self.erased_reference(&inner.expression, before),
            T::TSTypeAssertion(inner) => self.erased_reference(&inner.expression, before),
        }
    }

    fn erased_reference(
        &mut self,
        target: &'a ast::Expression<'a>,
        before: &mut Vec<Expr>,
    ) -> Reference<'a> {
        match erased(target) {
            ast::Expression::Identifier(identifier) => Reference::Name(identifier),
            ast::Expression::StaticMemberExpression(member) => {
                let key = Key::Name(member.property.name.to_string());
                self.property_reference(&member.object, key, before)
            }
            ast::Expression::PrivateFieldExpression(member) => {
                let key = Key::Name(self.private_key(&member.field));
                self.property_reference(&member.object, key, before)
            }
            ast::Expression::ComputedMemberExpression(member) => {
                self.computed_reference(member, before)
            }
            other => {
                self.unsupported(other.span(), "assignments to this are", None);
                Reference::Nothing
            }
        }
    }

    fn computed_reference(
        &mut self,
        member: &'a ast::ComputedMemberExpression<'a>,
        before: &mut Vec<Expr>,
    ) -> Reference<'a> {
        if let ast::Expression::Super(_) = member.object {
            let home = self.super_home(member.span);
            let key = self.expression(&member.expression);
            return Reference::Super(home, Key::Computed(Box::new(self.once(key, before))));
        }
        let object = self.expression(&member.object);
        let object = self.once(object, before);
        match self.index(&member.expression) {
            Key::Computed(index) => {
                let index = self.once(*index, before);
                Reference::Property(object, Key::Computed(Box::new(index)))
            }
            name => Reference::Property(object, name),
        }
    }

    fn property_reference(
        &mut self,
        object: &'a ast::Expression<'a>,
        key: Key,
        before: &mut Vec<Expr>,
    ) -> Reference<'a> {
        if let ast::Expression::Super(object) = object {
            return Reference::Super(self.super_home(object.span), key);
        }
        let object = self.expression(object);
        Reference::Property(self.once(object, before), key)
    }

    /// An expression that may be evaluated twice and means the same as evaluating this one, once, now.
    pub fn once(&mut self, value: Expr, before: &mut Vec<Expr>) -> Expr {
        let again = match &value {
            Expr::This | Expr::Number(_) | Expr::Builtin(_) | Expr::Callee => true,
            Expr::Local(local) => {
                let top = self.top();
                !self.frames[top].notes[local.0 as usize].mutated
                    && !self.frames[top].locals[local.0 as usize].tdz
            }
            _ => false,
        };
        if again {
            return value;
        }
        let kept = self.temporary();
        let keep = self.keep(kept, value);
        before.push(keep);
        Expr::Local(kept)
    }

    fn load(&mut self, reference: &Reference<'a>) -> Expr {
        match reference {
            Reference::Name(identifier) => self.identifier(identifier),
            Reference::Property(object, key) => get(object.clone(), key.clone()),
            Reference::Super(home, key) => Expr::SuperGet(home.clone(), key.clone()),
            Reference::Nothing => Expr::Undefined,
        }
    }

    fn assign(&mut self, reference: &Reference<'a>, value: Expr) -> Expr {
        match reference {
            Reference::Name(identifier) => self.assign_name(identifier, value),
            Reference::Property(object, key) => set(object.clone(), key.clone(), value),
            Reference::Super(home, key) => {
                Expr::SuperSet(home.clone(), key.clone(), Box::new(value))
            }
            Reference::Nothing => Expr::Undefined,
        }
    }

    /// An assignment to a name, if it is a variable.
    pub fn assign_name(&mut self, identifier: &ast::IdentifierReference<'a>, value: Expr) -> Expr {
        let name = identifier.name.as_str();
        let Some(symbol) = self.symbol(identifier) else {
            // Reports a name that nobody declares; those that the runtime provides are not to be replaced.
            self.identifier(identifier);
            if builtin(name).is_some() {
                self.constant_assignment(identifier.span, name, "provided by the runtime");
            }
            return Expr::Undefined;
        };
        let flags = self.scoping.symbol_flags(symbol);
        let why = if flags.is_const_variable() {
            "a constant"
        } else if flags.is_import() {
            "an import"
        } else if flags.is_class() {
            "a class"
        } else if flags.is_enum() {
            "an enum"
        } else if flags.is_enum_member() {
            "an enum member"
        } else if flags.is_function() && !flags.intersects(SymbolFlags::Variable) {
            "a function"
        } else if self.places[symbol.index()] == Place::None {
            "declared only as a type"
        } else {
            return self.set(symbol, value).unwrap_or(Expr::Undefined);
        };
        self.constant_assignment(identifier.span, name, why);
        Expr::Undefined
    }

    /// A destructuring assignment: its value is the right-hand side.
    fn destructuring_assignment(
        &mut self,
        assignment: &'a ast::AssignmentExpression<'a>,
        used: bool,
    ) -> Expr {
        let mut out = Vec::new();
        if !used && self.swap(&assignment.left, &assignment.right, &mut out) {
            return effects(out);
        }
        let source = self.expression(&assignment.right);
        let kept = self.temporary();
        let init = self.init(kept, source);
        out.push(init);
        let value =
            required::assigned(&assignment.left, Expr::Local(kept), Some(&assignment.right));
        self.assign_target(&assignment.left, value, &mut out);
        if used {
            out.push(Stmt::Expr(Expr::Local(kept)));
        }
        effects(out)
    }
}

/// Statements that are only initialisations of temporaries and expressions, as one expression.
fn effects(statements: Vec<Stmt>) -> Expr {
    let one = |statement| match statement {
        Stmt::Init(local, value) => Expr::SetLocal(local, Box::new(value)),
        Stmt::Expr(value) => value,
        other => unreachable!("a pattern of an assignment is spelled out without {other:?}"),
    };
    Expr::Sequence(statements.into_iter().map(one).collect())
}

/// Some expressions for their effect, and a last one for its value.
fn sequence(mut before: Vec<Expr>, last: Expr) -> Expr {
    if before.is_empty() {
        return last;
    }
    before.push(last);
    Expr::Sequence(before)
}

/// An assignment to a property by its key.
fn set(object: Expr, key: Key, value: Expr) -> Expr {
    match key {
        Key::Name(name) => Expr::Set(Box::new(object), name, Box::new(value)),
        Key::Computed(index) => Expr::SetIndex(Box::new(object), index, Box::new(value)),
    }
}
