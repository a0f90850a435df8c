//! What a `[library.NAME]` may say, and what is said of one that is wrong.

use crate::rule::{Flavor, Rules, Source};

fn problems(text: &str) -> Vec<String> {
    let error = Rules::default().with("my.toml", text);
    let error = error.map(|_| ()).expect_err("these rules are wrong");
    let described = error.places.iter().map(|place| {
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        let line = text[..start].matches('\n').count() + 1;
        let help = place.help.as_ref().map(|help| format!(" [{help}]"));
        format!(
            "{} {line} `{}`: {}{}",
            place.code,
            &text[start..end],
            place.message,
            help.unwrap_or_default()
        )
    });
    described.collect()
}

#[test]
fn every_key_is_read() {
    let text = r#"
[library.full]
why = "because"
needs = ["m"]
link-after = ["z"]
install = { apt = "libfull-dev" }
functions.f = { symbol = "full_f" }

[[library.full.alternative]]
when = { os = "linux", arch = ["x86_64", "aarch64"], profile = "release", option = { full = "system" } }
pkg-config = "full"
version = ">=1, <2"
static = true
prefer = "static"

[[library.full.alternative]]
path = ["a.a", "./b.a"]
group = true
whole-archive = true
include = "include"
defines = { FULL = "1" }

[[library.full.alternative]]
sources = ["full/*.c"]
kind = "static"
flags = ["-O2"]
config-header = { path = "config.h", defines = { HAVE_X = "1" } }
"#;
    let rules = Rules::default()
        .with("sub/my.toml", text)
        .unwrap_or_else(|error| panic!("{:#?}", error.places));
    let rule = &rules.libraries["full"];
    assert_eq!(rule.place.to_string(), "sub/my.toml:2");
    assert_eq!(rule.needs[0].place.to_string(), "sub/my.toml:4");
    let [package, path, sources] = &rule.alternatives[..] else {
        panic!("{:#?}", rule.alternatives);
    };
    assert_eq!(package.prefer, Some(Flavor::Static));
    assert_eq!(package.when.option[0].1, "system");
    assert_eq!(package.source_place.to_string(), "sub/my.toml:11");
    assert_eq!(
        path.source,
        Source::Paths(vec!["sub/a.a".into(), "sub/b.a".into()])
    );
    assert!(path.group && path.whole_archive);
    assert_eq!(path.include, ["sub/include"]);
    let Source::Sources(built) = &sources.source else {
        panic!("{:?}", sources.source);
    };
    assert_eq!(built.sources, ["sub/full/*.c"]);
    assert!(built.config_header.is_some());
}

#[test]
fn impossible_combinations_are_refused() {
    assert_eq!(
        problems(
            "[library.a]\nsystem = \"a\"\npath = \"a.a\"\nversion = \">=1\"\nflags = [\"-O2\"]\n\
             [library.b]\npkg-config = \"b\"\nwhole-archive = true\nversion = \"1.2\"\n\
             [library.c]\nsystem = \"c\"\n[[library.c.alternative]]\nsystem = \"d\"\n\
             [library.d]\n[[library.d.alternative]]\nprefer = \"static\"\n\
             [library.e]\n"
        ),
        [
            "config-impossible 3 `path`: one alternative cannot have both `system` and `path` [write one [[alternative]] for each: they are tried in order]",
            "config-impossible 4 `version`: `version` means something only with `pkg-config`",
            "config-impossible 5 `flags`: `flags` means something only with `sources`",
            "config-impossible 8 `whole-archive`: `whole-archive` means something only with `system` or `path` or `sources`",
            "config-value 9 `\"1.2\"`: a version range is a list of comparisons such as \">=3.30, <4\", with >=, <=, >, <, = or !=",
            "config-impossible 11 `system`: `system` belongs to an alternative, and there are several here [move it into the [[alternative]] that it is for, or remove the alternatives]",
            "config-missing 15 `[[library.d.alternative]]`: [[library.d.alternative]] says nowhere where the library comes from [give one of `pkg-config`, `system`, `path`, `framework` and `sources`]",
            "config-missing 17 `e`: [library.e] says nowhere where the library comes from [give one of `pkg-config`, `system`, `path`, `framework` and `sources`]",
        ]
    );
}

#[test]
fn no_value_becomes_an_option() {
    assert_eq!(
        problems(
            "[library.a]\nsystem = \"-rpath\"\n[library.b]\npkg-config = \"--define-variable=x=y\"\n\
             [library.c]\npath = \"@args\"\n[library.d]\npath = \"-Wl,-plugin,x.so\"\n\
             [library.e]\nneeds = [\"-lz\", \"m\", \"m\"]\n[library.f]\nsystem = \"f\"\ndefines = { \"A=1 -DB\" = \"1\" }\n"
        ),
        [
            "config-value 2 `\"-rpath\"`: a name cannot begin with `-`: it would be taken for an option",
            "config-value 4 `\"--define-variable=x=y\"`: a name cannot begin with `-`: it would be taken for an option",
            "config-value 6 `\"@args\"`: a path cannot begin with `@`: it would be taken for an option [write \"./@args\"]",
            "config-value 8 `\"-Wl,-plugin,x.so\"`: a path cannot begin with `-`: it would be taken for an option [write \"./-Wl,-plugin,x.so\"]",
            "config-value 10 `\"-lz\"`: a name cannot begin with `-`: it would be taken for an option",
            "config-duplicate 10 `\"m\"`: \"m\" stands in `needs` twice",
            "config-value 13 `\"A=1 -DB\"`: a macro's name is made of letters, digits and `_`",
        ]
    );
    let rules = Rules::default().with("my.toml", "[library.a]\npath = \"./-a.a\"\n");
    let rules = rules.expect("this is a path");
    let source = &rules.libraries["a"].alternatives[0].source;
    assert_eq!(*source, Source::Paths(vec!["./-a.a".into()]));
}
