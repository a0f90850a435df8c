//! The machine that code is generated for: x86-64 ELF, the same wherever the compiler runs. It knows nothing of
//! modules; it never looks at the processor it runs on, since equal payloads must give equal objects on every machine.

use crate::frontend::{EmitError, OptLevel};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use std::sync::OnceLock;

/// The instruction set for `opt_level`, made once in a process.
pub fn isa(opt_level: OptLevel) -> Result<OwnedTargetIsa, EmitError> {
    static NONE: OnceLock<OwnedTargetIsa> = OnceLock::new();
    static SPEED: OnceLock<OwnedTargetIsa> = OnceLock::new();
    let place = match opt_level {
        OptLevel::None => &NONE,
        OptLevel::Speed => &SPEED,
    };
    if let Some(isa) = place.get() {
        return Ok(isa.clone());
    }
    let made = make(opt_level)
        .map_err(|error| EmitError(format!("the code generator refuses its settings: {error}")))?;
    Ok(place.get_or_init(|| made).clone())
}

fn make(opt_level: OptLevel) -> Result<OwnedTargetIsa, String> {
    let mut flags = settings::builder();
    let mut set =
        |name: &str, value: &str| flags.set(name, value).map_err(|error| error.to_string());
    match opt_level {
        OptLevel::None => {
            set("opt_level", "none")?;
            set("regalloc_algorithm", "backtracking")?;
        }
        OptLevel::Speed => set("opt_level", "speed")?,
    }
    // Position-independent all the same: every address is taken relative to the instruction, since everything is linked
    // into one executable. With `is_pic` each would be loaded from the global offset table.
    set("is_pic", "false")?;
    // Exceptions are ordinary results, and nothing unwinds generated frames.
    set("unwind_info", "false")?;
    set("enable_probestack", "false")?;
    set(
        "enable_verifier",
        if cfg!(debug_assertions) {
            "true"
        } else {
            "false"
        },
    )?;
    let mut builder = cranelift_codegen::isa::lookup_by_name("x86_64-unknown-linux-gnu")
        .map_err(|error| error.to_string())?;
    // SSE4.1 gives `floor`, `ceil` and `trunc` as one instruction. It is fixed, not detected: every x86-64 processor
    // since 2008 has it, and objects must not depend on the machine that compiles.
    for feature in ["has_sse3", "has_ssse3", "has_sse41"] {
        builder.enable(feature).map_err(|error| error.to_string())?;
    }
    builder
        .finish(settings::Flags::new(flags))
        .map_err(|error| error.to_string())
}
