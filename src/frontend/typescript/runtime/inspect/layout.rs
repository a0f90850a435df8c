//! How inspected entries are put on lines: on one line where they fit, in columns for long arrays, else one a line.
//!
//! It knows text only, neither values nor what the entries stand for. The rules and constants are those of Node's
//! `util.inspect` with its default options (`compact: 3`).

use super::width::{columns_of, units_of};
use crate::libc::{floor, sqrt};
use alloc::string::String;
use alloc::vec::Vec;

/// As many levels of nesting may share one line.
const COMPACT: usize = 3;
/// What stands between two entries: a comma and a space.
const SEPARATOR: usize = 2;

/// Where the entries are to be laid out.
#[derive(Clone, Copy)]
pub struct Place {
    /// Columns by which the surrounding text is indented.
    pub indentation: usize,
    /// Lines should not be longer.
    pub break_length: usize,
    /// How many levels of nesting there are inside the entries.
    pub inner_levels: usize,
}

/// What surrounds the entries.
pub struct Frame<'a> {
    /// Precedes the opening brace; empty where there is nothing.
    pub base: &'a str,
    pub open: &'a str,
    pub close: &'a str,
}

/// How the entries of an array are to be aligned; objects are not put in columns at all.
#[derive(Clone, Copy, PartialEq)]
pub enum Grouping {
    None,
    /// Numbers only: aligned right.
    Right,
    Left,
}

fn push_spaces(out: &mut String, count: usize) {
    for _ in 0..count {
        out.push(' ');
    }
}

fn join(entries: &[String], separator: &str) -> String {
    let mut out = String::with_capacity(
        entries
            .iter()
            .map(|entry| entry.len() + separator.len())
            .sum(),
    );
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(entry);
    }
    out
}

/// The whole text of an object or array. `surplus` says that the last entry is "… more items".
pub fn lay_out(
    mut entries: Vec<String>,
    frame: &Frame,
    place: Place,
    grouping: Grouping,
    surplus: bool,
) -> String {
    let count = entries.len();
    if grouping != Grouping::None && count > 6 {
        entries = group(entries, place, grouping, surplus);
    }
    let mut out = String::from(frame.base);
    if !out.is_empty() {
        out.push(' ');
    }
    out.push_str(frame.open);
    if place.inner_levels < COMPACT && count == entries.len() {
        let start = count + place.indentation + units_of(frame.open) + units_of(frame.base) + 10;
        if fits(&entries, start, frame.base, place.break_length) {
            let joined = join(&entries, ", ");
            if !joined.contains('\n') {
                out.push(' ');
                out.push_str(&joined);
                out.push(' ');
                out.push_str(frame.close);
                return out;
            }
        }
    }
    let mut line = String::from("\n");
    push_spaces(&mut line, place.indentation);
    let mut separator = String::from(",");
    separator.push_str(&line);
    separator.push_str("  ");
    out.push_str(&separator[1..]);
    out.push_str(&join(&entries, &separator));
    out.push_str(&line);
    out.push_str(frame.close);
    out
}

/// Whether all entries fit on one line.
fn fits(entries: &[String], start: usize, base: &str, break_length: usize) -> bool {
    let mut total = entries.len() + start;
    if total + entries.len() > break_length {
        return false;
    }
    for entry in entries {
        total += units_of(entry);
        if total > break_length {
            return false;
        }
    }
    !base.contains('\n')
}

/// Joins entries to lines of several columns, if they are short and of similar length.
fn group(entries: Vec<String>, place: Place, grouping: Grouping, surplus: bool) -> Vec<String> {
    let count = entries.len() - usize::from(surplus);
    let lengths: Vec<usize> = entries[..count]
        .iter()
        .map(|entry| columns_of(entry))
        .collect();
    let total: usize = lengths.iter().map(|length| length + SEPARATOR).sum();
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let actual = longest + SEPARATOR;
    let alike = total as f64 / actual as f64 > 5.0 || longest <= 6;
    if actual * 3 + place.indentation >= place.break_length || !alike {
        return entries;
    }
    // Aims at a square, with characters 2.5 times as high as wide; the bias gives short entries more columns.
    let bias = sqrt(actual as f64 - total as f64 / entries.len() as f64);
    let biased = (actual as f64 - 3.0 - bias).max(1.0);
    let square = floor(sqrt(2.5 * biased * count as f64) / biased + 0.5) as usize;
    let columns = square
        .min((place.break_length - place.indentation) / actual)
        .min(COMPACT * 4)
        .min(15);
    if columns <= 1 {
        return entries;
    }
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            lengths
                .iter()
                .skip(column)
                .step_by(columns)
                .copied()
                .max()
                .unwrap_or(0)
                + SEPARATOR
        })
        .collect();
    let mut lines = Vec::new();
    for start in (0..count).step_by(columns) {
        let end = (start + columns).min(count);
        let mut line = String::new();
        for index in start..end {
            let last = index + 1 == end;
            let padding = widths[index - start] - SEPARATOR - lengths[index];
            if grouping == Grouping::Right {
                push_spaces(&mut line, padding);
            }
            line.push_str(&entries[index]);
            if !last {
                line.push_str(", ");
                if grouping == Grouping::Left {
                    push_spaces(&mut line, padding);
                }
            }
        }
        lines.push(line);
    }
    if surplus {
        lines.extend(entries.into_iter().last());
    }
    lines
}
