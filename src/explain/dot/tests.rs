//! Graphs for Graphviz as they are written.

use super::{digraph, quoted, shortened};
use crate::explain::graph::tests::{changed, outcome, ran, text};
use crate::explain::{Cause, Query};

#[test]
fn an_edit_is_a_chain() {
    let mut outcome = outcome(
        vec![changed("src/a.ts")],
        vec![
            ran(Query::Parse, "src/a.ts", text("src/a.ts")),
            ran(Query::Lower, "src/a.ts", text("src/a.ts")),
        ],
    );
    outcome.ran[1].cut_off = true;
    let expected = r##"digraph "app" {
  rankdir=LR;
  node [fontname="sans-serif", fontsize=10, shape=box, style="rounded,filled"];
  edge [color="#8a8a8a", arrowsize=0.7];
  root1 [label="src/a.ts changed (4 bytes, digest 96a4257289f9 → b20ab0a020a4)", style="filled", fillcolor="#f3d9d3"];
  step1 [label="parse\nsrc/a.ts\ntext changed", style="rounded,filled", fillcolor="#d5e4f7"];
  step2 [label="lower\nsrc/a.ts\nsyntax changed", style="rounded,filled,dashed", fillcolor="#cfeae4"];
  root1 -> step1;
  step1 -> step2;
}
"##;
    assert_eq!(digraph(&outcome, false), expected);
}

#[test]
fn like_nodes_are_one_where_there_are_many() {
    let paths: Vec<String> = (0..300).map(|at| format!("src/m{at}.ts")).collect();
    let mut steps: Vec<_> = paths
        .iter()
        .map(|path| ran(Query::Parse, path, text(path)))
        .collect();
    steps.push(ran(
        Query::Executable,
        "app",
        vec![Cause::Objects {
            paths: paths.iter().map(Into::into).collect(),
        }],
    ));
    let outcome = outcome(paths.iter().map(|path| changed(path)).collect(), steps);
    let folded = digraph(&outcome, false);
    assert!(folded.contains("300 × parse\\nsrc/m0.ts"), "{folded}");
    assert!(folded.contains("… and 297 others"), "{folded}");
    assert_eq!(folded.matches(" -> ").count(), 2, "{folded}");
    let whole = digraph(&outcome, true);
    assert_eq!(whole.matches(" -> ").count(), 600);
}

#[test]
fn names_stay_in_their_quotes() {
    assert_eq!(
        quoted("a\"b\\N\n&lt;\u{7}"),
        "\"a\\\"b\\\\N\\n&amp;lt;\u{fffd}\""
    );
    let long = "x".repeat(100);
    assert_eq!(shortened(&long).chars().count(), super::WIDTH);
}
