//! [`Reason`]: why a finished build is no longer current. [`Cause`]: why one query ran. Both are closed types: there is
//! no variant for "unknown".

use super::Excerpt;
use crate::digest::Digest;
use crate::host::Kind;
use crate::observe::{Attributes, Role};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// One thing that makes a finished build stale, with its old and its new value. A root: nothing inside the build caused
/// it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// No build of this request is recorded.
    FirstBuild,
    /// `--no-cache`: nothing recorded is looked at.
    CacheDisabled,
    /// The recorded proof could not be used: damaged, cut short, or written by another version.
    ProofUnusable { path: Utf8PathBuf, problem: String },
    /// A file has other bytes.
    Changed {
        role: Role,
        path: Utf8PathBuf,
        old: FileFacts,
        new: FileFacts,
        note: String,
        /// The lines that differ, where both texts are known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lines: Option<Excerpt>,
    },
    /// Something is where nothing was.
    Appeared {
        role: Role,
        path: Utf8PathBuf,
        note: String,
    },
    /// Nothing is where something was.
    Disappeared {
        role: Role,
        path: Utf8PathBuf,
        note: String,
    },
    /// A directory where a file was, or the other way round.
    KindChanged {
        role: Role,
        path: Utf8PathBuf,
        old: Kind,
        new: Kind,
        note: String,
    },
    /// Names were added to or removed from a directory that was listed.
    ListingChanged {
        role: Role,
        path: Utf8PathBuf,
        note: String,
    },
    /// A file that was only looked at, or may be run, looks different: its permissions, its size, or its time.
    AttributesChanged {
        role: Role,
        path: Utf8PathBuf,
        old: Attributes,
        new: Attributes,
        note: String,
    },
    /// A symbolic link points to another place; `None` is no symbolic link.
    LinkRetargeted {
        role: Role,
        path: Utf8PathBuf,
        old: Option<Utf8PathBuf>,
        new: Option<Utf8PathBuf>,
        note: String,
    },
    /// The project lies elsewhere, and something depends on where.
    Moved {
        old: Utf8PathBuf,
        new: Utf8PathBuf,
        note: String,
    },
    /// It could not be read, and now it can, or it is gone.
    Permitted {
        role: Role,
        path: Utf8PathBuf,
        note: String,
    },
    /// It was there and cannot be looked at any more.
    Unreadable {
        role: Role,
        path: Utf8PathBuf,
        error: String,
    },
    /// A variable that was read; `None` is unset.
    VariableChanged {
        name: String,
        old: Option<String>,
        new: Option<String>,
        note: String,
    },
    /// A program's name stands for another file in the search path.
    ToolMoved {
        name: String,
        old: Option<Utf8PathBuf>,
        new: Option<Utf8PathBuf>,
        note: String,
    },
    /// The running `kiln` is not the one that recorded the proof.
    EngineChanged { old: String, new: String },
    /// The output was removed.
    OutputMissing { path: Utf8PathBuf },
    /// The output was edited, replaced or had its mode changed.
    OutputChanged {
        path: Utf8PathBuf,
        old: FileFacts,
        new: FileFacts,
    },
    /// The last link was not recorded, for this reason, so it has to run again.
    LinkDeclined { message: String },
    /// The last compilation of a source was not recorded, for this reason, so it has to run again.
    UnitDeclined { message: String },
    /// The file was changed while the build that read it ran, so that build was not recorded.
    ChangedWhileBuilding { path: Utf8PathBuf },
}

/// What is told of a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// In bytes.
    pub size: u64,
    #[serde(with = "as_text")]
    pub digest: Digest,
}

/// A digest in JSON.
pub(super) mod as_text {
    use crate::digest::Digest;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub fn serialize<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(digest)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(deserializer)?;
        Digest::from_hex(&text).ok_or_else(|| de::Error::custom("a digest has 64 digits"))
    }

    /// One that may be absent.
    pub mod optional {
        use super::*;

        pub fn serialize<S: Serializer>(
            digest: &Option<Digest>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match digest {
                Some(digest) => serializer.collect_str(digest),
                None => serializer.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Digest>, D::Error> {
            let text = Option::<String>::deserialize(deserializer)?;
            Ok(text.as_deref().and_then(Digest::from_hex))
        }
    }
}

/// Why one query ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Cause {
    /// Nothing is recorded of it: a first build, an empty store, a meaning that was never emitted before.
    New,
    /// The module was no part of the last build; this one imports it.
    Imported { by: Utf8PathBuf },
    /// The running `kiln` is another, and takes nothing from what the last one recorded.
    Engine,
    /// The options of code generation have changed.
    Options { old: String, new: String },
    /// The module's own text has changed; for lowering: its syntax has changed.
    Text { path: Utf8PathBuf },
    /// An item of another module that it uses has changed; `None` is "not exported". The values are signatures.
    Item {
        module: Utf8PathBuf,
        name: String,
        old: Option<String>,
        new: Option<String>,
    },
    /// An import stands for another module.
    Resolution {
        importer: Utf8PathBuf,
        specifier: String,
        old: Option<Utf8PathBuf>,
        new: Option<Utf8PathBuf>,
    },
    /// For a source that a compiler of its own compiles: a file that it read, or a place where it looked, is another.
    Read { path: Utf8PathBuf, change: String },
    /// For such a source: it is compiled by another command.
    Command { source: Utf8PathBuf },
    /// The set of names that a module exports has changed, and all of them are used (`import *`, `export *`).
    Names { module: Utf8PathBuf },
    /// What was stored is lost or damaged.
    BlobLost { what: String },
    /// For the link: these objects are new or have other bytes.
    Objects { paths: Vec<Utf8PathBuf> },
    /// For the link: a file that it read, or a place where it looked, is another.
    LinkInput { path: Utf8PathBuf, change: String },
    /// For the link: a native library is given to it in other words; `None` is not at all. `place` is the line of the rule,
    /// or of the name, that the words come from.
    Library {
        name: String,
        place: String,
        old: Option<String>,
        new: Option<String>,
    },
    /// For the link: the last one was not recorded, for this reason.
    LinkDeclined { message: String },
    /// For the link: how to link has changed, on account of these.
    LinkPlan { what: String },
}

impl Reason {
    /// The path or name of what is another, where it is something that was looked at.
    pub fn looked_at(&self) -> Option<&str> {
        match self {
            Self::Changed { path, .. }
            | Self::Appeared { path, .. }
            | Self::Disappeared { path, .. }
            | Self::KindChanged { path, .. }
            | Self::ListingChanged { path, .. }
            | Self::AttributesChanged { path, .. }
            | Self::LinkRetargeted { path, .. }
            | Self::Permitted { path, .. }
            | Self::Unreadable { path, .. }
            | Self::Moved { old: path, .. } => Some(path.as_str()),
            Self::VariableChanged { name, .. } | Self::ToolMoved { name, .. } => Some(name),
            Self::FirstBuild
            | Self::CacheDisabled
            | Self::ProofUnusable { .. }
            | Self::EngineChanged { .. }
            | Self::OutputMissing { .. }
            | Self::OutputChanged { .. }
            | Self::LinkDeclined { .. }
            | Self::UnitDeclined { .. }
            | Self::ChangedWhileBuilding { .. } => None,
        }
    }

    /// The path that it is about, if it is about one.
    pub fn path(&self) -> Option<&Utf8Path> {
        match self {
            Self::ProofUnusable { path, .. }
            | Self::Changed { path, .. }
            | Self::Appeared { path, .. }
            | Self::Disappeared { path, .. }
            | Self::KindChanged { path, .. }
            | Self::ListingChanged { path, .. }
            | Self::AttributesChanged { path, .. }
            | Self::LinkRetargeted { path, .. }
            | Self::Permitted { path, .. }
            | Self::Unreadable { path, .. }
            | Self::OutputMissing { path }
            | Self::OutputChanged { path, .. }
            | Self::ChangedWhileBuilding { path } => Some(path),
            Self::FirstBuild
            | Self::CacheDisabled
            | Self::VariableChanged { .. }
            | Self::ToolMoved { .. }
            | Self::EngineChanged { .. }
            | Self::Moved { .. }
            | Self::LinkDeclined { .. }
            | Self::UnitDeclined { .. } => None,
        }
    }

    /// What is looked at is this to the build.
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Changed { role, .. }
            | Self::Appeared { role, .. }
            | Self::Disappeared { role, .. }
            | Self::KindChanged { role, .. }
            | Self::ListingChanged { role, .. }
            | Self::AttributesChanged { role, .. }
            | Self::LinkRetargeted { role, .. }
            | Self::Permitted { role, .. }
            | Self::Unreadable { role, .. } => Some(*role),
            Self::VariableChanged { .. } | Self::Moved { .. } => Some(Role::Environment),
            Self::ToolMoved { .. } => Some(Role::Tool),
            Self::EngineChanged { .. } => Some(Role::Program),
            Self::OutputMissing { .. } | Self::OutputChanged { .. } => Some(Role::Output),
            Self::FirstBuild
            | Self::CacheDisabled
            | Self::ProofUnusable { .. }
            | Self::LinkDeclined { .. }
            | Self::UnitDeclined { .. }
            | Self::ChangedWhileBuilding { .. } => None,
        }
    }

    /// What a person calls the thing that it is about.
    pub fn subject(&self) -> &str {
        match self {
            Self::VariableChanged { name, .. } | Self::ToolMoved { name, .. } => name,
            Self::EngineChanged { .. } => "kiln itself",
            Self::Moved { .. } => "the place of the project",
            Self::LinkDeclined { .. } => "the last link",
            Self::UnitDeclined { .. } => "the last compilation",
            Self::FirstBuild | Self::CacheDisabled => "",
            other => other.path().map_or("", Utf8Path::as_str),
        }
    }

    /// Whether how to link may depend on it, besides what the link itself reads.
    pub fn reaches_link_plan(&self) -> bool {
        matches!(
            self.role(),
            Some(Role::Configuration | Role::Tool | Role::Environment | Role::Program)
        )
    }

    /// Something appeared where a link looks.
    pub fn appeared_for_link(&self) -> bool {
        matches!(
            self,
            Self::Appeared {
                role: Role::Link | Role::Tool,
                ..
            }
        )
    }

    /// Nothing that was recorded is looked at.
    pub fn is_whole(&self) -> bool {
        matches!(
            self,
            Self::FirstBuild | Self::CacheDisabled | Self::ProofUnusable { .. }
        )
    }
}
