//! The embedded linker on real objects, made by the system's C compiler: what it makes, what it records, what it says.
//!
//! Each test has a project of its own in a scratch directory. There is no C compiler-less fallback: without `cc` these
//! tests fail, because they would prove nothing.
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(feature = "wild")]

#[path = "link/external.rs"]
mod external;
#[path = "link/itself.rs"]
mod itself;
#[path = "link/library.rs"]
mod library;
#[path = "link/project.rs"]
mod project;

use kiln::error::ErrorKind;
use kiln::host::Host;
use kiln::link::{
    Argument, Embedded, LinkFailure, LinkObject, LinkOptions, LinkPlace, LinkPlan, Linker,
};
use kiln::observe::{Observation, Reader, Role};
use project::{FOLDER, Project};

#[test]
fn a_program_from_memory_runs_and_names_no_object() {
    let mut project = Project::new();
    project.source(
        "main",
        "#include <stdio.h>\nint f(void);\nint main(void) { printf(\"%d\\n\", f()); return 0; }\n",
    );
    project.source("very_special_name", "int f(void) { return 42; }\n");
    let world = project.world();
    let plan = Embedded
        .plan(&project.options, &["m"], &Reader::new(&world))
        .expect("the C compiler answers");
    let rename = |objects: Vec<LinkObject>| {
        objects.into_iter().map(|object| LinkObject {
            name: format!("other/{}", object.name),
            ..object
        })
    };
    let objects = project.objects();
    let renamed: Vec<LinkObject> = rename(project.objects()).collect();
    for source in &project.sources {
        project.remove(source);
    }
    let reader = Reader::new(&world);
    let linked = Embedded
        .link(&plan, &objects, &LinkPlace::at(FOLDER.into()), &reader)
        .expect("links");
    let again = Embedded
        .link(
            &plan,
            &renamed,
            &LinkPlace::at(FOLDER.into()),
            &Reader::new(&world),
        )
        .expect("links");
    assert!(
        linked.bytes == again.bytes,
        "names of objects do not reach the program"
    );
    assert!(
        reader.finish().iter().all(
            |seen| seen.role != Role::Link || !seen.observation.subject().contains("/dev/null")
        )
    );
    assert_eq!(linked.warnings, "");
    project.write("program", &linked.bytes);
    assert_eq!(
        project.tool(project.root().join("program").as_str(), &[]),
        "42\n"
    );
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
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        pool.install(|| project.link().0.expect("links").bytes)
    };
    let one = link_with(1);
    for threads in [2, 3, 7] {
        assert!(
            link_with(threads) == one,
            "{threads} threads give another program"
        );
    }
}

#[test]
fn a_plan_keeps_its_meaning_in_a_trace() {
    let project = Project::new();
    let (plan, seen) = project.plan();
    let plan = plan.expect("the C compiler answers");
    let stored = postcard::to_stdvec(&plan).expect("encodes");
    assert_eq!(
        postcard::from_bytes::<LinkPlan>(&stored).expect("decodes"),
        plan
    );
    assert_eq!(
        plan.arguments
            .iter()
            .filter(|argument| **argument == Argument::Objects)
            .count(),
        1
    );
    assert!(plan.driver.is_absolute());
    assert!(project.broken(&seen).is_empty());
    assert!(
        seen.iter()
            .all(|seen| matches!(seen.role, Role::Tool | Role::Environment))
    );
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
fn a_member_of_a_thin_archive_is_noticed() {
    let mut project = Project::greeting();
    project.archive("first/libgreet.a", 1);
    project.remove("first/libgreet.a");
    project.tool("ar", &["rcsDT", "first/libgreet.a", "greet.o"]);
    project.options.search = vec!["first".into()];
    let (printed, seen) = project.run();
    assert_eq!(printed, "1\n");
    // The archive holds only the member's name, and keeps its bytes.
    project.compile("greet", "int greeting(void) { return 9; }\n", &["-fPIC"]);
    assert_eq!(project.broken(&seen).len(), 1);
    assert!(project.broken(&seen)[0].ends_with("greet.o"));
    assert_eq!(project.run().0, "9\n");
}

#[test]
fn a_shadow_of_the_c_library_is_noticed() {
    let project = Project::greeting();
    project.archive("second/libgreet.a", 2);
    let (_, seen) = project.run();
    project.write("first/libc.so", b"INPUT(-lnothing)\n");
    assert_eq!(project.broken(&seen), ["first/libc.so"]);
    assert_eq!(project.problems()[0].subject.as_deref(), Some("nothing"));
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
    project.options.driver = "gcc".to_owned();
    project
        .variables
        .insert("LIBRARY_PATH".to_owned(), Some("extra".to_owned()));
    let (plan, seen) = project.plan();
    plan.expect("gcc answers");
    let expected = Observation::Variable {
        name: "LIBRARY_PATH".to_owned(),
        value: Some("extra".to_owned()),
    };
    assert!(seen.iter().any(|seen| seen.observation == expected));

    // gcc would read this file silently.
    project.write("extra/specs", b"*link:\n+ --defsym=zz=1\n\n");
    assert!(
        project
            .broken(&seen)
            .iter()
            .any(|path| path.ends_with("extra/specs"))
    );
    let (plan, with_specs) = project.plan();
    assert!(
        plan.expect("gcc answers")
            .arguments
            .contains(&Argument::Text("--defsym=zz=1".to_owned()))
    );
    project.remove("extra/specs");
    assert!(!project.broken(&with_specs).is_empty());

    // And it would prefer this start file to the system's.
    let machine = project.tool("gcc", &["-print-multiarch"]);
    let directory = format!("extra/{}", machine.trim());
    project.write(&format!("{directory}/Scrt1.o"), b"");
    assert!(!project.broken(&seen).is_empty(), "{directory} appeared");

    project.variables.insert("LIBRARY_PATH".to_owned(), None);
    assert!(project.broken(&seen).contains(&"LIBRARY_PATH".to_owned()));
}

#[test]
fn an_earlier_compiler_in_path_is_noticed() {
    let mut project = Project::new();
    let path = project.host().variable("PATH").unwrap_or_default();
    project.variables.insert(
        "PATH".to_owned(),
        Some(format!("{}/bin:{path}", project.root())),
    );
    let (plan, seen) = project.plan();
    plan.expect("the C compiler answers");
    project.write("bin/cc", b"#!/bin/sh\nexec gcc \"$@\"\n");
    assert_eq!(project.broken(&seen), ["cc"]);
    // A script cannot be observed: the next name is taken, or the script is refused where it was asked for.
    project.options.driver = "cc".to_owned();
    let error = project.plan().0.expect_err("a script");
    assert!(
        error.kind == ErrorKind::Configuration && error.message.contains("is a script"),
        "{error}"
    );
}

#[test]
fn a_missing_compiler_is_the_worlds_fault() {
    let mut project = Project::new();
    project
        .variables
        .insert("PATH".to_owned(), Some(format!("{}/bin", project.root())));
    let (plan, seen) = project.plan();
    let error = plan.expect_err("there is no compiler");
    assert!(
        error.kind == ErrorKind::World && error.message.contains("no C compiler"),
        "{error}"
    );
    assert!(
        error
            .remedy
            .is_some_and(|remedy| remedy.contains("apt-get install gcc"))
    );
    assert_eq!(
        seen.iter()
            .map(|seen| seen.observation.subject())
            .collect::<Vec<_>>(),
        ["cc", "gcc", "clang"]
    );
}

#[test]
fn another_linker_is_a_configuration_error() {
    let mut project = Project::new();
    project.options.linker = "bfd".to_owned();
    let error = project.plan().0.expect_err("bfd is not built in");
    assert!(
        error.kind == ErrorKind::Configuration && error.message.contains("`bfd`"),
        "{error}"
    );
    project.options = LinkOptions {
        args: vec!["-fuse-ld=lld".to_owned()],
        ..LinkOptions::default()
    };
    assert_eq!(
        project.plan().0.expect_err("lld contradicts").kind,
        ErrorKind::Configuration
    );
    project.options.args = vec!["-Wl,--build-id=uuid".to_owned()];
    assert!(
        project
            .plan()
            .0
            .expect_err("never the same")
            .message
            .contains("--build-id=uuid")
    );
    project.options.args = vec!["-frobnicate".to_owned()];
    let error = project.plan().0.expect_err("the compiler does not know it");
    assert!(
        error.kind == ErrorKind::Configuration && error.message.contains("frobnicate"),
        "{error}"
    );
}

#[test]
fn a_variable_of_the_linker_is_refused() {
    let mut project = Project::new();
    project.source("main", "int main(void) { return 0; }\n");
    project
        .variables
        .insert("WILD_SAVE_DIR".to_owned(), Some("/nowhere".to_owned()));
    let Err(LinkFailure::World(error)) = project.link().0 else {
        panic!("the variable changes the link")
    };
    assert!(
        error.kind == ErrorKind::Configuration && error.message.contains("WILD_SAVE_DIR"),
        "{error}"
    );
}

#[test]
fn a_missing_library_is_named_and_found_when_it_appears() {
    let project = Project::greeting();
    let problems = project.problems();
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].code.as_str(), problems[0].subject.as_deref()),
        ("link-missing-library", Some("greet"))
    );
    let (_, seen) = project.link();
    project.archive("second/libgreet.a", 7);
    assert_eq!(project.broken(&seen), ["second/libgreet.a"]);
    assert_eq!(project.run().0, "7\n");
}

#[test]
fn all_undefined_symbols_are_named_with_their_objects() {
    let mut project = Project::new();
    project.source(
        "main",
        "int one(void), two(void), f(void);\nint main(void) { return two() + f(); }\n",
    );
    project.source(
        "other",
        "int one(void), two(void);\nint f(void) { return one() + two(); }\n",
    );
    for _ in 0..3 {
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
            ]
        );
    }
}

#[test]
fn a_missing_file_and_an_object_of_another_kind_are_told_apart() {
    let mut project = Project::new();
    project.source("main", "int main(void) { return 0; }\n");
    project.options.args = vec!["vendor/extra.o".to_owned()];
    let problems = project.problems();
    assert_eq!(
        (problems[0].code.as_str(), problems[0].subject.as_deref()),
        ("link-missing-file", Some("vendor/extra.o"))
    );
    project.options.args.clear();
    let lto = project.compile(
        "lto",
        "int lto(void) { return 0; }\n",
        &["-flto", "-fno-fat-lto-objects"],
    );
    project.sources.push(lto);
    assert!(
        project.problems()[0]
            .help
            .as_deref()
            .is_some_and(|help| help.contains("-flto"))
    );
}

#[test]
fn static_programs_and_other_arguments_have_their_meaning() {
    let mut project = Project::greeting();
    project.archive("first/libgreet.a", 1);
    project.shared("first/libgreet.so", 2);
    project.options.args = vec![
        "-static".to_owned(),
        "-Wl,-z,now".to_owned(),
        "-s".to_owned(),
    ];
    let (printed, seen) = project.run();
    assert_eq!(printed, "1\n");
    assert!(
        seen.iter()
            .any(|seen| seen.observation.subject().ends_with("/libc.a"))
    );
    project.options.args = vec![
        "-no-pie".to_owned(),
        "-pthread".to_owned(),
        "-Wl,--build-id=sha1".to_owned(),
    ];
    assert_eq!(project.run().0, "2\n");
}
