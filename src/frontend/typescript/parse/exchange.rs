//! Imports and exports: which modules are asked for, and what is left of them when types have been erased.

use super::builder::{Builder, Place};
use super::diagnose::span;
use super::module::Exported;
use crate::frontend::Request;
use crate::frontend::typescript::hir::{Export, Import, ImportId, ImportName};
use oxc_ast::ast;
use oxc_semantic::SymbolId;

impl<'a> Builder<'a> {
    /// Collects the module requests in source order, and declares the imported names that are used as values.
    pub fn imports(&mut self, statements: &'a [ast::Statement<'a>]) {
        for statement in statements {
            match statement {
                ast::Statement::ImportDeclaration(import) => self.import(import),
                ast::Statement::ExportFromDeclaration(export) if export.export_kind.is_value() => {
                    self.check_attributes(export.with_clause.as_deref());
                    if export
                        .specifiers
                        .iter()
                        .any(|specifier| specifier.export_kind.is_value())
                    {
                        self.request(&export.source);
                    }
                }
                ast::Statement::ExportAllDeclaration(export) if export.export_kind.is_value() => {
                    self.check_attributes(export.with_clause.as_deref());
                    self.request(&export.source);
                }
                _ => {}
            }
        }
    }

    fn request(&mut self, source: &ast::StringLiteral<'a>) {
        if !self
            .requests
            .iter()
            .any(|request| request.specifier == source.value.as_str())
        {
            self.requests.push(Request {
                specifier: source.value.to_string(),
                span: span(source.span),
            });
        }
    }

    fn import(&mut self, import: &'a ast::ImportDeclaration<'a>) {
        if import.import_kind.is_type() {
            return;
        }
        self.check_attributes(import.with_clause.as_deref());
        if import.phase.is_some() {
            self.unsupported(import.span, "import phases are", None);
        }
        let Some(specifiers) = &import.specifiers else {
            return self.request(&import.source);
        };
        for specifier in specifiers {
            let (local, name) = match specifier {
                ast::ImportDeclarationSpecifier::ImportSpecifier(named)
                    if named.import_kind.is_type() =>
                {
                    continue;
                }
                ast::ImportDeclarationSpecifier::ImportSpecifier(named) => {
                    (&named.local, Self::import_name(&named.imported))
                }
                ast::ImportDeclarationSpecifier::ImportDefaultSpecifier(default) => {
                    (&default.local, ImportName::Named("default".to_owned()))
                }
                ast::ImportDeclarationSpecifier::ImportNamespaceSpecifier(namespace) => {
                    (&namespace.local, ImportName::Namespace)
                }
            };
            let Some(symbol) = local.symbol_id.get() else {
                continue;
            };
            if self.is_used_as_value(symbol) {
                self.request(&import.source);
                let specifier = import.source.value.to_string();
                self.places[symbol.index()] = Place::Import(ImportId(self.imports.len() as u32));
                self.imports.push(Import {
                    specifier,
                    name,
                    local: local.name.to_string(),
                });
            }
        }
    }

    fn check_attributes(&mut self, clause: Option<&ast::WithClause<'a>>) {
        if let Some(clause) = clause {
            self.unsupported(clause.span, "import attributes are", None);
        }
    }

    fn is_used_as_value(&self, symbol: SymbolId) -> bool {
        self.scoping
            .get_resolved_references(symbol)
            .any(|reference| reference.is_value())
    }

    /// `import a = …`: an alias of a type is erased.
    pub fn import_equals(&mut self, import: &'a ast::TSImportEqualsDeclaration<'a>) {
        let used = import
            .id
            .symbol_id
            .get()
            .is_some_and(|symbol| self.is_used_as_value(symbol));
        if import.import_kind.is_value() && used {
            self.unsupported(
                import.span,
                "`import … =` declarations are",
                Some("use `import … from`"),
            );
        }
    }

    /// A namespace: types only are erased.
    pub fn namespace(&mut self, namespace: &'a ast::TSNamespaceDeclaration<'a>) {
        let symbol = namespace.id.symbol_id.get();
        let has_values =
            symbol.is_some_and(|symbol| self.scoping.symbol_flags(symbol).is_value_module());
        if has_values && !namespace.declare {
            let help = "use a module of its own, or an object";
            self.unsupported(namespace.id.span, "namespaces with values are", Some(help));
        }
    }

    /// `export` before a declaration.
    pub fn export_declaration(
        &mut self,
        declaration: &'a ast::Declaration<'a>,
        exported: &mut Exported<'a>,
    ) {
        if let ast::Declaration::VariableDeclaration(variables) = declaration {
            for declarator in &variables.declarations {
                for name in declarator.id.get_binding_identifiers() {
                    self.export_symbol(name.symbol_id.get(), &name.name, exported);
                }
            }
        } else if let Some(id) = declaration.id() {
            // Overloads and merged declarations export one name.
            let known = |export: &Export| matches!(export, Export::Local { name, .. } if *name == id.name.as_str());
            if !exported.exports.iter().any(known) {
                self.export_symbol(id.symbol_id.get(), &id.name, exported);
            }
        }
    }

    /// `export { a, b as c }`.
    pub fn export_names(
        &mut self,
        export: &'a ast::ExportNamedDeclaration<'a>,
        exported: &mut Exported<'a>,
    ) {
        for specifier in &export.specifiers {
            let name = specifier.exported.name();
            let is_type = export.export_kind.is_type() || specifier.export_kind.is_type();
            match &specifier.local {
                _ if is_type => exported.types.push(name.to_string()),
                ast::ModuleExportName::IdentifierReference(local) => match self.symbol(local) {
                    Some(symbol) => self.export_symbol(Some(symbol), &name, exported),
                    None => self.undefined_name(local.span, &local.name),
                },
                other => self.undefined_name(specifier.span, &other.name()),
            }
        }
    }

    fn export_symbol(&mut self, symbol: Option<SymbolId>, name: &str, exported: &mut Exported<'a>) {
        match symbol.map_or(Place::None, |symbol| self.places[symbol.index()]) {
            Place::Global(global) => self.export_global(name, global, exported),
            Place::Import(import) => {
                let Import {
                    specifier,
                    name: imported,
                    ..
                } = self.imports[import.0 as usize].clone();
                exported.exports.push(Export::From {
                    name: name.to_owned(),
                    specifier,
                    imported,
                });
            }
            _ => exported.types.push(name.to_owned()),
        }
    }

    /// `export { a as b } from "…"`.
    pub fn export_from(
        &mut self,
        export: &'a ast::ExportFromDeclaration<'a>,
        exported: &mut Exported<'a>,
    ) {
        for specifier in &export.specifiers {
            let name = specifier.exported.name().to_string();
            if export.export_kind.is_type() || specifier.export_kind.is_type() {
                exported.types.push(name);
            } else {
                let imported = Self::import_name(&specifier.local);
                exported.exports.push(Export::From {
                    name,
                    specifier: export.source.value.to_string(),
                    imported,
                });
            }
        }
    }

    /// `export * from "…"` and `export * as ns from "…"`.
    pub fn export_all(
        &mut self,
        export: &'a ast::ExportAllDeclaration<'a>,
        exported: &mut Exported<'a>,
    ) {
        let specifier = export.source.value.to_string();
        match &export.exported {
            Some(name) if export.export_kind.is_type() => {
                exported.types.push(name.name().to_string())
            }
            None if export.export_kind.is_type() => {}
            Some(name) => {
                let name = name.name().to_string();
                exported.exports.push(Export::From {
                    name,
                    specifier,
                    imported: ImportName::Namespace,
                });
            }
            None => exported.exports.push(Export::Star { specifier }),
        }
    }
}
