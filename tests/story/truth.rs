//! Holds what a build names as its roots against what a story itself has changed since it was last built.
//!
//! Only what lies in the folder of the story is known here, and only builds that are asked for in the same words are
//! compared: what another build has recorded in between can only make the true changes fewer.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What is at a place, but for its stamps.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Look {
    File {
        bytes: Vec<u8>,
        mode: u32,
    },
    /// The names in it.
    Directory(Vec<String>),
    Link(PathBuf),
}

/// A world in which a build was made.
#[derive(Clone, Debug, Default)]
pub struct World {
    places: BTreeMap<PathBuf, Look>,
    variables: Vec<(String, String)>,
}

/// The worlds of the builds of a story, by how each was asked for.
#[derive(Default)]
pub struct Truth {
    worlds: BTreeMap<String, World>,
}

impl World {
    pub fn look(root: &Path, variables: &[(String, String)]) -> Self {
        let mut world = Self {
            places: BTreeMap::new(),
            variables: variables.to_vec(),
        };
        world.walk(root);
        world
    }

    fn walk(&mut self, place: &Path) {
        use std::os::unix::fs::PermissionsExt;
        let Ok(meta) = fs::symlink_metadata(place) else {
            return;
        };
        let look = if meta.is_symlink() {
            Look::Link(fs::read_link(place).unwrap_or_default())
        } else if meta.is_dir() {
            let entries = fs::read_dir(place).into_iter().flatten().flatten();
            let mut names: Vec<String> = entries
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                // What builds leave is theirs.
                .filter(|name| name != "target" && name != "log")
                .collect();
            names.sort();
            for name in &names {
                self.walk(&place.join(name));
            }
            Look::Directory(names)
        } else {
            Look::File {
                bytes: fs::read(place).unwrap_or_default(),
                mode: meta.permissions().mode(),
            }
        };
        self.places.insert(place.to_owned(), look);
    }

    /// The places that are not as they were in `before`.
    fn changed<'w>(&'w self, before: &'w Self) -> BTreeSet<&'w Path> {
        let all = self.places.keys().chain(before.places.keys());
        all.filter(|place| self.places.get(*place) != before.places.get(*place))
            .map(PathBuf::as_path)
            .collect()
    }
}

impl Truth {
    /// A build was asked for by `words` in a world, and told this of itself.
    ///
    /// # Errors
    /// If it names a root that is none.
    pub fn hold(
        &mut self,
        words: String,
        here: &Path,
        world: World,
        told: &Value,
    ) -> Result<(), String> {
        if let Some(before) = self.worlds.get(&words)
            && before.variables == world.variables
        {
            let changed = world.changed(before);
            let reasons = told["reasons"].as_array().into_iter().flatten();
            for reason in reasons.filter(|reason| is_about_a_place(reason)) {
                let path = Path::new(reason["path"].as_str().unwrap_or_default());
                let root = here
                    .ancestors()
                    .find(|folder| folder.join("kiln.toml").exists());
                let place = root.unwrap_or(here).join(path);
                let known = world.places.contains_key(&place) || before.places.contains_key(&place);
                // A change within a folder or behind a link is one of what was looked at there.
                let within = |changed: &&Path| {
                    changed.starts_with(&place) || is_behind(&world, &place, changed)
                };
                if known && !changed.iter().any(within) {
                    return Err(format!(
                        "the build names {} as a root, and the story has not changed it: {reason}",
                        path.display()
                    ));
                }
            }
        }
        Ok(())
    }

    /// The build was recorded.
    pub fn recorded(&mut self, words: String, world: World) {
        self.worlds.insert(words, world);
    }
}

/// Reasons of other kinds are about what builds make, or about this process.
fn is_about_a_place(reason: &Value) -> bool {
    let kind = reason["kind"].as_str().unwrap_or_default();
    reason["path"].is_string() && !kind.starts_with("output-") && kind != "changed-while-building"
}

/// Whether a link on the way to `place` leads to what has changed, or is what has.
fn is_behind(world: &World, place: &Path, changed: &Path) -> bool {
    place.ancestors().any(|above| {
        matches!(world.places.get(above), Some(Look::Link(_)))
            && (above == changed
                || fs::canonicalize(above).is_ok_and(|real| changed.starts_with(real)))
    })
}
