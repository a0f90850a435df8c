//! One sentence for each reason and each cause, without a full stop. Each is pinned by a test.

use super::SUBJECTS;
use super::layout::{list, number};
use crate::explain::{Cause, FileFacts, Query, Ran, Reason};
use crate::host::Kind;
use crate::observe::{Attributes, Role};
use camino::Utf8Path;
use std::fmt::Display;

/// Characters of a value that are shown.
const VALUE: usize = 60;

/// Why a recorded build is stale.
pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::FirstBuild => "no such build is recorded yet".to_owned(),
        Reason::CacheDisabled => "--no-cache: recorded results are not used".to_owned(),
        Reason::ProofUnusable { path, problem } => {
            format!("the record {path} cannot be used: {problem}")
        }
        Reason::Changed {
            role,
            path,
            old,
            new,
            note,
            ..
        } => {
            format!(
                "{path} changed ({}{})",
                facts(old, new),
                part("; ", what_for(*role, note))
            )
        }
        Reason::Appeared { role, path, note } => {
            format!("{path} appeared{}", bracketed(what_for(*role, note)))
        }
        Reason::Disappeared { role, path, note } => {
            format!("{path} is gone{}", bracketed(what_for(*role, note)))
        }
        Reason::KindChanged {
            role,
            path,
            old,
            new,
            note,
        } => {
            format!(
                "{path} was {}, is {}{}",
                kind(*old),
                kind(*new),
                bracketed(what_for(*role, note))
            )
        }
        Reason::ListingChanged { role, path, note } => {
            format!(
                "names were added to or removed from {path}{}",
                bracketed(what_for(*role, note))
            )
        }
        Reason::AttributesChanged {
            role,
            path,
            old,
            new,
            note,
        } => {
            format!(
                "{path} looks different ({}{})",
                looks(old, new),
                part("; ", what_for(*role, note))
            )
        }
        Reason::LinkRetargeted {
            role,
            path,
            old,
            new,
            note,
        } => {
            format!(
                "the link {path} pointed to {}, points to {}{}",
                pointed(old.as_deref()),
                pointed(new.as_deref()),
                bracketed(what_for(*role, note))
            )
        }
        Reason::Moved { old, new, note } => {
            format!("the project was in {old}, is in {new}{}", bracketed(note))
        }
        Reason::Permitted { role, path, note } => {
            format!(
                "{path} could not be read, and now it can, or it is gone{}",
                bracketed(what_for(*role, note))
            )
        }
        Reason::Unreadable { role, path, error } => format!(
            "{path} cannot be read any more: {error}{}",
            bracketed(what_for(*role, ""))
        ),
        Reason::VariableChanged {
            name,
            old,
            new,
            note,
        } => {
            format!(
                "{name} was {}, is {}{}",
                value(old.as_deref()),
                value(new.as_deref()),
                bracketed(note)
            )
        }
        Reason::ToolMoved {
            name,
            old,
            new,
            note,
        } => {
            format!(
                "`{name}` was {}, is {}{}",
                found(old.as_deref()),
                found(new.as_deref()),
                bracketed(note)
            )
        }
        Reason::EngineChanged { old, new } => format!("kiln itself is another ({old} → {new})"),
        Reason::OutputMissing { path } => format!("the output {path} is gone"),
        Reason::OutputChanged { path, old, new } => {
            format!("the output {path} was changed ({})", facts(old, new))
        }
        Reason::LinkDeclined { message } => {
            format!("the last link was not recorded: {message}")
        }
        Reason::UnitDeclined { message } => {
            format!("the last compilation was not recorded: {message}")
        }
        Reason::ChangedWhileBuilding { path } => {
            format!("{path} was changed while the last build ran, so that build was not recorded")
        }
    }
}

/// Why one query ran. What it says of the query's own module does not name it: the line has its name already, or many.
pub fn cause(cause: &Cause, ran: &Ran) -> String {
    match cause {
        Cause::New => match ran.query {
            Query::Executable => "no link of these objects recorded".to_owned(),
            Query::Object => "no object recorded for these options".to_owned(),
            _ => "nothing recorded yet".to_owned(),
        },
        Cause::Imported { by } => format!("new here, imported by {by}"),
        Cause::Engine => "kiln itself is another".to_owned(),
        Cause::Options { old, new } => format!("options changed: {old} → {new}"),
        Cause::Text { path } if *path == ran.subject => match ran.query {
            Query::Action | Query::Parse => "text changed".to_owned(),
            Query::Lower => "syntax changed".to_owned(),
            Query::Object | Query::Executable => "meaning changed".to_owned(),
        },
        Cause::Text { path } => format!("{path} changed"),
        Cause::Item {
            module,
            name,
            old: None,
            ..
        } => format!("{module} now exports `{name}`"),
        Cause::Item {
            module,
            name,
            new: None,
            ..
        } => format!("{module} no longer exports `{name}`"),
        Cause::Item {
            module,
            name,
            old: Some(old),
            new: Some(new),
        } => {
            format!(
                "`{name}` of {module} changed: {} → {}",
                shortened(old),
                shortened(new)
            )
        }
        Cause::Resolution {
            importer,
            specifier,
            old,
            new,
        } => {
            let by = if *importer == ran.subject {
                String::new()
            } else {
                format!(" in {importer}")
            };
            format!(
                "import \"{specifier}\"{by} was {}, is {}",
                found(old.as_deref()),
                found(new.as_deref())
            )
        }
        Cause::Names { module } => format!("the set of names that {module} exports changed"),
        Cause::BlobLost { what } => format!("lost or damaged in the store: {what}"),
        Cause::Objects { paths } => {
            let has = if paths.len() == 1 {
                "object is new or has"
            } else {
                "objects are new or have"
            };
            format!(
                "{} {has} other bytes: {}",
                number(paths.len()),
                list(paths.iter().map(|path| path.as_str()), SUBJECTS)
            )
        }
        Cause::LinkInput { path, change } | Cause::Read { path, change } => {
            format!("{path} {change}")
        }
        Cause::Command { .. } => {
            "its command is another: flags, macros, folders of headers, or its rule".to_owned()
        }
        Cause::Library {
            name,
            place,
            old,
            new,
        } => {
            let words = |words: &Option<String>| match words.as_deref() {
                None => "not linked".to_owned(),
                Some("") => "nothing".to_owned(),
                Some(words) => format!("`{}`", shortened(words)),
            };
            format!(
                "library {name} was {}, is {} ({place})",
                words(old),
                words(new)
            )
        }
        Cause::LinkDeclined { message } => format!("the last link was not recorded: {message}"),
        Cause::LinkPlan { what } => format!("how to link changed: {what}"),
    }
}

fn facts(old: &FileFacts, new: &FileFacts) -> String {
    if old.size == new.size {
        format!(
            "{} bytes, digest {} → {}",
            number(old.size),
            old.digest.short(),
            new.digest.short()
        )
    } else {
        format!("{} → {} bytes", number(old.size), number(new.size))
    }
}

/// The first difference that a person would look for.
fn looks(old: &Attributes, new: &Attributes) -> String {
    if old.kind != new.kind {
        format!("was {}, is {}", kind(old.kind), kind(new.kind))
    } else if old.mode != new.mode {
        format!("permissions {:o} → {:o}", old.mode, new.mode)
    } else if old.size != new.size {
        format!("{} → {} bytes", number(old.size), number(new.size))
    } else {
        "another time of change".to_owned()
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::File => "a file",
        Kind::Directory => "a directory",
        Kind::Other => "a device, socket or pipe",
    }
}

/// What a path is to the build: the note, or else the role where the path does not say it.
fn what_for(role: Role, note: &str) -> &str {
    match role {
        _ if !note.is_empty() => note,
        Role::Source | Role::Configuration | Role::Environment | Role::Output => "",
        Role::Resolution => "looked up for an import",
        Role::Program => "part of kiln",
        Role::Tool => "a tool of the build",
        Role::Link => "used by the link",
        Role::Action => "used by an action",
    }
}

fn part(separator: &str, text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{separator}{text}")
    }
}

fn bracketed(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(" ({text})")
    }
}

/// Unset differs from empty.
fn value(value: Option<&str>) -> String {
    value.map_or_else(
        || "unset".to_owned(),
        |value| format!("{:?}", shortened(value)),
    )
}

fn pointed(target: Option<&Utf8Path>) -> String {
    target.map_or_else(|| "nothing".to_owned(), |path| path.to_string())
}

fn found(path: Option<impl Display>) -> String {
    path.map_or_else(|| "not found".to_owned(), |path| path.to_string())
}

/// The beginning of a long value, in one line.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= VALUE {
        return line;
    }
    let kept: String = line.chars().take(VALUE - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests;
