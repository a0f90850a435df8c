//! The modelled way in a project: where nothing can be observed, the linker's search is done again by rule before it runs,
//! and its own report has to agree afterwards.
//!
//! It knows what a link is told, and leaves the search to `modelled`.

use super::asked::Asked;
use super::bench::Bench;
use super::question;
use super::told::Told;
use crate::host::Command;
use crate::link::identity::{Doubt, is_script};
use crate::link::modelled::{Linker, Model, Unmodelled, built_in_directories, driven, model};
use crate::link::{Decline, LinkPlan};
use crate::observe::{Observation, Reader, Role, Seen};
use crate::rule::{Does, Line, RuleId, Rules, Word};
use camino::{Utf8Path, Utf8PathBuf};

/// A link that has been modelled and not yet run.
pub struct Modelled {
    model: Model,
    /// What the driver and the linker look at.
    seen: Vec<Seen>,
    /// With the arguments that ask for the linker's report.
    pub command: Command,
    asked: Asked,
}

impl Modelled {
    /// What the link will look at.
    ///
    /// # Errors
    /// [`Decline`] where nobody can say.
    pub fn of(
        plan: &LinkPlan,
        told: &Told,
        bench: &Bench<'_>,
        rules: &Rules,
        reader: &Reader<'_>,
    ) -> Result<Self, Decline> {
        let host = reader.world().host();
        let script = [Some(&plan.driver), plan.linker.path.as_ref()];
        let mut script = script.into_iter().flatten();
        if let Some(program) = script.find(|program| is_script(host, program)).cloned() {
            return Err(Doubt::Script { program }.into());
        }
        let reader = Reader::new(reader.world());
        let (model, asked) =
            walked(plan, told, bench, rules, &reader).map_err(|unmodelled| decline(&unmodelled))?;
        record_libraries(&told.command, &plan.driver, &reader);
        if let Some(linker) = &plan.linker.path {
            record_libraries(&told.command, linker, &reader);
        }
        let mut command = told.command.clone();
        command.args.extend_from_slice(&asked.arguments);
        let seen = reader.finish();
        let own = |seen: &Seen| {
            !matches!(
                seen.observation,
                Observation::Variable { .. } | Observation::Tool { .. }
            ) && bench.holds(Utf8Path::new(seen.observation.subject()))
        };
        Ok(Self {
            model,
            seen: seen.into_iter().filter(|seen| !own(seen)).collect(),
            command,
            asked,
        })
    }

    /// Compares the model with the linker's report, and records what the link looked at.
    ///
    /// # Errors
    /// [`Decline`] where they differ.
    pub fn confirm(self, bench: &Bench<'_>, reader: &Reader<'_>) -> Result<(), Decline> {
        let host = reader.world().host();
        let report = self.asked.take(host).map_err(|problem| {
            decline(&Unmodelled {
                what: "the linker's report".to_owned(),
                why: format!("cannot be used: {problem}"),
                remedy: "build where programs can be observed".to_owned(),
            })
        })?;
        let made = [bench.program(), self.asked.path];
        self.model
            .confirm(&report, &made, bench.root(), host)
            .map_err(|unmodelled| decline(&unmodelled))?;
        for Seen {
            observation,
            role,
            note,
        } in self.seen
        {
            reader.record(observation, role, &note);
        }
        Ok(())
    }
}

fn decline(unmodelled: &Unmodelled) -> Decline {
    Decline::Unmodelled {
        what: unmodelled.what.clone(),
        why: unmodelled.why.clone(),
        remedy: unmodelled.remedy.clone(),
    }
}

/// The linker's way through its arguments, and the report that it is asked for.
fn walked(
    plan: &LinkPlan,
    told: &Told,
    bench: &Bench<'_>,
    rules: &Rules,
    reader: &Reader<'_>,
) -> Result<(Model, Asked), Unmodelled> {
    let host = reader.world().host();
    let name = &plan.linker.name;
    let no_rule = || Unmodelled {
        what: name.clone(),
        why: "is a linker whose rule has no report to compare with, or `args` takes it".to_owned(),
        remedy: "build where programs can be observed".to_owned(),
    };
    let rule = rules.linkers.get(name).ok_or_else(no_rule)?;
    let asked = Asked::of(plan, bench, rules, host).ok_or_else(no_rule)?;
    let selected = told.command.args.iter();
    let mut selected = selected.filter_map(|arg| arg.strip_prefix("-fuse-ld="));
    let driven = driven(&told.command, selected.next_back(), reader)?;
    let mut line = Line {
        args: &driven.args,
        variable: &|name| host.variable(name),
        response: &mut |path| Some(host.read(path.into()).ok()?.to_vec()),
    };
    let id = RuleId::Linker(name.clone());
    let examined = rules.examine(&id, &mut line);
    let mut loaded = examined
        .words
        .iter()
        .filter(|word| word.does == Does::Plugin);
    let is_known = |word: &&Word| {
        let name = Utf8Path::new(&word.value).file_name().unwrap_or_default();
        rules.loads(&id).any(|pattern| pattern.matches(name))
    };
    if let Some(plugin) = loaded.find(|word| !is_known(word)) {
        return Err(Unmodelled {
            what: plugin.value.clone(),
            why: "is a plugin, which may read anything".to_owned(),
            remedy: "build where programs can be observed".to_owned(),
        });
    }
    let mut sysroots = examined.words.iter().rev();
    let sysroot = sysroots.find(|word| word.does == Does::Sysroot);
    let sysroot = sysroot.map(|word| word.value.as_str());
    let built_in = match rule.search.defaults.is_empty() {
        true => Vec::new(),
        false => built_in_directories(&driven.linker, &told.command.env, sysroot, host)?,
    };
    let linker = Linker {
        search: &rule.search,
        built_in: &built_in,
    };
    Ok((model(&linker, &examined, reader)?, asked))
}

/// The shared libraries that the system loads to run a program, as its loader says.
fn record_libraries(command: &Command, program: &Utf8Path, reader: &Reader<'_>) {
    const NOTE: &str = "a library of the compiler or the linker";
    let mut env = command.env.clone();
    env.push(("LD_TRACE_LOADED_OBJECTS".to_owned(), "1".to_owned()));
    let host = reader.world().host();
    let loaded = host.run(&question(program, vec!["--version".to_owned()], &env));
    // A program that cannot be run gives no program to record either.
    let Ok(loaded) = loaded else { return };
    let printed = String::from_utf8_lossy(&loaded.stdout);
    let paths = printed.lines().filter_map(|line| {
        let (path, _) = line.split_once(" (0x")?;
        let path = path.rsplit("=> ").next()?.trim();
        path.starts_with('/').then(|| Utf8PathBuf::from(path))
    });
    for path in paths.chain(["/etc/ld.so.cache".into(), "/etc/ld.so.preload".into()]) {
        // A library that cannot be read could not be loaded.
        let _ = reader.file(&path, Role::Tool, NOTE);
    }
}
