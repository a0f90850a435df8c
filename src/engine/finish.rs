//! The last step of a build: the program is put in place, results go to the store, and then the proof is recorded.

use super::cache::{Cache, unwritable};
use super::demand::Demanded;
use super::prove::Phases;
use super::remember::{Account, linked};
use super::{Engine, Failure, Request};
use crate::error::{Error, Result};
use crate::explain::{Counts, Notice, Outcome, Query, Reason, Status};
use crate::host::{Aside, Bytes};
use crate::link::LinkPlan;
use crate::project::Kind;
use crate::proof::{self, Finished, LinkState};
use crate::query::unit;
use crate::store::ADOPTED_FROM;
use std::io;

impl Engine {
    pub(super) fn finish(
        &self,
        request: &Request,
        cache: &Cache,
        mut demanded: Demanded,
        mut phases: Phases<'_>,
    ) -> std::result::Result<Outcome, Failure> {
        let services = demanded.services.clone();
        let wrong = !demanded.diagnostics.is_empty();
        if let Some(path) = request
            .compile_commands
            .as_ref()
            .filter(|_| !request.dry_run)
        {
            self.write_commands(&demanded, path)?;
        }
        let writes = !request.dry_run && request.cache;
        let mut notices = std::mem::take(&mut demanded.locked.notices);
        notices.append(&mut demanded.notices);
        let placed = match request.dry_run || wrong {
            true => None,
            false => self.unplaced(&demanded)?,
        };
        let stores = writes && notices.is_empty();
        // Removed, unless it is put in place.
        let written = services.take_written(demanded.executable.as_ref().map(|made| made.digest));
        if stores && placed.is_some() && written.is_none() {
            // Before the program is written, so that the system can use the memory of those removed for it. A folder that
            // cannot be listed or changed is reported when something is stored there.
            let _ = services.store.trim_large();
        }
        // Two large writes that do not depend on each other: the program, and what the store is to keep.
        let (placed, stored) = rayon::join(
            || placed.map_or(Ok(()), |bytes| self.place(&demanded, &bytes, written)),
            || {
                if stores {
                    self.store(cache, &demanded)
                } else {
                    Ok(0)
                }
            },
        );
        placed?;
        phases.end("output");
        let mut counts = self.counts(&demanded);
        let mut reasons = std::mem::take(&mut demanded.reasons);
        let recorded = stored.and_then(|stored| {
            counts.stored = stored;
            match stores && !wrong {
                true => self.record(cache, &demanded, &mut reasons),
                false => Ok(0),
            }
        });
        match recorded {
            Ok(observations) => counts.observations = observations,
            Err(error) if is_full(&error) => {
                let doing = "the results of the build cannot be stored";
                return Err(Error::world(doing, &cache.directory, error).into());
            }
            Err(error) => notices.push(unwritable(&cache.directory, &error)),
        }
        phases.end("record");
        notices.extend(damaged(cache, &services.store.damage()));
        let mut ran = services.take_ran();
        Self::spared(&demanded, &mut ran);
        demanded.spared_units(&mut ran);
        notices.extend(demanded.declined_units());
        notices.append(&mut demanded.action_notices);
        counts.parsed = ran.iter().filter(|ran| ran.query == Query::Parse).count();
        counts.lowered = ran.iter().filter(|ran| ran.query == Query::Lower).count();
        counts.emitted = ran.iter().filter(|ran| ran.query == Query::Object).count();
        let executable = demanded.executable.as_ref().filter(|_| !wrong);
        if let Some(executable) = executable.filter(|executable| !executable.warnings.is_empty()) {
            notices.push(Notice {
                code: "linker-warning",
                message: executable.warnings.clone(),
                remedy: None,
            });
        }
        if let Some(executable) = executable {
            notices.extend(executable.report.notices());
        }
        let mut outcome = Outcome {
            status: match (request.dry_run, reasons.is_empty() && ran.is_empty()) {
                (true, _) => Status::Predicted,
                // Asked for what only a build can tell, and nothing of it had to run.
                (false, true) if request.compile_commands.is_some() => Status::Current,
                (false, _) => Status::Built,
            },
            messages: demanded.said(),
            output: executable.map(|_| demanded.program.output.clone()),
            output_digest: executable.map(|executable| executable.digest),
            reasons,
            ran,
            counts,
            link: executable.map(|executable| executable.report.clone()),
            notices,
            timings: Vec::new(),
        };
        let mut diagnostics = std::mem::take(&mut demanded.diagnostics);
        let account = Account {
            request,
            cache,
            demanded: &demanded,
            diagnostics: &diagnostics,
            linked: Some(linked(&demanded)),
            stores,
        };
        self.account(&account, phases, &mut outcome);
        drop(services);
        self.leave(demanded);
        if wrong {
            diagnostics.sort_by(|a, b| {
                (&a.path, a.span.start, &a.code).cmp(&(&b.path, b.span.start, &b.code))
            });
            diagnostics.dedup();
            return Err(Failure::Program {
                diagnostics,
                outcome: Box::new(outcome),
            });
        }
        Ok(outcome)
    }

    /// Lets others build. Taking apart what a thousand modules left behind is nothing to wait for.
    pub(super) fn leave(&self, mut demanded: Demanded) {
        drop(demanded.locked.lock.take());
        if self.last_build {
            std::mem::forget(demanded);
        } else {
            rayon::spawn(move || drop(demanded));
        }
    }

    fn counts(&self, demanded: &Demanded) -> Counts {
        Counts {
            modules: demanded.graph.modules.len() + demanded.units.len(),
            objects_reused: demanded.objects_reused + demanded.units_reused,
            files_digested: demanded.services.world.files_read(),
            ..Counts::default()
        }
    }

    /// The bytes of the program, unless just these bytes are in place already.
    fn unplaced(&self, demanded: &Demanded) -> Result<Option<Bytes>> {
        let Some(executable) = &demanded.executable else {
            return Ok(None);
        };
        let (services, path) = (&demanded.services, &demanded.program.output);
        if demanded
            .graph
            .modules
            .iter()
            .any(|module| module.state.path == *path)
            || demanded.is_unit(path)
        {
            let message = format!("the program would overwrite its own source {path}");
            return Err(Error::configuration(
                message,
                Some("choose another output with -o".to_owned()),
            ));
        }
        let failed = |error| Error::world("the program cannot be written", path, error);
        // What the last build left there is not what this one made, unless both made the same.
        let other = demanded
            .left
            .is_some_and(|left| left.digest != executable.digest);
        let there = match other {
            true => None,
            false => services
                .world
                .digested(path)
                .ok()
                .and_then(|state| state.digest()),
        };
        let may_run = demanded.program.kind != Kind::StaticLibrary;
        if there == Some(executable.digest)
            && self
                .host
                .stat(path)
                .map_err(failed)?
                .is_some_and(|stamp| !may_run || stamp.mode & 0o100 != 0)
        {
            return Ok(None);
        }
        let bytes = services
            .store
            .blob(&executable.digest)
            .ok_or_else(|| failed(io::Error::other("its bytes are lost; build again")))?;
        Ok(Some(bytes))
    }

    /// Puts the program in place.
    fn place(&self, demanded: &Demanded, bytes: &[u8], written: Option<Aside>) -> Result<()> {
        let path = &demanded.program.output;
        let failed = |error| Error::world("the program cannot be written", path, error);
        if let Some(left) = demanded.left
            && left.stamp.size >= ADOPTED_FROM
        {
            demanded.services.store.adopt(path, &left.digest);
        }
        let mode = match demanded.program.kind {
            Kind::StaticLibrary => 0o666,
            Kind::Executable | Kind::SharedLibrary => 0o777,
        };
        let placed = match written {
            Some(written) => written.put_in_place(),
            None => self.host.replace(path, bytes, mode),
        };
        placed.map_err(failed)
    }

    /// Has what was done so far kept, where a build stops by an error: the next one need not do it again.
    pub(super) fn keep(&self, request: &Request, cache: &Cache, demanded: &Demanded) {
        if request.dry_run || !request.cache || demanded.locked.lock.is_none() {
            return;
        }
        // The error that stopped the build is the one to be told.
        let _ = self
            .mark(cache)
            .and_then(|()| demanded.services.store.commit());
    }

    /// Writes the store. Gives the number of blobs written.
    fn store(&self, cache: &Cache, demanded: &Demanded) -> io::Result<usize> {
        let services = &demanded.services;
        self.mark(cache)?;
        self.keep_texts(demanded);
        self.keep_versions(demanded);
        let stored = services.store.commit()?;
        // A wrong build has not used all that the next one will.
        if demanded.diagnostics.is_empty() && services.store.exceeds(self.cache_limit) {
            demanded.graph.keep(services);
            for compilation in &demanded.compiled {
                unit::keep(services, compilation);
            }
            services.store.trim()?;
        }
        Ok(stored)
    }

    /// Records the proof, unless something changed while the build ran. Gives the number of observations.
    fn record(
        &self,
        cache: &Cache,
        demanded: &Demanded,
        reasons: &mut Vec<Reason>,
    ) -> io::Result<usize> {
        let services = &demanded.services;
        demanded.graph.rely(services);
        services.units.rely(services, &demanded.compiled);
        let mut changed = services
            .world
            .changed_meanwhile(|path| demanded.graph.contains(path));
        if let Some(executable) = &demanded.executable {
            changed.extend(executable.changed.iter().cloned());
        }
        changed.extend(
            demanded
                .compiled
                .iter()
                .flat_map(|it| it.changed.iter().cloned()),
        );
        changed.extend(super::actions::changed(demanded));
        if !changed.is_empty() {
            changed.sort();
            changed.dedup();
            reasons.extend(
                changed
                    .into_iter()
                    .map(|path| Reason::ChangedWhileBuilding { path }),
            );
            return Ok(0);
        }
        let output = demanded
            .executable
            .as_ref()
            .map(|executable| (demanded.program.output.clone(), executable.digest));
        let link = demanded.executable.as_ref().map(|executable| LinkState {
            way: executable.report.way.clone(),
            linker: executable.report.linker.clone(),
            linker_path: executable.report.linker_path.clone(),
            driver: executable.report.driver.clone(),
            instead: executable.report.instead.clone(),
            warnings: executable.warnings.clone(),
            objects: executable.report.object_fingerprints_used,
        });
        let finished = Finished {
            world: &services.world,
            snapshot: &demanded.snapshot,
            output,
            program: demanded.engine.clone(),
            plan: demanded.plan.as_ref().map(LinkPlan::digest),
            declined: demanded.executable.as_ref().and_then(|executable| {
                let declined = executable.report.declined.as_ref()?;
                Some(declined.message.clone())
            }),
            uncompiled: demanded
                .compiled
                .iter()
                .find_map(|it| Some(it.declined.as_ref()?.message.clone()))
                .or_else(|| super::actions::declined(demanded)),
            said: !demanded.said().is_empty(),
            link,
        };
        proof::record(&*self.host, &cache.proof, &finished)
    }
}

/// Whether there is no room left to write.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// What the user is told of damage in the store.
pub(super) fn damaged(cache: &Cache, damage: &[String]) -> Option<Notice> {
    (!damage.is_empty()).then(|| Notice {
        code: "store-damaged",
        message: format!(
            "parts of the cache {} were damaged and have been made anew: {}",
            cache.directory,
            damage.join("; ")
        ),
        remedy: None,
    })
}
