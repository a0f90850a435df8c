//! `kiln graph`: what rests on what in the last build.

use super::Exit;
use super::args::{GraphFormat, GraphOptions, GraphPart};
use super::build;
use super::explain::asked_last;
use super::messages;
use super::terminal::{Terminal, write_stdout};
use crate::error::Result;
use crate::explain::Part;
use crate::host::NativeHost;

/// Tells on stdout what was asked for.
pub fn graph(here: NativeHost, terminal: &Terminal, options: &GraphOptions) -> Exit {
    match tell(here, terminal, options) {
        Ok(text) => {
            write_stdout(&text);
            Exit::Done
        }
        Err(error) => {
            terminal.error(&error.to_string(), error.remedy.as_deref());
            error.kind.into()
        }
    }
}

fn tell(here: NativeHost, terminal: &Terminal, options: &GraphOptions) -> Result<String> {
    let (_, engine) = build::around(here, terminal, options.recorded.cache_dir.as_ref())?;
    let request = asked_last(&engine.history(), &options.recorded);
    let part = match options.part {
        GraphPart::Modules => Part::Modules,
        GraphPart::Queries => Part::Queries,
        GraphPart::Libraries => Part::Libraries,
        GraphPart::Link => Part::Link,
    };
    let dependencies = engine.dependencies(&request, part)?;
    Ok(match options.format {
        GraphFormat::Text => dependencies.text(),
        GraphFormat::Dot => dependencies.dot(),
        GraphFormat::Json => messages::graph(&dependencies),
    })
}
