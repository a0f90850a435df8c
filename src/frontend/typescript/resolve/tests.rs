//! Resolution in worlds of a few files. What was asked is asserted as well: it is what the engine records.

use super::*;
use std::sync::Arc;

#[derive(Default)]
struct World {
    files: Vec<(&'static str, &'static str)>,
    asked: Vec<String>,
}

impl Probe for World {
    fn kind(&mut self, path: &Utf8Path) -> PlaceKind {
        self.asked.push(path.to_string());
        let is_file = self.files.iter().any(|(file, _)| path == *file);
        if is_file {
            PlaceKind::File
        } else {
            PlaceKind::Absent
        }
    }

    fn text(&mut self, path: &Utf8Path) -> Option<Arc<str>> {
        self.asked.push(path.to_string());
        self.files
            .iter()
            .find(|(file, _)| path == *file)
            .map(|(_, text)| Arc::from(*text))
    }
}

fn run(
    files: &[(&'static str, &'static str)],
    importer: &str,
    specifier: &str,
) -> (Result<String, Unresolved>, Vec<String>) {
    let mut world = World {
        files: files.to_vec(),
        ..World::default()
    };
    let found =
        resolve(Utf8Path::new(importer), specifier, &mut world).map(Utf8PathBuf::into_string);
    (found, world.asked)
}

#[test]
fn the_file_is_found_before_the_directory_and_absences_before_it_are_asked() {
    let (found, asked) = run(
        &[("src/b.tsx", ""), ("src/b/index.ts", "")],
        "src/a.ts",
        "./b",
    );
    assert_eq!(found.as_deref(), Ok("src/b.tsx"));
    assert_eq!(asked, ["src/b.ts", "src/b.tsx"]);
}

#[test]
fn a_directory_stands_for_its_index() {
    let (found, asked) = run(&[("lib/index.ts", "")], "src/a.ts", "../lib");
    assert_eq!(found.as_deref(), Ok("lib/index.ts"));
    assert_eq!(asked, ["lib.ts", "lib.tsx", "lib/index.ts"]);
    assert_eq!(
        run(&[("index.ts", "")], "src/a.ts", "..").0.as_deref(),
        Ok("index.ts")
    );
}

#[test]
fn a_compiled_name_finds_its_source() {
    let (found, asked) = run(&[("b.ts", "")], "a.ts", "./b.js");
    assert_eq!(
        (found.as_deref(), asked),
        (Ok("b.ts"), vec!["b.ts".to_owned()])
    );
    assert_eq!(
        run(&[("b.ts", "")], "a.ts", "./b.ts").0.as_deref(),
        Ok("b.ts")
    );
    assert_eq!(
        run(&[("b.model.ts", "")], "a.ts", "./b.model").0.as_deref(),
        Ok("b.model.ts")
    );
}

#[test]
fn dots_climb_out_of_the_project_only_at_the_start() {
    assert_eq!(
        run(&[("../x.ts", "")], "a.ts", "../x").0.as_deref(),
        Ok("../x.ts")
    );
    assert_eq!(
        run(&[("x.ts", "")], "src/deep/a.ts", "./../../x")
            .0
            .as_deref(),
        Ok("x.ts")
    );
}

#[test]
fn paths_map_bare_names_the_longest_prefix_first() {
    let config = r#"{
        // comments and trailing commas are allowed
        "compilerOptions": { "baseUrl": "./src", "paths": { "@/*": ["*"], "@/ui/*": ["../ui/*", "old-ui/*",], /* so */ } },
    }"#;
    let files = [
        ("tsconfig.json", config),
        ("src/old-ui/b.ts", ""),
        ("src/c.ts", ""),
    ];
    let (found, asked) = run(&files, "src/a.ts", "@/ui/b");
    assert_eq!(found.as_deref(), Ok("src/old-ui/b.ts"));
    assert_eq!(asked[..2], ["tsconfig.json", "ui/b.ts"]);
    assert_eq!(run(&files, "src/a.ts", "@/c").0.as_deref(), Ok("src/c.ts"));
    assert_eq!(run(&files, "src/a.ts", "c").0.as_deref(), Ok("src/c.ts"));
}

#[test]
fn a_package_is_refused_with_advice() {
    let (found, _) = run(&[], "a.ts", "left-pad");
    let error = found.expect_err("there is no such file");
    assert_eq!(error.message, "cannot find module `left-pad`");
    assert!(error.help.is_some_and(|help| help.contains("./left-pad")));
}
