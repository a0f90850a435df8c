//! The module itself: its variables, its body, its imports and exports.

use super::builder::{Builder, Place};
use super::infer::is_inert_statement;
use super::types::annotation;
use crate::frontend::typescript::hir::{
    Binding, ClassId, Export, ExportTarget, Expr, FunctionId, FunctionKind, GlobalId, GlobalKind,
    ImportName, Module, Stmt, Ty,
};
use oxc_ast::ast;
use oxc_semantic::SymbolId;

/// What only the exports of a module need to be told.
#[derive(Default)]
pub(super) struct Exported<'a> {
    pub exports: Vec<Export>,
    /// Names exported that are types only.
    pub types: Vec<String>,
    /// The global of an anonymous default export.
    default: Option<GlobalId>,
    /// Function declarations of the module: built last, when most is known of the variables they use.
    functions: Vec<(GlobalId, &'a ast::Function<'a>)>,
}

impl<'a> Builder<'a> {
    /// Builds the module; the exported types beside it.
    pub fn module(mut self, program: &'a ast::Program<'a>) -> (Self, Module, Vec<String>) {
        let mut exported = Exported::default();
        let mut body = Vec::new();
        self.enter(FunctionKind::Init, "");
        let block = self.open(&body);
        self.imports(&program.body);
        self.declare_globals(program, &mut exported);
        for statement in &program.body {
            let start = body.len();
            self.module_statement(statement, &mut exported, &mut body);
            self.quiet &= body[start..].iter().all(is_inert_statement);
        }
        for (global, function) in std::mem::take(&mut exported.functions) {
            let name = self.globals[global.0 as usize].name.clone();
            let id = self.function(function, FunctionKind::Plain, &name);
            self.globals[global.0 as usize].kind = GlobalKind::Function(id);
        }
        self.close(block, &mut body);
        let init = self.leave(body);
        self.settle_globals(&exported.exports);
        let module = Module {
            name: std::mem::take(&mut self.name),
            requests: self
                .requests
                .iter()
                .map(|request| request.specifier.clone())
                .collect(),
            imports: std::mem::take(&mut self.imports),
            globals: std::mem::take(&mut self.globals),
            functions: std::mem::take(&mut self.functions)
                .into_iter()
                .flatten()
                .collect(),
            classes: std::mem::take(&mut self.classes)
                .into_iter()
                .flatten()
                .collect(),
            init,
            exports: exported.exports,
            native_calls: std::mem::take(&mut self.native_calls),
        };
        (self, module, exported.types)
    }

    /// Declares the variables of module scope.
    fn declare_globals(&mut self, program: &'a ast::Program<'a>, exported: &mut Exported<'a>) {
        for statement in &program.body {
            match statement {
                ast::Statement::ExportDeclaration(export) => {
                    self.declare_global(&export.declaration, exported)
                }
                ast::Statement::ExportDefaultDeclaration(export) => {
                    self.declare_default(&export.declaration, exported)
                }
                _ => {
                    if let Some(declaration) = statement.as_declaration() {
                        self.declare_global(declaration, exported);
                    }
                }
            }
        }
        for symbol in self.vars(program.scope_id.get()) {
            let kind = GlobalKind::Variable {
                constant: false,
                tdz: false,
                ty: Ty::Any,
            };
            let global = self.global_of(symbol, kind);
            self.global_notes[global.0 as usize].numbers = false;
            self.global_notes[global.0 as usize].initialised = true;
        }
    }

    fn declare_global(
        &mut self,
        declaration: &'a ast::Declaration<'a>,
        exported: &mut Exported<'a>,
    ) {
        match declaration {
            ast::Declaration::VariableDeclaration(variables)
                if !variables.declare && !variables.kind.is_var() =>
            {
                for declarator in &variables.declarations {
                    let ty = match declarator.id {
                        ast::BindingPattern::BindingIdentifier(_) => {
                            annotation(declarator.type_annotation.as_deref())
                        }
                        _ => Ty::Any,
                    };
                    for symbol in declarator.id.get_symbol_ids() {
                        let constant = !self.scoping.symbol_is_mutated(symbol);
                        self.global_of(
                            symbol,
                            GlobalKind::Variable {
                                constant,
                                tdz: true,
                                ty: ty.clone(),
                            },
                        );
                    }
                }
            }
            ast::Declaration::FunctionDeclaration(function)
                if function.body.is_some() && !function.declare =>
            {
                if let Some(symbol) = function.id.as_ref().and_then(|id| id.symbol_id.get()) {
                    let global = self.global_of(symbol, GlobalKind::Function(FunctionId(0)));
                    self.note_function(global, function, exported);
                }
            }
            ast::Declaration::ClassDeclaration(class) if !class.declare => {
                if let Some(symbol) = class.id.as_ref().and_then(|id| id.symbol_id.get()) {
                    self.global_of(
                        symbol,
                        GlobalKind::Class {
                            class: ClassId(0),
                            tdz: true,
                        },
                    );
                }
            }
            ast::Declaration::TSEnumDeclaration(declaration) if !declaration.declare => {
                if let Some(symbol) = declaration.id.symbol_id.get()
                    && self.places[symbol.index()] == Place::None
                {
                    self.global_of(
                        symbol,
                        GlobalKind::Variable {
                            constant: true,
                            tdz: true,
                            ty: Ty::Any,
                        },
                    );
                }
            }
            _ => {}
        }
    }

    fn declare_default(
        &mut self,
        declaration: &'a ast::ExportDefaultDeclarationKind<'a>,
        exported: &mut Exported<'a>,
    ) {
        let (id, kind) = match declaration {
            ast::ExportDefaultDeclarationKind::FunctionDeclaration(function)
                if function.body.is_some() =>
            {
                (&function.id, GlobalKind::Function(FunctionId(0)))
            }
            ast::ExportDefaultDeclarationKind::ClassDeclaration(class) => (
                &class.id,
                GlobalKind::Class {
                    class: ClassId(0),
                    tdz: true,
                },
            ),
            other if other.is_expression() => (
                &None,
                GlobalKind::Variable {
                    constant: true,
                    tdz: true,
                    ty: Ty::Any,
                },
            ),
            _ => return,
        };
        let global = match id.as_ref().and_then(|id| id.symbol_id.get()) {
            Some(symbol) => self.global_of(symbol, kind),
            None => self.global("default", kind),
        };
        exported.default = Some(global);
        if let ast::ExportDefaultDeclarationKind::FunctionDeclaration(function) = declaration {
            self.note_function(global, function, exported);
        }
    }

    fn global_of(&mut self, symbol: SymbolId, kind: GlobalKind) -> GlobalId {
        let name = self.scoping.symbol_name(symbol);
        let global = self.global(name, kind);
        self.places[symbol.index()] = Place::Global(global);
        global
    }

    fn note_function(
        &mut self,
        global: GlobalId,
        function: &'a ast::Function<'a>,
        exported: &mut Exported<'a>,
    ) {
        let note = &mut self.global_notes[global.0 as usize];
        note.initialised = true;
        note.returns_number = annotation(function.return_type.as_deref()) == Ty::Number;
        exported.functions.push((global, function));
    }

    fn module_statement(
        &mut self,
        statement: &'a ast::Statement<'a>,
        exported: &mut Exported<'a>,
        out: &mut Vec<Stmt>,
    ) {
        use ast::Statement as S;
        match statement {
            S::ImportDeclaration(_) | S::TSNamespaceExportDeclaration(_) => {}
            S::ExportDeclaration(export) => {
                self.export_declaration(&export.declaration, exported);
                self.declaration(&export.declaration, out);
            }
            S::ExportDefaultDeclaration(export) => {
                self.export_default(&export.declaration, exported, out)
            }
            S::ExportNamedDeclaration(export) => self.export_names(export, exported),
            S::ExportFromDeclaration(export) => self.export_from(export, exported),
            S::ExportAllDeclaration(export) => self.export_all(export, exported),
            S::TSExportAssignment(export) => {
                self.unsupported(export.span, "`export =` is", Some("use `export default`"));
            }
            _ => self.statement(statement, out),
        }
    }

    /// The value of a declaration that is exported as it is made.
    fn declaration(&mut self, declaration: &'a ast::Declaration<'a>, out: &mut Vec<Stmt>) {
        match declaration {
            ast::Declaration::VariableDeclaration(variables) => self.variables(variables, out),
            ast::Declaration::ClassDeclaration(class) => self.class_declaration(class, out),
            ast::Declaration::TSEnumDeclaration(declaration) => {
                self.enum_declaration(declaration, out)
            }
            ast::Declaration::TSNamespaceDeclaration(namespace) => self.namespace(namespace),
            ast::Declaration::TSImportEqualsDeclaration(import) => self.import_equals(import),
            _ => {}
        }
    }

    fn export_default(
        &mut self,
        declaration: &'a ast::ExportDefaultDeclarationKind<'a>,
        exported: &mut Exported<'a>,
        out: &mut Vec<Stmt>,
    ) {
        let Some(global) = exported.default else {
            exported.types.push("default".to_owned());
            return;
        };
        self.export_global("default", global, exported);
        match declaration {
            ast::ExportDefaultDeclarationKind::FunctionDeclaration(_) => {}
            ast::ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                let symbol = class.id.as_ref().and_then(|id| id.symbol_id.get());
                let name = class.id.as_ref().map_or("default", |id| id.name.as_str());
                let value = self.class(class, Some(Binding::Global(global)), symbol, name);
                out.push(Stmt::Expr(value));
            }
            _ => {
                let value = declaration
                    .as_expression()
                    .map_or(Expr::Undefined, |value| self.named(value, "default"));
                let statement = self.init_global(global, value);
                out.push(statement);
            }
        }
    }

    pub fn export_global(&mut self, name: &str, global: GlobalId, exported: &mut Exported<'a>) {
        self.globals[global.0 as usize].exported = true;
        exported.exports.push(Export::Local {
            name: name.to_owned(),
            target: ExportTarget::Global(global),
        });
    }

    /// Now that all uses have been seen: which globals may be read before they are initialised, and which are numbers.
    fn settle_globals(&mut self, exports: &[Export]) {
        // Before a module runs, only an importer in a cycle can reach it, and only through exported functions.
        let in_cycle = !self.requests.is_empty();
        let exports_function = exports.iter().any(|export| match export {
            Export::Local {
                target: ExportTarget::Global(global),
                ..
            } => {
                matches!(
                    self.globals[global.0 as usize].kind,
                    GlobalKind::Function(_)
                )
            }
            _ => false,
        });
        for (global, note) in self.globals.iter_mut().zip(&self.global_notes) {
            let callable_early = !note.quiet || (in_cycle && exports_function);
            let early = note.used_early
                || (note.used_in_function && callable_early)
                || (global.exported && in_cycle);
            match &mut global.kind {
                GlobalKind::Variable { tdz, ty, .. } => {
                    *tdz &= early;
                    if note.numbers && note.initialised {
                        *ty = Ty::Number;
                    } else if *ty == Ty::Number {
                        *ty = Ty::Any;
                    }
                }
                GlobalKind::Class { tdz, .. } => *tdz = early,
                GlobalKind::Function(_) => {}
            }
        }
    }

    /// The class of a global, once it has been built.
    pub fn settle_class(&mut self, binding: Option<Binding>, id: ClassId) {
        if let Some(Binding::Global(global)) = binding
            && let GlobalKind::Class { class, .. } = &mut self.globals[global.0 as usize].kind
        {
            *class = id;
        }
    }

    /// The name under which something is imported.
    pub fn import_name(name: &ast::ModuleExportName<'a>) -> ImportName {
        ImportName::Named(name.name().to_string())
    }
}
