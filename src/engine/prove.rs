//! The first step of a build: is what was built still current?

use super::cache::Cache;
use super::{Engine, Request};
use crate::digest::Digest;
use crate::explain::{Counts, Outcome, Reason, Status};
use crate::host::{Bytes, Host, Stamp};
use crate::observe::Known;
use crate::proof::{self, Verdict};
use camino::Utf8PathBuf;
use std::io::ErrorKind;
use std::time::Duration;

/// What is known of the last build of this request.
pub(super) struct Proven {
    /// The proof as it was read, and what the check found; `None` if there is no usable proof.
    pub proof: Option<(Bytes, Verdict)>,
    /// Why there is no usable proof.
    pub unusable: Option<Reason>,
    /// The proof's file before it was read.
    stamp: Option<Stamp>,
}

impl Proven {
    pub fn current(&self) -> bool {
        self.proof
            .as_ref()
            .is_some_and(|(_, verdict)| verdict.reasons.is_empty())
    }

    pub fn reasons(&self) -> Vec<Reason> {
        let found = self
            .proof
            .iter()
            .flat_map(|(_, verdict)| verdict.reasons.iter());
        self.unusable.iter().chain(found).cloned().collect()
    }
}

/// Measures the phases of a build.
pub(super) struct Phases<'h> {
    host: &'h dyn Host,
    /// When the build began, in nanoseconds since 1970.
    pub began: i64,
    last: i64,
    pub done: Vec<(&'static str, Duration)>,
}

impl<'h> Phases<'h> {
    pub fn begin(host: &'h dyn Host) -> Self {
        let began = host.now();
        Self {
            host,
            began,
            last: began,
            done: Vec::new(),
        }
    }

    pub fn end(&mut self, phase: &'static str) {
        let now = self.host.now();
        self.done.push((
            phase,
            Duration::from_nanos(u64::try_from(now - self.last).unwrap_or(0)),
        ));
        self.last = now;
    }
}

impl Engine {
    /// Checks the recorded proof of this request, if there is one.
    pub(super) fn prove(&self, request: &Request, cache: &Cache) -> Proven {
        let stamp = self.host.stat(&cache.proof).ok().flatten();
        let unusable = |reason| Proven {
            proof: None,
            unusable: Some(reason),
            stamp,
        };
        if !request.cache {
            return unusable(Reason::CacheDisabled);
        }
        let bytes = match self.host.read(&cache.proof) {
            Ok(bytes) => bytes,
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return unusable(Reason::FirstBuild);
            }
            Err(error) => {
                return unusable(Reason::ProofUnusable {
                    path: cache.proof.clone(),
                    problem: error.to_string(),
                });
            }
        };
        match proof::verify(&self.host, &bytes) {
            Ok(verdict) => Proven {
                proof: Some((bytes, verdict)),
                unusable: None,
                stamp,
            },
            Err(problem) => unusable(Reason::ProofUnusable {
                path: cache.proof.clone(),
                problem: problem.to_owned(),
            }),
        }
    }

    /// Whether the proof was recorded anew since it was read.
    pub(super) fn recorded_meanwhile(&self, cache: &Cache, proven: &Proven) -> bool {
        self.host.stat(&cache.proof).ok().flatten() != proven.stamp
    }

    /// The outcome of a build that had nothing to do.
    pub(super) fn current(
        &self,
        request: &Request,
        cache: &Cache,
        proven: Proven,
        mut phases: Phases<'_>,
    ) -> Outcome {
        let mut counts = Counts::default();
        let mut output = None;
        if let Some((bytes, verdict)) = &proven.proof {
            if verdict.refresh && !request.dry_run {
                // If it cannot be written, the next check reads the same files again, and that is all.
                let _ = proof::refresh(&*self.host, &cache.proof, bytes, verdict);
                phases.end("refresh");
            }
            counts.modules = verdict.header.modules;
            counts.observations = verdict.observations;
            counts.files_digested = verdict.files_digested;
            counts.objects_reused = verdict.header.modules;
            output = verdict
                .header
                .output
                .as_ref()
                .map(|output| (output.path.clone(), output.digest));
        }
        let (path, digest): (Option<Utf8PathBuf>, Option<Digest>) = output.unzip();
        Outcome {
            status: Status::Current,
            output: path,
            output_digest: digest,
            reasons: Vec::new(),
            ran: Vec::new(),
            counts,
            link: None,
            messages: Vec::new(),
            notices: Vec::new(),
            timings: phases.done,
        }
    }

    /// The running program: from the check if it knows, else by looking.
    pub(super) fn program(&self, proven: &Proven) -> Option<(Utf8PathBuf, Known)> {
        if let Some((path, known)) = proven
            .proof
            .as_ref()
            .and_then(|(_, verdict)| verdict.program.as_ref())
        {
            return Some((path.clone(), *known));
        }
        let path = self.host.program().ok()?;
        let stamp = self.host.stat(&path).ok()??;
        let digest = Digest::of(&self.host.read(&path).ok()?);
        Some((path, Known { stamp, digest }))
    }
}
