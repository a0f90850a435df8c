//! Literals and property keys: strings with lone surrogates, templates, arrays, objects.

use super::builder::Builder;
use crate::frontend::typescript::hir::{
    Argument, ArrayElement, Binary, Expr, FunctionKind, JsString, Key, Logical, Property, Unary,
};
use oxc_ast::ast;
use std::borrow::Cow;

/// The text of a literal. Where it has lone surrogates, the parser writes each as U+FFFD and four hexadecimal digits,
/// and U+FFFD itself as `\u{FFFD}fffd`.
pub(super) fn string(text: &str, lone_surrogates: bool) -> JsString {
    if !lone_surrogates {
        return JsString::Text(text.to_owned());
    }
    let mut units = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        let digits = rest
            .get(..4)
            .and_then(|digits| u16::from_str_radix(digits, 16).ok());
        match digits {
            Some(unit) if letter == '\u{FFFD}' => {
                units.push(unit);
                rest = &rest[4..];
            }
            _ => units.extend_from_slice(letter.encode_utf16(&mut [0; 2])),
        }
    }
    JsString::Units(units)
}

/// A string expression.
pub(super) fn text(text: &str) -> Expr {
    Expr::String(JsString::Text(text.to_owned()))
}

/// Whether a property name is an array index: a canonical number below 2^32 - 1.
pub(super) fn array_index(name: &str) -> Option<u32> {
    let canonical =
        name == "0" || (!name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_digit()));
    let index = if canonical {
        name.parse().ok()?
    } else {
        return None;
    };
    (index != u32::MAX).then_some(index)
}

/// A property name as a key.
pub(super) fn key(name: &str) -> Key {
    match array_index(name) {
        Some(index) => Key::Computed(Box::new(Expr::Number(f64::from(index)))),
        None => Key::Name(name.to_owned()),
    }
}

impl<'a> Builder<'a> {
    /// The name a property key gives to an anonymous function, as far as it is known before the program runs.
    pub fn key_name(&self, key: &ast::PropertyKey<'a>) -> Cow<'a, str> {
        match key {
            ast::PropertyKey::StaticIdentifier(name) => Cow::Borrowed(name.name.as_str()),
            ast::PropertyKey::PrivateIdentifier(name) => Cow::Owned(format!("#{}", name.name)),
            _ => key.static_name().unwrap_or_default(),
        }
    }

    /// A property key of an object literal, a class or a pattern.
    pub fn key(&mut self, key: &'a ast::PropertyKey<'a>) -> Key {
        match key {
            ast::PropertyKey::StaticIdentifier(name) => Key::Name(name.name.to_string()),
            ast::PropertyKey::PrivateIdentifier(name) => Key::Name(self.private_key(name)),
            ast::PropertyKey::StringLiteral(literal) if !literal.lone_surrogates => {
                self::key(&literal.value)
            }
            _ => match key.as_expression() {
                Some(expression) => match self.expression(expression) {
                    Expr::String(JsString::Text(name)) => self::key(&name),
                    value => Key::Computed(Box::new(value)),
                },
                None => Key::Computed(Box::new(Expr::Undefined)),
            },
        }
    }

    /// The key under which a private name is stored: that of the innermost class around which declares it.
    pub fn private_key(&self, name: &ast::PrivateIdentifier<'a>) -> String {
        let declares = |(_, names): &&(u32, Vec<&'a str>)| names.contains(&name.name.as_str());
        // The parser has checked that some class does.
        let class = self
            .privates
            .iter()
            .rev()
            .find(declares)
            .map_or(u32::MAX, |(class, _)| *class);
        format!("#{}@{}:{class}", name.name, self.name)
    }

    pub fn template(&mut self, template: &'a ast::TemplateLiteral<'a>) -> Expr {
        let cooked = |quasi: &ast::TemplateElement| {
            string(
                quasi.value.cooked.as_ref().map_or("", |text| text.as_str()),
                quasi.lone_surrogates,
            )
        };
        let mut quasis: Vec<_> = template.quasis.iter().map(cooked).collect();
        match (template.expressions.is_empty(), quasis.len()) {
            (true, 1) => Expr::String(quasis.remove(0)),
            _ => Expr::Template {
                quasis,
                values: template
                    .expressions
                    .iter()
                    .map(|value| self.expression(value))
                    .collect(),
            },
        }
    }

    pub fn array(&mut self, array: &'a ast::ArrayExpression<'a>) -> Expr {
        let elements = array.elements.iter().map(|element| match element {
            ast::ArrayExpressionElement::SpreadElement(spread) => {
                ArrayElement::Spread(self.expression(&spread.argument))
            }
            ast::ArrayExpressionElement::Elision(_) => ArrayElement::Hole,
            _ => element.as_expression().map_or(ArrayElement::Hole, |value| {
                ArrayElement::Value(self.expression(value))
            }),
        });
        Expr::Array(elements.collect())
    }

    pub fn arguments(&mut self, arguments: &'a [ast::Argument<'a>]) -> Vec<Argument> {
        let one = |argument: &'a ast::Argument<'a>| match argument {
            ast::Argument::SpreadElement(spread) => {
                Argument::Spread(self.expression(&spread.argument))
            }
            _ => Argument::Value(
                argument
                    .as_expression()
                    .map_or(Expr::Undefined, |value| self.expression(value)),
            ),
        };
        arguments.iter().map(one).collect()
    }

    pub fn object(&mut self, object: &'a ast::ObjectExpression<'a>) -> Expr {
        let mut prototype = None;
        let mut properties = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            match property {
                ast::ObjectPropertyKind::ObjectProperty(property) if is_prototype(property) => {
                    prototype = Some(self.expression(&property.value));
                }
                _ => properties.push(self.property(property)),
            }
        }
        match prototype {
            None => Expr::Object(properties),
            Some(prototype) => self.with_prototype(prototype, Expr::Object(properties)),
        }
    }

    /// `{ __proto__: prototype, … }`: sets the prototype, if it is an object or null.
    fn with_prototype(&mut self, prototype: Expr, object: Expr) -> Expr {
        let (parent, child) = (self.temporary(), self.temporary());
        let is = |name: &str| {
            let kind = Expr::Unary(Unary::TypeOf, Box::new(Expr::Local(parent)));
            Expr::Binary(Binary::StrictEq, Box::new(kind), Box::new(text(name)))
        };
        let fits = Expr::Logical(
            Logical::Or,
            Box::new(is("object")),
            Box::new(is("function")),
        );
        let arguments = vec![
            Argument::Value(Expr::Local(child)),
            Argument::Value(Expr::Local(parent)),
        ];
        let object_class = Box::new(Expr::Builtin("Object".to_owned()));
        let set = Expr::CallMethod(object_class, "setPrototypeOf".to_owned(), arguments);
        Expr::Sequence(vec![
            self.keep(parent, prototype),
            self.keep(child, object),
            Expr::Conditional(Box::new(fits), Box::new(set), Box::new(Expr::Undefined)),
            Expr::Local(child),
        ])
    }

    fn property(&mut self, property: &'a ast::ObjectPropertyKind<'a>) -> Property {
        let property = match property {
            ast::ObjectPropertyKind::SpreadProperty(spread) => {
                return Property::Spread(self.expression(&spread.argument));
            }
            ast::ObjectPropertyKind::ObjectProperty(property) => property,
        };
        let name = self.key_name(&property.key);
        let key = self.key(&property.key);
        let method = |builder: &mut Self, kind, name: &str| match &property.value {
            ast::Expression::FunctionExpression(function) => {
                Some(builder.function(function, kind, name))
            }
            _ => None,
        };
        match property.kind {
            ast::PropertyKind::Get => {
                let function = method(self, FunctionKind::Getter, &accessor_name("get", &name));
                function.map(|function| Property::Getter(key.clone(), function))
            }
            ast::PropertyKind::Set => {
                let function = method(self, FunctionKind::Setter, &accessor_name("set", &name));
                function.map(|function| Property::Setter(key.clone(), function))
            }
            ast::PropertyKind::Init if property.method => {
                let function = method(self, FunctionKind::Method, &name);
                function.map(|function| Property::Method(key.clone(), function))
            }
            ast::PropertyKind::Init => None,
        }
        .unwrap_or_else(|| Property::Value(key, self.named(&property.value, &name)))
    }
}

/// The name of an accessor; empty under a computed key, after which it is named when it is defined.
pub(super) fn accessor_name(kind: &str, name: &str) -> String {
    if name.is_empty() {
        String::new()
    } else {
        format!("{kind} {name}")
    }
}

/// Whether a property sets the prototype instead.
fn is_prototype(property: &ast::ObjectProperty) -> bool {
    let plain = !property.computed && !property.shorthand && !property.method;
    plain
        && property.kind == ast::PropertyKind::Init
        && property.key.is_specific_static_name("__proto__")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_become_units() {
        assert_eq!(
            string("a\u{FFFD}d800b", true),
            JsString::Units(vec![0x61, 0xD800, 0x62])
        );
        assert_eq!(
            string("\u{FFFD}fffd😀", true),
            JsString::Units(vec![0xFFFD, 0xD83D, 0xDE00])
        );
        assert_eq!(string("é", false), JsString::Text("é".to_owned()));
    }

    #[test]
    fn only_canonical_numbers_are_indices() {
        assert_eq!(array_index("0"), Some(0));
        assert_eq!(array_index("4294967294"), Some(4_294_967_294));
        assert_eq!(array_index("4294967295"), None);
        assert_eq!(array_index("01"), None);
        assert_eq!(array_index("-1"), None);
        assert_eq!(array_index(""), None);
    }
}
