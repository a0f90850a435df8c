//! The linker's own report, asked for beside what the project asks of a link. On the observed way, a file that it names and
//! nobody saw is an alarm; the modelled way rests on its agreement.
//!
//! No report is complete, so one says nothing of what it leaves out. This module knows reports by the rules.

use super::bench::Bench;
use crate::host::{Event, Host};
use crate::link::report::{self, Report, ReportForm, Sight};
use crate::link::{Argument, Decline, LinkPlan};
use crate::rule::Rules;
use camino::{Utf8Path, Utf8PathBuf};

/// A report that the linker is asked for.
pub struct Asked {
    form: ReportForm,
    pub path: Utf8PathBuf,
    /// What the driver is told, to have it.
    pub arguments: Vec<String>,
}

impl Asked {
    /// `None` where no rule knows of a report, or where the project asks for one: a linker writes only one.
    pub fn of(plan: &LinkPlan, bench: &Bench<'_>, rules: &Rules, host: &dyn Host) -> Option<Self> {
        let report = rules.linkers.get(&plan.linker.name)?.report.as_ref()?;
        let path = bench.file("report");
        let mut arguments = Vec::with_capacity(report.flag.len());
        for flag in &report.flag {
            let option = flag.split("{}").next().unwrap_or(flag);
            let name = option.trim_start_matches('-').trim_end_matches('=');
            let asks = |argument: &Argument| matches!(argument, Argument::Text(text) if text.contains(name));
            if plan.arguments.iter().any(asks) {
                return None;
            }
            arguments.push(format!("-Wl,{}", flag.replace("{}", path.as_str())));
        }
        // A run that was killed may have left one, which says nothing of this run.
        let _ = host.remove(&path);
        Some(Self {
            form: ReportForm::of(report),
            path,
            arguments,
        })
    }

    /// What the linker reports, once it has run.
    ///
    /// # Errors
    /// What is wrong with the report.
    pub fn take(&self, host: &dyn Host) -> Result<Report, String> {
        let bytes = host.read(&self.path).map_err(|error| error.to_string())?;
        // Left behind, it would only take up room.
        let _ = host.remove(&self.path);
        report::parse(self.form, &bytes).map_err(|error| error.to_string())
    }

    /// The first file that the report names and that is not among `events`. A report that is not there or can't be read, such
    /// as one with ambiguous names, contradicts nothing.
    pub fn contradicts(
        &self,
        events: &[Event],
        root: &Utf8Path,
        host: &dyn Host,
    ) -> Option<Decline> {
        let report = self.take(host).ok()?;
        let alarms = Sight::of(events, root).disagreement(&report, host);
        let path = alarms.first()?.path().to_owned();
        Some(Decline::Unseen { path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Access, Kind, MemoryHost, Stamp};

    #[test]
    fn a_file_that_nobody_saw_is_an_alarm() {
        let stamp = Stamp {
            kind: Kind::File,
            mode: 0o644,
            size: 1,
            mtime: 0,
            ctime: 0,
            inode: 1,
            device: 1,
        };
        let read = |path: &str| Event {
            path: path.into(),
            access: Access::Read(stamp),
        };
        let contradicted = |events: &[Event]| {
            let host = MemoryHost::new();
            host.write(
                "report",
                b"app: \\\n  a.o \\\n  libb.a\n\na.o:\n\nlibb.a:\n",
            );
            let asked = Asked {
                form: ReportForm::Depfile,
                path: "report".into(),
                arguments: Vec::new(),
            };
            let found = asked.contradicts(events, "/project".into(), &host);
            assert!(
                host.contents("report").is_none(),
                "the report is taken away"
            );
            found
        };
        assert_eq!(contradicted(&[read("a.o"), read("libb.a")]), None);
        let path = "libb.a".into();
        assert_eq!(contradicted(&[read("a.o")]), Some(Decline::Unseen { path }));
    }
}
