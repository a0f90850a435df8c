//! External linkers in a project: each with each driver makes the program that the embedded one makes, all that it looked
//! at is recorded, and what cannot be recorded is declined.
//!
//! A linker or driver that is not installed is said so, loudly, and its rows are left out.

use crate::project::{FOLDER, Project};
use kiln::error::ErrorKind;
use kiln::host::Host;
use kiln::link::{
    Decline, Embedded, Kept, LinkFailure, LinkObject, LinkOptions, LinkPlace, Linker, Linkers, Way,
};
use kiln::observe::{Observation, Reader, Role};

/// Each linker as it can be named, with the name of its rule.
const LINKERS: &[(&str, &str)] = &[
    ("bfd", "bfd"),
    ("gold", "gold"),
    ("mold", "mold"),
    ("lld", "lld"),
    ("/usr/bin/ld.bfd", "bfd"),
    ("/usr/bin/ld.lld-19", "lld"),
];

const DRIVERS: &[&str] = &["gcc", "clang-19"];

/// Runs `test` with each linker and driver that are here.
fn each(test: impl Fn(&dyn Fn(Project) -> Project, &str)) {
    let mut ran = 0;
    for driver in DRIVERS {
        for (linker, rule) in LINKERS {
            let with = |mut project: Project| {
                project.linker = &Linkers;
                project.options.linker = (*linker).to_owned();
                project.options.driver = (*driver).to_owned();
                project
            };
            if let Err(error) = with(Project::new()).plan().0 {
                eprintln!("LEFT OUT: linker {linker} with driver {driver}: {error}");
                continue;
            }
            eprintln!("linker {linker} with driver {driver}");
            test(&with, rule);
            ran += 1;
        }
    }
    assert!(ran > 0, "no linker is here");
}

/// A project whose linker is GNU ld, run by gcc.
fn bfd(mut project: Project) -> Project {
    project.linker = &Linkers;
    project.options.linker = "bfd".to_owned();
    project.options.driver = "gcc".to_owned();
    project
}

#[test]
fn each_linker_makes_a_program_that_does_the_same() {
    each(|with, rule| {
        let project = with(Project::greeting());
        project.archive("second/libgreet.a", 7);
        let (plan, _) = project.plan();
        let plan = plan.expect("the linker is here");
        assert_eq!(plan.linker.name, rule);
        assert!(plan.linker.path.is_some() && !plan.linker.version.is_empty());
        assert_eq!(plan.way(), Way::Observed);
        let (linked, _) = project.link();
        let linked = linked.expect("links");
        assert_eq!((linked.way, linked.kept), (Way::Observed, Kept::Recorded));
        assert_eq!(linked.warnings, "");
        let (printed, seen) = project.run();
        assert_eq!(printed, "7\n");
        // The same again gives the same bytes, and looks at the same.
        let (again, seen_again) = project.link();
        assert!(again.expect("links").bytes == linked.bytes);
        assert!(project.broken(&seen_again).is_empty());
        // None of the files that were laid out for the linker is anything that the program rests on.
        let own = |subject: &str| subject.contains(FOLDER);
        let mut all = seen.iter().chain(&seen_again);
        assert!(!all.any(|seen| own(seen.observation.subject())));
    });
    let mut embedded = Project::greeting();
    embedded.linker = &Embedded;
    embedded.archive("second/libgreet.a", 7);
    assert_eq!(embedded.run().0, "7\n");
}

#[test]
fn a_better_match_is_noticed_with_each_linker() {
    each(|with, _| {
        let project = with(Project::greeting());
        project.archive("second/libgreet.a", 2);
        project.write("first/other", b"");
        let (printed, seen) = project.run();
        assert_eq!(printed, "2\n");
        // Beside it, and preferred.
        project.shared("second/libgreet.so", 3);
        assert!(!project.broken(&seen).is_empty(), "a shared library");
        let (printed, seen) = project.run();
        assert_eq!(printed, "3\n");
        // Earlier.
        project.archive("first/libgreet.a", 1);
        assert!(!project.broken(&seen).is_empty(), "an earlier directory");
        let (printed, seen) = project.run();
        assert_eq!(printed, "1\n");
        project.archive("first/libgreet.a", 9);
        assert!(
            project
                .broken(&seen)
                .contains(&"first/libgreet.a".to_owned())
        );
        assert_eq!(project.run().0, "9\n");
    });
}

#[test]
fn a_directory_that_is_born_is_noticed_with_each_linker() {
    each(|with, _| {
        let project = with(Project::greeting());
        project.archive("second/libgreet.a", 2);
        let (printed, seen) = project.run();
        assert_eq!(printed, "2\n");
        project.archive("first/libgreet.a", 1);
        assert!(!project.broken(&seen).is_empty());
        assert_eq!(project.run().0, "1\n");
    });
}

#[test]
fn another_linker_behind_the_driver_is_noticed() {
    each(|with, rule| {
        let mut project = with(Project::greeting());
        let Some(name) = (!project.options.linker.contains('/')).then(|| format!("ld.{rule}"))
        else {
            return;
        };
        project.archive("second/libgreet.a", 2);
        project.write("bin/other", b"");
        let path = project.host().variable("PATH").unwrap_or_default();
        let path = format!("{}/bin:{path}", project.root());
        project.variables.insert("PATH".to_owned(), Some(path));
        let (_, planned) = project.plan();
        let (printed, seen) = project.run();
        assert_eq!(printed, "2\n");
        project.write(&format!("bin/{name}"), b"#!/bin/sh\nexit 1\n");
        assert!(!project.broken(&planned).is_empty(), "{name}: the plan");
        let found_elsewhere = project.options.driver.starts_with("clang");
        // clang looks in its own directory first, and then `PATH` says nothing.
        assert!(
            found_elsewhere || !project.broken(&seen).is_empty(),
            "{name}: the link"
        );
    });
}

#[test]
fn a_linker_that_is_replaced_is_noticed() {
    let mut project = bfd(Project::greeting());
    project.archive("second/libgreet.a", 2);
    project.tool("cp", &["/usr/bin/ld.bfd", "ld.bfd"]);
    project.options.linker = "./ld.bfd".to_owned();
    let (_, planned) = project.plan();
    let (printed, seen) = project.run();
    assert_eq!(printed, "2\n");
    let mut bytes = project.host().read("ld.bfd".into()).expect("it").to_vec();
    bytes.push(0);
    project.write("ld.bfd", &bytes);
    for seen in [planned, seen] {
        let broken = project.broken(&seen);
        assert!(
            broken.iter().any(|path| path.ends_with("/ld.bfd")),
            "{broken:?}"
        );
    }
}

#[test]
fn the_linkers_own_variables_count() {
    let mut project = bfd(Project::greeting());
    project.archive("second/libgreet.a", 2);
    let (_, seen) = project.run();
    let name = "LD_RUN_PATH".to_owned();
    let unset = Observation::Variable {
        name: name.clone(),
        value: None,
    };
    assert!(seen.iter().any(|seen| seen.observation == unset));
    project
        .variables
        .insert(name.clone(), Some("/opt/x".to_owned()));
    assert_eq!(project.broken(&seen), [name]);
    // What no rule names is not given to the tools, and does not count.
    project.variables.clear();
    project
        .variables
        .insert("FROBNICATE".to_owned(), Some("1".to_owned()));
    assert!(project.broken(&seen).is_empty());
}

#[test]
fn what_cannot_be_repeated_is_linked_and_declined() {
    each(|with, _| {
        let mut project = with(Project::greeting());
        project.archive("second/libgreet.a", 2);
        project.options.args = vec!["-Wl,--build-id=uuid".to_owned()];
        let (linked, _) = project.link();
        let linked = linked.expect("links");
        let Kept::Declined(Decline::Argument { argument, rule, .. }) = linked.kept else {
            panic!("nobody can make this program again: {:?}", linked.kept);
        };
        assert_eq!(argument, "--build-id=uuid");
        assert!(rule.starts_with("rules/"), "{rule}");
        assert_eq!(linked.way, Way::Unknown);
    });
}

#[test]
fn the_embedded_linker_leaves_to_others_what_it_cannot_do() {
    let mut project = Project::greeting();
    project.linker = &Linkers;
    project.archive("second/libgreet.a", 2);
    project.options.args = vec!["-Wl,-Map=program.map".to_owned()];
    let (plan, _) = project.plan();
    let plan = plan.expect("another linker can");
    assert!(
        plan.instead
            .as_deref()
            .is_some_and(|why| why.contains("-Map")),
        "{plan:?}"
    );
    let (printed, seen) = project.run();
    assert_eq!(printed, "2\n");
    // The map is part of what came of the link.
    project.remove("program.map");
    assert_eq!(project.broken(&seen), ["program.map"]);
    assert_eq!(project.run().0, "2\n");
    assert!(matches!(
        project.host().stat("program.map".into()),
        Ok(Some(_))
    ));
    // Nobody asked for the embedded one in particular; if somebody does, it says that it cannot.
    project.options.linker = "wild".to_owned();
    assert_eq!(
        project.plan().0.expect_err("wild writes no map").kind,
        ErrorKind::Configuration
    );
}

#[test]
fn an_argument_selects_the_linker() {
    let mut project = Project::greeting();
    project.linker = &Linkers;
    project.options.args = vec!["-fuse-ld=gold".to_owned()];
    let plan = project.plan().0.expect("gold is here");
    assert_eq!(plan.linker.name, "gold");
    project.options.linker = "bfd".to_owned();
    let error = project.plan().0.expect_err("one of the two");
    assert_eq!(error.kind, ErrorKind::Configuration);
    project.options = LinkOptions {
        linker: "frobnicate".to_owned(),
        ..LinkOptions::default()
    };
    let error = project.plan().0.expect_err("there is no such linker");
    assert!(error.message.contains("`frobnicate`"), "{error}");
}

#[test]
fn problems_are_told_in_the_same_words_by_each_linker() {
    each(|with, rule| {
        let mut project = with(Project::new());
        project.source(
            "main",
            "int one(void), two(void), f(void);\nint main(void) { return two() + f(); }\n",
        );
        project.source(
            "other",
            "int one(void), two(void);\nint f(void) { return one() + two(); }\n",
        );
        let problems = project.problems();
        let found: Vec<(&str, String)> = problems
            .iter()
            .map(|problem| {
                (
                    problem.subject.as_deref().unwrap_or_default(),
                    problem.objects.join(" "),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("one", "other.o".to_owned()),
                ("two", "main.o other.o".to_owned())
            ],
            "{rule}"
        );
        let project = with(Project::greeting());
        let problems = project.problems();
        assert_eq!(
            (problems[0].code.as_str(), problems[0].subject.as_deref()),
            ("link-missing-library", Some("greet")),
            "{rule}"
        );
        let mut project = with(Project::greeting());
        project.options.libraries.clear();
        project.options.args = vec!["vendor/extra.o".to_owned()];
        let problems = project.problems();
        assert_eq!(
            (problems[0].code.as_str(), problems[0].subject.as_deref()),
            ("link-missing-file", Some("vendor/extra.o")),
            "{rule}: {problems:?}"
        );
    });
}

#[test]
fn many_objects_fit() {
    each(|with, rule| {
        let mut project = with(Project::new());
        project.source("main", "int main(void) { return 0; }\n");
        let empty = project.compile("empty", "", &[]);
        let bytes = project.host().read(empty.as_str().into()).expect("it");
        let mut objects = project.objects();
        // As long as two thousand of a common length.
        let name = "a/module/with/a/name/that/is/rather/long/so/that/the/line/is/too/".repeat(4);
        objects.extend((0..600).map(|at| LinkObject {
            name: format!("{name}{at}"),
            bytes: bytes.clone(),
        }));
        let world = project.world();
        let plan = project.plan().0.expect("the linker is here");
        let reader = Reader::new(&world);
        let linked = Linkers.link(&plan, &objects, &LinkPlace::at(FOLDER.into()), &reader);
        assert_eq!(linked.expect("links").kept, Kept::Recorded, "{rule}");
    });
}

#[test]
fn objects_are_laid_out_once() {
    let project = bfd(Project::greeting());
    project.archive("second/libgreet.a", 2);
    project.run();
    let host = project.host();
    let folder = camino::Utf8Path::new(FOLDER).join("objects");
    let stamps = || -> Vec<_> {
        let names = host.list(&folder).expect("objects are laid out");
        let stat = |name: &String| host.stat(&folder.join(name)).expect("is there");
        names.iter().map(stat).collect()
    };
    let before = stamps();
    assert_eq!(before.len(), project.sources.len());
    project.run();
    assert_eq!(stamps(), before);
    // What somebody did to one is no part of the next program.
    let name = host.list(&folder).expect("objects").remove(0);
    project.write(folder.join(name).as_str(), b"");
    assert_eq!(project.run().0, "2\n");
    let rest = host.list(FOLDER.into()).expect("the folder");
    assert!(!rest.contains(&"program".to_owned()), "{rest:?}");
}

#[test]
fn where_nothing_can_be_observed_links_are_modelled() {
    each(|with, rule| {
        let mut project = with(Project::greeting());
        project.observable = false;
        project.archive("second/libgreet.a", 2);
        let linked = project.link().0.expect("links");
        assert_eq!(
            (linked.way, linked.kept),
            (Way::Modelled, Kept::Recorded),
            "{rule}"
        );
        let (printed, seen) = project.run();
        assert_eq!(printed, "2\n");
        project.shared("second/libgreet.so", 3);
        assert!(!project.broken(&seen).is_empty(), "{rule}");
        let (printed, seen) = project.run();
        assert_eq!(printed, "3\n");
        project.archive("first/libgreet.a", 1);
        assert!(!project.broken(&seen).is_empty(), "{rule}");
        assert_eq!(project.run().0, "1\n");
    });
}

#[test]
fn what_is_neither_observed_nor_modelled_is_declined() {
    let mut project = bfd(Project::greeting());
    project.observable = false;
    project.archive("second/libgreet.a", 2);
    project.options.args = vec!["-Wl,--accept-unknown-input-arch".to_owned()];
    let linked = project.link().0.expect("links");
    let Kept::Declined(decline) = linked.kept else {
        panic!("nobody knows what this option does")
    };
    assert_eq!(linked.way, Way::Unknown);
    assert_eq!(decline.code(), "unmodelled");
    assert_eq!(decline.subject(), Some("--accept-unknown-input-arch"));
    assert!(!decline.remedy().is_empty());
    // Seen, it can be recorded.
    project.observable = true;
    assert_eq!(project.link().0.expect("links").kept, Kept::Recorded);
}

#[test]
fn a_linker_that_is_killed_is_not_the_programs_fault() {
    let mut project = bfd(Project::greeting());
    project.archive("second/libgreet.a", 2);
    let text = "#include <signal.h>\n#include <string.h>\n#include <stdio.h>\nint main(int n, char **a) {\n\
                if (n > 1 && !strcmp(a[1], \"--version\")) puts(\"GNU ld (ours) 1.0\"); else raise(SIGKILL);\nreturn 0; }\n";
    let object = project.compile("killed", text, &[]);
    project.write("bin/other", b"");
    project.tool("cc", &["-o", "bin/ld.bfd", &object]);
    project.options.linker = "bin/ld.bfd".to_owned();
    let Err(LinkFailure::World(error)) = project.link().0 else {
        panic!("the linker was killed")
    };
    assert!(error.message.contains("signal 9"), "{error}");
}

#[test]
fn roles_tell_tools_from_what_they_worked_on() {
    let project = bfd(Project::greeting());
    project.archive("second/libgreet.a", 2);
    let (_, seen) = project.run();
    let role = |path: &str| {
        let mut of = seen
            .iter()
            .filter(|seen| seen.observation.subject() == path)
            .map(|seen| seen.role);
        of.next()
    };
    assert_eq!(role("second/libgreet.a"), Some(Role::Link));
    assert_eq!(role("first/libgreet.a").or(role("first")), Some(Role::Link));
    assert_eq!(role("/usr/bin/ld.bfd"), Some(Role::Tool));
    let failure = project.link().0;
    assert!(!matches!(failure, Err(LinkFailure::World(_))));
}

#[test]
fn a_script_for_a_linker_is_used_and_declined_whether_it_is_seen_or_not() {
    let mut project = bfd(Project::greeting());
    project.archive("second/libgreet.a", 2);
    project.write("bin/ld.bfd", b"#!/bin/sh\nexec /usr/bin/ld.bfd \"$@\"\n");
    project.tool("chmod", &["755", "bin/ld.bfd"]);
    project.options.linker = "bin/ld.bfd".to_owned();
    for observable in [true, false] {
        project.observable = observable;
        let linked = project.link().0.expect("links");
        let Kept::Declined(decline) = linked.kept else {
            panic!("nobody knows what a script reads")
        };
        assert_eq!(decline.code(), "stranger");
        let script = project.root().join("bin/ld.bfd");
        assert_eq!(decline.subject(), Some(script.as_str()));
        assert!(!decline.remedy().is_empty());
    }
}

#[test]
fn a_linker_is_what_it_says_and_not_what_it_is_called() {
    let mut project = bfd(Project::greeting());
    project.archive("second/libgreet.a", 2);
    project.write("bin/other", b"");
    project.tool("cp", &["/usr/bin/ld.gold", "bin/ld.bfd"]);
    project.options.linker = "bin/ld.bfd".to_owned();
    let plan = project.plan().0.expect("gold is a linker");
    assert_eq!(plan.linker.name, "gold");
    assert_eq!(project.link().0.expect("links").kept, Kept::Recorded);
    project.tool("cp", &["/bin/true", "bin/ld.bfd"]);
    let error = project.plan().0.expect_err("it says that it is `true`");
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert!(error.message.contains("no linker"), "{error}");
}
