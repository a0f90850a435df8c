//! Values that nobody may read in a report, a log or a record: those of variables whose name says so.

use crate::digest::Digest;

/// A variable with such a word in its name holds a secret.
const WORDS: &[&str] = &[
    "TOKEN",
    "SECRET",
    "PASSW",
    "KEY",
    "CREDENTIAL",
    "AUTH",
    "COOKIE",
];

/// Whether the value of this variable is to be kept from everybody.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// What stands in place of a secret: enough to see that it changed.
pub fn redacted(value: &str) -> String {
    format!("(digest {})", Digest::of(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn names_tell_what_is_secret() {
        let names = ["API_TOKEN", "aws_secret", "DB_PASSWORD", "SSH_AUTH_SOCK"];
        assert!(names.into_iter().all(is_secret));
        let names = ["PATH", "LIBRARY_PATH", "CC"];
        assert!(!names.into_iter().any(is_secret));
    }
}
