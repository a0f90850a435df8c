//! `[linker.NAME]`, `[driver.NAME]` and `[environment.NAME]`: what tools have in common, and the tables of each.

use super::{Reading, option, search};
use crate::document::{Section, Spanned};
use crate::rule::pattern::{Form, Pattern};
use crate::rule::schema::*;
use indexmap::IndexMap;

pub(super) fn linker(
    mut section: Section<'_>,
    place: Place,
    reading: &mut Reading<'_>,
) -> LinkerRule {
    let tool = tool(&mut section, reading);
    let found = section.table("search", &mut reading.problems);
    section.require("search");
    let search = match found {
        Some(table) => search::search(table, reading),
        None => {
            missing_table(&section, "search", reading);
            Search::default()
        }
    };
    let report = section
        .table("report", &mut reading.problems)
        .map(|table| report(table, reading));
    section.finish(&mut reading.problems);
    LinkerRule {
        place,
        tool,
        search,
        report,
    }
}

pub(super) fn driver(
    mut section: Section<'_>,
    place: Place,
    reading: &mut Reading<'_>,
) -> DriverRule {
    let tool = tool(&mut section, reading);
    let mut linkers = Linkers {
        default: String::new(),
        argument: String::new(),
        named: IndexMap::new(),
        others: Vec::new(),
        targets: Vec::new(),
    };
    let found = section.table("linkers", &mut reading.problems);
    section.require("linkers");
    match found {
        Some(mut table) => {
            if let Some(default) = table.filled_string("default", &mut reading.problems) {
                reading.refer("linker", &default);
                linkers.default = default.value;
                table.require("default");
            } else if !table.has("default") {
                linkers.default = reading.required(&mut table, "default");
            }
            linkers.argument = reading.required(&mut table, "argument");
            for linker in table.strings("others", &mut reading.problems) {
                reading.refer("linker", &linker);
                linkers.others.push(linker.value);
            }
            if let Some(named) = table.table("named", &mut reading.problems) {
                for (name, linker) in named.pairs(&mut reading.problems) {
                    reading.refer("linker", &linker);
                    linkers.named.insert(name.value, linker.value);
                }
            }
            for mut row in table.tables("target", &mut reading.problems) {
                let target = patterns(&mut row, "pattern", reading);
                let linker = row.filled_string("linker", &mut reading.problems);
                let mut string = |key| {
                    let string = row.filled_string(key, &mut reading.problems);
                    string.map(|string| string.value)
                };
                let default_output = string("default-output");
                let (search, library) = (string("search"), string("library"));
                if let Some(linker) = linker {
                    reading.refer("linker", &linker);
                    linkers
                        .targets
                        .extend(target.into_iter().map(|target| TargetLinker {
                            target,
                            linker: linker.value.clone(),
                            default_output: default_output.clone(),
                            search: search.clone(),
                            library: library.clone(),
                        }));
                }
                row.finish(&mut reading.problems);
            }
            table.finish(&mut reading.problems);
        }
        None => missing_table(&section, "linkers", reading),
    }
    section.finish(&mut reading.problems);
    DriverRule {
        place,
        tool,
        linkers,
    }
}

pub(super) fn environment(
    mut section: Section<'_>,
    place: Place,
    reading: &mut Reading<'_>,
) -> EnvironmentRule {
    let variables = variables(&mut section, reading);
    let runs = strings(&mut section, "runs", reading);
    let loads = patterns(&mut section, "loads", reading);
    section.finish(&mut reading.problems);
    EnvironmentRule {
        place,
        variables,
        runs,
        loads,
    }
}

pub(super) fn missing_table(section: &Section<'_>, key: &str, reading: &mut Reading<'_>) {
    if !section.has(key) {
        let message = format!("`{key}` is missing from {}", section.name());
        reading
            .problems
            .add("config-missing", section.heading(), message);
    }
}

fn tool(section: &mut Section<'_>, reading: &mut Reading<'_>) -> ToolRule {
    const STYLES: &[(&str, Style)] = &[
        ("gnu", Style::Gnu),
        ("exact", Style::Exact),
        ("msvc", Style::Msvc),
    ];
    const DEPENDS: &[(&str, Dependence)] = &[
        ("output-name", Dependence::OutputName),
        ("working-directory", Dependence::WorkingDirectory),
    ];
    reading.forms.clear();
    let style = section
        .choice("style", STYLES, &mut reading.problems)
        .unwrap_or(Style::Exact);
    let environment = environments(section, reading);
    ToolRule {
        title: reading.required(section, "title"),
        recognise: recognise(section, reading),
        style,
        environment,
        variables: variables(section, reading),
        default_output: reading.required(section, "default-output"),
        options: section
            .tables("option", &mut reading.problems)
            .into_iter()
            .map(|table| option::option(table, style, reading))
            .collect(),
        response: response(section, reading),
        side_outputs: section
            .tables("side-output", &mut reading.problems)
            .into_iter()
            .map(|table| option::side_output(table, reading))
            .collect(),
        volatile: section
            .tables("volatile", &mut reading.problems)
            .into_iter()
            .filter_map(|table| volatile(table, reading))
            .collect(),
        requires: section
            .tables("require", &mut reading.problems)
            .into_iter()
            .map(|table| requirement(table, style, reading))
            .collect(),
        depends: section.choices("depends-on", DEPENDS, &mut reading.problems),
        more_arguments: more_arguments(section, style, reading),
        compiles: strings(section, "compiles", reading),
        runs: strings(section, "runs", reading),
        reads_variables: strings(section, "reads-variables", reading),
        opens_output: section
            .boolean("opens-output", &mut reading.problems)
            .unwrap_or(false),
    }
}

pub(super) fn strings(
    section: &mut Section<'_>,
    key: &'static str,
    reading: &mut Reading<'_>,
) -> Vec<String> {
    let strings = section.strings(key, &mut reading.problems);
    strings.into_iter().map(|string| string.value).collect()
}

pub(super) fn patterns(
    section: &mut Section<'_>,
    key: &'static str,
    reading: &mut Reading<'_>,
) -> Vec<Pattern> {
    let strings = section.strings(key, &mut reading.problems);
    reading.made(strings, Pattern::new)
}

pub(super) fn forms(
    section: &mut Section<'_>,
    key: &'static str,
    style: Style,
    reading: &mut Reading<'_>,
) -> Vec<Form> {
    let strings = section.strings(key, &mut reading.problems);
    made_forms(strings, style, reading)
}

pub(super) fn made_forms(
    strings: Vec<Spanned<String>>,
    style: Style,
    reading: &mut Reading<'_>,
) -> Vec<Form> {
    reading.made(strings, |text| {
        let form = Form::new(text)?;
        let lower = form.name.to_ascii_lowercase() == form.name;
        if style == Style::Msvc && !(form.name.starts_with('/') && lower) {
            return Err("forms of this style begin with `/` and are lower case");
        }
        Ok(form)
    })
}

fn recognise(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Recognise {
    let found = section.table("recognise", &mut reading.problems);
    section.require("recognise");
    let Some(mut table) = found else {
        missing_table(section, "recognise", reading);
        return Recognise::default();
    };
    let recognise = Recognise {
        names: patterns(&mut table, "names", reading),
        except: patterns(&mut table, "except", reading),
        version: patterns(&mut table, "version", reading),
        flavors: strings(&mut table, "flavors", reading),
        many: patterns(&mut table, "many", reading),
    };
    table.finish(&mut reading.problems);
    recognise
}

/// Names of `[environment.NAME]` entries.
pub(super) fn environments(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Vec<String> {
    let environment = section.strings("environment", &mut reading.problems);
    for name in &environment {
        reading.refer("environment", name);
    }
    environment.into_iter().map(|name| name.value).collect()
}

pub(super) fn variables(
    section: &mut Section<'_>,
    reading: &mut Reading<'_>,
) -> IndexMap<String, Variable> {
    const ROLES: &[(&str, VariableRole)] = &[
        ("ignored", VariableRole::Ignored),
        ("withheld", VariableRole::Withheld),
        ("search-path", VariableRole::SearchPath),
        ("value", VariableRole::Value),
        ("loads", VariableRole::Loads),
        ("forbids", VariableRole::Forbids),
    ];
    let mut variables = IndexMap::new();
    let Some(table) = section.table("variables", &mut reading.problems) else {
        return variables;
    };
    for (name, mut row) in table.entries(&mut reading.problems) {
        let role = row.choice("role", ROLES, &mut reading.problems);
        row.require("role");
        if role.is_none() && !row.has("role") {
            reading.required(&mut row, "role");
        }
        let variable = Variable {
            place: reading.place(&name.span),
            role: role.unwrap_or(VariableRole::Value),
            why: reading.required(&mut row, "why"),
            remedy: row
                .filled_string("remedy", &mut reading.problems)
                .map(|remedy| remedy.value),
        };
        row.finish(&mut reading.problems);
        variables.insert(name.value, variable);
    }
    variables
}

fn response(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Response {
    const ABSENT: &[(&str, AbsentResponse)] = &[
        ("literal", AbsentResponse::Literal),
        ("error", AbsentResponse::Error),
    ];
    const QUOTING: &[(&str, Quoting)] = &[("gnu", Quoting::Gnu), ("windows", Quoting::Windows)];
    let mut response = Response {
        nested: true,
        absent: AbsentResponse::Literal,
        quoting: Quoting::Gnu,
    };
    let found = section.table("response", &mut reading.problems);
    section.require("response");
    let Some(mut table) = found else {
        missing_table(section, "response", reading);
        return response;
    };
    let nested = table.boolean("nested", &mut reading.problems);
    response.nested = nested.unwrap_or(response.nested);
    let absent = table.choice("absent", ABSENT, &mut reading.problems);
    response.absent = absent.unwrap_or(response.absent);
    let quoting = table.choice("quoting", QUOTING, &mut reading.problems);
    response.quoting = quoting.unwrap_or(response.quoting);
    table.finish(&mut reading.problems);
    response
}

fn more_arguments(
    section: &mut Section<'_>,
    style: Style,
    reading: &mut Reading<'_>,
) -> MoreArguments {
    let Some(mut table) = section.table("more-arguments", &mut reading.problems) else {
        return MoreArguments::default();
    };
    let name = |name: Option<Spanned<String>>| name.map(|name| name.value);
    let more = MoreArguments {
        before: name(table.filled_string("before", &mut reading.problems)),
        after: name(table.filled_string("after", &mut reading.problems)),
        unless: forms(&mut table, "unless", style, reading),
    };
    table.finish(&mut reading.problems);
    more
}

fn volatile(mut row: Section<'_>, reading: &mut Reading<'_>) -> Option<VolatileRule> {
    let path = row
        .filled_string("path", &mut reading.problems)
        .map(|path| vec![path]);
    row.require("path");
    if path.is_none() {
        reading.required(&mut row, "path");
    }
    let mut path = reading.made(path.unwrap_or_default(), Pattern::new);
    let rule = VolatileRule {
        place: reading.place(&row.heading()),
        after: strings(&mut row, "after", reading),
        path: path.pop()?,
        holds: row
            .choice("holds", option::HOLDS, &mut reading.problems)
            .unwrap_or(Holds::Input),
        why: reading.required(&mut row, "why"),
    };
    row.finish(&mut reading.problems);
    Some(rule)
}

fn requirement(mut row: Section<'_>, style: Style, reading: &mut Reading<'_>) -> Requirement {
    let requirement = Requirement {
        place: reading.place(&row.heading()),
        arguments: forms(&mut row, "arguments", style, reading),
        variables: strings(&mut row, "variables", reading),
        why: reading.required(&mut row, "why"),
        remedy: reading.required(&mut row, "remedy"),
        fix: strings(&mut row, "fix", reading),
    };
    row.finish(&mut reading.problems);
    requirement
}

fn report(mut table: Section<'_>, reading: &mut Reading<'_>) -> Report {
    const FORMATS: &[(&str, ReportFormat)] = &[
        ("depfile-raw", ReportFormat::DepfileRaw),
        ("depfile-raw-one-line", ReportFormat::DepfileRawOneLine),
        ("depfile-escaped", ReportFormat::DepfileEscaped),
        ("dependency-info", ReportFormat::DependencyInfo),
        ("verbose", ReportFormat::Verbose),
    ];
    const ON_FAILURE: &[(&str, OnFailure)] = &[
        ("always", OnFailure::Always),
        ("undefined-symbols", OnFailure::UndefinedSymbols),
        ("never", OnFailure::Never),
    ];
    let report = Report {
        place: reading.place(&table.heading()),
        flag: strings(&mut table, "flag", reading),
        format: table
            .choice("format", FORMATS, &mut reading.problems)
            .unwrap_or(ReportFormat::DepfileRaw),
        on_failure: table
            .choice("on-failure", ON_FAILURE, &mut reading.problems)
            .unwrap_or(OnFailure::Never),
        omits: gaps(&mut table, "omits", reading),
        misnames: gaps(&mut table, "misnames", reading),
    };
    for key in ["flag", "format"] {
        if !table.has(key) {
            reading.required(&mut table, key);
        }
    }
    table.finish(&mut reading.problems);
    report
}

fn gaps(table: &mut Section<'_>, key: &'static str, reading: &mut Reading<'_>) -> Vec<ReportGap> {
    let mut gaps = Vec::new();
    for mut row in table.tables(key, &mut reading.problems) {
        let what = row.choice("what", Reported::NAMES, &mut reading.problems);
        row.require("what");
        let why = row.filled_string("why", &mut reading.problems);
        if what.is_none() && !row.has("what") {
            reading.required(&mut row, "what");
        }
        gaps.extend(what.map(|what| ReportGap {
            what,
            why: why.map(|why| why.value),
        }));
        row.finish(&mut reading.problems);
    }
    gaps
}
