//! Whether anybody can still be under the filter: looked for among all processes, where the listener does not say.
//!
//! Before Linux 6.11 a process that has ended keeps its filter until it is waited for, and in many containers nobody waits
//! for one whose parent has ended. It does not know which processes were observed.

/// What the system says of one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    ended: bool,
    filters: u32,
}

/// Whether some process that has not ended has more filters than this one: the observed have one more.
pub(super) fn anyone() -> bool {
    let Some(own) = process("/proc/thread-self/status") else {
        return true;
    };
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return true;
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|number| process(&format!("/proc/{number}/status")))
        .any(|process| !process.ended && process.filters > own.filters)
}

fn process(path: &str) -> Option<Process> {
    parse(&std::fs::read_to_string(path).ok()?)
}

/// Kernels that do not count filters say whether there are any.
fn parse(status: &str) -> Option<Process> {
    let value = |name: &str| {
        let mut lines = status.lines();
        lines.find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()))
    };
    let count = || value("Seccomp_filters")?.parse().ok();
    Some(Process {
        ended: value("State")?.starts_with(['Z', 'X']),
        filters: count().unwrap_or_else(|| u32::from(value("Seccomp") == Some("2"))),
    })
}

#[cfg(test)]
mod tests {
    use super::{Process, parse};

    #[test]
    fn a_process_is_told_by_its_status() {
        let process = |ended, filters| Some(Process { ended, filters });
        assert_eq!(
            parse("Name:\tld\nState:\tS (sleeping)\nSeccomp:\t2\nSeccomp_filters:\t3\n"),
            process(false, 3)
        );
        assert_eq!(parse("State:\tZ (zombie)\nSeccomp:\t2\n"), process(true, 1));
        assert_eq!(
            parse("State:\tR (running)\nSeccomp:\t0\n"),
            process(false, 0)
        );
        assert_eq!(parse(""), None);
    }
}
