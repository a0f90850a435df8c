//! Errors: the world failed, or the configuration is wrong. Never cached, and apart from diagnostics, which are values
//! that say what is wrong with the program.

pub use crate::frontend::Diagnostic;
use camino::Utf8PathBuf;
use std::fmt;
use std::io;

pub type Result<T> = std::result::Result<T, Error>;

/// Why a build could not be carried out. Says what was being done, to which file, and what to do about it.
#[derive(Debug)]
pub struct Error {
    pub kind: ErrorKind,
    /// What was being done or what is wrong, as a sentence without a full stop.
    pub message: String,
    pub path: Option<Utf8PathBuf>,
    pub cause: Option<io::Error>,
    /// What to do about it, as a sentence without a full stop.
    pub remedy: Option<String>,
    /// Places in configuration files, for [`ErrorKind::Configuration`].
    pub places: Vec<Diagnostic>,
}

/// Who has to act. Each kind has an exit code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line or a configuration file: exit code 2.
    Configuration,
    /// The disk, a tool, the store: exit code 3.
    World,
}

impl Error {
    /// The world failed while `message` was being done.
    pub fn world(
        message: impl Into<String>,
        path: impl Into<Utf8PathBuf>,
        cause: io::Error,
    ) -> Self {
        let remedy = match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Some("free some space on this disk".to_owned())
            }
            io::ErrorKind::PermissionDenied => {
                Some("check the permissions of the file and of its folder".to_owned())
            }
            _ => None,
        };
        Self {
            kind: ErrorKind::World,
            message: message.into(),
            path: Some(path.into()),
            cause: Some(cause),
            remedy,
            places: Vec::new(),
        }
    }

    /// A tool or the machine lacks something.
    pub fn missing(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::World,
            message: message.into(),
            path: None,
            cause: None,
            remedy: Some(remedy.into()),
            places: Vec::new(),
        }
    }

    /// The command line or the configuration asks for something impossible.
    pub fn configuration(message: impl Into<String>, remedy: Option<String>) -> Self {
        Self {
            kind: ErrorKind::Configuration,
            message: message.into(),
            path: None,
            cause: None,
            remedy,
            places: Vec::new(),
        }
    }

    /// A configuration file is wrong at these places.
    pub fn places(message: impl Into<String>, places: Vec<Diagnostic>) -> Self {
        Self {
            kind: ErrorKind::Configuration,
            message: message.into(),
            path: None,
            cause: None,
            remedy: None,
            places,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(path) = &self.path {
            write!(f, " ({path})")?;
        }
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
