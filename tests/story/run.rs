//! Tells a story: writes its files and runs its commands in a folder of its own.
//!
//! Commands: `kiln …`, `./PROGRAM …`, `cc …`, `ar …`, `env NAME=VALUE … kiln …`, `parallel kiln … | kiln …` (at once),
//! `kill-during MS … kiln …` (killed after so many milliseconds, once for each number), `quietly …` (only the exit code is
//! told, and the account of a link), `as-nobody kiln …` (as a user without privileges), `mounted SOURCE TARGET kiln …` (where
//! SOURCE is seen at TARGET, in a mount namespace of its own), `cd`, `touch`, `rm`, `mkdir`, `mv`,
//! `cp`, `ln -s`, `chmod`, `cat`, `ls`, `append FILE TEXT`, `replace FILE OLD NEW`, `latin1 FILE TEXT`, `truncate FILE SIZE`, `flip FILE OFFSET` (a
//! negative offset counts from the end), `settle` (waits until stamps can be believed), `each CMD GLOB`; any other is a program.
//! `$DIR` is the folder of the story, `$PATH` the search path, `$CC` the link command that the story is told with. What
//! follows is stdout, stderr, the account of the build or link, and `? CODE` for any exit code but 0. Times are `[..]`.

use crate::log;
use crate::manner::Manner;
use crate::page::{Page, Part};
use crate::shape::{shape, without_digests, without_times};
use crate::truth::{Truth, World};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::time::Duration;

/// What came of a story.
pub struct Told {
    /// The last build ran nothing.
    pub ends_current: bool,
}

/// No process may be started while a program is being written, or the program might be found busy.
static STARTING: Mutex<()> = Mutex::new(());

struct Scene {
    /// The folder of the story.
    root: PathBuf,
    /// Where commands run: `project` at first.
    here: PathBuf,
    ends_current: bool,
    /// The link command that the story is told with.
    linker: String,
    truth: Truth,
}

/// Runs all of a page, and puts what was said into it.
pub fn tell(page: &mut Page, linker: &str) -> Result<Told, String> {
    let folder = tempfile::Builder::new()
        .prefix("kiln-story-")
        .tempdir()
        .map_err(|error| error.to_string())?;
    let root = folder
        .path()
        .canonicalize()
        .map_err(|error| error.to_string())?;
    let mut scene = Scene {
        here: root.join("project"),
        root,
        ends_current: false,
        linker: linker.to_owned(),
        truth: Truth::default(),
    };
    fs::create_dir(&scene.here).map_err(|error| error.to_string())?;
    for part in &mut page.parts {
        match part {
            Part::Prose(_) => {}
            Part::File { path, text, .. } => scene.write(path, text.as_bytes())?,
            Part::Command(exchange) => {
                let command = scene.expand(&exchange.command);
                let said = scene
                    .command(&Manner::default(), &words(&command)?)
                    .map_err(|problem| format!("$ {}: {problem}", exchange.command))?;
                exchange.output = said
                    .iter()
                    .map(|line| line.replace(&*scene.root.to_string_lossy(), "$DIR"))
                    .collect();
            }
        }
    }
    Ok(Told {
        ends_current: scene.ends_current,
    })
}

/// Splits a command line: spaces part words, quotes hold them together, `\n` in double quotes is a line break.
fn words(line: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote, mut begun) = (Vec::new(), String::new(), None, false);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', Some('"')) => match letters.next() {
                Some('n') => word.push('\n'),
                Some(other) => word.push(other),
                None => return Err("a backslash at the end".to_owned()),
            },
            (letter, Some(open)) if letter == open => quote = None,
            ('"' | '\'', None) => (quote, begun) = (Some(letter), true),
            (' ', None) if begun || !word.is_empty() => {
                words.push(std::mem::take(&mut word));
                begun = false;
            }
            (' ', None) => {}
            (other, _) => word.push(other),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    Ok(words)
}

impl Scene {
    fn expand(&self, command: &str) -> String {
        command
            .replace("$DIR", &self.root.to_string_lossy())
            .replace("$PATH", &std::env::var("PATH").unwrap_or_default())
            .replace("$CC", &self.linker)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.here.join(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), String> {
        let path = self.path(path);
        let _guard = STARTING.lock().map_err(|error| error.to_string())?;
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, bytes))
            .map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Runs a command in the manner that the words before it said.
    fn command(&mut self, manner: &Manner, words: &[String]) -> Result<Vec<String>, String> {
        let (name, arguments) = words.split_first().ok_or("an empty command")?;
        if let Some((manner, rest)) = manner.with(name, arguments)? {
            if name == "as-nobody" {
                fs::set_permissions(&self.root, fs::Permissions::from_mode(0o777))
                    .map_err(|error| error.to_string())?;
            }
            let said = self.command(&manner, rest)?;
            return Ok(said
                .into_iter()
                .filter(|line| name != "quietly" || log::is_account(line))
                .collect());
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match (name.as_str(), &arguments[..]) {
            ("kiln", arguments) => self.kiln(manner, arguments),
            ("parallel", arguments) => self.parallel(arguments),
            ("kill-during", arguments) => self.kill_during(arguments),
            (program, arguments) if program.starts_with("./") => {
                self.plain(manner.command(self.path(program).as_ref()).args(arguments))
            }
            (name, arguments) => match self.file_command(name, arguments)? {
                Some(said) => Ok(said),
                None => self.plain(manner.command(name.as_ref()).args(arguments)),
            },
        }
    }

    /// A command that needs no program; `None` if it is no such command.
    fn file_command(
        &mut self,
        name: &str,
        arguments: &[&str],
    ) -> Result<Option<Vec<String>>, String> {
        let read =
            |file: &str| fs::read(self.path(file)).map_err(|error| format!("{file}: {error}"));
        let failed = |error: std::io::Error| error.to_string();
        match (name, arguments) {
            ("cd", [folder]) => self.here = self.path(folder).canonicalize().map_err(failed)?,
            ("settle", []) => std::thread::sleep(Duration::from_millis(30)),
            ("touch", [file]) => self.write(file, &read(file).unwrap_or_default())?,
            ("mkdir", [folder]) => fs::create_dir_all(self.path(folder)).map_err(failed)?,
            ("rm", ["-r", folder]) => fs::remove_dir_all(self.path(folder)).map_err(failed)?,
            ("rm", [file]) => fs::remove_file(self.path(file)).map_err(failed)?,
            ("mv", [from, to]) => fs::rename(self.path(from), self.path(to)).map_err(failed)?,
            ("cp", [from, to]) => {
                let _guard = STARTING.lock().map_err(|error| error.to_string())?;
                fs::copy(self.path(from), self.path(to)).map_err(failed)?;
            }
            ("ln", ["-s", target, link]) => symlink(target, self.path(link)).map_err(failed)?,
            ("chmod", [mode, file]) => {
                let mode = u32::from_str_radix(mode, 8).map_err(|error| error.to_string())?;
                fs::set_permissions(self.path(file), fs::Permissions::from_mode(mode))
                    .map_err(failed)?;
            }
            ("cat", [file]) => {
                let text = read(file)?;
                let lines = String::from_utf8_lossy(&text);
                return Ok(Some(lines.lines().map(str::to_owned).collect()));
            }
            ("ls", [folder]) => return self.list(folder).map(Some),
            ("append", [file, text]) => {
                self.write(file, &[read(file)?, text.as_bytes().to_vec()].concat())?
            }
            ("replace", [file, old, new]) => {
                let text = String::from_utf8_lossy(&read(file)?).into_owned();
                if !text.contains(old) {
                    return Err(format!("{file} has no {old}"));
                }
                self.write(file, text.replace(old, new).as_bytes())?;
            }
            ("latin1", [file, text]) => {
                let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
                self.write(file, &bytes.map_err(|error| error.to_string())?)?;
            }
            ("truncate", [file, size]) => {
                let mut bytes = read(file)?;
                bytes.truncate(size.parse().map_err(|_| "truncate FILE SIZE")?);
                self.write(file, &bytes)?;
            }
            ("flip", [file, offset]) => {
                let mut bytes = read(file)?;
                let offset: isize = offset.parse().map_err(|_| "flip FILE OFFSET")?;
                let at = if offset < 0 {
                    bytes.len().checked_add_signed(offset)
                } else {
                    usize::try_from(offset).ok()
                };
                *at.and_then(|at| bytes.get_mut(at))
                    .ok_or("beyond the file")? ^= 0x10;
                self.write(file, &bytes)?;
            }
            // The names of some files are digests.
            ("each", [command, folder, rest @ ..]) => {
                for name in self.list(folder)? {
                    let file = format!("{folder}/{name}");
                    let arguments: Vec<&str> = std::iter::once(file.as_str())
                        .chain(rest.iter().copied())
                        .collect();
                    self.file_command(command, &arguments)?;
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(Vec::new()))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        let entries = fs::read_dir(self.path(folder)).map_err(|error| error.to_string())?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
            .collect();
        names.sort();
        Ok(names)
    }

    /// A `kiln` command with a bare environment, which tells what it did unless it is asked to tell otherwise.
    fn prepare(&self, manner: &Manner, arguments: &[&str]) -> Command {
        let mut arguments = arguments.to_vec();
        let builds = arguments
            .first()
            .is_some_and(|first| matches!(*first, "build" | "b" | "check" | "run"));
        let tells = arguments.iter().any(|word| {
            word.starts_with("--explain")
                || word.starts_with("--message-format")
                || word.starts_with("--help")
        });
        if builds && !tells {
            let at = arguments
                .iter()
                .position(|word| *word == "--")
                .unwrap_or(arguments.len());
            arguments.insert(at, "--explain=json");
        }
        let mut command = manner.command(env!("CARGO_BIN_EXE_kiln").as_ref());
        command
            .args(arguments)
            .current_dir(&self.here)
            .env_clear()
            .env("HOME", &self.root)
            .env("KILN_LOG_JSON", self.root.join("log"))
            .env("LANG", "C")
            .env("NO_COLOR", "1");
        command
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(manner.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    fn run(&self, command: &mut Command) -> Result<Output, String> {
        let child = {
            let _guard = STARTING.lock().map_err(|error| error.to_string())?;
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .current_dir(&self.here)
                .spawn()
        };
        child
            .and_then(std::process::Child::wait_with_output)
            .map_err(|error| error.to_string())
    }

    /// A program that may call `kiln` itself, by what `KILN` says.
    fn plain(&mut self, command: &mut Command) -> Result<Vec<String>, String> {
        command
            .env("KILN", env!("CARGO_BIN_EXE_kiln"))
            .env("KILN_LOG_JSON", self.root.join("log"))
            .env("HOME", &self.root);
        let output = self.run(command)?;
        let mut said: Vec<String> = [output.stdout, output.stderr]
            .iter()
            .flat_map(|bytes| {
                String::from_utf8_lossy(bytes)
                    .lines()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .collect();
        said.extend(exit(&output.status));
        said.extend(self.accounts()?);
        Ok(said)
    }

    fn kiln(&mut self, manner: &Manner, arguments: &[&str]) -> Result<Vec<String>, String> {
        let world = World::look(&self.root, &manner.variables);
        let output = self.run(&mut self.prepare(manner, arguments))?;
        self.hold(manner, arguments, world, &output)?;
        let mut said = self.said(&output);
        if arguments.first() == Some(&"explain") {
            // It tells times and digests on stdout.
            said.iter_mut()
                .for_each(|line| *line = without_digests(&without_times(line)));
        }
        said.extend(self.accounts()?);
        Ok(said)
    }

    /// Holds the roots that a build names against what the story has changed.
    fn hold(
        &mut self,
        manner: &Manner,
        arguments: &[&str],
        world: World,
        output: &Output,
    ) -> Result<(), String> {
        let told = String::from_utf8_lossy(&output.stdout);
        let told = told
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let explanation = |told: &Value| told["reason"] == "explanation";
        let Some(told) = told.into_iter().find(explanation) else {
            return Ok(());
        };
        let words = format!("{} {}", self.here.display(), arguments.join(" "));
        self.truth.hold(words.clone(), &self.here, world, &told)?;
        if output.status.success() {
            let world = World::look(&self.root, &manner.variables);
            self.truth.recorded(words, world);
        }
        Ok(())
    }

    /// The accounts of the links that the last command made, itself or by programs that it ran.
    fn accounts(&mut self) -> Result<Vec<String>, String> {
        let path = self.root.join("log");
        let log = fs::read_to_string(&path).unwrap_or_default();
        let _ = fs::remove_file(path);
        // Some tools make paths absolute before they look.
        let project = format!("\"{}/", self.root.join("project").display());
        let log = log.replace(&project, "\"");
        let mut accounts = Vec::new();
        for line in log.lines() {
            let call = serde_json::from_str(line).map_err(|error| error.to_string())?;
            let (account, current) = log::link(&call);
            accounts.push(account);
            self.ends_current = current;
        }
        Ok(accounts)
    }

    /// What a `kiln` command said.
    fn said(&mut self, output: &Output) -> Vec<String> {
        let (mut said, mut account) = (Vec::new(), Vec::new());
        self.ends_current = false;
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            match serde_json::from_str::<Value>(line)
                .ok()
                .filter(Value::is_object)
            {
                Some(explanation) if explanation["reason"] == "explanation" => {
                    self.ends_current = explanation["status"] == "current";
                    account = log::lines(&explanation);
                }
                Some(message) => said.push(shape(&message)),
                None => said.push(line.to_owned()),
            }
        }
        said.extend(
            String::from_utf8_lossy(&output.stderr)
                .lines()
                .map(|line| without_digests(&without_times(line))),
        );
        while said.last().is_some_and(String::is_empty) {
            said.pop();
        }
        said.extend(account.iter().map(|line| without_digests(line)));
        said.extend(exit(&output.status));
        said
    }

    /// Several commands at once; what they say is sorted, since nobody knows who comes first.
    fn parallel(&mut self, arguments: &[&str]) -> Result<Vec<String>, String> {
        let commands: Vec<&[&str]> = arguments
            .split(|word| *word == "|")
            .map(|command| command.strip_prefix(&["kiln"]).unwrap_or(command))
            .collect();
        let outputs: Vec<Result<Output, String>> = std::thread::scope(|scope| {
            let scene = &*self;
            let running: Vec<_> = commands
                .iter()
                .map(|arguments| {
                    scope.spawn(|| scene.run(&mut scene.prepare(&Manner::default(), arguments)))
                })
                .collect();
            running
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|_| Err("a thread panicked".to_owned()))
                })
                .collect()
        });
        let mut said = Vec::new();
        for output in outputs {
            said.push(
                self.said(&output?)
                    .into_iter()
                    .filter(|line| !line.starts_with("kiln: waiting"))
                    .collect::<Vec<_>>(),
            );
        }
        said.sort_by_key(|said| (said.len(), said.join("\n")));
        Ok(said.concat())
    }

    fn kill_during(&self, arguments: &[&str]) -> Result<Vec<String>, String> {
        let at = arguments
            .iter()
            .position(|word| *word == "kiln")
            .ok_or("kill-during is for kiln")?;
        for milliseconds in &arguments[..at] {
            let wait = Duration::from_millis(
                milliseconds
                    .parse()
                    .map_err(|_| "kill-during MS … kiln …")?,
            );
            let mut command = self.prepare(&Manner::default(), &arguments[at + 1..]);
            let mut child = {
                let _guard = STARTING.lock().map_err(|error| error.to_string())?;
                command
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .map_err(|error| error.to_string())?
            };
            std::thread::sleep(wait);
            child
                .kill()
                .and_then(|()| child.wait())
                .map_err(|error| error.to_string())?;
        }
        Ok(Vec::new())
    }
}

fn exit(status: &std::process::ExitStatus) -> Option<String> {
    match (status.code(), status.signal()) {
        (Some(0), _) => None,
        (Some(code), _) => Some(format!("? {code}")),
        (None, signal) => Some(format!("? signal {}", signal.unwrap_or_default())),
    }
}
