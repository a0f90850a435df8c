//! A place for a program to be observed in, and words for what it was seen to do. It knows nothing of what a test is
//! about.

use camino::{Utf8Path, Utf8PathBuf};
use kiln::host::{Access, Command, Event, Host, NativeHost, Observed};

/// A scratch directory and a host for it.
pub struct Place {
    pub host: NativeHost,
    pub root: Utf8PathBuf,
    _scratch: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        let root = scratch.path().join("place");
        std::fs::create_dir(&root).expect("a directory");
        let root = Utf8PathBuf::try_from(root.canonicalize().expect("it is there")).expect("UTF-8");
        let host = NativeHost::open(&root, "a test".to_owned()).expect("a host");
        Self {
            host,
            root,
            _scratch: scratch,
        }
    }

    pub fn write(&self, path: &str, text: &str) {
        std::fs::write(self.root.join(path), text).expect("a file is written");
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.join(path)).expect("a file is read")
    }

    pub fn observe(&self, command: &Command) -> Observed {
        self.host
            .observe(command)
            .expect("programs can be observed here")
    }

    /// What a shell does, which must end well and be seen whole.
    pub fn shell(&self, script: &str) -> Observed {
        let observed = self.observe(&command("/bin/sh", &["-c", script]));
        let errors = String::from_utf8_lossy(&observed.output.stderr);
        assert_eq!(observed.output.status, Some(0), "{errors}");
        assert!(observed.gaps.is_empty(), "{:?}", observed.gaps);
        observed
    }

    /// Compiles a C program; `None`, said loudly, without a compiler.
    pub fn compile(&self, name: &str, text: &str, options: &[&str]) -> Option<Utf8PathBuf> {
        let source = format!("{name}.c");
        self.write(&source, text);
        let mut args = vec!["-o", name, &source];
        args.extend(options);
        let compiler = find("gcc")?;
        let output = self
            .host
            .run(&command(compiler.as_str(), &args))
            .expect("the compiler runs");
        assert_eq!(
            output.status,
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Some(self.root.join(name))
    }
}

pub fn command(program: &str, args: &[&str]) -> Command {
    Command {
        program: program.into(),
        called: None,
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        env: vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
    }
}

/// A tool of the system; `None`, said loudly, where it is absent.
pub fn find(tool: &str) -> Option<Utf8PathBuf> {
    let found = ["/usr/bin", "/bin"]
        .map(|folder| Utf8Path::new(folder).join(tool))
        .into_iter()
        .find(|path| path.exists());
    if found.is_none() {
        eprintln!("NOT TESTED: {tool} is not installed");
    }
    found
}

/// All that was done with a path, as words.
pub fn done(observed: &Observed, path: &str) -> Vec<String> {
    let word = |event: &Event| match &event.access {
        Access::Read(_) => "read".to_owned(),
        Access::Listed(_) => "listed".to_owned(),
        Access::Probed(Some(_)) => "found".to_owned(),
        Access::Probed(None) => "absent".to_owned(),
        Access::Link(Some(target)) => format!("link to {target}"),
        Access::Link(None) => "no link".to_owned(),
        Access::Denied(_) => "denied".to_owned(),
        Access::Executed(_) => "executed".to_owned(),
        Access::Loaded(_) => "loaded".to_owned(),
        Access::Mapped(_) => "mapped".to_owned(),
        Access::Written { before, kept } => match (before, kept) {
            (None, _) => "created".to_owned(),
            (Some(_), true) => "changed".to_owned(),
            (Some(_), false) => "replaced".to_owned(),
        },
        Access::Made => "made".to_owned(),
        Access::Removed => "removed".to_owned(),
        Access::Renamed { to } => format!("renamed to {to}"),
    };
    let events = observed.events.iter().filter(|event| event.path == path);
    let mut words: Vec<String> = events.map(word).collect();
    words.dedup();
    words
}

/// The test that is running, as a program that runs just this part of it.
pub fn part(name: &str, place: &Place) -> Command {
    let program = std::env::current_exe().expect("the test is a program");
    let program = program.to_str().expect("its path is UTF-8");
    let mut command = command(program, &["--exact", name, "--nocapture"]);
    command
        .env
        .push(("KILN_TEST_PART".to_owned(), place.root.to_string()));
    command
}

/// Where this process is to do a part of a test.
pub fn place_of_part() -> Option<NativeHost> {
    let root = std::env::var("KILN_TEST_PART").ok()?;
    Some(NativeHost::open(root.as_str().into(), "a part of a test".to_owned()).expect("a host"))
}
