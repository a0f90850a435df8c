//! `kiln link -- COMMAND`: any link command of any build system, run under observation the first time, proven current
//! afterwards.
//!
//! [`launch`] is the path of one call. It keeps a record for each command in each directory ([`record`]) with the last few
//! links of it, in a cache that many projects share ([`cache`]). Concurrent calls need no lock: every file is written
//! aside and renamed, records and blobs check themselves when they are read, and two calls that run the same link at the
//! same time both run it, as they would without Kiln.
//! It knows no languages, projects or terminals, and prints nothing.

mod answer;
mod cache;
mod environment;
mod key;
mod prove;
mod record;
mod run;
mod tool;
mod volatile;

pub use cache::{Cache, LIMIT};

use crate::digest::Digest;
use crate::explain::Reason;
use crate::host::Host;
use crate::link::Decline;
use crate::link::identity::{Answer, Doubt, Question};
use crate::rule::Rules;
use camino::Utf8PathBuf;
use record::Links;
use std::io;
use std::sync::Arc;
use volatile::RandomNames;

/// A command to run or to prove current, in the directory of the host.
#[derive(Clone, Debug)]
pub struct Request {
    /// The program as it was spelled, and its arguments.
    pub command: Vec<String>,
    /// The directory, absolute: the same command elsewhere is another link.
    pub directory: Utf8PathBuf,
    /// What permissions new files do not get, and whose they are.
    pub umask: u32,
    pub user: u32,
    /// Whether standard input may hold something to read.
    pub has_input: bool,
}

/// What came of a call.
#[derive(Debug)]
pub enum Launched {
    /// Everything is as it was: nothing ran.
    Current(Current),
    /// The command ran.
    Ran(Ran),
    /// Nothing has run: whoever called should run the command as if Kiln were not there.
    Declined(Decline),
    /// The command can't be started.
    NotStarted(io::Error),
}

/// A link that was proven current.
#[derive(Debug)]
pub struct Current {
    pub key: Digest,
    /// What the command said, to be said again.
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub outputs: Vec<Utf8PathBuf>,
    /// The outputs that were not in place, and had to be put there, and why.
    pub restored: Vec<Utf8PathBuf>,
    /// Why it is not the newest recorded link that is current, or why outputs were restored; empty where nothing changed.
    pub why: Vec<Reason>,
    pub observations: usize,
    /// Why all variables count, where nobody knows which do.
    pub doubt: Option<Doubt>,
}

/// A command that ran.
#[derive(Debug)]
pub struct Ran {
    pub key: Digest,
    /// The exit status, and 128 and the number of the signal if one ended it.
    pub status: i32,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub outputs: Vec<Utf8PathBuf>,
    /// Why it ran.
    pub why: Vec<Reason>,
    pub observations: usize,
    /// Why all variables count, where nobody knows which do.
    pub doubt: Option<Doubt>,
    pub kept: Kept,
}

/// What a call that is not current works with.
struct Work<'w> {
    host: &'w Arc<dyn Host>,
    cache: &'w Cache,
    request: &'w Request,
    rules: Rules,
}

impl Work<'_> {
    fn ask(&self, question: &Question<'_>) -> Answer {
        answer::answer(&**self.host, self.cache, question)
    }
}

/// Whether a link that ran was recorded.
#[derive(Debug)]
pub enum Kept {
    Recorded,
    /// It failed, and failed links are not recorded.
    Failed,
    /// These were changed while it ran.
    Changed(Vec<Reason>),
    Declined(Decline),
    /// The cache can't be written.
    Unwritable(io::Error),
}

/// Proves the command current, or runs it and records what it rests on.
pub fn launch(host: &Arc<dyn Host>, cache: Option<&Cache>, request: &Request) -> Launched {
    let Some(cache) = cache else {
        let problem = "neither KILN_CACHE_DIR, XDG_CACHE_HOME nor HOME is set".to_owned();
        return Launched::Declined(Decline::NoCache { problem });
    };
    // As spelled first, so that a current link needs no rule. Only where the rule finds random names in the command line
    // is there another key.
    let key = key::of(request, &request.command);
    let recorded = cache.links(&key);
    let names = RandomNames::default();
    let why = match prove::prove(host, cache, &key, &recorded, &names) {
        Ok(current) => return Launched::Current(current),
        Err(why) => why,
    };
    let work = Work {
        host,
        cache,
        request,
        // A rule file that can't be read is a bug that a test finds; without rules all variables count.
        rules: Rules::shipped().unwrap_or_default(),
    };
    let tool = match tool::recognise(&work) {
        Ok(tool) => tool,
        Err(decline) => return Launched::Declined(decline),
    };
    let Some(normal) = &tool.normal else {
        return run::run(&work, key, &Links::of(&recorded), tool, why);
    };
    let key = key::of(request, normal);
    let recorded = cache.links(&key);
    match prove::prove(host, cache, &key, &recorded, &tool.names) {
        Ok(current) => Launched::Current(current),
        Err(why) => run::run(&work, key, &Links::of(&recorded), tool, why),
    }
}
