//! Paths as the engine spells them: without `.`, doubled slashes and inner `..`. Looks at no file, so that a link followed by `..` is
//! taken by its spelling.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// The path without what does not matter: `..` remains at the start only, and never in an absolute path.
pub fn normalise(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => match out.components().next_back() {
                Some(Utf8Component::Normal(_)) => {
                    out.pop();
                }
                Some(Utf8Component::RootDir) => {}
                _ => out.push(".."),
            },
            other => out.push(other),
        }
    }
    out
}

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
    use super::{normalise, relative_to};
    use camino::Utf8Path;

    #[test]
    fn paths_are_normalised() {
        let cases = [
            ("./src/main.ts", "src/main.ts"),
            ("src//main.ts", "src/main.ts"),
            ("src/../lib/./a.ts", "lib/a.ts"),
            ("../a.ts", "../a.ts"),
            ("../../a/../b.ts", "../../b.ts"),
            ("a/../../b.ts", "../b.ts"),
            ("/a/../../b", "/b"),
            (".", ""),
        ];
        for (written, expected) in cases {
            assert_eq!(normalise(Utf8Path::new(written)), expected, "{written}");
        }
    }

    #[test]
    fn paths_are_seen_from_a_directory() {
        let seen = |path: &str, base: &str| relative_to(path.into(), base.into());
        assert_eq!(seen("/p/src/main.ts", "/p"), "src/main.ts");
        assert_eq!(seen("/q/main.ts", "/p"), "../q/main.ts");
        assert_eq!(seen("/p/a", "/p/b/c"), "../../a");
        assert_eq!(seen("/p", "/p"), "");
    }
}
