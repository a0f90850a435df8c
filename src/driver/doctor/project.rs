//! How the state of the project around the current directory is, and what its file system can do.

use super::files::{Files, files};
use super::text::wrapped;
use crate::driver::messages::line;
use crate::engine::{Engine, Health};
use crate::explain::Notice;
use crate::explain::text::{count, number};
use crate::host::Host;
use camino::Utf8PathBuf;
use serde::Serialize;

/// See the module.
pub struct Project {
    pub health: Option<Health>,
    /// `Err`: why nothing could be tried.
    pub files: Option<Result<Files, String>>,
}

impl Project {
    pub fn look(engine: &Engine, host: &dyn Host) -> Self {
        let health = engine.health();
        let tried =
            |health: &Health| files(host, &health.folder).map_err(|error| error.to_string());
        Self {
            files: health.as_ref().map(tried),
            health,
        }
    }

    pub fn text(&self, text: &mut String) {
        text.push_str("\nCache\n");
        let Some(health) = &self.health else {
            text.push_str("  none here yet: nothing was built\n");
            return;
        };
        let parts = health
            .parts
            .iter()
            .map(|(part, size)| format!("{part} {}", bytes(*size)));
        let parts: Vec<String> = parts.collect();
        wrapped(&format!("{}: {}", health.folder, parts.join(", ")), 2, text);
        wrapped(
            &format!(
                "{} stored and sound; {} remembered; trimmed beyond {}",
                count(health.sound, "result"),
                count(health.builds, "build"),
                bytes(health.limit)
            ),
            2,
            text,
        );
        for damage in &health.damage {
            wrapped(
                &format!("damaged: {damage}; the next build makes it anew"),
                2,
                text,
            );
        }
        for Notice {
            message, remedy, ..
        } in &health.declined
        {
            let remedy = remedy.as_deref().unwrap_or_default();
            wrapped(&format!("the last build: {message}; {remedy}"), 2, text);
        }
        text.push_str("\nFile system\n");
        match &self.files {
            Some(Ok(files)) => {
                let step = match files.granularity {
                    Some(step) => format!("stamps advance by {}", span(step)),
                    None => "stamps did not advance within 100 ms".to_owned(),
                };
                let case = if files.folds_case {
                    "; names that differ by case alone are one"
                } else {
                    ""
                };
                let behind = span(files.behind.abs());
                wrapped(
                    &format!(
                        "{}: {step}, and are {behind} from the clock{case}",
                        files.folder
                    ),
                    2,
                    text,
                );
                for (what, so) in files.concerns() {
                    wrapped(&format!("{what}: {so}"), 2, text);
                }
            }
            Some(Err(why)) => wrapped(
                &format!(
                    "nothing can be written in {}: {why}; builds store nothing until it can",
                    health.folder
                ),
                2,
                text,
            ),
            None => {}
        }
    }

    pub fn json(&self) -> String {
        let mut out = String::new();
        if let Some(health) = &self.health {
            out.push_str(&line(&CacheMessage {
                reason: "doctor-cache",
                folder: &health.folder,
                parts: health.parts.iter().copied().collect(),
                limit: health.limit,
                sound: health.sound,
                damage: &health.damage,
                builds: health.builds,
                declined: &health.declined,
            }));
        }
        if let Some(Ok(files)) = &self.files {
            out.push_str(&line(&FilesMessage {
                reason: "doctor-files",
                folder: &files.folder,
                granularity_nanoseconds: files.granularity,
                behind_nanoseconds: files.behind,
                links: files.links,
                folds_case: files.folds_case,
                locks: files.locks,
                concerns: files.concerns(),
            }));
        }
        out
    }
}

#[derive(Serialize)]
struct CacheMessage<'h> {
    reason: &'static str,
    folder: &'h Utf8PathBuf,
    /// In bytes.
    parts: std::collections::BTreeMap<&'static str, u64>,
    limit: u64,
    sound: usize,
    damage: &'h [String],
    builds: usize,
    declined: &'h [Notice],
}

#[derive(Serialize)]
struct FilesMessage<'h> {
    reason: &'static str,
    folder: &'h Utf8PathBuf,
    granularity_nanoseconds: Option<i64>,
    behind_nanoseconds: i64,
    links: bool,
    folds_case: bool,
    locks: bool,
    /// Each with what comes of it.
    concerns: Vec<(String, String)>,
}

/// `17.2 MiB`.
fn bytes(size: u64) -> String {
    let (unit, name) = match size {
        0..1_024 => return format!("{} bytes", number(size)),
        1_024..1_048_576 => (1_024, "KiB"),
        1_048_576..1_073_741_824 => (1_048_576, "MiB"),
        _ => (1_073_741_824, "GiB"),
    };
    let tenths = size.saturating_mul(10) / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

fn span(nanoseconds: i64) -> String {
    if nanoseconds < 1_000_000 {
        return format!("{} µs", nanoseconds / 1_000);
    }
    crate::explain::text::duration(std::time::Duration::from_nanos(nanoseconds.unsigned_abs()))
}
