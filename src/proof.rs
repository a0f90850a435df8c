//! The proof: the flat file that lists everything one finished build rests on, and its check against the world.
//!
//! It is read and verified before anything is parsed, `kiln.toml` included, with stats only. It knows observations, not
//! languages or linkers.
//!
//! ```text
//! proofs/<request>   magic (16) | checksum of the observations (32) | their length (8) | observations …
//!                    | snapshot, which begins with a checksum of its own …
//! ```
//!
//! The snapshot is what the last build knew of each module; it is looked at only when something is stale.

mod check;
mod entry;
mod format;
mod patch;
mod record;
mod snapshot;
mod verify;

pub use check::{Checked, Observations};
pub use entry::Recorded;
pub use format::{LinkState, OutputState, ProofHeader, previous};
pub use record::{Finished, Retold, record, record_retold, refresh};
pub use snapshot::{LibraryState, ModuleState, Previous, Snapshot};
pub use verify::{Verdict, observations, verify};
