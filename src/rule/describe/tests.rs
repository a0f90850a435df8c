//! Readers, schema, reference and page know the same keys.

use super::{Reference, json, keys, page, shape};
use crate::project;
use crate::rule::Rules;
use crate::rule::library::shipped_libraries;
use serde_json::Value;
use std::collections::BTreeSet;

/// All keys of rule files and of `kiln.toml`.
fn all() -> BTreeSet<String> {
    let shapes = [shape(), project::shape()];
    let keys = shapes.iter().flat_map(|noted| keys(&noted.borrow(), ""));
    keys.map(|key| key.path).collect()
}

#[test]
fn something_is_said_of_every_key_and_of_no_other() {
    let (all, reference) = (all(), Reference::shipped());
    let silent: Vec<&String> = all
        .iter()
        .filter(|path| reference.of(path).is_none())
        .collect();
    assert!(silent.is_empty(), "nothing is said of {silent:?}");
    let known = |path: &str| {
        let tool = path.strip_prefix("tool.");
        let has = |kind: &str| tool.is_some_and(|rest| all.contains(&format!("{kind}.{rest}")));
        all.contains(path) || has("linker") || has("driver")
    };
    let strange: Vec<&str> = reference.paths().filter(|path| !known(path)).collect();
    assert!(strange.is_empty(), "there are no keys {strange:?}");
}

#[test]
fn the_page_of_the_book_is_that_of_the_readers() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/book/src/rule-reference.md");
    let written = include_str!("../../../book/src/rule-reference.md");
    assert!(
        written == page(),
        "{path} is not what `kiln rules schema --format page` prints"
    );
}

/// What a schema of this form says against a value, by path.
fn against(schema: &Value, found: &Value, path: &str, problems: &mut Vec<String>) {
    if let Some(alternatives) = schema["anyOf"].as_array() {
        let fits = alternatives.iter().any(|schema| {
            let mut more = Vec::new();
            against(schema, found, path, &mut more);
            more.is_empty()
        });
        if !fits {
            problems.push(format!("{path}: {found}"));
        }
        return;
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(found)
    {
        problems.push(format!("{path}: {found} is none of {words:?}"));
    }
    let fits = match schema["type"].as_str() {
        Some("string") => found.is_string(),
        Some("boolean") => found.is_boolean(),
        Some("array") => found.is_array(),
        Some("object") => found.is_object(),
        _ => true,
    };
    if !fits {
        problems.push(format!("{path}: {found} is no {}", schema["type"]));
    }
    for (at, item) in found.as_array().into_iter().flatten().enumerate() {
        against(&schema["items"], item, &format!("{path}[{at}]"), problems);
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if name.as_str().is_some_and(|name| found.get(name).is_none()) {
            problems.push(format!("{path}: {name} is missing"));
        }
    }
    for (name, item) in found.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => problems.push(format!("{path} is unknown")),
            (Value::Null, other) => against(other, item, &path, problems),
            (property, _) => against(property, item, &path, problems),
        }
    }
}

fn problems(text: &str) -> Vec<String> {
    let schema = json(&shape(), "rules", &Reference::shipped());
    let found: Value = toml::from_str(text).expect("it is TOML");
    let mut problems = Vec::new();
    against(&schema, &found, "", &mut problems);
    problems
}

#[test]
fn the_schema_accepts_what_the_readers_accept() {
    let tools = Rules::shipped_files().iter().map(|(_, text)| *text);
    let libraries = shipped_libraries().iter().map(|(_, _, text)| *text);
    for text in tools.chain(libraries) {
        assert_eq!(problems(text), Vec::<String>::new());
    }
}

#[test]
fn the_schema_refuses_what_the_readers_refuse() {
    for (text, problem) in [
        (
            "[library.a]\nsistem = \"a\"\n",
            ".library.a.sistem is unknown",
        ),
        ("[library.a]\nsystem = 1\n", ".library.a.system: 1"),
        (
            "[library.a]\nsystem = \"a\"\nprefer = \"fast\"\n",
            ".library.a.prefer: \"fast\" is none of [String(\"static\"), String(\"shared\")]",
        ),
        ("[libary.a]\nsystem = \"a\"\n", ".libary is unknown"),
        (
            "[environment.a.variables.X]\nwhy = \"x\"\n",
            ".environment.a.variables.X: \"role\" is missing",
        ),
    ] {
        assert!(Rules::default().with("my.toml", text).is_err(), "{text}");
        assert_eq!(problems(text), [problem]);
    }
}
