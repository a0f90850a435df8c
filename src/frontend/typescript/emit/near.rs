//! Calls that need no linker: within one object file, the distance between a call and its target is known once all code is
//! laid out. It knows machine code as far as a call's operand and a jump, and not what is called.
//!
//! A relocation takes five times the room of the call that it belongs to, and linking costs time for each. So calls to
//! functions of the same object are written out here, and code that is to link fast reaches each function of the runtime
//! through one jump, whose relocation then serves all calls in the object.

use crate::frontend::EmitError;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::unit::failed;
use cranelift_codegen::binemit::Reloc;
use cranelift_module::{FuncId, Linkage, Module, ModuleReloc, ModuleRelocTarget};
use cranelift_object::object::write::SymbolSection;
use cranelift_object::{ObjectModule, ObjectProduct};
use std::collections::HashMap;

/// `jmp` with a distance of 32 bits.
const JUMP: u8 = 0xE9;
const JUMP_SIZE: u32 = 5;

/// The calls of one object file whose distances are still to be written.
#[derive(Default)]
pub struct NearCalls {
    calls: Vec<NearCall>,
    /// The functions reached by a jump, in the order of the jumps. The index of each is only looked up.
    jumps: Vec<FuncId>,
    known: HashMap<FuncId, u32>,
    /// The function that consists of the jumps.
    table: Option<FuncId>,
}

struct NearCall {
    caller: FuncId,
    /// Of the operand, in the caller.
    offset: u32,
    callee: FuncId,
    /// In the callee.
    entry: u32,
    addend: i64,
}

impl NearCalls {
    /// Takes over a relocation of `caller` if it is a call; `local` says which functions are defined in this object, `jump`
    /// whether the others are reached by a jump. Gives the relocation back if the linker has to see to it.
    pub fn take(
        &mut self,
        caller: FuncId,
        reloc: ModuleReloc,
        local: impl Fn(FuncId) -> bool,
        jump: bool,
        module: &mut ObjectModule,
    ) -> Emitted<Option<ModuleReloc>> {
        let ModuleRelocTarget::User {
            namespace: 0,
            index,
        } = reloc.name
        else {
            return Ok(Some(reloc));
        };
        let callee = FuncId::from_u32(index);
        if reloc.kind != Reloc::X86CallPCRel4 {
            return Ok(Some(reloc));
        }
        let (callee, entry) = if local(callee) {
            (callee, 0)
        } else if jump {
            (self.table(module)?, self.jump(callee))
        } else {
            return Ok(Some(reloc));
        };
        self.calls.push(NearCall {
            caller,
            offset: reloc.offset,
            callee,
            entry,
            addend: reloc.addend,
        });
        Ok(None)
    }

    fn table(&mut self, module: &mut ObjectModule) -> Emitted<FuncId> {
        if let Some(table) = self.table {
            return Ok(table);
        }
        let signature = module.make_signature();
        let table = module
            .declare_function(".kiln.jumps", Linkage::Local, &signature)
            .map_err(failed)?;
        self.table = Some(table);
        Ok(table)
    }

    /// Where the jump to `function` is in the table.
    fn jump(&mut self, function: FuncId) -> u32 {
        let jumps = &mut self.jumps;
        let index = *self.known.entry(function).or_insert_with(|| {
            jumps.push(function);
            jumps.len() as u32 - 1
        });
        index * JUMP_SIZE
    }

    /// Defines the jumps, after all other functions.
    pub fn define(&self, module: &mut ObjectModule) -> Emitted<()> {
        let Some(table) = self.table else {
            return Ok(());
        };
        let code = [JUMP, 0, 0, 0, 0].repeat(self.jumps.len());
        let relocs: Vec<ModuleReloc> = (0u32..)
            .zip(&self.jumps)
            .map(|(index, function)| ModuleReloc {
                offset: index * JUMP_SIZE + 1,
                kind: Reloc::X86CallPCRel4,
                name: ModuleRelocTarget::user(0, function.as_u32()),
                addend: -4,
            })
            .collect();
        module
            .define_function_bytes(table, 1, &code, &relocs)
            .map_err(failed)
    }

    /// Writes the distances.
    pub fn write(self, product: &mut ObjectProduct) -> Emitted<()> {
        for call in self.calls {
            let place = |id: FuncId| {
                let symbol = product.object.symbol(product.function_symbol(id));
                match symbol.section {
                    SymbolSection::Section(section) => Some((section, symbol.value)),
                    _ => None,
                }
            };
            let (Some((section, caller)), Some((there, callee))) =
                (place(call.caller), place(call.callee))
            else {
                return Err(EmitError("a called function is not defined".to_owned()));
            };
            assert_eq!(section, there, "all code of an object is in one section");
            let at = caller + u64::from(call.offset);
            let target = callee + u64::from(call.entry);
            let distance = target as i64 + call.addend - at as i64;
            let distance = i32::try_from(distance)
                .map_err(|_| EmitError("the code of a module exceeds 2 GiB".to_owned()))?;
            let start = at as usize;
            product.object.section_mut(section).data_mut()[start..start + 4]
                .copy_from_slice(&distance.to_le_bytes());
        }
        Ok(())
    }
}
