//! Property accesses and calls, optional chains and `super` included.

use super::builder::{Builder, Place};
use super::expression::erased;
use super::literal::{key, string};
use crate::frontend::typescript::hir::{Expr, FunctionKind, Home, JsString, Key};
use oxc_ast::ast;
use oxc_semantic::SymbolId;
use oxc_syntax::constant_value::ConstantValue;

impl<'a> Builder<'a> {
    /// The object of a property access; with `?.`, null and undefined end the chain.
    pub fn object_of(&mut self, object: &'a ast::Expression<'a>, optional: bool) -> Expr {
        let object = self.expression(object);
        guarded(object, optional)
    }

    pub fn static_member(&mut self, member: &'a ast::StaticMemberExpression<'a>) -> Expr {
        let name = member.property.name.as_str();
        if let ast::Expression::Super(_) = member.object {
            return Expr::SuperGet(self.super_home(member.span), Key::Name(name.to_owned()));
        }
        if let Some(value) = self.enum_access(&member.object, name) {
            return value;
        }
        let object = self.object_of(&member.object, member.optional);
        Expr::Get(Box::new(object), name.to_owned())
    }

    pub fn computed_member(&mut self, member: &'a ast::ComputedMemberExpression<'a>) -> Expr {
        if let ast::Expression::Super(_) = member.object {
            let home = self.super_home(member.span);
            let key = self.expression(&member.expression);
            return Expr::SuperGet(home, Key::Computed(Box::new(key)));
        }
        if let ast::Expression::StringLiteral(name) = &member.expression
            && let Some(value) = self.enum_access(&member.object, &name.value)
        {
            return value;
        }
        let object = self.object_of(&member.object, member.optional);
        match self.index(&member.expression) {
            Key::Name(name) => Expr::Get(Box::new(object), name),
            Key::Computed(index) => Expr::GetIndex(Box::new(object), index),
        }
    }

    pub fn private_member(&mut self, member: &'a ast::PrivateFieldExpression<'a>) -> Expr {
        let object = self.object_of(&member.object, member.optional);
        Expr::Get(Box::new(object), self.private_key(&member.field))
    }

    /// What is between brackets: a constant string is a name like any other.
    pub fn index(&mut self, expression: &'a ast::Expression<'a>) -> Key {
        match self.expression(expression) {
            Expr::String(JsString::Text(name)) => key(&name),
            value => Key::Computed(Box::new(value)),
        }
    }

    /// The method whose `super` is seen here.
    pub fn super_home(&mut self, at: oxc_span::Span) -> Home {
        let owner = self.home();
        if self.frames[owner].in_field
            || matches!(self.frames[owner].kind, FunctionKind::Static { .. })
        {
            self.unsupported(
                at,
                "`super` in field initialisers and static blocks is",
                Some("use it in a method"),
            );
        }
        let function = Box::new(self.callee(owner));
        Home {
            function,
            this: Box::new(self.this()),
        }
    }

    /// The elements of `a?.b.c`, within `OptionalChain`.
    pub fn chain(&mut self, chain: &'a ast::ChainElement<'a>) -> Expr {
        match chain {
            ast::ChainElement::CallExpression(call) => self.call(call),
            ast::ChainElement::TSNonNullExpression(inner) => match erased(&inner.expression) {
                ast::Expression::ChainExpression(chain) => self.chain(&chain.expression),
                other => self.expression(other),
            },
            ast::ChainElement::StaticMemberExpression(member) => self.static_member(member),
            ast::ChainElement::ComputedMemberExpression(member) => self.computed_member(member),
            ast::ChainElement::PrivateFieldExpression(member) => self.private_member(member),
        }
    }

    pub fn call(&mut self, call: &'a ast::CallExpression<'a>) -> Expr {
        self.note_native_call(call);
        match erased(&call.callee) {
            ast::Expression::Super(_) => self.super_call(call),
            ast::Expression::StaticMemberExpression(member) => {
                let name = Key::Name(member.property.name.to_string());
                if let ast::Expression::Super(_) = member.object {
                    return self.call_super_method(call, member.span, name);
                }
                let object = self.object_of(&member.object, member.optional);
                self.call_method(call, object, name)
            }
            ast::Expression::ComputedMemberExpression(member) => {
                if let ast::Expression::Super(_) = member.object {
                    let key = Key::Computed(Box::new(self.expression(&member.expression)));
                    return self.call_super_method(call, member.span, key);
                }
                let object = self.object_of(&member.object, member.optional);
                let key = self.index(&member.expression);
                self.call_method(call, object, key)
            }
            ast::Expression::PrivateFieldExpression(member) => {
                let object = self.object_of(&member.object, member.optional);
                let key = Key::Name(self.private_key(&member.field));
                self.call_method(call, object, key)
            }
            ast::Expression::ChainExpression(chain) => self.call_chain(call, &chain.expression),
            callee => {
                let callee = self.expression(callee);
                let callee = guarded(callee, call.optional);
                Expr::Call(Box::new(callee), self.arguments(&call.arguments))
            }
        }
    }

    /// `object.key(…)`, or `object.key?.(…)`.
    fn call_method(&mut self, call: &'a ast::CallExpression<'a>, object: Expr, key: Key) -> Expr {
        if call.optional {
            let this = self.temporary();
            let object = self.keep(this, object);
            let callee = Expr::OptionalGuard(Box::new(get(Expr::Local(this), key)));
            let arguments = self.arguments(&call.arguments);
            return Expr::CallWith {
                this: Box::new(object),
                callee: Box::new(callee),
                arguments,
            };
        }
        let arguments = self.arguments(&call.arguments);
        match key {
            Key::Name(name) => Expr::CallMethod(Box::new(object), name, arguments),
            Key::Computed(index) => Expr::CallIndex(Box::new(object), index, arguments),
        }
    }

    fn call_super_method(
        &mut self,
        call: &'a ast::CallExpression<'a>,
        at: oxc_span::Span,
        key: Key,
    ) -> Expr {
        let home = self.super_home(at);
        if call.optional {
            let this = home.this.clone();
            let callee = Expr::OptionalGuard(Box::new(Expr::SuperGet(home, key)));
            return Expr::CallWith {
                this,
                callee: Box::new(callee),
                arguments: self.arguments(&call.arguments),
            };
        }
        Expr::CallSuperMethod(home, key, self.arguments(&call.arguments))
    }

    /// `(a?.b)(…)`: the parentheses end the chain, but `a` is still `this`.
    fn call_chain(
        &mut self,
        call: &'a ast::CallExpression<'a>,
        chain: &'a ast::ChainElement<'a>,
    ) -> Expr {
        let (object, key) = match chain {
            ast::ChainElement::StaticMemberExpression(member) => (
                self.object_of(&member.object, member.optional),
                Key::Name(member.property.name.to_string()),
            ),
            ast::ChainElement::ComputedMemberExpression(member) => (
                self.object_of(&member.object, member.optional),
                self.index(&member.expression),
            ),
            ast::ChainElement::PrivateFieldExpression(member) => (
                self.object_of(&member.object, member.optional),
                Key::Name(self.private_key(&member.field)),
            ),
            other => {
                let callee = Expr::OptionalChain(Box::new(self.chain(other)));
                let callee = guarded(callee, call.optional);
                return Expr::Call(Box::new(callee), self.arguments(&call.arguments));
            }
        };
        let local = self.temporary();
        let this = self.keep(local, Expr::OptionalChain(Box::new(object)));
        let method = get(Expr::OptionalGuard(Box::new(Expr::Local(local))), key);
        let callee = guarded(Expr::OptionalChain(Box::new(method)), call.optional);
        Expr::CallWith {
            this: Box::new(this),
            callee: Box::new(callee),
            arguments: self.arguments(&call.arguments),
        }
    }

    /// `super(…)`: then the fields of the class are defined, and `this` is there for arrows.
    fn super_call(&mut self, call: &'a ast::CallExpression<'a>) -> Expr {
        let arguments = self.arguments(&call.arguments);
        if !matches!(
            self.frames[self.top()].kind,
            FunctionKind::Constructor { derived: true, .. }
        ) {
            self.unsupported(
                call.span,
                "`super(…)` within an arrow function is",
                Some("call it in the constructor itself"),
            );
            return Expr::Undefined;
        }
        self.construct_super(arguments)
    }

    /// A property of an enum whose value is known here.
    fn enum_access(&mut self, object: &'a ast::Expression<'a>, name: &str) -> Option<Expr> {
        let ast::Expression::Identifier(identifier) = erased(object) else {
            return None;
        };
        let symbol = self.symbol(identifier)?;
        if !self.scoping.symbol_flags(symbol).is_enum() {
            return None;
        }
        let member = self
            .scoping
            .get_enum_body_scopes(symbol)?
            .iter()
            .find_map(|scope| {
                let bindings = self.scoping.get_bindings(*scope);
                bindings
                    .iter()
                    .find(|(known, _)| known.as_str() == name)
                    .map(|(_, member)| *member)
            })?;
        self.enum_value(member)
    }

    /// The value of an enum member, if it is constant.
    pub fn enum_value(&self, member: SymbolId) -> Option<Expr> {
        self.scoping
            .get_enum_member_value(member)
            .map(|value| match value {
                ConstantValue::Number(value) => Expr::Number(*value),
                ConstantValue::String(value) => Expr::String(string(value.as_str(), false)),
            })
    }

    /// An enum member by its bare name, within the enum.
    pub fn enum_member(&mut self, member: SymbolId) -> Expr {
        if let Some(value) = self.enum_value(member) {
            return value;
        }
        if let Some(value) = self.get(member) {
            return value;
        }
        let name = self.scoping.symbol_name(member).to_owned();
        let scope = self.scoping.symbol_scope_id(member);
        let is_owner = |symbol: &SymbolId| {
            let bodies = self.scoping.get_enum_body_scopes(*symbol);
            bodies.is_some_and(|bodies| bodies.contains(&scope))
                && self.places[symbol.index()] != Place::None
        };
        let owner = self.scoping.symbol_ids().find(is_owner);
        match owner.and_then(|owner| self.get(owner)) {
            Some(object) => Expr::Get(Box::new(object), name),
            None => Expr::Undefined,
        }
    }
}

/// A value that ends the chain if it is null or undefined, where `optional`.
fn guarded(value: Expr, optional: bool) -> Expr {
    if optional {
        Expr::OptionalGuard(Box::new(value))
    } else {
        value
    }
}

/// A property by its key.
pub(super) fn get(object: Expr, key: Key) -> Expr {
    match key {
        Key::Name(name) => Expr::Get(Box::new(object), name),
        Key::Computed(index) => Expr::GetIndex(Box::new(object), index),
    }
}
