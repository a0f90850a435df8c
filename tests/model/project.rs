//! A random toy project, and random edits of it. Knows the toy language, and nothing of builds.

use crate::random::Random;
use camino::Utf8PathBuf;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The sources of a project, as a programmer thinks of them.
#[derive(Clone, Default)]
pub struct Project {
    pub modules: BTreeMap<String, Module>,
    pub configuration: Configuration,
}

#[derive(Clone, Default)]
pub struct Module {
    comments: Vec<String>,
    imports: BTreeSet<String>,
    exports: BTreeMap<String, u64>,
    uses: BTreeSet<(String, String)>,
    all: BTreeSet<String>,
    body: u64,
    note: u64,
    fails: bool,
}

/// What `kiln.toml` says.
#[derive(Clone, Default)]
pub struct Configuration {
    comment: u64,
    pub dev_speed: bool,
    pub argument: u64,
    pub broken: bool,
}

impl Configuration {
    pub fn text(&self) -> String {
        let level = if self.dev_speed { "speed" } else { "none" };
        let mut text = format!(
            "# {}\n[[executable]]\nname = \"app\"\nentry = \"src/main.toy\"\n",
            self.comment
        );
        let _ = writeln!(
            text,
            "[link]\nargs = [\"{}\"]\n[profile.dev]\nopt-level = \"{level}\"",
            self.argument
        );
        if self.broken {
            text.push_str("no-such-key = 1\n");
        }
        text
    }
}

impl Module {
    fn text(&self) -> String {
        let mut text = String::new();
        for comment in &self.comments {
            let _ = writeln!(text, "# {comment}");
        }
        for specifier in &self.imports {
            let _ = writeln!(text, "import {specifier}");
        }
        for (name, signature) in &self.exports {
            let _ = writeln!(text, "export {name} s{signature}");
        }
        for (specifier, name) in &self.uses {
            let _ = writeln!(text, "use {specifier} {name}");
        }
        for specifier in &self.all {
            let _ = writeln!(text, "all {specifier}");
        }
        let _ = writeln!(text, "body {:04}\nnote {:04}", self.body, self.note);
        if self.fails {
            text.push_str("fail\n");
        }
        text
    }

    /// Removes an import with everything that rests on it.
    fn forget(&mut self, specifier: &str) {
        self.imports.remove(specifier);
        self.all.remove(specifier);
        self.uses.retain(|(of, _)| of != specifier);
    }
}

const NAMES: [&str; 3] = ["f", "g", "h"];

fn specifier(number: usize) -> String {
    if number == 0 {
        "main".to_owned()
    } else {
        format!("m{number}")
    }
}

impl Project {
    /// A project whose modules import some others, cycles included.
    pub fn random(random: &mut Random) -> Self {
        let mut project = Self::default();
        let count = 3 + random.below(8);
        for number in 0..count {
            let mut module = Module {
                body: random.next() % 10_000,
                note: 0,
                ..Module::default()
            };
            for name in NAMES.iter().take(1 + random.below(NAMES.len())) {
                module.exports.insert((*name).to_owned(), random.next() % 4);
            }
            project.modules.insert(specifier(number), module);
        }
        for _ in 0..count * 2 {
            project.import(random);
        }
        project
    }

    /// All files with their text.
    pub fn files(&self) -> BTreeMap<Utf8PathBuf, String> {
        let mut files: BTreeMap<Utf8PathBuf, String> = self
            .modules
            .iter()
            .map(|(name, module)| (format!("src/{name}.toy").into(), module.text()))
            .collect();
        files.insert("kiln.toml".into(), self.configuration.text());
        files
    }

    fn any(&self, random: &mut Random) -> String {
        let names: Vec<&String> = self.modules.keys().collect();
        (*random.pick(&names)).clone()
    }

    fn module(&mut self, random: &mut Random) -> (String, &mut Module) {
        let name = self.any(random);
        let module = self
            .modules
            .get_mut(&name)
            .expect("the name was just taken from the map");
        (name, module)
    }

    /// Makes a module import another one, and mostly use something of it.
    fn import(&mut self, random: &mut Random) -> String {
        let target = self.any(random);
        let bare = target.trim_start_matches("near/").to_owned();
        let items: Vec<String> = self.modules[&target].exports.keys().cloned().collect();
        let (name, module) = self.module(random);
        if name.starts_with("near/") {
            return "nothing".to_owned();
        }
        module.imports.insert(bare.clone());
        if random.once_in(5) {
            module.all.insert(bare.clone());
        } else if !items.is_empty() && !random.once_in(6) {
            module
                .uses
                .insert((bare.clone(), random.pick(&items).clone()));
        }
        format!("{name} imports {bare}")
    }

    /// One random edit; says what it was.
    pub fn edit(&mut self, random: &mut Random) -> String {
        match random.below(22) {
            0 | 1 => {
                let word = random.next() % 100;
                let (name, module) = self.module(random);
                module.comments.push(format!("word {word}"));
                format!("comment in {name}")
            }
            2..=4 => {
                let body = random.next() % 10_000;
                let (name, module) = self.module(random);
                module.body = body;
                format!("body of {name}")
            }
            5 => {
                let note = random.next() % 10_000;
                let (name, module) = self.module(random);
                module.note = note;
                format!("note in {name}")
            }
            6 | 7 => {
                let (export, signature) = (*random.pick(&NAMES), random.next() % 4);
                let (name, module) = self.module(random);
                module.exports.insert(export.to_owned(), signature);
                format!("{name} exports {export} s{signature}")
            }
            8 => {
                let signature = random.next() % 4;
                let (name, module) = self.module(random);
                module.exports.insert("unused".to_owned(), signature);
                format!("{name} exports unused s{signature}")
            }
            9 => {
                let export = *random.pick(&NAMES);
                let (name, module) = self.module(random);
                module.exports.remove(export);
                format!("{name} does not export {export}")
            }
            10..=12 => self.import(random),
            13 | 14 => {
                let (name, module) = self.module(random);
                let imports: Vec<String> = module.imports.iter().cloned().collect();
                if imports.is_empty() {
                    return "nothing".to_owned();
                }
                let gone = random.pick(&imports).clone();
                module.forget(&gone);
                format!("{name} does not import {gone}")
            }
            15 => {
                let fresh = specifier(1 + random.below(14));
                self.modules.entry(fresh.clone()).or_insert_with(|| Module {
                    body: 1,
                    ..Module::default()
                });
                format!("module {fresh} added")
            }
            16 => {
                let gone = self.any(random);
                if gone == "main" && !random.once_in(4) {
                    return "nothing".to_owned();
                }
                self.modules.remove(&gone);
                if self.modules.is_empty() {
                    self.modules.insert("main".to_owned(), Module::default());
                }
                if !random.once_in(3) {
                    let kept = self.modules.contains_key(&format!("near/{gone}"));
                    self.modules
                        .values_mut()
                        .filter(|_| !kept)
                        .for_each(|module| module.forget(&gone));
                }
                format!("module {gone} deleted")
            }
            17 | 18 => {
                let target = self.any(random);
                let shadow = if target.starts_with("near/") {
                    target.clone()
                } else {
                    format!("near/{target}")
                };
                if self.modules.remove(&shadow).is_some() {
                    return format!("{shadow} disappears");
                }
                let shadowed = &self.modules[&target];
                let module = Module {
                    exports: shadowed.exports.clone(),
                    body: shadowed.body,
                    ..Module::default()
                };
                self.modules.insert(shadow.clone(), module);
                format!("{shadow} appears")
            }
            19 => {
                let (name, module) = self.module(random);
                module.fails = !module.fails;
                format!("{name} fails or not")
            }
            20 => {
                self.configuration.comment += 1;
                "comment in kiln.toml".to_owned()
            }
            _ => {
                match random.below(6) {
                    0 | 1 => self.configuration.dev_speed = !self.configuration.dev_speed,
                    2..=4 => self.configuration.argument = random.next() % 3,
                    _ => self.configuration.broken = !self.configuration.broken,
                }
                "kiln.toml".to_owned()
            }
        }
    }

    /// Undoes what keeps the project from building, so that not every step of a long walk fails.
    pub fn mend(&mut self) {
        self.configuration.broken = false;
        self.modules.entry("main".to_owned()).or_default().fails = false;
        let exports: BTreeMap<String, BTreeSet<String>> = self
            .modules
            .iter()
            .map(|(name, module)| (name.clone(), module.exports.keys().cloned().collect()))
            .collect();
        for (name, module) in &mut self.modules {
            module.fails = false;
            let near = |specifier: &str| {
                exports
                    .get(&format!("near/{specifier}"))
                    .or_else(|| exports.get(specifier))
            };
            let lost: Vec<String> = module
                .imports
                .iter()
                .filter(|specifier| name.starts_with("near/") || near(specifier).is_none())
                .cloned()
                .collect();
            lost.iter().for_each(|specifier| module.forget(specifier));
            module.uses.retain(|(specifier, item)| {
                near(specifier).is_some_and(|items| items.contains(item))
            });
        }
    }
}
