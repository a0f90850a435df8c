//! The rules of a project: those in `kiln.toml`, and those in the files that it lists.
//!
//! A later file's entry replaces an earlier one's of the same name, and `kiln.toml` itself comes last. A file that belongs to
//! a package of somebody else is confined: its entries say neither which programs are run nor name a path outside the
//! package's folder, unless `[allow] packages` has the name of the package.

use super::{FILE, Own, Project, normalise};
use crate::document::{Problems, Section, Spanned, Written, diagnostic, nearest};
use crate::error::{Diagnostic, Error, Result};
use crate::observe::{Reader, Role};
use crate::rule::{Confined, Libraries, LibraryRule, Loaded, Place, Rules};
use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;
use std::sync::Arc;

/// A file that `rules` lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    pub path: Utf8PathBuf,
    /// The package that it belongs to, if that is not the project itself.
    pub package: Option<String>,
    /// It may do whatever the project's own rules may.
    pub allowed: bool,
}

/// One item of `rules`.
pub(super) struct Listed {
    path: Spanned<String>,
    package: Option<Spanned<String>>,
}

/// Reads `rules = ["extra.toml", { file = "…", package = "…" }]`.
pub(super) fn listed(top: &mut Section<'_>, reading: &mut crate::rule::Reading<'_>) -> Vec<Listed> {
    let mut listed: Vec<Listed> = Vec::new();
    for item in top.all_written("rules", &mut reading.problems) {
        let (path, package) = match item {
            Written::Short(path) => (Some(path), None),
            Written::Full(mut table) => {
                let path = table.filled_string("file", &mut reading.problems);
                table.require("file");
                if path.is_none() && !table.has("file") {
                    let message = "`file` is missing: the path of the rule file";
                    reading
                        .problems
                        .add("config-missing", table.heading(), message);
                }
                let package = table.filled_string("package", &mut reading.problems);
                table.finish(&mut reading.problems);
                (path, package)
            }
        };
        let Some(path) = path else { continue };
        if listed.iter().any(|known| same(&known.path, &path)) {
            let message = format!("the rules of {} are listed twice", path.value);
            reading.problems.add("config-duplicate", path.span, message);
            continue;
        }
        listed.push(Listed { path, package });
    }
    listed
}

fn same(a: &Spanned<String>, b: &Spanned<String>) -> bool {
    normalise(Utf8Path::new(&a.value)) == normalise(Utf8Path::new(&b.value))
}

/// Reads the listed files, and puts all rules together. What is wrong with any of them is added to `problems`; `options`
/// are those that conditions in `kiln.toml` ask for.
pub(super) fn load(
    project: &mut Project,
    own: &mut Own,
    options: Vec<Spanned<String>>,
    reader: &Reader<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Result<()> {
    let mut here = Problems::new(FILE);
    undeclared(&options, project, &mut here);
    let mut libraries: IndexMap<String, LibraryRule> = IndexMap::new();
    let mut packages = Vec::new();
    for listed in std::mem::take(&mut own.listed) {
        let Some(file) = file(&listed, &own.allowed, reader, &mut here)? else {
            continue;
        };
        packages.extend(file.package.clone());
        if let Some(loaded) = read(&file, &listed.path, project, reader, &mut here, problems)? {
            problems.extend(unknown(file.path.as_str(), &loaded, project)?);
            take(project, &mut libraries, loaded);
        }
        project.rule_files.push(file);
    }
    for allowed in own
        .allowed
        .iter()
        .filter(|name| !packages.contains(&name.value))
    {
        let message = format!(
            "no file of rules that is listed belongs to \"{}\"",
            allowed.value
        );
        let help = nearest(&allowed.value, packages.iter().map(String::as_str)).map_or_else(
            || "remove it, or list the file under `rules`".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        );
        here.add_with_help("config-value", allowed.span.clone(), message, help);
    }
    let rules = std::mem::take(&mut own.rules);
    problems.extend(unknown(FILE, &rules, project)?);
    take(project, &mut libraries, rules);
    project.libraries = Arc::new(Libraries::new(libraries));
    unknown_tools(project, &mut here)?;
    problems.extend(here.take());
    if problems.is_empty() {
        problems.extend(project.libraries.cycle());
    }
    Ok(())
}

/// Problems with names of linkers and environments: a file's own, those of files before it, and the shipped ones are
/// known.
fn unknown(file: &str, loaded: &Loaded, project: &Project) -> Result<Vec<Diagnostic>> {
    if loaded.references.is_empty() {
        return Ok(Vec::new());
    }
    // Most projects have no rules that name linkers, and need not read those that are shipped.
    let shipped = match loaded.drivers.is_empty() {
        true => Rules::shipped_compilers()?,
        false => Rules::shipped()?,
    };
    let linkers = [&shipped.linkers, &project.tools.linkers, &loaded.linkers];
    let environments = [
        &shipped.environments,
        &project.tools.environments,
        &loaded.environments,
    ];
    Ok(loaded.unknown_names(file, |kind| match kind {
        "linker" => names(linkers),
        _ => names(environments),
    }))
}

/// Reports programs in `[compile] tools` for which there is no rule: they would never be run.
fn unknown_tools(project: &Project, here: &mut Problems) -> Result<()> {
    let compile = &project.compile;
    if compile.tools.is_empty() {
        return Ok(());
    }
    let shipped = Rules::shipped_compilers()?;
    let known = || (shipped.compilers.keys()).chain(project.tools.compilers.keys());
    for (name, span) in compile.tools.keys().zip(&compile.tool_places) {
        if known().any(|known| known == name) {
            continue;
        }
        // People write a language by its title, too.
        let titled =
            (shipped.compilers.iter()).find(|(_, rule)| rule.title.eq_ignore_ascii_case(name));
        let near = titled.map(|(known, _)| known.as_str());
        let near = near.or_else(|| nearest(name, known().map(String::as_str)));
        let help = near.map_or_else(
            || {
                format!(
                    "there are: {}",
                    known().cloned().collect::<Vec<_>>().join(", ")
                )
            },
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("there is no compiler called `{name}`");
        here.add_with_help("config-unknown-key", span.clone(), message, help);
    }
    Ok(())
}

fn names<T>(known: [&IndexMap<String, T>; 3]) -> Vec<&str> {
    known
        .into_iter()
        .flat_map(|rules| rules.keys().map(String::as_str))
        .collect()
}

/// Adds the entries of a file, which replace earlier ones.
fn take(project: &mut Project, libraries: &mut IndexMap<String, LibraryRule>, loaded: Loaded) {
    let overridden = &mut project.overridden;
    add(libraries, loaded.libraries, overridden, |rule| &rule.place);
    add(&mut project.actions, loaded.actions, overridden, |rule| {
        &rule.place
    });
    let tools = &mut project.tools;
    add(&mut tools.linkers, loaded.linkers, overridden, |rule| {
        &rule.place
    });
    add(&mut tools.drivers, loaded.drivers, overridden, |rule| {
        &rule.place
    });
    add(&mut tools.compilers, loaded.compilers, overridden, |rule| {
        &rule.place
    });
    tools.environments.extend(loaded.environments);
}

fn add<T>(
    known: &mut IndexMap<String, T>,
    new: IndexMap<String, T>,
    overridden: &mut IndexMap<String, Vec<Place>>,
    place: impl Fn(&T) -> &Place,
) {
    for (name, rule) in new {
        if let Some(old) = known.shift_remove(&name) {
            overridden
                .entry(name.clone())
                .or_default()
                .push(place(&old).clone());
        }
        known.insert(name, rule);
    }
}

/// Whose file it is.
fn file(
    listed: &Listed,
    allowed: &[Spanned<String>],
    reader: &Reader<'_>,
    here: &mut Problems,
) -> Result<Option<RuleFile>> {
    let path = normalise(Utf8Path::new(&listed.path.value));
    let host = reader.world().host();
    let named = listed.package.as_ref().map(|package| package.value.clone());
    let package = named.or_else(|| Some(package_folder(&path)?.0));
    let outside = || {
        let (root, real) = (host.real_path("".into()), host.real_path(&path));
        matches!((root, real), (Ok(root), Ok(real)) if !real.starts_with(&root))
    };
    let spelled_outside = path.is_absolute() || path.starts_with("..");
    if package.is_none() && (spelled_outside || outside()) {
        let message = format!("{path} lies outside the project, and nobody knows whose it is");
        let help = format!("write `{{ file = \"{path}\", package = \"…\" }}`");
        here.add_with_help("config-value", listed.path.span.clone(), message, help);
        return Ok(None);
    }
    let is_allowed = package
        .as_ref()
        .is_some_and(|package| allowed.iter().any(|allowed| allowed.value == *package));
    Ok(Some(RuleFile {
        path,
        package,
        allowed: is_allowed,
    }))
}

/// The package that a path in `node_modules` belongs to, and its folder.
fn package_folder(path: &Utf8Path) -> Option<(String, Utf8PathBuf)> {
    let parts: Vec<&str> = path.components().map(|part| part.as_str()).collect();
    let at = parts.iter().rposition(|part| *part == "node_modules")?;
    let scoped = parts.get(at + 1)?.starts_with('@');
    let end = at + if scoped { 3 } else { 2 };
    let name = parts.get(at + 1..end)?.join("/");
    Some((name, parts.get(..end)?.iter().collect()))
}

/// What a listed file says; `None` if something is wrong, which is added to `here` or to `problems`.
fn read(
    file: &RuleFile,
    listed: &Spanned<String>,
    project: &Project,
    reader: &Reader<'_>,
    here: &mut Problems,
    problems: &mut Vec<Diagnostic>,
) -> Result<Option<Loaded>> {
    let path = &file.path;
    let bytes = reader
        .bytes(path, Role::Configuration, "")
        .map_err(|cause| Error::world("cannot read the rules", path.as_path(), cause))?;
    let Some(bytes) = bytes else {
        let message = format!("there is no file {path}");
        here.add("config-value", listed.span.clone(), message);
        return Ok(None);
    };
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let (at, message) = (
                error.valid_up_to(),
                "this file is not valid UTF-8".to_owned(),
            );
            problems.push(diagnostic(
                path.as_str(),
                "config-syntax",
                at..at,
                message,
                None,
            ));
            return Ok(None);
        }
    };
    let confined = file
        .package
        .clone()
        .filter(|_| !file.allowed)
        .map(|package| {
            let parent = || path.parent().unwrap_or("".into()).to_owned();
            Confined {
                folder: package_folder(path).map_or_else(parent, |(_, folder)| folder),
                package,
            }
        });
    match Rules::load(path.as_str(), text, confined) {
        Ok((loaded, options)) => {
            let mut there = Problems::new(path.as_path());
            undeclared(&options, project, &mut there);
            problems.extend(there.take());
            Ok(Some(loaded))
        }
        Err(error) => {
            problems.extend(error.places);
            Ok(None)
        }
    }
}

/// Reports options that conditions ask for and that the project does not have.
fn undeclared(options: &[Spanned<String>], project: &Project, problems: &mut Problems) {
    let known = || project.options.keys().map(String::as_str);
    for option in options
        .iter()
        .filter(|option| !project.options.contains_key(&option.value))
    {
        let message = format!("there is no option \"{}\"", option.value);
        let help = match nearest(&option.value, known()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("name it in kiln.toml: `[options] {} = \"…\"`", option.value),
        };
        problems.add_with_help("config-value", option.span.clone(), message, help);
    }
}

/// The error about problems of one or several files.
pub(super) fn wrong(problems: Vec<Diagnostic>) -> Error {
    let mut files: Vec<&Utf8Path> = problems.iter().map(|problem| &*problem.path).collect();
    files.sort_unstable();
    files.dedup();
    let names: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
    let have = if names.len() == 1 { "has" } else { "have" };
    let count = match problems.len() {
        1 => "a problem".to_owned(),
        several => format!("{several} problems"),
    };
    let message = format!("{} {have} {count}", names.join(" and "));
    let mut problems = problems;
    problems.sort_by(|a, b| {
        let key = |it: &Diagnostic| (it.path.clone(), it.span.start, it.span.end, it.code.clone());
        key(a).cmp(&key(b))
    });
    Error::places(message, problems)
}

#[cfg(test)]
mod tests;
