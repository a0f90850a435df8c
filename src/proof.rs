//! The proof: the flat file that lists everything one finished build rests on, and its check against the world.
//!
//! It is read and verified before anything is parsed, `kiln.toml` included, with stats only. It knows observations, not
//! languages or linkers.
//!
//! ```text
//! proofs/<request>   magic (16) | checksum of the observations (32) | their length (8) | observations …
//!                    | checksum of the modules (32) | modules …
//! ```
//!
//! The modules are what the last build knew of each module; they are looked at only when something is stale.

mod format;
mod record;
mod verify;

pub use format::{ModuleState, ProofHeader, decode_modules};
pub use record::{Finished, record, refresh};
pub use verify::{Verdict, verify};
