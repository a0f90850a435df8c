//! The key of a record: what makes a command another command, whatever the world is like.

use super::Request;
use super::record::FORMAT;
use crate::digest::Digest;
use crate::rule::Rules;

/// The digest of all that is given and not observed. Names of files can reach an output, so that arguments are taken as
/// spelled but for random parts.
pub fn of(request: &Request, command: &[String]) -> Digest {
    let umask = request.umask.to_le_bytes();
    let user = request.user.to_le_bytes();
    let count = (command.len() as u64).to_le_bytes();
    let fixed: [&[u8]; 6] = [
        FORMAT,
        env!("CARGO_PKG_VERSION").as_bytes(),
        request.directory.as_str().as_bytes(),
        &umask,
        &user,
        &count,
    ];
    let command = command.iter().map(String::as_bytes);
    // What Kiln knows of tools decides what a tool is given.
    let rules = Rules::shipped_files()
        .iter()
        .map(|(_, text)| text.as_bytes());
    Digest::of_parts(fixed.into_iter().chain(command).chain(rules))
}
