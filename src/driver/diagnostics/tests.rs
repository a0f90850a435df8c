//! Excerpts of all sorts of source text.

use super::{Excerpts, sort};
use crate::driver::terminal::Terminal;
use crate::frontend::{Diagnostic, Span};
use crate::host::MemoryHost;

fn terminal() -> Terminal {
    Terminal {
        quiet: false,
        verbose: false,
        color: false,
        live: false,
        width: 80,
    }
}

fn diagnostic(path: &str, start: u32, end: u32) -> Diagnostic {
    Diagnostic {
        code: "ts-test".into(),
        message: "this is wrong".into(),
        path: path.into(),
        span: Span { start, end },
        label: "here".into(),
        help: None,
    }
}

/// The excerpt for the part of `text` between two marks.
fn excerpt(marked: &str) -> String {
    let start = marked.find('«').expect("a mark");
    let end = marked.find('»').expect("a mark") - '«'.len_utf8();
    let host = MemoryHost::new();
    host.write("a.ts", marked.replace(['«', '»'], ""));
    let offset = |at: usize| u32::try_from(at).expect("a short text");
    Excerpts::new(&host, &terminal()).text(&[diagnostic("a.ts", offset(start), offset(end))])
}

#[test]
fn the_place_is_shown() {
    let mut with_help = diagnostic("a.ts", 8, 9);
    with_help.help = Some("use `let`".into());
    let host = MemoryHost::new();
    host.write("a.ts", "let a;\n\tb = 1;\n");
    let text = Excerpts::new(&host, &terminal()).text(&[with_help]);
    let expected = "\
error[ts-test]: this is wrong
 --> a.ts:2:2
  |
2 |     b = 1;
  |     ^ here
  |
  = help: use `let`

";
    assert_eq!(text, expected);
}

#[test]
fn wide_characters_and_other_line_ends_do_not_shift_it() {
    let crlf = excerpt("x\r\nlet größe = «y»;\r\nz\r\n");
    assert!(
        crlf.contains("--> a.ts:2:13\n  |\n2 | let größe = y;\n  |             ^ here\n"),
        "{crlf}"
    );
    assert!(
        excerpt("f(\"日本\", «y»)")
            .contains("--> a.ts:1:9\n  |\n1 | f(\"日本\", y)\n  |           ^ here\n")
    );
}

#[test]
fn the_end_of_the_text_is_a_place() {
    assert!(excerpt("f(«»").contains("1 | f(\n  |   ^ here\n"));
    assert!(excerpt("f(\n«»").contains("--> a.ts:2:1\n"));
    assert!(excerpt("«»").contains("--> a.ts:1:1\n"));
}

#[test]
fn long_lines_are_cut_and_many_lines_are_elided() {
    let long = excerpt(&format!(
        "{}«bad»{}",
        "x + ".repeat(200),
        " + y".repeat(200)
    ));
    assert!(
        long.lines().all(|line| line.chars().count() <= 90),
        "{long}"
    );
    assert!(long.contains("bad") && long.contains("^^^ here"), "{long}");
    let tall = excerpt(&format!("«{}»", "a;\n".repeat(100)));
    assert!(tall.lines().count() < 14, "{tall}");
}

#[test]
fn a_text_that_is_gone_costs_the_excerpt_only() {
    let host = MemoryHost::new();
    let gone = Excerpts::new(&host, &terminal()).text(&[diagnostic("gone.ts", 3, 4)]);
    assert_eq!(gone, "error[ts-test]: this is wrong\n--> gone.ts\n\n");
    host.write("short.ts", "é");
    let short = Excerpts::new(&host, &terminal()).text(&[diagnostic("short.ts", 1, 40)]);
    assert!(short.contains("1 | é\n"), "{short}");
}

#[test]
fn many_are_counted_and_all_are_sorted() {
    let mut all: Vec<Diagnostic> = (0..60)
        .rev()
        .map(|at| diagnostic("b.ts", at, at + 1))
        .collect();
    all.push(diagnostic("a.ts", 9, 9));
    sort(&mut all);
    assert_eq!((all[0].path.as_str(), all[1].span.start), ("a.ts", 0));
    let host = MemoryHost::new();
    let text = Excerpts::new(&host, &terminal()).text(&all);
    assert!(text.ends_with("… and 11 more\n\n"), "{text}");
    assert_eq!(text.matches("error[").count(), 50);
}

#[test]
fn machines_get_lines_columns_and_bytes() {
    let host = MemoryHost::new();
    host.write("a.ts", "ü\nü = x;");
    let diagnostic = diagnostic("a.ts", 8, 9);
    let message =
        serde_json::to_value(Excerpts::new(&host, &terminal()).message(&diagnostic)).expect("JSON");
    let span = &message["spans"][0];
    let numbers = [
        "byte_start",
        "byte_end",
        "line_start",
        "line_end",
        "column_start",
        "column_end",
    ]
    .map(|key| span[key].as_u64());
    assert_eq!(numbers, [8, 9, 2, 2, 5, 6].map(Some));
    assert_eq!(
        (&message["reason"], &message["code"]),
        (&"compiler-message".into(), &"ts-test".into())
    );
    assert!(
        message["rendered"]
            .as_str()
            .is_some_and(|text| text.contains("2 | ü = x;"))
    );
}
