//! Looks that were taken a moment ago: the same look now finds the same, and need not be told again.
//!
//! A compiler resolves the path of each header that it opens, so that half of its calls ask whether the same few folders are
//! links. It does not know what a look found.

use rustc_hash::FxHashMap;
use std::time::{Duration, Instant};

/// For so long a look counts as just taken. What others change and put back within it is not seen, as it is not where it
/// happens between a look and the call that the look was for.
const MOMENT: Duration = Duration::from_millis(10);

/// A look at a path, with links followed or not.
#[derive(Default)]
pub(super) struct Recent {
    followed: FxHashMap<String, Instant>,
    itself: FxHashMap<String, Instant>,
}

impl Recent {
    /// Whether this look was just taken; if not, it counts as taken now.
    ///
    /// What is below `/proc` or `/dev` depends on who looks.
    pub(super) fn has(&mut self, path: &str, follow: bool) -> bool {
        if path.starts_with("/proc") || path.starts_with("/dev") {
            return false;
        }
        let looks = match follow {
            true => &mut self.followed,
            false => &mut self.itself,
        };
        let now = Instant::now();
        match looks.get_mut(path) {
            Some(last) if now.duration_since(*last) < MOMENT => true,
            Some(last) => {
                *last = now;
                false
            }
            None => {
                looks.insert(path.to_owned(), now);
                false
            }
        }
    }

    /// The observed have changed something, wherever it is seen.
    pub(super) fn forget(&mut self) {
        if !self.followed.is_empty() || !self.itself.is_empty() {
            self.followed.clear();
            self.itself.clear();
        }
    }
}
