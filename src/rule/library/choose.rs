//! Tries the alternatives of a library, the first that fits counts, and spells it for the driver.

use super::resolution::{LinkWord, Rejected, Resolution, Resolved, WordOf};
use super::unavailable::unavailable;
use super::{Closure, Facts, Member, Package, Surroundings};
use crate::error::Error;
use crate::rule::definition::{Definition, Definitions};
use crate::rule::schema::{
    Alternative, BuiltLibrary, Condition, Flavor, LibraryRule, Place, Source,
};
use camino::Utf8PathBuf;

impl Closure {
    /// Resolves all libraries, in their order.
    ///
    /// # Errors
    /// If no alternative of one fits, with all that is missing, or if the world can't be asked.
    pub fn resolve<S: Surroundings>(
        &self,
        facts: &Facts,
        surroundings: &mut S,
    ) -> Result<Resolution, S::Error>
    where
        S::Error: From<Error>,
    {
        let mut resolution = Resolution::default();
        let mut missing = Vec::new();
        for member in &self.members {
            let resolved = member.resolve(facts, surroundings)?;
            match (&member.rule, resolved) {
                (_, Ok(resolved)) => resolution.libraries.push(resolved),
                (Some(rule), Err(rejected)) => missing.push((member, &**rule, rejected)),
                (None, Err(_)) => {}
            }
        }
        match missing.is_empty() {
            true => Ok(resolution),
            false => Err(unavailable(&missing).into()),
        }
    }
}

impl LibraryRule {
    /// What its conditions ask for, of these facts: what else differs changes nothing.
    pub fn consulted<'f>(&self, facts: &'f Facts) -> Vec<(String, Option<&'f str>)> {
        let conditions = || {
            self.alternatives
                .iter()
                .map(|alternative| &alternative.when)
        };
        let options = conditions().flat_map(|when| &when.option);
        let mut consulted: Vec<(String, Option<&str>)> = options
            .map(|(option, _)| {
                let value = facts.options.get(&option.name);
                (format!("option {}", option.name), value.map(String::as_str))
            })
            .collect();
        if conditions().any(|when| !when.profile.is_empty()) {
            consulted.push(("profile".to_owned(), Some(&facts.profile)));
        }
        consulted.sort_unstable();
        consulted.dedup();
        consulted
    }

    /// Whether it matters where a link searches for libraries.
    pub fn searches(&self) -> bool {
        let mut alternatives = self.alternatives.iter();
        alternatives.any(|it| it.prefer.is_some() || matches!(it.source, Source::System(_)))
    }
}

impl Condition {
    /// Why it does not hold, as a clause.
    fn refuses(&self, facts: &Facts) -> Option<String> {
        let other = |wanted: &[String], here: &String, what: &str| {
            let differs = !wanted.is_empty() && !wanted.contains(here);
            differs.then(|| format!("it is for {what} {}, and this is {here}", wanted.join(", ")))
        };
        let option = || {
            self.option.iter().find_map(|(option, wanted)| {
                let name = &option.name;
                match facts.options.get(name) {
                    Some(value) if value == wanted => None,
                    Some(value) => Some(format!(
                        "the option {name} is \"{value}\", not \"{wanted}\""
                    )),
                    None => Some(format!("there is no option {name}")),
                }
            })
        };
        other(&self.os, &facts.os, "the system")
            .or_else(|| other(&self.arch, &facts.arch, "the processor"))
            .or_else(|| other(&self.profile, &facts.profile, "the profile"))
            .or_else(option)
    }
}

impl Member {
    /// What becomes of this library; the inner error is why no alternative fits.
    ///
    /// # Errors
    /// If the world can't be asked.
    pub fn resolve<S: Surroundings>(
        &self,
        facts: &Facts,
        surroundings: &mut S,
    ) -> Result<Result<Resolved, Vec<Rejected>>, S::Error> {
        let mut resolved = Resolved {
            name: self.named.name.clone(),
            place: self.named.place.clone(),
            alternative: 0,
            plain: self.rule.is_none(),
            needed_by: self.needed_by.clone(),
            link: Vec::new(),
            include: Vec::new(),
            defines: Definitions::new(),
            compile: Vec::new(),
            build: None,
            rejected: Vec::new(),
        };
        let Some(rule) = &self.rule else {
            resolved.link.push(LinkWord {
                word: format!("-l{}", self.named.name),
                of: WordOf::Source,
                place: self.named.place.clone(),
            });
            return Ok(Ok(resolved));
        };
        resolved.place = rule.place.clone();
        // Only a name for what it needs.
        if rule.alternatives.is_empty() {
            return Ok(Ok(resolved));
        }
        for (at, alternative) in rule.alternatives.iter().enumerate() {
            let found = match alternative.when.refuses(facts) {
                Some(why) => Err(why),
                None => found(rule, alternative, facts, surroundings)?,
            };
            match found {
                Ok(found) => {
                    resolved.alternative = at;
                    found.fill(alternative, &mut resolved);
                    return Ok(Ok(resolved));
                }
                Err(why) => resolved.rejected.push(Rejected {
                    alternative: at,
                    place: alternative.source_place.clone(),
                    why,
                }),
            }
        }
        Ok(Err(resolved.rejected))
    }
}

/// What an alternative gives.
#[derive(Default)]
struct Found {
    /// Words, and whether `prefer` made them what they are.
    words: Vec<(String, bool)>,
    include: Vec<Utf8PathBuf>,
    defines: Definitions,
    compile: Vec<String>,
    build: Option<BuiltLibrary>,
}

impl Found {
    fn fill(self, alternative: &Alternative, resolved: &mut Resolved) {
        let keys = &alternative.key_places;
        let mut add = |word: &str, of: WordOf, place: Option<&Place>| {
            resolved.link.push(LinkWord {
                word: word.to_owned(),
                of,
                place: place.unwrap_or(&alternative.source_place).clone(),
            });
        };
        let (whole, group) = (alternative.whole_archive, alternative.group);
        if whole {
            let place = keys.whole_archive.as_ref();
            add("-Wl,--whole-archive", WordOf::WholeArchive, place);
        }
        if group {
            add("-Wl,--start-group", WordOf::Group, keys.group.as_ref());
        }
        for (word, preferred) in &self.words {
            match preferred {
                true => add(word, WordOf::Prefer, keys.prefer.as_ref()),
                false => add(word, WordOf::Source, None),
            }
        }
        if group {
            add("-Wl,--end-group", WordOf::Group, keys.group.as_ref());
        }
        if whole {
            let place = keys.whole_archive.as_ref();
            add("-Wl,--no-whole-archive", WordOf::WholeArchive, place);
        }
        resolved.include.clone_from(&alternative.include);
        resolved.include.extend(self.include);
        resolved.defines.clone_from(&alternative.defines);
        resolved.defines.extend(self.defines);
        resolved.compile = self.compile;
        resolved.build = self.build;
    }
}

/// What the alternative gives here; the inner error is why it does not fit.
fn found<S: Surroundings>(
    rule: &LibraryRule,
    alternative: &Alternative,
    facts: &Facts,
    surroundings: &mut S,
) -> Result<Result<Found, String>, S::Error> {
    let mut found = Found::default();
    match &alternative.source {
        Source::PkgConfig {
            package,
            version,
            statically,
        } => {
            let said = match surroundings.package(package, *statically)? {
                Ok(said) => said,
                Err(why) => return Ok(Err(why)),
            };
            if let Some(range) = version
                && !range.contains(&said.version)
            {
                return Ok(Err(format!(
                    "pkg-config has {package} {}, and {range} is asked for",
                    said.version
                )));
            }
            if let Err(why) = compile_words(&said, &mut found) {
                return Ok(Err(why));
            }
            return package_words(package, &said, alternative, facts, surroundings, found);
        }
        Source::System(names) => {
            for name in names {
                match system(name, alternative.prefer, facts, &[], surroundings)? {
                    Some(word) => found.words.push(word),
                    None => {
                        let files = names_of(name, facts).join(" or ");
                        let why = format!("no {files} is where the linker searches");
                        return Ok(Err(why));
                    }
                }
            }
        }
        Source::Paths(paths) => {
            let within = rule.confined.as_ref().map(|confined| &*confined.folder);
            for path in paths {
                if let Err(why) = surroundings.file(path, within)? {
                    return Ok(Err(why));
                }
                found.words.push((path.as_str().to_owned(), false));
            }
        }
        Source::Framework(name) => {
            if facts.os != "macos" {
                return Ok(Err("frameworks are a thing of macOS".to_owned()));
            }
            found.words.push(("-framework".to_owned(), false));
            found.words.push((name.clone(), false));
        }
        Source::Sources(built) => found.build = Some(built.clone()),
    }
    Ok(Ok(found))
}

/// What units of C are told.
fn compile_words(said: &Package, found: &mut Found) -> Result<(), String> {
    for word in &said.cflags {
        let included = word.strip_prefix("-I").filter(|folder| !folder.is_empty());
        let defined = word
            .strip_prefix("-D")
            .filter(|defined| !defined.is_empty());
        if let Some(folder) = included {
            found.include.push(folder.into());
        } else if let Some(defined) = defined {
            let (name, definition) = match defined.split_once('=') {
                Some((name, text)) => (name, Definition::Text(text.to_owned())),
                None => (defined, Definition::Plain),
            };
            found.defines.insert(name.to_owned(), definition);
        } else {
            check_word(word)?;
            found.compile.push(word.clone());
        }
    }
    said.libs.iter().try_for_each(|word| check_word(word))
}

/// Words of a `.pc` file that would make something else of a command than a link.
fn check_word(word: &str) -> Result<(), String> {
    let other = ["-c", "-S", "-E", "-o", "-x", "-###", "-wrapper"];
    let beginning = ["@", "-fuse-ld=", "--ld-path=", "-specs=", "-B", "-fplugin"];
    if other.contains(&word) || beginning.iter().any(|begin| word.starts_with(begin)) {
        return Err(format!(
            "pkg-config gives the word `{word}`, which no library needs"
        ));
    }
    Ok(())
}

/// The words of a package, the preferred form of each library among them.
fn package_words<S: Surroundings>(
    package: &str,
    said: &Package,
    alternative: &Alternative,
    facts: &Facts,
    surroundings: &mut S,
    mut found: Found,
) -> Result<Result<Found, String>, S::Error> {
    let folders: Vec<Utf8PathBuf> = said
        .libs
        .iter()
        .filter_map(|word| word.strip_prefix("-L"))
        .map(Utf8PathBuf::from)
        .collect();
    for word in &said.libs {
        // The C library is one thing, and a part of it in another form than the rest would not work.
        let name = word.strip_prefix("-l").filter(|name| {
            !name.starts_with(':') && !["c", "m", "pthread", "dl", "rt"].contains(name)
        });
        let (Some(name), Some(_)) = (name, alternative.prefer) else {
            found.words.push((word.clone(), false));
            continue;
        };
        match system(name, alternative.prefer, facts, &folders, surroundings)? {
            Some(word) => found.words.push(word),
            None => {
                let files = names_of(name, facts).join(" or ");
                let why = format!("{package} needs -l{name}, and there is no {files}");
                return Ok(Err(why));
            }
        }
    }
    Ok(Ok(found))
}

/// The word for a library that is where the linker searches, and whether it is what it is by preference.
fn system<S: Surroundings>(
    name: &str,
    prefer: Option<Flavor>,
    facts: &Facts,
    first: &[Utf8PathBuf],
    surroundings: &mut S,
) -> Result<Option<(String, bool)>, S::Error> {
    let names = names_of(name, facts);
    if let Some(prefer) = prefer {
        let archive = |file: &&String| file.ends_with(".a");
        let wanted: Vec<String> = names
            .iter()
            .filter(|file| archive(file) == (prefer == Flavor::Static))
            .cloned()
            .collect();
        if let Some(path) = surroundings.search(&wanted, first)? {
            let file = path.file_name().unwrap_or_default();
            return Ok(Some((format!("-l:{file}"), true)));
        }
    }
    let there = surroundings.search(&names, first)?;
    Ok(there.map(|_| (format!("-l{name}"), false)))
}

/// The files that a library may have.
fn names_of(name: &str, facts: &Facts) -> Vec<String> {
    let ends: &[&str] = match facts.os.as_str() {
        "macos" => &[".tbd", ".dylib", ".a"],
        _ => &[".so", ".a"],
    };
    ends.iter().map(|end| format!("lib{name}{end}")).collect()
}
