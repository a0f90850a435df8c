//! `kiln init`: a new project that builds and runs. Never overwrites a file.

use super::Exit;
use super::place;
use super::terminal::Terminal;
use crate::error::{Error, Result};
use crate::host::{Host, NativeHost};
use camino::Utf8Path;

const MAIN: &str = "src/main.ts";

const MAIN_TEXT: &str = "\
function greeting(name: string): string {
  return `Hello, ${name}!`;
}

console.log(greeting(\"world\"));
";

const IGNORED: &str = "/target/\n";

/// For editors and type checkers: what the language has, and the functions of native libraries, which a build declares.
const TSCONFIG: &str = r#"{
  "compilerOptions": {
    "strict": true,
    "noEmit": true,
    "target": "es2022",
    "lib": ["es2022", "dom"],
    "module": "esnext",
    "moduleResolution": "bundler",
    "types": []
  },
  "include": ["src", "target/kiln/*.d.ts"]
}
"#;

/// Makes a project of `folder`.
pub fn init(here: &NativeHost, terminal: &Terminal, folder: &Utf8Path) -> Exit {
    let root = place::absolute(here, folder);
    match write(here, &root) {
        Ok(made) => {
            terminal.status(&format!("made {} in {root}", made.join(", ")));
            let change = if root == here.root() {
                String::new()
            } else {
                format!("cd {folder} && ")
            };
            terminal.status(&format!("now try: {change}kiln run"));
            Exit::Done
        }
        Err(error) => {
            terminal.error(&error.to_string(), error.remedy.as_deref());
            error.kind.into()
        }
    }
}

/// Writes the files that are not there yet; the configuration must not be.
fn write<'f>(host: &NativeHost, root: &Utf8Path) -> Result<Vec<&'f str>> {
    let config = root.join(crate::project::FILE);
    if exists(host, &config)? {
        return Err(Error::configuration(
            format!("{config} is there already"),
            Some("build it with `kiln build`".to_owned()),
        ));
    }
    let name = program_name(root);
    let text = format!(
        "[package]\nname = \"{name}\"\n\n[[executable]]\nname = \"{name}\"\nentry = \"{MAIN}\"\n"
    );
    let mut made = Vec::new();
    // The configuration comes last: what was cut short can be begun again.
    for (file, text) in [
        (MAIN, MAIN_TEXT),
        ("tsconfig.json", TSCONFIG),
        (".gitignore", IGNORED),
        (crate::project::FILE, text.as_str()),
    ] {
        let path = root.join(file);
        if exists(host, &path)? {
            continue;
        }
        host.replace(&path, text.as_bytes(), 0o666)
            .map_err(|cause| Error::world("cannot write", path, cause))?;
        made.push(file);
    }
    Ok(made)
}

fn exists(host: &NativeHost, path: &Utf8Path) -> Result<bool> {
    let stamp = host
        .stat(path)
        .map_err(|cause| Error::world("cannot look at", path, cause))?;
    Ok(stamp.is_some())
}

/// The folder's name, as far as it is plain.
fn program_name(root: &Utf8Path) -> String {
    let plain = |letter: char| {
        if letter.is_alphanumeric() || "-_.".contains(letter) {
            letter
        } else {
            '-'
        }
    };
    let name: String = root
        .file_name()
        .unwrap_or_default()
        .chars()
        .map(plain)
        .collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() {
        "app".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::program_name;

    #[test]
    fn names_come_from_the_folder() {
        let names =
            ["/home/x/my app", "/", "/x/.hidden", "/x/größe"].map(|root| program_name(root.into()));
        assert_eq!(names, ["my-app", "app", "hidden", "größe"]);
    }
}
