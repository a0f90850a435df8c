//! Observations: the things seen of the world that a result rests on.
//!
//! [`World`] looks at each thing once per build, so that all queries see the same world, and remembers what it saw.
//! A [`Reader`] records what one query looked at; what the finished build rests on is handed to
//! [`World::rely`], and becomes the proof. This module knows the host, and nothing of languages, linkers or stores.

mod secret;
mod spelled;
mod world;

pub use secret::told;
pub use spelled::PathMap;
pub use world::{FileState, World};

use crate::digest::Digest;
use crate::host::{Kind, Stamp};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::sync::Mutex;

/// One thing seen of the world. Paths are as spelled: relative to the project, or absolute; links are followed anew each
/// time, so that a link that now points elsewhere is seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Observation {
    /// A file with these bytes.
    File { path: Utf8PathBuf, digest: Digest },
    /// Nothing was there; still so as long as nothing is, whichever parent appears.
    Absent { path: Utf8PathBuf },
    /// Something of this kind was there, and only that was asked.
    Present { path: Utf8PathBuf, kind: Kind },
    /// The names in a directory, as the digest of the sorted names.
    Listing { path: Utf8PathBuf, digest: Digest },
    /// A variable whose value counts; `None` is unset, which differs from empty.
    Variable { name: String, value: Option<String> },
    /// What a program's name stands for in a search path (a variable such as `PATH`): the first executable file.
    /// The variable itself may change as long as this does not.
    Tool {
        name: String,
        variable: String,
        path: Option<Utf8PathBuf>,
    },
    /// What looking at a file tells without reading it, and only that was asked; or what counts besides its bytes, such as
    /// whether it may be run.
    Attributes {
        path: Utf8PathBuf,
        attributes: Attributes,
    },
    /// A symbolic link as such: where it points to; `None` if there is none, whatever else is there.
    Link {
        path: Utf8PathBuf,
        target: Option<Utf8PathBuf>,
    },
    /// Something is there, or would be, and may not be read.
    Denied { path: Utf8PathBuf },
    /// Where the project lies, absolute and with links resolved: seen only where that reaches a result.
    Root { path: Utf8PathBuf },
    /// The names in a directory, without some that whoever listed it made there himself.
    ListingWithout {
        path: Utf8PathBuf,
        without: Vec<String>,
        digest: Digest,
    },
}

/// What a look at a file tells, as far as it may count: never its inode or when that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attributes {
    pub kind: Kind,
    /// Permission bits, 12 bits.
    pub mode: u32,
    /// In bytes.
    pub size: u64,
    /// Nanoseconds since 1970; `None` where whoever looked is known not to look at times.
    pub mtime: Option<i64>,
}

impl Attributes {
    pub fn of(stamp: &Stamp, with_time: bool) -> Self {
        Self {
            kind: stamp.kind,
            mode: stamp.mode,
            size: stamp.size,
            mtime: with_time.then_some(stamp.mtime),
        }
    }

    /// Whether a file with this stamp looks the same.
    pub fn fits(&self, stamp: &Stamp) -> bool {
        *self == Self::of(stamp, self.mtime.is_some())
    }
}

/// What a thing is to the build: groups reasons, and decides who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Role {
    /// A module of the program.
    Source = 0,
    /// `kiln.toml`, `tsconfig.json`, a rule file.
    Configuration = 1,
    /// A place where a module was looked for.
    Resolution = 2,
    /// The running program: engine, frontend and runtime.
    Program = 3,
    /// A compiler or linker, its configuration, and what it searched.
    Tool = 4,
    /// A file that the link read, or a place where it looked.
    Link = 5,
    /// The variables that something read.
    Environment = 6,
    /// The finished program.
    Output = 7,
    /// A file that an action of the project read, or a place where it looked.
    Action = 8,
}

impl Role {
    pub const ALL: [Self; 9] = [
        Self::Source,
        Self::Configuration,
        Self::Resolution,
        Self::Program,
        Self::Tool,
        Self::Link,
        Self::Environment,
        Self::Output,
        Self::Action,
    ];
}

/// An observation, what it is to the build, and who asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seen {
    pub observation: Observation,
    pub role: Role,
    /// Why it was looked at, for people: `import "./x" in src/main.ts`. Empty where the role says it all.
    pub note: String,
}

impl Observation {
    /// What has become of it where it no longer holds, as people say it.
    pub fn change(&self) -> &'static str {
        match self {
            Self::File { .. } => "changed or is gone",
            Self::Absent { .. } => "appeared",
            Self::Present { .. } => "is gone or of another kind",
            Self::Attributes { .. } => "looks different",
            Self::Link { .. } => "points to another place",
            Self::Root { .. } => "lies elsewhere",
            Self::Denied { .. } => "could not be read before",
            Self::Listing { .. } | Self::ListingWithout { .. } => "has other names in it",
            Self::Variable { .. } | Self::Tool { .. } => "has another value",
        }
    }

    /// The value of a variable, as far as it may be kept.
    pub fn variable(name: &str, value: Option<String>) -> Self {
        Self::Variable {
            name: name.to_owned(),
            value: told(name, value),
        }
    }

    /// The path or name that was looked at.
    pub fn subject(&self) -> &str {
        match self {
            Self::File { path, .. }
            | Self::Absent { path }
            | Self::Present { path, .. }
            | Self::Listing { path, .. }
            | Self::Attributes { path, .. }
            | Self::Link { path, .. }
            | Self::Denied { path }
            | Self::Root { path }
            | Self::ListingWithout { path, .. } => path.as_str(),
            Self::Variable { name, .. } | Self::Tool { name, .. } => name,
        }
    }
}

/// Records what one query looks at. Shared by reference, also between threads.
pub struct Reader<'w> {
    world: &'w World,
    seen: Mutex<Vec<Seen>>,
}

impl<'w> Reader<'w> {
    pub fn new(world: &'w World) -> Self {
        Self {
            world,
            seen: Mutex::new(Vec::new()),
        }
    }

    /// The digest of a file; `None` where there is no regular file, which is recorded as what is there instead.
    ///
    /// # Errors
    /// If the file exists and cannot be read.
    pub fn file(&self, path: &Utf8Path, role: Role, note: &str) -> std::io::Result<Option<Digest>> {
        let state = self.world.digested(path)?;
        self.record(state.observation(path), role, note);
        Ok(state.digest())
    }

    /// The bytes of a file, as [`Reader::file`].
    ///
    /// # Errors
    /// If the file exists and cannot be read, or changed since it was first looked at in this build.
    pub fn bytes(
        &self,
        path: &Utf8Path,
        role: Role,
        note: &str,
    ) -> std::io::Result<Option<crate::host::Bytes>> {
        if self.file(path, role, note)?.is_none() {
            return Ok(None);
        }
        self.world.bytes(path).map(Some)
    }

    /// What is at a path, without reading it.
    ///
    /// # Errors
    /// If the path cannot be looked at.
    pub fn kind(&self, path: &Utf8Path, role: Role, note: &str) -> std::io::Result<Option<Kind>> {
        let kind = self.world.stamp(path)?.map(|stamp| stamp.kind);
        let observation = match kind {
            None => Observation::Absent {
                path: path.to_owned(),
            },
            Some(kind) => Observation::Present {
                path: path.to_owned(),
                kind,
            },
        };
        self.record(observation, role, note);
        Ok(kind)
    }

    /// The names in a directory, sorted; `None` where it is absent.
    ///
    /// # Errors
    /// If the directory exists and cannot be listed.
    pub fn list(
        &self,
        path: &Utf8Path,
        role: Role,
        note: &str,
    ) -> std::io::Result<Option<Vec<String>>> {
        let names = self.world.list(path)?;
        let observation = match &names {
            None => Observation::Absent {
                path: path.to_owned(),
            },
            Some(names) => Observation::Listing {
                path: path.to_owned(),
                digest: listing_digest(names),
            },
        };
        self.record(observation, role, note);
        Ok(names)
    }

    /// A variable whose value counts.
    pub fn variable(&self, name: &str, note: &str) -> Option<String> {
        let value = self.world.host().variable(name);
        self.record(
            Observation::variable(name, value.clone()),
            Role::Environment,
            note,
        );
        value
    }

    /// The program that `name` stands for, searched in the directories of `PATH`.
    pub fn tool(&self, name: &str, note: &str) -> Option<Utf8PathBuf> {
        let path = self.world.find_tool(name, "PATH");
        self.record(
            Observation::Tool {
                name: name.to_owned(),
                variable: "PATH".to_owned(),
                path: path.clone(),
            },
            Role::Tool,
            note,
        );
        path
    }

    /// Adds an observation that was made elsewhere, of a thing the world already knows.
    pub fn record(&self, observation: Observation, role: Role, note: &str) {
        let mut seen = self
            .seen
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        seen.push(Seen {
            observation,
            role,
            note: note.to_owned(),
        });
    }

    pub fn world(&self) -> &'w World {
        self.world
    }

    /// What was seen, in order, each once.
    pub fn finish(self) -> Vec<Seen> {
        let seen = self
            .seen
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut known = std::collections::HashSet::new();
        seen.into_iter()
            .filter(|seen| known.insert(seen.observation.clone()))
            .collect()
    }
}

/// The digest of sorted names.
pub fn listing_digest(names: &[String]) -> Digest {
    Digest::of_parts(names.iter().map(String::as_bytes))
}

/// The digest of sorted names, but for `without`.
pub fn listing_digest_without(names: &[String], without: &[String]) -> Digest {
    let counted = names.iter().filter(|name| !without.contains(name));
    Digest::of_parts(counted.map(String::as_bytes))
}

/// A file or a listing as it was when it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub stamp: Stamp,
    pub digest: Digest,
}
