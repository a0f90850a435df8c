//! The embedded linker against itself as a program of its own: what it reads through Kiln is what it reads when the kernel
//! is asked.
//!
//! There need be no `wild` here: this test program becomes one when it is run again with a variable set.

use crate::project::{FOLDER, Project};
use kiln::host::{Access, Command, Event, Host};
use kiln::link::{Argument, Embedded, LinkPlace, Linker};
use kiln::observe::{Observation, Reader, Role, Seen};
use std::collections::BTreeSet;

/// Holds the linker's arguments, one a line.
const ARGUMENTS: &str = "KILN_TEST_WILD_ARGUMENTS";

/// Does nothing unless it is run as the linker.
#[test]
fn wild() {
    let Ok(words) = std::env::var(ARGUMENTS) else {
        return;
    };
    let words: Vec<String> = words.lines().map(str::to_owned).collect();
    let mut args = libwild::Args::new(|| words.iter()).expect("arguments");
    args.parse(|| words.iter()).expect("arguments");
    libwild::Linker::new().run(&args).expect("links");
}

/// What was read and where nothing was found, of the files that belong to the link: not those that the system loads to run
/// this program, and not the objects.
type Looks = (BTreeSet<String>, BTreeSet<String>);

fn counts(path: &str) -> bool {
    let loaded = path.contains(".so.") || path.starts_with("/proc") || path.starts_with("/sys");
    let own = path.ends_with("main.o") || path.contains("/dev/") || path.contains("program");
    let linked = [".a", ".so", ".o"].iter().any(|end| path.ends_with(end));
    linked && !loaded && !own
}

fn through_kiln(seen: &[Seen]) -> Looks {
    let mut looks = Looks::default();
    for seen in seen.iter().filter(|seen| seen.role == Role::Link) {
        match &seen.observation {
            Observation::File { path, .. } => looks.0.insert(path.to_string()),
            Observation::Absent { path } => looks.1.insert(path.to_string()),
            _ => false,
        };
    }
    keep(looks)
}

fn through_the_kernel(root: &str, events: &[Event]) -> Looks {
    let mut looks = Looks::default();
    for event in events {
        let path = event.path.as_str();
        let path = path.strip_prefix(&format!("{root}/")).unwrap_or(path);
        match event.access {
            Access::Read(_) => looks.0.insert(path.to_owned()),
            Access::Probed(None) => looks.1.insert(path.to_owned()),
            _ => false,
        };
    }
    keep(looks)
}

fn keep((read, absent): Looks) -> Looks {
    let keep = |paths: BTreeSet<String>| paths.into_iter().filter(|path| counts(path)).collect();
    (keep(read), keep(absent))
}

/// Links in both ways.
fn both(project: &Project) -> (Looks, Looks) {
    let world = project.world();
    let plan = project.plan().0.expect("the C compiler answers");
    let reader = Reader::new(&world);
    let linked = Embedded.link(
        &plan,
        &project.objects(),
        &LinkPlace::at(FOLDER.into()),
        &reader,
    );
    linked.expect("links");
    let embedded = through_kiln(&reader.finish());

    let mut words = vec!["wild".to_owned(), "-o".to_owned(), "program".to_owned()];
    for argument in &plan.arguments {
        match argument {
            Argument::Text(text) => words.push(text.clone()),
            Argument::Objects => words.extend(project.sources.iter().cloned()),
        }
    }
    let host = project.host();
    let program = host.program().expect("this program");
    let args = ["itself::wild", "--exact", "--nocapture"];
    let observed = host.observe(&Command {
        program,
        called: None,
        args: args.map(str::to_owned).to_vec(),
        env: vec![(ARGUMENTS.to_owned(), words.join("\n"))],
    });
    let observed = observed.expect("programs can be observed here");
    assert_eq!(
        observed.output.status,
        Some(0),
        "{}",
        String::from_utf8_lossy(&observed.output.stdout)
    );
    assert!(observed.gaps.is_empty(), "{:?}", observed.gaps);
    let root = project.root().as_str();
    (embedded, through_the_kernel(root, &observed.events))
}

fn agree(project: &Project, read: &str) {
    let (embedded, observed) = both(project);
    assert!(embedded.0.contains(read), "{:?}", embedded.0);
    assert_eq!(embedded.0, observed.0, "files read");
    assert_eq!(embedded.1, observed.1, "places with nothing there");
}

#[test]
fn a_search_looks_the_same_in_both_ways() {
    let project = Project::greeting();
    project.archive("second/libgreet.a", 2);
    agree(&project, "second/libgreet.a");
    project.shared("second/libgreet.so", 3);
    agree(&project, "second/libgreet.so");
    project.archive("first/libgreet.a", 1);
    project.remove("second/libgreet.so");
    agree(&project, "first/libgreet.a");
}

#[test]
fn scripts_and_thin_archives_look_the_same_in_both_ways() {
    let project = Project::greeting();
    project.archive("first/libreal.a", 1);
    project.write("first/libgreet.so", b"INPUT(libreal.a)\n");
    agree(&project, "first/libreal.a");

    let mut project = Project::greeting();
    project.archive("first/libgreet.a", 1);
    project.remove("first/libgreet.a");
    project.tool("ar", &["rcsDT", "first/libgreet.a", "greet.o"]);
    project.options.search = vec!["first".into()];
    agree(&project, "first/libgreet.a");
}
