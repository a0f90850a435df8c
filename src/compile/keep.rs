//! From what was seen of a compiler to what its result rests on.

use super::given::Given;
use super::read::{Texts, UnitRead};
use super::{Compiled, Kept, Unit, Unrecorded};
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::host::Observed;
use crate::link::observed::{self, Habits, Listings, Settled};
use crate::observe::{Observation, Reader, Role, Seen};
use crate::rule::{CompilerRule, Significance, Text};
use camino::{Utf8Path, Utf8PathBuf};

/// A run that succeeded.
pub struct Run<'r> {
    pub unit: &'r Unit,
    pub rule: &'r CompilerRule,
    /// Where the object was.
    pub object: Option<&'r Utf8Path>,
    pub texts: &'r dyn Texts,
    pub given: &'r Given,
    pub observed: &'r Observed,
}

/// Fills in what `compiled` rests on, and whether that is all.
pub fn keep(compiled: &mut Compiled, run: &Run<'_>, reader: &Reader<'_>) -> Result<()> {
    let world = reader.world();
    let host = world.shared_host();
    let cause = |cause| Error::world("cannot find the project", Utf8Path::new("."), cause);
    let root = host.real_path(Utf8Path::new(".")).map_err(cause)?;
    let known = |path: &Utf8Path| {
        let (known, taken) = world.known(path)?;
        known.stamp.settled(taken).then_some(known)
    };
    let habits = Habits {
        temporary: Habits::temporary(&**host),
        search: run.given.search.clone(),
        ..Habits::default()
    };
    let taken = host.now();
    let before = Listings::new();
    let settled = match observed::settled(host, run.observed, &root, &habits, &before, &known) {
        Ok(settled) => settled,
        Err(decline) => {
            compiled.kept = Kept::Declined(Unrecorded {
                message: format!("{}: {}", run.unit.source, decline.message()),
                remedy: decline.remedy(),
            });
            return Ok(());
        }
    };
    let Settled {
        seen,
        outputs,
        changed,
    } = settled;
    if !changed.is_empty() {
        compiled.kept = Kept::Changed(changed);
        return Ok(());
    }
    if let Some(output) = outputs
        .iter()
        .find(|output| Some(&*output.path) != run.object)
    {
        compiled.kept = Kept::Declined(Unrecorded {
            message: format!(
                "the compiler writes {} besides the object of {}",
                output.path, run.unit.source
            ),
            remedy: "remove the flag that asks for it, or name a compiler that writes nothing else"
                .to_owned(),
        });
        return Ok(());
    }
    let mut read: Vec<Seen> = Vec::with_capacity(seen.len());
    for (seen, known) in seen {
        if run
            .object
            .is_some_and(|object| is_scratch(&seen.observation, object))
        {
            continue;
        }
        if let (Observation::File { path, .. }, Some((known, _))) = (&seen.observation, known) {
            world.learn(path, known, taken);
        }
        read.push(seen);
    }
    let object = compiled.object.as_deref().unwrap_or_default();
    let (by, directory) = run.rule.depends_on(&run.unit.flags, object);
    if directory {
        let note = "it reaches objects";
        reader.record(Observation::Root { path: root }, Role::Environment, note);
    }
    texts(compiled, run, by, read, reader)
}

/// Whether this is a look at the folder in which the object lay, or at a folder on the way there: what is there is up to
/// the engine.
fn is_scratch(observation: &Observation, object: &Utf8Path) -> bool {
    let folder = object.parent().unwrap_or(object);
    let path = Utf8Path::new(observation.subject());
    match observation {
        Observation::Present { .. } | Observation::Link { .. } | Observation::Attributes { .. } => {
            folder.starts_with(path) || path.starts_with(folder)
        }
        _ => path.starts_with(folder),
    }
}

/// Tells texts from what counts by its bytes, and how much of a text counts.
fn texts(
    compiled: &mut Compiled,
    run: &Run<'_>,
    mut by: Significance,
    read: Vec<Seen>,
    reader: &Reader<'_>,
) -> Result<()> {
    let unit = run.unit;
    // A word of the command line that names a file may say anything about what the file is for.
    let named = |path: &Utf8Path| {
        path != unit.source && unit.flags.iter().any(|it| it.contains(path.as_str()))
    };
    let is_text = |path: &Utf8Path| {
        let name = path.file_name().unwrap_or_default();
        run.rule.is_text(name) && !named(path)
    };
    let mut found: Vec<(Utf8PathBuf, Text)> = Vec::new();
    let mut others = vec![(unit.source.clone(), said_by_flags(run))];
    for mut seen in read {
        if let Observation::File { path, .. } = &mut seen.observation
            && path.as_str().strip_prefix("./") == Some(unit.source.as_str())
        {
            path.clone_from(&unit.source);
        }
        match &seen.observation {
            Observation::File { path, digest } if is_text(path) => {
                let unreadable =
                    |cause| Error::world("cannot read a source", path.as_path(), cause);
                let text = run.texts.text(&unit.compiler, path).map_err(unreadable)?;
                // What this build knows of a file it knows from its first look, which may have been before it was changed.
                match text.filter(|text| text.digest(Significance::Bytes) == *digest) {
                    Some(text) => found.push((path.clone(), text)),
                    None => {
                        compiled.kept = Kept::Changed(vec![path.clone()]);
                        return Ok(());
                    }
                }
            }
            _ => {
                if let (Observation::File { path, .. }, Role::Link) = (&seen.observation, seen.role)
                {
                    let unreadable =
                        |cause| Error::world("cannot read a file", path.as_path(), cause);
                    let words = run.texts.opaque(&unit.compiler, path).map_err(unreadable)?;
                    others.extend(words.map(|words| (path.clone(), words)));
                }
                let role = role(&seen);
                reader.record(seen.observation, role, &seen.note);
            }
        }
    }
    if let Some(decline) = volatile(run, found.iter().chain(&others)) {
        compiled.kept = Kept::Declined(decline);
    }
    let any = |has: fn(&Text) -> bool| found.iter().chain(&others).any(|(_, text)| has(text));
    if any(|text| text.has_lines) {
        by = by.max(Significance::Lines);
    }
    // What was said shows the text, and where it stands.
    if !compiled.messages.is_empty() || any(|text| text.embeds) {
        by = Significance::Bytes;
    }
    compiled.reads = found
        .into_iter()
        .map(|(path, text)| UnitRead::Text {
            compiler: unit.compiler.clone(),
            path,
            by,
            digest: text.digest(by),
        })
        .collect();
    Ok(())
}

/// Words that came from the command line.
fn said_by_flags(run: &Run<'_>) -> Text {
    let arguments = run.unit.arguments(run.rule, None).join("\n");
    Text::opaque(
        run.rule,
        arguments.as_bytes(),
        Digest::of(arguments.as_bytes()),
    )
}

/// Why the result differs each time, if a text has a word that stands for the time.
fn volatile<'t>(
    run: &Run<'_>,
    found: impl Iterator<Item = &'t (Utf8PathBuf, Text)> + Clone,
) -> Option<Unrecorded> {
    for (at, row) in run.rule.volatile.iter().enumerate() {
        let set = row.unless.as_ref().is_some_and(|name| run.given.has(name));
        let mut having = found
            .clone()
            .filter(|(_, text)| text.volatile & 1 << at != 0);
        if let (Some((path, _)), false) = (having.next(), set) {
            let words = row.words.join(" or ");
            let source = &run.unit.source;
            let message = match path == source {
                true => format!("{source} uses {words}: {}", row.why),
                false => format!("{source} reads {path}, which uses {words}: {}", row.why),
            };
            return Some(Unrecorded {
                message,
                remedy: row.remedy.clone(),
            });
        }
    }
    None
}

/// What was worked on is a source to whoever is told, and where nothing was found a source was looked for.
fn role(seen: &Seen) -> Role {
    match (&seen.observation, seen.role) {
        (Observation::File { .. }, Role::Link) => Role::Source,
        (_, Role::Link) => Role::Resolution,
        (_, other) => other,
    }
}
