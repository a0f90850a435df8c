//! Files that are no files: what `/proc`, `/sys` and `/dev` hold, and which of it says nothing that a link depends on.
//!
//! The list is short on purpose. What is not on it declines, and the message names the path.

use camino::Utf8Path;

/// What a path below `/proc`, `/sys` or `/dev` means for the result of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// It is an ordinary path.
    No,
    /// Reading or writing it can't change the result.
    Harmless,
    /// It may say something else the next time.
    Counts,
}

/// Paths that are harmless as such, each with the reason.
const HARMLESS: &[&str] = &[
    // Empty, and forgets what is written; zeroes.
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    // Makes names of temporary files and seeds of hash tables. A linker that put it into its output would be asked to by
    // an argument, and those are declined (`--build-id=uuid`).
    "/dev/urandom",
    "/dev/random",
    // Where messages go; whatever is written there is captured and shown again.
    "/dev/stdout",
    "/dev/stderr",
    "/dev/fd/1",
    "/dev/fd/2",
    "/proc/self/fd/1",
    "/proc/self/fd/2",
    // The terminal of the user, for messages. Its input is never a link's.
    "/dev/tty",
    // How much memory and how many processors there are: how many threads to use, how large a buffer. The same bytes were
    // seen with any number of threads from all linkers.
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/proc/stat",
    "/proc/loadavg",
    "/proc/filesystems",
    "/proc/mounts",
    "/proc/self/mounts",
    "/proc/self/mountinfo",
    "/proc/self/cgroup",
    "/proc/self/maps",
    "/proc/sys/kernel/cap_last_cap",
    "/proc/sys/kernel/ngroups_max",
    "/proc/sys/kernel/pid_max",
    "/proc/sys/kernel/threads-max",
    "/proc/self/stat",
    "/proc/self/statm",
    "/proc/self/status",
    "/proc/self/limits",
    "/proc/self/oom_score_adj",
    "/proc/self/comm",
    // The memory of the process itself: what its threads are called, where its stack is.
    "/proc/self/task",
    "/proc/self/auxv",
    "/proc/self/cmdline",
    "/proc/self/environ",
    // A way of finding oneself, and that program is recorded as run.
    "/proc/self/exe",
    "/proc/self/cwd",
    // Listed to close what was inherited.
    "/proc/self/fd",
    "/dev/fd",
    "/proc",
    "/sys",
    "/dev",
    "/proc/self",
];

/// Folders of which everything is harmless, each with the reason.
const HARMLESS_BELOW: &[&str] = &[
    // Processors, their caches and their nodes: threads and buffers, as above.
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/sys/fs/cgroup",
    "/sys/kernel/mm/transparent_hugepage",
    // Limits of the kernel that allocators ask for.
    "/proc/sys/vm",
    // Files that are open already: each was seen when it was opened.
    "/proc/self/fd",
    "/proc/self/task",
    "/proc/thread-self",
    // Terminals: as `/dev/tty`.
    "/dev/pts",
];

/// What `path` is. Processes are called by their number or `self`, which is the same to us.
pub fn classify(path: &Utf8Path) -> Special {
    // An ordinary file system in memory, which may well be where the objects are.
    if path.starts_with("/dev/shm") {
        return Special::No;
    }
    let Some(first) = ["/proc", "/sys", "/dev"]
        .iter()
        .find(|root| path.starts_with(root))
    else {
        return Special::No;
    };
    let path = if *first == "/proc" {
        as_self(path)
    } else {
        path.to_string()
    };
    let path = Utf8Path::new(&path);
    let harmless = HARMLESS.iter().any(|known| path == Utf8Path::new(known))
        || HARMLESS_BELOW.iter().any(|folder| path.starts_with(folder));
    // What a process was given on its standard input is nobody's business here: it is empty.
    let input = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].contains(&path.as_str());
    if harmless && !input {
        Special::Harmless
    } else {
        Special::Counts
    }
}

/// `/proc/123/maps` is `/proc/self/maps` of somebody in this run.
fn as_self(path: &Utf8Path) -> String {
    let rest = path.as_str().strip_prefix("/proc/").unwrap_or_default();
    let (head, tail) = rest.split_once('/').unwrap_or((rest, ""));
    if !head.is_empty() && head.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("/proc/self/{tail}")
            .trim_end_matches('/')
            .to_owned();
    }
    path.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Special, classify};

    #[test]
    fn what_says_nothing_is_told_from_what_counts() {
        let is = |path: &str| classify(path.into());
        for harmless in [
            "/dev/null",
            "/proc/self/maps",
            "/proc/4711/maps",
            "/proc/4711/task/4711/comm",
            "/sys/devices/system/cpu/online",
            "/proc/self/fd/2",
        ] {
            assert_eq!(is(harmless), Special::Harmless, "{harmless}");
        }
        for counts in [
            "/dev/sda",
            "/proc/uptime",
            "/proc/version",
            "/dev/stdin",
            "/proc/7/fd/0",
            "/sys/class/net",
        ] {
            assert_eq!(is(counts), Special::Counts, "{counts}");
        }
        assert_eq!(is("/proc/sys/kernel/random/uuid"), Special::Counts);
        assert_eq!(is("/dev/shm/main.o"), Special::No);
        assert_eq!(is("/processes/x"), Special::No);
        assert_eq!(is("dev/null"), Special::No);
    }
}
