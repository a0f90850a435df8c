//! A toy language, line by line, for driving the engine without a compiler.
//!
//! `# comment` · `import SPEC` · `export NAME SIGNATURE` · `use SPEC NAME` · `all SPEC` · `body TEXT` · `note TEXT` ·
//! `fail`. A specifier stands for `near/SPEC.toy`, else `SPEC.toy`, in the importer's folder. A `note` is part of the
//! lowered module and not of its object. It knows nothing of stores, proofs or salsa.

use camino::{Utf8Path, Utf8PathBuf};
use kiln::digest::Digest;
use kiln::frontend::{
    Diagnostic, EmitError, EmitOptions, Frontend, Imports, Lowered, OptLevel, Parsed, Payload,
    PlaceKind, Probe, Request, RuntimeArchive, Source, Span, Unresolved,
};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

/// Called when a module is lowered, with its path: how a test changes the world while a build runs.
pub type Hook = Arc<Mutex<Option<Box<dyn FnMut(&str) + Send>>>>;

#[derive(Default)]
pub struct Toy {
    pub hook: Hook,
    /// Emits or lowers what it should not, as a defect would.
    pub wrong: Option<Wrong>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Lowered,
    Emitted,
}

/// The places where a specifier may lie, best first.
pub fn candidates(importer: &Utf8Path, specifier: &str) -> [Utf8PathBuf; 2] {
    let folder = importer.parent().unwrap_or(Utf8Path::new(""));
    [
        folder.join("near").join(format!("{specifier}.toy")),
        folder.join(format!("{specifier}.toy")),
    ]
}

/// The lines that mean something, split into a keyword and the rest.
pub fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(' ').unwrap_or((line, "")))
}

/// A parsed module.
struct Tree {
    path: Utf8PathBuf,
    lines: Vec<(String, String)>,
}

/// A lowered module: what its object holds, and what it does not.
struct Module {
    code: String,
}

fn diagnostic(code: &str, path: &Utf8Path, message: String) -> Diagnostic {
    Diagnostic {
        code: code.to_owned(),
        message,
        path: path.to_owned(),
        span: Span::default(),
        label: String::new(),
        help: None,
    }
}

impl Frontend for Toy {
    fn name(&self) -> &'static str {
        "toy"
    }

    fn version(&self) -> String {
        "1".to_owned()
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["toy"]
    }

    fn parse(&self, source: &Source<'_>) -> Parsed {
        let path = source.path;
        let mut requests: Vec<Request> = Vec::new();
        let mut interface = BTreeMap::new();
        let mut diagnostics = Vec::new();
        let mut meaning = format!("{path}\n");
        let mut tree = Tree {
            path: path.to_owned(),
            lines: Vec::new(),
        };
        for (keyword, rest) in lines(source.text) {
            match keyword {
                "import" => requests.push(Request {
                    specifier: rest.to_owned(),
                    span: Span::default(),
                }),
                "export" => {
                    let (name, signature) = rest.split_once(' ').unwrap_or((rest, ""));
                    interface.insert(name.to_owned(), signature.as_bytes().to_vec());
                }
                "fail" => {
                    diagnostics.push(diagnostic("toy-fail", path, "this module fails".to_owned()))
                }
                _ => {}
            }
            let _ = writeln!(meaning, "{keyword} {rest}");
            tree.lines.push((keyword.to_owned(), rest.to_owned()));
        }
        let syntax = diagnostics.is_empty().then(|| Arc::new(tree) as Payload);
        Parsed {
            requests,
            interface,
            syntax,
            syntax_digest: Digest::of(meaning.as_bytes()),
            diagnostics,
        }
    }

    fn resolve(
        &self,
        importer: &Utf8Path,
        specifier: &str,
        world: &mut dyn Probe,
    ) -> Result<Utf8PathBuf, Unresolved> {
        let found = candidates(importer, specifier)
            .into_iter()
            .find(|path| world.kind(path) == PlaceKind::File);
        found.ok_or_else(|| Unresolved {
            message: format!("nothing is called {specifier}"),
            help: None,
        })
    }

    fn describe(&self, name: &str, item: &[u8]) -> String {
        format!("{name} {}", String::from_utf8_lossy(item))
    }

    fn lower(&self, syntax: &Payload, imports: &mut dyn Imports) -> Lowered {
        let tree = syntax
            .downcast_ref::<Tree>()
            .expect("the engine hands back the tree that was parsed");
        if let Some(hook) = &mut *self.hook.lock().expect("no hook panics") {
            hook(tree.path.as_str());
        }
        let mut code = format!("module {}\n", tree.path);
        let mut notes = String::new();
        let mut diagnostics = Vec::new();
        for (keyword, rest) in &tree.lines {
            match keyword.as_str() {
                "use" => {
                    let (specifier, name) = rest
                        .split_once(' ')
                        .expect("a use names a module and an item");
                    let item = imports
                        .resolve(&tree.path, specifier)
                        .and_then(|module| Some((imports.item(&module, name)?, module)));
                    match item {
                        Some((item, module)) => {
                            let _ = writeln!(
                                code,
                                "use {module} {name} {}",
                                String::from_utf8_lossy(&item)
                            );
                        }
                        None => diagnostics.push(diagnostic(
                            "toy-missing",
                            &tree.path,
                            format!("{specifier} has no {name}"),
                        )),
                    }
                }
                "all" => {
                    if let Some(module) = imports.resolve(&tree.path, rest) {
                        let _ = writeln!(code, "all {module} {}", imports.names(&module).join(" "));
                    }
                }
                "export" | "body" => {
                    let _ = writeln!(code, "{keyword} {rest}");
                }
                "note" => {
                    let _ = writeln!(notes, "{rest}");
                }
                _ => {}
            }
        }
        if self.wrong == Some(Wrong::Lowered) {
            code.push_str("wrong\n");
        }
        let digest = Digest::of_parts([code.as_bytes(), notes.as_bytes()]);
        let payload = diagnostics
            .is_empty()
            .then(|| Arc::new(Module { code }) as Payload);
        Lowered {
            payload,
            digest,
            diagnostics,
        }
    }

    fn emit(&self, lowered: &Payload, options: &EmitOptions) -> Result<Vec<u8>, EmitError> {
        let module = lowered
            .downcast_ref::<Module>()
            .expect("the engine hands back the module that was lowered");
        let mut object = object(&module.code, options.opt_level);
        if self.wrong == Some(Wrong::Emitted) {
            object.push(b'!');
        }
        Ok(object)
    }

    fn start(&self, entry: &Utf8Path) -> Result<Vec<u8>, EmitError> {
        Ok(format!("start {entry}").into_bytes())
    }

    fn runtime(&self) -> RuntimeArchive {
        RuntimeArchive {
            bytes: b"toy runtime",
            libraries: &["toy"],
        }
    }
}

/// The bytes of an object.
pub fn object(code: &str, opt_level: OptLevel) -> Vec<u8> {
    format!("{opt_level:?}\n{code}").into_bytes()
}
