//! What must run: an independent and naive account of the engine's memory. It remembers which computations were ever
//! made, by their whole inputs as text, and knows nothing of digests, proofs, salsa or the store.

use crate::project::Configuration;
use crate::toy;
use camino::{Utf8Path, Utf8PathBuf};
use kiln::explain::Query;
use kiln::frontend::OptLevel;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many traces of one key are kept.
const KEPT: usize = 8;

/// The questions that lowering a module asks, each with its answer.
pub type Answers = Vec<(String, Option<String>)>;

/// Whether a computation is remembered for sure; not after the cache was damaged.
type Sure = bool;

#[derive(Default)]
pub struct Oracle {
    parses: HashMap<String, Sure>,
    lowers: HashMap<String, Vec<(Answers, Sure)>>,
    objects: HashMap<String, Sure>,
    links: HashMap<String, Sure>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    Runs,
    Rests,
    Either,
}

/// One computation of a build.
pub struct Step {
    pub query: Query,
    pub subject: Utf8PathBuf,
    pub expect: Expect,
    key: String,
    /// For lowering: what it asks of other modules.
    pub answers: Answers,
    /// A failed computation is never remembered.
    fails: bool,
    /// The result, to tell whether it is what it was.
    pub result: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Builds,
    Wrong,
    Error,
}

/// What a build comes to.
pub struct Prediction {
    pub verdict: Verdict,
    pub steps: Vec<Step>,
    pub modules: usize,
    /// What its result rests on.
    pub files: BTreeMap<Utf8PathBuf, String>,
    pub absent: BTreeSet<Utf8PathBuf>,
}

/// The world of a build.
pub struct Setting<'s> {
    pub files: &'s BTreeMap<Utf8PathBuf, String>,
    pub configuration: &'s Configuration,
    pub engine: &'s str,
    pub release: bool,
    pub output: &'s Utf8Path,
}

impl Oracle {
    /// From now on nothing is sure to be remembered.
    pub fn doubt(&mut self) {
        [&mut self.parses, &mut self.objects, &mut self.links]
            .into_iter()
            .flat_map(HashMap::values_mut)
            .for_each(|sure| *sure = false);
        self.lowers
            .values_mut()
            .flatten()
            .for_each(|(_, sure)| *sure = false);
    }

    pub fn predict(&self, setting: &Setting<'_>) -> Prediction {
        let mut prediction = Prediction {
            verdict: Verdict::Builds,
            steps: Vec::new(),
            modules: 0,
            files: BTreeMap::new(),
            absent: BTreeSet::new(),
        };
        prediction
            .files
            .insert("kiln.toml".into(), setting.configuration.text());
        let entry = Utf8Path::new("src/main.toy");
        if setting.configuration.broken || !setting.files.contains_key(entry) {
            prediction.verdict = Verdict::Error;
            return prediction;
        }
        let order = self.parse_all(setting, entry, &mut prediction);
        prediction.modules = order.len();
        if prediction.verdict == Verdict::Builds {
            let objects: Vec<Option<String>> = order
                .iter()
                .map(|path| self.compile(setting, path, &mut prediction))
                .collect();
            match objects.into_iter().collect::<Option<Vec<String>>>() {
                Some(objects) => self.link(setting, &objects, &mut prediction),
                None => prediction.verdict = Verdict::Wrong,
            }
        }
        prediction
    }

    fn parse_all(
        &self,
        setting: &Setting<'_>,
        entry: &Utf8Path,
        prediction: &mut Prediction,
    ) -> Vec<Utf8PathBuf> {
        let mut order = vec![entry.to_owned()];
        let mut at = 0;
        while at < order.len() {
            let path = order[at].clone();
            let text = &setting.files[&path];
            at += 1;
            prediction.files.insert(path.clone(), text.clone());
            let key = format!("{}|{path}|{text}", setting.engine);
            prediction.steps.push(step(
                Query::Parse,
                &path,
                known(&self.parses, &key),
                key,
                syntax(text),
            ));
            for (keyword, rest) in toy::lines(text) {
                match keyword {
                    "fail" => prediction.verdict = Verdict::Wrong,
                    "import" => {
                        for place in toy::candidates(&path, rest) {
                            if !setting.files.contains_key(&place) {
                                prediction.absent.insert(place);
                            } else {
                                break;
                            }
                        }
                        match resolve(setting, &path, rest) {
                            None => prediction.verdict = Verdict::Wrong,
                            Some(target) if !order.contains(&target) => order.push(target),
                            Some(_) => {}
                        }
                    }
                    _ => {}
                }
            }
        }
        order
    }

    /// The object of a module; `None` where it is wrong.
    fn compile(
        &self,
        setting: &Setting<'_>,
        path: &Utf8PathBuf,
        prediction: &mut Prediction,
    ) -> Option<String> {
        let text = &setting.files[path];
        let (mut answers, mut code, mut notes, mut fails) = (
            Answers::new(),
            format!("module {path}\n"),
            String::new(),
            false,
        );
        let mut ask = |question: String, answer: Option<String>| {
            if !answers.contains(&(question.clone(), answer.clone())) {
                answers.push((question, answer));
            }
        };
        for (keyword, rest) in toy::lines(text) {
            match keyword {
                "use" => {
                    let (specifier, name) = rest
                        .split_once(' ')
                        .expect("a use names a module and an item");
                    let target = resolve(setting, path, specifier);
                    ask(
                        format!("resolve {specifier}"),
                        target.as_ref().map(ToString::to_string),
                    );
                    let Some(target) = target else {
                        fails = true;
                        continue;
                    };
                    let item = exports(&setting.files[&target]).get(name).cloned();
                    ask(format!("item {target} {name}"), item.clone());
                    match item {
                        Some(item) => code += &format!("use {target} {name} {item}\n"),
                        None => fails = true,
                    }
                }
                "all" => {
                    let target = resolve(setting, path, rest);
                    ask(
                        format!("resolve {rest}"),
                        target.as_ref().map(ToString::to_string),
                    );
                    if let Some(target) = target {
                        let names: Vec<String> =
                            exports(&setting.files[&target]).into_keys().collect();
                        ask(format!("names {target}"), Some(names.join(" ")));
                        code += &format!("all {target} {}\n", names.join(" "));
                    }
                }
                "export" | "body" => code += &format!("{keyword} {rest}\n"),
                "note" => notes += rest,
                _ => {}
            }
        }
        let key = format!("{}|{path}|{}", setting.engine, syntax(text));
        let traces = self.lowers.get(&key).map(Vec::as_slice).unwrap_or_default();
        let expect = match traces.iter().find(|(trace, _)| *trace == answers) {
            _ if fails => Expect::Runs,
            Some((_, true)) => Expect::Rests,
            Some((_, false)) => Expect::Either,
            None => Expect::Runs,
        };
        let lowered = format!("{code}|{notes}");
        prediction.steps.push(Step {
            answers,
            fails,
            ..step(Query::Lower, path, expect, key, lowered.clone())
        });
        if fails {
            return None;
        }
        let level = if setting.release || setting.configuration.dev_speed {
            OptLevel::Speed
        } else {
            OptLevel::None
        };
        let key = format!("{}|{level:?}|{lowered}", setting.engine);
        let object = String::from_utf8(toy::object(&code, level))
            .expect("objects of the toy language are text");
        prediction.steps.push(step(
            Query::Object,
            path,
            known(&self.objects, &key),
            key,
            object.clone(),
        ));
        Some(object)
    }

    fn link(&self, setting: &Setting<'_>, objects: &[String], prediction: &mut Prediction) {
        let key = format!(
            "{}|{}|{objects:?}",
            setting.engine, setting.configuration.argument
        );
        let expect = known(&self.links, &key);
        let result = format!("{}|{objects:?}", setting.configuration.argument);
        prediction.steps.push(step(
            Query::Executable,
            &setting.output.to_owned(),
            expect,
            key,
            result,
        ));
    }

    /// Whether it is remembered for sure that this module was lowered with these answers.
    pub fn remembers(&self, engine: &str, path: &Utf8Path, text: &str, asked: &Answers) -> bool {
        let traces = self
            .lowers
            .get(&format!("{engine}|{path}|{}", syntax(text)));
        let sure = |(trace, sure): &(Answers, Sure)| *sure && trace == asked;
        traces.is_some_and(|traces| traces.iter().any(sure))
    }

    /// Learns from a build that stored its results: `ran` tells what ran where either was possible.
    pub fn learn(&mut self, prediction: &Prediction, ran: &BTreeSet<(Query, Utf8PathBuf)>) {
        for step in prediction.steps.iter().filter(|step| !step.fails) {
            let did_run = ran.contains(&(step.query, step.subject.clone()));
            let either = step.expect == Expect::Either;
            // What did not run where either was possible may have been taken from the last build's own account of its
            // modules, and be lost all the same.
            let sure = did_run || !either;
            match step.query {
                // The projects of this test have none.
                Query::Action => {}
                Query::Parse => {
                    self.parses.insert(step.key.clone(), sure);
                }
                Query::Object => {
                    self.objects.insert(step.key.clone(), sure);
                }
                Query::Executable => {
                    self.links.insert(step.key.clone(), sure);
                }
                Query::Lower => {
                    let traces = self.lowers.entry(step.key.clone()).or_default();
                    if did_run {
                        traces.retain(|(trace, _)| *trace != step.answers);
                        traces.push((step.answers.clone(), true));
                    }
                    forget_oldest(traces);
                }
            }
        }
    }

    /// A store over its limit keeps only what the last build used.
    pub fn trim(&mut self, prediction: &Prediction) {
        let used: BTreeSet<(Query, &str)> = prediction
            .steps
            .iter()
            .map(|step| (step.query, step.key.as_str()))
            .collect();
        for (query, map) in [
            (Query::Parse, &mut self.parses),
            (Query::Object, &mut self.objects),
            (Query::Executable, &mut self.links),
        ] {
            map.iter_mut()
                .filter(|(key, _)| !used.contains(&(query, key.as_str())))
                .for_each(|(_, sure)| *sure = false);
        }
        let lowers = self
            .lowers
            .iter_mut()
            .filter(|(key, _)| !used.contains(&(Query::Lower, key.as_str())));
        lowers
            .flat_map(|(_, traces)| traces)
            .for_each(|(_, sure)| *sure = false);
    }
}

/// The oldest traces go; where some of the newer ones may be lost already, they may go.
fn forget_oldest(traces: &mut Vec<(Answers, Sure)>) {
    let surplus = traces.len().saturating_sub(KEPT);
    if traces[surplus..].iter().all(|(_, sure)| *sure) {
        traces.drain(..surplus);
    } else {
        traces[..surplus]
            .iter_mut()
            .for_each(|(_, sure)| *sure = false);
    }
}

fn step(query: Query, subject: &Utf8PathBuf, expect: Expect, key: String, result: String) -> Step {
    Step {
        query,
        subject: subject.clone(),
        expect,
        key,
        answers: Answers::new(),
        fails: false,
        result,
    }
}

fn known(map: &HashMap<String, Sure>, key: &str) -> Expect {
    match map.get(key) {
        Some(true) => Expect::Rests,
        Some(false) => Expect::Either,
        None => Expect::Runs,
    }
}

fn resolve(setting: &Setting<'_>, importer: &Utf8Path, specifier: &str) -> Option<Utf8PathBuf> {
    toy::candidates(importer, specifier)
        .into_iter()
        .find(|path| setting.files.contains_key(path))
}

fn exports(text: &str) -> BTreeMap<String, String> {
    let exports = toy::lines(text).filter(|(keyword, _)| *keyword == "export");
    exports
        .filter_map(|(_, rest)| rest.split_once(' '))
        .map(|(name, signature)| (name.to_owned(), signature.to_owned()))
        .collect()
}

/// The text without what means nothing.
pub fn syntax(text: &str) -> String {
    toy::lines(text)
        .map(|(keyword, rest)| format!("{keyword} {rest}\n"))
        .collect()
}
