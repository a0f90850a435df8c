//! The queries: parse, resolve, lower, object, executable, each a function of what it reads.
//!
//! Within a process salsa runs them: each once for each key, in parallel, recording what each read. Between processes
//! traces in the store take its place: before a query runs, it looks for a trace whose reads still hold
//! ([`trace`]), and a plain pre-pass over the modules ([`graph`]) makes the same look-up through the same function, so that
//! salsa is asked only about what is not provably current. A query sees the world only through
//! [`Reader`](crate::observe::Reader), and other modules only through [`reader::ImportsReader`].
//! Files that a compiler of their own compiles ([`unit`]) have traces of the same kind, of what was seen of the compiler.
//! It knows frontends and linkers by their traits, not by name.

pub mod action;
pub mod archive;
pub mod executable;
pub mod graph;
pub mod input;
pub mod library;
pub mod lower;
pub mod native;
pub mod object;
pub mod parse;
pub mod reader;
mod relink;
pub mod resolve;
pub mod services;
pub mod text;
pub mod trace;
pub mod unit;
pub mod units;
mod unlinked;

pub use input::{BuildDb, EngineDb};
pub use services::{Services, Stop};
