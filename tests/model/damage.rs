//! Damage to the cache, somewhere and somehow.

use super::Walk;
use kiln::host::Host;

impl Walk {
    /// Damages a file of the cache somewhere.
    pub(super) fn damage(&mut self) -> String {
        let mut files = self.host.files("target/kiln/store");
        files.extend(self.host.files("target/kiln/proofs"));
        if files.is_empty() {
            return "nothing to damage".to_owned();
        }
        let path = self.random.pick(&files).clone();
        if path.starts_with("target/kiln/store") {
            self.oracle.doubt();
        } else {
            self.doubtful.extend([false, true]);
            self.forgetful.extend([false, true]);
        }
        let mut bytes = self
            .host
            .contents(path.as_str())
            .expect("the file was just listed");
        let at = if bytes.is_empty() {
            0
        } else {
            self.random.below(bytes.len())
        };
        let how = match self.random.below(6) {
            0..=2 if !bytes.is_empty() => {
                bytes[at] ^= 1 << self.random.below(8);
                "flipped"
            }
            3 => {
                bytes.truncate(at);
                "cut"
            }
            4 => {
                bytes = b"something else entirely".to_vec();
                "replaced"
            }
            _ => {
                self.host.remove(&path).expect("the file can be removed");
                return format!("{path} removed");
            }
        };
        self.host.write(&path, bytes);
        format!("{path} {how} at {at}")
    }
}
