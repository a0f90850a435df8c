//! Machine code for a lowered module: HIR to Cranelift's IR to an ELF object. It reads the payload of `lower` and nothing
//! else, so that equal payloads give equal bytes; it knows no other module, only the names of its symbols.

mod call;
mod data;
mod entry;
mod exit;
mod expression;
mod function;
mod global;
mod infer;
mod iterate;
mod math;
mod object;
mod operator;
mod property;
mod statement;
pub mod symbol;
mod target;
mod unit;
mod value;

use crate::frontend::typescript::lower::LoweredModule;
use crate::frontend::{EmitError, EmitOptions, OptLevel};
use unit::{Unit, failed, object_module};

type Emitted<T> = Result<T, EmitError>;

/// The object file of a module.
pub fn emit(lowered: &LoweredModule, options: &EmitOptions) -> Emitted<Vec<u8>> {
    let mut unit = Unit::new(lowered, target::isa(options.opt_level)?, options.opt_level == OptLevel::None)?;
    unit.export()?;
    while let Some((work, id)) = unit.next() {
        entry::compile(&mut unit, &work, id)?;
    }
    unit.finish()
}

/// The object file that makes a module the program.
pub fn start(entry: &str) -> Emitted<Vec<u8>> {
    let mut module = object_module("start", target::isa(OptLevel::None)?)?;
    entry::start(&mut module, symbol::stem(entry)).map_err(failed)?;
    module.finish().emit().map_err(|error| EmitError(format!("the object file cannot be written: {error}")))
}
