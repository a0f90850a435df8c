//! Patterns for names, and forms of options. Both are small on purpose: there are no expressions in rule files.

use serde::Serialize;

/// A pattern for a whole text: `*` is anything, `?` one ASCII letter or digit, and all else stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Pattern(String);

impl Pattern {
    /// # Errors
    /// What is wrong with the text, as a sentence without a full stop.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("a pattern may not be empty");
        }
        if text.contains("**") {
            return Err("`**` means nothing here: `*` crosses slashes too");
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn matches(&self, text: &str) -> bool {
        self.normalise(text).is_some()
    }

    /// The text with `?` wherever the pattern has one, if it fits.
    pub fn normalise(&self, text: &str) -> Option<String> {
        let (pattern, letters): (Vec<char>, Vec<char>) =
            (self.0.chars().collect(), text.chars().collect());
        let mut normal = letters.clone();
        // The classic walk: on a mismatch the last star takes one letter more. Only the last star ever has to be gone
        // back to, so this ends after at most pattern times text steps.
        let (mut at, mut of) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while at < letters.len() {
            let fits = match pattern.get(of) {
                Some('*') => {
                    star = Some((of, at));
                    of += 1;
                    continue;
                }
                Some('?') => letters[at].is_ascii_alphanumeric(),
                Some(wanted) => *wanted == letters[at],
                None => false,
            };
            if fits {
                normal[at] = if pattern[of] == '?' { '?' } else { letters[at] };
                (at, of) = (at + 1, of + 1);
            } else {
                let (star_at, taken) = star?;
                normal[taken..=at].copy_from_slice(&letters[taken..=at]);
                star = Some((star_at, taken + 1));
                (at, of) = (taken + 1, star_at + 1);
            }
        }
        pattern[of..]
            .iter()
            .all(|letter| *letter == '*')
            .then(|| normal.into_iter().collect())
    }
}

/// How an option is spelled: `-r`, `-o {}` (the value is the next argument), `-L{}` or `--out={}` (it is joined).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Form {
    /// Without the value.
    pub name: String,
    pub value: FormValue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormValue {
    None,
    /// So many arguments that follow. The first is the value, or the last where a path comes last.
    Next(usize),
    Joined,
}

impl Form {
    /// # Errors
    /// What is wrong with the text, as a sentence without a full stop.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let (name, value) = match text.split_once(' ') {
            Some((name, values)) => {
                let values: Vec<&str> = values.split(' ').collect();
                if values.iter().any(|value| *value != "{}") {
                    return Err("after a space only `{}` may follow: the next argument");
                }
                (name, FormValue::Next(values.len()))
            }
            None => match text.strip_suffix("{}") {
                Some(name) => (name, FormValue::Joined),
                None => (text, FormValue::None),
            },
        };
        if name.is_empty() || name.contains(['{', '}']) {
            return Err("a form is an option, and at its end `{}` for the value");
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, FormValue, Pattern};

    fn normal(pattern: &str, text: &str) -> Option<String> {
        Pattern::new(pattern).expect("a pattern").normalise(text)
    }

    #[test]
    fn random_letters_become_question_marks() {
        assert_eq!(
            normal("*/cc??????.res", "/tmp/cc/ccAb12x9.res").as_deref(),
            Some("/tmp/cc/cc??????.res")
        );
        assert_eq!(
            normal("*/rustc??????/*", "/x/rustcabcdef/rustc123456/y").as_deref(),
            Some("/x/rustc??????/rustc123456/y")
        );
        assert_eq!(normal("*/cc??????.res", "/tmp/ccAb12x.res"), None);
        assert_eq!(normal("*/cc??????.res", "/tmp/ccAb12-9.res"), None);
        assert_eq!(normal("a*", "a").as_deref(), Some("a"));
        assert_eq!(normal("a*b*c", "aXbYbZ"), None);
        // What a failed attempt marked is taken back.
        assert_eq!(normal("*?-x", "ab-y--x"), None);
        assert_eq!(normal("*?-x", "ab-yc-x").as_deref(), Some("ab-y?-x"));
    }

    #[test]
    fn a_pattern_that_means_nothing_is_refused() {
        assert!(Pattern::new("").is_err());
        assert!(Pattern::new("a**").is_err());
    }

    #[test]
    fn forms_say_where_the_value_is() {
        let value = |text| Form::new(text).map(|form| form.value);
        assert_eq!(value("-r"), Ok(FormValue::None));
        assert_eq!(value("-o {}"), Ok(FormValue::Next(1)));
        assert_eq!(value("-sectcreate {} {} {}"), Ok(FormValue::Next(3)));
        assert_eq!(value("--out={}"), Ok(FormValue::Joined));
        assert!(value("{}").is_err());
        assert!(value("-a{}b").is_err());
        assert!(value("-a b").is_err());
    }
}
