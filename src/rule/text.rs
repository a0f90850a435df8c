//! What of a file's text can reach a result: all but comments and the white space that only separates.
//!
//! [`Text::of`] goes through the bytes once and gives digests of three forms of the text, from the words alone to the words
//! with their lines' numbers. Two texts with equal digests mean the same to a compiler of the rule's language, as far as
//! the form says. Where the rule's few letters do not tell for sure what is a comment (raw strings, a line that is joined
//! in the middle of a delimiter, a quote that is not closed), the text counts by its bytes: that costs work only.

use super::schema::{CompilerRule, Significance, TextRule};
use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// What is known of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    words: Digest,
    layout: Digest,
    lines: Digest,
    bytes: Digest,
    /// It has a word by which line numbers reach the result.
    pub has_lines: bool,
    /// It has a word by which the bytes of files reach the result.
    pub embeds: bool,
    /// One bit for each row of [`CompilerRule::volatile`] of which it has a word.
    pub volatile: u64,
}

impl Text {
    /// The digest of what counts.
    pub fn digest(&self, by: Significance) -> Digest {
        match by {
            Significance::Words => self.words,
            Significance::Layout => self.layout,
            Significance::Lines => self.lines,
            Significance::Bytes => self.bytes,
        }
    }

    /// What the rule makes of `bytes`, whose digest is `digest`.
    pub fn of(rule: &CompilerRule, bytes: &[u8], digest: Digest) -> Self {
        let mut scan = Scan {
            rule,
            text: &rule.text,
            bytes,
            at: 0,
            forms: Forms::default(),
            line: Vec::new(),
            first: 1,
            passed: 0,
            indent: 0,
            number: 1,
            joined: false,
            word: None,
            last_word: None,
            has_lines: false,
            embeds: false,
            volatile: 0,
        };
        let clear =
            !rule.text.unclear.iter().any(|it| has(bytes, it.as_bytes())) && scan.run().is_some();
        let (has_lines, volatile) = (scan.has_lines, scan.volatile);
        let mut anywhere = rule.text.embeds_anywhere.iter();
        let embeds = scan.embeds || anywhere.any(|it| has(bytes, it.as_bytes()));
        let form = |form: &[u8]| match clear {
            true => Digest::of(form),
            false => digest,
        };
        // What was not read to its end may have such words behind it.
        let all = |word: &String| has(bytes, word.as_bytes());
        let unread = |at: usize| rule.volatile[at].words.iter().any(all);
        Self {
            words: form(&scan.forms.words),
            layout: form(&scan.forms.layout),
            lines: form(&scan.forms.lines),
            bytes: digest,
            has_lines: has_lines || !clear && rule.text.lines.iter().any(all),
            embeds: embeds || !clear && rule.text.embeds.iter().any(all),
            volatile: match clear {
                true => volatile,
                false => (0..rule.volatile.len().min(64))
                    .filter(|at| unread(*at))
                    .fold(0, |bits, at| bits | 1 << at),
            },
        }
    }

    /// What is known of bytes that are no text of the language, but may hold words of it: flags, macros of a command line, a
    /// header without an extension, one that is compiled already. All of them count, and so do words in comments and literals.
    pub fn opaque(rule: &CompilerRule, bytes: &[u8], digest: Digest) -> Self {
        let any = |words: &[String]| words.iter().any(|it| has_word(bytes, it.as_bytes()));
        // What is compiled has the names of all that the compiler knows.
        let compiled = bytes.iter().take(1024).any(|byte| *byte == 0);
        let rows = rule.volatile.iter().take(64).enumerate();
        let volatile = rows.filter(|(_, row)| !compiled && any(&row.words));
        Self {
            words: digest,
            layout: digest,
            lines: digest,
            bytes: digest,
            has_lines: any(&rule.text.lines),
            embeds: any(&rule.text.embeds),
            volatile: volatile.fold(0, |bits, (at, _)| bits | 1 << at),
        }
    }
}

/// Whether `word` stands in `bytes` as a whole word.
fn has_word(bytes: &[u8], word: &[u8]) -> bool {
    let mut from = 0;
    while let Some(found) = place_of(&bytes[from..], word) {
        let (begin, end) = (from + found, from + found + word.len());
        let within = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .copied()
                .is_some_and(is_word)
        };
        if !within(begin.checked_sub(1)) && !within(Some(end)) {
            return true;
        }
        from = begin + 1;
    }
    false
}

/// Whether `needle` stands anywhere in `bytes`.
pub(super) fn has(bytes: &[u8], needle: &[u8]) -> bool {
    place_of(bytes, needle).is_some()
}

fn place_of(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let (first, rest) = needle.split_first()?;
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|byte| byte == first) {
        from += found + 1;
        if bytes[from..].starts_with(rest) {
            return Some(from - 1);
        }
    }
    None
}

/// The text in three forms.
#[derive(Default)]
struct Forms {
    words: Vec<u8>,
    layout: Vec<u8>,
    lines: Vec<u8>,
}

struct Scan<'s> {
    rule: &'s CompilerRule,
    text: &'s TextRule,
    bytes: &'s [u8],
    at: usize,
    forms: Forms,
    /// What counts of the line so far.
    line: Vec<u8>,
    /// The number of the line on which that begins.
    first: u32,
    /// Lines that have ended within it since the last of it, in a comment.
    passed: usize,
    /// White space before the first of it.
    indent: u32,
    /// Of the line, from 1.
    number: u32,
    /// The line before ends with the character that joins lines.
    joined: bool,
    /// Where the word began that is being read.
    word: Option<usize>,
    /// The last whole word, if nothing but white space and `(` came since.
    last_word: Option<(usize, usize)>,
    has_lines: bool,
    embeds: bool,
    volatile: u64,
}

/// Whether `word` is `whole`, or may become it when another part is pasted to it: one of any two is at least half of it.
fn is_or_pastes(word: &[u8], whole: &[u8]) -> bool {
    2 * word.len() >= whole.len() && (whole.starts_with(word) || whole.ends_with(word))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl<'s> Scan<'s> {
    /// `None` where it is not clear what is a comment.
    fn run(&mut self) -> Option<()> {
        while let Some(&byte) = self.bytes.get(self.at) {
            let rest = &self.bytes[self.at..];
            if is_word(byte) {
                self.word.get_or_insert(self.at);
                self.push(byte);
                continue;
            }
            if self.is_digit_separator(byte) {
                self.push(byte);
                continue;
            }
            self.end_word();
            let escape = self.text.escape.map_or(0, |letter| letter as u8);
            match byte {
                b'\n' => {
                    self.end_line(false);
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => self.space(byte),
                _ if byte == escape && self.ends_line(self.at + 1) => self.join()?,
                _ if self.begins(&self.text.line_comments, rest) => self.line_comment()?,
                _ if self.block(rest).is_some() => {
                    let (begin, end) = self.block(rest)?;
                    self.block_comment(begin.len(), end.as_bytes())?;
                }
                _ if self.text.quotes.contains(&(byte as char)) => self.quoted(byte, escape)?,
                b'<' if self.is_name() => self.name(),
                _ => {
                    if byte != b'(' {
                        self.last_word = None;
                    }
                    self.push(byte);
                }
            }
        }
        self.end_word();
        self.end_line(false);
        Some(())
    }

    fn push(&mut self, byte: u8) {
        self.put(&[byte]);
        self.at += 1;
    }

    fn put(&mut self, bytes: &[u8]) {
        if self.line.is_empty() {
            self.first = self.number;
        } else {
            // What stands before a comment and what stands behind it are on different lines.
            self.line.extend(std::iter::repeat_n(b'\x01', self.passed));
        }
        self.passed = 0;
        self.line.extend_from_slice(bytes);
    }

    fn begins(&self, delimiters: &[String], rest: &[u8]) -> bool {
        let mut delimiters = delimiters.iter();
        delimiters.any(|delimiter| rest.starts_with(delimiter.as_bytes()))
    }

    fn block(&self, rest: &[u8]) -> Option<&'s (String, String)> {
        let mut pairs = self.text.block_comments.iter();
        pairs.find(|(begin, _)| rest.starts_with(begin.as_bytes()))
    }

    /// Whether from here only white space follows on the line, and there is some line end.
    fn ends_line(&self, from: usize) -> bool {
        let mut rest = self.bytes[from.min(self.bytes.len())..].iter();
        let end = rest.find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c));
        end == Some(&b'\n')
    }

    fn is_digit_separator(&self, byte: u8) -> bool {
        let in_number = |from: usize| self.bytes[from].is_ascii_digit();
        self.text.digit_separator == Some(byte as char)
            && self.word.is_some_and(in_number)
            && self
                .bytes
                .get(self.at + 1)
                .is_some_and(u8::is_ascii_alphanumeric)
    }

    fn end_word(&mut self) {
        let Some(from) = self.word.take() else {
            return;
        };
        let word = &self.bytes[from..self.at];
        self.last_word = Some((from, self.at));
        self.has_lines |= (self.text.lines.iter()).any(|it| is_or_pastes(word, it.as_bytes()));
        self.embeds |= self.text.embeds.iter().any(|it| it.as_bytes() == word);
        for (at, row) in self.rule.volatile.iter().take(64).enumerate() {
            if row.words.iter().any(|it| it.as_bytes() == word) {
                self.volatile |= 1 << at;
            }
        }
    }

    /// White space of any length within a line is one space.
    fn space(&mut self, byte: u8) {
        if self.line.is_empty() {
            self.indent += if byte == b'\t' {
                8 - self.indent % 8
            } else {
                1
            };
        } else if self.line.last() != Some(&b' ') {
            self.line.push(b' ');
        }
        self.at += 1;
    }

    fn end_line(&mut self, joins: bool) {
        if self.line.last() == Some(&b' ') {
            self.line.pop();
        }
        // An empty line ends what the line before it had gone on with.
        if !self.line.is_empty() || self.joined {
            let number = if self.line.is_empty() {
                self.number
            } else {
                self.first
            };
            let indent = self.indent;
            let forms = &mut self.forms;
            for (form, head) in [
                (&mut forms.words, String::new()),
                (&mut forms.layout, format!("{indent}:")),
                (&mut forms.lines, format!("{number}:{indent}:")),
            ] {
                form.extend_from_slice(head.as_bytes());
                form.extend_from_slice(&self.line);
                form.push(b'\n');
            }
        }
        self.line.clear();
        (self.indent, self.passed, self.joined, self.last_word) = (0, 0, joins, None);
        self.number += 1;
    }

    /// A line that goes on in the next one.
    fn join(&mut self) -> Option<()> {
        self.no_delimiter_before(self.at)?;
        let escape = self.bytes[self.at];
        // White space between the two is taken for nothing by some and for something by others.
        (self.bytes.get(self.at + 1) == Some(&b'\n')).then_some(())?;
        self.push(escape);
        self.end_line(true);
        self.at += 1;
        Some(())
    }

    /// A delimiter that goes on in the next line is not seen here.
    fn no_delimiter_before(&self, at: usize) -> Option<()> {
        let before = at.checked_sub(1).map(|before| self.bytes[before]);
        let begins = self.text.block_comments.iter();
        let mut delimiters = begins
            .flat_map(|(begin, end)| [begin, end])
            .chain(&self.text.line_comments);
        let part = |letter: u8| delimiters.any(|it| it.as_bytes().contains(&letter));
        (!before.is_some_and(part)).then_some(())
    }

    fn is_telling(&self, comment: &[u8]) -> bool {
        let lower = comment.to_ascii_lowercase();
        let mut telling = self.text.telling.iter();
        telling.any(|it| has(&lower, it.as_bytes()))
    }

    fn line_comment(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n');
        let comment = &rest[..length.unwrap_or(rest.len())];
        // It goes on in the next line.
        let last = comment.iter().rfind(|byte| !byte.is_ascii_whitespace());
        let joins = last.is_some_and(|last| self.text.escape == Some(*last as char));
        if joins {
            return None;
        }
        if self.is_telling(&comment[1..]) {
            self.put(comment);
        }
        self.at += comment.len();
        Some(())
    }

    /// It separates words as a space does.
    fn block_comment(&mut self, begin: usize, end: &[u8]) -> Option<()> {
        let inner = &self.bytes[self.at + begin..];
        let length = inner.windows(end.len()).position(|it| it == end)?;
        let comment = &inner[..length];
        for (at, _) in comment.iter().enumerate().filter(|(_, it)| **it == b'\n') {
            let before = self.at + begin + at;
            let joins = before > 0 && self.text.escape == Some(self.bytes[before - 1] as char);
            if joins {
                self.no_delimiter_before(before - 1)?;
            }
        }
        let lines = comment.iter().filter(|byte| **byte == b'\n').count();
        if self.is_telling(comment) {
            self.put(comment);
        }
        self.at += begin + length + end.len();
        let within_line = !self.line.is_empty();
        if within_line {
            self.passed += lines;
            if self.line.last() != Some(&b' ') {
                self.line.push(b' ');
            }
        } else {
            // Where what follows stands is told by what stands before it on the line.
            let from = self.bytes[..self.at].iter().rposition(|it| *it == b'\n');
            self.indent = u32::try_from(self.at - from.map_or(0, |at| at + 1)).unwrap_or(0);
        }
        self.number += u32::try_from(lines).unwrap_or(0);
        Some(())
    }

    fn quoted(&mut self, quote: u8, escape: u8) -> Option<()> {
        self.last_word = None;
        self.push(quote);
        loop {
            let byte = *self.bytes.get(self.at)?;
            match byte {
                b'\n' => return None,
                _ if byte == escape => {
                    let next = *self.bytes.get(self.at + 1)?;
                    if next == b'\n' {
                        self.number += 1;
                    }
                    self.push(byte);
                    self.push(next);
                }
                _ => {
                    self.push(byte);
                    if byte == quote {
                        return Some(());
                    }
                }
            }
        }
    }

    /// Whether `<` begins a name here.
    fn is_name(&self) -> bool {
        let names = &self.text.names_after;
        self.last_word.is_some_and(|(from, to)| {
            let word = &self.bytes[from..to];
            names.iter().any(|it| it.as_bytes() == word)
        })
    }

    fn name(&mut self) {
        let rest = &self.bytes[self.at..];
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or(rest);
        let length = line.iter().position(|byte| *byte == b'>').unwrap_or(0);
        self.put(&line[..=length]);
        self.at += length + 1;
        self.last_word = None;
    }
}

#[cfg(test)]
mod tests;
