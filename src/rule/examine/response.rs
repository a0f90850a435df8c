//! Response files: `@file` among the arguments stands for the words in the file.
//!
//! Paths are relative to the working directory, also in a nested file. Knows no option.

use super::ResponseFile;
use crate::rule::schema::{AbsentResponse, Quoting, Response};

/// More files than this contain each other.
const MOST_FILES: usize = 200;

/// More words than this come from a file that contains itself several times.
const MOST_WORDS: usize = 1 << 20;

/// Arguments with each `@file` replaced by what is in it.
pub(super) struct Expanded {
    pub words: Vec<String>,
    /// For each word, which of the arguments it comes from.
    pub origin: Vec<usize>,
    pub files: Vec<ResponseFile>,
}

/// Expands the arguments as a tool does that has these habits.
pub(super) fn expand(
    args: &[String],
    response: &Response,
    read: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> Expanded {
    let mut expanded = Expanded {
        words: Vec::with_capacity(args.len()),
        origin: Vec::with_capacity(args.len()),
        files: Vec::new(),
    };
    for (at, arg) in args.iter().enumerate() {
        // What is still to be looked at, the next word last, and whether it comes from a file.
        let mut pending = vec![(arg.clone(), false)];
        while let Some((word, nested)) = pending.pop() {
            let path = word
                .strip_prefix('@')
                .filter(|path| !path.is_empty() && (!nested || response.nested));
            let full = expanded.files.len() >= MOST_FILES
                || expanded.words.len() + pending.len() >= MOST_WORDS;
            let Some(path) = path.filter(|_| !full) else {
                expanded.words.push(word);
                expanded.origin.push(at);
                continue;
            };
            let bytes = read(path);
            expanded.files.push(ResponseFile {
                path: path.to_owned(),
                found: bytes.is_some(),
            });
            match bytes {
                Some(bytes) => {
                    let words = words(&text(&bytes), response.quoting);
                    pending.extend(words.into_iter().rev().map(|word| (word, true)));
                }
                None if response.absent == AbsentResponse::Literal => {
                    expanded.words.push(word);
                    expanded.origin.push(at);
                }
                None => {}
            }
        }
    }
    expanded
}

/// The text of a response file: UTF-8, or UTF-16 with a byte order mark, which tools on Windows write.
fn text(bytes: &[u8]) -> String {
    let units = |pair: fn([u8; 2]) -> u16| -> Vec<u16> {
        let pairs = bytes[2..].chunks_exact(2);
        pairs.map(|bytes| pair([bytes[0], bytes[1]])).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => String::from_utf16_lossy(&units(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => String::from_utf16_lossy(&units(u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The words of a text.
pub(super) fn words(text: &str, quoting: Quoting) -> Vec<String> {
    match quoting {
        Quoting::Gnu => gnu_words(text),
        Quoting::Windows => windows_words(text),
    }
}

/// The words of a text: separated by white space; single and double quotes group, a backslash takes the next character as
/// it is, also within quotes.
pub fn gnu_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', _) => word.get_or_insert_default().extend(letters.next()),
            (_, Some(open)) if letter == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (_, None) if letter.is_ascii_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// The words of a text as programs on Windows split their command line: backslashes stand for themselves except before a
/// double quote, where two of them are one and an odd one takes the quote as it is; two quotes within quotes are one.
pub fn windows_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let mut count = 1;
                while letters.next_if_eq(&'\\').is_some() {
                    count += 1;
                }
                let word = word.get_or_insert_default();
                if letters.peek() == Some(&'"') {
                    word.extend(std::iter::repeat_n('\\', count / 2));
                    if count % 2 == 1 {
                        letters.next();
                        word.push('"');
                    }
                } else {
                    word.extend(std::iter::repeat_n('\\', count));
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                if quoted && letters.next_if_eq(&'"').is_some() {
                    word.push('"');
                } else {
                    quoted = !quoted;
                }
            }
            letter if !quoted && letter.is_ascii_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::{gnu_words, text, windows_words};

    #[test]
    fn words_group_by_quotes() {
        assert_eq!(
            gnu_words("-static  '-L a' \"b\\\"c\"\n-l\\ x ''"),
            ["-static", "-L a", "b\"c", "-l x", ""]
        );
        assert_eq!(
            windows_words(r#"/out:"a b.exe" d\e.obj "c\\" \"x\" "y""z" """#),
            ["/out:a b.exe", r"d\e.obj", r"c\", "\"x\"", "y\"z", ""]
        );
    }

    #[test]
    fn tools_on_windows_write_sixteen_bits() {
        let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}a ü".encode_utf16().flat_map(order).collect()
        };
        assert_eq!(text(&wide(u16::to_le_bytes)), "a ü");
        assert_eq!(text(&wide(u16::to_be_bytes)), "a ü");
        assert_eq!(text("\u{feff}a ü".as_bytes()), "a ü");
        assert_eq!(text(&[0xff, 0xfe, 0x61]), "");
    }
}
