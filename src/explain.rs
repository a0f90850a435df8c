//! Why a build did what it did: reasons and causes as data, rendered apart.
//!
//! Recording is always on, and explaining changes no decision. This module observes nothing: it is handed what others
//! saw.

mod reason;
mod report;
pub mod text;

pub use reason::{Cause, FileFacts, Reason};
pub use report::{Counts, Declined, LinkReport, Notice, Outcome, Query, Ran, Said, Status};
