//! The comparison of one build with what it had to be: verdict, reasons, what ran, causes, and a clean build's program.

use super::{Ran, Walk, outcome, output, ran, request};
use crate::oracle::{Expect, Prediction, Verdict};
use kiln::digest::Digest;
use kiln::explain::{Outcome, Query, Reason};
use kiln::{Failure, Request};
use std::collections::BTreeSet;

impl Walk {
    pub(super) fn compare_verdict(&self, result: &Result<Outcome, Failure>, verdict: Verdict) {
        let found = match result {
            Ok(_) => Verdict::Builds,
            Err(Failure::Program { .. }) => Verdict::Wrong,
            Err(Failure::Error(_)) => Verdict::Error,
        };
        self.require(found == verdict, || {
            format!("it should come to {verdict:?}: {result:?}")
        });
    }

    /// The reasons are the roots of what changed, all of them and nothing else.
    pub(super) fn compare_reasons(
        &self,
        outcome: &Outcome,
        stale: &BTreeSet<String>,
        release: bool,
    ) {
        let found: BTreeSet<String> = outcome
            .reasons
            .iter()
            .map(|reason| match reason {
                Reason::FirstBuild => "first".to_owned(),
                Reason::Changed { path, .. } => format!("changed {path}"),
                Reason::Appeared { path, .. } => format!("appeared {path}"),
                Reason::Disappeared { path, .. } => format!("gone {path}"),
                Reason::OutputMissing { .. } => "no output".to_owned(),
                Reason::OutputChanged { .. } => "other output".to_owned(),
                Reason::EngineChanged { .. } => "engine".to_owned(),
                Reason::ProofUnusable { .. } => "proof".to_owned(),
                other => format!("{other:?}"),
            })
            .collect();
        let lost = self.doubtful.contains(&release)
            && (found == ["proof".to_owned()].into() || found == ["first".to_owned()].into());
        self.require(lost || found == *stale, || {
            format!("reasons {found:?}, but what changed is {stale:?}")
        });
        self.require(outcome.reasons.len() == found.len(), || {
            format!("a reason is given twice: {:?}", outcome.reasons)
        });
    }

    /// What ran is what had to run, and a dry run had said so.
    pub(super) fn compare_ran(
        &self,
        prediction: &Prediction,
        ran: &Ran,
        dry: &Ran,
        outcome: Option<&Outcome>,
    ) {
        let mut all = Ran::new();
        let mut exact = true;
        for step in &prediction.steps {
            let key = (step.query, step.subject.clone());
            let did = ran.contains(&key);
            all.insert(key);
            exact &= step.expect != Expect::Either;
            let right = match step.expect {
                Expect::Runs => did,
                Expect::Rests => !did,
                Expect::Either => true,
            };
            self.require(right, || {
                format!(
                    "{:?} {}: {:?}, but ran: {did}",
                    step.query, step.subject, step.expect
                )
            });
        }
        self.require(ran.is_subset(&all), || {
            format!("nobody needed {:?}", ran.difference(&all))
        });
        let objects_only = |ran: &Ran| {
            ran.iter()
                .filter(|(query, _)| *query != Query::Executable)
                .cloned()
                .collect::<Ran>()
        };
        if exact {
            self.require(objects_only(ran) == objects_only(dry), || {
                format!("a dry run predicted {dry:?}, and {ran:?} ran")
            });
            // Whether new objects are other objects cannot be known before they are emitted.
            self.require(ran.is_subset(dry), || {
                format!("a dry run predicted {dry:?}, and {ran:?} ran")
            });
        }
        if let Some(outcome) = outcome {
            let count = |query| outcome.ran.iter().filter(|ran| ran.query == query).count();
            let counts = outcome.counts;
            let found = (
                counts.modules,
                counts.parsed,
                counts.lowered,
                counts.emitted,
            );
            let right = (
                prediction.modules,
                count(Query::Parse),
                count(Query::Lower),
                count(Query::Object),
            );
            self.require(found == right, || {
                format!("counts {found:?} instead of {right:?}")
            });
            self.require(outcome.ran.len() == ran.len(), || {
                format!("something ran twice: {:?}", outcome.ran)
            });
        }
    }

    /// The program is what a clean build gives. Gives its bytes.
    pub(super) fn compare_with_clean_build(
        &self,
        release: bool,
        result: &Result<Outcome, Failure>,
        prediction: &Prediction,
    ) -> Option<Vec<u8>> {
        let request = Request {
            cache: false,
            output: Some("out/clean".into()),
            ..request(release)
        };
        let clean = self.engine.build(&request);
        if result.is_err() {
            self.compare_verdict(&clean, prediction.verdict);
            if let (
                Err(Failure::Program { diagnostics: a, .. }),
                Err(Failure::Program { diagnostics: b, .. }),
            ) = (result, &clean)
            {
                self.require(a == b, || {
                    format!("diagnostics {a:?}, in a clean build {b:?}")
                });
            }
            return None;
        }
        let Ok(clean) = clean else {
            self.fail(&format!("a clean build fails: {clean:?}"))
        };
        self.require(clean.reasons == [Reason::CacheDisabled], || {
            format!("{:?}", clean.reasons)
        });
        let needed: Ran = prediction
            .steps
            .iter()
            .filter(|step| step.query != Query::Executable)
            .map(|step| (step.query, step.subject.clone()))
            .collect();
        let did: Ran = ran(Some(&clean))
            .into_iter()
            .filter(|(query, _)| *query != Query::Executable)
            .collect();
        self.require(did == needed, || format!("a clean build ran {did:?}"));
        let wanted = self.host.contents("out/clean");
        self.require(
            self.host.contents(output(release).as_str()) == wanted,
            || "the program is not that of a clean build".to_owned(),
        );
        let digest = wanted.as_deref().map(Digest::of);
        self.require(
            outcome(result).and_then(|outcome| outcome.output_digest) == digest,
            || "the digest is not the program's".to_owned(),
        );
        wanted
    }
}
