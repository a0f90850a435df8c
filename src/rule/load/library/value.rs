//! Single words of a library's rule: names that become part of an argument, and paths.
//!
//! Each stays one word of a command, and none can become an option: what could is refused here, whoever wrote it.

use crate::document::{Spanned, normalise};
use crate::rule::load::Reading;
use camino::{Utf8Path, Utf8PathBuf};

/// Letters that names of libraries, packages and files have.
fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_.+-".contains(letter)
}

/// What is wrong with the name of a library, as for `-l` or pkg-config.
pub fn name_problem(name: &str) -> Option<&'static str> {
    if name.starts_with('-') {
        return Some("a name cannot begin with `-`: it would be taken for an option");
    }
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
        return Some("a name is made of letters, digits, `_`, `.`, `+` and `-`");
    }
    None
}

/// What is wrong with the name of a macro.
pub fn macro_problem(name: &str) -> Option<&'static str> {
    let letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let begins_with_digit = name.starts_with(|first: char| first.is_ascii_digit());
    (name.is_empty() || begins_with_digit || !name.chars().all(letter))
        .then_some("a macro's name is made of letters, digits and `_`")
}

/// The path that a file of rules means, as the engine spells it; what it may not mean is reported.
pub fn path(text: &Spanned<String>, reading: &mut Reading<'_>) -> Option<Utf8PathBuf> {
    let path = match written(&text.value, reading) {
        Ok(path) => path,
        Err((message, None)) => {
            let span = text.span.clone();
            reading.problems.add("config-value", span, message);
            return None;
        }
        Err((message, Some(help))) => {
            let span = text.span.clone();
            reading
                .problems
                .add_with_help("config-value", span, message, help);
            return None;
        }
    };
    // What began with `./` may begin with anything now.
    match path.as_str().starts_with(['-', '@']) {
        true => Some(Utf8PathBuf::from(format!("./{path}"))),
        false => Some(path),
    }
}

/// The path that a text means, or what is wrong with it and what to write.
fn written(text: &str, reading: &Reading<'_>) -> Result<Utf8PathBuf, (String, Option<String>)> {
    if text.is_empty() {
        return Err(("a path may not be empty".to_owned(), None));
    }
    if text.starts_with(['-', '@']) {
        let message = format!(
            "a path cannot begin with `{}`: it would be taken for an option",
            &text[..1]
        );
        return Err((message, Some(format!("write \"./{text}\""))));
    }
    if text.contains(['\0', '\n']) {
        return Err(("a path cannot hold such a letter".to_owned(), None));
    }
    let path = normalise(&reading.folder().join(Utf8Path::new(text)));
    if let Some(confined) = &reading.confined
        && !path.starts_with(&confined.folder)
    {
        let package = &confined.package;
        let message = format!(
            "the rules of the package \"{package}\" may not name a path outside its folder"
        );
        let help = format!("allow it in kiln.toml: `[allow] packages = [\"{package}\"]`");
        return Err((message, Some(help)));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::{macro_problem, name_problem};

    #[test]
    fn names_that_could_be_options_are_refused() {
        for name in ["sqlite3", "gtk+-3.0", "stdc++", "libpng16", "X11"] {
            assert_eq!(name_problem(name), None, "{name}");
        }
        for name in [
            "", "-lz", "-", "a b", "a/b", "../a", "a,b", "@a", "a\nb", "ü", "..",
        ] {
            assert!(name_problem(name).is_some(), "{name}");
        }
        for name in ["", "1A", "A B", "A=1", "-DA", "A(x)"] {
            assert!(macro_problem(name).is_some(), "{name}");
        }
        assert_eq!(macro_problem("_A1"), None);
    }
}
