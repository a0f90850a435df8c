//! What the shipped rules say of command lines, and what is said of rule files that are wrong.

use super::{Claim, Line, Program, RuleId, Rules, VariableRole};
use crate::error::{Error, ErrorKind};

fn shipped() -> Rules {
    Rules::shipped().expect("the shipped rules are right")
}

#[test]
fn the_samples_of_the_shipped_rules_hold() {
    let mut rules = Rules::shipped().unwrap_or_else(|error| panic!("{error}: {:#?}", error.places));
    let mut problems = Vec::new();
    for (file, text) in Rules::shipped_files() {
        let (same, count, failures) = rules
            .check(file, text)
            .unwrap_or_else(|error| panic!("{error}: {:#?}", error.places));
        rules = same;
        if count < 5 && *file != "rules/environments.toml" {
            problems.push(format!("{file} has {count} tests only"));
        }
        problems.extend(failures.iter().map(|failure| {
            format!(
                "{}: {}\n  {} is {:?}\n  expected {:?}",
                failure.place, failure.command, failure.what, failure.found, failure.expected
            )
        }));
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn a_rule_knows_where_it_is_written() {
    let rules = shipped();
    for id in rules.ids() {
        let place = rules.place(&id).expect("a rule has a place");
        let (_, text) = Rules::shipped_files()
            .iter()
            .find(|(file, _)| *file == &*place.file)
            .expect("it is a shipped file");
        let line = text.lines().nth(place.line - 1);
        assert_eq!(line, Some(format!("[{id}]").as_str()), "{place}");
        assert!(matches!(&id, RuleId::Linker(_) | RuleId::Driver(_)));
    }
}

/// Each problem as `code line: message [help]`.
fn problems(text: &str) -> Vec<String> {
    let error: Error = shipped()
        .with("my.toml", text)
        .map(|_| ())
        .expect_err("these rules are wrong");
    assert_eq!(error.kind, ErrorKind::Configuration);
    let describe = |place: &crate::frontend::Diagnostic| {
        assert_eq!(place.path, "my.toml");
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        let line = text[..start].matches('\n').count() + 1;
        let written = text[start..end].replace('\n', "⏎");
        let help = place.help.as_ref().map(|help| format!(" [{help}]"));
        let (code, message) = (&place.code, &place.message);
        format!(
            "{code} {line} `{written}`: {message}{}",
            help.unwrap_or_default()
        )
    };
    error.places.iter().map(describe).collect()
}

/// The least that a linker's rule must say.
const LEAST: &str = r#"
[linker.mine]
title = "mine"
default-output = "a.out"
[linker.mine.recognise]
names = ["mine"]
[linker.mine.response]
nested = true
[linker.mine.search]
order = "by-directory"
"#;

#[test]
fn all_problems_of_a_file_are_found_in_one_run() {
    let text = format!(
        "{LEAST}states = \"in-order\"\nexact = \"yes\"\nbefore = [\"here\"]\n\
         [linker.mine.variables]\nX = {{ role = \"valeu\", why = \"w\" }}\nY = 1\n\
         [[linker.mine.option]]\nforms = [\"-a {{}} b\"]\ndoes = \"side-output\"\n\
         [[linker.mine.volatile]]\npath = \"a**\"\nwhy = \"w\"\n"
    );
    assert_eq!(
        problems(&text),
        [
            "config-unknown-key 11 `states`: unknown key `states` in [linker.mine.search] [did you mean `state`?]",
            "config-type 12 `\"yes\"`: `exact` must be `true` or `false`",
            "config-value 13 `\"here\"`: a place is a path that begins with `/` or `=`, a `$VARIABLE`, `command-line`, \
             `working-directory`, `script`, `needed-search`, `runpath`, `loader-configuration`, `built-in` or `toolchain`",
            "config-value 15 `\"valeu\"`: `role` knows no \"valeu\" [did you mean \"value\"?]",
            "config-type 16 `1`: `Y` must be a table, [linker.mine.variables.Y]",
            "config-missing 17 `[[linker.mine.option]]`: an option that does \"side-output\" needs `side-output`, which says where",
            "config-value 18 `\"-a {} b\"`: after a space only `{}` may follow: the next argument",
            "config-value 21 `\"a**\"`: `**` means nothing here: `*` crosses slashes too",
        ]
    );
}

#[test]
fn a_form_belongs_to_one_option() {
    let option = "[[linker.mine.option]]\nforms = [\"-a\", \"-b {}\"]\ndoes = \"flag\"\n";
    let other = option.replace("-b {}", "-b{}");
    assert_eq!(
        problems(&format!("{LEAST}{option}{other}")),
        ["config-duplicate 15 `\"-a\"`: there are two options with the form \"-a\""]
    );
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(
        problems("[linker.mine]\nstyle = \"gnu\"\n"),
        [
            "config-missing 1 `mine`: `title` is missing from [linker.mine]",
            "config-missing 1 `mine`: `recognise` is missing from [linker.mine]",
            "config-missing 1 `mine`: `default-output` is missing from [linker.mine]",
            "config-missing 1 `mine`: `response` is missing from [linker.mine]",
            "config-missing 1 `mine`: `search` is missing from [linker.mine]",
        ]
    );
    assert_eq!(
        problems("[[test]]\ncommand = \"ld\"\n"),
        ["config-missing 1 `[[test]]`: a test that expects nothing proves nothing"]
    );
}

#[test]
fn names_of_other_rules_must_exist() {
    let text = LEAST.replace("title", "environment = [\"basic\"]\ntitle");
    assert_eq!(
        problems(&text),
        [
            "config-value 3 `\"basic\"`: there is no environment \"basic\" [did you mean \"basics\"?]"
        ]
    );
}

#[test]
fn an_entry_cannot_be_written_twice_in_one_file() {
    let found = problems(&format!("{LEAST}{LEAST}"));
    assert!(found[0].starts_with("config-duplicate 12 "), "{found:?}");
}

#[test]
fn a_later_file_replaces_whole_entries_and_no_others() {
    let before = shipped();
    let text = LEAST.replace("linker.mine", "linker.mold");
    let after = shipped().with("my.toml", &text).expect("these are right");
    for id in before.ids() {
        let same = before.digest(&id) == after.digest(&id);
        // The drivers know the variables of every linker that may stand behind them.
        let touched = matches!(
            id.to_string().as_str(),
            "linker.mold" | "driver.gcc" | "driver.clang"
        );
        assert_eq!(same, !touched, "{id}");
    }
    let mold = RuleId::Linker("mold".to_owned());
    let place = after.place(&mold).expect("it is there");
    assert_eq!(place.to_string(), "my.toml:2");
    assert!(after.environment(&mold).variables.is_empty());
}

#[test]
fn the_place_and_the_comments_of_a_rule_do_not_reach_its_digest() {
    let id = RuleId::Linker("mine".to_owned());
    let digest = |text: &str| {
        let rules = shipped().with("my.toml", text).expect("these are right");
        rules.digest(&id)
    };
    let plain = digest(LEAST);
    assert_eq!(plain, digest(&format!("# more\n\n{LEAST}")));
    assert_ne!(
        plain,
        digest(&LEAST.replace("nested = true", "nested = false"))
    );
}

/// Every variable that was seen to be read by a linker or driver for ELF, Mach-O or COFF.
const READ: &str = "PATH LIBRARY_PATH LPATH COMPILER_PATH GCC_EXEC_PREFIX BINUTILS_ROOT LD_RUN_PATH LD_LIBRARY_PATH \
    LDEMULATION GNUTARGET LLD_VERSION ELF_PACKAGE_METADATA LLD_REPRODUCE LLVM_OVERRIDE_PRODUCER MOLD_DEBUG MOLD_REPRO \
    WILD_SAVE_DIR WILD_WRITE_LAYOUT WILD_WRITE_TRACE WILD_REFERENCE_LINKER WILD_VALIDATE_OUTPUT LIB LINK _LINK_ \
    VCToolsInstallDir VCINSTALLDIR SOURCE_DATE_EPOCH SDKROOT MACOSX_DEPLOYMENT_TARGET ZERO_AR_DATE \
    RC_TRACE_DYLIB_SEARCHING LD_DYLIB_CPU_SUBTYPES_MUST_MATCH CCC_OVERRIDE_OPTIONS CLANG_NO_DEFAULT_CONFIG CL _CL_ \
    GCC_COMPARE_DEBUG GCC_EXTRA_DIAGNOSTIC_OUTPUT COLLECT_NO_DEMANGLE LIBCTF_DEBUG TERM NO_COLOR TMPDIR TMP TEMP \
    MAKEFLAGS PWD LANG LC_ALL DEPENDENCIES_OUTPUT SUNPRO_DEPENDENCIES CPATH LDFLAGS LD LD_OPTIONS OFFLOAD_TARGET_NAMES \
    COLLECT_LTO_WRAPPER LD_PRELOAD LD_AUDIT GLIBC_TUNABLES";

#[test]
fn every_variable_that_tools_read_has_a_role() {
    let rules = shipped();
    let environments: Vec<_> = rules.ids().map(|id| rules.environment(&id)).collect();
    for name in READ.split_whitespace() {
        let known = environments
            .iter()
            .any(|environment| environment.variables.contains_key(name));
        assert!(known, "{name} has no role");
    }
    let gcc = rules.environment(&RuleId::Driver("gcc".to_owned()));
    let role = |name: &str| gcc.variables.get(name).map(|variable| variable.role);
    // What the linker behind it reads.
    assert_eq!(role("LD_RUN_PATH"), Some(VariableRole::Value));
    assert_eq!(role("LLD_REPRODUCE"), Some(VariableRole::Forbids));
    // What it sets itself for its children, though a linker alone would be given it.
    assert_eq!(role("COLLECT_LTO_WRAPPER"), Some(VariableRole::Withheld));
    assert!(gcc.given().all(|(name, _)| name != "COLLECT_LTO_WRAPPER"));
    assert!(gcc.recorded().all(|(name, _)| name != "HOME"));
    assert!(gcc.given().any(|(name, _)| name == "HOME"));
}

#[test]
fn a_name_is_a_claim_and_a_version_is_evidence() {
    let rules = shipped();
    let claim = |called: &str, real: &str| {
        rules.claim(&Program {
            called,
            real,
            args: &[],
        })
    };
    let gcc = claim("cc", "x86_64-linux-gnu-gcc-12");
    assert!(matches!(&gcc, Claim::Rule { id, real: true } if id.name() == "gcc"));
    let lld = claim("ld.lld-19", "lld");
    assert!(matches!(&lld, Claim::Rule { id, real: false } if id.name() == "lld"));
    for open in ["ld", "real-ld", "x86_64-linux-gnu-ld", "cc", "c++"] {
        assert_eq!(claim(open, open), Claim::Open, "{open}");
    }
    for nothing in ["ldd", "old", "account", "lld", "make"] {
        assert_eq!(claim(nothing, nothing), Claim::Nothing, "{nothing}");
    }
    assert_eq!(claim("gcc", "ccache"), Claim::Other);
    let said = |claim: &Claim, line: &str| {
        let id = rules.said(claim, line);
        id.map_or(String::new(), |id| id.to_string())
    };
    assert_eq!(
        said(&lld, "LLD 19.1.7 (compatible with GNU linkers)"),
        "linker.lld"
    );
    assert_eq!(said(&lld, "GNU ld (GNU Binutils) 2.40"), "linker.bfd");
    assert_eq!(said(&gcc, "clang version 19.1.7"), "driver.clang");
    assert_eq!(said(&gcc, "acc 1.0"), "", "nobody knows what it is");
    assert_eq!(
        said(&Claim::Open, "mold 1.10.1 (compatible with GNU ld)"),
        "linker.mold"
    );
    // A rule that knows no version is content with any that is no other's.
    let text = LEAST
        .replace("linker.mine", "linker.plain")
        .replace("\"mine\"", "\"plain\"");
    let rules = shipped().with("my.toml", &text).expect("these are right");
    let plain = rules.claim(&Program {
        called: "plain",
        real: "plain",
        args: &[],
    });
    let said = |line: &str| rules.said(&plain, line).map(|id| id.to_string());
    assert_eq!(said("plain 1.0").as_deref(), Some("linker.plain"));
    assert_eq!(said("GNU ld 2.40").as_deref(), Some("linker.bfd"));
}

/// Numbers that are the same each time: xorshift, seeded.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap_or(0)
    }
}

#[test]
fn no_command_line_makes_it_panic() {
    let rules = shipped();
    let ids: Vec<RuleId> = rules.ids().collect();
    // Pieces of options, and what is apt to break them.
    let mut pieces: Vec<String> = [
        "-",
        "--",
        "/",
        "@",
        "=",
        ":",
        "",
        " ",
        ",",
        "\\",
        "\"",
        "'",
        "*",
        "?",
        "{}",
        "ü",
        "\u{0}",
        "a.o",
        "x",
        "uuid",
        "/tmp/rustcabcdef/",
        "/tmp/cc123456.res",
        "@r",
        "-o",
        "-Wl,",
        "-Xlinker",
        "/out:",
        "日本",
    ]
    .map(str::to_owned)
    .into();
    for id in &ids {
        let options = rules.tool(id).map_or(&[][..], |tool| &tool.options);
        let forms = options.iter().flat_map(|option| &option.forms);
        pieces.extend(forms.map(|form| form.name.clone()));
    }
    for seed in 1..=1000 {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
        let word = |numbers: &mut Numbers| -> String {
            let count = 1 + numbers.below(3);
            (0..count)
                .map(|_| pieces[numbers.below(pieces.len())].as_str())
                .collect()
        };
        let count = numbers.below(8);
        let args: Vec<String> = (0..count).map(|_| word(&mut numbers)).collect();
        let value = word(&mut numbers);
        let id = &ids[numbers.below(ids.len())];
        let mut response = |_: &str| {
            // A file that names itself and others, and bytes that are no text.
            let mut bytes = word(&mut numbers).into_bytes();
            bytes.extend([b' ', 0xff, b'@', b'r', b' ', b'@', b'r']);
            (numbers.below(4) > 0).then_some(bytes)
        };
        let mut line = Line {
            args: &args,
            variable: &|name| (name.len() % 2 == 0).then(|| value.clone()),
            response: &mut response,
        };
        let examined = rules.examine(id, &mut line);
        assert!(examined.key.len() >= args.len(), "seed {seed}: {args:?}");
        let program = Program {
            called: &value,
            real: args.first().map_or("", String::as_str),
            args: &args,
        };
        rules.recognise(&program, &mut || Some(value.clone()));
    }
}
