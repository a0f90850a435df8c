//! The key of a record: what makes a command another command, whatever the world is like.

use super::Request;
use super::record::FORMAT;
use crate::digest::Digest;

/// The digest of all that is given and not observed. Arguments are taken as spelled: names of files can reach an output.
pub fn of(request: &Request) -> Digest {
    let umask = request.umask.to_le_bytes();
    let user = request.user.to_le_bytes();
    let fixed: [&[u8]; 5] = [
        FORMAT,
        env!("CARGO_PKG_VERSION").as_bytes(),
        request.directory.as_str().as_bytes(),
        &umask,
        &user,
    ];
    let command = request.command.iter().map(String::as_bytes);
    Digest::of_parts(fixed.into_iter().chain(command))
}
