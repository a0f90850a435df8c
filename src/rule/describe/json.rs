//! A shape as a JSON schema, in the form that editors of TOML use: draft 7, closed tables, a description of each key.

use super::Reference;
use crate::document::shape::{Holds, Noted, Pairs, Shape};
use serde_json::{Map, Value, json as value};

/// The schema of a document. `title` is what an editor shows.
pub fn json(shape: &Noted, title: &str, reference: &Reference) -> Value {
    let mut schema = table(&shape.borrow(), "", reference);
    schema.insert(
        "$schema".to_owned(),
        value!("http://json-schema.org/draft-07/schema#"),
    );
    schema.insert("title".to_owned(), value!(title));
    Value::Object(schema)
}

fn table(shape: &Shape, path: &str, reference: &Reference) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), value!("object"));
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, key) in &shape.keys {
        let path = match path {
            "" => (*name).to_owned(),
            above => format!("{above}.{name}"),
        };
        let mut property = holds(&key.holds, &path, reference);
        if let Some(text) = reference.of(&path) {
            property.insert("description".to_owned(), value!(text));
        }
        properties.insert((*name).to_owned(), Value::Object(property));
        if key.required {
            required.push(*name);
        }
    }
    let other = match &shape.entries {
        Some(entries) => {
            let path = format!("{path}.NAME");
            Value::Object(table(&entries.borrow(), &path, reference))
        }
        None if shape.pairs == Some(Pairs::Texts) => value!({ "type": "string" }),
        None if shape.pairs == Some(Pairs::TextsOrFlags) => {
            value!({ "type": ["string", "boolean"] })
        }
        // Of what is only looked at as a whole nothing is known.
        None if shape.keys.is_empty() => value!(true),
        None => value!(false),
    };
    schema.insert("additionalProperties".to_owned(), other);
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    if !required.is_empty() {
        schema.insert("required".to_owned(), value!(required));
    }
    schema
}

fn holds(holds: &Holds, path: &str, reference: &Reference) -> Map<String, Value> {
    let list = |items: Value| value!({ "type": "array", "items": items });
    let text = || value!({ "type": "string" });
    let schema = match holds {
        Holds::Text => text(),
        Holds::Texts => list(text()),
        Holds::TextOrTexts => value!({ "anyOf": [text(), list(text())] }),
        Holds::Flag => value!({ "type": "boolean" }),
        Holds::Choice(words) => value!({ "enum": words }),
        Holds::Choices(words) => list(value!({ "enum": words })),
        Holds::ChoiceOrChoices(words) => {
            value!({ "anyOf": [{ "enum": words }, list(value!({ "enum": words }))] })
        }
        Holds::Table(below) => Value::Object(table(&below.borrow(), path, reference)),
        Holds::Tables(below) => list(Value::Object(table(&below.borrow(), path, reference))),
        Holds::Integer => value!({ "type": "integer" }),
        Holds::TextOrTable(below) => {
            let below = Value::Object(table(&below.borrow(), path, reference));
            value!({ "anyOf": [text(), below] })
        }
        Holds::TextsOrTables(below) => {
            let below = Value::Object(table(&below.borrow(), path, reference));
            list(value!({ "anyOf": [text(), below] }))
        }
        Holds::Anything => value!({}),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}
