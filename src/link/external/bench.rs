//! [`Bench`]: the folder of the project's state in which one program is linked by an external linker.
//!
//! ```text
//! <folder>/lock              held while the link runs
//! <folder>/objects/<name>    one file for each object: a file that has the right bytes already is left as it is
//! <folder>/tools/<name>      a symbolic link to the linker, where the driver finds it in no other way
//! <folder>/arguments         the arguments, where the system takes no line of this length
//! <folder>/program           the output, taken away when the link is done
//! ```
//!
//! All names follow from the program, and none is random, so that a linker which lets names reach the program makes the
//! same one again. It knows no linker.

use crate::host::{Host, Lock};
use crate::link::{External, LinkObject, LinkPlan};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;
use std::io;

/// Beyond so many bytes the arguments go to a file. Systems take at least as many.
const LONGEST_LINE: usize = 96 << 10;

/// What failed, and at which path.
type Failed = (Utf8PathBuf, io::Error);

pub struct Bench<'f> {
    folder: &'f Utf8Path,
    /// Absolute: where relative paths start.
    root: Utf8PathBuf,
    /// In the order of the objects.
    objects: Vec<Utf8PathBuf>,
    /// Where messages find the names of the objects again.
    names: Vec<(String, String)>,
    /// Where the driver is shown the linker.
    pub tools: Option<Utf8PathBuf>,
    _lock: Lock,
}

impl<'f> Bench<'f> {
    /// Lays everything out that the driver is to find.
    pub fn lay_out(
        host: &dyn Host,
        folder: &'f Utf8Path,
        plan: &LinkPlan,
        external: &External,
        objects: &[LinkObject],
    ) -> Result<Self, Failed> {
        let at = |path: &Utf8Path| {
            let path = path.to_owned();
            move |cause| (path, cause)
        };
        let root = host
            .real_path(Utf8Path::new("."))
            .map_err(at(Utf8Path::new(".")))?;
        let lock = folder.join("lock");
        // Another build of the same program that uses no lock of its own may be under way.
        let lock = host.lock(&lock, &mut |_| {}).map_err(at(&lock))?;
        let mut bench = Self {
            folder,
            root,
            objects: Vec::with_capacity(objects.len()),
            names: Vec::with_capacity(objects.len()),
            tools: None,
            _lock: lock,
        };
        let directory = folder.join("objects");
        let mut known = BTreeSet::new();
        for object in objects {
            let name = file_name(&object.name, &object.bytes);
            let path = directory.join(&name);
            let same = host
                .read(&path)
                .is_ok_and(|bytes| bytes[..] == object.bytes[..]);
            if !same {
                let written = host.replace(&path, &object.bytes, 0o666);
                written.map_err(at(&path))?;
            }
            bench
                .names
                .push((path.as_str().to_owned(), object.name.clone()));
            bench.objects.push(path);
            known.insert(name);
        }
        // Of modules that are gone. What can't be removed is only in the way of nobody.
        for name in host.list(&directory).unwrap_or_default() {
            if !known.contains(&name) {
                let _ = host.remove(&directory.join(name));
            }
        }
        if let (Some(name), Some(linker)) = (&external.shown_as, &plan.linker.path) {
            let tools = folder.join("tools");
            for other in host.list(&tools).unwrap_or_default() {
                let _ = host.remove(&tools.join(other));
            }
            host.make_directory(&tools).map_err(at(&tools))?;
            let link = tools.join(name);
            host.symlink(linker, &link).map_err(at(&link))?;
            bench.tools = Some(tools);
        }
        let program = bench.program();
        host.remove(&program).map_err(at(&program))?;
        Ok(bench)
    }

    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    pub fn objects(&self) -> &[Utf8PathBuf] {
        &self.objects
    }

    /// Where the driver is told to write the program.
    pub fn program(&self) -> Utf8PathBuf {
        self.file("program")
    }

    /// Another file, for whoever runs the link.
    pub fn file(&self, name: &str) -> Utf8PathBuf {
        self.folder.join(name)
    }

    /// Whether a path, as spelled, is in the folder.
    pub fn holds(&self, path: &Utf8Path) -> bool {
        let folder = self.root.join(self.folder);
        let path = self.root.join(path);
        path.starts_with(&folder) || path.starts_with(folder.components().collect::<Utf8PathBuf>())
    }

    /// The arguments, or the name of a file with them where they are too long for the system.
    pub fn shortened(&self, host: &dyn Host, args: Vec<String>) -> Result<Vec<String>, Failed> {
        if args.iter().map(|arg| arg.len() + 1).sum::<usize>() <= LONGEST_LINE {
            return Ok(args);
        }
        let path = self.folder.join("arguments");
        let text: String = args.iter().map(|arg| quoted(arg)).collect();
        match host.replace(&path, text.as_bytes(), 0o666) {
            Ok(()) => Ok(vec![format!("@{path}")]),
            Err(cause) => Err((path, cause)),
        }
    }

    /// A text in which objects have the names that people know.
    pub fn plain(&self, text: &str) -> String {
        let mut plain = text.to_owned();
        if plain.contains(self.folder.as_str()) {
            for (path, name) in &self.names {
                plain = plain.replace(path.as_str(), name);
            }
        }
        plain
    }
}

/// A word of a response file, on a line of its own.
fn quoted(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"\n")
}

/// The file of an object: other names give other files, and none has a letter that means something to anybody.
fn file_name(name: &str, bytes: &[u8]) -> String {
    let mut file = String::with_capacity(name.len() + 2);
    for byte in name.bytes() {
        match byte {
            b'/' => file.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => file.push(byte.into()),
            other => file.push_str(&format!("={other:02x}=")),
        }
    }
    // File systems take 255 bytes.
    if file.len() > 200 {
        file = crate::digest::Digest::of(name.as_bytes()).to_string();
    }
    let archive = bytes.starts_with(b"!<arch>\n");
    file + if archive { ".a" } else { ".o" }
}

#[cfg(test)]
mod tests {
    use super::{file_name, quoted};

    #[test]
    fn names_of_files_are_plain_and_their_own() {
        assert_eq!(file_name("src/main.ts", b""), "src+main.ts.o");
        assert_eq!(file_name("../a b.ts", b""), "..+a=20=b.ts.o");
        assert_eq!(file_name("runtime", b"!<arch>\n"), "runtime.a");
        assert_ne!(file_name("a+b", b""), file_name("a/b", b""));
        assert!(file_name(&"x".repeat(300), b"").len() < 100);
    }

    #[test]
    fn words_of_response_files_keep_their_letters() {
        let words = ["a b", "c\"d\\e", "f\n"].map(quoted).concat();
        assert_eq!(crate::rule::gnu_words(&words), ["a b", "c\"d\\e", "f\n"]);
    }
}
