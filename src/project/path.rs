//! Paths as seen from elsewhere. Looks at no file, so that a link followed by `..` is taken by its spelling.

use crate::document::normalise;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// The absolute path `path` as seen from the absolute directory `base`, with `..` where it lies outside.
pub fn relative_to(path: &Utf8Path, base: &Utf8Path) -> Utf8PathBuf {
    let (path, base) = (normalise(path), normalise(base));
    let shared = path
        .components()
        .zip(base.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = base
        .components()
        .skip(shared)
        .map(|_| Utf8Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use super::relative_to;

    #[test]
    fn paths_are_seen_from_a_directory() {
        let seen = |path: &str, base: &str| relative_to(path.into(), base.into());
        assert_eq!(seen("/p/src/main.ts", "/p"), "src/main.ts");
        assert_eq!(seen("/q/main.ts", "/p"), "../q/main.ts");
        assert_eq!(seen("/p/a", "/p/b/c"), "../../a");
        assert_eq!(seen("/p", "/p"), "");
    }
}
