//! [`Concatenate`]: a linker for tests, which needs no compiler and no system libraries.
//!
//! Its "program" lists the objects, so that tests can tell whether a link ran and on what. It knows no object format.

use super::{
    Argument, Kept, LinkFailure, LinkObject, LinkOptions, LinkPlace, LinkPlan, Linked, Linker,
    LinkerIdentity, Way,
};
use crate::digest::Digest;
use crate::error::Result;
use crate::observe::Reader;
use std::fmt::Write as _;

/// Puts the names, sizes and digests of the objects one after the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Concatenate;

impl Linker for Concatenate {
    fn name(&self) -> &'static str {
        "concatenate"
    }

    fn version(&self) -> String {
        "1".to_owned()
    }

    fn plan(
        &self,
        options: &LinkOptions,
        runtime_libraries: &[&str],
        _reader: &Reader<'_>,
    ) -> Result<LinkPlan> {
        let libraries = options
            .libraries
            .iter()
            .map(String::as_str)
            .chain(runtime_libraries.iter().copied());
        let mut arguments: Vec<Argument> =
            options.args.iter().cloned().map(Argument::Text).collect();
        arguments.push(Argument::Objects);
        arguments.extend(libraries.map(|library| Argument::Text(format!("-l{library}"))));
        Ok(LinkPlan {
            driver: "".into(),
            linker: LinkerIdentity {
                name: self.name().to_owned(),
                version: self.version(),
                path: None,
                answer: None,
            },
            external: None,
            arguments,
            instead: None,
        })
    }

    fn link(
        &self,
        plan: &LinkPlan,
        objects: &[LinkObject],
        _place: &LinkPlace<'_>,
        _reader: &Reader<'_>,
    ) -> std::result::Result<Linked, LinkFailure> {
        let mut listing = String::new();
        for argument in &plan.arguments {
            match argument {
                Argument::Text(text) => listing.push_str(text),
                Argument::Objects => {
                    for LinkObject { name, bytes } in objects {
                        // Writing to a string cannot fail.
                        let _ = writeln!(listing, "{name} {} {}", bytes.len(), Digest::of(bytes));
                    }
                    continue;
                }
            }
            listing.push('\n');
        }
        Ok(Linked {
            bytes: listing.into_bytes().into(),
            warnings: String::new(),
            way: Way::Embedded,
            kept: Kept::Recorded,
        })
    }
}
