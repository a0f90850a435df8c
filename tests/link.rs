//! The embedded linker on real objects, made by the system's C compiler: what it makes, what it records, what it says.
//!
//! Each test has a project of its own in a scratch directory. There is no C compiler-less fallback: without `cc` these
//! tests fail, because they would prove nothing.
#![cfg(feature = "wild")]

use camino::{Utf8Path, Utf8PathBuf};
use kiln::error::ErrorKind;
use kiln::host::{Bytes, Command, Host, Lock, NativeHost, Output, Stamp};
use kiln::link::{Argument, Embedded, LinkFailure, LinkObject, LinkOptions, LinkPlan, Linked, LinkProblem, Linker};
use kiln::observe::{Observation, Reader, Role, Seen, World};
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// The operating system with variables of the test's choice.
struct Desk {
    native: NativeHost,
    variables: HashMap<String, Option<String>>,
}

impl Host for Desk {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned().unwrap_or_else(|| self.native.variable(name))
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
    fn lock(&self, path: &Utf8Path, waiting: &mut dyn FnMut(&str)) -> io::Result<Lock> {
        self.native.lock(path, waiting)
    }
    fn run(&self, command: &Command) -> io::Result<Output> {
        self.native.run(command)
    }
}

/// A project in a scratch directory.
struct Project {
    directory: tempfile::TempDir,
    variables: HashMap<String, Option<String>>,
    options: LinkOptions,
    sources: Vec<String>,
}

/// A program that calls `greeting` of a library.
const MAIN: &str = "#include <stdio.h>\nextern int greeting(void);\nint main(void) { printf(\"%d\\n\", greeting()); return 0; }\n";

impl Project {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a scratch directory");
        Self { directory, variables: HashMap::new(), options: LinkOptions::default(), sources: Vec::new() }
    }

    /// A project whose program needs `-lgreet`, searched in `first` and then in `second`.
    fn greeting() -> Self {
        let mut project = Self::new();
        project.source("main", MAIN);
        project.options.search = vec!["first".into(), "second".into()];
        project.options.libraries = vec!["greet".to_owned()];
        project
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.directory.path()).expect("the scratch directory has a UTF-8 path")
    }

    fn host(&self) -> Desk {
        let native = NativeHost::open(self.root(), "test".to_owned()).expect("the scratch directory opens");
        Desk { native, variables: self.variables.clone() }
    }

    fn world(&self) -> World {
        World::new(Arc::new(self.host()))
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        self.host().replace(path.into(), bytes, 0o755).expect("the scratch directory is writable");
    }

    fn remove(&self, path: &str) {
        self.host().remove(path.into()).expect("the file can be removed");
    }

    /// Runs a program in the project, which must succeed.
    fn tool(&self, program: &str, args: &[&str]) -> String {
        let world = World::new(Arc::new(NativeHost::open(self.root(), "test".to_owned()).expect("the scratch directory opens")));
        let found = world.find_tool(program, "PATH");
        let program = found.unwrap_or_else(|| panic!("these tests need `{program}` in PATH"));
        let env = vec![("PATH".to_owned(), world.host().variable("PATH").unwrap_or_default())];
        let args = args.iter().copied().map(str::to_owned).collect();
        let output = world.host().run(&Command { program, args, env }).expect("the program starts");
        assert_eq!(output.status, Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn compile(&self, name: &str, text: &str, flags: &[&str]) -> String {
        let (source, object) = (format!("{name}.c"), format!("{name}.o"));
        self.write(&source, text.as_bytes());
        self.tool("cc", &[flags, &["-c", &source, "-o", &object]].concat());
        object
    }

    /// Adds a module to the program.
    fn source(&mut self, name: &str, text: &str) {
        let object = self.compile(name, text, &["-fPIC"]);
        self.sources.push(object);
    }

    /// Makes a static library with a `greeting` that gives `value`.
    fn archive(&self, path: &str, value: u32) {
        let object = self.compile("greet", &format!("int greeting(void) {{ return {value}; }}\n"), &["-fPIC"]);
        self.write(&format!("{path}.parent"), b"");
        self.host().remove(path.into()).expect("absence is no error");
        self.tool("ar", &["rcsD", path, &object]);
    }

    /// Makes a shared library with a `greeting` that gives `value`.
    fn shared(&self, path: &str, value: u32) {
        let object = self.compile("greet", &format!("int greeting(void) {{ return {value}; }}\n"), &["-fPIC"]);
        self.write(&format!("{path}.parent"), b"");
        self.tool("cc", &["-shared", "-o", path, &object]);
    }

    fn objects(&self) -> Vec<LinkObject> {
        let object = |path: &String| LinkObject { name: path.clone(), bytes: self.host().read(path.as_str().into()).expect("an object") };
        self.sources.iter().map(object).collect()
    }

    fn plan(&self) -> (kiln::error::Result<LinkPlan>, Vec<Seen>) {
        let world = self.world();
        let reader = Reader::new(&world);
        let plan = Embedded.plan(&self.options, &[], &reader);
        (plan, reader.finish())
    }

    fn link(&self) -> (Result<Linked, LinkFailure>, Vec<Seen>) {
        let world = self.world();
        let plan = Embedded.plan(&self.options, &[], &Reader::new(&world)).expect("the C compiler answers");
        let reader = Reader::new(&world);
        let linked = Embedded.link(&plan, &self.objects(), &reader);
        (linked, reader.finish())
    }

    /// Links and runs: what the program prints, and what the link saw.
    fn run(&self) -> (String, Vec<Seen>) {
        let (linked, seen) = self.link();
        let linked = linked.expect("links");
        self.write("program", &linked.bytes);
        assert!(self.broken(&seen).is_empty(), "what was just seen holds");
        let program = self.root().join("program");
        let env = vec![("LD_LIBRARY_PATH".to_owned(), format!("{0}/first:{0}/second", self.root()))];
        let output = self.host().run(&Command { program, args: Vec::new(), env }).expect("the program starts");
        assert_eq!(output.status, Some(0));
        (String::from_utf8(output.stdout).expect("UTF-8"), seen)
    }

    /// The paths and names of what no longer holds.
    fn broken(&self, seen: &[Seen]) -> Vec<String> {
        let world = self.world();
        seen.iter().map(|seen| &seen.observation).filter(|seen| !world.holds(seen)).map(|seen| seen.subject().to_owned()).collect()
    }

    fn problems(&self) -> Vec<LinkProblem> {
        match self.link().0 {
            Err(LinkFailure::Program(problems)) => problems,
            other => panic!("the program is wrong, but: {other:?}"),
        }
    }
}

#[test]
fn a_program_from_memory_runs_and_names_no_object() {
    let mut project = Project::new();
    project.source("main", "#include <stdio.h>\nint f(void);\nint main(void) { printf(\"%d\\n\", f()); return 0; }\n");
    project.source("very_special_name", "int f(void) { return 42; }\n");
    let world = project.world();
    let plan = Embedded.plan(&project.options, &["m"], &Reader::new(&world)).expect("the C compiler answers");
    let rename = |objects: Vec<LinkObject>| objects.into_iter().map(|object| LinkObject { name: format!("other/{}", object.name), ..object });
    let objects = project.objects();
    let renamed: Vec<LinkObject> = rename(project.objects()).collect();
    for source in &project.sources {
        project.remove(source);
    }
    let reader = Reader::new(&world);
    let linked = Embedded.link(&plan, &objects, &reader).expect("links");
    let again = Embedded.link(&plan, &renamed, &Reader::new(&world)).expect("links");
    assert!(linked.bytes == again.bytes, "names of objects do not reach the program");
    assert!(reader.finish().iter().all(|seen| seen.role != Role::Link || !seen.observation.subject().contains("/dev/null")));
    assert_eq!(linked.warnings, "");
    project.write("program", &linked.bytes);
    assert_eq!(project.tool(project.root().join("program").as_str(), &[]), "42\n");
}

#[test]
fn the_number_of_threads_does_not_change_the_program() {
    let mut project = Project::new();
    project.source("main", "int f0(int);\nint main(void) { return f0(0); }\n");
    for i in 0..40 {
        let text = format!(
            "#include <stdio.h>\nint f{}(int);\nstatic int table[] = {{ {i}, 2, 3 }};\nint f{i}(int x) {{ puts(\"module {i}\"); return x > 30 ? table[x & 1] : f{}(x + 1); }}\n",
            (i + 1) % 40,
            (i + 1) % 40
        );
        project.source(&format!("m{i}"), &text);
    }
    let link_with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| project.link().0.expect("links").bytes)
    };
    let one = link_with(1);
    for threads in [2, 3, 7] {
        assert!(link_with(threads) == one, "{threads} threads give another program");
    }
}

#[test]
fn a_plan_keeps_its_meaning_in_a_trace() {
    let project = Project::new();
    let (plan, seen) = project.plan();
    let plan = plan.expect("the C compiler answers");
    let stored = postcard::to_stdvec(&plan).expect("encodes");
    assert_eq!(postcard::from_bytes::<LinkPlan>(&stored).expect("decodes"), plan);
    assert_eq!(plan.arguments.iter().filter(|argument| **argument == Argument::Objects).count(), 1);
    assert!(plan.driver.is_absolute());
    assert!(project.broken(&seen).is_empty());
    assert!(seen.iter().all(|seen| matches!(seen.role, Role::Tool | Role::Environment)));
}

#[test]
fn a_library_in_an_earlier_directory_is_noticed() {
    let project = Project::greeting();
    project.archive("second/libgreet.a", 2);
    let (printed, seen) = project.run();
    assert_eq!(printed, "2\n");
    project.archive("first/libgreet.a", 1);
    assert_eq!(project.broken(&seen), ["first/libgreet.a"]);
    assert_eq!(project.run().0, "1\n");
}

#[test]
fn a_shared_library_beside_the_archive_is_noticed_and_so_is_its_removal() {
    let project = Project::greeting();
    project.archive("first/libgreet.a", 1);
    let (printed, seen) = project.run();
    assert_eq!(printed, "1\n");
    // The linker prefers a shared library, even one in a later directory.
    project.shared("second/libgreet.so", 2);
    assert_eq!(project.broken(&seen), ["second/libgreet.so"]);
    let (printed, seen) = project.run();
    assert_eq!(printed, "2\n");
    project.remove("second/libgreet.so");
    assert_eq!(project.broken(&seen), ["second/libgreet.so"]);
    assert_eq!(project.run().0, "1\n");
}

#[test]
fn a_changed_library_and_a_turned_link_are_noticed() {
    let mut project = Project::greeting();
    project.options.search = vec!["current".into()];
    project.archive("v1/libgreet.a", 1);
    project.archive("v2/libgreet.a", 2);
    project.tool("ln", &["-s", "v1", "current"]);
    let (printed, seen) = project.run();
    assert_eq!(printed, "1\n");
    project.tool("ln", &["-sfn", "v2", "current"]);
    assert_eq!(project.broken(&seen), ["current/libgreet.a"]);
    let (printed, seen) = project.run();
    assert_eq!(printed, "2\n");
    project.archive("v2/libgreet.a", 3);
    assert_eq!(project.broken(&seen), ["current/libgreet.a"]);
    assert_eq!(project.run().0, "3\n");
}

#[test]
fn a_linker_script_and_what_it_names_are_observed_as_spelled() {
    let mut project = Project::greeting();
    project.options.search = vec!["current".into()];
    for (version, value) in [("v1", 1), ("v2", 2)] {
        project.archive(&format!("{version}/libreal.a"), value);
        project.write(&format!("{version}/libgreet.so"), b"INPUT(libreal.a)\n");
    }
    project.tool("ln", &["-s", "v1", "current"]);
    let (printed, seen) = project.run();
    assert_eq!(printed, "1\n");
    // The script is the same in both: only what it names differs.
    project.tool("ln", &["-sfn", "v2", "current"]);
    assert_eq!(project.broken(&seen), ["current/libreal.a"]);
    assert_eq!(project.run().0, "2\n");
}

#[test]
fn response_files_are_expanded_and_observed() {
    let mut project = Project::greeting();
    project.options.libraries.clear();
    project.options.search.clear();
    project.archive("lib/libgreet.a", 1);
    project.archive("lib/libother.a", 2);
    project.write("link.args", b"@more.args");
    project.write("more.args", b"-Llib -lgreet");
    project.options.args = vec!["@link.args".to_owned()];
    assert_eq!(project.run().0, "1\n");
    let (_, seen) = project.plan();
    project.write("more.args", b"-Llib -lother");
    assert_eq!(project.broken(&seen), ["more.args"]);
    assert_eq!(project.run().0, "2\n");
}

#[test]
fn what_a_compiler_would_read_besides_is_observed() {
    let mut project = Project::new();
    project.write("extra/keep", b"");
    project.variables.insert("LIBRARY_PATH".to_owned(), Some("extra".to_owned()));
    let (plan, seen) = project.plan();
    plan.expect("the C compiler answers");
    let expected = Observation::Variable { name: "LIBRARY_PATH".to_owned(), value: Some("extra".to_owned()) };
    assert!(seen.iter().any(|seen| seen.observation == expected));
    // gcc would read this file silently.
    let specs = seen.iter().any(|seen| seen.observation.subject().contains("extra") && seen.observation.subject().ends_with("/specs"));
    if project.tool("cc", &["-v"]).is_empty() && specs {
        project.write("extra/specs", b"*link:\n+ --defsym=zz=1\n\n");
        assert!(!project.broken(&seen).is_empty(), "a specs file appeared");
    }
    project.variables.clear();
    assert!(project.broken(&seen).contains(&"LIBRARY_PATH".to_owned()));
}

#[test]
fn an_earlier_compiler_in_path_is_noticed() {
    let mut project = Project::new();
    let path = project.host().variable("PATH").unwrap_or_default();
    project.variables.insert("PATH".to_owned(), Some(format!("{}/bin:{path}", project.root())));
    let (plan, seen) = project.plan();
    plan.expect("the C compiler answers");
    project.write("bin/cc", b"#!/bin/sh\nexec gcc \"$@\"\n");
    assert_eq!(project.broken(&seen), ["cc"]);
    // A script cannot be observed: the next name is taken, or the script is refused where it was asked for.
    project.options.driver = "cc".to_owned();
    let error = project.plan().0.expect_err("a script");
    assert!(error.kind == ErrorKind::Configuration && error.message.contains("is a script"), "{error}");
}

#[test]
fn a_missing_compiler_is_the_worlds_fault() {
    let mut project = Project::new();
    project.variables.insert("PATH".to_owned(), Some(format!("{}/bin", project.root())));
    let (plan, seen) = project.plan();
    let error = plan.expect_err("there is no compiler");
    assert!(error.kind == ErrorKind::World && error.message.contains("no C compiler"), "{error}");
    assert!(error.remedy.is_some_and(|remedy| remedy.contains("apt-get install gcc")));
    assert_eq!(seen.iter().map(|seen| seen.observation.subject()).collect::<Vec<_>>(), ["cc", "gcc", "clang"]);
}

#[test]
fn another_linker_is_a_configuration_error() {
    let mut project = Project::new();
    project.options.linker = "bfd".to_owned();
    let error = project.plan().0.expect_err("bfd is not built in");
    assert!(error.kind == ErrorKind::Configuration && error.message.contains("`bfd`"), "{error}");
    project.options = LinkOptions { args: vec!["-fuse-ld=lld".to_owned()], ..LinkOptions::default() };
    assert_eq!(project.plan().0.expect_err("lld contradicts").kind, ErrorKind::Configuration);
    project.options.args = vec!["-Wl,--build-id=uuid".to_owned()];
    assert!(project.plan().0.expect_err("never the same").message.contains("--build-id=uuid"));
    project.options.args = vec!["-frobnicate".to_owned()];
    let error = project.plan().0.expect_err("the compiler does not know it");
    assert!(error.kind == ErrorKind::Configuration && error.message.contains("frobnicate"), "{error}");
}

#[test]
fn a_variable_of_the_linker_is_refused() {
    let mut project = Project::new();
    project.source("main", "int main(void) { return 0; }\n");
    project.variables.insert("WILD_SAVE_DIR".to_owned(), Some("/nowhere".to_owned()));
    let Err(LinkFailure::World(error)) = project.link().0 else { panic!("the variable changes the link") };
    assert!(error.kind == ErrorKind::Configuration && error.message.contains("WILD_SAVE_DIR"), "{error}");
}

#[test]
fn a_missing_library_is_named_and_found_when_it_appears() {
    let project = Project::greeting();
    let problems = project.problems();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].code.as_str(), problems[0].subject.as_deref()), ("link-missing-library", Some("greet")));
    let (_, seen) = project.link();
    project.archive("second/libgreet.a", 7);
    assert_eq!(project.broken(&seen), ["second/libgreet.a"]);
    assert_eq!(project.run().0, "7\n");
}

#[test]
fn all_undefined_symbols_are_named_with_their_objects() {
    let mut project = Project::new();
    project.source("main", "int one(void), two(void), f(void);\nint main(void) { return two() + f(); }\n");
    project.source("other", "int one(void), two(void);\nint f(void) { return one() + two(); }\n");
    for _ in 0..3 {
        let problems = project.problems();
        let found: Vec<(&str, String)> =
            problems.iter().map(|problem| (problem.subject.as_deref().unwrap_or_default(), problem.objects.join(" "))).collect();
        assert_eq!(found, [("one", "other.o".to_owned()), ("two", "main.o other.o".to_owned())]);
    }
}

#[test]
fn a_missing_file_and_an_object_of_another_kind_are_told_apart() {
    let mut project = Project::new();
    project.source("main", "int main(void) { return 0; }\n");
    project.options.args = vec!["vendor/extra.o".to_owned()];
    let problems = project.problems();
    assert_eq!((problems[0].code.as_str(), problems[0].subject.as_deref()), ("link-missing-file", Some("vendor/extra.o")));
    project.options.args.clear();
    let lto = project.compile("lto", "int lto(void) { return 0; }\n", &["-flto", "-fno-fat-lto-objects"]);
    project.sources.push(lto);
    assert!(project.problems()[0].help.as_deref().is_some_and(|help| help.contains("-flto")));
}

#[test]
fn static_programs_and_other_arguments_have_their_meaning() {
    let mut project = Project::greeting();
    project.archive("first/libgreet.a", 1);
    project.shared("first/libgreet.so", 2);
    project.options.args = vec!["-static".to_owned(), "-Wl,-z,now".to_owned(), "-s".to_owned()];
    let (printed, seen) = project.run();
    assert_eq!(printed, "1\n");
    assert!(seen.iter().any(|seen| seen.observation.subject().ends_with("/libc.a")));
    project.options.args = vec!["-no-pie".to_owned(), "-pthread".to_owned(), "-Wl,--build-id=sha1".to_owned()];
    assert_eq!(project.run().0, "2\n");
}
