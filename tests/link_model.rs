//! The modelled way against the real linkers: what the model says a link reads is what it reads, as `strace` sees it, and
//! where it says nothing it says why.
//!
//! `KILN_SEEDS=1000` tries more layouts, `KILN_SEED=17` one. Seeds are printed where something is wrong.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "link/layout.rs"]
mod layout;
#[path = "link/traced.rs"]
mod traced;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use kiln::host::{Host, NativeHost};
use kiln::link::modelled::{self, Linker, Model, Unmodelled, built_in_directories};
use kiln::link::report::{self, ReportForm};
use kiln::observe::{Reader, Seen, World};
use kiln::rule::{Examined, Line, Program, RuleId, Rules};
use layout::{Layout, Pool, Random};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Arc;
use traced::{Traced, is_here};

/// A program that is a linker, with its rule.
struct Real {
    program: &'static str,
    path: Utf8PathBuf,
    name: String,
    rules: Rules,
}

impl Real {
    fn find(program: &'static str) -> Option<Self> {
        let here = is_here("strace") && is_here(program);
        if !here {
            return None;
        }
        let path = std::env::var("PATH").expect("a search path");
        let mut places = path
            .split(':')
            .map(|folder| Utf8Path::new(folder).join(program));
        let path = places.find(|path| path.is_file())?;
        let rules = Rules::shipped().expect("the shipped rules are right");
        let called = Program {
            called: program,
            real: program,
            args: &[],
        };
        let id = rules.recognise(&called, &mut || None);
        let Some(RuleId::Linker(name)) = id else {
            panic!("{program} is not recognised: {id:?}");
        };
        Some(Self {
            program,
            path,
            name,
            rules,
        })
    }

    fn model(
        &self,
        args: &[String],
        root: &Utf8Path,
    ) -> (Result<Model, Unmodelled>, Examined, Vec<Seen>) {
        let host = Arc::new(NativeHost::open(root, "a test".to_owned()).expect("a host"));
        let world = World::new(host.clone());
        let reader = Reader::new(&world);
        let mut line = Line {
            args,
            variable: &|_| None,
            response: &mut |path| host.read(path.into()).ok().map(|bytes| bytes.to_vec()),
        };
        let id = RuleId::Linker(self.name.clone());
        let examined = self.rules.examine(&id, &mut line);
        let search = &self.rules.linkers[&self.name].search;
        let mut sysroots = examined.words.iter().rev();
        let sysroot = sysroots.find(|word| word.does == kiln::rule::Does::Sysroot);
        let sysroot = sysroot.map(|word| word.value.as_str());
        let built_in = match search.defaults.is_empty() {
            true => Vec::new(),
            false => built_in_directories(&self.path, &[], sysroot, &*host).expect("it says"),
        };
        let linker = Linker {
            search,
            built_in: &built_in,
        };
        let model = modelled::model(&linker, &examined, &reader);
        (model, examined, reader.finish())
    }
}

/// Absolute, without `.`; `None` outside the layout.
fn inside(root: &Utf8Path, path: &Utf8Path) -> Option<Utf8PathBuf> {
    let absolute = root.join(path);
    let plain: Utf8PathBuf = absolute
        .components()
        .filter(|part| !matches!(part, Utf8Component::CurDir))
        .collect();
    plain.starts_with(root).then_some(plain)
}

fn all<'p>(
    root: &Utf8Path,
    paths: impl IntoIterator<Item = &'p Utf8PathBuf>,
) -> BTreeSet<Utf8PathBuf> {
    paths
        .into_iter()
        .filter_map(|path| inside(root, path))
        .collect()
}

/// What is wrong with the model of a link that succeeded.
fn wrong(
    layout: &Layout,
    model: &Model,
    examined: &Examined,
    seen: &[Seen],
    traced: &Traced,
) -> Vec<String> {
    let root = &layout.root();
    let mut wrong = Vec::new();
    let made = all(root, &traced.made);
    let read: BTreeSet<Utf8PathBuf> = all(root, &traced.read)
        .into_iter()
        .filter(|path| !made.contains(path) && path != root && !path.is_dir())
        .collect();
    let responses: Vec<Utf8PathBuf> = examined
        .responses
        .iter()
        .filter(|response| response.found)
        .map(|response| response.path.clone().into())
        .collect();
    let certain = all(root, model.files.iter().chain(&responses));
    let possible = all(root, &model.possible);
    for path in &read {
        if !certain.contains(path) && !possible.contains(path) {
            wrong.push(format!("it read {path}, which the model has not"));
        }
    }
    for path in &certain {
        if !read.contains(path) {
            wrong.push(format!("it did not read {path}, which the model has"));
        }
    }
    let subjects: Vec<Utf8PathBuf> = seen
        .iter()
        .map(|seen| seen.observation.subject().into())
        .collect();
    let looked = all(root, &subjects);
    for path in all(root, &traced.missed) {
        let output = path.file_name().is_some_and(|name| name.starts_with("out"));
        // GNU ld reads the link `-lfoo` before it knows that this is none; mold opens the first word of a first script.
        let argument = path
            .file_name()
            .is_some_and(|name| name.starts_with("-l") || name == "AS_NEEDED");
        // What is there was asked for its target as a link, and is none.
        let there = path.symlink_metadata().is_ok() && path.exists();
        let below_nothing = |path: &Utf8PathBuf| !path.exists() && all_of(root, path, &looked);
        if !output && !argument && !there && !looked.contains(&path) && !below_nothing(&path) {
            wrong.push(format!(
                "it looked for {path} in vain, and the model did not"
            ));
        }
    }
    let taken: BTreeSet<&String> = model
        .inputs
        .iter()
        .filter_map(|path| inside(root, path))
        .filter_map(|path| {
            // `a/../c` is `c` here: there are no links to directories.
            let real = path.canonicalize_utf8().ok()?;
            layout.markers.get(real.strip_prefix(root).ok()?)
        })
        .collect();
    for marker in markers(root) {
        if !taken.contains(&marker) {
            wrong.push(format!("it took {marker}, and the model {taken:?}"));
        }
    }
    wrong
}

/// The model and the linker's own report: they agree, and would not if an input were missing from the model.
fn confirmed(real: &Real, layout: &Layout, model: &Model) -> Vec<String> {
    let root = layout.root();
    let host = NativeHost::open(&root, "a test".to_owned()).expect("a host");
    let rule = real.rules.linkers[&real.name].report.as_ref();
    let form = ReportForm::of(rule.expect("it has a report"));
    let bytes = host.read("out.d".into()).expect("a report");
    let report = match report::parse(form, &bytes) {
        Ok(report) => report,
        Err(error) => return vec![format!("the report: {error}")],
    };
    // mold reports response files, which are no part of the model.
    let responses = layout.args.iter().filter_map(|arg| arg.strip_prefix('@'));
    let made: Vec<Utf8PathBuf> = responses
        .chain(["nested.rsp"])
        .map(Utf8PathBuf::from)
        .collect();
    let mut wrong = Vec::new();
    if let Err(unmodelled) = model.confirm(&report, &made, &root, &host) {
        wrong.push(unmodelled.to_string());
    }
    let mut without = model.clone();
    without.files.retain(|path| path != "start.o");
    match without.confirm(&report, &made, &root, &host) {
        Err(unmodelled) if unmodelled.what == "start.o" => {}
        other => wrong.push(format!("without start.o: {other:?}")),
    }
    wrong
}

/// Whether the path is a directory that is absent, below which the model looked.
fn all_of(root: &Utf8Path, path: &Utf8Path, looked: &BTreeSet<Utf8PathBuf>) -> bool {
    path.starts_with(root) && looked.iter().any(|looked| looked.starts_with(path))
}

/// The marked symbols and needed libraries of the program.
fn markers(root: &Utf8Path) -> BTreeSet<String> {
    let output = Command::new("readelf")
        .args(["-dsW", "out"])
        .current_dir(root)
        .output()
        .expect("readelf runs");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter(|line| !line.contains(" UND "))
        .filter(|line| !line.contains("SONAME"))
        .flat_map(|line| line.split([' ', '[', ']']))
        .filter(|word| word.len() == 6 && word[3..].starts_with("_m"))
        .map(str::to_owned)
        .collect()
}

fn seeds(usual: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    match number("KILN_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("KILN_SEEDS").unwrap_or(usual),
    }
}

fn agree(program: &'static str) {
    let Some(real) = Real::find(program) else {
        return;
    };
    let pool = Pool::new();
    let (mut modelled, mut failed, mut declined) = (0, 0, BTreeMap::<String, usize>::new());
    let mut problems = Vec::new();
    for seed in seeds(40) {
        let layout = Layout::new(&mut Random::new(seed), &pool);
        let root = layout.root();
        let (model, examined, seen) = real.model(&layout.args, &root);
        let args: Vec<&str> = layout.args.iter().map(String::as_str).collect();
        let traced = traced::run(&root, real.program, &args, &[]);
        if !traced.succeeded {
            failed += 1;
            continue;
        }
        match model {
            Err(unmodelled) => {
                if std::env::var("KILN_KEEP").is_ok() {
                    let kept = format!("/tmp/kept-{program}-{seed}");
                    let _ = Command::new("cp")
                        .args(["-a", root.as_str(), &kept])
                        .status();
                    eprintln!("{kept}: {}", layout.args.join(" "));
                }
                let why = unmodelled.to_string().replace(root.as_str(), "ROOT");
                *declined
                    .entry(format!("KILN_SEED={seed}: {why}"))
                    .or_default() += 1;
            }
            Ok(model) => {
                modelled += 1;
                let mut wrong = wrong(&layout, &model, &examined, &seen, &traced);
                wrong.extend(confirmed(&real, &layout, &model));
                if !wrong.is_empty() {
                    problems.push(format!(
                        "KILN_SEED={seed}: {program} {}\n  {}\n  printed: {}{}",
                        layout.args.join(" "),
                        wrong.join("\n  "),
                        String::from_utf8_lossy(&traced.stdout),
                        String::from_utf8_lossy(&traced.stderr)
                    ));
                }
            }
        }
    }
    eprintln!("{program}: {modelled} links modelled, {failed} failed, declined: {declined:#?}");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    let declined: usize = declined.values().sum();
    assert!(
        modelled >= declined,
        "{program}: {modelled} links are modelled and {declined} are not"
    );
}

#[test]
fn gnu_ld_reads_what_the_model_says() {
    agree("ld.bfd");
}

#[test]
fn gold_reads_what_the_model_says() {
    agree("ld.gold");
}

#[test]
fn lld_reads_what_the_model_says() {
    agree("ld.lld-19");
}

#[test]
fn mold_reads_what_the_model_says() {
    agree("mold");
}

/// A program with the C library, through a driver.
fn drive(driver: &'static str, selected: Option<&'static str>, program: &'static str) {
    let Some(real) = Real::find(program).filter(|_| is_here(driver)) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a scratch directory");
    let root = folder.path().canonicalize().expect("it is there");
    let root = Utf8PathBuf::from_path_buf(root).expect("a path in UTF-8");
    std::fs::write(root.join("main.c"), "int main(void) { return 0; }\n").expect("writes");
    let compiled = Command::new(driver)
        .args(["-c", "main.c"])
        .current_dir(&root)
        .status();
    assert!(compiled.expect("it runs").success());

    let mut args: Vec<String> = selected
        .iter()
        .map(|name| format!("-fuse-ld={name}"))
        .collect();
    let rest = "main.o -o out -lm -Wl,--dependency-file=out.d";
    args.extend(rest.split(' ').map(str::to_owned));
    let path = std::env::var("PATH").expect("a search path");
    let mut places = path
        .split(':')
        .map(|folder| Utf8Path::new(folder).join(driver));
    let command = kiln::host::Command {
        program: places.find(|path| path.is_file()).expect("it ran already"),
        called: None,
        args: args.clone(),
        env: vec![("PATH".to_owned(), path.clone())],
    };
    let host = Arc::new(NativeHost::open(&root, "a test".to_owned()).expect("a host"));
    let world = World::new(host.clone());
    let reader = Reader::new(&world);
    let driven = modelled::driven(&command, selected, &reader).expect("it says");
    let (model, _, _) = real.model(&driven.args, &root);
    let model = model.unwrap_or_else(|error| panic!("{driver} {program}: {error}"));

    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let traced = traced::run(&root, driver, &args, &[]);
    assert!(
        traced.succeeded,
        "{}",
        String::from_utf8_lossy(&traced.stderr)
    );
    for file in &model.files {
        assert!(
            traced.read.contains(file),
            "{driver} {program} did not read {file}"
        );
    }
    assert!(
        model
            .inputs
            .iter()
            .any(|file| file.as_str().ends_with("/crti.o"))
    );
    let rule = real.rules.linkers[&real.name].report.as_ref();
    let form = ReportForm::of(rule.expect("it has a report"));
    let bytes = host.read("out.d".into()).expect("a report");
    let report = report::parse(form, &bytes).expect("it can be read");
    model
        .confirm(&report, &[], &root, &*host)
        .expect("they agree");
    let ran = traced.read.iter().any(|path| *path == driven.linker);
    assert!(ran, "{} was not run", driven.linker);
}

#[test]
fn drivers_are_modelled_through_the_command_that_they_print() {
    drive("gcc", None, "ld.bfd");
    drive("gcc", Some("bfd"), "ld.bfd");
    drive("gcc", Some("gold"), "ld.gold");
    drive("gcc", Some("mold"), "mold");
    drive("clang-19", Some("lld"), "ld.lld-19");
}
