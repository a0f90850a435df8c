//! Variables of module scope and imported ones: loads and stores of their slots, function objects of declarations,
//! namespace objects.

use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::Emitted;
use crate::frontend::typescript::emit::function::FunctionEmitter;
use crate::frontend::typescript::emit::signature;
use crate::frontend::typescript::emit::symbol;
use crate::frontend::typescript::emit::unit::Work;
use crate::frontend::typescript::emit::value::Operand;
use crate::frontend::typescript::hir::{Expr, GlobalId, GlobalKind, ImportId, Ty};
use crate::frontend::typescript::lower::Binding;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};
use cranelift_module::FuncId;

impl<'a> FunctionEmitter<'_, 'a> {
    fn slot(&mut self, id: GlobalId) -> Emitted<Value> {
        let data = self.unit.global(id)?;
        Ok(self.address(data, 0))
    }

    pub fn load_global(&mut self, id: GlobalId) -> Emitted<Operand> {
        let global = &self.unit.hir.globals[id.0 as usize];
        let slot = self.slot(id)?;
        let (tdz, number) = match &global.kind {
            GlobalKind::Function(function) => {
                let record = self.unit.record(*function)?;
                let record = self.place(record);
                return self.static_function(slot, record);
            }
            GlobalKind::Variable { tdz, ty, .. } => (*tdz, *ty == Ty::Number),
            GlobalKind::Class { tdz, .. } => (*tdz, false),
        };
        self.variable(slot, tdz, number, &global.name)
    }

    /// The value in a slot.
    fn variable(&mut self, slot: Value, tdz: bool, number: bool, name: &str) -> Emitted<Operand> {
        let value = self.load(types::I64, slot, 0);
        if tdz {
            self.check_initialised(value, name)?;
        }
        Ok(if number {
            Operand::Number(self.unboxed(value))
        } else {
            Operand::Boxed(value)
        })
    }

    /// The function object of a declaration, made on first use.
    fn static_function(&mut self, slot: Value, record: Value) -> Emitted<Operand> {
        let value = self.load(types::I64, slot, 0);
        let missing = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, value, abi::EMPTY as i64);
        let (cold, done) = (self.cold(), self.b.create_block());
        let result = self.b.append_block_param(done, types::I64);
        self.b
            .ins()
            .brif(missing, cold, &[], done, &[BlockArg::Value(value)]);
        self.enter(cold);
        let made = self.runtime("kt_static_function", &[slot, record])?;
        self.jump(done, &[made]);
        self.enter(done);
        Ok(Operand::Boxed(result))
    }

    /// Initialises a module variable.
    pub fn store_global(&mut self, id: GlobalId, value: Operand) -> Emitted<()> {
        let value = self.boxed(value);
        let slot = self.slot(id)?;
        self.store(value, slot, 0);
        Ok(())
    }

    /// Assigns to a module variable.
    pub fn set_global(&mut self, id: GlobalId, value: Operand) -> Emitted<()> {
        if let GlobalKind::Variable { tdz: true, .. } | GlobalKind::Class { tdz: true, .. } =
            self.unit.hir.globals[id.0 as usize].kind
        {
            self.load_global(id)?;
        }
        self.store_global(id, value)
    }

    pub fn load_import(&mut self, id: ImportId) -> Emitted<Operand> {
        let lowered = self.unit.lowered;
        let name = &self.unit.hir.imports[id.0 as usize].local;
        self.binding(&lowered.bindings[id.0 as usize], name)
    }

    /// Reads what an imported name stands for.
    pub fn binding(&mut self, binding: &Binding, name: &str) -> Emitted<Operand> {
        match binding {
            Binding::Variable {
                stem,
                global,
                tdz,
                number,
            } => {
                let slot = self.unit.imported_data(symbol::variable(stem, global))?;
                let slot = self.address(slot, 0);
                let name = if name.is_empty() { global } else { name };
                self.variable(slot, *tdz, *number, name)
            }
            Binding::Function { stem, global, .. } => {
                let slot = self.unit.imported_data(symbol::variable(stem, global))?;
                let record = self.unit.imported_data(symbol::record(stem, global))?;
                let slot = self.address(slot, 0);
                let record = self.address(record, 0);
                self.static_function(slot, record)
            }
            Binding::Namespace { stem, members, .. } => {
                let function = self.unit.demand(Work::Namespace {
                    stem: stem.clone(),
                    members: members.clone(),
                })?;
                self.call_thunk(function)
            }
            Binding::SameNamespace { stem } => {
                let function = self
                    .unit
                    .imported_function(symbol::namespace(stem), &signature::thunk())?;
                self.call_thunk(function)
            }
            Binding::Type => Ok(self.undefined()),
        }
    }

    /// What `object.name` is, where `object` is an imported namespace.
    pub fn member(&self, object: &Expr, name: &str) -> Option<&'a Binding> {
        let Expr::Import(import) = object else {
            return None;
        };
        let Binding::Namespace { members, .. } = &self.unit.lowered.bindings[import.0 as usize]
        else {
            return None;
        };
        let index = members
            .binary_search_by(|(member, _)| member.as_str().cmp(name))
            .ok()?;
        match &members[index].1 {
            Binding::Namespace { .. } | Binding::SameNamespace { .. } => None,
            binding => Some(binding),
        }
    }

    fn call_thunk(&mut self, function: FuncId) -> Emitted<Operand> {
        let function = self.reference(function);
        let call = self.b.ins().call(function, &[]);
        let result = self.b.inst_results(call)[0];
        self.check(result);
        Ok(Operand::Boxed(result))
    }

    /// The body of the function that gives a namespace object, made on first use.
    pub fn namespace(&mut self, stem: &str, members: &[(String, Binding)]) -> Emitted<()> {
        let slot = self.unit.namespace(stem)?;
        let slot = self.address(slot, 0);
        let value = self.load(types::I64, slot, 0);
        let missing = self
            .b
            .ins()
            .icmp_imm_s(IntCC::Equal, value, abi::EMPTY as i64);
        let (make, done) = (self.b.create_block(), self.b.create_block());
        self.branch(missing, make, done);
        self.enter(done);
        self.b.ins().return_(&[value]);
        self.enter(make);
        let members: Vec<&(String, Binding)> = members
            .iter()
            .filter(|(_, binding)| *binding != Binding::Type)
            .collect();
        let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        let getters = members
            .iter()
            .map(|(_, binding)| self.unit.demand(Work::Getter(binding.clone())))
            .collect::<Emitted<Vec<_>>>()?;
        let names = self.unit.data.names(&names, 0);
        let getters = self.unit.data.functions(&getters);
        let (names, getters) = (self.place(names), self.place(getters));
        let count = self.b.ins().iconst(types::I64, members.len() as i64);
        let made = self.runtime("kt_namespace", &[count, names, getters])?;
        self.store(made, slot, 0);
        self.b.ins().return_(&[made]);
        Ok(())
    }
}
