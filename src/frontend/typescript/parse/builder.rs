//! The builder of one module's HIR: the functions being built, their variables, and how a name is reached from where it
//! is used. It walks the syntax tree once, in the order of evaluation, so "used before initialised" can be read off the
//! state of a variable at the time of a use. It knows no syntax: the files beside it do.

use super::class::KeptKey;
use super::infer;
use crate::frontend::typescript::hir::{
    Capture, Class, Expr, Function, FunctionId, FunctionKind, Global, GlobalId, GlobalKind, Import,
    ImportId, LabelId, Local, LocalId, NativeCall, Param, Stmt, Ty,
};
use crate::frontend::typescript::lower::CallSpans;
use crate::frontend::{Diagnostic, Request};
use camino::Utf8Path;
use oxc_ast::ast;
use oxc_semantic::{Scoping, SymbolId};

/// Builds the HIR of one module.
pub(super) struct Builder<'a> {
    pub scoping: &'a Scoping,
    pub path: &'a Utf8Path,
    /// The module's name: prefix of its private names.
    pub name: String,
    pub diagnostics: Vec<Diagnostic>,
    /// Where each symbol lives, by symbol.
    pub places: Vec<Place>,
    pub globals: Vec<Global>,
    pub global_notes: Vec<GlobalNote>,
    pub imports: Vec<Import>,
    pub requests: Vec<Request>,
    /// Absent while being built.
    pub functions: Vec<Option<Function>>,
    pub classes: Vec<Option<Class>>,
    /// The functions being built, outermost (the module body) first.
    pub frames: Vec<Frame<'a>>,
    /// The classes whose bodies are being built, with the private names they declare.
    pub privates: Vec<(u32, Vec<&'a str>)>,
    /// Nesting of the syntax tree.
    pub depth: u32,
    /// Nothing evaluated at module level so far can have called a function of this module.
    pub quiet: bool,
    /// The module has been found to be nested too deeply; said once.
    pub too_deep: bool,
    pub native_calls: Vec<NativeCall>,
    /// Where each of them stands.
    pub native_spans: Vec<CallSpans>,
}

/// Where a symbol lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// Not declared yet, or no value: a type, or a declaration that only describes.
    None,
    /// A local of the frame at this depth.
    Local(usize, LocalId),
    Global(GlobalId),
    Import(ImportId),
    /// The function of the frame at this depth, by its own name.
    Callee(usize),
}

/// What is known of a global while the module is built.
#[derive(Default)]
pub(super) struct GlobalNote {
    pub initialised: bool,
    /// Used by the module body before its initialisation.
    pub used_early: bool,
    /// Used within a function.
    pub used_in_function: bool,
    /// No function of this module can have been called by the module itself before it was initialised.
    pub quiet: bool,
    pub numbers: bool,
    /// For functions: the result is a number.
    pub returns_number: bool,
}

/// How far the initialisation of a local has come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Ready {
    #[default]
    No,
    /// One of a group of closures that are made one right after the other: may be captured, will not be read.
    Soon,
    Yes,
}

/// What is known of a local while its function is built.
#[derive(Default)]
pub(super) struct Note {
    pub ready: Ready,
    pub captured: bool,
    /// Assigned after its initialisation, by anyone.
    pub mutated: bool,
    /// Something that may not be a number has been stored to it.
    pub not_number: bool,
    pub stored: bool,
    /// Its being a number rests on these locals being numbers.
    pub relies_on: Vec<LocalId>,
}

/// A statement that `break` or `continue` may leave.
pub(super) struct Target<'a> {
    pub label: LabelId,
    pub names: Vec<&'a str>,
    /// `break` without a label leaves it.
    pub breakable: bool,
    pub is_loop: bool,
}

/// What a captured thing is, for finding it again: by the depth of the frame that owns it.
#[derive(Clone, Copy, PartialEq)]
enum CaptureKey {
    Local(usize, LocalId),
    This(usize),
    NewTarget(usize),
    Callee(usize),
}

/// A function being built.
pub(super) struct Frame<'a> {
    pub id: FunctionId,
    pub kind: FunctionKind,
    pub name: String,
    pub params: Vec<Param>,
    pub locals: Vec<Local>,
    pub notes: Vec<Note>,
    captures: Vec<Capture>,
    capture_keys: Vec<CaptureKey>,
    pub returns: Ty,
    pub length: u32,
    pub uses_this: bool,
    pub uses_callee: bool,
    pub uses_new_target: bool,
    /// A function declaration's own symbol: within it, its name is the function itself.
    pub own_symbol: Option<SymbolId>,
    pub targets: Vec<Target<'a>>,
    next_label: u32,
    /// In derived constructors: the local that holds `this` after `super(…)`, for arrows.
    pub this_local: Option<LocalId>,
    /// In constructors: the class whose fields are to be defined.
    pub class: Option<&'a ast::Class<'a>>,
    /// The computed keys of that class, if its fields have such.
    pub field_keys: Vec<KeptKey>,
    /// Within a field initialiser, where `super` and `new.target` mean something else than around it.
    pub in_field: bool,
    /// An `async` function or a generator: reported as such, so that what is in it need not be.
    pub refused: bool,
    /// Locals declared in the blocks being built.
    pub block: Vec<LocalId>,
}

impl<'a> Builder<'a> {
    /// The function being built.
    pub fn frame(&mut self) -> &mut Frame<'a> {
        self.frames
            .last_mut()
            .expect("the module body is a frame, and it is left last")
    }

    /// The depth of the function being built; 0 is the module body.
    pub fn top(&self) -> usize {
        self.frames.len() - 1
    }

    /// Begins a function.
    pub fn enter(&mut self, kind: FunctionKind, name: &str) -> FunctionId {
        let id = FunctionId(self.functions.len() as u32);
        self.functions.push(None);
        self.frames.push(Frame {
            id,
            kind,
            name: name.to_owned(),
            params: Vec::new(),
            locals: Vec::new(),
            notes: Vec::new(),
            captures: Vec::new(),
            capture_keys: Vec::new(),
            returns: Ty::Any,
            length: 0,
            uses_this: false,
            uses_callee: false,
            uses_new_target: false,
            own_symbol: None,
            targets: Vec::new(),
            next_label: 0,
            this_local: None,
            class: None,
            field_keys: Vec::new(),
            in_field: false,
            refused: false,
            block: Vec::new(),
        });
        id
    }

    /// Ends the function that was begun last: now everything is known of its locals.
    pub fn leave(&mut self, body: Vec<Stmt>) -> FunctionId {
        let mut frame = self.frames.pop().expect("every `leave` has its `enter`");
        infer::settle(&mut frame.locals, &frame.notes);
        for (local, note) in frame.locals.iter_mut().zip(&frame.notes) {
            local.constant = !note.mutated;
            local.cell = note.captured && (note.mutated || local.early);
        }
        let id = frame.id;
        self.functions[id.0 as usize] = Some(Function {
            name: frame.name,
            kind: frame.kind,
            params: frame.params,
            locals: frame.locals,
            captures: frame.captures,
            returns: frame.returns,
            uses_this: frame.uses_this,
            uses_callee: frame.uses_callee,
            uses_new_target: frame.uses_new_target,
            body,
            length: frame.length,
        });
        id
    }

    /// A new local of the function being built, for a symbol. It may be assigned to if the symbol is anywhere.
    pub fn local(&mut self, symbol: SymbolId, ty: Ty, ready: Ready) -> LocalId {
        let mutated = self.scoping.symbol_is_mutated(symbol);
        let name = self.scoping.symbol_name(symbol);
        let local = self.unnamed(name, ty, ready);
        let top = self.top();
        let frame = self.frame();
        frame.notes[local.0 as usize].mutated = mutated;
        frame.block.push(local);
        self.places[symbol.index()] = Place::Local(top, local);
        local
    }

    /// A new temporary.
    pub fn temporary(&mut self) -> LocalId {
        self.unnamed("", Ty::Any, Ready::Yes)
    }

    /// A new local that no symbol names.
    pub fn unnamed(&mut self, name: &str, ty: Ty, ready: Ready) -> LocalId {
        let frame = self.frame();
        let id = LocalId(frame.locals.len() as u32);
        frame.locals.push(Local {
            name: name.to_owned(),
            ty,
            constant: true,
            cell: false,
            early: false,
            tdz: false,
        });
        frame.notes.push(Note {
            ready,
            ..Note::default()
        });
        id
    }

    /// A new label of the function being built.
    pub fn label(&mut self) -> LabelId {
        let frame = self.frame();
        frame.next_label += 1;
        LabelId(frame.next_label - 1)
    }

    /// Notes a use of a local at this point, from the function being built or one within it.
    fn note_use(&mut self, depth: usize, local: LocalId) {
        let captured = depth != self.top();
        let frame = &mut self.frames[depth];
        let note = &mut frame.notes[local.0 as usize];
        let flags = &mut frame.locals[local.0 as usize];
        note.captured |= captured;
        if note.ready != Ready::Yes {
            flags.early = true;
            flags.tdz |= note.ready == Ready::No;
        }
    }

    /// The value of a local, wherever its function is.
    pub fn get_local(&mut self, depth: usize, local: LocalId) -> Expr {
        self.note_use(depth, local);
        if depth == self.top() {
            Expr::Local(local)
        } else {
            Expr::Capture(self.capture(
                CaptureKey::Local(depth, local),
                depth,
                Capture::Local(local),
            ))
        }
    }

    /// An assignment to a local (not its initialisation), wherever its function is.
    pub fn set_local(&mut self, depth: usize, local: LocalId, value: Expr) -> Expr {
        self.note_use(depth, local);
        self.note_store(depth, local, &value);
        if depth == self.top() {
            Expr::SetLocal(local, Box::new(value))
        } else {
            let capture = self.capture(
                CaptureKey::Local(depth, local),
                depth,
                Capture::Local(local),
            );
            Expr::SetCapture(capture, Box::new(value))
        }
    }

    /// Stores to a temporary.
    pub fn keep(&mut self, local: LocalId, value: Expr) -> Expr {
        self.note_store(self.top(), local, &value);
        Expr::SetLocal(local, Box::new(value))
    }

    /// The initialisation of a local of the function being built.
    pub fn init(&mut self, local: LocalId, value: Expr) -> Stmt {
        self.note_store(self.top(), local, &value);
        self.frame().notes[local.0 as usize].ready = Ready::Yes;
        Stmt::Init(local, value)
    }

    /// Notes what is stored to a local, for [`infer`].
    fn note_store(&mut self, depth: usize, local: LocalId, value: &Expr) {
        let mut relies_on = Vec::new();
        let number = infer::is_number(self, value, &mut relies_on);
        let same_frame = depth == self.top();
        let note = &mut self.frames[depth].notes[local.0 as usize];
        note.stored = true;
        if !number || (!same_frame && !relies_on.is_empty()) {
            note.not_number = true;
        } else {
            note.relies_on.extend(relies_on);
        }
    }

    /// Notes that a local is stored to by something other than an expression: a loop, a `catch`, a pattern.
    pub fn note_unknown(&mut self, local: LocalId) {
        let note = &mut self.frame().notes[local.0 as usize];
        note.not_number = true;
        note.ready = Ready::Yes;
    }

    /// The index by which the function being built reaches something of the frame at `owner`, through all between.
    fn capture(&mut self, key: CaptureKey, owner: usize, source: Capture) -> u32 {
        let mut source = source;
        let mut index = 0;
        for frame in &mut self.frames[owner + 1..] {
            index = match frame.capture_keys.iter().position(|known| *known == key) {
                Some(known) => known as u32,
                None => {
                    frame.capture_keys.push(key);
                    frame.captures.push(source);
                    frame.captures.len() as u32 - 1
                }
            };
            source = Capture::Outer(index);
        }
        index
    }

    /// The depth of the function whose `this`, `super` and `new.target` are seen here.
    pub fn home(&self) -> usize {
        let is_own = |frame: &Frame| frame.kind != FunctionKind::Arrow;
        self.frames.iter().rposition(is_own).unwrap_or(0)
    }

    /// `this`.
    pub fn this(&mut self) -> Expr {
        let owner = self.home();
        let frame = &mut self.frames[owner];
        if frame.kind == FunctionKind::Init {
            return Expr::Undefined;
        }
        frame.uses_this = true;
        if owner == self.top() {
            return Expr::This;
        }
        match self.frames[owner].this_local {
            Some(local) => self.get_local(owner, local),
            None => Expr::Capture(self.capture(CaptureKey::This(owner), owner, Capture::This)),
        }
    }

    /// `new.target`.
    pub fn new_target(&mut self) -> Expr {
        let owner = self.home();
        let kind = self.frames[owner].kind;
        if self.frames[owner].in_field
            || matches!(kind, FunctionKind::Init | FunctionKind::Static { .. })
        {
            return Expr::Undefined;
        }
        self.frames[owner].uses_new_target = true;
        if owner == self.top() {
            Expr::NewTarget
        } else {
            Expr::Capture(self.capture(CaptureKey::NewTarget(owner), owner, Capture::NewTarget))
        }
    }

    /// The function object of the frame at `owner`.
    pub fn callee(&mut self, owner: usize) -> Expr {
        self.frames[owner].uses_callee = true;
        if owner == self.top() {
            Expr::Callee
        } else {
            Expr::Capture(self.capture(CaptureKey::Callee(owner), owner, Capture::Callee))
        }
    }

    /// The value of a symbol; `None` where it is no value.
    pub fn get(&mut self, symbol: SymbolId) -> Option<Expr> {
        match self.places[symbol.index()] {
            Place::None => None,
            Place::Import(import) => Some(Expr::Import(import)),
            Place::Callee(depth) => Some(self.callee(depth)),
            Place::Global(global) => {
                self.note_global(global);
                Some(Expr::Global(global))
            }
            Place::Local(depth, local) => {
                // A local function within itself is reached without capturing it.
                let own = |frame: &Frame| frame.own_symbol == Some(symbol);
                match self.frames[depth + 1..].iter().rposition(own) {
                    Some(inner) => Some(self.callee(depth + 1 + inner)),
                    None => Some(self.get_local(depth, local)),
                }
            }
        }
    }

    /// An assignment to a symbol; `None` where it is no variable.
    pub fn set(&mut self, symbol: SymbolId, value: Expr) -> Option<Expr> {
        match self.places[symbol.index()] {
            Place::Local(depth, local) => Some(self.set_local(depth, local, value)),
            Place::Global(global) => {
                self.note_global(global);
                self.note_global_store(global, &value);
                Some(Expr::SetGlobal(global, Box::new(value)))
            }
            Place::None | Place::Import(_) | Place::Callee(_) => None,
        }
    }

    fn note_global(&mut self, global: GlobalId) {
        let in_function = self.top() > 0;
        let note = &mut self.global_notes[global.0 as usize];
        if in_function {
            note.used_in_function = true;
        } else {
            note.used_early |= !note.initialised;
        }
    }

    fn note_global_store(&mut self, global: GlobalId, value: &Expr) {
        let mut relies_on = Vec::new();
        let number = infer::is_number(self, value, &mut relies_on) && relies_on.is_empty();
        self.global_notes[global.0 as usize].numbers &= number;
    }

    /// A new variable of module scope. `numbers` starts true and is refuted by the first store of something else.
    pub fn global(&mut self, name: &str, kind: GlobalKind) -> GlobalId {
        let id = GlobalId(self.globals.len() as u32);
        self.globals.push(Global {
            name: name.to_owned(),
            kind,
            exported: false,
        });
        self.global_notes.push(GlobalNote {
            numbers: true,
            ..GlobalNote::default()
        });
        id
    }

    /// The initialisation of a variable of module scope.
    pub fn init_global(&mut self, global: GlobalId, value: Expr) -> Stmt {
        self.note_global_store(global, &value);
        self.quiet &= infer::is_inert(&value);
        let quiet = self.quiet;
        let note = &mut self.global_notes[global.0 as usize];
        note.initialised = true;
        note.quiet = quiet;
        Stmt::InitGlobal(global, value)
    }
}
