//! What the tables `functions` and `handles` are read as, and what is wrong with them.

use super::{Reading, functions};
use crate::document::{Section, document};
use crate::error::{Error, Result};
use crate::frontend::native::{NativeKind, NativeNumber, NativeValue};
use crate::rule::FunctionsRule;

fn read(text: &str) -> Result<FunctionsRule> {
    let mut reading = Reading::new("rules.toml", text, None);
    let table = document(text, &mut reading.problems);
    let mut library = Section::new("[library.x]", &table);
    let rule = functions(&mut library, "x", &mut reading);
    library.finish(&mut reading.problems);
    reading.problems.into_result(rule)
}

/// The problems of a text: code, what is marked, message and help.
fn problems(text: &str) -> Vec<String> {
    let error: Error = read(text).expect_err("the text is wrong");
    let shown = |place: &crate::frontend::Diagnostic| {
        let marked = &text[place.span.start as usize..place.span.end as usize];
        let help = place.help.as_deref().unwrap_or("-");
        format!("{}: {marked}: {}: {help}", place.code, place.message)
    };
    error.places.iter().map(shown).collect()
}

#[test]
fn types_are_read_in_short_and_in_full() {
    let text = r#"
        handles.db = { finalizer = "close" }
        [functions.open]
        symbol = "x_open"
        parameters = ["string", { out = "handle:db?" }, "unsigned int", { type = "bytes", length = "u32", name = "data" },
                      { out = "bytes", length = "u64*" }, { consumes = "handle:db" }, { constant = -1 }, "null"]
        returns = { string = "free", nullable = true }
        [functions.plain]
    "#;
    let rule = read(text).expect("the text is right");
    assert_eq!(rule.places["open"].line, 3);
    let open = &rule.library.functions["open"];
    assert_eq!(open.symbol, "x_open");
    let kinds: Vec<String> = open
        .parameters
        .iter()
        .map(|parameter| parameter.kind.to_string())
        .collect();
    assert_eq!(
        kinds,
        [
            "string",
            "out handle:db?",
            "u32",
            "bytes[u32]",
            "out bytes[u64*]",
            "consumes handle:db",
            "constant -1",
            "constant 0",
        ]
    );
    assert_eq!(open.parameters[3].name.as_deref(), Some("data"));
    let freed = NativeValue::String {
        nullable: true,
        free: Some("free".to_owned()),
    };
    assert_eq!(open.returns, Some(freed));
    let plain = &rule.library.functions["plain"];
    assert_eq!(
        (plain.symbol.as_str(), plain.parameters.len()),
        ("plain", 0)
    );
    assert_eq!(plain.returns, None);
}

#[test]
fn the_numbers_of_c_have_their_widths() {
    let text = r#"functions.f = { parameters = ["char", "long", "size_t", "float", "double"] }"#;
    let rule = read(text).expect("the text is right");
    let numbers = [
        NativeNumber::I8,
        NativeNumber::I64,
        NativeNumber::Usize,
        NativeNumber::F32,
        NativeNumber::F64,
    ];
    let kinds = rule.library.functions["f"].parameters.iter();
    let kinds: Vec<&NativeKind> = kinds.map(|parameter| &parameter.kind).collect();
    let expected = numbers.map(NativeKind::Number);
    assert_eq!(kinds, expected.iter().collect::<Vec<_>>());
}

#[test]
fn callbacks_take_what_they_are_said_to() {
    let text = r#"functions.each = { parameters = [{ callback = { parameters = ["i32", "string?", "ignored"], returns = "bool" } }] }"#;
    let rule = read(text).expect("the text is right");
    let shown = rule.library.functions["each"].parameters[0]
        .kind
        .to_string();
    assert_eq!(shown, "callback(i32, string?, ignored): bool");
}

#[test]
fn every_problem_is_told_at_its_place() {
    let text = r#"
        handles.db = { finaliser = "close" }
        functions.a = { parameters = ["i23", "handle:bd"], returns = "bytes" }
        functions.b = { parameters = [{ type = "i32", out = "i32" }, { nmae = "x" }, { type = "i32", length = "u32" }] }
        functions.delete = { symbol = "no good" }
        functions.c = { returns = { string = "borrowed", borrowed = "handle:db" } }
    "#;
    let expected = [
        "config-unknown-key: finaliser: unknown key `finaliser` in [library.x.handles.db]: did you mean `finalizer`?",
        "config-value: \"i23\": \"i23\" is not a type: did you mean \"i32\"?",
        "config-value: \"handle:bd\": the library has no handle \"bd\": did you mean \"handle:db\"?",
        "config-value: \"bytes\": a function cannot return \"bytes\": let it write to a buffer: `{ out = \"bytes\" }` among the parameters",
        "config-value: { type = \"i32\", out = \"i32\" }: a parameter has only one of `type`, `out`, `consumes`, `constant` and `callback`: -",
        "config-missing: { nmae = \"x\" }: a parameter needs one of `type`, `out`, `consumes`, `constant` and `callback`: -",
        "config-unknown-key: nmae: unknown key `nmae` in [library.x.functions.b.parameters]: did you mean `name`?",
        "config-value: \"u32\": only \"text\" and \"bytes\" have a length: -",
        "config-value: delete: `delete` is a word of the language: choose another name; `symbol = \"…\"` says what a function is called in the library",
        "config-value: \"no good\": \"no good\" cannot be the name of a C function: -",
        "config-missing: { string = \"borrowed\", borrowed = \"handle:db\" }: this needs one of `string` (who frees it: \"borrowed\", \"free\", or the name of a function) and `borrowed` (a handle): -",
    ];
    assert_eq!(problems(text), expected);
}
