//! Follows an imported name to the variable that holds its value: through `export … from`, and `export *` with its cycles
//! and ambiguities. It asks for no more items than it must, since every answer is a reason to lower the module again.

use crate::frontend::Imports;
use crate::frontend::typescript::emit::symbol::stem;
use crate::frontend::typescript::hir::{ImportName, Ty};
use crate::frontend::typescript::interface::{Item, STARS};
use crate::frontend::typescript::lower::{Binding, Signature};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;

/// What an export name turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    Found(Binding),
    Missing,
    /// Several `export *` give different values under this name.
    Ambiguous,
    /// A module on the way was not found, which is reported elsewhere.
    Unresolved,
}

/// Names asked for on the way, to end cycles.
type Visited = BTreeSet<(Utf8PathBuf, String)>;

/// The export `name` of a module.
pub fn export(module: &Utf8Path, name: &str, imports: &mut dyn Imports) -> Resolution {
    follow(module, name, imports, &mut Visited::new())
}

/// The namespace of a module with the members that `wanted` names, or with all. The names that are not there are added to
/// `missing`.
pub fn namespace(
    module: &Utf8Path,
    wanted: Option<&BTreeSet<String>>,
    imports: &mut dyn Imports,
    missing: &mut Vec<String>,
) -> Resolution {
    namespace_of(module, wanted, imports, missing, &mut Visited::new())
}

/// All names that a module exports, those of its `export *` included.
pub fn names(module: &Utf8Path, imports: &mut dyn Imports) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(module, imports, &mut BTreeSet::new(), &mut found);
    found
}

fn collect(
    module: &Utf8Path,
    imports: &mut dyn Imports,
    visited: &mut BTreeSet<Utf8PathBuf>,
    found: &mut BTreeSet<String>,
) {
    if !visited.insert(module.to_owned()) {
        return;
    }
    let first = visited.len() == 1;
    found.extend(
        imports
            .names(module)
            .into_iter()
            .filter(|name| name != STARS && (first || name != "default")),
    );
    for specifier in stars(module, imports) {
        if let Some(target) = imports.resolve(module, &specifier) {
            collect(&target, imports, visited, found);
        }
    }
}

fn stars(module: &Utf8Path, imports: &mut dyn Imports) -> Vec<String> {
    match imports
        .item(module, STARS)
        .and_then(|bytes| Item::decode(&bytes))
    {
        Some(Item::Stars(specifiers)) => specifiers,
        _ => Vec::new(),
    }
}

fn follow(
    module: &Utf8Path,
    name: &str,
    imports: &mut dyn Imports,
    visited: &mut Visited,
) -> Resolution {
    if !visited.insert((module.to_owned(), name.to_owned())) {
        return Resolution::Missing;
    }
    let Some(item) = imports
        .item(module, name)
        .and_then(|bytes| Item::decode(&bytes))
    else {
        return follow_stars(module, name, imports, visited);
    };
    let stem = stem(module.as_str()).to_owned();
    match item {
        Item::Variable {
            global, tdz, ty, ..
        } => Resolution::Found(Binding::Variable {
            stem,
            global,
            tdz,
            number: ty == Ty::Number,
        }),
        Item::Class { global, tdz, .. } => Resolution::Found(Binding::Variable {
            stem,
            global,
            tdz,
            number: false,
        }),
        Item::Function { global, signature }
        | Item::Native {
            global, signature, ..
        } => {
            let types = signature.params.iter().map(|(ty, rest)| (ty, *rest));
            let signature = signature
                .direct
                .then(|| Signature::from_types(types, &signature.returns))
                .flatten();
            Resolution::Found(Binding::Function {
                stem,
                global,
                signature,
            })
        }
        Item::Type => Resolution::Found(Binding::Type),
        Item::From {
            specifier,
            imported,
        } => match imports.resolve(module, &specifier) {
            None => Resolution::Unresolved,
            Some(target) => match imported {
                ImportName::Named(imported) => follow(&target, &imported, imports, visited),
                ImportName::Namespace => {
                    namespace_of(&target, None, imports, &mut Vec::new(), visited)
                }
            },
        },
        Item::Stars(_) => Resolution::Missing,
    }
}

fn follow_stars(
    module: &Utf8Path,
    name: &str,
    imports: &mut dyn Imports,
    visited: &mut Visited,
) -> Resolution {
    if name == "default" {
        return Resolution::Missing;
    }
    let mut found = Resolution::Missing;
    for specifier in stars(module, imports) {
        let Some(target) = imports.resolve(module, &specifier) else {
            found = Resolution::Unresolved;
            continue;
        };
        let next = follow(&target, name, imports, visited);
        found = match (found, next) {
            (found, Resolution::Missing) => found,
            (Resolution::Missing | Resolution::Unresolved, next) => next,
            (found, next) if found == next => found,
            (Resolution::Found(_), Resolution::Unresolved) => Resolution::Unresolved,
            _ => return Resolution::Ambiguous,
        };
    }
    found
}

fn namespace_of(
    module: &Utf8Path,
    wanted: Option<&BTreeSet<String>>,
    imports: &mut dyn Imports,
    missing: &mut Vec<String>,
    visited: &mut Visited,
) -> Resolution {
    let stem = stem(module.as_str()).to_owned();
    if wanted.is_none() && !visited.insert((module.to_owned(), STARS.to_owned())) {
        return Resolution::Found(Binding::SameNamespace { stem });
    }
    let all;
    let names_wanted = match wanted {
        Some(wanted) => wanted,
        None => {
            all = names(module, imports);
            &all
        }
    };
    let mut members = Vec::new();
    for name in names_wanted {
        // Each member is followed anew: two names may lead through the same module.
        match follow(module, name, imports, &mut visited.clone()) {
            Resolution::Found(Binding::Type) => {}
            Resolution::Found(binding) => members.push((name.clone(), binding)),
            // Ambiguous names are no members.
            Resolution::Missing | Resolution::Ambiguous if wanted.is_some() => {
                missing.push(name.clone())
            }
            Resolution::Missing | Resolution::Ambiguous => {}
            Resolution::Unresolved => return Resolution::Unresolved,
        }
    }
    Resolution::Found(Binding::Namespace {
        stem,
        members,
        whole: wanted.is_none(),
    })
}
