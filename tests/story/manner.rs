//! How a command of a story is run: the words before it. Knows nothing of what the command is.

use std::ffi::OsStr;
use std::process::Command;

/// Mounts its first argument on its second, and becomes the rest.
const MOUNTED: &str = r#"mount --bind "$1" "$2" && shift 2 && exec "$@""#;

#[derive(Clone, Default)]
pub struct Manner {
    /// What is set besides what all commands get.
    pub variables: Vec<(String, String)>,
    /// A command that becomes the command that is appended.
    through: Vec<String>,
}

/// A command to become another user with; empty if there is nothing to give up.
pub fn as_nobody() -> &'static [&'static str] {
    if rustix::process::geteuid().is_root() {
        &[
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
        ]
    } else {
        &[]
    }
}

impl Manner {
    /// What a word before a command means, and the command; `None` if it is the command.
    pub fn with<'w>(
        &self,
        name: &str,
        rest: &'w [String],
    ) -> Result<Option<(Self, &'w [String])>, String> {
        let mut manner = self.clone();
        match (name, rest) {
            ("quietly", rest) => Ok(Some((manner, rest))),
            ("env", rest) => {
                let variables = rest.iter().map_while(|word| word.split_once('='));
                let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
                let known = manner.variables.len();
                manner.variables.extend(variables);
                let given = manner.variables.len() - known;
                Ok(Some((manner, &rest[given..])))
            }
            ("as-nobody", rest) => {
                let words = as_nobody().iter().map(|word| (*word).to_owned());
                manner.through.extend(words);
                Ok(Some((manner, rest)))
            }
            ("mounted", [source, target, rest @ ..]) => {
                let words = ["unshare", "-m", "sh", "-c", MOUNTED, "sh", source, target];
                manner.through.extend(words.map(str::to_owned));
                Ok(Some((manner, rest)))
            }
            ("mounted", _) => Err("mounted SOURCE TARGET kiln …".to_owned()),
            _ => Ok(None),
        }
    }

    /// The program, run in this manner.
    pub fn command(&self, program: &OsStr) -> Command {
        let mut command = match self.through.split_first() {
            None => Command::new(program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}
