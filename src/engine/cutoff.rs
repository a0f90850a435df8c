//! The shortest way of a build that is stale: nothing but the text of some modules has changed, and each means what it meant.
//!
//! A comment was edited, or a line broken elsewhere. Then the cutoff lies right above the parse: all that the last build
//! rests on besides these texts was just found to be as it was, and what it made of them depends on their syntax alone. So
//! no module is looked up, and the proof is the last one with the new texts in it. Wherever there is any doubt, the build
//! takes the ordinary way, which finds what was parsed here in the memos of its queries.

use super::cache::{Cache, unwritable};
use super::demand::Demanded;
use super::finish::{damaged, is_full};
use super::plan::Asking;
use super::prove::{Phases, Proven};
use super::remember::Account;
use super::{Engine, Failure, Goal, Request};
use crate::error::Error;
use crate::explain::{Counts, LinkReport, Notice, Outcome, Query, Reason, Status};
use crate::observe::{Known, Role};
use crate::proof::{self, LinkState, ModuleState, Retold, Verdict};
use crate::query::parse::{self, Summary};
use camino::Utf8PathBuf;
use std::sync::Arc;

/// More texts than this are parsed side by side, which is the ordinary way.
const FEW: usize = 8;

/// The modules that have another text: each with its place in the snapshot, and what is known of its text since when.
pub(super) type Texts = Vec<(usize, Utf8PathBuf, Known, i64)>;

impl Engine {
    /// The modules whose text has changed, if nothing else has, and none of them means anything else.
    pub(super) fn retold(
        &self,
        request: &Request,
        demanded: &Demanded,
        asking: &Asking,
        proven: &Proven,
    ) -> Option<Texts> {
        let services = &demanded.services;
        let (_, verdict) = proven.proof.as_ref()?;
        let said = !demanded.notices.is_empty() || !demanded.locked.notices.is_empty();
        if request.dry_run
            || request.compile_commands.is_some()
            || said
            || services.store.exceeds(self.cache_limit)
        {
            return None;
        }
        // In the order in which modules are found, so that each is parsed only when it is certain to be found again.
        let mut changed = Vec::with_capacity(FEW);
        for path in only_texts(verdict)? {
            changed.push((services.previous.position(path.as_str())?, path));
        }
        changed.sort();
        // A text that another has read too, a compiler or an action, or that an action has made, is there once for each.
        if changed.windows(2).any(|pair| pair[0] == pair[1]) {
            return None;
        }
        let mut texts = Vec::with_capacity(changed.len());
        for (place, path) in changed {
            let before = services.previous.get(path.as_str())?;
            if before.in_memory {
                return None;
            }
            let content = services.world.digested(path).ok()?.digest()?;
            let stored = parse::stored(services, path, content);
            let new = stored.is_none();
            let file = services.source(&asking.db, path).ok()?;
            let summary = match stored {
                Some(summary) => Arc::new(summary),
                None => parse::parse(&asking.db, file).ok()?,
            };
            if !means_the_same(&summary, before) {
                let alone = verdict.reasons.len() == 1 && is_compiled(&summary, before);
                // Actions come first, since they may make what others read.
                let first = demanded.program.actions.is_empty();
                if new && alone && first && request.goal == Goal::Build {
                    asking.compile_early(file);
                }
                return None;
            }
            let (known, taken) = services.world.known(path)?;
            texts.push((place, path.clone(), known, taken));
        }
        Some(texts)
    }

    /// Stores what was parsed, and records the proof with the new texts.
    pub(super) fn finish_retold(
        &self,
        request: &Request,
        cache: &Cache,
        mut demanded: Demanded,
        proven: &Proven,
        texts: Texts,
        mut phases: Phases<'_>,
    ) -> Result<Outcome, Failure> {
        let services = demanded.services.clone();
        let Some((bytes, verdict)) = &proven.proof else {
            unreachable!("texts have changed since a proof was recorded");
        };
        let mut notices = Vec::new();
        let mut reasons = std::mem::take(&mut demanded.reasons);
        // There was room for it, and there is no hurry to make more.
        let stored = self.mark(cache).and_then(|()| services.store.commit());
        phases.end("output");
        let changed = services
            .world
            .changed_meanwhile(|path| texts.iter().any(|(_, text, ..)| text == path));
        let recorded = stored.and_then(|_| {
            if changed.is_empty() {
                let retold = Retold {
                    proof: bytes,
                    verdict,
                    modules: texts,
                    program: demanded.engine.clone(),
                };
                return proof::record_retold(&*self.host, &cache.proof, &retold);
            }
            let changed = changed.into_iter();
            reasons.extend(changed.map(|path| Reason::ChangedWhileBuilding { path }));
            Ok(0)
        });
        let observations = match recorded {
            Ok(observations) => observations,
            Err(error) if is_full(&error) => {
                let doing = "the results of the build cannot be stored";
                return Err(Error::world(doing, &cache.directory, error).into());
            }
            Err(error) => {
                notices.push(unwritable(&cache.directory, &error));
                0
            }
        };
        phases.end("record");
        notices.extend(damaged(cache, &services.store.damage()));
        let mut ran = services.take_ran();
        for ran in &mut ran {
            ran.spared = 1 + services.previous.importers(ran.subject.as_str());
        }
        let modules = verdict.header.modules;
        let link = verdict.header.link.as_ref();
        if let Some(link) = link.filter(|link| !link.warnings.is_empty()) {
            notices.push(Notice {
                code: "linker-warning",
                message: link.warnings.clone(),
                remedy: None,
            });
        }
        let output = verdict.header.output.as_ref();
        let mut outcome = Outcome {
            status: Status::Built,
            output: output.map(|output| output.path.clone()),
            output_digest: output.map(|output| output.digest),
            reasons,
            counts: Counts {
                modules,
                parsed: ran.iter().filter(|ran| ran.query == Query::Parse).count(),
                objects_reused: modules,
                observations,
                files_digested: services.world.files_read(),
                ..Counts::default()
            },
            ran,
            messages: Vec::new(),
            link: link.map(report),
            notices,
            timings: Vec::new(),
        };
        demanded
            .snapshot
            .libraries
            .clone_from(&services.previous.libraries);
        let account = Account {
            request,
            cache,
            demanded: &demanded,
            diagnostics: &[],
            linked: None,
            stores: true,
        };
        self.account(&account, phases, &mut outcome);
        drop(services);
        self.leave(demanded);
        Ok(outcome)
    }
}

/// The modules whose text has changed, if the check found nothing else, and found the output by its stamp alone. What
/// compilers and actions said is not told here.
fn only_texts(verdict: &Verdict) -> Option<Vec<&Utf8PathBuf>> {
    let header = &verdict.header;
    let sure = |output: &proof::OutputState| output.settled && verdict.left.is_some();
    if verdict.reasons.is_empty()
        || verdict.reasons.len() > FEW
        || verdict.rebooted
        || verdict.relisted
        || header.said
        || !header.output.as_ref().is_none_or(sure)
        || header.output.is_some() != header.link.is_some()
    {
        return None;
    }
    let texts = verdict.reasons.iter().map(|reason| match reason {
        Reason::Changed {
            role: Role::Source,
            path,
            ..
        } => Some(path),
        _ => None,
    });
    texts.collect()
}

/// Whether a text is to all others what the text before was: the same syntax, imports and exports, and nothing wrong.
fn means_the_same(summary: &Summary, before: &ModuleState) -> bool {
    let imported = summary.requests.iter().map(|request| &request.specifier);
    let items = summary.items.iter().map(|item| (&item.name, item.digest));
    let items_before = before.items.iter().map(|(name, digest)| (name, *digest));
    summary.diagnostics.is_empty()
        && summary.syntax == before.syntax
        && imported.eq(before.imports.iter().map(|(specifier, _)| specifier))
        && items.eq(items_before)
}

/// Whether a module with this text, which is the only one that has changed, is sure to be compiled: it is found as it was,
/// since all that imports it is as it was, and so is all that its own imports stand for.
fn is_compiled(summary: &Summary, before: &ModuleState) -> bool {
    let imported = summary.requests.iter().map(|request| &request.specifier);
    let before = before.imports.iter().map(|(specifier, _)| specifier);
    summary.diagnostics.is_empty() && imported.eq(before)
}

/// The link's report, as of a program that was there already.
fn report(link: &LinkState) -> LinkReport {
    LinkReport {
        linked: false,
        way: link.way.clone(),
        linker: link.linker.clone(),
        linker_path: link.linker_path.clone(),
        driver: link.driver.clone(),
        instead: link.instead.clone(),
        object_fingerprints_used: link.objects,
        ..LinkReport::default()
    }
}
