//! Which rule counts where several files have one, and what the rules of others may not say.

use crate::error::Error;
use crate::host::MemoryHost;
use crate::observe::{Reader, World};
use crate::project::{Project, load};
use std::sync::Arc;

fn read(files: &[(&str, &str)]) -> Result<Project, Error> {
    let host = MemoryHost::new();
    for (path, text) in files {
        host.write(path, *text);
    }
    let world = World::new(Arc::new(host));
    load(&Reader::new(&world))
}

/// Each problem as `path: code: message [help]`.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let error = read(files).expect_err("these rules are wrong");
    let described = error.places.iter().map(|place| {
        let help = place.help.as_ref().map(|help| format!(" [{help}]"));
        let (path, code, message) = (&place.path, &place.code, &place.message);
        format!("{path}: {code}: {message}{}", help.unwrap_or_default())
    });
    described.collect()
}

#[test]
fn the_later_file_wins_entry_by_entry_and_the_project_last() {
    let project = read(&[
        (
            "kiln.toml",
            "rules = [\"rules/a.toml\", \"b.toml\"]\n[library.three]\npath = \"vendor/three.a\"\n",
        ),
        (
            "rules/a.toml",
            "[library.one]\npath = \"one.a\"\n[library.two]\nsystem = \"two\"\n[library.three]\nsystem = \"three\"\n[library.z]\nsystem = \"mine\"\n",
        ),
        ("b.toml", "[library.two]\nsystem = \"other\"\n"),
    ])
    .expect("these are right");
    let place = |name: &str| {
        let rule = project.libraries.get(name).expect("it is right");
        rule.map(|rule| rule.place.to_string())
    };
    assert_eq!(place("one").as_deref(), Some("rules/a.toml:1"));
    assert_eq!(place("two").as_deref(), Some("b.toml:1"));
    assert_eq!(place("three").as_deref(), Some("kiln.toml:2"));
    // The project's own before the shipped one, and that where the project has none.
    assert_eq!(place("z").as_deref(), Some("rules/a.toml:7"));
    assert_eq!(place("bz2").as_deref(), Some("rules/libraries/bz2.toml:3"));
    assert_eq!(place("nobody"), None);
    let overridden = |name: &str| project.overridden[name][0].to_string();
    assert_eq!(overridden("two"), "rules/a.toml:3");
    assert_eq!(overridden("three"), "rules/a.toml:5");
    // Paths start where the file lies.
    let one = project.libraries.get("one").expect("it is right");
    let source = &one.expect("it is there").alternatives[0].source;
    assert_eq!(
        *source,
        crate::rule::Source::Paths(vec!["rules/one.a".into()])
    );
}

#[test]
fn problems_of_all_files_are_told_at_once() {
    let found = problems(&[
        (
            "kiln.toml",
            "rules = [\"a.toml\", \"absent.toml\", \"./a.toml\"]\nnmae = 1\n[options]\nzlib = \"system\"\n",
        ),
        (
            "a.toml",
            "[library.one]\nsistem = \"one\"\n[library.two]\nsystem = \"two\"\nwhen = { option = { zlip = \"x\" } }\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "a.toml: config-missing: [library.one] says nowhere where the library comes from [give one of `pkg-config`, `system`, `path`, `framework` and `sources`]",
            "a.toml: config-unknown-key: unknown key `sistem` in [library.one] [did you mean `system`?]",
            "kiln.toml: config-value: there is no file absent.toml",
            "kiln.toml: config-duplicate: the rules of ./a.toml are listed twice",
            "kiln.toml: config-unknown-key: unknown key `nmae` in the top level of kiln.toml [known keys are `package`, `executable`, `static-library`, `shared-library`, `compile`, `rules`, `allow`, `library`, `linker`, `driver`, `environment`, `compiler`, `action`, `options`, `link`, `profile`, `cache`]",
        ]
    );
    let option = problems(&[(
        "kiln.toml",
        "[options]\nzlib = \"system\"\n[library.z]\nsystem = \"z\"\nwhen = { option = { zlip = \"x\" } }\n",
    )]);
    assert_eq!(
        option,
        ["kiln.toml: config-value: there is no option \"zlip\" [did you mean \"zlib\"?]"]
    );
}

const PACKAGE: &str = "node_modules/@acme/z/rules/kiln.toml";

#[test]
fn a_package_may_name_what_is_in_its_folder() {
    let inside =
        "[library.z]\nsources = [\"../src/*.c\"]\ninclude = [\"../include\"]\nflags = [\"-O2\"]\n";
    let listed = format!("rules = [\"{PACKAGE}\"]\n");
    let project = read(&[("kiln.toml", &listed), (PACKAGE, inside)]).expect("these are right");
    assert_eq!(project.rule_files[0].package.as_deref(), Some("@acme/z"));
    assert!(!project.rule_files[0].allowed);
}

#[test]
fn a_package_can_neither_run_programs_nor_leave_its_folder_unless_it_is_allowed() {
    let outside = "[library.a]\npath = \"../../../../secret.a\"\n[library.b]\npath = \"/etc/passwd\"\n\
                   [library.c]\nsources = [\"../a.c\"]\nflags = [\"-fplugin=../evil.so\"]\ninclude = [\"../../x\"]\n";
    let listed = format!("rules = [\"{PACKAGE}\"]\n");
    let help = "[allow it in kiln.toml: `[allow] packages = [\"@acme/z\"]`]";
    let leaves = format!(
        "{PACKAGE}: config-value: the rules of the package \"@acme/z\" may not name a path outside its folder {help}"
    );
    let found = problems(&[("kiln.toml", &listed), (PACKAGE, outside)]);
    let runs = format!(
        "{PACKAGE}: rules-forbidden: the rules of the package \"@acme/z\" may not give the compiler `-fplugin=../evil.so`: it may run a program or read a file {help}"
    );
    assert_eq!(
        found.iter().collect::<Vec<_>>(),
        [&leaves, &leaves, &runs, &leaves]
    );

    let tool = "[linker.bfd]\ntitle = \"x\"\n";
    let found = problems(&[("kiln.toml", &listed), (PACKAGE, tool)]);
    let programs = format!(
        "{PACKAGE}: rules-forbidden: the rules of the package \"@acme/z\" may not say which programs are run, as `linker` does {help}"
    );
    assert_eq!(found[0], programs);

    let allowed = format!("{listed}[allow]\npackages = [\"@acme/z\"]\n");
    let project = read(&[("kiln.toml", &allowed), (PACKAGE, outside)]).expect("it is allowed");
    assert!(project.rule_files[0].allowed);
    let unknown = format!("{listed}[allow]\npackages = [\"@acme/zz\"]\n");
    let found = problems(&[("kiln.toml", &unknown), (PACKAGE, "")]);
    assert_eq!(
        found,
        [
            "kiln.toml: config-value: no file of rules that is listed belongs to \"@acme/zz\" [did you mean \"@acme/z\"?]"
        ]
    );
}

#[test]
fn a_file_outside_the_project_is_somebody_s() {
    let found = problems(&[
        ("kiln.toml", "rules = [\"../shared.toml\"]\n"),
        ("../shared.toml", ""),
    ]);
    assert_eq!(
        found,
        [
            "kiln.toml: config-value: ../shared.toml lies outside the project, and nobody knows whose it is [write `{ file = \"../shared.toml\", package = \"…\" }`]"
        ]
    );
    let named = "rules = [{ file = \"vendor/x/rules.toml\", package = \"x\" }]\n";
    let found = problems(&[
        ("kiln.toml", named),
        ("vendor/x/rules.toml", "[library.x]\npath = \"../y.a\"\n"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("the package \"x\" may not"), "{found:?}");
}
