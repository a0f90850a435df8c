//! The native libraries of a program: resolved by their rules, those among them that are compiled here, and the link that
//! all of them are for.

use super::Engine;
use super::demand::Demanded;
use crate::compile::Unit;
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::frontend::OptLevel;
use crate::frontend::native::SCHEME;
use crate::link::LinkOptions;
use crate::link::LinkPlan;
use crate::link::library::{BuiltLibrary, Resolution, Resolved, Wanted};
use crate::observe::{Known, Reader};
use crate::project::{self, Program};
use crate::query::executable::{self, ObjectSource};
use crate::query::{Stop, archive, library};
use crate::rule::{BuiltKind, Definition, Definitions, Named, Place};
use camino::{Utf8Path, Utf8PathBuf};

impl Engine {
    /// Resolves the libraries that the program names, and those whose functions its modules import.
    pub(super) fn libraries(&self, demanded: &mut Demanded) -> Result<Resolution> {
        let services = demanded.services.clone();
        let modules = demanded.graph.modules.iter();
        let wanted = wanted(
            &demanded.program,
            modules.map(|module| module.state.path.as_path()),
        )?;
        let (resolution, seen) = library::resolve(&services, &wanted, &demanded.program.link)?;
        services.world.rely(seen);
        demanded.snapshot.libraries = library::states(&resolution);
        Ok(resolution)
    }

    /// How the program is linked.
    pub(super) fn link_plan(
        &self,
        demanded: &Demanded,
        resolution: &Resolution,
    ) -> Result<LinkPlan> {
        let (services, program) = (&demanded.services, &demanded.program);
        let options = options(program, resolution, &demanded.language_words);
        let (plan, seen) = executable::plan(services, &options, program.entry.is_some())?;
        services.world.rely(seen);
        Ok(plan)
    }

    /// How the sources of the libraries that are compiled here are compiled, library by library.
    pub(super) fn library_units(
        &self,
        demanded: &mut Demanded,
        resolution: &Resolution,
    ) -> Result<()> {
        for resolved in &resolution.libraries {
            let Some(built) = &resolved.build else {
                continue;
            };
            if built.kind == BuiltKind::Shared {
                let message = format!(
                    "the library \"{}\" is to be compiled into a shared library ({}), which only a product of its own can be",
                    resolved.name, resolved.place
                );
                let remedy =
                    "make it a [[shared-library]] and give its `path`, or leave `kind` out";
                return Err(Error::configuration(message, Some(remedy.to_owned())));
            }
            let units = self.units_of(demanded, resolution, resolved, built)?;
            demanded.units.extend(units);
        }
        Ok(())
    }

    fn units_of(
        &self,
        demanded: &mut Demanded,
        resolution: &Resolution,
        resolved: &Resolved,
        built: &BuiltLibrary,
    ) -> Result<Vec<Unit>> {
        let services = demanded.services.clone();
        let reader = Reader::new(&services.world);
        let patterns: Vec<String> = built
            .sources
            .iter()
            .map(|path| path.as_str().to_owned())
            .collect();
        let note = format!("`sources` of the library \"{}\"", resolved.name);
        let sources = project::expand(&patterns, &note, &reader)?;
        services.world.rely(reader.finish());
        let mut include = Vec::new();
        if let Some(header) = &built.config_header {
            let folder = services.link_folder.join("libraries").join(&resolved.name);
            let path = folder.join(&header.path);
            self.config_header(demanded, &path, &header.defines)?;
            include.push(folder);
        }
        include.extend(built.include.iter().cloned());
        let others = resolution
            .libraries
            .iter()
            .filter(|other| other.name != resolved.name);
        for other in others {
            include.extend(other.include.iter().cloned());
        }
        let speed = demanded.program.options.opt_level == OptLevel::Speed;
        let units = sources.into_iter().map(|source| {
            let compiler = self.compiler_of(demanded, &source)?;
            Ok(Unit {
                tool: demanded.program.compile.tools.get(&compiler).cloned(),
                include: include.clone(),
                defines: built.defines.clone(),
                flags: built.flags.clone(),
                position_independent: false,
                speed,
                library: Some(resolved.name.clone()),
                compiler,
                source,
            })
        });
        units.collect()
    }

    /// A header of definitions, written where it would change.
    fn config_header(
        &self,
        demanded: &Demanded,
        path: &Utf8Path,
        defines: &Definitions,
    ) -> Result<()> {
        let mut text = String::new();
        let written = |(name, definition): (&String, &Definition)| definition.written(name);
        for written in defines.iter().filter_map(written) {
            text.push_str(&format!("#define {written}\n"));
        }
        let services = &demanded.services;
        let digest = Digest::of(text.as_bytes());
        let there = services
            .world
            .digested(path)
            .ok()
            .and_then(|state| state.digest());
        if there == Some(digest) || services.dry_run {
            return Ok(());
        }
        let failed = |cause| Error::world("the header of a library cannot be written", path, cause);
        self.host
            .replace(path, text.as_bytes(), 0o666)
            .map_err(failed)?;
        let stamp = self.host.stat(path).map_err(failed)?;
        if let Some(stamp) = stamp {
            services
                .world
                .made(path, Known { stamp, digest }, self.host.now());
            services.remade([path.to_owned()].iter());
        }
        Ok(())
    }

    /// The archives of the libraries that were compiled here, in the order of the link.
    pub(super) fn library_archives(
        &self,
        demanded: &Demanded,
        resolution: &Resolution,
    ) -> std::result::Result<Vec<ObjectSource>, Stop> {
        let mut archives = Vec::new();
        for resolved in resolution.libraries.iter().filter(|it| it.build.is_some()) {
            let own = demanded.units.iter().zip(&demanded.compiled);
            let own = own.filter(|(unit, _)| unit.library.as_deref() == Some(&*resolved.name));
            let objects: Vec<(Utf8PathBuf, Digest)> = own
                .filter_map(|(_, it)| Some((it.source.clone(), it.result.object?)))
                .collect();
            let name = Utf8PathBuf::from(format!("lib{}.a", resolved.name));
            let digest = match demanded.services.dry_run {
                // A stand-in for what a prediction does not make.
                true => Digest::of_parts(objects.iter().map(|(_, digest)| &digest.0[..])),
                false => archive::library(&demanded.services, &name, &objects)?,
            };
            archives.push(ObjectSource::Archive {
                name,
                digest,
                objects,
            });
        }
        Ok(archives)
    }
}

/// The libraries that the program names, and those whose functions these modules of it import.
pub(super) fn wanted<'m>(
    program: &Program,
    modules: impl Iterator<Item = &'m Utf8Path>,
) -> Result<Wanted> {
    let mut wanted = program.libraries.clone();
    let imported = modules.filter_map(|path| path.as_str().strip_prefix(SCHEME));
    for name in imported {
        if !wanted.names.iter().any(|known| known.name == name) {
            let rule = wanted.libraries.get(name)?;
            let place = rule.map_or_else(Place::default, |rule| rule.place.clone());
            let name = name.to_owned();
            wanted.names.push(Named { name, place });
        }
    }
    Ok(wanted)
}

/// What the link is asked for.
pub(super) fn options(
    program: &Program,
    resolution: &Resolution,
    language_words: &[String],
) -> LinkOptions {
    let mut options = LinkOptions {
        libraries: resolution.words(),
        ..program.link.clone()
    };
    // What the languages of the sources need comes last: libraries may need it too.
    options.libraries.extend(language_words.iter().cloned());
    options
}
