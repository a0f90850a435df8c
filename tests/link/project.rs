//! A project in a scratch directory for the tests of the linker, with variables of the test's choice. It links and runs
//! real programs, and knows nothing of what a test is about.

use camino::{Utf8Path, Utf8PathBuf};
use kiln::host::{Bytes, Command, Host, Lock, NativeHost, Observed, Output, Stamp};
use kiln::link::{
    Embedded, LinkFailure, LinkObject, LinkOptions, LinkPlace, LinkPlan, LinkProblem, Linked,
    Linker,
};
use kiln::observe::{Reader, Seen, World};
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// The operating system with variables of the test's choice.
pub struct Desk {
    native: NativeHost,
    variables: HashMap<String, Option<String>>,
    /// Whether programs can be observed.
    observable: bool,
}

/// Where the files of external linkers lie.
pub const FOLDER: &str = "state/link";

impl Host for Desk {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables
            .get(name)
            .cloned()
            .unwrap_or_else(|| self.native.variable(name))
    }
    fn stat(&self, path: &Utf8Path) -> io::Result<Option<Stamp>> {
        self.native.stat(path)
    }
    fn read(&self, path: &Utf8Path) -> io::Result<Bytes> {
        self.native.read(path)
    }
    fn list(&self, path: &Utf8Path) -> io::Result<Vec<String>> {
        self.native.list(path)
    }
    fn real_path(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        self.native.real_path(path)
    }
    fn read_link(&self, path: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
        self.native.read_link(path)
    }
    fn denied(&self, path: &Utf8Path) -> io::Result<bool> {
        self.native.denied(path)
    }
    fn symlink(&self, target: &Utf8Path, path: &Utf8Path) -> io::Result<()> {
        self.native.symlink(target, path)
    }
    fn make_directory(&self, path: &Utf8Path) -> io::Result<()> {
        self.native.make_directory(path)
    }
    fn now(&self) -> i64 {
        self.native.now()
    }
    fn boot(&self) -> String {
        self.native.boot()
    }
    fn program(&self) -> io::Result<Utf8PathBuf> {
        self.native.program()
    }
    fn process(&self) -> String {
        self.native.process()
    }
    fn replace(&self, path: &Utf8Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        self.native.replace(path, bytes, mode)
    }
    fn append(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<u64> {
        self.native.append(path, bytes)
    }
    fn truncate(&self, path: &Utf8Path, size: u64) -> io::Result<()> {
        self.native.truncate(path, size)
    }
    fn remove(&self, path: &Utf8Path) -> io::Result<()> {
        self.native.remove(path)
    }
    fn link(&self, path: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.native.link(path, to)
    }
    fn lock(&self, path: &Utf8Path, waiting: &mut dyn FnMut(&str)) -> io::Result<Lock> {
        self.native.lock(path, waiting)
    }
    fn run(&self, command: &Command) -> io::Result<Output> {
        self.native.run(command)
    }
    fn observe(&self, command: &Command) -> io::Result<Observed> {
        if !self.observable {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.native.observe(command)
    }
}

/// A project in a scratch directory.
pub struct Project {
    directory: tempfile::TempDir,
    pub variables: HashMap<String, Option<String>>,
    pub options: LinkOptions,
    pub sources: Vec<String>,
    pub linker: &'static dyn Linker,
    /// Whether programs can be observed here.
    pub observable: bool,
}

/// A program that calls `greeting` of a library.
const MAIN: &str = "#include <stdio.h>\nextern int greeting(void);\nint main(void) { printf(\"%d\\n\", greeting()); return 0; }\n";

impl Project {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a scratch directory");
        Self {
            directory,
            variables: HashMap::new(),
            options: LinkOptions::default(),
            sources: Vec::new(),
            linker: &Embedded,
            observable: true,
        }
    }

    /// A project whose program needs `-lgreet`, searched in `first` and then in `second`.
    pub fn greeting() -> Self {
        let mut project = Self::new();
        project.source("main", MAIN);
        project.options.search = vec!["first".into(), "second".into()];
        project.options.libraries = vec!["-lgreet".to_owned()];
        project
    }

    pub fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.directory.path()).expect("the scratch directory has a UTF-8 path")
    }

    pub fn host(&self) -> Desk {
        let native =
            NativeHost::open(self.root(), "test".to_owned()).expect("the scratch directory opens");
        Desk {
            native,
            variables: self.variables.clone(),
            observable: self.observable,
        }
    }

    pub fn world(&self) -> World {
        World::new(Arc::new(self.host()))
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        self.host()
            .replace(path.into(), bytes, 0o755)
            .expect("the scratch directory is writable");
    }

    pub fn remove(&self, path: &str) {
        self.host()
            .remove(path.into())
            .expect("the file can be removed");
    }

    /// Runs a program in the project, which must succeed.
    pub fn tool(&self, program: &str, args: &[&str]) -> String {
        let world = World::new(Arc::new(
            NativeHost::open(self.root(), "test".to_owned()).expect("the scratch directory opens"),
        ));
        let found = world.find_tool(program, "PATH");
        let program = found.unwrap_or_else(|| panic!("these tests need `{program}` in PATH"));
        let env = vec![(
            "PATH".to_owned(),
            world.host().variable("PATH").unwrap_or_default(),
        )];
        let args = args.iter().copied().map(str::to_owned).collect();
        let output = world
            .host()
            .run(&Command {
                program,
                called: None,
                args,
                env,
            })
            .expect("the program starts");
        assert_eq!(
            output.status,
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    pub fn compile(&self, name: &str, text: &str, flags: &[&str]) -> String {
        let (source, object) = (format!("{name}.c"), format!("{name}.o"));
        self.write(&source, text.as_bytes());
        self.tool("cc", &[flags, &["-c", &source, "-o", &object]].concat());
        object
    }

    /// Adds a module to the program.
    pub fn source(&mut self, name: &str, text: &str) {
        let object = self.compile(name, text, &["-fPIC"]);
        self.sources.push(object);
    }

    /// Makes a static library with a `greeting` that gives `value`.
    pub fn archive(&self, path: &str, value: u32) {
        let object = self.compile(
            "greet",
            &format!("int greeting(void) {{ return {value}; }}\n"),
            &["-fPIC"],
        );
        self.write(&format!("{path}.parent"), b"");
        self.host()
            .remove(path.into())
            .expect("absence is no error");
        self.tool("ar", &["rcsD", path, &object]);
    }

    /// Makes a shared library with a `greeting` that gives `value`.
    pub fn shared(&self, path: &str, value: u32) {
        let object = self.compile(
            "greet",
            &format!("int greeting(void) {{ return {value}; }}\n"),
            &["-fPIC"],
        );
        self.write(&format!("{path}.parent"), b"");
        self.tool("cc", &["-shared", "-o", path, &object]);
    }

    pub fn objects(&self) -> Vec<LinkObject> {
        let object = |path: &String| LinkObject {
            name: path.clone(),
            bytes: self.host().read(path.as_str().into()).expect("an object"),
        };
        self.sources.iter().map(object).collect()
    }

    pub fn plan(&self) -> (kiln::error::Result<LinkPlan>, Vec<Seen>) {
        let world = self.world();
        let reader = Reader::new(&world);
        let plan = self.linker.plan(&self.options, &[], &reader);
        (plan, reader.finish())
    }

    pub fn link(&self) -> (Result<Linked, LinkFailure>, Vec<Seen>) {
        let world = self.world();
        let plan = self
            .linker
            .plan(&self.options, &[], &Reader::new(&world))
            .expect("the C compiler answers");
        let reader = Reader::new(&world);
        let linked = self.linker.link(
            &plan,
            &self.objects(),
            &LinkPlace::at(FOLDER.into()),
            &reader,
        );
        (linked, reader.finish())
    }

    /// Links and runs: what the program prints, and what the link saw.
    pub fn run(&self) -> (String, Vec<Seen>) {
        let (linked, seen) = self.link();
        let linked = linked.expect("links");
        self.write("program", &linked.bytes);
        assert!(self.broken(&seen).is_empty(), "what was just seen holds");
        let program = self.root().join("program");
        let env = vec![(
            "LD_LIBRARY_PATH".to_owned(),
            format!("{0}/first:{0}/second", self.root()),
        )];
        let output = self
            .host()
            .run(&Command {
                called: None,
                program,
                args: Vec::new(),
                env,
            })
            .expect("the program starts");
        assert_eq!(output.status, Some(0));
        (String::from_utf8(output.stdout).expect("UTF-8"), seen)
    }

    /// The paths and names of what no longer holds.
    pub fn broken(&self, seen: &[Seen]) -> Vec<String> {
        let world = self.world();
        seen.iter()
            .map(|seen| &seen.observation)
            .filter(|seen| !world.holds(seen))
            .map(|seen| seen.subject().to_owned())
            .collect()
    }

    pub fn problems(&self) -> Vec<LinkProblem> {
        match self.link().0 {
            Err(LinkFailure::Program(problems)) => problems,
            other => panic!("the program is wrong, but: {other:?}"),
        }
    }
}
