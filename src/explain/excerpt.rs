//! [`Excerpt`]: the lines in which two texts differ. Knows texts, and nothing of files.
//!
//! Lines are compared as Myers has it ("An O(ND) difference algorithm and its variations", 1986), after what both texts
//! begin and end with is set aside. Texts that differ in more than [`MOST`] lines are not compared further: all that lies
//! between is then removed and added, since nobody reads it line by line.

use serde::{Deserialize, Serialize};

/// So many removals and additions are looked for.
const MOST: usize = 96;
/// Lines around a difference.
const AROUND: usize = 1;
/// So many lines are kept, so that a record of many changed files stays small.
const KEPT: usize = 60;
/// Characters of a line that are kept.
const WIDTH: usize = 160;

/// The lines in which two texts differ, with what is around them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    pub hunks: Vec<Hunk>,
    /// Lines removed and added, those that are not kept included.
    pub removed: usize,
    pub added: usize,
}

/// Lines that lie together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// The number of the first line in the old text and in the new one, from 1.
    pub old_start: usize,
    pub new_start: usize,
    /// Each begins with ` `, `-` or `+`.
    pub lines: Vec<String>,
}

/// What became of a line, by its place in the old and in the new text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edit {
    Same(usize, usize),
    Removed(usize),
    Added(usize),
}

impl Excerpt {
    /// How `old` became `new`.
    pub fn between(old: &str, new: &str) -> Self {
        let (old, new): (Vec<&str>, Vec<&str>) = (lines(old), lines(new));
        let edits = edits(&old, &new);
        let mut excerpt = Self {
            removed: count(&edits, |edit| matches!(edit, Edit::Removed(_))),
            added: count(&edits, |edit| matches!(edit, Edit::Added(_))),
            hunks: Vec::new(),
        };
        let (mut kept, mut end) = (0, 0);
        for (at, edit) in edits.iter().enumerate() {
            if matches!(edit, Edit::Same(..)) || at < end {
                continue;
            }
            let start = at.saturating_sub(AROUND).max(end);
            end = hunk_end(&edits, at);
            let room = KEPT - kept;
            if room == 0 {
                break;
            }
            let shown = &edits[start..end.min(start + room)];
            kept += shown.len();
            excerpt.hunks.push(hunk(&edits[..start], shown, &old, &new));
        }
        excerpt
    }

    /// Changed lines that are not kept.
    pub fn left_out(&self) -> usize {
        let shown = self.hunks.iter().flat_map(|hunk| &hunk.lines);
        let shown = shown.filter(|line| !line.starts_with(' ')).count();
        (self.removed + self.added).saturating_sub(shown)
    }
}

/// The lines of a text; what follows the last line break is one too, if it is not empty.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn count(edits: &[Edit], which: impl Fn(&Edit) -> bool) -> usize {
    edits.iter().filter(|edit| which(edit)).count()
}

/// Where the hunk ends whose first difference is at `at`: differences with few lines between them are told together.
fn hunk_end(edits: &[Edit], at: usize) -> usize {
    let mut last = at;
    for (place, edit) in edits.iter().enumerate().skip(at + 1) {
        if matches!(edit, Edit::Same(..)) {
            if place - last > 2 * AROUND {
                break;
            }
        } else {
            last = place;
        }
    }
    (last + 1 + AROUND).min(edits.len())
}

fn hunk(before: &[Edit], edits: &[Edit], old: &[&str], new: &[&str]) -> Hunk {
    let line = |edit: &Edit| match *edit {
        Edit::Same(at, _) => shown(' ', old[at]),
        Edit::Removed(at) => shown('-', old[at]),
        Edit::Added(at) => shown('+', new[at]),
    };
    Hunk {
        old_start: 1 + count(before, |edit| !matches!(edit, Edit::Added(_))),
        new_start: 1 + count(before, |edit| !matches!(edit, Edit::Removed(_))),
        lines: edits.iter().map(line).collect(),
    }
}

fn shown(sign: char, line: &str) -> String {
    let line = line.trim_end_matches(['\n', '\r']);
    let mut text = String::with_capacity(line.len().min(WIDTH) + 2);
    text.push(sign);
    text.extend(line.chars().take(WIDTH));
    if line.chars().nth(WIDTH).is_some() {
        text.push('…');
    }
    text
}

fn edits(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let pairs = || old.iter().zip(new);
    let start = pairs().take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let from_the_end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = from_the_end.take_while(|(a, b)| a == b).count();
    let (old_end, new_end) = (old.len() - end, new.len() - end);
    let mut edits: Vec<Edit> = (0..start).map(|at| Edit::Same(at, at)).collect();
    match between(&old[start..old_end], &new[start..new_end]) {
        Some(found) => edits.extend(found.into_iter().map(|edit| match edit {
            Edit::Same(a, b) => Edit::Same(a + start, b + start),
            Edit::Removed(at) => Edit::Removed(at + start),
            Edit::Added(at) => Edit::Added(at + start),
        })),
        None => {
            edits.extend((start..old_end).map(Edit::Removed));
            edits.extend((start..new_end).map(Edit::Added));
        }
    }
    edits.extend((0..end).map(|at| Edit::Same(old_end + at, new_end + at)));
    edits
}

/// The shortest way from one text to the other; `None` if it is longer than [`MOST`].
fn between(old: &[&str], new: &[&str]) -> Option<Vec<Edit>> {
    // The diagonal k is old - new; `reach[k]` is how far into the old text it was followed. One slot on either side.
    let most = MOST.min(old.len() + new.len());
    let slot = |diagonal: isize| (diagonal + most as isize + 1) as usize;
    let mut reach = vec![0_usize; 2 * most + 3];
    let mut history = Vec::new();
    for steps in 0..=most as isize {
        history.push(reach.clone());
        for diagonal in (-steps..=steps).step_by(2) {
            let mut x = from_where(&reach, slot, diagonal, steps).1;
            let mut y = (x as isize - diagonal) as usize;
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            reach[slot(diagonal)] = x;
            if x >= old.len() && y >= new.len() {
                return Some(back(&history, slot, (x, y)));
            }
        }
    }
    None
}

/// The diagonal that a step comes from, and how far into the old text it begins.
fn from_where(
    reach: &[usize],
    slot: impl Fn(isize) -> usize,
    diagonal: isize,
    steps: isize,
) -> (isize, usize) {
    let (above, below) = (reach[slot(diagonal + 1)], reach[slot(diagonal - 1)]);
    if steps == 0 {
        (diagonal, 0)
    } else if diagonal == -steps || diagonal != steps && below < above {
        (diagonal + 1, above)
    } else {
        (diagonal - 1, below + 1)
    }
}

fn back(
    history: &[Vec<usize>],
    slot: impl Fn(isize) -> usize + Copy,
    (mut x, mut y): (usize, usize),
) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (steps, reach) in history.iter().enumerate().rev() {
        let diagonal = x as isize - y as isize;
        let (from, start) = from_where(reach, slot, diagonal, steps as isize);
        while x > start && (steps > 0 || y > 0) {
            (x, y) = (x - 1, y - 1);
            edits.push(Edit::Same(x, y));
        }
        if steps > 0 && from > diagonal {
            y -= 1;
            edits.push(Edit::Added(y));
        } else if steps > 0 {
            x -= 1;
            edits.push(Edit::Removed(x));
        }
    }
    edits.reverse();
    edits
}

#[cfg(test)]
mod tests {
    use super::{Edit, Excerpt, edits};

    fn shown(old: &str, new: &str) -> Vec<String> {
        let excerpt = Excerpt::between(old, new);
        excerpt
            .hunks
            .into_iter()
            .flat_map(|hunk| hunk.lines)
            .collect()
    }

    #[test]
    fn a_changed_line_is_shown_with_its_neighbours() {
        let old = "a\nb\nc\nd\ne\n";
        assert_eq!(
            shown(old, "a\nb\nC\nd\ne\n"),
            [" b", "-c", "+C", " d"],
            "one line"
        );
        assert_eq!(shown(old, "a\nb\nd\ne\n"), [" b", "-c", " d"]);
        assert_eq!(shown(old, "a\nb\nc\nx\nd\ne\n"), [" c", "+x", " d"]);
        assert_eq!(shown(old, "a\nb\nc\nd\ne"), [" d", "-e", "+e"]);
        assert!(shown(old, old).is_empty());
    }

    #[test]
    fn places_count_from_one_in_both_texts() {
        let excerpt = Excerpt::between("a\nb\nc\nd\ne\nf\ng\n", "x\na\nb\nc\nd\ne\nf\nG\n");
        let places: Vec<_> = excerpt
            .hunks
            .iter()
            .map(|hunk| (hunk.old_start, hunk.new_start))
            .collect();
        assert_eq!(places, [(1, 1), (6, 7)]);
        assert_eq!((excerpt.removed, excerpt.added), (1, 2));
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let old: String = (0..500).map(|line| format!("{line}\n")).collect();
        let new: String = (0..500).map(|line| format!("{line}!\n")).collect();
        let excerpt = Excerpt::between(&old, &new);
        assert_eq!((excerpt.removed, excerpt.added), (500, 500));
        assert_eq!(excerpt.left_out(), 1_000 - super::KEPT);
    }

    /// Whatever is done to a text, the edits tell how: what they keep and remove is the old one, what they keep and add the
    /// new one.
    #[test]
    fn the_edits_lead_from_one_text_to_the_other() {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        for _ in 0..2_000 {
            let words = ["a", "b", "c", "d"];
            let mut text = || -> Vec<&str> {
                (0..next(14))
                    .map(|_| words[usize::try_from(next(4)).expect("a small number")])
                    .collect()
            };
            let (old, new) = (text(), text());
            let edits = edits(&old, &new);
            let (mut from, mut to) = (Vec::new(), Vec::new());
            for edit in &edits {
                match *edit {
                    Edit::Same(a, b) => {
                        assert_eq!(old[a], new[b]);
                        from.push(a);
                        to.push(b);
                    }
                    Edit::Removed(at) => from.push(at),
                    Edit::Added(at) => to.push(at),
                }
            }
            assert_eq!(from, (0..old.len()).collect::<Vec<_>>(), "{old:?} {new:?}");
            assert_eq!(to, (0..new.len()).collect::<Vec<_>>(), "{old:?} {new:?}");
        }
    }
}
