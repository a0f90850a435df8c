//! A TOML document, read key by key, with every problem reported at its place.
//!
//! `kiln.toml` and the rule files are read through it: [`Section`] is one table, [`Problems`] collects what is wrong.
//! Knows TOML; does not know which keys there are, or what they mean.

mod nearest;
mod nul;
mod path;
mod problems;
mod section;
pub mod shape;

pub use nearest::nearest;
pub use path::normalise;
pub use problems::{Problems, diagnostic};
pub use section::{Section, Spanned, TextOrFlag, Written, document};
