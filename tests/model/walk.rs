//! One random walk: edits, builds, and the comparison of each build with what it had to be.

#[path = "causes.rs"]
mod causes;
#[path = "compare.rs"]
mod compare;
#[path = "damage.rs"]
mod damage;

use crate::oracle::{Answers, Oracle, Prediction, Setting};
use crate::project::{Configuration, Project};
use crate::random::Random;
use crate::toy::Toy;
use camino::{Utf8Path, Utf8PathBuf};
use kiln::explain::{Outcome, Query, Status};
use kiln::host::{Host, MemoryHost, Stamp};
use kiln::link::Concatenate;
use kiln::{Engine, Failure, Request, Target};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What may happen on a walk besides edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing bad: the account is exact throughout.
    Sound,
    /// The cache is damaged, or cannot be written.
    Damaged,
    /// The store is trimmed after every build.
    Trimmed,
}

/// What the last recorded build of a profile rested on.
struct Recorded {
    files: BTreeMap<Utf8PathBuf, String>,
    absent: BTreeSet<Utf8PathBuf>,
    output: Vec<u8>,
    /// The stamp of the output when it was built.
    stamp: Option<Stamp>,
    engine: String,
    results: HashMap<(Query, Utf8PathBuf), String>,
    /// What each module asked of others when it was lowered.
    answers: HashMap<Utf8PathBuf, Answers>,
    configuration: Configuration,
}

pub struct Walk {
    host: Arc<MemoryHost>,
    engine: Engine,
    oracle: Oracle,
    kind: Kind,
    random: Random,
    project: Project,
    snapshots: Vec<Project>,
    program: String,
    recorded: HashMap<bool, Recorded>,
    /// Profiles whose proof may be damaged, and those whose account of the last build's modules may be lost.
    doubtful: BTreeSet<bool>,
    forgetful: BTreeSet<bool>,
    log: Vec<String>,
    /// What the last build ran.
    ran_now: Ran,
    seed: u64,
    /// Builds that gave a program.
    pub builds: usize,
}

type Ran = BTreeSet<(Query, Utf8PathBuf)>;

fn request(release: bool) -> Request {
    Request {
        release,
        ..Request::new(Target::Default)
    }
}

fn output(release: bool) -> Utf8PathBuf {
    format!(
        "target/kiln/{}/app",
        if release { "release" } else { "dev" }
    )
    .into()
}

/// The outcome of a build, if it got far enough to have one.
fn outcome(result: &Result<Outcome, Failure>) -> Option<&Outcome> {
    match result {
        Ok(outcome) => Some(outcome),
        Err(Failure::Program { outcome, .. }) => Some(outcome),
        Err(Failure::Error(_)) => None,
    }
}

fn ran(outcome: Option<&Outcome>) -> Ran {
    outcome
        .iter()
        .flat_map(|outcome| &outcome.ran)
        .map(|ran| (ran.query, ran.subject.clone()))
        .collect()
}

impl Walk {
    pub fn new(kind: Kind, seed: u64) -> Self {
        let host = Arc::new(MemoryHost::new());
        let mut random = Random::new(seed);
        let limit = if kind == Kind::Trimmed {
            20_000
        } else {
            1 << 30
        };
        let builder = Engine::builder(host.clone())
            .frontend(Toy::default())
            .linker(Concatenate)
            .cache_limit(limit);
        let engine = builder.build().expect("frontend and linker are there");
        let project = Project::random(&mut random);
        let mut walk = Self {
            host,
            engine,
            oracle: Oracle::default(),
            kind,
            random,
            snapshots: vec![project.clone()],
            project,
            program: "engine 0".to_owned(),
            recorded: HashMap::new(),
            doubtful: BTreeSet::new(),
            forgetful: BTreeSet::new(),
            log: Vec::new(),
            ran_now: Ran::new(),
            seed,
            builds: 0,
        };
        walk.host.write("/memory/kiln", walk.program.clone());
        walk.save(false);
        walk
    }

    fn fail(&self, problem: &str) -> ! {
        let log = self
            .log
            .iter()
            .rev()
            .take(8)
            .rev()
            .map(|line| format!("  {line}\n"))
            .collect::<String>();
        panic!(
            "{:?}, seed {}, step {}: {problem}\nlast steps:\n{log}",
            self.kind,
            self.seed,
            self.log.len()
        );
    }

    fn require(&self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.fail(&problem());
        }
    }

    /// Makes the files what the project says.
    fn save(&mut self, in_place: bool) {
        let wanted = self.project.files();
        for path in self.host.files("src") {
            if !wanted.contains_key(&path) {
                self.host.remove(&path).expect("sources can be removed");
            }
        }
        for (path, text) in wanted {
            if self.host.contents(path.as_str()).as_deref() == Some(text.as_bytes()) {
                continue;
            }
            if in_place {
                self.host.overwrite(path, text);
            } else {
                self.host.write(path, text);
            }
        }
    }

    /// One change of the world, and a build after it.
    pub fn step(&mut self) {
        let what = self.change();
        let release = self.random.once_in(4);
        self.log
            .push(format!("{what}{}", if release { ", release" } else { "" }));
        self.build(release);
        self.host.set_read_only(None);
    }

    fn change(&mut self) -> String {
        let bad = self.kind == Kind::Damaged;
        match self.random.below(if bad { 36 } else { 30 }) {
            0 => {
                self.host.wait(50);
                "nothing, settled".to_owned()
            }
            1 => {
                let files: Vec<Utf8PathBuf> = self.project.files().into_keys().collect();
                let path = self.random.pick(&files).clone();
                let bytes = self
                    .host
                    .contents(path.as_str())
                    .expect("the project is saved");
                self.host.write(&path, bytes);
                format!("touch {path}")
            }
            2 => {
                self.snapshots.push(self.project.clone());
                "snapshot".to_owned()
            }
            3..=5 => {
                let at = self.random.below(self.snapshots.len());
                std::mem::swap(&mut self.project, &mut self.snapshots[at]);
                self.save(false);
                format!("branch {at}")
            }
            6 => {
                self.project.mend();
                self.save(false);
                "mended".to_owned()
            }
            7 => self.spoil_output(),
            8 => {
                self.host.reboot();
                "reboot".to_owned()
            }
            9 if self.random.once_in(4) => {
                self.program = format!("engine {}", self.random.below(3));
                self.host.write("/memory/kiln", self.program.clone());
                self.program.clone()
            }
            10 => {
                // An edit that leaves the size, within a tick of the build before it, through the same inode.
                let edit = self.project.edit(&mut self.random);
                self.save(true);
                format!("in place: {edit}")
            }
            30..=33 => self.damage(),
            34.. => {
                let folder = *self.random.pick(&[
                    "target/kiln/store",
                    "target/kiln/proofs",
                    "target/kiln/store/records",
                    "target/kiln/lock",
                ]);
                let edit = self.project.edit(&mut self.random);
                self.save(false);
                self.host.set_read_only(Some(folder));
                format!("{folder} is read-only; {edit}")
            }
            _ => {
                let mut edits = Vec::new();
                loop {
                    edits.push(self.project.edit(&mut self.random));
                    if !self.random.once_in(3) {
                        break;
                    }
                }
                if self.random.once_in(3) {
                    self.project.mend();
                    edits.push("mended".to_owned());
                }
                self.save(false);
                edits.join(", ")
            }
        }
    }

    fn spoil_output(&mut self) -> String {
        let path = output(self.random.once_in(4));
        match self.host.contents(path.as_str()) {
            Some(mut bytes) if self.random.once_in(2) => {
                bytes[0] ^= 1;
                self.host.overwrite(&path, bytes);
                format!("{path} edited")
            }
            _ => {
                self.host.remove(&path).expect("the output can be removed");
                format!("{path} removed")
            }
        }
    }

    /// What must be stale, as `kind path`, by what the last recorded build rested on.
    fn stale(&self, release: bool) -> BTreeSet<String> {
        let Some(recorded) = self.recorded.get(&release) else {
            return ["first".to_owned()].into();
        };
        let mut stale = BTreeSet::new();
        let now = |path: &Utf8Path| self.host.contents(path.as_str());
        for (path, text) in &recorded.files {
            match now(path) {
                None => stale.insert(format!("gone {path}")),
                Some(bytes) if bytes != text.as_bytes() => stale.insert(format!("changed {path}")),
                Some(_) => false,
            };
        }
        stale.extend(
            recorded
                .absent
                .iter()
                .filter(|path| now(path).is_some())
                .map(|path| format!("appeared {path}")),
        );
        if recorded.engine != self.program {
            stale.insert("engine".to_owned());
        }
        // An edit within the tick of the clock in which the output was written does not show in its stamp. It is found
        // where nothing else makes the build stale; otherwise the output is replaced without being looked at.
        let stamp = self.host.stat(&output(release)).ok().flatten();
        let unseen = stamp == recorded.stamp && !stale.is_empty();
        match now(&output(release)) {
            None => stale.insert("no output".to_owned()),
            Some(bytes) if bytes != recorded.output && !unseen => {
                stale.insert("other output".to_owned())
            }
            Some(_) => false,
        };
        stale
    }

    /// Builds, and compares with everything that is known of what must come of it.
    fn build(&mut self, release: bool) {
        let (files, output) = (self.project.files(), output(release));
        let program = self.program.clone();
        let configuration = self.project.configuration.clone();
        let setting = Setting {
            files: &files,
            configuration: &configuration,
            engine: &program,
            release,
            output: &output,
        };
        let prediction = self.oracle.predict(&setting);
        let stale = self.stale(release);

        let before: BTreeMap<Utf8PathBuf, Option<Vec<u8>>> = self.everything();
        let predicted = self.engine.build(&Request {
            dry_run: true,
            ..request(release)
        });
        self.require(self.everything() == before, || {
            "a dry run changed files".to_owned()
        });
        let result = self.engine.build(&request(release));
        let (ran_now, dry) = (ran(outcome(&result)), ran(outcome(&predicted)));
        self.ran_now.clone_from(&ran_now);
        let built = outcome(&result).is_none_or(|outcome| outcome.status == Status::Built);

        if stale.is_empty() && !self.doubtful.contains(&release) {
            self.require(!built && result.is_ok(), || {
                format!("nothing changed, but it was not current: {result:?}")
            });
        }
        if let Some(outcome) = outcome(&result) {
            self.compare_reasons(outcome, &stale, release);
        }
        if built {
            self.compare_verdict(&result, prediction.verdict);
            self.compare_ran(&prediction, &ran_now, &dry, outcome(&result));
            self.compare_causes(&prediction, outcome(&result), release);
        } else {
            self.require(ran_now.is_empty(), || {
                format!("current, but ran {ran_now:?}")
            });
            self.require(dry.is_empty(), || format!("current, but predicted {dry:?}"));
        }
        let clean = self.compare_with_clean_build(release, &result, &prediction);
        self.remember(release, &result, prediction, &ran_now, clean);
        self.build_again(release, &result);
    }

    fn everything(&self) -> BTreeMap<Utf8PathBuf, Option<Vec<u8>>> {
        self.host
            .files("")
            .into_iter()
            .map(|path| (path.clone(), self.host.contents(path.as_str())))
            .collect()
    }

    fn remember(
        &mut self,
        release: bool,
        result: &Result<Outcome, Failure>,
        prediction: Prediction,
        ran: &Ran,
        clean: Option<Vec<u8>>,
    ) {
        let Some(outcome) = outcome(result) else {
            return;
        };
        if outcome.status == Status::Current {
            self.doubtful.remove(&release);
            return;
        }
        let unwritable = outcome
            .notices
            .iter()
            .any(|notice| notice.code == "store-unwritable");
        let log = self.log.last().cloned().unwrap_or_default();
        self.require(!unwritable || log.contains("read-only"), || {
            format!("why is it unwritable? {:?}", outcome.notices)
        });
        if !unwritable || log.contains("proofs is read-only") {
            self.oracle.learn(&prediction, ran);
            if self.kind == Kind::Trimmed {
                self.oracle.trim(&prediction);
            }
        }
        let Some(bytes) = clean else { return };
        self.builds += 1;
        if unwritable {
            return;
        }
        self.doubtful.remove(&release);
        self.forgetful.remove(&release);
        let Prediction {
            files,
            absent,
            steps,
            ..
        } = prediction;
        let lowered = steps.iter().filter(|step| step.query == Query::Lower);
        let answers = lowered.map(|step| (step.subject.clone(), step.answers.clone()));
        let answers = answers.collect();
        let results = steps
            .into_iter()
            .map(|step| ((step.query, step.subject), step.result))
            .collect();
        let recorded = Recorded {
            files,
            absent,
            output: bytes,
            stamp: self.host.stat(&output(release)).ok().flatten(),
            engine: self.program.clone(),
            results,
            answers,
            configuration: self.project.configuration.clone(),
        };
        self.recorded.insert(release, recorded);
    }

    /// The same build again does nothing; once stamps are settled, it reads nothing but the proof.
    fn build_again(&mut self, release: bool, result: &Result<Outcome, Failure>) {
        let recorded = outcome(result).is_some_and(|outcome| {
            outcome
                .notices
                .iter()
                .all(|notice| notice.code != "store-unwritable")
        });
        if result.is_err() || !recorded {
            return;
        }
        let again = |walk: &Self| match walk.engine.build(&request(release)) {
            Ok(outcome) if outcome.status == Status::Current && outcome.ran.is_empty() => outcome,
            other => walk.fail(&format!("built again, it is not current: {other:?}")),
        };
        again(self);
        if self.random.once_in(3) {
            self.host.set_read_only(None);
            self.host.wait(20);
            again(self);
            let reads = self.host.reads();
            let outcome = again(self);
            self.require(outcome.counts.files_digested == 0, || {
                "settled, but files were read".to_owned()
            });
            // The proof, and the pointer to a cache elsewhere, which is not there.
            let reads = self.host.reads() - reads;
            self.require(reads == 2, || {
                format!("settled, but {reads} files were read")
            });
        }
    }
}
