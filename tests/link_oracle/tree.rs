//! Trees of files in memory and on disk: what is there, what differs, and how one is made of the other. Knows nothing of
//! links.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink};
use std::path::Path;
use std::sync::Arc;

/// Something at a path.
#[derive(Clone, PartialEq, Eq)]
pub enum Node {
    Directory,
    File { bytes: Arc<Vec<u8>>, mode: u32 },
    Link { target: String },
}

impl std::fmt::Debug for Node {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Directory => write!(out, "directory"),
            Self::Link { target } => write!(out, "link to {target}"),
            Self::File { bytes, mode } => {
                let digest = kiln::digest::Digest::of(bytes).to_string();
                write!(
                    out,
                    "file {mode:o}, {} bytes, {}",
                    bytes.len(),
                    &digest[..12]
                )?;
                match std::str::from_utf8(bytes) {
                    Ok(text) if text.len() < 200 => write!(out, " {text:?}"),
                    _ => Ok(()),
                }
            }
        }
    }
}

impl Node {
    pub fn file(bytes: &Arc<Vec<u8>>) -> Self {
        Self::File {
            bytes: Arc::clone(bytes),
            mode: 0o644,
        }
    }

    pub fn program(bytes: &Arc<Vec<u8>>) -> Self {
        Self::File {
            bytes: Arc::clone(bytes),
            mode: 0o755,
        }
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::file(&Arc::new(text.into().into_bytes()))
    }

    pub fn link(target: impl Into<String>) -> Self {
        Self::Link {
            target: target.into(),
        }
    }
}

/// All nodes below a root, by path relative to it. Parents come before their children.
pub type Tree = BTreeMap<String, Node>;

/// Adds a node and the directories that it lies in.
pub fn put(tree: &mut Tree, path: &str, node: Node) {
    let parents: Vec<&Path> = Path::new(path).ancestors().skip(1).collect();
    for parent in parents.into_iter().rev() {
        let parent = parent.to_str().expect("made of text");
        if !parent.is_empty() && !tree.contains_key(parent) {
            tree.insert(parent.to_owned(), Node::Directory);
        }
    }
    tree.insert(path.to_owned(), node);
}

/// What is on disk.
pub fn snapshot(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root.join(&folder)).expect("a directory");
        for entry in entries {
            let name = entry.expect("an entry").file_name();
            let name = name.to_str().expect("text");
            let path = if folder.is_empty() {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            };
            let node = read(root, &path).expect("it was listed");
            if node == Node::Directory {
                folders.push(path.clone());
            }
            tree.insert(path, node);
        }
    }
    tree
}

/// What is at one path; `None` if nothing.
pub fn read(root: &Path, path: &str) -> Option<Node> {
    let full = root.join(path);
    let found = fs::symlink_metadata(&full).ok()?;
    Some(if found.is_dir() {
        Node::Directory
    } else if found.is_symlink() {
        let target = fs::read_link(&full).expect("a link");
        Node::link(target.to_str().expect("text"))
    } else {
        Node::File {
            bytes: Arc::new(fs::read(&full).expect("a file")),
            mode: found.permissions().mode() & 0o7777,
        }
    })
}

/// Puts a node in place of whatever is there; its parents are made if they are missing.
pub fn write(root: &Path, path: &str, node: &Node) {
    let full = root.join(path);
    if *node == Node::Directory && full.is_dir() && !full.is_symlink() {
        return;
    }
    remove(root, path);
    if let Some((parent, _)) = path.rsplit_once('/')
        && !full.parent().is_some_and(Path::is_dir)
    {
        write(root, parent, &Node::Directory);
    }
    let done = match node {
        Node::Directory => fs::create_dir(&full),
        Node::Link { target } => symlink(target, &full),
        Node::File { bytes, mode } => {
            // A program that is written in place may still be open in a child of another thread.
            let aside = full.with_file_name(format!(".{}~", path.replace('/', "-")));
            fs::write(&aside, &**bytes)
                .and_then(|()| fs::set_permissions(&aside, fs::Permissions::from_mode(*mode)))
                .and_then(|()| fs::rename(&aside, &full))
        }
    };
    let done = done.and_then(|()| {
        // All belongs to whoever the tree belongs to.
        let owner = fs::metadata(root)?.uid();
        if owner == fs::symlink_metadata(&full)?.uid() {
            return Ok(());
        }
        lchown(&full, Some(owner), Some(owner))
    });
    done.unwrap_or_else(|error: io::Error| panic!("{path}: {error}"));
}

/// Removes what is at a path, with all below it.
pub fn remove(root: &Path, path: &str) {
    let full = root.join(path);
    let done = match fs::symlink_metadata(&full) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(&full),
        Ok(_) => fs::remove_file(&full),
        Err(_) => Ok(()),
    };
    done.unwrap_or_else(|error| panic!("{path}: {error}"));
}

/// Whether `path` is `top` or lies below it.
pub fn is_within(path: &str, top: &str) -> bool {
    path.strip_prefix(top)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Makes what is at and below the paths in `only` as it is in `wanted`.
pub fn restore(root: &Path, wanted: &Tree, only: &[String]) {
    let within = |path: &str| only.iter().any(|top| is_within(path, top));
    let present = snapshot(root);
    for path in present.keys() {
        if within(path) && !wanted.contains_key(path) {
            remove(root, path);
        }
    }
    for (path, node) in wanted {
        if within(path) && present.get(path) != Some(node) {
            write(root, path, node);
        }
    }
}

/// Makes all as it is in `wanted`.
pub fn restore_all(root: &Path, wanted: &Tree) {
    let present = snapshot(root);
    let all: BTreeSet<&String> = present.keys().chain(wanted.keys()).collect();
    let tops: Vec<String> = all
        .into_iter()
        .filter(|path| !path.contains('/'))
        .cloned()
        .collect();
    restore(root, wanted, &tops);
}

/// What differs, a line for each path.
pub fn differences(old: &Tree, new: &Tree) -> Vec<String> {
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    all.into_iter()
        .filter(|path| old.get(*path) != new.get(*path))
        .map(|path| format!("{path}: {:?} → {:?}", old.get(path), new.get(path)))
        .collect()
}
