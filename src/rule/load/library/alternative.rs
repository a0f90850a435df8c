//! One way to have a library: its source, and what goes with it.

use super::{confine, value};
use crate::document::{Section, Spanned};
use crate::rule::definition::{Definition, Definitions};
use crate::rule::load::Reading;
use crate::rule::schema::*;
use crate::rule::version::VersionRange;
use std::ops::Range;

/// Where the library comes from: one of them.
const SOURCES: &[&str] = &["pkg-config", "system", "path", "framework", "sources"];

/// Keys that go with some sources only.
const GOES_WITH: &[(&str, &[&str])] = &[
    ("version", &["pkg-config"]),
    ("static", &["pkg-config"]),
    ("kind", &["sources"]),
    ("flags", &["sources"]),
    ("config-header", &["sources"]),
    ("prefer", &["pkg-config", "system"]),
    ("whole-archive", &["system", "path", "sources"]),
    ("group", &["pkg-config", "system", "path"]),
];

/// Keys that go with every source.
const COMMON: &[&str] = &["when", "include", "defines"];

const OS: &[&str] = &["linux", "macos", "windows", "freebsd", "netbsd", "openbsd"];

const ARCH: &[&str] = &[
    "x86_64",
    "aarch64",
    "x86",
    "arm",
    "riscv64",
    "ppc64le",
    "s390x",
    "loongarch64",
];

const PROFILES: &[(&str, &str)] = &[("dev", "dev"), ("release", "release")];

/// The keys of an alternative that a table has, and where.
pub fn given_keys(section: &mut Section<'_>) -> Vec<(&'static str, Range<usize>)> {
    let with = GOES_WITH.iter().map(|(key, _)| key);
    let keys = SOURCES.iter().chain(with).chain(COMMON);
    // Whether it is there is asked first, since a question notes what a key holds.
    let given: Vec<&'static str> = keys.copied().filter(|key| section.has(key)).collect();
    let spans = given
        .into_iter()
        .filter_map(|key| Some((key, section.span_of(key)?)));
    spans.collect()
}

/// The alternative that a table is; `None` where it has no source, which is reported if it must have one.
pub fn alternative(
    section: &mut Section<'_>,
    must: bool,
    reading: &mut Reading<'_>,
) -> Option<Alternative> {
    let given: Vec<&'static str> = SOURCES
        .iter()
        .copied()
        .filter(|key| section.has(key))
        .collect();
    check_together(section, &given, reading);
    if given.is_empty() && must {
        let message = format!(
            "{} says nowhere where the library comes from",
            section.name()
        );
        let help = "give one of `pkg-config`, `system`, `path`, `framework` and `sources`";
        reading
            .problems
            .add_with_help("config-missing", section.heading(), message, help);
    }
    let place = reading.place(&section.heading());
    let mut key_place = |key: &'static str| {
        let span = section.has(key).then(|| section.span_of(key)).flatten();
        span.map(|span| reading.place(&span))
    };
    let key_places = KeyPlaces {
        prefer: key_place("prefer"),
        whole_archive: key_place("whole-archive"),
        group: key_place("group"),
    };
    let source_place = given.first().and_then(|key| key_place(key));
    let when = section
        .table("when", &mut reading.problems)
        .map(|table| condition(table, reading));
    let source = source(section, &given, reading);
    const FLAVORS: &[(&str, Flavor)] = &[("static", Flavor::Static), ("shared", Flavor::Shared)];
    let include = paths(
        section.one_or_several("include", &mut reading.problems),
        reading,
    );
    let defines = defines(section, reading);
    let prefer = section.choice("prefer", FLAVORS, &mut reading.problems);
    let whole_archive = section.boolean("whole-archive", &mut reading.problems);
    let group = section.boolean("group", &mut reading.problems);
    let mut source = source?;
    if let Source::Sources(built) = &mut source {
        built.include.clone_from(&include);
        built.defines.clone_from(&defines);
    }
    Some(Alternative {
        source_place: source_place.unwrap_or_else(|| place.clone()),
        place,
        when: when.unwrap_or_default(),
        source,
        include,
        defines,
        prefer,
        whole_archive: whole_archive.unwrap_or(false),
        group: group.unwrap_or(false),
        key_places,
    })
}

/// Reports two sources in one, and keys that do not go with the source.
fn check_together(section: &mut Section<'_>, given: &[&'static str], reading: &mut Reading<'_>) {
    if let [first, others @ ..] = given {
        for other in others {
            let span = section.span_of(other).unwrap_or_default();
            let message = format!("one alternative cannot have both `{first}` and `{other}`");
            let help = "write one [[alternative]] for each: they are tried in order";
            reading
                .problems
                .add_with_help("config-impossible", span, message, help);
        }
    }
    for (key, sources) in GOES_WITH {
        let fits = given.is_empty() || given.iter().any(|given| sources.contains(given));
        if fits || !section.has(key) {
            continue;
        }
        let span = section.span_of(key).unwrap_or_default();
        let with: Vec<String> = sources.iter().map(|source| format!("`{source}`")).collect();
        let message = format!("`{key}` means something only with {}", with.join(" or "));
        reading.problems.add("config-impossible", span, message);
    }
}

fn condition(mut table: Section<'_>, reading: &mut Reading<'_>) -> Condition {
    let mut words = |key: &'static str, known: &[&'static str], reading: &mut Reading<'_>| {
        let choices: Vec<(&'static str, &'static str)> =
            known.iter().map(|word| (*word, *word)).collect();
        let words = table.several(key, &choices, &mut reading.problems);
        words.into_iter().map(str::to_owned).collect()
    };
    let os = words("os", OS, reading);
    let arch = words("arch", ARCH, reading);
    let profile = table.several("profile", PROFILES, &mut reading.problems);
    let options = table.table("option", &mut reading.problems);
    let options = options.map(|table| table.pairs(&mut reading.problems));
    let option = options
        .unwrap_or_default()
        .into_iter()
        .map(|(name, value)| {
            reading.options_used.push(name.clone());
            let place = reading.place(&name.span);
            let name = name.value;
            (Named { name, place }, value.value)
        });
    let condition = Condition {
        os,
        arch,
        option: option.collect(),
        profile: profile.into_iter().map(str::to_owned).collect(),
    };
    table.finish(&mut reading.problems);
    condition
}

/// The source. All keys are asked for, whichever is given, so that none is unknown.
fn source(
    section: &mut Section<'_>,
    given: &[&'static str],
    reading: &mut Reading<'_>,
) -> Option<Source> {
    let package = section.filled_string("pkg-config", &mut reading.problems);
    let version = section.filled_string("version", &mut reading.problems);
    let statically = section.boolean("static", &mut reading.problems);
    let system = section.one_or_several("system", &mut reading.problems);
    let path = section.one_or_several("path", &mut reading.problems);
    let framework = section.filled_string("framework", &mut reading.problems);
    let built = built(section, reading);
    let mut name = |name: Spanned<String>| match value::name_problem(&name.value) {
        None => Some(name.value),
        Some(problem) => {
            reading.problems.add("config-value", name.span, problem);
            None
        }
    };
    Some(match *given.first()? {
        "pkg-config" => {
            let package = name(package?)?;
            let version = version.and_then(|version| {
                let made = reading.made(vec![version], VersionRange::new);
                made.into_iter().next()
            });
            Source::PkgConfig {
                package,
                version,
                statically: statically.unwrap_or(false),
            }
        }
        "system" => Source::System(system.into_iter().filter_map(name).collect()),
        "path" => Source::Paths(paths(path, reading)),
        "framework" => Source::Framework(name(framework?)?),
        _ => Source::Sources(built),
    })
}

fn built(section: &mut Section<'_>, reading: &mut Reading<'_>) -> BuiltLibrary {
    const KINDS: &[(&str, BuiltKind)] =
        &[("static", BuiltKind::Static), ("shared", BuiltKind::Shared)];
    let sources = section.one_or_several("sources", &mut reading.problems);
    let kind = section.choice("kind", KINDS, &mut reading.problems);
    let flags = section.strings("flags", &mut reading.problems);
    confine::flags(&flags, reading);
    let header = section.table("config-header", &mut reading.problems);
    let config_header = header.and_then(|mut table| {
        let path = table.filled_string("path", &mut reading.problems);
        if path.is_none() && !table.has("path") {
            reading.required(&mut table, "path");
        }
        table.require("path");
        let defines = defines(&mut table, reading);
        table.finish(&mut reading.problems);
        let path = path?;
        let inside = crate::document::normalise(path.value.as_str().into());
        if inside.is_absolute() || inside.starts_with("..") {
            let message =
                "the header is made in a folder of its own: name it as sources include it";
            reading.problems.add("config-value", path.span, message);
            return None;
        }
        Some(ConfigHeader {
            path: inside,
            defines,
        })
    });
    BuiltLibrary {
        kind: kind.unwrap_or(BuiltKind::Static),
        sources: paths(sources, reading),
        include: Vec::new(),
        defines: Definitions::new(),
        flags: flags.into_iter().map(|flag| flag.value).collect(),
        config_header,
    }
}

fn paths(texts: Vec<Spanned<String>>, reading: &mut Reading<'_>) -> Vec<camino::Utf8PathBuf> {
    texts
        .iter()
        .filter_map(|text| value::path(text, reading))
        .collect()
}

fn defines(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Definitions {
    let Some(table) = section.table("defines", &mut reading.problems) else {
        return Definitions::new();
    };
    let mut defines = Definitions::new();
    for (name, definition) in Definition::read(table, &mut reading.problems) {
        let Spanned { value, span } = definition;
        if let Some(problem) = value::macro_problem(&name.value) {
            reading.problems.add("config-value", name.span, problem);
        } else if matches!(&value, Definition::Text(text) if text.contains(['\n', '\0'])) {
            let problem = "a definition is one line";
            reading.problems.add("config-value", span, problem);
        } else {
            defines.insert(name.value, value);
        }
    }
    defines
}
