//! Paths as documents and the engine spell them: without `.`, doubled slashes and inner `..`. Looks at no file, so that a
//! link followed by `..` is taken by its spelling.

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

#[cfg(test)]
mod tests {
    use super::normalise;
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
}
