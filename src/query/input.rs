//! The database and its inputs: what can change from outside, one field for each thing that can change alone.

use super::services::Services;
use crate::digest::Digest;
use crate::frontend::OptLevel;
use crate::host::Kind;
use camino::Utf8PathBuf;
use std::sync::Arc;

/// A module's file. `content` is `None` where there is no such file.
#[salsa::input(debug)]
pub struct SourceFile {
    #[returns(ref)]
    pub path: Utf8PathBuf,
    #[returns(copy)]
    pub content: Option<Digest>,
}

/// A path that was looked at without being read.
#[salsa::input]
pub struct Place {
    #[returns(ref)]
    pub path: Utf8PathBuf,
    #[returns(copy)]
    pub kind: Option<Kind>,
}

/// The options that results may depend on.
#[salsa::input(debug)]
pub struct Options {
    #[returns(copy)]
    pub opt_level: OptLevel,
}

/// The archive that every program is linked with.
#[salsa::input]
pub struct Runtime {
    #[returns(copy)]
    pub digest: Digest,
}

/// A file outside the project's sources that a link read: a library, a start file, a linker script.
#[salsa::input]
pub struct ResolvedLibrary {
    #[returns(ref)]
    pub path: Utf8PathBuf,
    #[returns(copy)]
    pub content: Option<Digest>,
}

/// How programs are linked on this machine: the digest of the plan that the system compiler gave.
#[salsa::input]
pub struct LinkerEnv {
    #[returns(copy)]
    pub plan: Digest,
}

/// What the queries need besides their keys.
#[salsa::db]
pub trait BuildDb: salsa::Database {
    fn services(&self) -> &Services;
}

/// The database of one build. Clones are handles for other threads.
#[salsa::db]
#[derive(Clone)]
pub struct EngineDb {
    storage: salsa::Storage<Self>,
    services: Arc<Services>,
}

impl EngineDb {
    pub fn new(services: Arc<Services>) -> Self {
        Self {
            storage: salsa::Storage::default(),
            services,
        }
    }
}

#[salsa::db]
impl salsa::Database for EngineDb {}

#[salsa::db]
impl BuildDb for EngineDb {
    fn services(&self) -> &Services {
        &self.services
    }
}
