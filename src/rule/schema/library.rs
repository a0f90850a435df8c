//! `[library.NAME]`: how a native library is had, as plain data. Paths are relative to the project, or absolute.

use super::{FunctionsRule, Named, Place};
use crate::rule::definition::Definitions;
use crate::rule::version::VersionRange;
use camino::Utf8PathBuf;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// One library.
#[derive(Clone, Debug, Serialize)]
pub struct LibraryRule {
    #[serde(skip)]
    pub place: Place,
    /// The source of the knowledge.
    pub why: Option<String>,
    /// Libraries that are linked with it, after it.
    pub needs: Vec<Named>,
    /// Libraries that come before it, where they are linked at all.
    pub link_after: Vec<Named>,
    /// What to install where nothing fits: the package by package manager.
    pub install: IndexMap<String, String>,
    /// What it offers to programs. Nothing of it reaches the link.
    #[serde(skip)]
    pub functions: FunctionsRule,
    /// The first that fits counts. There is none where the library is only a name for what it needs.
    pub alternatives: Vec<Alternative>,
    /// The package whose file this rule stands in, and the folder that it may not leave; `None`: the project's own, or
    /// allowed by it.
    pub confined: Option<Confined>,
}

impl Alternative {
    /// The library that linkers find under this name.
    pub fn system(name: &str, place: Place) -> Self {
        Self {
            source_place: place.clone(),
            place,
            when: Condition::default(),
            source: Source::System(vec![name.to_owned()]),
            include: Vec::new(),
            defines: Definitions::new(),
            prefer: None,
            whole_archive: false,
            group: false,
            key_places: KeyPlaces::default(),
        }
    }
}

impl LibraryRule {
    /// Whether it may be compiled from its sources.
    pub fn is_built(&self) -> bool {
        let built = |alternative: &Alternative| matches!(alternative.source, Source::Sources(_));
        self.alternatives.iter().any(built)
    }
}

/// Where a rule of somebody else may look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confined {
    pub package: String,
    pub folder: Utf8PathBuf,
}

/// One way to have the library.
#[derive(Clone, Debug, Serialize)]
pub struct Alternative {
    #[serde(skip)]
    pub place: Place,
    pub when: Condition,
    pub source: Source,
    /// Where the source is written.
    #[serde(skip)]
    pub source_place: Place,
    /// For C units that use the library.
    pub include: Vec<Utf8PathBuf>,
    /// For C units that use the library.
    pub defines: Definitions,
    pub prefer: Option<Flavor>,
    pub whole_archive: bool,
    /// Its files may need each other in any order.
    pub group: bool,
    /// Where the keys that add words to the link are written.
    #[serde(skip)]
    pub key_places: KeyPlaces,
}

#[derive(Clone, Debug, Default)]
pub struct KeyPlaces {
    pub prefer: Option<Place>,
    pub whole_archive: Option<Place>,
    pub group: Option<Place>,
}

/// All that is given must hold; what is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Condition {
    pub os: Vec<String>,
    pub arch: Vec<String>,
    pub profile: Vec<String>,
    /// Values of named options.
    pub option: Vec<(Named, String)>,
}

/// Where the library comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    PkgConfig {
        package: String,
        version: Option<VersionRange>,
        /// With all that a static link needs.
        statically: bool,
    },
    /// Names as for `-l`.
    System(Vec<String>),
    Paths(Vec<Utf8PathBuf>),
    Framework(String),
    Sources(BuiltLibrary),
}

/// A library that is compiled here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltLibrary {
    pub kind: BuiltKind,
    /// Patterns of files.
    pub sources: Vec<Utf8PathBuf>,
    /// For its own sources.
    pub include: Vec<Utf8PathBuf>,
    pub defines: Definitions,
    pub flags: Vec<String>,
    pub config_header: Option<ConfigHeader>,
}

/// A header that is made of definitions, and found by the library's own sources only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigHeader {
    /// As sources include it: `config.h`.
    pub path: Utf8PathBuf,
    pub defines: Definitions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuiltKind {
    Static,
    Shared,
}

/// Which form of a library is taken where both are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flavor {
    Static,
    Shared,
}

impl Source {
    /// The key that stands for it in a rule file.
    pub fn key(&self) -> &'static str {
        match self {
            Self::PkgConfig { .. } => "pkg-config",
            Self::System(_) => "system",
            Self::Paths(_) => "path",
            Self::Framework(_) => "framework",
            Self::Sources(_) => "sources",
        }
    }
}
