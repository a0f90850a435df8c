//! The arguments as they enter a key: random names replaced by their pattern.
//!
//! What stands behind a random name is not known here: whoever makes the key adds the bytes of inputs.

use super::response::Expanded;
use super::{Examined, Volatile};
use crate::rule::schema::{ToolRule, VolatileRule};

/// Fills in the key and what was replaced in it. The words that come from `args[n]` have the origin `n + first`.
pub(super) fn fill(
    examined: &mut Examined,
    tool: &ToolRule,
    expanded: &Expanded,
    args: &[String],
    first: usize,
) {
    for (at, argument) in args.iter().enumerate() {
        let Some(found) = volatile(tool, argument) else {
            examined.key.push(argument.clone());
            continue;
        };
        examined.key.push(found.normal.clone());
        if argument.starts_with('@') {
            // The file has another name each time, so its words stand in the key.
            let origins = expanded.origin.iter().zip(&expanded.words);
            for (_, word) in origins.filter(|(origin, _)| **origin == at + first) {
                let inside = volatile(tool, word);
                let normal = inside.as_ref().map_or(word, |inside| &inside.normal);
                examined.key.push(normal.clone());
                examined.volatile.extend(inside);
            }
        }
        examined.volatile.push(found);
    }
}

/// The argument's random part, if it has one.
fn volatile(tool: &ToolRule, argument: &str) -> Option<Volatile> {
    tool.volatile.iter().find_map(|rule| within(rule, argument))
}

/// The longest of what may precede the path counts. Nothing precedes it in an argument that is a path.
fn within(rule: &VolatileRule, argument: &str) -> Option<Volatile> {
    let fits = |after: &&String| !after.is_empty() || !argument.starts_with(['-', '@']);
    let found = rule.after.iter().filter(fits).filter_map(|after| {
        let path = argument.strip_prefix(after.as_str())?;
        Some((after, path, rule.path.normalise(path)?))
    });
    let (after, path, normal_path) = found.max_by_key(|(after, ..)| after.len())?;
    Some(Volatile {
        argument: argument.to_owned(),
        normal: format!("{after}{normal_path}"),
        path: path.to_owned(),
        normal_path,
        holds: rule.holds,
        place: rule.place.clone(),
    })
}
