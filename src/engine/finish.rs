//! The last step of a build: the program is put in place, results go to the store, and then the proof is recorded.

use super::cache::{Cache, unwritable};
use super::demand::Demanded;
use super::prove::Phases;
use super::{Engine, Failure, Request};
use crate::error::{Error, Result};
use crate::explain::{Counts, Notice, Outcome, Query, Reason, Status};
use crate::proof::{self, Finished};
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
        let writes = !request.dry_run && request.cache;
        let mut notices = std::mem::take(&mut demanded.locked.notices);
        notices.append(&mut demanded.notices);
        if !request.dry_run && !wrong {
            self.place(&demanded)?;
        }
        phases.end("output");
        let mut counts = self.counts(&demanded);
        let mut reasons = std::mem::take(&mut demanded.reasons);
        if writes && notices.is_empty() {
            match self.remember(cache, &demanded, wrong, &mut reasons) {
                Ok((stored, observations)) => {
                    (counts.stored, counts.observations) = (stored, observations)
                }
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
                    ) =>
                {
                    return Err(Error::world(
                        "the results of the build cannot be stored",
                        &cache.directory,
                        error,
                    )
                    .into());
                }
                Err(error) => notices.push(unwritable(&cache.directory, &error)),
            }
        }
        phases.end("record");
        let damage = services.store.damage();
        if !damage.is_empty() {
            notices.push(Notice {
                code: "store-damaged",
                message: format!(
                    "parts of the cache {} were damaged and have been made anew: {}",
                    cache.directory,
                    damage.join("; ")
                ),
                remedy: None,
            });
        }
        let mut ran = services.take_ran();
        Self::spared(&demanded, &mut ran);
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
        let outcome = Outcome {
            status: if request.dry_run {
                Status::Predicted
            } else {
                Status::Built
            },
            output: executable.map(|_| demanded.program.output.clone()),
            output_digest: executable.map(|executable| executable.digest),
            reasons,
            ran,
            counts,
            link: executable.map(|executable| executable.report.clone()),
            notices,
            timings: phases.done,
        };
        if wrong {
            let mut diagnostics = demanded.diagnostics;
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

    fn counts(&self, demanded: &Demanded) -> Counts {
        Counts {
            modules: demanded.graph.modules.len(),
            objects_reused: demanded.objects_reused,
            files_digested: demanded.services.world.files_read(),
            ..Counts::default()
        }
    }

    /// Puts the program in place, unless just these bytes are there already.
    fn place(&self, demanded: &Demanded) -> Result<()> {
        let Some(executable) = &demanded.executable else {
            return Ok(());
        };
        let (services, path) = (&demanded.services, &demanded.program.output);
        if demanded
            .graph
            .modules
            .iter()
            .any(|module| module.state.path == *path)
        {
            let message = format!("the program would overwrite its own source {path}");
            return Err(Error::configuration(
                message,
                Some("choose another output with -o".to_owned()),
            ));
        }
        let failed = |error| Error::world("the program cannot be written", path, error);
        let there = services
            .world
            .digested(path)
            .ok()
            .and_then(|state| state.digest());
        if there == Some(executable.digest)
            && self
                .host
                .stat(path)
                .map_err(failed)?
                .is_some_and(|stamp| stamp.mode & 0o100 != 0)
        {
            return Ok(());
        }
        let bytes = services
            .store
            .blob(&executable.digest)
            .ok_or_else(|| failed(io::Error::other("its bytes are lost; build again")))?;
        self.host.replace(path, &bytes, 0o777).map_err(failed)
    }

    /// Writes the store and, if the program is right and nothing changed meanwhile, the proof. Gives the number of blobs
    /// stored and of observations recorded.
    fn remember(
        &self,
        cache: &Cache,
        demanded: &Demanded,
        wrong: bool,
        reasons: &mut Vec<Reason>,
    ) -> io::Result<(usize, usize)> {
        let services = &demanded.services;
        self.mark(cache)?;
        let stored = services.store.commit()?;
        if services.store.exceeds(self.cache_limit) {
            demanded.graph.keep(services);
            services.store.trim()?;
        }
        services.store.trim_large()?;
        if wrong {
            return Ok((stored, 0));
        }
        demanded.graph.rely(services);
        let changed = services.world.changed_meanwhile();
        if !changed.is_empty() {
            reasons.extend(
                changed
                    .into_iter()
                    .map(|path| Reason::ChangedWhileBuilding { path }),
            );
            return Ok((stored, 0));
        }
        let output = demanded
            .executable
            .as_ref()
            .map(|executable| (demanded.program.output.clone(), executable.digest));
        let finished = Finished {
            world: &services.world,
            snapshot: &demanded.snapshot,
            output,
            program: demanded.engine.clone(),
        };
        let observations = proof::record(&*self.host, &cache.proof, &finished)?;
        Ok((stored, observations))
    }
}
