//! Class definitions and their members. The constructor is [`super::constructor`]'s.

use super::builder::{Builder, Place, Ready};
use super::literal::{accessor_name, text};
use super::types::annotation;
use crate::frontend::typescript::hir::{
    Binding, Class, ClassId, Expr, FunctionId, FunctionKind, Key, LocalId, Member, MemberKind,
    Stmt, Ty,
};
use oxc_ast::ast;
use oxc_semantic::SymbolId;
use oxc_span::GetSpan;

impl<'a> Builder<'a> {
    pub fn class_declaration(&mut self, class: &'a ast::Class<'a>, out: &mut Vec<Stmt>) {
        let symbol = class.id.as_ref().and_then(|id| id.symbol_id.get());
        let (Some(symbol), false) = (symbol, class.declare) else {
            return;
        };
        let binding = match self.places[symbol.index()] {
            Place::Local(_, local) => Binding::Local(local),
            Place::Global(global) => Binding::Global(global),
            _ => return,
        };
        let name = self.scoping.symbol_name(symbol);
        let value = self.class(class, Some(binding), Some(symbol), name);
        out.push(Stmt::Expr(value));
    }

    /// A class expression; its own name is a variable around it.
    pub fn class_expression(&mut self, class: &'a ast::Class<'a>, name: &str) -> Expr {
        let name = class.id.as_ref().map_or(name, |id| id.name.as_str());
        let symbol = class.id.as_ref().and_then(|id| id.symbol_id.get());
        let binding = symbol.map(|symbol| Binding::Local(self.local(symbol, Ty::Any, Ready::No)));
        self.class(class, binding, symbol, name)
    }

    /// The definition of a class, stored to `binding` on the way, which is the place of `symbol`.
    pub fn class(
        &mut self,
        class: &'a ast::Class<'a>,
        binding: Option<Binding>,
        symbol: Option<SymbolId>,
        name: &str,
    ) -> Expr {
        self.check_decorators(&class.decorators);
        let id = ClassId(self.classes.len() as u32);
        self.classes.push(None);
        let mut extends = class
            .heritage
            .as_ref()
            .map(|heritage| self.expression(&heritage.expression));
        let inert_parent = matches!(
            extends,
            None | Some(Expr::Global(_) | Expr::Import(_) | Expr::Builtin(_))
        );
        self.privates.push((
            id.0,
            class.body.body.iter().filter_map(private_name).collect(),
        ));
        let mut before = Vec::new();
        let keys = self.keep_keys(class, &mut extends, &mut before);
        self.reach(symbol, Ready::Soon);
        let constructor = self.constructor(class, id, name, keys.clone());
        let members: Vec<Member> = class
            .body
            .body
            .iter()
            .filter_map(|element| self.member(element, id, symbol, &keys))
            .collect();
        let field_types = self.field_types(class);
        self.privates.pop();
        let runs = |member: &Member| {
            matches!(
                member.kind,
                MemberKind::StaticField | MemberKind::StaticBlock
            ) || !matches!(member.key, Key::Name(_))
        };
        let inert = inert_parent && !members.iter().any(runs);
        self.quiet &= inert || self.top() > 0;
        self.reach(symbol, Ready::Yes);
        if let Some(Binding::Global(global)) = binding {
            let quiet = self.quiet;
            let note = &mut self.global_notes[global.0 as usize];
            note.initialised = true;
            note.quiet = quiet;
        }
        self.settle_class(binding, id);
        let derived = class.heritage.is_some();
        let name = name.to_owned();
        self.classes[id.0 as usize] = Some(Class {
            name,
            constructor,
            derived,
            binding,
            field_types,
            members,
        });
        before.push(Expr::Class(id, extends.map(Box::new)));
        match before.len() {
            1 => before.remove(0),
            _ => Expr::Sequence(before),
        }
    }

    fn reach(&mut self, symbol: Option<SymbolId>, ready: Ready) {
        if let Some(symbol) = symbol {
            self.set_ready(symbol, ready);
        }
    }

    /// Computed keys are evaluated in the order of the members. Those of fields are used later, so
    /// where there is one, all of them are kept in locals, and `extends`, which comes first, as well.
    fn keep_keys(
        &mut self,
        class: &'a ast::Class<'a>,
        extends: &mut Option<Expr>,
        before: &mut Vec<Expr>,
    ) -> Vec<KeptKey> {
        let mut kept = Vec::new();
        let has_computed_field = |element: &ast::ClassElement| match element {
            ast::ClassElement::PropertyDefinition(field) => is_computed(&field.key),
            _ => false,
        };
        if !class.body.body.iter().any(has_computed_field) {
            return kept;
        }
        *extends = extends.take().map(|extends| self.once(extends, before));
        for element in class.body.body.iter().filter(|element| !is_erased(element)) {
            if let Some(key) = element.property_key().filter(|key| is_computed(key)) {
                let value = match self.key(key) {
                    Key::Computed(value) => *value,
                    Key::Name(name) => text(&name),
                };
                let local = self.temporary();
                let keep = self.keep(local, value);
                before.push(keep);
                kept.push(KeptKey {
                    at: key.span().start,
                    depth: self.top(),
                    local,
                });
            }
        }
        kept
    }

    /// A member that the definition itself makes: instance fields are the constructor's.
    fn member(
        &mut self,
        element: &'a ast::ClassElement<'a>,
        class: ClassId,
        symbol: Option<SymbolId>,
        keys: &[KeptKey],
    ) -> Option<Member> {
        match element {
            ast::ClassElement::MethodDefinition(method) => {
                self.check_decorators(&method.decorators);
                if method.kind == ast::MethodDefinitionKind::Constructor
                    || method.value.body.is_none()
                {
                    return None;
                }
                let name = self.key_name(&method.key);
                let key = self.member_key(&method.key, symbol, keys);
                let (kind, function) = match method.kind {
                    ast::MethodDefinitionKind::Get => (
                        MemberKind::Getter,
                        self.function(
                            &method.value,
                            FunctionKind::Getter,
                            &accessor_name("get", &name),
                        ),
                    ),
                    ast::MethodDefinitionKind::Set => (
                        MemberKind::Setter,
                        self.function(
                            &method.value,
                            FunctionKind::Setter,
                            &accessor_name("set", &name),
                        ),
                    ),
                    _ => (
                        MemberKind::Method,
                        self.function(&method.value, FunctionKind::Method, &name),
                    ),
                };
                Some(Member {
                    key,
                    is_static: method.r#static,
                    kind,
                    function,
                })
            }
            ast::ClassElement::PropertyDefinition(field) => {
                self.check_decorators(&field.decorators);
                if !field.r#static || field.declare || is_abstract(field) {
                    return None;
                }
                let name = self.key_name(&field.key);
                let key = self.member_key(&field.key, symbol, keys);
                self.enter(FunctionKind::Static { class }, "");
                let mut body = Vec::new();
                let block = self.open(&body);
                let value = field.value.as_ref().map(|value| self.named(value, &name));
                body.push(Stmt::Return(value));
                self.close(block, &mut body);
                let function = self.leave(body);
                Some(Member {
                    key,
                    is_static: true,
                    kind: MemberKind::StaticField,
                    function,
                })
            }
            ast::ClassElement::StaticBlock(block) => {
                let function = self.static_block(block, class);
                Some(Member {
                    key: Key::Name(String::new()),
                    is_static: true,
                    kind: MemberKind::StaticBlock,
                    function,
                })
            }
            ast::ClassElement::AccessorProperty(property) => {
                self.unsupported(
                    property.span,
                    "`accessor` properties are",
                    Some("write a getter and a setter"),
                );
                None
            }
            ast::ClassElement::TSIndexSignature(_) => None,
        }
    }

    fn static_block(&mut self, block: &'a ast::StaticBlock<'a>, class: ClassId) -> FunctionId {
        self.enter(FunctionKind::Static { class }, "");
        let mut body = Vec::new();
        let scope = self.open(&body);
        self.declare_vars(block.scope_id.get(), &mut body);
        self.declare(block.body.iter(), false, &mut body);
        self.statements(&block.body, &mut body);
        self.close(scope, &mut body);
        self.leave(body)
    }

    /// A key evaluated within the class body, where the class itself is not there yet.
    fn member_key(
        &mut self,
        key: &'a ast::PropertyKey<'a>,
        symbol: Option<SymbolId>,
        keys: &[KeptKey],
    ) -> Key {
        if let Some(kept) = keys.iter().find(|kept| kept.at == key.span().start) {
            return Key::Computed(Box::new(Expr::Local(kept.local)));
        }
        self.reach(symbol, Ready::No);
        let key = self.key(key);
        self.reach(symbol, Ready::Soon);
        key
    }

    /// The declared instance fields: parameter properties first, as the constructor defines them.
    fn field_types(&mut self, class: &'a ast::Class<'a>) -> Vec<(String, Ty)> {
        let mut fields = Vec::new();
        let constructor = constructor_of(class);
        for param in constructor
            .iter()
            .flat_map(|constructor| &constructor.value.params.items)
        {
            if let (true, Some(name)) = (param.has_modifier(), param.pattern.get_identifier_name())
            {
                fields.push((
                    name.to_string(),
                    annotation(param.type_annotation.as_deref()),
                ));
            }
        }
        for field in class.body.body.iter().filter_map(instance_field) {
            let name = match &field.key {
                ast::PropertyKey::PrivateIdentifier(name) => Some(self.private_key(name)),
                key => key.static_name().map(|name| name.into_owned()),
            };
            fields.extend(name.map(|name| (name, annotation(field.type_annotation.as_deref()))));
        }
        fields
    }
}

/// A computed key that was evaluated before the class, in a local of the function at `depth`.
#[derive(Clone, Copy)]
pub(super) struct KeptKey {
    /// Where the key is written.
    pub at: u32,
    pub depth: usize,
    pub local: LocalId,
}

/// Whether a class element is only for the type checker.
fn is_erased(element: &ast::ClassElement) -> bool {
    match element {
        ast::ClassElement::MethodDefinition(method) => method.value.body.is_none(),
        ast::ClassElement::PropertyDefinition(field) => field.declare || is_abstract(field),
        _ => false,
    }
}

/// The constructor that has a body, if the class has one.
pub(super) fn constructor_of<'a>(
    class: &'a ast::Class<'a>,
) -> Option<&'a ast::MethodDefinition<'a>> {
    class.body.body.iter().find_map(|element| match element {
        ast::ClassElement::MethodDefinition(method)
            if method.kind == ast::MethodDefinitionKind::Constructor
                && method.value.body.is_some() =>
        {
            Some(&**method)
        }
        _ => None,
    })
}

/// A field that each instance gets.
pub(super) fn instance_field<'a>(
    element: &'a ast::ClassElement<'a>,
) -> Option<&'a ast::PropertyDefinition<'a>> {
    match element {
        ast::ClassElement::PropertyDefinition(field)
            if !field.r#static && !field.declare && !is_abstract(field) =>
        {
            Some(field)
        }
        _ => None,
    }
}

fn is_abstract(field: &ast::PropertyDefinition) -> bool {
    field.r#type == ast::PropertyDefinitionType::TSAbstractPropertyDefinition
}

/// Whether a key needs to be evaluated.
pub(super) fn is_computed(key: &ast::PropertyKey) -> bool {
    !key.is_identifier() && !key.is_private_identifier() && key.static_name().is_none()
}

/// The private name that a class element declares.
fn private_name<'a>(element: &'a ast::ClassElement<'a>) -> Option<&'a str> {
    match element.property_key() {
        Some(ast::PropertyKey::PrivateIdentifier(name)) => Some(name.name.as_str()),
        _ => None,
    }
}
