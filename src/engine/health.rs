//! How the state of a project is: what it holds and takes, what of it is damaged, and what its last build declined.

use super::Engine;
use crate::explain::Notice;
use crate::host::Kind;
use crate::store::Store;
use camino::{Utf8Path, Utf8PathBuf};

/// See [`Engine::health`].
#[derive(Clone, Debug)]
pub struct Health {
    /// Where the state lies.
    pub folder: Utf8PathBuf,
    /// Each part of it that is there, and the bytes it takes.
    pub parts: Vec<(&'static str, u64)>,
    /// Blobs whose bytes are what their digests say.
    pub sound: usize,
    /// What is not, or cannot be read.
    pub damage: Vec<String>,
    /// The store is trimmed when it has grown beyond so many bytes.
    pub limit: u64,
    /// How many builds are remembered.
    pub builds: usize,
    /// What the last of them declined to record, or warned of, with the remedy.
    pub declined: Vec<Notice>,
}

impl Engine {
    /// Looks at all of the project's state, and changes nothing; `None` where there is none.
    pub fn health(&self) -> Option<Health> {
        let folder = self.folder();
        let stamp = self.host.stat(&folder).ok().flatten()?;
        if stamp.kind != Kind::Directory {
            return None;
        }
        let store = Store::open(self.host.clone(), &folder.join("store"));
        let sound = store.check();
        let history = self.history();
        let mut damage = store.damage();
        damage.extend(history.damage);
        let declines = |notice: &&Notice| notice.remedy.is_some();
        let last = history.builds.last();
        let declined = last.iter().flat_map(|build| &build.outcome.notices);
        Some(Health {
            parts: ["store", "history", "link"]
                .into_iter()
                .map(|part| (part, self.size(&folder.join(part))))
                .filter(|(_, size)| *size > 0)
                .collect(),
            sound,
            damage,
            limit: self.cache_limit,
            builds: history.builds.len(),
            declined: declined.filter(declines).cloned().collect(),
            folder,
        })
    }

    /// The bytes of a file, or of all below a folder.
    fn size(&self, path: &Utf8Path) -> u64 {
        match self.host.stat(path) {
            Ok(Some(stamp)) if stamp.kind == Kind::Directory => {
                let names = self.host.list(path).unwrap_or_default();
                names.iter().map(|name| self.size(&path.join(name))).sum()
            }
            Ok(Some(stamp)) => stamp.size,
            _ => 0,
        }
    }
}
