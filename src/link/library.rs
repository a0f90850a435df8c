//! Native libraries by their rules, in this world: pkg-config is run, directories are searched, files are looked at.
//!
//! [`resolve`] gives the words of a link, and records in a [`Reader`] all that they rest on. Which alternative is tried when,
//! and how it is spelled, is known to the rules ([`crate::rule::library`]); this module only answers what they ask.

mod pkg_config;
mod system;

pub use crate::rule::library::{
    Closure, Facts, LinkWord, Member, Rejected, Resolution, Resolved, WordOf, unavailable,
};
pub use crate::rule::{BuiltLibrary, Libraries, Named, Place};

use super::LinkOptions;
use crate::error::{Error, Result};
use crate::host::Kind;
use crate::observe::{Observation, Reader, Role, Seen, World};
use crate::rule::library::{Package, Surroundings};
use camino::{Utf8Path, Utf8PathBuf};
use pkg_config::Program;
use std::sync::{Arc, OnceLock};

/// The libraries that a program asks for, and what conditions are about.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub names: Vec<Named>,
    pub libraries: Arc<Libraries>,
    pub facts: Facts,
}

/// What the libraries of one link have in common: found out once, and recorded for each library that rests on it.
pub struct Common<'w> {
    world: &'w World,
    options: LinkOptions,
    directories: OnceLock<(Vec<Utf8PathBuf>, Vec<Seen>)>,
    pkg_config: OnceLock<(Option<Program>, Vec<Seen>)>,
}

impl<'w> Common<'w> {
    /// `options` say where else the link searches, and by which driver; their libraries do not count.
    pub fn new(options: &LinkOptions, world: &'w World) -> Self {
        Self {
            world,
            options: options.clone(),
            directories: OnceLock::new(),
            pkg_config: OnceLock::new(),
        }
    }

    /// Where the link searches by itself.
    fn directories(&self, reader: &Reader<'_>) -> Result<&[Utf8PathBuf]> {
        let find = |reader: &Reader<'_>| system::directories(&self.options, reader);
        Ok(self.once(&self.directories, reader, find)?)
    }

    fn pkg_config(&self, reader: &Reader<'_>) -> Result<Option<&Program>> {
        Ok(self
            .once(&self.pkg_config, reader, pkg_config::find)?
            .as_ref())
    }

    /// Finds something out, if nobody has yet, and records what it rests on.
    fn once<'s, T>(
        &'s self,
        known: &'s OnceLock<(T, Vec<Seen>)>,
        reader: &Reader<'_>,
        find: impl FnOnce(&Reader<'_>) -> Result<T>,
    ) -> Result<&'s T> {
        if known.get().is_none() {
            let apart = Reader::new(self.world);
            let found = find(&apart)?;
            // Whoever was faster found the same.
            let _ = known.set((found, apart.finish()));
        }
        let (found, seen) = known
            .get()
            .ok_or_else(|| Error::missing("what was just found out is not there", "build again"))?;
        for seen in seen {
            reader.record(seen.observation.clone(), seen.role, &seen.note);
        }
        Ok(found)
    }
}

/// Resolves one library; the inner error is why no alternative fits. What the answer rests on is recorded.
///
/// # Errors
/// If the world can't be asked.
pub fn resolve(
    member: &Member,
    facts: &Facts,
    common: &Common<'_>,
    reader: &Reader<'_>,
) -> Result<std::result::Result<Resolved, Vec<Rejected>>> {
    let mut here = Here { reader, common };
    member.resolve(facts, &mut here)
}

/// This world.
struct Here<'r, 'w> {
    reader: &'r Reader<'w>,
    common: &'r Common<'w>,
}

impl Surroundings for Here<'_, '_> {
    type Error = Error;

    fn package(
        &mut self,
        name: &str,
        statically: bool,
    ) -> Result<std::result::Result<Package, String>> {
        match self.common.pkg_config(self.reader)? {
            Some(program) => program.package(name, statically, self.reader),
            None => Ok(Err("there is no pkg-config".to_owned())),
        }
    }

    fn search(&mut self, names: &[String], first: &[Utf8PathBuf]) -> Result<Option<Utf8PathBuf>> {
        if let Some(found) = system::search(first, names, self.reader)? {
            return Ok(Some(found));
        }
        system::search(self.common.directories(self.reader)?, names, self.reader)
    }

    fn file(
        &mut self,
        path: &Utf8Path,
        within: Option<&Utf8Path>,
    ) -> Result<std::result::Result<(), String>> {
        const NOTE: &str = "a library of the project";
        let failed = |cause| Error::world("cannot look at a library", path, cause);
        let there = self.reader.kind(path, Role::Link, NOTE).map_err(failed)?;
        match there {
            Some(Kind::File) => {}
            Some(_) => return Ok(Err(format!("{path} is no file"))),
            None => return Ok(Err(format!("there is no {path}"))),
        }
        let Some(folder) = within else {
            return Ok(Ok(()));
        };
        let host = self.reader.world().host();
        // A link that leads elsewhere by now is seen by what is recorded of each.
        let below = path
            .ancestors()
            .take_while(|place| *place != folder && !place.as_str().is_empty());
        for place in below {
            let target = host.read_link(place).map_err(failed)?;
            let path = place.to_owned();
            self.reader
                .record(Observation::Link { path, target }, Role::Link, NOTE);
        }
        let (real, real_folder) = (
            host.real_path(path).map_err(failed)?,
            host.real_path(folder).map_err(failed)?,
        );
        Ok(match real.starts_with(real_folder) {
            true => Ok(()),
            false => Err(format!("{path} lies outside the folder of its package")),
        })
    }
}
