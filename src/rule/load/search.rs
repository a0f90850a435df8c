//! `[linker.NAME.search]`: where libraries and scripts are looked for.

use super::Reading;
use super::tool::strings;
use crate::document::Section;
use crate::rule::schema::*;

const OUTCOMES: &[(&str, Outcome)] = &[
    ("skipped", Outcome::Skipped),
    ("error", Outcome::Error),
    ("accepted", Outcome::Accepted),
    ("unknown", Outcome::Unknown),
];

pub(super) fn search(mut table: Section<'_>, reading: &mut Reading<'_>) -> Search {
    const ORDERS: &[(&str, Order)] = &[
        ("by-directory", Order::ByDirectory),
        ("by-kind", Order::ByKind),
        ("by-name", Order::ByName),
    ];
    const STATES: &[(&str, State)] = &[
        ("in-order", State::InOrder),
        ("in-order-static-whole", State::InOrderStaticWhole),
        ("last-first", State::LastFirst),
        ("none", State::None),
    ];
    let mut search = Search {
        candidates: Candidates {
            shared: strings(&mut table, "shared", reading),
            archive: strings(&mut table, "archive", reading),
        },
        exact: flag(&mut table, "exact", reading),
        exact_with_slash: flag(&mut table, "exact-with-slash", reading),
        before: directories(&mut table, "before", reading),
        defaults: directories(&mut table, "defaults", reading),
        drops_absent: flag(&mut table, "drops-absent", reading),
        lists: flag(&mut table, "lists", reading),
        cleans: flag(&mut table, "cleans", reading),
        extension: string(&mut table, "extension", reading),
        default_library_extension: string(&mut table, "default-library-extension", reading),
        ..Search::default()
    };
    let order = table.choice("order", ORDERS, &mut reading.problems);
    table.require("order");
    if let Some(order) = order {
        search.order = order;
    } else if !table.has("order") {
        reading.required(&mut table, "order");
    }
    if let Some(state) = table.choice("state", STATES, &mut reading.problems) {
        search.state = state;
    }
    if let Some(table) = table.table("prefixes", &mut reading.problems) {
        search.prefixes = prefixes(table, reading);
    }
    if let Some(table) = table.table("unsuitable", &mut reading.problems) {
        search.unsuitable = unsuitable(table, reading);
    }
    if let Some(table) = table.table("scripts", &mut reading.problems) {
        search.scripts = Some(scripts(table, reading));
    }
    if let Some(mut table) = table.table("needed", &mut reading.problems) {
        search.needed = Some(Needed {
            directories: directories(&mut table, "directories", reading),
            programs_only: flag(&mut table, "programs-only", reading),
        });
        table.finish(&mut reading.problems);
    }
    if let Some(mut table) = table.table("framework", &mut reading.problems) {
        search.framework = Some(Framework {
            candidates: strings(&mut table, "candidates", reading),
            defaults: directories(&mut table, "defaults", reading),
        });
        table.finish(&mut reading.problems);
    }
    table.finish(&mut reading.problems);
    search
}

fn flag(table: &mut Section<'_>, key: &'static str, reading: &mut Reading<'_>) -> bool {
    table.boolean(key, &mut reading.problems).unwrap_or(false)
}

fn string(table: &mut Section<'_>, key: &'static str, reading: &mut Reading<'_>) -> Option<String> {
    table
        .filled_string(key, &mut reading.problems)
        .map(|string| string.value)
}

fn outcome(table: &mut Section<'_>, key: &'static str, reading: &mut Reading<'_>) -> Outcome {
    table
        .choice(key, OUTCOMES, &mut reading.problems)
        .unwrap_or(Outcome::Unknown)
}

fn prefixes(mut table: Section<'_>, reading: &mut Reading<'_>) -> Prefixes {
    let prefixes = Prefixes {
        search: strings(&mut table, "search", reading),
        needs_slash: flag(&mut table, "needs-slash", reading),
        removed_without: flag(&mut table, "removed-without", reading),
        positional: flag(&mut table, "positional", reading),
        absolute_if_present: flag(&mut table, "absolute-if-present", reading),
        script_absolute: flag(&mut table, "script-absolute", reading),
        script_prefix: flag(&mut table, "script-prefix", reading),
    };
    table.finish(&mut reading.problems);
    prefixes
}

fn unsuitable(mut table: Section<'_>, reading: &mut Reading<'_>) -> Unsuitable {
    let unsuitable = Unsuitable {
        wrong_architecture: outcome(&mut table, "wrong-architecture", reading),
        dangling_link: outcome(&mut table, "dangling-link", reading),
        directory: outcome(&mut table, "directory", reading),
        unreadable: outcome(&mut table, "unreadable", reading),
        text: outcome(&mut table, "text", reading),
        empty: outcome(&mut table, "empty", reading),
    };
    table.finish(&mut reading.problems);
    unsuitable
}

fn scripts(mut table: Section<'_>, reading: &mut Reading<'_>) -> ScriptSearch {
    let scripts = ScriptSearch {
        input: directories(&mut table, "input", reading),
        library: directories(&mut table, "library", reading),
        include: directories(&mut table, "include", reading),
        option: directories(&mut table, "option", reading),
        search_dir: outcome(&mut table, "search-dir", reading),
        output_format: outcome(&mut table, "output-format", reading),
    };
    table.finish(&mut reading.problems);
    scripts
}

fn directories(
    table: &mut Section<'_>,
    key: &'static str,
    reading: &mut Reading<'_>,
) -> Vec<Directory> {
    let strings = table.strings(key, &mut reading.problems);
    reading.made(strings, |text| {
        Ok(match text {
            "command-line" => Directory::CommandLine,
            "working-directory" => Directory::Working,
            "script" => Directory::Script,
            "needed-search" => Directory::NeededSearch,
            "runpath" => Directory::Runpath,
            "loader-configuration" => Directory::LoaderConfiguration,
            "built-in" => Directory::BuiltIn,
            "toolchain" => Directory::Toolchain,
            path if path.starts_with(['/', '=']) => Directory::Path(path.to_owned()),
            other => match other.strip_prefix('$') {
                Some(name) => Directory::Variable(name.to_owned()),
                None => {
                    return Err(
                        "a place is a path that begins with `/` or `=`, a `$VARIABLE`, `command-line`, \
                         `working-directory`, `script`, `needed-search`, `runpath`, `loader-configuration`, \
                         `built-in` or `toolchain`",
                    );
                }
            },
        })
    })
}
