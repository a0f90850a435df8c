//! The walk: from a linker's words to the files that it opens, in its order, each look recorded.

use super::input::{self, Input};
use super::place::Places;
use super::script;
use super::{Linker, Model, Unmodelled};
use crate::host::{Bytes, Kind};
use crate::link::shared_library::SharedLibrary;
use crate::observe::{Reader, Role};
use crate::rule::{Does, Order, Outcome, State, Word};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::HashSet;

/// Scripts that name scripts; more are taken for a circle.
const DEEPEST: usize = 16;

pub(super) const REMEDY: &str = "build where programs can be observed";

pub(super) struct Walk<'a, 'w> {
    pub(super) linker: &'a Linker<'a>,
    pub(super) reader: &'a Reader<'w>,
    pub(super) places: Places,
    pub(super) state: Now,
    saved: Vec<Now>,
    /// Shared libraries are not taken at all.
    pub(super) always_static: bool,
    known: HashSet<Utf8PathBuf>,
    pub(super) model: Model,
    pub(super) shared: Vec<Taken>,
}

/// A shared library that is an input.
pub(super) struct Taken {
    pub path: Utf8PathBuf,
    pub library: SharedLibrary,
    /// It may turn out not to be needed, and then counts as not there.
    pub as_needed: bool,
}

/// What holds for the words that follow.
#[derive(Clone, Copy)]
pub(super) struct Now {
    pub only_static: bool,
    pub as_needed: bool,
}

/// What is at a path.
pub(super) enum Opened {
    Nothing,
    Directory,
    File(Bytes),
}

impl<'a, 'w> Walk<'a, 'w> {
    pub(super) fn new(
        linker: &'a Linker<'a>,
        words: &[Word],
        reader: &'a Reader<'w>,
    ) -> Result<Self, Unmodelled> {
        let search = linker.search;
        let is = |names: &'static [&'static str]| {
            move |word: &Word| names.contains(&word.argument.as_str())
        };
        let relocatable = words.iter().find(|word| {
            matches!(
                word.argument.as_str(),
                "-r" | "-i" | "--relocatable" | "-relocatable"
            )
        });
        if let Some(word) = relocatable.filter(|_| search.lists || search.order == Order::ByKind) {
            return Err(Unmodelled::new(
                &word.argument,
                "was not seen to be understood by this linker",
                REMEDY,
            ));
        }
        let static_whole = search.state == State::InOrderStaticWhole
            && words.iter().any(is(&["-static", "--static"]));
        let last = words.iter().rev().find_map(only_static);
        Ok(Self {
            linker,
            reader,
            places: Places::of(linker, words)?,
            state: Now {
                only_static: search.state == State::LastFirst && last == Some(true),
                as_needed: false,
            },
            saved: Vec::new(),
            always_static: relocatable.is_some() || static_whole,
            known: HashSet::new(),
            model: Model::default(),
            shared: Vec::new(),
        })
    }

    pub(super) fn finish(mut self, words: &[Word]) -> Result<Model, Unmodelled> {
        for word in words {
            match word.does {
                Does::Input => self.positional(&word.value)?,
                Does::Text | Does::Plugin => self.text(word)?,
                Does::Library => self.library(&word.value, None)?,
                Does::ExactLibrary => self.exact(&word.value, None)?,
                Does::State => self.change(word)?,
                Does::Flag => match word.argument.trim_start_matches('-') {
                    "as-needed" => self.state.as_needed = true,
                    "no-as-needed" => self.state.as_needed = false,
                    _ => {}
                },
                _ => {}
            }
        }
        self.needed(words)?;
        if self.linker.search.lists {
            // Each directory is opened, whether or not anything is looked for in it.
            for directory in self.places.searched() {
                let looked =
                    self.reader
                        .kind(directory, Role::Link, "a directory that is searched");
                looked.map_err(|cause| {
                    Unmodelled::new(
                        directory.as_str(),
                        format!("cannot be read: {cause}"),
                        REMEDY,
                    )
                })?;
            }
        }
        Ok(self.model)
    }

    /// `-Bstatic` and the like.
    fn change(&mut self, word: &Word) -> Result<(), Unmodelled> {
        match word.set.as_deref() {
            Some("push") => self.saved.push(self.state),
            Some("pop") => {
                self.state = self.saved.pop().ok_or_else(|| {
                    Unmodelled::new(&word.argument, "has no `--push-state` before it", REMEDY)
                })?;
            }
            _ => match only_static(word) {
                Some(only_static) => self.state.only_static = only_static,
                None => {
                    return Err(Unmodelled::new(
                        &word.argument,
                        "sets a state that is not modelled",
                        REMEDY,
                    ));
                }
            },
        }
        Ok(())
    }

    /// An input by its path.
    fn positional(&mut self, spelled: &str) -> Result<(), Unmodelled> {
        let prefixes = &self.linker.search.prefixes;
        let path = match spelled.strip_prefix('=') {
            Some(rest) if prefixes.positional => self.places.in_sysroot(rest),
            _ => Utf8PathBuf::from(spelled),
        };
        match self.open(&path, "an input of the link")? {
            Opened::File(bytes) => {
                let input = self.classify(&path, &bytes)?;
                if input == Input::Foreign {
                    return Err(foreign(&path));
                }
                self.take(path, input, 0)
            }
            Opened::Directory => Err(Unmodelled::new(spelled, "is a directory", "name a file")),
            Opened::Nothing => Err(Unmodelled::new(spelled, "is not there", "make it first")),
        }
    }

    /// A file that is read as text, or loaded into the linker.
    fn text(&mut self, word: &Word) -> Result<(), Unmodelled> {
        let path = Utf8Path::new(&word.value);
        match self.open(path, &word.argument)? {
            Opened::File(_) if word.does == Does::Plugin => {
                // Some linkers load it only where an input is for it, and such inputs are not modelled.
                self.model.possible.insert(path.to_owned());
                Ok(())
            }
            Opened::File(_) => {
                self.opened(path);
                Ok(())
            }
            // Some linkers then look in the directories of `-L`.
            _ => Err(Unmodelled::new(
                &word.value,
                "is not there",
                "give it with its directory",
            )),
        }
    }

    /// What is at a path, which is recorded.
    pub(super) fn open(&self, path: &Utf8Path, note: &str) -> Result<Opened, Unmodelled> {
        let failed =
            |cause| Unmodelled::new(path.as_str(), format!("cannot be read: {cause}"), REMEDY);
        if let Some(bytes) = self.reader.bytes(path, Role::Link, note).map_err(failed)? {
            return Ok(Opened::File(bytes));
        }
        match self.reader.world().stamp(path).map_err(failed)? {
            None => Ok(Opened::Nothing),
            Some(stamp) if stamp.kind == Kind::Directory => Ok(Opened::Directory),
            Some(_) => Err(Unmodelled::new(
                path.as_str(),
                "is a device, which says something else each time",
                "use files",
            )),
        }
    }

    /// What a file is, members of a thin archive looked at too.
    pub(super) fn classify(&mut self, path: &Utf8Path, bytes: &[u8]) -> Result<Input, Unmodelled> {
        let refused = |why| Unmodelled::new(path.as_str(), why, REMEDY);
        let Input::ThinArchive(names) = input::classify(bytes).map_err(refused)? else {
            return input::classify(bytes).map_err(refused);
        };
        let directory = path.parent().unwrap_or(Utf8Path::new(""));
        let mut members = Vec::new();
        for name in names {
            let member = directory.join(name);
            if let Opened::File(bytes) = self.open(&member, "a member of a thin archive")? {
                members.push(input::member(&bytes));
                self.model.possible.insert(member);
            } else {
                return Err(refused("names a member that is not there"));
            }
        }
        input::of_members(members.into_iter()).map_err(refused)
    }

    /// An input that the linker takes.
    pub(super) fn take(
        &mut self,
        path: Utf8PathBuf,
        input: Input,
        depth: usize,
    ) -> Result<(), Unmodelled> {
        self.opened(&path);
        match input {
            Input::Text(text) => return self.script(&path, &text, depth + 1),
            Input::Empty if self.linker.search.unsuitable.empty != Outcome::Accepted => {
                return Err(Unmodelled::new(path, "is empty", "remove it"));
            }
            Input::Shared(library) => self.shared.push(Taken {
                path: path.clone(),
                library,
                as_needed: self.state.as_needed,
            }),
            _ => {}
        }
        self.model.inputs.push(path);
        Ok(())
    }

    pub(super) fn opened(&mut self, path: &Utf8Path) {
        if self.known.insert(path.to_owned()) {
            self.model.files.push(path.to_owned());
        }
    }

    fn script(&mut self, path: &Utf8Path, text: &str, depth: usize) -> Result<(), Unmodelled> {
        if depth > DEEPEST {
            return Err(Unmodelled::new(
                path.as_str(),
                "names scripts that name it",
                REMEDY,
            ));
        }
        let Some(scripts) = &self.linker.search.scripts else {
            return Err(no_scripts(path));
        };
        let wanted = script::parse(text).map_err(|word| {
            let why = format!("is a script with `{word}`, which is not modelled");
            Unmodelled::new(path.as_str(), why, REMEDY)
        })?;
        self.places.check_script(path, self.reader.world().host())?;
        for wanted in wanted {
            let outside = self.state.as_needed;
            self.state.as_needed |= wanted.as_needed;
            if wanted.is_library {
                self.library(&wanted.name, Some((path, depth)))?;
            } else {
                let host = self.reader.world().host();
                let candidates =
                    self.places
                        .script_input(&wanted.name, path, &scripts.input, host)?;
                self.file_of_script(path, &wanted.name, candidates, depth)?;
            }
            self.state.as_needed = outside;
        }
        Ok(())
    }

    /// The first of the places of a name in a script where something is.
    fn file_of_script(
        &mut self,
        script: &Utf8Path,
        name: &str,
        candidates: Vec<Utf8PathBuf>,
        depth: usize,
    ) -> Result<(), Unmodelled> {
        let note = format!("`{name}` in {script}");
        for path in candidates {
            match self.open(&path, &note)? {
                Opened::Nothing => {}
                Opened::Directory => {
                    return Err(Unmodelled::new(path, "is a directory", "remove it"));
                }
                Opened::File(bytes) => {
                    let input = self.classify(&path, &bytes)?;
                    if input == Input::Foreign {
                        return Err(foreign(&path));
                    }
                    return self.take(path, input, depth);
                }
            }
        }
        Err(Unmodelled::new(
            name,
            format!("is found nowhere, and {script} names it"),
            "name its directory with `-L`",
        ))
    }

    /// A shared library that only others need, at a path: what it is, if it serves.
    pub(super) fn needed_at(
        &mut self,
        path: &Utf8Path,
        note: &str,
    ) -> Result<Option<SharedLibrary>, Unmodelled> {
        let Opened::File(bytes) = self.open(path, note)? else {
            return Ok(None);
        };
        self.model.possible.insert(path.to_owned());
        match self.classify(path, &bytes)? {
            Input::Shared(library) => Ok(Some(library)),
            Input::Foreign => Ok(None),
            _ => Err(Unmodelled::new(
                path.as_str(),
                "is no shared library",
                REMEDY,
            )),
        }
    }

    /// The text of a file that the linker goes by; nothing where there is none.
    pub(super) fn configuration(&mut self, path: &Utf8Path) -> Result<String, Unmodelled> {
        let Opened::File(bytes) = self.open(path, "where the loader searches")? else {
            return Ok(String::new());
        };
        self.model.possible.insert(path.to_owned());
        String::from_utf8(bytes.to_vec())
            .map_err(|_| Unmodelled::new(path.as_str(), "is no UTF-8", REMEDY))
    }
}

/// Whether the word says that only archives are to be taken, or the contrary.
fn only_static(word: &Word) -> Option<bool> {
    if word.does != Does::State {
        return None;
    }
    match word.set.as_deref() {
        Some("static") => Some(true),
        Some("dynamic") => Some(false),
        _ => None,
    }
}

fn foreign(path: &Utf8Path) -> Unmodelled {
    Unmodelled::new(
        path.as_str(),
        "is for another machine than x86-64, for which links are not modelled",
        REMEDY,
    )
}

pub(super) fn no_scripts(script: &Utf8Path) -> Unmodelled {
    Unmodelled::new(
        script.as_str(),
        "is a script, and how this linker reads scripts is not known",
        REMEDY,
    )
}
