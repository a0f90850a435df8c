//! `[[linker.NAME.option]]`: the grammar of a command line, one option at a time.

use super::Reading;
use super::tool::{made_forms, patterns};
use crate::document::Section;
use crate::rule::schema::*;

pub(super) const HOLDS: &[(&str, Holds)] = &[
    ("output", Holds::Output),
    ("input", Holds::Input),
    ("directory", Holds::Directory),
    ("pattern", Holds::Pattern),
];

const DOES: &[(&str, Does)] = &[
    ("flag", Does::Flag),
    ("value", Does::Value),
    ("output", Does::Output),
    ("side-output", Does::SideOutput),
    ("input", Does::Input),
    ("text", Does::Text),
    ("script", Does::Script),
    ("file-list", Does::FileList),
    ("search", Does::Search),
    ("library", Does::Library),
    ("exact-library", Does::ExactLibrary),
    ("default-library", Does::DefaultLibrary),
    ("framework-search", Does::FrameworkSearch),
    ("framework", Does::Framework),
    ("sysroot", Does::Sysroot),
    ("needed-search", Does::NeededSearch),
    ("state", Does::State),
    ("shared-first", Does::SharedFirst),
    ("no-defaults", Does::NoDefaults),
    ("plugin", Does::Plugin),
    ("no-link", Does::NoLink),
    ("for-linker-list", Does::ForLinkerList),
    ("for-linker", Does::ForLinker),
    ("forwarded", Does::Forwarded),
    ("select", Does::Select),
    ("select-path", Does::SelectPath),
    ("programs", Does::Programs),
    ("target", Does::Target),
];

pub(super) fn option(
    mut table: Section<'_>,
    style: Style,
    reading: &mut Reading<'_>,
) -> OptionRule {
    let spelled = table.strings("forms", &mut reading.problems);
    reading.unique(&spelled);
    let forms = made_forms(spelled, style, reading);
    if !table.has("forms") {
        reading.required(&mut table, "forms");
    }
    let does = table.choice("does", DOES, &mut reading.problems);
    if !table.has("does") {
        reading.required(&mut table, "does");
    }
    let side_output = table
        .table("side-output", &mut reading.problems)
        .map(|side| side_output(side, reading));
    let option = OptionRule {
        place: reading.place(&table.heading()),
        forms,
        does: does.unwrap_or(Does::Flag),
        side_output,
        set: string(&mut table, "set", reading),
        default_output: string(&mut table, "default-output", reading),
        declines: table
            .table("declines", &mut reading.problems)
            .map(|table| refusal(table, reading)),
        why: string(&mut table, "why", reading),
    };
    if option.does == Does::SideOutput && option.side_output.is_none() {
        let message = "an option that does \"side-output\" needs `side-output`, which says where";
        reading
            .problems
            .add("config-missing", table.heading(), message);
    }
    table.finish(&mut reading.problems);
    option
}

fn string(table: &mut Section<'_>, key: &'static str, reading: &mut Reading<'_>) -> Option<String> {
    table
        .filled_string(key, &mut reading.problems)
        .map(|string| string.value)
}

pub(super) fn side_output(mut table: Section<'_>, reading: &mut Reading<'_>) -> SideOutputRule {
    let side = SideOutputRule {
        kind: reading.required(&mut table, "kind"),
        path: reading.required(&mut table, "path"),
        holds: table
            .choice("holds", HOLDS, &mut reading.problems)
            .unwrap_or(Holds::Output),
        default: table
            .boolean("default", &mut reading.problems)
            .unwrap_or(false),
    };
    table.finish(&mut reading.problems);
    side
}

fn refusal(mut table: Section<'_>, reading: &mut Reading<'_>) -> Refusal {
    let refusal = Refusal {
        when: patterns(&mut table, "when", reading),
        why: reading.required(&mut table, "why"),
        remedy: reading.required(&mut table, "remedy"),
    };
    table.finish(&mut reading.problems);
    refusal
}
