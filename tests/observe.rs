//! Programs are observed: what is seen is what `strace` sees, whatever the program does to be overlooked or to be in the
//! way.
// A test makes and looks at files as a user does, not through a `Host`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]

#[path = "observe/links.rs"]
mod links;
#[path = "observe/place.rs"]
mod place;
#[path = "observe/strace.rs"]
mod strace;

use kiln::host::{Access, Host, Kind};
use place::{Place, command, done, find, part, place_of_part};
use std::io;
use std::time::Duration;

#[test]
fn children_are_seen() {
    let place = Place::new();
    place.write("a", "2\n1\n");
    std::fs::create_dir(place.root.join("folder")).expect("a directory");
    let observed = place.shell(
        "sort a | cat > b; (ls folder; echo more >> b); echo again > b; mv b c; rm c; mkdir d",
    );
    assert!(done(&observed, "a").contains(&"read".to_owned()));
    assert_eq!(
        done(&observed, "folder").last().map(String::as_str),
        Some("listed")
    );
    let b = done(&observed, "b");
    for word in ["created", "changed", "replaced", "renamed to c"] {
        assert!(b.iter().any(|done| done == word), "{word} in {b:?}");
    }
    assert_eq!(
        done(&observed, "c").last().map(String::as_str),
        Some("removed")
    );
    assert_eq!(
        done(&observed, "d").last().map(String::as_str),
        Some("made")
    );
    assert!(done(&observed, "/usr/bin/sort").contains(&"executed".to_owned()));
    assert!(done(&observed, "/bin/sh").contains(&"executed".to_owned()));
}

#[test]
fn the_kinds_of_absence_differ() {
    let place = Place::new();
    place.write("file", "");
    std::os::unix::fs::symlink("file", place.root.join("link")).expect("a link");
    std::os::unix::fs::symlink("nowhere", place.root.join("dangling")).expect("a link");
    let observed = place.shell(
        "test -e absent; test -e file/below; test -e missing/below; test -e dangling; test -h link; test -h file; readlink link; exit 0",
    );
    for absent in ["absent", "file/below", "missing/below", "dangling"] {
        assert_eq!(done(&observed, absent), ["absent"], "{absent}");
    }
    assert_eq!(done(&observed, "link"), ["link to file"]);
    assert_eq!(done(&observed, "file"), ["no link", "found"]);
}

#[test]
fn a_script_is_run_by_what_it_names() {
    let place = Place::new();
    place.write("inner", "#!/bin/sh\ncat \"$1\"\n");
    place.write("outer", &format!("#! {}/inner\n", place.root));
    place.shell("chmod +x inner outer");
    let observed = place.shell("./outer");
    let inner = place.root.join("inner");
    assert!(done(&observed, "./outer").contains(&"executed".to_owned()));
    assert!(done(&observed, inner.as_str()).contains(&"executed".to_owned()));
    let loader = observed.events.iter().any(|event| {
        event.path.as_str().contains("/ld-") && matches!(event.access, Access::Loaded(_))
    });
    assert!(loader, "the loader of the shell is opened by the system");
}

#[test]
fn directories_are_followed() {
    let place = Place::new();
    std::fs::create_dir_all(place.root.join("one/two")).expect("directories");
    place.write("one/a", "");
    place.write("one/two/b", "");
    let observed =
        place.shell("cat one/a; cd one; cat a; (cd two; cat b; cat ../a); cd ..; cat one/a");
    let path = |path: &str| place.root.join(path).into_string();
    assert_eq!(done(&observed, &path("one/a")), ["read"]);
    assert_eq!(done(&observed, &path("one/two/b")), ["read"]);
    assert_eq!(done(&observed, &path("one/two/../a")), ["read"]);
    assert_eq!(
        done(&observed, "one/a"),
        ["read"],
        "also after the way back"
    );
    assert!(done(&observed, "a").is_empty() && done(&observed, "b").is_empty());
}

#[test]
fn code_is_seen_to_be_loaded_and_data_is_not() {
    let place = Place::new();
    let Some(_) = place.compile("library.so", "int one = 1;", &["-shared", "-fPIC"]) else {
        return;
    };
    let text =
        "#include <dlfcn.h>\nint main(void) { return !dlopen(\"./library.so\", RTLD_NOW); }\n";
    place.compile("loads", text, &[]).expect("a compiler");
    let observed = place.shell("./loads");
    let mapped = |name: &str| {
        let mut events = observed.events.iter();
        events.any(|event| {
            let file = event.path.file_name().unwrap_or_default();
            matches!(event.access, Access::Mapped(_)) && file.starts_with(name)
        })
    };
    assert!(mapped("library.so") && mapped("libc"));
    let observed = place.shell("cat library.so > copy");
    assert_eq!(done(&observed, "library.so"), ["read"]);
    let path = place.root.join("library.so");
    assert!(done(&observed, path.as_str()).is_empty());
}

const CALLS: &str = r#"
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
int main(void) {
  struct stat found;
  int directory = open("folder", O_RDONLY | O_DIRECTORY);
  int file = openat(directory, "file", O_RDONLY);
  fstat(file, &found);
  fstatat(directory, "absent", &found, 0);
  open("exclusive", O_CREAT | O_EXCL | O_WRONLY, 0600);
  open("exclusive", O_CREAT | O_EXCL | O_WRONLY, 0600);
  open("missing/file", O_CREAT | O_WRONLY, 0600);
  open("only-a-path", O_PATH);
  open((char *)8, O_RDONLY);
  int channel = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un name = { AF_UNIX, "nobody-listens" };
  connect(channel, (struct sockaddr *)&name, sizeof name);
  char parameters[120] = { 0 };
  long ring = syscall(SYS_io_uring_setup, 1, parameters);
  printf("%d", ring < 0 && errno == ENOSYS);
  return 0;
}
"#;

#[test]
fn a_static_program_is_seen() {
    let place = Place::new();
    std::fs::create_dir(place.root.join("folder")).expect("a directory");
    place.write("folder/file", "");
    place.write("only-a-path", "");
    let Some(program) = place.compile("calls", CALLS, &["-static"]) else {
        return;
    };
    let observed = place.observe(&command(program.as_str(), &[]));
    assert!(observed.gaps.is_empty(), "{:?}", observed.gaps);
    let within = |path: &str| place.root.join("folder").join(path).into_string();
    assert_eq!(done(&observed, "folder"), ["listed"]);
    assert_eq!(done(&observed, &within("file")), ["read"]);
    assert_eq!(done(&observed, &within("absent")), ["absent"]);
    assert_eq!(done(&observed, "exclusive"), ["created", "found"]);
    assert_eq!(done(&observed, "missing/file"), ["absent"]);
    assert_eq!(done(&observed, "only-a-path"), ["found"]);
    assert_eq!(done(&observed, "nobody-listens"), ["absent"]);
    assert_eq!(
        observed.output.stdout, b"1",
        "a way around the observer is closed"
    );
}

const ESCAPES: &str = r#"
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
int main(void) {
  socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_un name = { AF_UNIX, "talk" };
  int listening = socket(AF_UNIX, SOCK_STREAM, 0), channel = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(listening, (struct sockaddr *)&name, sizeof name);
  listen(listening, 1);
  connect(channel, (struct sockaddr *)&name, sizeof name);
  open("\xff\xfe", O_RDONLY);
#ifdef __x86_64__
  long answer = 20; /* getpid, as 32-bit programs ask */
  __asm__ volatile("int $0x80" : "+a"(answer));
#endif
  return 0;
}
"#;

#[test]
fn what_cannot_be_seen_is_said() {
    let place = Place::new();
    let Some(program) = place.compile("escapes", ESCAPES, &[]) else {
        return;
    };
    let observed = place.observe(&command(program.as_str(), &[]));
    assert_eq!(observed.output.status, Some(0));
    let gaps = observed.gaps.join("\n");
    for told in ["network", "through talk", "of openat is not UTF-8"] {
        assert!(gaps.contains(told), "{told} in {gaps}");
    }
    if cfg!(target_arch = "x86_64") {
        assert!(gaps.contains("another architecture"), "{gaps}");
    }
}

#[test]
fn a_killed_program_has_no_status() {
    let place = Place::new();
    place.write("a", "");
    let observed = place.observe(&command("/bin/sh", &["-c", "cat a; kill -9 $$"]));
    assert_eq!(observed.output.status, None);
    assert_eq!(done(&observed, "a"), ["read"]);
    assert!(observed.gaps.is_empty(), "{:?}", observed.gaps);
}

#[test]
fn floods_are_kept() {
    let place = Place::new();
    let observed = place.shell("head -c 10000000 /dev/zero >&2; head -c 10000000 /dev/zero & wait");
    assert_eq!(observed.output.stderr.len(), 10_000_000);
    assert_eq!(observed.output.stdout.len(), 10_000_000);
}

#[test]
fn what_cannot_be_run_fails_as_when_unobserved() {
    let place = Place::new();
    place.write("data", "no program");
    for program in [
        "absent".to_owned(),
        place.root.join("data").into_string(),
        "/".to_owned(),
    ] {
        let command = command(&program, &[]);
        let plain = place.host.run(&command).expect_err("it cannot be run");
        let observed = place.host.observe(&command).expect_err("it cannot be run");
        assert_eq!(observed.kind(), plain.kind(), "{program}: {observed}");
        assert_ne!(observed.kind(), io::ErrorKind::Unsupported);
    }
}

#[test]
fn two_observers_do_not_mix() {
    let place = Place::new();
    let names: Vec<String> = (0..8).map(|number| format!("file{number}")).collect();
    for name in &names {
        place.write(name, name);
    }
    let place = &place;
    std::thread::scope(|scope| {
        let runs: Vec<_> = names
            .iter()
            .map(|name| {
                (
                    name,
                    scope.spawn(move || {
                        place.shell(&format!("for i in 1 2 3; do cat {name}; done"))
                    }),
                )
            })
            .collect();
        for (name, run) in runs {
            let observed = run.join().expect("a program is observed");
            assert_eq!(
                String::from_utf8_lossy(&observed.output.stdout),
                name.repeat(3)
            );
            for other in &names {
                let expected: &[&str] = if other == name { &["read"] } else { &[] };
                assert_eq!(done(&observed, other), expected, "{other} by {name}");
            }
        }
    });
}

#[test]
fn a_daemon_is_a_gap_and_lives_on() {
    let place = Place::new();
    place.write("a", "alive");
    let script = "(sleep 2; cat a > b; mv b c) >/dev/null 2>&1 &";
    let observed = place.observe(&command("/bin/sh", &["-c", script]));
    assert_eq!(observed.output.status, Some(0));
    assert_eq!(observed.gaps.len(), 1, "{:?}", observed.gaps);
    for _ in 0..100 {
        if place.root.join("c").exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(place.read("c"), "alive");
}

#[test]
fn an_observed_program_cannot_observe() {
    let name = "an_observed_program_cannot_observe";
    if let Some(host) = place_of_part() {
        let error = host
            .observe(&command("/bin/sh", &["-c", "echo > ran"]))
            .expect_err("it cannot");
        assert_eq!(error.kind(), io::ErrorKind::Unsupported);
        return;
    }
    let place = Place::new();
    let observed = place.observe(&part(name, &place));
    assert_eq!(
        observed.output.status,
        Some(0),
        "{}",
        String::from_utf8_lossy(&observed.output.stderr)
    );
    assert!(String::from_utf8_lossy(&observed.output.stdout).contains("1 passed"));
    assert!(!place.root.join("ran").exists(), "nothing has run");
}

#[test]
fn nothing_hangs_when_the_observer_is_killed() {
    let name = "nothing_hangs_when_the_observer_is_killed";
    let script = "sh -c 'echo $$ > pid; while test -e go; do :; done'; true";
    if let Some(host) = place_of_part() {
        let _ = host.observe(&command("/bin/sh", &["-c", script]));
        return;
    }
    let place = Place::new();
    place.write("go", "");
    let part = part(name, &place);
    let mut observer = std::process::Command::new(&part.program)
        .args(&part.args)
        .envs(part.env.iter().map(|(name, value)| (name, value)))
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the test runs itself");
    let waited = || std::thread::sleep(Duration::from_millis(50));
    let pid = (0..200).find_map(|_| {
        waited();
        std::fs::read_to_string(place.root.join("pid"))
            .ok()?
            .trim()
            .parse::<u32>()
            .ok()
    });
    let pid = pid.expect("the observed program began");
    observer.kill().expect("it can be killed");
    observer.wait().expect("it ended");
    let process = format!("/proc/{pid}/stat");
    // Nobody may be there to bury it.
    let ended = || std::fs::read_to_string(&process).map_or(true, |stat| stat.contains(") Z "));
    let ended = (0..200).any(|_| {
        waited();
        ended()
    });
    std::fs::remove_file(place.root.join("go")).expect("it was there");
    assert!(ended, "a child of the observed program waits for ever");
}

#[test]
fn what_is_forbidden_is_denied() {
    let name = "what_is_forbidden_is_denied";
    if let Some(host) = place_of_part() {
        let script = "cat secret; cat closed/file; test -r secret; echo > secret; ./secret; exit 0";
        let observed = host.observe(&command("/bin/sh", &["-c", script]));
        let observed = observed.expect("programs can be observed here");
        assert_eq!(done(&observed, "secret"), ["denied"]);
        assert_eq!(done(&observed, "closed/file"), ["denied"]);
        assert_eq!(done(&observed, "./secret"), ["denied"]);
        return;
    }
    let place = Place::new();
    place.write("secret", "");
    std::fs::create_dir(place.root.join("closed")).expect("a directory");
    place.shell("chmod 0 secret closed; chmod 755 . ..");
    let mut part = part(name, &place);
    if rustix::process::geteuid().is_root() {
        // Nothing is forbidden to root.
        let Some(setpriv) = find("setpriv") else {
            return;
        };
        let program = place.root.join("part");
        std::fs::copy(&part.program, &program).expect("the test is copied to where all may run it");
        let nobody = [
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            program.as_str(),
        ];
        part.args.splice(0..0, nobody.map(str::to_owned));
        part.program = setpriv;
    }
    let output = place.host.run(&part).expect("the test runs itself");
    assert_eq!(
        output.status,
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[test]
fn modes_and_kinds_are_seen() {
    let place = Place::new();
    place.write("a", "");
    let observed = place.shell("chmod 640 a; cat /dev/null; cat < a");
    assert_eq!(
        done(&observed, "a").last().map(String::as_str),
        Some("read")
    );
    assert!(done(&observed, "a").contains(&"changed".to_owned()));
    let stamps: Vec<(Kind, u32)> = observed
        .events
        .iter()
        .filter_map(|event| match &event.access {
            Access::Read(stamp) if event.path == "a" || event.path == "/dev/null" => {
                Some((stamp.kind, stamp.mode))
            }
            _ => None,
        })
        .collect();
    assert_eq!(stamps, [(Kind::Other, 0o666), (Kind::File, 0o640)]);
}
