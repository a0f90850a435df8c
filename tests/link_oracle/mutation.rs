//! One change of the world, and what may be expected of it. Knows no linker.

use crate::random::Random;
use crate::scenario::Scenario;
use crate::tree::{Node, Tree, is_within, read, remove, write};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

#[derive(Clone, Debug)]
pub enum Mutation {
    /// Puts something where nothing was, or something else was.
    Put {
        path: String,
        node: Node,
    },
    /// Writes other bytes into the file that is there, and puts its time back.
    Rewrite {
        path: String,
        to: Node,
    },
    Remove {
        path: String,
    },
    Rename {
        from: String,
        to: String,
    },
    Mode {
        path: String,
        mode: u32,
    },
    /// Writes the same bytes again.
    Again {
        path: String,
    },
    /// Sets only the time.
    Touch {
        path: String,
    },
    /// A variable, which counts or not.
    Variable {
        name: String,
        value: Option<String>,
        counts: bool,
    },
}

/// A variable that no rule names.
const NOISE: &str = "ORACLE_NOISE";

impl Mutation {
    /// Something that can be done to the tree as it is.
    pub fn any(random: &mut Random, scenario: &Scenario, tree: &Tree) -> Self {
        loop {
            if let Some(found) = Self::some(random, scenario, tree) {
                return found;
            }
        }
    }

    fn some(random: &mut Random, scenario: &Scenario, tree: &Tree) -> Option<Self> {
        let is_output = |path: &str| scenario.outputs.iter().any(|output| output == path);
        let paths: Vec<&String> = tree.keys().filter(|path| !is_output(path)).collect();
        let files: Vec<&String> = paths
            .iter()
            .filter(|path| matches!(tree[**path], Node::File { .. }))
            .copied()
            .collect();
        let candidate = |random: &mut Random| {
            (!scenario.candidates.is_empty()).then(|| random.pick(&scenario.candidates).clone())
        };
        Some(match random.below(26) {
            0..=7 => {
                let (path, node) = candidate(random)?;
                // No directory is lost for a file.
                if is_output(&path) || tree.get(&path) == Some(&node) || !can_hold(tree, &path) {
                    return None;
                }
                Self::Put { path, node }
            }
            8..=10 => {
                // Other bytes for a file that is there.
                let path = (*random.pick(&files)).clone();
                let fits = scenario.candidates.iter().filter(|(other, node)| {
                    *other == path && matches!(node, Node::File { .. }) && *node != tree[&path]
                });
                let fits: Vec<_> = fits.collect();
                if fits.is_empty() {
                    return None;
                }
                let (_, node) = random.pick(&fits);
                if random.once_in(2) {
                    let to = node.clone();
                    Self::Rewrite { path, to }
                } else {
                    Self::Put {
                        path,
                        node: node.clone(),
                    }
                }
            }
            11..=12 => Self::Remove {
                path: (*random.pick(&paths)).clone(),
            },
            13 => {
                let from = (*random.pick(&paths)).clone();
                let to = if random.once_in(2) {
                    candidate(random)?.0
                } else {
                    (*random.pick(&paths)).clone()
                };
                let inside = is_within(&to, &from) || is_within(&from, &to) || is_output(&to);
                if inside || !parent_is_directory(tree, &to) {
                    return None;
                }
                Self::Rename { from, to }
            }
            14 => Self::Mode {
                path: (*random.pick(&files)).clone(),
                mode: *random.pick(&[0, 0o444, 0o600, 0o755]),
            },
            15 => Self::Again {
                path: (*random.pick(&files)).clone(),
            },
            16 => Self::Touch {
                path: (*random.pick(&paths)).clone(),
            },
            17..=18 if !scenario.settings.is_empty() => {
                let (name, value) = random.pick(&scenario.settings).clone();
                if scenario.variables.get(&name) == value.as_ref() {
                    return None;
                }
                Self::Variable {
                    name,
                    value,
                    counts: true,
                }
            }
            19 => Self::Variable {
                name: NOISE.to_owned(),
                value: Some(random.below(9).to_string()),
                counts: false,
            },
            20 => Self::Put {
                path: format!(
                    "elsewhere/{}",
                    random.pick(&["libfoo.a", "foo.lib", "ld", "app"])
                ),
                node: Node::text("nothing"),
            },
            21 => {
                let path = random.pick(&scenario.outputs).clone();
                Self::Remove { path }
            }
            22 => Self::Put {
                path: random.pick(&scenario.outputs).clone(),
                node: Node::text("edited"),
            },
            23 => {
                let links: Vec<_> = paths
                    .iter()
                    .filter(|path| matches!(tree[**path], Node::Link { .. }))
                    .collect();
                if links.is_empty() {
                    return None;
                }
                let path = (**random.pick(&links)).clone();
                let other = (*random.pick(&paths)).clone();
                let above = "../".repeat(path.matches('/').count());
                Self::Put {
                    path,
                    node: Node::link(above + &other),
                }
            }
            24 => Self::Put {
                path: candidate(random)
                    .map(|(path, _)| path)
                    .filter(|path| can_hold(tree, path))?,
                node: match random.below(4) {
                    0 => Node::Directory,
                    1 => Node::text(""),
                    2 => Node::text("what is this?\n"),
                    _ => Node::link("nowhere"),
                },
            },
            _ => return None,
        })
    }

    /// Whether a link that left `outputs` is current after this: it is of nothing else that could have been observed.
    /// `known`: what the tool reads is; of another all variables and times may count.
    pub fn changes_nothing(&self, outputs: &[String], known: bool) -> bool {
        match self {
            Self::Again { .. } | Self::Touch { .. } => known,
            Self::Variable { counts, .. } => known && !counts,
            Self::Put { path, .. } | Self::Remove { path } => {
                outputs.contains(path) || path.starts_with("elsewhere/")
            }
            Self::Rewrite { .. } | Self::Rename { .. } | Self::Mode { .. } => false,
        }
    }

    /// Does it to a tree on disk, or to the variables.
    pub fn apply(&self, root: &Path, variables: &mut BTreeMap<String, String>) {
        match self {
            Self::Put { path, node } => write(root, path, node),
            Self::Rewrite { path, to } => {
                let Node::File { bytes, .. } = to else {
                    return;
                };
                let full = root.join(path);
                let time = modified(&full);
                fs::write(&full, &**bytes).expect("a file can be written");
                set_modified(&full, time);
            }
            Self::Remove { path } => remove(root, path),
            Self::Rename { from, to } => {
                remove(root, to);
                fs::rename(root.join(from), root.join(to))
                    .unwrap_or_else(|error| panic!("{from} to {to}: {error}"));
            }
            Self::Mode { path, mode } => {
                let mode = std::os::unix::fs::PermissionsExt::from_mode(*mode);
                fs::set_permissions(root.join(path), mode).expect("a file");
            }
            Self::Again { path } => {
                let node = read(root, path).expect("a file");
                write(root, path, &node);
            }
            Self::Touch { path } => {
                let full = root.join(path);
                // A link to nothing has no time to set.
                if full.exists() {
                    set_modified(&full, SystemTime::now());
                }
            }
            Self::Variable { name, value, .. } => {
                match value {
                    Some(value) => variables.insert(name.clone(), value.clone()),
                    None => variables.remove(name),
                };
            }
        }
    }
}

/// Whether something can be put at this path, and be it in new directories.
fn can_hold(tree: &Tree, path: &str) -> bool {
    let mut above = path.match_indices('/').map(|(at, _)| &path[..at]);
    above.all(|above| matches!(tree.get(above), None | Some(Node::Directory)))
}

/// Whether something can be put at this path without making a directory.
fn parent_is_directory(tree: &Tree, path: &str) -> bool {
    match path.rsplit_once('/') {
        Some((parent, _)) => tree.get(parent) == Some(&Node::Directory),
        None => true,
    }
}

fn modified(path: &Path) -> SystemTime {
    let found = fs::metadata(path).expect("a file");
    found.modified().expect("this system has times")
}

fn set_modified(path: &Path, time: SystemTime) {
    let file = fs::File::open(path).expect("a file");
    file.set_modified(time).expect("a time can be set");
}
