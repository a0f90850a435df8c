//! Enums: objects with a property for each member, and one back from each number.

use super::builder::{Builder, Place, Ready};
use super::literal::key;
use super::pattern::Mode;
use crate::frontend::typescript::hir::{Expr, JsString, Key, Property, Stmt};
use oxc_ast::ast;

impl<'a> Builder<'a> {
    pub fn enum_declaration(
        &mut self,
        declaration: &'a ast::TSEnumDeclaration<'a>,
        out: &mut Vec<Stmt>,
    ) {
        let (Some(symbol), false) = (declaration.id.symbol_id.get(), declaration.declare) else {
            return;
        };
        let mut properties = Vec::with_capacity(declaration.body.members.len() * 2);
        for member in &declaration.body.members {
            self.enum_property(declaration, member, &mut properties, out);
        }
        let has_begun = match self.places[symbol.index()] {
            Place::Local(depth, local) => {
                self.frames[depth].notes[local.0 as usize].ready == Ready::Yes
            }
            Place::Global(global) => self.global_notes[global.0 as usize].initialised,
            _ => false,
        };
        if !has_begun {
            let statement = self.bind_symbol(symbol, Expr::Object(properties), Mode::Init);
            out.push(statement);
            return;
        }
        // A further part of the same enum adds its members.
        for property in properties {
            let Property::Value(key, value) = property else {
                continue;
            };
            let object = Box::new(self.get(symbol).unwrap_or(Expr::Undefined));
            let value = Box::new(value);
            out.push(Stmt::Expr(match key {
                Key::Name(name) => Expr::Set(object, name, value),
                Key::Computed(index) => Expr::SetIndex(object, index, value),
            }));
        }
    }

    fn enum_property(
        &mut self,
        declaration: &'a ast::TSEnumDeclaration<'a>,
        member: &'a ast::TSEnumMember<'a>,
        properties: &mut Vec<Property>,
        out: &mut Vec<Stmt>,
    ) {
        let name = member.id.static_name();
        let name = name.as_str();
        let scope = declaration.body.scope_id.get();
        let bindings = scope.map(|scope| self.scoping.get_bindings(scope));
        let symbol = bindings.and_then(|bindings| {
            bindings
                .iter()
                .find(|(known, _)| known.as_str() == name)
                .map(|(_, id)| *id)
        });
        let value = match (
            symbol.and_then(|symbol| self.enum_value(symbol)),
            &member.initializer,
        ) {
            (Some(value), _) => value,
            (None, Some(initializer)) => {
                // Evaluated in its turn, before the object is there: later members find it in a temporary.
                let value = self.expression(initializer);
                let local = self.temporary();
                let init = self.init(local, value);
                out.push(init);
                if let Some(symbol) = symbol {
                    self.places[symbol.index()] = Place::Local(self.top(), local);
                }
                Expr::Local(local)
            }
            (None, None) => {
                let help = "give it a value";
                self.unsupported(
                    member.span,
                    "enum members that follow a computed one are",
                    Some(help),
                );
                return;
            }
        };
        properties.push(Property::Value(key(name), value.clone()));
        if !matches!(value, Expr::String(_)) {
            let back = Expr::String(JsString::Text(name.to_owned()));
            properties.push(Property::Value(Key::Computed(Box::new(value)), back));
        }
    }
}
