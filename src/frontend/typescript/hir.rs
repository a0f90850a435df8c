//! The high-level intermediate representation of one TypeScript module.
//!
//! `parse` makes it from the syntax tree, `lower` binds its imports, `emit` turns it into machine code. Names are
//! resolved, patterns and compound assignments are spelled out, and no source position is left in it except where a
//! message at run time needs one, so that its digest changes exactly when the meaning of the module may have changed.
//! It knows neither the engine nor the code generator.

mod native;

pub use native::{Given, Native, NativeCall};

use serde::{Deserialize, Serialize};

/// Index into [`Module::functions`].
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct FunctionId(pub u32);
/// Index into [`Function::locals`] of the function in which it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocalId(pub u32);
/// Index into [`Module::globals`]: a variable of module scope. Each has a slot in the section `kiln_roots`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GlobalId(pub u32);
/// Index into [`Module::imports`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImportId(pub u32);
/// Index into [`Module::classes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClassId(pub u32);
/// Names a statement that `break` or `continue` may leave; unique within a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LabelId(pub u32);

/// One module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Module {
    /// Project-relative path without extension, `/`-separated; unique, and the stem of all symbols.
    pub name: String,
    /// All modules that must be evaluated before this one, in source order: specifiers as written, no duplicates.
    pub requests: Vec<String>,
    pub imports: Vec<Import>,
    pub globals: Vec<Global>,
    pub functions: Vec<Function>,
    pub classes: Vec<Class>,
    /// The module body: takes no parameters; its locals are block-scoped variables of the top level.
    pub init: FunctionId,
    pub exports: Vec<Export>,
    /// Calls of functions imported from native libraries, in the order of the text, to be checked by `lower`.
    pub native_calls: Vec<NativeCall>,
}

/// A binding made by an import declaration, bound to an export of another module by `lower`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    pub specifier: String,
    pub name: ImportName,
    /// The name in this module, for messages.
    pub local: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ImportName {
    /// `default` is the name `default`.
    Named(String),
    /// `import * as ns`.
    Namespace,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Export {
    /// `export { local as name }` or an exported declaration.
    Local { name: String, target: ExportTarget },
    /// `export { imported as name } from "specifier"`, also written as an import that is exported again.
    From {
        name: String,
        specifier: String,
        imported: ImportName,
    },
    /// `export * from "specifier"`.
    Star { specifier: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExportTarget {
    Global(GlobalId),
}

/// A variable of module scope. A function declaration at module scope is a global whose `function` is set: it is
/// never in its temporal dead zone, calls to it are direct unless it is assigned to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Global {
    pub name: String,
    pub kind: GlobalKind,
    pub exported: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum GlobalKind {
    /// `let` or `var`. `var` starts undefined, `let` in its temporal dead zone.
    Variable { constant: bool, tdz: bool, ty: Ty },
    /// A function declaration never assigned to.
    Function(FunctionId),
    /// A class declaration; in its temporal dead zone until evaluated.
    Class { class: ClassId, tdz: bool },
}

/// What is known of a value. `Number` changes code: as the type of a parameter or result it is an annotation, passed in
/// a float register and checked where it enters; as the type of a local or global it is a promise by inference, which
/// holds for every value ever stored there. The rest are hints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ty {
    #[default]
    Any,
    Number,
    Boolean,
    String,
    /// `void`, `undefined`.
    Undefined,
    Array(Box<Ty>),
    /// The name of a class or interface, as written.
    Named(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// As `Function.prototype.name` gives it; empty where there is none.
    pub name: String,
    pub kind: FunctionKind,
    /// The parameters' locals, in order. Patterns and defaults are statements at the start of `body`
    /// (`Local = Local === undefined ? default : Local`), except a missing `number` default, see [`Param`].
    pub params: Vec<Param>,
    /// All locals, parameters included.
    pub locals: Vec<Local>,
    /// Variables of enclosing functions that this one uses, in the order of `Expr::Capture` indices.
    pub captures: Vec<Capture>,
    pub returns: Ty,
    /// `arguments` is not supported; `this`, `new.target` and `super` of arrow functions are captured by the builder.
    pub uses_this: bool,
    /// The body holds `Expr::Callee`, or a closure in it captures that.
    pub uses_callee: bool,
    /// The body holds `Expr::NewTarget`, or a closure in it captures that.
    pub uses_new_target: bool,
    pub body: Vec<Stmt>,
    /// `length` as JavaScript counts it.
    pub length: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FunctionKind {
    /// Module body.
    Init,
    /// Declaration or expression; may be called with `new`.
    Plain,
    Arrow,
    Method,
    Getter,
    Setter,
    /// Runs with a new object as `this`, or with none until `super(…)` has returned where `derived`.
    Constructor {
        class: ClassId,
        derived: bool,
    },
    /// A static field initialiser or static block: called with the class as `this`.
    Static {
        class: ClassId,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    pub local: LocalId,
    /// The declared type as seen by the caller; `Any` where the parameter is optional, has a default, or is a pattern.
    pub ty: Ty,
    pub rest: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Local {
    /// Empty for temporaries.
    pub name: String,
    pub ty: Ty,
    /// Never assigned after its initialisation.
    pub constant: bool,
    /// Captured by a closure *and* assigned after capture was possible (or read in its temporal dead zone): lives in a
    /// heap cell. Captured constants are copied into the closure instead.
    pub cell: bool,
    /// May be captured (or used) before its `Init`: the `Fresh` of its block makes its cell or sets it to EMPTY, and
    /// `Init` stores into that instead of making a cell.
    pub early: bool,
    /// A use before initialisation is possible, so it starts as EMPTY, and reads and assignments check. Implies `early`.
    pub tdz: bool,
}

/// Where a closure takes a captured value (or cell) from when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Capture {
    Local(LocalId),
    /// A capture of the enclosing function, by index.
    Outer(u32),
    /// `this` of the enclosing function.
    This,
    /// `new.target` of the enclosing function.
    NewTarget,
    /// The enclosing function object itself.
    Callee,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Class {
    pub name: String,
    pub constructor: FunctionId,
    pub derived: bool,
    /// Where the class object is stored, as by `Init`, once its methods exist and before its static fields and blocks
    /// run. Absent for anonymous class expressions.
    pub binding: Option<Binding>,
    /// The declared instance fields in the order in which the constructor defines them, for the first shape and as
    /// hints. The initialisers themselves are `Expr::Define`s in the constructor.
    pub field_types: Vec<(String, Ty)>,
    pub members: Vec<Member>,
}

/// A variable of the function that evaluates a class definition, or of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binding {
    Local(LocalId),
    Global(GlobalId),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    pub key: Key,
    pub is_static: bool,
    pub kind: MemberKind,
    pub function: FunctionId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberKind {
    Method,
    Getter,
    Setter,
    /// A static field or static block; `function` gives the value and is called with the class as `this`.
    StaticField,
    StaticBlock,
}

/// A property key. The private name `#x` is `Name("#x@module:class")`, different for each class that declares it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Key {
    /// A string that is not an array index.
    Name(String),
    /// Any value; numeric literals too.
    Computed(Box<Expr>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stmt {
    Expr(Expr),
    /// Initialises a local: ends its temporal dead zone, and makes a fresh cell where it is a cell (but not `early`).
    Init(LocalId, Expr),
    /// Enters a block with these `early` locals: makes their cells anew, sets them to EMPTY.
    Fresh(Vec<LocalId>),
    InitGlobal(GlobalId, Expr),
    Return(Option<Expr>),
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// `label` names the whole; `continue` goes to `update`. `test_first` is false for `do … while`.
    /// `per_iteration` locals are copied into fresh cells before `update`.
    Loop {
        label: LabelId,
        test: Option<Expr>,
        update: Option<Expr>,
        body: Vec<Stmt>,
        test_first: bool,
        per_iteration: Vec<LocalId>,
    },
    /// The element is stored to `element`, as by `Init`, before each run of `body` (which begins with the destructuring,
    /// if any).
    ForOf {
        label: LabelId,
        element: LocalId,
        iterable: Expr,
        body: Vec<Stmt>,
    },
    /// `element` runs over the enumerable string keys, inherited ones included.
    ForIn {
        label: LabelId,
        element: LocalId,
        object: Expr,
        body: Vec<Stmt>,
    },
    /// A labelled statement: `break` leaves it.
    Block {
        label: LabelId,
        body: Vec<Stmt>,
    },
    /// Cases in order with their bodies; `None` is `default`. Falls through; `break` leaves it.
    Switch {
        label: LabelId,
        subject: Expr,
        cases: Vec<(Option<Expr>, Vec<Stmt>)>,
    },
    Break(LabelId),
    Continue(LabelId),
    Throw(Expr),
    Try {
        body: Vec<Stmt>,
        catch: Option<(Option<LocalId>, Vec<Stmt>)>,
        finally: Option<Vec<Stmt>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Pow,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    UShr,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    Eq,
    NotEq,
    StrictEq,
    StrictNotEq,
    In,
    InstanceOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unary {
    Neg,
    Plus,
    Not,
    BitNot,
    TypeOf,
    Void,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Logical {
    And,
    Or,
    Nullish,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Expr {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    /// UTF-16 code units, since lone surrogates are legal.
    String(JsString),
    /// Parts and values in turn: `quasis.len() == values.len() + 1`.
    Template {
        quasis: Vec<JsString>,
        values: Vec<Expr>,
    },
    Local(LocalId),
    /// Index into [`Function::captures`].
    Capture(u32),
    Global(GlobalId),
    Import(ImportId),
    /// A name that no scope declares: `console`, `Math`, `parseInt`, `NaN`, … Only names the runtime provides; others
    /// are diagnostics.
    Builtin(String),
    This,
    NewTarget,
    /// The running function object itself.
    Callee,
    /// `Stmt::Init` as an expression; gives the value.
    Init(LocalId, Box<Expr>),
    SetLocal(LocalId, Box<Expr>),
    SetCapture(u32, Box<Expr>),
    SetGlobal(GlobalId, Box<Expr>),
    /// The value of the postfix operator's operand: ToNumeric.
    ToNumeric(Box<Expr>),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    Logical(Logical, Box<Expr>, Box<Expr>),
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Evaluates all, gives the last.
    Sequence(Vec<Expr>),
    /// `object.name`.
    Get(Box<Expr>, String),
    GetIndex(Box<Expr>, Box<Expr>),
    Set(Box<Expr>, String, Box<Expr>),
    SetIndex(Box<Expr>, Box<Expr>, Box<Expr>),
    SuperGet(Home, Key),
    SuperSet(Home, Key, Box<Expr>),
    Delete(Box<Expr>, Key),
    /// Makes an own, enumerable data property of an object (a class field): CreateDataProperty. Gives undefined.
    Define(Box<Expr>, Key, Box<Expr>),
    /// Calls with `this` undefined.
    Call(Box<Expr>, Vec<Argument>),
    /// `object.name(…)`.
    CallMethod(Box<Expr>, String, Vec<Argument>),
    CallIndex(Box<Expr>, Box<Expr>, Vec<Argument>),
    /// Evaluates `this`, then `callee`, then the arguments, and calls.
    CallWith {
        this: Box<Expr>,
        callee: Box<Expr>,
        arguments: Vec<Argument>,
    },
    /// `super.name(…)`.
    CallSuperMethod(Home, Key, Vec<Argument>),
    /// `super(…)`: constructs the parent with this `new.target`, binds `this`, gives it.
    SuperCall(Vec<Argument>),
    New(Box<Expr>, Vec<Argument>),
    /// `?.`: inside, an `OptionalGuard` whose operand is null or undefined ends the whole with undefined.
    OptionalChain(Box<Expr>),
    OptionalGuard(Box<Expr>),
    Array(Vec<ArrayElement>),
    Object(Vec<Property>),
    /// Makes a closure.
    Function(FunctionId),
    /// Evaluates a class definition. `extends` is evaluated first; computed keys as they come.
    Class(ClassId, Option<Box<Expr>>),
    /// Array destructuring: opens the iterable, stores each element to a temporary (`None` skips), the rest as an array if
    /// asked, and closes the iterator unless it is exhausted. Gives undefined. Defaults and nested patterns follow.
    Destructure {
        source: Box<Expr>,
        elements: Vec<Option<LocalId>>,
        rest: Option<LocalId>,
    },
    /// An object of the remaining own enumerable properties: `const { a, ...rest } = source`.
    ObjectRest {
        source: Box<Expr>,
        excluded: Vec<Key>,
    },
    /// Throws a TypeError if the value is null or undefined, else gives it: destructuring an object. `text` is how the value
    /// is written, for the message (empty where it is not), `property` the first one that is asked for.
    RequireObject {
        value: Box<Expr>,
        property: Option<String>,
        text: String,
    },
    /// Calls a C function; one argument for each parameter that programs give.
    Native(Box<Native>, Vec<Expr>),
    /// A value that enters a variable declared `number`, as for a parameter: throws a TypeError unless it is one.
    ExpectNumber {
        value: Box<Expr>,
        name: String,
    },
}

/// The method in which `super` is written: its home object is where the lookup starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// The method's function object.
    pub function: Box<Expr>,
    pub this: Box<Expr>,
}

/// UTF-16 code units of a literal; stored as text where it is well formed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum JsString {
    Text(String),
    Units(Vec<u16>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Argument {
    Value(Expr),
    Spread(Expr),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ArrayElement {
    Value(Expr),
    Spread(Expr),
    Hole,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Property {
    Value(Key, Expr),
    Method(Key, FunctionId),
    Getter(Key, FunctionId),
    Setter(Key, FunctionId),
    Spread(Expr),
}
