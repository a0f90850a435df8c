//! The TypeScript runtime: what every compiled program is linked with. It knows neither the compiler nor the engine;
//! what it shares with generated code is in `abi.rs`.
//!
//! It is a `no_std` static library that needs nothing but libc. The program is single-threaded, so the runtime's
//! state lives in plain statics ([`global::Global`]), and heap cells are reached through `Copy` handles that are raw
//! pointers underneath: the collector does not move, and every word on the machine stack keeps its cell alive, so a
//! handle in a local variable is always valid. That is the invariant behind the `unsafe` blocks of this crate.

#![no_std]
#![no_main]
#![allow(clippy::missing_safety_doc, clippy::not_unsafe_ptr_arg_deref)]

extern crate alloc;

#[path = "../abi.rs"]
mod abi;

mod entry;
mod global;
mod kind;
mod libc;
mod start;

mod value;

mod heap;
mod string;
mod symbol;

mod key;

mod shape;

mod object;

mod array;
mod collection;
mod function;

mod call;
mod class;
mod foreign;
mod native;

mod error;

mod convert;
mod iterate;
mod operator;

mod builtin;
mod realm;

mod output;

mod inspect;
mod library;
mod number;
