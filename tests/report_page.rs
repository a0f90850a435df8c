//! The page of a build in a real browser: what it draws is what ran, it sorts, filters and unfolds, its parts lead to each
//! other, no name becomes markup, and nothing fails on the way. And its graph, as Graphviz takes it.
//!
//! Without Chromium or Graphviz a test says so loudly, and tests nothing.
#![cfg(all(feature = "cli", feature = "typescript", feature = "wild"))]
// A test looks at the world as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Once;

/// Modules besides the main one, so many that like nodes are folded.
const MODULES: usize = 48;
/// A path that would be markup if anybody let it.
const BAD: &str = "src/</script><img src=x onerror=alert(1)>.ts";
/// One that would end a string of Graphviz, and that has escapes and entities of its labels.
const QUOTED: &str = "src/\"];\\N&lt;.ts";
/// Collects what fails, before anything else runs.
const COLLECTOR: &str = "<script>window.failures = []; window.onerror = (text) => { failures.push(String(text)); };</script>";
/// Uses the page as a person would, and writes down what came of it.
const VISITOR: &str = include_str!("report_page/visitor.js");

fn chromium() -> Option<PathBuf> {
    static SAID: Once = Once::new();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let places = std::env::split_paths(&path);
    let found = places
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|program| program.is_file());
    if found.is_none() {
        SAID.call_once(|| println!("SKIPPED: chromium is not installed, so no page is looked at"));
    }
    found
}

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// A project of which all modules but the main one were edited after a first build, one of them in a comment only.
    fn edited() -> Self {
        let project = Self {
            folder: tempfile::tempdir().expect("there is room for a folder"),
        };
        let imports: String = (0..MODULES)
            .map(|at| format!("import {{ run{at} }} from \"./m{at}\";\n"))
            .collect();
        let calls: Vec<String> = (0..MODULES).map(|at| format!("run{at}(1)")).collect();
        let bad = BAD.trim_start_matches("src/").trim_end_matches(".ts");
        project.write(
            "src/main.ts",
            &format!(
                "{imports}import {{ bad }} from \"./{bad}\";\nimport {{ quoted }} from './\"];\\\\N&lt;';\nconsole.log(bad(1), quoted, {});\n",
                calls.join(" + ")
            ),
        );
        project.write(
            BAD,
            "export function bad(x: number): number { return x; }\n",
        );
        project.write(QUOTED, "export const quoted = 1;\n");
        let module = |at: usize, salt: usize| {
            format!("export function run{at}(x: number): number {{\n  return x * {salt};\n}}\n")
        };
        (0..MODULES).for_each(|at| project.write(&format!("src/m{at}.ts"), &module(at, at)));
        project.kiln(&["build", "src/main.ts"]);
        project.write(
            BAD,
            "// <b>&amp;\u{2028}\nexport function bad(x: number): number { return x; }\n",
        );
        (0..MODULES).for_each(|at| project.write(&format!("src/m{at}.ts"), &module(at, at + 7)));
        project.kiln(&["build", "src/main.ts"]);
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it lies in the project")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    fn kiln(&self, arguments: &[&str]) -> Output {
        let output = Command::new(env!("CARGO_BIN_EXE_kiln"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("KILN_CACHE_DIR")
            .output()
            .expect("kiln runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "kiln {arguments:?}: {said}");
        output
    }

    /// What ran, as the form for machines has it.
    fn ran(&self) -> Vec<Value> {
        let output = self.kiln(&["explain", "--format", "json"]);
        let lines = String::from_utf8(output.stdout).expect("it is UTF-8");
        let explanation = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("each line is JSON"))
            .find(|line| line["reason"] == "explanation")
            .expect("there is an explanation");
        explanation["ran"].as_array().expect("a list").clone()
    }

    fn page(&self) -> String {
        self.kiln(&["explain", "--format", "html", "-o", "page.html"]);
        fs::read_to_string(self.folder.path().join("page.html")).expect("it was written")
    }

    /// What the browser makes of a page.
    fn dom(&self, chromium: &Path, name: &str, page: &str, fragment: &str) -> String {
        let file = self.folder.path().join(name);
        fs::write(&file, page).expect("it can be written");
        let profile = self
            .folder
            .path()
            .join(format!("profile-{name}-{fragment}"));
        let output = Command::new(chromium)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,1000",
                "--virtual-time-budget=10000",
                "--dump-dom",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("file://{}{fragment}", file.display()))
            .output()
            .expect("the browser runs");
        let dom = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(dom.contains("</html>"), "{}: {said}", output.status);
        dom
    }
}

/// What the visitor wrote down.
fn found(dom: &str) -> Value {
    let (_, rest) = dom
        .split_once("<pre id=\"result\">")
        .expect("the visitor came to its end");
    let (text, _) = rest.split_once("</pre>").expect("it ends");
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn texts(value: &Value) -> Vec<&str> {
    let items = value.as_array().expect("a list");
    items
        .iter()
        .map(|item| item.as_str().expect("text"))
        .collect()
}

#[test]
fn the_page_shows_what_ran_and_can_be_used() {
    let Some(chromium) = chromium() else { return };
    let project = Project::edited();
    let (ran, page) = (project.ran(), project.page());
    assert!(
        page.contains("src/&lt;/script&gt;&lt;img"),
        "the text for readers without a script"
    );
    let visited = page
        .replacen("<body>", &format!("<body>{COLLECTOR}"), 1)
        .replacen(
            "</body>\n</html>",
            &format!("<script>{VISITOR}</script></body></html>"),
            1,
        );
    let dom = project.dom(&chromium, "visited.html", &visited, "");
    let found = found(&dom);
    assert_eq!(found["failures"], serde_json::json!([]), "nothing fails");
    assert_eq!(found["images"], 0, "a path became an element");

    // Each step is a row and a bar; the roots are there, and the program came last.
    assert_eq!(found["rows"], ran.len());
    assert_eq!(found["bars"], ran.len());
    assert_eq!(found["reasons"], MODULES + 1);
    assert!(found["phases"].as_u64() > Some(0), "phases are drawn");
    assert!(
        found["arguments"].as_u64() > Some(0),
        "the link has arguments"
    );
    assert!(texts(&found["subjects"]).contains(&BAD));

    // The graph: folded at first, so that it is small; a group opens, and folds again.
    let nodes = found["nodes"].as_u64().expect("a number");
    assert!((5..20).contains(&nodes), "{nodes} nodes");
    assert_eq!(
        found["opened"].as_u64(),
        Some(nodes + 25 + 1),
        "25 and the rest"
    );
    assert_eq!(
        found["more"].as_u64(),
        Some(nodes + MODULES as u64),
        "all of them"
    );
    assert_eq!(found["closed"].as_u64(), Some(nodes));

    // Sorting: by text in both directions, by number largest first.
    let mut subjects = texts(&found["ascending"]);
    assert_eq!(found["sort"], "ascending");
    assert_eq!(subjects.first(), Some(&BAD));
    let numbers: Vec<usize> = subjects
        .iter()
        .filter_map(|subject| {
            subject
                .strip_prefix("src/m")?
                .strip_suffix(".ts")?
                .parse()
                .ok()
        })
        .collect();
    assert!(
        numbers.is_sorted() && numbers.len() == 3 * MODULES,
        "{numbers:?}"
    );
    subjects.dedup();
    let mut descending = texts(&found["descending"]);
    descending.dedup();
    descending.reverse();
    assert_eq!(subjects, descending);
    let took: Vec<u64> = found["took"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|took| took.as_u64().expect("microseconds"))
        .collect();
    assert!(
        took.is_sorted_by(|a, b| a >= b) && took.len() == ran.len(),
        "{took:?}"
    );

    // A filter: the words in any column.
    let filtered: BTreeSet<&str> = texts(&found["filtered"]).into_iter().collect();
    assert_eq!(filtered, BTreeSet::from(["src/m7.ts"]));
    assert_eq!(found["filtered_said"], format!("1 of {} rows", ran.len()));

    // Choosing anywhere chooses everywhere, and the address says so.
    for from in ["bar", "row", "node"] {
        let chosen = &found[from];
        let place = chosen["place"].as_u64().expect("a number");
        let step = &ran[usize::try_from(place).expect("small") - 1];
        let title = format!(
            "{} {}",
            step["query"].as_str().unwrap_or(""),
            step["subject"].as_str().unwrap_or("")
        );
        assert_eq!(chosen["address"], format!("#step-{place}"), "{from}");
        for part in ["row", "bar", "node"] {
            assert_eq!(
                chosen[part],
                serde_json::json!([(place - 1).to_string()]),
                "{from}: {part}"
            );
        }
        assert_eq!(chosen["said"], title, "{from}");
    }
    assert_eq!(
        found["after_escape"],
        serde_json::json!({"address": "", "chosen": 0})
    );
    // Arrow keys lead along the edges, and Enter chooses.
    assert_eq!(
        found["keys"],
        serde_json::json!({"from": "root", "to": "parse", "chosen": 3})
    );
}

#[test]
fn an_address_leads_to_a_step() {
    let Some(chromium) = chromium() else { return };
    let project = Project::edited();
    let (ran, page) = (project.ran(), project.page());
    let dom = project.dom(&chromium, "page.html", &page, "#step-3");
    let subject = ran[2]["subject"].as_str().expect("text");
    let row = dom
        .split("<tr ")
        .find(|row| row.contains("aria-current=\"true\""))
        .expect("a row is marked");
    assert!(
        row.contains(subject) && row.contains("data-called=\"2\""),
        "{row}"
    );
    assert_eq!(dom.matches("aria-current=\"true\"").count(), 1);
    let chosen: Vec<&str> = dom
        .split("<g ")
        .filter(|drawn| {
            drawn
                .split('>')
                .next()
                .is_some_and(|tag| tag.contains(" chosen"))
        })
        .collect();
    // A node and a bar.
    assert_eq!(chosen.len(), 2, "{chosen:?}");
    assert!(
        chosen
            .iter()
            .all(|drawn| drawn.contains("data-called=\"2\""))
    );
}

#[test]
fn graphviz_draws_what_ran() {
    let drawn = |dot: &[u8]| {
        let started = Command::new("dot")
            .arg("-Tsvg")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut child) = started else {
            println!("SKIPPED: dot is not installed, so no graph is drawn");
            return None;
        };
        let mut input = child.stdin.take().expect("it is piped");
        input.write_all(dot).expect("dot reads");
        drop(input);
        let output = child.wait_with_output().expect("dot ends");
        assert!(output.status.success(), "dot fails");
        Some(String::from_utf8(output.stdout).expect("it is UTF-8"))
    };
    let project = Project::edited();
    let first = ["explain", "--last", "2", "--format", "dot"];
    let nodes = |svg: &str| svg.matches("class=\"node\"").count();
    // A root, three steps for each module, and the program.
    let all = 1 + 3 * (MODULES + 3) + 1;
    let Some(svg) = drawn(&project.kiln(&first).stdout) else {
        return;
    };
    assert_eq!(nodes(&svg), all);
    for part in ["&lt;/script&gt;&lt;img", "&quot;];\\N&amp;lt;.ts"] {
        assert!(svg.contains(part), "{part}: {svg}");
    }
    let edited = project.kiln(&["explain", "--format", "dot"]).stdout;
    assert_eq!(
        drawn(&edited).as_deref().map(nodes),
        Some(1 + MODULES + project.ran().len())
    );
}
