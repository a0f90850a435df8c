//! Machine code for a lowered module: HIR to Cranelift's IR to an ELF object. It reads the payload of `lower` and nothing
//! else, so that equal payloads give equal bytes; it knows no other module, only the names of its symbols.

mod call;
mod comparison;
mod data;
mod entry;
mod exit;
mod expression;
mod function;
mod global;
mod infer;
mod iterate;
mod math;
mod native;
mod near;
mod object;
mod operator;
mod property;
mod signature;
mod statement;
pub mod symbol;
mod target;
mod unit;
mod value;

use crate::frontend::typescript::lower::LoweredModule;
use crate::frontend::{EmitError, EmitOptions, OptLevel, stack};
use unit::{Unit, object_module};

type Emitted<T> = Result<T, EmitError>;

/// The object file of a module. Emission recurses as deep as the module is nested, which the parser limits.
pub fn emit(lowered: &LoweredModule, options: &EmitOptions) -> Emitted<Vec<u8>> {
    stack::on_deep("emit", || emit_here(lowered, options))
}

fn emit_here(lowered: &LoweredModule, options: &EmitOptions) -> Emitted<Vec<u8>> {
    let mut unit = Unit::new(
        lowered,
        target::isa(options.opt_level)?,
        options.opt_level == OptLevel::None,
    )?;
    unit.export()?;
    while let Some((work, id)) = unit.next() {
        entry::compile(&mut unit, &work, id)?;
    }
    unit.finish()
}

/// The object file that makes a module the program.
pub fn start(entry: &str) -> Emitted<Vec<u8>> {
    let mut module = object_module("start", target::isa(OptLevel::None)?)?;
    entry::start(&mut module, symbol::stem(entry))?;
    module
        .finish()
        .emit()
        .map_err(|error| EmitError(format!("the object file cannot be written: {error}")))
}
