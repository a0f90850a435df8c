//! The signatures of the functions that generated code consists of and calls.

use crate::frontend::native::{NativeCallback, NativeNumber, NativeScalar};
use crate::frontend::typescript::abi::{Pass, RuntimeFunction};
use crate::frontend::typescript::lower::Signature;
use cranelift_codegen::ir::{self, AbiParam, types};
use cranelift_codegen::isa::CallConv;

/// The signature of a generic entry.
pub fn generic() -> ir::Signature {
    let mut signature = ir::Signature::new(CallConv::SystemV);
    signature.params.extend([AbiParam::new(types::I64); 5]);
    signature.returns.push(AbiParam::new(types::I64));
    signature
}

/// A function of no parameters that gives a value.
pub fn thunk() -> ir::Signature {
    let mut signature = ir::Signature::new(CallConv::SystemV);
    signature.returns.push(AbiParam::new(types::I64));
    signature
}

/// The signature of a direct entry.
pub fn direct(of: &Signature) -> ir::Signature {
    let register = |number: bool| AbiParam::new(if number { types::F64 } else { types::I64 });
    let mut signature = ir::Signature::new(CallConv::SystemV);
    signature
        .params
        .extend(of.params.iter().map(|param| register(param.number)));
    signature.returns.push(register(of.returns_number));
    signature
}

/// What C calls in place of a function of the program.
pub fn callback(of: &NativeCallback) -> ir::Signature {
    let mut signature = ir::Signature::new(CallConv::SystemV);
    let register = |scalar: &Option<NativeScalar>| {
        AbiParam::new(scalar.map_or(types::I64, |scalar| native_scalar(&scalar)))
    };
    signature.params.extend(of.parameters.iter().map(register));
    let returned = of.returns.iter().map(native_scalar);
    signature.returns.extend(returned.map(AbiParam::new));
    signature
}

fn native_scalar(scalar: &NativeScalar) -> ir::Type {
    match scalar {
        NativeScalar::Number(number) => native_number(*number),
        NativeScalar::Bool => types::I8,
        NativeScalar::String { .. } => types::I64,
    }
}

/// The register of a C number.
pub fn native_number(number: NativeNumber) -> ir::Type {
    match (number, number.size()) {
        (NativeNumber::F32, _) => types::F32,
        (NativeNumber::F64, _) => types::F64,
        (_, 1) => types::I8,
        (_, 2) => types::I16,
        (_, 4) => types::I32,
        _ => types::I64,
    }
}

pub fn runtime(function: &RuntimeFunction) -> ir::Signature {
    let register = |pass: &Pass| {
        AbiParam::new(match pass {
            Pass::Word => types::I64,
            Pass::Double => types::F64,
            Pass::Int => types::I32,
        })
    };
    let mut signature = ir::Signature::new(CallConv::SystemV);
    signature
        .params
        .extend(function.params.iter().map(register));
    signature
        .returns
        .extend(function.result.iter().map(register));
    signature
}
