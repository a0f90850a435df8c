//! Whether files of rules are right, and whether their tests hold.

use crate::driver::Exit;
use crate::driver::terminal::Terminal;
use crate::error::{Error, Result};
use crate::explain::text::count;
use crate::host::{Host, NativeHost};
use crate::rule::{Failure, Rules};
use camino::Utf8Path;
use std::sync::Arc;

/// Reads a file as if it were a project's, and runs its tests.
pub fn file(host: &dyn Host, terminal: &Terminal, file: &Utf8Path) -> Result<Exit> {
    let (tests, failures) = tested(host, file)?;
    if told(terminal, &failures) {
        return Ok(Exit::Usage);
    }
    terminal.status(&format!("{file} is right; {} passed", count(tests, "test")));
    Ok(Exit::Done)
}

/// Reads the project's rules, and runs the tests of the files that it lists.
pub fn project(host: &Arc<NativeHost>, terminal: &Terminal) -> Result<Exit> {
    let project = super::project(host)?;
    if !project.present {
        return Err(Error::configuration(
            "there is no kiln.toml here or in any folder above",
            Some("name a file of rules: `kiln rules check FILE`".to_owned()),
        ));
    }
    let (mut tests, mut wrong) = (0, false);
    for listed in &project.rule_files {
        let (count, failures) = tested(&**host, &listed.path)?;
        tests += count;
        wrong |= told(terminal, &failures);
    }
    if wrong {
        return Ok(Exit::Usage);
    }
    let libraries =
        count(project.libraries.own().count(), "library").replace("librarys", "libraries");
    let (files, tests) = (
        count(project.rule_files.len(), "file"),
        count(tests, "test"),
    );
    terminal.status(&format!(
        "kiln.toml and {files} of rules are right: {libraries}; {tests} passed"
    ));
    Ok(Exit::Done)
}

fn tested(host: &dyn Host, file: &Utf8Path) -> Result<(usize, Vec<Failure>)> {
    let bytes = host
        .read(file)
        .map_err(|cause| Error::world("cannot read the rules", file, cause))?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Error::configuration(format!("{file} is not valid UTF-8"), None))?;
    let (_, tests, failures) = Rules::shipped()?.check(file.as_str(), text)?;
    Ok((tests, failures))
}

/// Tells what does not hold, and whether there is anything.
fn told(terminal: &Terminal, failures: &[Failure]) -> bool {
    for failure in failures {
        let message = format!(
            "{}: {}\n  {} is {:?}, expected {:?}",
            failure.place, failure.command, failure.what, failure.found, failure.expected
        );
        terminal.error(&message, None);
    }
    !failures.is_empty()
}
