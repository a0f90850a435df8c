//! Lines, numbers and lists for reports: 80 columns, long groups folded. Knows nothing of builds.

use super::Limits;
use std::time::Duration;

/// The width of a report, in characters.
const WIDTH: usize = 80;
/// How far a continued line is indented beyond its first.
const HANG: usize = 4;

/// Appends `text` as lines of at most 80 characters, broken at spaces only: paths stay whole.
pub(super) fn paragraph(out: &mut String, indent: usize, text: &str) {
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column == 0 {
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if column + 1 + length > WIDTH {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent + HANG));
            column = indent + HANG;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}

/// A group of lines that is cut after a limit.
pub(super) struct Fold<'o> {
    out: &'o mut String,
    indent: usize,
    left: usize,
    hidden: usize,
    more: &'static str,
}

impl<'o> Fold<'o> {
    pub(super) fn new(out: &'o mut String, indent: usize, limits: Limits) -> Self {
        Self {
            out,
            indent,
            left: limits.group,
            hidden: 0,
            more: limits.more,
        }
    }

    /// A line that stands for `weight` things. Gives whether it is told.
    pub(super) fn line(&mut self, text: &str, weight: usize) -> bool {
        if self.left == 0 {
            self.hidden += weight;
            return false;
        }
        self.left -= 1;
        paragraph(self.out, self.indent, text);
        true
    }

    /// For what belongs to the last line.
    pub(super) fn out(&mut self) -> &mut String {
        self.out
    }

    /// Says how many things were left out.
    pub(super) fn finish(self) {
        if self.hidden > 0 {
            let others = if self.hidden == 1 { "other" } else { "others" };
            let text = format!("… and {} {others} ({})", number(self.hidden), self.more);
            paragraph(self.out, self.indent, &text);
        }
    }
}

/// A titled list, if there is anything in it.
pub(super) fn group(out: &mut String, title: &str, lines: Vec<String>, limits: Limits) {
    if lines.is_empty() {
        return;
    }
    out.extend(["\n", title, "\n"]);
    let mut fold = Fold::new(out, 2, limits);
    for line in lines {
        fold.line(&line, 1);
    }
    fold.finish();
}

/// `a, b, c and 32 others`.
pub(super) fn list<'t>(items: impl ExactSizeIterator<Item = &'t str>, limit: usize) -> String {
    let all = items.len();
    // "and 1 other" would take the place of the item itself.
    let shown = if all <= limit + 1 { all } else { limit };
    let mut text = String::new();
    for (index, item) in items.take(shown).enumerate() {
        match index {
            0 => {}
            last if last + 1 == all => text.push_str(" and "),
            _ => text.push_str(", "),
        }
        text.push_str(item);
    }
    if shown < all {
        text.push_str(&format!(" and {} others", number(all - shown)));
    }
    text
}

/// With a comma at each thousand: `1,204`.
pub fn number(value: impl TryInto<u64>) -> String {
    let digits = value.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 module`, `1,001 modules`.
pub fn count(value: usize, noun: &str) -> String {
    format!(
        "{} {noun}{}",
        number(value),
        if value == 1 { "" } else { "s" }
    )
}

/// How long ago something was: `3 s ago`, `12 min ago`, `5 h ago`, `3 days ago`.
pub fn ago(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        ..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..172_800 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", number(seconds / 86_400)),
    }
}

/// Two or three digits, in the unit that suits: `2.1 ms`, `38 ms`, `1.24 s`, `2 min 5 s`.
pub fn duration(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1e3;
    match milliseconds {
        short if short < 9.95 => format!("{short:.1} ms"),
        medium if medium < 999.5 => format!("{medium:.0} ms"),
        long if long < 59_995.0 => format!("{:.2} s", long / 1e3),
        _ => format!(
            "{} min {} s",
            duration.as_secs() / 60,
            duration.as_secs() % 60
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, duration, list, number, paragraph};
    use std::time::Duration;

    #[test]
    fn numbers_and_durations_are_short() {
        assert_eq!(
            [number(0_usize), number(1_204_usize), number(1_000_000_u64)],
            ["0", "1,204", "1,000,000"]
        );
        assert_eq!(
            [count(1, "module"), count(2_000, "module")],
            ["1 module", "2,000 modules"]
        );
        let shown = [2_140, 38_400, 999_700, 1_240_000, 125_000_000]
            .map(|micros| duration(Duration::from_micros(micros)));
        assert_eq!(shown, ["2.1 ms", "38 ms", "1.00 s", "1.24 s", "2 min 5 s"]);
    }

    #[test]
    fn lists_name_a_few() {
        let of = |count: usize| list(["a", "b", "c", "d", "e", "f"][..count].iter().copied(), 3);
        assert_eq!(
            [of(1), of(2), of(4), of(6)],
            ["a", "a and b", "a, b, c and d", "a, b, c and 3 others"]
        );
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        let mut out = String::new();
        paragraph(&mut out, 2, &"word ".repeat(20));
        assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
        assert_eq!(
            out.lines()
                .map(|line| line.len() - line.trim_start().len())
                .collect::<Vec<_>>(),
            [2, 6]
        );
    }
}
