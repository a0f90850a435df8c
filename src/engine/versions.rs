//! What the tools of a link said of their version, kept beside the digests of their bytes, so that a tool that is another
//! one later can be told with both versions.

use super::Engine;
use super::demand::Demanded;
use crate::digest::Digest;
use crate::host::Command;
use camino::Utf8Path;

impl Engine {
    /// Keeps the versions of the driver and the linker of this build, where they are not known.
    pub(super) fn keep_versions(&self, demanded: &Demanded) {
        let Some(executable) = demanded
            .executable
            .as_ref()
            .filter(|made| made.report.linked)
        else {
            return;
        };
        let report = &executable.report;
        let services = &demanded.services;
        for tool in [&report.driver, &report.linker_path].into_iter().flatten() {
            let known = services.world.digested(tool).ok();
            let Some(digest) = known.and_then(|state| state.digest()) else {
                continue;
            };
            let key = key(demanded, &digest);
            if services.store.get(&key).is_none()
                && let Some(version) = self.version(tool)
            {
                services.store.put(key, version.into_bytes());
            }
        }
    }

    /// The versions of a tool, before and now, where both are known and differ: `GNU ld 2.40 → GNU ld 2.42`.
    pub(super) fn versions(
        &self,
        demanded: &Demanded,
        tool: &Utf8Path,
        old: &Digest,
    ) -> Option<String> {
        let old = demanded.services.store.get(&key(demanded, old))?;
        let old = std::str::from_utf8(&old).ok()?;
        let new = self.version(tool)?;
        (new != old).then(|| format!("{old} → {new}"))
    }

    /// The first line of what a tool prints for `--version`.
    fn version(&self, tool: &Utf8Path) -> Option<String> {
        let path = self.host.variable("PATH");
        let path = path.map(|path| ("PATH".to_owned(), path));
        let command = Command {
            program: tool.to_owned(),
            called: None,
            args: vec!["--version".to_owned()],
            env: path.into_iter().collect(),
        };
        let output = self.host.run(&command).ok()?;
        if output.status != Some(0) {
            return None;
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().next()?.trim().to_owned();
        (!line.is_empty()).then_some(line)
    }
}

fn key(demanded: &Demanded, tool: &Digest) -> Digest {
    demanded.services.key("tool-version", &[&tool.0])
}
