//! Kiln: the incremental build engine behind native-code compilers.
//!
//! A build with nothing to do is proven current before anything is parsed; after a change only what the change reaches
//! runs again; what cannot be proven is not cached; and each thing that ran has a recorded cause.
//!
//! The code map, in the order of a build:
//!
//! - [`host`]: the one door to the world; a fake for tests beside the real one.
//! - [`observe`]: what was seen of the world, each thing once per build.
//! - [`proof`]: the record of all that a finished build rests on, and its check.
//! - [`engine`]: the path of a build: prove, demand, record. Start reading there.
//! - [`project`]: what `kiln.toml` says.
//! - [`document`]: TOML with every problem at its place, for `kiln.toml` and the rule files.
//! - [`rule`]: what is known of linkers, drivers and compilers, as data.
//! - [`query`]: parse, lower, object, executable; traces between processes, salsa within one.
//! - [`compile`]: files that a program of its own compiles, such as C, by rule and under observation.
//! - [`frontend`]: what a language must offer; TypeScript is one.
//! - [`link`]: from objects to a program, every read recorded.
//! - [`launch`]: any link command of any other build system, proven the same way.
//! - [`store`]: records by key and blobs by digest, between processes.
//! - [`history`]: the last builds, to be asked about later.
//! - [`explain`]: reasons and causes as data, and their rendering.
//! - [`driver`]: the command.

pub mod action;
pub mod compile;
pub mod digest;
pub mod document;
#[cfg(feature = "cli")]
pub mod driver;
pub mod engine;
pub mod error;
pub mod explain;
pub mod frontend;
pub mod history;
pub mod host;
pub mod launch;
pub mod link;
pub mod observe;
pub mod project;
pub mod proof;
pub mod query;
pub mod rule;
pub mod store;

pub use engine::{Engine, Failure, Goal, Progress, Request, Target};
pub use error::{Error, ErrorKind};
pub use explain::Outcome;
pub use rule::Rules;
