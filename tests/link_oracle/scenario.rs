//! A link command over a layout of files, and what could be done to it. Knows no linker.

use crate::random::Random;
use crate::tree::{Node, Tree, put};
use std::collections::BTreeMap;

/// What stands for the absolute path of the tree in words and variables.
pub const ROOT: &str = "%ROOT%";

/// One command over one layout.
#[derive(Clone, Default)]
pub struct Scenario {
    pub family: String,
    pub tree: Tree,
    pub words: Vec<String>,
    pub variables: BTreeMap<String, String>,
    /// What the link is told to write.
    pub outputs: Vec<String>,
    /// What could be put where, so that some tool may find it; each place several times with other contents.
    pub candidates: Vec<(String, Node)>,
    /// What could be done to variables that count.
    pub settings: Vec<(String, Option<String>)>,
    /// What Kiln may decline of it, by the kind of the decline.
    pub may_decline: Vec<&'static str>,
    /// Some of the words are in a file, and gone if that is.
    pub has_response: bool,
}

impl Scenario {
    pub fn new(family: &str) -> Self {
        let mut scenario = Self {
            family: family.to_owned(),
            ..Self::default()
        };
        scenario.put("elsewhere", Node::Directory);
        scenario
    }

    pub fn put(&mut self, path: impl AsRef<str>, node: Node) {
        put(&mut self.tree, path.as_ref(), node);
    }

    pub fn word(&mut self, word: impl Into<String>) {
        self.words.push(word.into());
    }

    pub fn candidate(&mut self, path: impl Into<String>, node: Node) {
        self.candidates.push((path.into(), node));
    }

    /// Moves some of the words into response files, which may be nested.
    pub fn respond(&mut self, random: &mut Random, nested: bool) {
        if self.words.len() < 4 || !random.once_in(3) {
            return;
        }
        let from = 1 + random.below(self.words.len() - 2);
        let words = self.words.split_off(from);
        let mut text = words.join("\n");
        if nested && random.once_in(2) {
            let at = random.below(words.len());
            let (outer, inner) = words.split_at(at);
            self.put("more.rsp", Node::text(inner.join("\n") + "\n"));
            text = format!("{}\n@more.rsp", outer.join(" "));
        }
        self.put("args.rsp", Node::text(text + "\n"));
        self.word("@args.rsp");
        self.has_response = true;
    }

    /// All that one needs to make the same by hand.
    pub fn story(&self) -> String {
        let mut story = format!("{}: {}\n", self.family, self.words.join(" "));
        for (name, value) in &self.variables {
            story += &format!("  {name}={value}\n");
        }
        for (path, node) in &self.tree {
            if *node != Node::Directory {
                story += &format!("  {path}: {node:?}\n");
            }
        }
        story
    }
}
