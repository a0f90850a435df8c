//! The environment of a command that no rule knows: all of it is given, and nearly all of it counts.

use crate::explain::Reason;
use crate::observe::told;

/// Variables that say nothing about a link, each with the reason. They are given to the command all the same.
const IGNORED: &[(&str, &str)] = &[
    ("_", "the program that the shell ran last"),
    ("SHLVL", "how many shells are around this one"),
    ("OLDPWD", "where the shell was before"),
    ("MAKELEVEL", "how many makes are around this one"),
    ("MAKE_TERMOUT", "the terminal of make"),
    ("MAKE_TERMERR", "the terminal of make"),
    ("NINJA_STATUS", "how ninja shows progress"),
    ("CARGO_MAKEFLAGS", "the job server of cargo"),
    ("NUM_JOBS", "how many jobs cargo runs"),
    ("COLUMNS", "the size of the terminal"),
    ("LINES", "the size of the terminal"),
    ("WINDOWID", "the window of the terminal"),
    ("TERM_SESSION_ID", "the session of the terminal"),
    ("ITERM_SESSION_ID", "the session of the terminal"),
    ("WT_SESSION", "the session of the terminal"),
    ("WEZTERM_PANE", "the part of the terminal"),
    ("KITTY_WINDOW_ID", "the window of the terminal"),
    ("KITTY_PID", "the process of the terminal"),
    ("ALACRITTY_WINDOW_ID", "the window of the terminal"),
    ("GNOME_TERMINAL_SCREEN", "the screen of the terminal"),
    ("KONSOLE_DBUS_SESSION", "the session of the terminal"),
    ("KONSOLE_DBUS_WINDOW", "the window of the terminal"),
    ("TMUX", "the session of the terminal"),
    ("TMUX_PANE", "the part of the terminal"),
    ("STY", "the session of the terminal"),
    ("GPG_TTY", "the terminal"),
    ("SSH_CLIENT", "who is logged in from where"),
    ("SSH_CONNECTION", "who is logged in from where"),
    ("SSH_TTY", "the terminal"),
    ("SSH_AUTH_SOCK", "the agent of the session"),
    ("SSH_AGENT_PID", "the agent of the session"),
    ("DBUS_SESSION_BUS_ADDRESS", "the bus of the session"),
    ("SESSION_MANAGER", "the manager of the session"),
    ("XDG_SESSION_ID", "the number of the session"),
    ("XDG_VTNR", "the terminal of the session"),
    ("INVOCATION_ID", "the run of the service"),
    ("JOURNAL_STREAM", "where the service logs to"),
    ("SYSTEMD_EXEC_PID", "the process of the service"),
    ("KILN_LOG_JSON", "where Kiln logs to"),
    ("KILN_CACHE_DIR", "where Kiln keeps links"),
];

/// Variables that hold make's options: how many jobs run, and how they share the processors, says nothing about a link.
const MAKE: &[&str] = &["MAKEFLAGS", "MFLAGS"];

/// The variables that count, with what is recorded of their values.
pub fn counted(variables: &[(String, String)]) -> Vec<(String, String)> {
    variables
        .iter()
        .filter(|(name, _)| !IGNORED.iter().any(|(ignored, _)| ignored == name))
        .map(|(name, value)| {
            let value = if MAKE.contains(&name.as_str()) {
                without_jobs(value)
            } else {
                told(name, Some(value.clone())).unwrap_or_default()
            };
            (name.clone(), value)
        })
        // A make that was given no option of consequence is as good as none.
        .filter(|(name, value)| !(MAKE.contains(&name.as_str()) && value.is_empty()))
        .collect()
}

/// make's options without those about jobs: `-j4`, `-l`, `--jobserver-auth=3,4`, `--jobserver-fds=…`, and `-O`.
fn without_jobs(flags: &str) -> String {
    let about_jobs = |word: &str| {
        ["-j", "-l", "-O", "--jobserver", "--sync-mutex", "--output-sync", "--jobs", "--load-average"]
            .iter()
            .any(|option| word.starts_with(option))
            // `--` ends the options where variables follow; alone it says nothing.
            || word == "-"
    };
    let words: Vec<&str> = flags
        .split_whitespace()
        .filter(|word| !about_jobs(word))
        .collect();
    words.join(" ")
}

/// What differs between what was recorded and what is; both sorted by name.
pub fn differences(old: &[(String, String)], new: &[(String, String)]) -> Vec<Reason> {
    fn value(all: &[(String, String)], name: &str) -> Option<String> {
        let at = all.binary_search_by(|(known, _)| known.as_str().cmp(name));
        at.ok().map(|at| all[at].1.clone())
    }
    let changed = |name: &str| Reason::VariableChanged {
        name: name.to_owned(),
        old: value(old, name),
        new: value(new, name),
        note: String::new(),
    };
    let gone_or_other = old
        .iter()
        .filter(|(name, known)| value(new, name).as_ref() != Some(known));
    let appeared = new.iter().filter(|(name, _)| value(old, name).is_none());
    gone_or_other
        .chain(appeared)
        .map(|(name, _)| changed(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{counted, differences};

    fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut owned: Vec<(String, String)> = list
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        owned.sort();
        counted(&owned)
    }

    #[test]
    fn jobs_and_sessions_do_not_count() {
        let four = variables(&[
            ("MAKEFLAGS", " -j4 --jobserver-auth=fifo:/tmp/GMfifo12"),
            ("SHLVL", "2"),
            ("CC", "gcc"),
        ]);
        assert_eq!(four, variables(&[("CC", "gcc")]));
        let keep = variables(&[("MAKEFLAGS", "k -j4 -- CC=gcc"), ("CC", "gcc")]);
        assert_eq!(differences(&four, &keep).len(), 1);
        assert_ne!(
            keep,
            variables(&[("MAKEFLAGS", "k -j2 -- CC=cc"), ("CC", "gcc")])
        );
    }

    #[test]
    fn a_secret_counts_and_is_not_kept() {
        let old = variables(&[("API_TOKEN", "hunter2")]);
        assert!(!old[0].1.contains("hunter2"));
        assert_eq!(
            differences(&old, &variables(&[("API_TOKEN", "hunter3")])).len(),
            1
        );
        assert!(differences(&old, &variables(&[("API_TOKEN", "hunter2")])).is_empty());
    }

    #[test]
    fn unset_and_empty_differ() {
        let (unset, empty) = (variables(&[]), variables(&[("A", "")]));
        assert_eq!(differences(&unset, &empty).len(), 1);
        assert_eq!(differences(&empty, &unset).len(), 1);
    }
}
