//! [`Embedded`]: the linker `libwild`, run in this process and in the caller's thread pool.
//!
//! It sees the world only through [`files::Files`], which answers for objects from memory and for everything else from
//! the build's world, and notes all that it was asked. The program stays in memory.
//! This module knows the linker, and not how a plan was made.

mod files;
mod message;

use super::argument::{self, Refused};
use super::{
    Argument, Kept, LinkFailure, LinkObject, LinkOptions, LinkPlace, LinkPlan, Linked, Linker,
    LinkerIdentity, Way, driver, linkers,
};
use crate::error::{Error, Result};
use crate::observe::{Reader, Role};
use camino::Utf8PathBuf;
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

    fn plan(
        &self,
        options: &LinkOptions,
        runtime_libraries: &[&str],
        reader: &Reader<'_>,
    ) -> Result<LinkPlan> {
        if !["auto", "wild"].contains(&options.linker.as_str()) {
            return Err(linkers::contradicts(&options.linker));
        }
        let (args, selected) = driver::accepted(&options.args, reader)?;
        if let Some(selected) = selected.filter(|selected| !linkers::is_wild(selected)) {
            return Err(linkers::contradicts(&selected));
        }
        let driver = driver::find(&options.driver, reader)?;
        let arguments = driver::arguments(options, &args, runtime_libraries);
        Ok(plan(driver, &arguments, &args, options.shared, reader)??)
    }

    fn link(
        &self,
        plan: &LinkPlan,
        objects: &[LinkObject],
        place: &LinkPlace<'_>,
        reader: &Reader<'_>,
    ) -> std::result::Result<Linked, LinkFailure> {
        refuse_variables(reader)?;
        let names: Vec<String> = objects
            .iter()
            .enumerate()
            .map(|(index, object)| files::object_path(index, &object.name))
            .collect();
        let mut words = words(plan, &names);
        let room = place
            .room
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let door = Arc::new(Door::with_room(room));
        let attempt = |words: &[String]| {
            let inputs = names
                .iter()
                .cloned()
                .zip(objects.iter().map(|object| object.bytes.clone()))
                .collect();
            let files = Files::new(inputs, Arc::clone(&door));
            door.open_while(reader.world(), || run(words, files, place.last))
        };

        let mut said = attempt(&words);
        if matches!(&said.outcome, Outcome::Refused(error) if message::is_undefined(error)) {
            // The linker names one undefined symbol, and which one depends on its threads; as warnings it names them all.
            words.push("--warn-unresolved-symbols".to_owned());
            let undefined = attempt(&words)
                .warnings
                .into_iter()
                .filter(|warning| message::is_undefined(warning))
                .collect::<Vec<_>>();
            if !undefined.is_empty() {
                said.outcome = Outcome::Undefined(undefined);
            }
        }

        for (observation, note) in door.seen() {
            reader.record(observation, Role::Link, note);
        }
        if let Some(error) = door.failure() {
            return Err(error.into());
        }
        match said.outcome {
            Outcome::Linked => Ok(Linked {
                bytes: door.program(),
                warnings: message::plain(&said.warnings.join("\n")),
                way: Way::Embedded,
                kept: Kept::Recorded,
            }),
            Outcome::Refused(error) => {
                Err(LinkFailure::Program(message::problems([error.as_str()])))
            }
            Outcome::Undefined(warnings) => Err(LinkFailure::Program(message::problems(
                warnings.iter().map(String::as_str),
            ))),
            Outcome::Panicked => Err(LinkFailure::World(Error::missing(
                "the embedded linker broke down on this program",
                "this is a defect; please report it, with the message above and, if you can, with the program",
            ))),
        }
    }
}

/// How `driver`, which is told `arguments`, would have a program linked, for the linker in this process. `args` are the
/// user's among them. `shared`: a shared library is to be made.
///
/// # Errors
/// If the driver cannot be asked. The inner error is an option that this linker cannot do.
pub(super) fn plan(
    driver: Utf8PathBuf,
    arguments: &[Argument],
    args: &[String],
    shared: bool,
    reader: &Reader<'_>,
) -> Result<std::result::Result<LinkPlan, Refused>> {
    let words = driver::ask(&driver, arguments, args, reader)?;
    let keep_build_id = args.iter().any(|arg| arg.contains("--build-id"));
    let words = words.into_iter().skip(1).collect();
    let arguments = match argument::translate(words, keep_build_id, shared, reader)? {
        Ok(arguments) => arguments,
        Err(refused) => return Ok(Err(refused)),
    };
    let plan = LinkPlan {
        driver,
        linker: LinkerIdentity {
            name: "wild".to_owned(),
            version: WILD.to_owned(),
            path: None,
            answer: None,
        },
        external: None,
        arguments,
        instead: None,
    };
    Ok(match unknown(&plan) {
        None => Ok(plan),
        Some(option) => Err(Refused {
            option,
            reason: "the embedded linker does not know it".to_owned(),
            elsewhere: true,
        }),
    })
}

/// The options that the linker does not know, as it says.
fn unknown(plan: &LinkPlan) -> Option<String> {
    let words = words(plan, &[]);
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        libwild::Args::new(|| words.iter())?.parse(|| words.iter())
    }));
    // Whatever else it has to say comes again, and in full, when it links.
    let error = parsed.ok()?.err()?;
    let options = message::plain(&error.to_string());
    let options = options.strip_prefix("unrecognized option(s): ")?;
    Some(options.trim().to_owned())
}

/// What the linker said.
struct Attempt {
    warnings: Vec<String>,
    outcome: Outcome,
}

enum Outcome {
    /// The program is in the door.
    Linked,
    Refused(String),
    /// One text for each use of an undefined symbol.
    Undefined(Vec<String>),
    Panicked,
}

/// Links `words` through `files`. `last`: what it leaves in memory is not freed.
fn run(words: &[String], files: Files, last: bool) -> Attempt {
    let warnings = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&warnings);
    let link = || -> libwild::error::Result {
        let mut args = libwild::Args::new(|| words.iter())?;
        args.set_version(WILD);
        args.on_warning(Box::new(move |warning| {
            heard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(warning.warning().to_owned());
        }));
        args.parse(|| words.iter())?;
        let linker = libwild::Linker::with_file_system(files);
        let left = linker.run(&args)?;
        if last {
            // Each refers to the next.
            std::mem::forget(left);
            std::mem::forget((linker, args));
        }
        Ok(())
    };
    let outcome = match catch_unwind(AssertUnwindSafe(link)) {
        Ok(Ok(())) => Outcome::Linked,
        Ok(Err(error)) => Outcome::Refused(error.to_string()),
        Err(_) => Outcome::Panicked,
    };
    let warnings = std::mem::take(&mut *warnings.lock().unwrap_or_else(PoisonError::into_inner));
    Attempt { warnings, outcome }
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
                        Some(directory) if !directory.is_empty() => {
                            format!("-L{}", files::search_path(directory))
                        }
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
        if reader
            .variable(name, "the embedded linker reads it")
            .is_some_and(|value| !value.is_empty())
        {
            return Err(Error::configuration(
                format!("the variable {name} changes what the embedded linker does"),
                Some(format!("unset {name}")),
            ));
        }
    }
    Ok(())
}
