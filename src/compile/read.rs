//! [`UnitRead`]: one thing that a compilation rests on, and what is asked to know whether it still holds.

use crate::digest::Digest;
use crate::observe::{Observation, Role, Seen, World};
use crate::rule::{Significance, Text};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::io;

/// One read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UnitRead {
    /// As for a link.
    Seen(Seen),
    /// A file that counts by its text, as the rule of the compiler reads it.
    Text {
        compiler: String,
        path: Utf8PathBuf,
        by: Significance,
        digest: Digest,
    },
}

/// Where texts come from: each file is read once, whoever includes it.
pub trait Texts: Sync {
    /// The text of a file; `None` where there is no file.
    ///
    /// # Errors
    /// If it cannot be read.
    fn text(&self, compiler: &str, path: &Utf8Path) -> io::Result<Option<Text>>;

    /// Which words that count are in a file that counts by its bytes; `None` where there is no file.
    ///
    /// # Errors
    /// If it cannot be read.
    fn opaque(&self, compiler: &str, path: &Utf8Path) -> io::Result<Option<Text>>;
}

impl UnitRead {
    /// The path or name that was looked at.
    pub fn subject(&self) -> &str {
        match self {
            Self::Seen(seen) => seen.observation.subject(),
            Self::Text { path, .. } => path.as_str(),
        }
    }

    pub fn holds(&self, world: &World, texts: &dyn Texts) -> bool {
        match self {
            Self::Seen(seen) => world.holds(&seen.observation),
            Self::Text {
                compiler,
                path,
                by,
                digest,
            } => match texts.text(compiler, path) {
                Ok(Some(text)) => text.digest(*by) == *digest,
                Ok(None) | Err(_) => false,
            },
        }
    }

    /// What a build that rests on this rests on, in the words of a proof: a text by its bytes of now.
    pub fn seen(&self, world: &World) -> Option<Seen> {
        match self {
            Self::Seen(seen) => Some(seen.clone()),
            Self::Text { path, .. } => Some(Seen {
                observation: Observation::File {
                    path: path.clone(),
                    digest: world.digested(path).ok()?.digest()?,
                },
                role: Role::Source,
                note: String::new(),
            }),
        }
    }
}
