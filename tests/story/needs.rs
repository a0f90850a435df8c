//! What a story needs, as its prose says, and whether it is there. Knows nothing of what is done with it.
//!
//! A line that begins with `Needs` names programs in back-quotes; `private-mounts` is the right to `mounted`, `another-user`
//! the means of `as-nobody`. A line that begins with `For each of` names link commands
//! in back-quotes: the story is told once for each, with the command as `$CC`, and all have to say the same.

use crate::manner::as_nobody;
use crate::page::{Page, Part};
use std::process::{Command, Stdio};

/// The link commands that the story is told with; one that is empty if it is not about several.
pub fn linkers(page: &Page) -> Vec<String> {
    let found = quoted(page, "For each of ");
    if found.is_empty() {
        return vec![String::new()];
    }
    found
}

/// What is missing for the story to be told with this link command.
pub fn check(page: &Page, linker: &str) -> Result<(), String> {
    let mut programs = quoted(page, "Needs ");
    let mut words = linker.split(' ').filter(|word| !word.is_empty());
    programs.extend(words.next().map(str::to_owned));
    programs.extend(words.filter_map(|word| {
        Some(match word.strip_prefix("-fuse-ld=")? {
            "mold" => "mold".to_owned(),
            "lld" => "ld.lld-19".to_owned(),
            name => format!("ld.{name}"),
        })
    }));
    if let Some(missing) = programs.iter().find(|program| !installed(program)) {
        return Err(format!("{missing} is not installed"));
    }
    let can_build = cfg!(all(feature = "typescript", feature = "wild"));
    if !can_build && page.parts.iter().any(builds) {
        return Err(
            "this kiln was made without the frontend for TypeScript or the linker".to_owned(),
        );
    }
    Ok(())
}

/// Whether this runs another command of `kiln` than `kiln link`.
fn builds(part: &Part) -> bool {
    let Part::Command(exchange) = part else {
        return false;
    };
    let mut words = exchange.command.split(' ');
    words.any(|word| word == "kiln") && words.next() != Some("link")
}

fn installed(program: &str) -> bool {
    let kiln = env!("CARGO_BIN_EXE_kiln");
    match program {
        "private-mounts" => {
            let bind = "mount --bind / /mnt";
            return succeeds(&["unshare", "-m", "sh", "-c", bind]);
        }
        "another-user" => return succeeds(&[as_nobody(), &[kiln, "--version"]].concat()),
        _ => {}
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

fn succeeds(command: &[&str]) -> bool {
    let Some((program, arguments)) = command.split_first() else {
        return false;
    };
    let mut command = Command::new(program);
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null());
    let status = silent.args(arguments).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// What is in back-quotes in the lines of prose that begin so.
fn quoted(page: &Page, begin: &str) -> Vec<String> {
    let lines = page.parts.iter().filter_map(|part| match part {
        Part::Prose(line) => line.strip_prefix(begin),
        _ => None,
    });
    lines
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}
