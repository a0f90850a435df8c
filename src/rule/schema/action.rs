//! `[action.NAME]`: a command of a project's own that makes files, and what of the world it may look at.

use super::{Pattern, Place, Variable};
use indexmap::IndexMap;
use serde::Serialize;

/// One action. Paths are relative to the project.
#[derive(Clone, Debug, Serialize)]
pub struct ActionRule {
    #[serde(skip)]
    pub place: Place,
    /// The program and its arguments. `{output}` is the first output, `{input}` the first input; each word stays one word.
    pub command: Vec<String>,
    /// Files, or patterns for files, that the command may read within the project. All of them count, read or not.
    pub inputs: Vec<String>,
    /// The files that it makes.
    pub outputs: Vec<String>,
    /// Files that it keeps for itself, such as the cache of an interpreter: neither inputs nor outputs.
    pub scratch: Vec<Pattern>,
    /// Names of `[environment.NAME]` entries, whose variables the command has too.
    pub environment: Vec<String>,
    /// Variables that the command is given. It has no others.
    pub variables: IndexMap<String, Variable>,
    /// Whether a read within the project that `inputs` does not name is an error, rather than only said.
    pub strict: bool,
    /// Whether the command goes by the times of files, as `make` does: then these count too.
    pub times: bool,
}

impl ActionRule {
    /// The words of the command with their fields filled in; a field stays within its word. `first` is the first input as
    /// it was found.
    pub fn words(&self, first: &str) -> Vec<String> {
        let output = self.outputs.first().map_or("", String::as_str);
        let fill = |word: &String| {
            let mut out = String::with_capacity(word.len());
            let mut rest = word.as_str();
            while let Some(at) = rest.find('{') {
                out.push_str(&rest[..at]);
                rest = &rest[at..];
                let known = [("{output}", output), ("{input}", first)];
                match known.iter().find(|(field, _)| rest.starts_with(field)) {
                    Some((field, value)) => {
                        out.push_str(value);
                        rest = &rest[field.len()..];
                    }
                    None => {
                        out.push('{');
                        rest = &rest[1..];
                    }
                }
            }
            out + rest
        };
        self.command.iter().map(fill).collect()
    }

    /// Whether the command keeps a file for itself.
    pub fn is_scratch(&self, path: &str) -> bool {
        self.scratch.iter().any(|pattern| pattern.matches(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_stays_within_its_word() {
        let rule = ActionRule {
            place: Place::default(),
            command: ["gen", "--to={output}", "{input}", "{other}{"]
                .map(str::to_owned)
                .to_vec(),
            inputs: Vec::new(),
            outputs: vec!["a b.h".to_owned(), "c.h".to_owned()],
            scratch: Vec::new(),
            environment: Vec::new(),
            variables: IndexMap::new(),
            strict: false,
            times: false,
        };
        assert_eq!(
            rule.words("-x {output}"),
            ["gen", "--to=a b.h", "-x {output}", "{other}{"]
        );
    }
}
