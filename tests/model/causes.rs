//! Why each query of a build ran, against what the walk itself changed since the last recorded build of the profile: all true
//! causes and no other, each leading back to a root that changed.

use super::{Kind, Recorded, Walk};
use crate::oracle::{Prediction, Step, Verdict, syntax};
use crate::project::Configuration;
use camino::{Utf8Path, Utf8PathBuf};
use kiln::explain::{Cause, Outcome, Query, Ran, Reason, Root};
use std::collections::{BTreeMap, BTreeSet};

/// A build beside the last recorded one.
struct Change<'w> {
    walk: &'w Walk,
    recorded: &'w Recorded,
    prediction: &'w Prediction,
    release: bool,
}

impl Walk {
    /// Each cause is the true one, and a cutoff is reported where a result is what it was.
    pub(super) fn compare_causes(
        &self,
        prediction: &Prediction,
        outcome: Option<&Outcome>,
        release: bool,
    ) {
        let Some(outcome) = outcome else { return };
        let alarm = |code: &str| code == "unexplained";
        let alarms = outcome.notices.iter().filter(|notice| alarm(notice.code));
        self.require(alarms.count() == 0, || {
            format!(
                "nobody can say why: {:?} for {:?}",
                outcome.ran, outcome.reasons
            )
        });
        self.compare_excerpts(outcome);
        let Some(recorded) = self.recorded.get(&release) else {
            return;
        };
        if self.forgetful.contains(&release) {
            return;
        }
        let change = Change {
            walk: self,
            recorded,
            prediction,
            release,
        };
        for ran in &outcome.ran {
            change.compare_cutoff(ran);
            change.compare(ran);
        }
        self.compare_roots(outcome);
    }

    /// The lines that are shown of a changed file are those that changed.
    fn compare_excerpts(&self, outcome: &Outcome) {
        for reason in &outcome.reasons {
            let Reason::Changed {
                path,
                lines: Some(lines),
                ..
            } = reason
            else {
                continue;
            };
            let Some(text) = self.host.contents(path.as_str()) else {
                continue;
            };
            let text = String::from_utf8(text).expect("the toy language is text");
            let now: Vec<&str> = text.lines().collect();
            for hunk in &lines.hunks {
                let kept = hunk.lines.iter().filter(|line| !line.starts_with('-'));
                let shown: Vec<&str> = kept.map(|line| &line[1..]).collect();
                let start = hunk.new_start - 1;
                self.require(now[start..start + shown.len()] == shown, || {
                    format!("{hunk:?} is not in {path}: {text}")
                });
            }
            self.require(lines.removed + lines.added > 0, || {
                format!("{path} changed, and no line of it")
            });
        }
    }

    /// A parse leads back to the change of its own text or of an importer's, a lowering to one that it can reach.
    fn compare_roots(&self, outcome: &Outcome) {
        let cascades = outcome.cascades();
        for (ran, roots) in outcome.ran.iter().zip(&cascades.roots) {
            let of = |root: &Root| match root {
                Root::Reason(at) => Some(&outcome.reasons[*at]),
                Root::Lost => None,
            };
            let own = |reason: &Reason| reason.path() == Some(ran.subject.as_path());
            let right = match &ran.causes[..] {
                [Cause::Text { .. }] => roots.iter().all(|root| of(root).is_some_and(own)),
                [Cause::BlobLost { .. }] => *roots == [Root::Lost],
                _ => !roots.is_empty(),
            };
            self.require(right, || format!("{ran:?} cannot be for {roots:?}"));
        }
        let counted: usize = cascades.of.iter().map(|cascade| cascade.parsed).sum();
        let parsed = outcome.ran.iter().filter(|ran| ran.query == Query::Parse);
        self.require(counted >= parsed.count(), || {
            format!("parses are missing in {cascades:?}")
        });
    }
}

impl Change<'_> {
    fn require(&self, right: bool, problem: impl FnOnce() -> String) {
        self.walk.require(right, problem);
    }

    fn step(&self, query: Query, subject: &Utf8Path) -> Option<&Step> {
        let mut steps = self.prediction.steps.iter();
        steps.find(|step| step.query == query && step.subject == subject)
    }

    fn compare_cutoff(&self, ran: &Ran) {
        if self.prediction.verdict != Verdict::Builds {
            return;
        }
        let step = self.step(ran.query, &ran.subject);
        let step = step.expect("what ran was compared already");
        let before = self.recorded.results.get(&(ran.query, ran.subject.clone()));
        let same = before == Some(&step.result);
        self.require(ran.cut_off == same, || {
            format!(
                "{:?} {}: the result is what it was: {same}",
                ran.query, ran.subject
            )
        });
    }

    fn compare(&self, ran: &Ran) {
        let expected = match ran.query {
            Query::Parse => self.text(&ran.subject),
            Query::Lower => self.lowering(&ran.subject),
            Query::Object => self.object(&ran.subject),
            Query::Executable => self.link(),
            // The projects of the model have none.
            Query::Action => BTreeSet::new(),
        };
        let shown = ran.causes.iter().map(|cause| self.show(cause));
        let shown: BTreeSet<String> = shown
            .flat_map(|cause| cause.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let lost = shown.is_subset(&self.lost());
        // What may have been forgotten may be made again for no other reason.
        let forgotten = self.walk.kind != Kind::Sound && lost;
        self.require(forgotten || shown == expected, || {
            format!("{ran:?} ran for {shown:?}, and should for {expected:?}")
        });
    }

    fn edited(&self, path: &Utf8Path) -> bool {
        self.recorded.files.get(path) != self.prediction.files.get(path)
    }

    fn other_engine(&self) -> bool {
        self.recorded.engine != self.walk.program
    }

    /// Nothing of the world made it run.
    fn lost(&self) -> BTreeSet<String> {
        [if self.other_engine() {
            "engine"
        } else {
            "lost"
        }
        .to_owned()]
        .into()
    }

    fn text(&self, path: &Utf8Path) -> BTreeSet<String> {
        if !self.recorded.files.contains_key(path) {
            return ["imported".to_owned()].into();
        }
        match self.edited(path) {
            true => ["text".to_owned()].into(),
            false => self.lost(),
        }
    }

    fn lowering(&self, path: &Utf8Path) -> BTreeSet<String> {
        let syntax_of =
            |files: &BTreeMap<Utf8PathBuf, String>| files.get(path).map(|text| syntax(text));
        let before = syntax_of(&self.recorded.files);
        if before.is_none() || before != syntax_of(&self.prediction.files) {
            return self.text(path);
        }
        let step = self.step(Query::Lower, path).expect("it was lowered");
        let asked = &self.recorded.answers[path];
        let known =
            self.walk
                .oracle
                .remembers(&self.walk.program, path, &self.recorded.files[path], asked);
        let mut expected = BTreeSet::new();
        // What is not sure to be remembered may be, and then this is why; see `compare`.
        let known = known || self.walk.kind != Kind::Sound;
        for (question, answer) in asked.iter().filter(|_| known) {
            let same = step.answers.contains(&(question.clone(), answer.clone()));
            if !same {
                expected.insert(question.clone());
                if question.starts_with("resolve") {
                    break;
                }
            }
        }
        match expected.is_empty() {
            true if self.edited(path) => ["text".to_owned()].into(),
            true => self.lost(),
            false => expected,
        }
    }

    fn object(&self, path: &Utf8Path) -> BTreeSet<String> {
        if !self.recorded.files.contains_key(path) {
            return ["imported".to_owned()].into();
        }
        let speed = |configuration: &Configuration| self.release || configuration.dev_speed;
        let now = &self.walk.project.configuration;
        let mut expected = BTreeSet::new();
        if speed(&self.recorded.configuration) != speed(now) {
            expected.insert("options".to_owned());
        }
        let lower = (Query::Lower, path.to_owned());
        let step = self.step(Query::Lower, path).expect("it was lowered");
        let other = self.recorded.results.get(&lower) != Some(&step.result);
        if other || self.walk.ran_now.contains(&lower) {
            expected.extend(self.lowering(path));
        }
        match expected.is_empty() {
            true => self.lost(),
            false => expected,
        }
    }

    fn link(&self) -> BTreeSet<String> {
        let objects = |path: &Utf8Path| {
            let step = self.step(Query::Object, path);
            step.map(|step| step.result.clone())
        };
        let mut expected = BTreeSet::new();
        let before = self.recorded.results.iter();
        let before = before.filter(|((query, _), _)| *query == Query::Object);
        let before: BTreeMap<&Utf8Path, &String> = before
            .map(|((_, path), result)| (path.as_path(), result))
            .collect();
        let now = self.prediction.steps.iter();
        let now = now.filter(|step| step.query == Query::Object);
        for path in now
            .map(|step| step.subject.as_path())
            .chain(before.keys().copied())
        {
            if before.get(path).copied() != objects(path).as_ref() {
                expected.insert(format!("object {path}"));
            }
        }
        let now = &self.walk.project.configuration;
        if self.recorded.configuration.argument != now.argument {
            expected.insert("plan kiln.toml".to_owned());
        }
        match expected.is_empty() {
            true => self.lost(),
            false => expected,
        }
    }

    fn show(&self, cause: &Cause) -> String {
        match cause {
            Cause::New => "new".to_owned(),
            Cause::Imported { by } => {
                let imports = self.prediction.files.contains_key(by);
                self.require(imports, || format!("{by} is no module of the program"));
                "imported".to_owned()
            }
            Cause::Engine => "engine".to_owned(),
            Cause::Options { .. } => "options".to_owned(),
            Cause::Text { .. } => "text".to_owned(),
            Cause::Item { module, name, .. } => format!("item {module} {name}"),
            Cause::Names { module } => format!("names {module}"),
            Cause::Resolution { specifier, .. } => format!("resolve {specifier}"),
            Cause::BlobLost { .. } => "lost".to_owned(),
            Cause::Objects { paths } => {
                let paths: Vec<String> =
                    paths.iter().map(|path| format!("object {path}")).collect();
                paths.join("\n")
            }
            // A new kiln may plan otherwise too.
            Cause::LinkPlan { what } => {
                format!("plan {}", what.trim_end_matches(", kiln itself"))
            }
            other => format!("{other:?}"),
        }
    }
}
