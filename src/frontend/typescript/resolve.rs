//! Which file an import specifier stands for, as TypeScript and Node would say. It looks at the world through [`Probe`]
//! only, in the order of preference, and stops at the first hit, so that what is recorded is what mattered.

use crate::frontend::{PlaceKind, Probe, Unresolved};
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

/// Extensions of modules, in the order in which they are tried.
pub const EXTENSIONS: &[&str] = &["ts", "tsx"];

/// Extensions of compiled files, and those of the sources that they may be compiled from.
const COMPILED: &[(&str, &[&str])] = &[
    ("js", &["ts", "tsx"]),
    ("jsx", &["tsx"]),
    ("mjs", &["mts"]),
    ("cjs", &["cts"]),
];

/// The file of the project that `specifier` stands for in `importer`.
pub fn resolve(
    importer: &Utf8Path,
    specifier: &str,
    world: &mut dyn Probe,
) -> Result<Utf8PathBuf, Unresolved> {
    if is_relative(specifier) {
        let directory = importer.parent().unwrap_or(Utf8Path::new(""));
        let base = normalise(&directory.join(specifier));
        return probe(&base, specifier.ends_with('/'), world)
            .ok_or_else(|| missing(&base, specifier));
    }
    if specifier.starts_with('/') {
        let base = normalise(Utf8Path::new(specifier));
        return probe(&base, specifier.ends_with('/'), world)
            .ok_or_else(|| missing(&base, specifier));
    }
    resolve_mapped(specifier, world)
}

fn is_relative(specifier: &str) -> bool {
    matches!(specifier, "." | "..") || specifier.starts_with("./") || specifier.starts_with("../")
}

/// The file at a path without regard to its extension, or the index of the directory there.
fn probe(base: &Utf8Path, directory_only: bool, world: &mut dyn Probe) -> Option<Utf8PathBuf> {
    let mut is_file = |path: &Utf8Path| world.kind(path) == PlaceKind::File;
    if !directory_only && !base.as_str().is_empty() {
        let extension = base.extension().unwrap_or_default();
        // An extension of a source file names the file itself.
        if ["ts", "tsx", "mts", "cts"].contains(&extension) && is_file(base) {
            return Some(base.to_owned());
        }
        let sources = COMPILED
            .iter()
            .find(|(compiled, _)| *compiled == extension)
            .map_or(&[][..], |(_, sources)| sources);
        for source in sources {
            let path = base.with_extension(source);
            if is_file(&path) {
                return Some(path);
            }
        }
        for extension in EXTENSIONS {
            let path = Utf8PathBuf::from(format!("{base}.{extension}"));
            if is_file(&path) {
                return Some(path);
            }
        }
    }
    EXTENSIONS
        .iter()
        .map(|extension| base.join(format!("index.{extension}")))
        .find(|path| is_file(path))
}

/// A bare specifier: `paths` of `tsconfig.json`, then its `baseUrl`.
fn resolve_mapped(specifier: &str, world: &mut dyn Probe) -> Result<Utf8PathBuf, Unresolved> {
    let options = match world.text(Utf8Path::new("tsconfig.json")) {
        None => Value::Null,
        Some(text) => match serde_json::from_str::<Value>(&without_comments(&text)) {
            Ok(config) => config
                .get("compilerOptions")
                .cloned()
                .unwrap_or(Value::Null),
            Err(error) => {
                return Err(Unresolved {
                    message: format!(
                        "cannot resolve `{specifier}`: tsconfig.json is not valid: {error}"
                    ),
                    help: None,
                });
            }
        },
    };
    let base = options.get("baseUrl").and_then(Value::as_str);
    let directory = normalise(Utf8Path::new(base.unwrap_or("")));
    let empty = serde_json::Map::new();
    let paths = options
        .get("paths")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    if let Some((targets, wildcard)) = best_pattern(paths, specifier) {
        for target in targets
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let path = normalise(&directory.join(target.replacen('*', wildcard, 1)));
            if let Some(found) = probe(&path, false, world) {
                return Ok(found);
            }
        }
    }
    if base.is_some()
        && let Some(found) = probe(&normalise(&directory.join(specifier)), false, world)
    {
        return Ok(found);
    }
    let near = format!("./{specifier}");
    let help = if let Some(name) = specifier.strip_prefix("node:") {
        format!("modules of Node.js such as `{name}` are not available in native programs")
    } else if base.is_some() || !paths.is_empty() {
        "no entry of `paths` in tsconfig.json leads to a file; packages from `node_modules` are not supported yet".to_owned()
    } else {
        format!(
            "write `{near}` for a file beside this one, or map the name in `paths` of tsconfig.json; packages from `node_modules` are not supported yet"
        )
    };
    Err(Unresolved {
        message: format!("cannot find module `{specifier}`"),
        help: Some(help),
    })
}

/// The entry of `paths` that fits: an exact one, else the one with the longest text before `*`. With what `*` stands for.
fn best_pattern<'p>(
    paths: &'p serde_json::Map<String, Value>,
    specifier: &'p str,
) -> Option<(&'p Value, &'p str)> {
    if let Some(targets) = paths.get(specifier) {
        return Some((targets, ""));
    }
    let fits = |(pattern, targets): (&'p String, &'p Value)| {
        let (before, after) = pattern.split_once('*')?;
        let wildcard = specifier.strip_prefix(before)?.strip_suffix(after)?;
        Some((before.len(), targets, wildcard))
    };
    let best = paths
        .iter()
        .filter_map(fits)
        .max_by_key(|(length, ..)| *length)?;
    Some((best.1, best.2))
}

fn missing(base: &Utf8Path, specifier: &str) -> Unresolved {
    let shown = if base.as_str().is_empty() {
        Utf8Path::new("index")
    } else {
        base
    };
    let stem = COMPILED
        .iter()
        .find_map(|(compiled, _)| shown.as_str().strip_suffix(&format!(".{compiled}")));
    let stem = stem.unwrap_or(shown.as_str());
    let help = if shown.extension() == Some("json") {
        "importing JSON is not supported yet".to_owned()
    } else {
        format!("there is no `{stem}.ts`, `{stem}.tsx` or `{stem}/index.ts`")
    };
    Unresolved {
        message: format!("cannot find module `{specifier}`"),
        help: Some(help),
    }
}

/// A path without `.`, and with `..` at the start only.
fn normalise(path: &Utf8Path) -> Utf8PathBuf {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.as_str().split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if path.as_str().starts_with('/') {
        "/"
    } else {
        ""
    };
    Utf8PathBuf::from(format!("{root}{}", parts.join("/")))
}

/// JSON with comments and trailing commas as JSON: what is dropped becomes spaces, so positions stay.
fn without_comments(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut comma = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += match (byte, bytes.get(at + 1)) {
            (b'"', _) => string_length(&bytes[at..]),
            (b'/', Some(b'/')) => bytes[at..]
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(bytes.len() - at),
            (b'/', Some(b'*')) => {
                let end = text[at + 2..]
                    .find("*/")
                    .map_or(text.len(), |end| at + 2 + end + 2);
                end - at
            }
            _ => 1,
        };
        let is_comment = byte == b'/' && at > start + 1;
        match byte {
            _ if is_comment => out.extend(
                bytes[start..at]
                    .iter()
                    .map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }),
            ),
            b']' | b'}' => {
                if let Some(comma) = comma.take() {
                    out[comma] = b' ';
                }
                out.push(byte);
            }
            _ => {
                if !byte.is_ascii_whitespace() {
                    comma = (byte == b',').then_some(out.len());
                }
                out.extend_from_slice(&bytes[start..at]);
            }
        }
    }
    String::from_utf8(out).unwrap_or_default()
}

/// The length of the JSON string that starts here.
fn string_length(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'\\' => 2,
            b'"' => return at + 1,
            _ => 1,
        };
    }
    bytes.len()
}

#[cfg(test)]
mod tests;
