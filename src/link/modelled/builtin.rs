//! The directories that are built into a linker: it is asked, since they differ from one build of it to the next.
//!
//! GNU ld prints its own script, which has them as `SEARCH_DIR("=/usr/lib")`. gold prints where it looks for a library that
//! is nowhere. Seen with GNU ld 2.40 and gold 1.16. Which linkers have such directories, the rules know.

use super::Unmodelled;
use crate::host::{Command, Host};
use crate::link::report::{self, ReportForm};
use camino::Utf8Path;

/// No library has this name.
const NOWHERE: &str = "kiln-looks-where-you-look";

/// Asks `program`, an absolute path, for the directories that it searches without being told, in order. `sysroot` is the
/// value of that option. A directory of GNU ld begins with `=` where it lies in the system root.
///
/// # Errors
/// If it cannot be run, or answers in another way.
pub fn built_in_directories(
    program: &Utf8Path,
    env: &[(String, String)],
    sysroot: Option<&str>,
    host: &dyn Host,
) -> Result<Vec<String>, Unmodelled> {
    let mut args = vec!["--verbose".to_owned()];
    args.extend(sysroot.map(|sysroot| format!("--sysroot={sysroot}")));
    let ask = |args: Vec<String>| {
        let command = Command {
            program: program.to_owned(),
            called: None,
            args,
            env: env.to_vec(),
        };
        host.run(&command).map_err(|cause| {
            Unmodelled::new(
                program.as_str(),
                format!("cannot be asked where it searches: {cause}"),
                "check that the linker can be run",
            )
        })
    };
    let printed = ask(args.clone())?;
    let directories = of_script(&String::from_utf8_lossy(&printed.stdout));
    if !directories.is_empty() {
        return Ok(directories);
    }
    args.extend([
        "-o".to_owned(),
        format!("/{NOWHERE}/out"),
        format!("-l{NOWHERE}"),
    ]);
    let printed = ask(args)?;
    let attempts = report::parse(ReportForm::Attempts, &printed.stderr);
    let missed = attempts.map(|report| report.missed).unwrap_or_default();
    let name = format!("lib{NOWHERE}.so");
    let directories: Vec<String> = missed
        .iter()
        .filter(|path| path.file_name() == Some(&name))
        .filter_map(|path| path.parent())
        .map(|directory| directory.as_str().to_owned())
        .collect();
    if directories.is_empty() {
        return Err(Unmodelled::new(
            program.as_str(),
            "does not say where it searches",
            "name the directories with `-L` and give `-nostdlib`",
        ));
    }
    Ok(directories)
}

/// Each `SEARCH_DIR("…")`.
fn of_script(printed: &str) -> Vec<String> {
    printed
        .split("SEARCH_DIR(\"")
        .skip(1)
        .filter_map(|rest| rest.split_once("\")"))
        .map(|(directory, _)| directory.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::of_script;

    #[test]
    fn directories_stand_in_the_script() {
        assert_eq!(
            of_script("SEARCH_DIR(\"=/lib\"); SEARCH_DIR(\"/opt/x y\");\nSECTIONS"),
            ["=/lib", "/opt/x y"]
        );
        assert!(of_script("ld.gold: Opened").is_empty());
    }
}
