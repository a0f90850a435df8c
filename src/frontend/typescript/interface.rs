//! What a module shows to its importers: one [`Item`] for each exported name, encoded so that the engine can compare it.
//!
//! An item holds all that an importer's code may depend on, and nothing else: the body of a function is not in it, nor the
//! members of an interface, so changing those leaves importers current.

use super::hir::{
    Class, Export, ExportTarget, Expr, FunctionId, GlobalKind, ImportName, Module, Stmt, Ty,
};
use super::native::as_seen;
use crate::frontend::native::NativeFunction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name under which [`Item::Stars`] is kept: no export can have it.
pub const STARS: &str = "*";

/// One exported name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Item {
    /// A variable; `global` is its name in its module, of which its symbol is made.
    Variable {
        global: String,
        constant: bool,
        tdz: bool,
        ty: Ty,
    },
    Function {
        global: String,
        signature: Signature,
    },
    /// A function of a native library: how it is called as any function, and what it takes and gives.
    Native {
        global: String,
        signature: Signature,
        function: NativeFunction,
    },
    Class {
        global: String,
        tdz: bool,
        constructor: Signature,
        fields: Vec<(String, Ty)>,
    },
    /// Exported again from another module.
    From {
        specifier: String,
        imported: ImportName,
    },
    /// A type only: importing it is right, and gives no value.
    Type,
    /// The specifiers of all `export * from "…"`, in order.
    Stars(Vec<String>),
}

/// How a function is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// Type, and whether it is the rest parameter.
    pub params: Vec<(Ty, bool)>,
    pub returns: Ty,
    /// It needs nothing but its arguments: no captures, no `this`, no `new.target`, not itself as an object.
    pub direct: bool,
}

impl Item {
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("encoding to memory fails for no value of this type")
    }

    /// The item with this encoding; `None` where it is another version's.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// The interface of a module, with the names that it exports as types only.
pub fn of(module: &Module, types: &[String]) -> BTreeMap<String, Vec<u8>> {
    let mut interface = BTreeMap::new();
    let mut stars = Vec::new();
    for name in types {
        interface.insert(name.clone(), Item::Type.encode());
    }
    for export in &module.exports {
        match export {
            Export::Local {
                name,
                target: ExportTarget::Global(global),
            } => {
                interface.insert(name.clone(), item(module, global.0 as usize).encode());
            }
            Export::From {
                name,
                specifier,
                imported,
            } => {
                let item = Item::From {
                    specifier: specifier.clone(),
                    imported: imported.clone(),
                };
                interface.insert(name.clone(), item.encode());
            }
            Export::Star { specifier } => stars.push(specifier.clone()),
        }
    }
    if !stars.is_empty() {
        interface.insert(STARS.to_owned(), Item::Stars(stars).encode());
    }
    interface
}

fn item(module: &Module, global: usize) -> Item {
    let entry = &module.globals[global];
    let global = entry.name.clone();
    match &entry.kind {
        GlobalKind::Variable { constant, tdz, ty } => Item::Variable {
            global,
            constant: *constant,
            tdz: *tdz,
            ty: ty.clone(),
        },
        GlobalKind::Function(function) => {
            let signature = signature(module, *function);
            match module.functions[function.0 as usize].body.as_slice() {
                [Stmt::Return(Some(Expr::Native(native, _)))] => Item::Native {
                    global,
                    signature,
                    function: as_seen(&native.function),
                },
                _ => Item::Function { global, signature },
            }
        }
        GlobalKind::Class { class, tdz } => {
            let Class {
                constructor,
                field_types,
                ..
            } = &module.classes[class.0 as usize];
            let constructor = signature(module, *constructor);
            Item::Class {
                global,
                tdz: *tdz,
                constructor,
                fields: field_types.clone(),
            }
        }
    }
}

/// How a function of a module is called.
pub fn signature(module: &Module, function: FunctionId) -> Signature {
    let function = &module.functions[function.0 as usize];
    Signature {
        params: function
            .params
            .iter()
            .map(|param| (param.ty.clone(), param.rest))
            .collect(),
        returns: function.returns.clone(),
        direct: function.captures.is_empty()
            && !function.uses_this
            && !function.uses_callee
            && !function.uses_new_target,
    }
}

/// An item as a person would write it, for explanations.
pub fn describe(name: &str, item: &[u8]) -> String {
    match Item::decode(item) {
        None => name.to_owned(),
        Some(Item::Variable { constant, ty, .. }) => {
            let keyword = if constant { "const" } else { "let" };
            format!("{keyword} {name}{}", annotated(&ty))
        }
        Some(Item::Function { signature, .. }) => {
            format!(
                "{name}({}){}",
                parameters(&signature),
                annotated(&signature.returns)
            )
        }
        Some(Item::Native { function, .. }) => {
            let kinds = function.parameters.iter();
            let kinds: Vec<String> = kinds.map(|parameter| parameter.kind.to_string()).collect();
            let returns = function
                .returns
                .map_or("void".to_owned(), |value| value.to_string());
            format!("{name}({}): {returns}", kinds.join(", "))
        }
        Some(Item::Class {
            constructor,
            fields,
            ..
        }) => {
            let fields: Vec<String> = fields.iter().map(field).collect();
            let body = if fields.is_empty() {
                String::new()
            } else {
                format!(" {{ {} }}", fields.join("; "))
            };
            format!("class {name}({}){body}", parameters(&constructor))
        }
        Some(Item::From {
            specifier,
            imported,
        }) => match imported {
            ImportName::Namespace => format!("* as {name} from \"{specifier}\""),
            ImportName::Named(imported) if imported == name => {
                format!("{name} from \"{specifier}\"")
            }
            ImportName::Named(imported) => format!("{imported} as {name} from \"{specifier}\""),
        },
        Some(Item::Type) => format!("type {name}"),
        Some(Item::Stars(specifiers)) => {
            let all: Vec<String> = specifiers
                .iter()
                .map(|specifier| format!("* from \"{specifier}\""))
                .collect();
            all.join(", ")
        }
    }
}

fn parameters(signature: &Signature) -> String {
    let one = |(ty, rest): &(Ty, bool)| if *rest { "...".to_owned() } else { written(ty) };
    let all: Vec<String> = signature.params.iter().map(one).collect();
    all.join(", ")
}

/// A field; a private one without what makes its key unique.
fn field((name, ty): &(String, Ty)) -> String {
    let shown = match name.split_once('@') {
        Some((private, _)) if private.starts_with('#') => private,
        _ => name,
    };
    format!("{shown}{}", annotated(ty))
}

fn annotated(ty: &Ty) -> String {
    match ty {
        Ty::Any => String::new(),
        ty => format!(": {}", written(ty)),
    }
}

fn written(ty: &Ty) -> String {
    match ty {
        Ty::Any => "any".to_owned(),
        Ty::Number => "number".to_owned(),
        Ty::Boolean => "boolean".to_owned(),
        Ty::String => "string".to_owned(),
        Ty::Undefined => "void".to_owned(),
        Ty::Array(element) => format!("{}[]", written(element)),
        Ty::Named(name) => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_described_as_they_are_written() {
        let signature = Signature {
            params: vec![(Ty::Number, false), (Ty::Any, true)],
            returns: Ty::Number,
            direct: true,
        };
        let function = Item::Function {
            global: "f".to_owned(),
            signature: signature.clone(),
        };
        assert_eq!(describe("f", &function.encode()), "f(number, ...): number");
        let fields = vec![("#x@m:0".to_owned(), Ty::Array(Box::new(Ty::String)))];
        let class = Item::Class {
            global: "C".to_owned(),
            tdz: true,
            constructor: signature,
            fields,
        };
        assert_eq!(
            describe("C", &class.encode()),
            "class C(number, ...) { #x: string[] }"
        );
        let from = Item::From {
            specifier: "./a".to_owned(),
            imported: ImportName::Named("b".to_owned()),
        };
        assert_eq!(describe("c", &from.encode()), "b as c from \"./a\"");
        assert_eq!(describe("x", b"not an item of this version \xff"), "x");
    }
}
