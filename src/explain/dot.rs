//! The invalidation graph of an [`Outcome`] for Graphviz. Knows how its files are written, and nothing of where they go.

use super::text::{cause, count, number, reason};
use super::{Graph, Group, Origin, Outcome, Query, Root};
use std::fmt::Write;

/// More nodes than these are not laid out in a time that anybody waits: like ones are then one node.
const MOST: usize = 200;
/// Members of a group that are named.
const NAMED: usize = 3;
/// Characters in a line of a node.
const WIDTH: usize = 64;

/// The graph as a digraph; `all`: with a node for each query, however many there are.
pub fn digraph(outcome: &Outcome, all: bool) -> String {
    let graph = outcome.graph();
    let name = outcome
        .output
        .as_deref()
        .map_or("kiln", |path| path.as_str());
    let mut out = format!(
        "digraph {} {{\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=10, shape=box, style=\"rounded,filled\"];\n  edge [color=\"#8a8a8a\", arrowsize=0.7];\n",
        quoted(name)
    );
    if all || graph.len() <= MOST {
        whole(outcome, &graph, &mut out);
    } else {
        folded(outcome, &graph.folded(outcome), &mut out);
    }
    out.push_str("}\n");
    out
}

fn whole(outcome: &Outcome, graph: &Graph, out: &mut String) {
    for root in &graph.roots {
        node(
            out,
            &id(Origin::Root(*root)),
            None,
            false,
            &[&name(outcome, Origin::Root(*root))],
        );
    }
    for (at, ran) in outcome.ran.iter().enumerate() {
        let causes: Vec<String> = ran.causes.iter().map(|item| cause(item, ran)).collect();
        let lines = [ran.query.name(), ran.subject.as_str(), &causes.join("; ")];
        node(
            out,
            &id(Origin::Step(at)),
            Some(ran.query),
            ran.cut_off,
            &lines,
        );
    }
    for (at, origins) in graph.from.iter().enumerate() {
        for origin in origins {
            let _ = writeln!(out, "  {} -> {};", id(*origin), id(Origin::Step(at)));
        }
    }
}

fn folded(outcome: &Outcome, groups: &[Group], out: &mut String) {
    for (at, group) in groups.iter().enumerate() {
        let mut lines = Vec::new();
        match (group.query, group.members.len()) {
            (None, 1) => {}
            (None, several) => lines.push(count(several, "root")),
            (Some(query), 1) => lines.push(query.name().to_owned()),
            (Some(query), several) => lines.push(format!("{} × {}", number(several), query.name())),
        }
        let named = group.members.iter().take(NAMED);
        lines.extend(named.map(|member| name(outcome, *member)));
        if group.members.len() > NAMED {
            lines.push(format!(
                "… and {}",
                count(group.members.len() - NAMED, "other")
            ));
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        node(out, &format!("g{at}"), group.query, group.cut_off, &lines);
    }
    for (at, group) in groups.iter().enumerate() {
        for from in &group.from {
            let _ = writeln!(out, "  g{from} -> g{at};");
        }
    }
}

fn id(origin: Origin) -> String {
    match origin {
        Origin::Root(Root::Reason(at)) => format!("root{}", at + 1),
        Origin::Root(Root::Lost) => "lost".to_owned(),
        Origin::Step(at) => format!("step{}", at + 1),
    }
}

fn name(outcome: &Outcome, origin: Origin) -> String {
    match origin {
        Origin::Root(Root::Reason(at)) => reason(&outcome.reasons[at]),
        Origin::Root(Root::Lost) => "some of what was stored was lost".to_owned(),
        Origin::Step(at) => outcome.ran[at].subject.to_string(),
    }
}

fn node(out: &mut String, id: &str, query: Option<Query>, cut_off: bool, lines: &[&str]) {
    let style = match (query, cut_off) {
        (None, _) => "filled",
        (Some(_), false) => "rounded,filled",
        (Some(_), true) => "rounded,filled,dashed",
    };
    let color = match query {
        None => "#f3d9d3",
        Some(Query::Action) => "#ece0c8",
        Some(Query::Parse) => "#d5e4f7",
        Some(Query::Lower) => "#cfeae4",
        Some(Query::Object) => "#e3daf4",
        Some(Query::Executable) => "#fbe3bf",
    };
    let lines: Vec<String> = lines.iter().map(|line| shortened(line)).collect();
    let _ = writeln!(
        out,
        "  {id} [label={}, style=\"{style}\", fillcolor=\"{color}\"];",
        quoted(&lines.join("\n"))
    );
}

/// The beginning and the end of a long line.
fn shortened(line: &str) -> String {
    let length = line.chars().count();
    if length <= WIDTH {
        return line.to_owned();
    }
    let begin: String = line.chars().take(WIDTH / 2).collect();
    let end: String = line.chars().skip(length - WIDTH / 2 + 1).collect();
    format!("{begin}…{end}")
}

/// A string of the DOT language. In labels `\N` and the like, and the entities of HTML, stand for other things.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push_str("\\n"),
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests;
