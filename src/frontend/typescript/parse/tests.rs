//! What the HIR of small texts is: the tricky parts, one claim each. That programs behave is shown by `tests/programs`.

use super::parse;
use crate::frontend::typescript::hir::{
    Capture, Export, Expr, Function, FunctionKind, GlobalKind, ImportName, Local, Module, Stmt, Ty,
};
use crate::frontend::typescript::interface::{Item, STARS};
use crate::frontend::{Parsed, Source};
use camino::Utf8Path;

fn parsed(text: &str) -> Parsed {
    let source = Source {
        path: Utf8Path::new("src/m.ts"),
        text,
    };
    parse(&source).0
}

fn module(text: &str) -> Module {
    let parsed = parsed(text);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let syntax = parsed.syntax.expect("there are no diagnostics");
    syntax
        .downcast_ref::<Module>()
        .expect("the payload of this frontend")
        .clone()
}

fn function<'m>(module: &'m Module, name: &str) -> &'m Function {
    module
        .functions
        .iter()
        .find(|function| function.name == name)
        .expect("the text has it")
}

fn local<'m>(module: &'m Module, function: &str, name: &str) -> &'m Local {
    let function = self::function(module, function);
    function
        .locals
        .iter()
        .find(|local| local.name == name)
        .expect("the text has it")
}

fn global<'m>(module: &'m Module, name: &str) -> &'m GlobalKind {
    &module
        .globals
        .iter()
        .find(|global| global.name == name)
        .expect("the text has it")
        .kind
}

fn codes(text: &str) -> Vec<(String, String)> {
    parsed(text)
        .diagnostics
        .into_iter()
        .map(|diagnostic| (diagnostic.code, diagnostic.message))
        .collect()
}

#[test]
fn a_captured_constant_is_copied_and_a_captured_variable_has_a_cell() {
    let module = module("function f() { const a = 1; let b = 2; return () => a + b++; }");
    assert!(!local(&module, "f", "a").cell);
    assert!(local(&module, "f", "b").cell);
    let arrow = module
        .functions
        .iter()
        .find(|function| function.kind == FunctionKind::Arrow)
        .expect("it is there");
    assert_eq!(arrow.captures.len(), 2);
}

#[test]
fn only_a_use_that_may_come_first_is_checked() {
    let module = module(
        "function f(g: any) { const late = () => a; const a = 1; const b = 2; const fine = () => b; return [late, fine, a, b]; }",
    );
    let (a, b) = (local(&module, "f", "a"), local(&module, "f", "b"));
    assert!(a.tdz && a.early && a.cell);
    assert!(!b.tdz && !b.early && !b.cell);
    let first = &function(&module, "f").body[0];
    assert!(matches!(first, Stmt::Fresh(locals) if locals.len() == 1));
}

#[test]
fn a_local_function_used_only_after_its_place_is_made_in_its_place() {
    let text =
        "function f() { const a = 1; function g(): number { return a ? g() : 0; } return g(); }";
    let module = module(text);
    let a = local(&module, "f", "a");
    assert!(!a.cell && !a.tdz);
    // It calls itself without capturing itself.
    let g = function(&module, "g");
    assert_eq!(g.captures.len(), 1);
    assert!(g.uses_callee);
}

#[test]
fn mutually_recursive_functions_need_cells_but_no_checks() {
    let module = module(
        "function f() { return a(); function a(): any { return b(); } function b(): any { return a(); } }",
    );
    let (a, b) = (local(&module, "f", "a"), local(&module, "f", "b"));
    assert!(!a.tdz && !b.tdz);
    assert!(b.cell && b.early);
}

#[test]
fn an_arrow_before_super_sees_this_through_a_cell() {
    let module = module(
        "class A { constructor(f: any) {} } class B extends A { constructor() { super(() => this); } }",
    );
    let constructor = function(&module, "B");
    let this = constructor
        .locals
        .iter()
        .find(|local| local.name == "this")
        .expect("derived constructors have it");
    assert!(this.cell && this.tdz);
}

#[test]
fn numbers_are_inferred_and_refuted() {
    let module = module(
        "function f(n: number, s: any) { let i = 0; let j = 0; let k = n * 2; i++; j = s; k = j; const m = i + n; return [i, j, k, m]; }",
    );
    let ty = |name| local(&module, "f", name).ty.clone();
    assert_eq!(
        (ty("i"), ty("j"), ty("k"), ty("m")),
        (Ty::Number, Ty::Any, Ty::Any, Ty::Number)
    );
    assert_eq!(function(&module, "f").params[0].ty, Ty::Number);
}

#[test]
fn what_depends_on_a_refuted_number_is_refuted() {
    let module = module("function f(s: any) { let a = 1; let b = a + 1; a = s; return b; }");
    assert_eq!(local(&module, "f", "b").ty, Ty::Any);
}

#[test]
fn globals_are_checked_only_where_something_may_come_first() {
    let quiet = module("const table = [1, 2]; function f() { return table; } console.log(f());");
    assert!(matches!(
        global(&quiet, "table"),
        GlobalKind::Variable {
            tdz: false,
            constant: true,
            ..
        }
    ));
    let loud = module("function f() { return table; } f(); const table = [1, 2];");
    assert!(matches!(
        global(&loud, "table"),
        GlobalKind::Variable { tdz: true, .. }
    ));
    // An importer in a cycle may call `f` before this module has run.
    let cycle =
        module("import './other'; const table = [1, 2]; export function f() { return table; }");
    assert!(matches!(
        global(&cycle, "table"),
        GlobalKind::Variable { tdz: true, .. }
    ));
    let class = module("class A {} const b = 1; export function f() { return [new A(), b]; }");
    assert!(matches!(
        global(&class, "A"),
        GlobalKind::Class { tdz: false, .. }
    ));
    assert!(matches!(
        global(&class, "b"),
        GlobalKind::Variable {
            tdz: false,
            ty: Ty::Number,
            ..
        }
    ));
}

#[test]
fn imports_used_only_as_types_are_erased() {
    let text = "import { A, b } from './a'; import type { C } from './c'; import { D } from './d'; import './e'; \
        let x: A & C & D = b(); export { x }; export type { D }; export interface I {}";
    let parsed = parsed(text);
    let specifiers: Vec<_> = parsed
        .requests
        .iter()
        .map(|request| request.specifier.as_str())
        .collect();
    assert_eq!(specifiers, ["./a", "./e"]);
    let module = module(text);
    assert_eq!(module.imports.len(), 1);
    assert_eq!(module.imports[0].name, ImportName::Named("b".to_owned()));
    let item = |name: &str| Item::decode(&parsed.interface[name]).expect("written by this version");
    assert_eq!((item("D"), item("I")), (Item::Type, Item::Type));
    assert!(matches!(item("x"), Item::Variable { constant: true, .. }));
}

#[test]
fn exporting_an_import_is_a_re_export() {
    let text = "import { a as b } from './a'; export { b as c }; export * as ns from './n'; export * from './s';";
    let module = module(text);
    let from = |name: &str, specifier: &str, imported| Export::From {
        name: name.to_owned(),
        specifier: specifier.to_owned(),
        imported,
    };
    assert_eq!(
        module.exports[0],
        from("c", "./a", ImportName::Named("a".to_owned()))
    );
    assert_eq!(module.exports[1], from("ns", "./n", ImportName::Namespace));
    assert_eq!(
        Item::decode(&parsed(text).interface[STARS]),
        Some(Item::Stars(vec!["./s".to_owned()]))
    );
}

#[test]
fn comments_formatting_and_types_leave_the_digest_as_it_is() {
    let digest = |text| parsed(text).syntax_digest;
    let plain = digest("export function f(a: number) { return a + 1; }");
    assert_eq!(
        plain,
        digest(
            "// why\ninterface Unused { x: string }\nexport function f( a:number ) {\n return (a + 1); }"
        )
    );
    assert_ne!(
        plain,
        digest("export function f(a: number) { return a + 2; }")
    );
    assert_ne!(
        plain,
        digest("export function f(a: string) { return a + 1; }")
    );
}

#[test]
fn the_interface_does_not_show_bodies() {
    let interface = |text| parsed(text).interface;
    let before = interface("export function f(a: number): number { return a; }");
    assert_eq!(
        before,
        interface("export function f(b: number): number { const c = 2; return b * c; }")
    );
    assert_ne!(
        before,
        interface("export function f(a: number): string { return '' + a; }")
    );
}

#[test]
fn closures_of_a_loop_head_keep_the_first_variable() {
    let module = module("for (let i = 0, f = () => i; i < 3; i++) f();");
    let init = &module.functions[module.init.0 as usize];
    let copies = init
        .body
        .iter()
        .filter(|statement| matches!(statement, Stmt::Init(to, Expr::Local(from)) if to == from));
    assert_eq!(copies.count(), 1);
    assert!(init.body.iter().any(|statement| matches!(statement, Stmt::Loop { per_iteration, .. } if per_iteration.len() == 1)));
}

#[test]
fn captures_pass_through_the_functions_between() {
    let module = module("function f(a: any) { return () => () => a; }");
    let captures: Vec<_> = module
        .functions
        .iter()
        .map(|function| function.captures.clone())
        .collect();
    assert!(
        captures
            .iter()
            .any(|captures| matches!(captures[..], [Capture::Local(_)]))
    );
    assert!(
        captures
            .iter()
            .any(|captures| captures[..] == [Capture::Outer(0)])
    );
}

#[test]
fn constant_enum_members_are_inlined() {
    let module = module("enum E { A, B = 'b' } const x = [E.A, E.B];");
    let init = &module.functions[module.init.0 as usize];
    let Some(Stmt::InitGlobal(_, Expr::Array(elements))) = init.body.last() else {
        panic!("the array is last")
    };
    assert_eq!(elements.len(), 2);
    assert!(
        elements
            .iter()
            .all(|element| !format!("{element:?}").contains("Global"))
    );
}

#[test]
fn every_diagnostic_of_a_module_is_reported() {
    let found = codes(
        "const c = 1; c = 2; consle.log(c); async function f() { await 1; }\nfunction* g() {}",
    );
    let expected = [
        (
            "ts-constant-assignment",
            "Cannot assign to 'c' because it is a constant.",
        ),
        ("ts-undefined-name", "Cannot find name 'consle'."),
        ("ts-unsupported", "`async` functions are not supported yet"),
        ("ts-unsupported", "generators are not supported yet"),
    ];
    let found: Vec<_> = found
        .iter()
        .map(|(code, message)| (code.as_str(), message.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn early_errors_are_syntax_errors() {
    assert_eq!(codes("let a = 1; let a = 2;")[0].0, "ts-syntax");
    assert_eq!(codes("function f( {")[0].0, "ts-syntax");
    assert!(parsed("function f( {").syntax.is_none());
}

#[test]
fn a_very_deep_expression_is_refused_not_a_crash() {
    for text in [
        format!("const a = {}1;", "1+".repeat(10_000)),
        format!("const a = {}1{};", "[".repeat(5_000), "]".repeat(5_000)),
    ] {
        assert_eq!(
            codes(&text)
                .iter()
                .map(|(code, _)| code.as_str())
                .collect::<Vec<_>>(),
            ["ts-unsupported"]
        );
    }
}

#[test]
fn a_misspelt_name_gets_advice() {
    let parsed = parsed("const counter = 1; console.log(countr);");
    assert_eq!(
        parsed.diagnostics[0].help.as_deref(),
        Some("did you mean `counter`?")
    );
}

#[test]
fn a_captured_var_has_a_cell_even_if_it_is_only_initialised() {
    let module = module("function f() { var v = 1; function g() { return v; } return g; }");
    assert!(local(&module, "f", "v").cell);
}
