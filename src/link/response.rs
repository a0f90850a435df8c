//! Response files: `@file` among the arguments stands for the words in the file.
//!
//! The engine expands them itself, so that the files are observed, for the driver and for the linker alike: both read
//! them relative to the working directory, which is the project, take an absent one literally, and expand recursively.

use crate::error::{Error, Result};
use crate::observe::{Reader, Role};
use crate::rule::gnu_words;
use camino::Utf8Path;

/// More files than this are a cycle.
const MOST_FILES: usize = 200;

/// The words with each `@file` replaced by what is in the file.
pub(super) fn expand(
    words: impl IntoIterator<Item = String>,
    reader: &Reader<'_>,
) -> Result<Vec<String>> {
    let mut expanded = Vec::new();
    // What is still to be looked at, the next word last.
    let mut pending: Vec<String> = words.into_iter().collect();
    pending.reverse();
    let mut files = 0;
    while let Some(word) = pending.pop() {
        let Some(path) = word
            .strip_prefix('@')
            .filter(|path| !path.is_empty())
            .map(Utf8Path::new)
        else {
            expanded.push(word);
            continue;
        };
        files += 1;
        if files > MOST_FILES {
            return Err(Error::configuration(
                "response files of the link contain each other",
                Some(format!("look at `{word}`")),
            ));
        }
        let unreadable =
            |cause| Error::world("cannot read a response file of the link", path, cause);
        let Some(bytes) = reader
            .bytes(path, Role::Link, "a response file")
            .map_err(unreadable)?
        else {
            expanded.push(word);
            continue;
        };
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            Error::configuration(format!("the response file `{path}` is no UTF-8"), None)
        })?;
        pending.extend(gnu_words(text).into_iter().rev());
    }
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Host, MemoryHost};
    use crate::observe::{Observation, World};
    use std::sync::Arc;

    fn words(texts: &[&str]) -> Vec<String> {
        texts.iter().copied().map(str::to_owned).collect()
    }

    #[test]
    fn nested_files_are_expanded_and_observed() {
        let host = MemoryHost::new();
        host.replace("q".into(), b"-static @r", 0o644)
            .expect("writes to memory");
        host.replace("r".into(), b"-lm '-L a'", 0o644)
            .expect("writes to memory");
        let world = World::new(Arc::new(host));
        let reader = Reader::new(&world);
        let expanded = expand(words(&["-x", "@q", "@none", "-y"]), &reader).expect("expands");
        assert_eq!(
            expanded,
            words(&["-x", "-static", "-lm", "-L a", "@none", "-y"])
        );
        let seen = reader.finish();
        let subjects: Vec<&str> = seen.iter().map(|seen| seen.observation.subject()).collect();
        assert_eq!(subjects, ["q", "r", "none"]);
        assert!(matches!(seen[2].observation, Observation::Absent { .. }));
    }

    #[test]
    fn a_cycle_is_an_error() {
        let host = MemoryHost::new();
        host.replace("q".into(), b"@q", 0o644)
            .expect("writes to memory");
        let world = World::new(Arc::new(host));
        assert!(expand(words(&["@q"]), &Reader::new(&world)).is_err());
    }
}
