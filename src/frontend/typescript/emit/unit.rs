//! One object file while it is made: its symbols, its static data, and the functions that remain to be compiled. It knows
//! what a module consists of, not how a function's code looks.

use crate::frontend::EmitError;
use crate::frontend::typescript::abi;
use crate::frontend::typescript::emit::data::{Data, Place};
use crate::frontend::typescript::emit::near::NearCalls;
use crate::frontend::typescript::emit::{native, signature, symbol};
use crate::frontend::typescript::hir::{
    Capture, Class, ClassId, Function, FunctionId, FunctionKind, GlobalId, GlobalKind, Local,
    Module as Hir,
};
use crate::frontend::typescript::lower::{Binding, LoweredModule, Signature, walk};
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_frontend::FunctionBuilderContext;
use cranelift_module::{DataId, FuncId, Linkage, Module, ModuleError, ModuleReloc};
use cranelift_object::object::{SectionKind, SymbolScope, write::SymbolSection};
use cranelift_object::{ObjectBuilder, ObjectModule};
use std::collections::{HashMap, HashSet, VecDeque};

/// A piece of code to be compiled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// The module's evaluation.
    Init,
    /// A function's direct entry.
    Direct(FunctionId),
    /// A function's generic entry.
    Generic(FunctionId),
    /// Reads a member of a namespace object.
    Getter(Binding),
    /// What C calls in place of the function that is given for this parameter of a native function.
    Callback(FunctionId, usize),
    /// Gives the namespace object of a module.
    Namespace {
        stem: String,
        members: Vec<(String, Binding)>,
    },
}

/// A variable in the section `kiln_roots`.
struct Root {
    data: DataId,
    initial: u64,
    /// Other objects define it too.
    shared: bool,
}

pub struct Unit<'a> {
    pub lowered: &'a LoweredModule,
    pub hir: &'a Hir,
    /// Code is to be small, for the shortest compile time: what has a slow path takes it at once.
    pub small: bool,
    pub data: Data,
    pub data_id: DataId,
    /// The word of the static data that says whether the module's evaluation has begun.
    pub state: Place,
    pub builder_context: FunctionBuilderContext,
    pub context: cranelift_codegen::Context,
    module: ObjectModule,
    near: NearCalls,
    runtime: Vec<Option<FuncId>>,
    data_symbols: HashMap<String, DataId>,
    function_symbols: HashMap<String, FuncId>,
    roots: Vec<Root>,
    namespaces: HashMap<String, DataId>,
    globals: Vec<Option<DataId>>,
    records: HashMap<FunctionId, Place>,
    /// Symbols that stand for places in the static data.
    labels: Vec<(DataId, Place)>,
    queue: VecDeque<(Work, FuncId)>,
    queued: HashMap<Work, FuncId>,
    /// The functions that this object defines.
    local: HashSet<FuncId>,
    /// The function declarations that have a direct entry, with their variables.
    directs: HashMap<FunctionId, (GlobalId, Signature)>,
    /// The function in which each function is made.
    parents: HashMap<FunctionId, FunctionId>,
}

/// The names of `abi::RUNTIME`, for looking them up.
fn runtime_index(name: &str) -> usize {
    static INDEX: std::sync::OnceLock<HashMap<&'static str, usize>> = std::sync::OnceLock::new();
    let index = INDEX.get_or_init(|| {
        abi::RUNTIME
            .iter()
            .enumerate()
            .map(|(index, function)| (function.name, index))
            .collect()
    });
    *index
        .get(name)
        .unwrap_or_else(|| panic!("`{name}` is not in abi::RUNTIME"))
}

pub fn failed(error: ModuleError) -> EmitError {
    EmitError(match error {
        ModuleError::Compilation(error) => format!("code generation failed: {error:?}"),
        other => format!("code generation failed: {other}"),
    })
}

impl<'a> Unit<'a> {
    pub fn new(
        lowered: &'a LoweredModule,
        isa: OwnedTargetIsa,
        small: bool,
    ) -> Result<Self, EmitError> {
        let mut module = object_module(&lowered.module.name, isa)?;
        let mut data = Data::default();
        let state = data.reserve(8);
        let data_id = module
            .declare_data(".kiln.data", Linkage::Local, true, false)
            .map_err(failed)?;
        let hir = &*lowered.module;
        let directs = hir
            .globals
            .iter()
            .enumerate()
            .filter_map(|(index, global)| match global.kind {
                GlobalKind::Function(function) => {
                    let signature = Signature::of(&hir.functions[function.0 as usize])?;
                    Some((function, (GlobalId(index as u32), signature)))
                }
                _ => None,
            });
        Ok(Self {
            directs: directs.collect(),
            parents: walk::parents(hir),
            hir,
            small,
            globals: vec![None; lowered.module.globals.len()],
            lowered,
            data,
            data_id,
            state,
            builder_context: FunctionBuilderContext::new(),
            context: cranelift_codegen::Context::new(),
            module,
            near: NearCalls::default(),
            runtime: vec![None; abi::RUNTIME.len()],
            data_symbols: HashMap::new(),
            function_symbols: HashMap::new(),
            roots: Vec::new(),
            namespaces: HashMap::new(),
            records: HashMap::new(),
            labels: Vec::new(),
            queue: VecDeque::new(),
            queued: HashMap::new(),
            local: HashSet::new(),
        })
    }

    pub fn function(&self, id: FunctionId) -> &'a Function {
        &self.hir.functions[id.0 as usize]
    }

    pub fn class(&self, id: ClassId) -> &'a Class {
        &self.hir.classes[id.0 as usize]
    }

    /// The next piece of code to compile.
    pub fn next(&mut self) -> Option<(Work, FuncId)> {
        self.queue.pop_front()
    }

    /// The symbol of a piece of code; it is compiled in its turn.
    pub fn demand(&mut self, work: Work) -> Result<FuncId, EmitError> {
        if let Some(id) = self.queued.get(&work) {
            return Ok(*id);
        }
        let stem = &self.hir.name;
        let (name, linkage, signature) = match &work {
            Work::Init => (symbol::init(stem), Linkage::Hidden, signature::thunk()),
            Work::Direct(function) => {
                let (global, parameters) = &self.directs[function];
                let global = &self.hir.globals[global.0 as usize];
                let linkage = if global.exported {
                    Linkage::Hidden
                } else {
                    Linkage::Local
                };
                (
                    symbol::function(stem, &global.name),
                    linkage,
                    signature::direct(parameters),
                )
            }
            Work::Generic(function) => {
                let name = format!("{}#{}", self.function(*function).name, function.0);
                (
                    symbol::function(stem, &name),
                    Linkage::Local,
                    signature::generic(),
                )
            }
            Work::Namespace { stem, .. } => (
                symbol::namespace(stem),
                Linkage::Preemptible,
                signature::thunk(),
            ),
            Work::Callback(function, parameter) => (
                symbol::function(stem, &format!("callback#{}#{parameter}", function.0)),
                Linkage::Local,
                signature::callback(native::callback(self.function(*function), *parameter)),
            ),
            Work::Getter(_) => (
                symbol::function(stem, &format!("getter#{}", self.queued.len())),
                Linkage::Local,
                signature::thunk(),
            ),
        };
        let id = self
            .module
            .declare_function(&name, linkage, &signature)
            .map_err(failed)?;
        self.queued.insert(work.clone(), id);
        self.local.insert(id);
        self.queue.push_back((work, id));
        Ok(id)
    }

    /// Compiles what is in `self.context` as `id`.
    pub fn define(&mut self, id: FuncId) -> Result<(), EmitError> {
        self.context
            .compile(self.module.isa(), &mut ControlPlane::default())
            .map_err(|error| failed(error.into()))?;
        let code = self
            .context
            .compiled_code()
            .expect("the code was just compiled");
        let (bytes, alignment) = (code.buffer.data().to_vec(), code.buffer.alignment);
        let relocs: Vec<ModuleReloc> = code
            .buffer
            .relocs()
            .iter()
            .map(|reloc| ModuleReloc::from_mach_reloc(reloc, &self.context.func, id))
            .collect();
        let mut left = Vec::with_capacity(relocs.len());
        for reloc in relocs {
            let local = |id| self.local.contains(&id);
            left.extend(
                self.near
                    .take(id, reloc, local, self.small, &mut self.module)?,
            );
        }
        self.context.clear();
        self.module
            .define_function_bytes(id, alignment.into(), &bytes, &left)
            .map_err(failed)
    }

    pub fn frontend_config(&self) -> cranelift_codegen::isa::TargetFrontendConfig {
        self.module.isa().frontend_config()
    }

    /// A function of the runtime, with its index in `abi::RUNTIME`.
    pub fn runtime(&mut self, name: &str) -> Result<(usize, FuncId), EmitError> {
        let index = runtime_index(name);
        if let Some(id) = self.runtime[index] {
            return Ok((index, id));
        }
        let signature = signature::runtime(&abi::RUNTIME[index]);
        let id = self
            .module
            .declare_function(name, Linkage::Import, &signature)
            .map_err(failed)?;
        self.runtime[index] = Some(id);
        Ok((index, id))
    }

    /// A function defined by another object.
    pub fn imported_function(
        &mut self,
        name: String,
        signature: &ir::Signature,
    ) -> Result<FuncId, EmitError> {
        if let Some(id) = self.function_symbols.get(&name) {
            return Ok(*id);
        }
        let id = self
            .module
            .declare_function(&name, Linkage::Import, signature)
            .map_err(failed)?;
        self.function_symbols.insert(name, id);
        Ok(id)
    }

    /// Data defined by another object, or by [`Unit::finish`].
    pub fn imported_data(&mut self, name: String) -> Result<DataId, EmitError> {
        if let Some(id) = self.data_symbols.get(&name) {
            return Ok(*id);
        }
        let id = self
            .module
            .declare_data(&name, Linkage::Import, true, false)
            .map_err(failed)?;
        self.data_symbols.insert(name, id);
        Ok(id)
    }

    pub fn signature_of(&self, id: FuncId) -> ir::Signature {
        self.module
            .declarations()
            .get_function_decl(id)
            .signature
            .clone()
    }

    /// The slot of a module variable.
    pub fn global(&mut self, id: GlobalId) -> Result<DataId, EmitError> {
        if let Some(data) = self.globals[id.0 as usize] {
            return Ok(data);
        }
        let global = &self.hir.globals[id.0 as usize];
        let data = self.imported_data(symbol::variable(&self.hir.name, &global.name))?;
        let initial = match &global.kind {
            GlobalKind::Variable { tdz: false, .. } => abi::UNDEFINED,
            GlobalKind::Variable { .. } | GlobalKind::Function(_) | GlobalKind::Class { .. } => {
                abi::EMPTY
            }
        };
        self.roots.push(Root {
            data,
            initial,
            shared: false,
        });
        self.globals[id.0 as usize] = Some(data);
        Ok(data)
    }

    /// The slot that holds the namespace object of a module once it is made.
    pub fn namespace(&mut self, stem: &str) -> Result<DataId, EmitError> {
        if let Some(data) = self.namespaces.get(stem) {
            return Ok(*data);
        }
        let data = self.imported_data(symbol::namespace_slot(stem))?;
        self.roots.push(Root {
            data,
            initial: abi::EMPTY,
            shared: true,
        });
        self.namespaces.insert(stem.to_owned(), data);
        Ok(data)
    }

    /// The direct entry's signature, where `function` has one: a declaration at module scope that needs neither `this`
    /// nor captures.
    pub fn direct(&self, function: FunctionId) -> Option<&Signature> {
        self.directs.get(&function).map(|(_, signature)| signature)
    }

    /// The local that a captured value comes from, in whichever function it was declared. Absent for `this` and the like.
    pub fn captured_local(&self, function: FunctionId, index: u32) -> Option<&'a Local> {
        let mut function = function;
        let mut index = index;
        loop {
            let capture = self.function(function).captures.get(index as usize)?;
            let parent = *self.parents.get(&function)?;
            match capture {
                Capture::Local(local) => return self.function(parent).locals.get(local.0 as usize),
                Capture::Outer(outer) => {
                    function = parent;
                    index = *outer;
                }
                Capture::This | Capture::NewTarget | Capture::Callee => return None,
            }
        }
    }

    /// The record of a function of this module.
    pub fn record(&mut self, id: FunctionId) -> Result<Place, EmitError> {
        if let Some(place) = self.records.get(&id) {
            return Ok(*place);
        }
        let entry = self.demand(Work::Generic(id))?;
        let function = self.function(id);
        let flags = match function.kind {
            FunctionKind::Init | FunctionKind::Plain => 0,
            FunctionKind::Arrow => abi::FN_ARROW,
            FunctionKind::Method
            | FunctionKind::Getter
            | FunctionKind::Setter
            | FunctionKind::Static { .. } => abi::FN_METHOD,
            FunctionKind::Constructor { derived: false, .. } => abi::FN_CLASS,
            FunctionKind::Constructor { derived: true, .. } => abi::FN_CLASS | abi::FN_DERIVED,
        };
        let place = self
            .data
            .record(entry, &function.name, function.length, flags);
        self.records.insert(id, place);
        Ok(place)
    }

    /// Declares what other modules refer to, whether this module uses it or not.
    pub fn export(&mut self) -> Result<(), EmitError> {
        self.demand(Work::Init)?;
        for (index, global) in self
            .hir
            .globals
            .iter()
            .enumerate()
            .filter(|(_, global)| global.exported)
        {
            self.global(GlobalId(index as u32))?;
            if let GlobalKind::Function(function) = global.kind {
                if self.direct(function).is_some() {
                    self.demand(Work::Direct(function))?;
                }
                let place = self.record(function)?;
                let label = self.imported_data(symbol::record(&self.hir.name, &global.name))?;
                self.labels.push((label, place));
            }
        }
        Ok(())
    }

    /// The object file.
    pub fn finish(mut self) -> Result<Vec<u8>, EmitError> {
        self.data.define(&mut self.module, self.data_id)?;
        self.near.define(&mut self.module)?;
        let mut product = self.module.finish();
        self.near.write(&mut product)?;
        // The object writer gives a custom section to each datum, so the slots, and the symbols that point into the
        // block of static data, are laid out by hand.
        if !self.roots.is_empty() {
            let section =
                product
                    .object
                    .add_section(Vec::new(), b"kiln_roots".to_vec(), SectionKind::Data);
            let bytes: Vec<u8> = self
                .roots
                .iter()
                .flat_map(|root| root.initial.to_le_bytes())
                .collect();
            let start = product.object.append_section_data(section, &bytes, 8);
            for (index, root) in self.roots.iter().enumerate() {
                let symbol = product.data_symbol(root.data);
                let symbol = product.object.symbol_mut(symbol);
                symbol.section = SymbolSection::Section(section);
                symbol.value = start + index as u64 * 8;
                symbol.size = 8;
                symbol.weak = root.shared;
                symbol.scope = SymbolScope::Linkage;
            }
        }
        let block = product.data_symbol(self.data_id);
        let (section, start) = {
            let symbol = product.object.symbol(block);
            (symbol.section, symbol.value)
        };
        for (label, place) in self.labels {
            let symbol = product.data_symbol(label);
            let symbol = product.object.symbol_mut(symbol);
            symbol.section = section;
            symbol.value = start + u64::from(place.0);
            symbol.size = 24;
            symbol.scope = SymbolScope::Linkage;
        }
        product
            .emit()
            .map_err(|error| EmitError(format!("the object file cannot be written: {error}")))
    }
}

/// An empty object file.
pub fn object_module(name: &str, isa: OwnedTargetIsa) -> Result<ObjectModule, EmitError> {
    let builder =
        ObjectBuilder::new(isa, name, cranelift_module::default_libcall_names()).map_err(failed)?;
    Ok(ObjectModule::new(builder))
}
