//! Why a build did what it did: reasons and causes as data, rendered apart.
//!
//! Recording is always on, and explaining changes no decision. This module observes nothing: it is handed what others
//! saw.

mod build;
mod cascade;
mod dependencies;
mod difference;
pub mod dot;
mod excerpt;
mod graph;
pub mod html;
mod reason;
mod report;
mod standing;
pub mod text;
mod trace;
mod verified;
mod word;

pub use build::{Asked, AskedBy, Build, Linked};
pub use cascade::{Cascade, Cascades, Root};
pub use dependencies::{Dependencies, Edge, Node, Part, Weaver};
pub use difference::{Change, Difference, Step};
pub use excerpt::{Excerpt, Hunk};
pub use graph::{Graph, Group, Origin};
pub use reason::{Cause, FileFacts, Reason};
pub use report::{Counts, Declined, LinkReport, Notice, Outcome, Query, Ran, Said, Status};
pub use standing::{
    ArgumentStanding, InputStanding, LinkStanding, ModuleStanding, Question, Standing, ToolStanding,
};
pub use trace::trace;
pub use verified::{Mismatch, Verified};
