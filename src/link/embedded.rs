//! [`Embedded`]: the linker `libwild`, run in this process and in the caller's thread pool.
//!
//! It sees the world only through [`files::Files`], which answers for objects from memory and for everything else from
//! the build's world, and notes all that it was asked. The program stays in memory.
//! This module knows the linker, and not how a plan was made.

mod files;
mod message;

use super::{Argument, LinkFailure, LinkObject, LinkOptions, LinkPlan, Linked, Linker, driver};
use crate::error::{Error, Result};
use crate::observe::Reader;
use files::{Door, Files};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// The version of `libwild`, which names itself in the program's `.comment` section.
const WILD: &str = "0.10.0";

/// Raised when this module asks the linker for another program.
const REVISION: &str = "1";

/// The linker in this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Embedded;

impl Linker for Embedded {
    fn name(&self) -> &'static str {
        "wild"
    }

    fn version(&self) -> String {
        format!("{WILD}-{REVISION}")
    }

    fn way(&self) -> &'static str {
        "embedded"
    }

    fn plan(&self, options: &LinkOptions, runtime_libraries: &[&str], reader: &Reader<'_>) -> Result<LinkPlan> {
        if !["auto", "wild"].contains(&options.linker.as_str()) {
            return Err(Error::configuration(
                format!("the linker `{}` is not available in this release", options.linker),
                Some("set `linker` in [link] to \"auto\" or \"wild\", which is built in".to_owned()),
            ));
        }
        driver::plan(options, runtime_libraries, reader)
    }

    fn link(&self, plan: &LinkPlan, objects: &[LinkObject], reader: &Reader<'_>) -> std::result::Result<Linked, LinkFailure> {
        refuse_variables(reader)?;
        let names: Vec<String> = objects.iter().enumerate().map(|(index, object)| files::object_path(index, &object.name)).collect();
        let words = words(plan, &names);
        let door = Arc::new(Door::default());
        let warnings = Arc::new(Mutex::new(String::new()));

        let linked = door.open_while(reader.world(), || {
            let inputs = names.iter().cloned().zip(objects.iter().map(|object| object.bytes.clone())).collect();
            catch_unwind(AssertUnwindSafe(|| run(&words, Files::new(inputs, Arc::clone(&door)), &warnings)))
        });

        for (observation, note) in door.seen() {
            reader.record(observation, crate::observe::Role::Link, note);
        }
        if let Some(error) = door.failure() {
            return Err(error.into());
        }
        match linked {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(message::failure(&error.to_string(), &names)),
            Err(_) => {
                return Err(Error::missing(
                    "the embedded linker failed on this program",
                    "this is a defect; please report it with the message above and, if you can, the program",
                )
                .into());
            }
        }
        let warnings = warnings.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Linked { bytes: door.program(), warnings: message::plain(&warnings) })
    }
}

/// Links `words` through `files`; the program is then in the door.
fn run(words: &[String], files: Files, warnings: &Arc<Mutex<String>>) -> libwild::error::Result {
    let mut args = libwild::Args::new(|| words.iter())?;
    args.set_version(WILD);
    let warnings = Arc::clone(warnings);
    args.on_warning(Box::new(move |warning: libwild::error::Warning| {
        let mut warnings = warnings.lock().unwrap_or_else(PoisonError::into_inner);
        warnings.push_str(warning.warning());
        warnings.push('\n');
    }));
    args.parse(|| words.iter())?;
    let t0 = std::time::Instant::now();
    let linker = libwild::Linker::with_file_system(files);
    let out = linker.run(&args)?;
    let t1 = std::time::Instant::now();
    drop(out);
    let t2 = std::time::Instant::now();
    drop(linker);
    let t3 = std::time::Instant::now();
    drop(args);
    eprintln!("run {:?} drop out {:?} drop linker {:?} args {:?}", t1 - t0, t2 - t1, t3 - t2, t3.elapsed());
    Ok(())
}

/// The linker's command line.
fn words(plan: &LinkPlan, objects: &[String]) -> Vec<String> {
    let mut words = Vec::with_capacity(plan.arguments.len() + objects.len() + 4);
    words.push("wild".to_owned());
    words.extend(["-o".to_owned(), files::PROGRAM.to_owned()]);
    let mut directory_follows = false;
    for argument in &plan.arguments {
        match argument {
            Argument::Objects => words.extend(objects.iter().cloned()),
            Argument::Text(text) => {
                words.push(if directory_follows {
                    files::search_path(text)
                } else {
                    match text.strip_prefix("-L") {
                        Some(directory) if !directory.is_empty() => format!("-L{}", files::search_path(directory)),
                        _ => text.clone(),
                    }
                });
                directory_follows = text == "-L";
            }
        }
    }
    words
}

/// The linker reads these from the environment of the process, where they change what it does.
fn refuse_variables(reader: &Reader<'_>) -> Result<()> {
    const VARIABLES: &[&str] = &[
        "WILD_FILES_PER_GROUP",
        "WILD_EXPERIMENTAL_PLATFORMS",
        "WILD_PRINT_ALLOCATIONS",
        "WILD_REFERENCE_LINKER",
        "WILD_SAVE_BASE",
        "WILD_SAVE_DIR",
        "WILD_SAVE_SKIP_LINKING",
        "WILD_UNSUPPORTED",
        "WILD_VALIDATE_OUTPUT",
        "WILD_VERIFY_ALLOCATIONS",
        "WILD_WRITE_LAYOUT",
        "WILD_WRITE_TRACE",
    ];
    for name in VARIABLES {
        // An empty value is as good as none for the linker.
        if reader.variable(name, "the embedded linker reads it").is_some_and(|value| !value.is_empty()) {
            return Err(Error::configuration(
                format!("the variable {name} changes what the embedded linker does"),
                Some(format!("unset {name}")),
            ));
        }
    }
    Ok(())
}
