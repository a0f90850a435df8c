//! Linker scripts that stand in for libraries: `libc.so` is one on most systems.
//!
//! Only what such scripts hold is understood: `INPUT`, `GROUP` and `AS_NEEDED`, and what says of the output what it is
//! anyway. Whatever else a script holds may read files or change the search, and is named to the caller.

/// What a script asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// A file as it is written, or what follows `-l`.
    pub name: String,
    pub is_library: bool,
    /// In `AS_NEEDED`.
    pub as_needed: bool,
}

/// # Errors
/// The word that is not understood.
pub(super) fn parse(text: &str) -> Result<Vec<Wanted>, String> {
    let mut words = words(text)?.into_iter().peekable();
    let mut wanted = Vec::new();
    while let Some(word) = words.next() {
        match word.as_str() {
            ";" => {}
            "INPUT" | "GROUP" => list(&mut words, &mut wanted, &word, false)?,
            "OUTPUT_FORMAT" => value(&mut words, &word, &["elf64-x86-64"])?,
            "OUTPUT_ARCH" => value(&mut words, &word, &["i386:x86-64"])?,
            _ => return Err(word),
        }
    }
    Ok(wanted)
}

type Words = std::iter::Peekable<std::vec::IntoIter<String>>;

/// `(a b, AS_NEEDED(c))`.
fn list(
    words: &mut Words,
    wanted: &mut Vec<Wanted>,
    command: &str,
    as_needed: bool,
) -> Result<(), String> {
    if words.next().as_deref() != Some("(") {
        return Err(command.to_owned());
    }
    loop {
        let word = words.next().ok_or_else(|| command.to_owned())?;
        match word.as_str() {
            ")" => return Ok(()),
            "," => {}
            "AS_NEEDED" if !as_needed => list(words, wanted, &word, true)?,
            "AS_NEEDED" | "(" | ";" | "{" | "}" | "=" => return Err(word),
            word => {
                let library = word.strip_prefix("-l");
                let name = library.unwrap_or(word);
                if name.is_empty() || name.starts_with('-') || name.contains(['*', '?', '[']) {
                    return Err(word.to_owned());
                }
                wanted.push(Wanted {
                    name: name.to_owned(),
                    is_library: library.is_some(),
                    as_needed,
                });
            }
        }
    }
}

/// `(a, b)`, all of which must be among those that are known.
fn value(words: &mut Words, command: &str, known: &[&str]) -> Result<(), String> {
    if words.next().as_deref() != Some("(") {
        return Err(command.to_owned());
    }
    loop {
        match words.next().as_deref() {
            Some(")") => return Ok(()),
            Some(",") => {}
            Some(word) if known.contains(&word) => {}
            _ => return Err(command.to_owned()),
        }
    }
}

/// Names, and punctuation each by itself. A quoted name is a name whatever is in it.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if letter.is_ascii_whitespace() {
            rest = &rest[1..];
        } else if let Some(comment) = rest.strip_prefix("/*") {
            let (_, after) = comment.split_once("*/").ok_or("/*")?;
            rest = after;
        } else if let Some(quoted) = rest.strip_prefix('"') {
            let (name, after) = quoted.split_once('"').ok_or("\"")?;
            // It could not be told from the word of the same spelling.
            let plain = !name.is_empty() && !name.starts_with('-') && !is_keyword(name);
            if !plain {
                return Err(format!("\"{name}\""));
            }
            words.push(name.to_owned());
            rest = after;
        } else if "(),;{}".contains(letter) {
            words.push(letter.to_string());
            rest = &rest[1..];
        } else {
            let ends = |letter: char| letter.is_ascii_whitespace() || "(),;{}\"".contains(letter);
            let end = rest.find(ends).unwrap_or(rest.len());
            let word = &rest[..end];
            // Comments within words and after them are read in several ways, and so are other signs.
            let usual =
                |letter: char| letter.is_alphanumeric() || "/._-+:=$~*?[]%@#".contains(letter);
            if word.contains("/*") || !word.chars().all(usual) {
                return Err(word.to_owned());
            }
            words.push(word.to_owned());
            rest = &rest[end..];
        }
    }
    Ok(words)
}

fn is_keyword(name: &str) -> bool {
    let letter = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    name.chars().all(letter) || "(),;{}".contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, String> {
        let wanted = parse(text)?.into_iter().map(|wanted| {
            let dash = if wanted.is_library { "-l" } else { "" };
            let needed = if wanted.as_needed { "?" } else { "" };
            format!("{dash}{}{needed}", wanted.name)
        });
        Ok(wanted.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_scripts_of_libraries_are_understood() {
        let libc = "/* GNU ld script\n   Use the shared library, but some functions are only in\n   the static library. */\n\
                    OUTPUT_FORMAT(elf64-x86-64)\nGROUP ( /lib/x86_64-linux-gnu/libc.so.6 /usr/lib/libc_nonshared.a  AS_NEEDED ( /lib64/ld-linux-x86-64.so.2 ) )\n";
        assert_eq!(
            shown(libc).as_deref(),
            Ok(
                "/lib/x86_64-linux-gnu/libc.so.6 /usr/lib/libc_nonshared.a /lib64/ld-linux-x86-64.so.2?"
            )
        );
        assert_eq!(
            shown("INPUT(libr.a, \"with space.o\" -lgcc =/opt/x.a);GROUP(AS_NEEDED(-l:y.a))")
                .as_deref(),
            Ok("libr.a with space.o -lgcc =/opt/x.a -l:y.a?")
        );
        assert_eq!(shown("").as_deref(), Ok(""));
    }

    #[test]
    fn what_else_may_stand_in_a_script_is_named() {
        for (text, word) in [
            ("INPUT(a.o) INCLUDE x.ld", "INCLUDE"),
            ("SEARCH_DIR(/opt)", "SEARCH_DIR"),
            ("SECTIONS { .text : { *(.text) } }", "SECTIONS"),
            ("OUTPUT_FORMAT(elf32-i386) INPUT(a.o)", "OUTPUT_FORMAT"),
            ("INPUT(lib*.a)", "lib*.a"),
            ("INPUT(a.o", "INPUT"),
            ("INPUT(a.o(b))", "("),
            ("GROUP(a /* b", "/*"),
            ("INPUT(\"AS_NEEDED\")", "\"AS_NEEDED\""),
            ("hello", "hello"),
        ] {
            assert_eq!(shown(text), Err(word.to_owned()), "{text}");
        }
    }
}
