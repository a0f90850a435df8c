//! `KILN_LOG_JSON`: one JSON object for each call of `kiln link`, appended in one write.

use crate::explain::{Reason, text};
use crate::host::Host;
use crate::launch::{Kept, Launched};
use crate::link::Decline;
use crate::link::identity::Doubt;
use camino::Utf8PathBuf;
use serde_json::{Map, Value, json};
use std::ffi::OsString;

/// The call that is going on.
pub struct LogLine {
    file: Option<Utf8PathBuf>,
    /// Nanoseconds since 1970.
    began: i64,
}

impl LogLine {
    pub fn begin(host: &dyn Host) -> Self {
        let file = host.variable("KILN_LOG_JSON");
        Self {
            file: file.filter(|file| !file.is_empty()).map(Utf8PathBuf::from),
            began: host.now(),
        }
    }

    /// Writes the line, if anybody wants one. That it can't be written is no reason for a link to fail.
    pub fn end(self, host: &dyn Host, command: &[OsString], launched: &Launched) {
        let Some(file) = self.file else { return };
        let words: Vec<String> = command
            .iter()
            .map(|word| word.display().to_string())
            .collect();
        let nanoseconds = host.now() - self.began;
        let mut line = Map::new();
        line.insert("schema_version".to_owned(), json!(1));
        line.insert("time".to_owned(), json!(self.began / 1_000_000));
        line.insert("milliseconds".to_owned(), json!(nanoseconds / 1_000_000));
        line.insert("command".to_owned(), json!(words));
        for (name, value) in facts(launched) {
            line.insert(name.to_owned(), value);
        }
        let mut text = Value::Object(line).to_string();
        text.push('\n');
        let _ = host.append(&file, text.as_bytes());
    }
}

fn facts(launched: &Launched) -> Vec<(&'static str, Value)> {
    match launched {
        Launched::Current(current) => {
            let mut facts = vec![
                ("outcome", json!("current")),
                ("way", json!("observed")),
                ("key", json!(current.key.to_string())),
                ("outputs", json!(current.outputs)),
                ("restored", json!(current.restored)),
                ("why", reasons(&current.why)),
                ("observations", json!(current.observations)),
                ("exit", json!(0)),
            ];
            facts.extend(all_variables(current.doubt.as_ref()));
            facts
        }
        Launched::Ran(ran) => {
            let mut facts = vec![
                ("way", json!("observed")),
                ("key", json!(ran.key.to_string())),
                ("outputs", json!(ran.outputs)),
                ("why", reasons(&ran.why)),
                ("observations", json!(ran.observations)),
                ("exit", json!(ran.status)),
                ("recorded", json!(matches!(ran.kept, Kept::Recorded))),
            ];
            facts.extend(all_variables(ran.doubt.as_ref()));
            let outcome = match &ran.kept {
                Kept::Declined(decline) => {
                    facts.push(("reason", declined(decline)));
                    "declined"
                }
                Kept::Changed(changed) => {
                    facts.push(("not_recorded", reasons(changed)));
                    "linked"
                }
                Kept::Unwritable(error) => {
                    facts.push((
                        "problem",
                        json!(format!("the cache can't be written: {error}")),
                    ));
                    "linked"
                }
                Kept::Recorded | Kept::Failed => "linked",
            };
            facts.push(("outcome", json!(outcome)));
            facts
        }
        Launched::Declined(decline) => vec![
            ("outcome", json!("declined")),
            ("reason", declined(decline)),
        ],
        Launched::NotStarted(error) => vec![
            ("outcome", json!("declined")),
            (
                "problem",
                json!(format!("the command can't be started: {error}")),
            ),
        ],
    }
}

/// Why all variables count.
fn all_variables(doubt: Option<&Doubt>) -> Option<(&'static str, Value)> {
    Some(("all_variables", json!(doubt?.to_string())))
}

/// Each as data, with its sentence.
fn reasons(reasons: &[Reason]) -> Value {
    let with_sentence = |reason: &Reason| {
        let mut value = json!(reason);
        if let Value::Object(fields) = &mut value {
            fields.insert("message".to_owned(), json!(text::reason(reason)));
        }
        value
    };
    reasons.iter().map(with_sentence).collect()
}

fn declined(decline: &Decline) -> Value {
    let mut value = json!(decline);
    if let Value::Object(fields) = &mut value {
        fields.insert("message".to_owned(), json!(decline.message()));
        fields.insert("remedy".to_owned(), json!(decline.remedy()));
    }
    value
}
