//! Names of the symbols by which modules refer to each other's code and variables. A name follows from the module's
//! project-relative path and the variable's name alone, so that it is the same in every directory and on every machine.

use crate::frontend::native::SCHEME;

/// The module that `path` (project-relative) is, as part of symbols: the path without its extension. The name of a
/// native library has none.
pub fn stem(path: &str) -> &str {
    if path.starts_with(SCHEME) {
        return path;
    }
    let file = path.rfind('/').map_or(0, |slash| slash + 1);
    match path[file..].rfind('.') {
        Some(dot) if dot > 0 => &path[..file + dot],
        _ => path,
    }
}

/// Gives the namespace object of a module: `extern "C" fn() -> u64`. Every module that needs it defines it, all alike.
pub fn namespace(stem: &str) -> String {
    name(stem, "namespace", "")
}

/// The slot in which the namespace object is kept.
pub fn namespace_slot(stem: &str) -> String {
    name(stem, "namespace-slot", "")
}

/// Evaluates a module: `extern "C" fn() -> u64`.
pub fn init(stem: &str) -> String {
    name(stem, "init", "")
}

/// The slot of a module variable in the section `kiln_roots`.
pub fn variable(stem: &str, global: &str) -> String {
    name(stem, "var", global)
}

/// The direct entry of a function declaration.
pub fn function(stem: &str, global: &str) -> String {
    name(stem, "fn", global)
}

/// The record from which the function object of a declaration is made.
pub fn record(stem: &str, global: &str) -> String {
    name(stem, "record", global)
}

/// Bytes that linkers or tools give a meaning to (`@` is a version) are spelled `%XX`; `%` itself too, so that no two
/// modules share a name.
fn name(stem: &str, kind: &str, global: &str) -> String {
    let mut text = String::with_capacity(stem.len() + kind.len() + global.len() + 2);
    for part in [stem, kind, global] {
        if !text.is_empty() && !part.is_empty() {
            text.push(':');
        }
        for byte in part.bytes() {
            if byte.is_ascii_alphanumeric() || b"_/.-$".contains(&byte) {
                text.push(char::from(byte));
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    text
}
