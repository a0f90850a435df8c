//! Versions of packages, and ranges of them: `>=3.30, <4`.
//!
//! Versions are compared as pkg-config does it (which is rpm's way): numbers by their value, letters by the alphabet, a
//! number after a letter, and what follows a `~` before nothing at all.

use serde::Serialize;
use std::cmp::Ordering;
use std::fmt;

/// What must hold of a version, all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionRange(Vec<(Comparison, String)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Comparison {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equal,
    Unequal,
}

/// The longer ones first, since the others begin as they do.
const SPELLED: &[(&str, Comparison)] = &[
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("!=", Comparison::Unequal),
    (">", Comparison::Above),
    ("<", Comparison::Below),
    ("=", Comparison::Equal),
];

impl VersionRange {
    /// Reads a range.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let range: Option<Vec<_>> = text.split(',').map(|part| one(part.trim())).collect();
        range.map(Self).ok_or(
            "a version range is a list of comparisons such as \">=3.30, <4\", with >=, <=, >, <, = or !=",
        )
    }

    pub fn contains(&self, version: &str) -> bool {
        self.0.iter().all(|(comparison, bound)| {
            let order = compare(version, bound);
            match comparison {
                Comparison::AtLeast => order.is_ge(),
                Comparison::AtMost => order.is_le(),
                Comparison::Above => order.is_gt(),
                Comparison::Below => order.is_lt(),
                Comparison::Equal => order.is_eq(),
                Comparison::Unequal => order.is_ne(),
            }
        })
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (comparison, bound)) in self.0.iter().enumerate() {
            let spelled = SPELLED.iter().find(|(_, known)| known == comparison);
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{}{bound}", spelled.map_or("", |(text, _)| text))?;
        }
        Ok(())
    }
}

fn one(text: &str) -> Option<(Comparison, String)> {
    let known = SPELLED.iter();
    let mut read = known.filter_map(|(spelled, it)| Some((*it, text.strip_prefix(spelled)?)));
    let (comparison, bound) = read.next()?;
    let bound = bound.trim();
    let fits = |letter: char| letter.is_ascii_alphanumeric() || ".+~_-".contains(letter);
    (bound.starts_with(|first: char| first.is_ascii_alphanumeric()) && bound.chars().all(fits))
        .then(|| (comparison, bound.to_owned()))
}

/// Which of two versions is the later one.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let separates = |letter: char| !letter.is_ascii_alphanumeric() && letter != '~';
        (a, b) = (
            a.trim_start_matches(separates),
            b.trim_start_matches(separates),
        );
        match (a.strip_prefix('~'), b.strip_prefix('~')) {
            (Some(rest), Some(other)) => {
                (a, b) = (rest, other);
                continue;
            }
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => {}
        }
        let (Some(first), Some(other)) = (a.chars().next(), b.chars().next()) else {
            return a.len().cmp(&b.len());
        };
        let is_number = first.is_ascii_digit();
        if is_number != other.is_ascii_digit() {
            return if is_number {
                Ordering::Greater
            } else {
                Ordering::Less
            };
        }
        let (part, rest) = segment(a, is_number);
        let (other, behind) = segment(b, is_number);
        let order = if is_number {
            let bare = |number: &'_ str| number.trim_start_matches('0').to_owned();
            let (part, other) = (bare(part), bare(other));
            part.len().cmp(&other.len()).then(part.cmp(&other))
        } else {
            part.cmp(other)
        };
        if order.is_ne() {
            return order;
        }
        (a, b) = (rest, behind);
    }
}

/// The letters or digits that a version begins with, and the rest.
fn segment(version: &str, numbers: bool) -> (&str, &str) {
    let belongs = |letter: char| match numbers {
        true => letter.is_ascii_digit(),
        false => letter.is_ascii_alphabetic(),
    };
    let end = version
        .find(|letter| !belongs(letter))
        .unwrap_or(version.len());
    version.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::{VersionRange, compare};
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn versions_are_compared_as_pkg_config_does_it() {
        for (a, b, order) in [
            ("1.2", "1.10", Less),
            ("1.10", "1.10", Equal),
            ("1.0", "1.0.0", Less),
            ("3.40.1", "3.40", Greater),
            ("1.0a", "1.0b", Less),
            ("1.0a", "1.0.1", Less),
            ("01.2", "1.2", Equal),
            ("2.0~rc1", "2.0", Less),
            ("2.0~rc1", "2.0~rc2", Less),
            ("1_2", "1.2", Equal),
            ("", "0", Less),
            ("99999999999999999999", "99999999999999999998", Greater),
        ] {
            assert_eq!(compare(a, b), order, "{a} {b}");
            assert_eq!(compare(b, a), order.reverse(), "{b} {a}");
        }
    }

    #[test]
    fn a_range_is_a_list_of_comparisons() {
        let range = VersionRange::new(">=3.30,<4 , != 3.33").expect("a range");
        assert_eq!(range.to_string(), ">=3.30, <4, !=3.33");
        for (version, inside) in [
            ("3.30", true),
            ("3.40.1", true),
            ("3.29", false),
            ("4", false),
            ("3.33", false),
        ] {
            assert_eq!(range.contains(version), inside, "{version}");
        }
        for wrong in ["3.30", "", ">=", "=> 3", ">= 3 4", ">=1;rm", ">=-x"] {
            assert!(VersionRange::new(wrong).is_err(), "{wrong}");
        }
    }
}
