//! Destructuring: patterns of declarations, parameters, loops and assignments, spelled out as statements.

use super::access::get;
use super::builder::{Builder, Place};
use super::required::inner;
use crate::frontend::typescript::hir::{Binary, Expr, Key, LocalId, Stmt};
use oxc_ast::ast;
use oxc_semantic::SymbolId;

/// What binding a name does.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mode {
    /// `let`, `const`, parameters: the variable begins.
    Init,
    /// `var`: it has been there all the time.
    Assign,
}

impl<'a> Builder<'a> {
    /// Binds a name to a value.
    pub fn bind_symbol(&mut self, symbol: SymbolId, value: Expr, mode: Mode) -> Stmt {
        match (self.places[symbol.index()], mode) {
            (Place::Local(depth, local), Mode::Init) if depth == self.top() => {
                self.init(local, value)
            }
            (Place::Global(global), Mode::Init) => self.init_global(global, value),
            _ => Stmt::Expr(self.set(symbol, value).unwrap_or(Expr::Undefined)),
        }
    }

    /// Binds the names of a pattern to the parts of a value.
    pub fn bind(
        &mut self,
        pattern: &'a ast::BindingPattern<'a>,
        value: Expr,
        mode: Mode,
        out: &mut Vec<Stmt>,
    ) {
        match pattern {
            ast::BindingPattern::BindingIdentifier(identifier) => {
                let statement = match identifier.symbol_id.get() {
                    Some(symbol) => self.bind_symbol(symbol, value, mode),
                    None => Stmt::Expr(value),
                };
                out.push(statement);
            }
            ast::BindingPattern::AssignmentPattern(default) => {
                let name = default
                    .left
                    .get_identifier_name()
                    .map_or("", |name| name.as_str());
                let value = self.or_default(value, &default.right, name, out);
                self.bind(&default.left, value, mode, out);
            }
            ast::BindingPattern::ObjectPattern(pattern) => {
                let named = pattern
                    .properties
                    .first()
                    .is_some_and(|property| property.key.is_identifier());
                let source = self.source(inner(value, named), out);
                let mut taken = Vec::new();
                for property in &pattern.properties {
                    let key =
                        self.taken_key(&property.key, pattern.rest.is_some(), &mut taken, out);
                    self.bind(&property.value, get(Expr::Local(source), key), mode, out);
                }
                if let Some(rest) = &pattern.rest {
                    let rest_value = Expr::ObjectRest {
                        source: Box::new(Expr::Local(source)),
                        excluded: taken,
                    };
                    self.bind(&rest.argument, rest_value, mode, out);
                }
            }
            ast::BindingPattern::ArrayPattern(pattern) => {
                let parts = pattern.elements.iter().map(Option::is_some);
                let (elements, rest) = self.destructure(value, parts, pattern.rest.is_some(), out);
                for (part, local) in pattern.elements.iter().zip(elements) {
                    if let (Some(part), Some(local)) = (part, local) {
                        self.bind(part, Expr::Local(local), mode, out);
                    }
                }
                if let (Some(pattern), Some(rest)) = (&pattern.rest, rest) {
                    self.bind(&pattern.argument, Expr::Local(rest), mode, out);
                }
            }
        }
    }

    /// `const [a, b] = [x, y]` without the array, which nobody can see.
    pub fn bind_list(
        &mut self,
        pattern: &'a ast::BindingPattern<'a>,
        value: &'a ast::Expression<'a>,
        mode: Mode,
        out: &mut Vec<Stmt>,
    ) -> bool {
        let (ast::BindingPattern::ArrayPattern(pattern), ast::Expression::ArrayExpression(array)) =
            (pattern, value)
        else {
            return false;
        };
        if pattern.rest.is_some()
            || pattern.elements.len() > array.elements.len()
            || !is_list(array)
        {
            return false;
        }
        let kept = self.keep_list(array, out);
        for (part, local) in pattern.elements.iter().zip(kept) {
            if let Some(part) = part {
                self.bind(part, Expr::Local(local), mode, out);
            }
        }
        true
    }

    /// `[a, b] = [b, a]` without the array.
    pub fn swap(
        &mut self,
        target: &'a ast::AssignmentTarget<'a>,
        value: &'a ast::Expression<'a>,
        out: &mut Vec<Stmt>,
    ) -> bool {
        let (
            ast::AssignmentTarget::ArrayAssignmentTarget(pattern),
            ast::Expression::ArrayExpression(array),
        ) = (target, value)
        else {
            return false;
        };
        if pattern.rest.is_some()
            || pattern.elements.len() > array.elements.len()
            || !is_list(array)
        {
            return false;
        }
        let kept = self.keep_list(array, out);
        for (part, local) in pattern.elements.iter().zip(kept) {
            if let Some(part) = part {
                self.assign_part(part, Expr::Local(local), out);
            }
        }
        true
    }

    /// Evaluates the elements of an array literal into temporaries.
    fn keep_list(
        &mut self,
        array: &'a ast::ArrayExpression<'a>,
        out: &mut Vec<Stmt>,
    ) -> Vec<LocalId> {
        let mut kept = Vec::with_capacity(array.elements.len());
        for element in &array.elements {
            let value = element
                .as_expression()
                .map_or(Expr::Undefined, |element| self.expression(element));
            kept.push(self.source(value, out));
        }
        kept
    }

    /// Assigns the parts of a value to the targets of a pattern.
    pub fn assign_target(
        &mut self,
        target: &'a ast::AssignmentTarget<'a>,
        value: Expr,
        out: &mut Vec<Stmt>,
    ) {
        match target {
            ast::AssignmentTarget::ObjectAssignmentTarget(pattern) => {
                let named = pattern.properties.first().is_some_and(is_named);
                let source = self.source(inner(value, named), out);
                let mut taken = Vec::new();
                for property in &pattern.properties {
                    self.assign_property(property, source, pattern.rest.is_some(), &mut taken, out);
                }
                if let Some(rest) = &pattern.rest {
                    let rest_value = Expr::ObjectRest {
                        source: Box::new(Expr::Local(source)),
                        excluded: taken,
                    };
                    self.assign_target(&rest.target, rest_value, out);
                }
            }
            ast::AssignmentTarget::ArrayAssignmentTarget(pattern) => {
                let parts = pattern.elements.iter().map(Option::is_some);
                let (elements, rest) = self.destructure(value, parts, pattern.rest.is_some(), out);
                for (part, local) in pattern.elements.iter().zip(elements) {
                    if let (Some(part), Some(local)) = (part, local) {
                        self.assign_part(part, Expr::Local(local), out);
                    }
                }
                if let (Some(pattern), Some(rest)) = (&pattern.rest, rest) {
                    self.assign_target(&pattern.target, Expr::Local(rest), out);
                }
            }
            _ => {
                if let Some(simple) = target.as_simple_assignment_target() {
                    let stored = self.store(simple, |_, _| value);
                    out.push(Stmt::Expr(stored));
                }
            }
        }
    }

    fn assign_part(
        &mut self,
        part: &'a ast::AssignmentTargetMaybeDefault<'a>,
        value: Expr,
        out: &mut Vec<Stmt>,
    ) {
        if let ast::AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(default) = part {
            let name = default.binding.get_identifier_name().unwrap_or_default();
            let value = self.or_default(value, &default.init, name, out);
            self.assign_target(&default.binding, value, out);
        } else if let Some(target) = part.as_assignment_target() {
            self.assign_target(target, value, out);
        }
    }

    fn assign_property(
        &mut self,
        property: &'a ast::AssignmentTargetProperty<'a>,
        source: LocalId,
        has_rest: bool,
        taken: &mut Vec<Key>,
        out: &mut Vec<Stmt>,
    ) {
        match property {
            ast::AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(property) => {
                let name = property.binding.name.as_str();
                if has_rest {
                    taken.push(Key::Name(name.to_owned()));
                }
                let mut value = Expr::Get(Box::new(Expr::Local(source)), name.to_owned());
                if let Some(default) = &property.init {
                    value = self.or_default(value, default, name, out);
                }
                let stored = self.assign_name(&property.binding, value);
                out.push(Stmt::Expr(stored));
            }
            ast::AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                let key = self.taken_key(&property.name, has_rest, taken, out);
                self.assign_part(&property.binding, get(Expr::Local(source), key), out);
            }
        }
    }

    /// The key of a pattern's property. Where the rest is wanted too, it is remembered, and evaluated only once.
    fn taken_key(
        &mut self,
        key: &'a ast::PropertyKey<'a>,
        has_rest: bool,
        taken: &mut Vec<Key>,
        out: &mut Vec<Stmt>,
    ) -> Key {
        let key = match self.key(key) {
            Key::Computed(value) if has_rest && !matches!(*value, Expr::Number(_)) => {
                Key::Computed(Box::new(Expr::Local(self.source(*value, out))))
            }
            key => key,
        };
        if has_rest {
            taken.push(key.clone());
        }
        key
    }

    /// A value in a temporary.
    fn source(&mut self, value: Expr, out: &mut Vec<Stmt>) -> LocalId {
        let local = self.temporary();
        let init = self.init(local, value);
        out.push(init);
        local
    }

    /// A value, or a default if it is undefined.
    pub fn or_default(
        &mut self,
        value: Expr,
        default: &'a ast::Expression<'a>,
        name: &str,
        out: &mut Vec<Stmt>,
    ) -> Expr {
        let local = self.source(value, out);
        let missing = Expr::Binary(
            Binary::StrictEq,
            Box::new(Expr::Local(local)),
            Box::new(Expr::Undefined),
        );
        let default = self.named(default, name);
        Expr::Conditional(
            Box::new(missing),
            Box::new(default),
            Box::new(Expr::Local(local)),
        )
    }

    /// The elements of an iterable in temporaries, where they are wanted.
    fn destructure(
        &mut self,
        source: Expr,
        wanted: impl Iterator<Item = bool>,
        has_rest: bool,
        out: &mut Vec<Stmt>,
    ) -> (Vec<Option<LocalId>>, Option<LocalId>) {
        let mut temporary = |wanted: bool| {
            wanted.then(|| {
                let local = self.temporary();
                self.note_unknown(local);
                local
            })
        };
        let elements: Vec<_> = wanted.map(&mut temporary).collect();
        let rest = temporary(has_rest);
        out.push(Stmt::Expr(Expr::Destructure {
            source: Box::new(source),
            elements: elements.clone(),
            rest,
        }));
        (elements, rest)
    }
}

/// Whether an array literal is just its elements.
fn is_list(array: &ast::ArrayExpression) -> bool {
    let is_value = |element: &ast::ArrayExpressionElement| element.as_expression().is_some();
    array.elements.iter().all(is_value)
}

/// Whether a property of a pattern is asked for by a plain name.
fn is_named(property: &ast::AssignmentTargetProperty) -> bool {
    match property {
        ast::AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(_) => true,
        ast::AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
            property.name.is_identifier()
        }
    }
}
