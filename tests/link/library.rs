//! Native libraries by their rules, with the pkg-config and the compiler of this machine: what an answer rests on, whether the
//! programs can be observed or not.

use crate::project::Project;
use kiln::host::Host;
use kiln::link::library::{Common, Facts, Libraries, Named, Place, Resolution, resolve};
use kiln::observe::{Observation, Reader, Seen};
use kiln::rule::{Definition, Rules};

const PC: &str = "Name: greet\nDescription: greets\nVersion: 1.2\nLibs: -L${pcfiledir} -lgreet\nCflags: -I${pcfiledir} -DGREET=2 -pthread\n";

/// What becomes of `greet` by these rules; what is not to be had is an error.
fn greet(project: &Project, rules: &str) -> kiln::error::Result<(Resolution, Vec<Seen>)> {
    let libraries = Libraries::new(Rules::default().with("kiln.toml", rules)?.libraries);
    let named = Named {
        name: "greet".to_owned(),
        place: Place::default(),
    };
    let world = project.world();
    let reader = Reader::new(&world);
    let common = Common::new(&project.options, &world);
    let facts = Facts::here("dev", Default::default());
    let mut resolution = Resolution::default();
    for member in &libraries.closure(&[named])?.members {
        let resolved = resolve(member, &facts, &common, &reader)?;
        resolution.libraries.extend(resolved.ok());
    }
    Ok((resolution, reader.finish()))
}

fn has_pkg_config(project: &Project) -> bool {
    let found = project.world().find_tool("pkg-config", "PATH").is_some();
    if !found {
        eprintln!("NOT TESTED: there is no pkg-config");
    }
    found
}

#[test]
fn what_pkg_config_says_rests_on_every_description_that_could_be_read() {
    for observable in [true, false] {
        let mut project = Project::new();
        if !has_pkg_config(&project) {
            return;
        }
        project.observable = observable;
        let set = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        project.variables.extend([
            set("PKG_CONFIG_PATH", "first:second"),
            set("PKG_CONFIG_LIBDIR", ""),
        ]);
        project.write("first/other.pc", b"Name: other\n");
        project.write("second/greet.pc", PC.as_bytes());
        let rules = "[library.greet]\npkg-config = \"greet\"\nversion = \">=1.2\"\n";
        let (resolution, seen) = greet(&project, rules).expect("it can be asked");
        let library = &resolution.libraries[0];
        assert_eq!(resolution.words(), ["-Lsecond", "-lgreet"]);
        assert_eq!(library.include, ["second"]);
        assert_eq!(library.defines["GREET"], Definition::Text("2".to_owned()));
        assert_eq!(library.compile, ["-pthread"]);
        assert!(project.broken(&seen).is_empty(), "it holds at once");

        for (path, text) in [
            ("first/greet.pc", PC),
            ("first/greet-uninstalled.pc", PC),
            (
                "second/greet.pc",
                "Name: greet\nDescription: x\nVersion: 1.2\n",
            ),
        ] {
            let old = project.host().read(path.into()).ok();
            project.write(path, text.as_bytes());
            let broken = project.broken(&seen);
            assert!(!broken.is_empty(), "{path} is seen, observed: {observable}");
            match old {
                Some(old) => project.write(path, &old),
                None => project.remove(path),
            }
            assert!(project.broken(&seen).is_empty(), "{path} is as it was");
        }
        project.variables.extend([set("PKG_CONFIG_PATH", "second")]);
        assert_eq!(project.broken(&seen), ["PKG_CONFIG_PATH"]);
    }
}

#[test]
fn what_is_given_by_a_description_makes_nothing_else_of_a_link() {
    let mut project = Project::new();
    if !has_pkg_config(&project) {
        return;
    }
    let path = ("PKG_CONFIG_PATH".to_owned(), Some("pc".to_owned()));
    project.variables.extend([path]);
    for words in ["-o /tmp/x", "@args", "-fuse-ld=evil", "-B.", "-wrapper sh"] {
        project.write(
            "pc/greet.pc",
            format!("{PC}Libs: {words}\n")
                .replacen("Libs: -L${pcfiledir} -lgreet\n", "", 1)
                .as_bytes(),
        );
        let (resolution, _) =
            greet(&project, "[library.greet]\npkg-config = \"greet\"\n").expect("it can be asked");
        assert!(resolution.libraries.is_empty(), "{words}");
    }
}

#[test]
fn a_library_of_the_system_is_where_the_linker_searches() {
    let mut project = Project::new();
    project.options.search = vec!["first".into(), "second".into()];
    let either = "[library.greet]\nsystem = \"greet\"\n";
    let (resolution, nothing) = greet(&project, either).expect("it can be looked for");
    assert!(resolution.libraries.is_empty());
    project.archive("second/libgreet.a", 1);
    assert!(
        !project.broken(&nothing).is_empty(),
        "it is seen when it comes"
    );
    let (resolution, seen) = greet(&project, either).expect("it can be looked for");
    assert_eq!(resolution.words(), ["-lgreet"]);

    // The preferred form of it, wherever that is.
    project.shared("first/libgreet.so", 2);
    assert!(!project.broken(&seen).is_empty(), "an earlier one is seen");
    for (prefer, word) in [("static", "-l:libgreet.a"), ("shared", "-l:libgreet.so")] {
        let rules = format!("{either}prefer = \"{prefer}\"\n");
        let (resolution, _) = greet(&project, &rules).expect("it can be looked for");
        assert_eq!(resolution.words(), [word]);
    }
    let specs = |seen: &Seen| matches!(&seen.observation, Observation::Absent { path } if path.ends_with("specs"));
    assert!(seen.iter().any(specs), "what the driver's answer rests on");
}
