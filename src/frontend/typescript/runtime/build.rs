//! Cargo's build script: compiles the TypeScript runtime, a crate of its own beside this file, to a static archive that
//! the compiler carries within itself. It knows how the archive is made, not what is in it. It also says how the command
//! `kiln` is to be linked, since a package has one build script.
//!
//! The runtime must not depend on anything but libc, so of what rustc puts into the archive only the runtime's own object
//! is kept: with link-time optimisation everything that it uses of `core` and `alloc` is in it.
// The build script runs before there is a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ARCHIVE: &str = "libkiln_runtime.a";

fn main() {
    let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let sources = manifest.join("src/frontend/typescript/runtime");
    println!(
        "cargo::rerun-if-changed={}",
        sources.with_file_name("abi.rs").display()
    );
    watch(&sources);
    link_fast_start();
    if env::var_os("CARGO_FEATURE_TYPESCRIPT").is_none() {
        return;
    }
    let target = PathBuf::from(variable("OUT_DIR"));
    compile(&manifest, &sources, &target);
    let archive = target.join(ARCHIVE);
    let bytes = fs::read(&archive)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", archive.display()));
    let own = own_object(&bytes).unwrap_or_else(|| {
        panic!(
            "{} is not an archive as rustc writes them",
            archive.display()
        )
    });
    fs::write(&archive, own)
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", archive.display()));
}

/// A command that is done in three milliseconds must not spend one of them on moving itself in memory: linked for a fixed
/// address, `kiln` has none of the 20,000 relocations that the dynamic loader would otherwise work off at each start.
fn link_fast_start() {
    let gnu_linux = variable("CARGO_CFG_TARGET_OS") == "linux"
        && env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu");
    if gnu_linux && env::var_os("CARGO_FEATURE_CLI").is_some() {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

fn variable(name: &str) -> String {
    env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: this build script is run by cargo"))
}

/// Every source, so that removing one is noticed as well as changing it.
fn watch(directory: &Path) {
    println!("cargo::rerun-if-changed={}", directory.display());
    let entries = fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("cannot list {}: {error}", directory.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            watch(&path);
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
}

fn compile(manifest: &Path, sources: &Path, target: &Path) {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc)
        .current_dir(sources)
        .args([
            "--crate-name",
            "kiln_runtime",
            "--crate-type",
            "staticlib",
            "--edition",
            "2024",
        ])
        .args([
            "-C",
            "panic=abort",
            "-C",
            "opt-level=3",
            "-C",
            "lto=fat",
            "-C",
            "codegen-units=1",
        ])
        .args([
            "-C",
            "relocation-model=pic",
            "-C",
            "target-cpu=x86-64",
            "-C",
            "force-unwind-tables=no",
            "-C",
            "metadata=kiln",
        ])
        .args(["--check-cfg", "cfg(gc_stress)", "--cap-lints", "warn"])
        // The same bytes wherever the sources lie.
        .arg(format!("--remap-path-prefix={}=kiln", manifest.display()))
        .arg("-o")
        .arg(target.join(ARCHIVE))
        .arg("lib.rs")
        // Flags for the compiler itself are not meant for compiled programs.
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap_or_else(|error| panic!("cannot run {}: {error}", Path::new(&rustc).display()));
    if !output.status.success() {
        panic!(
            "the TypeScript runtime does not compile:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

const MAGIC: &[u8] = b"!<arch>\n";
const HEADER: usize = 60;

/// One member of an archive: where its header is, and its contents.
struct Member<'a> {
    offset: usize,
    name: &'a [u8],
    contents: &'a [u8],
}

fn members(archive: &[u8]) -> Option<Vec<Member<'_>>> {
    let mut members = Vec::new();
    let mut offset = MAGIC.len();
    if !archive.starts_with(MAGIC) {
        return None;
    }
    while offset < archive.len() {
        let header = archive.get(offset..offset + HEADER)?;
        let size: usize = std::str::from_utf8(&header[48..58])
            .ok()?
            .trim()
            .parse()
            .ok()?;
        let contents = archive.get(offset + HEADER..offset + HEADER + size)?;
        members.push(Member {
            offset,
            name: header[..16].trim_ascii_end(),
            contents,
        });
        offset += HEADER + size + size % 2;
    }
    Some(members)
}

/// The archive with nothing but its first object: the index of symbols (`/`) is cut down to those of that object, whose
/// new place is the same for all of them.
fn own_object(archive: &[u8]) -> Option<Vec<u8>> {
    let members = members(archive)?;
    let index = members.iter().find(|member| member.name == b"/")?;
    let own = members
        .iter()
        .find(|member| member.name != b"/" && member.name != b"//")?;

    let word = |at: usize| {
        Some(u32::from_be_bytes(index.contents.get(at..at + 4)?.try_into().ok()?) as usize)
    };
    let count = word(0)?;
    let mut names = index
        .contents
        .get(4 + count * 4..)?
        .split(|byte| *byte == 0);
    let mut kept = Vec::new();
    for symbol in 0..count {
        let name = names.next()?;
        if word(4 + symbol * 4)? == own.offset {
            kept.push(name);
        }
    }

    let index_size = 4 + kept.len() * 4 + kept.iter().map(|name| name.len() + 1).sum::<usize>();
    let object_offset = MAGIC.len() + HEADER + index_size.next_multiple_of(2);
    let mut result = MAGIC.to_vec();
    push_header(&mut result, "/", index_size);
    result.extend((kept.len() as u32).to_be_bytes());
    kept.iter()
        .for_each(|_| result.extend((object_offset as u32).to_be_bytes()));
    for name in &kept {
        result.extend(*name);
        result.push(0);
    }
    result.resize(object_offset, b'\n');
    push_header(&mut result, "runtime.o/", own.contents.len());
    result.extend(own.contents);
    if own.contents.len() % 2 == 1 {
        result.push(b'\n');
    }
    Some(result)
}

/// Name, time, owner, group, mode and size, without anything that differs from build to build.
fn push_header(archive: &mut Vec<u8>, name: &str, size: usize) {
    archive
        .extend(format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, 0, 644).into_bytes());
}
