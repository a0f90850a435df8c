//! The changed lines of a file as text, each with its number; a long line is shown where it changed.

use super::Limits;
use super::layout::{count, paragraph};
use crate::explain::{Excerpt, Hunk};
use std::fmt::Write;

/// Columns for the text of a line.
const WIDTH: usize = 66;
/// Of these, so many before the place where a long line changed.
const LEAD: usize = 20;

/// The changed lines, in their place; all lines where nothing is to be left out.
pub(super) fn lines(excerpt: &Excerpt, limits: Limits, out: &mut String) {
    let whole = limits.lines == usize::MAX;
    let mut left = limits.lines;
    for hunk in &excerpt.hunks {
        let (mut old, mut new) = (hunk.old_start, hunk.new_start);
        for (at, line) in hunk.lines.iter().enumerate() {
            let (sign, text) = line.split_at(line.len().min(1));
            let place = if sign == "-" { old } else { new };
            old += usize::from(sign != "+");
            new += usize::from(sign != "-");
            // What is around a change is of use only where everything is shown.
            if sign == " " && !whole || left == 0 {
                continue;
            }
            left -= 1;
            let shown = match whole {
                true => text.to_owned(),
                false => cut(text, same_before(hunk, at)),
            };
            let _ = writeln!(
                out,
                "{}",
                format!("    {place:>5} {sign} {shown}").trim_end()
            );
        }
    }
    let all = excerpt.removed + excerpt.added;
    let shown = limits.lines - left;
    if !whole && all > shown {
        let others = count(all - shown, "other changed line");
        paragraph(out, 6, &format!("… and {others} ({})", limits.more));
    } else if excerpt.left_out() > 0 {
        let others = count(excerpt.left_out(), "other changed line");
        paragraph(out, 6, &format!("… and {others}"));
    }
}

/// How many characters a line has in common, from its beginning on, with the one that it became or was.
fn same_before(hunk: &Hunk, at: usize) -> usize {
    let sign = |at: usize| hunk.lines.get(at).and_then(|line| line.chars().next());
    let run =
        |start: usize, wanted: char| (start..).take_while(|at| sign(*at) == Some(wanted)).count();
    let begin = |mut at: usize, wanted: char| {
        while at > 0 && sign(at - 1) == Some(wanted) {
            at -= 1;
        }
        at
    };
    let (removed, added) = match sign(at) {
        Some('-') => {
            let removed = begin(at, '-');
            (removed, removed + run(removed, '-'))
        }
        Some('+') => {
            let added = begin(at, '+');
            (begin(added, '-'), added)
        }
        _ => return 0,
    };
    let other = match sign(at) {
        Some('-') => added + (at - removed),
        _ => removed + (at - added),
    };
    let pair = |at: usize| hunk.lines.get(at).map(|line| line.chars().skip(1));
    let counterpart = matches!(
        (sign(at), sign(other)),
        (Some('-'), Some('+')) | (Some('+'), Some('-'))
    );
    match (pair(at), pair(other)) {
        (Some(line), Some(other)) if counterpart => {
            line.zip(other).take_while(|(a, b)| a == b).count()
        }
        _ => 0,
    }
}

/// A part of a long line in which it differs from its counterpart after `same` characters.
fn cut(text: &str, same: usize) -> String {
    let length = text.chars().count();
    if length <= WIDTH {
        return text.to_owned();
    }
    let start = match same > WIDTH - LEAD {
        true => same - LEAD,
        false => 0,
    };
    let room = WIDTH - usize::from(start > 0);
    let mut shown: String = text.chars().skip(start).take(room).collect();
    if start > 0 {
        shown.insert(0, '…');
    }
    if start + room < length {
        shown.pop();
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{Limits, lines};
    use crate::explain::Excerpt;

    fn shown(old: &str, new: &str) -> String {
        let mut out = String::new();
        lines(&Excerpt::between(old, new), Limits::REPORT, &mut out);
        out
    }

    #[test]
    fn a_long_line_is_shown_where_it_changed() {
        let line = |end: &str| format!("{}{end}{}\n", "x".repeat(100), "y".repeat(100));
        let out = shown(&line("old"), &line("new"));
        let expected = format!(
            "        1 - …{0}old{1}…\n        1 + …{0}new{1}…\n",
            "x".repeat(20),
            "y".repeat(41)
        );
        assert_eq!(out, expected);
        assert!(out.lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn many_lines_are_folded() {
        let new: String = (0..20).map(|line| format!("{line}\n")).collect();
        let out = shown("", &new);
        assert_eq!(out.lines().count(), 9);
        assert!(out.ends_with("… and 12 other changed lines (--explain=all lists all)\n"));
    }
}
