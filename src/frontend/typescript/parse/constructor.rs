//! Constructors: what defines the fields of a new object, and what `super(…)` stands for.

use super::builder::{Builder, Ready};
use super::class::{KeptKey, constructor_of, instance_field};
use crate::frontend::typescript::hir::{
    Argument, ClassId, Expr, FunctionId, FunctionKind, Key, Param, Stmt, Ty,
};
use oxc_ast::ast;
use oxc_span::GetSpan;

impl<'a> Builder<'a> {
    /// The constructor of a class, written or not. `field_keys` hold the computed keys of its fields.
    pub fn constructor(
        &mut self,
        class: &'a ast::Class<'a>,
        id: ClassId,
        name: &str,
        field_keys: Vec<KeptKey>,
    ) -> FunctionId {
        let derived = class.heritage.is_some();
        self.enter(FunctionKind::Constructor { class: id, derived }, name);
        self.frame().class = Some(class);
        self.frame().field_keys = field_keys;
        let mut body = Vec::new();
        let block = self.open(&body);
        if derived {
            // Arrows made before `super(…)` see it through this local.
            let this = self.unnamed("this", Ty::Any, Ready::No);
            self.frame().this_local = Some(this);
            self.frame().block.push(this);
        }
        match constructor_of(class) {
            Some(constructor) => {
                self.check_decorators(&constructor.decorators);
                let function = &constructor.value;
                self.parameters(&function.params, &mut body);
                if !derived {
                    self.push_fields(&mut body);
                }
                if let Some(statements) = &function.body {
                    self.function_body(statements, function.scope_id.get(), &mut body);
                }
            }
            None if derived => {
                let arguments = self.temporary();
                self.note_unknown(arguments);
                self.frame().params.push(Param {
                    local: arguments,
                    ty: Ty::Any,
                    rest: true,
                });
                let value = self.construct_super(vec![Argument::Spread(Expr::Local(arguments))]);
                body.push(Stmt::Expr(value));
            }
            None => self.push_fields(&mut body),
        }
        self.close(block, &mut body);
        self.leave(body)
    }

    /// `super(…)`: the fields are defined when the parent's constructor has returned. Gives `this`.
    pub fn construct_super(&mut self, arguments: Vec<Argument>) -> Expr {
        self.frame().uses_this = true;
        let call = Expr::SuperCall(arguments);
        let mut parts = match self.frame().this_local {
            Some(this) => {
                // From here on, `this` may be captured as it is.
                self.frame().notes[this.0 as usize].ready = Ready::Yes;
                vec![Expr::Init(this, Box::new(call))]
            }
            None => vec![call],
        };
        self.define_fields(&mut parts);
        parts.push(Expr::This);
        Expr::Sequence(parts)
    }

    fn push_fields(&mut self, out: &mut Vec<Stmt>) {
        let mut parts = Vec::new();
        self.define_fields(&mut parts);
        out.extend(parts.into_iter().map(Stmt::Expr));
    }

    /// Defines the fields of `this`: parameter properties, then fields in the order of their declaration.
    fn define_fields(&mut self, out: &mut Vec<Expr>) {
        let Some(class) = self.frame().class else {
            return;
        };
        let constructor = constructor_of(class);
        for param in constructor
            .iter()
            .flat_map(|constructor| &constructor.value.params.items)
        {
            let ast::BindingPattern::BindingIdentifier(name) = &param.pattern else {
                continue;
            };
            if let (true, Some(symbol)) = (param.has_modifier(), name.symbol_id.get()) {
                let value = self.get(symbol).unwrap_or(Expr::Undefined);
                out.push(self.define(Key::Name(name.name.to_string()), value));
            }
        }
        let keys = self.frame().field_keys.clone();
        for field in class.body.body.iter().filter_map(instance_field) {
            let name = self.key_name(&field.key);
            let key = match keys.iter().find(|kept| kept.at == field.key.span().start) {
                Some(kept) => Key::Computed(Box::new(self.get_local(kept.depth, kept.local))),
                None => self.key(&field.key),
            };
            self.frame().in_field = true;
            let value = field
                .value
                .as_ref()
                .map_or(Expr::Undefined, |value| self.named(value, &name));
            self.frame().in_field = false;
            out.push(self.define(key, value));
        }
    }

    fn define(&mut self, key: Key, value: Expr) -> Expr {
        self.frame().uses_this = true;
        Expr::Define(Box::new(Expr::This), key, Box::new(value))
    }
}
