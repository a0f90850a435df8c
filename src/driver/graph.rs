//! `kiln graph`: what rests on what in the last build.

use super::Exit;
use super::args::{GraphFormat, GraphOptions, GraphPart};
use super::build;
use super::explain::asked_last;
use super::messages;
use super::place;
use super::progress::Bar;
use super::terminal::{Terminal, write_stdout};
use crate::engine::Goal;
use crate::error::Result;
use crate::explain::Part;
use crate::host::NativeHost;
use camino::Utf8PathBuf;

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
    let place = place::around(here)?;
    let (host, working) = (place.host, place.working);
    let seen = |path: &Utf8PathBuf| place::as_seen_from(host.root(), &working, path);
    let cache = build::cache(&*host, options.recorded.cache_dir.as_ref(), &seen);
    let engine = build::engine(&host, &Bar::new(terminal, None, Goal::Build), cache)?;
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
