//! Sources that a compiler of their own compiles: which those are, how each is compiled, and what came of them.

use super::demand::Demanded;
use super::{Engine, Goal, Request};
use crate::compile::Unit;
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::explain::{Notice, Query, Ran, Said};
use crate::frontend::{Diagnostic, OptLevel, Span};
use crate::link::library::Resolution;
use crate::observe::Reader;
use crate::project::{self, Kind, Program, Project};
use crate::query::executable::ObjectSource;
use crate::query::unit::{self, Compilation, UnitInput};
use crate::query::{EngineDb, Stop};
use crate::rule::Rules;
use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;
use rayon::prelude::*;
use serde::Serialize;
use std::io;
use std::sync::Arc;

impl Engine {
    /// The rules of compilers and of actions, as far as the program may need them, and the project's own of linkers. Tells modules of the frontend's language
    /// from sources for compilers: afterwards `program.entry` is a module, if it is anything.
    pub(super) fn rules(&self, project: &Project, program: &mut Program) -> Result<Arc<Rules>> {
        let extensions = self.frontend.extensions();
        let is_module = |path: &Utf8PathBuf| {
            let extension = path.extension();
            extension.is_some_and(|extension| extensions.contains(&extension))
        };
        let module = program.entry.as_ref().is_some_and(is_module);
        let compiles =
            !program.sources.is_empty() || project.libraries.own().any(|(_, rule)| rule.is_built());
        if module && !compiles && program.actions.is_empty() {
            let mut rules = Rules::default();
            rules.extend(&project.tools);
            return Ok(Arc::new(rules));
        }
        let mut rules = Rules::shipped_compilers()?;
        rules.extend(&project.tools);
        if !module && let Some(entry) = program.entry.take() {
            let name = entry.file_name().unwrap_or_default();
            if rules.compiler_of(name).is_none() {
                return Err(self.no_language(&entry, &rules));
            }
            program.sources.insert(0, entry.into_string());
        }
        Ok(Arc::new(rules))
    }

    /// Finds the sources that compilers of their own compile, and the libraries that all is linked with.
    pub(super) fn sources_and_libraries(
        &self,
        request: &Request,
        demanded: &mut Demanded,
    ) -> Result<Resolution> {
        let services = demanded.services.clone();
        let reader = Reader::new(&services.world);
        let sources =
            project::expand(&demanded.program.sources, "`sources` in kiln.toml", &reader)?;
        services.world.rely(reader.finish());
        let resolution = match request.goal == Goal::Check && sources.is_empty() {
            true => Resolution::default(),
            false => self.libraries(demanded)?,
        };
        demanded.units = self.units(demanded, &resolution, sources)?;
        self.library_units(demanded, &resolution)?;
        demanded.language_words = self.language_words(demanded)?;
        Ok(resolution)
    }

    /// How the program's own sources are compiled.
    fn units(
        &self,
        demanded: &Demanded,
        resolution: &Resolution,
        sources: Vec<Utf8PathBuf>,
    ) -> Result<Vec<Unit>> {
        let (program, compile) = (&demanded.program, &demanded.program.compile);
        let (mut include, mut defines, mut flags) =
            (compile.include.clone(), IndexMap::new(), Vec::new());
        for library in &resolution.libraries {
            include.extend(library.include.iter().cloned());
            defines.extend(library.defines.clone());
            flags.extend(library.compile.iter().cloned());
        }
        // What the project says of itself comes later or instead.
        defines.extend(compile.defines.clone());
        flags.extend(compile.flags.iter().cloned());
        let unit = |source: Utf8PathBuf| {
            let compiler = self.compiler_of(demanded, &source)?;
            Ok(Unit {
                tool: compile.tools.get(&compiler).cloned(),
                include: include.clone(),
                defines: defines.clone(),
                flags: flags.clone(),
                position_independent: program.kind == Kind::SharedLibrary,
                speed: program.options.opt_level == OptLevel::Speed,
                library: None,
                compiler,
                source,
            })
        };
        sources.into_iter().map(unit).collect()
    }

    /// The name of the compiler's rule for a source.
    pub(super) fn compiler_of(&self, demanded: &Demanded, source: &Utf8Path) -> Result<String> {
        let rules = &demanded.services.rules;
        let compiler = rules.compiler_of(source.file_name().unwrap_or_default());
        match compiler {
            Some((name, _)) => Ok(name.to_owned()),
            None => Err(self.no_compiler(source, rules)),
        }
    }

    /// What the languages of the sources add to the link, each once. Refuses flags by which something else would be made.
    fn language_words(&self, demanded: &Demanded) -> Result<Vec<String>> {
        let mut compilers: Vec<(&str, Option<&str>)> = Vec::new();
        let mut words: Vec<String> = Vec::new();
        for unit in &demanded.units {
            let kind = (unit.compiler.as_str(), unit.library.as_deref());
            if compilers.contains(&kind) {
                continue;
            }
            compilers.push(kind);
            let rule = &demanded.services.rules.compilers[&unit.compiler];
            unit.check_flags(rule)?;
            for word in &rule.link {
                if !words.contains(word) {
                    words.push(word.clone());
                }
            }
        }
        Ok(words)
    }

    fn known_names(&self, rules: &Rules) -> String {
        let extensions = self.frontend.extensions().iter();
        let mut names: Vec<String> = extensions.map(|it| format!(".{it}")).collect();
        for pattern in rules.compilers.values().flat_map(|rule| &rule.patterns) {
            names.push(pattern.as_str().trim_start_matches('*').to_owned());
        }
        names.join(", ")
    }

    fn no_language(&self, entry: &Utf8Path, rules: &Rules) -> Error {
        Error::configuration(
            format!("the entry {entry} is of no language that is known here"),
            Some(format!(
                "name a file that ends in one of {}",
                self.known_names(rules)
            )),
        )
    }

    fn no_compiler(&self, source: &Utf8Path, rules: &Rules) -> Error {
        let extensions = self.frontend.extensions();
        let known = source
            .extension()
            .is_some_and(|it| extensions.contains(&it));
        if known {
            return Error::configuration(
                format!("{source} is a module, and no source of its own"),
                Some("import it from the entry, and remove it from `sources`".to_owned()),
            );
        }
        Error::configuration(
            format!("no compiler is known for {source}, which is one of the `sources`"),
            Some(format!(
                "name files that end in one of {}",
                self.known_names(rules)
            )),
        )
    }

    /// Where compilers write objects, from where they are taken at once. Who takes no lock shares the folder with nobody.
    pub(super) fn scratch(&self, request: &Request, folder: &Utf8Path) -> Utf8PathBuf {
        if request.cache {
            return folder.join("units");
        }
        let process = Digest::of(self.host.process().as_bytes());
        folder.join(format!("units-{}", process.short()))
    }

    /// Compiles, or checks, what is not provably current. All that is wrong is found in one run. `shared`: the folder for
    /// objects is that of all builds.
    pub(super) fn demand_units(
        &self,
        db: &EngineDb,
        demanded: &mut Demanded,
        objects: bool,
        shared: bool,
    ) -> std::result::Result<(), Stop> {
        let services = demanded.services.clone();
        let units = &demanded.units;
        let known: Vec<Option<Arc<Compilation>>> = units
            .iter()
            .map(|unit| unit::prepass(&services, unit, objects))
            .collect();
        let missing = known.iter().filter(|known| known.is_none()).count();
        self.progress.current(units.len() - missing);
        self.progress.planned(missing);
        let compiled: Vec<std::result::Result<Arc<Compilation>, Stop>> = units
            .par_iter()
            .zip(known)
            .with_max_len(1)
            .map_with(db.clone(), |db, (unit, known)| match known {
                Some(known) => Ok(known),
                None => unit::unit(db, UnitInput::new(db, unit.clone(), objects)),
            })
            .collect();
        if missing > 0 && !shared {
            // Nothing is left there; if it cannot be removed, it is in nobody's way.
            let _ = self.host.remove(&services.scratch);
        }
        let done: Vec<Arc<Compilation>> = compiled.iter().flatten().cloned().collect();
        if !services.dry_run {
            services.units.record(&services, &done);
        }
        if let Some(stop) = compiled.iter().find_map(|it| it.as_ref().err()) {
            return Err(*stop);
        }
        let compiled = done;
        demanded.units_reused = compiled.iter().filter(|it| !it.ran).count();
        demanded.diagnostics.extend(
            compiled
                .iter()
                .filter(|it| it.failed)
                .map(|it| failed(&it.source)),
        );
        demanded.snapshot.units = services.units.snapshot(&compiled);
        demanded.snapshot.unit_count = compiled.len();
        demanded.compiled = compiled;
        Ok(())
    }

    /// Writes what each source is compiled by, in the form that editors read.
    pub(super) fn write_commands(&self, demanded: &Demanded, path: &Utf8Path) -> Result<()> {
        #[derive(Serialize)]
        struct Entry {
            directory: Utf8PathBuf,
            file: Utf8PathBuf,
            arguments: Vec<String>,
            output: Utf8PathBuf,
        }
        let failed = |cause: io::Error| {
            Error::world(
                "the commands of the compilers cannot be written",
                path,
                cause,
            )
        };
        let services = &demanded.services;
        let directory = self.host.real_path(Utf8Path::new(".")).map_err(failed)?;
        let reader = Reader::new(&services.world);
        let mut entries = Vec::with_capacity(demanded.units.len());
        for unit in &demanded.units {
            let rule = &services.rules.compilers[&unit.compiler];
            let output = services
                .link_folder
                .join("units")
                .join(format!("{}.o", unit.source.as_str().replace('/', "+")));
            let mut arguments = vec![unit.tool(rule, &reader)?.into_string()];
            arguments.extend(unit.arguments(rule, Some(&output)));
            entries.push(Entry {
                directory: directory.clone(),
                file: unit.source.clone(),
                arguments,
                output,
            });
        }
        let mut text = serde_json::to_vec_pretty(&entries).map_err(|cause| failed(cause.into()))?;
        text.push(b'\n');
        // An editor that watches the file need not be woken for nothing.
        if self
            .host
            .read(path)
            .is_ok_and(|there| there[..] == text[..])
        {
            return Ok(());
        }
        self.host.replace(path, &text, 0o666).map_err(failed)
    }
}

impl Demanded {
    /// The objects of the sources, in order.
    pub(super) fn unit_objects(&self) -> impl Iterator<Item = ObjectSource> {
        let own = self.own_compiled().into_iter();
        own.filter_map(|it| Some(ObjectSource::Known(it.source.clone(), it.result.object?)))
    }

    /// What came of the product's own sources, without those of libraries that it is linked with.
    pub(super) fn own_compiled(&self) -> Vec<Arc<Compilation>> {
        let units = self.units.iter().zip(&self.compiled);
        let own = units.filter(|(unit, _)| unit.library.is_none());
        own.map(|(_, compiled)| compiled.clone()).collect()
    }

    /// Whether this is one of the sources.
    pub(super) fn is_unit(&self, path: &Utf8Path) -> bool {
        self.units.iter().any(|unit| unit.source == path)
    }

    /// What the compilers said, now or when they ran.
    pub(super) fn said(&self) -> Vec<Said> {
        let mut all: Vec<Said> = self.said_by_actions().collect();
        let said = self
            .compiled
            .iter()
            .filter(|it| !it.result.messages.is_empty());
        all.extend(said.map(|it| Said {
            source: it.source.clone(),
            success: !it.failed,
            text: it.result.messages.clone(),
        }));
        all
    }

    /// What is told of results that are not recorded: each reason once.
    pub(super) fn declined_units(&self) -> Vec<Notice> {
        let mut notices: Vec<Notice> = Vec::new();
        let mut others = 0;
        for declined in self.compiled.iter().filter_map(|it| it.declined.as_ref()) {
            if notices
                .iter()
                .any(|notice| notice.remedy.as_ref() == Some(&declined.remedy))
            {
                others += 1;
                continue;
            }
            notices.push(Notice {
                code: "unit-declined",
                message: format!(
                    "a compilation is not recorded, so each build compiles again: {}",
                    declined.message
                ),
                remedy: Some(declined.remedy.clone()).filter(|remedy| !remedy.is_empty()),
            });
        }
        if let (Some(first), true) = (notices.first_mut(), others > 0) {
            first.message.push_str(&format!(" (and {others} others)"));
        }
        notices
    }

    /// Says of each text that was read and is what it was how many results it spared.
    pub(super) fn spared_units(&self, ran: &mut [Ran]) {
        let texts = ran
            .iter_mut()
            .filter(|ran| ran.query == Query::Parse && ran.cut_off);
        for ran in texts {
            ran.spared += self.services.units.readers(&ran.subject);
        }
    }
}

/// What is wrong is told by the compiler itself, in its own words.
fn failed(source: &Utf8Path) -> Diagnostic {
    Diagnostic {
        code: "compile-failed".to_owned(),
        message: format!("{source} does not compile"),
        path: source.to_owned(),
        span: Span::default(),
        label: String::new(),
        help: None,
    }
}
