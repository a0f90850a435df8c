//! Texts that differ in what counts, and in what does not.

use super::Text;
use crate::digest::Digest;
use crate::rule::{Rules, Significance};

fn text(text: &str) -> Text {
    let rules = Rules::shipped_compilers().expect("the shipped rules are right");
    Text::of(
        &rules.compilers["c"],
        text.as_bytes(),
        Digest::of(text.as_bytes()),
    )
}

#[test]
fn words_that_count_are_found_in_code_only() {
    assert!(text("int a = __LINE__;\n").has_lines);
    assert!(!text("int a; // __LINE__\n/* __LINE__ */ char *b = \"__LINE__\";\n").has_lines);
    assert!(!text("int my__LINE__;\n").has_lines);
    assert_eq!(text("char *a = __DATE__;\n").volatile, 1);
    assert_eq!(text("char *a = __TIMESTAMP__ __TIME__;\n").volatile, 3);
    // In a string for the assembler too.
    assert!(text("asm(\".incbin \\\"f\\\"\");\n").embeds);
    assert!(text("# embed <a>\n").embeds);
    assert!(!text("int embedded; // embed\n").embeds);
}

#[test]
fn words_are_found_in_parts_and_in_what_is_no_text() {
    assert!(text("PASTE(__LI, NE__)\n").has_lines);
    assert!(text("PASTE(__L, INE__)\n").has_lines);
    assert!(!text("int __L, LINE, E__, line__;\n").has_lines);
    let rules = Rules::shipped_compilers().expect("the shipped rules are right");
    let opaque = |bytes: &str| {
        let digest = Digest::of(bytes.as_bytes());
        Text::opaque(&rules.compilers["c"], bytes.as_bytes(), digest)
    };
    assert!(opaque("-DA=\"__LINE__\"").has_lines);
    assert!(!opaque("my__LINE__ __LINE__2").has_lines);
    assert_eq!(opaque("// __TIME__").volatile, 1);
    // What is compiled has the names of all that the compiler knows.
    let compiled = opaque("gpch\0__TIME__\0__LINE__\0");
    assert!(compiled.has_lines && compiled.volatile == 0);
}

#[test]
fn a_text_that_is_not_clear_counts_by_its_bytes_and_has_all_words() {
    let unclear = text("char *a = \"\n// __LINE__ __DATE__\n");
    assert!(unclear.has_lines && unclear.volatile == 1);
    let words = |it: &str| text(it).digest(Significance::Words);
    assert_ne!(words("int a; /* x"), words("int a; /* y"));
    // A comment that may end in the next line.
    assert_ne!(
        words("/* x *\\\n/ f(); /* a */"),
        words("/* x *\\\n/ g(); /* a */")
    );
    assert_ne!(words("/\\\n/ x\nf();"), words("/\\\n/ y\nf();"));
}

#[test]
fn a_comment_separates_as_a_space_does() {
    let words = |it: &str| text(it).digest(Significance::Words);
    assert_eq!(words("#define A/**/(x)\n"), words("#define A (x)\n"));
    assert_ne!(words("#define A(x)\n"), words("#define A (x)\n"));
    assert_eq!(words("a/* 1 */b"), words("a /* 2 */ b"));
    assert_eq!(words("a\r\n"), words("a\n"));
}

#[test]
fn lines_and_indentation_count_where_they_do() {
    let layout = |it: &str| text(it).digest(Significance::Layout);
    let lines = |it: &str| text(it).digest(Significance::Lines);
    assert_eq!(layout("\n  a;\n"), layout("  a; // b\n"));
    assert_ne!(layout("  a;\n"), layout("    a;\n"));
    assert_ne!(lines("\n  a;\n"), lines("  a;\n"));
    assert_eq!(lines("/*\n*/\na;\n"), lines("\n//\na;\n"));
}

#[test]
fn no_bytes_at_all_are_a_text_too() {
    for strange in [
        "",
        "\\",
        "\"",
        "'",
        "/*",
        "/",
        "\u{0}",
        "\\\n",
        "<",
        "#include <",
        "1'",
    ] {
        for cut in 0..=strange.len() {
            text(&strange[..cut]);
        }
    }
}
