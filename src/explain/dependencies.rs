//! [`Dependencies`]: what rests on what in a recorded build, for whoever wants to see the whole.

use serde::Serialize;
use std::collections::HashMap;
use std::fmt::Write;

/// Which dependencies are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Which module imports which; which source reads which text.
    Modules,
    /// Which query asks which.
    Queries,
    /// Which library needs which.
    Libraries,
    /// What the program is linked of.
    Link,
}

/// A graph without cycles of its own making: modules may import each other.
#[derive(Clone, Debug, Serialize)]
pub struct Dependencies {
    pub part: Part,
    /// The first is what all is for.
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    pub name: String,
    /// `program`, `module`, `source`, `text`, `query`, `library`, `object`, `archive`, `file`.
    pub kind: &'static str,
    /// What else there is to say of it; may be empty.
    pub note: String,
}

/// One node rests on another; both by their place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// As it is written: the specifier of an import, the name of an item; may be empty.
    pub label: String,
}

/// Builds [`Dependencies`]: each name is one node.
pub struct Weaver {
    places: HashMap<String, usize>,
    woven: Dependencies,
}

impl Weaver {
    pub fn new(part: Part) -> Self {
        Self {
            places: HashMap::new(),
            woven: Dependencies {
                part,
                nodes: Vec::new(),
                edges: Vec::new(),
            },
        }
    }

    /// The place of a node, which is added where it is not there yet.
    pub fn node(&mut self, name: &str, kind: &'static str, note: &str) -> usize {
        if let Some(at) = self.places.get(name) {
            return *at;
        }
        let at = self.woven.nodes.len();
        self.places.insert(name.to_owned(), at);
        self.woven.nodes.push(Node {
            name: name.to_owned(),
            kind,
            note: note.to_owned(),
        });
        at
    }

    /// Adds an edge, unless it is there.
    pub fn edge(&mut self, from: usize, to: usize, label: &str) {
        let edge = Edge {
            from,
            to,
            label: label.to_owned(),
        };
        self.woven.edges.push(edge);
    }

    pub fn finish(mut self) -> Dependencies {
        let edges = &mut self.woven.edges;
        edges.sort_by(|a, b| (a.from, a.to, &a.label).cmp(&(b.from, b.to, &b.label)));
        edges.dedup();
        self.woven
    }
}

impl Dependencies {
    /// A tree for people. What was shown before is not shown again below another, and marked with `…` where there is more
    /// of it; what nothing leads to from the first node follows.
    pub fn text(&self) -> String {
        let mut below: Vec<Vec<(usize, &str)>> = vec![Vec::new(); self.nodes.len()];
        for edge in &self.edges {
            below[edge.from].push((edge.to, edge.label.as_str()));
        }
        let mut shown = vec![false; self.nodes.len()];
        let mut out = String::new();
        for first in 0..self.nodes.len() {
            if shown[first] {
                continue;
            }
            // Not by recursion: a chain of imports may be as long as there are modules.
            let mut ahead = vec![(first, "", 0)];
            while let Some((at, label, depth)) = ahead.pop() {
                let node = &self.nodes[at];
                out.extend(std::iter::repeat_n("  ", depth));
                out.push_str(&node.name);
                if !label.is_empty() && !node.name.ends_with(label) {
                    // Writing to memory does not fail.
                    let _ = write!(out, " as {label}");
                }
                let again = std::mem::replace(&mut shown[at], true);
                match again {
                    true if !below[at].is_empty() => out.push_str(" …"),
                    false if !node.note.is_empty() => {
                        let _ = write!(out, " ({})", node.note);
                    }
                    _ => {}
                }
                out.push('\n');
                if !again {
                    let next = below[at].iter().rev();
                    ahead.extend(next.map(|(to, label)| (*to, *label, depth + 1)));
                }
            }
        }
        out
    }

    /// For Graphviz.
    pub fn dot(&self) -> String {
        let mut out = "digraph kiln {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
        for (at, node) in self.nodes.iter().enumerate() {
            let (name, kind, note) = (quoted(&node.name), quoted(node.kind), quoted(&node.note));
            let _ = writeln!(out, "  n{at} [label={name}, class={kind}, tooltip={note}];");
        }
        for Edge { from, to, label } in &self.edges {
            let label = quoted(label);
            let _ = writeln!(out, "  n{from} -> n{to} [tooltip={label}];");
        }
        out.push_str("}\n");
        out
    }
}

/// A string as Graphviz reads it.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_or_in_a_ring_is_shown_once() {
        let mut weaver = Weaver::new(Part::Modules);
        let app = weaver.node("app", "program", "");
        let (a, b) = (
            weaver.node("a.ts", "module", ""),
            weaver.node("b \"x\".ts", "module", "12 lines"),
        );
        weaver.edge(app, a, "");
        weaver.edge(a, b, "./b");
        weaver.edge(b, a, "a");
        weaver.edge(app, b, "");
        weaver.edge(app, b, "");
        weaver.node("lonely.ts", "module", "");
        let woven = weaver.finish();
        assert_eq!(woven.edges.len(), 4);
        assert_eq!(
            woven.text(),
            "app\n  a.ts\n    b \"x\".ts as ./b (12 lines)\n      a.ts as a …\n  b \"x\".ts …\nlonely.ts\n"
        );
        assert!(woven.dot().contains("n2 [label=\"b \\\"x\\\".ts\""));
    }
}
