//! The linkers' own reports against `strace`: all that a report names was really opened, or looked for.
//!
//! Tests need the linkers, which `.ci/run` installs; one that is absent is named in the output and passed over.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "link/traced.rs"]
mod traced;

use camino::{Utf8Path, Utf8PathBuf};
use kiln::host::{Host, NativeHost};
use kiln::link::report::{self, Report, ReportForm, Sight};
use std::fs;
use std::process::Command;
use traced::{Traced, is_here};

struct Place {
    folder: tempfile::TempDir,
    host: NativeHost,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a scratch directory");
        let root = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
        let host = NativeHost::open(root, "a test".to_owned()).expect("a host");
        Self { folder, host }
    }

    fn root(&self) -> Utf8PathBuf {
        // As a program sees its working directory.
        let path = fs::canonicalize(self.folder.path()).expect("the directory is there");
        Utf8PathBuf::from_path_buf(path).expect("a path in UTF-8")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("writes");
    }

    fn run(&self, program: &str, args: &str) {
        let output = Command::new(program)
            .args(args.split(' '))
            .current_dir(self.root())
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {args}: {stderr}");
    }

    /// Runs a linker, and asks its report of a file (or, without one, of what it printed) to be confirmed.
    fn confirmed(&self, program: &str, args: &str, form: ReportForm, file: Option<&str>) -> Run {
        let args: Vec<&str> = args.split(' ').collect();
        let traced = traced::run(&self.root(), program, &args, &[]);
        let stderr = String::from_utf8_lossy(&traced.stderr);
        assert!(traced.succeeded, "{program} {args:?}: {stderr}");
        let bytes = match file {
            Some(file) => fs::read(self.root().join(file)).expect("a report"),
            None => [&traced.stdout[..], &traced.stderr].concat(),
        };
        let report = report::parse(form, &bytes)
            .unwrap_or_else(|error| panic!("{program}: {error}: {}", bytes.escape_ascii()));
        let alarms = alarms(&traced, &self.root(), &report, &self.host);
        assert!(alarms.is_empty(), "{program} {args:?}: {alarms:#?}");
        self.confirmed_by_the_observer(program, &args, form, file);
        let read = report
            .read
            .iter()
            .map(|file| file.path.to_string())
            .collect();
        Run {
            traced,
            read,
            missed: report.missed.iter().map(ToString::to_string).collect(),
            report,
        }
    }

    /// The same once more, seen by our own observer instead of `strace`.
    fn confirmed_by_the_observer(
        &self,
        program: &str,
        args: &[&str],
        form: ReportForm,
        file: Option<&str>,
    ) {
        let variable = |name: &str| Some((name.to_owned(), std::env::var(name).ok()?));
        let command = kiln::host::Command {
            program: path_of(program),
            called: None,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: variable("PATH").into_iter().collect(),
        };
        let observed = match self.host.observe(&command) {
            Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {
                eprintln!("NOT TESTED: programs cannot be observed here");
                return;
            }
            observed => observed.expect("it runs"),
        };
        assert_eq!(observed.output.status, Some(0), "{program}");
        assert_eq!(observed.gaps, Vec::<String>::new(), "{program}");
        let bytes = match file {
            Some(file) => fs::read(self.root().join(file)).expect("a report"),
            None => [&observed.output.stdout[..], &observed.output.stderr].concat(),
        };
        let report = report::parse(form, &bytes).expect("it was read before");
        let sight = Sight::of(&observed.events, &self.root());
        let alarms = sight.disagreement(&report, &self.host);
        assert!(alarms.is_empty(), "{program} {args:?}: {alarms:#?}");
    }
}

/// The program in `PATH`.
fn path_of(program: &str) -> Utf8PathBuf {
    let path = std::env::var("PATH").expect("a search path");
    let mut places = path
        .split(':')
        .map(|folder| Utf8Path::new(folder).join(program));
    places.find(|path| path.is_file()).expect("it ran already")
}

/// The same as the engine would have it.
fn sight(traced: &Traced, directory: &Utf8Path) -> Sight {
    let mut sight = Sight::new(directory);
    traced.read.iter().for_each(|path| sight.read(path));
    traced.listed.iter().for_each(|path| sight.listed(path));
    traced.made.iter().for_each(|path| sight.made(path));
    traced.looked.iter().for_each(|path| sight.looked(path));
    traced.missed.iter().for_each(|path| sight.absent(path));
    sight
}

/// What a report has and this has not, as text.
fn alarms(traced: &Traced, directory: &Utf8Path, report: &Report, host: &dyn Host) -> Vec<String> {
    let alarms = sight(traced, directory).disagreement(report, host);
    alarms.iter().map(|alarm| format!("{alarm:?}")).collect()
}

struct Run {
    traced: Traced,
    read: Vec<String>,
    missed: Vec<String>,
    report: report::Report,
}

impl Run {
    /// That the report names `path`, and that not seeing it would be an alarm.
    fn names(&self, place: &Place, path: &str) {
        assert!(self.read.iter().any(|read| read == path), "{:?}", self.read);
        let mut blind = Traced {
            read: self.traced.read.clone(),
            ..Traced::default()
        };
        blind.read.retain(|read| !read.ends_with(path));
        let alarms = alarms(&blind, &place.root(), &self.report, &place.host);
        assert!(
            alarms.iter().any(|alarm| alarm.contains(path)),
            "{path}: {alarms:?}"
        );
    }
}

/// Objects, a regular and a thin archive, a shared library that needs another, scripts.
fn elf() -> Place {
    let place = Place::new();
    place.write("main.c", "int f(void), g(void), t(void), s(void);\nint main(void) { return f() + g() + t() + s(); }\n");
    for name in ["f", "g", "s", "unused", "bar"] {
        place.write(
            &format!("{name}.c"),
            &format!("int {name}(void) {{ return 0; }}\n"),
        );
    }
    place.write("t.c", "int bar(void);\nint t(void) { return bar(); }\n");
    for name in ["main", "f", "g", "s", "unused"] {
        place.run("gcc", &format!("-c {name}.c"));
    }
    place.write("d/libscript.so", "INPUT(libs.a)\n");
    place.write("v.map", "{ global: main; local: *; };\n");
    place.write("all.rsp", "f.o\n");
    place.write("thin/.keep", "");
    place.run("ar", "rcs d/libs.a s.o");
    place.run("ar", "rcs d/libunused.a unused.o");
    place.run("ar", "rcsT thin/libg.a g.o unused.o");
    place.run("gcc", "-shared -fPIC -o d/libbar.so bar.c");
    place.run("gcc", "-shared -fPIC -o d/libt.so t.c -Ld -lbar");
    place
}

const ELF: &str = "-Wl,--version-script=v.map -o prog main.o @all.rsp thin/libg.a -Labsent -Ld -lscript -lt -lunused -Wl,-rpath-link,d";

#[test]
fn dependency_files_name_only_what_was_opened() {
    if !is_here("strace") {
        return;
    }
    let place = elf();
    for (driver, select, linker, form) in [
        (
            "gcc",
            "-fuse-ld=bfd",
            "ld.bfd",
            ReportForm::DepfileAsWritten,
        ),
        ("gcc", "-fuse-ld=gold", "ld.gold", ReportForm::Depfile),
        (
            "clang-19",
            "-fuse-ld=lld",
            "ld.lld-19",
            ReportForm::DepfileEscaped,
        ),
        ("gcc", "-fuse-ld=mold", "mold", ReportForm::DepfileCleaned),
    ] {
        if !is_here(driver) || !is_here(linker) {
            continue;
        }
        let args = format!("{select} {ELF} -Wl,--dependency-file=deps");
        let run = place.confirmed(driver, &args, form, Some("deps"));
        for path in [
            "main.o",
            "f.o",
            "d/libs.a",
            "d/libt.so",
            "d/libunused.a",
            "thin/libg.a",
        ] {
            run.names(&place, path);
        }
        assert!(run.missed.is_empty());
    }
}

#[test]
fn what_link_time_optimization_leaves_is_no_alarm() {
    if !is_here("strace") {
        return;
    }
    let place = elf();
    place.run("gcc", "-flto -c main.c f.c");
    for (select, form) in [
        ("-fuse-ld=bfd", ReportForm::DepfileAsWritten),
        ("-fuse-ld=gold", ReportForm::Depfile),
    ] {
        let args = format!("{select} -flto {ELF} -Wl,--dependency-file=deps");
        let run = place.confirmed("gcc", &args, form, Some("deps"));
        assert!(
            run.read.iter().any(|read| read.contains("ltrans")),
            "the temporary object is named: {:?}",
            run.read
        );
    }
}

#[test]
fn attempts_are_those_that_were_made() {
    if !is_here("strace") {
        return;
    }
    let place = elf();
    for linker in ["ld.bfd", "ld.gold"] {
        let args = "--verbose -e main -o prog main.o f.o thin/libg.a -Labsent -Ld -lscript -lt -rpath-link d";
        let run = place.confirmed(linker, args, ReportForm::Attempts, None);
        run.names(&place, "d/libt.so");
        assert!(!run.missed.is_empty() || linker == "ld.gold");
    }
}

#[test]
fn a_script_that_gnu_ld_names_as_written_is_found_where_it_lies() {
    if !is_here("strace") {
        return;
    }
    let place = elf();
    place.write("d/x.ld", "INCLUDE y.ld\n");
    place.write("d/y.ld", "z = 1;\n");
    let args = "-Ld -T x.ld -r -o out.o f.o --dependency-file=deps";
    let run = place.confirmed("ld.bfd", args, ReportForm::DepfileAsWritten, Some("deps"));
    assert!(run.read.iter().any(|read| read == "x.ld"), "{:?}", run.read);
    assert!(run.traced.read.iter().any(|read| read == "d/x.ld"));
}

#[test]
fn dependency_info_names_only_what_was_opened_or_looked_for() {
    let tools = ["strace", "ld64.lld-19", "clang-19", "llvm-ar-19"];
    if !tools.iter().all(|tool| is_here(tool)) {
        return;
    }
    let place = Place::new();
    place.write("m.c", "int foo1(void), inner(void), t(void);\nint main(void) { return foo1() + inner() + t(); }\n");
    for name in ["foo1", "foo2", "t"] {
        place.write(
            &format!("{name}.c"),
            &format!("int {name}(void) {{ return 1; }}\n"),
        );
    }
    for name in ["m", "foo1", "foo2", "t"] {
        place.run(
            "clang-19",
            &format!("--target=x86_64-apple-macos11 -c {name}.c -o {name}.o"),
        );
    }
    place.write("l/.keep", "");
    place.write("k/.keep", "");
    place.run("llvm-ar-19", "rcs l/libfoo.a foo1.o foo2.o");
    place.run("llvm-ar-19", "rcsT l/libthin.a t.o");
    for (path, name, symbol) in [
        (
            "l/libSystem.tbd",
            "/usr/lib/libSystem.B.dylib",
            "dyld_stub_binder",
        ),
        ("F/X.framework/X.tbd", "/F/X.framework/X", "_inner"),
    ] {
        place.write(path, &format!("--- !tapi-tbd\ntbd-version: 4\ntargets: [ x86_64-macos ]\ninstall-name: '{name}'\nexports:\n  - targets: [ x86_64-macos ]\n    symbols: [ {symbol} ]\n...\n"));
    }
    let args = "-arch x86_64 -platform_version macos 11.0 11.0 -o out m.o -Lk -Ll -lfoo -lthin -lSystem -F G -F F -framework X -dependency_info info";
    let run = place.confirmed(
        "ld64.lld-19",
        args,
        ReportForm::DependencyInfo,
        Some("info"),
    );
    run.names(&place, "l/libfoo.a");
    run.names(&place, "F/X.framework/X.tbd");
    assert!(
        run.missed.iter().any(|missed| missed == "k/libfoo.a"),
        "{:?}",
        run.missed
    );
    assert!(
        run.read.iter().any(|read| read == "foo1.o"),
        "members are named"
    );
}

#[test]
fn verbose_lines_name_only_what_was_opened() {
    let tools = ["strace", "lld-link-19", "clang-19", "llvm-lib-19"];
    if !tools.iter().all(|tool| is_here(tool)) {
        return;
    }
    let place = Place::new();
    place.write("m.c", "#pragma comment(lib,\"foo.lib\")\nint foo1(void); int bar(void);\nint mainCRTStartup(void) { return foo1() + bar(); }\n");
    for name in ["foo1", "foo2", "bar"] {
        place.write(
            &format!("{name}.c"),
            &format!("int {name}(void) {{ return 1; }}\n"),
        );
    }
    for name in ["m", "foo1", "foo2", "bar"] {
        place.run(
            "clang-19",
            &format!("--target=x86_64-pc-windows-msvc -c {name}.c -o {name}.obj"),
        );
    }
    place.write("d/.keep", "");
    place.run("llvm-lib-19", "/out:d/foo.lib foo1.obj foo2.obj");
    place.run("llvm-lib-19", "/llvmlibthin /out:d/bar.lib bar.obj");
    let args = "/out:o.exe m.obj bar.lib /libpath:d /entry:mainCRTStartup /subsystem:console /nodefaultlib:libcmt /nodefaultlib:oldnames /verbose /brepro";
    let run = place.confirmed("lld-link-19", args, ReportForm::Reading, None);
    run.names(&place, "d/foo.lib");
    run.names(&place, "d/../bar.obj");
    assert!(
        run.read.iter().any(|read| read == "foo.lib(foo1.obj)"),
        "{:?}",
        run.read
    );
}
