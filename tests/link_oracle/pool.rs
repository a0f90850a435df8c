//! Small objects, archives and shared libraries that are made once. Each has a marker that reaches the output of a link, so
//! that the bytes of the output say which file was taken. The variants of one file have the same size.

use crate::desk::has;
use crate::foreign::{AROUND, PLUGIN};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// How many variants there are of each file.
pub const VARIANTS: usize = 4;

/// Files by name: `foo.0.o`, `foo.0.a`, `foo.0.so`, `main.o`.
pub struct Pool(BTreeMap<String, Arc<Vec<u8>>>);

impl Pool {
    #[track_caller]
    pub fn get(&self, name: &str) -> &Arc<Vec<u8>> {
        let found = self.0.get(name);
        found.unwrap_or_else(|| panic!("the pool has no {name}"))
    }

    /// The variant of `name` with this extension: `foo.2.so`.
    #[track_caller]
    pub fn variant(&self, name: &str, variant: usize, extension: &str) -> &Arc<Vec<u8>> {
        self.get(&format!("{name}.{variant}.{extension}"))
    }
}

/// A scratch directory in which the pool is made.
struct Workshop {
    directory: tempfile::TempDir,
    made: BTreeMap<String, Arc<Vec<u8>>>,
}

impl Workshop {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a scratch directory can be made"),
            made: BTreeMap::new(),
        }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("a file can be written");
    }

    fn run(&self, line: &str) {
        let mut words = line.split_whitespace();
        let mut command = Command::new(words.next().expect("a command"));
        let output = command.args(words).current_dir(self.path()).output();
        let output = output.unwrap_or_else(|error| panic!("{line}: {error}"));
        assert!(output.status.success(), "{line}: {output:?}");
    }

    /// Takes a file of the directory into the pool.
    fn keep(&mut self, file: &str, name: &str) {
        let bytes = fs::read(self.path().join(file)).expect("it was made");
        self.made.insert(name.to_owned(), Arc::new(bytes));
    }
}

/// What a file of this name defines.
fn symbol(name: &str) -> &str {
    match name {
        // What scripts name is taken for `foo`.
        "r" | "baz" => "foo",
        other => other,
    }
}

/// `None` where the tools are missing.
pub fn elf() -> Option<Pool> {
    if !["as", "ar", "cc", "ld.bfd"].iter().all(|tool| has(tool)) {
        return None;
    }
    let mut shop = Workshop::new();
    const STACK: &str = "\n.section .note.GNU-stack,\"\",@progbits\n";
    for (name, entry) in [("main", "main"), ("start", "_start")] {
        shop.write(
            "x.s",
            &format!(
                ".globl {entry}\n.type {entry},@function\n{entry}: call foo@PLT\ncall bar@PLT\nret\n\
                 .globl exported\n.type exported,@function\nexported: ret{STACK}"
            ),
        );
        shop.run("as x.s -o x.o");
        shop.keep("x.o", &format!("{name}.o"));
    }
    for variant in 0..VARIANTS {
        for name in ["foo", "bar", "r", "baz", "dep", "extra"] {
            let symbol = symbol(name);
            // What a shared library asks of the executable changes the executable.
            let asks = if name == "dep" && variant % 2 == 0 {
                "call exported@PLT"
            } else {
                ""
            };
            shop.write(
                "x.s",
                &format!(
                    ".globl {symbol}\n.type {symbol},@function\n{symbol}: {asks}\nmovl ${variant}, %eax\nret\n\
                     .globl marker_{name}_{variant}\nmarker_{name}_{variant}: .byte {variant}{STACK}"
                ),
            );
            let object = format!("{name}.{variant}.o");
            shop.run(&format!("as x.s -o {object}"));
            shop.keep(&object, &object);
            // The name of the member is that of the thin archive of this library.
            let member = format!("t_{name}.o");
            fs::copy(shop.path().join(&object), shop.path().join(&member)).expect("a copy");
            for (flags, extension) in [("rcsD", "a"), ("rcsTD", "thin")] {
                let archive = format!("{name}.{variant}.{extension}");
                shop.run(&format!("ar {flags} {archive} {member}"));
                shop.keep(&archive, &archive);
            }
            let needs = if name == "bar" && variant >= 2 {
                shop.run("ld.bfd -shared -soname libdep.so dep.0.o -o libdep.so");
                "libdep.so"
            } else {
                ""
            };
            let shared = format!("{name}.{variant}.so");
            shop.run(&format!(
                "ld.bfd -shared -soname {name}_{variant}.so {object} {needs} -o {shared}"
            ));
            shop.keep(&shared, &shared);
        }
        shop.write(
            "x.s",
            &format!(".globl foo\nfoo: movl ${variant}, %eax\nret{STACK}"),
        );
        shop.run("as --32 x.s -o other.o");
        let other = format!("other.{variant}.a");
        shop.run(&format!("ar rcsD {other} other.o"));
        shop.keep(&other, &other);
    }
    for tool in ["ld.bfd", "ld.gold", "ld.lld-19", "mold"] {
        if let Some(path) = which(tool) {
            let bytes = fs::read(path).expect("a program");
            shop.made.insert(tool.to_owned(), Arc::new(bytes));
        }
    }
    shop.write("plugin.c", PLUGIN);
    shop.run("cc -shared -fPIC plugin.c -o plugin.so");
    shop.keep("plugin.so", "plugin.so");
    shop.write("around.c", AROUND);
    for (name, answers) in [("around", 0), ("answers", 1)] {
        shop.run(&format!(
            "cc -O -D_GNU_SOURCE -DORACLE_ANSWERS={answers} around.c -o {name}"
        ));
        shop.keep(name, name);
    }
    Some(Pool(shop.made))
}

fn which(tool: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(tool));
    found.find(|path| path.exists())
}

/// The text of a library's stub.
pub fn stub(name: &str, install_name: &str, more: &str) -> String {
    format!(
        "--- !tapi-tbd\ntbd-version: 4\ntargets: [ x86_64-macos ]\ninstall-name: '{install_name}'\n{more}\
         exports:\n  - targets: [ x86_64-macos ]\n    symbols: [ _{name} ]\n...\n"
    )
}

/// `None` where the tools are missing.
pub fn mach_o() -> Option<Pool> {
    if !["clang-19", "ld64.lld-19", "llvm-ar-19"]
        .iter()
        .all(|tool| has(tool))
    {
        return None;
    }
    let mut shop = Workshop::new();
    const CLANG: &str = "clang-19 --target=x86_64-apple-macos11 -c x.s -o";
    shop.write(
        "x.s",
        ".globl _start\n_start: ret\n.data\n.quad _foo\n.quad _bar\n",
    );
    shop.run(&format!("{CLANG} main.o"));
    shop.keep("main.o", "main.o");
    for (framework, link) in [
        ("auto", "\"-lfoo\""),
        ("autoframework", "\"-framework\", \"foo\""),
    ] {
        shop.write(
            "x.s",
            &format!(".globl _{framework}\n_{framework}: ret\n.linker_option {link}\n"),
        );
        shop.run(&format!("{CLANG} {framework}.o"));
        shop.keep(&format!("{framework}.o"), &format!("{framework}.o"));
    }
    for variant in 0..VARIANTS {
        for name in ["foo", "bar"] {
            shop.write(
                "x.s",
                &format!(
                    ".globl _{name}\n_{name}: movl ${variant}, %eax\nret\n\
                     .globl _marker_{name}_{variant}\n_marker_{name}_{variant}: ret\n"
                ),
            );
            let object = format!("{name}.{variant}.o");
            shop.run(&format!("{CLANG} {object}"));
            shop.keep(&object, &object);
            let member = format!("t_{name}.o");
            fs::copy(shop.path().join(&object), shop.path().join(&member)).expect("a copy");
            for (flags, extension) in [("rcsD", "a"), ("rcsTD", "thin")] {
                let archive = format!("{name}.{variant}.{extension}");
                shop.run(&format!("llvm-ar-19 {flags} {archive} {member}"));
                shop.keep(&archive, &archive);
            }
            let shared = format!("{name}.{variant}.dylib");
            shop.run(&format!(
                "ld64.lld-19 -arch x86_64 -platform_version macos 11.0 11.0 -dylib {object} \
                 -install_name /v{variant}/lib{name}.dylib -o {shared}"
            ));
            shop.keep(&shared, &shared);
            let text = stub(name, &format!("/t{variant}/lib{name}.dylib"), "");
            shop.made
                .insert(format!("{name}.{variant}.tbd"), Arc::new(text.into_bytes()));
        }
    }
    Some(Pool(shop.made))
}

/// `None` where the tools are missing.
pub fn coff() -> Option<Pool> {
    if !["clang-19", "lld-link-19", "llvm-lib-19", "llvm-dlltool-19"]
        .iter()
        .all(|tool| has(tool))
    {
        return None;
    }
    let mut shop = Workshop::new();
    const CLANG: &str = "clang-19 --target=x86_64-pc-windows-msvc -c x.s -o";
    for (name, directive) in [
        ("main", ""),
        (
            "asks",
            ".section .drectve,\"yn\"\n.ascii \" /defaultlib:foo.lib\"\n",
        ),
        (
            "asksbare",
            ".section .drectve,\"yn\"\n.ascii \" /defaultlib:foo\"\n",
        ),
    ] {
        shop.write(
            "x.s",
            &format!(".globl start\nstart: call foo\ncall bar\nret\n{directive}"),
        );
        shop.run(&format!("{CLANG} {name}.obj"));
        shop.keep(&format!("{name}.obj"), &format!("{name}.obj"));
    }
    for variant in 0..VARIANTS {
        for name in ["foo", "bar"] {
            shop.write(
                "x.s",
                &format!(".globl {name}\n{name}: movl ${}, %eax\nret\n", variant + 64),
            );
            let object = format!("{name}.{variant}.obj");
            shop.run(&format!("{CLANG} {object}"));
            shop.keep(&object, &object);
            let member = format!("t_{name}.obj");
            fs::copy(shop.path().join(&object), shop.path().join(&member)).expect("a copy");
            let archive = format!("{name}.{variant}.lib");
            shop.run(&format!("llvm-lib-19 /out:{archive} {member}"));
            shop.keep(&archive, &archive);
            let thin = format!("{name}.{variant}.thin");
            shop.run(&format!("llvm-lib-19 /llvmlibthin /out:{thin} {member}"));
            shop.keep(&thin, &thin);
            shop.write(
                "x.def",
                &format!("LIBRARY {name}_{variant}.dll\nEXPORTS\n{name}\n"),
            );
            let import = format!("{name}.{variant}.import");
            shop.run(&format!(
                "llvm-dlltool-19 -m i386:x86-64 -d x.def -l {import}"
            ));
            shop.keep(&import, &import);
        }
    }
    Some(Pool(shop.made))
}
