//! Values that nobody may read in a report, a log or a record: those of variables whose name says so.

use crate::digest::Digest;

/// A variable with such a word in its name holds a secret.
const WORDS: &[&str] = &[
    "TOKEN", "SECRET", "PASS", "KEY", "CRED", "PRIVATE", "AUTH", "COOKIE",
];

/// Whether the value of this variable is to be kept from everybody.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    WORDS.iter().any(|word| name.contains(word)) || name.ends_with("_PAT")
}

/// What is kept of a variable's value: of a secret its digest, which is enough to see that it changed.
pub fn told(name: &str, value: Option<String>) -> Option<String> {
    value.map(|value| match is_secret(name) || has_password(&value) {
        true => format!("(digest {})", Digest::of(value.as_bytes())),
        false => value,
    })
}

/// Whether it is an address with a password in it: `https://me:word@host`.
fn has_password(value: &str) -> bool {
    value.split_once("://").is_some_and(|(_, rest)| {
        let host = rest.split('/').next().unwrap_or(rest);
        host.rsplit_once('@')
            .is_some_and(|(user, _)| user.contains(':'))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_secret, told};

    #[test]
    fn of_a_secret_the_digest_is_kept() {
        let kept = |name: &str, value: &str| told(name, Some(value.to_owned()));
        for (name, value) in [
            ("API_TOKEN", "letmein"),
            ("DATABASE_URL", "postgres://me:letmein@host/db"),
        ] {
            let digest = kept(name, value).expect("a value");
            assert!(digest.starts_with("(digest ") && !digest.contains("letmein"));
        }
        for value in ["", "https://host/a:b@c", "postgres://me@host/db", "a:b@c"] {
            assert_eq!(kept("PLACE", value).as_deref(), Some(value));
        }
        assert_eq!(told("API_TOKEN", None), None);
    }

    #[test]
    fn names_tell_what_is_secret() {
        let names = [
            "API_TOKEN",
            "aws_secret",
            "DB_PASSWORD",
            "SSH_AUTH_SOCK",
            "GITHUB_PAT",
        ];
        assert!(names.into_iter().all(is_secret));
        let names = ["PATH", "LIBRARY_PATH", "CC"];
        assert!(!names.into_iter().any(is_secret));
    }
}
