//! A driver's line: which linker it selects, and what that one is told. Knows no driver by name.

use super::grammar::{Grammar, Read};
use super::output::{first_input, output, side_outputs};
use super::{Examined, Line, declines, instead, response};
use crate::rule::schema::{Does, DriverRule, Recognise, TargetLinker};
use crate::rule::{RuleId, Rules};

impl Rules {
    pub(super) fn read_as_driver(
        &self,
        driver: &DriverRule,
        read: Vec<Read<'_>>,
        line: &mut Line<'_>,
        examined: &mut Examined,
    ) {
        let (linker, selected_by) = self.selected(driver, &read);
        let target = target(driver, &read);
        examined.selected_by = selected_by;
        examined.linker.clone_from(&linker);
        let default = target.and_then(|row| row.default_output.as_deref());
        examined.output = output(&driver.tool, &read, default);
        examined.instead = instead(&read);
        examined.compiles = read.iter().any(|read| {
            let ends = &driver.tool.compiles;
            read.does == Does::Input && ends.iter().any(|end| read.value.ends_with(end.as_str()))
        });
        let first = first_input(&read).to_owned();
        examined.side_outputs = side_outputs(&driver.tool, &read, &examined.output, &first);

        let id = RuleId::Linker(linker);
        let Some(tool) = self.tool(&id) else { return };
        self.consult(&id, examined);
        self.decline_variables(tool, line, examined);
        for dependence in &tool.depends {
            if !examined.depends.contains(dependence) {
                examined.depends.push(*dependence);
            }
        }
        let expanded = response::expand(&handed_on(&read, target), &tool.response, line.response);
        examined.responses.extend(expanded.files.iter().cloned());
        let words = Grammar::new(tool).read(expanded.words.iter().map(String::as_str));
        examined.declines.extend(declines(&words));
        if examined.selected_by.is_none() && target.is_none() {
            self.decline_for_any(driver, &read, line, examined);
        }
        // The driver's own `-o` comes first on the linker's line, and the last one counts.
        if let Some(word) = words.iter().rev().find(|word| word.does == Does::Output) {
            word.value.clone_into(&mut examined.output);
        }
        let argument = Some(driver.linkers.argument.as_str());
        self.read_as_linker(tool, words, line, examined, argument);
    }

    /// Declines what any of the driver's linkers would: nobody knows from the line what stands behind `ld`.
    fn decline_for_any(
        &self,
        driver: &DriverRule,
        read: &[Read<'_>],
        line: &Line<'_>,
        examined: &mut Examined,
    ) {
        let explicit: Vec<String> = read.iter().flat_map(for_linker).collect();
        let linkers = &driver.linkers;
        for name in linkers.named.values().chain(&linkers.others) {
            let id = RuleId::Linker(name.clone());
            let Some(tool) = self.tool(&id) else {
                continue;
            };
            if *name != examined.linker {
                self.consult(&id, examined);
            }
            let mut more = Examined::default();
            self.decline_variables(tool, line, &mut more);
            let words = Grammar::new(tool).read(explicit.iter().map(String::as_str));
            more.declines.extend(declines(&words));
            for decline in more.declines {
                let mut known = examined.declines.iter();
                if !known.any(|known| known.argument == decline.argument) {
                    examined.declines.push(decline);
                }
            }
        }
    }

    /// The rule of the linker that a driver's line selects, and by which argument.
    fn selected(&self, driver: &DriverRule, read: &[Read<'_>]) -> (String, Option<String>) {
        let linkers = &driver.linkers;
        let last = |does: Does| read.iter().rev().find(|read| read.does == does);
        if let Some(path) = last(Does::SelectPath) {
            let spelled = Some(path.spelled());
            if let Some(linker) = self.linker_called(path.value) {
                return (linker, spelled);
            }
            return (linkers.default.clone(), spelled);
        }
        let selecting = last(Does::Select);
        let spelled = selecting.map(Read::spelled);
        if let Some(row) = target(driver, read) {
            return (row.linker.clone(), spelled);
        }
        let linker = selecting.and_then(|read| {
            let named = linkers.named.get(read.value).cloned();
            named.or_else(|| self.linker_called(read.value))
        });
        (linker.unwrap_or_else(|| linkers.default.clone()), spelled)
    }

    /// The linker whose program has this name.
    fn linker_called(&self, path: &str) -> Option<String> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let fits = |recognise: &Recognise| {
            recognise.names.iter().any(|pattern| pattern.matches(name))
                && !recognise.except.iter().any(|pattern| pattern.matches(name))
        };
        let mut linkers = self.linkers.iter();
        linkers
            .find(|(_, rule)| fits(&rule.tool.recognise))
            .map(|(name, _)| name.clone())
    }
}

/// What holds for the target that a driver's line names.
fn target<'r>(driver: &'r DriverRule, read: &[Read<'_>]) -> Option<&'r TargetLinker> {
    let named = read.iter().rev().find(|read| read.does == Does::Target)?;
    let mut targets = driver.linkers.targets.iter();
    targets.find(|row| row.target.matches(named.value))
}

/// What an option holds for the linker.
fn for_linker(read: &Read<'_>) -> Vec<String> {
    match read.does {
        Does::ForLinkerList => read.value.split(',').map(str::to_owned).collect(),
        Does::ForLinker => vec![read.value.to_owned()],
        _ => Vec::new(),
    }
}

/// What a driver hands on to the linker, as far as the line says it.
fn handed_on(read: &[Read<'_>], target: Option<&TargetLinker>) -> Vec<String> {
    let search = target.and_then(|row| row.search.as_deref());
    let library = target.and_then(|row| row.library.as_deref());
    let mut args = Vec::new();
    for read in read {
        let other = match read.does {
            Does::Search => search,
            Does::Library => library,
            _ => None,
        };
        if let Some(template) = other {
            // A library that has the extension keeps it as it is.
            let end = template.rsplit("{}").next().unwrap_or_default();
            let bare = read.value.strip_suffix(end).unwrap_or(read.value);
            args.push(template.replace("{}", bare));
            continue;
        }
        match read.does {
            Does::ForLinkerList | Does::ForLinker => args.extend(for_linker(read)),
            Does::Input
            | Does::Script
            | Does::Search
            | Does::Library
            | Does::ExactLibrary
            | Does::FrameworkSearch
            | Does::Framework
            | Does::State
            | Does::Sysroot
            | Does::NoDefaults
            | Does::Forwarded => {
                args.push(read.argument.to_owned());
                let values = std::iter::once(&read.value).chain(&read.rest);
                args.extend(values.take(read.following).map(|value| (*value).to_owned()));
            }
            _ => {}
        }
    }
    args
}
