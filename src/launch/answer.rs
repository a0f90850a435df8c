//! What programs answered when they were asked for their version, so that one that has not changed is asked only once.
//!
//! ```text
//! answers/<key>   checksum of the rest (32) | answer
//! ```
//!
//! The key has the program's path and stamp, and how it was asked. Like a stamp, an answer permits skipping a look and is
//! never evidence of a link: what ran in a link is recorded by its bytes.

use super::cache::Cache;
use super::record::FORMAT;
use crate::digest::Digest;
use crate::host::{Host, Stamp};
use crate::link::identity::{Answer, Question, is_script};

/// The answer of a program, from an earlier time if it is the same program.
pub fn answer(host: &dyn Host, cache: &Cache, question: &Question<'_>) -> Answer {
    let stamp = || host.stat(question.real).ok().flatten();
    let Some(before) = stamp().filter(|stamp| stamp.settled(host.now())) else {
        return question.ask();
    };
    let key = key(host, question, &before);
    if let Some(known) = cache.answer(&key).and_then(|bytes| decode(&bytes)) {
        return known;
    }
    let answer = question.ask();
    // A script says what others say, and a program that failed may have lacked something.
    if answer.line.is_some() && !is_script(host, question.real) && stamp() == Some(before) {
        // If it can't be written, the next link asks again, and that is all.
        let _ = cache.put_answer(&key, &encode(&answer));
    }
    answer
}

fn key(host: &dyn Host, question: &Question<'_>, stamp: &Stamp) -> Digest {
    // Writing to memory fails for no value of this type.
    let stamp = postcard::to_stdvec(stamp).unwrap_or_default();
    let boot = host.boot();
    let fixed: [&[u8]; 6] = [
        FORMAT,
        env!("CARGO_PKG_VERSION").as_bytes(),
        boot.as_bytes(),
        question.real.as_str().as_bytes(),
        &stamp,
        question.called.as_bytes(),
    ];
    let args = question.args.iter().map(String::as_bytes);
    Digest::of_parts(fixed.into_iter().chain(args))
}

fn encode(answer: &Answer) -> Vec<u8> {
    let bytes = postcard::to_stdvec(answer).unwrap_or_default();
    [&Digest::of(&bytes).0[..], &bytes].concat()
}

fn decode(bytes: &[u8]) -> Option<Answer> {
    let (checksum, bytes) = bytes.split_at_checked(32)?;
    let is_whole = Digest::of(bytes).0 == checksum;
    is_whole.then(|| postcard::from_bytes(bytes).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use crate::link::identity::Answer;

    #[test]
    fn a_damaged_answer_is_none() {
        let answer = Answer {
            line: Some("GNU ld 2.40".to_owned()),
            ran: vec!["/bin/x".into()],
        };
        let bytes = encode(&answer);
        assert_eq!(decode(&bytes), Some(answer));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(decode(&damaged), None);
            assert_eq!(decode(&bytes[..at]), None);
        }
    }
}
