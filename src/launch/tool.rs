//! The command's program: where it is, what it may be given, and what is known of its habits.

use super::Request;
use crate::host::Host;
use crate::link::Decline;
use crate::link::observed::Habits;
use crate::observe::{Observation, World};
use camino::Utf8PathBuf;
use std::sync::Arc;

/// How a command is run and judged.
pub struct Tool {
    /// Absolute.
    pub program: Utf8PathBuf,
    /// All that the program is given.
    pub environment: Vec<(String, String)>,
    /// Whether nobody knows which of the variables count, so that all do.
    pub whole: bool,
    /// What was looked at to find the program and its environment.
    pub seen: Vec<Observation>,
    pub habits: Habits,
}

/// Finds the program.
///
/// # Errors
/// [`Decline`] where it can't be run under observation.
pub fn recognise(host: &Arc<dyn Host>, request: &Request) -> Result<Tool, Decline> {
    let name = request.command.first().map_or("", String::as_str);
    let world = World::new(host.clone());
    // What is not found at all is said by whoever tries to run it.
    let found = world.find_tool(name, "PATH");
    let program = request
        .directory
        .join(found.clone().unwrap_or_else(|| name.into()));
    let environment = host.variables().map_err(|error| Decline::NotUtf8 {
        what: error.to_string(),
    })?;
    Ok(Tool {
        program,
        environment,
        whole: true,
        seen: vec![Observation::Tool {
            name: name.to_owned(),
            variable: "PATH".to_owned(),
            path: found,
        }],
        habits: Habits {
            unknown: true,
            ..Habits::default()
        },
    })
}
